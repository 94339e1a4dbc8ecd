// A router in the simulated world: its role (role/router) between a network of lines and the
// master. Requests go over its link; what the master's way does not let through is answered, after
// a while, as if nobody had.
//
// One that has a store begins anew with the lease, the tables and the lines of its records; without
// it, it has to wait until the master takes its old lease for over, and knows nothing of before.
#ifndef SIM_ROUTER_H
#define SIM_ROUTER_H

#include "role/router/uplink.h"
#include "sim/journal.h"
#include "sim/link/flight.h"
#include "sim/link/lines.h"

#define SIM_REQUEST_TIMEOUT (10 * PLAN_SECOND)

// A router of the world: its node and its place on the network, the real roles, the way up of its
// uplink; that down is the master's. Lines wait while the uplink is full, oldest first. A crash
// ends the roles and their memory; `life` tells answers of an earlier life from those of this one.
struct sim_router {
    struct sim_node node;
    const struct plan_router *plan;
    struct sim_node *master;
    struct sim_line_end line;
    struct memory memory; // of the role
    struct uplink_config config;
    struct router_port router_port;
    struct uplink_port port;
    struct uplink uplink;
    struct sim_journal journal;
    struct sim_uplink_way up;
    struct sim_line **waiting;
    uint32_t waiting_at;
    uint32_t waiting_count;
    uint32_t waiting_capacity;
    uint32_t life;
    uint64_t busy_until;
};

// `network` is where it stands; its gate is the network's from now on.
void sim_router_init(struct sim_router *router, struct sim_island *island, uint32_t number,
                     const struct plan_router *plan);
void sim_router_deinit(struct sim_router *router);
void sim_router_start(struct sim_router *router);
// `keeps`: it begins anew with what its store has, if it has one.
void sim_router_stop(struct sim_router *router, bool keeps);
void sim_router_event(struct sim_router *router, const struct sim_event *event);

#endif
