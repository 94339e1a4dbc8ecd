// Retained messages: kept, replaced, removed, and sent to those who subscribe.
#include "role/mqtt_peer.h"

#include <stdio.h>

#define OPTION_HANDLING(n) ((uint8_t)((n) << 4))

// [MQTT-3.3.1-5] [MQTT3-3.3.1-5] [MQTT3-3.3.1-6] [MQTT3-3.3.1-7] [MQTT3-3.3.1-8] [MQTT-3.3.1-9]
static void a_new_subscription_gets_the_last_retained_message(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    for (uint8_t qos = 0; qos <= 2; qos++) {
        struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
        mqtt_peer_publish(from, "a/b", "old", 2 | MQTT_RETAIN);
        mqtt_peer_publish(from, "a/b", "new", qos | MQTT_RETAIN);
        for (enum mqtt_version version = MQTT_3_1; version <= MQTT_5; version++) {
            struct mqtt_peer *to = mqtt_peer_connect(world, version, "to");
            mqtt_peer_subscribe(to, "a/#", 2);
            assert_true(mqtt_peer_take(to, "a/b", "new", qos)->publish.retain);
            mqtt_peer_expect_nothing(to);
        }
    }
    mqtt_world_close(world);
}

// [MQTT-3.3.1-6] [MQTT-3.3.1-7] [MQTT3-3.3.1-10] [MQTT3-3.3.1-11]
static void an_empty_message_removes_the_retained_one(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_5, "from");
    struct mqtt_peer *there = mqtt_peer_connect(world, MQTT_3_1_1, "there");
    mqtt_peer_publish(peer, "a", "1", MQTT_RETAIN);
    mqtt_peer_subscribe(there, "a", 0);
    mqtt_peer_take(there, "a", "1", 0);
    mqtt_peer_publish(peer, "a", "", MQTT_RETAIN);
    mqtt_peer_take(there, "a", "", 0);
    mqtt_peer_subscribe(peer, "a", 0);
    mqtt_peer_expect_nothing(peer);
    assert_int_equal(world->core.values.entries, 0);
    mqtt_world_close(world);
}

// [MQTT-3.3.1-8] [MQTT3-3.3.1-12]
static void other_messages_leave_the_retained_one_alone(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_5, "from");
    mqtt_peer_publish(peer, "a", "kept", 1 | MQTT_RETAIN);
    mqtt_peer_publish(peer, "a", "passing", 1);
    mqtt_peer_publish(peer, "a", "", 1);
    mqtt_peer_publish(peer, "b", "passing", 0);
    mqtt_peer_subscribe(peer, "#", 1);
    mqtt_peer_take(peer, "a", "kept", 1);
    mqtt_peer_expect_nothing(peer);
    mqtt_world_close(world);
}

// [MQTT-3.3.1-9] [MQTT-3.3.1-10] [MQTT-3.3.1-11] [MQTT-3.8.4-4]
static void retain_handling_says_when_they_are_sent(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_5, "one");
    mqtt_peer_publish(peer, "a", "1", MQTT_RETAIN);
    mqtt_peer_subscribe(peer, "a", OPTION_HANDLING(2));
    mqtt_peer_expect_nothing(peer);
    mqtt_peer_subscribe(peer, "a", OPTION_HANDLING(1));
    mqtt_peer_expect_nothing(peer);
    mqtt_peer_subscribe(peer, "a", OPTION_HANDLING(0));
    mqtt_peer_take(peer, "a", "1", 0);
    mqtt_peer_subscribe(peer, "a", OPTION_HANDLING(0) | 1);
    mqtt_peer_take(peer, "a", "1", 0);
    mqtt_peer_unsubscribe(peer, "a");
    mqtt_peer_subscribe(peer, "a", OPTION_HANDLING(1));
    mqtt_peer_take(peer, "a", "1", 0);
    mqtt_peer_expect_nothing(peer);
    mqtt_world_close(world);
}

// [MQTT3-3.8.4-3]
static void subscribing_again_sends_them_again(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_3_1_1, "one");
    mqtt_peer_publish(peer, "a", "1", 2 | MQTT_RETAIN);
    for (uint8_t qos = 0; qos <= 2; qos++) {
        mqtt_peer_subscribe(peer, "a", qos);
        assert_true(mqtt_peer_take(peer, "a", "1", qos)->publish.retain);
    }
    mqtt_peer_expect_nothing(peer);
    mqtt_world_close(world);
}

// [MQTT-3.3.1-12] [MQTT-3.3.1-13] [MQTT3-3.3.1-9]
static void retain_as_published_says_whether_the_flag_is_passed_on(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    struct mqtt_peer *as_published = mqtt_peer_connect(world, MQTT_5, "as published");
    struct mqtt_peer *plain = mqtt_peer_connect(world, MQTT_5, "plain");
    struct mqtt_peer *old = mqtt_peer_connect(world, MQTT_3_1_1, "old");
    mqtt_peer_subscribe(as_published, "a", MQTT_OPTION_RETAIN_AS_PUBLISHED);
    mqtt_peer_subscribe(plain, "a", 0);
    mqtt_peer_subscribe(old, "a", 0);
    mqtt_peer_publish(from, "a", "1", MQTT_RETAIN);
    assert_true(mqtt_peer_take(as_published, "a", "1", 0)->publish.retain);
    assert_false(mqtt_peer_take(plain, "a", "1", 0)->publish.retain);
    assert_false(mqtt_peer_take(old, "a", "1", 0)->publish.retain);
    mqtt_peer_publish(from, "a", "2", 0);
    assert_false(mqtt_peer_take(as_published, "a", "2", 0)->publish.retain);
    assert_false(mqtt_peer_take(plain, "a", "2", 0)->publish.retain);
    mqtt_world_close(world);
}

static void of_overlapping_subscriptions_one_that_wants_the_flag_is_enough(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    for (unsigned i = 0; i < 2; i++) {
        struct mqtt_peer *to = mqtt_peer_connect(world, MQTT_5, "to");
        mqtt_peer_subscribe(to, "+", i == 0 ? 0 : MQTT_OPTION_RETAIN_AS_PUBLISHED);
        mqtt_peer_subscribe(to, "a", i == 1 ? 0 : MQTT_OPTION_RETAIN_AS_PUBLISHED);
        mqtt_peer_publish(from, "a", "1", MQTT_RETAIN);
        assert_true(mqtt_peer_take(to, "a", "1", 0)->publish.retain);
        mqtt_peer_expect_nothing(to);
        mqtt_peer_publish(from, "a", "", MQTT_RETAIN);
    }
    mqtt_world_close(world);
}

static void shared_subscriptions_get_no_retained_messages(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_5, "one");
    mqtt_peer_publish(peer, "a", "1", MQTT_RETAIN);
    mqtt_peer_subscribe(peer, "$share/group/a", 0);
    mqtt_peer_expect_nothing(peer);
    mqtt_world_close(world);
}

// [MQTT3-3.1.2-7]
static void they_outlive_the_session_that_published_them(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    for (enum mqtt_version version = MQTT_3_1; version <= MQTT_5; version++) {
        struct mqtt_peer *from = mqtt_peer_connect(world, version, "from");
        mqtt_peer_publish(from, "a", "1", MQTT_RETAIN);
        mqtt_peer_send_short(from, MQTT_DISCONNECT, 0, 0);
        struct mqtt_peer *to = mqtt_peer_connect(world, MQTT_5, "to");
        mqtt_peer_subscribe(to, "a", 0);
        mqtt_peer_take(to, "a", "1", 0);
    }
    mqtt_world_close(world);
}

// [MQTT-3.3.2-5] [MQTT-3.3.2-6]
static void they_expire(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_5, "one");
    struct mqtt_packet publish = mqtt_publish_packet(peer, "a", "1", 1 | MQTT_RETAIN);
    publish.properties.present = MQTT_HAS(MQTT_MESSAGE_EXPIRY) | MQTT_HAS(MQTT_CONTENT_TYPE);
    publish.properties.message_expiry = 10;
    publish.properties.content_type = BYTES_LITERAL("number");
    mqtt_peer_publish_packet(peer, &publish);
    mqtt_world_wait(world, 4 * ROLE_SECOND);
    mqtt_peer_subscribe(peer, "a", 1);
    const struct mqtt_packet *packet = mqtt_peer_take(peer, "a", "1", 1);
    assert_int_equal(packet->properties.message_expiry, 6);
    assert_bytes_equal(packet->properties.content_type, publish.properties.content_type);
    mqtt_world_wait(world, 7 * ROLE_SECOND);
    mqtt_peer_subscribe(peer, "a", 1);
    mqtt_peer_expect_nothing(peer);
    mqtt_world_close(world);
}

static void what_finds_no_room_is_passed_on_and_counted(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_5, "one");
    mqtt_peer_subscribe(peer, "#", 0);
    char topic[] = "t00";
    for (unsigned i = 0; i < 52; i++) {
        topic[1] = (char)('0' + i / 10);
        topic[2] = (char)('0' + i % 10);
        mqtt_peer_publish(peer, topic, "1", MQTT_RETAIN);
        mqtt_peer_take(peer, topic, "1", 0);
    }
    assert_int_equal(mqtt_world_counts(world)->not_retained, 2);
    mqtt_world_close(world);
}

// A retained message that finds no room reaches subscribers, and its publisher is told.
static void what_finds_no_room_is_told(void **state) {
    (void)state;
    enum { ROOM = 50 }; // of the world's table
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_5, "new");
    struct mqtt_peer *old = mqtt_peer_connect(world, MQTT_3_1_1, "old");
    for (int i = 0; i < ROOM; i++) {
        char topic[16];
        snprintf(topic, sizeof topic, "full/%d", i);
        assert_int_equal(mqtt_peer_publish(peer, topic, "1", 1 | MQTT_RETAIN), 0x10);
    }
    mqtt_peer_subscribe(peer, "new/+", 0);
    for (uint8_t qos = 1; qos <= 2; qos++) {
        assert_int_equal(mqtt_peer_publish(peer, "new/1", "2", qos | MQTT_RETAIN),
                         MQTT_QUOTA_EXCEEDED);
        mqtt_peer_take(peer, "new/1", "2", 0);
    }
    mqtt_peer_publish(old, "new/1", "3", 2 | MQTT_RETAIN);
    mqtt_peer_take(peer, "new/1", "3", 0);
    assert_int_equal(mqtt_world_counts(world)->not_retained, 3);
    assert_int_equal(mqtt_world_told(world, DOOR_EVENT_NOT_RETAINED), 1);
    assert_int_equal(mqtt_peer_publish(peer, "full/7", "changed", 1 | MQTT_RETAIN), 0x10);
    assert_int_equal(mqtt_peer_publish(peer, "full/7", "", 1 | MQTT_RETAIN), 0x10);
    assert_int_equal(mqtt_peer_publish(peer, "new/1", "4", 1 | MQTT_RETAIN), 0);
    assert_int_equal(mqtt_peer_publish(peer, "new/2", "5", 1 | MQTT_RETAIN), MQTT_QUOTA_EXCEEDED);
    assert_int_equal(mqtt_world_told(world, DOOR_EVENT_NOT_RETAINED), 2);
    mqtt_world_close(world);
}

// A client that has closed its sending side gets what it asked for; then its connection is over,
// and its will is published.
static void a_half_closed_client_gets_what_it_is_owed(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *other = mqtt_peer_connect(world, MQTT_5, "other");
    char value[5001] = "";
    memset(value, 'x', sizeof value - 1);
    for (int i = 0; i < 40; i++) {
        char topic[16];
        snprintf(topic, sizeof topic, "r/%02d", i);
        mqtt_peer_publish(other, topic, value, MQTT_RETAIN);
    }
    mqtt_peer_subscribe(other, "will", 0);
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_3_1_1, "half");
    connect.connect.has_will = true;
    connect.connect.will_topic = BYTES_LITERAL("will");
    struct mqtt_peer *half = mqtt_peer_connect_with(world, &connect);
    mqtt_peer_next(half);
    mqtt_peer_subscribe(half, "nothing", 0);
    half->is_stuck = true;
    uint8_t subscribe[] = {0x82, 8, 0, 9, 0, 3, 'r', '/', '+', 0};
    mqtt_peer_send_bytes(half, subscribe, sizeof subscribe);
    assert_true(mqtt_door_input_ended(world->door, half->connection));
    mqtt_world_settle(world);
    assert_false(mqtt_peer_is_closed(half));
    mqtt_peer_expect_nothing(other);
    half->is_stuck = false;
    mqtt_world_settle(world);
    mqtt_peer_expect(half, MQTT_SUBACK);
    for (int i = 0; i < 40; i++) {
        char topic[16];
        snprintf(topic, sizeof topic, "r/%02d", i);
        mqtt_peer_expect_publish(half, topic, value);
    }
    assert_true(mqtt_peer_is_closed(half));
    mqtt_peer_take(other, "will", "", 0);
    // Who is owed nothing is over at once.
    struct mqtt_peer *quiet = mqtt_peer_connect(world, MQTT_5, "quiet");
    assert_false(mqtt_door_input_ended(world->door, quiet->connection));
    mqtt_world_close(world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_subscription_gets_the_last_retained_message),
        cmocka_unit_test(an_empty_message_removes_the_retained_one),
        cmocka_unit_test(other_messages_leave_the_retained_one_alone),
        cmocka_unit_test(retain_handling_says_when_they_are_sent),
        cmocka_unit_test(subscribing_again_sends_them_again),
        cmocka_unit_test(retain_as_published_says_whether_the_flag_is_passed_on),
        cmocka_unit_test(of_overlapping_subscriptions_one_that_wants_the_flag_is_enough),
        cmocka_unit_test(shared_subscriptions_get_no_retained_messages),
        cmocka_unit_test(they_outlive_the_session_that_published_them),
        cmocka_unit_test(they_expire),
        cmocka_unit_test(what_finds_no_room_is_passed_on_and_counted),
        cmocka_unit_test(what_finds_no_room_is_told),
        cmocka_unit_test(a_half_closed_client_gets_what_it_is_owed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
