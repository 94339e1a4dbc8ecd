#include "mqtt/flow.h"

#include "base/assert.h"

enum mqtt_flow_state mqtt_flow_sent(unsigned qos) {
    ASSERT(qos == 1 || qos == 2);
    return qos == 1 ? MQTT_FLOW_EXPECT_PUBACK : MQTT_FLOW_EXPECT_PUBREC;
}

// What awaits an answer; every answer that stands here is legal, all others are wrong.
static const struct {
    const char *text;
    uint8_t awaited;            // enum mqtt_type; 0: none
    uint8_t again;              // what a new connection sends
    enum mqtt_flow_state after; // the awaited answer
} rows[MQTT_FLOW_STATES] = {
    [MQTT_FLOW_EXPECT_SENDING] = {"waits to be sent", 0, MQTT_PUBLISH, MQTT_FLOW_EXPECT_SENDING},
    [MQTT_FLOW_EXPECT_PUBACK] = {"awaits PUBACK", MQTT_PUBACK, MQTT_PUBLISH, MQTT_FLOW_DONE},
    [MQTT_FLOW_EXPECT_PUBREC] = {"awaits PUBREC", MQTT_PUBREC, MQTT_PUBLISH,
                                 MQTT_FLOW_EXPECT_PUBCOMP},
    [MQTT_FLOW_EXPECT_PUBCOMP] = {"awaits PUBCOMP", MQTT_PUBCOMP, MQTT_PUBREL, MQTT_FLOW_DONE},
    [MQTT_FLOW_DONE] = {"is done", 0, 0, MQTT_FLOW_DONE},
};

struct mqtt_flow_step mqtt_flow_answered(enum mqtt_flow_state state, enum mqtt_type type,
                                         bool is_refusal) {
    ASSERT(type == MQTT_PUBACK || type == MQTT_PUBREC || type == MQTT_PUBCOMP);
    if (state == MQTT_FLOW_DONE || state == MQTT_FLOW_EXPECT_SENDING) {
        return (struct mqtt_flow_step){state, MQTT_FLOW_UNKNOWN, 0};
    }
    if (state == MQTT_FLOW_EXPECT_PUBCOMP && type == MQTT_PUBREC) {
        // Released is released: a refusal comes too late [MQTT-4.3.3-6].
        return (struct mqtt_flow_step){state, MQTT_FLOW_AGAIN, MQTT_PUBREL};
    }
    if (rows[state].awaited != (uint8_t)type) {
        return (struct mqtt_flow_step){state, MQTT_FLOW_WRONG, 0};
    }
    if (is_refusal) { // [MQTT-4.4.0-2]
        return (struct mqtt_flow_step){MQTT_FLOW_DONE, MQTT_FLOW_AWAITED, 0};
    }
    uint8_t answer = type == MQTT_PUBREC ? MQTT_PUBREL : 0; // [MQTT-4.3.3-4]
    return (struct mqtt_flow_step){rows[state].after, MQTT_FLOW_AWAITED, answer};
}

uint8_t mqtt_flow_again(enum mqtt_flow_state state) {
    ASSERT(state < MQTT_FLOW_STATES);
    return rows[state].again;
}

struct mqtt_flow_arrival mqtt_flow_published(unsigned qos, bool awaits_pubrel) {
    ASSERT(qos <= 2);
    struct mqtt_flow_arrival arrival = {.is_known = awaits_pubrel, .is_kept = awaits_pubrel};
    if (qos == 2) {
        arrival.answer = MQTT_PUBREC;
        arrival.is_kept = true;
        arrival.delivers = !awaits_pubrel; // [MQTT-4.3.3-10]
    } else {
        arrival.answer = qos == 1 ? MQTT_PUBACK : 0;
        arrival.delivers = true; // [MQTT-4.3.2-5]
    }
    return arrival;
}

struct mqtt_flow_arrival mqtt_flow_released(bool awaits_pubrel) {
    return (struct mqtt_flow_arrival){
        .is_known = awaits_pubrel,
        .answer = MQTT_PUBCOMP, // [MQTT-4.3.3-11]
        .reason = awaits_pubrel ? MQTT_SUCCESS : MQTT_PACKET_IDENTIFIER_NOT_FOUND,
    };
}

const char *mqtt_flow_text(enum mqtt_flow_state state) {
    ASSERT(state < MQTT_FLOW_STATES);
    return rows[state].text;
}
