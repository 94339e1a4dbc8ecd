// CONNECT and AUTH at the MQTT door: who is let in, and to which session.
//
// For the sources of the door only, as is the state that they share (role/mqtt_state.h).
#ifndef ROLE_MQTT_CONNECT_H
#define ROLE_MQTT_CONNECT_H

#include "role/mqtt_state.h"

void mqtt_receive_connect(struct mqtt_door *door, struct mqtt_connection *connection,
                          const struct mqtt_packet *packet, struct bytes bytes, uint64_t now);
void mqtt_receive_auth(struct mqtt_door *door, struct mqtt_connection *connection,
                       const struct mqtt_packet *packet, uint64_t now);
void mqtt_forget_connect(struct mqtt_door *door, struct mqtt_connection *connection);

#endif
