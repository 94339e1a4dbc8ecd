// Timers of any span, embedded in the caller's records: a heap of deadlines (base/heap.h) that
// knows whose each one is. Of timers due at the same time the order is that of their setting.
#ifndef BASE_TIMER_H
#define BASE_TIMER_H

#include "base/heap.h"

struct timer {
    uint64_t due;   // while it is set
    uint32_t place; // in the heap, one above; 0: it is not set
    uint32_t kind;  // the caller's
};

struct timers {
    struct heap heap;
    uint64_t sequence; // of the last setting
};

void timers_init(struct timers *timers, struct memory *memory);
void timers_deinit(struct timers *timers);

// Sets the timer, which may be set already.
void timers_set(struct timers *timers, struct timer *timer, uint64_t due);
void timers_remove(struct timers *timers, struct timer *timer);

// NULL if none is set.
struct timer *timers_first(const struct timers *timers);
// When that one is due; UINT64_MAX if none is set.
uint64_t timers_first_due(const struct timers *timers);

#endif
