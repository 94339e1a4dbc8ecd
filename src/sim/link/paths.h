// The ways between the places of an island, and what is wrong with them: which link a device has,
// how long a packet takes, whether it gets through at all.
//
// What goes from one network to another passes the routers of both, where they have some, and their
// uplinks.
//
// A place says where a node stands: its network, and what parties of faults may name it by. Faults
// of the plan are conditions here while they last: a link that is down, another link in place of
// one's own, a partition between two parties. There are few at a time, so they are looked through;
// mostly there are none, and that is asked where the question is.
#ifndef SIM_LINK_PATHS_H
#define SIM_LINK_PATHS_H

#include "scenario/plan.h"

enum sim_place_kind {
    SIM_PLACE_BROKER,
    SIM_PLACE_DEVICE,
    SIM_PLACE_ROUTER,
    SIM_PLACE_MASTER,
    SIM_PLACE_VISITOR, // from outside, beside its broker: nothing lies between
    SIM_PLACE_NOWHERE, // of who belongs to no world: faults are not about it
};

// Of devices `index` is the group and `i` the place in it; else the place in the plan's arrays.
struct sim_place {
    uint32_t network; // PLAN_NONE: of the master
    uint32_t index;
    uint32_t i;
    uint32_t link; // PLAN_NONE: it stands at the network itself
    uint8_t kind;  // enum sim_place_kind
};

static inline bool sim_place_is_beside(const struct sim_place *a, const struct sim_place *b) {
    return a->kind == SIM_PLACE_VISITOR || b->kind == SIM_PLACE_VISITOR;
}

struct sim_paths {
    struct memory *memory;
    const struct plan *plan;
    const struct plan_fault **conditions; // in force, in the order of their coming
    uint32_t count;
    uint32_t capacity;
    const struct sim_place *gateways; // of each network: its router; kind SIM_PLACE_NOWHERE: none.
                                      // NULL: there are no routers. Of the whole world, borrowed
};

// The gateways of a plan; NULL: it has no routers. Freed as so many as it has networks.
struct sim_place *sim_paths_gateways(struct memory *memory, const struct plan *plan);

void sim_paths_init(struct sim_paths *paths, struct memory *memory, const struct plan *plan,
                    const struct sim_place *gateways);
void sim_paths_deinit(struct sim_paths *paths);

// A fault of the plan that is about ways begins, or ends. Others are no matter of theirs.
void sim_paths_begin(struct sim_paths *paths, const struct plan_fault *fault);
void sim_paths_end(struct sim_paths *paths, const struct plan_fault *fault);

// Where the plan's router of that number stands.
static inline struct sim_place sim_paths_router(const struct plan *plan, uint32_t router) {
    return (struct sim_place){plan->routers[router].network, router, 0,
                              plan->routers[router].uplink, SIM_PLACE_ROUTER};
}

// Whether the party is, or holds, who stands at the place.
bool sim_party_holds(const struct plan *plan, const struct plan_party *party,
                     const struct sim_place *place);

// Whether what is sent now from one to the other gets there.
bool sim_paths_lead_now(const struct sim_paths *paths, const struct sim_place *from,
                        const struct sim_place *to);
static inline bool sim_paths_lead(const struct sim_paths *paths, const struct sim_place *from,
                                  const struct sim_place *to) {
    return paths->count == 0 || sim_paths_lead_now(paths, from, to);
}

// The router that what leaves `from` for `to` passes at its own network; NULL: none.
const struct sim_place *sim_paths_gateway(const struct sim_paths *paths,
                                          const struct sim_place *from, const struct sim_place *to);

// The link of a place now; NULL: it has none of its own.
const struct plan_link *sim_paths_link_now(const struct sim_paths *paths,
                                           const struct sim_place *place);
static inline const struct plan_link *sim_paths_link(const struct sim_paths *paths,
                                                     const struct sim_place *place) {
    return paths->count > 0           ? sim_paths_link_now(paths, place)
           : place->link == PLAN_NONE ? NULL
                                      : &paths->plan->links[place->link];
}

#endif
