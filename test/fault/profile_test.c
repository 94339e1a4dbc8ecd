#include "support.h"

#include "fault/profile.h"

#define SECOND UINT64_C(1000000000)

static void profiles_have_names_speeds_and_sources(void **state) {
    (void)state;
    unsigned count = 0;
    for (; fault_profile(count) != NULL; count++) {
        const struct fault_profile *profile = fault_profile(count);
        assert_true(profile->name[0] != '\0' && profile->source[0] != '\0');
        assert_true(profile->up > 0 && profile->down > 0);
        assert_true(profile->jitter_ns <= profile->delay_ns);
        assert_true(profile->loss.to_bad + profile->loss.to_good > 0);
    }
    assert_int_equal(count, 13);
    assert_null(fault_profile(count));
}

static void bursts_have_the_share_they_are_asked_for(void **state) {
    (void)state;
    // In the mean a link is bad for `burst` packets and good for so many that the share is right.
    struct fault_loss loss = fault_loss_bursts(20000, 4);
    assert_int_equal(loss.to_good, 250000);
    assert_int_equal(loss.to_bad, 5102);
    assert_int_equal(loss.good, 0);
    assert_int_equal(loss.bad, 1000000);
    loss = fault_loss_bursts(500000, 1);
    assert_int_equal(loss.to_bad, 1000000);
    assert_int_equal(loss.to_good, 1000000);
    loss = fault_loss_bursts(1000000, 3);
    assert_int_equal(loss.good, 1000000);
    loss = fault_loss_bursts(999999, 1);
    assert_int_equal(loss.to_bad, 1000000); // more than one packet behind each is not possible
}

// RFC 6298, 2.4, 5.5 and 2.5.
static void timers_are_a_second_at_least_double_and_end_at_a_minute(void **state) {
    (void)state;
    assert_int_equal(fault_timer_first(0, 0), SECOND);
    assert_int_equal(fault_timer_first(SECOND / 4, SECOND / 16), SECOND);
    assert_int_equal(fault_timer_first(SECOND, SECOND / 2), 4 * SECOND);
    assert_int_equal(fault_timer_first(100 * SECOND, 0), 60 * SECOND);
    assert_int_equal(fault_timer_next(SECOND), 2 * SECOND);
    assert_int_equal(fault_timer_next(32 * SECOND), 60 * SECOND);
    assert_int_equal(fault_timer_next(60 * SECOND), 60 * SECOND);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(profiles_have_names_speeds_and_sources),
        cmocka_unit_test(bursts_have_the_share_they_are_asked_for),
        cmocka_unit_test(timers_are_a_second_at_least_double_and_end_at_a_minute),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
