#include "support.h"

#include <pthread.h>
#include <semaphore.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "session/verdicts.h"

#define ANSWERS_MAX 2000
#define ASKERS 4
#define ASKED_BY_EACH 100

struct answer {
    struct mqtt_connection *connection;
    uint64_t number;
    bool is_good;
};

struct place {
    char *folder;
    struct passwords *passwords;
    struct verdicts *verdicts;
    pthread_mutex_t lock;
    struct answer answers[ANSWERS_MAX];
    unsigned count;
    bool is_held;     // each answer waits for `go`
    sem_t has_answer; // posted for each, before it waits
    sem_t go;
};

static void on_found(void *context, struct mqtt_connection *connection, uint64_t number,
                     bool is_good) {
    struct place *place = context;
    pthread_mutex_lock(&place->lock);
    assert_true(place->count < ANSWERS_MAX);
    place->answers[place->count++] = (struct answer){connection, number, is_good};
    bool is_held = place->is_held;
    pthread_mutex_unlock(&place->lock);
    sem_post(&place->has_answer);
    if (is_held) {
        sem_wait(&place->go);
    }
}

static void load_passwords(struct place *place) {
    char hash[crypto_pwhash_STRBYTES];
    char text[crypto_pwhash_STRBYTES + 64];
    assert_true(sodium_init() >= 0);
    assert_int_equal(crypto_pwhash_str(hash, "hashed", 6, crypto_pwhash_OPSLIMIT_MIN,
                                       crypto_pwhash_MEMLIMIT_MIN),
                     0);
    (void)snprintf(text, sizeof text, "me:secret\nnone:\nslow:%s\n", hash);
    char *path = support_path(place->folder, "passwords");
    support_write_file(path, bytes_of_text(text));
    place->passwords = passwords_load(path);
    assert_non_null(place->passwords);
    free(path);
}

static int set_up(void **state) {
    struct place *place = calloc(1, sizeof *place);
    place->folder = support_make_folder();
    load_passwords(place);
    pthread_mutex_init(&place->lock, NULL);
    sem_init(&place->has_answer, 0, 0);
    sem_init(&place->go, 0, 0);
    place->verdicts = verdicts_create(place->passwords, on_found, place);
    assert_non_null(place->verdicts);
    *state = place;
    return 0;
}

static int tear_down(void **state) {
    struct place *place = *state;
    if (place->verdicts != NULL) {
        verdicts_destroy(place->verdicts);
    }
    passwords_free(place->passwords);
    support_remove_folder(place->folder);
    sem_destroy(&place->has_answer);
    sem_destroy(&place->go);
    pthread_mutex_destroy(&place->lock);
    free(place);
    return 0;
}

static bool ask(struct place *place, uint64_t number, const char *user, const char *password) {
    struct mqtt_credentials credentials = {.connection = (struct mqtt_connection *)&place->count,
                                           .number = number,
                                           .user_name = bytes_of_text(user),
                                           .password = bytes_of_text(password)};
    return verdicts_ask(place->verdicts, &credentials);
}

static void await_answers(struct place *place, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        sem_wait(&place->has_answer);
    }
}

static void hold(struct place *place) {
    pthread_mutex_lock(&place->lock);
    place->is_held = true;
    pthread_mutex_unlock(&place->lock);
}

static void let_go(struct place *place) {
    pthread_mutex_lock(&place->lock);
    place->is_held = false;
    pthread_mutex_unlock(&place->lock);
    sem_post(&place->go);
}

static void answers_come_in_the_order_of_questions(void **state) {
    struct place *place = *state;
    static const struct {
        const char *user;
        const char *password;
        bool is_good;
    } cases[] = {
        {"me", "secret", true},    {"me", "Secret", false},  {"me", "", false},
        {"slow", "hashed", true},  {"slow", "other", false}, {"none", "", true},
        {"nobody", "any", false},  {"", "", false},          {"mes", "ecret", false},
        {"me:secret", "x", false},
    };
    const unsigned count = sizeof cases / sizeof *cases;
    for (unsigned i = 0; i < count; i++) {
        assert_true(ask(place, 100 + i, cases[i].user, cases[i].password));
    }
    await_answers(place, count);
    assert_int_equal(place->count, count);
    for (unsigned i = 0; i < count; i++) {
        assert_int_equal(place->answers[i].number, 100 + i);
        assert_int_equal(place->answers[i].is_good, cases[i].is_good);
        assert_ptr_equal(place->answers[i].connection, &place->count);
    }
}

static void credentials_are_copied(void **state) {
    struct place *place = *state;
    char user[] = "me", password[] = "secret";
    hold(place);
    assert_true(ask(place, 1, "me", "secret"));
    await_answers(place, 1);
    assert_true(ask(place, 2, user, password)); // it waits behind the first
    memset(user, '?', sizeof user - 1);
    memset(password, '?', sizeof password - 1);
    let_go(place);
    await_answers(place, 1);
    assert_true(place->answers[1].is_good);
}

static void credentials_may_be_missing(void **state) {
    struct place *place = *state;
    struct mqtt_credentials credentials = {.number = 9};
    assert_true(verdicts_ask(place->verdicts, &credentials));
    await_answers(place, 1);
    assert_int_equal(place->answers[0].number, 9);
    assert_false(place->answers[0].is_good);
}

static void too_many_may_not_wait(void **state) {
    struct place *place = *state;
    hold(place);
    assert_true(ask(place, 0, "me", "secret"));
    await_answers(place, 1); // this one waits no more: its check is over
    for (unsigned i = 1; i <= VERDICTS_WAITING_MAX; i++) {
        assert_true(ask(place, i, "me", "secret"));
    }
    assert_false(ask(place, 5000, "me", "secret"));
    let_go(place);
    await_answers(place, VERDICTS_WAITING_MAX);
    assert_true(ask(place, 6000, "me", "secret"));
    await_answers(place, 1);
    assert_int_equal(place->count, VERDICTS_WAITING_MAX + 2);
    assert_int_equal(place->answers[VERDICTS_WAITING_MAX].number, VERDICTS_WAITING_MAX);
    assert_int_equal(place->answers[VERDICTS_WAITING_MAX + 1].number, 6000);
}

static void *destroy(void *context) {
    struct place *place = context;
    verdicts_destroy(place->verdicts);
    return NULL;
}

static void the_end_drops_what_waits(void **state) {
    struct place *place = *state;
    pthread_t thread;
    hold(place);
    assert_true(ask(place, 0, "me", "secret"));
    await_answers(place, 1);
    for (unsigned i = 1; i <= 500; i++) {
        assert_true(ask(place, i, "slow", "hashed"));
    }
    assert_int_equal(pthread_create(&thread, NULL, destroy, place), 0);
    usleep(50000);
    let_go(place);
    pthread_join(thread, NULL);
    place->verdicts = NULL;
    assert_true(place->count < 501); // else it would have waited for 500 slow checks
}

static void the_end_may_come_at_once(void **state) {
    struct place *place = *state;
    verdicts_destroy(place->verdicts);
    place->verdicts = NULL;
    assert_int_equal(place->count, 0);
}

static void *ask_many(void *context) {
    struct place *place = context;
    for (unsigned i = 0; i < ASKED_BY_EACH; i++) {
        bool is_good = i % 2 == 0;
        if (!ask(place, is_good, "me", is_good ? "secret" : "wrong")) {
            return place;
        }
    }
    return NULL;
}

static void many_threads_may_ask(void **state) {
    struct place *place = *state;
    pthread_t threads[ASKERS];
    for (unsigned i = 0; i < ASKERS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, ask_many, place), 0);
    }
    for (unsigned i = 0; i < ASKERS; i++) {
        void *failed;
        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
    await_answers(place, ASKERS * ASKED_BY_EACH);
    assert_int_equal(place->count, ASKERS * ASKED_BY_EACH);
    for (unsigned i = 0; i < place->count; i++) {
        assert_int_equal(place->answers[i].is_good, place->answers[i].number);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(answers_come_in_the_order_of_questions),
        TEST(credentials_are_copied),
        TEST(credentials_may_be_missing),
        TEST(too_many_may_not_wait),
        TEST(the_end_drops_what_waits),
        TEST(the_end_may_come_at_once),
        TEST(many_threads_may_ask),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
