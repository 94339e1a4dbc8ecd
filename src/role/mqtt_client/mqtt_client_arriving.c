#include "role/mqtt_client/mqtt_client_arriving.h"

#include "mqtt/flow.h"
#include "role/mqtt_client/mqtt_client_ending.h"

// ---- topic aliases ----------------------------------------------------------------------------

static void set_alias(struct mqtt_client *client, uint16_t number, struct bytes topic) {
    struct mqtt_client_aliases *aliases = &mqtt_client_link(client)->in;
    struct memory *memory = client->port->memory;
    if (number > aliases->count) {
        aliases->items =
            memory_grow(memory, aliases->items, &aliases->capacity, number, sizeof *aliases->items);
        memset(&aliases->items[aliases->count], 0,
               (number - aliases->count) * sizeof *aliases->items);
        aliases->count = number;
    }
    struct mqtt_client_alias *alias = &aliases->items[number - 1];
    alias->topic = memory_resize(memory, alias->topic, alias->topic_bytes, topic.size);
    alias->topic_bytes = (uint32_t)topic.size;
    memcpy(alias->topic, topic.data, topic.size);
}

static struct bytes get_alias(const struct mqtt_client *client, uint16_t number) {
    const struct mqtt_client_link *link = client->link;
    if (link == NULL || number > link->in.count) {
        return (struct bytes){0};
    }
    const struct mqtt_client_alias *alias = &link->in.items[number - 1];
    return bytes_make(alias->topic, alias->topic_bytes);
}

// The topic, by its alias if it has one; empty: the broker was wrong, and the connection is over.
static struct bytes resolve_topic(struct mqtt_client *client, const struct mqtt_packet *packet,
                                  uint64_t now) {
    struct bytes topic = packet->publish.topic;
    uint16_t number = packet->properties.topic_alias;
    if (!mqtt_properties_have(&packet->properties, MQTT_TOPIC_ALIAS)) {
        return topic;
    }
    if (number > client->config->limits.aliases_in) { // [MQTT-3.3.2-11]
        mqtt_client_blame(client, MQTT_CLIENT_FAULT_ALIAS_ABOVE, NULL, now);
        return (struct bytes){0};
    }
    if (topic.size > 0) {
        set_alias(client, number, topic);
        return topic;
    }
    topic = get_alias(client, number);
    if (topic.size == 0) {
        mqtt_client_blame(client, MQTT_CLIENT_FAULT_ALIAS_UNKNOWN, NULL, now);
    }
    return topic;
}

// ---- identifiers that await PUBREL ------------------------------------------------------------

// Where it stands, or would stand.
static uint32_t place_of(const struct mqtt_client *client, uint16_t packet_id) {
    uint32_t low = 0;
    uint32_t high = client->apart->received_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (client->apart->received[middle] < packet_id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool awaits_pubrel(const struct mqtt_client *client, uint16_t packet_id) {
    uint32_t place = place_of(client, packet_id);
    const struct mqtt_client_apart *apart = client->apart;
    return place < apart->received_count && apart->received[place] == packet_id;
}

static void add_received(struct mqtt_client *client, uint16_t packet_id) {
    uint32_t place = place_of(client, packet_id);
    struct mqtt_client_apart *apart = mqtt_client_apart(client);
    apart->received = memory_grow(client->port->memory, apart->received, &apart->received_capacity,
                                  apart->received_count + 1, sizeof *apart->received);
    memmove(apart->received + place + 1, apart->received + place,
            (apart->received_count - place) * sizeof *apart->received);
    apart->received[place] = packet_id;
    apart->received_count++;
}

void mqtt_client_arriving_forget(struct mqtt_client *client) {
    if (client->apart->received_capacity == 0) {
        return;
    }
    struct mqtt_client_apart *apart = mqtt_client_apart(client);
    memory_free(client->port->memory, apart->received,
                apart->received_capacity * sizeof *apart->received);
    apart->received = NULL;
    apart->received_count = apart->received_capacity = 0;
}

static void remove_received(struct mqtt_client *client, uint16_t packet_id) {
    uint32_t place = place_of(client, packet_id);
    struct mqtt_client_apart *apart = mqtt_client_apart(client);
    apart->received_count--;
    memmove(apart->received + place, apart->received + place + 1,
            (apart->received_count - place) * sizeof *apart->received);
    if (apart->received_count == 0) {
        mqtt_client_arriving_forget(client);
    }
}

// ---- messages ---------------------------------------------------------------------------------

static void tell_message(struct mqtt_client *client, const struct mqtt_packet *packet,
                         struct bytes topic) {
    const struct mqtt_publish *publish = &packet->publish;
    mqtt_client_tell(client, &(struct mqtt_client_event){.kind = MQTT_CLIENT_EVENT_MESSAGE,
                                                         .text = topic,
                                                         .value = publish->payload,
                                                         .packet_id = publish->packet_id,
                                                         .qos = publish->qos,
                                                         .retain = publish->retain,
                                                         .dup = publish->dup,
                                                         .properties = &packet->properties});
}

// What was under way before this connection does not count (5.0, section 4.9). Which of these are
// released now is not known, so `unreleased` may be too low, and a broker is never blamed wrongly.
static bool has_too_many(const struct mqtt_client *client) {
    return mqtt_client_is_5(client) && client->unreleased >= client->config->limits.receive_maximum;
}

static void take_message(struct mqtt_client *client, const struct mqtt_packet *packet,
                         struct bytes topic, uint64_t now) {
    const struct mqtt_publish *publish = &packet->publish;
    bool is_known = publish->qos > 0 && awaits_pubrel(client, publish->packet_id);
    struct mqtt_flow_arrival arrival = mqtt_flow_published(publish->qos, is_known);
    if (is_known && !publish->dup) {
        mqtt_client_blame(client, MQTT_CLIENT_FAULT_IDENTIFIER_IN_USE, NULL, now);
    }
    if (arrival.is_kept && !is_known) {
        add_received(client, publish->packet_id);
        client->unreleased++;
    }
    if (arrival.delivers) {
        tell_message(client, packet, topic);
    }
    if (arrival.answer != 0) {
        mqtt_client_say_short(client, arrival.answer, publish->packet_id, arrival.reason, now);
    }
}

void mqtt_client_receive_publish(struct mqtt_client *client, const struct mqtt_packet *packet,
                                 uint64_t now) {
    struct bytes topic = resolve_topic(client, packet, now);
    if (topic.size == 0) {
        return;
    }
    if (packet->publish.qos > 0 && has_too_many(client)) {
        mqtt_client_blame(client, MQTT_CLIENT_FAULT_RECEIVE_MAXIMUM, NULL, now);
        return;
    }
    take_message(client, packet, topic, now);
}

void mqtt_client_receive_pubrel(struct mqtt_client *client, const struct mqtt_packet *packet,
                                uint64_t now) {
    bool is_known = awaits_pubrel(client, packet->packet_id);
    struct mqtt_flow_arrival arrival = mqtt_flow_released(is_known);
    if (is_known) {
        remove_received(client, packet->packet_id);
        client->unreleased = (uint16_t)(client->unreleased - (client->unreleased > 0));
    }
    mqtt_client_say_short(client, arrival.answer, packet->packet_id, arrival.reason, now);
}
