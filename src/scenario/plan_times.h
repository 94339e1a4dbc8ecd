// When the devices of a plan connect and publish: pure functions of what was before and of a random
// number that is handed in.
#ifndef SCENARIO_PLAN_TIMES_H
#define SCENARIO_PLAN_TIMES_H

#include "scenario/plan.h"

// When device i connects for the first time, by a random number that is handed in.
uint64_t plan_times_connect(const struct plan_connect *connect, uint64_t random);

// When a device publishes next. All that is random comes from `random`.
struct plan_moment {
    uint64_t n;         // how often it did
    uint64_t before_ns; // when it last did; with n = 0: from when on it can
    uint32_t surge;     // parts of a million; 1000000, and 0: the usual rate
    uint64_t random;
};

// UINT64_MAX: never. With n = 0 devices spread evenly over the first `every_ns`.
uint64_t plan_times_publish(const struct plan_publish *publish, const struct plan_moment *moment);

// How busy it is at that time: parts of a million.
uint32_t plan_times_curve(const struct plan_curve_point *curve, uint32_t count, uint64_t time_ns);

#endif
