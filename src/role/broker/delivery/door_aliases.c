#include "role/broker/delivery/door_aliases.h"

#include "base/assert.h"
#include "role/broker/mqtt/door_apart.h"
#include "role/broker/mqtt/door_room.h"

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

// ---- the client's ------------------------------------------------------------------------------

static struct door_alias *alias_at(struct mqtt_door *door, struct door_connection *connection,
                                   uint16_t number) {
    struct door_apart *apart = door_apart(door, connection);
    if (apart->aliases_in == NULL) {
        apart->aliases_in = memory_allocate(door->memory, sizeof *apart->aliases_in);
    }
    struct door_aliases *aliases = apart->aliases_in;
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
    const struct door_aliases *aliases = connection->apart->aliases_in;
    uint32_t places = aliases == NULL ? 0 : aliases->capacity;
    size_t items = number > places ? number * sizeof *aliases->items : 0;
    size_t bytes = topic_bytes + MEMORY_BLOCK_COST + items;
    size_t held = (aliases == NULL ? 0 : aliases->bytes) + connection->session->subscription_bytes;
    return held + bytes <= memory_share(door->memory) && door_room_for(door, MEMORY_KEPT, bytes);
}

static void set_alias(struct mqtt_door *door, struct door_connection *connection, uint16_t number,
                      struct bytes topic) {
    struct door_alias *alias = alias_at(door, connection, number);
    connection->apart->aliases_in->bytes += topic.size - alias->topic_bytes;
    alias->topic = memory_resize(door->memory, alias->topic, alias->topic_bytes, topic.size);
    alias->topic_bytes = (uint32_t)topic.size;
    memcpy(alias->topic, topic.data, topic.size);
}

enum mqtt_reason door_aliases_resolve(struct mqtt_door *door, struct door_connection *connection,
                                      uint16_t number, struct bytes *topic) {
    const struct door_aliases *aliases = connection->apart->aliases_in;
    ASSERT(number > 0); // the codec lets no 0 through
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

// ---- ours --------------------------------------------------------------------------------------

uint16_t door_aliases_find(const struct door_connection *connection, struct bytes topic,
                           uint64_t hash) {
    const struct door_aliases *aliases = connection->apart->aliases_out;
    for (uint32_t i = 0; aliases != NULL && i < aliases->count; i++) {
        const struct door_alias *known = &aliases->items[i];
        if (known->hash == hash &&
            bytes_equal(bytes_make(known->topic, known->topic_bytes), topic)) {
            return (uint16_t)(i + 1);
        }
    }
    return 0;
}

uint16_t door_aliases_next(const struct mqtt_door *door, const struct door_connection *connection,
                           struct bytes topic) {
    const struct door_aliases *aliases = connection->apart->aliases_out;
    uint32_t count = aliases == NULL ? 0 : aliases->count;
    size_t bytes = topic.size + sizeof *aliases->items + MEMORY_BLOCK_COST;
    bool may_add = count < connection->alias_maximum &&
                   memory_has_room(door->memory, MEMORY_KEPT, bytes + sizeof *aliases);
    return may_add ? (uint16_t)(count + 1) : 0;
}

void door_aliases_add(struct mqtt_door *door, struct door_connection *connection,
                      struct bytes topic, uint64_t hash) {
    struct door_aliases *aliases = connection->apart->aliases_out;
    if (aliases == NULL) {
        aliases = memory_allocate(door->memory, sizeof *aliases);
        door_apart(door, connection)->aliases_out = aliases;
    }
    aliases->items = memory_grow(door->memory, aliases->items, &aliases->capacity,
                                 aliases->count + 1, sizeof *aliases->items);
    uint8_t *copy = memory_resize(door->memory, NULL, 0, topic.size);
    memcpy(copy, topic.data, topic.size);
    aliases->items[aliases->count++] = (struct door_alias){hash, copy, (uint32_t)topic.size};
    ASSERT(aliases->count <= connection->alias_maximum); // [MQTT-3.1.2-26]
}
