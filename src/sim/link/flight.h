// A request of a router on its way to the master, and its answer on the way back (role/gate.h), as
// events; HTTP and TCP show as time.
//
// Router and master may be on two islands. What leaves one then goes into its outbox, as plain
// values and bytes, and comes out on the other one between two windows (sim/windows.h). Nothing
// else passes from island to island.
#ifndef SIM_LINK_FLIGHT_H
#define SIM_LINK_FLIGHT_H

#include "role/master/waiting.h"
#include "role/router/uplink.h"
#include "sim/island.h"

// A request and, once the master has it, its answer, with the lines of both. `life` tells a router
// that asked from one that began anew since.
struct sim_flight {
    struct waiting_request wait; // first, so that it leads to the flight
    struct memory *memory;       // of the island that it is on
    uint32_t router;             // the node's number
    uint32_t life;
    enum uplink_lane lane;
    struct gate_request request;
    struct gate_answer answer;
    struct buffer request_lines;
    struct buffer answer_lines;
};

struct sim_flight *sim_flight_create(struct sim_node *router, enum uplink_lane lane,
                                     const struct gate_request *request);
void sim_flight_destroy(struct sim_flight *flight);

// It is on its way: the event, made by `maker`, is its arrival. It may be gone from here.
void sim_flight_send(struct sim_node *maker, struct sim_flight *flight,
                     const struct sim_event *event);
// The first of an outbox, which is consumed as far as it goes, comes out where it is going. Returns
// its arrival, which is still to be added to that island's schedule.
struct sim_event sim_flight_land(struct bytes *outbox, struct sim_node *const *nodes);

static inline struct sim_flight *sim_flight_of(const struct sim_event *event) {
    return (struct sim_flight *)(uintptr_t)event->argument;
}

// One way of an uplink. `number` counts what went, to draw by.
struct sim_uplink_way {
    uint64_t busy_until;
    uint64_t last_due;
    uint32_t number;
    bool is_bad;
};

// When so many bytes that leave at `leaves` arrive, over the router's link; SIM_NEVER: the way
// leads nowhere. `paths` are those of the island that they leave. Of the router only what never
// changes is asked.
struct sim_hop {
    const struct sim_paths *paths;
    const struct sim_node *router;
    const struct sim_place *from;
    const struct sim_place *to;
    bool is_up;
    size_t bytes;
    uint64_t leaves;
};
uint64_t sim_flight_arrives(struct sim_uplink_way *way, const struct sim_hop *hop);

#endif
