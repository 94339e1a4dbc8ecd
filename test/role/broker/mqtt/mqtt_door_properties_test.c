// What a message bears in 5.0: expiry, format, response topic, user properties, topic aliases.
#include "role/mqtt_peer.h"

#include <stdio.h>
#include <stdlib.h>

struct pair {
    struct mqtt_world *world;
    struct mqtt_peer *from;
    struct mqtt_peer *to; // subscribed to everything with QoS 1
};

static struct pair open_pair(void) {
    struct pair pair = {.world = mqtt_world_open(NULL)};
    pair.from = mqtt_peer_connect(pair.world, MQTT_5, "from");
    pair.to = mqtt_peer_resume(pair.world, MQTT_5, "to");
    mqtt_peer_next(pair.to);
    mqtt_peer_subscribe(pair.to, "#", 1);
    return pair;
}

// [MQTT-3.3.2-4] [MQTT-3.3.2-15] [MQTT-3.3.2-16] [MQTT-3.3.2-20] [MQTT-3.3.2-17] [MQTT-3.3.2-18]
static void properties_are_passed_on_as_they_came(void **state) {
    (void)state;
    struct pair pair = open_pair();
    uint8_t more[60];
    uint8_t *end = more;
    const char *values[] = {"1", "", "3", "1"};
    const char *names[] = {"b", "a", "b", "b"};
    for (unsigned i = 0; i < 4; i++) {
        end = mqtt_user_property_write(end, bytes_of_text(names[i]), bytes_of_text(values[i]));
    }
    struct mqtt_packet publish = mqtt_publish_packet(pair.from, "a", "value", 1);
    publish.properties = (struct mqtt_properties){
        .present = MQTT_HAS(MQTT_PAYLOAD_FORMAT) | MQTT_HAS(MQTT_CONTENT_TYPE) |
                   MQTT_HAS(MQTT_RESPONSE_TOPIC) | MQTT_HAS(MQTT_CORRELATION_DATA),
        .payload_format = 1,
        .content_type = BYTES_LITERAL("text/plain"),
        .response_topic = BYTES_LITERAL("answers/1"),
        .correlation_data = BYTES_LITERAL("\0\xff"),
        .more = bytes_make(more, (size_t)(end - more))};
    mqtt_peer_publish_packet(pair.from, &publish);
    const struct mqtt_packet *packet = mqtt_peer_take(pair.to, "a", "value", 1);
    assert_int_equal(packet->properties.present & ~MQTT_HAS(MQTT_USER_PROPERTY),
                     publish.properties.present);
    assert_int_equal(packet->properties.payload_format, 1);
    assert_bytes_equal(packet->properties.content_type, publish.properties.content_type);
    assert_bytes_equal(packet->properties.response_topic, publish.properties.response_topic);
    assert_bytes_equal(packet->properties.correlation_data, publish.properties.correlation_data);
    for (unsigned i = 0; i < 4; i++) {
        assert_string_equal(mqtt_peer_user_property(packet, i, false), names[i]);
        assert_string_equal(mqtt_peer_user_property(packet, i, true), values[i]);
    }
    assert_string_equal(mqtt_peer_user_property(packet, 4, false), "");
    mqtt_world_close(pair.world);
}

static void clients_of_other_versions_get_the_message_without_properties(void **state) {
    (void)state;
    struct pair pair = open_pair();
    struct mqtt_peer *old = mqtt_peer_connect(pair.world, MQTT_3_1_1, "old");
    mqtt_peer_subscribe(old, "a", 0);
    struct mqtt_packet publish = mqtt_publish_packet(pair.from, "a", "value", 1);
    publish.properties.present = MQTT_HAS(MQTT_CONTENT_TYPE);
    publish.properties.content_type = BYTES_LITERAL("text/plain");
    mqtt_peer_publish_packet(pair.from, &publish);
    mqtt_peer_take(old, "a", "value", 0);
    mqtt_peer_publish(old, "b", "plain", 1);
    mqtt_peer_take(pair.to, "a", "value", 1);
    assert_int_equal(mqtt_peer_take(pair.to, "b", "plain", 1)->properties.present, 0);
    mqtt_world_close(pair.world);
}

static void publish_for(struct pair *pair, const char *value, uint32_t seconds) {
    struct mqtt_packet publish = mqtt_publish_packet(pair->from, "a", value, 1);
    publish.properties.present = MQTT_HAS(MQTT_MESSAGE_EXPIRY);
    publish.properties.message_expiry = seconds;
    mqtt_peer_publish_packet(pair->from, &publish);
}

// [MQTT-3.3.2-5] [MQTT-3.3.2-6]
static void messages_expire_while_they_wait(void **state) {
    (void)state;
    struct pair pair = open_pair();
    publish_for(&pair, "at once", 7);
    assert_int_equal(mqtt_peer_take(pair.to, "a", "at once", 1)->properties.message_expiry, 7);
    mqtt_peer_cut(pair.to);
    publish_for(&pair, "short", 10);
    publish_for(&pair, "long", 100);
    publish_for(&pair, "very long", UINT32_MAX);
    mqtt_world_wait(pair.world, 30 * ROLE_SECOND);
    pair.to = mqtt_peer_resume(pair.world, MQTT_5, "to");
    assert_int_equal(mqtt_peer_take(pair.to, "a", "long", 1)->properties.message_expiry, 70);
    assert_int_equal(mqtt_peer_take(pair.to, "a", "very long", 1)->properties.message_expiry,
                     UINT32_MAX - 30);
    mqtt_peer_next(pair.to);
    mqtt_peer_expect_nothing(pair.to);
    assert_int_equal(mqtt_world_counts(pair.world)->dropped_expired, 1);
    mqtt_world_close(pair.world);
}

// [MQTT-4.3.3-7] [MQTT-4.3.3-13]
static void a_qos_2_message_that_was_sent_does_not_expire(void **state) {
    (void)state;
    struct pair pair = open_pair();
    mqtt_peer_subscribe(pair.to, "#", 2);
    struct mqtt_packet publish = mqtt_publish_packet(pair.from, "a", "1", 2);
    publish.properties.present = MQTT_HAS(MQTT_MESSAGE_EXPIRY);
    publish.properties.message_expiry = 10;
    mqtt_peer_publish_packet(pair.from, &publish);
    mqtt_peer_expect_publish(pair.to, "a", "1");
    mqtt_peer_cut(pair.to);
    mqtt_world_wait(pair.world, 30 * ROLE_SECOND);
    pair.to = mqtt_peer_resume(pair.world, MQTT_5, "to");
    assert_true(mqtt_peer_take(pair.to, "a", "1", 2)->publish.dup);
    mqtt_world_close(pair.world);
}

// ---- topic aliases ----------------------------------------------------------------------------

static void publish_alias(struct mqtt_peer *peer, const char *topic, uint16_t alias) {
    struct mqtt_packet publish = mqtt_publish_packet(peer, topic, "1", 0);
    publish.properties.present = MQTT_HAS(MQTT_TOPIC_ALIAS);
    publish.properties.topic_alias = alias;
    mqtt_peer_send(peer, &publish);
}

// [MQTT-3.3.2-12]
static void aliases_of_the_client_stand_for_topics(void **state) {
    (void)state;
    struct pair pair = open_pair();
    for (uint16_t alias = 1; alias <= 8; alias++) { // all that it allows
        publish_alias(pair.from, alias == 1 ? "one" : "other", alias);
        mqtt_peer_take(pair.to, alias == 1 ? "one" : "other", "1", 0);
    }
    publish_alias(pair.from, "", 1);
    const struct mqtt_packet *packet = mqtt_peer_take(pair.to, "one", "1", 0);
    assert_false(mqtt_properties_have(&packet->properties, MQTT_TOPIC_ALIAS));
    publish_alias(pair.from, "new", 1);
    mqtt_peer_take(pair.to, "new", "1", 0);
    publish_alias(pair.from, "", 1);
    mqtt_peer_take(pair.to, "new", "1", 0);
    publish_alias(pair.from, "", 2);
    mqtt_peer_take(pair.to, "other", "1", 0);
    mqtt_world_close(pair.world);
}

// [MQTT-3.3.2-7] [MQTT-3.3.2-8] [MQTT-3.3.2-9] [MQTT-3.2.2-17]
static void aliases_that_are_unknown_or_over_the_limit_are_errors(void **state) {
    (void)state;
    struct pair pair = open_pair();
    publish_alias(pair.from, "one", 9);
    mqtt_peer_expect_closed(pair.from, MQTT_TOPIC_ALIAS_INVALID);
    pair.from = mqtt_peer_resume(pair.world, MQTT_5, "from");
    mqtt_peer_next(pair.from);
    publish_alias(pair.from, "one", 0);
    mqtt_peer_expect_closed(pair.from, MQTT_TOPIC_ALIAS_INVALID);
    pair.from = mqtt_peer_resume(pair.world, MQTT_5, "from");
    mqtt_peer_next(pair.from);
    publish_alias(pair.from, "one", 3);
    mqtt_peer_take(pair.to, "one", "1", 0);
    mqtt_peer_cut(pair.from);
    pair.from = mqtt_peer_resume(pair.world, MQTT_5, "from");
    assert_true(mqtt_peer_next(pair.from)->session_present);
    publish_alias(pair.from, "", 3);
    assert_true(mqtt_peer_expect(pair.from, MQTT_DISCONNECT)->reason >= 0x80);
    assert_true(mqtt_peer_is_closed(pair.from));
    mqtt_peer_expect_nothing(pair.to);
    mqtt_world_close(pair.world);
}

static struct mqtt_peer *connect_with_aliases(struct mqtt_world *world, uint16_t maximum) {
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "to");
    connect.connect.clean_start = false;
    connect.properties.present = MQTT_HAS(MQTT_TOPIC_ALIAS_MAXIMUM) | MQTT_HAS(MQTT_SESSION_EXPIRY);
    connect.properties.topic_alias_maximum = maximum;
    connect.properties.session_expiry = 100;
    struct mqtt_peer *peer = mqtt_peer_connect_with(world, &connect);
    mqtt_peer_next(peer);
    mqtt_peer_subscribe(peer, "#", 1);
    return peer;
}

// Reads PUBLISH packets as a client has to, and says whether aliases ever stood for topics.
static bool read_aliases(struct mqtt_peer *peer, unsigned count, uint16_t maximum) {
    char topics[20][12] = {{0}};
    char expected[12];
    bool is_used = false;
    for (unsigned i = 0; i < count; i++) {
        const struct mqtt_packet *packet = mqtt_peer_expect(peer, MQTT_PUBLISH);
        uint16_t alias = packet->properties.topic_alias;
        struct bytes topic = packet->publish.topic;
        assert_true(alias <= maximum && alias < 20);
        assert_int_equal(alias > 0, mqtt_properties_have(&packet->properties, MQTT_TOPIC_ALIAS));
        if (topic.size == 0) {
            assert_true(alias > 0);
            topic = bytes_of_text(topics[alias]);
            is_used = true;
        } else if (alias > 0) {
            snprintf(topics[alias], sizeof *topics, "%.*s", (int)topic.size, topic.data);
        }
        snprintf(expected, sizeof expected, "t%u", i % 5);
        assert_bytes_equal(topic, bytes_of_text(expected));
    }
    return is_used;
}

// [MQTT-3.1.2-26] [MQTT-3.1.2-27] [MQTT-3.3.2-11] [MQTT-3.3.2-7]
static void aliases_of_the_server_keep_to_what_the_client_allows(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    const uint16_t maxima[] = {0, 1, 3, 19};
    for (unsigned m = 0; m < 4; m++) {
        struct mqtt_peer *to = connect_with_aliases(world, maxima[m]);
        for (unsigned i = 0; i < 15; i++) {
            char topic[12];
            snprintf(topic, sizeof topic, "t%u", i % 5);
            mqtt_peer_publish(from, topic, "1", 0);
        }
        assert_int_equal(read_aliases(to, 15, maxima[m]), maxima[m] > 0);
        mqtt_peer_cut(to);
    }
    mqtt_world_close(world);
}

static void what_waited_over_connections_has_its_topic(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    struct mqtt_peer *to = connect_with_aliases(world, 3);
    mqtt_peer_publish(from, "a", "1", 1);
    mqtt_peer_publish(from, "a", "2", 1);
    mqtt_peer_expect(to, MQTT_PUBLISH);
    mqtt_peer_expect(to, MQTT_PUBLISH);
    mqtt_peer_cut(to);
    to = mqtt_peer_resume(world, MQTT_5, "to");
    mqtt_peer_take(to, "a", "1", 1);
    mqtt_peer_take(to, "a", "2", 1);
    mqtt_world_close(world);
}

// ---- what the sizes of packets allow ----------------------------------------------------------

// [MQTT-3.1.2-24] [MQTT-3.1.2-25]
static void what_is_too_large_for_a_client_is_dropped(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "small");
    connect.properties.present = MQTT_HAS(MQTT_MAXIMUM_PACKET_SIZE);
    connect.properties.maximum_packet_size = 40;
    struct mqtt_peer *small = mqtt_peer_connect_with(world, &connect);
    struct mqtt_peer *large = mqtt_peer_connect(world, MQTT_5, "large");
    mqtt_peer_subscribe(small, "a", 1);
    mqtt_peer_subscribe(large, "a", 1);
    const char *fits = "123456789 123456789 123456789 12"; // 2 + 3 + 2 + 1 + 32 bytes
    const char *exceeds = "123456789 123456789 123456789 123";
    for (unsigned i = 0; i < 30; i++) {
        mqtt_peer_publish(large, "a", exceeds, 1);
        mqtt_peer_take(large, "a", exceeds, 1);
    }
    mqtt_peer_publish(large, "a", fits, 1);
    mqtt_peer_take(small, "a", fits, 1);
    assert_int_equal(mqtt_world_counts(world)->dropped_too_large, 30);
    assert_false(mqtt_peer_is_closed(small));
    mqtt_world_close(world);
}

// Up to the last byte, whether the client takes topic aliases or not. An alias that does not fit is
// left out; one that the client knows is used only where the packet fits with it.
//
// [MQTT-3.1.2-24]
static void what_fits_exactly_is_sent(void **state) {
    (void)state;
    enum { MAXIMUM = 99, BESIDE = 2 + 2 + 1 + 2 + 1 + 2 };
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    for (uint16_t aliases = 0; aliases <= 2; aliases++) {
        struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "exact");
        connect.properties.present =
            MQTT_HAS(MQTT_MAXIMUM_PACKET_SIZE) | MQTT_HAS(MQTT_TOPIC_ALIAS_MAXIMUM);
        connect.properties.maximum_packet_size = MAXIMUM;
        connect.properties.topic_alias_maximum = aliases;
        struct mqtt_peer *to = mqtt_peer_connect_with(world, &connect);
        mqtt_peer_next(to);
        to->maximum_packet = MAXIMUM;
        assert_int_equal(mqtt_peer_try_subscribe(to, "+", 1, 1), 1);
        for (unsigned size = MAXIMUM - 3; size <= MAXIMUM + 1; size++) {
            char value[MAXIMUM + 1] = "";
            memset(value, 'x', size - BESIDE);
            mqtt_peer_publish(from, "a", value, 1);
            mqtt_peer_publish(from, "b", value, 1);
        }
        for (unsigned i = 0; i < 8; i++) {
            const struct mqtt_packet *packet = mqtt_peer_expect(to, MQTT_PUBLISH);
            assert_int_equal(packet->publish.payload.size, MAXIMUM - 3 + i / 2 - BESIDE);
            mqtt_peer_send_short(to, MQTT_PUBACK, packet->publish.packet_id, 0);
        }
        mqtt_peer_expect_nothing(to);
    }
    assert_int_equal(mqtt_world_counts(world)->dropped_too_large, 6);
    mqtt_world_close(world);
}

static size_t size_of(const struct mqtt_packet *packet) {
    return mqtt_encoded_size(packet, MQTT_5);
}

// [MQTT-3.2.2-19] [MQTT-3.4.2-2] [MQTT-3.5.2-2] [MQTT-3.9.2-1] [MQTT-3.11.2-1] [MQTT-3.14.2-3]
static void reason_strings_make_no_packet_too_large(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "small");
    connect.properties.present = MQTT_HAS(MQTT_MAXIMUM_PACKET_SIZE);
    connect.properties.maximum_packet_size = 36; // room for CONNACK with the limits
    struct mqtt_peer *small = mqtt_peer_connect_with(world, &connect);
    assert_true(size_of(mqtt_peer_next(small)) <= 36);
    mqtt_peer_try_subscribe(small, "a#", 0, 0);
    mqtt_peer_publish(small, "a", "1", 1);
    mqtt_peer_publish(small, "a", "1", 2);
    mqtt_peer_unsubscribe(small, "a");
    mqtt_peer_send_short(small, MQTT_PUBREL, 99, 0);
    mqtt_peer_send_bytes(small, "\xff\x00", 2);
    assert_true(mqtt_peer_is_closed(small));
    mqtt_world_close(world);
}

static void expect_no_reason_string(const struct mqtt_packet *packet) {
    assert_false(mqtt_properties_have(&packet->properties, MQTT_REASON_STRING));
    assert_false(mqtt_properties_have(&packet->properties, MQTT_USER_PROPERTY));
}

// [MQTT-3.1.2-29]
static void problem_information_is_for_those_who_want_it(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "quiet");
    connect.properties.present = MQTT_HAS(MQTT_REQUEST_PROBLEM_INFORMATION);
    struct mqtt_peer *peer = mqtt_peer_connect_with(world, &connect);
    uint8_t run[20];
    uint8_t *end = mqtt_filter_write(MQTT_SUBSCRIBE, run, BYTES_LITERAL("a#"), 0);
    struct mqtt_packet subscribe = {
        .type = MQTT_SUBSCRIBE,
        .packet_id = 1,
        .filters = {.run = bytes_make(run, (size_t)(end - run)), .count = 1}};
    mqtt_peer_send(peer, &subscribe);
    expect_no_reason_string(mqtt_peer_expect(peer, MQTT_SUBACK));
    mqtt_peer_send_short(peer, MQTT_PUBREL, 99, 0);
    expect_no_reason_string(mqtt_peer_expect(peer, MQTT_PUBCOMP));
    mqtt_peer_send_short(peer, MQTT_PUBREC, 99, 0);
    expect_no_reason_string(mqtt_peer_expect(peer, MQTT_PUBREL));
    struct mqtt_packet publish = mqtt_publish_packet(peer, "a", "1", 1);
    mqtt_peer_send(peer, &publish);
    expect_no_reason_string(mqtt_peer_expect(peer, MQTT_PUBACK));
    mqtt_peer_send_bytes(peer, "\xff\x00", 2);
    expect_no_reason_string(mqtt_peer_expect(peer, MQTT_DISCONNECT));
    connect.properties.request_problem_information = 1;
    peer = mqtt_peer_connect_with(world, &connect);
    mqtt_peer_send_bytes(peer, "\xff\x00", 2);
    const struct mqtt_packet *packet = mqtt_peer_expect(peer, MQTT_DISCONNECT);
    assert_true(mqtt_properties_have(&packet->properties, MQTT_REASON_STRING));
    mqtt_world_close(world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(properties_are_passed_on_as_they_came),
        cmocka_unit_test(clients_of_other_versions_get_the_message_without_properties),
        cmocka_unit_test(messages_expire_while_they_wait),
        cmocka_unit_test(a_qos_2_message_that_was_sent_does_not_expire),
        cmocka_unit_test(aliases_of_the_client_stand_for_topics),
        cmocka_unit_test(aliases_that_are_unknown_or_over_the_limit_are_errors),
        cmocka_unit_test(aliases_of_the_server_keep_to_what_the_client_allows),
        cmocka_unit_test(what_waited_over_connections_has_its_topic),
        cmocka_unit_test(what_is_too_large_for_a_client_is_dropped),
        cmocka_unit_test(what_fits_exactly_is_sent),
        cmocka_unit_test(reason_strings_make_no_packet_too_large),
        cmocka_unit_test(problem_information_is_for_those_who_want_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
