// CONNECT, CONNACK and AUTH of the MQTT client: what the broker grants, which session it is.
//
// For the sources of the client only, as is the state that they share (mqtt_client_state.h).
#ifndef ROLE_MQTT_CLIENT_MQTT_CLIENT_OPENING_H
#define ROLE_MQTT_CLIENT_MQTT_CLIENT_OPENING_H

#include "role/mqtt_client/mqtt_client_state.h"

void mqtt_client_say_connect(struct mqtt_client *client, uint64_t now);
void mqtt_client_receive_connack(struct mqtt_client *client, const struct mqtt_packet *packet,
                                 uint64_t now);
void mqtt_client_receive_auth(struct mqtt_client *client, const struct mqtt_packet *packet,
                              uint64_t now);
// Begins SCRAM anew.
void mqtt_client_say_reauthenticate(struct mqtt_client *client, uint64_t now);

#endif
