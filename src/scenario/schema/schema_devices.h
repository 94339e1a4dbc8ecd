// The keys of devices, faults and expectations.
#ifndef SCENARIO_SCHEMA_SCHEMA_DEVICES_H
#define SCENARIO_SCHEMA_SCHEMA_DEVICES_H

#include "scenario/schema/schema_row.h"

// Each ends with a row whose path is NULL.
extern const struct schema_row schema_device_rows[];
extern const struct schema_row schema_fault_rows[];

#endif
