// Segments as a network delivers them and a capture sees them: twice, late, out of order, some not
// at all.
#include "support.h"

#include "medium/capture/capture_streams.h"

#include <stdio.h>

#include "base/buffer.h"
#include "medium/capture/tap_format.h"

#define UP TAP_FROM_CLIENT
#define DOWN TAP_FROM_BROKER
#define CONNECT "\x10\x0c\x00\x04MQTT\x04\x02\x00\x3c\x00\x00"

struct fixture {
    struct memory memory;
    struct capture_streams *streams;
    struct capture_moment moment;
    struct tap_events events;
    struct buffer got;
    struct buffer notices;
    uint16_t client_port;
    uint16_t broker_port;
    uint32_t first[2]; // sequence numbers of the first bytes
};

static void receive_event(void *context, const struct tap_event *event) {
    static const char *const kinds[] = {"open", "bytes", "lost", "note", "close"};
    struct fixture *fixture = context;
    char text[TAP_NOTE_BYTES_MAX];
    (void)snprintf(text, sizeof text, "%s%u%s%.*s", kinds[event->kind], event->connection,
                   event->kind == TAP_OPENED || event->kind == TAP_CLOSED ? ""
                   : event->direction == UP                               ? ">"
                                                                          : "<",
                   (int)(event->bytes.size < 32 ? event->bytes.size : 0),
                   event->bytes.size > 0 ? (const char *)event->bytes.data : "");
    buffer_append_text(&fixture->got, text);
    buffer_append_text(&fixture->got, event->is_middle ? " middle" : "");
    if (event->note != NULL) {
        buffer_append_text(&fixture->got, " ");
        buffer_append(&fixture->got, bytes_make(text, tap_note_write(event->note, text)));
    }
    buffer_append_text(&fixture->got, "\n");
}

static void receive_notice(void *context, const char *text) {
    struct fixture *fixture = context;
    buffer_append_text(&fixture->notices, text);
}

static int set_up(void **state) {
    struct fixture *fixture = test_calloc(1, sizeof *fixture);
    memory_init(&fixture->memory);
    buffer_init(&fixture->got, &fixture->memory);
    buffer_init(&fixture->notices, &fixture->memory);
    fixture->streams = capture_streams_create(&fixture->memory);
    fixture->events = (struct tap_events){fixture, receive_event, receive_notice};
    fixture->moment = (struct capture_moment){.unix_ns = 1, .events = &fixture->events};
    fixture->client_port = 5000;
    fixture->broker_port = 1883;
    fixture->first[UP] = 0xfffffff0; // numbers wrap around
    fixture->first[DOWN] = 7000;
    *state = fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    capture_streams_destroy(fixture->streams);
    buffer_deinit(&fixture->got);
    buffer_deinit(&fixture->notices);
    assert_int_equal(fixture->memory.bytes_in_use, 0);
    test_free(fixture);
    return 0;
}

static struct capture_segment segment_of(const struct fixture *fixture,
                                         enum tap_direction direction, uint32_t at, uint8_t flags) {
    struct capture_segment segment = {.sequence = fixture->first[direction] + at,
                                      .acknowledged = fixture->first[!direction],
                                      .flags = flags};
    uint16_t ports[2] = {fixture->client_port, fixture->broker_port};
    for (int end = 0; end < 2; end++) {
        uint16_t port = ports[direction == UP ? end : !end];
        segment.ends.addresses[end][0] = direction == UP ? (uint8_t)end + 1 : (uint8_t)(2 - end);
        segment.ends.ports[end][0] = (uint8_t)(port >> 8);
        segment.ends.ports[end][1] = (uint8_t)port;
    }
    return segment;
}

static void give(struct fixture *fixture, const struct capture_segment *segment) {
    capture_streams_take(fixture->streams, segment, &fixture->moment);
}

static void flags(struct fixture *fixture, enum tap_direction direction, uint32_t at,
                  uint8_t which) {
    struct capture_segment segment = segment_of(fixture, direction, at, which);
    give(fixture, &segment);
}

static void bytes(struct fixture *fixture, enum tap_direction direction, uint32_t at,
                  struct bytes payload) {
    struct capture_segment segment = segment_of(fixture, direction, at, TAP_FLAG_ACK);
    segment.payload = payload;
    give(fixture, &segment);
}

static void text(struct fixture *fixture, enum tap_direction direction, uint32_t at,
                 const char *payload) {
    bytes(fixture, direction, at, bytes_of_text(payload));
}

// The receiver has all of a direction before `at`.
static void acknowledge(struct fixture *fixture, enum tap_direction of, uint32_t at) {
    struct capture_segment segment = segment_of(fixture, !of, 0, TAP_FLAG_ACK);
    segment.acknowledged = fixture->first[of] + at;
    give(fixture, &segment);
}

static void open_it(struct fixture *fixture) {
    flags(fixture, UP, UINT32_MAX, TAP_FLAG_SYN); // one before the first byte
    flags(fixture, DOWN, UINT32_MAX, TAP_FLAG_SYN | TAP_FLAG_ACK);
}

static void assert_got(struct fixture *fixture, const char *events) {
    assert_bytes_equal(buffer_bytes(&fixture->got), bytes_of_text(events));
    fixture->got.size = 0;
}

static void puts_bytes_into_their_order(void **state) {
    struct fixture *fixture = *state;
    open_it(fixture);
    text(fixture, UP, 20, "uvw");
    text(fixture, UP, 3, "def");
    text(fixture, UP, 10, "klmnopqrst");
    text(fixture, UP, 10, "klm"); // again, shorter
    assert_got(fixture, "open1\n");
    text(fixture, UP, 0, "abc");
    assert_got(fixture, "bytes1>abc\nbytes1>def\n");
    text(fixture, UP, 4, "efghijk"); // overlaps with what came and with what waits
    assert_got(fixture, "bytes1>ghijk\nbytes1>lmnopqrst\nbytes1>uvw\n");
    text(fixture, UP, 0, "abcdef"); // long ago
    text(fixture, DOWN, 0, "x");
    assert_got(fixture, "bytes1<x\n");
}

// The other side has it: the capture missed it, and goes on when it can come no more.
static void what_was_acknowledged_and_never_came_is_lost(void **state) {
    struct fixture *fixture = *state;
    open_it(fixture);
    text(fixture, UP, 0, "abc");
    text(fixture, UP, 6, "ghi");
    for (int i = 0; i < 20; i++) {
        acknowledge(fixture, UP, 3); // the receiver waits for it too
    }
    assert_got(fixture, "open1\nbytes1>abc\n");
    for (int i = 0; i < CAPTURE_PATIENCE; i++) {
        acknowledge(fixture, UP, 9);
    }
    assert_got(fixture, "");
    acknowledge(fixture, UP, 9);
    assert_got(fixture, "lost1>\nbytes1>ghi\n");
    text(fixture, UP, 3, "def"); // too late
    text(fixture, UP, 9, "jkl");
    assert_got(fixture, "bytes1>jkl\n");
}

static void what_waits_at_the_end_is_told(void **state) {
    struct fixture *fixture = *state;
    open_it(fixture);
    text(fixture, DOWN, 6, "ghi");
    text(fixture, DOWN, 12, "mno");
    assert_got(fixture, "open1\n");
    capture_streams_flush(fixture->streams, &fixture->moment);
    assert_got(fixture, "lost1<\nbytes1<ghi\nlost1<\nbytes1<mno\n");
    capture_streams_close(fixture->streams, &fixture->moment);
    assert_got(fixture, "close1 ended by somebody: the capture ends here\n");
}

static void memory_is_bounded(void **state) {
    struct fixture *fixture = *state;
    static const uint8_t much[60000];
    open_it(fixture);
    for (uint32_t i = 1; i < 1000; i++) {
        bytes(fixture, UP, i * 60000, bytes_make(much, sizeof much));
        assert_true(fixture->memory.bytes_in_use < 2 * CAPTURE_AHEAD_MAX);
    }
    assert_int_equal(memcmp(fixture->got.data, "open1\nlost1>\nbytes1>", 19), 0);
    capture_streams_flush(fixture->streams, &fixture->moment);
    fixture->got.size = 0;
}

// A capture with -s: the ends of packets are not in it.
static void cut_packets_are_losses(void **state) {
    struct fixture *fixture = *state;
    open_it(fixture);
    struct capture_segment segment = segment_of(fixture, UP, 0, TAP_FLAG_ACK);
    segment.payload = BYTES_LITERAL("abc");
    segment.missing = 100;
    give(fixture, &segment);
    text(fixture, UP, 103, "def");
    assert_got(fixture, "open1\nbytes1>abc\nlost1>\nbytes1>def\n");
}

static void says_who_ended_it(void **state) {
    struct fixture *fixture = *state;
    open_it(fixture);
    flags(fixture, DOWN, 0, TAP_FLAG_FIN | TAP_FLAG_ACK);
    flags(fixture, UP, 3, TAP_FLAG_FIN | TAP_FLAG_ACK);
    assert_got(fixture, "open1\n"); // bytes before its end are still to come
    text(fixture, UP, 0, "abc");
    assert_got(fixture, "bytes1>abc\nclose1 ended by the broker: it closed without DISCONNECT\n");
    open_it(fixture);
    flags(fixture, UP, 0, TAP_FLAG_RST | TAP_FLAG_ACK);
    assert_got(fixture, "open2\nclose2 ended by the client: the connection was reset\n");
    flags(fixture, UP, 0, TAP_FLAG_RST | TAP_FLAG_ACK);
    open_it(fixture);
    fixture->first[UP] = 99; // the same ports once more
    open_it(fixture);
    assert_got(fixture, "open3\nclose3 ended by somebody: its end was not captured\nopen4\n");
}

static void connections_to_other_ports_are_told_if_they_are_mqtt(void **state) {
    struct fixture *fixture = *state;
    fixture->broker_port = 2883;
    open_it(fixture);
    assert_got(fixture, "");
    bytes(fixture, UP, 0, BYTES_LITERAL(CONNECT));
    assert_int_equal(memcmp(fixture->got.data, "open1\nbytes1>", 13), 0);
    fixture->got.size = 0;
    text(fixture, DOWN, 0, "x");
    assert_got(fixture, "bytes1<x\n");
    fixture->broker_port = 80;
    open_it(fixture);
    text(fixture, UP, 0, "GET / HTTP/1.1");
    text(fixture, DOWN, 0, "HTTP/1.1 200 OK");
    text(fixture, UP, 14, "more");
    assert_got(fixture, "");
    assert_bytes_equal(buffer_bytes(&fixture->notices),
                       BYTES_LITERAL("has connections that are not MQTT, or whose beginning is "
                                     "not there; they are not shown"));
}

static void a_connection_may_be_older_than_the_capture(void **state) {
    struct fixture *fixture = *state;
    text(fixture, DOWN, 100, "x");
    text(fixture, UP, 200, "y");
    text(fixture, DOWN, 101, "z");
    assert_got(fixture, "open1 middle\nbytes1<x\nbytes1>y\nbytes1<z\n");
    fixture->client_port = 5001;
    flags(fixture, DOWN, UINT32_MAX, TAP_FLAG_SYN | TAP_FLAG_ACK); // the SYN is missing
    text(fixture, UP, 0, "abc");
    assert_got(fixture, "open2\nbytes2>abc\n");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(puts_bytes_into_their_order),
        TEST(what_was_acknowledged_and_never_came_is_lost),
        TEST(what_waits_at_the_end_is_told),
        TEST(memory_is_bounded),
        TEST(cut_packets_are_losses),
        TEST(says_who_ended_it),
        TEST(connections_to_other_ports_are_told_if_they_are_mqtt),
        TEST(a_connection_may_be_older_than_the_capture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
