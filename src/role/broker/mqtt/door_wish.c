#include "role/broker/mqtt/door_wish.h"

#include "base/assert.h"
#include "mqtt/property.h"
#include "role/broker/mqtt/door_absent.h"
#include "role/broker/mqtt/door_delivery.h"
#include "role/broker/mqtt/door_expiry.h"
#include "role/broker/mqtt/door_publish.h"
#include "role/broker/mqtt/door_session.h"
#include "role/broker/mqtt/door_subscribe.h"
#include "topic/topic.h"

#define SPACE_FOR_HEAD 64         // of a PUBLISH beside its texts: more than it takes
#define IDENTIFIER_MAX 268435455u // of a subscription

// ---- spans ------------------------------------------------------------------------------------

static uint64_t span_until(uint64_t time, uint64_t now) {
    return time == DOOR_NEVER ? ROLE_NEVER : time > now ? time - now : 0;
}

static uint64_t time_after(uint64_t span, uint64_t now) {
    return span < DOOR_NEVER - now ? now + span : DOOR_NEVER;
}

static uint64_t span_less(uint64_t span, uint64_t passed) {
    return span == ROLE_NEVER ? span : span > passed ? span - passed : 0;
}

void door_wish_age(struct door_wish *wish, uint64_t passed) {
    if (wish->kind == DOOR_WISH_QUEUED || wish->kind == DOOR_WISH_RETAINED) {
        wish->span = span_less(wish->span, passed);
    } else if (wish->kind == DOOR_WISH_SESSION && !wish->is_connected) {
        wish->ends_in = span_less(wish->ends_in, passed);
        wish->will_delay = span_less(wish->will_delay, passed);
    }
}

// ---- telling ----------------------------------------------------------------------------------

void door_keep(struct mqtt_door *door, const struct door_session *session, struct door_wish wish) {
    ASSERT(door->port->keep != NULL); // or is_kept would not be set
    wish.client_id = door_client_id(session);
    door->port->keep(door->port->context, &wish);
}

static void set_message(struct door_wish *wish, const struct door_message *message) {
    struct door_texts texts = door_message_texts(message);
    wish->topic = texts.topic;
    wish->properties = texts.properties;
    wish->payload = texts.payload;
    wish->qos = message->qos;
    wish->retain = message->retain;
}

static void set_will(struct door_wish *wish, const struct door_session *session, uint64_t now) {
    const struct door_will *will = session->will;
    bool is_connected = session->connection != NULL;
    wish->has_will = true;
    wish->will_delay = is_connected ? will->delay : span_until(session->since + will->delay, now);
    wish->span = will->message->expires_at;
    set_message(wish, will->message);
}

void door_keep_session(struct mqtt_door *door, struct door_session *session, uint64_t now) {
    if (door->port->keep == NULL || session->expiry == 0) {
        door_keep_end(door, session);
        return;
    }
    bool is_connected = session->connection != NULL;
    struct door_wish wish = {
        .kind = DOOR_WISH_SESSION,
        .version = session->version,
        .expiry = session->expiry,
        .last_packet_id = session->last_packet_id,
        .is_connected = is_connected,
        .ends_in =
            is_connected ? door_session_span(door, session) : span_until(session->ends_at, now),
    };
    if (session->will != NULL) {
        set_will(&wish, session, now);
    }
    session->is_kept = true;
    door_keep(door, session, wish);
}

void door_keep_end(struct mqtt_door *door, struct door_session *session) {
    if (session->is_kept) {
        session->is_kept = false;
        door_keep(door, session, (struct door_wish){.kind = DOOR_WISH_SESSION_ENDED});
    }
}

void door_keep_queued(struct mqtt_door *door, const struct door_session *session,
                      const struct door_delivery *delivery, uint64_t now) {
    struct door_wish wish = {.kind = DOOR_WISH_QUEUED,
                             .sequence = delivery->sequence,
                             .identifier = delivery->identifier,
                             .span = span_until(delivery->message->expires_at, now)};
    set_message(&wish, delivery->message);
    wish.qos = delivery->qos;
    wish.retain = delivery->retain;
    door_keep(door, session, wish);
}

void door_keep_delivery(struct mqtt_door *door, const struct door_session *session,
                        const struct door_delivery *delivery, enum door_wish_kind kind) {
    struct door_wish wish = {
        .kind = kind, .sequence = delivery->sequence, .packet_id = delivery->packet_id};
    door_keep(door, session, wish);
}

static void on_retained_changed(void *context, const struct broker_entry *entry, uint64_t now) {
    const struct mqtt_door *door = context;
    struct door_wish wish = {.kind = DOOR_WISH_NOT_RETAINED, .topic = entry->topic};
    if (!broker_entry_forgets(entry)) {
        wish.kind = DOOR_WISH_RETAINED;
        wish.properties = entry->properties;
        wish.payload = entry->value;
        wish.span = span_until(entry->expires_at, now);
        wish.origin = entry->address;
        wish.qos = entry->qos;
        wish.retain = true;
    }
    door->port->keep(door->port->context, &wish);
}

void door_keep_attach(struct mqtt_door *door) {
    if (door->port->keep != NULL) {
        broker_core_add_observer(
            door->core, (struct broker_observer){.changed = on_retained_changed, .context = door});
    }
}

void door_keep_detach(struct mqtt_door *door) {
    if (door->port->keep != NULL) {
        broker_core_remove_observer(door->core, door);
    }
}

// ---- restoring: messages ----------------------------------------------------------------------

// Of those properties that a message keeps; identifiers, where a session has several subscriptions.
static bool are_properties(struct bytes run) {
    const uint64_t kept = MQTT_HAS(MQTT_PAYLOAD_FORMAT) | MQTT_HAS(MQTT_CONTENT_TYPE) |
                          MQTT_HAS(MQTT_RESPONSE_TOPIC) | MQTT_HAS(MQTT_CORRELATION_DATA) |
                          MQTT_HAS(MQTT_USER_PROPERTY) | MQTT_HAS(MQTT_SUBSCRIPTION_IDENTIFIER);
    struct mqtt_properties properties;
    return mqtt_properties_decode(&properties, run, MQTT_PUBLISH) == MQTT_SUCCESS &&
           (properties.present & ~kept) == 0;
}

static bool is_message(const struct door_wish *wish) {
    const size_t most = MQTT_REMAINING_MAX - TOPIC_BYTES_MAX - SPACE_FOR_HEAD;
    bool is_span = wish->span == ROLE_NEVER || wish->span <= UINT32_MAX * ROLE_SECOND;
    return topic_name_check(wish->topic) == TOPIC_OK && wish->qos <= 2 && is_span &&
           wish->properties.size <= most && wish->payload.size <= most - wish->properties.size &&
           are_properties(wish->properties);
}

static struct door_message *create_message(struct mqtt_door *door, const struct door_wish *wish,
                                           uint64_t expires_at) {
    struct door_texts texts = {wish->topic, wish->properties, wish->payload};
    struct door_message *message = door_message_create(door->memory, &texts);
    message->qos = wish->qos;
    message->retain = wish->retain;
    message->expires_at = expires_at;
    return message;
}

static bool restore_retained(struct mqtt_door *door, const struct door_wish *wish, uint64_t now) {
    struct broker_entry entry = {.topic = wish->topic,
                                 .value = wish->payload,
                                 .properties = wish->properties,
                                 .source = BROKER_NOBODY,
                                 .expires_at = time_after(wish->span, now),
                                 .address = wish->origin,
                                 .qos = wish->qos,
                                 .retain = true,
                                 .empty_forgets = wish->origin == 0};
    return is_message(wish) && !broker_entry_forgets(&entry) &&
           broker_core_retain(door->core, &entry, now);
}

static bool restore_not_retained(struct mqtt_door *door, const struct door_wish *wish,
                                 uint64_t now) {
    struct broker_entry entry = {
        .topic = wish->topic, .source = BROKER_NOBODY, .retain = true, .empty_forgets = true};
    return topic_name_check(wish->topic) == TOPIC_OK && broker_core_retain(door->core, &entry, now);
}

// ---- restoring: sessions ----------------------------------------------------------------------

static bool is_session(const struct door_wish *wish) {
    bool is_version =
        wish->version == MQTT_3_1 || wish->version == MQTT_3_1_1 || wish->version == MQTT_5;
    return is_version && wish->client_id.size > 0 && wish->client_id.size <= UINT16_MAX &&
           wish->expiry > 0 && (!wish->has_will || is_message(wish));
}

static bool restore_session(struct mqtt_door *door, const struct door_wish *wish, uint64_t now) {
    struct door_session *session = door_session_find(door, wish->client_id);
    if (!is_session(wish) || (session != NULL && session->connection != NULL)) {
        return false;
    }
    if (session == NULL && door->session_count == MQTT_DOOR_SESSIONS_MAX) {
        return false;
    }
    if (session == NULL) {
        session = door_session_create(door, wish->client_id);
    }
    session->version = wish->version;
    session->expiry = wish->expiry;
    session->last_packet_id = wish->last_packet_id;
    session->since = now;
    session->ends_at = time_after(wish->ends_in, now);
    session->is_kept = door->port->keep != NULL;
    door_session_forget_will(door, session);
    if (wish->has_will) {
        uint64_t delay = time_after(wish->will_delay, now) - now;
        door_session_put_will(door, session, create_message(door, wish, wish->span), delay);
    }
    timers_remove(&door->timers, &session->timer);
    door_session_set_timer(door, session);
    door_absent_end(door, session);
    door_absent_begin(door, session);
    return true;
}

// The session of the wish, or NULL.
static struct door_session *session_of(const struct mqtt_door *door, const struct door_wish *wish) {
    struct door_session *session = door_session_find(door, wish->client_id);
    return session == NULL || session->connection != NULL ? NULL : session;
}

// ---- restoring: what belongs to a session -----------------------------------------------------

typedef bool restorer(struct mqtt_door *door, struct door_session *session,
                      const struct door_wish *wish, uint64_t now);

static bool restore_end(struct mqtt_door *door, struct door_session *session,
                        const struct door_wish *wish, uint64_t now) {
    (void)wish;
    uint64_t dropped = door->counts.dropped_at_end;
    session->is_kept = false;
    door_session_forget_will(door, session); // it was published, which other wishes tell of
    door_session_end(door, session, now);
    door->counts.dropped_at_end = dropped; // by an earlier door
    return true;
}

static bool restore_subscription(struct mqtt_door *door, struct door_session *session,
                                 const struct door_wish *wish, uint64_t now) {
    (void)now;
    return wish->identifier <= IDENTIFIER_MAX && (wish->options & MQTT_OPTION_QOS) <= 2 &&
           door_subscription_restore(door, session, wish);
}

static bool restore_unsubscription(struct mqtt_door *door, struct door_session *session,
                                   const struct door_wish *wish, uint64_t now) {
    (void)now;
    return door_subscription_leave(door, session, wish->topic) == MQTT_SUCCESS;
}

static bool restore_queued(struct mqtt_door *door, struct door_session *session,
                           const struct door_wish *wish, uint64_t now) {
    struct door_queue *queue = &session->queue;
    if (wish->sequence <= queue->last_sequence || wish->qos == 0 ||
        wish->identifier > IDENTIFIER_MAX || !is_message(wish)) {
        return false;
    }
    struct door_message *message = create_message(door, wish, time_after(wish->span, now));
    struct door_delivery *delivery = door_queue_push(door, queue, message);
    door_message_unref(door->memory, message);
    delivery->sequence = queue->last_sequence = wish->sequence;
    delivery->identifier = wish->identifier;
    delivery->qos = (uint8_t)(wish->qos & 3);
    delivery->retain = wish->retain ? 1 : 0;
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

// The delivery of the wish that is not done, or NULL.
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
                         const struct door_wish *wish, uint64_t now) {
    (void)door;
    (void)now;
    struct door_queue *queue = &session->queue;
    struct door_delivery *delivery = find_delivery(queue, wish->sequence);
    if (delivery == NULL || delivery->flight != MQTT_FLOW_EXPECT_SENDING ||
        !is_next(queue, place_of(queue, wish->sequence), wish->packet_id)) {
        return false;
    }
    delivery->packet_id = session->last_packet_id = wish->packet_id;
    queue->is_sparse = true;
    delivery->flight = (uint8_t)mqtt_flow_sent(delivery->qos);
    return true;
}

static bool restore_released(struct mqtt_door *door, struct door_session *session,
                             const struct door_wish *wish, uint64_t now) {
    (void)now;
    struct door_queue *queue = &session->queue;
    struct door_delivery *delivery = find_delivery(queue, wish->sequence);
    bool is_new = wish->sequence > queue->last_sequence;
    if (is_new && is_next(queue, queue->count, wish->packet_id)) {
        delivery = door_queue_push(door, queue, NULL);
        delivery->sequence = queue->last_sequence = wish->sequence;
        delivery->packet_id = session->last_packet_id = wish->packet_id;
        delivery->qos = 2;
        queue->is_sparse = true;
    } else if (delivery == NULL || delivery->flight != MQTT_FLOW_EXPECT_PUBREC ||
               delivery->packet_id != wish->packet_id) {
        return false;
    }
    door_queue_release(door, queue, delivery);
    delivery->flight = MQTT_FLOW_EXPECT_PUBCOMP;
    return true;
}

static bool restore_done(struct mqtt_door *door, struct door_session *session,
                         const struct door_wish *wish, uint64_t now) {
    (void)now;
    struct door_delivery *delivery = find_delivery(&session->queue, wish->sequence);
    if (delivery != NULL) {
        door_queue_finish(door, session, delivery);
    }
    return delivery != NULL;
}

static bool restore_received(struct mqtt_door *door, struct door_session *session,
                             const struct door_wish *wish, uint64_t now) {
    (void)now;
    return wish->packet_id != 0 && door_received_add(door, session, wish->packet_id);
}

static bool restore_completed(struct mqtt_door *door, struct door_session *session,
                              const struct door_wish *wish, uint64_t now) {
    (void)door;
    (void)now;
    return door_received_remove(session, wish->packet_id);
}

static restorer *const restorers[DOOR_WISH_KINDS] = {
    [DOOR_WISH_SESSION_ENDED] = restore_end,
    [DOOR_WISH_SUBSCRIPTION] = restore_subscription,
    [DOOR_WISH_UNSUBSCRIPTION] = restore_unsubscription,
    [DOOR_WISH_QUEUED] = restore_queued,
    [DOOR_WISH_SENT] = restore_sent,
    [DOOR_WISH_RELEASED] = restore_released,
    [DOOR_WISH_DONE] = restore_done,
    [DOOR_WISH_RECEIVED] = restore_received,
    [DOOR_WISH_COMPLETED] = restore_completed,
};

bool mqtt_door_restore(struct mqtt_door *door, const struct door_wish *wish, uint64_t now) {
    if ((unsigned)wish->kind >= DOOR_WISH_KINDS) {
        return false;
    }
    if (wish->kind == DOOR_WISH_SESSION) {
        return restore_session(door, wish, now);
    }
    if (wish->kind == DOOR_WISH_RETAINED) {
        return restore_retained(door, wish, now);
    }
    if (wish->kind == DOOR_WISH_NOT_RETAINED) {
        return restore_not_retained(door, wish, now);
    }
    struct door_session *session = session_of(door, wish);
    return session != NULL && restorers[wish->kind](door, session, wish, now);
}
