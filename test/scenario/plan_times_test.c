#include "support.h"

#include "scenario/plan_times.h"

#define HOUR (3600 * PLAN_SECOND)

static void connections_spread_over_their_time(void **state) {
    (void)state;
    struct plan_connect connect = {.at_ns = 10, .within_ns = 100};
    assert_int_equal(plan_times_connect(&connect, 0), 10);
    assert_int_equal(plan_times_connect(&connect, UINT64_MAX), 109);
    assert_int_equal(plan_times_connect(&connect, UINT64_MAX / 2), 59);
}

static uint64_t next(const struct plan_publish *publish, uint64_t n, uint64_t before,
                     uint64_t random) {
    return plan_times_publish(publish,
                              &(struct plan_moment){.n = n, .before_ns = before, .random = random});
}

static void publications_come_every_so_often(void **state) {
    (void)state;
    struct plan_publish publish = {.every_ns = 1000, .until_ns = UINT64_MAX, .burst = 1};
    assert_int_equal(next(&publish, 0, 50, 0), 50);
    assert_int_equal(next(&publish, 0, 50, UINT64_MAX), 1049);
    assert_int_equal(next(&publish, 1, 50, 7), 1050);
    publish.jitter_ns = 100;
    assert_int_equal(next(&publish, 1, 0, 0), 900);
    assert_int_equal(next(&publish, 1, 0, UINT64_MAX), 1100);
    publish.from_ns = 5000;
    assert_int_equal(next(&publish, 0, 50, 0), 5000);
    publish.until_ns = 5900;
    assert_int_equal(next(&publish, 1, 5000, 0), UINT64_MAX);
    publish.times = 3;
    publish.until_ns = UINT64_MAX;
    assert_int_equal(next(&publish, 2, 5000, 0), 5900);
    assert_int_equal(next(&publish, 3, 5000, 0), UINT64_MAX);
}

static void without_a_period_there_is_one(void **state) {
    (void)state;
    struct plan_publish publish = {.from_ns = 70, .until_ns = UINT64_MAX, .burst = 1};
    assert_int_equal(next(&publish, 0, 50, UINT64_MAX), 70);
    assert_int_equal(next(&publish, 1, 70, 0), UINT64_MAX);
}

static void a_surge_is_faster(void **state) {
    (void)state;
    struct plan_publish publish = {.every_ns = 1000, .until_ns = UINT64_MAX, .burst = 1};
    struct plan_moment moment = {.n = 1, .before_ns = 0, .surge = 10 * PLAN_MILLION};
    assert_int_equal(plan_times_publish(&publish, &moment), 100);
}

static void tables_are_played_again(void **state) {
    (void)state;
    struct plan_replay_row rows[] = {{0, BYTES_LITERAL("a")}, {500, BYTES_LITERAL("b")}};
    struct plan_publish publish = {
        .from_ns = 100, .until_ns = UINT64_MAX, .burst = 1, .replay = rows, .replay_count = 2};
    assert_int_equal(next(&publish, 0, 0, 9), 100);
    assert_int_equal(next(&publish, 1, 0, 9), 600);
    assert_int_equal(next(&publish, 2, 0, 9), UINT64_MAX);
    publish.replay_again = true;
    assert_int_equal(next(&publish, 2, 0, 9), 600 + PLAN_SECOND);
    assert_int_equal(next(&publish, UINT64_MAX, 0, 9), UINT64_MAX);
}

static void days_have_busy_hours(void **state) {
    (void)state;
    static const struct plan_curve_point curve[] = {
        {6 * HOUR, 0}, {8 * HOUR, PLAN_MILLION}, {20 * HOUR, PLAN_MILLION}, {22 * HOUR, 0}};
    assert_int_equal(plan_times_curve(curve, 4, 7 * HOUR), PLAN_MILLION / 2);
    assert_int_equal(plan_times_curve(curve, 4, 12 * HOUR), PLAN_MILLION);
    assert_int_equal(plan_times_curve(curve, 4, 21 * HOUR), PLAN_MILLION / 2);
    assert_int_equal(plan_times_curve(curve, 4, 23 * HOUR), 0);
    assert_int_equal(plan_times_curve(curve, 4, 2 * HOUR), 0);
    assert_int_equal(plan_times_curve(curve, 4, PLAN_DAY + 7 * HOUR), PLAN_MILLION / 2);
    assert_int_equal(plan_times_curve(curve, 1, 7 * HOUR), 0);
    struct plan_publish publish = {.every_ns = 60 * PLAN_SECOND,
                                   .until_ns = UINT64_MAX,
                                   .burst = 1,
                                   .curve = curve,
                                   .curve_count = 4};
    assert_int_equal(next(&publish, 1, 7 * HOUR, 0), 7 * HOUR + 120 * PLAN_SECOND);
    uint64_t morning = next(&publish, 1, 23 * HOUR, 0);
    assert_in_range(morning, PLAN_DAY + 6 * HOUR, PLAN_DAY + 6 * HOUR + 200 * HOUR);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(connections_spread_over_their_time),
        cmocka_unit_test(publications_come_every_so_often),
        cmocka_unit_test(without_a_period_there_is_one),
        cmocka_unit_test(a_surge_is_faster),
        cmocka_unit_test(tables_are_played_again),
        cmocka_unit_test(days_have_busy_hours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
