#include "support.h"

#include "watch/watch_merge.h"

#include <stdio.h>

#include "base/buffer.h"

#define SECOND UINT64_C(1000000000)
#define NOW (1000 * SECOND)

struct fixture {
    struct memory memory;
    struct watch_merge *merge;
    struct buffer got;
};

static int set_up(void **state) {
    struct fixture *fixture = test_calloc(1, sizeof *fixture);
    memory_init(&fixture->memory);
    buffer_init(&fixture->got, &fixture->memory);
    fixture->merge = watch_merge_create(2, &fixture->memory);
    *state = fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    watch_merge_destroy(fixture->merge);
    buffer_deinit(&fixture->got);
    assert_int_equal(fixture->memory.bytes_in_use, 0);
    test_free(fixture);
    return 0;
}

static void take_line(void *context, uint32_t file, struct bytes line) {
    struct fixture *fixture = context;
    buffer_append_decimal(&fixture->got, file);
    buffer_append_text(&fixture->got, ":");
    buffer_append(&fixture->got, line);
    buffer_append_text(&fixture->got, "\n");
}

static void take_event(void *context, uint32_t file, const struct tap_event *event) {
    struct fixture *fixture = context;
    char text[256];
    (void)snprintf(text, sizeof text, "%u:%s %s %.*s %.*s %s %.*s %s\n", file, event->peer,
                   event->broker, (int)event->bytes.size, (const char *)event->bytes.data,
                   event->note == NULL ? 0 : (int)event->note->text.size,
                   event->note == NULL ? "" : (const char *)event->note->text.data,
                   event->owner == NULL ? "" : event->owner->kind,
                   event->owner == NULL ? 0 : (int)event->owner->name.size,
                   event->owner == NULL ? "" : (const char *)event->owner->name.data,
                   event->owner == NULL || event->owner->network == NULL ? "-"
                                                                         : event->owner->network);
    buffer_append_text(&fixture->got, text);
}

static void take_all(struct fixture *fixture) {
    const struct watch_merge_taker taker = {fixture, take_line, take_event};
    while (watch_merge_take(fixture->merge, &taker)) {
    }
}

static void line(struct fixture *fixture, uint32_t file, const char *text) {
    watch_merge_put_line(fixture->merge, file, bytes_of_text(text), NOW);
}

static void assert_got(struct fixture *fixture, const char *text) {
    take_all(fixture);
    assert_bytes_equal(buffer_bytes(&fixture->got), bytes_of_text(text));
    fixture->got.size = 0;
}

static void puts_files_into_one_order(void **state) {
    struct fixture *fixture = *state;
    line(fixture, 0, "3\ta");
    line(fixture, 0, "5\tb");
    line(fixture, 0, "9\tc");
    assert_got(fixture, ""); // the other file may have something earlier
    assert_true(watch_merge_wants(fixture->merge, 1));
    line(fixture, 1, "4\td");
    assert_false(watch_merge_wants(fixture->merge, 1));
    line(fixture, 1, "5\te");
    assert_got(fixture, "0:3\ta\n1:4\td\n0:5\tb\n1:5\te\n");
    watch_merge_set_end(fixture->merge, 1, true);
    assert_got(fixture, "0:9\tc\n");
}

// A line can say anything about its time.
static void keeps_the_order_of_a_file(void **state) {
    struct fixture *fixture = *state;
    line(fixture, 0, "3\ta");
    line(fixture, 0, "1\tearlier");
    line(fixture, 0, "no time");
    line(fixture, 0, "18446744073709551615\tfar in the future");
    line(fixture, 0, "4\tb");
    line(fixture, 1, "2\tx");
    line(fixture, 1, "5\ty");
    watch_merge_set_end(fixture->merge, 0, true);
    watch_merge_set_end(fixture->merge, 1, true);
    assert_got(fixture, "1:2\tx\n0:3\ta\n0:1\tearlier\n0:no time\n"
                        "0:18446744073709551615\tfar in the future\n0:4\tb\n1:5\ty\n");
}

static void events_are_copied_whole(void **state) {
    struct fixture *fixture = *state;
    char name[] = "hall";
    char network[] = "/net";
    char said[] = "drop";
    char bytes[] = "abc";
    struct tap_note note = {.kind = TAP_NOTE_DROPPED, .text = bytes_make(said, 4)};
    struct tap_owner owner = {
        .kind = "broker", .address = 90, .name = bytes_make(name, 4), .network = network};
    struct tap_event event = {.kind = TAP_BYTES,
                              .peer = "unix 1",
                              .bytes = bytes_make(bytes, 3),
                              .unix_ns = 5 * SECOND + 1,
                              .note = &note,
                              .owner = &owner};
    watch_merge_put_event(fixture->merge, 1, &event, NOW);
    watch_merge_put_event(fixture->merge, 1, &event, NOW);
    memset(name, 'x', 4);
    memset(network, 'x', 4);
    memset(said, 'x', 4);
    memset(bytes, 'x', 3);
    note.kind = TAP_NOTE_NONE;
    watch_merge_put_event(fixture->merge, 1,
                          &(struct tap_event){.kind = TAP_OPENED,
                                              .peer = "p",
                                              .broker = "b",
                                              .unix_ns = 6 * SECOND,
                                              .owner = &(struct tap_owner){.kind = "proxy"}},
                          NOW);
    line(fixture, 0, "5\tin the same second");
    watch_merge_set_end(fixture->merge, 0, true);
    assert_got(fixture, "0:5\tin the same second\n"
                        "1:unix 1  abc drop broker hall /net\n"
                        "1:unix 1  abc drop broker hall /net\n"
                        "1:p b   proxy  -\n");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(puts_files_into_one_order),
        TEST(keeps_the_order_of_a_file),
        TEST(events_are_copied_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
