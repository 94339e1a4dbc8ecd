// Mount points: clients come to a listener behind "town/" (1), to one behind "city/" (2), and to
// one without (0), where whole topics are seen.
#include "role/mqtt_peer.h"

enum { OPEN, TOWN, CITY };

static struct door_listener_rules rules[3];

static struct mqtt_world *open_world(void) {
    struct mqtt_door_config config = mqtt_world_config();
    rules[TOWN] = (struct door_listener_rules){.mount = BYTES_LITERAL("town/")};
    rules[CITY] = (struct door_listener_rules){.mount = BYTES_LITERAL("city/")};
    config.listeners = rules;
    return mqtt_world_open(&config);
}

static struct mqtt_peer *come(struct mqtt_world *world, uint8_t listener, enum mqtt_version version,
                              const char *name) {
    world->listener = listener;
    return mqtt_peer_connect(world, version, name);
}

static void topics_get_a_front_and_lose_it(void **state) {
    (void)state;
    for (enum mqtt_version version = MQTT_3_1; version <= MQTT_5; version++) {
        struct mqtt_world *world = open_world();
        struct mqtt_peer *open = come(world, OPEN, version, "open");
        struct mqtt_peer *town = come(world, TOWN, version, "town");
        struct mqtt_peer *city = come(world, CITY, version, "city");
        mqtt_peer_subscribe(open, "#", 2);
        mqtt_peer_subscribe(town, "#", 2);
        mqtt_peer_subscribe(city, "a/+", 2);
        for (uint8_t qos = 0; qos <= 2; qos++) {
            mqtt_peer_publish(town, "a/b", "1", qos);
            mqtt_peer_take(town, "a/b", "1", qos);
            mqtt_peer_take(open, "town/a/b", "1", qos);
            mqtt_peer_publish(open, "city/a/c", "2", qos);
            mqtt_peer_take(city, "a/c", "2", qos);
            mqtt_peer_take(open, "city/a/c", "2", qos);
        }
        mqtt_peer_publish(open, "town", "3", 1); // which town/# names too
        mqtt_peer_publish(open, "town/$x", "4", 1);
        mqtt_peer_expect_nothing(town);
        mqtt_peer_expect_nothing(city);
        assert_int_equal(mqtt_world_counts(world)->dropped_outside, 2);
        mqtt_world_close(world);
    }
}

static void what_is_retained_has_one_too(void **state) {
    (void)state;
    struct mqtt_world *world = open_world();
    mqtt_peer_publish(come(world, TOWN, MQTT_5, "town"), "a", "1", MQTT_RETAIN);
    mqtt_peer_publish(come(world, OPEN, MQTT_5, "open"), "a", "2", MQTT_RETAIN);
    struct mqtt_peer *late = come(world, TOWN, MQTT_3_1_1, "late");
    mqtt_peer_subscribe(late, "#", 0);
    assert_true(mqtt_peer_take(late, "a", "1", 0)->publish.retain);
    mqtt_peer_expect_nothing(late);
    late = come(world, OPEN, MQTT_3_1_1, "later");
    mqtt_peer_subscribe(late, "town/a", 0);
    mqtt_peer_take(late, "town/a", "1", 0);
    mqtt_world_close(world);
}

static void a_will_has_one(void **state) {
    (void)state;
    struct mqtt_world *world = open_world();
    struct mqtt_peer *open = come(world, OPEN, MQTT_5, "open");
    mqtt_peer_subscribe(open, "#", 0);
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "town");
    connect.connect.has_will = true;
    connect.connect.will_topic = BYTES_LITERAL("gone");
    connect.connect.will_payload = BYTES_LITERAL("1");
    world->listener = TOWN;
    struct mqtt_peer *town = mqtt_peer_open_with(world, &connect);
    assert_int_equal(mqtt_peer_next(town)->reason, MQTT_SUCCESS);
    mqtt_peer_cut(town);
    mqtt_peer_take(open, "town/gone", "1", 0);
    connect.connect.will_topic = BYTES_LITERAL("$SYS/broker/uptime");
    mqtt_peer_expect_refused(mqtt_peer_open_with(world, &connect), MQTT_TOPIC_NAME_INVALID);
    mqtt_world_close(world);
}

static void members_of_a_group_have_one(void **state) {
    (void)state;
    struct mqtt_world *world = open_world();
    struct mqtt_peer *town = come(world, TOWN, MQTT_5, "town");
    struct mqtt_peer *open = come(world, OPEN, MQTT_5, "open");
    mqtt_peer_subscribe(town, "$share/g/a", 1);
    mqtt_peer_publish(open, "town/a", "1", 1);
    mqtt_peer_take(town, "a", "1", 1);
    assert_int_equal(mqtt_peer_unsubscribe(town, "$share/g/a"), MQTT_SUCCESS);
    assert_int_equal(mqtt_peer_unsubscribe(town, "$share/g/a"), MQTT_NO_SUBSCRIPTION_EXISTED);
    assert_int_equal(mqtt_peer_publish(open, "town/a", "2", 1), MQTT_NO_MATCHING_SUBSCRIBERS);
    assert_int_equal(mqtt_peer_try_subscribe(town, "$share/g", 1, 0), MQTT_TOPIC_FILTER_INVALID);
    mqtt_world_close(world);
}

static void ask(struct mqtt_peer *peer, const char *topic, struct bytes response) {
    struct mqtt_packet publish = mqtt_publish_packet(peer, topic, "ask", 1);
    publish.properties = (struct mqtt_properties){.present = MQTT_HAS(MQTT_RESPONSE_TOPIC) |
                                                             MQTT_HAS(MQTT_CORRELATION_DATA),
                                                  .response_topic = response,
                                                  .correlation_data = BYTES_LITERAL("7")};
    mqtt_peer_publish_packet(peer, &publish);
}

static void assert_asked(struct mqtt_peer *peer, const char *topic, const char *response) {
    const struct mqtt_packet *packet = mqtt_peer_take(peer, topic, "ask", 1);
    assert_bytes_equal(packet->properties.correlation_data, BYTES_LITERAL("7"));
    assert_int_equal(mqtt_properties_have(&packet->properties, MQTT_RESPONSE_TOPIC),
                     response != NULL);
    if (response != NULL) {
        assert_bytes_equal(packet->properties.response_topic, bytes_of_text(response));
    }
}

// So an answer finds its way, from wherever it comes.
static void a_response_topic_has_one(void **state) {
    (void)state;
    static uint8_t longest[UINT16_MAX];
    struct mqtt_world *world = open_world();
    struct mqtt_peer *town = come(world, TOWN, MQTT_5, "town");
    struct mqtt_peer *other = come(world, TOWN, MQTT_5, "other");
    struct mqtt_peer *city = come(world, CITY, MQTT_5, "city");
    struct mqtt_peer *open = come(world, OPEN, MQTT_5, "open");
    mqtt_peer_subscribe(other, "a", 1);
    mqtt_peer_subscribe(open, "town/a", 1);
    ask(town, "a", BYTES_LITERAL("answers"));
    assert_asked(other, "a", "answers");
    assert_asked(open, "town/a", "town/answers");
    mqtt_peer_subscribe(town, "answers", 1);
    mqtt_peer_publish(open, "town/answers", "yes", 1);
    mqtt_peer_take(town, "answers", "yes", 1);
    ask(open, "town/a", BYTES_LITERAL("town/b"));
    assert_asked(other, "a", "b");
    assert_asked(open, "town/a", "town/b");
    mqtt_peer_subscribe(city, "a", 1);
    ask(open, "city/a", BYTES_LITERAL("town/b")); // which it does not see
    assert_asked(city, "a", NULL);
    memset(longest, 'x', sizeof longest);
    ask(town, "a", bytes_make(longest, sizeof longest)); // with its mount point none can be so long
    assert_asked(other, "a", NULL);
    mqtt_world_close(world);
}

static void a_will_has_it_in_its_response_topic(void **state) {
    (void)state;
    struct mqtt_world *world = open_world();
    struct mqtt_peer *open = come(world, OPEN, MQTT_5, "open");
    mqtt_peer_subscribe(open, "#", 1);
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "town");
    connect.connect.has_will = true;
    connect.connect.will_qos = 1;
    connect.connect.will_topic = BYTES_LITERAL("gone");
    connect.connect.will_payload = BYTES_LITERAL("ask");
    connect.connect.will_properties = (struct mqtt_properties){
        .present = MQTT_HAS(MQTT_RESPONSE_TOPIC) | MQTT_HAS(MQTT_CORRELATION_DATA),
        .response_topic = BYTES_LITERAL("answers"),
        .correlation_data = BYTES_LITERAL("7")};
    world->listener = TOWN;
    struct mqtt_peer *town = mqtt_peer_open_with(world, &connect);
    assert_int_equal(mqtt_peer_next(town)->reason, MQTT_SUCCESS);
    mqtt_peer_cut(town);
    assert_asked(open, "town/gone", "town/answers");
    mqtt_world_close(world);
}

// They are the broker's, and are in front of all mount points.
static void topics_of_the_broker_are_not_there(void **state) {
    (void)state;
    struct mqtt_world *world = open_world();
    struct mqtt_peer *town = come(world, TOWN, MQTT_5, "town");
    mqtt_peer_subscribe(town, "$SYS/#", 0);
    mqtt_peer_expect_nothing(town);
    assert_int_equal(mqtt_peer_publish(town, "$SYS/x", "1", 1), MQTT_TOPIC_NAME_INVALID);
    assert_int_equal(mqtt_world_counts(world)->refused_messages, 1);
    mqtt_world_close(world);
}

static void a_session_elsewhere_shows_nothing_of_the_other(void **state) {
    (void)state;
    struct mqtt_world *world = open_world();
    world->listener = TOWN;
    struct mqtt_peer *peer = mqtt_peer_resume(world, MQTT_5, "roams");
    mqtt_peer_subscribe(peer, "a", 1);
    mqtt_peer_cut(peer);
    struct mqtt_peer *open = come(world, OPEN, MQTT_5, "open");
    mqtt_peer_publish(open, "town/a", "1", 1);
    world->listener = CITY;
    peer = mqtt_peer_resume(world, MQTT_5, "roams");
    (void)mqtt_peer_next(peer); // CONNACK
    mqtt_peer_publish(open, "town/a", "2", 1);
    mqtt_peer_expect_nothing(peer);
    assert_int_equal(mqtt_world_counts(world)->dropped_outside, 2);
    mqtt_peer_cut(peer);
    world->listener = TOWN;
    peer = mqtt_peer_resume(world, MQTT_5, "roams");
    mqtt_peer_publish(open, "town/a", "3", 1);
    mqtt_peer_take(peer, "a", "3", 1);
    mqtt_world_close(world);
}

// Aliases of either side are those of the topics that the client knows.
static void aliases_mean_short_topics(void **state) {
    (void)state;
    struct mqtt_world *world = open_world();
    struct mqtt_peer *open = come(world, OPEN, MQTT_5, "open");
    mqtt_peer_subscribe(open, "#", 0);
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "town");
    connect.properties.present = MQTT_HAS(MQTT_TOPIC_ALIAS_MAXIMUM);
    connect.properties.topic_alias_maximum = 5;
    world->listener = TOWN;
    struct mqtt_peer *town = mqtt_peer_connect_with(world, &connect);
    (void)mqtt_peer_next(town);
    mqtt_peer_subscribe(town, "+", 0);
    struct mqtt_packet publish = mqtt_publish_packet(town, "a", "1", 0);
    publish.properties.present = MQTT_HAS(MQTT_TOPIC_ALIAS);
    publish.properties.topic_alias = 1;
    mqtt_peer_send(town, &publish);
    mqtt_peer_take(open, "town/a", "1", 0);
    publish.publish.topic = BYTES_LITERAL("");
    mqtt_peer_send(town, &publish);
    mqtt_peer_take(open, "town/a", "1", 0);
    const struct mqtt_packet *first = mqtt_peer_expect(town, MQTT_PUBLISH);
    assert_bytes_equal(first->publish.topic, BYTES_LITERAL("a"));
    const struct mqtt_packet *second = mqtt_peer_expect(town, MQTT_PUBLISH);
    assert_int_equal(second->publish.topic.size, 0);
    assert_int_equal(second->properties.topic_alias, first->properties.topic_alias);
    mqtt_world_close(world);
}

static void too_long_with_its_front_is_refused(void **state) {
    (void)state;
    static char topic[65536];
    struct mqtt_world *world = open_world();
    struct mqtt_peer *town = come(world, TOWN, MQTT_5, "town");
    memset(topic, 'x', 65531);
    assert_int_equal(mqtt_peer_publish(town, topic, "1", 1), MQTT_TOPIC_NAME_INVALID);
    assert_int_equal(mqtt_peer_try_subscribe(town, topic, 0, 0), MQTT_TOPIC_FILTER_INVALID);
    topic[65530] = '\0';
    assert_int_equal(mqtt_peer_publish(town, topic, "1", 1), MQTT_NO_MATCHING_SUBSCRIBERS);
    assert_int_equal(mqtt_peer_try_subscribe(town, topic, 0, 0), 0);
    assert_int_equal(mqtt_peer_try_subscribe(come(world, TOWN, MQTT_3_1_1, "old"), topic, 0, 0), 0);
    mqtt_world_close(world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(topics_get_a_front_and_lose_it),
        cmocka_unit_test(what_is_retained_has_one_too),
        cmocka_unit_test(a_will_has_one),
        cmocka_unit_test(members_of_a_group_have_one),
        cmocka_unit_test(a_response_topic_has_one),
        cmocka_unit_test(a_will_has_it_in_its_response_topic),
        cmocka_unit_test(topics_of_the_broker_are_not_there),
        cmocka_unit_test(a_session_elsewhere_shows_nothing_of_the_other),
        cmocka_unit_test(aliases_mean_short_topics),
        cmocka_unit_test(too_long_with_its_front_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
