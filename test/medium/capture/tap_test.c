// What the tap writes, tap_reader reads (test/medium/capture/tap_reader_test.c) and tshark
// understands.
#include "support.h"

#include "medium/capture/tap.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "medium/capture/tap_format.h"

#define SECOND UINT64_C(1000000000)
#define THEN (UINT64_C(1795435622) * SECOND + 123456789)
#define HEAD_BYTES 60 // of a section and its interface
#define CONTINUED_HEAD_BYTES 80

struct fixture {
    char *folder;
    char *path;
    struct tap *tap;
};

static int set_up(void **state) {
    struct fixture *fixture = test_calloc(1, sizeof *fixture);
    struct tap_error error;
    fixture->folder = support_make_folder();
    fixture->path = support_path(fixture->folder, "tap.pcapng");
    fixture->tap = tap_open(fixture->path, &error);
    assert_non_null(fixture->tap);
    *state = fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    tap_close(fixture->tap);
    free(fixture->path);
    support_remove_folder(fixture->folder);
    test_free(fixture);
    return 0;
}

static size_t file_size(const struct fixture *fixture) {
    struct stat status;
    assert_int_equal(stat(fixture->path, &status), 0);
    return (size_t)status.st_size;
}

static void is_only_for_its_owner_and_not_for_two(void **state) {
    struct fixture *fixture = *state;
    struct stat status;
    struct tap_error error;
    assert_int_equal(stat(fixture->path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(status.st_size, HEAD_BYTES);
    assert_null(tap_open(fixture->path, &error));
    assert_non_null(strstr(error.text, "is another program's tap"));
}

static void leaves_what_is_no_capture(void **state) {
    struct fixture *fixture = *state;
    struct tap_error error;
    char *other = support_path(fixture->folder, "network");
    support_write_file(other, BYTES_LITERAL("1\t83\t0\tjoin\t-broker-\t816\t\n"));
    assert_null(tap_open(other, &error));
    assert_non_null(strstr(error.text, "is no capture"));
    free(other);
    assert_null(tap_open(fixture->folder, &error));
    char *nowhere = support_path(fixture->folder, "none/tap.pcapng");
    assert_null(tap_open(nowhere, &error));
    assert_non_null(strstr(error.text, "No such file"));
    free(nowhere);
    char *link = support_path(fixture->folder, "link.pcapng");
    assert_int_equal(symlink("absent.pcapng", link), 0);
    assert_null(tap_open(link, &error));
    assert_non_null(strstr(error.text, "symbolic link"));
    if (geteuid() == 0) { // who alone can give a file away
        assert_int_equal(unlink(link), 0);
        support_write_file(link, BYTES_LITERAL(""));
        assert_int_equal(chown(link, 12345, 12345), 0);
        assert_null(tap_open(link, &error));
        assert_non_null(strstr(error.text, "belongs to another user"));
    }
    free(link);
}

static void goes_on_behind_what_is_there(void **state) {
    struct fixture *fixture = *state;
    struct tap_error error;
    tap_close(fixture->tap);
    fixture->tap = tap_open(fixture->path, &error);
    assert_non_null(fixture->tap);
    assert_int_equal(file_size(fixture), 2 * HEAD_BYTES);
    tap_close(fixture->tap);
    assert_int_equal(truncate(fixture->path, 2 * HEAD_BYTES - 4), 0);
    fixture->tap = tap_open(fixture->path, &error);
    assert_null(fixture->tap);
    assert_non_null(strstr(error.text, "is cut short"));
}

static void writes_when_told_or_when_it_is_much(void **state) {
    struct fixture *fixture = *state;
    uint8_t *much = calloc(1, 2u << 20);
    tap_stream_opened(fixture->tap, 1, "127.0.0.1:5000", 1883, THEN);
    assert_int_equal(file_size(fixture), HEAD_BYTES);
    assert_null(tap_flush(fixture->tap));
    assert_true(file_size(fixture) > HEAD_BYTES);
    tap_bytes(fixture->tap, 1, TAP_FROM_CLIENT, bytes_make(much, 2u << 20), THEN);
    assert_true(file_size(fixture) > 1u << 20);
    free(much);
}

// A file that must not grow stands for a full disk.
static void says_once_that_it_cannot_be_written(void **state) {
    struct fixture *fixture = *state;
    struct rlimit before;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    struct rlimit small = {.rlim_cur = HEAD_BYTES + 100, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    tap_stream_opened(fixture->tap, 1, "127.0.0.1:5000", 1883, THEN);
    const char *text = tap_flush(fixture->tap);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_non_null(text);
    assert_non_null(strstr(text, "the tap ends here"));
    assert_int_equal(file_size(fixture), HEAD_BYTES); // nothing that is cut short
    assert_null(tap_flush(fixture->tap));
    tap_bytes(fixture->tap, 1, TAP_FROM_CLIENT, BYTES_LITERAL("x"), THEN);
    tap_stream_opened(fixture->tap, 2, "127.0.0.1:5001", 1883, THEN);
    tap_stream_closed(fixture->tap, 1, NULL, THEN);
    assert_null(tap_flush(fixture->tap));
    assert_int_equal(file_size(fixture), HEAD_BYTES);
    struct tap_error said;
    assert_true(tap_follow(fixture->tap, &said)); // there is room again
    assert_non_null(strstr(said.text, "begins a new file"));
    tap_bytes(fixture->tap, 2, TAP_FROM_CLIENT, BYTES_LITERAL("x"), THEN);
    assert_null(tap_flush(fixture->tap));
    assert_true(file_size(fixture) > HEAD_BYTES + CONTINUED_HEAD_BYTES);
}

// ---- rotation -------------------------------------------------------------------------------

static void assert_is_a_capture(const struct fixture *fixture, const char *name, bool continues) {
    char *path = name == NULL ? strdup(fixture->path) : support_path(fixture->folder, name);
    size_t size;
    char *content = support_read_file(path, &size);
    assert_non_null(content);
    uint32_t word;
    memcpy(&word, content, 4);
    assert_int_equal(word, PCAPNG_SECTION);
    assert_int_equal(memmem(content, size, TAP_CONTINUES, 9) != NULL, continues);
    size_t at = 0;
    while (at < size) { // whole blocks
        memcpy(&word, content + at + 4, 4);
        assert_in_range(word, PCAPNG_BLOCK_MIN, size - at);
        at += word;
    }
    free(content);
    free(path);
}

static void a_file_that_was_moved_is_followed_by_a_new_one(void **state) {
    struct fixture *fixture = *state;
    struct tap_error said;
    char *old = support_path(fixture->folder, "old");
    tap_stream_opened(fixture->tap, 1, "127.0.0.1:5000", 1883, THEN);
    assert_null(tap_flush(fixture->tap));
    assert_true(tap_follow(fixture->tap, &said));
    assert_string_equal(said.text, ""); // it is where it was
    assert_int_equal(rename(fixture->path, old), 0);
    tap_bytes(fixture->tap, 1, TAP_FROM_CLIENT, BYTES_LITERAL("before"), THEN);
    assert_true(tap_follow(fixture->tap, &said));
    assert_non_null(strstr(said.text, "begins a new file"));
    assert_int_equal(file_size(fixture), CONTINUED_HEAD_BYTES);
    tap_bytes(fixture->tap, 1, TAP_FROM_CLIENT, BYTES_LITERAL("behind"), THEN);
    assert_null(tap_flush(fixture->tap));
    assert_is_a_capture(fixture, "old", false);
    assert_is_a_capture(fixture, NULL, true);
    size_t size;
    char *content = support_read_file(old, &size);
    assert_non_null(memmem(content, size, "before", 6));
    assert_null(memmem(content, size, "behind", 6));
    free(content);
    free(old);
}

static void what_cannot_be_opened_anew_is_told_and_the_old_one_goes_on(void **state) {
    struct fixture *fixture = *state;
    struct tap_error said;
    char *old = support_path(fixture->folder, "old");
    assert_int_equal(rename(fixture->path, old), 0);
    support_write_file(fixture->path, BYTES_LITERAL("a text\n"));
    assert_false(tap_follow(fixture->tap, &said));
    assert_non_null(strstr(said.text, "is no capture"));
    tap_stream_opened(fixture->tap, 1, "127.0.0.1:5000", 1883, THEN);
    assert_null(tap_flush(fixture->tap));
    assert_is_a_capture(fixture, "old", false);
    assert_int_equal(file_size(fixture), 7);
    free(old);
}

// With a word to the tap or without.
static void a_file_that_was_truncated_begins_anew(void **state) {
    struct fixture *fixture = *state;
    struct tap_error said;
    tap_stream_opened(fixture->tap, 1, "127.0.0.1:5000", 1883, THEN);
    assert_null(tap_flush(fixture->tap));
    assert_int_equal(truncate(fixture->path, 0), 0);
    assert_true(tap_follow(fixture->tap, &said));
    assert_non_null(strstr(said.text, "begins anew"));
    assert_int_equal(file_size(fixture), CONTINUED_HEAD_BYTES);
    assert_int_equal(truncate(fixture->path, 0), 0);
    tap_bytes(fixture->tap, 1, TAP_FROM_CLIENT, BYTES_LITERAL("x"), THEN);
    assert_null(tap_flush(fixture->tap));
    assert_true(file_size(fixture) > CONTINUED_HEAD_BYTES);
    assert_is_a_capture(fixture, NULL, true);
    assert_int_equal(truncate(fixture->path, CONTINUED_HEAD_BYTES + 8), 0);
    tap_bytes(fixture->tap, 1, TAP_FROM_CLIENT, BYTES_LITERAL("x"), THEN);
    const char *wrong = tap_flush(fixture->tap);
    assert_non_null(wrong);
    assert_non_null(strstr(wrong, "was cut within a packet"));
}

static void a_limit_keeps_the_oldest_part_beside_it(void **state) {
    struct fixture *fixture = *state;
    static const uint8_t payload[10000];
    struct stat aside;
    char *path = support_path(fixture->folder, "tap.pcapng.1");
    tap_limit(fixture->tap, 100000);
    tap_stream_opened(fixture->tap, 1, "127.0.0.1:5000", 1883, THEN);
    for (int i = 0; i < 100; i++) {
        tap_bytes(fixture->tap, 1, TAP_FROM_CLIENT, bytes_make(payload, sizeof payload), THEN);
        assert_null(tap_flush(fixture->tap));
        assert_true(file_size(fixture) <= 100000);
        if (i > 10) {
            assert_int_equal(stat(path, &aside), 0);
            assert_in_range(aside.st_size, 80000, 100000);
        }
    }
    assert_is_a_capture(fixture, NULL, true);
    assert_is_a_capture(fixture, "tap.pcapng.1", true);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    const char *wrong = NULL;
    for (int i = 0; i < 20 && wrong == NULL; i++) {
        tap_bytes(fixture->tap, 1, TAP_FROM_CLIENT, bytes_make(payload, sizeof payload), THEN);
        wrong = tap_flush(fixture->tap);
    }
    assert_non_null(wrong);
    assert_non_null(strstr(wrong, "cannot be moved to"));
    free(path);
}

static void ports_stand_in_addresses(void **state) {
    (void)state;
    static const uint16_t ports[] = {1883, 1, 80, 8883, 9001, 10000, 65535};
    for (size_t i = 0; i < 2 * sizeof ports / sizeof *ports; i++) {
        struct tap_address address = tap_door_address(i % 2 == 1, ports[i / 2]);
        uint16_t expected = ports[i / 2] == 1 ? 1883 : ports[i / 2];
        assert_int_equal(tap_door_port(&address, 1883), expected);
        assert_int_equal(tap_door_port(&address, 80), 80);
    }
    struct tap_address other = {.bytes = {192, 168, 1, 2}};
    assert_int_equal(tap_door_port(&other, 1883), 1883);
}

// ---- tshark ---------------------------------------------------------------------------------

#define CONNECT_5                                      \
    "\x10\x11\x00\x04MQTT\x05\x02\x00\x3c\x00\x00\x04" \
    "dev1"
#define CONNACK_5 "\x20\x03\x00\x00\x00"
#define PUBLISH_5                      \
    "\x32\x0d\x00\x04temp\x00\x07\x00" \
    "21.5"
#define PUBACK_5 "\x40\x02\x00\x07"

#define PAYLOAD_BYTES 200000

static void tap_large_publish(struct tap *tap, uint64_t stream) {
    static uint8_t packet[4 + 3 + 1 + PAYLOAD_BYTES];
    const uint8_t head[] = {0x30, 0xc4, 0x9a, 0x0c, 0, 1, 'x', 0};
    memcpy(packet, head, sizeof head);
    tap_bytes(tap, stream, TAP_FROM_BROKER, bytes_make(packet, sizeof packet), THEN);
}

static void tap_conversation(struct tap *tap, uint64_t stream, const char *place, uint16_t port) {
    tap_stream_opened(tap, stream, place, port, THEN);
    tap_bytes(tap, stream, TAP_FROM_CLIENT, BYTES_LITERAL(CONNECT_5), THEN);
    tap_bytes(tap, stream, TAP_FROM_BROKER, BYTES_LITERAL(CONNACK_5), THEN + 1000);
    for (size_t i = 0; i < sizeof PUBLISH_5 - 1; i++) { // one byte a segment
        tap_bytes(tap, stream, TAP_FROM_CLIENT, bytes_make(&PUBLISH_5[i], 1), THEN + 2000 + i);
    }
    tap_bytes(tap, stream, TAP_FROM_BROKER, BYTES_LITERAL(PUBACK_5), THEN + 3000);
    tap_large_publish(tap, stream);
    tap_stream_closed(tap, stream, NULL, THEN + SECOND);
}

// How many lines tshark prints, once it is asked for what the filter lets through.
static int count_with_tshark(const struct fixture *fixture, const char *filter) {
    char command[1024];
    char line[512];
    int lines = 0;
    (void)snprintf(command, sizeof command,
                   "tshark -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE -r %s -Y '%s' "
                   "2>/dev/null",
                   fixture->path, filter);
    FILE *tshark = popen(command, "r"); // NOLINT(cert-env33-c)
    assert_non_null(tshark);
    while (fgets(line, sizeof line, tshark) != NULL) {
        lines += strchr(line, '\n') != NULL;
    }
    assert_int_equal(pclose(tshark), 0);
    return lines;
}

static void tshark_understands_it(void **state) {
    struct fixture *fixture = *state;
    if (system("tshark --version >/dev/null 2>&1") != 0) { // NOLINT(cert-env33-c)
        skip();
    }
    static const struct {
        const char *place;
        uint16_t port;
    } peers[] = {{"127.0.0.1:5000", 1883},
                 {"127.0.0.1:5000", 8883}, // the one after the other
                 {"[::1]:5000", 1883},
                 {"[fe80::1%eth0]:5000", 9001},
                 {"127.0.0.1:5000", 1883},
                 {"unix", 0},
                 {"[::ffff:10.1.2.3]:5000", 8084}};
    const int count = sizeof peers / sizeof *peers;
    for (int i = 0; i < count; i++) {
        tap_conversation(fixture->tap, (uint64_t)i + 7, peers[i].place, peers[i].port);
    }
    assert_null(tap_flush(fixture->tap));
    assert_int_equal(count_with_tshark(fixture, "mqtt.msgtype == 1 && mqtt.clientid == dev1"),
                     count);
    assert_int_equal(count_with_tshark(fixture, "mqtt.msgtype == 3 && mqtt.topic == temp"), count);
    assert_int_equal(count_with_tshark(fixture, "mqtt.msgtype == 3 && mqtt.topic == x"), count);
    assert_int_equal(count_with_tshark(fixture, "mqtt.msgtype == 4"), count);
    assert_int_equal(count_with_tshark(fixture, "_ws.malformed"), 0);
    assert_int_equal(count_with_tshark(fixture, "tcp.checksum.status == 0 || "
                                                "ip.checksum.status == 0"),
                     0);
    assert_int_equal(count_with_tshark(fixture, "tcp.analysis.flags && !tcp.analysis.reused_ports"),
                     0);
    assert_int_equal(count_with_tshark(fixture, "tcp.flags.fin == 1"), 2 * count);
    assert_int_equal(count_with_tshark(fixture, "frame.time_epoch == 1795435622.123456789"),
                     8 * count);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(is_only_for_its_owner_and_not_for_two),
        TEST(leaves_what_is_no_capture),
        TEST(goes_on_behind_what_is_there),
        TEST(writes_when_told_or_when_it_is_much),
        TEST(says_once_that_it_cannot_be_written),
        TEST(a_file_that_was_moved_is_followed_by_a_new_one),
        TEST(what_cannot_be_opened_anew_is_told_and_the_old_one_goes_on),
        TEST(a_file_that_was_truncated_begins_anew),
        TEST(a_limit_keeps_the_oldest_part_beside_it),
        TEST(ports_stand_in_addresses),
        TEST(tshark_understands_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
