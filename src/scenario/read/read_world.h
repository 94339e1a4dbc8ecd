// The sections of a file into the parts of a plan: multiplied by their counts, numbered, joined by
// their names.
#ifndef SCENARIO_READ_READ_WORLD_H
#define SCENARIO_READ_READ_WORLD_H

#include "scenario/read/read_context.h"

// To be called behind each key of the file itself, in the order of the schema. `node` is NULL where
// the file has no such key; `is_good` says that it was read without a mistake. False: something was
// wrong, and said so.
bool read_world_join(struct read_context *context, const struct schema_row *row,
                     const struct yaml_node *node, bool is_good);

#endif
