// The table of keys for people and editors: one key explained, the reference in docs/scenario.md,
// and a JSON Schema.
#ifndef SCENARIO_SCHEMA_SCHEMA_TEXT_H
#define SCENARIO_SCHEMA_SCHEMA_TEXT_H

#include "base/buffer.h"

// Appends what there is to know of a key: "devices.publish.every", or the last word alone if only
// one key ends so. False: there is no such key; what is appended says which is near.
bool schema_text_explain(struct bytes key, struct buffer *out);

// Appends the tables of all keys, in Markdown, as docs/scenario.md has them.
void schema_text_reference(struct buffer *out);

#endif
