// Ranges of a scenario: a value of each is drawn for the seed.
#include "support.h"

#include <string.h>

#include "scenario/plan_read.h"

#define WORLD                \
    "stop: 10 min\n"         \
    "networks: {farm: {}}\n" \
    "brokers: {hall: {network: farm}}\n"
#define GROUP(keys) "devices: [{name: \"soil-{i}\", speaks: mqtt 5.0, broker: hall, " keys "}]\n"

static struct memory memory;
static struct read_errors errors;

static bool read_seed(struct plan *plan, const char *text, uint64_t seed) {
    return plan_read(
        plan, &memory,
        &(struct plan_input){.text = bytes_of_text(text), .has_seed = true, .seed = seed}, &errors);
}

static void values_lie_in_their_ranges_and_reach_both_ends(void **state) {
    (void)state;
    uint32_t seen = 0;
    memory_init(&memory);
    for (uint64_t seed = 1; seed <= 200; seed++) {
        struct plan plan;
        assert_true(read_seed(&plan,
                              WORLD GROUP("count: 2..5, connect: {keep alive: 10 s..1 min}, "
                                          "publish: [{topic: x, qos: 0..2, every: 1..10 s ~ 10 %, "
                                          "size: 1 KiB..2 KiB}], "
                                          "misbehaving: 1 %..50 %"),
                              seed));
        const struct plan_group *group = &plan.groups[0];
        const struct plan_publish *publish = &group->publish[0];
        assert_int_equal(plan.seed, seed);
        assert_in_range(group->count, 2, 5);
        assert_in_range(group->connect.keep_alive_s, 10, 60);
        assert_in_range(publish->every_ns, PLAN_SECOND, 10 * PLAN_SECOND);
        assert_int_equal(publish->jitter_ns, publish->every_ns / 10);
        assert_in_range(publish->size, 1024, 2048);
        assert_in_range(group->bad_share, 10000, 500000);
        seen |= 1u << group->count | 0x100u << publish->qos;
        plan_deinit(&plan);
    }
    assert_int_equal(seen, 0x700 | 0x3c);
    assert_int_equal(memory.bytes_in_use, 0);
}

static void a_value_follows_from_seed_and_place(void **state) {
    (void)state;
    struct plan plan;
    struct plan again;
    struct plan other;
    const char *text =
        WORLD GROUP("publish: [{topic: x, every: 1 s..9 min}, {topic: y, every: 1 s..9 min}]");
    memory_init(&memory);
    assert_true(read_seed(&plan, text, 5));
    assert_true(read_seed(&again, text, 5));
    assert_true(read_seed(&other, text, 6));
    const struct plan_publish *publish = plan.groups[0].publish;
    assert_int_equal(publish[0].every_ns, again.groups[0].publish[0].every_ns);
    assert_int_not_equal(publish[0].every_ns, other.groups[0].publish[0].every_ns);
    assert_int_not_equal(publish[0].every_ns, publish[1].every_ns);
    plan_deinit(&plan);
    plan_deinit(&again);
    plan_deinit(&other);
}

static void ranges_that_cannot_be_are_told(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *why;
    } cases[] = {
        {WORLD GROUP("count: 5..2"), "ends below where it begins"},
        {WORLD GROUP("count: 0..2"), "more or less than this key can be"},
        {WORLD GROUP("count: 2..x"), "x is left over"},
        {WORLD GROUP("publish: [{topic: x, qos: 1..3}]"), "more or less than this key can be"},
        {WORLD GROUP("publish: [{topic: x, every: 1..9}]"), "has no unit"},
        {"seed: 1..9\n" WORLD GROUP("count: 1"), "no whole number"},
    };
    memory_init(&memory);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct plan plan;
        assert_false(read_seed(&plan, cases[i].text, 1));
        if (strstr(errors.list[0].text, cases[i].why) == NULL) {
            fail_msg("%s, not %s", errors.list[0].text, cases[i].why);
        }
        plan_deinit(&plan);
    }
    assert_int_equal(memory.bytes_in_use, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_lie_in_their_ranges_and_reach_both_ends),
        cmocka_unit_test(a_value_follows_from_seed_and_place),
        cmocka_unit_test(ranges_that_cannot_be_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
