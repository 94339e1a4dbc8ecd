// What expectations measure in a run.
#include "sim/plans.h"

#include <math.h>

#include "sim/account/measure.h"

// The values of up to four metrics after a run that breaks no rule.
static void measure(struct plans *plans, const char *const *texts, uint32_t count, double *values) {
    struct metric_expectation expectations[4];
    struct fault_error error;
    assert_true(count <= 4);
    for (uint32_t i = 0; i < count; i++) {
        assert_true(metric_parse(bytes_of_text(texts[i]), &expectations[i], &error));
        for (uint32_t group = 0; group < plans->plan.group_count; group++) {
            bool is = bytes_equal(plans->groups[group].label, bytes_of_text(expectations[i].group));
            expectations[i].group_index = is ? group : expectations[i].group_index;
        }
    }
    plans->plan.expectations = expectations;
    plans->plan.expectation_count = count;
    const char *why;
    struct sim_world *world =
        sim_world_create(&plans->plan, &(struct sim_world_options){.judges = true}, &why);
    assert_null(why);
    sim_world_advance_all(world, plans->plan.stop_ns);
    sim_world_finish(world);
    struct memory memory;
    struct sim_outcome outcome;
    memory_init(&memory);
    sim_outcome_init(&outcome, &memory, world);
    assert_int_equal(outcome.summary.findings, 0);
    for (uint32_t i = 0; i < count; i++) {
        (void)sim_measure_holds(&outcome, &expectations[i], &values[i]);
    }
    sim_outcome_deinit(&outcome);
    sim_world_destroy(world);
}

static struct pattern compile(struct plans *plans, const char *text) {
    struct pattern pattern;
    size_t at;
    assert_null(
        pattern_compile(&pattern, &plans->plan.arena, bytes_of_text(text), UINT32_MAX, &at));
    return pattern;
}

// A commander, and devices that answer two seconds later; the second of three listens to answers.
static void answers_that_came_are_counted_once(void **state) {
    (void)state;
    static const char *const texts[] = {"answered >= 0 %", "answered of valve >= 0 %",
                                        "answered of chief >= 0 %"};
    struct plans *plans = plans_open(1, PLAN_DOOR_MQTT);
    plans_add_group(plans, "chief", 1, PLAN_MQTT_5_0);
    plans_publish(plans, "all/open", 1, 20 * PLANS_S);
    plans_add_group(plans, "valve", 4, PLAN_MQTT_5_0)->name = compile(plans, "valve-{i}");
    struct plan_subscribe *commands = plans_subscribe(plans, "all/open", 1);
    commands->answer = (struct plan_answer){.exists = true,
                                            .qos = 1,
                                            .topic = compile(plans, "state/{name}"),
                                            .after_ns = 2 * PLANS_S,
                                            .share = PLAN_MILLION};
    plans_add_group(plans, "screen", 2, PLAN_MQTT_5_0)->name = compile(plans, "screen-{i}");
    plans_subscribe(plans, "state/valve-1", 1);
    plans_subscribe(plans, "state/valve-2", 1);
    plans_subscribe(plans, "state/valve-3", 1);
    double values[3];
    measure(plans, texts, 3, values);
    assert_true(values[0] > 0.70 && values[0] <= 0.75); // nobody hears the fourth one
    assert_true(fabs(values[0] - values[1]) < 1e-9);
    assert_true(isnan(values[2]));
    plans_close(plans);
}

// Two readers of the same sensor: one sits behind a link that takes 100 ms.
static void latencies_are_told_by_receiver(void **state) {
    (void)state;
    static const char *const texts[] = {"latency.p50 at near < 1 s", "latency.p50 at far < 1 s",
                                        "latency.max of sensor < 1 s"};
    struct plans *plans = plans_open(1, PLAN_DOOR_MQTT);
    plans_add_group(plans, "sensor", 1, PLAN_MQTT_5_0);
    plans_publish(plans, "t", 1, 5 * PLANS_S);
    plans_add_group(plans, "near", 1, PLAN_MQTT_5_0);
    plans_subscribe(plans, "t", 1);
    plans_add_group(plans, "far", 1, PLAN_MQTT_5_0)->link = 2;
    plans_subscribe(plans, "t", 1);
    plans->links[2] = plans->links[0];
    plans->links[2].delay_ns = 100 * PLANS_MS;
    plans->plan.link_count = 3;
    double values[3];
    measure(plans, texts, 3, values);
    assert_true(values[0] > 0.01 && values[0] < 0.05);
    assert_true(values[1] > 0.1 && values[1] < 0.15);
    assert_true(values[2] >= values[1] && values[2] < 0.2);
    plans_close(plans);
}

// A device in another network than its broker; both networks have routers.
static void uplinks_have_a_busiest_second(void **state) {
    (void)state;
    static const char *const texts[] = {"uplink.peak < 1 MiB"};
    static const uint32_t second[] = {1};
    double peaks[2];
    for (unsigned i = 0; i < 2; i++) {
        struct plans *plans = plans_open(2, PLAN_DOOR_MQTT);
        plans_add_routers(plans);
        struct plan_group *group = plans_add_group(plans, "far", 1, PLAN_MQTT_5_0);
        group->networks = second;
        group->network_count = 1;
        group->broker_count = 1;
        struct plan_publish *publish = plans_publish(plans, "t", 0, 10 * PLANS_S);
        publish->size = 1000;
        publish->burst = i == 0 ? 1 : 20;
        measure(plans, texts, 1, &peaks[i]);
        plans_close(plans);
    }
    assert_in_range((uint64_t)peaks[0], 1000, 1100);
    assert_in_range((uint64_t)peaks[1], 20000, 22000);
}

// Messages that waited for a partition's end move when it is over, those of before did not.
static void rest_is_when_nothing_moves_any_more(void **state) {
    (void)state;
    static const char *const texts[] = {"rest < 1 s"};
    double rests[2];
    for (unsigned i = 0; i < 2; i++) {
        struct plans *plans = plans_open(1, PLAN_DOOR_MQTT);
        plans_add_group(plans, "sensor", 1, PLAN_MQTT_5_0);
        plans_publish(plans, "t", 1, 5 * PLANS_S);
        plans_add_group(plans, "screen", 1, PLAN_MQTT_5_0);
        plans_subscribe(plans, "t", 1);
        uint64_t calm = plans->plan.stop_ns - plans->plan.calm_ns;
        if (i == 1) {
            struct plan_fault *down =
                plans_add_fault(plans, PLAN_LINK_DOWN, calm - 60 * PLANS_S, 60 * PLANS_S);
            down->who = (struct plan_party){.kind = PLAN_PARTY_GROUP, .index = 0};
        }
        measure(plans, texts, 1, &rests[i]);
        plans_close(plans);
    }
    assert_true(rests[0] >= 0 && rests[0] < 0.2);
    assert_true(rests[1] > 0.1 && rests[1] < 100);
}

static void without_a_calm_there_is_no_rest(void **state) {
    (void)state;
    static const char *const texts[] = {"rest < 1 s"};
    struct plans *plans = plans_open(1, PLAN_DOOR_MQTT);
    plans_add_group(plans, "sensor", 1, PLAN_MQTT_5_0);
    plans->plan.calm_ns = 0;
    double rest;
    measure(plans, texts, 1, &rest);
    assert_true(isnan(rest));
    plans_close(plans);
}

// A device publishes under one topic with each QoS, retained and not.
static void a_topic_may_have_messages_of_all_kinds(void **state) {
    (void)state;
    static const char *const texts[] = {"lost == 0", "due.qos0 > 0", "due.qos1 > 0",
                                        "due.qos2 > 0"};
    struct plans *plans = plans_open(1, PLAN_DOOR_MQTT);
    plans_add_group(plans, "sensor", 1, PLAN_MQTT_5_0);
    for (uint8_t i = 0; i < 6; i++) {
        plans_publish(plans, "t", i % 3, 3 * PLANS_S)->retain = i >= 3;
    }
    plans_add_group(plans, "screen", 1, PLAN_MQTT_5_0);
    plans_subscribe(plans, "t", 2);
    double values[4];
    measure(plans, texts, 4, values);
    assert_true(values[0] < 8 && values[1] > 100 && values[2] > 100 && values[3] > 100);
    plans_close(plans);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_that_came_are_counted_once),
        cmocka_unit_test(latencies_are_told_by_receiver),
        cmocka_unit_test(uplinks_have_a_busiest_second),
        cmocka_unit_test(rest_is_when_nothing_moves_any_more),
        cmocka_unit_test(without_a_calm_there_is_no_rest),
        cmocka_unit_test(a_topic_may_have_messages_of_all_kinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
