#include "support.h"

#include "session/printable.h"

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
        cmocka_unit_test(what_is_not_utf8_is_escaped),
        cmocka_unit_test(every_byte_stays_on_its_line),
        cmocka_unit_test(format_appends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
