#include "role/broker/delivery/door_waiting.h"

#include "base/assert.h"
#include "role/broker/mqtt/door_connection.h"
#include "role/broker/session/door_journal.h"
#include "role/broker/delivery/door_queue.h"
#include "role/broker/mqtt/door_room.h"

static void note_drop(struct mqtt_door *door, struct door_session *session) {
    door->counts.dropped_queue_full++;
    if (!session->drops) {
        session->drops = true;
        door_connection_tell(door, DOOR_EVENT_DROPPED, session->connection,
                             (struct door_event){.client_id = door_client_id(session),
                                                 .reason = MQTT_QUOTA_EXCEEDED});
    }
}

static uint64_t waiting_bytes(const struct door_session *session) {
    return session->queue.bytes +
           (session->connection == NULL ? 0 : session->connection->output.bytes);
}

// What a message costs beside its bytes: a place in the queue, or in a chunk of the stream.
static size_t cost_beside(const struct door_session *session) {
    const struct door_queue *queue = &session->queue;
    size_t ring = queue->count < queue->capacity ? 0 : queue->capacity * sizeof *queue->ring * 2;
    bool has_output = session->connection != NULL && session->connection->output.bytes > 0;
    return ring + (has_output ? DOOR_CHUNK_LARGE : DOOR_CHUNK_SMALL);
}

// A small message for a client that nothing waits for may as long as there is any memory, so that
// those who let much wait do not starve the others.
bool door_waiting_has_room_exactly(struct mqtt_door *door, const struct door_session *session,
                                   size_t size) {
    bool is_first = waiting_bytes(session) == 0;
    bool is_small = is_first && session->connection != NULL && size <= door_room_small_share(door);
    enum memory_mark mark = is_small                      ? MEMORY_ANSWER
                            : session->connection != NULL ? MEMORY_SERVING
                                                          : MEMORY_KEPT;
    bool is_within =
        is_first || door->waiting_bytes + door->pool.bytes + size <= door_room_of_all(door);
    if (is_within && memory_has_room(door->memory, mark, size + cost_beside(session))) {
        return true;
    }
    door->counts.dropped_total_full++;
    return false;
}

// Who is to be disconnected while messages that came too much are dropped.
static void condemn_by_policy(struct mqtt_door *door, struct door_session *session) {
    if (door->config->limits.policy == DOOR_QUEUE_DISCONNECT && session->connection != NULL) {
        door_connection_condemn(door, session->connection, MQTT_QUOTA_EXCEEDED);
    }
}

void door_waiting_drop(struct mqtt_door *door, struct door_session *session) {
    note_drop(door, session);
    condemn_by_policy(door, session);
}

// The first delivery that was never sent; the queue's count: there is none.
static uint32_t first_waiting(const struct door_queue *queue) {
    uint32_t first = queue->cursor;
    while (first < queue->count &&
           door_queue_at(queue, first)->flight != MQTT_FLOW_EXPECT_SENDING) {
        first++;
    }
    return first;
}

static bool is_full(const struct mqtt_door *door, const struct door_session *session, size_t size) {
    const struct door_queue *queue = &session->queue;
    return queue->count - queue->cursor >= door->config->limits.queue_messages ||
           waiting_bytes(session) + size > door_room_of_queue(door);
}

bool door_waiting_make_room(struct mqtt_door *door, struct door_session *session, size_t size) {
    struct door_queue *queue = &session->queue;
    if (!door_waiting_has_room(door, session, size)) {
        return false;
    }
    while (is_full(door, session, size)) {
        uint32_t first = first_waiting(queue);
        door_waiting_drop(door, session);
        if (door->config->limits.policy != DOOR_QUEUE_DROP_OLDEST || first == queue->count) {
            return false;
        }
        door_journal_delivery(door, session, door_queue_at(queue, first), DOOR_DONE);
        door_queue_remove(door, session, first);
    }
    return true;
}
