// CONNECT and AUTH at the MQTT door: who is let in, and to which session.
//
// For the sources of the door only, as is the state that they share
// (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_MQTT_DOOR_CONNECT_H
#define ROLE_BROKER_MQTT_DOOR_CONNECT_H

#include "role/broker/mqtt/door_state.h"

void door_receive_connect(struct mqtt_door *door, struct door_connection *connection,
                          const struct mqtt_packet *packet, struct bytes bytes, uint64_t now);
void door_receive_auth(struct mqtt_door *door, struct door_connection *connection,
                       const struct mqtt_packet *packet, uint64_t now);
void door_forget_connect(struct mqtt_door *door, struct door_connection *connection);

#endif
