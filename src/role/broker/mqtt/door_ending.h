// The ends of connections of the MQTT door are settled here, and nowhere else: what a marked
// connection holds is freed, and its session is left alone, with all that follows. That may mark
// others, which are settled too.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_MQTT_DOOR_ENDING_H
#define ROLE_BROKER_MQTT_DOOR_ENDING_H

#include "role/broker/mqtt/door_state.h"

// To be called after everything that may have marked a connection, before the door returns to its
// driver or goes on with another connection.
void door_ending_settle(struct mqtt_door *door, uint64_t now);

#endif
