// A broker with both doors: clients that speak lines beside clients that speak MQTT.
#include "role/mqtt_peer.h"
#include "role/network.h"

#include <stdlib.h>

// The world's door is opened anew, on the core of the network's broker.
struct both {
    struct network_pair pair;
    struct mqtt_world *world;
};

static struct both open_both(void) {
    struct both both = {.pair = network_open_connected(NULL, NULL), .world = mqtt_world_open(NULL)};
    struct mqtt_world *world = both.world;
    mqtt_door_destroy(world->door);
    broker_open_mqtt(&both.pair.broker->broker, &world->config, &world->port,
                     &(struct cipher_secret){{9}});
    world->door = both.pair.broker->broker.mqtt;
    world->now = both.pair.network->now;
    return both;
}

static void settle(struct both *both) {
    network_settle(both->pair.network);
    mqtt_world_settle(both->world);
    network_settle(both->pair.network);
}

static void close_both(struct both *both) {
    struct mqtt_world *world = both->world;
    for (unsigned i = 0; i < world->peer_count; i++) {
        if (world->peers[i]->connection != NULL) {
            mqtt_peer_cut(world->peers[i]);
        }
    }
    network_close(both->pair.network);
    assert_int_equal(world->memory.blocks_in_use, 0);
    world->door =
        mqtt_door_create(&world->config, &world->port, &world->core, &(struct cipher_secret){{1}});
    mqtt_world_close(world);
}

static void expect_entry(struct both *both, const char *topic, const char *value) {
    settle(both);
    const struct network_event *entry = network_event_of(both->pair.client, EVENT_ENTRY);
    assert_non_null(entry);
    assert_bytes_equal(entry->text, bytes_of_text(topic));
    assert_bytes_equal(entry->value, bytes_of_text(value));
    assert_int_equal(network_count(both->pair.client, EVENT_ENTRY), 1);
    network_forget(both->pair.network);
}

static void entries_of_lines_reach_mqtt_clients(void **state) {
    (void)state;
    struct both both = open_both();
    struct mqtt_peer *five = mqtt_peer_connect(both.world, MQTT_5, "five");
    struct mqtt_peer *three = mqtt_peer_connect(both.world, MQTT_3_1_1, "three");
    mqtt_peer_subscribe(five, "a/#", 2);
    mqtt_peer_subscribe(three, "+/b", 2);
    network_publish(both.pair.client, 83, "a/b", "value");
    settle(&both);
    const struct mqtt_packet *packet = mqtt_peer_take(five, "a/b", "value", 0);
    assert_true(strlen(mqtt_peer_user_property(packet, 0, false)) > 0);
    assert_string_equal(mqtt_peer_user_property(packet, 0, true), "580");
    mqtt_peer_take(three, "a/b", "value", 0);
    mqtt_peer_expect_nothing(five);
    close_both(&both);
}

static void messages_of_mqtt_clients_reach_those_of_lines(void **state) {
    (void)state;
    struct both both = open_both();
    struct mqtt_peer *peer = mqtt_peer_connect(both.world, MQTT_5, "five");
    network_subscribe(both.pair.client, 83, "a/#");
    network_forget(both.pair.network);
    for (uint8_t qos = 0; qos <= 2; qos++) {
        assert_int_equal(mqtt_peer_publish(peer, "a/b", "value", qos), MQTT_SUCCESS);
        expect_entry(&both, "a/b", "value");
    }
    mqtt_peer_publish(peer, "x", "1", 1);
    settle(&both);
    assert_int_equal(network_count(both.pair.client, EVENT_ENTRY), 0);
    close_both(&both);
}

static void last_values_of_lines_are_retained_messages(void **state) {
    (void)state;
    struct both both = open_both();
    network_publish(both.pair.client, 83, "a", "1");
    network_publish(both.pair.client, 83, "a", "2");
    settle(&both);
    struct mqtt_peer *peer = mqtt_peer_connect(both.world, MQTT_5, "five");
    mqtt_peer_subscribe(peer, "#", 1);
    const struct mqtt_packet *packet = mqtt_peer_take(peer, "a", "2", 0);
    assert_true(packet->publish.retain);
    assert_string_equal(mqtt_peer_user_property(packet, 0, true), "580");
    mqtt_peer_expect_nothing(peer);
    close_both(&both);
}

static void retained_messages_are_last_values_of_lines(void **state) {
    (void)state;
    struct both both = open_both();
    struct mqtt_peer *peer = mqtt_peer_connect(both.world, MQTT_5, "five");
    mqtt_peer_publish(peer, "a", "kept", 1 | MQTT_RETAIN);
    mqtt_peer_publish(peer, "b", "passing", 1);
    network_forget(both.pair.network);
    network_subscribe(both.pair.client, 83, "#");
    expect_entry(&both, "a", "kept");
    close_both(&both);
}

static void both_share_the_wildcards_of_each_other(void **state) {
    (void)state;
    struct both both = open_both();
    struct mqtt_peer *peer = mqtt_peer_connect(both.world, MQTT_5, "one");
    struct mqtt_peer *other = mqtt_peer_connect(both.world, MQTT_5, "other");
    mqtt_peer_subscribe(peer, "$share/group/a/+", 1);
    mqtt_peer_subscribe(other, "$share/group/a/+", 1);
    network_publish(both.pair.client, 83, "a/b", "1");
    network_publish(both.pair.client, 83, "a/b", "2");
    settle(&both);
    const char *first = peer->taken < peer->got_count ? "1" : "";
    assert_string_equal(first, "1");
    mqtt_peer_expect(peer, MQTT_PUBLISH);
    mqtt_peer_expect(other, MQTT_PUBLISH);
    mqtt_peer_expect_nothing(peer);
    mqtt_peer_expect_nothing(other);
    close_both(&both);
}

static void what_is_too_long_for_a_line_is_told_and_reaches_the_others(void **state) {
    (void)state;
    struct both both = open_both();
    struct mqtt_peer *peer = mqtt_peer_connect(both.world, MQTT_5, "five");
    mqtt_peer_subscribe(peer, "a", 1);
    network_subscribe(both.pair.client, 83, "a");
    network_forget(both.pair.network);
    size_t size = 2 * PACKET_LINE_MAX;
    char *text = malloc(size + 1);
    memset(text, 'x', size);
    text[size] = 0;
    mqtt_peer_publish(peer, "a", text, 1);
    mqtt_peer_take(peer, "a", text, 1);
    settle(&both);
    assert_int_equal(network_count(both.pair.client, EVENT_ENTRY), 0);
    assert_int_equal(network_count(both.pair.broker, EVENT_UNDELIVERED), 1);
    free(text);
    mqtt_peer_publish(peer, "a", "short", 1);
    expect_entry(&both, "a", "short");
    close_both(&both);
}

static void time_passes_for_both(void **state) {
    (void)state;
    struct both both = open_both();
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "sleeper");
    connect.connect.keep_alive = 30;
    struct mqtt_peer *peer = mqtt_peer_connect_with(both.world, &connect);
    mqtt_peer_next(peer);
    network_pass(both.pair.network, 44 * ROLE_SECOND);
    mqtt_world_settle(both.world);
    assert_false(mqtt_peer_is_closed(peer));
    network_pass(both.pair.network, 2 * ROLE_SECOND);
    both.world->now = both.pair.network->now;
    mqtt_world_settle(both.world);
    mqtt_peer_expect_closed(peer, MQTT_KEEP_ALIVE_TIMEOUT);
    close_both(&both);
}

static void a_broker_that_stops_says_so_at_both(void **state) {
    (void)state;
    struct both both = open_both();
    struct mqtt_peer *peer = mqtt_peer_connect(both.world, MQTT_5, "five");
    network_forget(both.pair.network);
    broker_stop(&both.pair.broker->broker, both.world->now);
    settle(&both);
    mqtt_peer_expect_closed(peer, MQTT_SERVER_SHUTTING_DOWN);
    assert_int_equal(network_count(both.pair.client, EVENT_DISCONNECTED), 1);
    close_both(&both);
}

// What a message costs at the other door is work of the turn, too: a flood of few bytes that many
// lines come of is served in parts.
static void messages_to_many_devices_of_lines_have_turns(void **state) {
    (void)state;
    enum { DEVICES = 30, MESSAGES = 40 };
    static const uint8_t message[] = {0x30, 4, 0, 1, 'a', 'v'};
    uint8_t flood[MESSAGES * sizeof message];
    struct both both = open_both();
    struct network *network = both.pair.network;
    for (uint32_t i = 0; i < DEVICES; i++) {
        network_subscribe(network_add_connected(network, 700 + i, NULL), 83, "a");
    }
    struct mqtt_peer *peer = mqtt_peer_connect(both.world, MQTT_3_1_1, "flood");
    settle(&both);
    network_forget(network);
    for (unsigned i = 0; i < MESSAGES; i++) {
        memcpy(flood + i * sizeof message, message, sizeof message);
    }
    mqtt_door_begin_turn(both.world->door);
    mqtt_door_receive(both.world->door, peer->connection, bytes_make(flood, sizeof flood),
                      both.world->now);
    unsigned lines = network_count_lines(network, "publ");
    assert_in_range(lines, DEVICES, MESSAGES * DEVICES / 2);
    for (unsigned former = lines; mqtt_door_deadline(both.world->door) <= both.world->now;) {
        mqtt_door_tick(both.world->door, both.world->now);
        lines = network_count_lines(network, "publ");
        assert_in_range(lines - former, 0, MESSAGES * DEVICES / 2);
        former = lines;
    }
    assert_int_equal(lines, MESSAGES * DEVICES);
    close_both(&both);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_of_lines_reach_mqtt_clients),
        cmocka_unit_test(messages_of_mqtt_clients_reach_those_of_lines),
        cmocka_unit_test(last_values_of_lines_are_retained_messages),
        cmocka_unit_test(retained_messages_are_last_values_of_lines),
        cmocka_unit_test(both_share_the_wildcards_of_each_other),
        cmocka_unit_test(what_is_too_long_for_a_line_is_told_and_reaches_the_others),
        cmocka_unit_test(time_passes_for_both),
        cmocka_unit_test(messages_to_many_devices_of_lines_have_turns),
        cmocka_unit_test(a_broker_that_stops_says_so_at_both),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
