// Which sessions go first: those of absent clients, the longest absent one at the front, of all and
// of each address; and how many sessions an address has. All of it costs O(1).
//
// For the sources of the door only, as is the state that they share
// (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_MQTT_DOOR_ABSENT_H
#define ROLE_BROKER_MQTT_DOOR_ABSENT_H

#include "role/broker/mqtt/door_state.h"

void door_absent_init(struct mqtt_door *door);
void door_absent_deinit(struct mqtt_door *door);

// The session's client is away from now on.
void door_absent_begin(struct mqtt_door *door, struct door_session *session);
// It is back, or its session ends. It need not have been away.
void door_absent_end(struct mqtt_door *door, struct door_session *session);

// The session counts as one of this address, and of no other; 0: of none. Nothing is counted while
// there is no limit for addresses.
void door_absent_set_address(struct mqtt_door *door, struct door_session *session,
                             uint64_t address);

// Makes room for one more session, of this address and of so many bytes, by the policy for
// sessions. NULL, or why there is none.
const char *door_absent_make_room(struct mqtt_door *door, uint64_t address, size_t bytes,
                                  uint64_t now);

#endif
