#include "role/mqtt_client/mqtt_client_state.h"

#include "base/hash.h"

void mqtt_client_tell(struct mqtt_client *client, const struct mqtt_client_event *event) {
    client->port->tell(client->port->context, client->owner, event);
}

void mqtt_client_wake(struct mqtt_client *client) {
    if (!client->is_ready) {
        client->is_ready = true;
        client->port->ready(client->port->context, client->owner);
    }
}

void mqtt_client_note_said(struct mqtt_client *client, size_t bytes, uint64_t now) {
    const uint8_t *start = client->out.data + client->out.size;
    client->out.size += bytes;
    client->sent_at = now;
    if (client->port->trace != NULL) {
        client->port->trace(client->port->context, client->owner, true, bytes_make(start, bytes));
    }
    mqtt_client_wake(client);
}

bool mqtt_client_say(struct mqtt_client *client, const struct mqtt_packet *packet, uint64_t now) {
    enum mqtt_version version = client->config->version;
    size_t size = mqtt_encoded_size(packet, version);
    if (size == 0 || size > client->maximum_packet) {
        return false;
    }
    uint8_t *start = buffer_reserve(&client->out, size);
    (void)mqtt_encode(packet, version, start);
    mqtt_client_note_said(client, size, now);
    return true;
}

void mqtt_client_say_short(struct mqtt_client *client, uint8_t type, uint16_t packet_id,
                           uint8_t reason, uint64_t now) {
    (void)mqtt_client_say(client,
                          &(struct mqtt_packet){.type = (enum mqtt_type)type,
                                                .packet_id = packet_id,
                                                .reason = reason},
                          now);
}

static const struct mqtt_client_apart nothing_apart = {.retry_at = MQTT_CLIENT_NEVER};

void mqtt_client_apart_init(struct mqtt_client *client) {
    client->apart = &nothing_apart;
}

struct mqtt_client_apart *mqtt_client_apart(struct mqtt_client *client) {
    if (client->apart == &nothing_apart) {
        struct mqtt_client_apart *apart =
            memory_resize(client->port->memory, NULL, 0, sizeof *apart);
        *apart = nothing_apart;
        buffer_init(&apart->rest, client->port->memory);
        client->apart = apart;
    }
    return (struct mqtt_client_apart *)client->apart;
}

void mqtt_client_apart_free(struct mqtt_client *client) {
    struct memory *memory = client->port->memory;
    if (client->apart == &nothing_apart) {
        return;
    }
    struct mqtt_client_apart *apart = mqtt_client_apart(client);
    memory_free(memory, apart->server, apart->server_bytes);
    memory_free(memory, apart->assigned_id, client->client_id_bytes);
    memory_free(memory, apart->received, apart->received_capacity * sizeof *apart->received);
    buffer_deinit(&apart->rest);
    memory_free(memory, apart, sizeof *apart);
    mqtt_client_apart_init(client);
}

void mqtt_client_set_retry(struct mqtt_client *client, uint64_t retry_at) {
    if (client->apart->retry_at != retry_at) {
        mqtt_client_apart(client)->retry_at = retry_at;
    }
}

struct mqtt_client_link *mqtt_client_link(struct mqtt_client *client) {
    if (client->link == NULL) {
        client->link = memory_allocate(client->port->memory, sizeof *client->link);
    }
    return client->link;
}

void mqtt_client_aliases_free(struct mqtt_client *client, struct mqtt_client_aliases *aliases) {
    struct memory *memory = client->port->memory;
    for (uint32_t i = 0; i < aliases->count; i++) {
        memory_free(memory, aliases->items[i].topic, aliases->items[i].topic_bytes);
    }
    memory_free(memory, aliases->items, aliases->capacity * sizeof *aliases->items);
    *aliases = (struct mqtt_client_aliases){0};
}

void mqtt_client_link_free(struct mqtt_client *client) {
    struct mqtt_client_link *link = client->link;
    if (link != NULL) {
        mqtt_client_aliases_free(client, &link->in);
        mqtt_client_aliases_free(client, &link->out);
        memory_free(client->port->memory, link->scram, sizeof *link->scram);
        memory_free(client->port->memory, link, sizeof *link);
        client->link = NULL;
    }
}

uint64_t mqtt_client_draw(struct mqtt_client *client) {
    uint64_t seed;
    memcpy(&seed, client->config->seed->bytes, sizeof seed);
    return hash_number((uint64_t)client->number << 32 | ++client->draws, seed);
}
