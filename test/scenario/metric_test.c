#include "support.h"

#include <math.h>
#include <string.h>

#include "scenario/metric.h"

static void assert_parsed(const char *text, enum metric metric, enum metric_comparison comparison,
                          double value) {
    struct metric_expectation expectation;
    struct fault_error error;
    assert_true(metric_parse(bytes_of_text(text), &expectation, &error));
    assert_int_equal(expectation.metric, metric);
    assert_int_equal(expectation.comparison, comparison);
    assert_true(fabs(expectation.value - value) < 1e-9);
}

static void expectations_are_read_in_the_unit_of_their_metric(void **state) {
    (void)state;
    assert_parsed("lost.qos1 == 0", METRIC_LOST_QOS1, METRIC_EQUAL, 0);
    assert_parsed("latency.p99 < 2 s", METRIC_LATENCY_P99, METRIC_LESS, 2);
    assert_parsed("latency.p99.9 <= 250 ms", METRIC_LATENCY_P999, METRIC_AT_MOST, 0.25);
    assert_parsed("reconnects.peak <= 5000/s", METRIC_RECONNECTS_PEAK, METRIC_AT_MOST, 5000);
    assert_parsed("delivered.qos2 >= 99 %", METRIC_DELIVERED_QOS2, METRIC_AT_LEAST, 0.99);
    assert_parsed("bytes < 3 MiB", METRIC_BYTES_SENT, METRIC_LESS, 3145728);
    assert_parsed("wills != 7", METRIC_WILLS, METRIC_UNEQUAL, 7);
    assert_parsed("packets > 1", METRIC_PACKETS, METRIC_MORE, 1);
}

static void a_group_can_be_meant(void **state) {
    (void)state;
    struct metric_expectation expectation;
    struct fault_error error;
    assert_true(metric_parse(BYTES_LITERAL("lost.qos1 of soil == 0"), &expectation, &error));
    assert_string_equal(expectation.group, "soil");
    assert_true(metric_parse(BYTES_LITERAL("lost.qos1 == 0"), &expectation, &error));
    assert_string_equal(expectation.group, "");
    assert_false(metric_parse(BYTES_LITERAL("packets of soil == 0"), &expectation, &error));
    assert_true(metric_parse(BYTES_LITERAL("latency.p50 of soil < 1 s"), &expectation, &error));
    assert_false(expectation.at_group);
    assert_true(metric_parse(BYTES_LITERAL("latency.p50 at screen < 1 s"), &expectation, &error));
    assert_true(expectation.at_group);
    assert_string_equal(expectation.group, "screen");
    assert_false(metric_parse(BYTES_LITERAL("lost at screen == 0"), &expectation, &error));
}

static void mistakes_name_what_may_stand_there(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *says;
    } rows[] = {{"lost.qos4 == 0", "did you mean lost.qos"},
                {"lost.qos1 = 0", "=="},
                {"latency.p99 < 2", "has no unit"},
                {"latency.p99 < 2 sec", "us, ms, s"},
                {"delivered > 101 %", "more than 100 %"},
                {"delivered > 99", "%"},
                {"lost == 0 0", "left over"},
                {"reconnects.peak < 5 /x", "/s, /min"},
                {"", "a metric"}};
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct metric_expectation expectation;
        struct fault_error error;
        assert_false(metric_parse(bytes_of_text(rows[i].text), &expectation, &error));
        assert_non_null(strstr(error.text, rows[i].says));
    }
}

static void assert_holds(const char *text, double measured, bool holds) {
    struct metric_expectation expectation;
    struct fault_error error;
    assert_true(metric_parse(bytes_of_text(text), &expectation, &error));
    assert_int_equal(metric_holds(&expectation, measured), holds);
    assert_false(metric_holds(&expectation, NAN));
}

static void what_was_not_measured_never_holds(void **state) {
    (void)state;
    assert_holds("lost == 3", 3, true);
    assert_holds("lost == 3", 2, false);
    assert_holds("lost != 3", 2, true);
    assert_holds("lost != 3", 3, false);
    assert_holds("lost < 3", 3, false);
    assert_holds("lost <= 3", 3, true);
    assert_holds("lost > 3", 3, false);
    assert_holds("lost >= 3", 3, true);
    assert_holds("lost >= 3", 2, false);
}

static void every_metric_has_a_row_of_its_own(void **state) {
    (void)state;
    for (unsigned i = 0; i < METRICS; i++) {
        const struct metric_row *row = metric_row((enum metric)i);
        assert_non_null(row->name);
        assert_true(strlen(row->help) > 3);
        for (unsigned j = 0; j < i; j++) {
            assert_string_not_equal(row->name, metric_row((enum metric)j)->name);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expectations_are_read_in_the_unit_of_their_metric),
        cmocka_unit_test(a_group_can_be_meant),
        cmocka_unit_test(mistakes_name_what_may_stand_there),
        cmocka_unit_test(what_was_not_measured_never_holds),
        cmocka_unit_test(every_metric_has_a_row_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
