// A small world of real roles in drawn storms, seed after seed: no rule is broken. Faults that are
// planted into the roles are found here (test/mutants/storm.mutants).
#include "sim/plans.h"

#include "sim/storm.h"

#define SEEDS 60u

// All QoS, retained messages, wills with and without delay, sessions that last, take-overs.
static struct plans *open_house(uint64_t seed) {
    struct plans *plans = plans_open(1, PLAN_DOOR_MQTT);
    plans->plan.seed = seed;
    plans->plan.stop_ns = 400 * PLANS_S;
    struct plan_group *talkers =
        plans_add_group(plans, "talker-{i}", 2, seed % 3 == 0 ? PLAN_MQTT_3_1_1 : PLAN_MQTT_5_0);
    talkers->connect.keep_alive_s = 20;
    talkers->churn = (struct plan_pause){
        .every_ns = 40 * PLANS_S, .jitter_ns = 20 * PLANS_S, .for_ns = 3 * PLANS_S};
    plans_publish(plans, "t/{name}/twice", 2, 2 * PLANS_S);
    plans_publish(plans, "t/{name}/once", 1, 3 * PLANS_S);
    plans_publish(plans, "t/{name}/perhaps", 0, 4 * PLANS_S);
    plans_publish(plans, "t/{name}/last", 1, 15 * PLANS_S)->retain = true;
    talkers->connect.will = (struct plan_will){.exists = true,
                                               .qos = 1,
                                               .topic = plans->publish[0].topic,
                                               .payload = talkers->name,
                                               .delay_ns = seed % 3 == 1 ? 5 * PLANS_S : 0};
    struct plan_group *listeners = plans_add_group(plans, "listener-{i}", 2, PLAN_MQTT_5_0);
    listeners->churn = talkers->churn;
    plans_subscribe(plans, "t/#", 2);
    struct plan_group *late = plans_add_group(plans, "late-{i}", 1, PLAN_MQTT_5_0);
    late->connect.clean_start = true;
    late->connect.session_expiry_ns = 0;
    late->connect.receive_maximum = 2;
    late->churn = talkers->churn;
    plans_subscribe(plans, "t/+/last", 1);
    plans_subscribe(plans, "t/+/twice", 2);
    return plans;
}

static void no_storm_breaks_a_rule(void **state) {
    (void)state;
    uint64_t reached[VERDICT_REACHED] = {0};
    for (uint64_t seed = 1; seed <= support_setting("SIM_STORM_SEEDS", SEEDS); seed++) {
        struct plans *plans = open_house(seed);
        struct sim_storm storm;
        sim_storm_draw(&storm, &plans->plan, seed);
        plans->plan.faults = storm.faults;
        plans->plan.fault_count = storm.count;
        struct sim_summary summary = plans_run_well(plans);
        for (unsigned i = 0; i < VERDICT_REACHED; i++) {
            reached[i] += summary.verdicts.reached[i];
        }
        plans_close(plans);
    }
    static const enum verdict_reached wanted[] = {
        REACHED_DUP_DELIVERY,   REACHED_TAKEN_TWICE,        REACHED_RESUMPTION,
        REACHED_WILL_FIRED,     REACHED_RETAINED_DELIVERED, REACHED_CRASH,
        REACHED_QOS_2_DELIVERY, REACHED_QUEUED_FOR_ABSENT};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        if (reached[wanted[i]] == 0) {
            fail_msg("never reached: %s", verdict_reached_text(wanted[i]));
        }
    }
}

static void storms_follow_from_their_seed(void **state) {
    (void)state;
    struct plans *plans = open_house(1);
    unsigned different = 0;
    for (uint64_t seed = 1; seed <= 100; seed++) {
        struct sim_storm storm;
        struct sim_storm again;
        struct sim_storm other;
        sim_storm_draw(&storm, &plans->plan, seed);
        sim_storm_draw(&again, &plans->plan, seed);
        sim_storm_draw(&other, &plans->plan, seed + 1);
        assert_in_range(storm.count, 1, SIM_STORM_FAULTS);
        assert_int_equal(storm.count, again.count);
        assert_memory_equal(storm.texts, again.texts, sizeof storm.texts);
        different += memcmp(storm.texts, other.texts, sizeof storm.texts) != 0;
    }
    assert_in_range(different, 98, 100);
    plans_close(plans);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(storms_follow_from_their_seed),
        cmocka_unit_test(no_storm_breaks_a_rule),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
