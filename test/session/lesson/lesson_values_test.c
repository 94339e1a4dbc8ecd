// What is found in lines, and put into later ones.
#include "support.h"

#include "session/lesson/lesson_values.h"

static bool match(struct lesson_values *values, const char *pattern, const char *line) {
    return lesson_values_match(values, bytes_of_text(pattern), bytes_of_text(line));
}

static void assert_expands(const struct lesson_values *values, const char *text,
                           const char *expected) {
    struct memory memory;
    struct buffer out;
    struct bytes missing;
    memory_init(&memory);
    buffer_init(&out, &memory);
    assert_true(lesson_values_expand(values, bytes_of_text(text), &out, &missing));
    assert_bytes_equal(buffer_bytes(&out), bytes_of_text(expected));
    buffer_deinit(&out);
}

static void a_pattern_stands_anywhere_in_a_line(void **state) {
    (void)state;
    struct lesson_values values = {0};
    assert_true(match(&values, "temp 21", "room/temp 21.5"));
    assert_true(match(&values, "", "anything"));
    assert_true(match(&values, "", ""));
    assert_true(lesson_values_match(&values, (struct bytes){0}, (struct bytes){0}));
    assert_false(lesson_values_match(&values, BYTES_LITERAL("a"), (struct bytes){0}));
    assert_false(match(&values, "temp", ""));
    assert_false(match(&values, "temp 22", "temp 21"));
    assert_true(match(&values, "aab", "aaab"));
    assert_true(match(&values, "+/#", "room/+/#"));
}

static void three_dots_stand_for_any_text(void **state) {
    (void)state;
    struct lesson_values values = {0};
    assert_true(match(&values, "from...to...end", "from here to there, to the end"));
    assert_true(match(&values, "from...to", "fromto"));
    assert_false(match(&values, "to...from", "from here to there"));
    assert_true(match(&values, "...", ""));
    assert_true(match(&values, "b...c...", "abcc"));
}

static void names_are_what_stood_in_their_place(void **state) {
    (void)state;
    struct lesson_values values = {0};
    assert_true(match(&values, "at port {port},", "MQTT at port 1883, of this machine"));
    assert_true(match(&values, "publ...{payload}...{sum}...", "1795\tpubl\t-ab-\t200\t"));
    assert_expands(&values, "{port}: {sum} {payload}{", "1883: 200 -ab-{");
    // It has a value now, which has to stand there.
    assert_true(match(&values, "port {port}", "port 1883"));
    assert_false(match(&values, "port {port}", "port 1884"));
}

static void a_line_that_does_not_fit_leaves_nothing(void **state) {
    (void)state;
    struct lesson_values values = {0};
    assert_false(match(&values, "port {port} of", "port 1883 at"));
    assert_int_equal(values.count, 0);
    assert_true(match(&values, "key {key}!", "key 1 key 2!"));
    assert_expands(&values, "{key}", "2");
}

static void a_name_without_a_value_is_missed(void **state) {
    (void)state;
    struct lesson_values values = {0};
    struct memory memory;
    struct buffer out;
    struct bytes missing;
    memory_init(&memory);
    buffer_init(&out, &memory);
    assert_false(lesson_values_expand(&values, BYTES_LITERAL("at {port}"), &out, &missing));
    assert_bytes_equal(missing, BYTES_LITERAL("port"));
    buffer_deinit(&out);
    assert_expands(&values, "{\"json\": {}} {A} {a b}", "{\"json\": {}} {A} {a b}");
}

static void values_are_bounded(void **state) {
    (void)state;
    struct lesson_values values = {0};
    char line[LESSON_VALUE_MAX + 2] = "=";
    memset(line + 1, 'x', LESSON_VALUE_MAX);
    line[LESSON_VALUE_MAX + 1] = '\0';
    assert_false(match(&values, "={long}", line));
    line[LESSON_VALUE_MAX] = '\0';
    assert_true(match(&values, "={long}", line));
    char pattern[] = "{aa}";
    for (int i = 1; i <= LESSON_VALUES_MAX; i++) {
        pattern[1] = (char)('a' + i / 26);
        pattern[2] = (char)('a' + i % 26);
        assert_int_equal(match(&values, pattern, "1"), i < LESSON_VALUES_MAX);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pattern_stands_anywhere_in_a_line),
        cmocka_unit_test(three_dots_stand_for_any_text),
        cmocka_unit_test(names_are_what_stood_in_their_place),
        cmocka_unit_test(a_line_that_does_not_fit_leaves_nothing),
        cmocka_unit_test(a_name_without_a_value_is_missed),
        cmocka_unit_test(values_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
