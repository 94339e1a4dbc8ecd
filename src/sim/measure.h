// What the metrics of expectations (scenario/metric.h) come to in a simulated world.
#ifndef SIM_MEASURE_H
#define SIM_MEASURE_H

#include "sim/world.h"

// NaN: it is not measured, or there was nothing to measure. Metrics of groups are not measured.
double sim_measure(const struct sim_summary *summary, enum metric metric);

// Whether the expectation holds; sets *value to what was measured.
bool sim_measure_holds(const struct sim_summary *summary,
                       const struct metric_expectation *expectation, double *value);

// Losses of all causes.
uint64_t sim_measure_lost(const struct sim_summary *summary);

#endif
