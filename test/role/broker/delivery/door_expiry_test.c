// Messages that expire while they wait for a client keep no room from living ones, and those that
// are retained none in the table.
#include "role/mqtt_peer.h"

#include <stdio.h>

#define ROOM 10

static uint8_t publish(struct mqtt_peer *peer, const char *topic, const char *value, uint8_t qos,
                       uint32_t expiry) {
    struct mqtt_packet packet = mqtt_publish_packet(peer, topic, value, qos);
    if (expiry > 0) {
        packet.properties.present = MQTT_HAS(MQTT_MESSAGE_EXPIRY);
        packet.properties.message_expiry = expiry;
    }
    return mqtt_peer_publish_packet(peer, &packet);
}

static void publish_some(struct mqtt_peer *peer, char first, uint32_t expiry) {
    for (int i = 0; i < ROOM; i++) {
        const char value[] = {(char)(first + i), '\0'};
        publish(peer, "t", value, (uint8_t)(1 + i % 2), expiry);
    }
}

static void take_some(struct mqtt_peer *peer, char first) {
    for (int i = 0; i < ROOM; i++) {
        const char value[] = {(char)(first + i), '\0'};
        mqtt_peer_take(peer, "t", value, (uint8_t)(1 + i % 2));
    }
    mqtt_peer_expect_nothing(peer);
}

static struct mqtt_world *open_with(enum door_queue_policy policy) {
    struct mqtt_door_config config = mqtt_world_config();
    config.limits.queue_messages = ROOM;
    config.limits.policy = policy;
    return mqtt_world_open(&config);
}

// [MQTT-3.3.2-5]
static void expired_ones_leave_their_room_in_the_queue(void **state) {
    (void)state;
    for (int policy = DOOR_QUEUE_DROP_OLDEST; policy <= DOOR_QUEUE_DISCONNECT; policy++) {
        struct mqtt_world *world = open_with((enum door_queue_policy)policy);
        struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
        struct mqtt_peer *to = mqtt_peer_resume(world, MQTT_5, "to");
        mqtt_peer_subscribe(to, "t", 2);
        mqtt_peer_cut(to);
        publish_some(from, '0', 2);
        mqtt_world_wait(world, 2 * ROLE_SECOND);
        assert_int_equal(mqtt_world_counts(world)->dropped_expired, ROOM);
        publish_some(from, 'a', 0);
        assert_int_equal(mqtt_world_counts(world)->dropped_queue_full, 0);
        to = mqtt_peer_resume(world, MQTT_5, "to");
        mqtt_peer_next(to);
        take_some(to, 'a');
        mqtt_world_close(world);
    }
}

// Each goes at its own time, from wherever it stands.
static void each_expires_at_its_time(void **state) {
    (void)state;
    struct mqtt_world *world = open_with(DOOR_QUEUE_DROP_NEWEST);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    struct mqtt_peer *to = mqtt_peer_resume(world, MQTT_5, "to");
    mqtt_peer_subscribe(to, "t", 2);
    mqtt_peer_cut(to);
    const uint32_t expiries[] = {30, 10, 0, 20, 10, 40};
    for (int i = 0; i < 6; i++) {
        const char value[] = {(char)('0' + i), '\0'};
        publish(from, "t", value, 1, expiries[i]);
    }
    for (uint64_t i = 0; i < 4; i++) {
        static const uint64_t dropped[] = {0, 2, 3, 4};
        assert_int_equal(mqtt_world_counts(world)->dropped_expired, dropped[i]);
        mqtt_world_wait(world, (i == 3 ? 5 : 10) * ROLE_SECOND);
    }
    to = mqtt_peer_resume(world, MQTT_5, "to");
    mqtt_peer_next(to);
    mqtt_peer_take(to, "t", "2", 1);
    assert_int_equal(mqtt_peer_take(to, "t", "5", 1)->properties.message_expiry, 5);
    mqtt_peer_expect_nothing(to);
    mqtt_world_close(world);
}

// A client that is there and takes no more loses what expires; what was sent is not taken back.
static void what_was_sent_does_not_expire(void **state) {
    (void)state;
    struct mqtt_world *world = open_with(DOOR_QUEUE_DROP_NEWEST);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "to");
    connect.properties.present = MQTT_HAS(MQTT_RECEIVE_MAXIMUM);
    connect.properties.receive_maximum = 1;
    struct mqtt_peer *to = mqtt_peer_connect_with(world, &connect);
    mqtt_peer_next(to);
    mqtt_peer_subscribe(to, "t", 2);
    publish(from, "t", "sent", 2, 1);
    publish(from, "t", "gone", 1, 1);
    publish(from, "t", "stays", 1, 9);
    mqtt_world_wait(world, 2 * ROLE_SECOND);
    assert_int_equal(mqtt_world_counts(world)->dropped_expired, 1);
    mqtt_peer_take(to, "t", "sent", 2);
    mqtt_peer_take(to, "t", "stays", 1);
    mqtt_world_wait(world, 20 * ROLE_SECOND);
    mqtt_peer_expect_nothing(to);
    assert_int_equal(mqtt_world_counts(world)->dropped_expired, 1);
    mqtt_world_close(world);
}

// Messages that come, wait a moment and are read leave nothing behind until they would have
// expired.
static void what_was_read_keeps_no_memory(void **state) {
    (void)state;
    struct mqtt_world *world = open_with(DOOR_QUEUE_DROP_NEWEST);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "to");
    connect.properties.present = MQTT_HAS(MQTT_RECEIVE_MAXIMUM);
    connect.properties.receive_maximum = 1;
    struct mqtt_peer *to = mqtt_peer_connect_with(world, &connect);
    mqtt_peer_next(to);
    mqtt_peer_subscribe(to, "t", 1);
    size_t before = 0;
    publish(from, "t", "1", 1, 100000);
    publish(from, "t", "1", 1, 100000); // from here on, one always waits
    for (int i = 0; i < 2000; i++) {
        publish(from, "t", "1", 1, 100000);
        mqtt_peer_take(to, "t", "1", 1);
        before = i == 100 ? world->memory.bytes_in_use : before;
    }
    assert_true(world->memory.bytes_in_use <= before + 1000);
    mqtt_world_close(world);
}

static void expired_ones_leave_their_room_in_the_table(void **state) {
    (void)state;
    enum { TABLE = 50 };
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    for (int i = 0; i < TABLE; i++) {
        char topic[16];
        snprintf(topic, sizeof topic, "old/%d", i);
        publish(from, topic, "1", 1 | MQTT_RETAIN, 1 + (uint32_t)i % 2);
    }
    assert_int_equal(publish(from, "new/1", "2", 1 | MQTT_RETAIN, 0), MQTT_QUOTA_EXCEEDED);
    mqtt_world_wait(world, ROLE_SECOND);
    assert_int_equal(world->core.values.entries, TABLE / 2);
    mqtt_world_wait(world, 2 * ROLE_SECOND);
    assert_int_equal(world->core.values.entries, 0);
    publish(from, "new/1", "2", 1 | MQTT_RETAIN, 0);
    struct mqtt_peer *to = mqtt_peer_connect(world, MQTT_5, "to");
    mqtt_peer_subscribe(to, "#", 0);
    mqtt_peer_take(to, "new/1", "2", 0);
    mqtt_peer_expect_nothing(to);
    mqtt_world_close(world);
}

// Also before the time has been told to the door: what is published now needs the room now.
static void a_new_message_takes_the_room_of_an_expired_one(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    for (int i = 0; i < 50; i++) {
        char topic[16];
        snprintf(topic, sizeof topic, "old/%d", i);
        publish(from, topic, "1", 1 | MQTT_RETAIN, 5);
    }
    world->now += 6 * ROLE_SECOND;
    assert_int_equal(publish(from, "new/1", "2", 1 | MQTT_RETAIN, 0), 0x10);
    mqtt_world_close(world);
}

// A message published again without expiry stays, whatever the one before it had.
static void a_new_value_has_an_expiry_of_its_own(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    publish(from, "a", "1", 1 | MQTT_RETAIN, 5);
    publish(from, "a", "2", 1 | MQTT_RETAIN, 0);
    publish(from, "b", "3", 1 | MQTT_RETAIN, 0);
    publish(from, "b", "4", 1 | MQTT_RETAIN, 5);
    publish(from, "c", "5", 1 | MQTT_RETAIN, 5);
    publish(from, "c", "", 1 | MQTT_RETAIN, 0);
    mqtt_world_wait(world, 6 * ROLE_SECOND);
    struct mqtt_peer *to = mqtt_peer_connect(world, MQTT_5, "to");
    mqtt_peer_subscribe(to, "#", 0);
    mqtt_peer_take(to, "a", "2", 0);
    mqtt_peer_expect_nothing(to);
    mqtt_world_close(world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expired_ones_leave_their_room_in_the_queue),
        cmocka_unit_test(each_expires_at_its_time),
        cmocka_unit_test(what_was_sent_does_not_expire),
        cmocka_unit_test(what_was_read_keeps_no_memory),
        cmocka_unit_test(expired_ones_leave_their_room_in_the_table),
        cmocka_unit_test(a_new_message_takes_the_room_of_an_expired_one),
        cmocka_unit_test(a_new_value_has_an_expiry_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
