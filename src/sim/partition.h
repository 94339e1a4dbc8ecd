// Which parts of a plan can be run each by itself: islands. A broker and its clients of MQTT are
// one island; so are all who speak lines in a network. A network joins no clients of MQTT: each has
// its own link, and talks to its broker alone. Small islands share one, up to as many devices as
// fit a processor's caches.
//
// Networks that routers join exchange lines, but these take their time over the uplinks. So each of
// them is an island, too, and the master is one: they are joined, and are run in windows
// (sim/windows.h) that are as wide as that time, the least that the plan allows. Where it may be
// too short for that they are one island together.
#ifndef SIM_PARTITION_H
#define SIM_PARTITION_H

#include "scenario/plan.h"

#define SIM_ISLAND_DEVICES 300u // from which on an island takes no more: they fit into a cache
#define SIM_JOINED_ISLANDS 512u // of more networks than that some share an island
#define SIM_WINDOW_LEAST (PLAN_SECOND / 1000)

// The islands of a plan: of which each network, each broker and the master is. Those from `joined`
// on are joined, and can be run apart for a `window`.
struct sim_partition {
    struct memory *memory;
    uint32_t count;       // of islands
    uint32_t networks;    // of the plan
    uint32_t brokers;     // likewise
    uint32_t *of_network; // the island of each
    uint32_t *of_broker;
    uint32_t *devices;  // of each island
    uint32_t of_master; // if there is one
    uint32_t joined;    // `count`: none is
    uint64_t window;
};

void sim_partition_init(struct sim_partition *partition, struct memory *memory,
                        const struct plan *plan);
void sim_partition_deinit(struct sim_partition *partition);

// Deals the islands to so many hands, so that each has about as many devices: the largest first,
// each to whom has the fewest. Those that are joined go to one hand. Sets the hand of each island.
void sim_partition_deal(const struct sim_partition *partition, uint32_t hands, uint32_t *hand_of);

#endif
