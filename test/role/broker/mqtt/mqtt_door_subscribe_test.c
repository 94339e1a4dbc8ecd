// SUBSCRIBE and UNSUBSCRIBE: answers, options, overlapping subscriptions, identifiers.
#include "role/mqtt_peer.h"

#include <stdlib.h>

// A SUBSCRIBE or UNSUBSCRIBE of several filters; options are those of `qos`, by place.
static void send_filters(struct mqtt_peer *peer, enum mqtt_type type, const char *const *filters,
                         const uint8_t *options) {
    uint8_t run[1000];
    uint8_t *end = run;
    uint32_t count = 0;
    for (; filters[count] != NULL; count++) {
        end = mqtt_filter_write(type, end, bytes_of_text(filters[count]),
                                options == NULL ? 0 : options[count]);
    }
    struct mqtt_packet packet = {
        .type = type,
        .packet_id = ++peer->packet_id,
        .filters = {.run = bytes_make(run, (size_t)(end - run)), .count = count}};
    mqtt_peer_send(peer, &packet);
}

// [MQTT-3.8.4-1] [MQTT-3.8.4-2] [MQTT-3.8.4-5] [MQTT-3.8.4-6] [MQTT-3.8.4-7] [MQTT-3.9.3-1]
// [MQTT-2.2.1-6] [MQTT3-2.3.1-7] [MQTT3-3.8.4-1] [MQTT3-3.8.4-2] [MQTT3-3.8.4-4] [MQTT3-3.8.4-5]
// [MQTT3-3.9.3-1] [MQTT-3.9.3-2] [MQTT3-3.9.3-2]
static void several_filters_have_one_answer(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    const char *const old_filters[] = {"a", "b/#", "c/+/d", NULL};
    const char *const filters[] = {"a", "b/#", "c/+/d", "a#", NULL};
    const uint8_t options[] = {2, 0, 1, 1};
    for (enum mqtt_version version = MQTT_3_1_1; version <= MQTT_5; version++) {
        struct mqtt_peer *peer = mqtt_peer_connect(world, version, "one");
        peer->packet_id = 0xfff0;
        send_filters(peer, MQTT_SUBSCRIBE, version == MQTT_5 ? filters : old_filters, options);
        const struct mqtt_packet *answer = mqtt_peer_next(peer);
        assert_int_equal(answer->type, MQTT_SUBACK);
        assert_int_equal(answer->packet_id, 0xfff1);
        assert_bytes_equal(answer->codes, bytes_make("\2\0\1\x8f", version == MQTT_5 ? 4 : 3));
        mqtt_peer_expect_nothing(peer);
        mqtt_peer_publish(peer, "c/x/d", "1", 2);
        mqtt_peer_take(peer, "c/x/d", "1", 1);
    }
    assert_int_equal(mqtt_world_told(world, DOOR_EVENT_SUBSCRIBED), 6);
    assert_int_equal(mqtt_world_told(world, DOOR_EVENT_NOT_SUBSCRIBED), 1);
    mqtt_world_close(world);
}

// [MQTT-3.10.4-1] [MQTT-3.10.4-2] [MQTT-3.10.4-4] [MQTT-3.10.4-5] [MQTT-3.10.4-6] [MQTT-3.11.3-1]
// [MQTT-3.11.3-2] [MQTT3-3.10.4-1] [MQTT3-3.10.4-2] [MQTT3-3.10.4-4] [MQTT3-3.10.4-5]
// [MQTT3-3.10.4-6]
static void unsubscribing_compares_filters_byte_by_byte(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    const char *const filters[] = {"a/b", "a/#", "A/+", NULL};
    for (enum mqtt_version version = MQTT_3_1_1; version <= MQTT_5; version++) {
        struct mqtt_peer *peer = mqtt_peer_connect(world, version, "one");
        mqtt_peer_subscribe(peer, "a/+", 0);
        mqtt_peer_subscribe(peer, "a/b", 0);
        send_filters(peer, MQTT_UNSUBSCRIBE, filters, NULL);
        const struct mqtt_packet *answer = mqtt_peer_next(peer);
        assert_int_equal(answer->type, MQTT_UNSUBACK);
        assert_int_equal(answer->packet_id, peer->packet_id);
        assert_bytes_equal(answer->codes, bytes_make("\0\x11\x11", version == MQTT_5 ? 3 : 0));
        mqtt_peer_publish(peer, "a/b", "1", 0);
        mqtt_peer_take(peer, "a/b", "1", 0);
        mqtt_peer_unsubscribe(peer, "a/+");
        mqtt_peer_publish(peer, "a/b", "1", 0);
        mqtt_peer_expect_nothing(peer);
        assert_int_equal(mqtt_peer_unsubscribe(peer, "a/+"), version == MQTT_5 ? 0x11 : 0);
    }
    mqtt_world_close(world);
}

// [MQTT-3.10.4-3] [MQTT3-3.10.4-3]
static void what_was_begun_is_delivered_after_unsubscribing(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    for (enum mqtt_version version = MQTT_3_1_1; version <= MQTT_5; version++) {
        struct mqtt_peer *to = mqtt_peer_resume(world, version, "to");
        mqtt_peer_next(to);
        mqtt_peer_subscribe(to, "a", 2);
        mqtt_peer_publish(from, "a", "1", 2);
        uint16_t packet_id = mqtt_peer_expect_publish(to, "a", "1")->publish.packet_id;
        mqtt_peer_unsubscribe(to, "a");
        mqtt_peer_cut(to);
        to = mqtt_peer_resume(world, version, "to");
        assert_true(mqtt_peer_next(to)->session_present);
        const struct mqtt_packet *packet = mqtt_peer_take(to, "a", "1", 2);
        assert_true(packet->publish.dup);
        assert_int_equal(packet->publish.packet_id, packet_id);
        mqtt_peer_expect_nothing(to);
        mqtt_peer_cut(to);
        mqtt_peer_cut(mqtt_peer_connect(world, version, "to"));
    }
    mqtt_world_close(world);
}

// [MQTT-3.8.4-3] [MQTT3-3.8.4-3]
static void subscribing_again_replaces_the_subscription(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_5, "one");
    assert_int_equal(mqtt_peer_try_subscribe(peer, "a", 0, 5), 0);
    assert_int_equal(mqtt_peer_try_subscribe(peer, "a", 2, 9), 2);
    mqtt_peer_publish(peer, "a", "1", 2);
    const struct mqtt_packet *packet = mqtt_peer_take(peer, "a", "1", 2);
    assert_int_equal(packet->properties.subscription_identifier, 9);
    mqtt_peer_expect_nothing(peer);
    mqtt_peer_subscribe(peer, "a", 1);
    mqtt_peer_publish(peer, "a", "2", 2);
    packet = mqtt_peer_take(peer, "a", "2", 1);
    assert_false(mqtt_properties_have(&packet->properties, MQTT_SUBSCRIPTION_IDENTIFIER));
    mqtt_peer_expect_nothing(peer);
    assert_int_equal(mqtt_peer_unsubscribe(peer, "a"), 0);
    assert_int_equal(mqtt_peer_unsubscribe(peer, "a"), MQTT_NO_SUBSCRIPTION_EXISTED);
    mqtt_world_close(world);
}

// [MQTT-3.8.4-4]
static void replacing_a_subscription_loses_nothing(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "narrow");
    connect.properties.present = MQTT_HAS(MQTT_RECEIVE_MAXIMUM);
    connect.properties.receive_maximum = 1;
    struct mqtt_peer *peer = mqtt_peer_connect_with(world, &connect);
    mqtt_peer_subscribe(peer, "a", 1);
    mqtt_peer_publish(peer, "a", "1", 1);
    mqtt_peer_publish(peer, "a", "2", 1);
    mqtt_peer_subscribe(peer, "a", 1);
    mqtt_peer_take(peer, "a", "1", 1);
    mqtt_peer_take(peer, "a", "2", 1);
    mqtt_world_close(world);
}

// How often the subscription identifier stands in the packet.
static unsigned identifiers_of(const struct mqtt_packet *packet, uint32_t identifier) {
    struct bytes run = packet->properties.raw;
    struct mqtt_property_value value;
    unsigned count = 0;
    while (mqtt_property_next(&run, &value)) {
        count += value.id == MQTT_SUBSCRIPTION_IDENTIFIER &&
                 (identifier == 0 || value.number == identifier);
    }
    return count;
}

// [MQTT-3.3.4-2] [MQTT-3.3.4-3] [MQTT-3.3.4-4] [MQTT3-3.3.5-1]
static void overlapping_subscriptions_make_one_message_with_all_identifiers(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_5, "one");
    struct mqtt_peer *old = mqtt_peer_connect(world, MQTT_3_1_1, "old");
    mqtt_peer_try_subscribe(peer, "a/b", 0, 1);
    mqtt_peer_try_subscribe(peer, "a/+", 2, 268435455);
    mqtt_peer_try_subscribe(peer, "#", 1, 0);
    mqtt_peer_try_subscribe(peer, "+/b", 1, 300);
    mqtt_peer_try_subscribe(peer, "x", 1, 4);
    mqtt_peer_subscribe(old, "a/b", 0);
    mqtt_peer_subscribe(old, "a/+", 2);
    mqtt_peer_publish(old, "a/b", "1", 2);
    const struct mqtt_packet *packet = mqtt_peer_take(peer, "a/b", "1", 2);
    assert_int_equal(identifiers_of(packet, 0), 3);
    assert_int_equal(identifiers_of(packet, 1), 1);
    assert_int_equal(identifiers_of(packet, 268435455), 1);
    assert_int_equal(identifiers_of(packet, 300), 1);
    mqtt_peer_expect_nothing(peer);
    mqtt_peer_take(old, "a/b", "1", 2);
    mqtt_peer_expect_nothing(old);
    mqtt_world_close(world);
}

static void retained_messages_bear_the_identifier_of_the_new_subscription(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_5, "one");
    mqtt_peer_publish(peer, "a", "1", MQTT_RETAIN);
    mqtt_peer_try_subscribe(peer, "a", 0, 1);
    assert_int_equal(identifiers_of(mqtt_peer_take(peer, "a", "1", 0), 1), 1);
    mqtt_peer_try_subscribe(peer, "#", 0, 2);
    const struct mqtt_packet *packet = mqtt_peer_take(peer, "a", "1", 0);
    assert_int_equal(identifiers_of(packet, 2), 1);
    mqtt_peer_expect_nothing(peer);
    mqtt_world_close(world);
}

// [MQTT-3.8.3-3]
static void no_local_keeps_ones_own_messages_away(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_5, "one");
    struct mqtt_peer *other = mqtt_peer_connect(world, MQTT_5, "other");
    mqtt_peer_subscribe(peer, "a", 1 | MQTT_OPTION_NO_LOCAL);
    mqtt_peer_publish(peer, "a", "mine", 1);
    mqtt_peer_expect_nothing(peer);
    mqtt_peer_publish(other, "a", "theirs", 1);
    mqtt_peer_take(peer, "a", "theirs", 1);
    mqtt_peer_subscribe(peer, "+", 0);
    mqtt_peer_publish(peer, "a", "mine", 1);
    mqtt_peer_take(peer, "a", "mine", 0);
    mqtt_peer_expect_nothing(peer);
    mqtt_world_close(world);
}

// In 5.0 there is a code for it.
//
// [MQTT-4.7.1-1] [MQTT-4.7.1-2] [MQTT-4.8.2-1] [MQTT-4.8.2-2]
static void filters_of_wrong_form_are_refused(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    const char *filters[] = {"a#",           "#/a",       "a/#/b",     "+a",         "a+/b",
                             "$share/group", "$share//a", "$share/g/", "$share/+/a", "$share/g#/a"};
    for (unsigned i = 0; i < sizeof filters / sizeof *filters; i++) {
        struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_5, "one");
        uint8_t code = mqtt_peer_try_subscribe(peer, filters[i], 1, 0);
        assert_int_equal(code, MQTT_TOPIC_FILTER_INVALID);
    }
    const char *good[] = {"#", "+", "+/+", "/", "/#", "a/+/#", "+//b", " ", "$share/a b/#"};
    struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_5, "one");
    for (unsigned i = 0; i < sizeof good / sizeof *good; i++) {
        mqtt_peer_subscribe(peer, good[i], 1);
    }
    mqtt_world_close(world);
}

// Before 5.0 there is none, and the connection ends; the filters before it were good ones.
//
// [MQTT3-4.7.1-2] [MQTT3-4.7.1-3] [MQTT3-4.7.3-1] [MQTT3-4.8.0-1]
static void old_clients_with_filters_of_wrong_form_are_gone(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    const char *filters[] = {"a#", "#/a", "a/#/b", "ab/+e", "a+/b", "", "$share/g/a#"};
    for (enum mqtt_version version = MQTT_3_1; version <= MQTT_3_1_1; version++) {
        for (unsigned i = 0; i < sizeof filters / sizeof *filters; i++) {
            const char *const some[] = {"good", filters[i], "also/good", NULL};
            const uint8_t options[] = {0, 0, 0};
            struct mqtt_peer *peer = mqtt_peer_connect(world, version, "old");
            send_filters(peer, MQTT_SUBSCRIBE, some, options);
            mqtt_peer_expect_closed(peer, MQTT_SUCCESS);
            peer = mqtt_peer_connect(world, version, "old");
            send_filters(peer, MQTT_UNSUBSCRIBE, some, NULL);
            mqtt_peer_expect_closed(peer, MQTT_SUCCESS);
        }
    }
    mqtt_world_close(world);
}

// [MQTT-4.7.3-1]
static void an_empty_filter_is_malformed(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    const char *const filters[] = {"", NULL};
    const uint8_t options[] = {0};
    struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_5, "one");
    send_filters(peer, MQTT_SUBSCRIBE, filters, options);
    mqtt_peer_expect_closed(peer, MQTT_MALFORMED_PACKET);
    peer = mqtt_peer_connect(world, MQTT_5, "one");
    send_filters(peer, MQTT_UNSUBSCRIBE, filters, NULL);
    mqtt_peer_expect_closed(peer, MQTT_MALFORMED_PACKET);
    mqtt_world_close(world);
}

static struct mqtt_peer *connect_bridge(struct mqtt_world *world, enum mqtt_version version) {
    struct mqtt_packet connect = mqtt_connect_packet(version, "bridge");
    connect.connect.is_bridge = true;
    struct mqtt_peer *bridge = mqtt_peer_connect_with(world, &connect);
    mqtt_peer_next(bridge);
    return bridge;
}

// A bridge that subscribes to what it publishes would repeat it for ever, and it has to know what
// is retained to have it retained elsewhere.
static void bridges_get_no_echo_and_see_what_is_retained(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    for (enum mqtt_version version = MQTT_3_1; version <= MQTT_3_1_1; version++) {
        struct mqtt_peer *bridge = connect_bridge(world, version);
        struct mqtt_peer *other = mqtt_peer_connect(world, MQTT_3_1_1, "other");
        mqtt_peer_subscribe(bridge, "#", 1);
        mqtt_peer_publish(bridge, "a", "1", 1 | MQTT_RETAIN);
        mqtt_peer_expect_nothing(bridge);
        mqtt_peer_publish(other, "b", "2", 1 | MQTT_RETAIN);
        assert_true(mqtt_peer_take(bridge, "b", "2", 1)->publish.retain);
        mqtt_peer_publish(other, "c", "3", 1);
        assert_false(mqtt_peer_take(bridge, "c", "3", 1)->publish.retain);
        mqtt_peer_publish(other, "a", "", MQTT_RETAIN);
        mqtt_peer_publish(other, "b", "", MQTT_RETAIN);
    }
    mqtt_world_close(world);
}

static void subscriptions_are_bounded(void **state) {
    (void)state;
    struct mqtt_door_config config = mqtt_world_config();
    config.limits.subscriptions = 2;
    struct mqtt_world *world = mqtt_world_open(&config);
    struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_5, "one");
    struct mqtt_peer *old = mqtt_peer_connect(world, MQTT_3_1_1, "old");
    mqtt_peer_subscribe(peer, "a", 1);
    mqtt_peer_subscribe(peer, "b", 1);
    assert_int_equal(mqtt_peer_try_subscribe(peer, "c", 1, 0), MQTT_QUOTA_EXCEEDED);
    mqtt_peer_subscribe(peer, "b", 2);
    mqtt_peer_unsubscribe(peer, "a");
    mqtt_peer_subscribe(peer, "c", 1);
    mqtt_peer_subscribe(old, "a", 1);
    mqtt_peer_subscribe(old, "b", 1);
    assert_int_equal(mqtt_peer_try_subscribe(old, "c", 1, 0), 0x80);
    mqtt_world_close(world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(several_filters_have_one_answer),
        cmocka_unit_test(unsubscribing_compares_filters_byte_by_byte),
        cmocka_unit_test(what_was_begun_is_delivered_after_unsubscribing),
        cmocka_unit_test(subscribing_again_replaces_the_subscription),
        cmocka_unit_test(replacing_a_subscription_loses_nothing),
        cmocka_unit_test(overlapping_subscriptions_make_one_message_with_all_identifiers),
        cmocka_unit_test(retained_messages_bear_the_identifier_of_the_new_subscription),
        cmocka_unit_test(no_local_keeps_ones_own_messages_away),
        cmocka_unit_test(filters_of_wrong_form_are_refused),
        cmocka_unit_test(old_clients_with_filters_of_wrong_form_are_gone),
        cmocka_unit_test(an_empty_filter_is_malformed),
        cmocka_unit_test(bridges_get_no_echo_and_see_what_is_retained),
        cmocka_unit_test(subscriptions_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
