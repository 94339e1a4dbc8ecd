#include "role/broker/mqtt/door_delivery.h"

#include "base/assert.h"
#include "base/decimal.h"
#include "base/hash.h"
#include "role/broker/mqtt/door_expiry.h"
#include "role/broker/mqtt/door_retained.h"
#include "role/broker/mqtt/door_sending.h"
#include "role/broker/mqtt/door_subscribe.h"
#include "role/broker/mqtt/door_turns.h"

#define FORM_MAX 4096      // publishings up to this are encoded once for all alike
#define SPARSE_MAX 4096    // the same in a sparse queue, where ids are looked for
#define UNREAD_MAX 262144  // bytes in a stream from which on its queue waits until they are read
#define UNREAD_SMALL 16384 // bytes in a stream up to which its queue goes on in any case
#define ROOM_KEPT 65536    // of buffers that are used again
#define SENDER_PROPERTY "sender_address" // of entries from the line door

// ---- queues -----------------------------------------------------------------------------------

static void keep(struct mqtt_door *door, const struct door_session *session,
                 const struct door_delivery *delivery, enum door_wish_kind kind) {
    if (session->is_kept) {
        door_keep_delivery(door, session, delivery, kind);
    }
}

static void finish(struct mqtt_door *door, struct door_session *session,
                   struct door_delivery *delivery) {
    keep(door, session, delivery, DOOR_WISH_DONE);
    door_queue_finish(door, session, delivery);
}

// ---- sending from the queue -------------------------------------------------------------------

// What goes from the queue into the stream is there twice: it waits until what is there is read.
static bool reads(const struct mqtt_door *door, const struct door_connection *connection) {
    uint64_t unread = connection->output.bytes;
    return unread <= UNREAD_SMALL ||
           (unread <= UNREAD_MAX && memory_has_room(door->memory, MEMORY_SERVING, UNREAD_SMALL));
}

static bool has_quota(const struct mqtt_door *door, const struct door_session *session) {
    const struct door_connection *connection = session->connection;
    const struct door_queue *queue = &session->queue;
    return connection != NULL && queue->in_flight < connection->receive_maximum &&
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

static void send_pubrel(struct mqtt_door *door, struct door_connection *connection,
                        uint16_t packet_id, enum mqtt_reason reason) {
    struct mqtt_packet packet = {
        .type = MQTT_PUBREL, .packet_id = packet_id, .reason = (uint8_t)reason};
    door_send(door, connection, &packet);
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
    }
    struct door_sending publish = publish_of(connection, delivery, now);
    publish.dup = !is_new; // [MQTT-3.3.1-1]
    publish.expires_at = publish.expires_at < now ? now : publish.expires_at;
    if (!door_sending_send(door, connection, &publish)) {
        return false;
    }
    delivery->flight = (uint8_t)mqtt_flow_sent(delivery->qos);
    if (is_new) {
        keep(door, session, delivery, DOOR_WISH_SENT);
    }
    return true;
}

void door_queue_send(struct mqtt_door *door, struct door_session *session, uint64_t now) {
    struct door_queue *queue = &session->queue;
    if (queue->cursor >= (queue->is_sparse ? SPARSE_MAX : DOOR_QUEUE_SENT_MAX) &&
        queue->in_flight < queue->cursor / 2) {
        door_queue_drop_done(queue);
    }
    while (queue->cursor < queue->count && has_quota(door, session)) {
        struct door_delivery *delivery = door_queue_at(queue, queue->cursor);
        bool is_released = delivery->flight == MQTT_FLOW_EXPECT_PUBCOMP; // see door_queue_resume
        if (is_released || delivery->flight == MQTT_FLOW_DONE) {
            queue->cursor++;
        } else if (send_delivery(door, session, delivery, now)) {
            queue->in_flight++;
            queue->cursor++;
        } else if (queue->cursor > 0) { // it stays until those before it are done, with an id
            keep(door, session, delivery, DOOR_WISH_DONE);
            delivery->packet_id =
                delivery->packet_id == 0 ? door_queue_next_id(session) : delivery->packet_id;
            door_queue_release(door, queue, delivery);
            delivery->flight = MQTT_FLOW_DONE;
            queue->cursor++;
        } else {
            finish(door, session, delivery);
        }
    }
    if (session->expiry_heap != NULL && queue->cursor == queue->count) {
        door_expiry_free(door, session); // nothing waits
    }
}

// PUBRELs go first, for only PUBLISH waits until the client allows more [MQTT-3.3.4-10,
// MQTT-4.4.0-1]. So they may have been sent though they lie behind the cursor.
void door_queue_resume(struct mqtt_door *door, struct door_session *session, uint64_t now) {
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
    door_queue_send(door, session, now);
    door_retained_go_on(door, session, now);
}

// ---- what clients answer ----------------------------------------------------------------------

// A delivery behind the cursor whose PUBREL was sent, see door_queue_resume.
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
    door_spend(door, (i - queue->cursor) / DOOR_LOOKS_A_STEP);
    return found;
}

// The delivery with this packet id that was sent and is not done, or NULL.
static struct door_delivery *find_flight(struct mqtt_door *door, struct door_session *session,
                                         uint16_t packet_id) {
    struct door_queue *queue = &session->queue;
    uint32_t place = door_queue_find_sent(queue, packet_id);
    door_spend(door, queue->is_sparse ? queue->cursor / DOOR_LOOKS_A_STEP : 0);
    if (place >= queue->cursor) {
        return find_released(door, queue, packet_id);
    }
    struct door_delivery *delivery = door_queue_at(queue, place);
    return delivery->flight == MQTT_FLOW_DONE ? NULL : delivery;
}

static void end_flight(struct mqtt_door *door, struct door_session *session,
                       struct door_delivery *delivery, uint64_t now) {
    session->queue.in_flight--;
    finish(door, session, delivery);
    if (session->queue.cursor < session->queue.count) {
        door_queue_send(door, session, now);
    }
    if (session->walks != NULL) {
        door_retained_go_on(door, session, now);
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
    keep(door, session, delivery, DOOR_WISH_RELEASED);
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
void door_receive_answer(struct mqtt_door *door, struct door_connection *connection,
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
    if (step.verdict == MQTT_FLOW_WRONG) { // the delivery may go with its session
        door_fail(door, connection, MQTT_PROTOCOL_ERROR,
                  "an acknowledgement is of another kind than its message awaits", now);
        return;
    }
    uint16_t packet_id = delivery->packet_id;
    if (step.verdict == MQTT_FLOW_AWAITED) {
        take_step(door, session, delivery, step.state, now);
    }
    if (step.answer == MQTT_PUBREL) {
        send_pubrel(door, connection, packet_id, MQTT_SUCCESS);
    }
}

// ---- a message for a session ------------------------------------------------------------------

static void note_drop(struct mqtt_door *door, struct door_session *session) {
    door->counts.dropped_queue_full++;
    if (!session->drops) {
        session->drops = true;
        door_tell(door, DOOR_EVENT_DROPPED, session->connection,
                  (struct door_event){.client_id = door_client_id(session),
                                      .reason = MQTT_QUOTA_EXCEEDED});
    }
}

static uint64_t waiting_bytes(const struct door_session *session) {
    return session->queue.bytes +
           (session->connection == NULL ? 0 : session->connection->output.bytes);
}

static uint64_t less(uint64_t a, uint64_t b) {
    return a < b ? a : b;
}

uint64_t door_queue_bytes_max(const struct mqtt_door *door) {
    return less(door->config->limits.queue_bytes, memory_share(door->memory));
}

// What may wait for all clients, in bytes: it leaves half of the memory for all else.
static uint64_t total_bytes_max(const struct mqtt_door *door) {
    size_t limit = door->memory->limit;
    return less(door->config->limits.total_bytes, limit == 0 ? UINT64_MAX : limit / 2);
}

// What a message costs beside its bytes: a place in the queue, or in a chunk of the stream.
static size_t cost_beside(const struct door_session *session) {
    const struct door_queue *queue = &session->queue;
    size_t ring = queue->count < queue->capacity ? 0 : queue->capacity * sizeof *queue->ring * 2;
    bool has_output = session->connection != NULL && session->connection->output.bytes > 0;
    return ring + (has_output ? DOOR_CHUNK_LARGE : DOOR_CHUNK_SMALL);
}

// Whether so much more may wait for all clients together, in queues and in streams. A small message
// for a client that nothing waits for may as long as there is any memory, so that those who hoard
// do not starve the others.
static bool has_total_room_exactly(struct mqtt_door *door, const struct door_session *session,
                                   size_t size) {
    bool is_first = waiting_bytes(session) == 0;
    bool is_small = is_first && session->connection != NULL && size <= door_small_share(door);
    enum memory_mark mark = is_small                      ? MEMORY_ANSWER
                            : session->connection != NULL ? MEMORY_SERVING
                                                          : MEMORY_KEPT;
    bool is_within =
        is_first || door->waiting_bytes + door->pool.bytes + size <= total_bytes_max(door);
    if (is_within && memory_has_room(door->memory, mark, size + cost_beside(session))) {
        return true;
    }
    door->counts.dropped_total_full++;
    return false;
}

// Mostly there is plenty, which is known at once.
static inline bool has_total_room(struct mqtt_door *door, const struct door_session *session,
                                  size_t size) {
    uint64_t waiting = door->waiting_bytes + door->pool.bytes + size;
    bool is_plenty = waiting <= door->config->limits.total_bytes &&
                     memory_has_plenty(door->memory, waiting + DOOR_CHUNK_LARGE);
    return is_plenty || has_total_room_exactly(door, session, size);
}

// Makes room by the policy. False: the message is dropped.
static bool make_room(struct mqtt_door *door, struct door_session *session, size_t size) {
    const struct mqtt_door_limits *limits = &door->config->limits;
    struct door_queue *queue = &session->queue;
    if (!has_total_room(door, session, size)) {
        return false;
    }
    while (queue->count - queue->cursor >= limits->queue_messages ||
           waiting_bytes(session) + size > door_queue_bytes_max(door)) {
        note_drop(door, session);
        if (limits->policy == DOOR_QUEUE_DISCONNECT && session->connection != NULL) {
            door_doom(door, session->connection, MQTT_QUOTA_EXCEEDED);
        }
        uint32_t first = queue->cursor;
        while (first < queue->count &&
               door_queue_at(queue, first)->flight != MQTT_FLOW_EXPECT_SENDING) {
            first++;
        }
        if (limits->policy != DOOR_QUEUE_DROP_OLDEST || first == queue->count) {
            return false;
        }
        keep(door, session, door_queue_at(queue, first), DOOR_WISH_DONE);
        door_queue_remove(door, session, first);
    }
    return true;
}

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

// Into the queue; sent at once if nothing is before it and the flow control allows.
static void enqueue(struct mqtt_door *door, struct door_session *session,
                    const struct broker_entry *entry, struct door_sending *publish) {
    bool has_several = publish->more != 0;
    size_t size = sizeof(struct door_message) + entry->topic.size + publish->properties.size +
                  entry->value.size;
    if (!make_room(door, session, size)) {
        return;
    }
    struct door_message *message = has_several ? message_with_identifiers(door, entry, publish)
                                               : shared_message(door, entry, publish->properties);
    struct door_queue *queue = &session->queue;
    struct door_delivery *delivery = door_queue_push(door, queue, message);
    delivery->identifier = has_several ? 0 : publish->identifier;
    delivery->qos = (uint8_t)(publish->qos & 3);
    delivery->retain = publish->retain ? 1 : 0;
    delivery->flight = MQTT_FLOW_EXPECT_SENDING;
    if (publish->group != DOOR_NO_GROUP) {
        delivery->group = publish->group;
        delivery->group_serial = door->groups.items[publish->group].serial;
    }
    if (session->is_kept) {
        door_keep_queued(door, session, delivery, publish->now);
    }
    if (has_several) {
        door_message_unref(door->memory, message);
    }
    struct door_connection *connection = session->connection;
    bool is_alike = publish->identifier == 0 && connection != NULL &&
                    connection->alias_maximum == 0 && entry->serial != 0 &&
                    entry->value.size <= FORM_MAX && entry->expires_at == DOOR_NEVER;
    if (!is_alike || queue->cursor + 1 != queue->count || queue->is_sparse ||
        !has_quota(door, session)) {
        door_queue_send(door, session, publish->now);
        if (entry->expires_at != DOOR_NEVER) {
            door_expiry_note(door, session);
        }
        return;
    }
    publish->packet_id = delivery->packet_id = door_queue_next_id(session);
    if (!door_sending_send_alike(door, connection, publish, entry->serial)) {
        finish(door, session, delivery);
        return;
    }
    delivery->flight = publish->qos == 1 ? MQTT_FLOW_EXPECT_PUBACK : MQTT_FLOW_EXPECT_PUBREC;
    keep(door, session, delivery, DOOR_WISH_SENT);
    queue->cursor++;
    queue->in_flight++;
}

// QoS 0 is for those who are there, and goes past the queue.
static void send_at_once(struct mqtt_door *door, struct door_session *session,
                         const struct broker_entry *entry, struct door_sending *publish) {
    struct door_connection *connection = session->connection;
    if (connection == NULL || connection->state != DOOR_OPEN) {
        return;
    }
    size_t size = entry->topic.size + entry->value.size;
    if (!has_total_room(door, session, size)) {
        return;
    }
    if (connection->output.bytes + size > door_queue_bytes_max(door)) {
        note_drop(door, session);
        if (door->config->limits.policy == DOOR_QUEUE_DISCONNECT) {
            door_doom(door, connection, MQTT_QUOTA_EXCEEDED);
        }
        return;
    }
    bool is_alike = publish->identifier == 0 && connection->alias_maximum == 0 &&
                    entry->serial != 0 && size <= FORM_MAX;
    if (is_alike) {
        (void)door_sending_send_alike(door, connection, publish, entry->serial);
        return;
    }
    if (entry->value.size > DOOR_COPY_MAX) {
        publish->message = shared_message(door, entry, publish->properties);
    }
    (void)door_sending_send(door, connection, publish);
}

static void deliver_to(struct mqtt_door *door, struct door_session *session,
                       const struct broker_entry *entry, struct door_sending *publish) {
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

static struct door_target *add_target(struct mqtt_door *door, uint32_t session, uint32_t detail) {
    struct door_publishing *publishing = &door->publishing;
    publishing->targets = memory_grow(door->memory, publishing->targets, &publishing->capacity,
                                      publishing->count + 1, sizeof *publishing->targets);
    struct door_target *target = &publishing->targets[publishing->count++];
    *target = (struct door_target){.session = session, .detail = detail, .group = DOOR_NO_GROUP};
    return target;
}

static uint32_t add_identifier(struct mqtt_door *door, uint32_t identifier, uint32_t more) {
    struct door_publishing *publishing = &door->publishing;
    publishing->identifiers =
        memory_grow(door->memory, publishing->identifiers, &publishing->identifier_capacity,
                    publishing->identifier_count + 2, sizeof *publishing->identifiers);
    publishing->identifiers[++publishing->identifier_count] =
        (struct door_identifiers){identifier, more};
    return publishing->identifier_count;
}

// One more subscription of a session that was found before: it gets the message once, with the
// highest QoS [MQTT-3.3.4-2] and all identifiers [MQTT-3.3.4-3].
static void merge(struct mqtt_door *door, struct door_target *target, uint32_t detail) {
    uint32_t first = DOOR_DETAIL_IDENTIFIER(target->detail);
    uint32_t other = DOOR_DETAIL_IDENTIFIER(detail);
    if (first != 0 && other != 0) {
        target->more = add_identifier(door, other, target->more);
    }
    uint32_t qos = DOOR_DETAIL_QOS(target->detail) > DOOR_DETAIL_QOS(detail)
                       ? DOOR_DETAIL_QOS(target->detail)
                       : DOOR_DETAIL_QOS(detail);
    uint32_t as_published = (target->detail | detail) & MQTT_OPTION_RETAIN_AS_PUBLISHED;
    target->detail = DOOR_DETAIL(qos | as_published, first != 0 ? first : other);
}

// Members that are there and take more come first, in turn; else one that will come back.
static uint32_t choose_member(struct mqtt_door *door, const struct door_group *group) {
    ASSERT(group->count > 0); // it goes with its last member
    uint32_t chosen = DOOR_NO_GROUP;
    uint32_t looked = 0;
    for (bool is_ready = false; looked < group->count && !is_ready; looked++) {
        uint32_t place = (group->next + looked) % group->count;
        const struct door_session *session = door->sessions[group->members[place].session];
        bool is_there = session->connection != NULL;
        is_ready = is_there && session->queue.count == session->queue.cursor;
        chosen = is_ready || (is_there && chosen == DOOR_NO_GROUP) ? place : chosen;
    }
    door_spend(door, looked / DOOR_LOOKS_A_STEP);
    return chosen == DOOR_NO_GROUP ? group->next % group->count : chosen;
}

static void on_group_match(struct mqtt_door *door, uint32_t number) {
    struct door_group *group = &door->groups.items[number];
    uint32_t place = choose_member(door, group);
    group->next = (place + 1) % group->count;
    add_target(door, group->members[place].session, group->members[place].detail)->group = number;
}

static void on_session_match(struct mqtt_door *door, uint32_t number, uint32_t detail,
                             const struct broker_entry *entry) {
    struct door_session *session = door->sessions[number];
    struct broker_peer own = {door->number, number};
    if ((detail & MQTT_OPTION_NO_LOCAL) != 0 && broker_peer_is(own, entry->source)) {
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

static void on_match(void *context, uint32_t peer, uint32_t options,
                     const struct broker_entry *entry) {
    struct mqtt_door *door = context;
    if (peer >= DOOR_GROUP_PEERS) {
        on_group_match(door, peer - DOOR_GROUP_PEERS);
    } else {
        on_session_match(door, peer, options, entry);
    }
}

// Where the publisher has an address on a network of lines, subscribers are told.
static struct bytes properties_of(struct mqtt_door *door, const struct broker_entry *entry) {
    if (entry->address == 0) {
        return entry->properties;
    }
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

static struct door_sending publish_for(const struct broker_entry *entry, uint32_t detail,
                                       struct bytes properties, uint64_t now) {
    uint8_t qos = (uint8_t)DOOR_DETAIL_QOS(detail);
    return (struct door_sending){
        .properties = properties,
        .now = now,
        .identifier = DOOR_DETAIL_IDENTIFIER(detail),
        .group = DOOR_NO_GROUP,
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
        door_message_unref(door->memory, door->publishing.message);
        door->publishing.message = NULL;
    }
}

static void on_delivered(void *context, const struct broker_entry *entry, uint64_t now) {
    struct mqtt_door *door = context;
    struct door_publishing *publishing = &door->publishing;
    publishing->now = now;
    struct bytes properties = properties_of(door, entry);
    publishing->forms_room.size = 0;
    door_spend(door,
               publishing->count * (DOOR_DELIVERY_STEPS + entry->value.size / DOOR_BYTES_A_STEP));
    for (uint32_t i = 0; i < publishing->count; i++) {
        const struct door_target *target = &publishing->targets[i];
        struct door_sending publish = publish_for(entry, target->detail, properties, now);
        publish.more = target->more;
        publish.group = target->group;
        publish.retain = entry->retain && (target->detail & MQTT_OPTION_RETAIN_AS_PUBLISHED) != 0;
        deliver_to(door, door->sessions[target->session], entry, &publish);
    }
    publishing->count = publishing->identifier_count = 0;
    forget_message(door);
}

void door_deliver_retained(struct mqtt_door *door, struct door_session *session,
                           const struct broker_entry *entry, uint32_t detail) {
    struct door_sending publish =
        publish_for(entry, detail, properties_of(door, entry), door->publishing.now);
    publish.retain = true;
    deliver_to(door, session, entry, &publish);
    forget_message(door);
}

// ---- what a member of a group leaves ----------------------------------------------------------

// Whether another member may have it: not a message of QoS 2 that was sent [MQTT-4.8.2-5].
static bool may_be_handed_over(const struct mqtt_door *door, const struct door_delivery *delivery,
                               uint64_t now) {
    const struct door_groups *groups = &door->groups;
    bool is_open =
        delivery->flight == MQTT_FLOW_EXPECT_SENDING || delivery->flight == MQTT_FLOW_EXPECT_PUBACK;
    return delivery->group_serial != 0 && delivery->group < groups->used &&
           groups->items[delivery->group].serial == delivery->group_serial && is_open &&
           delivery->message->expires_at > now;
}

static void hand_over(struct mqtt_door *door, const struct door_delivery *delivery, uint64_t now) {
    ASSERT(door->publishing.message == NULL); // sessions do not end within a publishing
    struct door_group *group = &door->groups.items[delivery->group];
    uint32_t place = choose_member(door, group);
    struct door_member member = group->members[place];
    struct door_message *message = delivery->message;
    struct door_texts texts = door_message_texts(message);
    struct broker_entry entry = {.topic = texts.topic,
                                 .value = texts.payload,
                                 .properties = texts.properties,
                                 .source = BROKER_NOBODY,
                                 .expires_at = message->expires_at,
                                 .qos = message->qos};
    struct door_sending publish = publish_for(&entry, member.detail, texts.properties, now);
    publish.group = delivery->group;
    group->next = (place + 1) % group->count;
    door->publishing.message = message; // the new member shares it
    message->references++;
    door_spend(door, DOOR_DELIVERY_STEPS);
    deliver_to(door, door->sessions[member.session], &entry, &publish);
    forget_message(door);
}

void door_queue_hand_over(struct mqtt_door *door, struct door_session *session, uint64_t now) {
    struct door_queue *queue = &session->queue;
    for (uint32_t i = 0; i < queue->count; i++) {
        struct door_delivery *delivery = door_queue_at(queue, i);
        if (may_be_handed_over(door, delivery, now)) {
            hand_over(door, delivery, now);
            door_queue_release(door, queue, delivery);
        }
    }
}

void door_delivery_attach(struct mqtt_door *door) {
    buffer_init(&door->publishing.forms_room, door->memory);
    buffer_init(&door->publishing.properties, door->memory);
    door->number = broker_core_add_door(
        door->core,
        (struct broker_door){.deliver = on_match, .delivered = on_delivered, .context = door});
}

void door_delivery_give_back(struct mqtt_door *door) {
    struct door_publishing *publishing = &door->publishing;
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

void door_delivery_detach(struct mqtt_door *door) {
    broker_core_remove_door(door->core, door->number);
    door_delivery_give_back(door);
}
