// Whether what was decoded is what was encoded: for the tests of the codec and its fuzzer.
#ifndef TEST_MQTT_SAME_H
#define TEST_MQTT_SAME_H

#include "mqtt/packet.h"

// The encoded form of the next property with the identifier in a run; empty at the end.
static inline struct bytes same_next_of(struct bytes *run, enum mqtt_property id) {
    struct mqtt_property_value value;
    while (mqtt_property_next(run, &value)) {
        if (value.id == id) {
            return value.encoded;
        }
    }
    return (struct bytes){0};
}

static inline bool same_repeated(struct bytes a, struct bytes b, enum mqtt_property id) {
    struct bytes one;
    do {
        one = same_next_of(&a, id);
        if (!bytes_equal(one, same_next_of(&b, id))) {
            return false;
        }
    } while (one.size > 0);
    return true;
}

static inline bool same_value(const struct mqtt_properties *a, const struct mqtt_properties *b,
                              const struct mqtt_property_row *row) {
    const void *x = (const char *)a + row->offset;
    const void *y = (const char *)b + row->offset;
    switch (row->type) {
    case MQTT_BYTE:
        return memcmp(x, y, sizeof(uint8_t)) == 0;
    case MQTT_TWO_BYTES:
        return memcmp(x, y, sizeof(uint16_t)) == 0;
    case MQTT_FOUR_BYTES:
    case MQTT_VARIABLE:
        return memcmp(x, y, sizeof(uint32_t)) == 0;
    case MQTT_TEXT:
    case MQTT_BINARY:
        return bytes_equal(*(const struct bytes *)x, *(const struct bytes *)y);
    case MQTT_TEXT_PAIR:
        break;
    }
    return true;
}

// `sent` has its user properties and all subscription identifiers but the first in `more`, `came`
// has them in `raw`.
static inline bool same_properties(const struct mqtt_properties *sent,
                                   const struct mqtt_properties *came) {
    uint64_t user = MQTT_HAS(MQTT_USER_PROPERTY);
    if ((sent->present | user) != (came->present | user)) {
        return false;
    }
    for (uint32_t id = 0; id < MQTT_PROPERTIES; id++) {
        bool is_there = (sent->present >> id & 1) != 0;
        if (is_there && !same_value(sent, came, mqtt_property_row(id))) {
            return false;
        }
    }
    struct bytes others = came->raw;
    (void)same_next_of(&others, MQTT_SUBSCRIPTION_IDENTIFIER);
    return same_repeated(sent->more, came->raw, MQTT_USER_PROPERTY) &&
           same_repeated(sent->more, others, MQTT_SUBSCRIPTION_IDENTIFIER);
}

static inline bool same_connect(const struct mqtt_connect *a, const struct mqtt_connect *b) {
    return a->version == b->version && a->is_bridge == b->is_bridge &&
           a->clean_start == b->clean_start && a->has_will == b->has_will &&
           a->has_user_name == b->has_user_name && a->has_password == b->has_password &&
           a->will_retain == b->will_retain && a->will_qos == b->will_qos &&
           a->keep_alive == b->keep_alive && bytes_equal(a->client_id, b->client_id) &&
           bytes_equal(a->will_topic, b->will_topic) &&
           bytes_equal(a->will_payload, b->will_payload) &&
           bytes_equal(a->user_name, b->user_name) && bytes_equal(a->password, b->password) &&
           same_properties(&a->will_properties, &b->will_properties);
}

static inline bool same_publish(const struct mqtt_publish *a, const struct mqtt_publish *b) {
    return a->dup == b->dup && a->retain == b->retain && a->qos == b->qos &&
           a->packet_id == b->packet_id && bytes_equal(a->topic, b->topic) &&
           bytes_equal(a->payload, b->payload);
}

static inline bool same_body(const struct mqtt_packet *a, const struct mqtt_packet *b) {
    switch (a->type) {
    case MQTT_CONNECT:
        return same_connect(&a->connect, &b->connect);
    case MQTT_PUBLISH:
        return same_publish(&a->publish, &b->publish);
    case MQTT_SUBSCRIBE:
    case MQTT_UNSUBSCRIBE:
        return a->filters.count == b->filters.count && bytes_equal(a->filters.run, b->filters.run);
    case MQTT_SUBACK:
    case MQTT_UNSUBACK:
        return bytes_equal(a->codes, b->codes);
    case MQTT_CONNACK:
    case MQTT_PUBACK:
    case MQTT_PUBREC:
    case MQTT_PUBREL:
    case MQTT_PUBCOMP:
    case MQTT_PINGREQ:
    case MQTT_PINGRESP:
    case MQTT_DISCONNECT:
    case MQTT_AUTH:
        break;
    }
    return true;
}

static inline bool same_packets(const struct mqtt_packet *sent, const struct mqtt_packet *came) {
    return sent->type == came->type && sent->packet_id == came->packet_id &&
           sent->reason == came->reason && sent->session_present == came->session_present &&
           same_properties(&sent->properties, &came->properties) && same_body(sent, came);
}

#endif
