#include "role/broker/session/door_restore.h"

#include "base/assert.h"
#include "mqtt/property.h"
#include "role/broker/session/door_absent.h"
#include "role/broker/delivery/door_expiry.h"
#include "role/broker/delivery/door_queue.h"
#include "role/broker/delivery/door_received.h"
#include "role/broker/session/door_session.h"
#include "role/broker/session/door_sessions.h"
#include "role/broker/session/door_subscriptions.h"
#include "role/broker/session/door_will.h"
#include "topic/topic.h"

#define SPACE_FOR_HEAD 64         // of a PUBLISH beside its texts: more than it takes
#define IDENTIFIER_MAX 268435455u // of a subscription

static uint64_t time_after(uint64_t span, uint64_t now) {
    return span < DOOR_NEVER - now ? now + span : DOOR_NEVER;
}

// ---- messages ----------------------------------------------------------------------------------

// Of those properties that a message keeps; identifiers, where a session has several subscriptions.
static bool are_properties(struct bytes run) {
    const uint64_t kept = MQTT_HAS(MQTT_PAYLOAD_FORMAT) | MQTT_HAS(MQTT_CONTENT_TYPE) |
                          MQTT_HAS(MQTT_RESPONSE_TOPIC) | MQTT_HAS(MQTT_CORRELATION_DATA) |
                          MQTT_HAS(MQTT_USER_PROPERTY) | MQTT_HAS(MQTT_SUBSCRIPTION_IDENTIFIER);
    struct mqtt_properties properties;
    return mqtt_properties_decode(&properties, run, MQTT_PUBLISH) == MQTT_SUCCESS &&
           (properties.present & ~kept) == 0;
}

static bool is_message(const struct door_record *record) {
    const size_t most = MQTT_REMAINING_MAX - TOPIC_BYTES_MAX - SPACE_FOR_HEAD;
    bool is_span = record->span == ROLE_NEVER || record->span <= UINT32_MAX * ROLE_SECOND;
    return topic_name_check(record->topic) == TOPIC_OK && record->qos <= 2 && is_span &&
           record->properties.size <= most &&
           record->payload.size <= most - record->properties.size &&
           are_properties(record->properties);
}

static struct door_message *create_message(struct mqtt_door *door, const struct door_record *record,
                                           uint64_t expires_at) {
    struct door_texts texts = {record->topic, record->properties, record->payload};
    struct door_message *message = door_message_create(door->memory, &texts);
    message->qos = record->qos;
    message->retain = record->retain;
    message->expires_at = expires_at;
    return message;
}

static bool restore_retained(struct mqtt_door *door, const struct door_record *record,
                             uint64_t now) {
    struct broker_entry entry = {.topic = record->topic,
                                 .value = record->payload,
                                 .properties = record->properties,
                                 .source = BROKER_NOBODY,
                                 .expires_at = time_after(record->span, now),
                                 .address = record->origin,
                                 .qos = record->qos,
                                 .retain = true,
                                 .empty_forgets = record->origin == 0};
    return is_message(record) && !broker_entry_forgets(&entry) &&
           broker_core_retain(door->core, &entry, now);
}

static bool restore_not_retained(struct mqtt_door *door, const struct door_record *record,
                                 uint64_t now) {
    struct broker_entry entry = {
        .topic = record->topic, .source = BROKER_NOBODY, .retain = true, .empty_forgets = true};
    return topic_name_check(record->topic) == TOPIC_OK &&
           broker_core_retain(door->core, &entry, now);
}

// ---- sessions ----------------------------------------------------------------------------------

static bool is_session(const struct door_record *record) {
    bool is_version =
        record->version == MQTT_3_1 || record->version == MQTT_3_1_1 || record->version == MQTT_5;
    return is_version && record->client_id.size > 0 && record->client_id.size <= UINT16_MAX &&
           record->expiry > 0 && (!record->has_will || is_message(record));
}

static bool restore_session(struct mqtt_door *door, const struct door_record *record,
                            uint64_t now) {
    struct door_session *session = door_sessions_find(door, record->client_id);
    if (!is_session(record) || (session != NULL && session->connection != NULL)) {
        return false;
    }
    if (session == NULL && door->session_count == MQTT_DOOR_SESSIONS_MAX) {
        return false;
    }
    if (session == NULL) {
        session = door_sessions_create(door, record->client_id);
    }
    session->version = record->version;
    session->expiry = record->expiry;
    session->last_packet_id = record->last_packet_id;
    session->since = now;
    session->ends_at = time_after(record->ends_in, now);
    session->is_recorded = door->port->append != NULL;
    door_will_forget(door, session);
    if (record->has_will) {
        uint64_t delay = time_after(record->will_delay, now) - now;
        door_will_put(door, session, create_message(door, record, record->span), delay);
    }
    timers_remove(&door->timers, &session->timer);
    door_session_set_timer(door, session);
    door_absent_end(door, session);
    door_absent_begin(door, session);
    return true;
}

// The session of the record, or NULL.
static struct door_session *session_of(const struct mqtt_door *door,
                                       const struct door_record *record) {
    struct door_session *session = door_sessions_find(door, record->client_id);
    return session == NULL || session->connection != NULL ? NULL : session;
}

// ---- what belongs to a session -----------------------------------------------------------------

typedef bool restorer(struct mqtt_door *door, struct door_session *session,
                      const struct door_record *record, uint64_t now);

static bool restore_end(struct mqtt_door *door, struct door_session *session,
                        const struct door_record *record, uint64_t now) {
    (void)record;
    uint64_t dropped = door->counts.dropped_at_end;
    session->is_recorded = false;
    door_will_forget(door, session); // it was published, which other records tell of
    door_session_end(door, session, now);
    door->counts.dropped_at_end = dropped; // by an earlier door
    return true;
}

static bool restore_subscription(struct mqtt_door *door, struct door_session *session,
                                 const struct door_record *record, uint64_t now) {
    (void)now;
    return record->identifier <= IDENTIFIER_MAX && (record->options & MQTT_OPTION_QOS) <= 2 &&
           door_subscriptions_restore(door, session, record);
}

static bool restore_unsubscription(struct mqtt_door *door, struct door_session *session,
                                   const struct door_record *record, uint64_t now) {
    (void)now;
    return door_subscriptions_leave(door, session, record->topic) == MQTT_SUCCESS;
}

static bool restore_queued(struct mqtt_door *door, struct door_session *session,
                           const struct door_record *record, uint64_t now) {
    struct door_queue *queue = &session->queue;
    if (record->sequence <= queue->last_sequence || record->qos == 0 ||
        record->identifier > IDENTIFIER_MAX || !is_message(record)) {
        return false;
    }
    struct door_message *message = create_message(door, record, time_after(record->span, now));
    struct door_delivery *delivery = door_queue_push(door, queue, message);
    door_message_unref(door->memory, message);
    delivery->sequence = queue->last_sequence = record->sequence;
    delivery->identifier = record->identifier;
    delivery->qos = (uint8_t)(record->qos & 3);
    delivery->retain = record->retain ? 1 : 0;
    delivery->flight = MQTT_FLOW_EXPECT_SENDING;
    door_expiry_note(door, session);
    return true;
}

// The place of the delivery with this sequence, or of the first one behind it.
static uint32_t place_of(const struct door_queue *queue, uint64_t sequence) {
    uint32_t begin = 0;
    uint32_t end = queue->count;
    while (begin < end) {
        uint32_t middle = begin + (end - begin) / 2;
        if (door_queue_at(queue, middle)->sequence < sequence) {
            begin = middle + 1;
        } else {
            end = middle;
        }
    }
    return begin;
}

// The delivery of the record that is not done, or NULL.
static struct door_delivery *find_delivery(const struct door_queue *queue, uint64_t sequence) {
    uint32_t place = place_of(queue, sequence);
    if (place == queue->count) {
        return NULL;
    }
    struct door_delivery *delivery = door_queue_at(queue, place);
    return delivery->sequence == sequence && delivery->flight != MQTT_FLOW_DONE ? delivery : NULL;
}

// Whether the delivery at `place`, or a new one there, may be the next that was sent: all before it
// were, and none of them has this packet id.
static bool is_next(const struct door_queue *queue, uint32_t place, uint16_t packet_id) {
    for (uint32_t i = 0; i < place; i++) {
        const struct door_delivery *delivery = door_queue_at(queue, i);
        bool is_over = delivery->flight == MQTT_FLOW_DONE;
        if (delivery->flight == MQTT_FLOW_EXPECT_SENDING ||
            (!is_over && delivery->packet_id == packet_id)) {
            return false;
        }
    }
    return packet_id != 0;
}

static bool restore_sent(struct mqtt_door *door, struct door_session *session,
                         const struct door_record *record, uint64_t now) {
    (void)door;
    (void)now;
    struct door_queue *queue = &session->queue;
    struct door_delivery *delivery = find_delivery(queue, record->sequence);
    if (delivery == NULL || delivery->flight != MQTT_FLOW_EXPECT_SENDING ||
        !is_next(queue, place_of(queue, record->sequence), record->packet_id)) {
        return false;
    }
    delivery->packet_id = session->last_packet_id = record->packet_id;
    queue->is_sparse = true;
    delivery->flight = (uint8_t)mqtt_flow_sent(delivery->qos);
    return true;
}

static bool restore_released(struct mqtt_door *door, struct door_session *session,
                             const struct door_record *record, uint64_t now) {
    (void)now;
    struct door_queue *queue = &session->queue;
    struct door_delivery *delivery = find_delivery(queue, record->sequence);
    bool is_new = record->sequence > queue->last_sequence;
    if (is_new && is_next(queue, queue->count, record->packet_id)) {
        delivery = door_queue_push(door, queue, NULL);
        delivery->sequence = queue->last_sequence = record->sequence;
        delivery->packet_id = session->last_packet_id = record->packet_id;
        delivery->qos = 2;
        queue->is_sparse = true;
    } else if (delivery == NULL || delivery->flight != MQTT_FLOW_EXPECT_PUBREC ||
               delivery->packet_id != record->packet_id) {
        return false;
    }
    door_queue_release(door, queue, delivery);
    delivery->flight = MQTT_FLOW_EXPECT_PUBCOMP;
    return true;
}

static bool restore_done(struct mqtt_door *door, struct door_session *session,
                         const struct door_record *record, uint64_t now) {
    (void)now;
    struct door_delivery *delivery = find_delivery(&session->queue, record->sequence);
    if (delivery != NULL) {
        door_queue_finish(door, session, delivery);
    }
    return delivery != NULL;
}

static bool restore_received(struct mqtt_door *door, struct door_session *session,
                             const struct door_record *record, uint64_t now) {
    (void)now;
    return record->packet_id != 0 && door_received_add(door, session, record->packet_id);
}

static bool restore_completed(struct mqtt_door *door, struct door_session *session,
                              const struct door_record *record, uint64_t now) {
    (void)door;
    (void)now;
    return door_received_remove(session, record->packet_id);
}

static restorer *const restorers[DOOR_RECORD_KINDS] = {
    [DOOR_RECORD_SESSION_ENDED] = restore_end,
    [DOOR_RECORD_SUBSCRIPTION] = restore_subscription,
    [DOOR_RECORD_UNSUBSCRIPTION] = restore_unsubscription,
    [DOOR_RECORD_QUEUED] = restore_queued,
    [DOOR_RECORD_SENT] = restore_sent,
    [DOOR_RECORD_RELEASED] = restore_released,
    [DOOR_RECORD_DONE] = restore_done,
    [DOOR_RECORD_RECEIVED] = restore_received,
    [DOOR_RECORD_COMPLETED] = restore_completed,
};

bool door_restore(struct mqtt_door *door, const struct door_record *record, uint64_t now) {
    if ((unsigned)record->kind >= DOOR_RECORD_KINDS) {
        return false;
    }
    if (record->kind == DOOR_RECORD_SESSION) {
        return restore_session(door, record, now);
    }
    if (record->kind == DOOR_RECORD_RETAINED) {
        return restore_retained(door, record, now);
    }
    if (record->kind == DOOR_RECORD_NOT_RETAINED) {
        return restore_not_retained(door, record, now);
    }
    struct door_session *session = session_of(door, record);
    return session != NULL && restorers[record->kind](door, session, record, now);
}
