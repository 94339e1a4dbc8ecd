// Bytes into packets: what came from a peer of the MQTT door and is not handled yet.
//
// It stays with its connection as long as a packet is not whole, a check of credentials is awaited,
// or the steps of the turn are spent (role/broker/mqtt/door_turns.h).
//
// For the sources of the door only, as is the state that they share
// (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_MQTT_DOOR_INPUT_H
#define ROLE_BROKER_MQTT_DOOR_INPUT_H

#include "role/broker/mqtt/door_state.h"

// Takes all of the bytes; handles as many packets as there are steps for.
void door_input_receive(struct mqtt_door *door, struct door_connection *connection,
                        struct bytes bytes, uint64_t now);
// Handles what is kept, likewise.
void door_input_go_on(struct mqtt_door *door, struct door_connection *connection, uint64_t now);
void door_input_free(struct mqtt_door *door, struct door_connection *connection);

#endif
