// With checks that are as slow as a test wants: while they are held each waits for `go`.
#include "session/broker/users/credential_checks.h"

#include <pthread.h>
#include <semaphore.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "support.h"

#define ASKERS 4
#define THREADS 4u
#define ASKED_BY_EACH 100
#define CHECKED_MAX 2000
#define SHARE (CREDENTIAL_CHECKS_WAITING_MAX / 2) // of an address, if nobody else waits
#define MANY UINT64_C(1000)                       // numbers for fillers

struct place {
    struct credential_checks *checks;
    pthread_mutex_t lock;
    bool is_held;
    sem_t has_begun; // posted by each check
    sem_t go;
    sem_t is_ready; // posted with each answer
    char *checked[CHECKED_MAX];
    unsigned checked_count;
    int priority;
};

// Good are passwords that begin with "good".
static bool is_right(void *context, struct bytes user, struct bytes password) {
    struct place *place = context;
    pthread_mutex_lock(&place->lock);
    assert_true(place->checked_count < CHECKED_MAX);
    place->checked[place->checked_count++] = strndup((const char *)user.data, user.size);
    place->priority = getpriority(PRIO_PROCESS, (id_t)gettid());
    bool is_held = place->is_held;
    pthread_mutex_unlock(&place->lock);
    sem_post(&place->has_begun);
    if (is_held) {
        sem_wait(&place->go);
    }
    return bytes_starts_with(password, BYTES_LITERAL("good"));
}

static void on_ready(void *context) {
    struct place *place = context;
    sem_post(&place->is_ready);
}

static struct place *open_place(unsigned threads) {
    struct place *place = calloc(1, sizeof *place);
    assert_true(sodium_init() >= 0);
    pthread_mutex_init(&place->lock, NULL);
    sem_init(&place->has_begun, 0, 0);
    sem_init(&place->go, 0, 0);
    sem_init(&place->is_ready, 0, 0);
    place->checks =
        credential_checks_create(&(struct credential_checks_means){.is_right = is_right,
                                                                   .context = place,
                                                                   .ready = on_ready,
                                                                   .ready_context = place,
                                                                   .threads = threads});
    assert_non_null(place->checks);
    return place;
}

static int set_up(void **state) {
    *state = open_place(1);
    return 0;
}

static int set_up_many(void **state) {
    *state = open_place(THREADS);
    return 0;
}

static enum credentials_state ask_as(struct place *place, uint64_t number, uint64_t address,
                                     const char *user, const char *password) {
    struct credential_question question = {.door = CREDENTIAL_MQTT_DOOR,
                                           .who = &place->is_held,
                                           .number = number,
                                           .address = address,
                                           .user = bytes_of_text(user),
                                           .password = bytes_of_text(password)};
    return credential_checks_ask(place->checks, &question);
}

static void ask(struct place *place, uint64_t number, uint64_t address, const char *user) {
    assert_int_equal(ask_as(place, number, address, user, "bad"), CREDENTIALS_WAIT);
}

static struct credential_answer next_answer(struct place *place) {
    struct credential_answer answer;
    while (!credential_checks_take(place->checks, &answer)) {
        sem_wait(&place->is_ready);
    }
    return answer;
}

static void expect_answer(struct place *place, uint64_t number, enum credentials_state state) {
    struct credential_answer answer = next_answer(place);
    assert_int_equal(answer.number, number);
    assert_int_equal(answer.state, state);
    assert_int_equal(answer.door, CREDENTIAL_MQTT_DOOR);
    assert_ptr_equal(answer.who, &place->is_held);
}

// Its thread is in the check of "first" until let_go.
static void hold(struct place *place) {
    place->is_held = true; // no check runs
    ask(place, 1, 1, "first");
    sem_wait(&place->has_begun);
}

static void let_go(struct place *place) {
    pthread_mutex_lock(&place->lock);
    place->is_held = false;
    pthread_mutex_unlock(&place->lock);
    sem_post(&place->go);
}

static int tear_down(void **state) {
    struct place *place = *state;
    for (unsigned i = 0; i < THREADS; i++) { // a test that failed may have left them held
        let_go(place);
    }
    credential_checks_destroy(place->checks);
    for (unsigned i = 0; i < place->checked_count; i++) {
        free(place->checked[i]);
    }
    sem_destroy(&place->has_begun);
    sem_destroy(&place->go);
    sem_destroy(&place->is_ready);
    pthread_mutex_destroy(&place->lock);
    free(place);
    return 0;
}

static void fill(struct place *place, uint64_t address, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        ask(place, MANY * address + i, address, "filler");
    }
}

static void expect_checked(struct place *place, const char *const *users, unsigned count) {
    assert_int_equal(place->checked_count, count);
    for (unsigned i = 0; i < count; i++) {
        assert_string_equal(place->checked[i], users[i]);
    }
}

static void answers_come_in_the_order_of_questions(void **state) {
    struct place *place = *state;
    static const char *const passwords[] = {"good", "bad", "", "good2", "wood"};
    char user[8];
    assert_false(credential_checks_have_answers(place->checks));
    hold(place);
    for (unsigned i = 0; i < 5; i++) {
        (void)snprintf(user, sizeof user, "u%u", i);
        assert_int_equal(ask_as(place, 100 + i, 1, user, passwords[i]), CREDENTIALS_WAIT);
    }
    let_go(place);
    expect_answer(place, 1, CREDENTIALS_WRONG);
    for (unsigned i = 0; i < 5; i++) {
        expect_answer(place, 100 + i, i % 3 == 0 ? CREDENTIALS_GOOD : CREDENTIALS_WRONG);
    }
    assert_false(credential_checks_have_answers(place->checks));
}

static void credentials_are_copied_and_may_be_missing(void **state) {
    struct place *place = *state;
    char user[] = "me", password[] = "good";
    hold(place);
    assert_int_equal(ask_as(place, 2, 1, user, password), CREDENTIALS_WAIT);
    memset(user, '?', sizeof user - 1);
    memset(password, '?', sizeof password - 1);
    struct credential_question question = {.number = 3, .who = &place->is_held};
    assert_int_equal(credential_checks_ask(place->checks, &question), CREDENTIALS_WAIT);
    let_go(place);
    expect_answer(place, 1, CREDENTIALS_WRONG);
    expect_answer(place, 2, CREDENTIALS_GOOD);
    expect_answer(place, 3, CREDENTIALS_WRONG);
}

static void a_right_pair_is_known_at_once_beside_others_that_wait(void **state) {
    struct place *place = *state;
    assert_int_equal(ask_as(place, 7, 1, "me", "good"), CREDENTIALS_WAIT);
    expect_answer(place, 7, CREDENTIALS_GOOD);
    sem_wait(&place->has_begun);
    hold(place);
    fill(place, 1, SHARE);
    assert_int_equal(ask_as(place, 8, 1, "me", "good"), CREDENTIALS_GOOD);
    assert_int_equal(ask_as(place, 9, 1, "me", "gold"), CREDENTIALS_BUSY);
    assert_int_equal(ask_as(place, 9, 2, "me", "gold"), CREDENTIALS_WAIT);
    let_go(place);
}

static void a_wrong_pair_is_not_remembered(void **state) {
    struct place *place = *state;
    for (unsigned i = 0; i < 3; i++) {
        ask(place, i, 1, "me");
        expect_answer(place, i, CREDENTIALS_WRONG);
    }
    assert_int_equal(place->checked_count, 3);
}

// As when many devices with one password come back at once.
static void many_that_wait_with_one_pair_cost_one_check(void **state) {
    struct place *place = *state;
    hold(place);
    for (unsigned i = 0; i < 400; i++) {
        assert_int_equal(ask_as(place, 10 + i, 1, "shared", "good"), CREDENTIALS_WAIT);
    }
    let_go(place);
    expect_answer(place, 1, CREDENTIALS_WRONG);
    for (unsigned i = 0; i < 400; i++) {
        expect_answer(place, 10 + i, CREDENTIALS_GOOD);
    }
    assert_int_equal(place->checked_count, 2);
}

static void checks_of_who_is_gone_cost_nothing(void **state) {
    struct place *place = *state;
    hold(place);
    ask(place, 2, 1, "a");
    ask(place, 3, 1, "gone");
    ask(place, 4, 1, "b");
    ask(place, 5, 2, "gone");
    credential_checks_cancel(place->checks, CREDENTIAL_MQTT_DOOR, 3, 1);
    credential_checks_cancel(place->checks, CREDENTIAL_MQTT_DOOR, 5, 2);
    credential_checks_cancel(place->checks, CREDENTIAL_LINE_DOOR, 4, 1); // another's
    credential_checks_cancel(place->checks, CREDENTIAL_MQTT_DOOR, 1, 1); // too late
    credential_checks_cancel(place->checks, CREDENTIAL_MQTT_DOOR, 99, 1);
    ask(place, 6, 1, "c"); // behind one that was the last
    let_go(place);
    expect_answer(place, 1, CREDENTIALS_WRONG);
    expect_answer(place, 2, CREDENTIALS_WRONG);
    expect_answer(place, 4, CREDENTIALS_WRONG);
    expect_answer(place, 6, CREDENTIALS_WRONG);
    static const char *const users[] = {"first", "a", "b", "c"};
    expect_checked(place, users, 4);
}

static void who_is_gone_makes_room(void **state) {
    struct place *place = *state;
    hold(place);
    for (unsigned round = 0; round < 3; round++) {
        fill(place, 2, SHARE);
        assert_int_equal(ask_as(place, 9, 2, "me", "bad"), CREDENTIALS_BUSY);
        for (unsigned i = 0; i < SHARE; i++) {
            credential_checks_cancel(place->checks, CREDENTIAL_MQTT_DOOR, 2 * MANY + i, 2);
        }
    }
    let_go(place);
    expect_answer(place, 1, CREDENTIALS_WRONG);
    assert_int_equal(place->checked_count, 1);
}

static void addresses_take_turns(void **state) {
    struct place *place = *state;
    hold(place);
    for (unsigned i = 0; i < 4; i++) {
        ask(place, 10 + i, 2, "many");
    }
    ask(place, 20, 3, "one");
    ask(place, 30, 4, "two");
    ask(place, 31, 4, "two");
    let_go(place);
    for (unsigned i = 0; i < 8; i++) {
        (void)next_answer(place);
    }
    static const char *const users[] = {"first", "many", "one",  "two",
                                        "many",  "two",  "many", "many"};
    expect_checked(place, users, 8);
}

static void no_address_takes_all_the_room(void **state) {
    struct place *place = *state;
    hold(place);
    fill(place, 2, SHARE);
    assert_int_equal(ask_as(place, 9, 2, "me", "bad"), CREDENTIALS_BUSY);
    fill(place, 3, SHARE / 2);
    assert_int_equal(ask_as(place, 9, 3, "me", "bad"), CREDENTIALS_BUSY);
    unsigned waiting = SHARE + SHARE / 2;
    for (; waiting < CREDENTIAL_CHECKS_WAITING_MAX; waiting++) {
        ask(place, waiting, 10000 + waiting, "filler");
    }
    assert_int_equal(ask_as(place, 9, 4, "me", "bad"), CREDENTIALS_BUSY);
    let_go(place);
    for (unsigned i = 0; i <= CREDENTIAL_CHECKS_WAITING_MAX; i++) {
        (void)next_answer(place);
    }
    ask(place, 9, 4, "me");
    expect_answer(place, 9, CREDENTIALS_WRONG);
}

static void who_may_be_gone_comes_last(void **state) {
    struct place *place = *state;
    hold(place);
    ask(place, 2, 2, "half");
    credential_checks_postpone(place->checks, CREDENTIAL_MQTT_DOOR, 2, 2);
    credential_checks_postpone(place->checks, CREDENTIAL_MQTT_DOOR, 2, 2); // no harm
    ask(place, 3, 2, "gone");
    credential_checks_postpone(place->checks, CREDENTIAL_MQTT_DOOR, 3, 2);
    credential_checks_cancel(place->checks, CREDENTIAL_MQTT_DOOR, 3, 2);
    ask(place, 4, 3, "a");
    ask(place, 5, 3, "b");
    let_go(place);
    expect_answer(place, 1, CREDENTIALS_WRONG);
    expect_answer(place, 4, CREDENTIALS_WRONG);
    expect_answer(place, 5, CREDENTIALS_WRONG);
    expect_answer(place, 2, CREDENTIALS_WRONG);
    static const char *const users[] = {"first", "a", "b", "half"};
    expect_checked(place, users, 4);
}

static void who_may_be_gone_makes_room_for_who_is_there(void **state) {
    struct place *place = *state;
    hold(place);
    fill(place, 2, SHARE);
    for (unsigned i = 0; i < SHARE; i++) {
        credential_checks_postpone(place->checks, CREDENTIAL_MQTT_DOOR, 2 * MANY + i, 2);
    }
    for (unsigned i = 0; i < CREDENTIAL_CHECKS_WAITING_MAX; i++) {
        ask(place, 5 * MANY + i, i, "here");
    }
    assert_int_equal(ask_as(place, 9, 1, "me", "bad"), CREDENTIALS_BUSY);
    for (unsigned i = 0; i < SHARE; i++) {
        expect_answer(place, 2 * MANY + i, CREDENTIALS_BUSY);
    }
    assert_false(credential_checks_have_answers(place->checks));
    let_go(place);
}

static void checks_have_a_low_priority(void **state) {
    struct place *place = *state;
    ask(place, 1, 1, "me");
    expect_answer(place, 1, CREDENTIALS_WRONG);
    int own = getpriority(PRIO_PROCESS, 0);
    assert_true(place->priority > own || own >= 19);
}

static void several_are_checked_at_a_time(void **state) {
    struct place *place = *state;
    place->is_held = true;
    for (unsigned i = 0; i < THREADS; i++) {
        ask(place, i, 1, "me");
    }
    for (unsigned i = 0; i < THREADS; i++) {
        sem_wait(&place->has_begun); // or it waits for ever
    }
    for (unsigned i = 0; i < THREADS; i++) {
        sem_post(&place->go);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        (void)next_answer(place);
    }
}

static void *stop(void *context) {
    struct place *place = context;
    credential_checks_stop(place->checks);
    return NULL;
}

static void the_end_drops_what_waits(void **state) {
    struct place *place = *state;
    pthread_t thread;
    hold(place);
    fill(place, 2, SHARE);
    assert_int_equal(pthread_create(&thread, NULL, stop, place), 0);
    // Once it is to end nothing is taken any more.
    for (uint64_t i = 0; ask_as(place, 3 * MANY + i, 3, "me", "bad") == CREDENTIALS_WAIT; i++) {
        credential_checks_cancel(place->checks, CREDENTIAL_MQTT_DOOR, 3 * MANY + i, 3);
        sched_yield();
    }
    let_go(place);
    pthread_join(thread, NULL);
    assert_int_equal(place->checked_count, 1);
}

static void the_end_may_come_at_once(void **state) {
    struct place *place = *state;
    credential_checks_stop(place->checks);
    assert_int_equal(ask_as(place, 1, 1, "me", "good"), CREDENTIALS_BUSY);
    assert_int_equal(place->checked_count, 0);
}

static void *ask_many(void *context) {
    struct place *place = context;
    char user[8];
    for (unsigned i = 0; i < ASKED_BY_EACH; i++) {
        (void)snprintf(user, sizeof user, "u%u", i);
        if (ask_as(place, i % 2, i, user, i % 2 == 0 ? "bad" : "good") == CREDENTIALS_BUSY) {
            return place;
        }
        credential_checks_postpone(place->checks, CREDENTIAL_MQTT_DOOR, i % 2, i);
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
    for (unsigned wrong = 0; wrong < ASKERS * ASKED_BY_EACH / 2;) { // good ones may be known
        struct credential_answer answer = next_answer(place);
        assert_int_equal(answer.state, answer.number == 1 ? CREDENTIALS_GOOD : CREDENTIALS_WRONG);
        wrong += answer.number == 0;
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(answers_come_in_the_order_of_questions),
        TEST(credentials_are_copied_and_may_be_missing),
        TEST(a_right_pair_is_known_at_once_beside_others_that_wait),
        TEST(a_wrong_pair_is_not_remembered),
        TEST(many_that_wait_with_one_pair_cost_one_check),
        TEST(checks_of_who_is_gone_cost_nothing),
        TEST(who_is_gone_makes_room),
        TEST(addresses_take_turns),
        TEST(no_address_takes_all_the_room),
        TEST(who_may_be_gone_comes_last),
        TEST(who_may_be_gone_makes_room_for_who_is_there),
        TEST(checks_have_a_low_priority),
        TEST(the_end_drops_what_waits),
        TEST(the_end_may_come_at_once),
        cmocka_unit_test_setup_teardown(several_are_checked_at_a_time, set_up_many, tear_down),
        cmocka_unit_test_setup_teardown(many_threads_may_ask, set_up_many, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
