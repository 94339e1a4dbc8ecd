// Rules of a listener: each client comes to one with rules (1), and to one without (0), where the
// same is allowed.
#include "role/mqtt_peer.h"

#define RULED 1

static struct door_listener_rules rules[2];

static struct mqtt_world *open_world(const struct door_listener_rules *ruled, bool is_guarded) {
    struct mqtt_door_config config = mqtt_world_config();
    rules[RULED] = *ruled;
    config.listeners = rules;
    return is_guarded ? mqtt_world_open_guarded(&config) : mqtt_world_open(&config);
}

static struct mqtt_peer *come(struct mqtt_world *world, uint8_t listener, enum mqtt_version version,
                              const char *name) {
    world->listener = listener;
    return mqtt_peer_connect(world, version, name);
}

static struct mqtt_peer *come_with(struct mqtt_world *world, uint8_t listener,
                                   const struct mqtt_packet *connect) {
    world->listener = listener;
    return mqtt_peer_open_with(world, connect);
}

// [MQTT-3.2.2-9] [MQTT-3.2.2-10]
static void no_message_has_a_larger_qos(void **state) {
    (void)state;
    struct mqtt_world *world =
        open_world(&(struct door_listener_rules){.has_qos_max = true, .qos_max = 1}, false);
    mqtt_peer_publish(come(world, 0, MQTT_5, "free"), "a", "1", 2);
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "ruled");
    struct mqtt_peer *peer = come_with(world, RULED, &connect);
    const struct mqtt_packet *connack = mqtt_peer_next(peer);
    assert_true(mqtt_properties_have(&connack->properties, MQTT_MAXIMUM_QOS));
    assert_int_equal(connack->properties.maximum_qos, 1);
    assert_int_equal(mqtt_peer_try_subscribe(peer, "a", 2, 0), 1);
    mqtt_peer_publish(peer, "a", "2", 1);
    mqtt_peer_take(peer, "a", "2", 1);
    struct mqtt_packet publish = mqtt_publish_packet(peer, "a", "3", 2);
    mqtt_peer_send(peer, &publish);
    mqtt_peer_expect_closed(peer, MQTT_QOS_NOT_SUPPORTED);
    peer = come(world, RULED, MQTT_3_1_1, "old");
    publish = mqtt_publish_packet(peer, "a", "4", 2);
    mqtt_peer_send(peer, &publish);
    assert_true(mqtt_peer_is_closed(peer));
    mqtt_world_close(world);
}

static void nothing_is_retained(void **state) {
    (void)state;
    struct mqtt_world *world =
        open_world(&(struct door_listener_rules){.has_no_retain = true}, false);
    mqtt_peer_publish(come(world, 0, MQTT_5, "free"), "a", "1", MQTT_RETAIN);
    assert_int_equal(world->core.values.entries, 1);
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "ruled");
    struct mqtt_peer *peer = come_with(world, RULED, &connect);
    const struct mqtt_packet *connack = mqtt_peer_next(peer);
    assert_true(mqtt_properties_have(&connack->properties, MQTT_RETAIN_AVAILABLE));
    assert_int_equal(connack->properties.retain_available, 0);
    mqtt_peer_publish(peer, "b", "1", 1);
    struct mqtt_packet publish = mqtt_publish_packet(peer, "b", "2", MQTT_RETAIN);
    mqtt_peer_send(peer, &publish);
    mqtt_peer_expect_closed(peer, MQTT_RETAIN_NOT_SUPPORTED);
    assert_int_equal(world->core.values.entries, 1);
    mqtt_world_close(world);
}

// [MQTT-3.2.2-12] [MQTT-3.2.2-13]
static void a_will_keeps_the_rules_too(void **state) {
    (void)state;
    struct mqtt_world *world = open_world(
        &(struct door_listener_rules){.has_qos_max = true, .qos_max = 0, .has_no_retain = true},
        false);
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "wills");
    connect.connect.has_will = true;
    connect.connect.will_topic = BYTES_LITERAL("w");
    assert_int_equal(mqtt_peer_next(come_with(world, RULED, &connect))->reason, MQTT_SUCCESS);
    connect.connect.will_qos = 1;
    mqtt_peer_expect_refused(come_with(world, RULED, &connect), MQTT_QOS_NOT_SUPPORTED);
    connect.connect.will_qos = 0;
    connect.connect.will_retain = true;
    mqtt_peer_expect_refused(come_with(world, RULED, &connect), MQTT_RETAIN_NOT_SUPPORTED);
    connect.connect.will_qos = 2;
    assert_int_equal(mqtt_peer_next(come_with(world, 0, &connect))->reason, MQTT_SUCCESS);
    mqtt_world_close(world);
}

static void no_filter_has_wildcards(void **state) {
    (void)state;
    struct mqtt_world *world =
        open_world(&(struct door_listener_rules){.has_no_wildcards = true}, false);
    mqtt_peer_subscribe(come(world, 0, MQTT_5, "free"), "a/#", 0);
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "ruled");
    struct mqtt_peer *peer = come_with(world, RULED, &connect);
    const struct mqtt_packet *connack = mqtt_peer_next(peer);
    assert_true(mqtt_properties_have(&connack->properties, MQTT_WILDCARD_SUBSCRIPTION_AVAILABLE));
    assert_int_equal(connack->properties.wildcard_subscription_available, 0);
    mqtt_peer_subscribe(peer, "a/b", 0);
    assert_int_equal(mqtt_peer_try_subscribe(peer, "a/+", 0, 0),
                     MQTT_WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED);
    assert_int_equal(mqtt_peer_try_subscribe(peer, "$share/g/#", 0, 0),
                     MQTT_WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED);
    mqtt_peer_subscribe(peer, "$share/g/a", 0);
    peer = come(world, RULED, MQTT_3_1_1, "old");
    assert_int_equal(mqtt_peer_try_subscribe(peer, "#", 0, 0), 0x80);
    mqtt_world_close(world);
}

static void packets_and_silence_are_bounded(void **state) {
    (void)state;
    static char value[1024];
    struct mqtt_world *world =
        open_world(&(struct door_listener_rules){.packet_bytes = 1024, .keep_alive = 10}, false);
    memset(value, 'x', sizeof value - 1);
    mqtt_peer_publish(come(world, 0, MQTT_5, "free"), "a", value, 0);
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "ruled");
    connect.connect.keep_alive = 60;
    struct mqtt_peer *peer = come_with(world, RULED, &connect);
    const struct mqtt_packet *connack = mqtt_peer_next(peer);
    assert_int_equal(connack->properties.maximum_packet_size, 1024);
    assert_int_equal(connack->properties.server_keep_alive, 10);
    struct mqtt_packet publish = mqtt_publish_packet(peer, "a", value, 0);
    mqtt_peer_send(peer, &publish);
    mqtt_peer_expect_closed(peer, MQTT_PACKET_TOO_LARGE);
    mqtt_world_close(world);
}

static void a_version_may_be_refused(void **state) {
    (void)state;
    struct mqtt_world *world = open_world(
        &(struct door_listener_rules){.refused_versions = 1u << MQTT_3_1 | 1u << MQTT_5}, false);
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "modern");
    mqtt_peer_expect_refused(come_with(world, RULED, &connect), MQTT_UNSUPPORTED_PROTOCOL_VERSION);
    connect = mqtt_connect_packet(MQTT_3_1, "ancient");
    mqtt_peer_expect_refused(come_with(world, RULED, &connect), 1);
    come(world, RULED, MQTT_3_1_1, "old");
    come(world, 0, MQTT_5, "modern");
    mqtt_world_close(world);
}

static void who_has_no_name_comes_in_where_that_is_said(void **state) {
    (void)state;
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "nobody");
    struct mqtt_world *world =
        open_world(&(struct door_listener_rules){.anonymous = DOOR_ANONYMOUS_YES}, true);
    assert_int_equal(mqtt_peer_next(come_with(world, RULED, &connect))->reason, MQTT_SUCCESS);
    mqtt_peer_expect_refused(come_with(world, 0, &connect), MQTT_NOT_AUTHORIZED);
    mqtt_world_close(world);
    struct mqtt_door_config config = mqtt_world_config();
    rules[RULED] = (struct door_listener_rules){.anonymous = DOOR_ANONYMOUS_NO};
    config.listeners = rules;
    config.anonymous = true;
    world = mqtt_world_open_guarded(&config);
    mqtt_peer_expect_refused(come_with(world, RULED, &connect), MQTT_NOT_AUTHORIZED);
    assert_int_equal(mqtt_peer_next(come_with(world, 0, &connect))->reason, MQTT_SUCCESS);
    mqtt_world_close(world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_message_has_a_larger_qos),
        cmocka_unit_test(nothing_is_retained),
        cmocka_unit_test(a_will_keeps_the_rules_too),
        cmocka_unit_test(no_filter_has_wildcards),
        cmocka_unit_test(packets_and_silence_are_bounded),
        cmocka_unit_test(a_version_may_be_refused),
        cmocka_unit_test(who_has_no_name_comes_in_where_that_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
