// Bytes into packets: what came from a peer of the MQTT door and is not handled yet.
//
// It stays with its connection as long as a packet is not whole, a check of credentials is awaited,
// or the steps of the turn are spent (role/mqtt_turns.h).
//
// For the sources of the door only, as is the state that they share (role/mqtt_state.h).
#ifndef ROLE_MQTT_INPUT_H
#define ROLE_MQTT_INPUT_H

#include "role/mqtt_state.h"

// Takes all of the bytes; handles as many packets as there are steps for.
void mqtt_input_receive(struct mqtt_door *door, struct mqtt_connection *connection,
                        struct bytes bytes, uint64_t now);
// Handles what is kept, likewise.
void mqtt_input_go_on(struct mqtt_door *door, struct mqtt_connection *connection, uint64_t now);
void mqtt_input_free(struct mqtt_door *door, struct mqtt_connection *connection);

#endif
