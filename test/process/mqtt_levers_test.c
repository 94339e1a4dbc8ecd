// Levers at the MQTT door of a broker: rules, holds, freezes and cuts, by option and by command, on
// clients that come and on those that are there.
#include "mqtt.h"

static struct process *broker;
static uint16_t port;

#define START_BROKER(...)                                                                \
    do {                                                                                 \
        broker = process_start("broker", "--address", "83", "--mqtt", "0", __VA_ARGS__); \
        port = mqtt_port(broker, MQTT_TCP);                                              \
    } while (false)

static struct mqtt_packet message(uint16_t packet_id, const char *value) {
    return (struct mqtt_packet){.type = MQTT_PUBLISH,
                                .publish = {.topic = BYTES_LITERAL("a/b"),
                                            .payload = bytes_of_text(value),
                                            .qos = packet_id > 0,
                                            .packet_id = packet_id}};
}

static void publish(struct mqtt_hand *hand, uint16_t packet_id, const char *value) {
    struct mqtt_packet packet = message(packet_id, value);
    mqtt_hand_send(hand, &packet);
}

static void ping(struct mqtt_hand *hand) {
    mqtt_hand_send(hand, &(struct mqtt_packet){.type = MQTT_PINGREQ});
    (void)mqtt_hand_expect(hand, MQTT_PINGRESP);
}

static void assert_ends(struct mqtt_hand *hand) {
    assert_false(mqtt_hand_take(hand, &(struct mqtt_packet){0}));
    close(hand->fd);
}

static void the_first_puback_is_dropped_and_the_report_says_so(void **state) {
    (void)state;
    START_BROKER("--fault", "drop PUBACK 1 to al*; drop publ 7; duplicate SUBSCRIBE", "--tap", "t");
    struct mqtt_hand *hand = mqtt_hand_connect(0, port, MQTT_5, "alice");
    publish(hand, 1, "x");
    ping(hand); // no PUBACK before its answer
    process_await_err(broker, "fault: PUBACK to alice dropped (rule 1)");
    publish(hand, 2, "y");
    assert_int_equal(mqtt_hand_expect(hand, MQTT_PUBACK).packet_id, 2);
    close(hand->fd);
    process_await_err(broker, "alice: connection ended");
    process_end(broker);
    const char *said = process_text(&broker->err);
    assert_non_null(strstr(said, "rule 1 hit 1 time: drop PUBACK 1 to al*"));
    assert_non_null(strstr(said, "rule 2 never hit: drop publ 7"));
    assert_non_null(strstr(said, "rule 3 never hit: duplicate SUBSCRIBE"));
    assert_null(strstr(said, "can never hit")); // each fits one of the doors
    struct process *watch = process_start("watch", "--once", "--ladder", "t");
    process_assert_code(watch, 0);
    assert_non_null(strstr(process_text(&watch->out), "x--PUBACK"));
}

// What is under way when the rule comes passes; the next packet is the first that it is about.
static void a_rule_takes_hold_of_who_is_there_between_two_packets(void **state) {
    (void)state;
    START_BROKER("--name", "b");
    struct mqtt_hand *hand = mqtt_hand_connect(0, port, MQTT_3_1_1, "alice");
    struct mqtt_packet packet = message(1, "value");
    uint8_t bytes[32] = {MQTT_PINGREQ << 4, 0}; // whose answer says that what follows has come
    size_t size = 2 + mqtt_encoded_size(&packet, MQTT_3_1_1);
    (void)mqtt_encode(&packet, MQTT_3_1_1, bytes + 2);
    for (size_t rule = 1; rule < 4; rule++) {
        size_t cut = 2 + rule;
        http_send_bytes(hand->fd, bytes_make(bytes, cut));
        (void)mqtt_hand_expect(hand, MQTT_PINGRESP);
        process_send(broker, "rule drop PUBLISH 1 from alice\n");
        char text[64];
        (void)snprintf(text, sizeof text, "rule %zu: ", rule);
        process_await_err(broker, text);
        http_send_bytes(hand->fd, bytes_make(bytes + cut, size - cut));
        (void)mqtt_hand_expect(hand, MQTT_PUBACK);
        publish(hand, 2, "dropped");
        publish(hand, 3, "passes");
        assert_int_equal(mqtt_hand_expect(hand, MQTT_PUBACK).packet_id, 3);
        (void)snprintf(text, sizeof text, "undo %zu\nlist\n", rule);
        process_send(broker, text);
        process_await_out(broker, "packets dropped"); // the end of the list
    }
    close(hand->fd);
}

static void packets_are_held_listed_and_stepped_in_order_of_both_doors(void **state) {
    (void)state;
    START_BROKER("--name", "b");
    struct mqtt_hand *hand = mqtt_hand_connect(0, port, MQTT_3_1_1, "alice");
    struct process *client = process_start("client", "--address", "580", "--run", "conn", "--stay");
    process_await_err(client, "connected with 83");
    process_send(broker, "rule hold PUBLISH\nrule hold publ\n");
    process_await_err(broker, "rule 2: ");
    publish(hand, 0, "first");
    process_await_err(broker, "PUBLISH from alice held (rule 1)");
    struct process *other =
        process_start("client", "--address", "581", "--run", "conn; publ a/b second", "--stay");
    process_await_err(broker, "publ from 581 held (rule 2)");
    publish(hand, 0, "third");
    process_await_err(broker, "PUBLISH from alice held");
    process_send(broker, "list\n");
    process_await_out(broker, "alice");
    process_send(broker, "step\n");
    process_await_out(broker, "alice published a/b first");
    process_send(broker, "step\n");
    process_await_out(broker, "581 published a/b second");
    process_send(broker, "undo 1\n");
    process_await_out(broker, "alice published a/b third");
    process_send(broker, "step\n");
    process_await_err(broker, "no packet is held");
    process_end(other);
    close(hand->fd);
}

static void a_frozen_client_hears_nothing_until_the_thaw(void **state) {
    (void)state;
    START_BROKER("--name", "b");
    struct mqtt_hand *hand = mqtt_hand_connect(0, port, MQTT_3_1_1, "alice");
    process_send(broker, "freeze\n");
    process_await_err(broker, "frozen: nothing passes");
    mqtt_hand_send(hand, &(struct mqtt_packet){.type = MQTT_PINGREQ});
    struct mqtt_hand *late = &mqtt_hands[1];
    *late = (struct mqtt_hand){.fd = http_dial(port), .version = MQTT_3_1_1};
    struct mqtt_packet connect = {
        .type = MQTT_CONNECT,
        .connect = {.version = MQTT_3_1_1, .clean_start = true, .client_id = BYTES_LITERAL("bob")}};
    mqtt_hand_send(late, &connect);
    process_await_err(broker, "fault: connection with alice frozen");
    process_send(broker, "list\nthaw\n");
    (void)mqtt_hand_expect(hand, MQTT_PINGRESP);
    (void)mqtt_hand_expect(late, MQTT_CONNACK);
    assert_null(strstr(process_text(&broker->out), "bob"));
    close(hand->fd);
    close(late->fd);
}

static void a_cut_by_hand_is_an_accident_for_the_broker(void **state) {
    (void)state;
    START_BROKER("--tap", "t");
    struct mqtt_hand *alice = mqtt_hand_connect(0, port, MQTT_3_1_1, "alice");
    struct mqtt_hand *bob = mqtt_hand_connect(1, port, MQTT_3_1_1, "bob");
    process_send(broker, "cut al*\n");
    assert_ends(alice);
    ping(bob);
    process_await_err(broker, "alice: connection ended: its stream ended");
    process_send(broker, "cut carol\n");
    process_await_err(broker, "error: cut: there is no such connection");
    process_send(broker, "cut\n");
    assert_ends(bob);
    process_signal(broker, SIGTERM);
    process_assert_code(broker, 1); // for the error
    struct process *watch = process_start("watch", "--once", "t");
    process_assert_code(watch, 0);
    assert_non_null(strstr(process_text(&watch->out), "by hand"));
}

// The sender has left before its message arrives.
static void what_is_on_its_way_arrives_though_its_client_has_gone(void **state) {
    (void)state;
    START_BROKER("--fault", "hold PUBLISH from alice");
    struct mqtt_hand *hand = mqtt_hand_connect(0, port, MQTT_3_1_1, "alice");
    publish(hand, 0, "late");
    mqtt_hand_send(hand, &(struct mqtt_packet){.type = MQTT_DISCONNECT});
    process_await_err(broker, "PUBLISH from alice held");
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    (void)setsockopt(hand->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(hand->fd); // a reset: its stream is gone at once
    struct mqtt_hand *bob = mqtt_hand_connect(1, port, MQTT_3_1_1, "bob");
    ping(bob); // which came behind the reset
    close(bob->fd);
    process_send(broker, "step\n");
    process_await_out(broker, "alice published a/b late");
    process_await_err(broker, "alice: connection ended: it disconnected");
}

static void a_refused_client_is_not_seen_by_the_broker(void **state) {
    (void)state;
    START_BROKER("--fault", "refuse CONNECT 1 from alice");
    struct mqtt_hand *hand = &mqtt_hands[0];
    struct mqtt_connect connect = {
        .version = MQTT_5, .clean_start = true, .client_id = BYTES_LITERAL("alice")};
    hand->fd = http_dial(port);
    assert_int_equal(mqtt_hand_ask(hand, &connect), MQTT_SERVER_UNAVAILABLE);
    assert_ends(hand);
    hand = mqtt_hand_connect(0, port, MQTT_5, "alice");
    close(hand->fd);
}

static void the_broker_ends_though_packets_are_held_and_clients_frozen(void **state) {
    (void)state;
    START_BROKER("--name", "b");
    struct mqtt_hand *alice = mqtt_hand_connect(0, port, MQTT_3_1_1, "alice");
    struct mqtt_hand *bob = mqtt_hand_connect(1, port, MQTT_3_1_1, "bob");
    process_send(broker, "rule hold PUBLISH from alice\nrule freeze with bob\n");
    process_await_err(broker, "with bob frozen");
    publish(alice, 0, "x");
    process_await_err(broker, "PUBLISH from alice held");
    process_end(broker);
    close(alice->fd);
    close(bob->fd);
}

// Several loops, and rules that come and go meanwhile.
static void rules_come_and_go_while_several_loops_are_busy(void **state) {
    char place[32];
    (void)state;
    START_BROKER("--threads", "3", "--quiet");
    (void)snprintf(place, sizeof place, "%u", port);
    struct process *load = process_start("load", "--port", place, "--publishers", "8",
                                         "--subscribers", "8", "--qos", "1", "--seconds", "1");
    for (int i = 1; i <= 20; i++) {
        char text[96];
        (void)snprintf(text, sizeof text, "rule delay 1 ms 5 %% of PUBLISH\nhold\nthaw\nundo %d\n",
                       i);
        process_send(broker, text);
        process_await_err(broker, "all that waited goes on");
    }
    process_assert_code(load, 0); // nothing is lost by delays
    process_end(broker);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(the_first_puback_is_dropped_and_the_report_says_so),
        PROCESS_TEST(a_rule_takes_hold_of_who_is_there_between_two_packets),
        PROCESS_TEST(packets_are_held_listed_and_stepped_in_order_of_both_doors),
        PROCESS_TEST(a_frozen_client_hears_nothing_until_the_thaw),
        PROCESS_TEST(a_cut_by_hand_is_an_accident_for_the_broker),
        PROCESS_TEST(what_is_on_its_way_arrives_though_its_client_has_gone),
        PROCESS_TEST(a_refused_client_is_not_seen_by_the_broker),
        PROCESS_TEST(the_broker_ends_though_packets_are_held_and_clients_frozen),
        PROCESS_TEST(rules_come_and_go_while_several_loops_are_busy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
