#include "support.h"

#include <stdio.h>

#include "shell/printable.h"

static void assert_printed(struct bytes bytes, const char *expected) {
    struct memory memory;
    struct buffer out;
    memory_init(&memory);
    buffer_init(&out, &memory);
    printable_append(&out, bytes);
    assert_bytes_equal(buffer_bytes(&out), bytes_of_text(expected));
    buffer_deinit(&out);
}

static void text_stays_text(void **state) {
    (void)state;
    assert_printed(BYTES_LITERAL(""), "");
    assert_printed((struct bytes){0}, "");
    assert_printed(BYTES_LITERAL("a b~\"'%-"), "a b~\"'%-");
    assert_printed(BYTES_LITERAL("ü€𝄞"), "ü€𝄞");
}

static void what_moves_a_terminal_is_escaped(void **state) {
    (void)state;
    assert_printed(BYTES_LITERAL("\n\t\\"), "\\n\\t\\\\");
    assert_printed(BYTES_LITERAL("\033[2J\r\b\0\177"), "\\x1B[2J\\x0D\\x08\\x00\\x7F");
    assert_printed(BYTES_LITERAL("\xc2\x9b"
                                 "31m"),
                   "\\xC2\\x9B31m");
    assert_printed(BYTES_LITERAL("\xc2\xa0"), "\xc2\xa0");
}

static const char *const unseen[] = {
    "\xc2\x80",         "\xc2\x9f",         "\xc2\xad",         "\xcd\x8f",
    "\xd8\x9c",         "\xe2\x80\x8b",     "\xe2\x80\x8f",     "\xe2\x80\xa8",
    "\xe2\x80\xa9",     "\xe2\x80\xaa",     "\xe2\x80\xae",     "\xe2\x81\xa0",
    "\xe2\x81\xa6",     "\xe2\x81\xa9",     "\xe1\x85\x9f",     "\xe3\x85\xa4",
    "\xef\xbb\xbf",     "\xef\xbe\xa0",     "\xef\xbf\xb9",     "\xe1\xa0\x8e",
    "\xf0\x91\x82\xbd", "\xf0\x9d\x85\xb3", "\xf3\xa0\x80\x81", "\xf3\xa0\x81\xbf",
    "\xf3\xa0\x84\x80",
};

static const char *const seen[] = {
    "\xc2\xa0",         "\xc2\xac",         "\xc2\xae",         "\xcd\x8e",     "\xd8\x9b",
    "\xe2\x80\x8a",     "\xe2\x80\x90",     "\xe2\x80\xa7",     "\xe2\x80\xaf", "\xe2\x81\x9f",
    "\xe2\x81\xb0",     "\xe3\x85\xa3",     "\xef\xbb\xbe",     "\xef\xb8\x8f", "\xef\xbf\xbd",
    "\xf0\x9f\x98\x80", "\xf3\x9f\xbf\xbd", "\xf3\xa1\x80\x80",
};

static void what_is_not_seen_is_escaped(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof unseen / sizeof *unseen; i++) {
        char expected[20] = "";
        for (const char *at = unseen[i]; *at != '\0'; at++) {
            size_t size = strlen(expected);
            (void)snprintf(expected + size, sizeof expected - size, "\\x%02X", (uint8_t)*at);
        }
        assert_printed(bytes_of_text(unseen[i]), expected);
    }
    for (size_t i = 0; i < sizeof seen / sizeof *seen; i++) {
        assert_printed(bytes_of_text(seen[i]), seen[i]);
    }
}

typedef void door(struct buffer *out, struct bytes text);

static void assert_passes(door *append, struct bytes text, const char *expected) {
    struct memory memory;
    struct buffer out;
    memory_init(&memory);
    buffer_init(&out, &memory);
    append(&out, text);
    assert_bytes_equal(buffer_bytes(&out), bytes_of_text(expected));
    buffer_deinit(&out);
}

// What was made printable once stays as it is.
static void the_last_door_is_passed_twice_without_harm(void **state) {
    (void)state;
    struct bytes text = BYTES_LITERAL("a\\x1B\n\033\xe2\x80\xae\xff");
    assert_passes(printable_append_message, text, "a\\x1B\\n\\x1B\\xE2\\x80\\xAE\\xFF");
    assert_passes(printable_append_page, text, "a\\x1B\n\\x1B\\xE2\\x80\\xAE\\xFF");
    assert_passes(printable_append_page, BYTES_LITERAL("1\t83\n"), "1\t83\n");
    const char *once = "a\\x1B\\n\\xE2\\x80\\xAE";
    assert_passes(printable_append_message, bytes_of_text(once), once);
    assert_passes(printable_append_page, bytes_of_text(once), once);
}

static void json_keeps_its_meaning(void **state) {
    (void)state;
    assert_passes(printable_append_json, BYTES_LITERAL("{\"\\n\\\\\":\"\xc3\xbc\"}"),
                  "{\"\\n\\\\\":\"\xc3\xbc\"}");
    assert_passes(printable_append_json,
                  BYTES_LITERAL("\"\x7f\xc2\x9b\xe2\x80\xae\xf3\xa0\x81\x81\xef\xbb\xbf\""),
                  "\"\\u007F\\u009B\\u202E\\uDB40\\uDC41\\uFEFF\"");
}

static void what_is_not_utf8_is_escaped(void **state) {
    (void)state;
    assert_printed(BYTES_LITERAL("a\xff\xfe"), "a\\xFF\\xFE");
    assert_printed(BYTES_LITERAL("\xc3"), "\\xC3");
    assert_printed(BYTES_LITERAL("\xe2\x82x"), "\\xE2\\x82x");
    assert_printed(BYTES_LITERAL("\xc0\x80"), "\\xC0\\x80");
    assert_printed(BYTES_LITERAL("\xed\xa0\x80"), "\\xED\\xA0\\x80");
}

// Every single byte comes out as printable ASCII.
static void every_byte_stays_on_its_line(void **state) {
    (void)state;
    for (unsigned byte = 0; byte < 256; byte++) {
        struct memory memory;
        struct buffer out;
        uint8_t one = (uint8_t)byte;
        memory_init(&memory);
        buffer_init(&out, &memory);
        printable_append(&out, bytes_make(&one, 1));
        assert_true(out.size >= 1 && out.size <= 4);
        for (size_t i = 0; i < out.size; i++) {
            assert_true(out.data[i] >= 32 && out.data[i] < 127);
        }
        buffer_deinit(&out);
    }
}

static void format_appends(void **state) {
    (void)state;
    struct memory memory;
    struct buffer out;
    memory_init(&memory);
    buffer_init(&out, &memory);
    printable_format(&out, "%s", "");
    printable_format(&out, "%u-%s", 7, "x");
    printable_format(&out, "%300d", 1);
    assert_int_equal(out.size, 303);
    assert_memory_equal(out.data, "7-x ", 4);
    assert_int_equal(out.data[302], '1');
    buffer_deinit(&out);
    assert_int_equal(memory.blocks_in_use, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_stays_text),
        cmocka_unit_test(what_moves_a_terminal_is_escaped),
        cmocka_unit_test(what_is_not_seen_is_escaped),
        cmocka_unit_test(the_last_door_is_passed_twice_without_harm),
        cmocka_unit_test(json_keeps_its_meaning),
        cmocka_unit_test(what_is_not_utf8_is_escaped),
        cmocka_unit_test(every_byte_stays_on_its_line),
        cmocka_unit_test(format_appends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
