// A packet of a tap as one JSON object on a line; docs/json.md has its members. All of it is ASCII,
// as in watch/explain/watch_json.h. Passwords are left out.
#ifndef WATCH_EXPLAIN_MQTT_JSON_H
#define WATCH_EXPLAIN_MQTT_JSON_H

#include "watch/mqtt_tap.h"

#define MQTT_JSON_RAW_MAX 4096 // bytes of a packet that are written out
#define MQTT_JSON_PAYLOAD_MAX (16u * 1024)

// What the packet means, and what it is for; `why` may be empty. `raw` adds:
//   raw            the packet's first MQTT_JSON_RAW_MAX bytes, two hexadecimal digits each; xx for
//                  those of passwords and authentication data
//   protocol       the version that its connection speaks
//   payload_bytes  how long the payload of a PUBLISH is, of which at most MQTT_JSON_PAYLOAD_MAX
//                  bytes are given then
struct mqtt_json_words {
    struct bytes words;
    struct bytes why;
    bool raw;
};

// `network` is the tap's name.
void mqtt_json_append(const struct mqtt_item *item, const char *network,
                      const struct mqtt_json_words *words, struct buffer *out);

#endif
