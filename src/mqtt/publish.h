// The one encoder of PUBLISH: what stands in front of a message's properties and payload. Behind it
// the caller writes, in 5.0, the properties with their length, and the payload: brokers and load
// generators have these ready, or refer to them without a copy.
//
// Inline: it is on the way of each message.
#ifndef MQTT_PUBLISH_H
#define MQTT_PUBLISH_H

#include "base/assert.h"
#include "mqtt/type.h"
#include "mqtt/variable.h"

struct mqtt_publish_head {
    struct bytes topic; // at most 65535 bytes; empty only with a topic alias
    size_t rest;        // bytes that follow: properties, their length included, and payload
    uint16_t packet_id; // with QoS 0 it does not matter
    uint8_t qos;
    bool retain;
    bool dup;
};

// What the fixed header tells as the remaining length; the packet is too long if it is above
// MQTT_REMAINING_MAX.
static inline size_t mqtt_publish_remaining(const struct mqtt_publish_head *head) {
    return 2 + head->topic.size + (head->qos > 0 ? 2 : 0) + head->rest;
}

// The size of the whole packet; 0: it would pass MQTT_PACKET_MAX.
static inline size_t mqtt_publish_size(const struct mqtt_publish_head *head) {
    size_t remaining = mqtt_publish_remaining(head);
    return remaining > MQTT_REMAINING_MAX ? 0
                                          : 1 + mqtt_variable_size((uint32_t)remaining) + remaining;
}

// Writes all of the packet but the last `rest` bytes, and returns where these go. The packet
// identifier, if there is one, stands in the last two bytes before that.
static inline uint8_t *mqtt_publish_write(uint8_t *out, const struct mqtt_publish_head *head) {
    ASSERT(head->qos <= 2 && (head->qos == 0 || head->packet_id != 0));
    *out++ = (uint8_t)(MQTT_PUBLISH << 4 | head->dup << 3 | head->qos << 1 | head->retain);
    out = mqtt_variable_write(out, (uint32_t)mqtt_publish_remaining(head));
    out = mqtt_text_write(out, head->topic);
    return head->qos > 0 ? mqtt_two_bytes_write(out, head->packet_id) : out;
}

#endif
