// Ranges: where a quantity can stand, `10..100` stands for one value of it, drawn for the seed. So
// one file is many scenarios, and each seed is always the same one of them. Both ends can come;
// between them numbers are whole, and others fall on some thousand round values.
//
// A draw follows from the seed and the place in the file, so what stands elsewhere changes none.
#ifndef SCENARIO_DRAW_H
#define SCENARIO_DRAW_H

#include "fault/words.h"
#include "scenario/arena.h"
#include "scenario/schema/schema.h"
#include "scenario/yaml.h"

// Whether values of that key can be ranges, and this one is.
bool draw_is_range(const struct schema_row *row, struct bytes text);

// The value, as it could have been typed, in the arena. Empty, and *error says what is wrong: an
// end is no such quantity, is not allowed here, or the first is above the second.
struct bytes draw_value(struct arena *arena, const struct schema_row *row,
                        const struct yaml_node *node, uint64_t seed, struct fault_error *error);

#endif
