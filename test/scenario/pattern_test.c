#include "support.h"

#include <string.h>

#include "scenario/pattern.h"

#define ALL UINT32_MAX

struct fixture {
    struct memory memory;
    struct arena arena;
    struct pattern pattern;
};

static void start(struct fixture *fixture) {
    memory_init(&fixture->memory);
    arena_init(&fixture->arena, &fixture->memory);
}

static void finish(struct fixture *fixture) {
    arena_deinit(&fixture->arena);
    assert_int_equal(fixture->memory.bytes_in_use, 0);
}

static const char *compile(struct fixture *fixture, const char *text, uint32_t allowed,
                           size_t *at) {
    return pattern_compile(&fixture->pattern, &fixture->arena, bytes_of_text(text), allowed, at);
}

static void assert_written(const char *text, const struct pattern_values *values,
                           const char *expected) {
    struct fixture fixture;
    uint8_t room[256];
    size_t at;
    start(&fixture);
    assert_null(compile(&fixture, text, ALL, &at));
    size_t size = pattern_write(&fixture.pattern, values, room, sizeof room);
    assert_bytes_equal(bytes_make(room, size), bytes_of_text(expected));
    finish(&fixture);
}

static const struct pattern_values device = {
    .i = 104,
    .first = 1,
    .n = 3,
    .time_ns = UINT64_C(61500000000),
    .name = {(const uint8_t *)"soil-105", 8},
    .group = {(const uint8_t *)"soil", 4},
    .broker = {(const uint8_t *)"hall", 4},
    .network = {(const uint8_t *)"farm", 4},
    .value = {(const uint8_t *)"21.5", 4},
    .topic = {(const uint8_t *)"a/b", 3},
    .payload = {(const uint8_t *)"go", 2},
};

static void fills_in_what_devices_have(void **state) {
    (void)state;
    assert_written("soil-{i}", &device, "soil-105");
    assert_written("{network}/{broker}/{group}/{name}", &device, "farm/hall/soil/soil-105");
    assert_written("{n} {time} {value} {topic} {payload}", &device, "3 61 21.5 a/b go");
    assert_written("", &device, "");
}

static void numbers_have_digits_groups_and_turns(void **state) {
    (void)state;
    assert_written("{i:6}", &device, "000105");
    assert_written("{i:2}", &device, "105");
    assert_written("{i per 100}", &device, "2");
    assert_written("{i of 4}", &device, "1");
    assert_written("{i per 10 of 3:2}", &device, "02");
    struct pattern_values from_seven = device;
    from_seven.first = 7;
    assert_written("{i} {i per 100}", &from_seven, "111 2");
}

static void other_braces_stand_for_themselves(void **state) {
    (void)state;
    assert_written("{\"t\": {value}}", &device, "{\"t\": 21.5}");
    assert_written("{{name}", &device, "{name}");
    assert_written("{other} {", &device, "{other} {");
}

static void mistakes_are_told_with_their_place(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t at;
        uint32_t allowed;
    } rows[] = {{"a{i per 0}", 8, ALL}, {"a{i of}", 5, ALL},     {"a{i:13}", 5, ALL},
                {"a{i 5}", 4, ALL},     {"{value}", 0, 1u << 1}, {"{i per 2", 8, ALL}};
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fixture fixture;
        size_t at = 99;
        start(&fixture);
        assert_non_null(compile(&fixture, rows[i].text, rows[i].allowed, &at));
        assert_in_range(at, rows[i].at > 2 ? rows[i].at - 2 : 0, rows[i].at + 1);
        finish(&fixture);
    }
}

static void parts_and_bytes_are_bounded(void **state) {
    (void)state;
    struct fixture fixture;
    char many[PATTERN_PARTS_MAX * 3 + 4] = "";
    char large[PATTERN_BYTES_MAX + 2];
    size_t at;
    start(&fixture);
    for (unsigned i = 0; i <= PATTERN_PARTS_MAX; i++) {
        memcpy(many + 3 * i, "{i}", 4);
    }
    assert_non_null(compile(&fixture, many, ALL, &at));
    many[PATTERN_PARTS_MAX * 3] = '\0';
    assert_null(compile(&fixture, many, ALL, &at));
    memset(large, 'a', sizeof large);
    large[sizeof large - 1] = '\0';
    assert_non_null(compile(&fixture, large, ALL, &at));
    finish(&fixture);
}

static void too_little_room_is_told_and_not_passed(void **state) {
    (void)state;
    struct fixture fixture;
    uint8_t room[6] = "......";
    size_t at;
    start(&fixture);
    assert_null(compile(&fixture, "{name}/{name}", ALL, &at));
    assert_int_equal(pattern_write(&fixture.pattern, &device, room, 5), 17);
    assert_memory_equal(room, "soil-.", 6);
    finish(&fixture);
}

static void periods_are_those_of_the_numbers(void **state) {
    (void)state;
    static const struct {
        const char *text;
        uint64_t in_row;
        uint64_t period;
    } rows[] = {{"hall", 1, 1},
                {"b-{i}", 1, 0},
                {"b-{i of 4}", 1, 4},
                {"b-{i per 100}", 100, 0},
                {"{i per 10 of 3}", 10, 3},
                {"{i of 4}{i of 6}", 1, 12},
                {"{i per 4}{i per 6}", 2, 0}};
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fixture fixture;
        size_t at;
        uint64_t in_row;
        uint64_t period;
        start(&fixture);
        assert_null(compile(&fixture, rows[i].text, ALL, &at));
        pattern_period(&fixture.pattern, &in_row, &period);
        assert_int_equal(in_row, rows[i].in_row);
        assert_int_equal(period, rows[i].period);
        finish(&fixture);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fills_in_what_devices_have),
        cmocka_unit_test(numbers_have_digits_groups_and_turns),
        cmocka_unit_test(other_braces_stand_for_themselves),
        cmocka_unit_test(mistakes_are_told_with_their_place),
        cmocka_unit_test(parts_and_bytes_are_bounded),
        cmocka_unit_test(too_little_room_is_told_and_not_passed),
        cmocka_unit_test(periods_are_those_of_the_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
