// The broker's own figures at $SYS/...: given at subscription, published when they change, and
// published by nobody else.
#include "role/mqtt_peer.h"
#include "role/network.h"

#define HANDLING(n) ((uint8_t)((n) << 4))
#define INTERVAL (10 * ROLE_SECOND)
#define CONNECTED "$SYS/broker/clients/connected"
#define TOTAL "$SYS/broker/clients/total"
#define FIGURES 23

static struct mqtt_door_config config_of(uint64_t interval) {
    struct mqtt_door_config config = mqtt_world_config();
    config.statistics_interval = interval;
    config.began = 977 * ROLE_SECOND; // the world begins at 1000
    config.version = BYTES_LITERAL("a broker");
    return config;
}

static struct mqtt_world *open_world(void) {
    struct mqtt_door_config config = config_of(INTERVAL);
    return mqtt_world_open(&config);
}

// What somebody who subscribes now is given.
static void assert_given(struct mqtt_world *world, const char *topic, const char *value) {
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "asker");
    struct mqtt_peer *peer = mqtt_peer_connect_with(world, &connect);
    mqtt_peer_next(peer);
    mqtt_peer_subscribe(peer, topic, 1);
    assert_true(mqtt_peer_take(peer, topic, value, 0)->publish.retain);
    mqtt_peer_expect_nothing(peer);
    mqtt_peer_send_short(peer, MQTT_DISCONNECT, 0, 0);
}

// ---- who subscribes -----------------------------------------------------------------------------

static void who_subscribes_is_given_all(void **state) {
    (void)state;
    struct mqtt_world *world = open_world();
    for (enum mqtt_version version = MQTT_3_1; version <= MQTT_5; version++) {
        struct mqtt_peer *peer = mqtt_peer_connect(world, version, "one");
        mqtt_peer_subscribe(peer, "$SYS/#", 2);
        for (unsigned i = 0; i < FIGURES; i++) {
            const struct mqtt_packet *packet = mqtt_peer_expect(peer, MQTT_PUBLISH);
            assert_true(packet->publish.retain);
            assert_int_equal(packet->publish.qos, 0);
            assert_true(packet->publish.payload.size > 0);
        }
        mqtt_peer_expect_nothing(peer);
        mqtt_peer_subscribe(peer, "$SYS/+/clients/+", 0);
        for (unsigned i = 0; i < 5; i++) {
            mqtt_peer_expect(peer, MQTT_PUBLISH);
        }
        mqtt_peer_expect_nothing(peer);
    }
    mqtt_world_close(world);
}

static void the_figures_are_those_of_the_door(void **state) {
    (void)state;
    struct mqtt_world *world = open_world();
    struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_3_1_1, "one");
    struct mqtt_peer *away = mqtt_peer_resume(world, MQTT_5, "away");
    mqtt_peer_subscribe(away, "queue", 1);
    mqtt_peer_subscribe(away, "$share/group/a", 0);
    mqtt_peer_cut(away);
    mqtt_peer_publish(peer, "a/b", "12345", 0 | MQTT_RETAIN);
    mqtt_peer_publish(peer, "queue", "678", 1);
    assert_given(world, "$SYS/broker/version", "a broker");
    assert_given(world, "$SYS/broker/uptime", "23 seconds");
    assert_given(world, TOTAL, "3");
    assert_given(world, CONNECTED, "2");
    assert_given(world, "$SYS/broker/clients/disconnected", "1");
    assert_given(world, "$SYS/broker/clients/maximum", "2");
    assert_given(world, "$SYS/broker/clients/expired", "0");
    assert_given(world, "$SYS/broker/publish/messages/received", "2");
    assert_given(world, "$SYS/broker/publish/bytes/received", "8");
    assert_given(world, "$SYS/broker/publish/messages/sent", "9");
    assert_given(world, "$SYS/broker/publish/messages/dropped", "0");
    assert_given(world, "$SYS/broker/subscriptions/count", "3");
    assert_given(world, "$SYS/broker/shared_subscriptions/count", "1");
    assert_given(world, "$SYS/broker/retained messages/count", "1");
    assert_given(world, "$SYS/broker/store/messages/count", "1");
    mqtt_world_wait(world, 3601 * ROLE_SECOND);
    assert_given(world, "$SYS/broker/clients/expired", "1");
    assert_given(world, "$SYS/broker/clients/disconnected", "0");
    assert_given(world, "$SYS/broker/store/messages/count", "0");
    assert_given(world, "$SYS/broker/store/messages/bytes", "0");
    assert_given(world, "$SYS/broker/shared_subscriptions/count", "0");
    mqtt_world_close(world);
}

// What has expired is no longer there, nor does it count.
static void expired_messages_are_not_counted_as_retained(void **state) {
    (void)state;
    struct mqtt_world *world = open_world();
    struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_5, "one");
    struct mqtt_packet publish = {
        .type = MQTT_PUBLISH,
        .publish = {.retain = true, .payload = BYTES_LITERAL("1")},
        .properties = {.present = MQTT_HAS(MQTT_MESSAGE_EXPIRY), .message_expiry = 1}};
    for (char topic[] = "old/0"; topic[4] <= '9'; topic[4]++) {
        publish.publish.topic = bytes_of_text(topic);
        mqtt_peer_send(peer, &publish);
    }
    assert_given(world, "$SYS/broker/retained messages/count", "10");
    mqtt_world_wait(world, 3 * ROLE_SECOND);
    mqtt_peer_publish(peer, "new/1", "2", 0 | MQTT_RETAIN);
    assert_given(world, "$SYS/broker/retained messages/count", "1");
    mqtt_world_close(world);
}

static void packets_and_bytes_are_counted(void **state) {
    (void)state;
    struct mqtt_world *world = open_world();
    struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_3_1_1, "one");
    mqtt_peer_publish(peer, "a", "1", 2);                       // 2 packets each way
    mqtt_peer_publish(peer, "a", "1", 1);                       // 1 packet each way
    mqtt_peer_subscribe(peer, "a", 0);                          // likewise
    mqtt_peer_publish(peer, "a", "123", 0);                     // likewise
    assert_given(world, "$SYS/broker/messages/received", "8");  // CONNECT, SUBSCRIBE
    assert_given(world, "$SYS/broker/messages/sent", "11");     // ... and a PUBLISH
    assert_given(world, "$SYS/broker/publish/bytes/sent", "6"); // "123", "8", "11"
    const struct mqtt_door_counts *counts = mqtt_world_counts(world);
    assert_true(counts->bytes_received > 0 && counts->bytes_sent > 0);
    mqtt_world_close(world);
}

// [MQTT-4.7.2-1] [MQTT3-4.7.2-1]
static void who_subscribes_to_everything_gets_none(void **state) {
    (void)state;
    struct mqtt_world *world = open_world();
    struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_5, "one");
    struct mqtt_peer *watcher = mqtt_peer_connect(world, MQTT_5, "watcher");
    static const char *const filters[] = {"#",     "+/#",   "+/broker/uptime",
                                          "SYS/#", "$SY/#", "$SYSX/#"};
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
        mqtt_peer_subscribe(peer, filters[i], 0);
    }
    mqtt_peer_subscribe(watcher, "$SYS/broker/uptime", 0);
    mqtt_world_wait(world, 2 * INTERVAL);
    mqtt_peer_take(watcher, "$SYS/broker/uptime", "23 seconds", 0);
    mqtt_peer_take(watcher, "$SYS/broker/uptime", "33 seconds", 0);
    mqtt_peer_expect_nothing(peer);
    mqtt_world_close(world);
}

static void retain_handling_holds(void **state) {
    (void)state;
    struct mqtt_world *world = open_world();
    struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_5, "one");
    mqtt_peer_subscribe(peer, CONNECTED, HANDLING(2));
    mqtt_peer_expect_nothing(peer);
    mqtt_peer_subscribe(peer, CONNECTED, HANDLING(1));
    mqtt_peer_expect_nothing(peer);
    mqtt_peer_subscribe(peer, CONNECTED, HANDLING(0));
    mqtt_peer_take(peer, CONNECTED, "1", 0);
    mqtt_peer_unsubscribe(peer, CONNECTED);
    mqtt_peer_subscribe(peer, CONNECTED, HANDLING(1));
    mqtt_peer_take(peer, CONNECTED, "1", 0);
    mqtt_peer_subscribe(peer, "$share/group/" TOTAL, 0);
    mqtt_peer_expect_nothing(peer);
    (void)mqtt_peer_connect(world, MQTT_5, "two");
    mqtt_world_wait(world, INTERVAL);
    mqtt_peer_take(peer, TOTAL, "2", 0);
    mqtt_peer_take(peer, CONNECTED, "2", 0);
    mqtt_peer_expect_nothing(peer);
    mqtt_world_close(world);
}

// ---- time ---------------------------------------------------------------------------------------

static void changes_are_published_at_the_interval(void **state) {
    (void)state;
    struct mqtt_world *world = open_world();
    struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_5, "one");
    mqtt_peer_subscribe(peer, CONNECTED, MQTT_OPTION_RETAIN_AS_PUBLISHED | 1);
    mqtt_peer_subscribe(peer, TOTAL, 1);
    mqtt_peer_take(peer, CONNECTED, "1", 0);
    mqtt_peer_take(peer, TOTAL, "1", 0);
    struct mqtt_peer *other = mqtt_peer_resume(world, MQTT_3_1_1, "other");
    mqtt_world_wait(world, INTERVAL - 1);
    mqtt_peer_expect_nothing(peer);
    mqtt_world_wait(world, 1);
    mqtt_peer_take(peer, TOTAL, "2", 0);
    assert_false(mqtt_peer_take(peer, CONNECTED, "2", 0)->publish.retain);
    mqtt_peer_cut(other);
    mqtt_world_wait(world, INTERVAL);
    mqtt_peer_take(peer, CONNECTED, "1", 0);
    mqtt_world_wait(world, 5 * INTERVAL);
    mqtt_peer_expect_nothing(peer);
    mqtt_world_close(world);
}

// One was told 1, another was given 2 since; then it is 1 again.
static void what_one_was_given_meanwhile_is_put_right(void **state) {
    (void)state;
    struct mqtt_world *world = open_world();
    struct mqtt_peer *first = mqtt_peer_connect(world, MQTT_5, "first");
    struct mqtt_peer *second = mqtt_peer_connect(world, MQTT_5, "second");
    mqtt_peer_subscribe(first, CONNECTED, 0);
    mqtt_peer_take(first, CONNECTED, "2", 0);
    struct mqtt_peer *third = mqtt_peer_connect(world, MQTT_5, "third");
    mqtt_peer_subscribe(second, CONNECTED, 0);
    mqtt_peer_take(second, CONNECTED, "3", 0);
    mqtt_peer_cut(third);
    mqtt_world_wait(world, INTERVAL);
    mqtt_peer_take(first, CONNECTED, "2", 0);
    mqtt_peer_take(second, CONNECTED, "2", 0);
    mqtt_world_wait(world, INTERVAL);
    mqtt_peer_expect_nothing(first);
    mqtt_world_close(world);
}

static void nothing_is_due_while_nobody_subscribes(void **state) {
    (void)state;
    struct mqtt_world *world = open_world();
    struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_5, "one");
    mqtt_peer_subscribe(peer, "#", 0);
    assert_true(mqtt_door_deadline(world->door) == ROLE_NEVER);
    mqtt_peer_subscribe(peer, CONNECTED, 0);
    assert_true(mqtt_door_deadline(world->door) == world->now + INTERVAL);
    mqtt_world_wait(world, INTERVAL / 2);
    mqtt_peer_unsubscribe(peer, CONNECTED);
    assert_true(mqtt_door_deadline(world->door) == ROLE_NEVER);
    mqtt_peer_subscribe(peer, CONNECTED, 0); // a new interval begins
    assert_true(mqtt_door_deadline(world->door) == world->now + INTERVAL);
    mqtt_peer_unsubscribe(peer, CONNECTED);
    mqtt_world_wait(world, 3 * INTERVAL + 1);
    mqtt_peer_subscribe(peer, "$share/group/$SYS/#", 0);
    mqtt_world_wait(world, 0);
    assert_true(mqtt_door_deadline(world->door) == world->now + INTERVAL);
    mqtt_peer_send_short(peer, MQTT_DISCONNECT, 0, 0);
    assert_true(mqtt_door_deadline(world->door) == ROLE_NEVER);
    mqtt_world_close(world);
}

static void with_no_interval_there_are_none(void **state) {
    (void)state;
    struct mqtt_door_config config = config_of(0);
    struct mqtt_world *world = mqtt_world_open(&config);
    struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_5, "one");
    mqtt_peer_subscribe(peer, "$SYS/#", 0);
    mqtt_peer_expect_nothing(peer);
    assert_true(mqtt_door_deadline(world->door) == ROLE_NEVER);
    assert_int_equal(mqtt_peer_publish(peer, CONNECTED, "7", 1), MQTT_SUCCESS);
    mqtt_peer_take(peer, CONNECTED, "7", 0);
    mqtt_world_close(world);
}

// ---- what others publish there ------------------------------------------------------------------

static void what_clients_publish_there_is_refused(void **state) {
    (void)state;
    struct mqtt_world *world = open_world();
    struct mqtt_peer *watcher = mqtt_peer_connect(world, MQTT_5, "watcher");
    mqtt_peer_subscribe(watcher, CONNECTED, 2);
    mqtt_peer_take(watcher, CONNECTED, "1", 0);
    mqtt_peer_subscribe(watcher, "$SYS", 2);
    mqtt_door_tell_entries(world->door, true);
    for (enum mqtt_version version = MQTT_3_1; version <= MQTT_5; version++) {
        struct mqtt_peer *peer = mqtt_peer_connect(world, version, "liar");
        uint8_t reason = version == MQTT_5 ? MQTT_NOT_AUTHORIZED : MQTT_SUCCESS;
        for (uint8_t qos = 0; qos <= 2; qos++) {
            uint8_t expected = qos == 0 ? MQTT_SUCCESS : reason;
            assert_int_equal(mqtt_peer_publish(peer, CONNECTED, "99", qos | MQTT_RETAIN), expected);
            assert_int_equal(mqtt_peer_publish(peer, "$SYS", "99", qos), expected);
        }
        mqtt_peer_publish(peer, "$SYSTEM/x", "free to use", MQTT_RETAIN);
        mqtt_peer_expect_nothing(peer);
        mqtt_peer_send_short(peer, MQTT_DISCONNECT, 0, 0);
    }
    mqtt_peer_expect_nothing(watcher);
    assert_int_equal(mqtt_world_counts(world)->refused_messages, 18);
    assert_int_equal(mqtt_world_told(world, DOOR_EVENT_ENTRY), 3);
    assert_int_equal(world->core.values.entries, 1);
    mqtt_world_close(world);
}

// Their packet identifiers are free again at once: the next ones do not count as repeated, nor do
// many of them reach the receive maximum (10) [MQTT-4.3.3-9].
static void a_refusal_ends_the_exchange(void **state) {
    (void)state;
    struct mqtt_world *world = open_world();
    struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_5, "one");
    mqtt_peer_subscribe(peer, "a", 0);
    for (unsigned i = 0; i < 30; i++) {
        struct mqtt_packet publish = mqtt_publish_packet(peer, CONNECTED, "99", 2);
        publish.publish.packet_id = (uint16_t)(i + 1);
        mqtt_peer_send(peer, &publish);
        assert_int_equal(mqtt_peer_expect(peer, MQTT_PUBREC)->reason, MQTT_NOT_AUTHORIZED);
        publish.publish.topic = BYTES_LITERAL("a");
        publish.publish.payload = BYTES_LITERAL("1");
        assert_int_equal(mqtt_peer_publish_packet(peer, &publish), MQTT_SUCCESS);
        mqtt_peer_take(peer, "a", "1", 0);
    }
    mqtt_world_close(world);
}

static void wills_are_refused_too(void **state) {
    (void)state;
    struct mqtt_world *world = open_world();
    struct mqtt_peer *watcher = mqtt_peer_connect(world, MQTT_5, "watcher");
    mqtt_peer_subscribe(watcher, CONNECTED, HANDLING(2));
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "liar");
    connect.connect.has_will = true;
    connect.connect.will_retain = true;
    connect.connect.will_topic = BYTES_LITERAL(CONNECTED);
    connect.connect.will_payload = BYTES_LITERAL("99");
    struct mqtt_peer *liar = mqtt_peer_connect_with(world, &connect);
    mqtt_peer_cut(liar);
    mqtt_world_wait(world, 1);
    mqtt_peer_expect_nothing(watcher);
    assert_int_equal(mqtt_world_counts(world)->refused_messages, 1);
    assert_int_equal(world->core.values.entries, 0);
    mqtt_world_close(world);
}

static void note_value(void *context, const struct topic_value *value) {
    (void)value;
    (*(unsigned *)context)++;
}

static void they_are_no_last_values(void **state) {
    (void)state;
    struct mqtt_world *world = open_world();
    struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_5, "one");
    mqtt_peer_subscribe(peer, "$SYS/#", 0);
    mqtt_world_wait(world, 3 * INTERVAL);
    unsigned count = 0;
    topic_values_visit_all(&world->core.values, note_value, &count);
    assert_int_equal(count, 0);
    assert_int_equal(world->core.values.bytes, 0);
    mqtt_world_close(world);
}

// ---- the line door ------------------------------------------------------------------------------

struct both {
    struct network_pair pair;
    struct memory memory;
    struct mqtt_door_config config;
    struct mqtt_door_port port;
};

static void expect_line(struct both *both, const char *topic, const char *value) {
    network_settle(both->pair.network);
    const struct network_event *entry = network_event_of(both->pair.client, EVENT_ENTRY);
    assert_non_null(entry);
    assert_bytes_equal(entry->text, bytes_of_text(topic));
    assert_bytes_equal(entry->value, bytes_of_text(value));
    assert_int_equal(network_count(both->pair.client, EVENT_ENTRY), 1);
    network_forget(both->pair.network);
}

static struct broker *open_both(struct both *both) {
    *both =
        (struct both){.pair = network_open_connected(NULL, NULL), .config = config_of(INTERVAL)};
    struct broker *broker = &both->pair.broker->broker;
    memory_init(&both->memory);
    both->port.memory = &both->memory;
    both->config.began = both->pair.network->now;
    broker_open_mqtt(broker, &both->config, &both->port, &(struct cipher_secret){{9}});
    assert_true(mqtt_door_deadline(broker->mqtt) == ROLE_NEVER);
    network_forget(both->pair.network);
    return broker;
}

static void close_both(struct both *both) {
    network_close(both->pair.network);
    assert_int_equal(both->memory.blocks_in_use, 0);
}

static void line_clients_get_them_and_publish_none(void **state) {
    (void)state;
    struct both both;
    struct broker *broker = open_both(&both);
    uint64_t now = both.pair.network->now;
    network_subscribe(both.pair.client, 83, "$SYS/broker/uptime");
    expect_line(&both, "$SYS/broker/uptime", "0 seconds");
    assert_true(mqtt_door_deadline(broker->mqtt) == now + INTERVAL);
    network_publish(both.pair.client, 83, "$SYS/broker/uptime", "99 seconds");
    network_settle(both.pair.network);
    assert_int_equal(network_count(both.pair.client, EVENT_ENTRY), 0);
    assert_int_equal(network_count(both.pair.broker, EVENT_DROPPED), 1);
    assert_int_equal(broker->core.values.entries, 0);
    network_forget(both.pair.network);
    network_pass(both.pair.network, INTERVAL);
    expect_line(&both, "$SYS/broker/uptime", "10 seconds");
    close_both(&both);
}

static void the_interval_ends_with_the_last_line_client(void **state) {
    (void)state;
    struct both both;
    struct broker *broker = open_both(&both);
    struct network *network = both.pair.network;
    struct bytes filter = BYTES_LITERAL("$SYS/broker/uptime");
    network_subscribe(both.pair.client, 83, "$SYS/broker/uptime");
    assert_int_equal(client_unsubscribe(&both.pair.client->client, 83, filter, network->now),
                     CLIENT_OK);
    network_settle(network);
    assert_true(mqtt_door_deadline(broker->mqtt) == ROLE_NEVER);
    network_pass(network, 7 * INTERVAL / 2);
    network_forget(network);
    network_subscribe(both.pair.client, 83, "$SYS/broker/uptime");
    expect_line(&both, "$SYS/broker/uptime", "35 seconds");
    assert_true(mqtt_door_deadline(broker->mqtt) == network->now + INTERVAL);
    network_pass(network, INTERVAL - 1);
    assert_int_equal(network_count(both.pair.client, EVENT_ENTRY), 0);
    close_both(&both);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_subscribes_is_given_all),
        cmocka_unit_test(the_figures_are_those_of_the_door),
        cmocka_unit_test(expired_messages_are_not_counted_as_retained),
        cmocka_unit_test(packets_and_bytes_are_counted),
        cmocka_unit_test(who_subscribes_to_everything_gets_none),
        cmocka_unit_test(retain_handling_holds),
        cmocka_unit_test(changes_are_published_at_the_interval),
        cmocka_unit_test(what_one_was_given_meanwhile_is_put_right),
        cmocka_unit_test(nothing_is_due_while_nobody_subscribes),
        cmocka_unit_test(with_no_interval_there_are_none),
        cmocka_unit_test(what_clients_publish_there_is_refused),
        cmocka_unit_test(a_refusal_ends_the_exchange),
        cmocka_unit_test(wills_are_refused_too),
        cmocka_unit_test(they_are_no_last_values),
        cmocka_unit_test(line_clients_get_them_and_publish_none),
        cmocka_unit_test(the_interval_ends_with_the_last_line_client),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
