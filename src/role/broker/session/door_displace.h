// Makes room for a new session at the MQTT door: if the policy says so, by ending sessions of
// clients that have been absent longest.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_SESSION_DOOR_DISPLACE_H
#define ROLE_BROKER_SESSION_DOOR_DISPLACE_H

#include "role/broker/mqtt/door_state.h"

// Makes room for one more session, of this address and of so many bytes. NULL, or why there is
// none.
const char *door_displace_make_room(struct mqtt_door *door, uint64_t address, size_t bytes,
                                    uint64_t now);

#endif
