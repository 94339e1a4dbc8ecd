// Deadlines of any span: a binary heap of timers that stand in the caller's records. Setting,
// moving and removing one costs O(log n); the earliest is at hand. Of timers due at the same time
// the order is that of their setting.
#ifndef BASE_TIMER_H
#define BASE_TIMER_H

#include "base/memory.h"

struct timer {
    uint64_t due;
    uint64_t sequence; // of the setting
    uint32_t place;    // in the heap, one above; 0: it is not set
    uint32_t kind;     // the caller's
};

struct timers {
    struct memory *memory;
    struct timer **heap;
    uint32_t count;
    uint32_t capacity;
    uint64_t sequence;
};

void timers_init(struct timers *timers, struct memory *memory);
void timers_deinit(struct timers *timers);

// Sets the timer, which may be set already.
void timers_set(struct timers *timers, struct timer *timer, uint64_t due);
void timers_remove(struct timers *timers, struct timer *timer);

// NULL if none is set.
struct timer *timers_first(const struct timers *timers);

#endif
