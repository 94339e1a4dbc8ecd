// The one table of what may stand in a scenario's file: each key with its type, its field, what it
// is without being said, its bounds and what it is for. The reader follows it, and so do
// `--explain KEY`, docs/scenario.md and the JSON Schema for editors (schema_text.h).
#ifndef SCENARIO_SCHEMA_SCHEMA_H
#define SCENARIO_SCHEMA_SCHEMA_H

#include "base/bytes.h"
#include "scenario/schema/schema_row.h"

// In the order in which keys are read and shown; NULL behind the last one.
const struct schema_row *schema_row(unsigned index);

// The row of the key `word` in the section `parent` ("": the whole file), or NULL.
const struct schema_row *schema_child(const char *parent, struct bytes word);
// The key of the row, without those of its sections.
const char *schema_key(const struct schema_row *row);
// Whether the row stands right in that section.
bool schema_is_in(const struct schema_row *row, const char *parent);

// The row of a path as people type it: any case of dots, "devices.publish.every", or the last key
// alone if there is only one such; NULL: there is none.
const struct schema_row *schema_find(struct bytes path);

// Word number `index` of a row's words; size 0 behind the last one.
struct bytes schema_word(const struct schema_row *row, unsigned index);

// Whether values of the type are single numbers, with or without a unit. So a range of them can be
// drawn from, and a smaller one tried.
bool schema_type_is_numeric(enum schema_type type);

// What a type looks like, for people: "a time, as in 90 s or 00:10:00".
const char *schema_type_help(enum schema_type type);

#endif
