// The table of sessions of the MQTT door, found by client id through a hash. A session has a
// number, which is its place in the table and, for the core, the number of the peer.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_SESSION_DOOR_SESSIONS_H
#define ROLE_BROKER_SESSION_DOOR_SESSIONS_H

#include "role/broker/mqtt/door_state.h"

struct door_session *door_sessions_find(const struct mqtt_door *door, struct bytes client_id);
// There are less than MQTT_DOOR_SESSIONS_MAX, and none of this client id.
struct door_session *door_sessions_create(struct mqtt_door *door, struct bytes client_id);
// Frees the session, which has nothing left but its client id and its place.
void door_sessions_destroy(struct mqtt_door *door, struct door_session *session);
// How long it lasts without a connection.
uint64_t door_sessions_span(const struct mqtt_door *door, const struct door_session *session);
void door_sessions_deinit(struct mqtt_door *door);

void door_sessions_check(const struct mqtt_door *door);

#endif
