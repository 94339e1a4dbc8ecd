#include "session/simulate/simulate_gaps.h"

static bool uses_misbehaves(const struct plan *plan) {
    bool uses = false;
    for (uint32_t i = 0; i < plan->group_count; i++) {
        uses = uses || plan->groups[i].bad != 0;
    }
    return uses;
}

// A rule of the line network: rules act on streams only.
static bool has_line_rule(const struct plan *plan) {
    bool has = false;
    for (uint32_t i = 0; i < plan->fault_count; i++) {
        const struct plan_fault *fault = &plan->faults[i];
        has = has || (fault->kind == PLAN_RULE && fault->rule.kind >= FAULT_LINE &&
                      fault->rule.kind < FAULT_BYTES);
    }
    return has;
}

static const struct gap {
    const char *key;
    bool (*is_used)(const struct plan *plan);
} gaps[] = {
    {"devices.misbehaves", uses_misbehaves},
    {"faults: rules for packets of lines", has_line_rule},
};

const char *simulate_gap(const struct plan *plan, unsigned index) {
    for (unsigned i = 0; i < sizeof gaps / sizeof *gaps; i++) {
        if (gaps[i].is_used(plan) && index-- == 0) {
            return gaps[i].key;
        }
    }
    return NULL;
}
