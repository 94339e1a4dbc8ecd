#include "role/broker/delivery/door_flight.h"

#include "base/assert.h"
#include "role/broker/mqtt/door_connection.h"
#include "role/broker/session/door_journal.h"
#include "role/broker/delivery/door_held.h"
#include "role/broker/delivery/door_queue.h"
#include "role/broker/subscribe/door_retained.h"
#include "role/broker/mqtt/door_turns.h"
#include "role/broker/delivery/door_window.h"

static void send_pubrel(struct mqtt_door *door, struct door_connection *connection,
                        uint16_t packet_id, enum mqtt_reason reason) {
    struct mqtt_packet packet = {
        .type = MQTT_PUBREL, .packet_id = packet_id, .reason = (uint8_t)reason};
    door_held_begin(door, connection); // the client may forget the packet id then
    door_connection_send(door, connection, &packet);
}

// PUBRELs go first, for only PUBLISH waits until the client allows more [MQTT-3.3.4-10,
// MQTT-4.4.0-1]. So they may have been sent though they lie behind the cursor.
void door_flight_resume(struct mqtt_door *door, struct door_session *session, uint64_t now) {
    struct door_queue *queue = &session->queue;
    queue->cursor = 0;
    queue->in_flight = 0;
    for (uint32_t i = 0; i < queue->count; i++) {
        const struct door_delivery *delivery = door_queue_at(queue, i);
        if (delivery->flight == MQTT_FLOW_EXPECT_PUBCOMP) {
            send_pubrel(door, session->connection, delivery->packet_id, MQTT_SUCCESS);
            queue->in_flight++;
        }
    }
    door_window_send(door, session, now);
    door_retained_resume(door, session, now);
}

// A delivery behind the cursor whose PUBREL was sent, see door_flight_resume.
static struct door_delivery *find_released(struct mqtt_door *door, struct door_queue *queue,
                                           uint16_t packet_id) {
    struct door_delivery *found = NULL;
    uint32_t i = queue->cursor;
    for (; found == NULL && i < queue->count; i++) {
        struct door_delivery *delivery = door_queue_at(queue, i);
        if (delivery->flight == MQTT_FLOW_EXPECT_SENDING) {
            break; // nor was anything behind it
        }
        bool is_it =
            delivery->flight == MQTT_FLOW_EXPECT_PUBCOMP && delivery->packet_id == packet_id;
        found = is_it ? delivery : NULL;
    }
    door_turns_spend(door, (i - queue->cursor) / DOOR_LOOKS_A_STEP);
    return found;
}

// The delivery with this packet id that was sent and is not done, or NULL.
static struct door_delivery *find_flight(struct mqtt_door *door, struct door_session *session,
                                         uint16_t packet_id) {
    struct door_queue *queue = &session->queue;
    uint32_t place = door_queue_find_sent(queue, packet_id);
    door_turns_spend(door, queue->is_sparse ? queue->cursor / DOOR_LOOKS_A_STEP : 0);
    if (place >= queue->cursor) {
        return find_released(door, queue, packet_id);
    }
    struct door_delivery *delivery = door_queue_at(queue, place);
    return delivery->flight == MQTT_FLOW_DONE ? NULL : delivery;
}

static void end_flight(struct mqtt_door *door, struct door_session *session,
                       struct door_delivery *delivery, uint64_t now) {
    ASSERT(session->queue.in_flight > 0);
    session->queue.in_flight--;
    door_window_finish(door, session, delivery);
    if (session->queue.cursor < session->queue.count) {
        door_window_send(door, session, now);
    }
    if (session->retained != NULL) {
        door_retained_resume(door, session, now);
    }
}

// The delivery has got its answer.
static void take_step(struct mqtt_door *door, struct door_session *session,
                      struct door_delivery *delivery, enum mqtt_flow_state next, uint64_t now) {
    if (next == MQTT_FLOW_DONE) {
        end_flight(door, session, delivery, now);
        return;
    }
    door_queue_release(door, &session->queue, delivery);
    delivery->flight = (uint8_t)next;
    door_journal_delivery(door, session, delivery, DOOR_RELEASED);
}

// Nothing has the id: the delivery may have ended on an earlier connection.
static void receive_unknown(struct mqtt_door *door, struct door_connection *connection,
                            const struct mqtt_packet *packet) {
    bool is_5 = connection->version == MQTT_5;
    bool is_refusal = is_5 && packet->reason >= MQTT_UNSPECIFIED_ERROR;
    if (packet->type == MQTT_PUBREC && !is_refusal) {
        send_pubrel(door, connection, packet->packet_id,
                    is_5 ? MQTT_PACKET_IDENTIFIER_NOT_FOUND : MQTT_SUCCESS);
    }
}

// An answer of another kind than its delivery awaits ends the connection [MQTT3-4.8.0-1,
// MQTT-4.13.1-1].
void door_flight_receive(struct mqtt_door *door, struct door_connection *connection,
                         const struct mqtt_packet *packet, uint64_t now) {
    struct door_session *session = connection->session;
    struct door_delivery *delivery = find_flight(door, session, packet->packet_id);
    if (delivery == NULL) {
        receive_unknown(door, connection, packet);
        return;
    }
    bool is_refusal = packet->reason >= MQTT_UNSPECIFIED_ERROR;
    struct mqtt_flow_step step =
        mqtt_flow_answered((enum mqtt_flow_state)delivery->flight, packet->type, is_refusal);
    if (step.match == MQTT_FLOW_WRONG) {
        door_connection_fail(door, connection, MQTT_PROTOCOL_ERROR,
                             "an acknowledgement is of another kind than its message awaits");
        return;
    }
    uint16_t packet_id = delivery->packet_id;
    if (step.match == MQTT_FLOW_AWAITED) {
        take_step(door, session, delivery, step.state, now);
    }
    if (step.answer == MQTT_PUBREL) {
        send_pubrel(door, connection, packet_id, MQTT_SUCCESS);
    }
}
