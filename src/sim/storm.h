// Faults that are drawn for a seed, to search for what breaks: cuts at every place of an exchange,
// every few packets; for some of the time a broker that crashes, restarts or stands still, devices
// that are cut off, or are heard and do not hear. All that they do a network can do, or the end of
// a process, so whatever rule is broken then is broken by a role.
//
// Equal seeds draw equal faults. The source of a fault is its line as it stands in a scenario, so
// that it can be written into one.
#ifndef SIM_STORM_H
#define SIM_STORM_H

#include "scenario/plan.h"

#define SIM_STORM_CUTS 4u
#define SIM_STORM_TIMED 3u
#define SIM_STORM_FAULTS (SIM_STORM_CUTS + SIM_STORM_TIMED)
#define SIM_STORM_TEXT_MAX (2 * PLAN_NAME_MAX + 64u)

// `faults` refer to `texts`: the storm stays where it is while they are used.
struct sim_storm {
    struct plan_fault faults[SIM_STORM_FAULTS];
    char texts[SIM_STORM_FAULTS][SIM_STORM_TEXT_MAX];
    uint32_t count; // 1 or more
};

void sim_storm_draw(struct sim_storm *out, const struct plan *plan, uint64_t seed);

#endif
