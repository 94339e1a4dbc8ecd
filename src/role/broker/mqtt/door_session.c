#include "role/broker/mqtt/door_session.h"

#include "base/assert.h"
#include "base/hash.h"
#include "role/broker/mqtt/door_absent.h"
#include "role/broker/mqtt/door_delivery.h"
#include "role/broker/mqtt/door_expiry.h"
#include "role/broker/mqtt/door_publish.h"
#include "role/broker/mqtt/door_retained.h"
#include "role/broker/mqtt/door_subscribe.h"

// ---- the table of sessions --------------------------------------------------------------------

static uint64_t hash_of(const struct mqtt_door *door, struct bytes client_id) {
    return hash_bytes(client_id, door->by_client_id.seed);
}

struct door_session *door_session_find(const struct mqtt_door *door, struct bytes client_id) {
    uint32_t number = map_get(&door->by_client_id, hash_of(door, client_id));
    while (number != MAP_NONE) {
        struct door_session *session = door->sessions[number];
        if (bytes_equal(door_client_id(session), client_id)) {
            return session;
        }
        number = session->next_same;
    }
    return NULL;
}

static uint32_t take_number(struct mqtt_door *door) {
    ASSERT(door->session_count < MQTT_DOOR_SESSIONS_MAX); // who creates one has looked
    if (door->free_count > 0) {
        return door->free_sessions[--door->free_count];
    }
    door->sessions = memory_grow(door->memory, (void *)door->sessions, &door->session_capacity,
                                 door->session_used + 1, sizeof(struct door_session *));
    return door->session_used++;
}

struct door_session *door_session_create(struct mqtt_door *door, struct bytes client_id) {
    struct door_session *session = memory_allocate(door->memory, sizeof *session);
    uint64_t hash = hash_of(door, client_id);
    session->timer.kind = DOOR_TIMER_SESSION;
    session->number = take_number(door);
    session->next_same = map_get(&door->by_client_id, hash);
    session->client_id = memory_resize(door->memory, NULL, 0, client_id.size);
    session->client_id_bytes = (uint16_t)client_id.size;
    memcpy(session->client_id, client_id.data, client_id.size);
    door->sessions[session->number] = session;
    door->session_count++;
    map_put(&door->by_client_id, hash, session->number);
    return session;
}

static void unlink_session(struct mqtt_door *door, struct door_session *session) {
    uint64_t hash = hash_of(door, door_client_id(session));
    uint32_t number = map_get(&door->by_client_id, hash);
    if (number != session->number) {
        while (door->sessions[number]->next_same != session->number) {
            number = door->sessions[number]->next_same;
        }
        door->sessions[number]->next_same = session->next_same;
    } else if (session->next_same != MAP_NONE) {
        map_put(&door->by_client_id, hash, session->next_same);
    } else {
        map_remove(&door->by_client_id, hash);
    }
    door->sessions[session->number] = NULL;
    door->session_count--;
    door->free_sessions = memory_grow(door->memory, door->free_sessions, &door->free_capacity,
                                      door->free_count + 1, sizeof *door->free_sessions);
    door->free_sessions[door->free_count++] = session->number;
}

// ---- wills ------------------------------------------------------------------------------------

void door_session_set_will(struct mqtt_door *door, struct door_session *session,
                           const struct mqtt_packet *connect) {
    const struct mqtt_connect *fields = &connect->connect;
    struct buffer properties;
    buffer_init(&properties, door->memory);
    door_forwarded_properties(&fields->will_properties, &properties);
    struct door_texts texts = {fields->will_topic, buffer_bytes(&properties), fields->will_payload};
    struct door_message *message = door_message_create(door->memory, &texts);
    buffer_deinit(&properties);
    message->qos = fields->will_qos;
    message->retain = fields->will_retain;
    if (mqtt_properties_have(&fields->will_properties, MQTT_MESSAGE_EXPIRY)) {
        // A span until it is published, see publish_will.
        message->expires_at = fields->will_properties.message_expiry * ROLE_SECOND;
    }
    door_session_put_will(door, session, message, fields->will_properties.will_delay * ROLE_SECOND);
}

void door_session_put_will(struct mqtt_door *door, struct door_session *session,
                           struct door_message *message, uint64_t delay) {
    session->will = memory_allocate(door->memory, sizeof *session->will);
    session->will->message = message;
    session->will->delay = delay;
}

void door_session_forget_will(struct mqtt_door *door, struct door_session *session) {
    if (session->will != NULL) {
        door_message_unref(door->memory, session->will->message);
        memory_free(door->memory, session->will, sizeof *session->will);
        session->will = NULL;
    }
}

static void publish_will(struct mqtt_door *door, struct door_session *session, uint64_t now) {
    struct door_will *will = session->will;
    if (will != NULL) {
        session->will = NULL;
        struct door_message *message = will->message;
        message->expires_at =
            message->expires_at == DOOR_NEVER ? DOOR_NEVER : now + message->expires_at;
        door_publish_message(door, message, session->number, now);
        door_message_unref(door->memory, message);
        memory_free(door->memory, will, sizeof *will);
    }
}

// ---- the end ----------------------------------------------------------------------------------

void door_session_end(struct mqtt_door *door, struct door_session *session, uint64_t now) {
    ASSERT(session->connection == NULL);
    door_absent_end(door, session);
    door_absent_set_address(door, session, 0);
    door_subscriptions_end(door, session);
    publish_will(door, session, now);
    door_keep_end(door, session);
    timers_remove(&door->timers, &session->timer);
    door_expiry_free(door, session);
    door_queue_hand_over(door, session, now);
    door_queue_free(door, session);
    door_retained_free(door, session);
    if (session->received != NULL) {
        map_deinit(session->received);
        memory_free(door->memory, session->received, sizeof *session->received);
    }
    unlink_session(door, session);
    memory_free(door->memory, session->subscriptions,
                session->subscription_capacity * sizeof *session->subscriptions);
    memory_free(door->memory, session->client_id, session->client_id_bytes);
    memory_free(door->memory, session, sizeof *session);
}

uint64_t door_session_span(const struct mqtt_door *door, const struct door_session *session) {
    uint64_t most = door->config->limits.session_expiry;
    uint64_t span =
        session->expiry == DOOR_SESSION_FOREVER ? ROLE_NEVER : session->expiry * ROLE_SECOND;
    return span < most ? span : most;
}

void door_session_set_timer(struct mqtt_door *door, struct door_session *session) {
    uint64_t due = session->ends_at;
    if (session->will != NULL && session->since + session->will->delay < due) {
        due = session->since + session->will->delay;
    }
    if (due != ROLE_NEVER) {
        timers_set(&door->timers, &session->timer, due);
    }
}

void door_session_detach(struct mqtt_door *door, struct door_session *session, bool publishes_will,
                         uint64_t now) {
    session->connection = NULL;
    session->since = now;
    door_queue_pause(&session->queue);
    if (!publishes_will) {
        door_session_forget_will(door, session);
    }
    uint64_t span = door_session_span(door, session);
    if (span == 0) {
        door_session_end(door, session, now);
        return;
    }
    door_absent_begin(door, session);
    session->ends_at = span == ROLE_NEVER ? ROLE_NEVER : now + span;
    if (session->will != NULL && session->will->delay == 0) {
        publish_will(door, session, now);
    }
    door_session_set_timer(door, session);
    door_keep_session(door, session, now);
}

void door_session_tick(struct mqtt_door *door, struct door_session *session, uint64_t now) {
    if (session->ends_at <= now) {
        door->counts.expired_sessions++;
        door_session_end(door, session, now);
        return;
    }
    publish_will(door, session, now);
    door_session_set_timer(door, session);
    door_keep_session(door, session, now);
}
