#include "support.h"

#include <stdio.h>

#include "base/timer.h"

struct fixture {
    struct memory memory;
    struct timers timers;
};

static void start(struct fixture *fixture) {
    memory_init(&fixture->memory);
    timers_init(&fixture->timers, &fixture->memory);
}

static void finish(struct fixture *fixture) {
    timers_deinit(&fixture->timers);
    assert_int_equal(fixture->memory.blocks_in_use, 0);
    assert_int_equal(fixture->memory.bytes_in_use, 0);
}

// Takes the first timer, which has to be this one.
static void assert_first(struct fixture *fixture, struct timer *expected) {
    assert_ptr_equal(timers_first(&fixture->timers), expected);
    timers_remove(&fixture->timers, expected);
    assert_int_equal(expected->place, 0);
}

static void nothing_is_first_where_nothing_is_set(void **state) {
    (void)state;
    struct fixture fixture;
    struct timer timer = {.kind = 5};
    start(&fixture);
    assert_null(timers_first(&fixture.timers));
    assert_int_equal(timers_first_due(&fixture.timers), UINT64_MAX);
    timers_remove(&fixture.timers, &timer); // it was never set
    assert_null(timers_first(&fixture.timers));
    assert_int_equal(fixture.memory.blocks_in_use, 0);
    timers_set(&fixture.timers, &timer, 10);
    assert_int_equal(timers_first_due(&fixture.timers), 10);
    assert_int_equal(timer.kind, 5);
    assert_first(&fixture, &timer);
    assert_null(timers_first(&fixture.timers));
    finish(&fixture);
}

static void the_earliest_comes_first(void **state) {
    (void)state;
    static const uint64_t dues[] = {50, 10, UINT64_MAX, 30, 0, 40, 20};
    static const unsigned order[] = {4, 1, 6, 3, 5, 0, 2};
    struct fixture fixture;
    struct timer timers[7] = {0};
    start(&fixture);
    for (unsigned i = 0; i < 7; i++) {
        timers_set(&fixture.timers, &timers[i], dues[i]);
    }
    for (unsigned i = 0; i < 7; i++) {
        assert_first(&fixture, &timers[order[i]]);
    }
    finish(&fixture);
}

static void of_equal_ones_the_first_set_comes_first(void **state) {
    (void)state;
    struct fixture fixture;
    struct timer timers[20] = {0};
    start(&fixture);
    for (unsigned i = 0; i < 20; i++) {
        timers_set(&fixture.timers, &timers[i], 7);
    }
    timers_set(&fixture.timers, &timers[0], 7); // again: now it is the last
    for (unsigned i = 1; i < 20; i++) {
        assert_first(&fixture, &timers[i]);
    }
    assert_first(&fixture, &timers[0]);
    finish(&fixture);
}

static void a_timer_can_be_moved_both_ways(void **state) {
    (void)state;
    struct fixture fixture;
    struct timer timers[3] = {0};
    start(&fixture);
    for (unsigned i = 0; i < 3; i++) {
        timers_set(&fixture.timers, &timers[i], 10 + i);
    }
    timers_set(&fixture.timers, &timers[2], 1);
    assert_ptr_equal(timers_first(&fixture.timers), &timers[2]);
    timers_set(&fixture.timers, &timers[2], 100);
    assert_first(&fixture, &timers[0]);
    assert_first(&fixture, &timers[1]);
    assert_first(&fixture, &timers[2]);
    finish(&fixture);
}

static void what_is_still_set_can_be_dropped(void **state) {
    (void)state;
    struct fixture fixture;
    struct timer timers[40] = {0};
    start(&fixture);
    for (unsigned i = 0; i < 40; i++) {
        timers_set(&fixture.timers, &timers[i], i);
    }
    finish(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_first_where_nothing_is_set),
        cmocka_unit_test(the_earliest_comes_first),
        cmocka_unit_test(of_equal_ones_the_first_set_comes_first),
        cmocka_unit_test(a_timer_can_be_moved_both_ways),
        cmocka_unit_test(what_is_still_set_can_be_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
