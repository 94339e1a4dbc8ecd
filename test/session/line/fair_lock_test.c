// A lock that excludes, and that one greedy thread does not keep from another.
#include "support.h"

#include <stdatomic.h>

#include "session/line/fair_lock.h"

struct shared {
    struct fair_lock lock;
    unsigned long count;   // under the lock
    atomic_bool is_inside; // the greedy one
    atomic_bool is_over;
    atomic_uint turns;    // of who is not greedy
    atomic_uint shut_out; // how often the greedy one was
    unsigned passed_over; // how often it came first all the same; under the lock
};

static void *count_up(void *argument) {
    struct shared *shared = argument;
    for (unsigned i = 0; i < 20000; i++) {
        fair_lock_take(&shared->lock);
        shared->count++;
        fair_lock_release(&shared->lock);
    }
    return NULL;
}

static void it_excludes(void **state) {
    (void)state;
    enum { THREADS = 4 };
    struct shared shared = {.count = 0};
    pthread_t threads[THREADS];
    fair_lock_init(&shared.lock);
    for (unsigned i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, count_up, &shared), 0);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    assert_int_equal(shared.count, THREADS * 20000);
    fair_lock_deinit(&shared.lock);
}

// Holds it nearly always. Whoever has waited too long has its turn before this one does.
static void *hoard(void *argument) {
    struct shared *shared = argument;
    while (!atomic_load(&shared->is_over)) {
        unsigned before = atomic_load(&shared->turns);
        bool is_shut = atomic_load(&shared->lock.is_shut);
        fair_lock_take(&shared->lock);
        atomic_store(&shared->is_inside, true);
        if (is_shut) {
            shared->passed_over += atomic_load(&shared->turns) == before;
            atomic_fetch_add(&shared->shut_out, 1);
        }
        for (unsigned i = 0; i < 2000000; i++) {
            atomic_signal_fence(memory_order_seq_cst); // takes its time
        }
        atomic_store(&shared->is_inside, false);
        fair_lock_release(&shared->lock);
    }
    return NULL;
}

static void who_takes_it_again_and_again_keeps_nobody_out(void **state) {
    (void)state;
    struct shared shared = {.count = 0};
    pthread_t thread;
    fair_lock_init(&shared.lock);
    assert_int_equal(pthread_create(&thread, NULL, hoard, &shared), 0);
    while (atomic_load(&shared.shut_out) == 0) { // it comes to that, sooner or later
        while (!atomic_load(&shared.is_inside)) {
        }
        fair_lock_take(&shared.lock);
        atomic_fetch_add(&shared.turns, 1);
        fair_lock_release(&shared.lock);
    }
    atomic_store(&shared.is_over, true);
    pthread_join(thread, NULL);
    assert_int_equal(shared.passed_over, 0);
    fair_lock_deinit(&shared.lock);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_excludes),
        cmocka_unit_test(who_takes_it_again_and_again_keeps_nobody_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
