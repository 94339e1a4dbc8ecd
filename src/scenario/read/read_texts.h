// Fields of texts: names, topics, filters, payloads, expressions, tables that are played again.
#ifndef SCENARIO_READ_READ_TEXTS_H
#define SCENARIO_READ_READ_TEXTS_H

#include "scenario/read/read_context.h"

// Reads the field's scalar. False: it was wrong, and said so. The row's type is one of those from
// SCHEMA_TEXT to SCHEMA_VALUE, SCHEMA_PLACE, SCHEMA_PLACES or SCHEMA_REPLAY.
bool read_text(const struct read_field *field);

// The longest text that a pattern of names, topics or filters can make; sample values stand for
// what is not known before a run.
bool read_topic_check(const struct read_field *field, const struct pattern *pattern,
                      bool is_filter);

#endif
