// What is to happen next: all events that were made and have not happened, in their total order
// (sim/event.h).
//
// They stand in a timing wheel, whose size is chosen by how many nodes make events:
//
//   ready    the slot that is current, sorted once when it became so
//   heap     events that were made for the current slot after that
//   near     2^slots_bits slots of 2^slot_bits nanoseconds, unsorted, as chains of chunks
//   far      as many slots, each as wide as all near ones together, likewise
//   beyond   what lies beyond those waits in a heap of its own
//
// Few nodes have about as many near slots as there are nodes, 17 s in all, and chunks of one event:
// a slot then holds few events or none, and the heap the few that are under way. Many have 4,096
// slots of about a millisecond, some four seconds in all, and full chunks. Chunks come from a list
// of free ones: in the steady state nothing is allocated.
//
// Bounds: as many events as there is memory; the makers of events keep their number small.
#ifndef SIM_SCHEDULE_H
#define SIM_SCHEDULE_H

#include "base/memory.h"
#include "sim/event.h"

struct sim_heap {
    struct sim_event *items; // the first at 0, those behind it at 4i + 1 to 4i + 4
    uint32_t count;
    uint32_t capacity;
};

struct sim_chunk {
    struct sim_chunk *next;
    uint64_t count;
    struct sim_event events[]; // as many as the schedule's chunks have
};

// `slots` of both levels are found by the bits of the time. `slot` is the number of the current
// near one, counted from the beginning of time; all events of `ready` and `heap` are due before its
// end, all in `near` behind it and within its far slot, all in `far` behind that.
struct sim_schedule {
    struct memory *memory;
    uint8_t slot_bits;  // of nanoseconds
    uint8_t slots_bits; // of slots of a level
    uint16_t chunk_events;
    uint64_t count;
    struct sim_event last; // that happened: none may come before it
    struct sim_heap heap;
    struct sim_heap beyond;
    struct sim_event *ready;
    uint32_t ready_at;
    uint32_t ready_count;
    uint32_t ready_capacity;
    uint64_t slot;
    struct sim_chunk **near;
    struct sim_chunk **far;
    uint64_t near_count;
    uint64_t far_count;
    struct sim_chunk *free;
};

// `nodes`: how many make events, about.
void sim_schedule_init(struct sim_schedule *schedule, struct memory *memory, uint32_t nodes);
void sim_schedule_deinit(struct sim_schedule *schedule);

// Later than the last one that was taken.
void sim_schedule_add(struct sim_schedule *schedule, const struct sim_event *event);

// Takes the first event out, if it is due before `end`. False: none is.
bool sim_schedule_take(struct sim_schedule *schedule, uint64_t end, struct sim_event *event);

// When the first one is due; SIM_NEVER: there is none.
uint64_t sim_schedule_due(struct sim_schedule *schedule);

// Walks over all events and asserts that each stands where it belongs.
void sim_schedule_check(const struct sim_schedule *schedule);

#endif
