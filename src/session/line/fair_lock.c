#include "session/line/fair_lock.h"

#include <time.h>

void fair_lock_init(struct fair_lock *lock) {
    pthread_mutex_init(&lock->lock, NULL);
    pthread_mutex_init(&lock->gate, NULL);
    atomic_init(&lock->is_shut, false);
}

void fair_lock_deinit(struct fair_lock *lock) {
    pthread_mutex_destroy(&lock->lock);
    pthread_mutex_destroy(&lock->gate);
}

// Whether it was had within the patience.
static bool wait_patiently(struct fair_lock *lock) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += FAIR_LOCK_PATIENCE_US * 1000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_nsec -= 1000000000;
        until.tv_sec++;
    }
    return pthread_mutex_timedlock(&lock->lock, &until) == 0;
}

static void wait_in_turn(struct fair_lock *lock) {
    pthread_mutex_lock(&lock->gate);
    if (!wait_patiently(lock)) {
        atomic_store(&lock->is_shut, true);
        pthread_mutex_lock(&lock->lock);
        atomic_store(&lock->is_shut, false);
    }
    pthread_mutex_unlock(&lock->gate);
}

void fair_lock_take(struct fair_lock *lock) {
    if (atomic_load(&lock->is_shut) || pthread_mutex_trylock(&lock->lock) != 0) {
        wait_in_turn(lock);
    }
}

void fair_lock_release(struct fair_lock *lock) {
    pthread_mutex_unlock(&lock->lock);
}
