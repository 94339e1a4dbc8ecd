// Messages that expire while they wait for a client. They are dropped as soon as they expire, so
// that they never take room from others (5.0, section 3.3.2.3.3).
//
// A session with such messages has a heap of them, and a timer for the first. Entries of messages
// that have been sent or dropped stay in the heap until they are due, or until they outnumber
// those that wait.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_DELIVERY_DOOR_EXPIRY_H
#define ROLE_BROKER_DELIVERY_DOOR_EXPIRY_H

#include "role/broker/mqtt/door_state.h"

// The delivery at the end of the session's queue may have to wait, and its message expires.
void door_expiry_note(struct mqtt_door *door, struct door_session *session);
// The session's timer has come.
void door_expiry_tick(struct mqtt_door *door, struct door_expiry *expiry, uint64_t now);
void door_expiry_free(struct mqtt_door *door, struct door_session *session);

#endif
