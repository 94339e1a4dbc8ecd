#include "support.h"

#include "web/web_fields.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static json_t *fields_of(struct bytes packet, enum mqtt_version version, bool is_line) {
    struct memory memory;
    struct buffer out;
    memory_init(&memory);
    buffer_init(&out, &memory);
    if (is_line) {
        web_fields_append_line(packet, &out);
    } else {
        web_fields_append_packet(packet, version, &out);
    }
    json_t *fields = json_loadb((const char *)out.data, out.size, 0, NULL);
    assert_non_null(fields);
    buffer_deinit(&out);
    assert_int_equal(memory_used(&memory), 0);
    return fields;
}

// They cover all bytes, in order.
static void assert_covers(const json_t *fields, size_t size) {
    size_t at = 0;
    size_t i;
    json_t *field;
    json_array_foreach(fields, i, field) {
        assert_int_equal(json_integer_value(json_object_get(field, "at")), at);
        at += (size_t)json_integer_value(json_object_get(field, "bytes"));
    }
    assert_int_equal(at, size);
}

static const char *text_of(const json_t *fields, const char *name, const char *member) {
    size_t i;
    json_t *field;
    json_array_foreach(fields, i, field) {
        if (strcmp(json_string_value(json_object_get(field, "name")), name) == 0) {
            return json_string_value(json_object_get(field, member));
        }
    }
    fail_msg("there is no field %s", name);
    return NULL;
}

static void a_publish_has_its_fields_and_their_statements(void **state) {
    (void)state;
    struct bytes packet = BYTES_LITERAL("\x35\x10\x00\x03"
                                        "a/b"
                                        "\x12\x34\x02\x01\x01"
                                        "21.5\xe2\x80");
    json_t *fields = fields_of(packet, MQTT_5, false);
    assert_covers(fields, packet.size);
    assert_string_equal(text_of(fields, "packet type and flags", "value"),
                        "PUBLISH, DUP 0, QoS 2, RETAIN 1");
    assert_string_equal(text_of(fields, "topic name", "value"), "a/b");
    assert_string_equal(text_of(fields, "topic name", "statement"), "MQTT-3.3.2-1");
    assert_string_equal(text_of(fields, "packet identifier", "value"), "4660");
    assert_string_equal(text_of(fields, "payload format indicator", "value"), "1");
    assert_string_equal(text_of(fields, "payload", "value"), "21.5\\xE2\\x80");
    json_decref(fields);
}

static void a_connect_has_its_will_and_names(void **state) {
    (void)state;
    struct bytes packet = BYTES_LITERAL("\x10\x1a\x00\x04MQTT\x04\xc6\x00\x3c"
                                        "\x00\x01"
                                        "c"
                                        "\x00\x01w"
                                        "\x00\x01g"
                                        "\x00\x01u"
                                        "\x00\x01p");
    json_t *fields = fields_of(packet, MQTT_3_1_1, false);
    assert_covers(fields, packet.size);
    assert_string_equal(text_of(fields, "keep alive", "value"), "60");
    assert_string_equal(text_of(fields, "client identifier", "value"), "c");
    assert_string_equal(text_of(fields, "will topic", "value"), "w");
    assert_string_equal(text_of(fields, "user name", "value"), "u");
    assert_string_equal(text_of(fields, "password", "value"), "p");
    json_decref(fields);
}

// Every beginning of a packet, and every packet with one byte changed, is covered.
static void what_is_wrong_is_covered_too(void **state) {
    (void)state;
    struct bytes packets[] = {
        BYTES_LITERAL("\x82\x10\x00\x01\x02\x0b\x07\x00\x03"
                      "a/#"
                      "\x01\x00\x01"
                      "b\x02"),
        BYTES_LITERAL("\x20\x09\x00\x00\x06\x21\x00\x14\x22\x00\x0a"),
        BYTES_LITERAL("\xe0\x00"),
        BYTES_LITERAL("\x40\x02\x00\x01"),
    };
    for (size_t i = 0; i < sizeof packets / sizeof *packets; i++) {
        for (size_t size = 0; size <= packets[i].size; size++) {
            json_t *fields = fields_of(bytes_make(packets[i].data, size), MQTT_5, false);
            assert_covers(fields, size);
            json_decref(fields);
        }
        for (size_t at = 0; at < packets[i].size; at++) {
            uint8_t copy[64];
            memcpy(copy, packets[i].data, packets[i].size);
            copy[at] ^= 0xff;
            json_t *fields = fields_of(bytes_make(copy, packets[i].size), MQTT_5, false);
            assert_covers(fields, packets[i].size);
            json_decref(fields);
        }
    }
}

static void many_fields_are_bounded(void **state) {
    (void)state;
    static uint8_t packet[8000] = {0x82, 0xbc, 0x3e, 0, 1, 0};
    json_t *fields = fields_of(bytes_make(packet, sizeof packet), MQTT_5, false);
    assert_covers(fields, sizeof packet);
    assert_in_range(json_array_size(fields), WEB_FIELDS_MAX, WEB_FIELDS_MAX + 2);
    json_decref(fields);
}

static void a_line_has_six_fields(void **state) {
    (void)state;
    struct bytes line = BYTES_LITERAL("1795491528\t83\t580\tjoin\t-broker-kitchen-\t600\t");
    json_t *fields = fields_of(line, MQTT_5, true);
    assert_covers(fields, line.size);
    assert_string_equal(text_of(fields, "sender", "value"), "83");
    assert_string_equal(text_of(fields, "payload", "value"), "-broker-kitchen-");
    assert_string_equal(text_of(fields, "signature", "value"), "600");
    json_decref(fields);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_publish_has_its_fields_and_their_statements),
        cmocka_unit_test(a_connect_has_its_will_and_names),
        cmocka_unit_test(what_is_wrong_is_covered_too),
        cmocka_unit_test(many_fields_are_bounded),
        cmocka_unit_test(a_line_has_six_fields),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
