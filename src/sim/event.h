// An event: something that is to happen to a node of the simulated world at a moment of virtual
// time.
//
// Events have a total order: by time, then by the node that made them, then by the number that this
// node gave them. It depends on no address, no hash and no thread. A node makes events for later
// moments only, at least a nanosecond ahead, so an event never comes before one that has happened.
#ifndef SIM_EVENT_H
#define SIM_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#define SIM_NEVER UINT64_MAX

// A maker and its number in one word.
#define SIM_MAKER_BITS 24
#define SIM_NUMBER_BITS 40
#define SIM_NODES_MAX (UINT32_C(1) << SIM_MAKER_BITS)

struct sim_event {
    uint64_t time;     // nanoseconds of virtual time
    uint64_t order;    // sim_event_order
    uint64_t argument; // by kind: a stream, a line, ...
    uint32_t node;     // to whom it happens
    uint32_t kind;     // of the world's choice
};

static inline uint64_t sim_event_order(uint32_t maker, uint64_t number) {
    return (uint64_t)maker << SIM_NUMBER_BITS | number;
}

static inline bool sim_event_before(const struct sim_event *a, const struct sim_event *b) {
    return a->time != b->time ? a->time < b->time : a->order < b->order;
}

#endif
