// A message that came to an MQTT client as JSON (docs/json.md).
#ifndef SESSION_MQTT_CLIENT_MQTT_MESSAGE_JSON_H
#define SESSION_MQTT_CLIENT_MQTT_MESSAGE_JSON_H

#include <jansson.h>

#include "role/mqtt_client/mqtt_client_types.h"

// Sets all but event and time; the payload as JSON if it is some and `is_json`.
void mqtt_message_json_set(json_t *object, const struct mqtt_client_event *message, bool is_json);
// The same as a text, which the caller frees.
char *mqtt_message_json_text(const struct mqtt_client_event *message, bool is_json);

#endif
