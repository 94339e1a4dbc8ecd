#include "support.h"

#include "mqtt/packet.h"

#define TYPES 16

// Table 2-4 of the standard, and for each property two encoded values: the least and the greatest.
// The packets by letters: w will, c CONNECT, C CONNACK, p PUBLISH, a PUBACK to PUBCOMP, s
// SUBSCRIBE, S SUBACK, u UNSUBSCRIBE, U UNSUBACK, d DISCONNECT, A AUTH.
static const struct {
    uint32_t id;
    const char *packets;
    struct bytes least;
    struct bytes greatest;
} listed[] = {
    {0x01, "wp", BYTES_LITERAL("\x00"), BYTES_LITERAL("\x01")},
    {0x02, "wp", BYTES_LITERAL("\0\0\0\0"), BYTES_LITERAL("\xff\xff\xff\xff")},
    {0x03, "wp", BYTES_LITERAL("\0\0"), BYTES_LITERAL("\0\4text")},
    {0x08, "wp", BYTES_LITERAL("\0\1r"), BYTES_LITERAL("\0\3r/s")},
    {0x09, "wp", BYTES_LITERAL("\0\0"), BYTES_LITERAL("\0\3\xff\0\xfe")},
    {0x0b, "ps", BYTES_LITERAL("\1"), BYTES_LITERAL("\xff\xff\xff\x7f")},
    {0x11, "cCd", BYTES_LITERAL("\0\0\0\0"), BYTES_LITERAL("\xff\xff\xff\xff")},
    {0x12, "C", BYTES_LITERAL("\0\0"), BYTES_LITERAL("\0\2id")},
    {0x13, "C", BYTES_LITERAL("\0\0"), BYTES_LITERAL("\xff\xff")},
    {0x15, "cCA", BYTES_LITERAL("\0\0"), BYTES_LITERAL("\0\5SCRAM")},
    {0x17, "c", BYTES_LITERAL("\0"), BYTES_LITERAL("\1")},
    {0x18, "w", BYTES_LITERAL("\0\0\0\0"), BYTES_LITERAL("\xff\xff\xff\xff")},
    {0x19, "c", BYTES_LITERAL("\0"), BYTES_LITERAL("\1")},
    {0x1a, "C", BYTES_LITERAL("\0\0"), BYTES_LITERAL("\0\3r/i")},
    {0x1c, "Cd", BYTES_LITERAL("\0\0"), BYTES_LITERAL("\0\4host")},
    {0x1f, "CaSUdA", BYTES_LITERAL("\0\0"), BYTES_LITERAL("\0\3why")},
    {0x21, "cC", BYTES_LITERAL("\0\1"), BYTES_LITERAL("\xff\xff")},
    {0x22, "cC", BYTES_LITERAL("\0\0"), BYTES_LITERAL("\xff\xff")},
    {0x23, "p", BYTES_LITERAL("\0\1"), BYTES_LITERAL("\xff\xff")},
    {0x24, "C", BYTES_LITERAL("\0"), BYTES_LITERAL("\1")},
    {0x25, "C", BYTES_LITERAL("\0"), BYTES_LITERAL("\1")},
    {0x26, "wcCpasSuUdA", BYTES_LITERAL("\0\0\0\0"), BYTES_LITERAL("\0\1k\0\2vv")},
    {0x27, "cC", BYTES_LITERAL("\0\0\0\1"), BYTES_LITERAL("\xff\xff\xff\xff")},
    {0x28, "C", BYTES_LITERAL("\0"), BYTES_LITERAL("\1")},
    {0x29, "C", BYTES_LITERAL("\0"), BYTES_LITERAL("\1")},
    {0x2a, "C", BYTES_LITERAL("\0"), BYTES_LITERAL("\1")},
};
#define LISTED (sizeof listed / sizeof *listed)

static const char letters[TYPES + 1] = "wcCpaaaasSuU--dA";

static bool is_listed(size_t i, unsigned type) {
    return strchr(listed[i].packets, letters[type]) != NULL;
}

static uint8_t run[256];

// A run of the property `count` times.
static struct bytes run_of(uint32_t id, struct bytes value, unsigned count) {
    uint8_t *out = run;
    for (unsigned i = 0; i < count; i++) {
        *out++ = (uint8_t)id;
        memcpy(out, value.data, value.size);
        out += value.size;
    }
    return bytes_make(run, (size_t)(out - run));
}

static enum mqtt_reason decode(struct bytes bytes, unsigned type) {
    struct mqtt_properties properties;
    return mqtt_properties_decode(&properties, bytes, type);
}

// Section 2.2.2.2; "It is a Protocol Error to include" a property in another packet.
static void properties_stand_in_their_packets_only(void **state) {
    (void)state;
    for (size_t i = 0; i < LISTED; i++) {
        assert_non_null(mqtt_property_row(listed[i].id));
        for (unsigned type = 0; type < TYPES; type++) {
            enum mqtt_reason expected = is_listed(i, type) ? MQTT_SUCCESS : MQTT_PROTOCOL_ERROR;
            assert_int_equal(decode(run_of(listed[i].id, listed[i].least, 1), type), expected);
            assert_int_equal(decode(run_of(listed[i].id, listed[i].greatest, 1), type), expected);
        }
    }
}

// "It is a Protocol Error to include" it more than once, of each property but user properties and
// the subscription identifiers of a PUBLISH.
static void properties_come_once(void **state) {
    (void)state;
    for (size_t i = 0; i < LISTED; i++) {
        for (unsigned type = 0; type < TYPES; type++) {
            bool may_repeat =
                listed[i].id == MQTT_USER_PROPERTY ||
                (listed[i].id == MQTT_SUBSCRIPTION_IDENTIFIER && type == MQTT_PUBLISH);
            bool is_legal = is_listed(i, type) && may_repeat;
            assert_int_equal(decode(run_of(listed[i].id, listed[i].least, 2), type),
                             is_legal ? MQTT_SUCCESS : MQTT_PROTOCOL_ERROR);
        }
    }
}

static void unknown_properties_are_malformed(void **state) {
    (void)state;
    for (uint32_t id = 0; id <= 0x7f; id++) {
        bool is_known = id == MQTT_AUTHENTICATION_DATA;
        for (size_t i = 0; i < LISTED; i++) {
            is_known = is_known || listed[i].id == id;
        }
        assert_int_equal(mqtt_property_row(id) != NULL, is_known);
        if (!is_known) {
            assert_int_equal(decode(run_of(id, BYTES_LITERAL("\0\0\0\0"), 1), MQTT_CONNECT),
                             MQTT_MALFORMED_PACKET);
        }
    }
    assert_null(mqtt_property_row(MQTT_PROPERTIES));
    assert_null(mqtt_property_row(UINT32_MAX));
    assert_int_equal(decode(BYTES_LITERAL("\xa6\x00\0\0\0\0"), MQTT_CONNECT),
                     MQTT_MALFORMED_PACKET); // 0x26 in two bytes
    assert_int_equal(decode(BYTES_LITERAL("\x80\x01"), MQTT_CONNECT), MQTT_MALFORMED_PACKET);
}

static void properties_cut_short_are_malformed(void **state) {
    (void)state;
    for (size_t i = 0; i < LISTED; i++) {
        struct bytes whole = run_of(listed[i].id, listed[i].greatest, 1);
        for (unsigned type = 0; type < TYPES; type++) {
            for (size_t size = 1; is_listed(i, type) && size < whole.size; size++) {
                assert_int_equal(decode(bytes_make(whole.data, size), type), MQTT_MALFORMED_PACKET);
            }
        }
    }
}

// Each "It is a Protocol Error" of a value; [MQTT-3.3.2-8] for the topic alias, [MQTT-3.3.2-14] for
// the response topic.
static void values_keep_their_limits(void **state) {
    (void)state;
    static const struct {
        struct bytes run;
        unsigned type;
        enum mqtt_reason reason;
    } wrong[] = {
        {BYTES_LITERAL("\x01\x02"), MQTT_PUBLISH, MQTT_PROTOCOL_ERROR},
        {BYTES_LITERAL("\x01\xff"), MQTT_WILL_PROPERTIES, MQTT_PROTOCOL_ERROR},
        {BYTES_LITERAL("\x0b\x00"), MQTT_PUBLISH, MQTT_PROTOCOL_ERROR},
        {BYTES_LITERAL("\x0b\x00"), MQTT_SUBSCRIBE, MQTT_PROTOCOL_ERROR},
        {BYTES_LITERAL("\x0b\xff\xff\xff\xff"), MQTT_PUBLISH, MQTT_MALFORMED_PACKET},
        {BYTES_LITERAL("\x17\x02"), MQTT_CONNECT, MQTT_PROTOCOL_ERROR},
        {BYTES_LITERAL("\x19\x02"), MQTT_CONNECT, MQTT_PROTOCOL_ERROR},
        {BYTES_LITERAL("\x21\0\0"), MQTT_CONNECT, MQTT_PROTOCOL_ERROR},
        {BYTES_LITERAL("\x21\0\0"), MQTT_CONNACK, MQTT_PROTOCOL_ERROR},
        {BYTES_LITERAL("\x23\0\0"), MQTT_PUBLISH, MQTT_TOPIC_ALIAS_INVALID},
        {BYTES_LITERAL("\x24\x02"), MQTT_CONNACK, MQTT_PROTOCOL_ERROR},
        {BYTES_LITERAL("\x25\x02"), MQTT_CONNACK, MQTT_PROTOCOL_ERROR},
        {BYTES_LITERAL("\x27\0\0\0\0"), MQTT_CONNECT, MQTT_PROTOCOL_ERROR},
        {BYTES_LITERAL("\x27\0\0\0\0"), MQTT_CONNACK, MQTT_PROTOCOL_ERROR},
        {BYTES_LITERAL("\x28\x02"), MQTT_CONNACK, MQTT_PROTOCOL_ERROR},
        {BYTES_LITERAL("\x29\x02"), MQTT_CONNACK, MQTT_PROTOCOL_ERROR},
        {BYTES_LITERAL("\x2a\x02"), MQTT_CONNACK, MQTT_PROTOCOL_ERROR},
        {BYTES_LITERAL("\x08\0\3a/#"), MQTT_PUBLISH, MQTT_PROTOCOL_ERROR},
        {BYTES_LITERAL("\x08\0\1+"), MQTT_WILL_PROPERTIES, MQTT_PROTOCOL_ERROR},
        {BYTES_LITERAL("\x08\0\0"), MQTT_PUBLISH, MQTT_PROTOCOL_ERROR},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(decode(wrong[i].run, wrong[i].type), wrong[i].reason);
    }
}

// [MQTT-1.5.4-1, MQTT-1.5.4-2, MQTT-1.5.7-1]; binary data may be anything.
static void texts_are_utf8(void **state) {
    (void)state;
    assert_int_equal(decode(BYTES_LITERAL("\x03\0\1\xff"), MQTT_PUBLISH), MQTT_MALFORMED_PACKET);
    assert_int_equal(decode(BYTES_LITERAL("\x1f\0\1\0"), MQTT_PUBACK), MQTT_MALFORMED_PACKET);
    assert_int_equal(decode(BYTES_LITERAL("\x26\0\1\xff\0\1v"), MQTT_PUBACK),
                     MQTT_MALFORMED_PACKET);
    assert_int_equal(decode(BYTES_LITERAL("\x26\0\1k\0\3\xed\xa0\x80"), MQTT_PUBACK),
                     MQTT_MALFORMED_PACKET);
    assert_int_equal(decode(BYTES_LITERAL("\x09\0\2\xff\0"), MQTT_PUBLISH), MQTT_SUCCESS);
}

// Section 3.1.2.11.10: data without a method is a Protocol Error.
static void authentication_data_need_a_method(void **state) {
    (void)state;
    struct bytes data = BYTES_LITERAL("\x16\0\1d");
    struct bytes both = BYTES_LITERAL("\x16\0\1d\x15\0\1m");
    static const unsigned types[] = {MQTT_CONNECT, MQTT_CONNACK, MQTT_AUTH};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        assert_int_equal(decode(data, types[i]), MQTT_PROTOCOL_ERROR);
        assert_int_equal(decode(both, types[i]), MQTT_SUCCESS);
    }
    assert_int_equal(decode(both, MQTT_PUBLISH), MQTT_PROTOCOL_ERROR);
}

// [MQTT-2.2.2-1]: no properties are a length of 0.
static void what_is_written_is_what_was_read(void **state) {
    (void)state;
    struct mqtt_properties properties = {0};
    uint8_t out[256];
    assert_int_equal(mqtt_properties_size(&properties), 1);
    assert_ptr_equal(mqtt_properties_write(&properties, out), out + 1);
    assert_int_equal(out[0], 0);
    for (size_t i = 0; i < LISTED; i++) {
        struct bytes whole = run_of(listed[i].id, listed[i].greatest, 1);
        unsigned type = 0;
        while (!is_listed(i, type)) {
            type++;
        }
        assert_int_equal(mqtt_properties_decode(&properties, whole, type), MQTT_SUCCESS);
        assert_int_equal(properties.present, MQTT_HAS(listed[i].id));
        assert_bytes_equal(properties.raw, whole);
        if (listed[i].id == MQTT_USER_PROPERTY) {
            properties.more = properties.raw;
        }
        assert_int_equal(mqtt_properties_size(&properties), 1 + whole.size);
        assert_ptr_equal(mqtt_properties_write(&properties, out), out + 1 + whole.size);
        assert_int_equal(out[0], whole.size);
        assert_bytes_equal(bytes_make(out + 1, whole.size), whole);
    }
}

// The order of user properties is kept [MQTT-3.3.2-18].
static void runs_are_walked_in_order(void **state) {
    (void)state;
    struct bytes left = BYTES_LITERAL("\x26\0\1a\0\1\x31\x0b\x05\x26\0\1a\0\1\x32\x02\0\0\0\x09"
                                      "\x0b\x81\x01\x03\0\1t");
    struct mqtt_properties properties;
    struct mqtt_property_value value;
    assert_int_equal(mqtt_properties_decode(&properties, left, MQTT_PUBLISH), MQTT_SUCCESS);
    assert_int_equal(properties.subscription_identifier, 5);
    assert_int_equal(properties.message_expiry, 9);
    assert_true(mqtt_property_next(&left, &value));
    assert_int_equal(value.id, MQTT_USER_PROPERTY);
    assert_bytes_equal(value.text, BYTES_LITERAL("a"));
    assert_bytes_equal(value.second, BYTES_LITERAL("1"));
    assert_bytes_equal(value.encoded, BYTES_LITERAL("\x26\0\1a\0\1\x31"));
    assert_true(mqtt_property_next(&left, &value));
    assert_int_equal(value.number, 5);
    assert_true(mqtt_property_next(&left, &value));
    assert_bytes_equal(value.second, BYTES_LITERAL("2"));
    assert_true(mqtt_property_next(&left, &value));
    assert_int_equal(value.number, 9);
    assert_true(mqtt_property_next(&left, &value));
    assert_int_equal(value.number, 129);
    assert_bytes_equal(value.encoded, BYTES_LITERAL("\x0b\x81\x01"));
    assert_true(mqtt_property_next(&left, &value));
    assert_bytes_equal(value.text, BYTES_LITERAL("t"));
    assert_false(mqtt_property_next(&left, &value));
}

static void user_properties_are_written(void **state) {
    (void)state;
    uint8_t out[MQTT_USER_PROPERTY_SIZE(3, 5)];
    assert_ptr_equal(mqtt_user_property_write(out, BYTES_LITERAL("key"), BYTES_LITERAL("value")),
                     out + sizeof out);
    assert_memory_equal(out, "\x26\0\3key\0\5value", sizeof out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(properties_stand_in_their_packets_only),
        cmocka_unit_test(properties_come_once),
        cmocka_unit_test(unknown_properties_are_malformed),
        cmocka_unit_test(properties_cut_short_are_malformed),
        cmocka_unit_test(values_keep_their_limits),
        cmocka_unit_test(texts_are_utf8),
        cmocka_unit_test(authentication_data_need_a_method),
        cmocka_unit_test(what_is_written_is_what_was_read),
        cmocka_unit_test(runs_are_walked_in_order),
        cmocka_unit_test(user_properties_are_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
