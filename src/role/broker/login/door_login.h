// A CONNECT that waits at the MQTT door until its credentials are checked, or its exchange of
// SCRAM-SHA-256 is over; and names for clients that bring none. Passwords are wiped.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_LOGIN_DOOR_LOGIN_H
#define ROLE_BROKER_LOGIN_DOOR_LOGIN_H

#include "role/broker/mqtt/door_state.h"

#define DOOR_LOGIN_NAME_PREFIX "auto-"
#define DOOR_LOGIN_NAME_BYTES (sizeof DOOR_LOGIN_NAME_PREFIX - 1 + 32)

// Keeps the packet with the connection. False: there is no memory for it, and the connection has
// failed.
bool door_login_keep(struct mqtt_door *door, struct door_connection *connection,
                     struct bytes bytes);
void door_login_forget(struct mqtt_door *door, struct door_connection *connection);
// A client id that nobody can foresee, written to `out`.
struct bytes door_login_name(struct mqtt_door *door, uint8_t out[DOOR_LOGIN_NAME_BYTES]);

#endif
