// The master in the simulated world: its role (role/master) and the requests that wait for a
// packet. Each request takes its time, one after the other. One that has a store begins anew from
// its records; without it, it has no gates then.
#ifndef SIM_MASTER_H
#define SIM_MASTER_H

#include "role/master/master.h"
#include "sim/journal.h"
#include "sim/router.h"

// The master's role, and the requests on their way to it and back, each a flight. It does one
// thing at a time: what arrives earlier than `busy_until` waits.
struct sim_master {
    struct sim_node node;
    const struct plan_master *plan;
    struct memory memory;
    struct master_limits limits;
    struct master master;
    const struct sim_network *network; // one of those that have routers
    struct sim_uplink_way *down;       // to each of the plan's routers
    struct sim_journal journal;
    struct waiting waiting;
    struct master_packet *packets; // of an upload
    uint32_t packet_capacity;
    uint64_t busy_until;
    uint64_t secrets; // given out
    uint32_t waits;   // requests that wait
    struct sim_flight **flights;
    uint32_t flight_count;
    uint32_t flight_capacity;
};

void sim_master_init(struct sim_master *master, struct sim_island *island, uint32_t number);
void sim_master_deinit(struct sim_master *master);
void sim_master_start(struct sim_master *master);
// `keeps`: it begins anew with what its store has, if it has one.
void sim_master_stop(struct sim_master *master, bool keeps);
// That of a gate, or with MASTER_EVERYONE each, holds no more packets; 0: as the plan says. It ends
// with the gate's lease.
void sim_master_limit_mailbox(struct sim_master *master, uint32_t gate, uint64_t packets);
void sim_master_event(struct sim_master *master, const struct sim_event *event);

#endif
