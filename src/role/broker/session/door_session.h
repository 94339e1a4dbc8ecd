// The life of a session of the MQTT door while it has no connection: how it loses it, waits, and
// is found again or ends, and when its will is published.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_SESSION_DOOR_SESSION_H
#define ROLE_BROKER_SESSION_DOOR_SESSION_H

#include "role/broker/mqtt/door_state.h"

// Forgets the session, which nobody is connected to; a will that waits is published.
void door_session_end(struct mqtt_door *door, struct door_session *session, uint64_t now);
// The connection leaves its session: what follows from expiry and will.
void door_session_detach(struct mqtt_door *door, struct door_session *session, bool publishes_will,
                         uint64_t now);
// The session's timer has come.
void door_session_tick(struct mqtt_door *door, struct door_session *session, uint64_t now);
// For a session without a connection: its end, or the will before it.
void door_session_set_timer(struct mqtt_door *door, struct door_session *session);

#endif
