#include "support.h"

#include "session/line/line_report.h"

#include <stdio.h>

struct place {
    struct memory memory;
    struct output output;
    struct report report;
    struct line_report line;
    struct buffer bytes;
    struct buffer chunks;
};

static void open_place(struct place *place, bool json, bool broker) {
    memory_init(&place->memory);
    assert_true(output_init(&place->output));
    buffer_init(&place->bytes, &place->memory);
    buffer_init(&place->chunks, &place->memory);
    report_init(&place->report, &place->output, &place->memory, json);
    place->line = (struct line_report){.report = &place->report, .broker = broker};
}

static void close_place(struct place *place) {
    report_deinit(&place->report);
    output_deinit(&place->output);
    buffer_deinit(&place->bytes);
    buffer_deinit(&place->chunks);
    assert_int_equal(place->memory.blocks_in_use, 0);
}

// What was said since the last call, and on which stream the first line of it.
static const char *said(struct place *place, enum output_stream *stream) {
    place->bytes.size = place->chunks.size = 0;
    (void)output_take(&place->output, &place->bytes, &place->chunks);
    *stream = OUTPUT_ANSWER;
    if (place->chunks.size > 0) {
        *stream = ((const struct output_chunk *)place->chunks.data)->stream;
    }
    buffer_append_byte(&place->bytes, 0);
    return (const char *)place->bytes.data;
}

static void assert_said(struct place *place, const struct role_event *event,
                        enum output_stream expected_stream, const char *expected) {
    enum output_stream stream;
    line_report_event(&place->line, event);
    assert_string_equal(said(place, &stream), expected);
    assert_int_equal(stream, expected_stream);
}

static void a_client_is_told_in_words(void **state) {
    (void)state;
    struct place place;
    open_place(&place, false, false);
    static const struct {
        struct role_event event;
        const char *text;
    } cases[] = {
        {{.kind = EVENT_JOINED, .address = 83, .device_kind = "broker", .text = {0}},
         "broker 83 is on the network\n"},
        {{.kind = EVENT_CONNECTED, .address = 83, .status = 200, .suite = "sodium"},
         "connected with 83 (suite sodium)\n"},
        {{.kind = EVENT_REFUSED, .address = 83, .status = 509},
         "connection with 83 refused: 509, too many connections or subscriptions\n"},
        {{.kind = EVENT_DISCONNECTED, .address = 83, .cause = CAUSE_SILENT},
         "connection with 83 ended: it was silent for too long\n"},
        {{.kind = EVENT_DISCONNECTED, .address = 83, .cause = CAUSE_PEER, .status = 408},
         "connection with 83 ended: it disconnected (408, timed out)\n"},
        {{.kind = EVENT_LEFT, .address = 83, .device_kind = "broker"}, "broker 83 left\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_said(&place, &cases[i].event, OUTPUT_NOTICE, cases[i].text);
    }
    close_place(&place);
}

static void names_and_entries_cannot_move_a_terminal(void **state) {
    (void)state;
    struct place place;
    open_place(&place, false, false);
    assert_said(&place,
                &(struct role_event){.kind = EVENT_LEFT,
                                     .address = 83,
                                     .device_kind = "broker",
                                     .text = BYTES_LITERAL("a\033[2J\n")},
                OUTPUT_NOTICE, "broker 83 \"a\\x1B[2J\\n\" left\n");
    assert_said(&place,
                &(struct role_event){.kind = EVENT_ENTRY,
                                     .address = 83,
                                     .text = BYTES_LITERAL("t"),
                                     .value = BYTES_LITERAL("1\n2\r")},
                OUTPUT_ANSWER, "t 1\\n2\\x0D\n");
    close_place(&place);
}

static void entries_are_hidden_while_not_listening(void **state) {
    (void)state;
    struct place place;
    struct role_event event = {.kind = EVENT_ENTRY,
                               .address = 580,
                               .text = BYTES_LITERAL("t"),
                               .value = BYTES_LITERAL("1")};
    open_place(&place, false, true);
    assert_said(&place, &event, OUTPUT_ANSWER, "580 published t 1\n");
    place.report.listening = false;
    assert_said(&place, &event, OUTPUT_ANSWER, "");
    close_place(&place);
}

static void a_flood_of_dropped_packets_is_named_seldom_and_counted(void **state) {
    (void)state;
    struct place place;
    struct role_event event = {
        .kind = EVENT_DROPPED, .address = 5, .fault = PACKET_FAULT_SIGNATURE};
    enum output_stream stream;
    open_place(&place, false, false);
    for (int i = 0; i < 1500; i++) {
        line_report_event(&place.line, &event);
    }
    const char *text = said(&place, &stream);
    unsigned lines = 0;
    for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++) {
        lines++;
    }
    assert_int_equal(lines, 4); // 1, 10, 100, 1000
    assert_non_null(strstr(text, "the 1000th of this kind"));
    assert_int_equal(place.line.dropped[PACKET_FAULT_SIGNATURE], 1500);
    close_place(&place);
}

static void json_keeps_every_byte(void **state) {
    (void)state;
    struct place place;
    enum output_stream stream;
    open_place(&place, true, false);
    line_report_event(&place.line, &(struct role_event){.kind = EVENT_ENTRY,
                                                        .address = 83,
                                                        .text = BYTES_LITERAL("a\"b"),
                                                        .value = BYTES_LITERAL("\xff\0")});
    const char *text = said(&place, &stream);
    json_t *object = json_loads(text, 0, NULL);
    assert_string_equal(json_string_value(json_object_get(object, "event")), "update");
    assert_string_equal(json_string_value(json_object_get(object, "topic")), "a\"b");
    assert_string_equal(json_string_value(json_object_get(object, "value_base64")), "/wA=");
    assert_int_equal(json_integer_value(json_object_get(object, "address")), 83);
    json_decref(object);
    report_error(&place.report, "what \"is\" wrong");
    text = said(&place, &stream);
    assert_non_null(strstr(text, "\"event\":\"error\""));
    assert_non_null(strstr(text, "\"text\":\"what \\\"is\\\" wrong\""));
    assert_int_equal(stream, OUTPUT_ANSWER);
    close_place(&place);
}

#define FLOOD 5000

static size_t count_lines(const char *text) {
    size_t lines = 0;
    for (; *text != '\0'; text++) {
        lines += *text == '\n';
    }
    return lines;
}

// Says each kind of thing that peers can cause, again and again; returns the lines that came of it.
static size_t flood(struct place *place, enum event_kind kind) {
    enum output_stream stream;
    const struct role_event event = {.kind = kind,
                                     .address = 580,
                                     .device_kind = "client",
                                     .suite = "classic",
                                     .cause = CAUSE_PEER,
                                     .text = BYTES_LITERAL("a")};
    for (unsigned i = 0; i < FLOOD; i++) {
        line_report_event(&place->line, &event);
        report_left_out(&place->report, false);
    }
    return count_lines(said(place, &stream));
}

// Each kind has a rate of its own; what is left out is told.
static void a_flood_at_a_broker_is_not_said_whole(void **state) {
    (void)state;
    for (int json = 0; json < 2; json++) {
        struct place place;
        open_place(&place, json != 0, true);
        for (int kind = EVENT_JOINED; kind <= EVENT_DROPPED; kind++) {
            if (kind == EVENT_ENTRY) {
                assert_int_equal(flood(&place, EVENT_ENTRY), FLOOD); // it is asked for
            } else {
                size_t lines = flood(&place, (enum event_kind)kind);
                assert_in_range(lines, 1, FLOOD / 2);
            }
        }
        for (unsigned i = 0; i < FLOOD; i++) {
            report_notice(&place.report, "a notice");
            report_error(&place.report, "an error");
        }
        enum output_stream stream;
        assert_in_range(count_lines(said(&place, &stream)), 4000, FLOOD);
        report_left_out(&place.report, true);
        const char *told = said(&place, &stream);
        assert_in_range(count_lines(told), 10, 20);
        assert_non_null(
            strstr(told, json != 0 ? "{\"event\":\"left-out\"" : "more lines of the kind"));
        close_place(&place);
    }
}

// Nobody asks for more entries than a day has seconds, but as JSON, for a program.
static void a_flood_of_entries_is_not_said_whole(void **state) {
    (void)state;
    for (int json = 0; json < 2; json++) {
        struct place place;
        size_t lines = 0;
        open_place(&place, json != 0, true);
        for (unsigned i = 0; i < 30; i++) {
            lines += flood(&place, EVENT_ENTRY);
        }
        assert_in_range(lines, json != 0 ? 30 * FLOOD : 100000, json != 0 ? 30 * FLOOD : 110000);
        close_place(&place);
    }
}

static void what_was_asked_for_is_said_as_often(void **state) {
    (void)state;
    struct place place;
    enum output_stream stream;
    open_place(&place, false, false);
    assert_int_equal(flood(&place, EVENT_ENTRY), FLOOD);
    assert_int_equal(flood(&place, EVENT_SUBSCRIBED), FLOOD);
    assert_int_equal(flood(&place, EVENT_DISCONNECTED), FLOOD);
    assert_in_range(flood(&place, EVENT_JOINED), 1, FLOOD / 2); // but not what others cause
    place.report.answers = true;
    for (unsigned i = 0; i < FLOOD; i++) {
        report_error(&place.report, "of a command");
    }
    assert_int_equal(count_lines(said(&place, &stream)), FLOOD);
    close_place(&place);
}

static void quiet_means_quiet(void **state) {
    (void)state;
    for (int json = 0; json < 2; json++) {
        struct place place;
        enum output_stream stream;
        open_place(&place, json != 0, true);
        place.report.quiet = true;
        place.report.listening = false;
        for (int kind = EVENT_JOINED; kind <= EVENT_DROPPED; kind++) {
            assert_int_equal(flood(&place, (enum event_kind)kind), 0);
        }
        report_left_out(&place.report, true);
        assert_string_equal(said(&place, &stream), "");
        const struct role_event asked = {
            .kind = EVENT_DISCONNECTED, .address = 580, .cause = CAUSE_ASKED};
        line_report_event(&place.line, &asked);
        report_notice(&place.report, "of its own");
        assert_int_equal(count_lines(said(&place, &stream)), 2);
        place.report.listening = true; // tgll
        assert_in_range(flood(&place, EVENT_ENTRY), 200, FLOOD);
        close_place(&place);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_is_told_in_words),
        cmocka_unit_test(names_and_entries_cannot_move_a_terminal),
        cmocka_unit_test(entries_are_hidden_while_not_listening),
        cmocka_unit_test(a_flood_of_dropped_packets_is_named_seldom_and_counted),
        cmocka_unit_test(json_keeps_every_byte),
        cmocka_unit_test(a_flood_at_a_broker_is_not_said_whole),
        cmocka_unit_test(a_flood_of_entries_is_not_said_whole),
        cmocka_unit_test(what_was_asked_for_is_said_as_often),
        cmocka_unit_test(quiet_means_quiet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
