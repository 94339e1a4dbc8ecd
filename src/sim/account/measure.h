// What the metrics of expectations (scenario/metric.h) came to in a run.
#ifndef SIM_ACCOUNT_MEASURE_H
#define SIM_ACCOUNT_MEASURE_H

#include "sim/account/outcome.h"

// Whether the expectation holds. Sets *value to what was measured; NaN: it is not measured, or
// there was nothing to measure.
bool sim_measure_holds(const struct sim_outcome *outcome,
                       const struct metric_expectation *expectation, double *value);

// Copies that were lost, for whatever reason.
uint64_t sim_measure_lost(const struct sim_summary *summary);

#endif
