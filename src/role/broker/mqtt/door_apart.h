// What few connections of the MQTT door have, or few moments of one (struct door_apart): all that
// have nothing of it share one that says so, so it is read without asking. A broker may have a
// million connections that only listen.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_MQTT_DOOR_APART_H
#define ROLE_BROKER_MQTT_DOOR_APART_H

#include "role/broker/mqtt/door_state.h"

// Of a new connection: there is nothing.
void door_apart_init(struct door_connection *connection);
bool door_apart_exists(const struct door_connection *connection);
// That of the connection, to be changed; it is made if need be.
struct door_apart *door_apart(struct mqtt_door *door, struct door_connection *connection);
// It goes again if there is nothing in it any more.
void door_apart_tidy(struct mqtt_door *door, struct door_connection *connection);

#endif
