// What --raw adds: bytes of packets without their secrets, and payloads in bounds. The other
// members are in the golden lines of the process tests and of docs/json.md.
#include "support.h"

#include "watch/explain/mqtt_json.h"

#include <jansson.h>
#include <string.h>

struct fixture {
    struct memory memory;
    struct mqtt_tap *tap;
    struct buffer out;
    bool raw;
};

static int set_up(void **state) {
    struct fixture *fixture = test_calloc(1, sizeof *fixture);
    memory_init(&fixture->memory);
    fixture->tap = mqtt_tap_create(&fixture->memory);
    buffer_init(&fixture->out, &fixture->memory);
    fixture->raw = true;
    *state = fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    mqtt_tap_destroy(fixture->tap);
    buffer_deinit(&fixture->out);
    assert_int_equal(memory_used(&fixture->memory), 0);
    test_free(fixture);
    return 0;
}

static void take(void *context, const struct mqtt_item *item) {
    struct fixture *fixture = context;
    fixture->out.size = 0;
    const struct mqtt_json_words words = {.raw = fixture->raw};
    mqtt_json_append(item, "tap", &words, &fixture->out);
}

// The object of the last packet of these bytes; to be freed.
static json_t *show(struct fixture *fixture, struct bytes bytes, enum tap_direction direction) {
    const struct tap_event event = {.kind = TAP_BYTES,
                                    .direction = direction,
                                    .connection = 1,
                                    .port = 1883,
                                    .peer = "127.0.0.1:5000",
                                    .broker = "",
                                    .bytes = bytes};
    mqtt_tap_event(fixture->tap, &event, &(struct mqtt_item_taker){fixture, take});
    json_t *object = json_loadb((const char *)fixture->out.data, fixture->out.size, 0, NULL);
    assert_non_null(object);
    return object;
}

static void assert_raw(const json_t *object, const char *raw) {
    assert_string_equal(json_string_value(json_object_get(object, "raw")), raw);
}

#define CONNECT                                    \
    "\x10\x15\x00\x04MQTT\x04\xc2\x00\x3c\x00\x01" \
    "c\x00\x01u\x00\x03"                           \
    "key"

static void a_password_is_hidden(void **state) {
    json_t *object = show(*state, BYTES_LITERAL(CONNECT), TAP_FROM_CLIENT);
    assert_raw(object, "101500044d51545404c2003c000163000175"
                       "0003xxxxxx");
    assert_string_equal(json_string_value(json_object_get(object, "protocol")), "3.1.1");
    json_decref(object);
}

static void authentication_data_are_hidden(void **state) {
    static const char auth[] = "\xf0\x0c\x18\x0a\x15\x00\x01m\x16\x00\x03key";
    json_t *object = show(*state, bytes_make(auth, sizeof auth - 1), TAP_FROM_CLIENT);
    assert_string_equal(json_string_value(json_object_get(object, "fault")) == NULL ? "" : "fault",
                        "fault"); // AUTH before 5.0
    assert_raw(object, "xxxxxxxxxxxxxxxxxxxxxxxxxxxx");
    json_decref(object);
    object = show(*state,
                  BYTES_LITERAL("\x10\x17\x00\x04MQTT\x05\x02\x00\x3c\x0a\x15\x00\x01m\x16\x00\x03"
                                "key\x00\x00"),
                  TAP_FROM_CLIENT);
    assert_raw(object, "101700044d5154540502003c0a1500016d160003xxxxxx0000");
    json_decref(object);
}

// Where the secrets of a spoilt CONNECT are, nobody knows.
static void all_of_a_spoilt_connect_is_hidden(void **state) {
    json_t *object = show(*state, BYTES_LITERAL("\x10\x05\x00\x04key"), TAP_FROM_CLIENT);
    assert_raw(object, "xxxxxxxxxxxxxx");
    json_decref(object);
    object = show(*state, BYTES_LITERAL("\x40\x01\x07"), TAP_FROM_CLIENT);
    assert_raw(object, "400107");
    json_decref(object);
}

// A long payload of three-byte characters, cut between two of them.
static void long_payloads_are_cut(void **state) {
    enum { CHARACTERS = 10000 };
    struct fixture *fixture = *state;
    struct buffer packet;
    buffer_init(&packet, &fixture->memory);
    buffer_append(&packet, BYTES_LITERAL("\x30\xb3\xea\x01\x00\x01t"));
    for (unsigned i = 0; i < CHARACTERS; i++) {
        buffer_append_text(&packet, "\xe2\x82\xac");
    }
    json_t *object = show(fixture, buffer_bytes(&packet), TAP_FROM_CLIENT);
    assert_int_equal(json_integer_value(json_object_get(object, "payload_bytes")), 3 * CHARACTERS);
    size_t size = json_string_length(json_object_get(object, "payload"));
    assert_int_equal(size, MQTT_JSON_PAYLOAD_MAX - MQTT_JSON_PAYLOAD_MAX % 3);
    assert_int_equal(json_string_length(json_object_get(object, "raw")), 2 * MQTT_JSON_RAW_MAX);
    json_decref(object);
    fixture->raw = false;
    object = show(fixture, buffer_bytes(&packet), TAP_FROM_CLIENT);
    assert_int_equal(json_string_length(json_object_get(object, "payload")), 3 * CHARACTERS);
    assert_null(json_object_get(object, "raw"));
    assert_null(json_object_get(object, "payload_bytes"));
    json_decref(object);
    buffer_deinit(&packet);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_password_is_hidden, set_up, tear_down),
        cmocka_unit_test_setup_teardown(authentication_data_are_hidden, set_up, tear_down),
        cmocka_unit_test_setup_teardown(all_of_a_spoilt_connect_is_hidden, set_up, tear_down),
        cmocka_unit_test_setup_teardown(long_payloads_are_cut, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
