#include "role/broker/delivery/door_delivery.h"

#include "base/apart.h"
#include "base/assert.h"
#include "base/decimal.h"
#include "role/broker/mqtt/door_connection.h"
#include "role/broker/delivery/door_expiry.h"
#include "role/broker/delivery/door_held.h"
#include "role/broker/session/door_journal.h"
#include "role/broker/delivery/door_queue.h"
#include "role/broker/mqtt/door_room.h"
#include "role/broker/delivery/door_waiting.h"
#include "role/broker/delivery/door_window.h"

#define ROOM_KEPT 65536                  // of buffers that are used again
#define SENDER_PROPERTY "sender_address" // of entries from a network of lines

// The message of the present publishing, made once for all who keep it.
static struct door_message *shared_message(struct mqtt_door *door, const struct broker_entry *entry,
                                           struct bytes properties) {
    struct door_publishing *publishing = &door->publishing;
    if (publishing->message == NULL) {
        struct door_texts texts = {entry->topic, properties, entry->value};
        publishing->message = door_message_create(door->memory, &texts);
        publishing->message->expires_at = entry->expires_at;
        publishing->message->qos = entry->qos;
    }
    return publishing->message;
}

// With several identifiers a message of its own, which has them among its properties.
static struct door_message *message_with_identifiers(struct mqtt_door *door,
                                                     const struct broker_entry *entry,
                                                     const struct door_sending *publish) {
    struct door_sending identifiers = {
        .identifier = publish->identifier, .more = publish->more, .expires_at = DOOR_NEVER};
    identifiers.properties = publish->properties;
    size_t size = door_sending_identifiers_size(door, &identifiers) + publish->properties.size;
    uint8_t *properties = memory_resize(door->memory, NULL, 0, size);
    (void)door_sending_write_properties(door, &identifiers, properties);
    struct door_texts texts = {entry->topic, bytes_make(properties, size), entry->value};
    struct door_message *message = door_message_create(door->memory, &texts);
    message->expires_at = entry->expires_at;
    message->qos = entry->qos;
    memory_free(door->memory, properties, size);
    return message;
}

// A new delivery at the end of the queue.
static struct door_delivery *push(struct mqtt_door *door, struct door_session *session,
                                  const struct broker_entry *entry,
                                  const struct door_sending *publish) {
    bool has_several = publish->more != 0;
    struct door_message *message = has_several ? message_with_identifiers(door, entry, publish)
                                               : shared_message(door, entry, publish->properties);
    struct door_delivery *delivery = door_queue_push(door, &session->queue, message);
    delivery->identifier = has_several ? 0 : publish->identifier;
    delivery->qos = (uint8_t)(publish->qos & 3);
    delivery->retain = publish->retain ? 1 : 0;
    delivery->flight = MQTT_FLOW_EXPECT_SENDING;
    if (publish->group != DOOR_NO_GROUP) {
        delivery->group = publish->group;
        delivery->group_serial = door->groups.items[publish->group].serial;
    }
    if (has_several) {
        door_message_unref(door->memory, message);
    }
    return delivery;
}

// Whether the client gets the same bytes as others.
static bool is_alike(const struct door_connection *connection, const struct door_sending *publish) {
    return publish->serial != 0 && publish->identifier == 0 && connection->alias_maximum == 0 &&
           !connection->is_mounted;
}

// Whether the delivery at the end of the queue is the next one, and encoded as others' are.
static bool may_share(const struct mqtt_door *door, const struct door_session *session,
                      const struct door_sending *publish) {
    const struct door_connection *connection = session->connection;
    const struct door_queue *queue = &session->queue;
    return connection != NULL && is_alike(connection, publish) &&
           publish->expires_at == DOOR_NEVER && queue->cursor + 1 == queue->count &&
           !queue->is_sparse && door_window_is_open(door, session) &&
           door_window_may_send(door, publish->qos);
}

// Into the queue; sent at once if nothing is before it and the flow control allows.
static void enqueue(struct mqtt_door *door, struct door_session *session,
                    const struct broker_entry *entry, struct door_sending *publish) {
    size_t size = sizeof(struct door_message) + entry->topic.size + publish->properties.size +
                  entry->value.size;
    if (!door_waiting_make_room(door, session, size)) {
        return;
    }
    struct door_delivery *delivery = push(door, session, entry, publish);
    bool is_shared = may_share(door, session, publish);
    publish->packet_id = delivery->packet_id = is_shared ? door_queue_next_id(session) : 0;
    door_journal_queued(door, session, delivery);
    if (!is_shared) {
        door_window_send(door, session, publish->now);
        door_waiting_note(door, session);
        if (entry->expires_at != DOOR_NEVER) {
            door_expiry_note(door, session);
        }
        return;
    }
    if (!door_sending_send_alike(door, session->connection, publish)) {
        door_window_finish(door, session, delivery);
        return;
    }
    delivery->flight = publish->qos == 1 ? MQTT_FLOW_EXPECT_PUBACK : MQTT_FLOW_EXPECT_PUBREC;
    session->queue.cursor++;
    session->queue.in_flight++;
}

APART static void send_alone(struct mqtt_door *door, struct door_connection *connection,
                             const struct broker_entry *entry, struct door_sending *publish) {
    if (entry->value.size > DOOR_COPY_MAX) {
        publish->message = shared_message(door, entry, publish->properties);
    }
    (void)door_sending_send(door, connection, publish);
}

// QoS 0 is for those who are there, and goes past the queue.
static void send_at_once(struct mqtt_door *door, struct door_session *session,
                         const struct broker_entry *entry, struct door_sending *publish) {
    struct door_connection *connection = session->connection;
    if (connection == NULL || connection->state != DOOR_OPEN) {
        return;
    }
    size_t size = entry->topic.size + entry->value.size;
    if (!publish->has_plenty && !door_waiting_has_room(door, session, size)) {
        return;
    }
    if (connection->output.bytes + size > door_room_of_queue(door)) {
        door_waiting_drop(door, session);
        return;
    }
    if (entry->qos == 2) {
        door_held_begin(door, connection); // or it would come again if we die before we have it
    }
    if (is_alike(connection, publish)) {
        (void)door_sending_send_alike(door, connection, publish);
    } else {
        send_alone(door, connection, entry, publish);
    }
}

void door_delivery_send(struct mqtt_door *door, struct door_session *session,
                        const struct broker_entry *entry, struct door_sending *publish) {
    publish->is_5 = session->version == MQTT_5;
    if (publish->qos == 0) {
        send_at_once(door, session, entry, publish);
    } else {
        enqueue(door, session, entry, publish);
    }
}

struct bytes door_delivery_properties_with_address(struct mqtt_door *door,
                                                   const struct broker_entry *entry) {
    struct buffer *buffer = &door->publishing.properties;
    struct bytes name = BYTES_LITERAL(SENDER_PROPERTY);
    uint8_t address[DECIMAL_DIGITS_MAX];
    size_t size = (size_t)(decimal_write(address, entry->address) - address);
    buffer->size = 0;
    uint8_t *out = buffer_reserve(buffer, MQTT_USER_PROPERTY_SIZE(name.size, size));
    buffer->size = (size_t)(mqtt_user_property_write(out, name, bytes_make(address, size)) - out);
    buffer_append(buffer, entry->properties);
    return buffer_bytes(buffer);
}

static void give_back(struct buffer *buffer) {
    if (buffer->capacity > ROOM_KEPT) {
        buffer_deinit(buffer);
    }
}

void door_delivery_end(struct mqtt_door *door) {
    give_back(&door->publishing.encodings_room);
    if (door->publishing.message != NULL) {
        door_message_unref(door->memory, door->publishing.message);
        door->publishing.message = NULL;
    }
}

void door_delivery_send_retained(struct mqtt_door *door, struct door_session *session,
                                 const struct broker_entry *entry, uint32_t options) {
    struct door_sending publish = door_delivery_of(
        entry, options, door_delivery_properties(door, entry), door->publishing.now);
    publish.retain = true;
    door_delivery_send(door, session, entry, &publish);
    door_delivery_end(door);
}
