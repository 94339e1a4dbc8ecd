#include "support.h"

#include "fault/parse.h"
#include "fault/rule_of.h"
#include "packet/packet.h"

static bool fits(const char *pattern, const char *text) {
    return fault_pattern_fits(bytes_of_text(pattern), bytes_of_text(text));
}

static void a_star_stands_for_any_run_and_a_question_mark_for_one(void **state) {
    (void)state;
    assert_true(fits("", ""));
    assert_false(fits("", "a"));
    assert_true(fits("*", ""));
    assert_true(fits("*", "anything"));
    assert_true(fits("dev-*", "dev-"));
    assert_true(fits("dev-*", "dev-17"));
    assert_false(fits("dev-*", "dev"));
    assert_true(fits("d?v", "dev"));
    assert_false(fits("d?v", "dv"));
    assert_true(fits("*-7", "a-7-7"));
    assert_false(fits("*-7", "a-7-8"));
    assert_true(fits("a*b*c", "axxbyybzzc"));
    assert_false(fits("a*b*c", "axxbyybzz"));
    assert_true(fits("**a**", "bab"));
    assert_false(fits("dev", "DEV"));
}

static void a_pattern_of_many_stars_is_answered_at_once(void **state) {
    (void)state;
    char pattern[FAULT_NAME_MAX];
    static char text[60000];
    for (size_t i = 0; i < sizeof pattern; i++) {
        pattern[i] = i % 2 == 0 ? 'a' : '*';
    }
    memset(text, 'a', sizeof text);
    assert_true(
        fault_pattern_fits(bytes_make(pattern, sizeof pattern), bytes_make(text, sizeof text)));
    text[sizeof text - 1] = 'b';
    assert_false(
        fault_pattern_fits(bytes_make(pattern, sizeof pattern), bytes_make(text, sizeof text)));
}

static void a_rule_is_about_an_identifier_or_an_address(void **state) {
    (void)state;
    struct fault_rule rule = rule_of("drop from 10.0.0.*");
    assert_true(fault_rule_is_about(&rule, BYTES_LITERAL("a"), BYTES_LITERAL("10.0.0.7")));
    assert_true(fault_rule_is_about(&rule, BYTES_LITERAL("10.0.0.x"), BYTES_LITERAL("::1")));
    assert_false(fault_rule_is_about(&rule, BYTES_LITERAL("a"), BYTES_LITERAL("10.0.1.7")));
    rule = rule_of("drop to broker");
    assert_true(fault_rule_is_about(&rule, BYTES_LITERAL(""), BYTES_LITERAL("")));
}

static void times_open_and_close(void **state) {
    (void)state;
    const uint64_t s = 1000000000;
    struct fault_rule rule = rule_of("drop PUBLISH after 10 s for 5 s");
    assert_int_equal(fault_rule_window(&rule, 10 * s - 1), -1);
    assert_int_equal(fault_rule_window(&rule, 10 * s), 0);
    assert_int_equal(fault_rule_window(&rule, 15 * s - 1), 0);
    assert_int_equal(fault_rule_window(&rule, 15 * s), -1);
    rule = rule_of("drop PUBLISH every 60 s for 5 s");
    assert_int_equal(fault_rule_window(&rule, 0), -1);
    assert_int_equal(fault_rule_window(&rule, 60 * s), 0);
    assert_int_equal(fault_rule_window(&rule, 65 * s), -1);
    assert_int_equal(fault_rule_window(&rule, 124 * s), 1);
    rule = rule_of("drop PUBLISH");
    assert_int_equal(fault_rule_window(&rule, 0), 0);
    assert_int_equal(fault_rule_window(&rule, UINT64_MAX), 0);
}

static void only_freezes_and_cuts_of_no_packets_are_timed(void **state) {
    (void)state;
    static const char *const timed[] = {"freeze", "freeze 3 s every 60 s", "cut at 5 s", "cut",
                                        "freeze with a"};
    static const char *const untimed[] = {"cut PUBLISH", "cut before",    "freeze PUBLISH 3",
                                          "cut 1 %",     "freeze on a/b", "drop at 3 s",
                                          "cut qos 1"};
    for (size_t i = 0; i < sizeof timed / sizeof *timed; i++) {
        struct fault_rule rule = rule_of(timed[i]);
        assert_true(fault_rule_is_timed(&rule));
    }
    for (size_t i = 0; i < sizeof untimed / sizeof *untimed; i++) {
        struct fault_rule rule = rule_of(untimed[i]);
        assert_false(fault_rule_is_timed(&rule));
    }
}

// The table of actions is whole: each example is a rule of its own action.
static void each_action_has_an_example_of_its_own(void **state) {
    (void)state;
    for (unsigned i = 0; i < FAULT_ACTIONS; i++) {
        const struct fault_action_row *row = fault_action_row((enum fault_action)i);
        struct fault_rule rule = rule_of(row->example);
        assert_int_equal(rule.action, i);
        assert_memory_equal(row->form, row->name, strlen(row->name));
        assert_non_null(row->effect);
        assert_non_null(row->does);
    }
}

static void each_kind_that_has_a_name_is_sent_by_somebody(void **state) {
    (void)state;
    unsigned named = 0;
    for (unsigned kind = 0; kind < FAULT_KINDS; kind++) {
        if (fault_kind_row(kind)->name != NULL) {
            named++;
            assert_true(fault_kind_goes(kind, FAULT_BOTH_WAYS));
        }
    }
    assert_int_equal(named, 1 + 15 + PACKET_TYPES + 1);
    assert_false(fault_kind_goes(1, FAULT_TO_CLIENT));
    assert_true(fault_kind_goes(1, FAULT_TO_BROKER));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_star_stands_for_any_run_and_a_question_mark_for_one),
        cmocka_unit_test(a_pattern_of_many_stars_is_answered_at_once),
        cmocka_unit_test(a_rule_is_about_an_identifier_or_an_address),
        cmocka_unit_test(times_open_and_close),
        cmocka_unit_test(only_freezes_and_cuts_of_no_packets_are_timed),
        cmocka_unit_test(each_action_has_an_example_of_its_own),
        cmocka_unit_test(each_kind_that_has_a_name_is_sent_by_somebody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
