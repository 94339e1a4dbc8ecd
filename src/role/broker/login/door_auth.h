// AUTH at the MQTT door: SCRAM-SHA-256 (5.0, section 4.12; RFC 7677), at CONNECT and again later.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_LOGIN_DOOR_AUTH_H
#define ROLE_BROKER_LOGIN_DOOR_AUTH_H

#include "role/broker/mqtt/door_state.h"

// The CONNECT names a method; `bytes` are those of the packet.
void door_auth_start(struct mqtt_door *door, struct door_connection *connection,
                     const struct mqtt_packet *packet, struct bytes bytes, uint64_t now);
void door_auth_receive(struct mqtt_door *door, struct door_connection *connection,
                       const struct mqtt_packet *packet, uint64_t now);

#endif
