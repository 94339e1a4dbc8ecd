// How much may wait for one client of the MQTT door and for all of them together, in messages and
// bytes, in queues and in streams. Clients that read too slowly lose messages, by the policy. A
// client for which nothing waits still gets its next message as long as there is any memory, so
// that slow clients do not starve the others.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_DELIVERY_DOOR_WAITING_H
#define ROLE_BROKER_DELIVERY_DOOR_WAITING_H

#include "role/broker/mqtt/door_state.h"

// Whether there is plenty of room for so many messages of this size to as many clients: then none
// of these has to be asked about.
static inline bool door_waiting_has_plenty(const struct mqtt_door *door, uint32_t count,
                                           size_t size) {
    uint64_t waiting = door->waiting_bytes + door->pool.bytes + count * (uint64_t)size;
    return waiting <= door->config->limits.total_bytes &&
           memory_has_plenty(door->memory, waiting + count * (uint64_t)DOOR_CHUNK_LARGE);
}

bool door_waiting_has_room_exactly(struct mqtt_door *door, const struct door_session *session,
                                   size_t size);
// Whether so much more may wait for all clients together; a refusal is counted. This is asked
// for each message to each client, so the usual case, that there is plenty, is decided inline.
static inline bool door_waiting_has_room(struct mqtt_door *door, const struct door_session *session,
                                         size_t size) {
    return door_waiting_has_plenty(door, 1, size) ||
           door_waiting_has_room_exactly(door, session, size);
}

// More waits in the session's queue than before: the most that ever did is counted.
static inline void door_waiting_note(struct mqtt_door *door, const struct door_session *session) {
    uint64_t waiting = session->queue.count - session->queue.cursor;
    if (waiting > door->counts.waiting_most) {
        door->counts.waiting_most = waiting;
    }
}

// Makes room in the session's queue by the policy. False: the message is dropped.
bool door_waiting_make_room(struct mqtt_door *door, struct door_session *session, size_t size);
// A message that bypasses the queue finds no room in the stream: it is dropped, by the policy.
void door_waiting_drop(struct mqtt_door *door, struct door_session *session);

#endif
