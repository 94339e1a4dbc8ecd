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

static bool limits_memory(const struct plan *plan) {
    bool limits = false;
    for (uint32_t i = 0; i < plan->broker_count; i++) {
        limits = limits || plan->brokers[i].limits.memory_bytes > 0;
    }
    return limits;
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
    {"brokers.limits.memory", NULL, limits_memory},
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
