#include "sim/link/paths.h"

#include "base/assert.h"

struct sim_place *sim_paths_gateways(struct memory *memory, const struct plan *plan) {
    if (plan->router_count == 0) {
        return NULL;
    }
    struct sim_place *gateways = memory_allocate(memory, plan->network_count * sizeof *gateways);
    for (uint32_t i = 0; i < plan->network_count; i++) {
        gateways[i].kind = SIM_PLACE_NOWHERE;
    }
    for (uint32_t i = 0; i < plan->router_count; i++) {
        ASSERT(plan->routers[i].network < plan->network_count);
        gateways[plan->routers[i].network] = sim_paths_router(plan, i);
    }
    return gateways;
}

void sim_paths_init(struct sim_paths *paths, struct memory *memory, const struct plan *plan,
                    const struct sim_place *gateways) {
    *paths = (struct sim_paths){.memory = memory, .plan = plan, .gateways = gateways};
}

void sim_paths_deinit(struct sim_paths *paths) {
    memory_free(paths->memory, paths->conditions, paths->capacity * sizeof *paths->conditions);
}

static bool is_about_ways(const struct plan_fault *fault) {
    return fault->kind == PLAN_LINK_DOWN || fault->kind == PLAN_LINK_AS ||
           fault->kind == PLAN_PARTITION;
}

void sim_paths_begin(struct sim_paths *paths, const struct plan_fault *fault) {
    if (!is_about_ways(fault)) {
        return;
    }
    paths->conditions = memory_grow(paths->memory, paths->conditions, &paths->capacity,
                                    paths->count + 1, sizeof *paths->conditions);
    paths->conditions[paths->count++] = fault;
}

void sim_paths_end(struct sim_paths *paths, const struct plan_fault *fault) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < paths->count; i++) {
        if (paths->conditions[i] != fault) {
            paths->conditions[kept++] = paths->conditions[i];
        }
    }
    paths->count = kept;
}

bool sim_party_holds(const struct plan *plan, const struct plan_party *party,
                     const struct sim_place *place) {
    switch (party->kind) {
    case PLAN_PARTY_NETWORK:
        return place->network == party->index;
    case PLAN_PARTY_BROKER:
        return place->kind == SIM_PLACE_BROKER && place->index == party->index;
    case PLAN_PARTY_ROUTER:
        return place->kind == SIM_PLACE_ROUTER && place->index == party->index;
    case PLAN_PARTY_MASTER:
        return place->kind == SIM_PLACE_MASTER;
    case PLAN_PARTY_GROUP:
        return place->kind == SIM_PLACE_DEVICE && place->index == party->index;
    case PLAN_PARTY_DEVICES:
        return place->kind == SIM_PLACE_DEVICE &&
               plan_party_has_device(plan, party, place->index, place->i);
    }
    return false;
}

// A link that is down is that of a device, a router's uplink, or the network's to all outside of
// it; inside a network that is down nothing gets through either.
static bool is_cut(const struct sim_paths *paths, const struct plan_fault *fault,
                   const struct sim_place *from, const struct sim_place *to) {
    bool from_who = sim_party_holds(paths->plan, &fault->who, from);
    bool to_who = sim_party_holds(paths->plan, &fault->who, to);
    if (fault->kind == PLAN_LINK_DOWN) {
        return from_who || to_who;
    }
    return (from_who && sim_party_holds(paths->plan, &fault->from, to)) ||
           (!fault->is_one_way && to_who && sim_party_holds(paths->plan, &fault->from, from));
}

const struct sim_place *sim_paths_gateway(const struct sim_paths *paths,
                                          const struct sim_place *from,
                                          const struct sim_place *to) {
    if (paths->gateways == NULL || from->network == to->network || from->network == PLAN_NONE ||
        from->kind == SIM_PLACE_ROUTER) {
        return NULL;
    }
    const struct sim_place *gateway = &paths->gateways[from->network];
    return gateway->kind == SIM_PLACE_NOWHERE ? NULL : gateway;
}

// Whether the fault is between these two, or in a router on the way.
static bool is_on_the_way(const struct sim_paths *paths, const struct plan_fault *fault,
                          const struct sim_place *from, const struct sim_place *to) {
    const struct sim_place *leaves_by = sim_paths_gateway(paths, from, to);
    const struct sim_place *comes_by = sim_paths_gateway(paths, to, from);
    return is_cut(paths, fault, from, to) ||
           (leaves_by != NULL && is_cut(paths, fault, leaves_by, to)) ||
           (comes_by != NULL && is_cut(paths, fault, from, comes_by));
}

bool sim_paths_lead_now(const struct sim_paths *paths, const struct sim_place *from,
                        const struct sim_place *to) {
    if (sim_place_is_beside(from, to)) {
        return true;
    }
    for (uint32_t i = 0; i < paths->count; i++) {
        const struct plan_fault *fault = paths->conditions[i];
        if (fault->kind != PLAN_LINK_AS && is_on_the_way(paths, fault, from, to)) {
            return false;
        }
    }
    return true;
}

const struct plan_link *sim_paths_link_now(const struct sim_paths *paths,
                                           const struct sim_place *place) {
    for (uint32_t i = paths->count; i-- > 0;) {
        const struct plan_fault *fault = paths->conditions[i];
        if (fault->kind == PLAN_LINK_AS && sim_party_holds(paths->plan, &fault->who, place)) {
            return &paths->plan->links[fault->link];
        }
    }
    return place->link == PLAN_NONE ? NULL : &paths->plan->links[place->link];
}
