#include "support.h"

#include "session/line/own_lines.h"

static struct own_lines settled(void) {
    struct own_lines lines = {.address = 83};
    own_lines_settle(&lines);
    return lines;
}

static void our_lines_come_back_once_each(void **state) {
    (void)state;
    struct own_lines lines = settled();
    for (int round = 0; round < 3; round++) {
        own_lines_note_written(&lines);
        own_lines_note_written(&lines);
        assert_false(own_lines_is_foreign(&lines, 83));
        assert_false(own_lines_is_foreign(&lines, 580));
        assert_false(own_lines_is_foreign(&lines, 83));
    }
}

static void one_more_is_not_ours(void **state) {
    (void)state;
    struct own_lines lines = settled();
    assert_true(own_lines_is_foreign(&lines, 83));
    own_lines_note_written(&lines);
    assert_false(own_lines_is_foreign(&lines, 83)); // it may be either of the two
    assert_true(own_lines_is_foreign(&lines, 83));
    own_lines_note_written(&lines);
    assert_false(own_lines_is_foreign(&lines, 83));
}

static void nothing_is_said_while_lines_may_come_again(void **state) {
    (void)state;
    struct own_lines lines = {.address = 83};
    assert_false(own_lines_is_foreign(&lines, 83)); // a former holder's left
    own_lines_note_written(&lines);
    own_lines_settle(&lines);
    assert_true(own_lines_is_foreign(&lines, 83));
    own_lines_unsettle(&lines);
    assert_false(own_lines_is_foreign(&lines, 83));
}

static void a_router_has_no_address(void **state) {
    (void)state;
    struct own_lines lines = {0};
    own_lines_settle(&lines);
    assert_false(own_lines_is_foreign(&lines, 83));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(our_lines_come_back_once_each),
        cmocka_unit_test(one_more_is_not_ours),
        cmocka_unit_test(nothing_is_said_while_lines_may_come_again),
        cmocka_unit_test(a_router_has_no_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
