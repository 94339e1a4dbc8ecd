#include "scenario/plan.h"

#include "base/assert.h"

void plan_init(struct plan *plan, struct memory *memory) {
    *plan = (struct plan){0};
    arena_init(&plan->arena, memory);
}

void plan_deinit(struct plan *plan) {
    arena_deinit(&plan->arena);
    plan_init(plan, plan->arena.memory);
}

// ---- devices ------------------------------------------------------------------------------------

uint32_t plan_device_network(const struct plan *plan, const struct plan_group *group, uint64_t i) {
    return group->network_count == 0
               ? plan->brokers[plan_device_broker(group, i)].network
               : group->networks[i / group->network_in_row % group->network_count];
}

uint32_t plan_device_link(const struct plan *plan, const struct plan_group *group, uint64_t i) {
    return group->link != PLAN_NONE ? group->link
                                    : plan->networks[plan_device_network(plan, group, i)].link;
}

struct pattern_values plan_device_values(const struct plan *plan, const struct plan_group *group,
                                         uint64_t i) {
    return (struct pattern_values){
        .i = i,
        .first = group->first,
        .group = group->label,
        .broker = plan->brokers[plan_device_broker(group, i)].name,
        .network = plan->networks[plan_device_network(plan, group, i)].name,
    };
}

struct bytes plan_device_name(const struct plan *plan, const struct plan_group *group, uint64_t i,
                              uint8_t room[static PLAN_NAME_MAX]) {
    struct pattern_values values = plan_device_values(plan, group, i);
    size_t size = pattern_write(&group->name, &values, room, PLAN_NAME_MAX);
    return bytes_make(room, size < PLAN_NAME_MAX ? size : PLAN_NAME_MAX);
}

// ---- faults -------------------------------------------------------------------------------------

bool plan_party_has_device(const struct plan *plan, const struct plan_party *party, uint32_t group,
                           uint64_t i) {
    const struct plan_group *of = &plan->groups[group];
    uint8_t room[PLAN_NAME_MAX];
    switch (party->kind) {
    case PLAN_PARTY_NETWORK:
        return plan_device_network(plan, of, i) == party->index;
    case PLAN_PARTY_GROUP:
        return party->index == group;
    case PLAN_PARTY_DEVICES:
        return fault_pattern_fits(party->pattern, plan_device_name(plan, of, i, room));
    case PLAN_PARTY_BROKER:
    case PLAN_PARTY_ROUTER:
    case PLAN_PARTY_MASTER:
        break;
    }
    return false;
}

// ---- what always holds --------------------------------------------------------------------------

static void check_group(const struct plan *plan, const struct plan_group *group) {
    ASSERT(group->count > 0 && group->count <= PLAN_DEVICES_MAX);
    ASSERT(group->link == PLAN_NONE || group->link < plan->link_count);
    ASSERT(group->broker_count > 0 && group->broker_in_row > 0);
    ASSERT(group->network_count == 0 || group->network_in_row > 0);
    for (uint32_t i = 0; i < group->broker_count; i++) {
        ASSERT(group->brokers[i] < plan->broker_count);
    }
    for (uint32_t i = 0; i < group->network_count; i++) {
        ASSERT(group->networks[i] < plan->network_count);
    }
    for (uint32_t i = 0; i < group->publish_count; i++) {
        const struct plan_publish *publish = &group->publish[i];
        ASSERT(publish->burst > 0 && publish->qos <= 2);
        ASSERT(publish->jitter_ns == 0 || publish->jitter_ns < publish->every_ns);
    }
}

static void check_party(const struct plan *plan, const struct plan_party *party) {
    switch (party->kind) {
    case PLAN_PARTY_NETWORK:
        ASSERT(party->index < plan->network_count);
        break;
    case PLAN_PARTY_BROKER:
        ASSERT(party->index < plan->broker_count);
        break;
    case PLAN_PARTY_ROUTER:
        ASSERT(party->index < plan->router_count);
        break;
    case PLAN_PARTY_GROUP:
        ASSERT(party->index < plan->group_count);
        break;
    case PLAN_PARTY_MASTER:
    case PLAN_PARTY_DEVICES:
        break;
    }
}

static void check_fault(const struct plan *plan, const struct plan_fault *fault) {
    ASSERT(fault->every_ns == 0 || fault->every_ns > fault->for_ns);
    if (fault->kind != PLAN_RULE) {
        check_party(plan, &fault->who);
    }
    if (fault->kind == PLAN_PARTITION) {
        check_party(plan, &fault->from);
    }
    ASSERT(fault->kind != PLAN_LINK_AS || fault->link < plan->link_count);
}

void plan_check(const struct plan *plan) {
    uint64_t devices = 0;
    ASSERT(plan->stop_ns > 0 && plan->calm_ns < plan->stop_ns);
    for (uint32_t i = 0; i < plan->network_count; i++) {
        ASSERT(plan->networks[i].link < plan->link_count);
    }
    for (uint32_t i = 0; i < plan->router_count; i++) {
        ASSERT(plan->routers[i].network < plan->network_count);
        ASSERT(plan->routers[i].uplink < plan->link_count);
    }
    for (uint32_t i = 0; i < plan->broker_count; i++) {
        ASSERT(plan->brokers[i].network < plan->network_count);
        ASSERT(plan->brokers[i].link == PLAN_NONE || plan->brokers[i].link < plan->link_count);
        ASSERT(plan->brokers[i].doors != 0);
    }
    for (uint32_t i = 0; i < plan->group_count; i++) {
        check_group(plan, &plan->groups[i]);
        devices += plan->groups[i].count;
    }
    for (uint32_t i = 0; i < plan->fault_count; i++) {
        check_fault(plan, &plan->faults[i]);
    }
    ASSERT(devices == plan->device_count);
}

bool plan_wants_latency(const struct plan *plan, uint32_t group, bool at_group) {
    bool wants = false;
    for (uint32_t i = 0; i < plan->expectation_count; i++) {
        const struct metric_expectation *expectation = &plan->expectations[i];
        wants = wants || (expectation->group_index == group && expectation->at_group == at_group &&
                          expectation->metric >= METRIC_LATENCY_MIN &&
                          expectation->metric <= METRIC_LATENCY_MAX);
    }
    return wants;
}
