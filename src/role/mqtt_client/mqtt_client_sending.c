#include "role/mqtt_client/mqtt_client_sending.h"

#include "base/assert.h"
#include "base/hash.h"
#include "mqtt/publish.h"
#include "role/mqtt_client/mqtt_client_ending.h"
#include "topic/topic.h"

#define NONE UINT32_MAX
#define ALIAS_BYTES 3 // a topic alias as a property

// ---- messages that are kept -------------------------------------------------------------------

static size_t kept_bytes(size_t topic, size_t properties, size_t payload) {
    return sizeof(struct mqtt_client_kept) + topic + properties + payload;
}

size_t mqtt_client_kept_size(const struct mqtt_client_kept *kept) {
    return kept_bytes(kept->topic_bytes, kept->properties_bytes, kept->payload_bytes);
}

struct bytes mqtt_client_kept_topic(const struct mqtt_client_kept *kept) {
    return bytes_make(kept->data, kept->topic_bytes);
}

static void free_kept(struct mqtt_client *client, struct mqtt_client_kept *kept) {
    memory_free(client->port->memory, kept, mqtt_client_kept_size(kept));
}

// The size of encoded properties without their length.
static size_t run_bytes(const struct mqtt_properties *properties) {
    if (properties == NULL || (properties->present == 0 && properties->more.size == 0)) {
        return 0;
    }
    size_t size = mqtt_properties_size(properties);
    for (unsigned length = 1; length <= MQTT_VARIABLE_BYTES_MAX; length++) {
        if (size > length && mqtt_variable_size((uint32_t)(size - length)) == length) {
            return size - length;
        }
    }
    return size;
}

static void write_run(const struct mqtt_client *client, struct mqtt_client_kept *kept,
                      const struct mqtt_properties *properties) {
    size_t size = mqtt_properties_size(properties);
    struct memory *memory = client->port->memory;
    uint8_t *room = memory_allocate(memory, size);
    (void)mqtt_properties_write(properties, room);
    memcpy(kept->data + kept->topic_bytes, room + size - kept->properties_bytes,
           kept->properties_bytes);
    memory_free(memory, room, size);
}

static struct mqtt_client_kept *keep(const struct mqtt_client *client,
                                     const struct mqtt_client_message *message) {
    size_t properties = run_bytes(message->properties);
    struct mqtt_client_kept *kept = memory_allocate(
        client->port->memory, kept_bytes(message->topic.size, properties, message->payload.size));
    kept->token = message->token;
    kept->retain = message->retain;
    kept->topic_bytes = (uint16_t)message->topic.size;
    kept->properties_bytes = (uint32_t)properties;
    kept->payload_bytes = (uint32_t)message->payload.size;
    memcpy(kept->data, message->topic.data, message->topic.size);
    if (properties > 0) {
        write_run(client, kept, message->properties);
    }
    if (message->payload.size > 0) {
        memcpy(kept->data + message->topic.size + properties, message->payload.data,
               message->payload.size);
    }
    return kept;
}

// ---- PUBLISH as bytes -------------------------------------------------------------------------

// A PUBLISH in its parts on the way to the output: as the message says, but that an alias may stand
// in place of the topic. Borrowed; it lives for the call that writes it.
struct parts {
    struct bytes topic;
    struct bytes properties; // encoded, without their length
    struct bytes payload;
    uint64_t hash; // of the topic, if aliases are used
    uint16_t packet_id;
    uint16_t alias; // 0: none
    uint8_t qos;
    bool retain;
    bool dup;
};

static struct parts parts_of(const struct mqtt_client_kept *kept) {
    const uint8_t *properties = kept->data + kept->topic_bytes;
    return (struct parts){.topic = mqtt_client_kept_topic(kept),
                          .properties = bytes_make(properties, kept->properties_bytes),
                          .payload =
                              bytes_make(properties + kept->properties_bytes, kept->payload_bytes),
                          .retain = kept->retain};
}

static size_t properties_bytes(const struct parts *parts) {
    return parts->properties.size + (parts->alias > 0 ? ALIAS_BYTES : 0);
}

static struct mqtt_publish_head head_of(const struct mqtt_client *client,
                                        const struct parts *parts) {
    size_t properties = properties_bytes(parts);
    size_t rest =
        mqtt_client_is_5(client) ? mqtt_variable_size((uint32_t)properties) + properties : 0;
    return (struct mqtt_publish_head){.topic = parts->topic,
                                      .rest = rest + parts->payload.size,
                                      .packet_id = parts->packet_id,
                                      .qos = parts->qos,
                                      .retain = parts->retain,
                                      .dup = parts->dup};
}

static bool is_too_large(const struct mqtt_client *client, const struct parts *parts) {
    struct mqtt_publish_head head = head_of(client, parts);
    size_t size = mqtt_publish_size(&head);
    return size == 0 || size > client->maximum_packet; // [MQTT-3.2.2-15]
}

static uint8_t *write_bytes(uint8_t *out, struct bytes bytes) {
    if (bytes.size > 0) {
        memcpy(out, bytes.data, bytes.size);
    }
    return out + bytes.size;
}

static void write_publish(struct mqtt_client *client, const struct parts *parts, uint64_t now) {
    struct mqtt_publish_head head = head_of(client, parts);
    size_t size = mqtt_publish_size(&head);
    uint8_t *start = buffer_reserve(&client->out, size);
    uint8_t *out = mqtt_publish_write(start, &head);
    if (mqtt_client_is_5(client)) {
        out = mqtt_variable_write(out, (uint32_t)properties_bytes(parts));
        if (parts->alias > 0) {
            *out++ = MQTT_TOPIC_ALIAS;
            out = mqtt_two_bytes_write(out, parts->alias);
        }
        out = write_bytes(out, parts->properties);
    }
    out = write_bytes(out, parts->payload);
    ASSERT((size_t)(out - start) == size);
    mqtt_client_note_said(client, size, now);
}

// ---- topic aliases ----------------------------------------------------------------------------

static uint16_t find_alias(const struct mqtt_client_aliases *aliases, const struct parts *parts) {
    for (uint32_t i = 0; i < aliases->count; i++) {
        const struct mqtt_client_alias *alias = &aliases->items[i];
        if (alias->hash == parts->hash &&
            bytes_equal(bytes_make(alias->topic, alias->topic_bytes), parts->topic)) {
            return (uint16_t)(i + 1);
        }
    }
    return 0;
}

static void add_alias(struct mqtt_client *client, struct bytes topic, uint64_t hash) {
    struct mqtt_client_aliases *aliases = &mqtt_client_link(client)->out;
    struct memory *memory = client->port->memory;
    aliases->items = memory_grow(memory, aliases->items, &aliases->capacity, aliases->count + 1,
                                 sizeof *aliases->items);
    uint8_t *copy = memory_allocate(memory, topic.size);
    memcpy(copy, topic.data, topic.size);
    aliases->items[aliases->count++] = (struct mqtt_client_alias){hash, copy, (uint32_t)topic.size};
}

// Leaves the topic out if the broker knows its number; else gives it one, if there are any left and
// the packet does not become too large. Numbers go to the topics that come first.
static void use_alias(struct mqtt_client *client, struct parts *parts) {
    struct mqtt_client_aliases *aliases = &mqtt_client_link(client)->out;
    struct parts with = *parts;
    with.hash = hash_bytes(parts->topic, 0);
    with.alias = find_alias(aliases, &with);
    if (with.alias > 0) {
        with.topic = (struct bytes){0};
    } else if (aliases->count < client->alias_maximum) {
        with.alias = (uint16_t)(aliases->count + 1);
    }
    if (with.alias == 0 || is_too_large(client, &with)) {
        return;
    }
    if (with.topic.size > 0) {
        add_alias(client, with.topic, with.hash);
    }
    *parts = with;
}

static void send_parts(struct mqtt_client *client, struct parts *parts, uint64_t now) {
    if (client->alias_maximum > 0) {
        use_alias(client, parts);
    }
    write_publish(client, parts, now);
}

// ---- the ring ---------------------------------------------------------------------------------

static void grow_ring(struct mqtt_client *client) {
    uint32_t capacity = client->ring_capacity == 0 ? 1 : client->ring_capacity * 2;
    struct mqtt_client_flight *ring =
        memory_allocate(client->port->memory, capacity * sizeof *ring);
    for (uint32_t i = 0; i < client->count; i++) {
        ring[i] = *mqtt_client_flight_at(client, i);
    }
    memory_free(client->port->memory, client->ring, client->ring_capacity * sizeof *ring);
    client->ring = ring;
    client->ring_capacity = capacity;
    client->ring_head = 0;
}

static void free_ring(struct mqtt_client *client) {
    memory_free(client->port->memory, client->ring, client->ring_capacity * sizeof *client->ring);
    client->ring = NULL;
    client->ring_capacity = client->ring_head = 0;
}

static struct mqtt_client_flight *push(struct mqtt_client *client) {
    if (client->count == client->ring_capacity) {
        grow_ring(client);
    }
    struct mqtt_client_flight *flight = mqtt_client_flight_at(client, client->count++);
    *flight = (struct mqtt_client_flight){0};
    return flight;
}

// Those at the front that are done; without any left the ring goes too.
static void drop_done(struct mqtt_client *client) {
    while (client->count > 0 && mqtt_client_flight_at(client, 0)->state == MQTT_FLOW_DONE) {
        client->ring_head = (client->ring_head + 1) & (client->ring_capacity - 1);
        client->count--;
        client->cursor -= client->cursor > 0;
    }
    if (client->count == 0) {
        free_ring(client);
    }
}

// How far an identifier is behind another one, going round.
static uint32_t distance(uint16_t packet_id, uint16_t base) {
    return (uint32_t)(packet_id + MQTT_CLIENT_PUBLISH_IDS - base) % MQTT_CLIENT_PUBLISH_IDS;
}

static uint32_t place_value(const struct mqtt_client *client, uint32_t i, uint16_t base) {
    uint16_t packet_id = mqtt_client_flight_at(client, i)->packet_id;
    return packet_id == 0 ? NONE : distance(packet_id, base);
}

// The place of the message with this identifier, or NONE. Mostly no identifier was left out.
static uint32_t find_flight(const struct mqtt_client *client, uint16_t packet_id) {
    uint16_t base = client->count == 0 ? 0 : mqtt_client_flight_at(client, 0)->packet_id;
    if (base == 0 || packet_id > MQTT_CLIENT_PUBLISH_IDS) {
        return NONE;
    }
    uint32_t wanted = distance(packet_id, base);
    uint32_t low = 0;
    uint32_t high = client->count;
    if (wanted < high && place_value(client, wanted, base) == wanted) {
        return wanted;
    }
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (place_value(client, middle, base) < wanted) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < client->count && place_value(client, low, base) == wanted ? low : NONE;
}

// 0: the identifiers have gone round to the first message that is not done.
static uint16_t next_id(struct mqtt_client *client) {
    uint16_t next = (uint16_t)(client->last_publish_id % MQTT_CLIENT_PUBLISH_IDS + 1);
    if (mqtt_client_flight_at(client, 0)->packet_id == next) {
        return 0;
    }
    client->last_publish_id = next;
    return next;
}

// ---- the end of a message ---------------------------------------------------------------------

struct outcome {
    enum mqtt_client_event_kind kind;
    enum mqtt_reason reason;
    const char *why;
};

static void finish(struct mqtt_client *client, struct mqtt_client_flight *flight,
                   const struct outcome *outcome) {
    struct mqtt_client_kept *kept = flight->kept;
    mqtt_client_tell(client, &(struct mqtt_client_event){.kind = outcome->kind,
                                                         .token = kept->token,
                                                         .text = mqtt_client_kept_topic(kept),
                                                         .qos = flight->qos,
                                                         .reason = outcome->reason,
                                                         .why = outcome->why});
    client->message_bytes -= mqtt_client_kept_size(kept);
    client->in_flight = (uint16_t)(client->in_flight - flight->is_under_way);
    free_kept(client, kept);
    flight->kept = NULL;
    flight->is_under_way = false;
    flight->state = MQTT_FLOW_DONE;
}

// The broker has it: only its topic is kept, for people.
static void release(struct mqtt_client *client, struct mqtt_client_flight *flight) {
    struct mqtt_client_kept *kept = flight->kept;
    size_t size = mqtt_client_kept_size(kept);
    size_t left = kept_bytes(kept->topic_bytes, 0, 0);
    kept = memory_resize(client->port->memory, kept, size, left);
    kept->properties_bytes = kept->payload_bytes = 0;
    client->message_bytes -= size - left;
    flight->kept = kept;
}

// ---- sending ----------------------------------------------------------------------------------

static bool has_quota(const struct mqtt_client *client) {
    uint16_t most = client->config->limits.in_flight;
    most = client->receive_maximum < most ? client->receive_maximum : most; // [MQTT-3.3.4-7]
    return mqtt_client_is_open(client) && client->in_flight < most && mqtt_client_has_room(client);
}

// Whether this broker takes such a message.
static enum mqtt_client_result check_grants(const struct mqtt_client *client,
                                            const struct parts *parts) {
    if (parts->qos > client->maximum_qos) { // [MQTT-3.2.2-11]
        return MQTT_CLIENT_QOS_TOO_HIGH;
    }
    if (parts->retain && (client->lacks & MQTT_CLIENT_LACKS_RETAINING) != 0) { // [MQTT-3.2.2-14]
        return MQTT_CLIENT_NO_RETAINING;
    }
    return is_too_large(client, parts) ? MQTT_CLIENT_TOO_LARGE : MQTT_CLIENT_OK;
}

static enum mqtt_reason reason_of(enum mqtt_client_result result) {
    return result == MQTT_CLIENT_QOS_TOO_HIGH   ? MQTT_QOS_NOT_SUPPORTED
           : result == MQTT_CLIENT_NO_RETAINING ? MQTT_RETAIN_NOT_SUPPORTED
                                                : MQTT_PACKET_TOO_LARGE;
}

// Sends the message at the cursor, or gives it up. False: it has to wait.
static bool send_flight(struct mqtt_client *client, struct mqtt_client_flight *flight,
                        uint64_t now) {
    bool is_new = flight->state == MQTT_FLOW_EXPECT_SENDING;
    uint16_t packet_id = is_new ? next_id(client) : flight->packet_id;
    if (packet_id == 0) {
        return false;
    }
    flight->packet_id = packet_id;
    struct parts parts = parts_of(flight->kept);
    parts.packet_id = packet_id;
    parts.qos = flight->qos;
    parts.dup = !is_new; // [MQTT-3.3.1-1]
    enum mqtt_client_result result = check_grants(client, &parts);
    if (result != MQTT_CLIENT_OK) {
        finish(client, flight,
               &(struct outcome){MQTT_CLIENT_EVENT_NOT_PUBLISHED, reason_of(result),
                                 mqtt_client_result_text(result)});
        return true;
    }
    send_parts(client, &parts, now);
    flight->state = (uint8_t)mqtt_flow_sent(flight->qos);
    flight->is_under_way = true;
    client->in_flight++;
    return true;
}

void mqtt_client_sending_go_on(struct mqtt_client *client, uint64_t now) {
    drop_done(client); // identifiers may be free again
    while (client->cursor < client->count && has_quota(client)) {
        struct mqtt_client_flight *flight = mqtt_client_flight_at(client, client->cursor);
        bool is_sent = flight->state == MQTT_FLOW_DONE || flight->state == MQTT_FLOW_EXPECT_PUBCOMP;
        if (!is_sent && !send_flight(client, flight, now)) {
            break;
        }
        client->cursor++;
    }
    drop_done(client);
}

// PUBRELs go first, for only PUBLISH waits until the broker allows more [MQTT-3.3.4-8]. Both kinds
// keep their order [MQTT-4.6.0-1, MQTT-4.6.0-4].
void mqtt_client_sending_resume(struct mqtt_client *client, uint64_t now) {
    client->cursor = 0;
    client->in_flight = 0;
    for (uint32_t i = 0; i < client->count; i++) {
        struct mqtt_client_flight *flight = mqtt_client_flight_at(client, i);
        bool is_released = flight->state == MQTT_FLOW_EXPECT_PUBCOMP;
        flight->is_under_way = is_released;
        client->in_flight = (uint16_t)(client->in_flight + is_released);
        if (is_released) {
            mqtt_client_say_short(client, MQTT_PUBREL, flight->packet_id, 0, now);
        }
    }
    mqtt_client_sending_go_on(client, now);
}

// A QoS 2 message that the broker has is the broker's; one that it may have or not is given up.
static void forget_flight(struct mqtt_client *client, struct mqtt_client_flight *flight) {
    if (flight->state == MQTT_FLOW_EXPECT_PUBCOMP) {
        finish(client, flight, &(struct outcome){MQTT_CLIENT_EVENT_PUBLISHED, MQTT_SUCCESS, NULL});
    } else if (flight->state == MQTT_FLOW_EXPECT_PUBREC) {
        finish(client, flight,
               &(struct outcome){MQTT_CLIENT_EVENT_NOT_PUBLISHED, MQTT_UNSPECIFIED_ERROR,
                                 "the broker has lost the session: whether the message arrived is "
                                 "not known"});
    } else if (flight->state == MQTT_FLOW_EXPECT_PUBACK) {
        flight->state = MQTT_FLOW_EXPECT_SENDING;
    }
    flight->packet_id = 0;
    flight->is_under_way = false;
}

void mqtt_client_sending_forget(struct mqtt_client *client) {
    uint32_t left = 0;
    client->cursor = 0;
    client->in_flight = 0;
    for (uint32_t i = 0; i < client->count; i++) {
        struct mqtt_client_flight *flight = mqtt_client_flight_at(client, i);
        flight->is_under_way = false;
        forget_flight(client, flight);
        if (flight->state != MQTT_FLOW_DONE) {
            *mqtt_client_flight_at(client, left++) = *flight;
        }
    }
    client->count = left;
    drop_done(client);
}

void mqtt_client_sending_free(struct mqtt_client *client) {
    for (uint32_t i = 0; i < client->count; i++) {
        if (mqtt_client_flight_at(client, i)->kept != NULL) {
            free_kept(client, mqtt_client_flight_at(client, i)->kept);
        }
    }
    free_ring(client);
    client->count = 0;
}

// ---- what the broker answers ------------------------------------------------------------------

static void take_step(struct mqtt_client *client, struct mqtt_client_flight *flight,
                      const struct mqtt_flow_step *step, const struct mqtt_packet *packet) {
    bool is_refusal = packet->reason >= MQTT_UNSPECIFIED_ERROR && packet->type != MQTT_PUBCOMP;
    if (step->state != MQTT_FLOW_DONE) {
        flight->state = (uint8_t)step->state;
        release(client, flight);
        return;
    }
    finish(client, flight,
           &(struct outcome){
               is_refusal ? MQTT_CLIENT_EVENT_NOT_PUBLISHED : MQTT_CLIENT_EVENT_PUBLISHED,
               (enum mqtt_reason)packet->reason, is_refusal ? "the broker refused it" : NULL});
}

// A PUBREC of a message that we know nothing of is answered, so that the broker forgets it too.
static void answer_unknown(struct mqtt_client *client, const struct mqtt_packet *packet,
                           uint64_t now) {
    bool is_refusal = packet->reason >= MQTT_UNSPECIFIED_ERROR;
    if (packet->type == MQTT_PUBREC && !is_refusal) {
        mqtt_client_say_short(client, MQTT_PUBREL, packet->packet_id,
                              MQTT_PACKET_IDENTIFIER_NOT_FOUND, now);
    }
    mqtt_client_blame(client, MQTT_CLIENT_FAULT_ANSWER_UNKNOWN, NULL, now);
}

void mqtt_client_receive_answer(struct mqtt_client *client, const struct mqtt_packet *packet,
                                uint64_t now) {
    uint32_t place = find_flight(client, packet->packet_id);
    struct mqtt_client_flight *flight = place == NONE ? NULL : mqtt_client_flight_at(client, place);
    enum mqtt_flow_state state =
        flight == NULL ? MQTT_FLOW_DONE : (enum mqtt_flow_state)flight->state;
    bool is_refusal = packet->reason >= MQTT_UNSPECIFIED_ERROR;
    struct mqtt_flow_step step = mqtt_flow_answered(state, packet->type, is_refusal);
    switch (step.match) {
    case MQTT_FLOW_UNKNOWN:
        answer_unknown(client, packet, now);
        return;
    case MQTT_FLOW_WRONG:
        mqtt_client_blame(client, MQTT_CLIENT_FAULT_ANSWER_WRONG, NULL, now);
        return;
    case MQTT_FLOW_AGAIN:
        break;
    case MQTT_FLOW_AWAITED:
        ASSERT(flight != NULL); // what is not there awaits nothing
        take_step(client, flight, &step, packet);
        break;
    }
    if (step.answer != 0) {
        mqtt_client_say_short(client, step.answer, packet->packet_id, 0, now);
    }
    mqtt_client_sending_go_on(client, now);
}

// ---- publishing -------------------------------------------------------------------------------

static bool are_good_properties(const struct mqtt_client *client,
                                const struct mqtt_properties *properties) {
    const uint64_t own = MQTT_HAS(MQTT_TOPIC_ALIAS) | MQTT_HAS(MQTT_SUBSCRIPTION_IDENTIFIER);
    if (properties == NULL || (properties->present == 0 && properties->more.size == 0)) {
        return true;
    }
    bool is_good = mqtt_client_is_5(client) && (properties->present & own) == 0;
    for (uint64_t left = properties->present; is_good && left != 0; left &= left - 1) {
        const struct mqtt_property_row *row = mqtt_property_row((uint32_t)__builtin_ctzll(left));
        is_good = row != NULL && (row->packets >> MQTT_PUBLISH & 1) != 0;
    }
    return is_good;
}

static enum mqtt_client_result check_message(const struct mqtt_client *client,
                                             const struct mqtt_client_message *message) {
    ASSERT(message->qos <= 2);
    if (topic_name_check(message->topic) != TOPIC_OK) {
        return MQTT_CLIENT_WRONG_TOPIC;
    }
    if (!are_good_properties(client, message->properties)) {
        return MQTT_CLIENT_WRONG_PROPERTY;
    }
    size_t most = MQTT_REMAINING_MAX - 16; // whatever stands before
    if (message->payload.size > most ||
        run_bytes(message->properties) + message->topic.size > most - message->payload.size) {
        return MQTT_CLIENT_TOO_LARGE;
    }
    struct parts parts = {.topic = message->topic,
                          .properties = bytes_make(NULL, run_bytes(message->properties)),
                          .payload = message->payload,
                          .packet_id = message->qos > 0 ? 1 : 0,
                          .qos = message->qos,
                          .retain = message->retain};
    return mqtt_client_is_open(client) ? check_grants(client, &parts) : MQTT_CLIENT_OK;
}

static enum mqtt_client_result
publish_now(struct mqtt_client *client, const struct mqtt_client_message *message, uint64_t now) {
    if (!mqtt_client_is_open(client)) {
        return MQTT_CLIENT_NOT_CONNECTED;
    }
    if (!mqtt_client_has_room(client)) {
        return MQTT_CLIENT_STREAM_FULL;
    }
    if (run_bytes(message->properties) == 0) {
        struct parts parts = {
            .topic = message->topic, .payload = message->payload, .retain = message->retain};
        send_parts(client, &parts, now);
        return MQTT_CLIENT_OK;
    }
    struct mqtt_client_kept *kept = keep(client, message);
    struct parts parts = parts_of(kept);
    send_parts(client, &parts, now);
    free_kept(client, kept);
    return MQTT_CLIENT_OK;
}

enum mqtt_client_result mqtt_client_sending_publish(struct mqtt_client *client,
                                                    const struct mqtt_client_message *message,
                                                    uint64_t now) {
    const struct mqtt_client_limits *limits = &client->config->limits;
    enum mqtt_client_result result = check_message(client, message);
    if (result != MQTT_CLIENT_OK) {
        return result;
    }
    if (message->qos == 0) {
        return publish_now(client, message, now);
    }
    size_t size =
        kept_bytes(message->topic.size, run_bytes(message->properties), message->payload.size);
    if (size > limits->message_bytes) {
        return MQTT_CLIENT_OVER_LIMIT;
    }
    if (client->count >= limits->messages || client->message_bytes > limits->message_bytes - size) {
        return MQTT_CLIENT_QUEUE_FULL;
    }
    struct mqtt_client_flight *flight = push(client);
    flight->kept = keep(client, message);
    flight->qos = (uint8_t)(message->qos & 3);
    client->message_bytes += size;
    mqtt_client_sending_go_on(client, now);
    return MQTT_CLIENT_OK;
}
