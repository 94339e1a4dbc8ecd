// Which parts of a plan exchange nothing, and can be run each by itself: islands. A broker and its
// clients are one island; so are all who speak lines in a network, and networks that routers join.
// A network joins no clients of MQTT: each has its own link, and talks to its broker alone. Small
// islands share one, up to as many devices as fit a processor's caches.
#ifndef SIM_PARTITION_H
#define SIM_PARTITION_H

#include "scenario/plan.h"

#define SIM_ISLAND_DEVICES 300u // from which on an island takes no more: they fit into a cache

struct sim_partition {
    struct memory *memory;
    uint32_t count;       // of islands
    uint32_t networks;    // of the plan
    uint32_t brokers;     // likewise
    uint32_t *of_network; // the island of each
    uint32_t *of_broker;
    uint32_t *devices; // of each island
};

void sim_partition_init(struct sim_partition *partition, struct memory *memory,
                        const struct plan *plan);
void sim_partition_deinit(struct sim_partition *partition);

#endif
