// Turns the bytes that a client of the MQTT door sends into packets. Bytes stay with their
// connection while their packet is incomplete, while credentials are checked, and when the turn
// has no steps left.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_MQTT_DOOR_INPUT_H
#define ROLE_BROKER_MQTT_DOOR_INPUT_H

#include "role/broker/mqtt/door_state.h"

// Takes all of the bytes; handles as many packets as there are steps for.
void door_input_receive(struct mqtt_door *door, struct door_connection *connection,
                        struct bytes bytes, uint64_t now);
// Handles what is kept, likewise.
void door_input_resume(struct mqtt_door *door, struct door_connection *connection, uint64_t now);

#endif
