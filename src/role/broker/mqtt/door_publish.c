#include "role/broker/mqtt/door_publish.h"

#include "base/utf8.h"
#include "role/broker/mqtt/door_turns.h"

// ---- properties and aliases -------------------------------------------------------------------

// Those of a message, and not of its way to us [MQTT-3.3.2-4, -15, -16, -17, -20].
static bool goes_on(enum mqtt_property id) {
    return id == MQTT_PAYLOAD_FORMAT || id == MQTT_CONTENT_TYPE || id == MQTT_RESPONSE_TOPIC ||
           id == MQTT_CORRELATION_DATA || id == MQTT_USER_PROPERTY;
}

void door_forwarded_properties(const struct mqtt_properties *properties, struct buffer *out) {
    struct bytes run = properties->raw;
    struct mqtt_property_value value;
    if (run.size > 0) {
        (void)buffer_reserve(out, run.size); // not twice as much in the end
    }
    while (mqtt_property_next(&run, &value)) {
        if (goes_on(value.id)) {
            buffer_append(out, value.encoded);
        }
    }
}

void door_aliases_free(struct mqtt_door *door, struct door_aliases **aliases) {
    if (*aliases != NULL) {
        struct door_aliases *freed = *aliases;
        for (uint32_t i = 0; i < freed->count; i++) {
            memory_free(door->memory, freed->items[i].topic, freed->items[i].topic_bytes);
        }
        memory_free(door->memory, freed->items, freed->capacity * sizeof *freed->items);
        memory_free(door->memory, freed, sizeof *freed);
        *aliases = NULL;
    }
}

static struct door_alias *alias_at(struct mqtt_door *door, struct door_connection *connection,
                                   uint16_t number) {
    if (connection->aliases_in == NULL) {
        connection->aliases_in = memory_allocate(door->memory, sizeof *connection->aliases_in);
    }
    struct door_aliases *aliases = connection->aliases_in;
    if (number > aliases->count) {
        aliases->items = memory_grow(door->memory, aliases->items, &aliases->capacity, number,
                                     sizeof *aliases->items);
        memset(&aliases->items[aliases->count], 0,
               (number - aliases->count) * sizeof *aliases->items);
        aliases->count = number;
    }
    return &aliases->items[number - 1];
}

// Whether the client may have the alias for a topic of this size, beside all others that it has.
static bool has_alias_room(struct mqtt_door *door, const struct door_connection *connection,
                           uint16_t number, size_t topic_bytes) {
    const struct door_aliases *aliases = connection->aliases_in;
    uint32_t places = aliases == NULL ? 0 : aliases->capacity;
    size_t items = number > places ? number * sizeof *aliases->items : 0;
    size_t bytes = topic_bytes + MEMORY_BLOCK_COST + items;
    size_t held = (aliases == NULL ? 0 : aliases->bytes) + connection->session->subscription_bytes;
    return held + bytes <= memory_share(door->memory) && door_has_room(door, MEMORY_KEPT, bytes);
}

static void set_alias(struct mqtt_door *door, struct door_connection *connection, uint16_t number,
                      struct bytes topic) {
    struct door_alias *alias = alias_at(door, connection, number);
    connection->aliases_in->bytes += topic.size - alias->topic_bytes;
    alias->topic = memory_resize(door->memory, alias->topic, alias->topic_bytes, topic.size);
    alias->topic_bytes = (uint32_t)topic.size;
    memcpy(alias->topic, topic.data, topic.size);
}

// Sets *topic by the alias, or the alias by the topic.
static enum mqtt_reason resolve_alias(struct mqtt_door *door, struct door_connection *connection,
                                      uint16_t number, struct bytes *topic) {
    const struct door_aliases *aliases = connection->aliases_in;
    if (number > door->config->limits.topic_aliases) {
        return MQTT_TOPIC_ALIAS_INVALID;
    }
    if (topic->size > 0) {
        if (!has_alias_room(door, connection, number, topic->size)) {
            return MQTT_QUOTA_EXCEEDED;
        }
        set_alias(door, connection, number, *topic);
        return MQTT_SUCCESS;
    }
    if (aliases == NULL || number > aliases->count || aliases->items[number - 1].topic == NULL) {
        return MQTT_PROTOCOL_ERROR;
    }
    const struct door_alias *alias = &aliases->items[number - 1];
    *topic = bytes_make(alias->topic, alias->topic_bytes);
    return MQTT_SUCCESS;
}

// ---- answers ----------------------------------------------------------------------------------

static void answer(struct mqtt_door *door, struct door_connection *connection, enum mqtt_type type,
                   uint16_t packet_id, enum mqtt_reason reason) {
    if (reason != MQTT_SUCCESS && connection->version == MQTT_5) {
        struct mqtt_packet packet = {
            .type = type, .packet_id = packet_id, .reason = (uint8_t)reason};
        door_send(door, connection, &packet);
        return;
    }
    uint8_t *out = door_output_append(&connection->output, &door->pool, 4);
    out[0] = (uint8_t)(type << 4 | (type == MQTT_PUBREL ? 2 : 0));
    out[1] = 2;
    door->counts.other_packets_sent++;
    (void)mqtt_two_bytes_write(out + 2, packet_id);
    door_wake(door, connection);
}

// ---- PUBLISH ----------------------------------------------------------------------------------

static void tell_entry(struct mqtt_door *door, const struct door_connection *connection,
                       const struct broker_entry *entry) {
    if (door->tells_entries) {
        door_tell(door, DOOR_EVENT_ENTRY, connection,
                  (struct door_event){.text = entry->topic, .value = entry->value});
    }
}

// What the broker tells of itself, nobody else does.
static bool is_refused(struct mqtt_door *door, struct bytes topic) {
    bool owns = broker_core_owns(door->core, topic);
    door->counts.refused_messages += owns;
    return owns;
}

// Told once, until there is room again.
static void note_retained(struct mqtt_door *door, const struct door_connection *connection,
                          const struct broker_entry *entry, bool is_kept) {
    door->counts.not_retained += !is_kept;
    if (!is_kept && !door->retains_no_more) {
        door_tell(door, DOOR_EVENT_NOT_RETAINED, connection,
                  (struct door_event){.text = entry->topic, .reason = MQTT_QUOTA_EXCEEDED});
    }
    door->retains_no_more = !is_kept;
}

// What could not be retained was delivered all the same, and the publisher is told.
static enum mqtt_reason publish_entry(struct mqtt_door *door,
                                      const struct door_connection *connection,
                                      const struct broker_entry *entry, uint64_t now) {
    enum broker_published result = broker_core_publish(door->core, *entry, now);
    if (entry->retain) {
        note_retained(door, connection, entry, result != BROKER_NOT_RETAINED);
    }
    return result == BROKER_NOT_RETAINED ? MQTT_QUOTA_EXCEEDED
           : result == BROKER_UNMATCHED  ? MQTT_NO_MATCHING_SUBSCRIBERS
                                         : MQTT_SUCCESS;
}

void door_publish_message(struct mqtt_door *door, const struct door_message *message,
                          uint32_t session, uint64_t now) {
    struct door_texts texts = door_message_texts(message);
    if (is_refused(door, texts.topic)) {
        return;
    }
    struct broker_entry entry = {.topic = texts.topic,
                                 .value = texts.payload,
                                 .properties = texts.properties,
                                 .source = {door->number, session},
                                 .expires_at = message->expires_at,
                                 .qos = message->qos,
                                 .retain = message->retain,
                                 .empty_forgets = true};
    tell_entry(door, NULL, &entry);
    (void)publish_entry(door, NULL, &entry, now);
}

static bool is_text(const struct mqtt_packet *packet) {
    return !mqtt_properties_have(&packet->properties, MQTT_PAYLOAD_FORMAT) ||
           packet->properties.payload_format == 0 || utf8_is_well_formed(packet->publish.payload);
}

static enum mqtt_reason publish_packet(struct mqtt_door *door, struct door_connection *connection,
                                       const struct mqtt_packet *packet, struct bytes topic,
                                       uint64_t now) {
    const struct mqtt_publish *publish = &packet->publish;
    if (is_refused(door, topic)) {
        return MQTT_NOT_AUTHORIZED;
    }
    struct broker_entry entry = {.topic = topic,
                                 .value = publish->payload,
                                 .source = {door->number, connection->session->number},
                                 .expires_at = DOOR_NEVER,
                                 .qos = publish->qos,
                                 .retain = publish->retain,
                                 .empty_forgets = true};
    struct buffer properties = {.memory = door->memory};
    bool has_properties = connection->version == MQTT_5 && packet->properties.raw.size > 0;
    if (has_properties) {
        door_forwarded_properties(&packet->properties, &properties);
        entry.properties = buffer_bytes(&properties);
        if (mqtt_properties_have(&packet->properties, MQTT_MESSAGE_EXPIRY)) {
            entry.expires_at = now + packet->properties.message_expiry * ROLE_SECOND;
        }
    }
    tell_entry(door, connection, &entry);
    enum mqtt_reason reason = publish_entry(door, connection, &entry, now);
    buffer_deinit(&properties);
    return reason;
}

// ---- QoS 2: each packet id once, until it is released (5.0, section 4.3.3) ----------------------

// What a QoS 2 message that came before is answered, or whether it is to be published now.
enum arrival { ARRIVAL_NEW, ARRIVAL_AGAIN, ARRIVAL_TOO_MANY, ARRIVAL_NO_ROOM };

// What a packet id costs: a place in the map, which is twice as large when it grows.
#define RECEIVED_COST 48

static bool is_received(const struct door_session *session, uint16_t packet_id) {
    return session->received != NULL && map_get(session->received, packet_id) != MAP_NONE;
}

bool door_received_add(struct mqtt_door *door, struct door_session *session, uint16_t packet_id) {
    if (is_received(session, packet_id)) {
        return false;
    }
    if (session->received == NULL) {
        session->received = memory_allocate(door->memory, sizeof *session->received);
        map_init(session->received, door->memory, door->by_client_id.seed);
    }
    map_put(session->received, packet_id, 1);
    return true;
}

bool door_received_remove(struct door_session *session, uint16_t packet_id) {
    if (!is_received(session, packet_id)) {
        return false;
    }
    map_remove(session->received, packet_id);
    return true;
}

static enum arrival note_arrival(struct mqtt_door *door, struct door_session *session,
                                 uint16_t packet_id) {
    if (is_received(session, packet_id)) {
        return ARRIVAL_AGAIN;
    }
    uint32_t count = session->received == NULL ? 0 : session->received->count;
    // Who was not told of the limit is bounded by the number of packet ids.
    if (session->version == MQTT_5 && count >= door->config->limits.receive_maximum) {
        return ARRIVAL_TOO_MANY;
    }
    if (!door_has_room(door, MEMORY_KEPT, (count + 4) * RECEIVED_COST)) {
        return ARRIVAL_NO_ROOM;
    }
    (void)door_received_add(door, session, packet_id);
    return ARRIVAL_NEW;
}

static void keep_packet_id(struct mqtt_door *door, const struct door_session *session,
                           uint16_t packet_id, enum door_wish_kind kind) {
    if (session->is_kept) {
        door_keep(door, session, (struct door_wish){.kind = kind, .packet_id = packet_id});
    }
}

// A refusal ends what 5.0 clients begin: no PUBREL comes (section 4.3.3). Those before it are not
// told of it, and go on.
static void note_published(struct mqtt_door *door, struct door_session *session, uint16_t packet_id,
                           enum mqtt_reason reason) {
    if (reason >= MQTT_UNSPECIFIED_ERROR && session->version == MQTT_5) {
        (void)door_received_remove(session, packet_id);
    } else {
        keep_packet_id(door, session, packet_id, DOOR_WISH_RECEIVED);
    }
}

static void receive_qos_2(struct mqtt_door *door, struct door_connection *connection,
                          const struct mqtt_packet *packet, struct bytes topic, uint64_t now) {
    uint16_t packet_id = packet->publish.packet_id;
    enum mqtt_reason reason = MQTT_SUCCESS;
    switch (note_arrival(door, connection->session, packet_id)) {
    case ARRIVAL_NEW:
        reason = publish_packet(door, connection, packet, topic, now);
        note_published(door, connection->session, packet_id, reason);
        break;
    case ARRIVAL_AGAIN:
        break; // it was published when it came first [MQTT-4.3.3-10]
    case ARRIVAL_TOO_MANY:
        door_fail(door, connection, MQTT_RECEIVE_MAXIMUM_EXCEEDED,
                  "more QoS 2 messages are under way than the receive maximum", now);
        return;
    case ARRIVAL_NO_ROOM:
        door_fail(door, connection, MQTT_QUOTA_EXCEEDED, "there is no memory for its messages",
                  now);
        return;
    }
    answer(door, connection, MQTT_PUBREC, packet_id, reason);
}

static bool may_publish(struct mqtt_door *door, struct door_connection *connection,
                        const struct mqtt_packet *packet, struct bytes *topic, uint64_t now) {
    if (!door_rate_take(&connection->messages, door->config->limits.messages_a_second, 1, now)) {
        door->counts.too_fast++;
        door_fail(door, connection, MQTT_MESSAGE_RATE_TOO_HIGH, "more messages than allowed", now);
        return false;
    }
    if (connection->version != MQTT_5) {
        return true;
    }
    enum mqtt_reason reason =
        mqtt_properties_have(&packet->properties, MQTT_TOPIC_ALIAS)
            ? resolve_alias(door, connection, packet->properties.topic_alias, topic)
            : MQTT_SUCCESS;
    if (reason != MQTT_SUCCESS) {
        door_fail(door, connection, reason,
                  reason == MQTT_QUOTA_EXCEEDED
                      ? "there is no memory for its topic aliases"
                      : "the topic alias was not set, or is above the maximum",
                  now);
    }
    return reason == MQTT_SUCCESS;
}

void door_receive_publish(struct mqtt_door *door, struct door_connection *connection,
                          const struct mqtt_packet *packet, uint64_t now) {
    struct bytes topic = packet->publish.topic;
    door_spend(door, DOOR_PUBLISH_STEPS + packet->properties.raw.size / DOOR_PROPERTIES_A_STEP);
    door->counts.messages_received++;
    door->counts.payload_received += packet->publish.payload.size;
    if (!may_publish(door, connection, packet, &topic, now)) {
        return;
    }
    if (connection->version == MQTT_5 && packet->properties.raw.size > 0 && !is_text(packet)) {
        door_fail(door, connection, MQTT_PAYLOAD_FORMAT_INVALID,
                  "the payload is said to be UTF-8 and is not", now);
        return;
    }
    uint16_t packet_id = packet->publish.packet_id;
    switch (packet->publish.qos) {
    case 0:
        (void)publish_packet(door, connection, packet, topic, now);
        break;
    case 1:
        answer(door, connection, MQTT_PUBACK, packet_id,
               publish_packet(door, connection, packet, topic, now));
        break;
    default:
        receive_qos_2(door, connection, packet, topic, now);
        break;
    }
}

void door_receive_pubrel(struct mqtt_door *door, struct door_connection *connection,
                         const struct mqtt_packet *packet, uint64_t now) {
    (void)now;
    struct door_session *session = connection->session;
    struct mqtt_flow_arrival arrival =
        mqtt_flow_released(door_received_remove(session, packet->packet_id));
    if (arrival.is_known) {
        keep_packet_id(door, session, packet->packet_id, DOOR_WISH_COMPLETED);
    }
    answer(door, connection, (enum mqtt_type)arrival.answer, packet->packet_id,
           (enum mqtt_reason)arrival.reason);
}
