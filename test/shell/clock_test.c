#include "support.h"

#include "shell/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void steady_time_never_goes_back(void **state) {
    (void)state;
    uint64_t last = clock_steady();
    for (int i = 0; i < 1000; i++) {
        uint64_t now = clock_steady();
        assert_true(now >= last);
        last = now;
    }
}

static void steady_moments_have_a_unix_time(void **state) {
    (void)state;
    uint64_t now = clock_steady();
    uint64_t before = clock_unix();
    uint64_t of_now = clock_unix_of(now);
    assert_true(of_now + 1 >= before && of_now <= clock_unix() + 1); // it may be a tick behind
    uint64_t earlier = clock_unix_of(now > 10000000000 ? now - 10000000000 : 0);
    assert_true(earlier + 10 <= clock_unix() + 1 && earlier + 12 >= before);
    assert_true(clock_unix_of(now + 3600000000000) >= before); // not yet: taken for now
}

// What a program kept as a steady time is one to the next program.
static void steady_time_counts_from_1970(void **state) {
    (void)state;
    uint64_t wall = clock_unix_nanoseconds();
    uint64_t steady = clock_steady();
    uint64_t apart = wall > steady ? wall - steady : steady - wall;
    assert_true(apart < 10000000000); // this clock may have been set since the test began
}

// Whenever it is asked for: each moment of the last two seconds has the second that it was in.
static void a_moment_keeps_its_second(void **state) {
    (void)state;
    const uint64_t second = 1000000000;
    const uint64_t close = second / 100; // to the next second: that is left out
    for (uint64_t age = 0; age < 2 * second; age += second / 1000) {
        uint64_t moment = clock_steady() - age;
        uint64_t then = clock_unix_nanoseconds() - age;
        if (then % second > close && then % second < second - close) {
            assert_int_equal(clock_unix_of(moment), then / second);
        }
    }
}

static void nanoseconds_are_those_of_the_unix_time(void **state) {
    (void)state;
    uint64_t before = clock_unix();
    uint64_t now = clock_unix_nanoseconds();
    uint64_t after = clock_unix();
    // The clock of whole seconds may be a tick behind the other.
    assert_true(now / 1000000000 >= before && now / 1000000000 <= after + 1);
}

static void assert_text(uint64_t unix_time, const char *expected) {
    char text[CLOCK_TEXT_SIZE];
    clock_text(unix_time, text);
    assert_string_equal(text, expected);
}

static void times_are_readable(void **state) {
    (void)state;
    setenv("TZ", "UTC", 1);
    tzset();
    assert_text(0, "1970-01-01 00:00:00");
    assert_text(1795435622, "2026-11-23 12:07:02");
    assert_text(UINT64_MAX, "18446744073709551615");
    assert_text(INT64_MAX, "9223372036854775807"); // a year that no calendar has
    char text[CLOCK_TEXT_SIZE];
    clock_text(clock_unix(), text);
    assert_true(strlen(text) == 8 || strlen(text) == 19); // midnight may just have passed
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steady_time_never_goes_back),
        cmocka_unit_test(steady_moments_have_a_unix_time),
        cmocka_unit_test(steady_time_counts_from_1970),
        cmocka_unit_test(a_moment_keeps_its_second),
        cmocka_unit_test(nanoseconds_are_those_of_the_unix_time),
        cmocka_unit_test(times_are_readable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
