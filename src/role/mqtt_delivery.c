#include "role/mqtt_delivery.h"

#include "base/assert.h"
#include "base/decimal.h"
#include "base/hash.h"
#include "role/mqtt_retained.h"
#include "role/mqtt_subscribe.h"
#include "role/mqtt_turns.h"

#define COPY_MAX 2048       // payloads up to this are copied, larger ones referred to
#define FORM_MAX 4096       // publishings up to this are encoded once for all alike
#define SPARSE_MAX 4096     // the same in a sparse queue, where ids are looked for
#define UNREAD_MAX 262144   // bytes in a stream from which on its queue waits until they are read
#define SMALL_WAITING 16384 // bytes that may wait for who has read all before them
#define ROOM_KEPT 65536     // of buffers that are used again
#define SENDER_PROPERTY "sender_address" // of entries from the line door

// ---- PUBLISH as bytes -------------------------------------------------------------------------

struct publish {
    struct bytes topic;
    struct bytes properties;
    struct bytes payload;
    struct mqtt_message *message; // that the payload is of, or NULL
    uint64_t expires_at;
    uint64_t now;
    uint32_t identifier;
    uint32_t more; // identifiers, in door->publishing
    uint16_t packet_id;
    uint16_t alias;
    uint8_t qos;
    bool retain;
    bool dup;
    bool is_5;
};

static uint32_t expiry_of(const struct publish *publish) {
    uint64_t left = publish->expires_at - publish->now;
    return (uint32_t)((left + ROLE_SECOND - 1) / ROLE_SECOND);
}

static size_t identifiers_size(const struct mqtt_door *door, const struct publish *publish) {
    size_t size = publish->identifier == 0 ? 0 : 1 + mqtt_variable_size(publish->identifier);
    for (uint32_t at = publish->more; at != 0;) {
        const struct mqtt_identifiers *next = &door->publishing.identifiers[at];
        size += 1 + mqtt_variable_size(next->identifier);
        at = next->more;
    }
    return size;
}

static uint8_t *write_identifier(uint8_t *out, uint32_t identifier) {
    *out++ = MQTT_SUBSCRIPTION_IDENTIFIER;
    return mqtt_variable_write(out, identifier);
}

static uint8_t *write_properties(const struct mqtt_door *door, const struct publish *publish,
                                 uint8_t *out) {
    if (publish->expires_at != MQTT_NEVER) {
        *out++ = MQTT_MESSAGE_EXPIRY;
        out = mqtt_four_bytes_write(out, expiry_of(publish));
    }
    if (publish->alias != 0) {
        *out++ = MQTT_TOPIC_ALIAS;
        out = mqtt_two_bytes_write(out, publish->alias);
    }
    if (publish->identifier != 0) {
        out = write_identifier(out, publish->identifier);
    }
    for (uint32_t at = publish->more; at != 0; at = door->publishing.identifiers[at].more) {
        out = write_identifier(out, door->publishing.identifiers[at].identifier);
    }
    if (publish->properties.size > 0) {
        memcpy(out, publish->properties.data, publish->properties.size);
    }
    return out + publish->properties.size;
}

struct publish_sizes {
    size_t properties; // without their length
    size_t head;       // all but the payload
    size_t remaining;
    size_t packet;
};

static struct publish_sizes measure(const struct mqtt_door *door, const struct publish *publish) {
    struct publish_sizes sizes = {0};
    size_t variable = 2 + publish->topic.size + (publish->qos > 0 ? 2 : 0);
    if (publish->is_5) {
        sizes.properties = publish->properties.size + (publish->expires_at != MQTT_NEVER ? 5 : 0) +
                           (publish->alias != 0 ? 3 : 0) + identifiers_size(door, publish);
        variable += mqtt_variable_size((uint32_t)sizes.properties) + sizes.properties;
    }
    sizes.remaining = variable + publish->payload.size;
    sizes.head = 1 + mqtt_variable_size((uint32_t)sizes.remaining) + variable;
    sizes.packet = sizes.head + publish->payload.size;
    return sizes;
}

// All but the payload; returns the end, and where the packet id stands.
static uint8_t *write_head(const struct mqtt_door *door, const struct publish *publish,
                           const struct publish_sizes *sizes, uint8_t *out, uint8_t **packet_id) {
    *out++ = (uint8_t)(MQTT_PUBLISH << 4 | publish->dup << 3 | publish->qos << 1 | publish->retain);
    out = mqtt_variable_write(out, (uint32_t)sizes->remaining);
    out = mqtt_text_write(out, publish->topic);
    *packet_id = out;
    if (publish->qos > 0) {
        out = mqtt_two_bytes_write(out, publish->packet_id);
    }
    if (publish->is_5) {
        out = mqtt_variable_write(out, (uint32_t)sizes->properties);
        out = write_properties(door, publish, out);
    }
    return out;
}

static void write_payload(uint8_t *out, struct bytes payload) {
    if (payload.size > 0) {
        memcpy(out, payload.data, payload.size);
    }
}

// A number for the topic, if the client takes some: the topic itself goes along the first time
// only. Those that come when all numbers are given out have none.
static void use_alias(struct mqtt_door *door, struct mqtt_connection *connection,
                      struct publish *publish) {
    struct mqtt_aliases *aliases = connection->aliases_out;
    if (aliases == NULL) {
        aliases = connection->aliases_out = memory_allocate(door->memory, sizeof *aliases);
    }
    uint64_t hash = hash_bytes(publish->topic, 0);
    for (uint32_t i = 0; i < aliases->count; i++) {
        struct mqtt_alias *known = &aliases->items[i];
        if (known->hash == hash &&
            bytes_equal(bytes_make(known->topic, known->topic_bytes), publish->topic)) {
            publish->alias = (uint16_t)(i + 1);
            publish->topic = (struct bytes){0};
            return;
        }
    }
    size_t bytes = publish->topic.size + sizeof *aliases->items + MEMORY_BLOCK_COST;
    if (aliases->count < connection->alias_maximum &&
        memory_has_room(door->memory, MEMORY_KEPT, bytes)) {
        aliases->items = memory_grow(door->memory, aliases->items, &aliases->capacity,
                                     aliases->count + 1, sizeof *aliases->items);
        uint8_t *topic = memory_resize(door->memory, NULL, 0, publish->topic.size);
        memcpy(topic, publish->topic.data, publish->topic.size);
        aliases->items[aliases->count++] =
            (struct mqtt_alias){hash, topic, (uint32_t)publish->topic.size};
        publish->alias = (uint16_t)aliases->count;
    }
}

static void count_sent(struct mqtt_door *door, struct mqtt_connection *connection,
                       size_t payload_bytes, bool was_idle) {
    door->counts.messages_sent++;
    door->counts.payload_sent += payload_bytes;
    if (was_idle) {
        mqtt_wake(door, connection);
    }
}

// False: the packet is over the client's maximum.
static bool send_publish(struct mqtt_door *door, struct mqtt_connection *connection,
                         struct publish *publish) {
    struct publish_sizes sizes = measure(door, publish);
    if (sizes.packet + 3 > connection->maximum_packet) { // 3: an alias yet to come
        door->counts.dropped_too_large++;
        return false;
    }
    if (connection->alias_maximum > 0) {
        use_alias(door, connection, publish);
        sizes = measure(door, publish);
    }
    bool refers = publish->message != NULL && publish->payload.size > COPY_MAX;
    bool was_idle = !connection->is_ready;
    uint8_t *packet_id;
    uint8_t *out =
        mqtt_output_append(&connection->output, &door->pool, refers ? sizes.head : sizes.packet);
    out = write_head(door, publish, &sizes, out, &packet_id);
    if (refers) {
        mqtt_output_refer(&connection->output, &door->pool, publish->message);
    } else {
        write_payload(out, publish->payload);
    }
    count_sent(door, connection, publish->payload.size, was_idle);
    return true;
}

// ---- one encoding for all ---------------------------------------------------------------------

static const struct mqtt_form *find_form(struct mqtt_door *door, const struct publish *publish,
                                         uint64_t serial) {
    struct mqtt_publishing *publishing = &door->publishing;
    unsigned kind = (publish->is_5 ? 6u : 0u) + publish->qos * 2u + publish->retain;
    struct mqtt_form *form = &publishing->forms[kind];
    if (form->serial != serial) {
        struct publish_sizes sizes = measure(door, publish);
        uint8_t *start = buffer_reserve(&publishing->forms_room, sizes.packet);
        uint8_t *packet_id;
        write_payload(write_head(door, publish, &sizes, start, &packet_id), publish->payload);
        *form = (struct mqtt_form){serial, (uint32_t)publishing->forms_room.size,
                                   (uint32_t)sizes.packet, (uint32_t)(packet_id - start)};
        publishing->forms_room.size += sizes.packet;
    }
    return form;
}

// As send_publish, for what many get alike.
static bool send_form(struct mqtt_door *door, struct mqtt_connection *connection,
                      const struct publish *publish, uint64_t serial) {
    const struct mqtt_form *form = find_form(door, publish, serial);
    if (form->bytes > connection->maximum_packet) {
        door->counts.dropped_too_large++;
        return false;
    }
    bool was_idle = !connection->is_ready;
    uint8_t *out = mqtt_output_append(&connection->output, &door->pool, form->bytes);
    memcpy(out, door->publishing.forms_room.data + form->at, form->bytes);
    if (publish->qos > 0) {
        (void)mqtt_two_bytes_write(out + form->packet_id_at, publish->packet_id);
    }
    count_sent(door, connection, publish->payload.size, was_idle);
    return true;
}

// ---- queues -----------------------------------------------------------------------------------

static void keep(struct mqtt_door *door, const struct mqtt_session *session,
                 const struct mqtt_delivery *delivery, enum mqtt_wish_kind kind) {
    if (session->is_kept) {
        mqtt_keep_delivery(door, session, delivery, kind);
    }
}

static void finish(struct mqtt_door *door, struct mqtt_session *session,
                   struct mqtt_delivery *delivery) {
    keep(door, session, delivery, MQTT_WISH_DONE);
    mqtt_queue_finish(door, session, delivery);
}

// ---- sending from the queue -------------------------------------------------------------------

// What goes from the queue into the stream is there twice: it waits until what is there is read.
static bool reads(const struct mqtt_door *door, const struct mqtt_connection *connection) {
    uint64_t unread = connection->output.bytes;
    return unread <= SMALL_WAITING ||
           (unread <= UNREAD_MAX && memory_has_room(door->memory, MEMORY_SERVING, SMALL_WAITING));
}

static bool has_quota(const struct mqtt_door *door, const struct mqtt_session *session) {
    const struct mqtt_connection *connection = session->connection;
    const struct mqtt_queue *queue = &session->queue;
    return connection != NULL && queue->in_flight < connection->receive_maximum &&
           queue->in_flight < door->config->limits.in_flight &&
           queue->cursor < MQTT_QUEUE_SENT_MAX && reads(door, connection);
}

static struct publish publish_of(const struct mqtt_connection *connection,
                                 const struct mqtt_delivery *delivery, uint64_t now) {
    struct mqtt_texts texts = mqtt_message_texts(delivery->message);
    return (struct publish){.topic = texts.topic,
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

static void send_pubrel(struct mqtt_door *door, struct mqtt_connection *connection,
                        uint16_t packet_id, enum mqtt_reason reason) {
    struct mqtt_packet packet = {
        .type = MQTT_PUBREL, .packet_id = packet_id, .reason = (uint8_t)reason};
    mqtt_send(door, connection, &packet);
}

// The delivery at the cursor, for the first time or again. False: it is not to be sent any more.
static bool send_delivery(struct mqtt_door *door, struct mqtt_session *session,
                          struct mqtt_delivery *delivery, uint64_t now) {
    struct mqtt_connection *connection = session->connection;
    bool is_new = delivery->flight == MQTT_EXPECT_SENDING;
    if (is_new && delivery->message->expires_at <= now) { // [MQTT-3.3.2-5]
        door->counts.dropped_expired++;
        return false;
    }
    if (is_new) {
        delivery->packet_id = mqtt_queue_next_id(session);
    }
    struct publish publish = publish_of(connection, delivery, now);
    publish.dup = !is_new; // [MQTT-3.3.1-1]
    publish.expires_at = publish.expires_at < now ? now : publish.expires_at;
    if (!send_publish(door, connection, &publish)) {
        return false;
    }
    delivery->flight = delivery->qos == 1 ? MQTT_EXPECT_PUBACK : MQTT_EXPECT_PUBREC;
    if (is_new) {
        keep(door, session, delivery, MQTT_WISH_SENT);
    }
    return true;
}

void mqtt_queue_send(struct mqtt_door *door, struct mqtt_session *session, uint64_t now) {
    struct mqtt_queue *queue = &session->queue;
    if (queue->cursor >= (queue->is_sparse ? SPARSE_MAX : MQTT_QUEUE_SENT_MAX) &&
        queue->in_flight < queue->cursor / 2) {
        mqtt_queue_drop_done(queue);
    }
    while (queue->cursor < queue->count && has_quota(door, session)) {
        struct mqtt_delivery *delivery = mqtt_queue_at(queue, queue->cursor);
        bool is_released = delivery->flight == MQTT_EXPECT_PUBCOMP; // see mqtt_queue_resume
        if (is_released || delivery->flight == MQTT_DONE) {
            queue->cursor++;
        } else if (send_delivery(door, session, delivery, now)) {
            queue->in_flight++;
            queue->cursor++;
        } else if (queue->cursor > 0) { // it stays until those before it are done, with an id
            keep(door, session, delivery, MQTT_WISH_DONE);
            delivery->packet_id =
                delivery->packet_id == 0 ? mqtt_queue_next_id(session) : delivery->packet_id;
            mqtt_queue_release(door, queue, delivery);
            delivery->flight = MQTT_DONE;
            queue->cursor++;
        } else {
            finish(door, session, delivery);
        }
    }
}

// PUBRELs go first, for only PUBLISH waits until the client allows more [MQTT-3.3.4-10,
// MQTT-4.4.0-1]. So they may have been sent though they lie behind the cursor.
void mqtt_queue_resume(struct mqtt_door *door, struct mqtt_session *session, uint64_t now) {
    struct mqtt_queue *queue = &session->queue;
    queue->cursor = 0;
    queue->in_flight = 0;
    for (uint32_t i = 0; i < queue->count; i++) {
        const struct mqtt_delivery *delivery = mqtt_queue_at(queue, i);
        if (delivery->flight == MQTT_EXPECT_PUBCOMP) {
            send_pubrel(door, session->connection, delivery->packet_id, MQTT_SUCCESS);
            queue->in_flight++;
        }
    }
    mqtt_queue_send(door, session, now);
    mqtt_retained_go_on(door, session, now);
}

// ---- what clients answer ----------------------------------------------------------------------

// A delivery behind the cursor whose PUBREL was sent, see mqtt_queue_resume.
static struct mqtt_delivery *find_released(struct mqtt_queue *queue, uint16_t packet_id) {
    for (uint32_t i = queue->cursor; i < queue->count; i++) {
        struct mqtt_delivery *delivery = mqtt_queue_at(queue, i);
        if (delivery->flight == MQTT_EXPECT_SENDING) {
            break; // nor was anything behind it
        }
        if (delivery->flight == MQTT_EXPECT_PUBCOMP && delivery->packet_id == packet_id) {
            return delivery;
        }
    }
    return NULL;
}

// The delivery that awaits this answer, or NULL.
static struct mqtt_delivery *find_flight(struct mqtt_door *door, struct mqtt_session *session,
                                         uint16_t packet_id, enum mqtt_flight flight) {
    struct mqtt_queue *queue = &session->queue;
    uint32_t place = mqtt_queue_find_sent(queue, packet_id);
    mqtt_spend(door, queue->is_sparse ? queue->cursor / MQTT_LOOKS_A_STEP : 0);
    if (place >= queue->cursor) {
        return flight == MQTT_EXPECT_PUBCOMP ? find_released(queue, packet_id) : NULL;
    }
    struct mqtt_delivery *delivery = mqtt_queue_at(queue, place);
    return delivery->flight == flight ? delivery : NULL;
}

static void end_flight(struct mqtt_door *door, struct mqtt_session *session,
                       struct mqtt_delivery *delivery, uint64_t now) {
    session->queue.in_flight--;
    finish(door, session, delivery);
    if (session->queue.cursor < session->queue.count) {
        mqtt_queue_send(door, session, now);
    }
    if (session->walks != NULL) {
        mqtt_retained_go_on(door, session, now);
    }
}

void mqtt_receive_puback(struct mqtt_door *door, struct mqtt_connection *connection,
                         const struct mqtt_packet *packet, uint64_t now) {
    struct mqtt_session *session = connection->session;
    struct mqtt_delivery *delivery =
        find_flight(door, session, packet->packet_id, MQTT_EXPECT_PUBACK);
    if (delivery != NULL) {
        end_flight(door, session, delivery, now);
    }
}

void mqtt_receive_pubrec(struct mqtt_door *door, struct mqtt_connection *connection,
                         const struct mqtt_packet *packet, uint64_t now) {
    struct mqtt_session *session = connection->session;
    struct mqtt_delivery *delivery =
        find_flight(door, session, packet->packet_id, MQTT_EXPECT_PUBREC);
    if (delivery != NULL && packet->reason >= MQTT_UNSPECIFIED_ERROR) {
        end_flight(door, session, delivery, now); // the client does not want it
        return;
    }
    if (delivery != NULL) {
        mqtt_queue_release(door, &session->queue, delivery);
        delivery->flight = MQTT_EXPECT_PUBCOMP;
        keep(door, session, delivery, MQTT_WISH_RELEASED);
    }
    bool is_known = delivery != NULL ||
                    find_flight(door, session, packet->packet_id, MQTT_EXPECT_PUBCOMP) != NULL ||
                    connection->version != MQTT_5;
    if (is_known || packet->reason < MQTT_UNSPECIFIED_ERROR) {
        send_pubrel(door, connection, packet->packet_id,
                    is_known ? MQTT_SUCCESS : MQTT_PACKET_IDENTIFIER_NOT_FOUND);
    }
}

void mqtt_receive_pubcomp(struct mqtt_door *door, struct mqtt_connection *connection,
                          const struct mqtt_packet *packet, uint64_t now) {
    struct mqtt_session *session = connection->session;
    struct mqtt_delivery *delivery =
        find_flight(door, session, packet->packet_id, MQTT_EXPECT_PUBCOMP);
    if (delivery != NULL) {
        end_flight(door, session, delivery, now);
    }
}

// ---- a message for a session ------------------------------------------------------------------

static void note_drop(struct mqtt_door *door, struct mqtt_session *session) {
    door->counts.dropped_queue_full++;
    if (!session->drops) {
        session->drops = true;
        mqtt_tell(door, MQTT_EVENT_DROPPED, session->connection,
                  (struct mqtt_event){.client_id = mqtt_client_id(session),
                                      .reason = MQTT_QUOTA_EXCEEDED});
    }
}

static uint64_t waiting_bytes(const struct mqtt_session *session) {
    return session->queue.bytes +
           (session->connection == NULL ? 0 : session->connection->output.bytes);
}

static uint64_t less(uint64_t a, uint64_t b) {
    return a < b ? a : b;
}

uint64_t mqtt_queue_bytes_max(const struct mqtt_door *door) {
    return less(door->config->limits.queue_bytes, memory_share(door->memory));
}

// What may wait for all clients, in bytes: it leaves half of the memory for all else.
static uint64_t total_bytes_max(const struct mqtt_door *door) {
    size_t limit = door->memory->limit;
    return less(door->config->limits.total_bytes, limit == 0 ? UINT64_MAX : limit / 2);
}

// What a message costs beside its bytes: a place in the queue, or in a chunk of the stream.
static size_t cost_beside(const struct mqtt_session *session) {
    const struct mqtt_queue *queue = &session->queue;
    size_t ring = queue->count < queue->capacity ? 0 : queue->capacity * sizeof *queue->ring * 2;
    bool has_output = session->connection != NULL && session->connection->output.bytes > 0;
    return ring + (has_output ? MQTT_CHUNK_LARGE : MQTT_CHUNK_SMALL);
}

// Whether so much more may wait for all clients together, in queues and in streams. A small message
// for a client that nothing waits for may as long as there is any memory, so that those who hoard
// do not starve the others.
static bool has_total_room(struct mqtt_door *door, const struct mqtt_session *session,
                           size_t size) {
    bool is_first = waiting_bytes(session) == 0;
    enum memory_mark mark = is_first && size <= SMALL_WAITING ? MEMORY_ANSWER
                            : session->connection != NULL     ? MEMORY_SERVING
                                                              : MEMORY_KEPT;
    bool is_within =
        is_first || door->waiting_bytes + door->pool.bytes + size <= total_bytes_max(door);
    if (is_within && memory_has_room(door->memory, mark, size + cost_beside(session))) {
        return true;
    }
    door->counts.dropped_total_full++;
    return false;
}

// Makes room by the policy. False: the message is dropped.
static bool make_room(struct mqtt_door *door, struct mqtt_session *session, size_t size) {
    const struct mqtt_door_limits *limits = &door->config->limits;
    struct mqtt_queue *queue = &session->queue;
    if (!has_total_room(door, session, size)) {
        return false;
    }
    while (queue->count - queue->cursor >= limits->queue_messages ||
           waiting_bytes(session) + size > mqtt_queue_bytes_max(door)) {
        note_drop(door, session);
        if (limits->policy == MQTT_QUEUE_DISCONNECT && session->connection != NULL) {
            mqtt_doom(door, session->connection, MQTT_QUOTA_EXCEEDED);
        }
        uint32_t first = queue->cursor;
        while (first < queue->count && mqtt_queue_at(queue, first)->flight != MQTT_EXPECT_SENDING) {
            first++;
        }
        if (limits->policy != MQTT_QUEUE_DROP_OLDEST || first == queue->count) {
            return false;
        }
        keep(door, session, mqtt_queue_at(queue, first), MQTT_WISH_DONE);
        mqtt_queue_remove(door, session, first);
    }
    return true;
}

// The message of the present publishing, made once for all who keep it.
static struct mqtt_message *shared_message(struct mqtt_door *door, const struct broker_entry *entry,
                                           struct bytes properties) {
    struct mqtt_publishing *publishing = &door->publishing;
    if (publishing->message == NULL) {
        struct mqtt_texts texts = {entry->topic, properties, entry->value};
        publishing->message = mqtt_message_create(door->memory, &texts);
        publishing->message->expires_at = entry->expires_at;
        publishing->message->qos = entry->qos;
    }
    return publishing->message;
}

// With several identifiers a message of its own, which has them among its properties.
static struct mqtt_message *message_with_identifiers(struct mqtt_door *door,
                                                     const struct broker_entry *entry,
                                                     const struct publish *publish) {
    struct publish identifiers = {
        .identifier = publish->identifier, .more = publish->more, .expires_at = MQTT_NEVER};
    identifiers.properties = publish->properties;
    size_t size = identifiers_size(door, &identifiers) + publish->properties.size;
    uint8_t *properties = memory_resize(door->memory, NULL, 0, size);
    (void)write_properties(door, &identifiers, properties);
    struct mqtt_texts texts = {entry->topic, bytes_make(properties, size), entry->value};
    struct mqtt_message *message = mqtt_message_create(door->memory, &texts);
    message->expires_at = entry->expires_at;
    message->qos = entry->qos;
    memory_free(door->memory, properties, size);
    return message;
}

// Into the queue; sent at once if nothing is before it and the flow control allows.
static void enqueue(struct mqtt_door *door, struct mqtt_session *session,
                    const struct broker_entry *entry, struct publish *publish) {
    bool has_several = publish->more != 0;
    size_t size = sizeof(struct mqtt_message) + entry->topic.size + publish->properties.size +
                  entry->value.size;
    if (!make_room(door, session, size)) {
        return;
    }
    struct mqtt_message *message = has_several ? message_with_identifiers(door, entry, publish)
                                               : shared_message(door, entry, publish->properties);
    struct mqtt_queue *queue = &session->queue;
    struct mqtt_delivery *delivery = mqtt_queue_push(door, queue, message);
    delivery->identifier = has_several ? 0 : publish->identifier;
    delivery->qos = (uint8_t)(publish->qos & 3);
    delivery->retain = publish->retain ? 1 : 0;
    delivery->flight = MQTT_EXPECT_SENDING;
    if (session->is_kept) {
        mqtt_keep_queued(door, session, delivery, publish->now);
    }
    if (has_several) {
        mqtt_message_unref(door->memory, message);
    }
    struct mqtt_connection *connection = session->connection;
    bool is_alike = publish->identifier == 0 && connection != NULL &&
                    connection->alias_maximum == 0 && entry->serial != 0 &&
                    entry->value.size <= FORM_MAX && entry->expires_at == MQTT_NEVER;
    if (!is_alike || queue->cursor + 1 != queue->count || queue->is_sparse ||
        !has_quota(door, session)) {
        mqtt_queue_send(door, session, publish->now);
        return;
    }
    publish->packet_id = delivery->packet_id = mqtt_queue_next_id(session);
    if (!send_form(door, connection, publish, entry->serial)) {
        finish(door, session, delivery);
        return;
    }
    delivery->flight = publish->qos == 1 ? MQTT_EXPECT_PUBACK : MQTT_EXPECT_PUBREC;
    keep(door, session, delivery, MQTT_WISH_SENT);
    queue->cursor++;
    queue->in_flight++;
}

// QoS 0 is for those who are there, and goes past the queue.
static void send_at_once(struct mqtt_door *door, struct mqtt_session *session,
                         const struct broker_entry *entry, struct publish *publish) {
    struct mqtt_connection *connection = session->connection;
    if (connection == NULL || connection->state != MQTT_OPEN) {
        return;
    }
    size_t size = entry->topic.size + entry->value.size;
    if (!has_total_room(door, session, size)) {
        return;
    }
    if (connection->output.bytes + size > mqtt_queue_bytes_max(door)) {
        note_drop(door, session);
        if (door->config->limits.policy == MQTT_QUEUE_DISCONNECT) {
            mqtt_doom(door, connection, MQTT_QUOTA_EXCEEDED);
        }
        return;
    }
    bool is_alike = publish->identifier == 0 && connection->alias_maximum == 0 &&
                    entry->serial != 0 && size <= FORM_MAX;
    if (is_alike) {
        (void)send_form(door, connection, publish, entry->serial);
        return;
    }
    if (entry->value.size > COPY_MAX) {
        publish->message = shared_message(door, entry, publish->properties);
    }
    (void)send_publish(door, connection, publish);
}

static void deliver_to(struct mqtt_door *door, struct mqtt_session *session,
                       const struct broker_entry *entry, struct publish *publish) {
    publish->topic = entry->topic;
    publish->payload = entry->value;
    publish->expires_at = entry->expires_at;
    publish->is_5 = session->version == MQTT_5;
    if (publish->qos == 0) {
        send_at_once(door, session, entry, publish);
    } else {
        enqueue(door, session, entry, publish);
    }
}

// ---- a publishing for many --------------------------------------------------------------------

static struct mqtt_target *add_target(struct mqtt_door *door, uint32_t session, uint32_t detail) {
    struct mqtt_publishing *publishing = &door->publishing;
    publishing->targets = memory_grow(door->memory, publishing->targets, &publishing->capacity,
                                      publishing->count + 1, sizeof *publishing->targets);
    struct mqtt_target *target = &publishing->targets[publishing->count++];
    *target = (struct mqtt_target){.session = session, .detail = detail};
    return target;
}

static uint32_t add_identifier(struct mqtt_door *door, uint32_t identifier, uint32_t more) {
    struct mqtt_publishing *publishing = &door->publishing;
    publishing->identifiers =
        memory_grow(door->memory, publishing->identifiers, &publishing->identifier_capacity,
                    publishing->identifier_count + 2, sizeof *publishing->identifiers);
    publishing->identifiers[++publishing->identifier_count] =
        (struct mqtt_identifiers){identifier, more};
    return publishing->identifier_count;
}

// One more subscription of a session that was found before: it gets the message once, with the
// highest QoS [MQTT-3.3.4-2] and all identifiers [MQTT-3.3.4-3].
static void merge(struct mqtt_door *door, struct mqtt_target *target, uint32_t detail) {
    uint32_t first = MQTT_DETAIL_IDENTIFIER(target->detail);
    uint32_t other = MQTT_DETAIL_IDENTIFIER(detail);
    if (first != 0 && other != 0) {
        target->more = add_identifier(door, other, target->more);
    }
    uint32_t qos = MQTT_DETAIL_QOS(target->detail) > MQTT_DETAIL_QOS(detail)
                       ? MQTT_DETAIL_QOS(target->detail)
                       : MQTT_DETAIL_QOS(detail);
    uint32_t as_published = (target->detail | detail) & MQTT_OPTION_RETAIN_AS_PUBLISHED;
    target->detail = MQTT_DETAIL(qos | as_published, first != 0 ? first : other);
}

static void on_match(void *context, uint32_t number, uint32_t detail,
                     const struct broker_entry *entry) {
    struct mqtt_door *door = context;
    struct mqtt_session *session = door->sessions[number];
    if ((detail & MQTT_OPTION_NO_LOCAL) != 0 && number == entry->peer) {
        return; // [MQTT-3.8.3-3]
    }
    if (session->match_serial == entry->serial) {
        merge(door, &door->publishing.targets[session->match_place], detail);
        return;
    }
    session->match_serial = entry->serial;
    session->match_place = door->publishing.count;
    (void)add_target(door, number, detail);
}

// Members that are there and take more come first, in turn; else one that will come back.
static uint32_t choose_member(struct mqtt_door *door, const struct mqtt_group *group) {
    ASSERT(group->count > 0); // it goes with its last member
    uint32_t chosen = MQTT_NO_GROUP;
    uint32_t looked = 0;
    for (bool is_ready = false; looked < group->count && !is_ready; looked++) {
        uint32_t place = (group->next + looked) % group->count;
        const struct mqtt_session *session = door->sessions[group->members[place].session];
        bool is_there = session->connection != NULL;
        is_ready = is_there && session->queue.count == session->queue.cursor;
        chosen = is_ready || (is_there && chosen == MQTT_NO_GROUP) ? place : chosen;
    }
    mqtt_spend(door, looked / MQTT_LOOKS_A_STEP);
    return chosen == MQTT_NO_GROUP ? group->next % group->count : chosen;
}

static void on_group_match(void *context, uint32_t number, uint32_t detail,
                           const struct broker_entry *entry) {
    (void)detail;
    (void)entry;
    struct mqtt_door *door = context;
    struct mqtt_group *group = &door->groups.items[number];
    uint32_t place = choose_member(door, group);
    group->next = (place + 1) % group->count;
    (void)add_target(door, group->members[place].session, group->members[place].detail);
}

static struct bytes properties_of(struct mqtt_door *door, const struct broker_entry *entry) {
    if (entry->origin == 0) {
        return entry->properties;
    }
    struct buffer *buffer = &door->publishing.properties;
    struct bytes name = BYTES_LITERAL(SENDER_PROPERTY);
    uint8_t address[DECIMAL_DIGITS_MAX];
    size_t size = (size_t)(decimal_write(address, entry->origin) - address);
    buffer->size = 0;
    uint8_t *out = buffer_reserve(buffer, MQTT_USER_PROPERTY_SIZE(name.size, size));
    buffer->size = (size_t)(mqtt_user_property_write(out, name, bytes_make(address, size)) - out);
    return buffer_bytes(buffer);
}

static struct publish publish_for(const struct broker_entry *entry, uint32_t detail,
                                  struct bytes properties, uint64_t now) {
    uint8_t qos = (uint8_t)MQTT_DETAIL_QOS(detail);
    return (struct publish){
        .properties = properties,
        .now = now,
        .identifier = MQTT_DETAIL_IDENTIFIER(detail),
        .qos = qos < entry->qos ? qos : entry->qos, // [MQTT-3.8.4-8]
    };
}

static void give_back(struct buffer *buffer) {
    if (buffer->capacity > ROOM_KEPT) {
        buffer_deinit(buffer);
    }
}

// What was made for the publishing.
static void forget_message(struct mqtt_door *door) {
    give_back(&door->publishing.forms_room);
    if (door->publishing.message != NULL) {
        mqtt_message_unref(door->memory, door->publishing.message);
        door->publishing.message = NULL;
    }
}

static void on_delivered(void *context, const struct broker_entry *entry, uint64_t now) {
    struct mqtt_door *door = context;
    struct mqtt_publishing *publishing = &door->publishing;
    publishing->now = now;
    struct bytes properties = properties_of(door, entry);
    publishing->forms_room.size = 0;
    mqtt_spend(door,
               publishing->count * (MQTT_DELIVERY_STEPS + entry->value.size / MQTT_BYTES_A_STEP));
    for (uint32_t i = 0; i < publishing->count; i++) {
        const struct mqtt_target *target = &publishing->targets[i];
        struct publish publish = publish_for(entry, target->detail, properties, now);
        publish.more = target->more;
        publish.retain = entry->retain && (target->detail & MQTT_OPTION_RETAIN_AS_PUBLISHED) != 0;
        deliver_to(door, door->sessions[target->session], entry, &publish);
    }
    publishing->count = publishing->identifier_count = 0;
    forget_message(door);
}

void mqtt_deliver_retained(struct mqtt_door *door, struct mqtt_session *session,
                           const struct broker_entry *entry, uint32_t detail) {
    struct publish publish =
        publish_for(entry, detail, properties_of(door, entry), door->publishing.now);
    publish.retain = true;
    deliver_to(door, session, entry, &publish);
    forget_message(door);
}

void mqtt_delivery_attach(struct mqtt_door *door) {
    buffer_init(&door->publishing.forms_room, door->memory);
    buffer_init(&door->publishing.properties, door->memory);
    door->core->doors[BROKER_MQTT_DOOR].deliver = on_match;
    door->core->doors[BROKER_MQTT_DOOR].delivered = on_delivered;
    door->core->doors[BROKER_MQTT_DOOR].context = door;
    door->core->doors[BROKER_SHARE_DOOR].deliver = on_group_match;
    door->core->doors[BROKER_SHARE_DOOR].context = door;
}

void mqtt_delivery_give_back(struct mqtt_door *door) {
    struct mqtt_publishing *publishing = &door->publishing;
    buffer_deinit(&publishing->forms_room);
    buffer_deinit(&publishing->properties);
    memory_free(door->memory, publishing->targets,
                publishing->capacity * sizeof *publishing->targets);
    memory_free(door->memory, publishing->identifiers,
                publishing->identifier_capacity * sizeof *publishing->identifiers);
    publishing->targets = NULL;
    publishing->identifiers = NULL;
    publishing->capacity = publishing->identifier_capacity = 0;
}

void mqtt_delivery_detach(struct mqtt_door *door) {
    mqtt_delivery_give_back(door);
}
