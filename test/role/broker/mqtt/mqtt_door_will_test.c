// Wills: when they are published, and when not.
#include "role/mqtt_peer.h"

static struct mqtt_packet connect_with_will(enum mqtt_version version, const char *value,
                                            uint8_t qos) {
    struct mqtt_packet connect = mqtt_connect_packet(version, "mortal");
    connect.connect.has_will = true;
    connect.connect.will_qos = qos & MQTT_OPTION_QOS;
    connect.connect.will_retain = (qos & MQTT_RETAIN) != 0;
    connect.connect.will_topic = BYTES_LITERAL("will");
    connect.connect.will_payload = bytes_of_text(value);
    return connect;
}

static struct mqtt_packet connect_with_delay(const char *value, uint32_t delay, uint32_t expiry) {
    struct mqtt_packet connect = connect_with_will(MQTT_5, value, 1);
    connect.connect.clean_start = false;
    connect.connect.will_properties.present = MQTT_HAS(MQTT_WILL_DELAY);
    connect.connect.will_properties.will_delay = delay;
    connect.properties.present = MQTT_HAS(MQTT_SESSION_EXPIRY);
    connect.properties.session_expiry = expiry;
    return connect;
}

static struct mqtt_peer *connect_heir(struct mqtt_world *world) {
    struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_5, "heir");
    mqtt_peer_subscribe(peer, "will", 2 | MQTT_OPTION_RETAIN_AS_PUBLISHED);
    return peer;
}

// [MQTT-3.1.2-7] [MQTT-3.1.2-8] [MQTT-3.1.2-14] [MQTT3-3.1.2-8] [MQTT3-3.1.2-9] [MQTT3-3.1.2-16]
static void a_broken_stream_publishes_the_will(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *heir = connect_heir(world);
    for (enum mqtt_version version = MQTT_3_1; version <= MQTT_5; version++) {
        for (uint8_t qos = 0; qos <= 2; qos++) {
            struct mqtt_packet connect = connect_with_will(version, "gone", qos);
            struct mqtt_peer *peer = mqtt_peer_connect_with(world, &connect);
            mqtt_peer_expect_nothing(heir);
            mqtt_peer_cut(peer);
            assert_false(mqtt_peer_take(heir, "will", "gone", qos)->publish.retain);
            mqtt_peer_expect_nothing(heir);
        }
    }
    assert_int_equal(world->core.values.entries, 0);
    mqtt_world_close(world);
}

// [MQTT-3.1.2-15] [MQTT3-3.1.2-17]
static void a_retained_will_is_retained(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_packet connect = connect_with_will(MQTT_3_1_1, "gone", 1 | MQTT_RETAIN);
    mqtt_peer_cut(mqtt_peer_connect_with(world, &connect));
    struct mqtt_peer *heir = connect_heir(world);
    assert_true(mqtt_peer_take(heir, "will", "gone", 1)->publish.retain);
    connect.connect.will_payload = (struct bytes){0};
    mqtt_peer_cut(mqtt_peer_connect_with(world, &connect));
    mqtt_peer_take(heir, "will", "", 1);
    assert_int_equal(world->core.values.entries, 0);
    mqtt_world_close(world);
}

// [MQTT-3.14.4-3] [MQTT-3.1.2-10] [MQTT3-3.14.4-3] [MQTT3-3.1.2-10] [MQTT3-3.1.2-12]
static void disconnect_withdraws_the_will(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *heir = connect_heir(world);
    for (enum mqtt_version version = MQTT_3_1; version <= MQTT_5; version++) {
        struct mqtt_packet connect = connect_with_will(version, "gone", 1);
        struct mqtt_peer *peer = mqtt_peer_connect_with(world, &connect);
        mqtt_peer_send_short(peer, MQTT_DISCONNECT, 0, 0);
        mqtt_peer_cut(mqtt_peer_connect(world, version, "without"));
    }
    mqtt_world_wait(world, 100 * ROLE_SECOND);
    mqtt_peer_expect_nothing(heir);
    mqtt_world_close(world);
}

static void disconnect_with_the_wish_for_it_publishes_the_will(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *heir = connect_heir(world);
    struct mqtt_packet connect = connect_with_will(MQTT_5, "gone", 0);
    struct mqtt_peer *peer = mqtt_peer_connect_with(world, &connect);
    mqtt_peer_send_short(peer, MQTT_DISCONNECT, 0, MQTT_DISCONNECT_WITH_WILL);
    mqtt_peer_take(heir, "will", "gone", 0);
    peer = mqtt_peer_connect_with(world, &connect);
    mqtt_peer_send_short(peer, MQTT_DISCONNECT, 0, MQTT_UNSPECIFIED_ERROR);
    mqtt_peer_take(heir, "will", "gone", 0);
    mqtt_peer_expect_nothing(heir);
    mqtt_world_close(world);
}

static void errors_and_silence_publish_the_will(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *heir = connect_heir(world);
    for (enum mqtt_version version = MQTT_3_1_1; version <= MQTT_5; version++) {
        struct mqtt_packet connect = connect_with_will(version, "gone", 1);
        mqtt_peer_send_bytes(mqtt_peer_connect_with(world, &connect), "\xff\x00", 2);
        mqtt_peer_take(heir, "will", "gone", 1);
        connect.connect.keep_alive = 10;
        mqtt_peer_connect_with(world, &connect);
        mqtt_world_wait(world, 16 * ROLE_SECOND);
        mqtt_peer_take(heir, "will", "gone", 1);
        mqtt_peer_connect_with(world, &connect);
        mqtt_door_disconnect(world->door, BYTES_LITERAL("mortal"), world->now);
        mqtt_world_settle(world);
        mqtt_peer_take(heir, "will", "gone", 1);
    }
    mqtt_peer_expect_nothing(heir);
    mqtt_world_close(world);
}

// [MQTT-3.1.2-8] [MQTT-3.1.2-10]
static void a_will_waits_for_its_delay(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *heir = connect_heir(world);
    struct mqtt_packet connect = connect_with_delay("gone", 10, 100);
    mqtt_peer_cut(mqtt_peer_connect_with(world, &connect));
    mqtt_world_wait(world, 9 * ROLE_SECOND);
    mqtt_peer_expect_nothing(heir);
    mqtt_world_wait(world, 2 * ROLE_SECOND);
    const struct mqtt_packet *packet = mqtt_peer_take(heir, "will", "gone", 1);
    assert_false(mqtt_properties_have(&packet->properties, MQTT_WILL_DELAY));
    mqtt_world_wait(world, 200 * ROLE_SECOND);
    mqtt_peer_expect_nothing(heir);
    mqtt_world_close(world);
}

// [MQTT-3.1.3-9] [MQTT-3.1.2-8]
static void coming_back_in_time_cancels_the_will(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *heir = connect_heir(world);
    struct mqtt_packet connect = connect_with_delay("gone", 10, 100);
    mqtt_peer_cut(mqtt_peer_connect_with(world, &connect));
    mqtt_world_wait(world, 9 * ROLE_SECOND);
    mqtt_peer_send_short(mqtt_peer_resume(world, MQTT_5, "mortal"), MQTT_DISCONNECT, 0, 0);
    mqtt_world_wait(world, 200 * ROLE_SECOND);
    mqtt_peer_expect_nothing(heir);
    mqtt_peer_cut(mqtt_peer_connect_with(world, &connect));
    mqtt_peer_cut(mqtt_peer_resume(world, MQTT_5, "mortal")); // it has no will any more
    mqtt_world_wait(world, 4000 * ROLE_SECOND);
    mqtt_peer_expect_nothing(heir);
    mqtt_world_close(world);
}

// [MQTT-3.1.2-8]
static void the_end_of_the_session_is_the_end_of_the_delay(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *heir = connect_heir(world);
    struct mqtt_packet connect = connect_with_delay("gone", 1000, 10);
    mqtt_peer_cut(mqtt_peer_connect_with(world, &connect));
    mqtt_world_wait(world, 9 * ROLE_SECOND);
    mqtt_peer_expect_nothing(heir);
    mqtt_world_wait(world, 2 * ROLE_SECOND);
    mqtt_peer_take(heir, "will", "gone", 1);
    mqtt_peer_cut(mqtt_peer_connect_with(world, &connect));
    mqtt_peer_connect(world, MQTT_5, "mortal"); // a clean start ends the session
    mqtt_peer_take(heir, "will", "gone", 1);
    connect.properties.session_expiry = 0;
    connect.connect.client_id = BYTES_LITERAL("other");
    mqtt_peer_cut(mqtt_peer_connect_with(world, &connect));
    mqtt_peer_take(heir, "will", "gone", 1);
    mqtt_peer_expect_nothing(heir);
    mqtt_world_close(world);
}

static void taking_over_publishes_a_will_without_delay(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *heir = connect_heir(world);
    struct mqtt_packet connect = connect_with_will(MQTT_3_1_1, "old", 1);
    mqtt_peer_connect_with(world, &connect);
    connect.connect.will_payload = BYTES_LITERAL("new");
    mqtt_peer_connect_with(world, &connect);
    mqtt_peer_take(heir, "will", "old", 1);
    mqtt_peer_expect_nothing(heir);
    connect = connect_with_delay("delayed", 10, 100);
    mqtt_peer_connect_with(world, &connect);
    mqtt_peer_take(heir, "will", "new", 1);
    mqtt_peer_resume(world, MQTT_5, "mortal");
    mqtt_world_wait(world, 20 * ROLE_SECOND);
    mqtt_peer_expect_nothing(heir);
    mqtt_world_close(world);
}

// [MQTT-3.1.3-10] [MQTT-3.3.2-17]
static void a_will_has_properties(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *heir = connect_heir(world);
    struct mqtt_packet connect = connect_with_will(MQTT_5, "gone", 1);
    uint8_t more[40];
    uint8_t *end = mqtt_user_property_write(more, BYTES_LITERAL("z"), BYTES_LITERAL("1"));
    end = mqtt_user_property_write(end, BYTES_LITERAL("a"), BYTES_LITERAL("2"));
    end = mqtt_user_property_write(end, BYTES_LITERAL("z"), BYTES_LITERAL("3"));
    connect.connect.will_properties = (struct mqtt_properties){
        .present = MQTT_HAS(MQTT_PAYLOAD_FORMAT) | MQTT_HAS(MQTT_CONTENT_TYPE) |
                   MQTT_HAS(MQTT_MESSAGE_EXPIRY),
        .payload_format = 1,
        .content_type = BYTES_LITERAL("text"),
        .message_expiry = 50,
        .more = bytes_make(more, (size_t)(end - more))};
    struct mqtt_peer *peer = mqtt_peer_connect_with(world, &connect);
    mqtt_world_wait(world, 30 * ROLE_SECOND);
    mqtt_peer_cut(peer);
    const struct mqtt_packet *packet = mqtt_peer_take(heir, "will", "gone", 1);
    assert_int_equal(packet->properties.payload_format, 1);
    assert_bytes_equal(packet->properties.content_type, BYTES_LITERAL("text"));
    assert_int_equal(packet->properties.message_expiry, 50);
    assert_string_equal(mqtt_peer_user_property(packet, 0, true), "1");
    assert_string_equal(mqtt_peer_user_property(packet, 1, false), "a");
    assert_string_equal(mqtt_peer_user_property(packet, 2, true), "3");
    mqtt_world_close(world);
}

static void a_will_whose_topic_is_none_is_refused(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    for (enum mqtt_version version = MQTT_3_1_1; version <= MQTT_5; version++) {
        struct mqtt_packet connect = connect_with_will(version, "gone", 1);
        connect.connect.will_topic = BYTES_LITERAL("a/#");
        mqtt_peer_expect_gone(mqtt_peer_open_with(world, &connect));
        connect.connect.will_topic = (struct bytes){0};
        mqtt_peer_expect_gone(mqtt_peer_open_with(world, &connect));
    }
    mqtt_world_close(world);
}

static void a_refused_client_leaves_no_will(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open_guarded(NULL);
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "heir");
    connect.connect.has_user_name = true;
    struct mqtt_peer *heir = mqtt_peer_open_with(world, &connect);
    mqtt_world_answer(world, true);
    mqtt_peer_next(heir);
    mqtt_peer_subscribe(heir, "will", 1);
    connect = connect_with_will(MQTT_5, "gone", 1);
    connect.connect.has_user_name = true;
    mqtt_peer_open_with(world, &connect);
    mqtt_world_answer(world, false);
    mqtt_peer_cut(mqtt_peer_open_with(world, &connect));
    mqtt_peer_expect_nothing(heir);
    mqtt_world_close(world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_broken_stream_publishes_the_will),
        cmocka_unit_test(a_retained_will_is_retained),
        cmocka_unit_test(disconnect_withdraws_the_will),
        cmocka_unit_test(disconnect_with_the_wish_for_it_publishes_the_will),
        cmocka_unit_test(errors_and_silence_publish_the_will),
        cmocka_unit_test(a_will_waits_for_its_delay),
        cmocka_unit_test(coming_back_in_time_cancels_the_will),
        cmocka_unit_test(the_end_of_the_session_is_the_end_of_the_delay),
        cmocka_unit_test(taking_over_publishes_a_will_without_delay),
        cmocka_unit_test(a_will_has_properties),
        cmocka_unit_test(a_will_whose_topic_is_none_is_refused),
        cmocka_unit_test(a_refused_client_leaves_no_will),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
