#include "support.h"

#include <stdlib.h>

#include "role/load/load_client.h"

// A publisher and a subscriber of one topic, whose broker is the test.
struct fixture {
    struct memory memory;
    struct histogram latency;
    struct load_ledger ledger;
    struct load_settings settings;
    struct load_client publisher;
    struct load_client subscriber;
};

#define PAYLOAD_BYTES 32
#define WINDOW 4

static const struct bytes names[] = {{(const uint8_t *)"a/b", 3}};

static void begin(struct fixture *fixture, uint8_t qos, enum mqtt_version version) {
    *fixture = (struct fixture){.settings = {.version = version,
                                             .qos = qos,
                                             .clean = true,
                                             .window = WINDOW,
                                             .payload_bytes = PAYLOAD_BYTES,
                                             .run = 7,
                                             .client_id = BYTES_LITERAL("load")}};
    memory_init(&fixture->memory);
    load_ledger_init(&fixture->ledger, &fixture->memory,
                     &(struct load_ledger_options){.publishers = 1,
                                                   .topics = 1,
                                                   .subscribers = 1,
                                                   .payload_bytes = PAYLOAD_BYTES,
                                                   .names = names,
                                                   .latency = &fixture->latency});
    load_ledger_want(&fixture->ledger, 0, 0);
    struct load_client_options options = {.settings = &fixture->settings,
                                          .ledger = &fixture->ledger,
                                          .kind = LOAD_PUBLISHER,
                                          .quota = 100};
    load_client_init(&fixture->publisher, &fixture->memory, &options);
    options.kind = LOAD_SUBSCRIBER;
    load_client_init(&fixture->subscriber, &fixture->memory, &options);
}

static void finish(struct fixture *fixture) {
    load_client_deinit(&fixture->publisher);
    load_client_deinit(&fixture->subscriber);
    load_ledger_deinit(&fixture->ledger);
    assert_int_equal(fixture->memory.bytes_in_use, 0);
}

static void hear(struct load_client *client, struct bytes bytes) {
    assert_int_equal(load_client_receive(client, bytes, 50), bytes.size);
}

#define HEAR(client, text) hear((client), BYTES_LITERAL(text))

static void assert_said(struct load_client *client, struct bytes expected) {
    assert_bytes_equal(buffer_bytes(&client->out), expected);
    client->out.size = 0;
}

#define ASSERT_SAID(client, text) assert_said((client), BYTES_LITERAL(text))

static void accept_both(struct fixture *fixture) {
    struct bytes accepted = fixture->settings.version == MQTT_5
                                ? BYTES_LITERAL("\x20\x03\x00\x00\x00")
                                : BYTES_LITERAL("\x20\x02\x00\x00");
    load_client_connect(&fixture->publisher);
    load_client_connect(&fixture->subscriber);
    hear(&fixture->publisher, accepted);
    hear(&fixture->subscriber, accepted);
    assert_int_equal(fixture->publisher.state, LOAD_READY);
    fixture->publisher.out.size = fixture->subscriber.out.size = 0;
}

// The broker hands all that was published on, as it is.
static void pass_on(struct fixture *fixture) {
    hear(&fixture->subscriber, buffer_bytes(&fixture->publisher.out));
    fixture->publisher.out.size = 0;
}

static void a_client_connects_and_subscribes(void **state) {
    (void)state;
    struct fixture fixture;
    begin(&fixture, 1, MQTT_3_1_1);
    struct load_client *client = &fixture.subscriber;
    load_client_connect(client);
    ASSERT_SAID(client, "\x10\x13\0\4MQTT\4\2\0\0\0\7load7s0");
    HEAR(client, "\x20\x02\x00\x00");
    assert_int_equal(client->state, LOAD_READY);
    load_client_subscribe(client, (struct mqtt_filters){BYTES_LITERAL("\0\1#\1"), 1});
    ASSERT_SAID(client, "\x82\x06\0\1\0\1#\1");
    assert_int_equal(client->state, LOAD_EXPECT_SUBACK);
    HEAR(client, "\x90\x03\0\1\1");
    assert_int_equal(client->state, LOAD_READY);
    load_client_ping(client);
    load_client_disconnect(client);
    ASSERT_SAID(client, "\xc0\0\xe0\0");
    HEAR(client, "\xd0\0");
    finish(&fixture);
}

static void a_refusal_is_said(void **state) {
    (void)state;
    struct fixture fixture;
    begin(&fixture, 2, MQTT_3_1_1);
    HEAR(&fixture.publisher, "\x20\x02\x00\x05");
    assert_int_equal(fixture.publisher.state, LOAD_FAULTY);
    assert_non_null(strstr(fixture.publisher.fault, "refused the connection: "));
    HEAR(&fixture.subscriber, "\x20\x02\x00\x00");
    load_client_subscribe(&fixture.subscriber, (struct mqtt_filters){BYTES_LITERAL("\0\1#\2"), 1});
    HEAR(&fixture.subscriber, "\x90\x03\0\1\1");
    assert_non_null(strstr(fixture.subscriber.fault, "lower QoS"));
    finish(&fixture);
}

static void a_window_waits_for_deliveries(void **state) {
    (void)state;
    struct fixture fixture;
    begin(&fixture, 0, MQTT_3_1_1);
    accept_both(&fixture);
    assert_int_equal(load_client_publish(&fixture.publisher, 100, 20), WINDOW);
    assert_int_equal(load_client_publish(&fixture.publisher, 100, 20), 0);
    pass_on(&fixture);
    assert_int_equal(fixture.ledger.counts.delivered, WINDOW);
    assert_int_equal(fixture.ledger.ready_count, 1);
    assert_int_equal(fixture.latency.max, 30);
    assert_int_equal(load_client_publish(&fixture.publisher, 3, 20), 3);
    fixture.publisher.quota = 1;
    assert_int_equal(load_client_publish(&fixture.publisher, 100, 20), 1);
    pass_on(&fixture);
    assert_int_equal(load_client_publish(&fixture.publisher, 100, 20), 0);
    finish(&fixture);
}

static void packets_may_come_in_pieces(void **state) {
    (void)state;
    struct fixture fixture;
    begin(&fixture, 0, MQTT_5);
    accept_both(&fixture);
    assert_int_equal(load_client_publish(&fixture.publisher, 1, 20), 1);
    struct bytes whole = buffer_bytes(&fixture.publisher.out);
    for (size_t size = 0; size < whole.size; size++) {
        assert_int_equal(load_client_receive(&fixture.subscriber, bytes_make(whole.data, size), 50),
                         0);
    }
    pass_on(&fixture);
    assert_int_equal(fixture.ledger.counts.delivered, 1);
    finish(&fixture);
}

static void qos_1_is_acknowledged_both_ways(void **state) {
    (void)state;
    struct fixture fixture;
    begin(&fixture, 1, MQTT_5);
    accept_both(&fixture);
    assert_int_equal(load_client_publish(&fixture.publisher, 2, 20), 2);
    pass_on(&fixture);
    ASSERT_SAID(&fixture.subscriber, "\x40\2\0\1\x40\2\0\2");
    fixture.ledger.ready_count = fixture.ledger.is_ready[0] = 0;
    HEAR(&fixture.publisher, "\x40\3\0\2\x10\x40\2\0\1");
    assert_int_equal(fixture.publisher.unacknowledged, 0);
    assert_int_equal(fixture.ledger.ready_count, 1);
    // What is delivered but not acknowledged keeps the window shut.
    assert_int_equal(load_client_publish(&fixture.publisher, 100, 20), WINDOW);
    pass_on(&fixture);
    assert_int_equal(load_client_publish(&fixture.publisher, 100, 20), 0);
    finish(&fixture);
}

static void qos_2_takes_four_steps(void **state) {
    (void)state;
    struct fixture fixture;
    begin(&fixture, 2, MQTT_3_1_1);
    accept_both(&fixture);
    assert_int_equal(load_client_publish(&fixture.publisher, 1, 20), 1);
    pass_on(&fixture);
    ASSERT_SAID(&fixture.subscriber, "\x50\2\0\1");
    HEAR(&fixture.subscriber, "\x62\2\0\1");
    ASSERT_SAID(&fixture.subscriber, "\x70\2\0\1");
    HEAR(&fixture.publisher, "\x50\2\0\1");
    ASSERT_SAID(&fixture.publisher, "\x62\2\0\1");
    assert_int_equal(fixture.publisher.unacknowledged, 1);
    HEAR(&fixture.publisher, "\x70\2\0\1");
    assert_int_equal(fixture.publisher.unacknowledged, 0);
    assert_int_equal(fixture.publisher.state, LOAD_READY);
    finish(&fixture);
}

static void what_comes_twice_late_or_never_is_detected(void **state) {
    (void)state;
    struct fixture fixture;
    begin(&fixture, 1, MQTT_3_1_1);
    accept_both(&fixture);
    assert_int_equal(load_client_publish(&fixture.publisher, 4, 20), 4);
    struct bytes out = buffer_bytes(&fixture.publisher.out);
    size_t size = out.size / 4;
    static const size_t order[] = {0, 0, 2, 1}; // and never 3
    for (size_t i = 0; i < 4; i++) {
        hear(&fixture.subscriber, bytes_make(out.data + order[i] * size, size));
    }
    const struct load_counts *counts = &fixture.ledger.counts;
    assert_int_equal(counts->delivered, 3);
    assert_int_equal(counts->repeated, 1);
    assert_int_equal(counts->disordered, 1);
    assert_int_equal(load_ledger_outstanding(&fixture.ledger), 1);
    finish(&fixture);
}

// How often each kind of fault was counted after the first message came as it was sent, then with
// these flags.
static void assert_again(uint8_t qos, enum mqtt_version version, uint8_t flags,
                         struct load_counts expected) {
    struct fixture fixture;
    begin(&fixture, qos, version);
    accept_both(&fixture);
    assert_int_equal(load_client_publish(&fixture.publisher, 1, 20), 1);
    struct bytes out = buffer_bytes(&fixture.publisher.out);
    hear(&fixture.subscriber, out);
    fixture.publisher.out.data[0] |= flags;
    hear(&fixture.subscriber, out);
    assert_int_equal(fixture.subscriber.state, LOAD_READY);
    assert_int_equal(fixture.ledger.counts.delivered, 1);
    assert_int_equal(fixture.ledger.counts.repeated, expected.repeated);
    assert_int_equal(fixture.ledger.counts.resent, expected.resent);
    assert_int_equal(fixture.subscriber.unreleased, qos == 2);
    finish(&fixture);
}

static void only_before_5_and_with_dup_may_a_message_come_again(void **state) {
    (void)state;
    struct load_counts fault = {.repeated = 1};
    struct load_counts allowed = {.resent = 1};
    for (uint8_t qos = 1; qos <= 2; qos++) {
        assert_again(qos, MQTT_3_1, 0x08, allowed);
        assert_again(qos, MQTT_3_1_1, 0x08, allowed);
        assert_again(qos, MQTT_3_1_1, 0, fault);
        assert_again(qos, MQTT_5, 0x08, fault);
    }
    assert_again(0, MQTT_3_1_1, 0, fault);
}

static void a_lower_qos_is_counted_of_messages_of_ours(void **state) {
    (void)state;
    struct fixture fixture;
    begin(&fixture, 1, MQTT_3_1_1);
    accept_both(&fixture);
    assert_int_equal(load_client_publish(&fixture.publisher, 1, 20), 1);
    struct bytes out = buffer_bytes(&fixture.publisher.out);
    size_t topic_end = 2 + 2 + names[0].size;
    uint8_t lower[128];
    memcpy(lower, out.data, topic_end);
    memcpy(lower + topic_end, out.data + topic_end + 2, out.size - topic_end - 2);
    lower[0] = 0x30;
    lower[1] = (uint8_t)(out.data[1] - 2);
    hear(&fixture.subscriber, bytes_make(lower, out.size - 2));
    assert_int_equal(fixture.ledger.counts.delivered, 1);
    assert_int_equal(fixture.ledger.counts.downgraded, 1);
    HEAR(&fixture.subscriber, "\x30\5\0\3a/b");
    assert_int_equal(fixture.ledger.counts.downgraded, 1);
    finish(&fixture);
}

static void a_broker_may_take_less_than_the_window(void **state) {
    (void)state;
    struct fixture fixture;
    begin(&fixture, 1, MQTT_5);
    HEAR(&fixture.publisher, "\x20\x06\x00\x00\x03\x21\x00\x02");
    assert_int_equal(load_client_publish(&fixture.publisher, 100, 20), 2);
    finish(&fixture);
}

static void assert_fault(enum load_kind kind, uint8_t qos, struct bytes bytes, const char *part) {
    struct fixture fixture;
    begin(&fixture, qos, MQTT_3_1_1);
    accept_both(&fixture);
    struct load_client *client = kind == LOAD_PUBLISHER ? &fixture.publisher : &fixture.subscriber;
    (void)load_client_receive(client, bytes, 50);
    assert_int_equal(client->state, LOAD_FAULTY);
    assert_non_null(strstr(client->fault, part));
    assert_int_equal(load_client_publish(&fixture.publisher, 1, 50), kind != LOAD_PUBLISHER);
    finish(&fixture);
}

#define ASSERT_FAULT(kind, qos, text, part) assert_fault((kind), (qos), BYTES_LITERAL(text), (part))

static void a_broker_that_breaks_the_rules_is_found_out(void **state) {
    (void)state;
    ASSERT_FAULT(LOAD_PUBLISHER, 1, "\x40\2\0\1", "acknowledged what was not sent: PUBACK");
    ASSERT_FAULT(LOAD_PUBLISHER, 0, "\x40\2\0\1", "acknowledged what was not sent");
    ASSERT_FAULT(LOAD_PUBLISHER, 1, "\x40\2\x12\x34", "acknowledged what was not sent");
    ASSERT_FAULT(LOAD_PUBLISHER, 0, "\x30\5\0\3a/b", "not asked for");
    ASSERT_FAULT(LOAD_SUBSCRIBER, 2, "\x62\2\0\1", "released");
    ASSERT_FAULT(LOAD_SUBSCRIBER, 0, "\x62\2\0\1", "released");
    ASSERT_FAULT(LOAD_SUBSCRIBER, 1, "\x32\7\0\3a/b\0\0", "identifier");
    ASSERT_FAULT(LOAD_SUBSCRIBER, 0, "\x32\7\0\3a/b\0\1", "QoS");
    ASSERT_FAULT(LOAD_SUBSCRIBER, 0, "\x30\3\0\3a", "malformed");
    ASSERT_FAULT(LOAD_SUBSCRIBER, 0, "\x30\0", "malformed");
    ASSERT_FAULT(LOAD_SUBSCRIBER, 0, "\x36\7\0\3a/b\0\1", "malformed");
    ASSERT_FAULT(LOAD_SUBSCRIBER, 0, "\x38\5\0\3a/b", "malformed"); // DUP with QoS 0
    ASSERT_FAULT(LOAD_SUBSCRIBER, 0, "\xd0\0", "not asked for: PINGRESP");
    ASSERT_FAULT(LOAD_SUBSCRIBER, 0, "\x20\2\0\0", "twice");
    ASSERT_FAULT(LOAD_SUBSCRIBER, 0, "\x90\3\0\1\0", "SUBACK");
    ASSERT_FAULT(LOAD_SUBSCRIBER, 0, "\x10\0", "not MQTT");
    ASSERT_FAULT(LOAD_SUBSCRIBER, 0, "\x30\xff\xff\xff\xff\1", "not MQTT");
    ASSERT_FAULT(LOAD_SUBSCRIBER, 0, "\xb0\2\0\1", "UNSUBACK");
}

static void retained_messages_are_taken_away(void **state) {
    (void)state;
    struct fixture fixture;
    begin(&fixture, 1, MQTT_3_1_1);
    fixture.settings.retain = true;
    accept_both(&fixture);
    assert_int_equal(load_client_publish(&fixture.publisher, 1, 20), 1);
    assert_int_equal(fixture.publisher.out.data[0], 0x33);
    fixture.publisher.out.size = 0;
    load_client_clear(&fixture.publisher);
    ASSERT_SAID(&fixture.publisher, "\x31\5\0\3a/b");
    finish(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_connects_and_subscribes),
        cmocka_unit_test(a_refusal_is_said),
        cmocka_unit_test(a_window_waits_for_deliveries),
        cmocka_unit_test(packets_may_come_in_pieces),
        cmocka_unit_test(qos_1_is_acknowledged_both_ways),
        cmocka_unit_test(qos_2_takes_four_steps),
        cmocka_unit_test(what_comes_twice_late_or_never_is_detected),
        cmocka_unit_test(only_before_5_and_with_dup_may_a_message_come_again),
        cmocka_unit_test(a_lower_qos_is_counted_of_messages_of_ours),
        cmocka_unit_test(a_broker_may_take_less_than_the_window),
        cmocka_unit_test(a_broker_that_breaks_the_rules_is_found_out),
        cmocka_unit_test(retained_messages_are_taken_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
