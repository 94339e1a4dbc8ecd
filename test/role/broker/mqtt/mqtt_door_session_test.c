// Sessions: taken up, begun anew, expired; what waits in them, and what is sent again.
#include "role/mqtt_peer.h"

#include <stdio.h>

static struct mqtt_peer *connect_for(struct mqtt_world *world, const char *client_id,
                                     bool clean_start, uint32_t expiry) {
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, client_id);
    connect.connect.clean_start = clean_start;
    connect.properties.present = MQTT_HAS(MQTT_SESSION_EXPIRY);
    connect.properties.session_expiry = expiry;
    return mqtt_peer_connect_with(world, &connect);
}

// [MQTT-3.1.2-5] [MQTT-3.1.2-6] [MQTT-3.2.2-3] [MQTT3-3.1.2-4] [MQTT3-3.2.2-2] [MQTT3-3.2.2-3]
// [MQTT-3.1.2-23] [MQTT-4.5.0-1] [MQTT3-4.5.0-1] [MQTT3-3.1.2-5] [MQTT3-3.1.4-3] [MQTT-3.1.4-4]
static void a_session_is_taken_up_with_what_waits_in_it(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    for (enum mqtt_version version = MQTT_3_1_1; version <= MQTT_5; version++) {
        struct mqtt_peer *peer = mqtt_peer_resume(world, version, "to");
        assert_false(mqtt_peer_next(peer)->session_present);
        mqtt_peer_subscribe(peer, "a", 2);
        mqtt_peer_cut(peer);
        mqtt_peer_publish(from, "a", "1", 1);
        mqtt_peer_publish(from, "a", "2", 2);
        mqtt_world_wait(world, 100 * ROLE_SECOND);
        peer = mqtt_peer_resume(world, version, "to");
        assert_true(mqtt_peer_next(peer)->session_present);
        assert_false(mqtt_peer_take(peer, "a", "1", 1)->publish.dup);
        assert_false(mqtt_peer_take(peer, "a", "2", 2)->publish.dup);
        mqtt_peer_expect_nothing(peer);
        mqtt_peer_publish(from, "a", "3", 0);
        mqtt_peer_take(peer, "a", "3", 0);
        mqtt_peer_send_short(peer, MQTT_DISCONNECT, 0, 0);
        mqtt_peer_cut(mqtt_peer_connect(world, version, "to"));
    }
    mqtt_world_close(world);
}

// [MQTT-3.1.2-4] [MQTT-3.2.2-2] [MQTT3-3.1.2-6] [MQTT3-3.2.2-1]
static void a_clean_start_discards_the_session(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    for (enum mqtt_version version = MQTT_3_1_1; version <= MQTT_5; version++) {
        struct mqtt_peer *peer = mqtt_peer_resume(world, version, "to");
        mqtt_peer_next(peer);
        mqtt_peer_subscribe(peer, "a", 2);
        mqtt_peer_publish(from, "a", "1", 1);
        mqtt_peer_expect_publish(peer, "a", "1");
        mqtt_peer_cut(peer);
        mqtt_peer_publish(from, "a", "2", 1);
        peer = mqtt_peer_connect(world, version, "to");
        mqtt_peer_publish(from, "a", "3", 1);
        mqtt_peer_expect_nothing(peer);
        mqtt_peer_send_short(peer, MQTT_DISCONNECT, 0, 0);
        peer = mqtt_peer_resume(world, version, "to");
        assert_false(mqtt_peer_next(peer)->session_present);
        mqtt_peer_cut(peer);
        mqtt_peer_cut(mqtt_peer_connect(world, version, "to"));
    }
    mqtt_world_close(world);
}

// [MQTT-4.1.0-1] [MQTT-4.1.0-2] [MQTT3-4.1.0-1] [MQTT3-4.1.0-2]
static void sessions_expire_without_a_connection(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *peer = connect_for(world, "to", false, 10);
    mqtt_peer_subscribe(peer, "a", 2);
    mqtt_world_wait(world, 100 * ROLE_SECOND);
    mqtt_peer_cut(peer);
    mqtt_world_wait(world, 9 * ROLE_SECOND);
    peer = connect_for(world, "to", false, 10);
    assert_true(mqtt_peer_next(peer)->session_present);
    mqtt_peer_cut(peer);
    mqtt_world_wait(world, 11 * ROLE_SECOND);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    mqtt_peer_publish(from, "a", "1", 1);
    assert_false(mqtt_peer_next(connect_for(world, "to", false, 10))->session_present);
    mqtt_world_close(world);
}

static void without_an_expiry_a_session_ends_with_its_connection(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "to");
    connect.connect.clean_start = false;
    for (unsigned i = 0; i < 2; i++) {
        struct mqtt_peer *peer = mqtt_peer_connect_with(world, &connect);
        assert_false(mqtt_peer_next(peer)->session_present);
        mqtt_peer_subscribe(peer, "a", 1);
        mqtt_peer_cut(peer);
    }
    mqtt_world_close(world);
}

static void an_endless_expiry_is_endless_and_can_be_cut(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *peer = connect_for(world, "to", false, UINT32_MAX);
    assert_false(mqtt_properties_have(&mqtt_peer_next(peer)->properties, MQTT_SESSION_EXPIRY));
    mqtt_peer_cut(peer);
    mqtt_world_wait(world, UINT64_C(5000000000) * ROLE_SECOND);
    assert_true(mqtt_peer_next(connect_for(world, "to", false, 10))->session_present);
    mqtt_world_close(world);
    struct mqtt_door_config config = mqtt_world_config();
    config.limits.session_expiry = 50 * ROLE_SECOND;
    world = mqtt_world_open(&config);
    peer = connect_for(world, "to", false, UINT32_MAX);
    assert_int_equal(mqtt_peer_next(peer)->properties.session_expiry, 50);
    mqtt_peer_cut(peer);
    peer = mqtt_peer_resume(world, MQTT_3_1_1, "old");
    mqtt_peer_cut(peer);
    mqtt_world_wait(world, 51 * ROLE_SECOND);
    assert_false(mqtt_peer_next(connect_for(world, "to", false, 10))->session_present);
    assert_false(mqtt_peer_next(mqtt_peer_resume(world, MQTT_3_1_1, "old"))->session_present);
    mqtt_world_close(world);
}

static void disconnect_may_change_the_expiry(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *peer = connect_for(world, "to", false, 10);
    struct mqtt_packet disconnect = {
        .type = MQTT_DISCONNECT,
        .properties = {.present = MQTT_HAS(MQTT_SESSION_EXPIRY), .session_expiry = 100}};
    mqtt_peer_send(peer, &disconnect);
    mqtt_world_wait(world, 90 * ROLE_SECOND);
    peer = connect_for(world, "to", false, 10);
    assert_true(mqtt_peer_next(peer)->session_present);
    disconnect.properties.session_expiry = 0;
    mqtt_peer_send(peer, &disconnect);
    peer = connect_for(world, "to", false, 0);
    assert_false(mqtt_peer_next(peer)->session_present);
    disconnect.properties.session_expiry = 1; // may not be set if it was 0
    mqtt_peer_send(peer, &disconnect);
    mqtt_peer_expect_closed(peer, MQTT_PROTOCOL_ERROR);
    mqtt_world_close(world);
}

static uint16_t take_number(struct mqtt_peer *peer, unsigned number, bool is_again) {
    char text[12];
    snprintf(text, sizeof text, "%u", number);
    const struct mqtt_packet *packet = mqtt_peer_expect_publish(peer, "n", text);
    assert_int_equal(packet->publish.dup, is_again);
    return packet->publish.packet_id;
}

static void publish_number(struct mqtt_peer *peer, unsigned number, uint8_t qos) {
    char text[12];
    snprintf(text, sizeof text, "%u", number);
    mqtt_peer_publish(peer, "n", text, qos);
}

// [MQTT-4.4.0-1] [MQTT3-4.4.0-1] [MQTT-3.3.1-1] [MQTT3-3.3.1-1] [MQTT-4.3.2-3] [MQTT-4.3.3-6]
// [MQTT-4.3.3-5] [MQTT3-4.3.3-1] [MQTT3-4.3.2-1] [MQTT-3.6.2-1]
static void what_was_not_acknowledged_is_sent_again_in_order(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    for (enum mqtt_version version = MQTT_3_1_1; version <= MQTT_5; version++) {
        struct mqtt_peer *to = mqtt_peer_resume(world, version, "to");
        uint16_t ids[5];
        mqtt_peer_next(to);
        mqtt_peer_subscribe(to, "n", 2);
        for (unsigned n = 0; n < 5; n++) {
            publish_number(from, n, n % 2 == 0 ? 1 : 2);
            ids[n] = take_number(to, n, false);
        }
        mqtt_peer_send_short(to, MQTT_PUBACK, ids[2], 0);
        mqtt_peer_send_short(to, MQTT_PUBREC, ids[1], 0);
        assert_int_equal(mqtt_peer_expect(to, MQTT_PUBREL)->packet_id, ids[1]);
        mqtt_world_wait(world, 300 * ROLE_SECOND);
        mqtt_peer_expect_nothing(to); // never but at the next connection
        for (unsigned round = 0; round < 2; round++) {
            mqtt_peer_cut(to);
            to = mqtt_peer_resume(world, version, "to");
            assert_true(mqtt_peer_next(to)->session_present);
            assert_int_equal(mqtt_peer_expect(to, MQTT_PUBREL)->packet_id, ids[1]);
            assert_int_equal(take_number(to, 0, true), ids[0]);
            assert_int_equal(take_number(to, 3, true), ids[3]);
            assert_int_equal(take_number(to, 4, true), ids[4]);
            mqtt_peer_expect_nothing(to);
        }
        mqtt_peer_send_short(to, MQTT_PUBCOMP, ids[1], 0);
        mqtt_peer_cut(to);
        to = mqtt_peer_resume(world, version, "to");
        mqtt_peer_next(to);
        assert_int_equal(mqtt_peer_next(to)->publish.packet_id, ids[0]);
        mqtt_peer_cut(to);
        mqtt_peer_cut(mqtt_peer_connect(world, version, "to"));
    }
    mqtt_world_close(world);
}

// [MQTT-3.3.4-9] [MQTT-3.3.4-10] [MQTT-4.4.0-1]
static void what_is_sent_again_keeps_to_what_the_client_allows_now(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    struct mqtt_peer *to = mqtt_peer_resume(world, MQTT_5, "to");
    uint16_t ids[5];
    mqtt_peer_subscribe(to, "n", 2);
    for (unsigned n = 0; n < 5; n++) {
        publish_number(from, n, n == 1 || n == 3 ? 2 : 1);
        ids[n] = take_number(to, n, false);
    }
    mqtt_peer_send_short(to, MQTT_PUBREC, ids[1], 0);
    mqtt_peer_send_short(to, MQTT_PUBREC, ids[3], 0);
    mqtt_peer_cut(to);
    publish_number(from, 5, 1);
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "to");
    connect.connect.clean_start = false;
    connect.properties.present = MQTT_HAS(MQTT_RECEIVE_MAXIMUM) | MQTT_HAS(MQTT_SESSION_EXPIRY);
    connect.properties.receive_maximum = 1;
    connect.properties.session_expiry = 100;
    to = mqtt_peer_connect_with(world, &connect);
    assert_true(mqtt_peer_next(to)->session_present);
    assert_int_equal(mqtt_peer_expect(to, MQTT_PUBREL)->packet_id, ids[1]);
    assert_int_equal(mqtt_peer_expect(to, MQTT_PUBREL)->packet_id, ids[3]);
    mqtt_peer_send_short(to, MQTT_PUBCOMP, ids[3], 0);
    mqtt_peer_send_short(to, MQTT_PUBCOMP, ids[1], 0);
    const unsigned rest[] = {0, 2, 4, 5};
    for (unsigned i = 0; i < 4; i++) {
        uint16_t id = take_number(to, rest[i], rest[i] < 5);
        mqtt_peer_expect_nothing(to);
        mqtt_peer_send_short(to, MQTT_PUBACK, id, 0);
    }
    mqtt_peer_expect_nothing(to);
    mqtt_world_close(world);
}

static void what_is_new_waits_behind_what_is_sent_again(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    struct mqtt_peer *to = mqtt_peer_resume(world, MQTT_3_1_1, "to");
    mqtt_peer_next(to);
    mqtt_peer_subscribe(to, "n", 1);
    publish_number(from, 0, 1);
    publish_number(from, 1, 1);
    take_number(to, 0, false);
    take_number(to, 1, false);
    mqtt_peer_cut(to);
    publish_number(from, 2, 1);
    to = mqtt_peer_resume(world, MQTT_3_1_1, "to");
    take_number(to, 0, true);
    take_number(to, 1, true);
    take_number(to, 2, false);
    mqtt_world_close(world);
}

// [MQTT-4.3.3-10] [MQTT3-4.3.3-2]
static void a_qos_2_message_of_the_client_is_remembered_over_connections(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *to = mqtt_peer_connect(world, MQTT_5, "to");
    mqtt_peer_subscribe(to, "a", 2);
    for (enum mqtt_version version = MQTT_3_1_1; version <= MQTT_5; version++) {
        struct mqtt_peer *from = mqtt_peer_resume(world, version, "from");
        struct mqtt_packet publish = mqtt_publish_packet(from, "a", "1", 2);
        mqtt_peer_send(from, &publish);
        mqtt_peer_expect(from, MQTT_PUBREC);
        mqtt_peer_take(to, "a", "1", 2);
        mqtt_peer_cut(from);
        from = mqtt_peer_resume(world, version, "from");
        assert_true(mqtt_peer_next(from)->session_present);
        publish.publish.dup = true;
        mqtt_peer_publish_packet(from, &publish);
        mqtt_peer_expect_nothing(to);
        mqtt_peer_publish_packet(from, &publish);
        mqtt_peer_take(to, "a", "1", 2);
        mqtt_peer_cut(from);
        mqtt_peer_cut(mqtt_peer_connect(world, version, "from"));
    }
    mqtt_world_close(world);
}

// [MQTT-3.1.4-3] [MQTT3-3.1.4-2]
static void taking_over_goes_on_with_the_session(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    struct mqtt_peer *old = mqtt_peer_resume(world, MQTT_5, "to");
    mqtt_peer_next(old);
    mqtt_peer_subscribe(old, "n", 1);
    publish_number(from, 0, 1);
    uint16_t id = take_number(old, 0, false);
    struct mqtt_peer *new = mqtt_peer_resume(world, MQTT_3_1_1, "to");
    mqtt_peer_expect_closed(old, MQTT_SESSION_TAKEN_OVER);
    assert_true(mqtt_peer_next(new)->session_present);
    assert_int_equal(take_number(new, 0, true), id);
    publish_number(from, 1, 1);
    take_number(new, 1, false);
    mqtt_peer_expect_nothing(old);
    mqtt_world_close(world);
}

static void unsent_messages_of_ended_sessions_are_counted(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    struct mqtt_peer *to = connect_for(world, "to", false, 10);
    mqtt_peer_subscribe(to, "n", 1);
    mqtt_peer_cut(to);
    publish_number(from, 0, 1);
    publish_number(from, 1, 1);
    mqtt_world_wait(world, 11 * ROLE_SECOND);
    assert_int_equal(mqtt_world_counts(world)->dropped_at_end, 2);
    mqtt_world_close(world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_is_taken_up_with_what_waits_in_it),
        cmocka_unit_test(a_clean_start_discards_the_session),
        cmocka_unit_test(sessions_expire_without_a_connection),
        cmocka_unit_test(without_an_expiry_a_session_ends_with_its_connection),
        cmocka_unit_test(an_endless_expiry_is_endless_and_can_be_cut),
        cmocka_unit_test(disconnect_may_change_the_expiry),
        cmocka_unit_test(what_was_not_acknowledged_is_sent_again_in_order),
        cmocka_unit_test(what_is_sent_again_keeps_to_what_the_client_allows_now),
        cmocka_unit_test(what_is_new_waits_behind_what_is_sent_again),
        cmocka_unit_test(a_qos_2_message_of_the_client_is_remembered_over_connections),
        cmocka_unit_test(taking_over_goes_on_with_the_session),
        cmocka_unit_test(unsent_messages_of_ended_sessions_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
