// How much of its queue a client of the MQTT door is sent: as much as the client allows (receive
// maximum) and we allow (in flight), as long as it keeps reading.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_DELIVERY_DOOR_WINDOW_H
#define ROLE_BROKER_DELIVERY_DOOR_WINDOW_H

#include "role/broker/mqtt/door_state.h"

// Whether the client is there and takes one more message of QoS 1 or 2.
bool door_window_is_open(const struct mqtt_door *door, const struct door_session *session);
// Whether the journal is well enough for a message of this QoS: one of QoS 2 is sent with a packet
// id that has to be known as long as it is under way.
static inline bool door_window_may_send(const struct mqtt_door *door, unsigned qos) {
    return qos < 2 || journal_may_promise(door->journal);
}

// Sends from the queue as far as the window is open.
void door_window_send(struct mqtt_door *door, struct door_session *session, uint64_t now);
// The delivery is done; it must not be used any more.
void door_window_finish(struct mqtt_door *door, struct door_session *session,
                        struct door_delivery *delivery);

#endif
