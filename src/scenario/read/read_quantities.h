// Fields of numbers, times, sizes, words: all that a scalar says by itself, see schema.h.
#ifndef SCENARIO_READ_READ_QUANTITIES_H
#define SCENARIO_READ_READ_QUANTITIES_H

#include "scenario/read/read_context.h"

// Reads the field's scalar. False: it was wrong, and said so. The row's type is one of those from
// SCHEMA_NUMBER to SCHEMA_LINK, or SCHEMA_RETRY.
bool read_quantity(const struct read_field *field);

// A map of times of day with shares.
bool read_curve(const struct read_field *field);

#endif
