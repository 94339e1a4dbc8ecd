#include "session/broker/users/credential_checks.h"

#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/assert.h"
#include "shell/clock.h"
#include "session/broker/users/credential_memory.h"

#define LOW_PRIORITY 10 // as nice(1) means it: so much below the loop

struct check {
    struct check *next;
    struct credential_answer answer;
    struct credential_digest digest;
    size_t user_bytes;
    size_t password_bytes;
    uint8_t texts[]; // user and password
};

struct check_list {
    struct check *first;
    struct check *last;
};

// The checks of one address. There is one as long as any wait.
struct turn {
    struct turn *next;
    uint64_t address;
    unsigned count;
    struct check_list checks;
};

// A check waits in the list of its address, or, postponed, in one list for all; then a thread has
// it; then it waits among the answers. `waiting` counts the first two kinds, which are bounded.
// Answers are bounded by the askers, each of whom waits for one.
//
// The turns are in the order in which they come; one that had its turn goes to the end. All but
// `means`, the key of `memory` and `has_answers` belong to whoever holds the lock. The threads hold
// it for moments only, and no other lock with it.
struct credential_checks {
    struct credential_checks_means means;
    struct credential_memory *memory;
    pthread_mutex_t lock;
    pthread_cond_t added;
    struct turn *first_turn;
    struct turn *last_turn;
    struct check_list postponed;
    struct check_list answers;
    atomic_bool has_answers;
    unsigned waiting;
    bool ends;
    unsigned thread_count;
    pthread_t threads[CREDENTIAL_CHECKS_THREADS_MAX];
};

// ---- lists ------------------------------------------------------------------------------------

static void append(struct check_list *list, struct check *check) {
    check->next = NULL;
    if (list->first == NULL) {
        list->first = check;
    } else {
        list->last->next = check;
    }
    list->last = check;
}

// NULL: it is empty.
static struct check *take_first(struct check_list *list) {
    struct check *check = list->first;
    if (check != NULL) {
        list->first = check->next;
    }
    return check;
}

// NULL: it is not among them.
static struct check *take_asked(struct check_list *list, enum credential_door door,
                                uint64_t number) {
    struct check *before = NULL;
    struct check *check = list->first;
    while (check != NULL && (check->answer.number != number || check->answer.door != door)) {
        before = check;
        check = check->next;
    }
    if (check == NULL) {
        return NULL;
    }
    if (before == NULL) {
        list->first = check->next;
    } else {
        before->next = check->next;
    }
    list->last = list->last == check ? before : list->last;
    return check;
}

static void wipe_texts(struct check *check) {
    sodium_memzero(check->texts, check->user_bytes + check->password_bytes);
}

static void free_check(struct check *check) {
    wipe_texts(check);
    free(check);
}

static void free_all(struct check_list *list) {
    for (struct check *check; (check = take_first(list)) != NULL;) {
        free_check(check);
    }
}

// ---- turns ------------------------------------------------------------------------------------

// NULL: none of its checks wait. *before: the turn in front of it.
static struct turn *find_turn(const struct credential_checks *checks, uint64_t address,
                              struct turn **before) {
    struct turn *turn = checks->first_turn;
    *before = NULL;
    while (turn != NULL && turn->address != address) {
        *before = turn;
        turn = turn->next;
    }
    return turn;
}

static void append_turn(struct credential_checks *checks, struct turn *turn) {
    turn->next = NULL;
    if (checks->first_turn == NULL) {
        checks->first_turn = turn;
    } else {
        ASSERT(checks->last_turn != NULL);
        checks->last_turn->next = turn;
    }
    checks->last_turn = turn;
}

static void unlink_turn(struct credential_checks *checks, struct turn *turn, struct turn *before) {
    if (before == NULL) {
        checks->first_turn = turn->next;
    } else {
        before->next = turn->next;
    }
    checks->last_turn = checks->last_turn == turn ? before : checks->last_turn;
}

// A check of it was taken; it goes when that was the last one.
static void count_out(struct credential_checks *checks, struct turn *turn, struct turn *before) {
    if (--turn->count == 0) {
        unlink_turn(checks, turn, before);
        free(turn);
    }
}

// Takes the check of the address whose turn it is. NULL: none waits.
static struct check *take_next(struct credential_checks *checks) {
    struct turn *turn = checks->first_turn;
    if (turn == NULL) {
        return take_first(&checks->postponed);
    }
    struct check *check = take_first(&turn->checks);
    unlink_turn(checks, turn, NULL);
    if (--turn->count == 0) {
        free(turn);
    } else {
        append_turn(checks, turn);
    }
    return check;
}

// ---- the threads ------------------------------------------------------------------------------

// NULL: it is to end.
static struct check *await_check(struct credential_checks *checks) {
    pthread_mutex_lock(&checks->lock);
    while (checks->waiting == 0 && !checks->ends) {
        pthread_cond_wait(&checks->added, &checks->lock);
    }
    struct check *check = checks->ends ? NULL : take_next(checks);
    checks->waiting -= check != NULL;
    pthread_mutex_unlock(&checks->lock);
    return check;
}

static void add_answer(struct credential_checks *checks, struct check *check,
                       enum credentials_state state) {
    wipe_texts(check);
    check->answer.state = state;
    append(&checks->answers, check);
    atomic_store_explicit(&checks->has_answers, true, memory_order_release);
}

// It may have been found right since it was asked: many may come with the same pair.
static bool is_known(struct credential_checks *checks, const struct credential_digest *digest) {
    pthread_mutex_lock(&checks->lock);
    bool is_known = credential_memory_knows(checks->memory, digest, clock_steady());
    pthread_mutex_unlock(&checks->lock);
    return is_known;
}

static bool is_right(struct credential_checks *checks, const struct check *check) {
    struct bytes user = bytes_make(check->texts, check->user_bytes);
    struct bytes password = bytes_make(check->texts + check->user_bytes, check->password_bytes);
    return is_known(checks, &check->digest) ||
           checks->means.is_right(checks->means.context, user, password);
}

static void answer(struct credential_checks *checks, struct check *check, bool is_good) {
    pthread_mutex_lock(&checks->lock);
    if (is_good) {
        credential_memory_add(checks->memory, &check->digest, clock_steady());
    }
    add_answer(checks, check, is_good ? CREDENTIALS_GOOD : CREDENTIALS_WRONG);
    pthread_mutex_unlock(&checks->lock);
    checks->means.ready(checks->means.ready_context);
}

static void *run(void *context) {
    struct credential_checks *checks = context;
    (void)!nice(LOW_PRIORITY); // on Linux that of this thread alone
    for (struct check *check; (check = await_check(checks)) != NULL;) {
        answer(checks, check, is_right(checks, check));
    }
    return NULL;
}

// ---- begin and end ----------------------------------------------------------------------------

static unsigned threads_wanted(const struct credential_checks_means *means) {
    long count = means->threads > 0 ? (long)means->threads : sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1                               ? 1
           : count > CREDENTIAL_CHECKS_THREADS_MAX ? CREDENTIAL_CHECKS_THREADS_MAX
                                                   : (unsigned)count;
}

struct credential_checks *credential_checks_create(const struct credential_checks_means *means) {
    struct credential_checks *checks = calloc(1, sizeof *checks);
    if (checks == NULL) {
        return NULL;
    }
    checks->means = *means;
    pthread_mutex_init(&checks->lock, NULL);
    pthread_cond_init(&checks->added, NULL);
    checks->memory = credential_memory_create();
    unsigned wanted = checks->memory == NULL ? 0 : threads_wanted(means);
    while (checks->thread_count < wanted &&
           pthread_create(&checks->threads[checks->thread_count], NULL, run, checks) == 0) {
        checks->thread_count++;
    }
    if (checks->thread_count == 0) {
        credential_checks_destroy(checks);
        return NULL;
    }
    return checks;
}

void credential_checks_stop(struct credential_checks *checks) {
    pthread_mutex_lock(&checks->lock);
    checks->ends = true;
    pthread_cond_broadcast(&checks->added);
    pthread_mutex_unlock(&checks->lock);
    for (unsigned i = 0; i < checks->thread_count; i++) {
        pthread_join(checks->threads[i], NULL);
    }
    checks->thread_count = 0;
}

void credential_checks_destroy(struct credential_checks *checks) {
    if (checks == NULL) {
        return;
    }
    credential_checks_stop(checks);
    for (struct check *check; (check = take_next(checks)) != NULL;) {
        free_check(check);
    }
    free_all(&checks->answers);
    credential_memory_destroy(checks->memory);
    pthread_cond_destroy(&checks->added);
    pthread_mutex_destroy(&checks->lock);
    free(checks);
}

// ---- asking -----------------------------------------------------------------------------------

static void copy_text(uint8_t *out, struct bytes text) {
    if (text.size > 0) {
        memcpy(out, text.data, text.size);
    }
}

static struct check *make_check(const struct credential_question *question,
                                const struct credential_digest *digest) {
    struct bytes user = question->user;
    struct bytes password = question->password;
    struct check *check = malloc(sizeof *check + user.size + password.size);
    if (check != NULL) {
        *check = (struct check){.answer = {.door = question->door,
                                           .who = question->who,
                                           .number = question->number,
                                           .address = question->address},
                                .digest = *digest,
                                .user_bytes = user.size,
                                .password_bytes = password.size};
        copy_text(check->texts, user);
        copy_text(check->texts + user.size, password);
    }
    return check;
}

// One whose peer may be gone makes room for one whose peer is there. False: there is none.
static bool displace_postponed(struct credential_checks *checks) {
    struct check *check = take_first(&checks->postponed);
    if (check != NULL) {
        checks->waiting--;
        add_answer(checks, check, CREDENTIALS_BUSY);
    }
    return check != NULL;
}

// The turn of the address, in which one more may wait. NULL: there is no room, or no memory.
static struct turn *turn_with_room(struct credential_checks *checks, uint64_t address) {
    struct turn *before;
    bool is_full = checks->waiting >= CREDENTIAL_CHECKS_WAITING_MAX;
    if (checks->ends || (is_full && !displace_postponed(checks))) {
        return NULL;
    }
    struct turn *turn = find_turn(checks, address, &before);
    if (turn == NULL) {
        turn = calloc(1, sizeof *turn);
        if (turn != NULL) {
            turn->address = address;
            append_turn(checks, turn);
        }
        return turn;
    }
    bool has_share = turn->count < CREDENTIAL_CHECKS_WAITING_MAX - checks->waiting;
    return has_share || displace_postponed(checks) ? turn : NULL;
}

static bool wait_for_turn(struct credential_checks *checks, struct check *check) {
    struct turn *turn = turn_with_room(checks, check->answer.address);
    if (turn == NULL) {
        return false;
    }
    append(&turn->checks, check);
    turn->count++;
    checks->waiting++;
    ASSERT(checks->waiting <= CREDENTIAL_CHECKS_WAITING_MAX);
    pthread_cond_signal(&checks->added);
    return true;
}

void credential_checks_forget(struct credential_checks *checks) {
    pthread_mutex_lock(&checks->lock);
    credential_memory_forget(checks->memory);
    pthread_mutex_unlock(&checks->lock);
}

enum credentials_state credential_checks_ask(struct credential_checks *checks,
                                             const struct credential_question *question) {
    struct credential_digest digest =
        credential_memory_digest(checks->memory, question->user, question->password);
    if (is_known(checks, &digest)) {
        return CREDENTIALS_GOOD;
    }
    struct check *check = make_check(question, &digest);
    if (check == NULL) {
        return CREDENTIALS_BUSY;
    }
    pthread_mutex_lock(&checks->lock);
    bool waits = wait_for_turn(checks, check);
    pthread_mutex_unlock(&checks->lock);
    if (!waits) {
        free_check(check);
    }
    if (credential_checks_have_answers(checks)) { // one may have been displaced
        checks->means.ready(checks->means.ready_context);
    }
    return waits ? CREDENTIALS_WAIT : CREDENTIALS_BUSY;
}

// NULL: it does not wait for a turn of its address.
static struct check *take_from_turn(struct credential_checks *checks, enum credential_door door,
                                    uint64_t number, uint64_t address) {
    struct turn *before;
    struct turn *turn = find_turn(checks, address, &before);
    struct check *check = turn == NULL ? NULL : take_asked(&turn->checks, door, number);
    if (check != NULL) {
        count_out(checks, turn, before);
    }
    return check;
}

void credential_checks_cancel(struct credential_checks *checks, enum credential_door door,
                              uint64_t number, uint64_t address) {
    pthread_mutex_lock(&checks->lock);
    struct check *check = take_from_turn(checks, door, number, address);
    check = check != NULL ? check : take_asked(&checks->postponed, door, number);
    checks->waiting -= check != NULL;
    pthread_mutex_unlock(&checks->lock);
    if (check != NULL) {
        free_check(check);
    }
}

void credential_checks_postpone(struct credential_checks *checks, enum credential_door door,
                                uint64_t number, uint64_t address) {
    pthread_mutex_lock(&checks->lock);
    struct check *check = take_from_turn(checks, door, number, address);
    if (check != NULL) {
        append(&checks->postponed, check);
    }
    pthread_mutex_unlock(&checks->lock);
}

// ---- answers ----------------------------------------------------------------------------------

bool credential_checks_have_answers(const struct credential_checks *checks) {
    return atomic_load_explicit(&checks->has_answers, memory_order_acquire);
}

bool credential_checks_take(struct credential_checks *checks, struct credential_answer *answer) {
    pthread_mutex_lock(&checks->lock);
    struct check *check = take_first(&checks->answers);
    atomic_store_explicit(&checks->has_answers, checks->answers.first != NULL,
                          memory_order_release);
    pthread_mutex_unlock(&checks->lock);
    if (check == NULL) {
        return false;
    }
    *answer = check->answer;
    free(check);
    return true;
}
