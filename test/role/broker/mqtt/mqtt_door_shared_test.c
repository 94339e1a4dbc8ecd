// Shared subscriptions: one member of the group gets each message.
#include "role/mqtt_peer.h"

#define MEMBERS 3

static void join(struct mqtt_world *world, struct mqtt_peer **members, uint8_t qos) {
    const char *names[MEMBERS] = {"first", "second", "third"};
    for (unsigned i = 0; i < MEMBERS; i++) {
        members[i] = mqtt_peer_resume(world, MQTT_5, names[i]);
        mqtt_peer_next(members[i]);
        mqtt_peer_subscribe(members[i], "$share/group/a/+", qos);
    }
}

static bool has_more(const struct mqtt_peer *peer) {
    return peer->taken < peer->got_count;
}

static void members_take_turns(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_3_1_1, "from");
    struct mqtt_peer *members[MEMBERS];
    join(world, members, 1);
    for (unsigned round = 0; round < 4; round++) {
        for (unsigned i = 0; i < MEMBERS; i++) {
            mqtt_peer_publish(from, "a/b", "1", 1);
        }
        for (unsigned i = 0; i < MEMBERS; i++) {
            mqtt_peer_take(members[i], "a/b", "1", 1);
            mqtt_peer_expect_nothing(members[i]);
        }
    }
    mqtt_world_close(world);
}

static void groups_and_plain_subscriptions_are_apart(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *members[MEMBERS];
    join(world, members, 0);
    struct mqtt_peer *other = mqtt_peer_connect(world, MQTT_5, "other group");
    struct mqtt_peer *plain = mqtt_peer_connect(world, MQTT_5, "plain");
    mqtt_peer_subscribe(other, "$share/other/a/+", 0);
    mqtt_peer_subscribe(plain, "a/+", 0);
    mqtt_peer_publish(plain, "a/b", "1", 0);
    mqtt_peer_take(other, "a/b", "1", 0);
    mqtt_peer_take(plain, "a/b", "1", 0);
    unsigned count = 0;
    for (unsigned i = 0; i < MEMBERS; i++) {
        count += has_more(members[i]);
    }
    assert_int_equal(count, 1);
    mqtt_world_close(world);
}

// [MQTT-4.8.2-3]
static void each_member_has_a_qos_of_its_own(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *members[MEMBERS];
    join(world, members, 2);
    mqtt_peer_subscribe(members[0], "$share/group/a/+", 0);
    mqtt_peer_subscribe(members[1], "$share/group/a/+", 1);
    for (unsigned i = 0; i < MEMBERS; i++) {
        mqtt_peer_publish(members[0], "a/b", "1", 2);
    }
    for (uint8_t i = 0; i < MEMBERS; i++) {
        mqtt_peer_take(members[i], "a/b", "1", i);
        mqtt_peer_expect_nothing(members[i]);
    }
    mqtt_world_close(world);
}

static void absent_members_are_passed_over_while_others_are_here(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *members[MEMBERS];
    join(world, members, 1);
    mqtt_peer_cut(members[0]);
    mqtt_peer_cut(members[2]);
    for (unsigned i = 0; i < 4; i++) {
        mqtt_peer_publish(members[1], "a/b", "1", 1);
        mqtt_peer_take(members[1], "a/b", "1", 1);
    }
    members[0] = mqtt_peer_resume(world, MQTT_5, "first");
    mqtt_peer_next(members[0]);
    mqtt_peer_expect_nothing(members[0]);
    mqtt_world_close(world);
}

static void a_message_for_absent_members_waits_for_one(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    struct mqtt_peer *members[MEMBERS];
    join(world, members, 1);
    for (unsigned i = 0; i < MEMBERS; i++) {
        mqtt_peer_cut(members[i]);
    }
    mqtt_peer_publish(from, "a/b", "1", 1);
    const char *names[MEMBERS] = {"first", "second", "third"};
    unsigned count = 0;
    for (unsigned i = 0; i < MEMBERS; i++) {
        struct mqtt_peer *peer = mqtt_peer_resume(world, MQTT_5, names[i]);
        assert_true(mqtt_peer_next(peer)->session_present);
        if (has_more(peer)) {
            mqtt_peer_take(peer, "a/b", "1", 1);
            count++;
        }
    }
    assert_int_equal(count, 1);
    mqtt_world_close(world);
}

// [MQTT-4.8.2-4]
static void a_qos_2_message_that_was_begun_stays_with_its_member(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    struct mqtt_peer *members[MEMBERS];
    join(world, members, 2);
    mqtt_peer_publish(from, "a/b", "1", 2);
    unsigned chosen = has_more(members[0]) ? 0 : has_more(members[1]) ? 1 : 2;
    const char *names[MEMBERS] = {"first", "second", "third"};
    mqtt_peer_expect_publish(members[chosen], "a/b", "1");
    mqtt_peer_cut(members[chosen]);
    for (unsigned i = 0; i < MEMBERS; i++) {
        mqtt_peer_expect_nothing(members[i]);
    }
    struct mqtt_peer *again = mqtt_peer_resume(world, MQTT_5, names[chosen]);
    assert_true(mqtt_peer_take(again, "a/b", "1", 2)->publish.dup);
    mqtt_world_close(world);
}

// [MQTT-4.8.2-5] [MQTT-4.8.2-6]
static void what_a_member_refuses_or_takes_along_goes_to_no_other(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    struct mqtt_peer *members[MEMBERS];
    join(world, members, 2);
    for (unsigned i = 0; i < MEMBERS; i++) {
        mqtt_peer_publish(from, "a/b", "1", i == 1 ? 1 : 2);
    }
    for (unsigned i = 0; i < MEMBERS; i++) {
        const struct mqtt_packet *packet = mqtt_peer_expect_publish(members[i], "a/b", "1");
        if (packet->publish.qos == 1) {
            mqtt_peer_send_short(members[i], MQTT_PUBACK, packet->publish.packet_id, 0x80);
        } else if (i == 0) {
            mqtt_peer_send_short(members[i], MQTT_PUBREC, packet->publish.packet_id, 0x80);
        }
    }
    mqtt_peer_cut(members[2]);
    mqtt_world_wait(world, 4000 * ROLE_SECOND);
    for (unsigned i = 0; i < MEMBERS; i++) {
        mqtt_peer_expect_nothing(members[i]);
    }
    mqtt_world_close(world);
}

// What a member has not acknowledged when its session ends, and what only waited for it, goes to
// another one; but not a QoS 2 message that was sent [MQTT-4.8.2-5].
static void another_member_gets_what_a_session_leaves(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "leaves");
    connect.properties.present = MQTT_HAS(MQTT_RECEIVE_MAXIMUM);
    connect.properties.receive_maximum = 2;
    struct mqtt_peer *leaves = mqtt_peer_connect_with(world, &connect);
    mqtt_peer_next(leaves);
    mqtt_peer_subscribe(leaves, "$share/g/t", 2);
    mqtt_peer_publish(from, "t", "sent", 1);
    mqtt_peer_publish(from, "t", "sent twice", 2);
    mqtt_peer_publish(from, "t", "waits", 1);
    mqtt_peer_publish(from, "t", "waits too", 2);
    struct mqtt_peer *stays = mqtt_peer_connect(world, MQTT_3_1_1, "stays");
    mqtt_peer_subscribe(stays, "$share/g/t", 1);
    mqtt_peer_expect_publish(leaves, "t", "sent");
    mqtt_peer_expect_publish(leaves, "t", "sent twice");
    mqtt_peer_cut(leaves);
    mqtt_peer_take(stays, "t", "sent", 1);
    mqtt_peer_take(stays, "t", "waits", 1);
    mqtt_peer_take(stays, "t", "waits too", 1);
    mqtt_peer_expect_nothing(stays);
    mqtt_world_close(world);
}

// The group that is there now is not the one that the message was for.
static void nothing_goes_to_a_group_that_came_later(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    struct mqtt_peer *leaves = mqtt_peer_connect(world, MQTT_5, "leaves");
    mqtt_peer_subscribe(leaves, "$share/g/t", 1);
    mqtt_peer_publish(from, "t", "1", 1);
    mqtt_peer_expect_publish(leaves, "t", "1");
    mqtt_peer_unsubscribe(leaves, "$share/g/t");
    struct mqtt_peer *later = mqtt_peer_connect(world, MQTT_5, "later");
    mqtt_peer_subscribe(later, "$share/g/t", 1);
    mqtt_peer_cut(leaves);
    mqtt_peer_expect_nothing(later);
    mqtt_world_close(world);
}

// [MQTT-3.8.3-4]
static void no_local_is_a_protocol_error(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_5, "one");
    uint8_t run[30];
    struct bytes filter = BYTES_LITERAL("$share/g/a");
    uint8_t *end = mqtt_filter_write(MQTT_SUBSCRIBE, run, filter, MQTT_OPTION_NO_LOCAL);
    struct mqtt_packet packet = {
        .type = MQTT_SUBSCRIBE,
        .packet_id = 1,
        .filters = {.run = bytes_make(run, (size_t)(end - run)), .count = 1}};
    mqtt_peer_send(peer, &packet);
    mqtt_peer_expect_closed(peer, MQTT_PROTOCOL_ERROR);
    mqtt_world_close(world);
}

static void who_unsubscribes_leaves_the_group(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    struct mqtt_peer *members[MEMBERS];
    join(world, members, 0);
    assert_int_equal(mqtt_peer_unsubscribe(members[1], "$share/group/a/+"), 0);
    assert_int_equal(mqtt_peer_unsubscribe(members[1], "a/+"), MQTT_NO_SUBSCRIPTION_EXISTED);
    for (unsigned i = 0; i < 4; i++) {
        mqtt_peer_publish(from, "a/b", "1", 0);
    }
    mqtt_peer_expect_nothing(members[1]);
    mqtt_peer_take(members[0], "a/b", "1", 0);
    mqtt_peer_take(members[0], "a/b", "1", 0);
    mqtt_peer_take(members[2], "a/b", "1", 0);
    mqtt_peer_take(members[2], "a/b", "1", 0);
    mqtt_world_close(world);
}

static void groups_beyond_the_limit_are_refused(void **state) {
    (void)state;
    struct mqtt_door_config config = mqtt_world_config();
    config.limits.shared_groups = 2;
    struct mqtt_world *world = mqtt_world_open(&config);
    struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_5, "peer");
    mqtt_peer_subscribe(peer, "$share/one/a", 1);
    mqtt_peer_subscribe(peer, "$share/two/a", 1);
    assert_int_equal(mqtt_peer_try_subscribe(peer, "$share/three/a", 1, 0), MQTT_QUOTA_EXCEEDED);
    struct mqtt_peer *other = mqtt_peer_connect(world, MQTT_5, "other");
    mqtt_peer_subscribe(other, "$share/two/a", 1); // one that there is
    mqtt_peer_unsubscribe(peer, "$share/one/a");
    mqtt_peer_subscribe(peer, "$share/three/a", 1); // in its place
    mqtt_world_close(world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_take_turns),
        cmocka_unit_test(groups_and_plain_subscriptions_are_apart),
        cmocka_unit_test(each_member_has_a_qos_of_its_own),
        cmocka_unit_test(absent_members_are_passed_over_while_others_are_here),
        cmocka_unit_test(a_message_for_absent_members_waits_for_one),
        cmocka_unit_test(a_qos_2_message_that_was_begun_stays_with_its_member),
        cmocka_unit_test(what_a_member_refuses_or_takes_along_goes_to_no_other),
        cmocka_unit_test(another_member_gets_what_a_session_leaves),
        cmocka_unit_test(nothing_goes_to_a_group_that_came_later),
        cmocka_unit_test(no_local_is_a_protocol_error),
        cmocka_unit_test(who_unsubscribes_leaves_the_group),
        cmocka_unit_test(groups_beyond_the_limit_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
