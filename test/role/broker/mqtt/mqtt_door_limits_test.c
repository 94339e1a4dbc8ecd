// The limits of struct mqtt_door_limits that the other tests of the door do not reach: queues and
// what happens when they are full, bytes, rates, sizes.
#include "role/mqtt_peer.h"

#include <stdio.h>
#include <stdlib.h>

static void publish_number(struct mqtt_peer *peer, unsigned number, uint8_t qos) {
    char text[12];
    snprintf(text, sizeof text, "%u", number);
    mqtt_peer_publish(peer, "n", text, qos);
}

static void take_numbers(struct mqtt_peer *peer, unsigned from, unsigned count) {
    for (unsigned i = from; i < from + count; i++) {
        char text[12];
        snprintf(text, sizeof text, "%u", i);
        mqtt_peer_take(peer, "n", text, 1);
    }
}

// Ten messages for a client that is absent and whose queue takes four.
static struct mqtt_world *fill_queue_of_absent(enum door_queue_policy policy) {
    struct mqtt_door_config config = mqtt_world_config();
    config.limits.queue_messages = 4;
    config.limits.policy = policy;
    struct mqtt_world *world = mqtt_world_open(&config);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    struct mqtt_peer *to = mqtt_peer_resume(world, MQTT_5, "to");
    mqtt_peer_subscribe(to, "n", 1);
    mqtt_peer_cut(to);
    for (unsigned i = 0; i < 10; i++) {
        publish_number(from, i, 1);
    }
    assert_int_equal(mqtt_world_counts(world)->dropped_queue_full, 6);
    assert_int_equal(mqtt_world_told(world, DOOR_EVENT_DROPPED), 1);
    return world;
}

static void a_full_queue_drops_the_oldest(void **state) {
    (void)state;
    struct mqtt_world *world = fill_queue_of_absent(DOOR_QUEUE_DROP_OLDEST);
    take_numbers(mqtt_peer_resume(world, MQTT_5, "to"), 6, 4);
    mqtt_world_close(world);
}

static void a_full_queue_drops_the_newest(void **state) {
    (void)state;
    struct mqtt_world *world = fill_queue_of_absent(DOOR_QUEUE_DROP_NEWEST);
    take_numbers(mqtt_peer_resume(world, MQTT_5, "to"), 0, 4);
    mqtt_world_close(world);
}

static void a_full_queue_of_an_absent_client_drops_what_comes(void **state) {
    (void)state;
    struct mqtt_world *world = fill_queue_of_absent(DOOR_QUEUE_DISCONNECT);
    take_numbers(mqtt_peer_resume(world, MQTT_5, "to"), 0, 4);
    mqtt_world_close(world);
}

static void a_full_queue_may_end_the_connection(void **state) {
    (void)state;
    struct mqtt_door_config config = mqtt_world_config();
    config.limits.queue_messages = 4;
    config.limits.policy = DOOR_QUEUE_DISCONNECT;
    config.limits.in_flight = 2;
    struct mqtt_world *world = mqtt_world_open(&config);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    struct mqtt_peer *to = mqtt_peer_connect(world, MQTT_5, "to");
    mqtt_peer_subscribe(to, "n", 1);
    for (unsigned i = 0; i < 6; i++) {
        publish_number(from, i, 1);
    }
    assert_false(mqtt_peer_is_closed(to));
    publish_number(from, 6, 1);
    mqtt_peer_expect(to, MQTT_PUBLISH);
    mqtt_peer_expect(to, MQTT_PUBLISH);
    mqtt_peer_expect_closed(to, MQTT_QUOTA_EXCEEDED);
    mqtt_world_close(world);
}

static void no_more_messages_are_on_their_way_than_the_limit(void **state) {
    (void)state;
    struct mqtt_door_config config = mqtt_world_config();
    config.limits.in_flight = 3;
    struct mqtt_world *world = mqtt_world_open(&config);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    for (enum mqtt_version version = MQTT_3_1_1; version <= MQTT_5; version++) {
        struct mqtt_peer *to = mqtt_peer_connect(world, version, "to");
        mqtt_peer_subscribe(to, "n", 1);
        for (unsigned i = 0; i < 10; i++) {
            publish_number(from, i, 1);
        }
        assert_int_equal(to->got_count - to->taken, 3);
        take_numbers(to, 0, 10);
        mqtt_peer_expect_nothing(to);
    }
    mqtt_world_close(world);
}

// What is dropped while the streams of `count` clients are stuck.
static void fill_stuck_streams(struct mqtt_world *world, unsigned count, uint8_t qos) {
    static char text[1001];
    memset(text, 'x', sizeof text - 1);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    struct mqtt_peer *stuck[4];
    for (unsigned i = 0; i < count; i++) {
        char name[2] = {(char)('a' + i), 0};
        stuck[i] = mqtt_peer_connect(world, MQTT_5, name);
        mqtt_peer_subscribe(stuck[i], "n", qos);
        stuck[i]->is_stuck = true;
    }
    for (unsigned i = 0; i < 100; i++) {
        mqtt_peer_publish(from, "n", text, qos);
    }
    for (unsigned i = 0; i < count; i++) {
        stuck[i]->is_stuck = false;
    }
    mqtt_world_settle(world);
    for (unsigned i = 0; i < count; i++) {
        assert_false(mqtt_peer_is_closed(stuck[i]));
        while (stuck[i]->taken < stuck[i]->got_count) {
            mqtt_peer_next(stuck[i]);
        }
        mqtt_peer_publish(from, "n", "after", 0);
    }
    mqtt_peer_take(stuck[0], "n", "after", 0);
}

// What was sent and not acknowledged waits again when its client has gone.
static void the_most_that_waited_for_a_client_is_counted(void **state) {
    (void)state;
    struct mqtt_world *world = fill_queue_of_absent(DOOR_QUEUE_DROP_OLDEST);
    assert_int_equal(mqtt_world_counts(world)->waiting_most, 4);
    mqtt_world_close(world);
    struct mqtt_door_config config = mqtt_world_config();
    world = mqtt_world_open(&config);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    struct mqtt_peer *to = mqtt_peer_resume(world, MQTT_5, "to");
    mqtt_peer_subscribe(to, "n", 1);
    for (unsigned i = 0; i < 3; i++) {
        publish_number(from, i, 1);
    }
    assert_int_equal(mqtt_world_counts(world)->waiting_most, 0);
    mqtt_peer_cut(to);
    assert_int_equal(mqtt_world_counts(world)->waiting_most, 3);
    mqtt_world_close(world);
}

static void bytes_waiting_for_a_client_are_bounded(void **state) {
    (void)state;
    for (uint8_t qos = 0; qos <= 1; qos++) {
        struct mqtt_door_config config = mqtt_world_config();
        config.limits.queue_bytes = 20000;
        config.limits.queue_messages = 1000;
        struct mqtt_world *world = mqtt_world_open(&config);
        fill_stuck_streams(world, 1, qos);
        assert_in_range(mqtt_world_counts(world)->dropped_queue_full, 70, 95);
        assert_int_equal(mqtt_world_counts(world)->dropped_total_full, 0);
        mqtt_world_close(world);
    }
}

// Four clients read nothing, and all that may wait for all clients does.
static struct mqtt_world *open_full_world(void) {
    struct mqtt_door_config config = mqtt_world_config();
    config.limits.total_bytes = 60000;
    config.limits.queue_bytes = 1000000;
    config.limits.queue_messages = 1000;
    struct mqtt_world *world = mqtt_world_open(&config);
    fill_stuck_streams(world, 4, 0);
    return world;
}

static void bytes_waiting_for_all_clients_are_bounded(void **state) {
    (void)state;
    struct mqtt_world *world = open_full_world();
    assert_in_range(mqtt_world_counts(world)->dropped_total_full, 100, 390);
    assert_int_equal(mqtt_world_counts(world)->dropped_queue_full, 0);
    mqtt_world_close(world);
}

static void who_hoards_does_not_starve_who_reads(void **state) {
    (void)state;
    struct mqtt_world *world = open_full_world();
    for (uint8_t qos = 0; qos < 2; qos++) {
        struct mqtt_peer *reader = mqtt_peer_connect(world, MQTT_5, "reader");
        struct mqtt_peer *writer = mqtt_peer_connect(world, MQTT_5, "writer");
        mqtt_peer_subscribe(reader, "free", qos);
        for (unsigned i = 0; i < 10; i++) {
            mqtt_peer_publish(writer, "free", "1", qos);
            mqtt_peer_take(reader, "free", "1", qos);
        }
    }
    mqtt_world_close(world);
}

// What is partly there of packets may take half of the memory for all together, and is small before
// a client is let in.
static void packets_that_are_never_whole_take_little_room(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    world->memory.limit = 200000;
    struct mqtt_peer *early = mqtt_peer_open(world, MQTT_5);
    mqtt_peer_send_bytes(early, "\x10\xff\xff\x7f", 4); // 2 MiB
    mqtt_peer_expect_gone(early);
    static uint8_t part[30000] = {0x30, 0xff, 0xff, 0x03};
    for (unsigned i = 0; i < 10; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "%u", i);
        struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_5, name);
        mqtt_peer_send_bytes(peer, part, sizeof part);
        if (i < 3) {
            assert_false(mqtt_peer_is_closed(peer));
        } else {
            mqtt_peer_expect_closed(peer, MQTT_QUOTA_EXCEEDED);
        }
    }
    mqtt_world_close(world);
}

static void a_client_that_does_not_read_hinders_nobody(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    struct mqtt_peer *stuck = mqtt_peer_connect(world, MQTT_5, "stuck");
    struct mqtt_peer *other = mqtt_peer_connect(world, MQTT_5, "other");
    mqtt_peer_subscribe(stuck, "n", 1);
    mqtt_peer_subscribe(other, "n", 1);
    stuck->is_stuck = true;
    for (unsigned i = 0; i < 50; i++) {
        publish_number(from, i, 1);
        take_numbers(other, i, 1);
    }
    stuck->is_stuck = false;
    mqtt_world_settle(world);
    take_numbers(stuck, 0, 50);
    mqtt_world_close(world);
}

// [MQTT-3.2.2-15] [MQTT-4.13.1-1]
static void packets_over_the_limit_are_refused_before_they_came(void **state) {
    (void)state;
    struct mqtt_door_config config = mqtt_world_config();
    config.limits.packet_bytes = 100;
    struct mqtt_world *world = mqtt_world_open(&config);
    struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_5, "one");
    uint8_t bytes[100] = {0x30, 98, 0, 1, 'a'};
    mqtt_peer_send_bytes(peer, bytes, 100);
    assert_false(mqtt_peer_is_closed(peer));
    bytes[1] = 99;
    mqtt_peer_send_bytes(peer, bytes, 2);
    mqtt_peer_expect_closed(peer, MQTT_PACKET_TOO_LARGE);
    peer = mqtt_peer_connect(world, MQTT_3_1_1, "one");
    mqtt_peer_send_bytes(peer, bytes, 2);
    mqtt_peer_expect_closed(peer, MQTT_PACKET_TOO_LARGE);
    peer = mqtt_peer_open(world, MQTT_5);
    mqtt_peer_send_bytes(peer, "\x10\xff\xff\xff\x7f", 5);
    mqtt_peer_expect_gone(peer);
    mqtt_world_close(world);
}

static void messages_over_the_rate_end_the_connection(void **state) {
    (void)state;
    struct mqtt_door_config config = mqtt_world_config();
    config.limits.messages_a_second = 5;
    struct mqtt_world *world = mqtt_world_open(&config);
    struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_5, "fast");
    for (unsigned second = 0; second < 3; second++) {
        for (unsigned i = 0; i < 5; i++) {
            mqtt_peer_publish(peer, "a", "1", 1);
        }
        mqtt_world_wait(world, ROLE_SECOND);
    }
    assert_false(mqtt_peer_is_closed(peer));
    for (unsigned i = 0; i < 6; i++) {
        assert_false(mqtt_peer_is_closed(peer));
        struct mqtt_packet publish = mqtt_publish_packet(peer, "a", "1", 0);
        mqtt_peer_send(peer, &publish);
    }
    mqtt_peer_expect_closed(peer, MQTT_MESSAGE_RATE_TOO_HIGH);
    mqtt_world_close(world);
}

// Packets of any type count, and filters: two bytes may be as much work as a message.
static void packets_over_the_rate_end_the_connection(void **state) {
    (void)state;
    struct mqtt_door_config config = mqtt_world_config();
    config.limits.packets_a_second = 6;
    struct mqtt_world *world = mqtt_world_open(&config);
    struct mqtt_peer *steady = mqtt_peer_connect(world, MQTT_5, "steady");
    for (unsigned second = 0; second < 3; second++) {
        mqtt_peer_subscribe(steady, "a", 0); // two with its filter
        (void)mqtt_peer_unsubscribe(steady, "a");
        mqtt_peer_send_short(steady, MQTT_PUBACK, 7, 0);
        mqtt_peer_send_bytes(steady, "\xc0\0", 2);
        (void)mqtt_peer_expect(steady, MQTT_PINGRESP);
        mqtt_world_wait(world, ROLE_SECOND);
    }
    assert_false(mqtt_peer_is_closed(steady));
    struct mqtt_peer *fast = mqtt_peer_connect(world, MQTT_5, "fast");
    mqtt_peer_send_bytes(fast, "\xc0\0\xc0\0\xc0\0\xc0\0\xc0\0\xc0\0", 12);
    assert_false(mqtt_peer_is_closed(fast));
    mqtt_peer_send_bytes(fast, "\xc0\0", 2);
    for (unsigned i = 0; i < 6; i++) {
        (void)mqtt_peer_expect(fast, MQTT_PINGRESP);
    }
    mqtt_peer_expect_closed(fast, MQTT_MESSAGE_RATE_TOO_HIGH);
    struct mqtt_peer *wide = mqtt_peer_connect(world, MQTT_5, "wide"); // six filters in one packet
    mqtt_peer_send_bytes(wide, "\x82\x1b\0\1\0\0\1a\0\0\1b\0\0\1c\0\0\1d\0\0\1e\0\0\1f\0", 29);
    mqtt_peer_expect_closed(wide, MQTT_MESSAGE_RATE_TOO_HIGH);
    assert_int_equal(mqtt_world_counts(world)->too_fast, 2);
    mqtt_world_close(world);
}

static void entries_are_told_when_they_are_asked_for(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_5, "one");
    mqtt_peer_publish(peer, "a", "1", 0);
    assert_int_equal(mqtt_world_told(world, DOOR_EVENT_ENTRY), 0);
    mqtt_door_tell_entries(world->door, true);
    mqtt_peer_publish(peer, "a", "2", 2);
    assert_int_equal(mqtt_world_told(world, DOOR_EVENT_ENTRY), 1);
    const struct mqtt_told *told = &world->told[world->told_count - 1];
    assert_string_equal(told->client_id, "one");
    assert_string_equal(told->text, "a");
    assert_string_equal(told->value, "2");
    mqtt_door_tell_entries(world->door, false);
    mqtt_peer_publish(peer, "a", "3", 2);
    assert_int_equal(mqtt_world_told(world, DOOR_EVENT_ENTRY), 1);
    mqtt_world_close(world);
}

// Who is not let in yet sends no more than a CONNECT can have, whatever others may send.
static void a_first_packet_is_bounded(void **state) {
    (void)state;
    enum { FIRST_MAX = 524288, HEAD = 4 };
    struct mqtt_door_config config = mqtt_world_config();
    config.limits.packet_bytes = 8 << 20;
    struct mqtt_world *world = mqtt_world_open(&config);
    for (unsigned more = 0; more < 2; more++) {
        struct mqtt_peer *peer = mqtt_peer_open(world, 0);
        uint8_t head[HEAD] = {0x10};
        (void)mqtt_variable_write(head + 1, FIRST_MAX - HEAD + more);
        mqtt_peer_send_bytes(peer, head, sizeof head);
        assert_int_equal(mqtt_peer_is_closed(peer), more == 1);
    }
    mqtt_world_close(world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_queue_drops_the_oldest),
        cmocka_unit_test(a_full_queue_drops_the_newest),
        cmocka_unit_test(a_full_queue_of_an_absent_client_drops_what_comes),
        cmocka_unit_test(a_full_queue_may_end_the_connection),
        cmocka_unit_test(no_more_messages_are_on_their_way_than_the_limit),
        cmocka_unit_test(the_most_that_waited_for_a_client_is_counted),
        cmocka_unit_test(bytes_waiting_for_a_client_are_bounded),
        cmocka_unit_test(bytes_waiting_for_all_clients_are_bounded),
        cmocka_unit_test(who_hoards_does_not_starve_who_reads),
        cmocka_unit_test(packets_that_are_never_whole_take_little_room),
        cmocka_unit_test(a_client_that_does_not_read_hinders_nobody),
        cmocka_unit_test(packets_over_the_limit_are_refused_before_they_came),
        cmocka_unit_test(messages_over_the_rate_end_the_connection),
        cmocka_unit_test(packets_over_the_rate_end_the_connection),
        cmocka_unit_test(entries_are_told_when_they_are_asked_for),
        cmocka_unit_test(a_first_packet_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
