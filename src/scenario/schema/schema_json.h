// The table of keys as a JSON Schema (draft 7), which editors complete and check by:
// scenarios/scenario.schema.json.
#ifndef SCENARIO_SCHEMA_SCHEMA_JSON_H
#define SCENARIO_SCHEMA_SCHEMA_JSON_H

#include "base/buffer.h"

void schema_json_write(struct buffer *out);

#endif
