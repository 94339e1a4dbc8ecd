// What `list` shows of an MQTT client: its session, messages in flight, subscriptions, aliases.
#ifndef SESSION_MQTT_CLIENT_MQTT_CLIENT_LIST_H
#define SESSION_MQTT_CLIENT_MQTT_CLIENT_LIST_H

#include "role/mqtt_client/mqtt_client.h"
#include "shell/listing.h"

// `url` is that of its broker.
void mqtt_client_list(struct listing *listing, const struct mqtt_client *client, const char *url,
                      enum mqtt_version version);

// "3.1", "3.1.1", "5.0"
const char *mqtt_client_version_text(enum mqtt_version version);

#endif
