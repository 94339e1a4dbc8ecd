// What no client may send: each closes the connection, and hurts nobody else.
#include "role/mqtt_peer.h"

#include <stdlib.h>

struct bad_packet {
    const char *bytes;
    size_t size;
    enum mqtt_reason reason;
};

#define BAD(text, reason) \
    { (text), sizeof(text) - 1, (reason) }

static void expect_all_closed(const struct bad_packet *bad, size_t count,
                              enum mqtt_version version) {
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *witness = mqtt_peer_connect(world, MQTT_5, "witness");
    mqtt_peer_subscribe(witness, "#", 0);
    for (size_t i = 0; i < count; i++) {
        struct mqtt_peer *peer = mqtt_peer_connect(world, version, "bad");
        mqtt_peer_send_bytes(peer, bad[i].bytes, bad[i].size);
        if (!mqtt_peer_is_closed(peer)) {
            fail_msg("packet %zu of version %d did not close the connection", i, version);
        }
        mqtt_peer_expect_closed(peer, bad[i].reason);
    }
    mqtt_peer_expect_nothing(witness);
    assert_int_equal(mqtt_world_counts(world)->protocol_errors, count);
    mqtt_world_close(world);
}

// [MQTT-2.1.3-1] [MQTT3-2.2.2-1] [MQTT3-2.2.2-2] [MQTT-3.6.1-1] [MQTT3-3.6.1-1] [MQTT-3.8.1-1]
// [MQTT3-3.8.1-1] [MQTT-3.10.1-1] [MQTT3-3.10.1-1] [MQTT-3.15.1-1] [MQTT3-3.14.1-1]
static void reserved_flags_close_the_connection(void **state) {
    (void)state;
    const struct bad_packet five[] = {BAD("\x60\x02\x00\x01", MQTT_MALFORMED_PACKET),
                                      BAD("\x63\x02\x00\x01", MQTT_MALFORMED_PACKET),
                                      BAD("\x41\x02\x00\x01", MQTT_MALFORMED_PACKET),
                                      BAD("\x52\x02\x00\x01", MQTT_MALFORMED_PACKET),
                                      BAD("\x78\x02\x00\x01", MQTT_MALFORMED_PACKET),
                                      BAD("\x80\x07\x00\x01\x00\x00\x01"
                                          "a\x00",
                                          MQTT_MALFORMED_PACKET),
                                      BAD("\xa0\x06\x00\x01\x00\x00\x01"
                                          "a",
                                          MQTT_MALFORMED_PACKET),
                                      BAD("\xc1\x00", MQTT_MALFORMED_PACKET),
                                      BAD("\xe4\x00", MQTT_MALFORMED_PACKET),
                                      BAD("\xf1\x00", MQTT_MALFORMED_PACKET),
                                      BAD("\x00\x00", MQTT_MALFORMED_PACKET)};
    const struct bad_packet three[] = {BAD("\x60\x02\x00\x01", 0),
                                       BAD("\x63\x02\x00\x01", 0),
                                       BAD("\x41\x02\x00\x01", 0),
                                       BAD("\x80\x06\x00\x01\x00\x01"
                                           "a\x00",
                                           0),
                                       BAD("\xa0\x05\x00\x01\x00\x01"
                                           "a",
                                           0),
                                       BAD("\xc1\x00", 0),
                                       BAD("\xe4\x00", 0),
                                       BAD("\xf0\x00", 0),
                                       BAD("\x00\x00", 0)};
    expect_all_closed(five, sizeof five / sizeof *five, MQTT_5);
    expect_all_closed(three, sizeof three / sizeof *three, MQTT_3_1_1);
}

// [MQTT-3.3.1-4] [MQTT3-3.3.1-4] [MQTT-3.3.2-2] [MQTT3-3.3.2-2] [MQTT-4.7.0-1] [MQTT3-4.7.1-1]
// [MQTT-3.3.4-6] [MQTT-3.3.2-14] [MQTT-2.2.1-3] [MQTT3-2.3.1-1] [MQTT-3.3.1-2] [MQTT3-3.3.1-2]
static void publish_packets_of_wrong_form(void **state) {
    (void)state;
    const struct bad_packet five[] = {
        BAD("\x36\x06\x00\x01"
            "a\x00\x01\x00",
            MQTT_MALFORMED_PACKET),
        BAD("\x38\x04\x00\x01"
            "a\x00",
            MQTT_MALFORMED_PACKET), // DUP with QoS 0
        BAD("\x30\x05\x00\x02"
            "a#\x00",
            MQTT_TOPIC_NAME_INVALID),
        BAD("\x30\x06\x00\x03"
            "+/a\x00",
            MQTT_TOPIC_NAME_INVALID),
        BAD("\x30\x03\x00\x00\x00", MQTT_PROTOCOL_ERROR), // no topic and no alias
        BAD("\x30\x06\x00\x01"
            "a\x02\x0b\x01",
            MQTT_PROTOCOL_ERROR), // a subscription identifier
        BAD("\x32\x06\x00\x01"
            "a\x00\x00\x00",
            MQTT_PROTOCOL_ERROR), // packet identifier 0
        BAD("\x30\x09\x00\x01"
            "a\x05\x08\x00\x02"
            "b#",
            MQTT_PROTOCOL_ERROR), // a response topic with wildcards
    };
    const struct bad_packet three[] = {BAD("\x36\x05\x00\x01"
                                           "a\x00\x01",
                                           0),
                                       BAD("\x30\x04\x00\x02"
                                           "a#",
                                           0),
                                       BAD("\x30\x02\x00\x00", 0),
                                       BAD("\x32\x05\x00\x01"
                                           "a\x00\x00",
                                           0),
                                       BAD("\x30\x01\x00", 0)};
    expect_all_closed(five, sizeof five / sizeof *five, MQTT_5);
    expect_all_closed(three, sizeof three / sizeof *three, MQTT_3_1_1);
}

// [MQTT-1.5.4-1] [MQTT-1.5.4-2] [MQTT-1.5.7-1] [MQTT3-1.5.3-1] [MQTT3-1.5.3-2] [MQTT-4.7.3-2]
// [MQTT3-4.7.3-2] [MQTT-3.3.2-13] [MQTT-3.3.2-19] [MQTT-3.8.3-1] [MQTT3-3.8.3-1]
// [MQTT-3.3.2-1] [MQTT3-3.3.2-1] [MQTT-3.10.3-1] [MQTT3-3.10.3-1]
static void texts_of_wrong_form(void **state) {
    (void)state;
    const struct bad_packet five[] = {
        BAD("\x30\x04\x00\x01\xff\x00", MQTT_MALFORMED_PACKET),
        BAD("\x30\x06\x00\x03\xed\xa0\x80\x00", MQTT_MALFORMED_PACKET),
        BAD("\x30\x04\x00\x01\x00\x00", MQTT_MALFORMED_PACKET),
        BAD("\x30\x08\x00\x01"
            "a\x04\x03\x00\x01\xff",
            MQTT_MALFORMED_PACKET),
        BAD("\x30\x08\x00\x01"
            "a\x04\x08\x00\x01\xff",
            MQTT_MALFORMED_PACKET),
        BAD("\x30\x0b\x00\x01"
            "a\x07\x26\x00\x01"
            "b\x00\x01\xff",
            MQTT_MALFORMED_PACKET),
        BAD("\x30\x0b\x00\x01"
            "a\x07\x26\x00\x01\xff\x00\x01"
            "b",
            MQTT_MALFORMED_PACKET),
        BAD("\x82\x07\x00\x01\x00\x00\x01\xff\x00", MQTT_MALFORMED_PACKET),
        BAD("\xa2\x06\x00\x01\x00\x00\x01\xff", MQTT_MALFORMED_PACKET),
    };
    const struct bad_packet three[] = {
        BAD("\x30\x03\x00\x01\xff", 0), BAD("\x30\x05\x00\x03\xed\xa0\x80", 0),
        BAD("\x30\x03\x00\x01\x00", 0), BAD("\x82\x06\x00\x01\x00\x01\xff\x00", 0),
        BAD("\xa2\x05\x00\x01\x00\x01\xff", 0)};
    expect_all_closed(five, sizeof five / sizeof *five, MQTT_5);
    expect_all_closed(three, sizeof three / sizeof *three, MQTT_3_1_1);
}

// [MQTT-3.8.3-2] [MQTT3-3.8.3-3] [MQTT-3.8.3-5] [MQTT3-3.8.3-4] [MQTT-3.10.3-2] [MQTT3-3.10.3-2]
// [MQTT-2.2.1-3] [MQTT3-2.3.1-1]
static void subscribe_packets_of_wrong_form(void **state) {
    (void)state;
    const struct bad_packet five[] = {
        BAD("\x82\x03\x00\x01\x00", MQTT_PROTOCOL_ERROR),
        BAD("\xa2\x03\x00\x01\x00", MQTT_PROTOCOL_ERROR),
        BAD("\x82\x07\x00\x01\x00\x00\x01"
            "a\x40",
            MQTT_MALFORMED_PACKET),
        BAD("\x82\x07\x00\x01\x00\x00\x01"
            "a\x80",
            MQTT_MALFORMED_PACKET),
        BAD("\x82\x07\x00\x01\x00\x00\x01"
            "a\x03",
            MQTT_PROTOCOL_ERROR), // QoS 3
        BAD("\x82\x07\x00\x01\x00\x00\x01"
            "a\x30",
            MQTT_PROTOCOL_ERROR), // retain handling 3
        BAD("\x82\x07\x00\x00\x00\x00\x01"
            "a\x00",
            MQTT_PROTOCOL_ERROR),
        BAD("\x82\x09\x00\x01\x02\x0b\x00\x00\x01"
            "a\x00",
            MQTT_PROTOCOL_ERROR), // subscription identifier 0
    };
    const struct bad_packet three[] = {BAD("\x82\x02\x00\x01", 0),
                                       BAD("\xa2\x02\x00\x01", 0),
                                       BAD("\x82\x06\x00\x01\x00\x01"
                                           "a\x03",
                                           0),
                                       BAD("\x82\x06\x00\x01\x00\x01"
                                           "a\x04",
                                           0),
                                       BAD("\x82\x06\x00\x00\x00\x01"
                                           "a\x00",
                                           0),
                                       BAD("\x82\x05\x00\x01\x00\x01"
                                           "a",
                                           0)};
    expect_all_closed(five, sizeof five / sizeof *five, MQTT_5);
    expect_all_closed(three, sizeof three / sizeof *three, MQTT_3_1_1);
}

// [MQTT-1.5.5-1] [MQTT-4.13.1-1] [MQTT3-4.8.0-1]
static void lengths_and_properties_of_wrong_form(void **state) {
    (void)state;
    const struct bad_packet five[] = {
        BAD("\xc0\x80\x00", MQTT_MALFORMED_PACKET),
        BAD("\xc0\xff\xff\xff\xff", MQTT_MALFORMED_PACKET),
        BAD("\xc0\x01\x00", MQTT_MALFORMED_PACKET),
        BAD("\x40\x01\x00", MQTT_MALFORMED_PACKET),
        BAD("\x30\x07\x00\x01"
            "a\x81\x00\x01\x01",
            MQTT_MALFORMED_PACKET),
        BAD("\x30\x06\x00\x01"
            "a\x02\x7f\x01",
            MQTT_MALFORMED_PACKET), // no such property
        BAD("\x30\x08\x00\x01"
            "a\x04\x01\x00\x01\x00",
            MQTT_PROTOCOL_ERROR), // twice
        BAD("\x30\x06\x00\x01"
            "a\x02\x01\x02",
            MQTT_PROTOCOL_ERROR), // a payload format of 2
        BAD("\x30\x07\x00\x01"
            "a\x03\x23\x00\x00",
            MQTT_TOPIC_ALIAS_INVALID),
        BAD("\x30\x07\x00\x01"
            "a\x03\x21\x00\x05",
            MQTT_PROTOCOL_ERROR),                         // of another packet
        BAD("\x20\x03\x00\x00\x00", MQTT_PROTOCOL_ERROR), // of servers
        BAD("\xd0\x00", MQTT_PROTOCOL_ERROR),
        BAD("\xe0\x07\x00\x05\x11\x00\x00\x00\x05", MQTT_PROTOCOL_ERROR), // expiry was 0
    };
    expect_all_closed(five, sizeof five / sizeof *five, MQTT_5);
}

// [MQTT-3.1.2-11] [MQTT-3.1.2-12] [MQTT-3.1.2-13] [MQTT-3.1.2-9] [MQTT-3.1.2-16] [MQTT-3.1.2-17]
// [MQTT-3.1.2-18] [MQTT-3.1.2-19] [MQTT-3.1.3-1] [MQTT-3.1.3-3] [MQTT-3.1.3-4] [MQTT-3.1.4-1]
// [MQTT3-3.1.2-11] [MQTT3-3.1.2-13] [MQTT3-3.1.2-14] [MQTT3-3.1.2-15] [MQTT3-3.1.2-18]
// [MQTT3-3.1.2-19] [MQTT3-3.1.2-20] [MQTT3-3.1.2-21] [MQTT3-3.1.2-22] [MQTT3-3.1.3-1]
// [MQTT3-3.1.3-3] [MQTT3-3.1.3-4] [MQTT3-3.1.4-1] [MQTT3-3.1.3-10] [MQTT3-3.1.3-11]
// [MQTT-3.1.3-11] [MQTT-3.1.3-12]
static void connect_packets_of_wrong_form(void **state) {
    (void)state;
    struct {
        uint8_t flags;
        const char *rest; // behind the client identifier "c", with the sizes as characters
        size_t size;
    } bad[] = {
        {0x08, "", 0},              // a will's QoS without a will
        {0x20, "", 0},              // a will's retain flag without a will
        {0x1c, "\0\1a\0\1b", 6},    // a will's QoS of 3
        {0x04, "", 0},              // no will although the flag says so
        {0x04, "\0\1a", 3},         // no payload
        {0x04, "\0\1\xff\0\1b", 6}, // its topic is no text
        {0x80, "", 0},              // no user name
        {0x80, "\0\1\xff", 3},      // it is no text
        {0xc0, "\0\1u", 3},         // no password
        {0x00, "\0\1u", 3},         // a user name that no flag tells of
        {0x80, "\0\1u\0\1p", 6},    // a password that no flag tells of
        {0x02, "x", 1},             // more than there may be
    };
    struct mqtt_world *world = mqtt_world_open(NULL);
    for (uint8_t level = 4; level <= 5; level++) {
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
            uint8_t bytes[64] = {0x10};
            uint8_t *end = mqtt_text_write(bytes + 2, BYTES_LITERAL("MQTT"));
            *end++ = level;
            *end++ = bad[i].flags;
            end = mqtt_two_bytes_write(end, 0);
            end = level == MQTT_5 ? mqtt_variable_write(end, 0) : end;
            end = mqtt_text_write(end, BYTES_LITERAL("c"));
            if (level == MQTT_5 && (bad[i].flags & 4) != 0) {
                *end++ = 0; // will properties
            }
            memcpy(end, bad[i].rest, bad[i].size);
            end += bad[i].size;
            bytes[1] = (uint8_t)(end - bytes - 2);
            struct mqtt_peer *peer = mqtt_peer_open(world, level);
            mqtt_peer_send_bytes(peer, bytes, (size_t)(end - bytes));
            mqtt_peer_expect_gone(peer);
        }
        struct mqtt_peer *peer = mqtt_peer_open(world, level);
        struct mqtt_packet connect = mqtt_connect_packet(level, "\xff");
        mqtt_peer_send(peer, &connect);
        mqtt_peer_expect_gone(peer);
    }
    assert_int_equal(mqtt_world_told(world, DOOR_EVENT_CONNECTED), 0);
    mqtt_world_close(world);
}

static void a_password_without_a_name_is_for_version_5_only(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    const char v3[] = "\x10\x10\0\4MQTT\4\x42\0\0\0\1c\0\1p";
    const char v5[] = "\x10\x11\0\4MQTT\5\x42\0\0\0\0\1c\0\1p";
    struct mqtt_peer *old = mqtt_peer_open(world, MQTT_3_1_1);
    mqtt_peer_send_bytes(old, v3, sizeof v3 - 1);
    mqtt_peer_expect_gone(old);
    struct mqtt_peer *peer = mqtt_peer_open(world, MQTT_5);
    mqtt_peer_send_bytes(peer, v5, sizeof v5 - 1);
    assert_int_equal(mqtt_peer_next(peer)->reason, MQTT_SUCCESS);
    mqtt_world_close(world);
}

static void what_comes_after_the_end_is_ignored(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *witness = mqtt_peer_connect(world, MQTT_5, "witness");
    struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_5, "bad");
    mqtt_peer_subscribe(witness, "#", 0);
    mqtt_peer_send_bytes(peer,
                         "\xff\x00\x30\x04\x00\x01"
                         "a\x00",
                         8);
    mqtt_peer_expect_closed(peer, MQTT_MALFORMED_PACKET);
    mqtt_peer_expect_nothing(witness);
    peer = mqtt_peer_connect(world, MQTT_3_1_1, "bad");
    mqtt_peer_send_bytes(peer,
                         "\xe0\x00\x30\x03\x00\x01"
                         "a",
                         7);
    assert_true(mqtt_peer_is_closed(peer));
    mqtt_peer_expect_nothing(witness);
    mqtt_world_close(world);
}

static void random_bytes_hurt_nobody(void **state) {
    (void)state;
    uint64_t seed = 42;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *witness = mqtt_peer_connect(world, MQTT_5, "witness");
    mqtt_peer_subscribe(witness, "witness", 0);
    for (unsigned round = 0; round < 50; round++) {
        struct mqtt_peer *peer =
            mqtt_peer_connect(world, (enum mqtt_version)(3 + round % 3), "noise");
        for (unsigned i = 0; i < 300 && !mqtt_peer_is_closed(peer); i++) {
            uint64_t bytes = support_random(&seed);
            bytes = (bytes & ~UINT64_C(0xff00)) | (bytes & 0x0700); // short packets
            mqtt_peer_send_bytes(peer, &bytes, sizeof bytes);
        }
        mqtt_peer_publish(witness, "witness", "1", 1);
        mqtt_peer_take(witness, "witness", "1", 0);
    }
    mqtt_world_close(world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reserved_flags_close_the_connection),
        cmocka_unit_test(publish_packets_of_wrong_form),
        cmocka_unit_test(texts_of_wrong_form),
        cmocka_unit_test(subscribe_packets_of_wrong_form),
        cmocka_unit_test(lengths_and_properties_of_wrong_form),
        cmocka_unit_test(connect_packets_of_wrong_form),
        cmocka_unit_test(a_password_without_a_name_is_for_version_5_only),
        cmocka_unit_test(what_comes_after_the_end_is_ignored),
        cmocka_unit_test(random_bytes_hurt_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
