#include "support.h"

#include "base/bytes.h"

static void the_literal_leaves_out_the_closing_nul(void **state) {
    (void)state;
    const struct bytes none = BYTES_LITERAL("");
    const struct bytes inner = BYTES_LITERAL("a\0b");
    assert_int_equal(none.size, 0);
    assert_int_equal(inner.size, 3);
    assert_memory_equal(inner.data, "a\0b", 3);
}

static void equal_means_same_size_and_bytes(void **state) {
    (void)state;
    assert_true(bytes_equal(BYTES_LITERAL("a\0b"), BYTES_LITERAL("a\0b")));
    assert_false(bytes_equal(BYTES_LITERAL("a\0b"), BYTES_LITERAL("a\0c")));
    assert_false(bytes_equal(BYTES_LITERAL("a"), BYTES_LITERAL("a\0")));
    assert_true(bytes_equal((struct bytes){NULL, 0}, BYTES_LITERAL("")));
}

static void the_order_is_that_of_a_dictionary(void **state) {
    (void)state;
    const struct bytes ascending[] = {
        {NULL, 0},           BYTES_LITERAL("\0"), BYTES_LITERAL("\0\0"), BYTES_LITERAL("a"),
        BYTES_LITERAL("a/"), BYTES_LITERAL("ab"), BYTES_LITERAL("\x7f"), BYTES_LITERAL("\x80"),
    };
    const int count = sizeof ascending / sizeof *ascending;
    for (int i = 0; i < count; i++) {
        for (int k = 0; k < count; k++) {
            int order = bytes_compare(ascending[i], ascending[k]);
            assert_int_equal((order > 0) - (order < 0), (i > k) - (i < k));
        }
    }
}

static void starts_with(void **state) {
    (void)state;
    assert_true(bytes_starts_with(BYTES_LITERAL("site/1"), BYTES_LITERAL("site/")));
    assert_true(bytes_starts_with(BYTES_LITERAL("site"), BYTES_LITERAL("site")));
    assert_true(bytes_starts_with(BYTES_LITERAL(""), (struct bytes){NULL, 0}));
    assert_false(bytes_starts_with(BYTES_LITERAL("sit"), BYTES_LITERAL("site")));
    assert_false(bytes_starts_with(BYTES_LITERAL("Site/"), BYTES_LITERAL("site/")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_literal_leaves_out_the_closing_nul),
        cmocka_unit_test(equal_means_same_size_and_bytes),
        cmocka_unit_test(the_order_is_that_of_a_dictionary),
        cmocka_unit_test(starts_with),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
