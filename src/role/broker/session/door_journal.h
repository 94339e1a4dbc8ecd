// What the MQTT door appends to its journal as it changes (role/broker/session/door_record.h).
//
// Sessions that stand in the journal are those that outlive their connection, at a door that has
// one. Of the others nothing is appended: all that follows may be called for any session.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_SESSION_DOOR_JOURNAL_H
#define ROLE_BROKER_SESSION_DOOR_JOURNAL_H

#include "role/broker/mqtt/door_state.h"

static inline bool door_journal_has(const struct door_session *session) {
    return session->journal_number != 0;
}

// The session has begun, or lost or found its connection, or its will.
void door_journal_session(struct mqtt_door *door, struct door_session *session);
// It has ended, for the journal at least.
void door_journal_end(struct mqtt_door *door, struct door_session *session);
// DOOR_SUBSCRIBED or DOOR_UNSUBSCRIBED; the two numbers count for the first.
void door_journal_filter(struct mqtt_door *door, const struct door_session *session,
                         enum door_record kind, const struct journal_record *record);
// A delivery at the end of the queue, with its packet id if it is about to be sent.
void door_journal_queued(struct mqtt_door *door, const struct door_session *session,
                         struct door_delivery *delivery);
// DOOR_SENT, DOOR_RELEASED or DOOR_DONE. What is done before it was written is taken back.
void door_journal_delivery(struct mqtt_door *door, const struct door_session *session,
                           struct door_delivery *delivery, enum door_record kind);
// DOOR_RECEIVED or DOOR_COMPLETED.
void door_journal_received(struct mqtt_door *door, const struct door_session *session,
                           uint16_t packet_id, enum door_record kind);

// Records as they are now, for the journal and for a snapshot. Texts are borrowed.
struct journal_record door_journal_of_session(const struct door_session *session);
struct journal_record door_journal_of_will(const struct door_session *session);
struct journal_record door_journal_of_message(const struct door_message *message);
// Of one that is not released.
struct journal_record door_journal_of_delivery(const struct door_session *session,
                                               const struct door_delivery *delivery);

#endif
