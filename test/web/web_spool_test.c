#include "support.h"

#include "web/web_spool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct fixture {
    char *folder;
    struct web_spool *spool;
    struct memory memory;
    struct buffer lines; // to be appended
    struct buffer got;
};

static void begin(struct fixture *fixture, uint64_t keep_bytes) {
    web_spool_close(fixture->spool);
    fixture->spool = web_spool_open(fixture->folder, keep_bytes);
    assert_non_null(fixture->spool);
}

static int set_up(void **state) {
    struct fixture *fixture = test_calloc(1, sizeof *fixture);
    fixture->folder = support_make_folder();
    memory_init(&fixture->memory);
    buffer_init(&fixture->lines, &fixture->memory);
    buffer_init(&fixture->got, &fixture->memory);
    begin(fixture, 1u << 30);
    *state = fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    web_spool_close(fixture->spool);
    buffer_deinit(&fixture->lines);
    buffer_deinit(&fixture->got);
    assert_int_equal(memory_used(&fixture->memory), 0);
    support_remove_folder(fixture->folder);
    test_free(fixture);
    return 0;
}

// Appends items from the number `from` on, each a line that says its number.
static void append(struct fixture *fixture, unsigned from, unsigned count) {
    fixture->lines.size = 0;
    for (unsigned i = 0; i < count; i++) {
        buffer_append_text(&fixture->lines, "{\"item\":");
        buffer_append_decimal(&fixture->lines, from + i);
        buffer_append_text(&fixture->lines, "}\n");
    }
    assert_true(web_spool_append(fixture->spool, buffer_bytes(&fixture->lines)));
}

static uint32_t read_at(struct fixture *fixture, struct web_cursor *cursor, size_t bytes,
                        uint32_t items) {
    fixture->got.size = 0;
    return web_spool_read(fixture->spool, cursor, bytes, items, &fixture->got);
}

static void expect_got(const struct fixture *fixture, const char *text) {
    assert_int_equal(fixture->got.size, strlen(text));
    assert_memory_equal(fixture->got.data, text, strlen(text));
}

static void items_are_read_from_any_place(void **state) {
    struct fixture *fixture = *state;
    for (unsigned i = 0; i < 1000; i += 10) {
        append(fixture, i, 10);
    }
    assert_int_equal(web_spool_first(fixture->spool), 0);
    assert_int_equal(web_spool_next(fixture->spool), 1000);
    for (unsigned i = 0; i < 1000; i += 37) {
        char text[32];
        (void)snprintf(text, sizeof text, "{\"item\":%u}\n", i);
        struct web_cursor cursor = web_spool_seek(fixture->spool, i);
        assert_int_equal(cursor.item, i);
        assert_int_equal(read_at(fixture, &cursor, 1000, 1), 1);
        expect_got(fixture, text);
        assert_int_equal(cursor.item, i + 1);
    }
}

static void reading_goes_on_where_it_was(void **state) {
    struct fixture *fixture = *state;
    struct web_cursor cursor = {0};
    assert_int_equal(read_at(fixture, &cursor, 1000, 10), 0);
    append(fixture, 0, 3);
    assert_int_equal(read_at(fixture, &cursor, 25, 10), 2); // 11 bytes each
    expect_got(fixture, "{\"item\":0}\n{\"item\":1}\n");
    assert_int_equal(read_at(fixture, &cursor, 5, 10), 1); // one at least
    assert_int_equal(read_at(fixture, &cursor, 1000, 10), 0);
    append(fixture, 3, 1);
    assert_int_equal(read_at(fixture, &cursor, 1000, 10), 1);
    expect_got(fixture, "{\"item\":3}\n");
    assert_int_equal(web_spool_seek(fixture->spool, 99).item, 4);
}

static void what_is_too_old_is_given_back(void **state) {
    struct fixture *fixture = *state;
    begin(fixture, 1u << 20);
    struct web_cursor early = web_spool_seek(fixture->spool, 0);
    for (unsigned i = 0; i < 400000; i += 4000) {
        append(fixture, i, 4000);
    }
    uint64_t first = web_spool_first(fixture->spool);
    assert_in_range(first, 400000 - 3 * 70000, 400000 - 60000); // 1 to 2 MiB of 14 to 16 bytes
    assert_int_equal(read_at(fixture, &early, 1000, 1), 0);
    struct web_cursor cursor = web_spool_seek(fixture->spool, 0);
    assert_int_equal(cursor.item, first);
    char text[32];
    (void)snprintf(text, sizeof text, "{\"item\":%u}\n", (unsigned)first);
    assert_int_equal(read_at(fixture, &cursor, 1000, 1), 1);
    expect_got(fixture, text);
}

static void a_line_that_is_too_long_keeps_its_head(void **state) {
    struct fixture *fixture = *state;
    static const char head[] =
        "{\"time\":1,\"type\":\"SUBSCRIBE\",\"bytes\":4000000,\"filters\":[\"";
    buffer_append_text(&fixture->lines, head);
    memset(buffer_reserve(&fixture->lines, WEB_ITEM_MAX), 'x', WEB_ITEM_MAX);
    fixture->lines.size += WEB_ITEM_MAX;
    buffer_append_text(&fixture->lines, "\"]}\n{\"item\":1}\n");
    assert_true(web_spool_append(fixture->spool, buffer_bytes(&fixture->lines)));
    struct web_cursor cursor = {0};
    assert_int_equal(read_at(fixture, &cursor, 1000, 10), 2);
    expect_got(fixture,
               "{\"time\":1,\"type\":\"SUBSCRIBE\",\"bytes\":4000000,\"words\":\"is too large to "
               "be shown whole\"}\n{\"item\":1}\n");
}

// A line as long as is allowed is read whole, however little was asked for.
static void a_long_line_is_read_whole(void **state) {
    struct fixture *fixture = *state;
    memset(buffer_reserve(&fixture->lines, WEB_ITEM_MAX), 'x', WEB_ITEM_MAX);
    fixture->lines.size = WEB_ITEM_MAX;
    fixture->lines.data[WEB_ITEM_MAX - 1] = '\n';
    assert_true(web_spool_append(fixture->spool, buffer_bytes(&fixture->lines)));
    struct web_cursor cursor = {0};
    assert_int_equal(read_at(fixture, &cursor, 10, 10), 1);
    assert_int_equal(fixture->got.size, WEB_ITEM_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(items_are_read_from_any_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reading_goes_on_where_it_was, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_too_old_is_given_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_line_that_is_too_long_keeps_its_head, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_long_line_is_read_whole, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
