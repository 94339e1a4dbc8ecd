#include "support.h"

#include "watch/explain/mqtt_cost.h"

#define UP TAP_FROM_CLIENT
#define DOWN TAP_FROM_BROKER

struct fixture {
    struct memory memory;
    struct mqtt_costs costs;
    struct mqtt_message_cost done;
    uint64_t now;
};

static int set_up(void **state) {
    struct fixture *fixture = test_calloc(1, sizeof *fixture);
    memory_init(&fixture->memory);
    mqtt_costs_init(&fixture->costs, &fixture->memory);
    *state = fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    mqtt_costs_deinit(&fixture->costs);
    assert_int_equal(fixture->memory.bytes_in_use, 0);
    test_free(fixture);
    return 0;
}

static bool take(struct fixture *fixture, enum tap_direction direction,
                 const struct mqtt_packet *packet, uint32_t bytes, bool is_lost) {
    struct mqtt_cost_step step = {.direction = direction,
                                  .packet = packet,
                                  .bytes = bytes,
                                  .unix_ns = fixture->now += 10,
                                  .is_lost = is_lost};
    return mqtt_costs_take(&fixture->costs, &step, &fixture->done);
}

static bool publish(struct fixture *fixture, uint8_t qos, uint16_t id, bool dup) {
    struct mqtt_packet packet = {.type = MQTT_PUBLISH,
                                 .publish = {.qos = qos,
                                             .packet_id = id,
                                             .dup = dup,
                                             .topic = BYTES_LITERAL("t"),
                                             .payload = BYTES_LITERAL("0123456789")}};
    return take(fixture, UP, &packet, 20, false);
}

static bool answer(struct fixture *fixture, enum tap_direction direction, enum mqtt_type type,
                   uint16_t id) {
    struct mqtt_packet packet = {.type = type, .packet_id = id};
    return take(fixture, direction, &packet, 4, false);
}

static void assert_cost(const struct fixture *fixture, uint64_t bytes, uint32_t packets,
                        uint32_t sent, uint64_t took_ns) {
    assert_int_equal(fixture->done.payload_bytes, 10);
    assert_int_equal(fixture->done.bytes, bytes);
    assert_int_equal(fixture->done.packets, packets);
    assert_int_equal(fixture->done.sent, sent);
    assert_int_equal(fixture->done.took_ns, took_ns);
}

static void counts_each_quality_of_service(void **state) {
    struct fixture *fixture = *state;
    assert_true(publish(fixture, 0, 0, false));
    assert_cost(fixture, 20, 1, 1, 0);
    assert_false(publish(fixture, 1, 7, false));
    assert_true(answer(fixture, DOWN, MQTT_PUBACK, 7));
    assert_cost(fixture, 24, 2, 1, 10);
    assert_false(publish(fixture, 2, 7, false));
    assert_false(answer(fixture, DOWN, MQTT_PUBREC, 7));
    assert_false(answer(fixture, UP, MQTT_PUBREL, 7));
    assert_true(answer(fixture, DOWN, MQTT_PUBCOMP, 7));
    assert_cost(fixture, 32, 4, 1, 30);
}

static void repetitions_cost_too(void **state) {
    struct fixture *fixture = *state;
    struct mqtt_packet lost = {.type = MQTT_PUBACK, .packet_id = 7};
    assert_false(publish(fixture, 1, 7, false));
    assert_false(take(fixture, DOWN, &lost, 4, true)); // it never arrives
    assert_false(publish(fixture, 1, 7, true));
    assert_true(answer(fixture, DOWN, MQTT_PUBACK, 7));
    assert_cost(fixture, 48, 4, 2, 30);
}

// Both sides give out the same numbers; a number may come again for another message.
static void tells_messages_apart(void **state) {
    struct fixture *fixture = *state;
    assert_false(publish(fixture, 1, 7, false));
    assert_false(answer(fixture, UP, MQTT_PUBACK, 7)); // of a message of the broker
    assert_false(answer(fixture, DOWN, MQTT_PUBACK, 8));
    assert_false(publish(fixture, 1, 7, false));
    assert_true(answer(fixture, DOWN, MQTT_PUBACK, 7));
    assert_cost(fixture, 24, 2, 1, 10);
}

static void a_refusal_ends_a_message(void **state) {
    struct fixture *fixture = *state;
    struct mqtt_packet refusal = {
        .type = MQTT_PUBREC, .packet_id = 7, .reason = MQTT_QUOTA_EXCEEDED};
    assert_false(publish(fixture, 2, 7, false));
    assert_true(take(fixture, DOWN, &refusal, 5, false));
    assert_cost(fixture, 25, 2, 1, 10);
}

static void keeps_a_bounded_number(void **state) {
    struct fixture *fixture = *state;
    for (uint16_t id = 1; id <= MQTT_COST_MAX + 10; id++) {
        assert_false(publish(fixture, 1, id, false));
    }
    assert_false(answer(fixture, DOWN, MQTT_PUBACK, MQTT_COST_MAX + 1));
    assert_true(answer(fixture, DOWN, MQTT_PUBACK, MQTT_COST_MAX));
    assert_false(publish(fixture, 1, MQTT_COST_MAX + 1, false)); // there is room again
    assert_true(answer(fixture, DOWN, MQTT_PUBACK, MQTT_COST_MAX + 1));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(counts_each_quality_of_service), TEST(repetitions_cost_too),
        TEST(tells_messages_apart),           TEST(a_refusal_ends_a_message),
        TEST(keeps_a_bounded_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
