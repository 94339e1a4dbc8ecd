// Plans for tests of the simulator, put together by hand: a broker or several, groups of devices.
#ifndef TEST_SIM_PLANS_H
#define TEST_SIM_PLANS_H

#include "support.h"

#include "scenario/plan.h"
#include "sim/world.h"

#define PLANS_MS UINT64_C(1000000)
#define PLANS_S UINT64_C(1000000000)

struct plans {
    struct memory memory;
    struct plan plan;
    struct plan_publish publish[16];
    struct plan_subscribe subscribe[16];
    struct plan_group groups[8];
    struct plan_broker brokers[128];
    struct plan_network networks[128];
    struct plan_link links[4];
    struct plan_fault faults[16];
    struct plan_router routers[8];
    uint32_t broker_places[128];
    uint32_t publishes;
    uint32_t subscribes;
};

// `brokers` with a network each. Link 0 has 10 ms ~ 2 ms and no losses, link 1 is lossy.
struct plans *plans_open(uint32_t brokers, uint8_t doors);
void plans_close(struct plans *plans);

// Each network gets a router, with link 0 to the master.
void plans_add_routers(struct plans *plans);

// A group that publishes and subscribes to nothing yet, its devices on all brokers in turn,
// `in_row` on each.
struct plan_group *plans_add_group(struct plans *plans, const char *name, uint32_t count,
                                   enum plan_speaks speaks);
// To be called right behind the group.
struct plan_publish *plans_publish(struct plans *plans, const char *topic, uint8_t qos,
                                   uint64_t every_ns);
struct plan_subscribe *plans_subscribe(struct plans *plans, const char *filter, uint8_t qos);
struct plan_fault *plans_add_fault(struct plans *plans, enum plan_fault_kind kind, uint64_t at_ns,
                                   uint64_t for_ns);
// A rule of faults, from the start to the calm.
struct plan_fault *plans_add_rule(struct plans *plans, const char *rule);

// Runs it to its end; asserts that it can be.
struct sim_summary plans_run(struct plans *plans);
// Likewise, with what was counted for the first groups.
struct sim_summary plans_run_groups(struct plans *plans, struct sim_tally *tallies, uint32_t count);
// Likewise, and no rule is broken.
struct sim_summary plans_run_well(struct plans *plans);

#endif
