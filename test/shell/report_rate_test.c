#include "support.h"

#include "shell/report_rate.h"

#define SECOND UINT64_C(1000000000)

static const struct rate_rule rule = {.at_once = 5, .per_second = 2};

struct told {
    unsigned lines;
    uint64_t left_out;
    const char *name;
};

static void keep(void *context, const struct report_rate *rate) {
    struct told *told = context;
    told->lines++;
    told->left_out += rate->left_out;
    told->name = rate->name;
}

static unsigned take(struct report_rates *rates, unsigned kind, unsigned count, uint64_t now) {
    unsigned taken = 0;
    for (unsigned i = 0; i < count; i++) {
        taken += report_rate_take(rates, kind, kind == 0 ? "first" : "second", &rule, now);
    }
    return taken;
}

static void as_many_as_the_bucket_holds_and_then_so_many_a_second(void **state) {
    (void)state;
    struct report_rates rates = {0};
    uint64_t now = 7 * SECOND;
    assert_int_equal(take(&rates, 0, 100, now), 5);
    assert_int_equal(take(&rates, 0, 100, now + SECOND / 2 - 1), 0);
    assert_int_equal(take(&rates, 0, 100, now + SECOND / 2), 1);
    assert_int_equal(take(&rates, 0, 100, now + 2 * SECOND), 3);
    assert_int_equal(take(&rates, 0, 100, now + 100 * SECOND), 5); // it holds no more
    assert_int_equal(rates.left_out, 500 - 14);
}

static void kinds_are_counted_each_for_itself(void **state) {
    (void)state;
    struct report_rates rates = {0};
    assert_int_equal(take(&rates, 0, 7, 0), 5);
    assert_int_equal(take(&rates, REPORT_RATE_KINDS - 1, 5, 0), 5);
    struct told told = {0};
    report_rate_tell(&rates, 0, keep, &told);
    assert_int_equal(told.lines, 1);
    assert_int_equal(told.left_out, 2);
    assert_string_equal(told.name, "first");
    told = (struct told){0};
    report_rate_tell(&rates, 0, keep, &told); // nothing is told twice
    assert_int_equal(told.lines, 0);
}

static void it_is_told_now_and_then_and_at_the_end(void **state) {
    (void)state;
    struct report_rates rates = {0};
    struct told told = {0};
    uint64_t now = 100 * SECOND;
    assert_false(report_rate_is_due(&rates, now, true));
    (void)take(&rates, 0, 6, now);
    assert_true(report_rate_is_due(&rates, now, false));
    report_rate_tell(&rates, now, keep, &told);
    assert_false(report_rate_is_due(&rates, now, true));
    (void)take(&rates, 0, 1, now);
    assert_false(report_rate_is_due(&rates, now + 10 * SECOND - 1, false));
    assert_true(report_rate_is_due(&rates, now + 1, true));
    assert_true(report_rate_is_due(&rates, now + 10 * SECOND, false));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_many_as_the_bucket_holds_and_then_so_many_a_second),
        cmocka_unit_test(kinds_are_counted_each_for_itself),
        cmocka_unit_test(it_is_told_now_and_then_and_at_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
