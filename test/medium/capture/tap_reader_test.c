// What the tap wrote is read again; what other tools wrote, or nobody, is passed over with a word.
#include "support.h"

#include "medium/capture/tap_reader.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "medium/capture/tap_format.h"

#define THEN UINT64_C(1795435622123456789)

struct fixture {
    char *folder;
    char *path;
    struct memory memory;
    struct buffer got; // the events, in words
    struct buffer notices;
    struct tap *tap;
    struct tap_reader *reader;
    bool shows_notes;
};

static int set_up(void **state) {
    struct fixture *fixture = test_calloc(1, sizeof *fixture);
    fixture->folder = support_make_folder();
    fixture->path = support_path(fixture->folder, "tap.pcapng");
    memory_init(&fixture->memory);
    buffer_init(&fixture->got, &fixture->memory);
    buffer_init(&fixture->notices, &fixture->memory);
    *state = fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    tap_close(fixture->tap);
    tap_reader_close(fixture->reader);
    buffer_deinit(&fixture->got);
    buffer_deinit(&fixture->notices);
    assert_int_equal(fixture->memory.bytes_in_use, 0);
    free(fixture->path);
    support_remove_folder(fixture->folder);
    test_free(fixture);
    return 0;
}

static void open_tap(struct fixture *fixture) {
    struct tap_error error;
    fixture->tap = tap_open(fixture->path, &error);
    assert_non_null(fixture->tap);
}

static void open_reader(struct fixture *fixture) {
    struct file_network_error error;
    fixture->reader = tap_reader_open(fixture->path, &fixture->memory, &error);
    assert_non_null(fixture->reader);
}

static void receive_event(void *context, const struct tap_event *event) {
    static const char *const kinds[] = {"open", "bytes", "lost", "note", "close"};
    struct fixture *fixture = context;
    char text[TAP_NOTE_BYTES_MAX];
    (void)snprintf(text, sizeof text, "%s %u %s %u %s +%u ", kinds[event->kind], event->connection,
                   event->peer, event->port, event->direction == TAP_FROM_CLIENT ? "->" : "<-",
                   (unsigned)(event->unix_ns - THEN));
    buffer_append_text(&fixture->got, text);
    if (event->bytes.size <= 16) {
        buffer_append(&fixture->got, event->bytes);
    } else {
        buffer_append_decimal(&fixture->got, event->bytes.size);
    }
    if (fixture->shows_notes && event->note != NULL) {
        size_t size = tap_note_write(event->note, text);
        buffer_append_text(&fixture->got, " (");
        buffer_append(&fixture->got, bytes_make(text, size));
        buffer_append_text(&fixture->got, ")");
    }
    if (event->owner != NULL) {
        (void)snprintf(text, sizeof text, " %s %u %s %.*s", event->owner->kind,
                       event->owner->address,
                       event->owner->network == NULL ? "nowhere" : event->owner->network,
                       (int)event->owner->name.size, (const char *)event->owner->name.data);
        buffer_append_text(&fixture->got, text);
    }
    buffer_append_byte(&fixture->got, '\n');
}

static void receive_notice(void *context, const char *text) {
    struct fixture *fixture = context;
    size_t folder = strlen(fixture->folder);
    assert_int_equal(strncmp(text, fixture->folder, folder), 0);
    buffer_append_text(&fixture->notices, text + folder + 1);
    buffer_append_byte(&fixture->notices, '\n');
}

static void read_all(struct fixture *fixture) {
    struct tap_events events = {fixture, receive_event, receive_notice};
    while (tap_reader_read(fixture->reader, &events)) {
    }
}

static void assert_got(struct fixture *fixture, const char *events, const char *notices) {
    read_all(fixture);
    assert_bytes_equal(buffer_bytes(&fixture->got), bytes_of_text(events));
    assert_bytes_equal(buffer_bytes(&fixture->notices), bytes_of_text(notices));
    fixture->got.size = fixture->notices.size = 0;
}

static bool is_ready(const struct fixture *fixture) {
    struct pollfd polled = {.fd = tap_reader_fd(fixture->reader), .events = POLLIN};
    return poll(&polled, 1, 5000) == 1;
}

// ---- what a tap writes ----------------------------------------------------------------------

static void reads_what_the_tap_wrote(void **state) {
    struct fixture *fixture = *state;
    open_tap(fixture);
    tap_stream_opened(fixture->tap, 70, "127.0.0.1:5000", 1883, THEN);
    tap_stream_opened(fixture->tap, 71, "[::1]:5001", 8883, THEN + 1);
    tap_stream_opened(fixture->tap, 72, "unix", 0, THEN + 2);
    tap_bytes(fixture->tap, 70, TAP_FROM_CLIENT, BYTES_LITERAL("abc"), THEN + 3);
    tap_bytes(fixture->tap, 71, TAP_FROM_BROKER, BYTES_LITERAL("defg"), THEN + 4);
    tap_bytes(fixture->tap, 72, TAP_FROM_CLIENT, BYTES_LITERAL("h"), THEN + 5);
    tap_bytes(fixture->tap, 73, TAP_FROM_CLIENT, BYTES_LITERAL("of nobody"), THEN + 6);
    tap_stream_closed(fixture->tap, 70, NULL, THEN + 7);
    tap_bytes(fixture->tap, 72, TAP_FROM_CLIENT, BYTES_LITERAL("i"), THEN + 8);
    tap_stream_closed(fixture->tap, 72, NULL, THEN + 9);
    tap_close(fixture->tap);
    open_tap(fixture); // another section: the connection left open is over
    tap_stream_opened(fixture->tap, 70, "10.0.0.255:65535", 65535, THEN + 10);
    tap_flush(fixture->tap);
    open_reader(fixture);
    assert_got(fixture,
               "open 1 127.0.0.1:5000 1883 -> +0 \n"
               "open 2 [::1]:5001 8883 -> +1 \n"
               "open 3 unix 3 1883 -> +2 \n"
               "bytes 1 127.0.0.1:5000 1883 -> +3 abc\n"
               "bytes 2 [::1]:5001 8883 <- +4 defg\n"
               "bytes 3 unix 3 1883 -> +5 h\n"
               "close 1 127.0.0.1:5000 1883 -> +7 \n"
               "bytes 3 unix 3 1883 -> +8 i\n"
               "close 3 unix 3 1883 -> +9 \n"
               "close 2 [::1]:5001 8883 -> +9 \n"
               "open 4 10.0.0.255:65535 65535 -> +10 \n",
               "");
}

static void reads_large_pieces_and_many(void **state) {
    struct fixture *fixture = *state;
    uint8_t *much = calloc(1, 200000);
    open_tap(fixture);
    open_reader(fixture);
    for (unsigned i = 0; i < 10; i++) {
        tap_stream_opened(fixture->tap, 1, "[::1]:5001", 1883, THEN); // the same port again
        tap_bytes(fixture->tap, 1, TAP_FROM_BROKER, bytes_make(much, 200000), THEN);
        tap_bytes(fixture->tap, 1, TAP_FROM_BROKER, bytes_make(much, 70000), THEN);
        tap_stream_closed(fixture->tap, 1, NULL, THEN);
        tap_flush(fixture->tap);
        char expected[512];
        (void)snprintf(expected, sizeof expected,
                       "open %u [::1]:5001 1883 -> +0 \n"
                       "bytes %u [::1]:5001 1883 <- +0 65495\n"
                       "bytes %u [::1]:5001 1883 <- +0 65495\n"
                       "bytes %u [::1]:5001 1883 <- +0 65495\n"
                       "bytes %u [::1]:5001 1883 <- +0 3515\n"
                       "bytes %u [::1]:5001 1883 <- +0 65495\n"
                       "bytes %u [::1]:5001 1883 <- +0 4505\n"
                       "close %u [::1]:5001 1883 -> +0 \n",
                       i + 1, i + 1, i + 1, i + 1, i + 1, i + 1, i + 1, i + 1);
        assert_got(fixture, expected, "");
    }
    free(much);
}

// What was done to packets, who ended a connection, and whose tap it is, also in another file.
static void reads_notes_and_owners(void **state) {
    struct fixture *fixture = *state;
    struct tap_error said;
    fixture->shows_notes = true;
    open_tap(fixture);
    tap_stream_opened(fixture->tap, 1, "127.0.0.1:5000", 1883, THEN);
    struct tap_owner owner = {
        .kind = "broker", .address = 90, .name = BYTES_LITERAL("hall"), .network = "/net work"};
    tap_set_owner(fixture->tap, &owner);
    struct tap_noted noted = {
        .direction = TAP_FROM_CLIENT,
        .bytes = BYTES_LITERAL("abc"),
        .note = {.kind = TAP_NOTE_DROPPED, .text = BYTES_LITERAL("drop PUBLISH")}};
    tap_noted(fixture->tap, 1, &noted, THEN + 1);
    noted = (struct tap_noted){.note = {.kind = TAP_NOTE_LET_GO, .delay_ns = 5000000}};
    tap_noted(fixture->tap, 1, &noted, THEN + 2);
    tap_bytes(fixture->tap, 1, TAP_FROM_CLIENT, BYTES_LITERAL("de"), THEN + 3);
    tap_flush(fixture->tap);
    char *old = support_path(fixture->folder, "old");
    open_reader(fixture);
    read_all(fixture);
    assert_int_equal(rename(fixture->path, old), 0);
    assert_true(tap_follow(fixture->tap, &said));
    struct tap_note end = {.kind = TAP_NOTE_ENDED,
                           .side = TAP_SIDE_NETWORK,
                           .cause = TAP_CAUSE_CUT,
                           .text = BYTES_LITERAL("cut after PUBACK")};
    tap_stream_closed(fixture->tap, 1, &end, THEN + 4);
    tap_flush(fixture->tap);
    assert_got(fixture,
               "open 1 127.0.0.1:5000 1883 -> +0 \n"
               "bytes 1 127.0.0.1:5000 1883 -> +1 abc (dropped: drop PUBLISH) broker 90 /net work "
               "hall\n"
               "note 1 127.0.0.1:5000 1883 -> +2  (let go after 5.000 ms) broker 90 /net work "
               "hall\n"
               "bytes 1 127.0.0.1:5000 1883 -> +3 de broker 90 /net work hall\n"
               "close 1 127.0.0.1:5000 1883 -> +4  (ended by the network: cut: cut after PUBACK) "
               "broker 90 /net work hall\n",
               "tap.pcapng: was replaced by another file; going on from its start\n");
    free(old);
}

// ---- following ------------------------------------------------------------------------------

static void waits_for_the_file_and_what_comes(void **state) {
    struct fixture *fixture = *state;
    assert_true(tap_reader_is_for(fixture->path));
    open_reader(fixture);
    assert_got(fixture, "", "tap.pcapng: is not there; it is read when it comes\n");
    open_tap(fixture);
    assert_true(is_ready(fixture));
    assert_got(fixture, "", "");
    tap_stream_opened(fixture->tap, 1, "127.0.0.1:5000", 1883, THEN);
    tap_flush(fixture->tap);
    assert_true(is_ready(fixture));
    assert_got(fixture, "open 1 127.0.0.1:5000 1883 -> +0 \n", "");
}

static void follows_to_another_file(void **state) {
    struct fixture *fixture = *state;
    open_tap(fixture);
    open_reader(fixture);
    tap_stream_opened(fixture->tap, 1, "127.0.0.1:5000", 1883, THEN);
    tap_flush(fixture->tap);
    assert_got(fixture, "open 1 127.0.0.1:5000 1883 -> +0 \n", "");
    tap_close(fixture->tap);
    unlink(fixture->path);
    assert_true(is_ready(fixture));
    assert_got(fixture, "", "tap.pcapng: is not there; it is read when it comes\n");
    open_tap(fixture);
    tap_stream_opened(fixture->tap, 1, "127.0.0.1:5001", 1883, THEN + 1);
    tap_flush(fixture->tap);
    assert_true(is_ready(fixture));
    assert_got(fixture,
               "close 1 127.0.0.1:5000 1883 -> +0 \n"
               "open 2 127.0.0.1:5001 1883 -> +1 \n",
               "tap.pcapng: was replaced by another file; going on from its start\n");
    assert_int_equal(truncate(fixture->path, 0), 0);
    assert_got(fixture, "close 2 127.0.0.1:5001 1883 -> +1 \n",
               "tap.pcapng: was truncated; going on from its start\n");
}

// A rotation ends no connection, and loses nothing.
static void goes_on_where_the_tap_does(void **state) {
    struct fixture *fixture = *state;
    struct tap_error said;
    char *old = support_path(fixture->folder, "old");
    open_tap(fixture);
    open_reader(fixture);
    tap_stream_opened(fixture->tap, 1, "127.0.0.1:5000", 1883, THEN);
    tap_flush(fixture->tap);
    assert_got(fixture, "open 1 127.0.0.1:5000 1883 -> +0 \n", "");
    assert_int_equal(rename(fixture->path, old), 0);
    tap_bytes(fixture->tap, 1, TAP_FROM_CLIENT, BYTES_LITERAL("ab"), THEN);
    assert_true(tap_follow(fixture->tap, &said));
    tap_bytes(fixture->tap, 1, TAP_FROM_CLIENT, BYTES_LITERAL("cd"), THEN);
    tap_flush(fixture->tap);
    assert_got(fixture,
               "bytes 1 127.0.0.1:5000 1883 -> +0 ab\n"
               "bytes 1 127.0.0.1:5000 1883 -> +0 cd\n",
               "tap.pcapng: was replaced by another file; going on from its start\n");
    free(old);
}

// It has grown past the reader's place before that one looked again, the second time with the same
// head, which is longer than what the reader compares.
#define LONG \
    "/a/folder/somewhere/with/a/name/of/some/length/and/a/file/in/it/that/has/one/too/network"
#define OWNER " broker 90 " LONG " hall\n"
static void notices_a_truncation_that_was_filled_up(void **state) {
    struct fixture *fixture = *state;
    open_tap(fixture);
    tap_set_owner(fixture->tap, &(struct tap_owner){.kind = "broker",
                                                    .address = 90,
                                                    .name = BYTES_LITERAL("hall"),
                                                    .network = LONG});
    open_reader(fixture);
    tap_stream_opened(fixture->tap, 1, "127.0.0.1:5000", 1883, THEN);
    tap_flush(fixture->tap);
    assert_got(fixture, "open 1 127.0.0.1:5000 1883 -> +0 " OWNER, "");
    assert_int_equal(truncate(fixture->path, 0), 0);
    tap_stream_closed(fixture->tap, 1, NULL, THEN);
    tap_stream_opened(fixture->tap, 2, "127.0.0.1:5001", 1883, THEN + 1);
    tap_bytes(fixture->tap, 2, TAP_FROM_CLIENT, BYTES_LITERAL("ab"), THEN + 1);
    tap_flush(fixture->tap);
    assert_got(fixture,
               "close 1 127.0.0.1:5000 1883 -> +0 \n"
               "open 2 127.0.0.1:5001 1883 -> +1 " OWNER
               "bytes 2 127.0.0.1:5001 1883 -> +1 ab" OWNER,
               "tap.pcapng: was truncated; going on from its start\n");
    assert_int_equal(truncate(fixture->path, 0), 0);
    tap_bytes(fixture->tap, 2, TAP_FROM_CLIENT, BYTES_LITERAL("cd"), THEN + 2);
    tap_stream_closed(fixture->tap, 2, NULL, THEN + 2);
    tap_stream_opened(fixture->tap, 3, "127.0.0.1:5002", 1883, THEN + 2);
    tap_flush(fixture->tap);
    assert_got(fixture,
               "close 2 127.0.0.1:5001 1883 -> +1 \n"
               "open 3 127.0.0.1:5001 1883 -> +2 " OWNER
               "bytes 3 127.0.0.1:5001 1883 -> +2 cd" OWNER
               "close 3 127.0.0.1:5001 1883 -> +2 " OWNER "open 4 127.0.0.1:5002 1883 -> +2 " OWNER,
               "tap.pcapng: was truncated; going on from its start\n");
}

static void tells_a_tap_from_a_network(void **state) {
    struct fixture *fixture = *state;
    char *network = support_path(fixture->folder, "network");
    char *capture = support_path(fixture->folder, "capture");
    char *nothing = support_path(fixture->folder, ".pcapng");
    assert_false(tap_reader_is_for(network));
    assert_false(tap_reader_is_for(fixture->folder));
    support_write_file(network, BYTES_LITERAL("1\t83\t0\tjoin\t-broker-\t816\t\n"));
    assert_false(tap_reader_is_for(network));
    support_write_file(capture, BYTES_LITERAL("\x0a\x0d\x0d\x0a"));
    assert_true(tap_reader_is_for(capture));
    support_write_file(fixture->path, BYTES_LITERAL("1\t83\t0\tjoin\t-broker-\t816\t\n"));
    assert_false(tap_reader_is_for(fixture->path));
    support_write_file(fixture->path, BYTES_LITERAL(""));
    assert_true(tap_reader_is_for(fixture->path));
    free(network);
    free(capture);
    free(nothing);
}

static void needs_a_folder_and_a_file(void **state) {
    struct fixture *fixture = *state;
    struct file_network_error error;
    char *nowhere = support_path(fixture->folder, "none/tap.pcapng");
    assert_null(tap_reader_open(nowhere, &fixture->memory, &error));
    assert_null(tap_reader_open(fixture->folder, &fixture->memory, &error));
    assert_non_null(strstr(error.text, "cannot be read"));
    free(nowhere);
}

// ---- pcap -----------------------------------------------------------------------------------

static void put_pcap_head(struct buffer *file, bool is_swapped) {
    const uint32_t words[] = {0xa1b2c3d4, 0x00040002, 0, 0, 65535, 101};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        uint32_t word = words[i];
        word = i == 1 && is_swapped ? 0x00020004 : word;
        word = is_swapped ? __builtin_bswap32(word) : word;
        buffer_append(file, bytes_make(&word, sizeof word));
    }
}

static void put_pcap_frame(struct buffer *file, uint8_t sequence, uint8_t flags,
                           const char *payload) {
    uint8_t size = (uint8_t)(40 + strlen(payload));
    uint8_t head[40] = {0x45, [3] = size, [8] = 64, [9] = 6, [12] = 10, 0,  0, 1,
                        10,   0,          0,        2,       0,         80, 7, 91};
    head[27] = sequence;
    head[32] = 0x50;
    head[33] = flags;
    const uint32_t words[] = {(uint32_t)(THEN / 1000000000), (uint32_t)(THEN % 1000000000 / 1000),
                              size, size};
    buffer_append(file, bytes_make(words, sizeof words));
    buffer_append(file, bytes_make(head, sizeof head));
    buffer_append_text(file, payload);
}

// As tcpdump writes it, amid a frame too.
static void follows_a_file_of_pcap(void **state) {
    struct fixture *fixture = *state;
    struct buffer file = {.memory = &fixture->memory};
    free(fixture->path);
    fixture->path = support_path(fixture->folder, "some.pcap");
    assert_true(tap_reader_is_for(fixture->path));
    put_pcap_head(&file, false);
    size_t head = file.size;
    put_pcap_frame(&file, 9, TAP_FLAG_SYN, "");
    put_pcap_frame(&file, 10, TAP_FLAG_ACK, "abcd");
    size_t two = file.size;
    put_pcap_frame(&file, 14, TAP_FLAG_ACK, "ef");
    support_write_file(fixture->path, bytes_make(file.data, head - 1));
    assert_true(tap_reader_is_for(fixture->path));
    open_reader(fixture);
    assert_got(fixture, "", "");
    support_write_file(fixture->path, bytes_make(file.data, two + 20));
    assert_got(fixture,
               "open 1 10.0.0.1:80 1883 -> +4294966507 \n"
               "bytes 1 10.0.0.1:80 1883 -> +4294966507 abcd\n",
               "");
    support_write_file(fixture->path, buffer_bytes(&file));
    assert_got(fixture, "bytes 1 10.0.0.1:80 1883 -> +4294966507 ef\n", "");
    support_write_file(fixture->path, bytes_make(file.data, two)); // it begins anew
    assert_got(fixture,
               "close 1 10.0.0.1:80 1883 -> +4294966507 \n"
               "open 2 10.0.0.1:80 1883 -> +4294966507 \n"
               "bytes 2 10.0.0.1:80 1883 -> +4294966507 abcd\n",
               "some.pcap: was truncated; going on from its start\n");
    buffer_deinit(&file);
}

static void says_what_is_wrong_with_a_file_of_pcap(void **state) {
    struct fixture *fixture = *state;
    struct buffer file = {.memory = &fixture->memory};
    put_pcap_head(&file, false);
    put_pcap_frame(&file, 9, TAP_FLAG_SYN, "");
    const uint32_t words[] = {1, 1, UINT32_MAX, UINT32_MAX, 0, 0};
    buffer_append(&file, bytes_make(words, sizeof words));
    support_write_file(fixture->path, buffer_bytes(&file));
    buffer_deinit(&file);
    open_reader(fixture);
    read_all(fixture);
    assert_bytes_equal(buffer_bytes(&fixture->got),
                       BYTES_LITERAL("open 1 10.0.0.1:80 1883 -> +4294966507 \n"));
    static const char begin[] = "tap.pcapng: what follows is not shown: ";
    assert_true(fixture->notices.size > sizeof begin);
    assert_memory_equal(fixture->notices.data, begin, sizeof begin - 1);
}

// ---- what others write ----------------------------------------------------------------------

static void put_word(struct buffer *out, uint32_t word, bool is_swapped) {
    word = is_swapped ? __builtin_bswap32(word) : word;
    buffer_append(out, bytes_make(&word, sizeof word));
}

static void put_block(struct buffer *out, uint32_t type, struct bytes body, bool is_swapped) {
    put_word(out, type, is_swapped);
    put_word(out, (uint32_t)body.size + 12, is_swapped);
    buffer_append(out, body);
    put_word(out, (uint32_t)body.size + 12, is_swapped);
}

// A section whose one interface has the link type, and times in microseconds.
static void put_head(struct buffer *out, uint32_t link, bool is_swapped) {
    struct buffer body;
    buffer_init(&body, out->memory);
    put_word(&body, PCAPNG_ORDER, is_swapped);
    put_word(&body, is_swapped ? 0x10000 : 1, is_swapped);
    put_word(&body, UINT32_MAX, is_swapped);
    put_word(&body, UINT32_MAX, is_swapped);
    put_block(out, PCAPNG_SECTION, buffer_bytes(&body), is_swapped);
    body.size = 0;
    put_word(&body, is_swapped ? link << 16 : link, is_swapped);
    put_word(&body, 0, is_swapped);
    put_block(out, PCAPNG_INTERFACE, buffer_bytes(&body), is_swapped);
    buffer_deinit(&body);
}

// A TCP packet of 10.0.0.1:80 to 10.0.0.2:1883.
static void put_packet(struct buffer *out, uint32_t sequence, uint8_t flags, const char *payload,
                       bool is_swapped) {
    struct buffer body;
    buffer_init(&body, out->memory);
    uint8_t size = (uint8_t)(40 + strlen(payload));
    uint8_t head[40] = {0x45, [3] = size, [8] = 64, [9] = 6, [12] = 10, 0,  0, 1,
                        10,   0,          0,        2,       0,         80, 7, 91};
    head[27] = (uint8_t)sequence;
    head[32] = 0x50;
    head[33] = flags;
    uint64_t microseconds = THEN / 1000 + 1;
    put_word(&body, 0, is_swapped);
    put_word(&body, (uint32_t)(microseconds >> 32), is_swapped);
    put_word(&body, (uint32_t)microseconds, is_swapped);
    put_word(&body, size, is_swapped);
    put_word(&body, size, is_swapped);
    buffer_append(&body, bytes_make(head, sizeof head));
    buffer_append_text(&body, payload);
    while (body.size % 4 != 0) {
        buffer_append_byte(&body, 0);
    }
    put_block(out, PCAPNG_PACKET, buffer_bytes(&body), is_swapped);
    buffer_deinit(&body);
}

static void assert_read(struct fixture *fixture, struct buffer *file, const char *events,
                        const char *notices) {
    support_write_file(fixture->path, buffer_bytes(file));
    buffer_deinit(file);
    open_reader(fixture);
    assert_got(fixture, events, notices);
    tap_reader_close(fixture->reader);
    fixture->reader = NULL;
}

static void reads_the_other_byte_order_and_orders_bytes(void **state) {
    struct fixture *fixture = *state;
    for (int swapped = 0; swapped < 2; swapped++) {
        struct buffer file = {.memory = &fixture->memory};
        put_head(&file, PCAPNG_LINK_RAW, swapped);
        put_packet(&file, 9, TAP_FLAG_SYN, "", swapped);
        put_packet(&file, 9, TAP_FLAG_SYN, "", swapped); // again
        put_packet(&file, 10, TAP_FLAG_ACK, "abcd", swapped);
        put_packet(&file, 10, TAP_FLAG_ACK, "abcd", swapped); // again
        put_packet(&file, 12, TAP_FLAG_ACK, "cdef", swapped); // half of it again
        put_packet(&file, 20, TAP_FLAG_ACK, "uv", swapped);   // some are missing
        put_packet(&file, 22, TAP_FLAG_RST, "", swapped);
        put_packet(&file, 22, TAP_FLAG_ACK, "x", swapped); // the beginning of another is not there
        assert_read(fixture, &file,
                    "open 1 10.0.0.1:80 1883 -> +211 \n"
                    "bytes 1 10.0.0.1:80 1883 -> +211 abcd\n"
                    "bytes 1 10.0.0.1:80 1883 -> +211 ef\n"
                    "lost 1 10.0.0.1:80 1883 -> +211 \n"
                    "bytes 1 10.0.0.1:80 1883 -> +211 uv\n"
                    "close 1 10.0.0.1:80 1883 -> +211 \n"
                    "open 2 10.0.0.1:80 1883 -> +211 \n"
                    "bytes 2 10.0.0.1:80 1883 -> +211 x\n",
                    "");
    }
}

static void says_what_it_does_not_understand(void **state) {
    struct fixture *fixture = *state;
    struct buffer file = {.memory = &fixture->memory};
    put_head(&file, 147, false);
    put_packet(&file, 9, TAP_FLAG_SYN, "", false);
    put_head(&file, PCAPNG_LINK_RAW, false);
    put_block(&file, PCAPNG_PACKET, BYTES_LITERAL("four"), false);
    put_block(&file, PCAPNG_SIMPLE_PACKET, BYTES_LITERAL("four"), false);
    put_block(&file, PCAPNG_PACKET,
              BYTES_LITERAL("\0\0\0\0\0\0\0\0\0\0\0\0\x04\0\0\0\x04\0\0\0four"), false);
    put_block(&file, PCAPNG_PACKET,
              BYTES_LITERAL("\0\0\0\0\0\0\0\0\0\0\0\0\x08\0\0\0\x04\0\0\0four"), false);
    put_block(&file, 0x0bad, BYTES_LITERAL("four"), false);
    put_packet(&file, 9, TAP_FLAG_SYN, "", false);
    put_word(&file, PCAPNG_PACKET, false);
    put_word(&file, 13, false);
    put_word(&file, 0, false);
    put_packet(&file, 9, TAP_FLAG_SYN, "", false);
    assert_read(
        fixture, &file, "open 1 10.0.0.1:80 1883 -> +211 \n",
        "tap.pcapng: has packets of link type 147; Ethernet, Linux cooked, loopback and raw IP are "
        "understood; they are not shown\n"
        "tap.pcapng: has packets without a time; they are not shown\n"
        "tap.pcapng: has packets whose heads are cut or wrong; they are not shown\n"
        "tap.pcapng: has packets that are larger than their blocks; they are not shown\n"
        "tap.pcapng: has a block whose size cannot be; what follows is not shown\n");
    file = (struct buffer){.memory = &fixture->memory};
    buffer_append_text(&file, "no capture at all");
    assert_read(fixture, &file, "", "tap.pcapng: is no capture (pcapng); nothing of it is shown\n");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(reads_what_the_tap_wrote),
        TEST(reads_large_pieces_and_many),
        TEST(reads_notes_and_owners),
        TEST(waits_for_the_file_and_what_comes),
        TEST(follows_to_another_file),
        TEST(goes_on_where_the_tap_does),
        TEST(notices_a_truncation_that_was_filled_up),
        TEST(tells_a_tap_from_a_network),
        TEST(needs_a_folder_and_a_file),
        TEST(follows_a_file_of_pcap),
        TEST(says_what_is_wrong_with_a_file_of_pcap),
        TEST(reads_the_other_byte_order_and_orders_bytes),
        TEST(says_what_it_does_not_understand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
