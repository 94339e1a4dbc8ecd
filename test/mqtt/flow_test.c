// The arrows of mqtt/flow.h, one by one, and both ends together over a connection that breaks.
#include "support.h"

#include "mqtt/flow.h"

#define SEED 20261129u
#define ROUNDS 20000

// ---- the sender -------------------------------------------------------------------------------

static void check_step(enum mqtt_flow_state state, enum mqtt_type type, bool is_refusal,
                       struct mqtt_flow_step expected) {
    struct mqtt_flow_step step = mqtt_flow_answered(state, type, is_refusal);
    assert_int_equal(step.state, expected.state);
    assert_int_equal(step.match, expected.match);
    assert_int_equal(step.answer, expected.answer);
}

// [MQTT-4.3.2-3, MQTT-4.3.3-3, MQTT-4.3.3-4, MQTT-4.3.3-5]
static void answers_lead_on(void **state) {
    (void)state;
    assert_int_equal(mqtt_flow_sent(1), MQTT_FLOW_EXPECT_PUBACK);
    assert_int_equal(mqtt_flow_sent(2), MQTT_FLOW_EXPECT_PUBREC);
    check_step(MQTT_FLOW_EXPECT_PUBACK, MQTT_PUBACK, false,
               (struct mqtt_flow_step){MQTT_FLOW_DONE, MQTT_FLOW_AWAITED, 0});
    check_step(MQTT_FLOW_EXPECT_PUBREC, MQTT_PUBREC, false,
               (struct mqtt_flow_step){MQTT_FLOW_EXPECT_PUBCOMP, MQTT_FLOW_AWAITED, MQTT_PUBREL});
    check_step(MQTT_FLOW_EXPECT_PUBCOMP, MQTT_PUBCOMP, false,
               (struct mqtt_flow_step){MQTT_FLOW_DONE, MQTT_FLOW_AWAITED, 0});
}

// [MQTT-4.4.0-2]
static void a_refusal_ends_the_exchange(void **state) {
    (void)state;
    check_step(MQTT_FLOW_EXPECT_PUBACK, MQTT_PUBACK, true,
               (struct mqtt_flow_step){MQTT_FLOW_DONE, MQTT_FLOW_AWAITED, 0});
    check_step(MQTT_FLOW_EXPECT_PUBREC, MQTT_PUBREC, true,
               (struct mqtt_flow_step){MQTT_FLOW_DONE, MQTT_FLOW_AWAITED, 0});
    check_step(MQTT_FLOW_EXPECT_PUBCOMP, MQTT_PUBCOMP, true,
               (struct mqtt_flow_step){MQTT_FLOW_DONE, MQTT_FLOW_AWAITED, 0});
    // Too late: it was released [MQTT-4.3.3-6].
    check_step(MQTT_FLOW_EXPECT_PUBCOMP, MQTT_PUBREC, true,
               (struct mqtt_flow_step){MQTT_FLOW_EXPECT_PUBCOMP, MQTT_FLOW_AGAIN, MQTT_PUBREL});
}

static void other_answers_change_nothing(void **state) {
    (void)state;
    static const enum mqtt_type types[] = {MQTT_PUBACK, MQTT_PUBREC, MQTT_PUBCOMP};
    for (unsigned i = 0; i < MQTT_FLOW_STATES * 3; i++) {
        enum mqtt_flow_state from = (enum mqtt_flow_state)(i / 3);
        struct mqtt_flow_step step = mqtt_flow_answered(from, types[i % 3], false);
        bool is_open = from != MQTT_FLOW_DONE && from != MQTT_FLOW_EXPECT_SENDING;
        assert_int_equal(step.match == MQTT_FLOW_UNKNOWN, !is_open);
        if (step.match != MQTT_FLOW_AWAITED) {
            assert_int_equal(step.state, from);
        }
        if (step.match == MQTT_FLOW_WRONG || step.match == MQTT_FLOW_UNKNOWN) {
            assert_int_equal(step.answer, 0);
        }
    }
}

// [MQTT-4.4.0-1, MQTT-4.3.3-6]
static void a_new_connection_sends_the_last_packet_again(void **state) {
    (void)state;
    assert_int_equal(mqtt_flow_again(MQTT_FLOW_EXPECT_SENDING), MQTT_PUBLISH);
    assert_int_equal(mqtt_flow_again(MQTT_FLOW_EXPECT_PUBACK), MQTT_PUBLISH);
    assert_int_equal(mqtt_flow_again(MQTT_FLOW_EXPECT_PUBREC), MQTT_PUBLISH);
    assert_int_equal(mqtt_flow_again(MQTT_FLOW_EXPECT_PUBCOMP), MQTT_PUBREL);
    assert_int_equal(mqtt_flow_again(MQTT_FLOW_DONE), 0);
    for (unsigned i = 0; i < MQTT_FLOW_STATES; i++) {
        assert_non_null(mqtt_flow_text((enum mqtt_flow_state)i));
    }
}

// ---- both ends --------------------------------------------------------------------------------

// One message between two ends that keep their states while packets of either get lost.
struct exchange {
    enum mqtt_flow_state sender;
    bool awaits_pubrel;
    unsigned delivered;
    unsigned lost;
};

// What the receiver answers to what came; 0: nothing.
static uint8_t receive(struct exchange *exchange, uint8_t type, unsigned qos) {
    struct mqtt_flow_arrival arrival = type == MQTT_PUBLISH
                                           ? mqtt_flow_published(qos, exchange->awaits_pubrel)
                                           : mqtt_flow_released(exchange->awaits_pubrel);
    exchange->delivered += arrival.delivers;
    exchange->awaits_pubrel = arrival.is_kept;
    return arrival.answer;
}

// One connection: it goes on until a packet is lost or the exchange is over.
static void connect_once(struct exchange *exchange, unsigned qos, uint64_t *random) {
    uint8_t packet = mqtt_flow_again(exchange->sender);
    if (packet == MQTT_PUBLISH) {
        exchange->sender = mqtt_flow_sent(qos);
    }
    while (packet != 0) {
        bool loses_packet = support_random(random) % 3 == 0;
        uint8_t answer = loses_packet ? 0 : receive(exchange, packet, qos);
        bool loses_answer = support_random(random) % 3 == 0;
        if (answer == 0 || loses_answer) {
            exchange->lost++;
            return;
        }
        struct mqtt_flow_step step =
            mqtt_flow_answered(exchange->sender, (enum mqtt_type)answer, false);
        assert_true(step.match == MQTT_FLOW_AWAITED || step.match == MQTT_FLOW_AGAIN);
        exchange->sender = step.state;
        packet = step.answer;
    }
}

// [MQTT-4.3.2-4, MQTT-4.3.2-5, MQTT-4.3.3-8, MQTT-4.3.3-10, MQTT-4.3.3-11, MQTT-4.3.3-12]
static void whatever_is_lost_qos_1_comes_at_least_once_and_qos_2_once(void **state) {
    (void)state;
    uint64_t random = SEED;
    unsigned repeated = 0;
    for (unsigned round = 0; round < ROUNDS; round++) {
        unsigned qos = 1 + round % 2;
        struct exchange exchange = {0};
        while (exchange.sender != MQTT_FLOW_DONE) {
            connect_once(&exchange, qos, &random);
        }
        assert_false(exchange.awaits_pubrel);
        assert_true(qos == 2 ? exchange.delivered == 1 : exchange.delivered >= 1);
        repeated += exchange.delivered > 1;
    }
    assert_true(repeated > 0);
}

static void a_message_of_qos_0_is_not_answered(void **state) {
    (void)state;
    struct mqtt_flow_arrival arrival = mqtt_flow_published(0, false);
    assert_true(arrival.delivers);
    assert_false(arrival.is_kept);
    assert_int_equal(arrival.answer, 0);
}

// A QoS 1 message that comes with the identifier of a QoS 2 message under way is a broker's fault;
// it must not make the identifier free.
static void an_identifier_stays_kept_until_it_is_released(void **state) {
    (void)state;
    struct mqtt_flow_arrival arrival = mqtt_flow_published(1, true);
    assert_true(arrival.is_kept && arrival.is_known && arrival.delivers);
    arrival = mqtt_flow_released(true);
    assert_false(arrival.is_kept);
    assert_int_equal(arrival.reason, MQTT_SUCCESS);
    arrival = mqtt_flow_released(false);
    assert_int_equal(arrival.answer, MQTT_PUBCOMP);
    assert_int_equal(arrival.reason, MQTT_PACKET_IDENTIFIER_NOT_FOUND);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_lead_on),
        cmocka_unit_test(a_refusal_ends_the_exchange),
        cmocka_unit_test(other_answers_change_nothing),
        cmocka_unit_test(a_new_connection_sends_the_last_packet_again),
        cmocka_unit_test(whatever_is_lost_qos_1_comes_at_least_once_and_qos_2_once),
        cmocka_unit_test(a_message_of_qos_0_is_not_answered),
        cmocka_unit_test(an_identifier_stays_kept_until_it_is_released),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
