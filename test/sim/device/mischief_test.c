// Devices that misbehave are accused, all of them and no others, and nothing else goes wrong.
#include "sim/plans.h"

enum { BAD, GOOD, SCREEN, GROUPS };

// Devices that publish and hear of themselves, some of which are bad; and a screen.
static struct plans *open_house(uint32_t bad, uint8_t qos, uint64_t every) {
    struct plans *plans = plans_open(1, PLAN_DOOR_MQTT);
    plans->plan.seed = bad;
    for (unsigned group = BAD; group <= GOOD; group++) {
        struct plan_group *devices =
            plans_add_group(plans, group == BAD ? "bad-{i}" : "good-{i}", 5, PLAN_MQTT_5_0);
        devices->bad = group == BAD ? bad : 0;
        devices->bad_share = PLAN_MILLION;
        struct plan_publish *publish = plans_publish(plans, "house/{name}", qos, every);
        publish->burst = 3;
        publish->size = 200;
        plans_subscribe(plans, "house/{name}", qos);
    }
    plans_add_group(plans, "screen-{i}", 2, PLAN_MQTT_5_0);
    plans_subscribe(plans, "house/+", qos);
    return plans;
}

static const uint32_t all_kinds[] = {PLAN_BAD_NO_ACKNOWLEDGEMENT, PLAN_BAD_SAME_ID,
                                     PLAN_BAD_OVERSIZE,           PLAN_BAD_NO_PING,
                                     PLAN_BAD_DOES_NOT_READ,      PLAN_BAD_GARBAGE};
#define KINDS (sizeof all_kinds / sizeof *all_kinds)

static void assert_accused(struct plans *plans, uint64_t bad) {
    struct sim_tally tallies[GROUPS] = {0};
    struct sim_summary summary = plans_run_groups(plans, tallies, GROUPS);
    assert_int_equal(summary.findings, 0);
    assert_int_equal(tallies[BAD].accused, bad);
    assert_int_equal(tallies[GOOD].accused + tallies[SCREEN].accused, 0);
    assert_int_equal(tallies[GOOD].lost[1] + tallies[GOOD].lost[2], 0);
    assert_true(
        tallies[GOOD].delivered[0] + tallies[GOOD].delivered[1] + tallies[GOOD].delivered[2] > 100);
}

static void who_misbehaves_is_accused(void **state) {
    (void)state;
    for (unsigned i = 0; i < KINDS; i++) {
        for (uint8_t qos = 1; qos <= 2; qos++) {
            print_message("kind %u, QoS %u\n", all_kinds[i], qos);
            // Who pings has to be silent for longer than the keep alive.
            bool is_slow = all_kinds[i] == PLAN_BAD_NO_PING;
            struct plans *plans =
                open_house(all_kinds[i], qos, is_slow ? 130 * PLANS_S : 10 * PLANS_S);
            assert_accused(plans, 5);
            plans_close(plans);
        }
    }
}

static void without_a_reason_nobody_is_accused(void **state) {
    (void)state;
    for (uint8_t qos = 0; qos <= 2; qos++) {
        struct plans *plans = open_house(0, qos, 10 * PLANS_S);
        assert_accused(plans, 0);
        plans_close(plans);
    }
}

static void a_share_of_a_group_is_bad(void **state) {
    (void)state;
    struct plans *plans = open_house(PLAN_BAD_GARBAGE, 1, 10 * PLANS_S);
    plans->groups[BAD].count = 100;
    plans->plan.device_count += 95;
    plans->groups[BAD].bad_share = PLAN_MILLION / 4;
    struct sim_tally tallies[GROUPS] = {0};
    struct sim_summary summary = plans_run_groups(plans, tallies, GROUPS);
    assert_int_equal(summary.findings, 0);
    assert_in_range(tallies[BAD].accused, 15, 35);
    plans_close(plans);
}

// Cuts and crashes are nobody's fault, and bad devices stay what they are.
static void faults_accuse_nobody_else(void **state) {
    (void)state;
    for (unsigned i = 0; i < KINDS; i++) {
        for (uint8_t qos = 1; qos <= 2; qos++) {
            print_message("kind %u, QoS %u\n", all_kinds[i], qos);
            struct plans *plans = open_house(all_kinds[i], qos, 10 * PLANS_S);
            plans->groups[GOOD].connect.clean_start = false;
            plans->groups[BAD].connect.clean_start = false;
            plans->groups[SCREEN].connect.clean_start = false;
            plans_add_rule(plans, "cut before every 17 PUBLISH");
            plans_add_rule(plans, "cut after every 19 PUBACK");
            plans_add_rule(plans, "cut after every 13 PUBREC");
            struct plan_fault *crash =
                plans_add_fault(plans, PLAN_CRASH, 100 * PLANS_S, 5 * PLANS_S);
            crash->who.kind = PLAN_PARTY_BROKER;
            struct sim_tally tallies[GROUPS] = {0};
            struct sim_summary summary = plans_run_groups(plans, tallies, GROUPS);
            assert_int_equal(summary.findings, 0);
            assert_int_equal(tallies[GOOD].accused + tallies[SCREEN].accused, 0);
            plans_close(plans);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_misbehaves_is_accused),
        cmocka_unit_test(without_a_reason_nobody_is_accused),
        cmocka_unit_test(a_share_of_a_group_is_bad),
        cmocka_unit_test(faults_accuse_nobody_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
