// What the metrics of expectations (scenario/metric.h) come to in a simulated world.
#ifndef SIM_ACCOUNT_MEASURE_H
#define SIM_ACCOUNT_MEASURE_H

#include "sim/world.h"

// Whether the expectation holds. Sets *value to what was measured; NaN: it is not measured, or
// there was nothing to measure.
bool sim_measure_holds(const struct sim_world *world, const struct sim_summary *summary,
                       const struct metric_expectation *expectation, double *value);

// Copies that were lost, for whatever reason.
uint64_t sim_measure_lost(const struct sim_summary *summary);

#endif
