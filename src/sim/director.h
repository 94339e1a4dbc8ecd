// What happens to an island from outside: the faults of the plan begin and end at their times, and
// in the calm at the end all of them are over.
//
// A director is a node. It acts on the nodes of its island that a fault is about.
#ifndef SIM_DIRECTOR_H
#define SIM_DIRECTOR_H

#include "sim/device/device.h"

struct sim_scene {
    uint64_t due; // it begins, or ends, whichever comes next
    bool is_on;
    uint32_t rule; // its number, of a rule of faults
};

struct sim_director {
    struct sim_node node;
    struct sim_scene *scenes; // of each fault of the plan
    uint64_t calm_at;         // SIM_NEVER: there is no calm, or it has begun
    uint64_t looks_at;        // at the queues of brokers
    uint64_t last_end;        // when the last fault so far ended
};

void sim_director_init(struct sim_director *director, struct sim_island *island, uint32_t number);
void sim_director_deinit(struct sim_director *director);
// A rule came by another way.
void sim_director_look(struct sim_director *director);

void sim_director_event(struct sim_director *director);

#endif
