#include "support.h"

#include <stdlib.h>

#include "session/broker/report_mqtt.h"

struct place {
    struct memory memory;
    struct output output;
    struct report report;
    struct buffer bytes;
    struct buffer chunks;
};

static void open_place(struct place *place, bool json) {
    memory_init(&place->memory);
    assert_true(output_init(&place->output));
    buffer_init(&place->bytes, &place->memory);
    buffer_init(&place->chunks, &place->memory);
    report_init(&place->report, &place->output, &place->memory, json);
}

static void close_place(struct place *place) {
    report_deinit(&place->report);
    output_deinit(&place->output);
    buffer_deinit(&place->bytes);
    buffer_deinit(&place->chunks);
    assert_int_equal(place->memory.blocks_in_use, 0);
}

// What the event is said as, and on which stream.
static const char *say(struct place *place, const struct door_event *event,
                       enum output_stream *stream) {
    place->bytes.size = place->chunks.size = 0;
    report_mqtt_event(&place->report, event);
    (void)output_take(&place->output, &place->bytes, &place->chunks);
    assert_true(place->chunks.size > 0);
    *stream = ((const struct output_chunk *)place->chunks.data)->stream;
    buffer_append_byte(&place->bytes, 0);
    return (const char *)place->bytes.data;
}

#define ID .client_id = BYTES_LITERAL("me")
#define PLACE .peer_address = BYTES_LITERAL("[::1]:5000")

static const struct {
    struct door_event event;
    const char *text;
    const char *json; // its members in the order of their names, but for `time`
} cases[] = {
    {{.kind = DOOR_EVENT_CONNECTED, .version = MQTT_5, ID, PLACE},
     "me connected (MQTT 5.0, from [::1]:5000)\n",
     "{\"client_id\":\"me\",\"event\":\"mqtt-connected\",\"place\":\"[::1]:5000\","
     "\"version\":\"5.0\"}"},
    {{.kind = DOOR_EVENT_CONNECTED, .version = MQTT_3_1, ID, PLACE},
     "me connected (MQTT 3.1, from [::1]:5000)\n",
     "{\"client_id\":\"me\",\"event\":\"mqtt-connected\",\"place\":\"[::1]:5000\","
     "\"version\":\"3.1\"}"},
    {{.kind = DOOR_EVENT_REFUSED, .reason = MQTT_NOT_AUTHORIZED, PLACE},
     "a client at [::1]:5000 was refused: not authorized\n",
     "{\"client_id\":\"\",\"event\":\"mqtt-refused\",\"meaning\":\"not authorized\","
     "\"place\":\"[::1]:5000\",\"reason\":135}"},
    {{.kind = DOOR_EVENT_REFUSED, .reason = MQTT_MALFORMED_PACKET, .why = "it sent no CONNECT"},
     "a client was refused: it sent no CONNECT\n",
     "{\"client_id\":\"\",\"event\":\"mqtt-refused\",\"meaning\":\"it sent no CONNECT\","
     "\"reason\":129}"},
    {{.kind = DOOR_EVENT_DISCONNECTED, ID, PLACE, .reason = MQTT_KEEP_ALIVE_TIMEOUT},
     "me: connection ended: keep alive timeout\n",
     "{\"client_id\":\"me\",\"event\":\"mqtt-disconnected\",\"meaning\":\"keep alive timeout\","
     "\"place\":\"[::1]:5000\",\"reason\":141}"},
    {{.kind = DOOR_EVENT_DISCONNECTED, ID, .why = "it disconnected"},
     "me: connection ended: it disconnected\n",
     "{\"client_id\":\"me\",\"event\":\"mqtt-disconnected\",\"meaning\":\"it disconnected\","
     "\"reason\":0}"},
    {{.kind = DOOR_EVENT_SUBSCRIBED, ID, .text = BYTES_LITERAL("a/+")},
     "me subscribed to \"a/+\"\n",
     "{\"client_id\":\"me\",\"event\":\"mqtt-subscribed\",\"topic\":\"a/+\"}"},
    {{.kind = DOOR_EVENT_NOT_SUBSCRIBED,
      ID,
      .text = BYTES_LITERAL("a/#/b"),
      .reason = MQTT_TOPIC_FILTER_INVALID},
     "me was refused the subscription to \"a/#/b\": topic filter invalid\n",
     "{\"client_id\":\"me\",\"event\":\"mqtt-not-subscribed\",\"meaning\":\"topic filter invalid\","
     "\"reason\":143,\"topic\":\"a/#/b\"}"},
    {{.kind = DOOR_EVENT_UNSUBSCRIBED, ID, .text = BYTES_LITERAL("$share/g/a")},
     "me unsubscribed from \"$share/g/a\"\n",
     "{\"client_id\":\"me\",\"event\":\"mqtt-unsubscribed\",\"topic\":\"$share/g/a\"}"},
    {{.kind = DOOR_EVENT_ENTRY, ID, .text = BYTES_LITERAL("temp"), .value = BYTES_LITERAL("21.5")},
     "me published temp 21.5\n",
     "{\"client_id\":\"me\",\"event\":\"published\",\"topic\":\"temp\",\"value\":\"21.5\"}"},
    {{.kind = DOOR_EVENT_ENTRY, ID, .text = BYTES_LITERAL("temp")},
     "me published temp \n",
     "{\"client_id\":\"me\",\"event\":\"published\",\"topic\":\"temp\",\"value\":\"\"}"},
    {{.kind = DOOR_EVENT_DISPLACED, ID, .reason = MQTT_QUOTA_EXCEEDED, .why = "it is full"},
     "me: its session, the longest absent, made room: it is full\n",
     "{\"client_id\":\"me\",\"event\":\"mqtt-displaced\",\"meaning\":\"it is full\","
     "\"reason\":151}"},
    {{.kind = DOOR_EVENT_DROPPED, ID, .reason = MQTT_QUOTA_EXCEEDED},
     "me loses messages: its queue is full (list counts them)\n",
     "{\"client_id\":\"me\",\"event\":\"mqtt-dropped\",\"meaning\":\"quota exceeded\","
     "\"reason\":151}"},
    {{.kind = DOOR_EVENT_DENIED, ID, .text = BYTES_LITERAL("a/b"), .reason = MQTT_NOT_AUTHORIZED},
     "me may not publish \"a/b\" by the access lists (list counts them)\n",
     "{\"client_id\":\"me\",\"event\":\"mqtt-denied\",\"meaning\":\"not authorized\","
     "\"reason\":135,\"topic\":\"a/b\"}"},
    {{.kind = DOOR_EVENT_NOT_RETAINED,
      ID,
      .text = BYTES_LITERAL("a/b"),
      .reason = MQTT_QUOTA_EXCEEDED},
     "me published \"a/b\", which is not retained: there is no room (list counts them)\n",
     "{\"client_id\":\"me\",\"event\":\"mqtt-not-retained\",\"meaning\":\"quota exceeded\","
     "\"reason\":151,\"topic\":\"a/b\"}"},
    // What a client sends cannot move a terminal.
    {{.kind = DOOR_EVENT_ENTRY,
      .client_id = BYTES_LITERAL("\x1b[2J"),
      .text = BYTES_LITERAL("a\nb"),
      .value = BYTES_LITERAL("\xff\x00")},
     "\\x1B[2J published a\\nb \\xFF\\x00\n",
     "{\"client_id\":\"\\u001B[2J\",\"event\":\"published\",\"topic\":\"a\\nb\","
     "\"value_base64\":\"/wA=\"}"},
};

#define CASES (sizeof cases / sizeof *cases)

static void events_are_told_in_words(void **state) {
    (void)state;
    struct place place;
    open_place(&place, false);
    for (size_t i = 0; i < CASES; i++) {
        enum output_stream stream;
        bool is_entry = cases[i].event.kind == DOOR_EVENT_ENTRY;
        assert_string_equal(say(&place, &cases[i].event, &stream), cases[i].text);
        assert_int_equal(stream, is_entry ? OUTPUT_ANSWER : OUTPUT_NOTICE);
    }
    close_place(&place);
}

static void events_are_told_as_json(void **state) {
    (void)state;
    struct place place;
    open_place(&place, true);
    for (size_t i = 0; i < CASES; i++) {
        enum output_stream stream;
        json_t *object = json_loads(say(&place, &cases[i].event, &stream), 0, NULL);
        assert_non_null(object);
        assert_true(json_is_integer(json_object_get(object, "time")));
        json_object_del(object, "time");
        char *text = json_dumps(object, JSON_COMPACT | JSON_SORT_KEYS);
        assert_string_equal(text, cases[i].json);
        assert_int_equal(stream, OUTPUT_ANSWER);
        free(text);
        json_decref(object);
    }
    close_place(&place);
}

// A hundred megabytes would keep all others waiting.
static void a_long_value_is_told_in_part(void **state) {
    (void)state;
    struct place place;
    char value[(16 << 10) + 1];
    enum output_stream stream;
    memset(value, 'x', sizeof value);
    struct door_event event = {.kind = DOOR_EVENT_ENTRY, ID, .text = BYTES_LITERAL("a")};
    event.value = bytes_make(value, sizeof value - 1);
    open_place(&place, false);
    assert_int_equal(strspn(strstr(say(&place, &event, &stream), "a ") + 2, "x"), 16 << 10);
    assert_null(strstr((const char *)place.bytes.data, "bytes"));
    event.value.size++;
    const char *end = strstr(say(&place, &event, &stream), "a ") + 2;
    assert_int_equal(strspn(end, "x"), 16 << 10);
    assert_string_equal(end + (16 << 10), "… (16385 bytes)\n");
    close_place(&place);
}

static void versions_have_names(void **state) {
    (void)state;
    assert_string_equal(report_mqtt_version(MQTT_3_1), "3.1");
    assert_string_equal(report_mqtt_version(MQTT_3_1_1), "3.1.1");
    assert_string_equal(report_mqtt_version(MQTT_5), "5.0");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_are_told_in_words),
        cmocka_unit_test(events_are_told_as_json),
        cmocka_unit_test(a_long_value_is_told_in_part),
        cmocka_unit_test(versions_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
