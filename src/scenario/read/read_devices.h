// Groups of devices: which network and broker each of them uses, their names, and what cannot be
// with what they speak.
#ifndef SCENARIO_READ_READ_DEVICES_H
#define SCENARIO_READ_READ_DEVICES_H

#include "scenario/read/read_context.h"

// The draft's groups into the plan. False: something was wrong, and said so.
bool read_devices_join(struct read_context *context);

// The group that an expectation names, if groups were joined.
bool read_expectation_group(const struct read_field *field, struct metric_expectation *expectation);

// The group of that label, or PLAN_NONE.
uint32_t read_group_find(const struct plan *plan, struct bytes label);

#endif
