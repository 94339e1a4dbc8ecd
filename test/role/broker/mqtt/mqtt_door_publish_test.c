// PUBLISH in and out with QoS 0, 1 and 2: acknowledgements, order, duplicates, receive maximum.
#include "role/mqtt_peer.h"

#include <stdio.h>

static const enum mqtt_version versions[] = {MQTT_3_1, MQTT_3_1_1, MQTT_5};
#define VERSIONS 3

// [MQTT-4.3.1-1] [MQTT3-4.3.1-1] [MQTT-3.3.1-2] [MQTT3-3.3.1-2] [MQTT-2.2.1-2] [MQTT3-2.3.1-5]
// [MQTT-3.3.2-1] [MQTT3-3.3.2-1] [MQTT-2.2.2-1]
static void qos_0_goes_through_once_and_unanswered(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    for (unsigned i = 0; i < VERSIONS; i++) {
        struct mqtt_peer *from = mqtt_peer_connect(world, versions[i], "from");
        for (unsigned j = 0; j < VERSIONS; j++) {
            struct mqtt_peer *to = mqtt_peer_connect(world, versions[j], "to");
            mqtt_peer_subscribe(to, "a/b", 2);
            mqtt_peer_publish(from, "a/b", "value", 0);
            const struct mqtt_packet *packet = mqtt_peer_take(to, "a/b", "value", 0);
            assert_false(packet->publish.dup);
            assert_false(packet->publish.retain);
            mqtt_peer_expect_nothing(to);
        }
        mqtt_peer_expect_nothing(from);
    }
    assert_int_equal(mqtt_world_counts(world)->messages_received, 9);
    assert_int_equal(mqtt_world_counts(world)->messages_sent, 9);
    mqtt_world_close(world);
}

// [MQTT-4.3.2-4] [MQTT3-4.3.2-2] [MQTT-2.2.1-5] [MQTT3-2.3.1-6] [MQTT-3.3.4-1] [MQTT3-3.3.4-1]
// [MQTT-3.4.2-1]
static void qos_1_is_answered_by_puback(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    for (unsigned i = 0; i < VERSIONS; i++) {
        struct mqtt_peer *from = mqtt_peer_connect(world, versions[i], "from");
        struct mqtt_packet publish = mqtt_publish_packet(from, "a", "1", 1);
        publish.publish.packet_id = 0xfffe;
        mqtt_peer_send(from, &publish);
        const struct mqtt_packet *answer = mqtt_peer_next(from);
        assert_int_equal(answer->type, MQTT_PUBACK);
        assert_int_equal(answer->packet_id, 0xfffe);
        assert_true(answer->reason == 0 || answer->reason == MQTT_NO_MATCHING_SUBSCRIBERS);
        mqtt_peer_expect_nothing(from);
    }
    mqtt_world_close(world);
}

// [MQTT-4.3.2-5] [MQTT3-4.3.2-2] [MQTT-3.3.1-3] [MQTT3-3.3.1-3]
static void qos_1_with_dup_is_a_new_message_and_dup_is_not_passed_on(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    struct mqtt_peer *to = mqtt_peer_connect(world, MQTT_5, "to");
    mqtt_peer_subscribe(to, "a", 1);
    for (int i = 0; i < 2; i++) {
        struct mqtt_packet publish = mqtt_publish_packet(from, "a", "1", 1);
        publish.publish.packet_id = 5;
        publish.publish.dup = i == 1;
        mqtt_peer_publish_packet(from, &publish);
        assert_false(mqtt_peer_take(to, "a", "1", 1)->publish.dup);
    }
    mqtt_peer_expect_nothing(to);
    mqtt_world_close(world);
}

// [MQTT-4.3.3-8] [MQTT-4.3.3-10] [MQTT-4.3.3-11] [MQTT-4.3.3-12] [MQTT3-4.3.3-2] [MQTT-3.5.2-1]
// [MQTT-3.7.2-1]
static void qos_2_is_passed_on_once(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    for (unsigned i = 0; i < VERSIONS; i++) {
        struct mqtt_peer *from = mqtt_peer_connect(world, versions[i], "from");
        struct mqtt_peer *to = mqtt_peer_connect(world, MQTT_5, "to");
        mqtt_peer_subscribe(to, "a", 2);
        struct mqtt_packet publish = mqtt_publish_packet(from, "a", "1", 2);
        for (int repeated = 0; repeated < 3; repeated++) {
            mqtt_peer_send(from, &publish);
            const struct mqtt_packet *answer = mqtt_peer_next(from);
            assert_int_equal(answer->type, MQTT_PUBREC);
            assert_int_equal(answer->packet_id, publish.publish.packet_id);
            assert_true(answer->reason < 0x80);
            publish.publish.dup = true;
        }
        mqtt_peer_send_short(from, MQTT_PUBREL, publish.publish.packet_id, 0);
        const struct mqtt_packet *end = mqtt_peer_next(from);
        assert_int_equal(end->type, MQTT_PUBCOMP);
        assert_int_equal(end->packet_id, publish.publish.packet_id);
        mqtt_peer_take(to, "a", "1", 2);
        mqtt_peer_expect_nothing(to);
        mqtt_peer_publish_packet(from, &publish);
        mqtt_peer_take(to, "a", "1", 2);
        mqtt_peer_expect_nothing(to);
    }
    mqtt_world_close(world);
}

// [MQTT-3.7.2-1]
static void an_unknown_pubrel_is_answered_too(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    for (unsigned i = 0; i < VERSIONS; i++) {
        struct mqtt_peer *peer = mqtt_peer_connect(world, versions[i], "from");
        mqtt_peer_send_short(peer, MQTT_PUBREL, 77, 0);
        const struct mqtt_packet *answer = mqtt_peer_next(peer);
        assert_int_equal(answer->type, MQTT_PUBCOMP);
        assert_int_equal(answer->packet_id, 77);
        assert_int_equal(answer->reason,
                         versions[i] == MQTT_5 ? MQTT_PACKET_IDENTIFIER_NOT_FOUND : 0);
        assert_false(mqtt_peer_is_closed(peer));
    }
    mqtt_world_close(world);
}

// [MQTT-3.6.2-1]
static void acknowledgements_of_nothing_do_no_harm(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    for (unsigned i = 0; i < VERSIONS; i++) {
        struct mqtt_peer *peer = mqtt_peer_connect(world, versions[i], "from");
        mqtt_peer_send_short(peer, MQTT_PUBACK, 77, 0);
        mqtt_peer_send_short(peer, MQTT_PUBCOMP, 77, 0);
        mqtt_peer_expect_nothing(peer);
        mqtt_peer_send_short(peer, MQTT_PUBREC, 77, 0);
        const struct mqtt_packet *answer = mqtt_peer_next(peer);
        assert_int_equal(answer->type, MQTT_PUBREL);
        assert_int_equal(answer->reason,
                         versions[i] == MQTT_5 ? MQTT_PACKET_IDENTIFIER_NOT_FOUND : 0);
        mqtt_peer_send_short(peer, MQTT_PINGREQ, 0, 0);
        mqtt_peer_expect(peer, MQTT_PINGRESP);
    }
    mqtt_world_close(world);
}

// [MQTT-4.3.2-1] [MQTT-4.3.2-2] [MQTT3-4.3.2-1] [MQTT-4.3.3-1] [MQTT-4.3.3-2] [MQTT-4.3.3-4]
// [MQTT3-4.3.3-1] [MQTT-2.2.1-4] [MQTT3-2.3.1-4] [MQTT-4.9.0-1]
static void messages_on_their_way_have_identifiers_of_their_own(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    for (unsigned i = 0; i < VERSIONS; i++) {
        struct mqtt_peer *to = mqtt_peer_connect(world, versions[i], "to");
        uint16_t ids[8];
        mqtt_peer_subscribe(to, "a", 2);
        for (unsigned n = 0; n < 8; n++) {
            mqtt_peer_publish(from, "a", "1", 1 + n % 2);
            const struct mqtt_packet *packet = mqtt_peer_expect_publish(to, "a", "1");
            assert_int_equal(packet->publish.qos, 1 + n % 2);
            assert_false(packet->publish.dup);
            ids[n] = packet->publish.packet_id;
            assert_int_not_equal(ids[n], 0);
            for (unsigned other = 0; other < n; other++) {
                assert_int_not_equal(ids[n], ids[other]);
            }
        }
        for (unsigned n = 0; n < 8; n++) {
            mqtt_peer_send_short(to, n % 2 == 0 ? MQTT_PUBACK : MQTT_PUBREC, ids[n], 0);
            if (n % 2 == 1) {
                assert_int_equal(mqtt_peer_next(to)->packet_id, ids[n]);
                mqtt_peer_send_short(to, MQTT_PUBCOMP, ids[n], 0);
            }
        }
        mqtt_peer_expect_nothing(to);
    }
    mqtt_world_close(world);
}

// [MQTT-2.2.1-4] [MQTT3-2.3.1-4] [MQTT-4.3.2-1]
static void identifiers_are_used_again_but_not_those_on_their_way(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    struct mqtt_peer *to = mqtt_peer_connect(world, MQTT_3_1_1, "to");
    mqtt_peer_subscribe(to, "a", 1);
    uint16_t kept = 0;
    for (unsigned n = 0; n < 66000; n++) {
        mqtt_peer_publish(from, "a", "1", 1);
        uint16_t packet_id = mqtt_peer_expect_publish(to, "a", "1")->publish.packet_id;
        assert_int_not_equal(packet_id, kept);
        assert_int_not_equal(packet_id, 0);
        if (n % 50 > 0) {
            mqtt_peer_send_short(to, MQTT_PUBACK, packet_id, 0);
        } else {
            if (kept > 0) {
                mqtt_peer_send_short(to, MQTT_PUBACK, kept, 0);
            }
            kept = packet_id;
        }
    }
    mqtt_world_close(world);
}

// [MQTT-3.8.4-8] [MQTT3-3.8.4-6]
static void the_lower_qos_counts(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    for (unsigned i = 0; i < VERSIONS; i++) {
        for (uint8_t granted = 0; granted <= 2; granted++) {
            struct mqtt_peer *to = mqtt_peer_connect(world, versions[i], "to");
            mqtt_peer_subscribe(to, "+", granted);
            for (uint8_t qos = 0; qos <= 2; qos++) {
                mqtt_peer_publish(from, "a", "1", qos);
                mqtt_peer_take(to, "a", "1", qos < granted ? qos : granted);
            }
        }
    }
    mqtt_world_close(world);
}

static void publish_number(struct mqtt_peer *peer, unsigned number, uint8_t qos) {
    char text[12];
    snprintf(text, sizeof text, "%u", number);
    mqtt_peer_publish(peer, "n", text, qos);
}

static const struct mqtt_packet *expect_number(struct mqtt_peer *peer, unsigned number) {
    char text[12];
    snprintf(text, sizeof text, "%u", number);
    return mqtt_peer_expect_publish(peer, "n", text);
}

// [MQTT-4.6.0-5] [MQTT-4.6.0-6] [MQTT3-4.6.0-5] [MQTT3-4.6.0-6]
static void messages_keep_their_order(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    for (unsigned i = 0; i < VERSIONS; i++) {
        struct mqtt_peer *to = mqtt_peer_connect(world, versions[i], "to");
        mqtt_peer_subscribe(to, "#", 2);
        for (uint8_t qos = 0; qos <= 2; qos++) {
            for (unsigned n = 0; n < 10; n++) {
                publish_number(from, n, qos);
            }
            for (unsigned n = 0; n < 10; n++) {
                uint16_t packet_id = expect_number(to, n)->publish.packet_id;
                if (qos == 1) {
                    mqtt_peer_send_short(to, MQTT_PUBACK, packet_id, 0);
                } else if (qos == 2) {
                    mqtt_peer_send_short(to, MQTT_PUBREC, packet_id, 0);
                    mqtt_peer_send_short(to, MQTT_PUBCOMP, packet_id, 0);
                    mqtt_peer_expect(to, MQTT_PUBREL);
                }
            }
        }
    }
    mqtt_world_close(world);
}

static struct mqtt_peer *connect_with_receive_maximum(struct mqtt_world *world, uint16_t maximum) {
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "narrow");
    connect.properties.present = MQTT_HAS(MQTT_RECEIVE_MAXIMUM);
    connect.properties.receive_maximum = maximum;
    struct mqtt_peer *peer = mqtt_peer_connect_with(world, &connect);
    mqtt_peer_next(peer);
    return peer;
}

// [MQTT-3.3.4-9] [MQTT-4.9.0-1] [MQTT-4.9.0-2] [MQTT-4.3.2-3] [MQTT-4.3.3-3] [MQTT-4.3.3-5]
static void no_more_are_on_their_way_than_the_client_allows(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    struct mqtt_peer *to = connect_with_receive_maximum(world, 2);
    mqtt_peer_subscribe(to, "n", 2);
    for (unsigned n = 0; n < 5; n++) {
        publish_number(from, n, n == 1 ? 2 : 1);
    }
    uint16_t first = expect_number(to, 0)->publish.packet_id;
    uint16_t second = expect_number(to, 1)->publish.packet_id;
    mqtt_peer_expect_nothing(to);
    mqtt_peer_send_short(to, MQTT_PUBACK, first, 0);
    uint16_t third = expect_number(to, 2)->publish.packet_id;
    mqtt_peer_send_short(to, MQTT_PUBREC, second, 0);
    mqtt_peer_expect(to, MQTT_PUBREL);
    mqtt_peer_expect_nothing(to); // QoS 2 takes its place until PUBCOMP
    mqtt_peer_send_short(to, MQTT_PUBCOMP, second, 0);
    uint16_t fourth = expect_number(to, 3)->publish.packet_id;
    mqtt_peer_expect_nothing(to);
    mqtt_peer_send_short(to, MQTT_PUBACK, third, 0);
    expect_number(to, 4);
    mqtt_peer_send_short(to, MQTT_PUBACK, fourth, 0);
    mqtt_peer_expect_nothing(to);
    mqtt_world_close(world);
}

// [MQTT-3.3.4-10] [MQTT-4.9.0-3]
static void all_else_goes_on_while_the_client_allows_no_more(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    struct mqtt_peer *to = connect_with_receive_maximum(world, 1);
    mqtt_peer_subscribe(to, "n", 2);
    publish_number(from, 0, 1);
    publish_number(from, 1, 1);
    expect_number(to, 0);
    mqtt_peer_send_short(to, MQTT_PINGREQ, 0, 0);
    mqtt_peer_expect(to, MQTT_PINGRESP);
    mqtt_peer_subscribe(to, "b", 2);
    mqtt_peer_publish(to, "c", "1", 1);
    mqtt_peer_publish(to, "c", "1", 2);
    mqtt_peer_unsubscribe(to, "b");
    mqtt_peer_expect_nothing(to);
    mqtt_world_close(world);
}

// [MQTT-4.4.0-2] [MQTT-4.3.3-3]
static void a_refusing_pubrec_ends_the_exchange(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    struct mqtt_peer *to = mqtt_peer_resume(world, MQTT_5, "to");
    mqtt_peer_next(to);
    mqtt_peer_subscribe(to, "n", 2);
    publish_number(from, 0, 2);
    publish_number(from, 1, 1);
    uint16_t first = expect_number(to, 0)->publish.packet_id;
    uint16_t second = expect_number(to, 1)->publish.packet_id;
    mqtt_peer_send_short(to, MQTT_PUBREC, first, MQTT_QUOTA_EXCEEDED);
    mqtt_peer_send_short(to, MQTT_PUBACK, second, MQTT_NOT_AUTHORIZED);
    mqtt_peer_expect_nothing(to);
    mqtt_peer_cut(to);
    to = mqtt_peer_resume(world, MQTT_5, "to");
    assert_true(mqtt_peer_next(to)->session_present);
    mqtt_peer_expect_nothing(to);
    mqtt_world_close(world);
}

// An answer of another kind than awaited: what is wrong is told, not stalled on.
//
// [MQTT3-4.8.0-1] [MQTT-4.13.1-1]
static void acknowledgements_of_another_kind_end_the_connection(void **state) {
    (void)state;
    static const struct {
        uint8_t qos;
        enum mqtt_type good; // sent first, unless it is 0
        enum mqtt_type wrong;
    } cases[] = {{1, 0, MQTT_PUBREC},
                 {1, 0, MQTT_PUBCOMP},
                 {2, 0, MQTT_PUBACK},
                 {2, 0, MQTT_PUBCOMP},
                 {2, MQTT_PUBREC, MQTT_PUBACK}};
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    for (enum mqtt_version version = MQTT_3_1; version <= MQTT_5; version++) {
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            struct mqtt_peer *to = mqtt_peer_connect(world, version, "to");
            mqtt_peer_subscribe(to, "n", 2);
            publish_number(from, 0, cases[i].qos);
            uint16_t packet_id = expect_number(to, 0)->publish.packet_id;
            if (cases[i].good != 0) {
                mqtt_peer_send_short(to, cases[i].good, packet_id, 0);
                mqtt_peer_expect(to, MQTT_PUBREL);
            }
            mqtt_peer_send_short(to, cases[i].wrong, packet_id, 0);
            mqtt_peer_expect_closed(to, version == MQTT_5 ? MQTT_PROTOCOL_ERROR : MQTT_SUCCESS);
        }
    }
    mqtt_world_close(world);
}

// One may come again after a reconnection; and a PUBREC again is answered again.
static void acknowledgements_of_nothing_are_let_pass(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    for (enum mqtt_version version = MQTT_3_1; version <= MQTT_5; version++) {
        struct mqtt_peer *to = mqtt_peer_connect(world, version, "to");
        mqtt_peer_subscribe(to, "n", 2);
        mqtt_peer_send_short(to, MQTT_PUBACK, 7, 0);
        mqtt_peer_send_short(to, MQTT_PUBCOMP, 7, 0);
        publish_number(from, 0, 2);
        uint16_t packet_id = expect_number(to, 0)->publish.packet_id;
        mqtt_peer_send_short(to, MQTT_PUBREC, packet_id, 0);
        mqtt_peer_expect(to, MQTT_PUBREL);
        mqtt_peer_send_short(to, MQTT_PUBREC, packet_id, 0);
        mqtt_peer_expect(to, MQTT_PUBREL);
        mqtt_peer_send_short(to, MQTT_PUBCOMP, packet_id, 0);
        mqtt_peer_send_short(to, MQTT_PUBCOMP, packet_id, 0);
        publish_number(from, 1, 1);
        packet_id = expect_number(to, 1)->publish.packet_id;
        mqtt_peer_send_short(to, MQTT_PUBACK, packet_id, 0);
        mqtt_peer_send_short(to, MQTT_PUBACK, packet_id, 0);
        mqtt_peer_send_short(to, MQTT_PINGREQ, 0, 0);
        mqtt_peer_expect(to, MQTT_PINGRESP);
    }
    mqtt_world_close(world);
}

// [MQTT-4.13.1-1]
static void a_client_may_not_have_more_qos_2_messages_open_than_it_was_told(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_5, "from");
    for (unsigned i = 0; i < world->config.limits.receive_maximum; i++) {
        struct mqtt_packet publish = mqtt_publish_packet(peer, "a", "1", 2);
        mqtt_peer_send(peer, &publish);
        mqtt_peer_expect(peer, MQTT_PUBREC);
    }
    mqtt_peer_publish(peer, "a", "1", 0);
    mqtt_peer_expect_nothing(peer);
    struct mqtt_packet publish = mqtt_publish_packet(peer, "a", "1", 2);
    mqtt_peer_send(peer, &publish);
    mqtt_peer_expect_closed(peer, MQTT_RECEIVE_MAXIMUM_EXCEEDED);
    mqtt_world_close(world);
}

// [MQTT-3.3.2-3] [MQTT3-3.3.2-3] [MQTT-4.7.3-4] [MQTT3-4.7.3-4] [MQTT-1.5.4-3] [MQTT3-1.5.3-3]
static void topics_are_compared_as_they_are(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_5, "one");
    const char *topics[] = {"a", "A", "a/", "/a", "\xef\xbb\xbf/a", "a ", "\xc3\xa4", "a\xcc\x88"};
    for (unsigned i = 0; i < 8; i++) {
        mqtt_peer_subscribe(peer, topics[i], 0);
        for (unsigned j = 0; j < 8; j++) {
            mqtt_peer_publish(peer, topics[j], "1", 0);
        }
        mqtt_peer_expect_publish(peer, topics[i], "1");
        mqtt_peer_expect_nothing(peer);
        mqtt_peer_unsubscribe(peer, topics[i]);
    }
    mqtt_world_close(world);
}

// [MQTT-4.7.2-1] [MQTT3-4.7.2-1]
static void wildcards_do_not_begin_the_names_of_the_server(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_5, "one");
    mqtt_peer_subscribe(peer, "#", 0);
    mqtt_peer_subscribe(peer, "+/x", 0);
    mqtt_peer_publish(peer, "$mine/x", "1", 0);
    mqtt_peer_expect_nothing(peer);
    mqtt_peer_publish(peer, "a/x", "1", 0);
    mqtt_peer_take(peer, "a/x", "1", 0);
    mqtt_world_close(world);
}

// [MQTT-4.7.3-3] [MQTT3-4.7.3-3]
static void topics_of_any_length_go_through(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    static char topic[65536];
    memset(topic, 'x', sizeof topic - 1);
    struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_5, "one");
    mqtt_peer_subscribe(peer, topic, 1);
    mqtt_peer_publish(peer, topic, "1", 1 | MQTT_RETAIN);
    mqtt_peer_take(peer, topic, "1", 1);
    assert_int_equal(mqtt_peer_unsubscribe(peer, topic), MQTT_SUCCESS);
    mqtt_world_close(world);
}

static void a_payload_that_is_said_to_be_text_has_to_be(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_5, "one");
    struct mqtt_packet publish = mqtt_publish_packet(peer, "a", "\xff", 1);
    mqtt_peer_publish_packet(peer, &publish);
    publish.properties.present = MQTT_HAS(MQTT_PAYLOAD_FORMAT);
    mqtt_peer_publish_packet(peer, &publish);
    publish.properties.payload_format = 1;
    publish.publish.payload = bytes_make("a\0b", 3); // U+0000 is forbidden in topics only
    mqtt_peer_publish_packet(peer, &publish);
    publish.publish.payload = bytes_make("\xff", 1);
    mqtt_peer_send(peer, &publish);
    mqtt_peer_expect_closed(peer, MQTT_PAYLOAD_FORMAT_INVALID);
    mqtt_world_close(world);
}

static void large_messages_go_through(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    static char text[150001];
    memset(text, 'x', sizeof text - 1);
    struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_5, "one");
    mqtt_peer_subscribe(peer, "a", 1);
    mqtt_peer_publish(peer, "a", text, 1);
    mqtt_peer_take(peer, "a", text, 1);
    mqtt_world_close(world);
}

// [MQTT-4.2.0-1] [MQTT3-4.2.0-1] [MQTT-7.1.1-1] [MQTT3-7.1.1-1] [MQTT-6.0.0-2] [MQTT3-6.0.0-2]
static void any_split_of_the_stream_is_the_same_stream(void **state) {
    (void)state;
    for (size_t split = 1; split < 40; split++) {
        struct mqtt_world *world = mqtt_world_open(NULL);
        world->split = split;
        for (unsigned i = 0; i < VERSIONS; i++) {
            struct mqtt_peer *peer = mqtt_peer_connect(world, versions[i], "splitter");
            mqtt_peer_subscribe(peer, "a/+", 2);
            mqtt_peer_publish(peer, "a/b", "a value", 2);
            mqtt_peer_take(peer, "a/b", "a value", 2);
            mqtt_peer_unsubscribe(peer, "a/+");
            mqtt_peer_send_short(peer, MQTT_DISCONNECT, 0, 0);
            assert_true(mqtt_peer_is_closed(peer));
        }
        mqtt_world_close(world);
    }
}

static void many_packets_come_at_once(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "eager");
    struct mqtt_peer *peer = mqtt_peer_open(world, MQTT_5);
    uint8_t bytes[200];
    uint8_t *end = mqtt_encode(&connect, MQTT_5, bytes);
    for (unsigned i = 0; i < 5; i++) {
        struct mqtt_packet publish = mqtt_publish_packet(peer, "a", "1", 1);
        end = mqtt_encode(&publish, MQTT_5, end);
    }
    mqtt_peer_send_bytes(peer, bytes, (size_t)(end - bytes));
    assert_int_equal(mqtt_peer_next(peer)->type, MQTT_CONNACK);
    for (unsigned i = 1; i <= 5; i++) {
        const struct mqtt_packet *answer = mqtt_peer_next(peer);
        assert_int_equal(answer->type, MQTT_PUBACK);
        assert_int_equal(answer->packet_id, i);
    }
    mqtt_peer_expect_nothing(peer);
    mqtt_world_close(world);
}

static void one_unanswered_message_stops_nothing(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *to = mqtt_peer_resume(world, MQTT_5, "to");
    mqtt_peer_expect(to, MQTT_CONNACK);
    mqtt_peer_subscribe(to, "a", 1);
    struct mqtt_peer *from = mqtt_peer_connect(world, MQTT_5, "from");
    mqtt_peer_publish(from, "a", "forgotten", 1);
    uint16_t forgotten = mqtt_peer_expect_publish(to, "a", "forgotten")->publish.packet_id;
    for (unsigned i = 0; i < 140000; i++) { // ids go round twice
        mqtt_peer_publish(from, "a", "1", 1);
        assert_int_not_equal(mqtt_peer_take(to, "a", "1", 1)->publish.packet_id, forgotten);
    }
    mqtt_peer_cut(to);
    mqtt_peer_publish(from, "a", "2", 1);
    to = mqtt_peer_resume(world, MQTT_5, "to");
    assert_true(mqtt_peer_next(to)->session_present);
    const struct mqtt_packet *again = mqtt_peer_take(to, "a", "forgotten", 1);
    assert_int_equal(again->publish.packet_id, forgotten);
    assert_true(again->publish.dup);
    assert_int_not_equal(mqtt_peer_take(to, "a", "2", 1)->publish.packet_id, forgotten);
    mqtt_peer_expect_nothing(to);
    mqtt_world_close(world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(qos_0_goes_through_once_and_unanswered),
        cmocka_unit_test(qos_1_is_answered_by_puback),
        cmocka_unit_test(qos_1_with_dup_is_a_new_message_and_dup_is_not_passed_on),
        cmocka_unit_test(qos_2_is_passed_on_once),
        cmocka_unit_test(an_unknown_pubrel_is_answered_too),
        cmocka_unit_test(acknowledgements_of_nothing_do_no_harm),
        cmocka_unit_test(messages_on_their_way_have_identifiers_of_their_own),
        cmocka_unit_test(identifiers_are_used_again_but_not_those_on_their_way),
        cmocka_unit_test(the_lower_qos_counts),
        cmocka_unit_test(messages_keep_their_order),
        cmocka_unit_test(no_more_are_on_their_way_than_the_client_allows),
        cmocka_unit_test(all_else_goes_on_while_the_client_allows_no_more),
        cmocka_unit_test(a_refusing_pubrec_ends_the_exchange),
        cmocka_unit_test(acknowledgements_of_another_kind_end_the_connection),
        cmocka_unit_test(acknowledgements_of_nothing_are_let_pass),
        cmocka_unit_test(a_client_may_not_have_more_qos_2_messages_open_than_it_was_told),
        cmocka_unit_test(topics_are_compared_as_they_are),
        cmocka_unit_test(wildcards_do_not_begin_the_names_of_the_server),
        cmocka_unit_test(topics_of_any_length_go_through),
        cmocka_unit_test(a_payload_that_is_said_to_be_text_has_to_be),
        cmocka_unit_test(large_messages_go_through),
        cmocka_unit_test(any_split_of_the_stream_is_the_same_stream),
        cmocka_unit_test(many_packets_come_at_once),
        cmocka_unit_test(one_unanswered_message_stops_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
