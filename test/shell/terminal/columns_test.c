#include "support.h"

#include "shell/terminal/columns.h"

static void counts_characters(void **state) {
    (void)state;
    assert_int_equal(columns_of(BYTES_LITERAL("")), 0);
    assert_int_equal(columns_of(BYTES_LITERAL("Küche")), 5);
}

static void cuts_between_characters(void **state) {
    (void)state;
    assert_bytes_equal(columns_cut(BYTES_LITERAL("Küche"), 2), BYTES_LITERAL("Kü"));
    assert_bytes_equal(columns_cut(BYTES_LITERAL("Küche"), 5), BYTES_LITERAL("Küche"));
    assert_bytes_equal(columns_cut(BYTES_LITERAL("Küche"), 0), BYTES_LITERAL(""));
}

static void fills_or_cuts_a_cell(void **state) {
    (void)state;
    struct memory memory;
    struct buffer out;
    memory_init(&memory);
    buffer_init(&out, &memory);
    columns_append(&out, BYTES_LITERAL("ä"), 3);
    columns_append(&out, BYTES_LITERAL("kitchen"), 4);
    columns_append(&out, BYTES_LITERAL("abc"), 3);
    assert_bytes_equal(buffer_bytes(&out), BYTES_LITERAL("ä  kit…abc"));
    buffer_deinit(&out);
}

static void assert_lines(const char *text, size_t columns, const char *const *lines) {
    struct bytes rest = bytes_of_text(text);
    for (; *lines != NULL; lines++) {
        assert_bytes_equal(columns_take_line(&rest, columns), bytes_of_text(*lines));
    }
    assert_int_equal(rest.size, 0);
}

static void wraps_at_blanks(void **state) {
    (void)state;
    assert_lines("one two three", 7, (const char *const[]){"one two", "three", NULL});
    assert_lines("one two three", 8, (const char *const[]){"one two", "three", NULL});
    assert_lines("one two three", 100, (const char *const[]){"one two three", NULL});
    assert_lines("abcdefgh ij", 4, (const char *const[]){"abcd", "efgh", "ij", NULL});
    assert_lines(" abcdef", 3, (const char *const[]){" ab", "cde", "f", NULL});
    assert_lines("", 3, (const char *const[]){"", NULL});
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_characters),
        cmocka_unit_test(cuts_between_characters),
        cmocka_unit_test(fills_or_cuts_a_cell),
        cmocka_unit_test(wraps_at_blanks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
