// What several processes found of the parts of a world adds up to what one finds of the whole.
#include "sim/plans.h"

#include <stdlib.h>

#include "sim/account/measure.h"
#include "sim/account/outcome.h"

#define BROKERS 7u
#define HANDS 3u

// Each broker is an island, with devices of three kinds; their latencies are asked for.
static struct plans *open_town(struct metric_expectation *expectations) {
    static const char *const texts[] = {"latency.p99 of meter < 1 s",
                                        "latency.max at screen < 1 s"};
    struct plans *plans = plans_open(BROKERS, PLAN_DOOR_MQTT);
    struct fault_error error;
    plans_add_group(plans, "meter", BROKERS * 160, PLAN_MQTT_5_0)->link = 1;
    plans_publish(plans, "m/{i}", 1, 60 * PLANS_S);
    plans_add_group(plans, "screen", BROKERS * 2, PLAN_MQTT_3_1_1);
    plans_subscribe(plans, "m/#", 2);
    plans_add_group(plans, "probe", BROKERS * 150, PLAN_MQTT_5_0);
    plans_publish(plans, "p/{i}", 0, 200 * PLANS_S);
    for (uint32_t i = 0; i < 2; i++) {
        assert_true(metric_parse(bytes_of_text(texts[i]), &expectations[i], &error));
        expectations[i].group_index = i;
    }
    plans->plan.expectations = expectations;
    plans->plan.expectation_count = 2;
    plans->plan.stop_ns = 300 * PLANS_S;
    plans->plan.calm_ns = 100 * PLANS_S;
    return plans;
}

// One hand's part of the world, or with no hands the whole, run to its end.
static void play(struct plans *plans, uint32_t hands, uint32_t hand, struct sim_outcome *outcome) {
    const char *why;
    struct sim_world *world = sim_world_create(
        &plans->plan, &(struct sim_world_options){.judges = true, .hands = hands, .hand = hand},
        &why);
    assert_null(why);
    for (uint32_t i = 0; i < sim_world_islands(world); i++) {
        sim_world_advance(world, i, plans->plan.stop_ns);
    }
    sim_world_finish(world);
    sim_outcome_init(outcome, &plans->memory, world);
    sim_world_destroy(world);
}

static void assert_equal_histograms(const struct histogram *one, const struct histogram *other) {
    assert_int_equal(one == NULL, other == NULL);
    if (one != NULL) {
        assert_true(one->count > 0);
        assert_memory_equal(one, other, sizeof *one);
    }
}

static void assert_equal(const struct sim_outcome *one, const struct sim_outcome *other) {
    const struct sim_summary *a = &one->summary;
    const struct sim_summary *b = &other->summary;
    assert_memory_equal(&a->counts, &b->counts, sizeof a->counts);
    assert_memory_equal(&a->latencies, &b->latencies, sizeof a->latencies);
    assert_memory_equal(&a->verdicts, &b->verdicts, sizeof a->verdicts);
    assert_int_equal(a->events, b->events);
    assert_int_equal(a->fingerprint, b->fingerprint);
    assert_int_equal(a->open, b->open);
    assert_int_equal(a->devices, b->devices);
    assert_int_equal(a->connected, b->connected);
    assert_int_equal(a->islands, b->islands);
    assert_int_equal(a->findings, b->findings);
    assert_int_equal(a->rest_ns, b->rest_ns);
    for (uint32_t i = 0; i < one->plan->group_count; i++) {
        struct sim_tally tally = one->tallies[i];
        assert_equal_histograms(tally.latency, other->tallies[i].latency);
        assert_equal_histograms(tally.arriving, other->tallies[i].arriving);
        tally.latency = other->tallies[i].latency;
        tally.arriving = other->tallies[i].arriving;
        assert_memory_equal(&tally, &other->tallies[i], sizeof tally);
    }
}

static bool add_written(struct sim_outcome *sum, const struct sim_outcome *other) {
    struct buffer written;
    buffer_init(&written, sum->memory);
    sim_outcome_write(other, &written);
    bool is_added = sim_outcome_add(sum, buffer_bytes(&written));
    buffer_deinit(&written);
    return is_added;
}

static void parts_add_up_to_the_whole(void **state) {
    (void)state;
    struct metric_expectation expectations[2];
    struct plans *plans = open_town(expectations);
    struct sim_outcome *outcomes = calloc(HANDS + 1, sizeof *outcomes);
    double values[2];
    play(plans, 0, 0, &outcomes[HANDS]);
    for (uint32_t hand = 0; hand < HANDS; hand++) {
        play(plans, HANDS, hand, &outcomes[hand]);
        uint64_t whole = outcomes[HANDS].summary.counts.connections;
        assert_in_range(outcomes[hand].summary.counts.connections, whole / 5, whole / 2);
    }
    assert_true(add_written(&outcomes[1], &outcomes[2]));
    assert_true(add_written(&outcomes[1], &outcomes[0]));
    assert_equal(&outcomes[1], &outcomes[HANDS]);
    for (uint32_t i = 0; i < 2; i++) {
        (void)sim_measure_holds(&outcomes[1], &expectations[i], &values[0]);
        (void)sim_measure_holds(&outcomes[HANDS], &expectations[i], &values[1]);
        assert_true(values[0] > 0 && values[0] <= values[1] && values[0] >= values[1]);
    }
    for (uint32_t i = 0; i <= HANDS; i++) {
        sim_outcome_deinit(&outcomes[i]);
    }
    free(outcomes);
    plans_close(plans);
}

// A world in which hardly anything happens.
static struct plans *open_hamlet(void) {
    struct plans *plans = plans_open(1, PLAN_DOOR_MQTT);
    plans_add_group(plans, "meter", 1, PLAN_MQTT_5_0);
    return plans;
}

static void pretend_finding(struct sim_outcome *outcome, uint64_t at, uint32_t island,
                            const char *topic) {
    outcome->has_finding = true;
    outcome->finding =
        (struct sim_finding){.what = {.rule = 1, .at = at, .number = 5, .event_count = 1},
                             .island = island,
                             .client = {3, "ann"},
                             .published = {3, "bob"}};
    outcome->finding.what.events[0] = (struct verdict_event){.at = at - 1, .number = 5};
    buffer_append_text(&outcome->topic, topic);
    outcome->finding.topic = buffer_bytes(&outcome->topic);
}

// Of two at one time, which one process would find on the lower island.
static void the_earliest_finding_counts(void **state) {
    (void)state;
    struct plans *plans = open_hamlet();
    struct sim_outcome *outcomes = calloc(4, sizeof *outcomes);
    for (uint32_t i = 0; i < 4; i++) {
        play(plans, 2, i == 2 ? 0 : 1, &outcomes[i]);
    }
    pretend_finding(&outcomes[1], 70, 2, "second island");
    pretend_finding(&outcomes[2], 70, 1, "first island");
    pretend_finding(&outcomes[3], 71, 0, "later");
    for (uint32_t i = 1; i < 4; i++) {
        assert_true(add_written(&outcomes[0], &outcomes[i]));
    }
    const struct sim_finding *finding = &outcomes[0].finding;
    assert_true(outcomes[0].has_finding);
    assert_int_equal(finding->island, 1);
    assert_int_equal(finding->what.at, 70);
    assert_int_equal(finding->what.events[0].at, 69);
    assert_true(bytes_equal(finding->topic, BYTES_LITERAL("first island")));
    assert_true(
        bytes_equal(bytes_make(finding->client.text, finding->client.size), BYTES_LITERAL("ann")));
    assert_true(bytes_equal(bytes_make(finding->published.text, finding->published.size),
                            BYTES_LITERAL("bob")));
    for (uint32_t i = 0; i < 4; i++) {
        sim_outcome_deinit(&outcomes[i]);
    }
    free(outcomes);
    plans_close(plans);
}

static void what_is_no_outcome_is_refused(void **state) {
    (void)state;
    struct plans *plans = open_hamlet();
    struct sim_outcome *outcomes = calloc(2, sizeof *outcomes);
    struct buffer written;
    play(plans, 2, 0, &outcomes[0]);
    play(plans, 2, 0, &outcomes[1]);
    pretend_finding(&outcomes[0], 70, 2, "topic");
    buffer_init(&written, &plans->memory);
    sim_outcome_write(&outcomes[0], &written);
    uint64_t events = outcomes[1].summary.events;
    const size_t sizes[] = {0, 8, sizeof(struct sim_summary), written.size - 6, written.size - 1};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        assert_false(sim_outcome_add(&outcomes[1], bytes_make(written.data, sizes[i])));
    }
    buffer_append_byte(&written, 0);
    assert_false(sim_outcome_add(&outcomes[1], buffer_bytes(&written)));
    assert_int_equal(outcomes[1].summary.events, events);
    written.size--;
    assert_true(sim_outcome_add(&outcomes[1], buffer_bytes(&written)));
    assert_int_equal(outcomes[1].summary.events, 2 * events);
    buffer_deinit(&written);
    sim_outcome_deinit(&outcomes[0]);
    sim_outcome_deinit(&outcomes[1]);
    free(outcomes);
    plans_close(plans);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_add_up_to_the_whole),
        cmocka_unit_test(the_earliest_finding_counts),
        cmocka_unit_test(what_is_no_outcome_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
