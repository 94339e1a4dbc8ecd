// Output of a connection that promises something (role/journal.h), and is held until the journal
// has what was appended before: PUBACK, PUBREC, PUBREL and PUBCOMP; CONNACK, SUBACK and UNSUBACK of
// sessions that stand in the journal; PUBLISH of QoS 2, and as QoS 0 of what was published so,
// which arrives once even if the broker dies. All that is sent behind it on the same connection
// waits as well, for a stream keeps its order. A door without a journal, and one whose journal has
// everything, holds nothing.
//
// While the journal fails nothing new is promised; what is held stays so, but for connections that
// are over, which are not kept waiting for it.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_DELIVERY_DOOR_HELD_H
#define ROLE_BROKER_DELIVERY_DOOR_HELD_H

#include "role/broker/mqtt/door_state.h"

void door_held_begin_exactly(struct mqtt_door *door, struct door_connection *connection);
// What is appended to the connection's output from now on is held until the journal has what it was
// given so far. To be called behind the records, before the packet.
static inline void door_held_begin(struct mqtt_door *door, struct door_connection *connection) {
    if (door->journal != NULL) {
        door_held_begin_exactly(door, connection);
    }
}

size_t door_held_sendable_exactly(const struct door_connection *connection);
// How much of the connection's output may be sent now.
static inline size_t door_held_sendable(const struct door_connection *connection) {
    return connection->held == NULL ? connection->output.bytes
                                    : door_held_sendable_exactly(connection);
}

// Whether the connection is to be kept until more of it may be sent.
bool door_held_is_awaited(const struct door_connection *connection);
// So much of the output was sent.
void door_held_sent(struct door_connection *connection, size_t bytes);
// The journal has more than before, or fails: wakes those connections that this changes something
// for.
void door_held_release(struct mqtt_door *door);
void door_held_free(struct mqtt_door *door, struct door_connection *connection);

void door_held_check(const struct door_connection *connection);

#endif
