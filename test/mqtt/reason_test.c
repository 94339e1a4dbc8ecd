#include "support.h"

#include "mqtt/packet.h"

// The codes of each packet as the standard lists them there.
static const struct {
    enum mqtt_type type;
    bool from_client;
    bool from_server;
    struct bytes codes;
} listed[] = {
    {MQTT_CONNACK, false, true,
     BYTES_LITERAL("\x00\x80\x81\x82\x83\x84\x85\x86\x87\x88\x89\x8a\x8c\x90\x95\x97\x99\x9a\x9b"
                   "\x9c\x9d\x9f")},
    {MQTT_PUBACK, true, true, BYTES_LITERAL("\x00\x10\x80\x83\x87\x90\x91\x97\x99")},
    {MQTT_PUBREC, true, true, BYTES_LITERAL("\x00\x10\x80\x83\x87\x90\x91\x97\x99")},
    {MQTT_PUBREL, true, true, BYTES_LITERAL("\x00\x92")},
    {MQTT_PUBCOMP, true, true, BYTES_LITERAL("\x00\x92")},
    {MQTT_SUBACK, false, true, BYTES_LITERAL("\x00\x01\x02\x80\x83\x87\x8f\x91\x97\x9e\xa1\xa2")},
    {MQTT_UNSUBACK, false, true, BYTES_LITERAL("\x00\x11\x80\x83\x87\x8f\x91")},
    {MQTT_DISCONNECT, true, false,
     BYTES_LITERAL("\x00\x04\x80\x81\x82\x83\x90\x93\x94\x95\x96\x97\x98\x99")},
    {MQTT_DISCONNECT, false, true,
     BYTES_LITERAL("\x00\x80\x81\x82\x83\x87\x89\x8b\x8c\x8d\x8e\x8f\x90\x93\x94\x95\x96\x97\x98"
                   "\x99\x9a\x9b\x9c\x9d\x9e\x9f\xa0\xa1\xa2")},
    {MQTT_AUTH, true, false, BYTES_LITERAL("\x18\x19")},
    {MQTT_AUTH, false, true, BYTES_LITERAL("\x00\x18")},
};

static bool is_listed(unsigned code, unsigned type, bool from_server) {
    for (size_t i = 0; i < sizeof listed / sizeof *listed; i++) {
        bool is_sender = from_server ? listed[i].from_server : listed[i].from_client;
        if (listed[i].type == type && is_sender &&
            memchr(listed[i].codes.data, (int)code, listed[i].codes.size) != NULL) {
            return true;
        }
    }
    return false;
}

// [MQTT-3.2.2-8, MQTT-3.4.2-1, MQTT-3.5.2-1, MQTT-3.6.2-1, MQTT-3.7.2-1, MQTT-3.9.3-2,
// MQTT-3.11.3-2, MQTT-3.14.2-1, MQTT-3.15.2-1]
static void codes_are_legal_where_the_standard_lists_them(void **state) {
    (void)state;
    for (unsigned code = 0; code <= UINT8_MAX; code++) {
        for (unsigned type = 0; type < 16; type++) {
            assert_int_equal(mqtt_reason_is_legal((uint8_t)code, type, false),
                             is_listed(code, type, false));
            assert_int_equal(mqtt_reason_is_legal((uint8_t)code, type, true),
                             is_listed(code, type, true));
        }
    }
}

static void each_code_has_a_text(void **state) {
    (void)state;
    for (unsigned code = 0; code <= UINT8_MAX; code++) {
        bool is_known = false;
        for (unsigned type = 0; type < 16; type++) {
            is_known = is_known || is_listed(code, type, false) || is_listed(code, type, true);
        }
        const char *text = mqtt_reason_text((enum mqtt_reason)code);
        assert_non_null(text);
        assert_int_equal(strcmp(text, "unknown reason code") != 0, is_known);
    }
    assert_string_equal(mqtt_reason_text(MQTT_PACKET_TOO_LARGE), "packet too large");
    assert_string_equal(mqtt_reason_text((enum mqtt_reason)1000), "unknown reason code");
}

// MQTT 3.1.1, table 3.1
static void reasons_have_return_codes(void **state) {
    (void)state;
    assert_int_equal(mqtt_reason_return_code(MQTT_SUCCESS), 0);
    assert_int_equal(mqtt_reason_return_code(MQTT_UNSUPPORTED_PROTOCOL_VERSION), 1);
    assert_int_equal(mqtt_reason_return_code(MQTT_CLIENT_IDENTIFIER_NOT_VALID), 2);
    assert_int_equal(mqtt_reason_return_code(MQTT_SERVER_BUSY), 3);
    assert_int_equal(mqtt_reason_return_code(MQTT_QUOTA_EXCEEDED), 3);
    assert_int_equal(mqtt_reason_return_code(MQTT_BAD_USER_NAME_OR_PASSWORD), 4);
    assert_int_equal(mqtt_reason_return_code(MQTT_BAD_AUTHENTICATION_METHOD), 4);
    assert_int_equal(mqtt_reason_return_code(MQTT_NOT_AUTHORIZED), 5);
    assert_int_equal(mqtt_reason_return_code(MQTT_BANNED), 5);
    assert_string_equal(mqtt_return_code_text(0), "connection accepted");
    assert_string_equal(mqtt_return_code_text(5), "not authorized");
    assert_string_equal(mqtt_return_code_text(6), "unknown return code");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_legal_where_the_standard_lists_them),
        cmocka_unit_test(each_code_has_a_text),
        cmocka_unit_test(reasons_have_return_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
