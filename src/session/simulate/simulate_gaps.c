#include "session/simulate/simulate_gaps.h"

static bool uses_misbehaves(const struct plan_group *group) {
    return group->bad != 0;
}

static bool uses_processing(const struct plan_group *group) {
    return group->processing.packet_ns > 0 || group->processing.kib_ns > 0;
}

static bool uses_clock(const struct plan_group *group) {
    return group->clock_offset_ns > 0 || group->clock_drift_ppm > 0;
}

static bool uses_scram(const struct plan_group *group) {
    return group->connect.scram;
}

static bool uses_for(const struct plan_group *group) {
    for (uint32_t i = 0; i < group->subscribe_count; i++) {
        if (group->subscribe[i].for_ns > 0) {
            return true;
        }
    }
    return false;
}

static bool uses_forgets(const struct plan *plan) {
    for (uint32_t i = 0; i < plan->link_count; i++) {
        if (plan->links[i].forgets_ns > 0) {
            return true;
        }
    }
    return false;
}

static bool has_fault(const struct plan *plan, enum plan_fault_kind kind) {
    for (uint32_t i = 0; i < plan->fault_count; i++) {
        if (plan->faults[i].kind == kind) {
            return true;
        }
    }
    return false;
}

static bool steps_clock(const struct plan *plan) {
    return has_fault(plan, PLAN_CLOCK_STEP);
}

static bool limits_mailbox(const struct plan *plan) {
    return has_fault(plan, PLAN_LIMIT_MAILBOX);
}

// By a group of devices, or by the whole plan.
static const struct gap {
    const char *key;
    bool (*of_group)(const struct plan_group *group);
    bool (*of_plan)(const struct plan *plan);
} gaps[] = {
    {"devices.misbehaves", uses_misbehaves, NULL},
    {"devices.per packet", uses_processing, NULL},
    {"devices.clock offset", uses_clock, NULL},
    {"devices.connect.scram", uses_scram, NULL},
    {"devices.subscribe.for", uses_for, NULL},
    {"links.forgets", NULL, uses_forgets},
    {"faults.do: step clock", NULL, steps_clock},
    {"faults.do: limit mailbox", NULL, limits_mailbox},
};

static bool is_used(const struct plan *plan, const struct gap *gap) {
    if (gap->of_plan != NULL) {
        return gap->of_plan(plan);
    }
    for (uint32_t i = 0; i < plan->group_count; i++) {
        if (gap->of_group(&plan->groups[i])) {
            return true;
        }
    }
    return false;
}

const char *simulate_gap(const struct plan *plan, unsigned index) {
    for (unsigned i = 0; i < sizeof gaps / sizeof *gaps; i++) {
        if (is_used(plan, &gaps[i]) && index-- == 0) {
            return gaps[i].key;
        }
    }
    return NULL;
}
