// The only place where ends of connections of the MQTT door are settled. It frees what a marked
// connection holds and detaches its session, with all that follows from that. This may mark
// further connections, which are settled as well.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_MQTT_DOOR_ENDING_H
#define ROLE_BROKER_MQTT_DOOR_ENDING_H

#include "role/broker/mqtt/door_state.h"

// To be called after everything that may have marked a connection, before the door returns to its
// driver or goes on with another connection.
void door_ending_settle(struct mqtt_door *door, uint64_t now);

#endif
