// Sessions of the MQTT door: found, taken over, ended; their wills.
//
// For the sources of the door only, as is the state that they share
// (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_MQTT_DOOR_SESSION_H
#define ROLE_BROKER_MQTT_DOOR_SESSION_H

#include "role/broker/mqtt/door_state.h"

struct door_session *door_session_find(const struct mqtt_door *door, struct bytes client_id);
struct door_session *door_session_create(struct mqtt_door *door, struct bytes client_id);
// Forgets the session, which nobody is connected to; a will that waits is published.
void door_session_end(struct mqtt_door *door, struct door_session *session, uint64_t now);
// The connection leaves its session: what follows from expiry and will.
void door_session_detach(struct mqtt_door *door, struct door_session *session, bool publishes_will,
                         uint64_t now);
// The session's timer has come.
void door_session_tick(struct mqtt_door *door, struct door_session *session, uint64_t now);
void door_session_set_will(struct mqtt_door *door, struct door_session *session,
                           const struct mqtt_packet *connect);
// Takes over the caller's reference. The message's expiry is a span until it is published.
void door_session_put_will(struct mqtt_door *door, struct door_session *session,
                           struct door_message *message, uint64_t delay);
void door_session_forget_will(struct mqtt_door *door, struct door_session *session);
// How long it lasts without a connection.
uint64_t door_session_span(const struct mqtt_door *door, const struct door_session *session);
// For a session without a connection: its end, or the will before it.
void door_session_set_timer(struct mqtt_door *door, struct door_session *session);

#endif
