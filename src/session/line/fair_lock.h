// A lock that nobody waits for long, whoever takes it again and again.
//
// A plain mutex goes to whoever is awake when it is released. A thread that releases it only to
// take it again, as one with a flood to handle does, wins nearly always against one that has to be
// woken first. Here a thread that has waited for FAIR_LOCK_PATIENCE_US shuts the others out until
// it has its turn. Without contention it costs what a mutex costs.
#ifndef SESSION_LINE_FAIR_LOCK_H
#define SESSION_LINE_FAIR_LOCK_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#define FAIR_LOCK_PATIENCE_US 300

struct fair_lock {
    pthread_mutex_t lock;
    pthread_mutex_t gate; // of those who wait: one at a time waits for `lock`
    atomic_bool is_shut;  // the one inside of the gate has waited too long
};

void fair_lock_init(struct fair_lock *lock);
void fair_lock_deinit(struct fair_lock *lock);
void fair_lock_take(struct fair_lock *lock);
void fair_lock_release(struct fair_lock *lock);

#endif
