// Connections of the MQTT door that have work left, oldest first: input that waits for steps,
// retained messages to send, a large session to end (role/broker/mqtt/door_turns.h).
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_MQTT_DOOR_BACKLOG_H
#define ROLE_BROKER_MQTT_DOOR_BACKLOG_H

#include "role/broker/mqtt/door_state.h"

// The connection has work left. Nothing happens if it stands there already, or is over.
void door_backlog_add(struct mqtt_door *door, struct door_connection *connection);
// Nothing happens if it does not stand there.
void door_backlog_remove(struct mqtt_door *door, struct door_connection *connection);

void door_backlog_check(const struct mqtt_door *door);

#endif
