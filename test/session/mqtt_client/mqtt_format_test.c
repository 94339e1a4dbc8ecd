#include "support.h"

#include "session/mqtt_client/mqtt_format.h"

static struct mqtt_properties properties;
static struct mqtt_client_event message = {.kind = MQTT_CLIENT_EVENT_MESSAGE,
                                           .text = {(const uint8_t *)"room/temp", 9},
                                           .value = {(const uint8_t *)"21.5\x01", 5},
                                           .properties = &properties,
                                           .qos = 1,
                                           .packet_id = 7,
                                           .retain = true};

static void check(const char *format, bool is_shown, const char *expected) {
    struct memory memory;
    struct buffer out;
    struct timespec time = {.tv_sec = 5, .tv_nsec = 42};
    memory_init(&memory);
    buffer_init(&out, &memory);
    assert_null(mqtt_format_check(format));
    mqtt_format_append(&out, format, &message, &time, is_shown);
    assert_bytes_equal(buffer_bytes(&out), bytes_of_text(expected));
    buffer_deinit(&out);
}

static void conversions_are_those_of_mosquitto_sub(void **state) {
    (void)state;
    check("%t %q %r %m %l %%", false, "room/temp 1 1 7 5 %");
    check("%x|%X", false, "32312e3501|32312E3501");
    check("%p", false, "21.5\x01");
    check("%p", true, "21.5\\x01");
    check("%U", false, "5.000000042");
    check("a\\tb\\\\@@", false, "a\tb\\@");
    check("[%3q][%-3q][%12t]", false, "[  1][1  ][   room/temp]");
}

static void properties_are_printed_where_they_are(void **state) {
    (void)state;
    static const uint8_t run[] = "\x26\x00\x01k\x00\x01v\x0b\x05\x0b\x06\x26\x00\x01l\x00\x01w";
    check("[%E][%C][%P][%S]", false, "[][][][]");
    properties = (struct mqtt_properties){.present = MQTT_HAS(MQTT_MESSAGE_EXPIRY),
                                          .message_expiry = 60,
                                          .content_type = BYTES_LITERAL("text"),
                                          .raw = bytes_make(run, sizeof run - 1)};
    check("[%E][%C][%P][%S]", false, "[60][text][k:v l:w][5 6]");
    properties = (struct mqtt_properties){0};
}

static void json_has_the_payload_as_text_or_as_json(void **state) {
    (void)state;
    message.value = BYTES_LITERAL("{\"a\":1}");
    check("%j", false,
          "{\"topic\":\"room/temp\",\"value\":\"{\\\"a\\\":1}\",\"qos\":1,\"retain\":true,"
          "\"packet_id\":7,\"dup\":false}");
    check("%J", false,
          "{\"topic\":\"room/temp\",\"value\":{\"a\":1},\"qos\":1,\"retain\":true,"
          "\"packet_id\":7,\"dup\":false}");
}

static void what_is_no_format_is_refused(void **state) {
    (void)state;
    static const char *const wrong[] = {"%", "%y", "a%5", "\\", "\\q", "@", "%99999q"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_non_null(mqtt_format_check(wrong[i]));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conversions_are_those_of_mosquitto_sub),
        cmocka_unit_test(properties_are_printed_where_they_are),
        cmocka_unit_test(json_has_the_payload_as_text_or_as_json),
        cmocka_unit_test(what_is_no_format_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
