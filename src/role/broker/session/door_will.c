#include "role/broker/session/door_will.h"

#include "base/assert.h"
#include "role/broker/delivery/door_entry.h"
#include "role/broker/session/door_access.h"

void door_will_set(struct mqtt_door *door, struct door_session *session,
                   const struct mqtt_packet *connect, struct bytes topic, struct bytes mount) {
    const struct mqtt_connect *fields = &connect->connect;
    struct buffer properties;
    buffer_init(&properties, door->memory);
    door_entry_properties(&fields->will_properties, mount, &properties);
    struct door_texts texts = {topic, buffer_bytes(&properties), fields->will_payload};
    struct door_message *message = door_message_create(door->memory, &texts);
    buffer_deinit(&properties);
    message->qos = fields->will_qos;
    message->retain = fields->will_retain;
    if (mqtt_properties_have(&fields->will_properties, MQTT_MESSAGE_EXPIRY)) {
        // A span until it is published, see door_will_publish.
        message->expires_at = fields->will_properties.message_expiry * ROLE_SECOND;
    }
    door_will_put(door, session, message, fields->will_properties.will_delay * ROLE_SECOND);
}

void door_will_put(struct mqtt_door *door, struct door_session *session,
                   struct door_message *message, uint64_t delay) {
    ASSERT(session->will == NULL);
    session->will = memory_allocate(door->memory, sizeof *session->will);
    session->will->message = message;
    session->will->delay = delay;
}

void door_will_forget(struct mqtt_door *door, struct door_session *session) {
    if (session->will != NULL) {
        door_message_unref(door->memory, session->will->message);
        memory_free(door->memory, session->will, sizeof *session->will);
        session->will = NULL;
    }
}

static void publish_message(struct mqtt_door *door, const struct door_message *message,
                            const struct door_session *session, uint64_t now) {
    struct door_texts texts = door_message_texts(message);
    if (door_entry_is_refused(door, texts.topic)) {
        return;
    }
    if (!door_access_allows(door, session, ACCESS_WRITE, texts.topic)) { // any more
        door_access_refuse(door, session, texts.topic);
        return;
    }
    struct broker_entry entry = {.topic = texts.topic,
                                 .value = texts.payload,
                                 .properties = texts.properties,
                                 .source = {door->number, session->number},
                                 .expires_at = message->expires_at,
                                 .qos = message->qos,
                                 .retain = message->retain,
                                 .empty_forgets = true};
    (void)door_entry_publish(door, NULL, &entry, now);
}

void door_will_publish(struct mqtt_door *door, struct door_session *session, uint64_t now) {
    struct door_will *will = session->will;
    if (will != NULL) {
        session->will = NULL;
        struct door_message *message = will->message;
        message->expires_at =
            message->expires_at == DOOR_NEVER ? DOOR_NEVER : now + message->expires_at;
        publish_message(door, message, session, now);
        door_message_unref(door->memory, message);
        memory_free(door->memory, will, sizeof *will);
    }
}
