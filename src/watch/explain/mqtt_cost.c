#include "watch/explain/mqtt_cost.h"

#define REFUSALS 0x80 // reason codes from here on say that something went wrong

void mqtt_costs_init(struct mqtt_costs *costs, struct memory *memory) {
    *costs = (struct mqtt_costs){.memory = memory};
    map_init(&costs->places, memory, 0);
}

void mqtt_costs_deinit(struct mqtt_costs *costs) {
    map_deinit(&costs->places);
    memory_free(costs->memory, costs->messages, costs->capacity * sizeof *costs->messages);
}

// Both sides give out packet ids, each by itself. Not 0: no place of a map is kept for that.
static uint64_t key_of(enum tap_direction sender, uint16_t packet_id) {
    return (uint64_t)(sender + 1) << 16 | packet_id;
}

static struct mqtt_message_cost *find(const struct mqtt_costs *costs, uint64_t key) {
    uint32_t place = map_get(&costs->places, key);
    return place == MAP_NONE ? NULL : &costs->messages[place];
}

// NULL: there are as many as are kept.
static struct mqtt_message_cost *add(struct mqtt_costs *costs, uint64_t key) {
    if (costs->count == MQTT_COST_MAX) {
        return NULL;
    }
    costs->messages = memory_grow(costs->memory, costs->messages, &costs->capacity,
                                  costs->count + 1, sizeof *costs->messages);
    map_put(&costs->places, key, costs->count);
    costs->messages[costs->count] = (struct mqtt_message_cost){.key = key};
    return &costs->messages[costs->count++];
}

static void drop(struct mqtt_costs *costs, struct mqtt_message_cost *message) {
    map_remove(&costs->places, message->key);
    struct mqtt_message_cost *last = &costs->messages[--costs->count];
    if (message != last) {
        *message = *last;
        map_put(&costs->places, message->key, (uint32_t)(message - costs->messages));
    }
}

static void count(struct mqtt_message_cost *message, const struct mqtt_cost_step *step) {
    message->bytes += step->bytes;
    message->packets++;
    bool is_later = step->unix_ns > message->began_ns;
    message->took_ns = is_later ? step->unix_ns - message->began_ns : 0;
}

static bool take_publish(struct mqtt_costs *costs, const struct mqtt_cost_step *step,
                         struct mqtt_message_cost *done) {
    const struct mqtt_publish *publish = &step->packet->publish;
    uint64_t key = key_of(step->direction, publish->packet_id);
    struct mqtt_message_cost one = {.key = key, .began_ns = step->unix_ns, .qos = publish->qos};
    struct mqtt_message_cost *message = publish->qos == 0 ? &one : find(costs, key);
    if (message == NULL || (publish->qos > 0 && !publish->dup)) {
        message = message == NULL ? add(costs, key) : message;
        if (message == NULL) {
            return false;
        }
        *message = one;
    }
    message->payload_bytes = publish->payload.size;
    message->sent++;
    count(message, step);
    *done = *message;
    return publish->qos == 0;
}

// Which side sent the PUBLISH that a packet answers, and whether with that it is done.
static bool take_answer(struct mqtt_costs *costs, const struct mqtt_cost_step *step,
                        bool is_of_sender, bool is_last, struct mqtt_message_cost *done) {
    enum tap_direction sender = is_of_sender ? step->direction : !step->direction;
    struct mqtt_message_cost *message = find(costs, key_of(sender, step->packet->packet_id));
    if (message == NULL) {
        return false;
    }
    count(message, step);
    *done = *message;
    bool is_done = is_last && !step->is_lost;
    if (is_done) {
        drop(costs, message);
    }
    return is_done;
}

bool mqtt_costs_take(struct mqtt_costs *costs, const struct mqtt_cost_step *step,
                     struct mqtt_message_cost *done) {
    switch (step->packet->type) {
    case MQTT_PUBLISH:
        return take_publish(costs, step, done);
    case MQTT_PUBACK:
    case MQTT_PUBCOMP:
        return take_answer(costs, step, false, true, done);
    case MQTT_PUBREC:
        return take_answer(costs, step, false, step->packet->reason >= REFUSALS, done);
    case MQTT_PUBREL:
        return take_answer(costs, step, true, false, done);
    case MQTT_CONNECT:
    case MQTT_CONNACK:
    case MQTT_SUBSCRIBE:
    case MQTT_SUBACK:
    case MQTT_UNSUBSCRIBE:
    case MQTT_UNSUBACK:
    case MQTT_PINGREQ:
    case MQTT_PINGRESP:
    case MQTT_DISCONNECT:
    case MQTT_AUTH:
        break;
    }
    return false;
}
