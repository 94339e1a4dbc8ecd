// What the MQTT door records as it changes (role/broker/session/door_record.h).
//
// Sessions that are recorded are those that outlive their connection, at a door whose port has an
// `append`. The changes of others are not: test is_recorded before you call what follows the first
// two.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_SESSION_DOOR_JOURNAL_H
#define ROLE_BROKER_SESSION_DOOR_JOURNAL_H

#include "role/broker/mqtt/door_state.h"

// The session has begun, or lost or found its connection, or its will.
void door_journal_session(struct mqtt_door *door, struct door_session *session, uint64_t now);
void door_journal_end(struct mqtt_door *door, struct door_session *session);
void door_journal_queued(struct mqtt_door *door, const struct door_session *session,
                         const struct door_delivery *delivery, uint64_t now);
// DOOR_RECORD_SENT, DOOR_RECORD_RELEASED or DOOR_RECORD_DONE. Nothing happens if the session is not
// recorded.
void door_journal_delivery(struct mqtt_door *door, const struct door_session *session,
                           const struct door_delivery *delivery, enum door_record_kind kind);
// Any other record of the session, but for its client id.
void door_journal_append(struct mqtt_door *door, const struct door_session *session,
                         struct door_record record);

// Has the core tell of retained messages, if they are to be recorded.
void door_journal_attach(struct mqtt_door *door);
void door_journal_detach(struct mqtt_door *door);

#endif
