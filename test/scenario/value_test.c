#include "support.h"

#include <math.h>
#include <string.h>

#include "scenario/value_compile.h"

struct fixture {
    struct memory memory;
    struct arena arena;
    struct value_program program;
    struct fault_random random;
    double state[VALUE_SLOTS_MAX];
};

static const char *start(struct fixture *fixture, const char *text, size_t *at) {
    memory_init(&fixture->memory);
    arena_init(&fixture->arena, &fixture->memory);
    fixture->random = (struct fault_random){42, 0};
    memset(fixture->state, 0, sizeof fixture->state);
    return value_compile(&fixture->program, &fixture->arena, bytes_of_text(text), at);
}

static void finish(struct fixture *fixture) {
    arena_deinit(&fixture->arena);
    assert_int_equal(fixture->memory.bytes_in_use, 0);
}

static struct value next(struct fixture *fixture, uint64_t n, uint64_t seconds) {
    return value_next(&fixture->program, &(struct value_input){.time_ns = seconds * 1000000000u,
                                                               .i = 7,
                                                               .n = n,
                                                               .random = &fixture->random,
                                                               .state = fixture->state});
}

// The value after a day and six hours, as text.
static void assert_value(const char *text, uint64_t n, const char *expected) {
    struct fixture fixture;
    uint8_t room[VALUE_TEXT_MAX];
    size_t at;
    assert_null(start(&fixture, text, &at));
    struct value value = next(&fixture, n, 30 * 3600);
    assert_bytes_equal(value_text(&fixture.program, &value, room), bytes_of_text(expected));
    finish(&fixture);
}

static void constants_and_sums(void **state) {
    (void)state;
    assert_value("21.5", 1, "21.5");
    assert_value("2 + 3 * 4 - 6 / 4", 1, "12.5");
    assert_value("-(2 + 3) * 2", 1, "-10");
    assert_value("17 % 5", 1, "2");
    assert_value("-1 % 5", 1, "4");
    assert_value("50 % + 1", 1, "1.5");
    assert_value("3 / 0", 1, "0");
    assert_value("1.000001", 1, "1.000001");
    assert_value("-0.004 / 10", 1, "0");
    assert_value("i * 10 + n", 3, "73");
    assert_value("t / 1h", 1, "30");
    assert_value("999999999999 * 999999999999", 1, "1000000000000");
}

static void functions_without_chance(void **state) {
    (void)state;
    assert_value("counter()", 4, "4");
    assert_value("counter(100, 5)", 4, "115");
    assert_value("20 + 5*sin(t/24h)", 1, "25");
    assert_value("sine(20, 5, 24 h)", 1, "25");
    assert_value("steps(10 h, 18, 21, 19)", 1, "18");
    assert_value("steps(20 h, \"open\", \"closed\")", 1, "closed");
    assert_value("min(3, 1, 2) + max(3, 1, 2)", 1, "4");
    assert_value("round(7.3) + round(7.3, 0.5)", 1, "14.5");
    assert_value("abs(-3)", 1, "3");
    assert_value("choice(\"on\")", 1, "on");
}

static void sine_is_that_of_the_library(void **state) {
    (void)state;
    for (int i = -4000; i <= 4000; i++) {
        double turns = i / 997.0;
        assert_true(fabs(value_sine_of_turns(turns) - sin(turns * 6.283185307179586)) < 1e-9);
    }
}

static void assert_between(const char *text, double least, double most) {
    struct fixture fixture;
    size_t at;
    double lowest = 1e300;
    double highest = -1e300;
    assert_null(start(&fixture, text, &at));
    for (uint64_t n = 1; n <= 20000; n++) {
        double number = next(&fixture, n, n).number;
        assert_true(number >= least && number <= most);
        lowest = number < lowest ? number : lowest;
        highest = number > highest ? number : highest;
    }
    assert_true(highest - lowest > (most - least) / 2);
    finish(&fixture);
}

static void chance_stays_in_its_bounds_and_uses_them(void **state) {
    (void)state;
    assert_between("uniform(10, 20)", 10, 20);
    assert_between("walk(10, 60, 0.5)", 10, 60);
    assert_between("normal(20, 2)", 8, 32);
    assert_between("noise(0.5) + 20", 17, 23);
    assert_between("choice(1, 2, 3)", 1, 3);
}

static void walks_go_step_by_step(void **state) {
    (void)state;
    struct fixture fixture;
    size_t at;
    assert_null(start(&fixture, "walk(10, 60, 0.5)", &at));
    assert_int_equal(fixture.program.slots, 1);
    double before = next(&fixture, 1, 1).number;
    for (uint64_t n = 2; n <= 1000; n++) {
        double now = next(&fixture, n, n).number;
        assert_true(fabs(now - before) <= 0.5);
        before = now;
    }
    finish(&fixture);
}

static void anomalies_come_in_their_share_and_in_a_row(void **state) {
    (void)state;
    struct fixture fixture;
    size_t at;
    unsigned odd = 0;
    unsigned row = 0;
    assert_null(start(&fixture, "anomaly(20, 1 %, 80, 5)", &at));
    for (uint64_t n = 1; n <= 100000; n++) {
        bool is_odd = next(&fixture, n, n).number > 50;
        assert_true(is_odd || row % 5 == 0);
        row = is_odd ? row + 1 : 0;
        odd += is_odd;
    }
    assert_in_range(odd, 4000, 5600);
    finish(&fixture);
}

static void equal_streams_give_equal_values(void **state) {
    (void)state;
    struct fixture one;
    struct fixture other;
    size_t at;
    const char *text = "walk(0, 9, 1) + noise(0.3) + anomaly(1, 5 %, 7)";
    assert_null(start(&one, text, &at));
    assert_null(start(&other, text, &at));
    for (uint64_t n = 1; n <= 500; n++) {
        assert_true(next(&one, n, n).number == next(&other, n, n).number);
    }
    finish(&one);
    finish(&other);
}

static void mistakes_are_told_with_their_place(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t at;
    } rows[] = {{"", 0},
                {"1 +", 3},
                {"1 2", 2},
                {"wolk(1, 2, 3)", 0},
                {"walk(1, 2)", 0},
                {"walk(1, 2, 3, 4)", 14},
                {"walk 1", 0},
                {"5 parsec", 2},
                {"sin(\"a\")", 4},
                {"1 + \"a\"", 2},
                {"-\"a\"", 0},
                {"\"a", 0},
                {"(1", 2},
                {"1.1234567", 0},
                {"9999999999999", 0},
                {"((((((((((((((((1))))))))))))))))", 16},
                {"walk(0,1,1)+walk(0,1,1)+walk(0,1,1)+walk(0,1,1)+walk(0,1,1)+walk(0,1,1)+"
                 "walk(0,1,1)+walk(0,1,1)+walk(0,1,1)",
                 96}};
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fixture fixture;
        size_t at = 999;
        assert_non_null(start(&fixture, rows[i].text, &at));
        assert_int_equal(at, rows[i].at);
        finish(&fixture);
    }
}

static void programs_are_bounded(void **state) {
    (void)state;
    struct fixture fixture;
    char text[VALUE_STEPS_MAX * 4] = "1";
    size_t at;
    for (unsigned i = 0; i < VALUE_STEPS_MAX / 2; i++) {
        memcpy(text + 1 + 2 * i, "+1", 3);
    }
    assert_non_null(start(&fixture, text, &at));
    finish(&fixture);
    text[VALUE_STEPS_MAX - 1] = '\0';
    assert_null(start(&fixture, text, &at));
    finish(&fixture);
    assert_non_null(start(&fixture,
                          "choice(max(1,2,3,4,5,6,7,max(1,2,3,4,5,6,7,max(1,2,3,4,5,6,7,"
                          "max(1,2,3,4,5,6,7,max(1,2,3,4,5,6,7,8)))))",
                          &at));
    finish(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(constants_and_sums),
        cmocka_unit_test(functions_without_chance),
        cmocka_unit_test(sine_is_that_of_the_library),
        cmocka_unit_test(chance_stays_in_its_bounds_and_uses_them),
        cmocka_unit_test(walks_go_step_by_step),
        cmocka_unit_test(anomalies_come_in_their_share_and_in_a_row),
        cmocka_unit_test(equal_streams_give_equal_values),
        cmocka_unit_test(mistakes_are_told_with_their_place),
        cmocka_unit_test(programs_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
