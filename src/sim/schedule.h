// What is to happen next: all events that were made and have not happened, in their total order
// (sim/event.h).
//
// Few events stand in a heap of four branches, which is the fastest that there is below some ten
// thousand. Many stand in a timing wheel:
//
//   ready    the slot that is current, sorted once when it became so
//   heap     events that were made for the current slot after that
//   near     SIM_SLOTS slots of about a millisecond, unsorted, as chains of chunks
//   far      SIM_SLOTS slots, each as wide as all near ones together, likewise
//   heap     what lies beyond those, some five hours ahead, waits in a heap of its own
//
// The schedule begins as a heap and becomes a wheel, once and for good, when it holds more than
// `heap_max`. Chunks come from a list of free ones: in the steady state nothing is allocated.
//
// Bounds: as many events as there is memory; the makers of events keep their number small.
#ifndef SIM_SCHEDULE_H
#define SIM_SCHEDULE_H

#include "base/memory.h"
#include "sim/event.h"

#define SIM_SLOT_BITS 20 // of nanoseconds: 1.05 ms
#define SIM_SLOTS_BITS 12
#define SIM_SLOTS (UINT32_C(1) << SIM_SLOTS_BITS)
#define SIM_HEAP_USUAL 20000u

struct sim_heap {
    struct sim_event *items; // the first at 0, those behind it at 4i + 1 to 4i + 4
    uint32_t count;
    uint32_t capacity;
};

#define SIM_CHUNK_EVENTS 15u

struct sim_chunk {
    struct sim_chunk *next;
    uint64_t count;
    struct sim_event events[SIM_CHUNK_EVENTS];
};

// `slots` of both levels are found by the bits of the time. `slot` is the number of the current
// near one, counted from the beginning of time; all events of `ready` and `heap` are due before its
// end, all in `near` behind it and within its far slot, all in `far` behind that.
struct sim_schedule {
    struct memory *memory;
    uint32_t heap_max;
    bool is_wheel;
    uint64_t count;
    struct sim_event last; // that happened: none may come before it
    struct sim_heap heap;
    struct sim_heap beyond;
    struct sim_event *ready;
    uint32_t ready_at;
    uint32_t ready_count;
    uint32_t ready_capacity;
    uint64_t slot;
    struct sim_chunk **near; // SIM_SLOTS; NULL: no wheel yet
    struct sim_chunk **far;
    uint64_t near_count;
    uint64_t far_count;
    struct sim_chunk *free;
};

// `heap_max`: SIM_HEAP_USUAL, or another for tests; 0: a wheel from the first event on.
void sim_schedule_init(struct sim_schedule *schedule, struct memory *memory, uint32_t heap_max);
void sim_schedule_deinit(struct sim_schedule *schedule);

// Later than the last one that was taken.
void sim_schedule_add(struct sim_schedule *schedule, const struct sim_event *event);

// Takes the first event out, if it is due before `end`. False: none is.
bool sim_schedule_take(struct sim_schedule *schedule, uint64_t end, struct sim_event *event);

// When the first one is due; SIM_NEVER: there is none.
uint64_t sim_schedule_due(struct sim_schedule *schedule);

// An event that will be taken soon, some `ahead` from now, to prefetch what it needs; NULL: not
// known.
static inline const struct sim_event *sim_schedule_ahead(const struct sim_schedule *schedule,
                                                         uint32_t ahead) {
    return schedule->ready_count - schedule->ready_at > ahead
               ? &schedule->ready[schedule->ready_at + ahead]
               : (const struct sim_event *)0;
}

// Walks over all events and asserts that each stands where it belongs.
void sim_schedule_check(const struct sim_schedule *schedule);

#endif
