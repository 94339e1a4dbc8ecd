// A packet as one JSON object on a line:
//
//   time, network, sender, receiver, type, elements, signature, sealed
//   plain     the elements unsealed, and key or shift, with which they were; only if that was done
//   words     what it means; note: what more there is to say, if anything
//   fault     why it is dropped, if it is
//
// A line that is no packet has network, fault, words, line, and time and sender if they could be
// read. Elements that are not UTF-8 are objects: {"base64": "…"}.
//
// With `raw` there is `line`, as it stands in the file, of every line.
//
// All of it is ASCII: U+0080 to U+009F would control the terminal of who looks at it.
#ifndef WATCH_EXPLAIN_WATCH_JSON_H
#define WATCH_EXPLAIN_WATCH_JSON_H

#include "watch/watch_item.h"

void watch_json_append(const struct watch_item *item, bool raw, struct buffer *out);

#endif
