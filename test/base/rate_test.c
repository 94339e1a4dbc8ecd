#include "support.h"

#include "base/rate.h"

#define SECOND UINT64_C(1000000000)

static unsigned take_singly(struct rate *rate, const struct rate_rule *rule, unsigned count,
                            uint64_t now) {
    unsigned taken = 0;
    for (unsigned i = 0; i < count; i++) {
        taken += rate_take(rate, rule, 1, now);
    }
    return taken;
}

static void a_full_bucket_at_once_and_then_so_many_a_second(void **state) {
    (void)state;
    static const struct rate_rule rule = {.at_once = 5, .per_second = 2};
    struct rate rate = {0};
    uint64_t now = 7 * SECOND;
    assert_int_equal(take_singly(&rate, &rule, 100, now), 5);
    assert_int_equal(take_singly(&rate, &rule, 100, now + SECOND / 2 - 1), 0);
    assert_int_equal(take_singly(&rate, &rule, 100, now + SECOND / 2), 1);
    assert_int_equal(take_singly(&rate, &rule, 100, now + 2 * SECOND), 3);
    assert_int_equal(take_singly(&rate, &rule, 100, now + 100 * SECOND), 5); // it holds no more
}

static void several_are_taken_together_or_not_at_all(void **state) {
    (void)state;
    static const struct rate_rule rule = {.at_once = 10, .per_second = 10};
    struct rate rate = {0};
    assert_false(rate_take(&rate, &rule, 11, 0)); // there never are so many
    assert_true(rate_take(&rate, &rule, 7, 0));
    assert_false(rate_take(&rate, &rule, 4, 0));
    assert_true(rate_take(&rate, &rule, 3, 0));
    assert_false(rate_take(&rate, &rule, UINT32_MAX, SECOND));
    assert_true(rate_take(&rate, &rule, 10, SECOND));
}

// Who asks a thousand times between two that come back loses nothing by it.
static void asking_often_costs_nothing(void **state) {
    (void)state;
    static const struct rate_rule rule = {.at_once = 3, .per_second = 3};
    struct rate rate = {0};
    unsigned taken = 0;
    for (uint64_t now = 0; now <= 10 * SECOND; now += SECOND / 3000) {
        taken += rate_take(&rate, &rule, 1, now);
    }
    assert_in_range(taken, 32, 33);
}

static void without_a_rate_there_is_no_end(void **state) {
    (void)state;
    static const struct rate_rule rule = {0};
    struct rate rate = {0};
    assert_true(rate_take(&rate, &rule, UINT32_MAX, 0));
    assert_true(rate_take(&rate, &rule, UINT32_MAX, 0));
}

// The largest numbers that a rule may have, late in the life of a clock.
static void large_numbers_do_not_wrap(void **state) {
    (void)state;
    static const struct rate_rule rule = {.at_once = UINT32_MAX, .per_second = 1};
    struct rate rate = {0};
    uint64_t now = UINT64_C(1) << 62;
    assert_true(rate_take(&rate, &rule, UINT32_MAX, now));
    assert_false(rate_take(&rate, &rule, 1, now));
    assert_true(rate_take(&rate, &rule, 1, now + SECOND));
    assert_false(rate_take(&rate, &rule, UINT32_MAX, now + SECOND));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_bucket_at_once_and_then_so_many_a_second),
        cmocka_unit_test(several_are_taken_together_or_not_at_all),
        cmocka_unit_test(asking_often_costs_nothing),
        cmocka_unit_test(without_a_rate_there_is_no_end),
        cmocka_unit_test(large_numbers_do_not_wrap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
