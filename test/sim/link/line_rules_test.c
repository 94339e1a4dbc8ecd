// Rules of faults on the lines of simulated networks: each does what it says, nothing else goes
// wrong, and what is lost by them is accounted for.
#include "sim/plans.h"

#include "packet/packet.h"

// Lamps that publish and hear of themselves, and a keeper who hears of all.
static struct plans *open_lamps(enum plan_speaks speaks) {
    struct plans *plans = plans_open(1, PLAN_DOOR_LINE);
    plans_add_group(plans, "lamp-{i}", 5, speaks);
    plans_publish(plans, "lamps/{name}", 0, 2 * PLANS_S);
    plans_subscribe(plans, "lamps/{name}", 0);
    plans_add_group(plans, "keeper-{i}", 1, speaks);
    plans_subscribe(plans, "lamps/+", 0);
    return plans;
}

static void what_is_dropped_is_lost_by_the_rule(void **state) {
    (void)state;
    struct plans *plans = open_lamps(PLAN_LINE_SODIUM);
    plans_add_rule(plans, "drop every 5 publ from lamp-*");
    plans_add_rule(plans, "drop publ 7 to keeper-1");
    struct sim_summary summary = plans_run_well(plans);
    uint64_t fifth = summary.counts.published[0] / 5;
    assert_in_range(summary.verdicts.upward[LOSS_FAULT], fifth - 5, fifth);
    assert_int_equal(summary.verdicts.lost[LOSS_FAULT], 1);
    assert_int_equal(summary.open, 0);
    plans_close(plans);
}

// By the name of a device, or by its address; and only by rules about lines.
static void rules_know_devices_by_name_and_address(void **state) {
    (void)state;
    static const char *const rules[] = {"drop publ 1-3 from lamp-2", "drop publ 1-3 from 3",
                                        "drop PUBLISH 1-3 from lamp-2", "drop publ 1-3 from lamp"};
    for (unsigned i = 0; i < sizeof rules / sizeof *rules; i++) {
        struct plans *plans = open_lamps(PLAN_LINE_CLASSIC);
        plans_add_rule(plans, rules[i]);
        assert_int_equal(plans_run_well(plans).verdicts.upward[LOSS_FAULT], i < 2 ? 3 : 0);
        plans_close(plans);
    }
}

static void a_copy_of_a_line_is_no_fault_of_a_role(void **state) {
    (void)state;
    struct plans *plans = open_lamps(PLAN_LINE_CLASSIC);
    plans_add_rule(plans, "duplicate every 3 publ");
    struct sim_summary summary = plans_run_well(plans);
    assert_true(summary.verdicts.reached[REACHED_LINK_COPY] > 50);
    assert_int_equal(summary.verdicts.upward[LOSS_FAULT] + summary.verdicts.lost[LOSS_FAULT], 0);
    plans_close(plans);
}

static void a_late_line_comes_late(void **state) {
    (void)state;
    struct plans *plans = open_lamps(PLAN_LINE_SODIUM);
    plans_add_rule(plans, "delay 3 s ~ 1 s publ from lamp-*");
    struct sim_summary summary = plans_run_well(plans);
    uint64_t half = histogram_share(&summary.latencies.of_qos[0], 0.5);
    assert_in_range(half, 2 * PLANS_S, 4 * PLANS_S);
    assert_int_equal(summary.open, 0);
    plans_close(plans);
}

// A held line waits, and all behind it; they come when the rule ends.
static void a_held_line_comes_when_the_rule_ends(void **state) {
    (void)state;
    struct plans *plans = open_lamps(PLAN_LINE_SODIUM);
    struct plan_fault *hold = plans_add_rule(plans, "hold publ 2 from lamp-*");
    hold->for_ns = 40 * PLANS_S;
    struct sim_summary summary = plans_run_well(plans);
    assert_in_range(histogram_share(&summary.latencies.of_qos[0], 1), 25 * PLANS_S, 40 * PLANS_S);
    assert_int_equal(summary.verdicts.upward[LOSS_FAULT] + summary.verdicts.lost[LOSS_FAULT], 0);
    plans_close(plans);
}

static void a_refused_device_tries_again(void **state) {
    (void)state;
    struct plans *plans = open_lamps(PLAN_LINE_SODIUM);
    struct plan_fault *refuse = plans_add_rule(plans, "refuse creq");
    refuse->for_ns = 30 * PLANS_S;
    struct sim_summary summary = plans_run_well(plans);
    assert_true(summary.counts.attempts_failed >= 6);
    assert_int_equal(summary.counts.connected, 6);
    plans_close(plans);
}

static void a_cut_ends_the_connection(void **state) {
    (void)state;
    struct plans *plans = open_lamps(PLAN_LINE_SODIUM);
    plans_add_rule(plans, "cut before every 9 publ from lamp-*");
    plans_add_rule(plans, "cut every 60 s with keeper-1");
    struct sim_summary summary = plans_run_well(plans);
    assert_in_range(summary.counts.reconnects, 20, 500);
    assert_int_equal(summary.counts.connected, 6);
    plans_close(plans);
}

// All that rules can do, with each suite and many seeds: no rule of the standard is broken, and
// all comes to rest.
static void nothing_else_goes_wrong(void **state) {
    (void)state;
    static const char *const rules[] = {"drop 10 % of packet",
                                        "duplicate 20 % of packet",
                                        "delay 2 s ~ 2 s packet",
                                        "reorder 20 % of packet by 2",
                                        "corrupt 3 bits of 10 %",
                                        "lose 10 % in bursts of 3",
                                        "freeze 20 s every 60 s",
                                        "freeze 150 s at 50 s",
                                        "cut every 45 s",
                                        "stall 5 s every 10 packet",
                                        "throttle 2 kbit/s",
                                        "profile lossy",
                                        "hold every 40 packet",
                                        "refuse every 2 creq",
                                        "cut inside every 7 after 9 bytes"};
    for (unsigned i = 0; i < sizeof rules / sizeof *rules; i++) {
        for (uint64_t seed = 1; seed <= 6; seed++) {
            struct plans *plans = open_lamps(seed % 2 == 0 ? PLAN_LINE_SODIUM : PLAN_LINE_CLASSIC);
            plans->plan.seed = seed;
            plans_add_rule(plans, rules[i]);
            print_message("%s, seed %u\n", rules[i], (unsigned)seed);
            struct sim_summary summary = plans_run_well(plans);
            assert_true(summary.verdicts.delivered > 0);
            assert_int_equal(summary.open, 0);
            plans_close(plans);
        }
    }
}

// Lines between networks pass the rules once, at the client.
static void rules_act_once_on_what_routers_carry(void **state) {
    (void)state;
    static const uint32_t second[] = {1};
    struct plans *plans = plans_open(2, PLAN_DOOR_LINE);
    plans_add_routers(plans);
    struct plan_group *group = plans_add_group(plans, "far-{i}", 5, PLAN_LINE_CLASSIC);
    group->networks = second;
    group->network_count = 1;
    group->broker_count = 1; // that of the first network
    plans_publish(plans, "house/{name}", 0, 2 * PLANS_S);
    plans_subscribe(plans, "house/{name}", 0);
    plans_add_rule(plans, "drop every 5 publ from far-*");
    plans_add_rule(plans, "duplicate every 4 publ from far-*");
    struct sim_summary summary = plans_run_well(plans);
    uint64_t fifth = summary.counts.published[0] / 5;
    assert_in_range(summary.verdicts.upward[LOSS_FAULT], fifth - 5, fifth);
    assert_true(summary.verdicts.reached[REACHED_LINK_COPY] > 20);
    plans_close(plans);
}

static void equal_seeds_decide_equally(void **state) {
    (void)state;
    uint64_t fingerprints[3];
    for (unsigned i = 0; i < 3; i++) {
        struct plans *plans = open_lamps(PLAN_LINE_CLASSIC);
        plans->plan.seed = i < 2 ? 7 : 8;
        plans_add_rule(plans, "drop 10 % of packet");
        plans_add_rule(plans, "duplicate 10 % of packet");
        fingerprints[i] = plans_run_well(plans).fingerprint;
        plans_close(plans);
    }
    assert_int_equal(fingerprints[0], fingerprints[1]);
    assert_int_not_equal(fingerprints[0], fingerprints[2]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_dropped_is_lost_by_the_rule),
        cmocka_unit_test(rules_know_devices_by_name_and_address),
        cmocka_unit_test(a_copy_of_a_line_is_no_fault_of_a_role),
        cmocka_unit_test(a_late_line_comes_late),
        cmocka_unit_test(a_held_line_comes_when_the_rule_ends),
        cmocka_unit_test(a_refused_device_tries_again),
        cmocka_unit_test(a_cut_ends_the_connection),
        cmocka_unit_test(nothing_else_goes_wrong),
        cmocka_unit_test(rules_act_once_on_what_routers_carry),
        cmocka_unit_test(equal_seeds_decide_equally),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
