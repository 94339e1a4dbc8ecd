// Clients from outside that join a simulated world.
#include "sim/plans.h"

#include "fault/parse.h"
#include "sim/visitor.h"

// Sensors that say something every second, and a screen.
static struct plans *open_house(void) {
    struct plans *plans = plans_open(1, PLAN_DOOR_MQTT);
    plans_add_group(plans, "sensor-{i}", 20, PLAN_MQTT_5_0);
    plans_publish(plans, "house/{name}", 1, PLANS_S);
    plans_add_group(plans, "screen-{i}", 2, PLAN_MQTT_3_1_1);
    plans_subscribe(plans, "house/#", 1);
    plans->plan.calm_ns = 0;
    return plans;
}

static struct sim_world *open_world(struct plans *plans, uint32_t visitors) {
    const char *why;
    struct sim_world *world = sim_world_create(
        &plans->plan, &(struct sim_world_options){.checks = true, .visitors = visitors}, &why);
    assert_null(why);
    return world;
}

static const uint8_t connect_packet[] = {0x10, 15, 0, 4, 'M', 'Q', 'T', 'T', 4,
                                         2,    0,  0, 0, 3,   'm', 'e', 'e'};
static const uint8_t subscribe_packet[] = {0x82, 6, 0, 1, 0, 1, '#', 0};
static const uint8_t publish_packet[] = {0x30, 11,  0,   7,   'h', 'o', 'u',
                                         's',  'e', '/', 'x', 'h', 'i'};

#define SEND(visitor, packet, now) \
    sim_visitor_send(visitor, bytes_make(packet, sizeof(packet)), now)

// All that has arrived, thrown away; how many bytes.
static size_t drain(struct sim_visitor *visitor, uint64_t now) {
    size_t sum = 0;
    struct bytes runs[4];
    for (unsigned count; (count = sim_visitor_output(visitor, runs, 4)) > 0;) {
        for (unsigned i = 1; i < count; i++) {
            assert_ptr_not_equal(runs[i].data, runs[i - 1].data); // each once
        }
        size_t half = (runs[0].size + 1) / 2; // as a socket takes it
        sim_visitor_sent(visitor, half, now);
        sum += half;
    }
    return sum;
}

static void a_visitor_looks_on(void **state) {
    (void)state;
    struct plans *plans = open_house();
    struct sim_world *world = open_world(plans, 2);
    uint64_t now = 60 * PLANS_S;
    sim_world_advance(world, 0, now);
    struct sim_visitor *visitor = sim_world_visit(world, 0, now);
    SEND(visitor, connect_packet, now);
    SEND(visitor, subscribe_packet, now);
    now += PLANS_MS;
    sim_world_advance(world, 0, now);
    assert_int_equal(drain(visitor, now), 4 + 5); // CONNACK and SUBACK, at once
    now += 10 * PLANS_S;
    sim_world_advance(world, 0, now);
    // 20 sensors and 10 s; each message has a topic of some 14 bytes and a stamp of 20.
    assert_in_range(drain(visitor, now), 180 * 36, 220 * 50);
    assert_false(sim_visitor_is_over(visitor));
    sim_world_see_off(world, visitor, now);
    sim_world_advance(world, 0, plans->plan.stop_ns);
    struct sim_summary summary;
    sim_world_sum_up(world, &summary);
    assert_int_equal(summary.visits, 1);
    assert_int_equal(summary.unjudged, 0);
    assert_int_equal(summary.findings, 0);
    assert_int_equal(summary.counts.connected, 22);
    sim_world_destroy(world);
    plans_close(plans);
}

static void before_a_visit_runs_are_equal(void **state) {
    (void)state;
    struct sim_summary summaries[2];
    for (uint32_t i = 0; i < 2; i++) {
        struct plans *plans = open_house();
        struct sim_world *world = open_world(plans, i * 64);
        sim_world_advance(world, 0, 60 * PLANS_S);
        sim_world_sum_up(world, &summaries[i]);
        sim_world_destroy(world);
        plans_close(plans);
    }
    assert_int_equal(summaries[0].fingerprint, summaries[1].fingerprint);
}

static void a_visitor_that_does_not_read_holds_up_itself(void **state) {
    (void)state;
    struct plans *plans = open_house();
    struct sim_world *world = open_world(plans, 1);
    uint64_t now = 60 * PLANS_S;
    sim_world_advance(world, 0, now);
    struct sim_visitor *visitor = sim_world_visit(world, 0, now);
    assert_null(sim_world_visit(world, 0, now)); // no more than one at a time
    SEND(visitor, connect_packet, now);
    SEND(visitor, subscribe_packet, now);
    sim_world_advance(world, 0, plans->plan.stop_ns);
    assert_in_range(visitor->stream->way[SIM_BROKER_END].bytes, SIM_WINDOW / 2, SIM_WINDOW);
    struct sim_summary summary;
    sim_world_sum_up(world, &summary);
    uint64_t delivered = summary.counts.delivered[1];
    assert_true(delivered >= 2 * summary.counts.published[1] - 100);
    assert_int_equal(summary.findings, 0);
    sim_world_destroy(world);
    plans_close(plans);
}

static void what_a_visitor_says_is_not_judged(void **state) {
    (void)state;
    struct plans *plans = open_house();
    struct sim_world *world = open_world(plans, 1);
    uint64_t now = 60 * PLANS_S;
    sim_world_advance(world, 0, now);
    struct sim_visitor *visitor = sim_world_visit(world, 0, now);
    SEND(visitor, connect_packet, now);
    size_t bytes = 0;
    for (unsigned i = 0; i < 100; i++) {
        // Each time another topic, with a payload that nobody of this world marked.
        uint8_t packet[sizeof publish_packet];
        memcpy(packet, publish_packet, sizeof packet);
        packet[10] = (uint8_t)('0' + i % 60);
        sim_visitor_send(visitor, bytes_make(packet, sizeof packet), now);
        now += PLANS_S;
        sim_world_advance(world, 0, now);
        (void)drain(visitor, now);
        struct sim_summary summary;
        sim_world_sum_up(world, &summary);
        assert_int_equal(summary.findings, 0);
        assert_int_equal(summary.unjudged, 1);
        bytes = i == 50 ? summary.bytes : bytes;
        assert_true(i < 50 || summary.bytes < bytes + 100000);
    }
    sim_world_see_off(world, visitor, now);
    sim_world_destroy(world);
    plans_close(plans);
}

static void faults_do_not_hit_visitors(void **state) {
    (void)state;
    struct plans *plans = open_house();
    struct plan_fault *fault = plans_add_fault(plans, PLAN_LINK_DOWN, 30 * PLANS_S, 0);
    fault->who = (struct plan_party){.kind = PLAN_PARTY_NETWORK, .index = 0};
    struct sim_world *world = open_world(plans, 1);
    uint64_t now = 60 * PLANS_S;
    sim_world_advance(world, 0, now);
    struct fault_rule rule = {0};
    struct fault_error error;
    assert_true(fault_parse(BYTES_LITERAL("drop CONNACK"), &rule, &error));
    assert_int_equal(sim_world_add_rule(world, &rule, now), 1);
    struct sim_visitor *visitor = sim_world_visit(world, 0, now);
    SEND(visitor, connect_packet, now);
    now += PLANS_S;
    sim_world_advance(world, 0, now);
    assert_int_equal(drain(visitor, now), 4);
    // Devices are hit by the rule, once the network is back.
    struct sim_rule_view view;
    assert_true(sim_world_rule(world, 0, &view));
    assert_int_equal(view.number, 1);
    assert_true(sim_world_remove_rule(world, 1, now));
    assert_false(sim_world_remove_rule(world, 1, now));
    assert_false(sim_world_rule(world, 0, &view));
    sim_world_destroy(world);
    plans_close(plans);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_visitor_looks_on),
        cmocka_unit_test(before_a_visit_runs_are_equal),
        cmocka_unit_test(a_visitor_that_does_not_read_holds_up_itself),
        cmocka_unit_test(what_a_visitor_says_is_not_judged),
        cmocka_unit_test(faults_do_not_hit_visitors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
