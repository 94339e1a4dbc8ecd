// A packet of a tap as one JSON object on a line; docs/json.md has its members. All of it is ASCII,
// as in watch/watch_json.h. Passwords are left out.
#ifndef WATCH_MQTT_JSON_H
#define WATCH_MQTT_JSON_H

#include "watch/mqtt_tap.h"

// What the packet means, and what it is for; `why` may be empty.
struct mqtt_json_words {
    struct bytes words;
    struct bytes why;
};

// `network` is the tap's name.
void mqtt_json_append(const struct mqtt_item *item, const char *network,
                      const struct mqtt_json_words *words, struct buffer *out);

#endif
