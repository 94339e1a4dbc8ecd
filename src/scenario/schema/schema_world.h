// The keys of the world: links, networks, routers, master, brokers.
#ifndef SCENARIO_SCHEMA_SCHEMA_WORLD_H
#define SCENARIO_SCHEMA_SCHEMA_WORLD_H

#include "scenario/schema/schema_row.h"

// Each ends with a row whose path is NULL.
extern const struct schema_row schema_world_rows[];

#endif
