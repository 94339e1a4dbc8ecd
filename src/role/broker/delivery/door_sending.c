#include "role/broker/delivery/door_sending.h"

#include "base/apart.h"
#include "base/hash.h"
#include "mqtt/publish.h"
#include "role/broker/delivery/door_aliases.h"
#include "role/broker/delivery/door_held.h"
#include "role/broker/mqtt/door_connection.h"
#include "role/broker/session/door_mount.h"

// ---- PUBLISH as bytes -------------------------------------------------------------------------

static uint32_t expiry_of(const struct door_sending *publish) {
    uint64_t left = publish->expires_at - publish->now;
    return (uint32_t)((left + ROLE_SECOND - 1) / ROLE_SECOND);
}

size_t door_sending_identifiers_size(const struct mqtt_door *door,
                                     const struct door_sending *publish) {
    size_t size = publish->identifier == 0 ? 0 : 1 + mqtt_variable_size(publish->identifier);
    for (uint32_t at = publish->more; at != 0;) {
        const struct door_identifiers *next = &door->publishing.identifiers[at];
        size += 1 + mqtt_variable_size(next->identifier);
        at = next->more;
    }
    return size;
}

static uint8_t *write_identifier(uint8_t *out, uint32_t identifier) {
    *out++ = MQTT_SUBSCRIPTION_IDENTIFIER;
    return mqtt_variable_write(out, identifier);
}

uint8_t *door_sending_write_properties(const struct mqtt_door *door,
                                       const struct door_sending *publish, uint8_t *out) {
    if (publish->expires_at != DOOR_NEVER) {
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
    size_t rest;       // properties, their length included, and payload
    size_t packet;
};

static struct mqtt_publish_head head_of(const struct door_sending *publish, size_t rest) {
    return (struct mqtt_publish_head){.topic = publish->topic,
                                      .rest = rest,
                                      .packet_id = publish->packet_id,
                                      .qos = publish->qos,
                                      .retain = publish->retain,
                                      .dup = publish->dup};
}

static struct publish_sizes measure(const struct mqtt_door *door,
                                    const struct door_sending *publish) {
    struct publish_sizes sizes = {.rest = publish->payload.size};
    if (publish->is_5) {
        sizes.properties = publish->properties.size + (publish->expires_at != DOOR_NEVER ? 5 : 0) +
                           (publish->alias != 0 ? 3 : 0) +
                           door_sending_identifiers_size(door, publish);
        sizes.rest += mqtt_variable_size((uint32_t)sizes.properties) + sizes.properties;
    }
    struct mqtt_publish_head head = head_of(publish, sizes.rest);
    size_t remaining = mqtt_publish_remaining(&head);
    sizes.packet = 1 + mqtt_variable_size((uint32_t)remaining) + remaining;
    sizes.head = sizes.packet - publish->payload.size;
    return sizes;
}

// All but the payload; returns the end, and where the packet id stands, if there is one.
static uint8_t *write_head(const struct mqtt_door *door, const struct door_sending *publish,
                           const struct publish_sizes *sizes, uint8_t *out, uint8_t **packet_id) {
    struct mqtt_publish_head head = head_of(publish, sizes->rest);
    out = mqtt_publish_write(out, &head);
    *packet_id = out - (publish->qos > 0 ? 2 : 0);
    if (publish->is_5) {
        out = mqtt_variable_write(out, (uint32_t)sizes->properties);
        out = door_sending_write_properties(door, publish, out);
    }
    return out;
}

static void write_payload(uint8_t *out, struct bytes payload) {
    if (payload.size > 0) {
        memcpy(out, payload.data, payload.size);
    }
}

// ---- topic aliases ------------------------------------------------------------------------------

// Where there are aliases: sets one and, where the client knows it, leaves the topic out; or
// neither, if the packet would be too large then. The topics that come when all numbers are given
// out have none.
static struct publish_sizes use_alias(struct mqtt_door *door, struct door_connection *connection,
                                      struct door_sending *publish) {
    if (connection->alias_maximum == 0) {
        return measure(door, publish);
    }
    uint64_t hash = hash_bytes(publish->topic, 0);
    struct door_sending with = *publish;
    with.alias = door_aliases_find(connection, publish->topic, hash);
    bool is_known = with.alias != 0;
    if (is_known) {
        with.topic = (struct bytes){0};
    } else {
        with.alias = door_aliases_next(door, connection, publish->topic);
    }
    struct publish_sizes sizes = measure(door, &with);
    if (with.alias == 0 || sizes.packet > connection->maximum_packet) {
        return measure(door, publish);
    }
    if (!is_known) {
        door_aliases_add(door, connection, publish->topic, hash);
    }
    *publish = with;
    return sizes;
}

// ---- one packet ---------------------------------------------------------------------------------

static void count_sent(struct mqtt_door *door, const struct door_sending *publish) {
    door->counts.messages_sent++;
    door->counts.payload_sent += publish->payload.size;
    if (publish->qos > 0) {
        door->counts.sent_of_qos[publish->qos - 1]++;
    }
}

// The topic and its properties as the client of a mount point sees them. False: it does not.
static bool cut_mount(struct mqtt_door *door, const struct door_connection *connection,
                      struct door_sending *publish) {
    if (!door_mount_cut(door, connection, &publish->topic)) {
        door->counts.dropped_outside++;
        return false;
    }
    door_mount_cut_properties(door, connection, &publish->properties);
    return true;
}

static bool send_measured(struct mqtt_door *door, struct door_connection *connection,
                          const struct door_sending *publish, struct publish_sizes sizes) {
    if (sizes.packet > connection->maximum_packet) {
        door->counts.dropped_too_large++;
        return false;
    }
    if (publish->qos == 2) {
        door_held_begin(door, connection);
    }
    bool refers = publish->message != NULL && publish->payload.size > DOOR_COPY_MAX;
    uint8_t *packet_id;
    uint8_t *out =
        door_output_append(&connection->output, &door->pool, refers ? sizes.head : sizes.packet);
    out = write_head(door, publish, &sizes, out, &packet_id);
    if (refers) {
        door_output_refer(&connection->output, &door->pool, publish->message);
    } else {
        write_payload(out, publish->payload);
    }
    count_sent(door, publish);
    door_connection_wake(door, connection);
    return true;
}

bool door_sending_send(struct mqtt_door *door, struct door_connection *connection,
                       const struct door_sending *publish) {
    if (!connection->is_mounted && connection->alias_maximum == 0) {
        return send_measured(door, connection, publish, measure(door, publish));
    }
    struct door_sending own = *publish;
    if (connection->is_mounted && !cut_mount(door, connection, &own)) {
        return false;
    }
    struct publish_sizes sizes = use_alias(door, connection, &own);
    return send_measured(door, connection, &own, sizes);
}

// ---- one encoding for all ---------------------------------------------------------------------

// Once for all who get it alike.
APART static void encode(struct mqtt_door *door, const struct door_sending *publish,
                         struct door_encoding *encoding) {
    struct buffer *room = &door->publishing.encodings_room;
    struct publish_sizes sizes = measure(door, publish);
    uint8_t *start = buffer_reserve(room, sizes.packet);
    uint8_t *packet_id;
    write_payload(write_head(door, publish, &sizes, start, &packet_id), publish->payload);
    *encoding = (struct door_encoding){publish->serial, (uint32_t)room->size,
                                       (uint32_t)sizes.packet, (uint32_t)(packet_id - start)};
    room->size += sizes.packet;
}

static const struct door_encoding *shared_encoding(struct mqtt_door *door,
                                                   const struct door_sending *publish) {
    unsigned kind = (publish->is_5 ? 6u : 0u) + publish->qos * 2u + publish->retain;
    struct door_encoding *encoding = &door->publishing.encodings[kind];
    if (encoding->serial != publish->serial) {
        encode(door, publish, encoding);
    }
    return encoding;
}

// As door_sending_send, for what many get alike.
bool door_sending_send_alike(struct mqtt_door *door, struct door_connection *connection,
                             const struct door_sending *publish) {
    const struct door_encoding *encoding = shared_encoding(door, publish);
    if (encoding->bytes > connection->maximum_packet) {
        door->counts.dropped_too_large++;
        return false;
    }
    if (publish->qos == 2) {
        door_held_begin(door, connection);
    }
    uint8_t *out = door_output_append(&connection->output, &door->pool, encoding->bytes);
    memcpy(out, door->publishing.encodings_room.data + encoding->at, encoding->bytes);
    if (publish->qos > 0) {
        (void)mqtt_two_bytes_write(out + encoding->packet_id_at, publish->packet_id);
    }
    count_sent(door, publish);
    door_connection_wake(door, connection);
    return true;
}
