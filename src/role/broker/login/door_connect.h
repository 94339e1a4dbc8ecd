// CONNECT at the MQTT door: what the client says of itself, and which way it is checked.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_LOGIN_DOOR_CONNECT_H
#define ROLE_BROKER_LOGIN_DOOR_CONNECT_H

#include "role/broker/mqtt/door_state.h"

// `bytes` are those of the packet.
void door_connect_receive(struct mqtt_door *door, struct door_connection *connection,
                          const struct mqtt_packet *packet, struct bytes bytes, uint64_t now);
// What the check of its credentials found; not CREDENTIALS_WAIT.
void door_connect_checked(struct mqtt_door *door, struct door_connection *connection,
                          enum credentials_state state, uint64_t now);

#endif
