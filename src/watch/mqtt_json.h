// A packet of a tap as one JSON object on a line; docs/json.md has its members. All of it is ASCII,
// as in watch/watch_json.h. Passwords are left out.
#ifndef WATCH_MQTT_JSON_H
#define WATCH_MQTT_JSON_H

#include "watch/mqtt_tap.h"

// `network` is the tap's name; `words` what the packet means.
void mqtt_json_append(const struct mqtt_item *item, const char *network, struct bytes words,
                      struct buffer *out);

#endif
