// What messages cost on one connection: the bytes of PUBLISH and of all that answers it, beside
// those of the payload. "10 bytes of payload cost 31 at QoS 1" is the lesson of each quality of
// service.
//
// Bytes are those of MQTT; TCP and IP add 40 and more to each segment. Messages under way are kept
// by their direction and packet id, at most MQTT_COST_MAX; the cost of others is not told.
#ifndef WATCH_EXPLAIN_MQTT_COST_H
#define WATCH_EXPLAIN_MQTT_COST_H

#include "base/map.h"
#include "medium/capture/tap.h"
#include "mqtt/packet.h"

#define MQTT_COST_MAX 1000

struct mqtt_message_cost {
    uint64_t key;
    uint64_t began_ns;
    uint64_t took_ns; // from the first packet to the last one
    uint64_t payload_bytes;
    uint64_t bytes;
    uint32_t packets;
    uint32_t sent; // how often PUBLISH was sent
    uint8_t qos;
};

struct mqtt_costs {
    struct memory *memory;
    struct map places; // of messages under way
    struct mqtt_message_cost *messages;
    uint32_t count;
    uint32_t capacity;
};

void mqtt_costs_init(struct mqtt_costs *costs, struct memory *memory);
void mqtt_costs_deinit(struct mqtt_costs *costs);

// The next packet of a side.
struct mqtt_cost_step {
    enum tap_direction direction;
    const struct mqtt_packet *packet;
    uint32_t bytes;
    uint64_t unix_ns;
    bool is_lost; // it costs, and does not arrive
};

// True: with it a message is done, and *done is what it cost.
bool mqtt_costs_take(struct mqtt_costs *costs, const struct mqtt_cost_step *step,
                     struct mqtt_message_cost *done) __attribute__((warn_unused_result));

#endif
