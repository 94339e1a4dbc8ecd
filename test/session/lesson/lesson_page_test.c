// A lesson's screen as its page gets it, and what is typed there.
#include "support.h"

#include "session/lesson/lesson_page.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LINE_MAX_BYTES 4096

struct fixture {
    struct memory memory;
    struct lesson_page page;
    int browser; // the other end
};

static int set_up(void **state) {
    struct fixture *fixture = test_calloc(1, sizeof *fixture);
    int ends[2];
    memory_init(&fixture->memory);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    fixture->browser = ends[1];
    lesson_page_init(&fixture->page, &fixture->memory, ends[0]);
    *state = fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    lesson_page_deinit(&fixture->page);
    if (fixture->browser >= 0) {
        (void)close(fixture->browser);
    }
    assert_int_equal(fixture->memory.bytes_in_use, 0);
    test_free(fixture);
    return 0;
}

static void say(struct fixture *fixture, struct bytes text) {
    assert_int_equal(send(fixture->browser, text.data, text.size, MSG_NOSIGNAL), text.size);
    lesson_page_serve(&fixture->page);
}

// The next answer; to be freed.
static json_t *answer(struct fixture *fixture) {
    static char line[1 << 20];
    size_t size = 0;
    do {
        assert_true(size < sizeof line);
        assert_int_equal(recv(fixture->browser, line + size, 1, MSG_DONTWAIT), 1);
    } while (line[size++] != '\n');
    json_t *object = json_loadb(line, size, 0, NULL);
    assert_non_null(object);
    return object;
}

static const char *text_of(const json_t *object, const char *name) {
    return json_string_value(json_object_get(object, name));
}

static void the_screen_is_told_as_it_stands(void **state) {
    struct fixture *fixture = *state;
    lesson_page_begin(&fixture->page, "3 Topics", BYTES_LITERAL("Wildcards"), "2 of 5");
    lesson_page_add(&fixture->page, "text", "", BYTES_LITERAL("A plus stands for one level."));
    lesson_page_add(&fixture->page, "choice", "a)", BYTES_LITERAL("<b>home</b>\xff"));
    lesson_page_await(&fixture->page, "guess");
    say(fixture, BYTES_LITERAL("\n"));
    json_t *seen = answer(fixture);
    assert_string_equal(text_of(seen, "lesson"), "3 Topics");
    assert_string_equal(text_of(seen, "heading"), "Wildcards");
    assert_string_equal(text_of(seen, "count"), "2 of 5");
    assert_string_equal(text_of(seen, "awaits"), "guess");
    json_t *rows = json_object_get(seen, "rows");
    assert_int_equal(json_array_size(rows), 2);
    assert_string_equal(text_of(json_array_get(rows, 0), "kind"), "text");
    assert_string_equal(text_of(json_array_get(rows, 1), "lead"), "a)");
    assert_non_null(text_of(json_array_get(rows, 1), "text_base64")); // it is no UTF-8
    json_decref(seen);
    lesson_page_begin(&fixture->page, "3 Topics", BYTES_LITERAL("Next"), "3 of 5");
    say(fixture, BYTES_LITERAL("\n"));
    seen = answer(fixture);
    assert_int_equal(json_array_size(json_object_get(seen, "rows")), 0);
    json_decref(seen);
}

static json_int_t serial_of(struct fixture *fixture) {
    say(fixture, BYTES_LITERAL("\n"));
    json_t *seen = answer(fixture);
    json_int_t serial = json_integer_value(json_object_get(seen, "serial"));
    json_decref(seen);
    return serial;
}

// So a page need not draw what it has drawn.
static void each_change_raises_the_serial(void **state) {
    struct fixture *fixture = *state;
    json_int_t first = serial_of(fixture);
    assert_int_equal(serial_of(fixture), first);
    lesson_page_begin(&fixture->page, "1", BYTES_LITERAL("One"), "1 of 1");
    json_int_t begun = serial_of(fixture);
    lesson_page_add(&fixture->page, "text", "", BYTES_LITERAL("a"));
    json_int_t added = serial_of(fixture);
    lesson_page_await(&fixture->page, "enter");
    assert_true(first < begun && begun < added && added < serial_of(fixture));
}

static void what_is_typed_is_taken_once_and_only_if_it_is_awaited(void **state) {
    struct fixture *fixture = *state;
    char typed[LESSON_TYPED_MAX];
    say(fixture, BYTES_LITERAL(">too early\n"));
    assert_false(lesson_page_take(&fixture->page, typed));
    lesson_page_await(&fixture->page, "try");
    say(fixture, BYTES_LITERAL("publ without a mark\n"));
    assert_false(lesson_page_take(&fixture->page, typed));
    say(fixture, BYTES_LITERAL(">publ a 1\n>publ b 2\n")); // the second one is too early, too
    assert_true(lesson_page_take(&fixture->page, typed));
    assert_string_equal(typed, "publ a 1");
    assert_false(lesson_page_take(&fixture->page, typed));
    for (unsigned i = 0; i < 4; i++) {
        json_decref(answer(fixture)); // each line has one
    }
}

static void what_is_typed_has_a_bound(void **state) {
    struct fixture *fixture = *state;
    char typed[LESSON_TYPED_MAX];
    static uint8_t line[LESSON_TYPED_MAX + 2];
    memset(line, 'a', sizeof line);
    line[0] = '>';
    lesson_page_await(&fixture->page, "try");
    line[LESSON_TYPED_MAX + 1] = '\n';
    say(fixture, bytes_make(line, LESSON_TYPED_MAX + 2));
    assert_false(lesson_page_take(&fixture->page, typed));
    line[LESSON_TYPED_MAX] = '\n';
    say(fixture, bytes_make(line, LESSON_TYPED_MAX + 1));
    assert_true(lesson_page_take(&fixture->page, typed));
    assert_int_equal(strlen(typed), LESSON_TYPED_MAX - 1);
}

static void a_screen_keeps_its_last_rows(void **state) {
    struct fixture *fixture = *state;
    char text[16];
    for (unsigned i = 0; i <= LESSON_PAGE_ROWS; i++) {
        (void)snprintf(text, sizeof text, "%u", i);
        lesson_page_add(&fixture->page, "text", "", bytes_of_text(text));
    }
    say(fixture, BYTES_LITERAL("\n"));
    json_t *seen = answer(fixture);
    json_t *rows = json_object_get(seen, "rows");
    assert_int_equal(json_array_size(rows), LESSON_PAGE_ROWS);
    assert_string_equal(text_of(json_array_get(rows, 0), "text"), "1");
    json_decref(seen);
}

static void a_page_that_asks_without_end_is_left(void **state) {
    struct fixture *fixture = *state;
    static uint8_t line[LINE_MAX_BYTES];
    memset(line, 'a', sizeof line);
    for (unsigned i = 0; i < 3 && fixture->page.socket >= 0; i++) {
        say(fixture, bytes_make(line, sizeof line));
    }
    assert_int_equal(fixture->page.socket, -1);
}

static void a_page_that_is_gone_is_left(void **state) {
    struct fixture *fixture = *state;
    (void)close(fixture->browser);
    fixture->browser = -1;
    lesson_page_serve(&fixture->page);
    assert_int_equal(fixture->page.socket, -1);
}

#define PAGE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        PAGE_TEST(the_screen_is_told_as_it_stands),
        PAGE_TEST(each_change_raises_the_serial),
        PAGE_TEST(what_is_typed_is_taken_once_and_only_if_it_is_awaited),
        PAGE_TEST(what_is_typed_has_a_bound),
        PAGE_TEST(a_screen_keeps_its_last_rows),
        PAGE_TEST(a_page_that_asks_without_end_is_left),
        PAGE_TEST(a_page_that_is_gone_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
