#include "role/broker/delivery/door_window.h"

#include "base/assert.h"
#include "role/broker/delivery/door_expiry.h"
#include "role/broker/session/door_journal.h"
#include "role/broker/delivery/door_queue.h"
#include "role/broker/delivery/door_sending.h"

#define SPARSE_MAX 4096    // deliveries with ids in a sparse queue, where ids are looked for
#define UNREAD_MAX 262144  // bytes in a stream from which on its queue waits until they are read
#define UNREAD_SMALL 16384 // bytes in a stream up to which its queue goes on in any case

void door_window_finish(struct mqtt_door *door, struct door_session *session,
                        struct door_delivery *delivery) {
    door_journal_delivery(door, session, delivery, DOOR_DONE);
    door_queue_finish(door, session, delivery);
}

// What goes from the queue into the stream is there twice: it waits until what is there is read.
static bool reads(const struct mqtt_door *door, const struct door_connection *connection) {
    uint64_t unread = connection->output.bytes;
    return unread <= UNREAD_SMALL ||
           (unread <= UNREAD_MAX && memory_has_room(door->memory, MEMORY_SERVING, UNREAD_SMALL));
}

bool door_window_is_open(const struct mqtt_door *door, const struct door_session *session) {
    const struct door_connection *connection = session->connection;
    const struct door_queue *queue = &session->queue;
    return connection != NULL && connection->state == DOOR_OPEN &&
           queue->in_flight < connection->receive_maximum &&
           queue->in_flight < door->config->limits.in_flight &&
           queue->cursor < DOOR_QUEUE_SENT_MAX && reads(door, connection);
}

static struct door_sending publish_of(const struct door_connection *connection,
                                      const struct door_delivery *delivery, uint64_t now) {
    struct door_texts texts = door_message_texts(delivery->message);
    return (struct door_sending){.topic = texts.topic,
                                 .properties = texts.properties,
                                 .payload = texts.payload,
                                 .message = delivery->message,
                                 .expires_at = delivery->message->expires_at,
                                 .now = now,
                                 .identifier = delivery->identifier,
                                 .packet_id = delivery->packet_id,
                                 .qos = delivery->qos,
                                 .retain = delivery->retain,
                                 .is_5 = connection->version == MQTT_5};
}

// The delivery at the cursor, for the first time or again. False: it is not to be sent any more.
static bool send_delivery(struct mqtt_door *door, struct door_session *session,
                          struct door_delivery *delivery, uint64_t now) {
    struct door_connection *connection = session->connection;
    bool is_new = delivery->flight == MQTT_FLOW_EXPECT_SENDING;
    if (is_new && delivery->message->expires_at <= now) { // [MQTT-3.3.2-5]
        door->counts.dropped_expired++;
        return false;
    }
    if (is_new) {
        delivery->packet_id = door_queue_next_id(session);
        door_journal_delivery(door, session, delivery, DOOR_SENT);
    }
    struct door_sending publish = publish_of(connection, delivery, now);
    publish.dup = !is_new; // [MQTT-3.3.1-1]
    publish.expires_at = publish.expires_at < now ? now : publish.expires_at;
    if (!door_sending_send(door, connection, &publish)) {
        return false;
    }
    delivery->flight = (uint8_t)mqtt_flow_sent(delivery->qos);
    return true;
}

void door_window_send(struct mqtt_door *door, struct door_session *session, uint64_t now) {
    struct door_queue *queue = &session->queue;
    if (queue->cursor >= (queue->is_sparse ? SPARSE_MAX : DOOR_QUEUE_SENT_MAX) &&
        queue->in_flight < queue->cursor / 2) {
        door_queue_drop_done(queue);
    }
    while (queue->cursor < queue->count && door_window_is_open(door, session)) {
        struct door_delivery *delivery = door_queue_at(queue, queue->cursor);
        bool is_released = delivery->flight == MQTT_FLOW_EXPECT_PUBCOMP; // see door_flight_resume
        if (is_released || delivery->flight == MQTT_FLOW_DONE) {
            queue->cursor++;
        } else if (!door_window_may_send(door, delivery->qos)) {
            break; // until the journal is well again
        } else if (send_delivery(door, session, delivery, now)) {
            queue->in_flight++;
            queue->cursor++;
        } else if (queue->cursor > 0) { // it stays until those before it are done, with an id
            door_journal_delivery(door, session, delivery, DOOR_DONE);
            delivery->packet_id =
                delivery->packet_id == 0 ? door_queue_next_id(session) : delivery->packet_id;
            door_queue_release(door, queue, delivery);
            delivery->flight = MQTT_FLOW_DONE;
            queue->cursor++;
        } else {
            door_window_finish(door, session, delivery);
        }
    }
    if (session->expiry_heap != NULL && queue->cursor == queue->count) {
        door_expiry_free(door, session); // nothing waits
    }
}
