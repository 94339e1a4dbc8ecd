// Messages of the broker that come to the MQTT client, once where they have to, and their topic
// aliases.
//
// For the sources of the client only, as is the state that they share (mqtt_client_state.h).
#ifndef ROLE_MQTT_CLIENT_MQTT_CLIENT_ARRIVING_H
#define ROLE_MQTT_CLIENT_MQTT_CLIENT_ARRIVING_H

#include "role/mqtt_client/mqtt_client_state.h"

void mqtt_client_receive_publish(struct mqtt_client *client, const struct mqtt_packet *packet,
                                 uint64_t now);
void mqtt_client_receive_pubrel(struct mqtt_client *client, const struct mqtt_packet *packet,
                                uint64_t now);
// The session is gone: no identifier awaits PUBREL any more.
void mqtt_client_arriving_forget(struct mqtt_client *client);

#endif
