#include "sim/plans.h"

#include "mqtt/type.h"
#include "packet/packet.h"

static uint64_t published(const struct sim_summary *summary) {
    const uint64_t *by_qos = summary->counts.published;
    return by_qos[0] + by_qos[1] + by_qos[2];
}

static uint64_t delivered(const struct sim_summary *summary) {
    const uint64_t *by_qos = summary->counts.delivered;
    return by_qos[0] + by_qos[1] + by_qos[2];
}

// Sensors and a screen that shows all of them.
static struct plans *open_house(uint8_t qos) {
    struct plans *plans = plans_open(1, PLAN_DOOR_MQTT);
    plans_add_group(plans, "sensor-{i}", 20, PLAN_MQTT_5_0);
    plans_publish(plans, "house/{name}", qos, 10 * PLANS_S);
    plans_add_group(plans, "screen-{i}", 2, PLAN_MQTT_3_1_1);
    plans_subscribe(plans, "house/+", qos);
    return plans;
}

static void what_is_published_is_delivered(void **state) {
    (void)state;
    for (uint8_t qos = 0; qos <= 2; qos++) {
        struct plans *plans = open_house(qos);
        struct sim_summary summary = plans_run_well(plans);
        assert_in_range(published(&summary), 700, 900);
        assert_in_range(delivered(&summary), 2 * published(&summary) - 80, 2 * published(&summary));
        assert_int_equal(summary.counts.connected, 22);
        assert_int_equal(summary.open, 0);
        // There and back again: two ways of 8 to 12 ms.
        uint64_t least = histogram_share(&summary.latencies.of_qos[qos], 0);
        assert_in_range(least, 16 * PLANS_MS, 20 * PLANS_MS);
        plans_close(plans);
    }
}

static void equal_seeds_give_equal_worlds(void **state) {
    (void)state;
    uint64_t fingerprints[3];
    for (unsigned i = 0; i < 3; i++) {
        struct plans *plans = open_house(1);
        plans->groups[0].link = 1;
        plans->plan.seed = i < 2 ? 7 : 8;
        fingerprints[i] = plans_run_well(plans).fingerprint;
        plans_close(plans);
    }
    assert_int_equal(fingerprints[0], fingerprints[1]);
    assert_int_not_equal(fingerprints[0], fingerprints[2]);
}

// Devices that cut their streams every few seconds, on a lossy link.
static struct plans *open_rough_house(uint8_t qos, uint64_t seed) {
    struct plans *plans = open_house(qos);
    plans->plan.seed = seed;
    for (unsigned i = 0; i < 2; i++) {
        plans->groups[i].link = 1;
        plans->groups[i].churn = (struct plan_pause){
            .every_ns = 20 * PLANS_S, .jitter_ns = 15 * PLANS_S, .for_ns = 5 * PLANS_S};
    }
    return plans;
}

static void quality_of_service_survives_cuts(void **state) {
    (void)state;
    for (uint8_t qos = 0; qos <= 2; qos++) {
        for (uint64_t seed = 1; seed <= 5; seed++) {
            struct plans *plans = open_rough_house(qos, seed);
            struct sim_summary summary = plans_run_well(plans);
            assert_in_range(summary.counts.reconnects, 100, 1000);
            assert_int_equal(summary.counts.connected, 22);
            if (qos > 0) {
                assert_int_equal(summary.open, 0);
                assert_int_equal(summary.counts.acknowledged[qos], published(&summary));
            }
            plans_close(plans);
        }
    }
}

// One device's absence changes nothing about another's life.
static void a_device_draws_its_own_numbers(void **state) {
    (void)state;
    uint64_t few = 0;
    uint64_t many = 0;
    for (unsigned i = 0; i < 2; i++) {
        struct plans *plans = plans_open(1, PLAN_DOOR_MQTT);
        plans_add_group(plans, "sensor-{i}", i == 0 ? 1 : 30, PLAN_MQTT_5_0);
        plans_publish(plans, "house/{name}", 1, 10 * PLANS_S);
        plans_add_group(plans, "screen", 1, PLAN_MQTT_5_0);
        plans_subscribe(plans, "house/sensor-1", 1);
        struct sim_summary summary = plans_run_well(plans);
        *(i == 0 ? &few : &many) = summary.latencies.of_qos[1].max;
        assert_true(delivered(&summary) > 20);
        plans_close(plans);
    }
    assert_int_equal(few, many);
}

static void islands_are_the_same_apart_and_together(void **state) {
    (void)state;
    struct sim_summary summaries[2];
    for (unsigned i = 0; i < 2; i++) {
        struct plans *plans = plans_open(20, PLAN_DOOR_MQTT);
        plans_add_group(plans, "sensor-{i}", i == 0 ? 300 : 6000, PLAN_MQTT_3_1_1);
        plans->groups[0].broker_in_row = 100;
        plans_publish(plans, "t/{i}", 0, 100 * PLANS_S);
        plans_subscribe(plans, "t/{i}", 0);
        plans->plan.stop_ns = 60 * PLANS_S;
        plans->plan.calm_ns = 0;
        summaries[i] = plans_run_well(plans);
        plans_close(plans);
    }
    assert_int_equal(summaries[0].islands, 1);
    assert_true(summaries[1].islands > 1);
}

static void lines_are_delivered(void **state) {
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        struct plans *plans = plans_open(3, PLAN_DOOR_LINE);
        plans_add_group(plans, "sensor-{i}", 30, i == 0 ? PLAN_LINE_CLASSIC : PLAN_LINE_SODIUM);
        plans_publish(plans, "house/{name}", 0, 10 * PLANS_S);
        plans_subscribe(plans, "house/{name}", 0);
        struct sim_summary summary = plans_run_well(plans);
        assert_int_equal(summary.counts.connected, 30);
        assert_in_range(published(&summary), 1000, 1300);
        assert_in_range(delivered(&summary), published(&summary) - 60, published(&summary));
        assert_true(summary.counts.packets[FAULT_LINE + PACKET_PUBL][FAULT_TO_CLIENT] > 1000);
        plans_close(plans);
    }
}

// A broker of lines gives what was published last to who subscribes later.
static void last_values_are_nobodys_fault(void **state) {
    (void)state;
    struct plans *plans = plans_open(1, PLAN_DOOR_LINE);
    plans_add_group(plans, "lamp-{i}", 5, PLAN_LINE_CLASSIC);
    plans_publish(plans, "lamps/{name}", 0, 10 * PLANS_S);
    plans_add_group(plans, "panel", 1, PLAN_LINE_CLASSIC)->connect.at_ns = 105 * PLANS_S;
    plans_subscribe(plans, "lamps/+", 0);
    struct sim_summary summary = plans_run_well(plans);
    assert_in_range(delivered(&summary), 100, published(&summary) - 40);
    assert_int_equal(summary.verdicts.delivered, delivered(&summary));
    plans_close(plans);
}

static void lossy_lines_lose_and_devices_come_back(void **state) {
    (void)state;
    struct plans *plans = plans_open(1, PLAN_DOOR_LINE);
    plans_add_group(plans, "sensor-{i}", 30, PLAN_LINE_CLASSIC)->link = 1;
    plans_publish(plans, "house/{name}", 0, 10 * PLANS_S);
    plans_subscribe(plans, "house/{name}", 0);
    struct sim_summary summary = plans_run_well(plans);
    assert_true(summary.counts.lines_lost > 10);
    assert_in_range(delivered(&summary), published(&summary) / 2, published(&summary) - 1);
    plans_close(plans);
}

// What a network can do to streams breaks no promise of MQTT.
static void rules_that_networks_cause_break_nothing(void **state) {
    (void)state;
    static const char *const rules[] = {
        "cut inside 5 % PUBLISH after 7 bytes",
        "cut before 10 % PUBACK",
        "cut before 5 % PUBREL",
        "cut after 5 % PUBREC",

        "cut before CONNACK 2",
        "delay 2 s ~ 1 s",
        "lose 5 %",
        "freeze 30 s every 2 min",
        "cut every 1 min",
        "stall 10 s 5 % PUBLISH",
        "throttle 2 kbit/s",
        "profile gprs",
        "cut before 5 % PUBCOMP",
    };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        for (uint8_t qos = 1; qos <= 2; qos++) {
            struct plans *plans = open_house(qos);
            plans_add_rule(plans, rules[i]);
            struct sim_summary summary = plans_run(plans);
            if (summary.findings > 0 || summary.open > 0 ||
                summary.counts.acknowledged[qos] != published(&summary)) {
                print_message("rule '%s', QoS %u\n", rules[i], qos);
            }
            assert_int_equal(summary.findings, 0);
            assert_int_equal(summary.open, 0);
            assert_int_equal(summary.counts.acknowledged[qos], published(&summary));
            plans_close(plans);
        }
    }
}

// Either end may be the first to find its stream reset; the other one is not left half open, which
// it would find out by its keep alive only.
static void both_ends_learn_of_a_cut(void **state) {
    (void)state;
    struct plans *plans = open_house(1);
    plans->groups[0].connect.keep_alive_s = plans->groups[1].connect.keep_alive_s = 1200;
    plans->groups[0].sleep =
        (struct plan_pause){.every_ns = 60 * PLANS_S, .for_ns = 20 * PLANS_S, .says_goodbye = true};
    plans_add_rule(plans, "cut inside every 2 PUBLISH after 1 bytes");
    struct sim_summary summary = plans_run_well(plans);
    assert_int_equal(summary.verdicts.reached[REACHED_TAKE_OVER], 0);
    assert_int_equal(summary.open, 0);
    plans_close(plans);
}

// A packet that a rule takes away is missed, and the rule is named as the cause.
static void what_a_rule_takes_away_is_accounted_for(void **state) {
    (void)state;
    struct plans *plans = open_house(0);
    plans_add_rule(plans, "drop every 10 PUBLISH to broker");
    struct sim_summary summary = plans_run_well(plans);
    assert_in_range(summary.verdicts.upward[LOSS_FAULT], published(&summary) / 12,
                    published(&summary) / 9);
    plans_close(plans);
}

// What no packet overtakes goes after a second.
static void who_is_to_be_overtaken_waits_for_a_second_at_most(void **state) {
    (void)state;
    struct plans *plans = open_house(1);
    plans_add_rule(plans, "reorder PUBLISH to broker by 1000");
    struct sim_summary summary = plans_run_well(plans);
    assert_true(summary.verdicts.delivered > 0);
    assert_int_equal(summary.open, 0);
    uint64_t most = histogram_share(&summary.latencies.of_qos[1], PLAN_MILLION);
    assert_in_range(most, PLANS_S, 2 * PLANS_S);
    plans_close(plans);
}

// Faults of the plan on ways and processes, and the calm behind them.
static void faults_pass_and_everything_comes_to_rest(void **state) {
    (void)state;
    static const enum plan_fault_kind kinds[] = {PLAN_LINK_DOWN, PLAN_LINK_AS, PLAN_PARTITION,
                                                 PLAN_CRASH,     PLAN_RESTART, PLAN_PAUSE};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        for (uint8_t qos = 0; qos <= 2; qos++) {
            struct plans *plans = open_house(qos);
            plans->brokers[0].store = PLAN_DURABLE;
            struct plan_fault *fault = plans_add_fault(plans, kinds[i], 60 * PLANS_S, 30 * PLANS_S);
            fault->every_ns = 100 * PLANS_S;
            fault->who = (struct plan_party){.kind = PLAN_PARTY_BROKER};
            fault->from = (struct plan_party){.kind = PLAN_PARTY_GROUP};
            fault->link = 1;
            struct sim_summary summary = plans_run(plans);
            if (summary.findings > 0) {
                print_message("fault %d, QoS %u\n", (int)kinds[i], qos);
            }
            assert_int_equal(summary.findings, 0);
            assert_int_equal(summary.counts.connected, 22);
            if (qos > 0) {
                assert_int_equal(summary.open, 0);
                assert_int_equal(summary.counts.acknowledged[qos], published(&summary));
            }
            plans_close(plans);
        }
    }
}

// Devices of one network whose broker is in another: through two routers and the master.
// Its link takes less than comes; the broker tells of the first message that it drops only.
static void what_a_full_queue_drops_is_its_loss(void **state) {
    (void)state;
    struct plans *plans = open_house(1);
    plans->brokers[0].limits.queue_messages = 50;
    plans->brokers[0].limits.in_flight = 5;
    plans->groups[1].link = 2;
    plans->links[2] = plans->links[0];
    plans->links[2].down = 500;
    plans->plan.link_count = 3;
    struct sim_summary summary = plans_run_well(plans);
    assert_true(summary.verdicts.lost[LOSS_QUEUE_FULL] > 0);
    assert_int_equal(summary.verdicts.lost[LOSS_LINK], 0);
    plans_close(plans);
}

// Two networks of lines, with routers; devices of the second publish and subscribe at the broker of
// the first.
static struct plans *open_joined(enum plan_store store) {
    static const uint32_t second[] = {1};
    struct plans *plans = plans_open(2, PLAN_DOOR_LINE);
    plans_add_routers(plans);
    plans->routers[0].store = plans->routers[1].store = store;
    plans->plan.master.store = store;
    struct plan_group *group = plans_add_group(plans, "far-{i}", 20, PLAN_LINE_CLASSIC);
    group->networks = second;
    group->network_count = 1;
    group->broker_count = 1; // that of the first network
    plans_publish(plans, "house/{name}", 0, 2 * PLANS_S);
    plans_subscribe(plans, "house/{name}", 0);
    return plans;
}

static void what_a_full_mailbox_loses_has_its_cause(void **state) {
    (void)state;
    struct plans *plans = open_joined(PLAN_DURABLE);
    struct plan_fault *limit = plans_add_fault(plans, PLAN_LIMIT_MAILBOX, 100 * PLANS_S, 0);
    limit->who.kind = PLAN_PARTY_MASTER;
    limit->limit = 3;
    // What waited in the router comes all at once.
    struct plan_fault *down = plans_add_fault(plans, PLAN_LINK_DOWN, 150 * PLANS_S, 30 * PLANS_S);
    down->who = (struct plan_party){.kind = PLAN_PARTY_ROUTER, .index = 1};
    struct sim_summary summary = plans_run_well(plans);
    uint64_t lost = summary.verdicts.lost[LOSS_MAILBOX_FULL];
    assert_in_range(lost + summary.verdicts.upward[LOSS_MAILBOX_FULL], 5, 5000);
    assert_true(delivered(&summary) > 100);
    plans_close(plans);
}

// Of what was in a router or in mailboxes nothing is lost with a store; without one it is, and
// either way it is known why.
static void routers_and_master_crash(void **state) {
    (void)state;
    uint64_t crashed[2];
    for (unsigned store = 0; store < 2; store++) {
        struct plans *plans = open_joined(store == 0 ? PLAN_IN_MEMORY : PLAN_DURABLE);
        plans->routers[0].uplink = plans->routers[1].uplink = 1;
        for (unsigned i = 0; i < 4; i++) {
            struct plan_fault *crash = plans_add_fault(
                plans, PLAN_CRASH, (60 + i * 80) * PLANS_S + i * 123456789, PLANS_S);
            crash->who.kind = i % 2 == 0 ? PLAN_PARTY_MASTER : PLAN_PARTY_ROUTER;
            crash->who.index = 1;
        }
        struct sim_summary summary = plans_run_well(plans);
        crashed[store] = summary.verdicts.lost[LOSS_CRASH] + summary.verdicts.upward[LOSS_CRASH];
        assert_int_equal(summary.counts.connected, 20);
        plans_close(plans);
    }
    print_message("lost by crashes: %llu without a store, %llu with one\n",
                  (unsigned long long)crashed[0], (unsigned long long)crashed[1]);
    assert_true(crashed[1] < crashed[0]);
}

// It takes longer for a message than there is between two of them: the broker keeps the rest.
static void a_slow_device_reads_slowly(void **state) {
    (void)state;
    uint64_t latency[2];
    for (unsigned slow = 0; slow < 2; slow++) {
        struct plans *plans = open_house(1);
        plans->groups[1].processing.packet_ns = slow * 300 * PLANS_MS;
        struct sim_summary summary = plans_run_well(plans);
        latency[slow] = histogram_share(&summary.latencies.of_qos[1], 500000);
        assert_int_equal(summary.open, 0);
        plans_close(plans);
    }
    assert_true(latency[1] > latency[0] + 100 * PLANS_MS);
}

// Clocks that run fast publish more often, and a step is seen in what they say.
static void clocks_run_wrong(void **state) {
    (void)state;
    uint64_t counts[3];
    for (unsigned i = 0; i < 3; i++) {
        struct plans *plans = open_house(0);
        plans->publish[0].jitter_ns = 0;
        plans->groups[0].clock_drift_ppm = i == 1 ? 100000 : 0;
        plans->groups[0].clock_offset_ns = i == 2 ? 5 * PLANS_S : 0;
        struct plan_fault *step = plans_add_fault(plans, PLAN_CLOCK_STEP, 100 * PLANS_S, 0);
        step->who = (struct plan_party){.kind = PLAN_PARTY_GROUP, .index = 0};
        step->step_ns = i == 2 ? -30 * (int64_t)PLANS_S : 0;
        counts[i] = published(&(struct sim_summary[]){plans_run_well(plans)}[0]);
        plans_close(plans);
    }
    assert_true(counts[1] != counts[0]); // by up to a tenth each, either way
    assert_in_range(counts[2], counts[0] - 60, counts[0] + 60);
}

static void routers_join_networks(void **state) {
    (void)state;
    static const uint32_t second[] = {1};
    struct plans *plans = plans_open(2, PLAN_DOOR_LINE);
    plans_add_routers(plans);
    struct plan_group *group = plans_add_group(plans, "far-{i}", 20, PLAN_LINE_CLASSIC);
    group->networks = second;
    group->network_count = 1;
    group->broker_count = 1; // that of the first network
    group->connect.at_ns = 30 * PLANS_S;
    plans_publish(plans, "house/{name}", 0, 10 * PLANS_S);
    plans_subscribe(plans, "house/{name}", 0);
    struct sim_summary summary = plans_run_well(plans);
    assert_int_equal(summary.counts.connected, 20);
    assert_in_range(published(&summary), 600, 800);
    assert_in_range(delivered(&summary), published(&summary) - 40, published(&summary));
    // Four uplinks and two networks, at least.
    assert_true(histogram_share(&summary.latencies.of_qos[0], 0) > 48 * PLANS_MS);
    plans_close(plans);
}

// Expectations of groups, and of one QoS, are of these alone.
static void what_groups_do_is_counted_apart(void **state) {
    (void)state;
    struct plans *plans = plans_open(1, PLAN_DOOR_MQTT);
    plans_add_group(plans, "steady-{i}", 10, PLAN_MQTT_5_0);
    plans_publish(plans, "house/{name}", 1, 10 * PLANS_S);
    struct plan_group *hasty = plans_add_group(plans, "hasty-{i}", 5, PLAN_MQTT_5_0);
    hasty->connect.clean_start = true;
    hasty->churn = (struct plan_pause){
        .every_ns = 30 * PLANS_S, .jitter_ns = 10 * PLANS_S, .for_ns = 5 * PLANS_S};
    plans_publish(plans, "house/{name}", 2, 20 * PLANS_S);
    plans_add_group(plans, "screen", 1, PLAN_MQTT_5_0);
    plans_subscribe(plans, "house/+", 2);
    struct sim_tally tallies[3] = {0};
    struct sim_summary summary = plans_run_groups(plans, tallies, 3);
    assert_int_equal(summary.findings, 0);
    assert_int_equal(tallies[0].published[1], summary.counts.published[1]);
    assert_int_equal(tallies[1].published[2], summary.counts.published[2]);
    assert_int_equal(tallies[0].published[2], 0);
    assert_int_equal(tallies[0].reconnects, 0);
    assert_in_range(tallies[1].reconnects, 20, 100);
    assert_int_equal(tallies[2].owed[1] + tallies[2].owed[2], 0); // it publishes nothing
    assert_int_equal(tallies[0].owed[1] + tallies[1].owed[2], summary.verdicts.owed);
    assert_int_equal(tallies[0].delivered[1] + tallies[1].delivered[2], summary.verdicts.delivered);
    plans_close(plans);
}

// A way from one network to another leads over both routers, and fails with one of them.
static void streams_pass_the_routers_of_both_networks(void **state) {
    (void)state;
    static const uint32_t second[] = {1};
    for (unsigned i = 0; i < 2; i++) {
        struct plans *plans = plans_open(2, PLAN_DOOR_MQTT);
        plans_add_routers(plans);
        struct plan_group *group = plans_add_group(plans, "far-{i}", 20, PLAN_MQTT_5_0);
        group->networks = second;
        group->network_count = 1;
        group->broker_count = 1; // that of the first network
        plans_publish(plans, "house/{name}", 1, 10 * PLANS_S);
        plans_subscribe(plans, "house/{name}", 1);
        if (i == 1) {
            struct plan_fault *fault =
                plans_add_fault(plans, PLAN_LINK_DOWN, 100 * PLANS_S, 150 * PLANS_S);
            fault->who = (struct plan_party){.kind = PLAN_PARTY_ROUTER, .index = 1};
        }
        struct sim_summary summary = plans_run_well(plans);
        assert_int_equal(summary.counts.reconnects >= 20, i == 1);
        assert_int_equal(summary.counts.connected, 20);
        // Three links each way: those of the devices and of two routers.
        assert_true(histogram_share(&summary.latencies.of_qos[1], 0) >= 48 * PLANS_MS);
        plans_close(plans);
    }
}

// Subscribed for the first 100 s of ten minutes: a sixth of what comes, and nothing is amiss.
static void subscriptions_are_taken_back(void **state) {
    (void)state;
    static const enum plan_speaks speaks[] = {PLAN_MQTT_5_0, PLAN_LINE_CLASSIC};
    for (unsigned i = 0; i < 2; i++) {
        struct plans *plans = plans_open(1, PLAN_DOOR_MQTT | PLAN_DOOR_LINE);
        plans_add_group(plans, "sensor-{i}", 5, speaks[i]);
        plans_publish(plans, "house/{name}", 0, 10 * PLANS_S);
        plans_add_group(plans, "screen-{i}", 1, speaks[i]);
        struct plan_subscribe *subscribe = plans_subscribe(plans, "house/+", 0);
        subscribe->for_ns = 100 * PLANS_S;
        // Comes back, and does not subscribe again.
        plans->groups[1].sleep = (struct plan_pause){
            .every_ns = 150 * PLANS_S, .for_ns = 20 * PLANS_S, .says_goodbye = true};
        struct sim_summary summary = plans_run_well(plans);
        assert_in_range(delivered(&summary), 30, 60);
        assert_in_range(published(&summary), 170, 230);
        plans_close(plans);
    }
}

// A NAT that forgets after two minutes: a client that pings more often does not notice it, one that
// does not finds out when it has something to say, and comes back.
static void a_nat_forgets_who_is_silent(void **state) {
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        struct plans *plans = open_house(1);
        plans->links[0].forgets_ns = 120 * PLANS_S;
        plans->plan.stop_ns = 3600 * PLANS_S;
        plans->publish[0].every_ns = 300 * PLANS_S;
        plans->publish[0].jitter_ns = 10 * PLANS_S;
        plans->groups[0].connect.keep_alive_s = i == 0 ? 60 : 1000;
        plans->groups[0].connect.retry.most = PLANS_S;
        struct sim_summary summary = plans_run_well(plans);
        assert_int_equal(summary.counts.reconnects > 0, i == 1);
        assert_int_equal(summary.counts.acknowledged[1], published(&summary));
        uint64_t most = histogram_share(&summary.latencies.of_qos[1], PLAN_MILLION);
        assert_int_equal(most > 60 * PLANS_S, i == 1);
        plans_close(plans);
    }
}

static void passwords_are_proven(void **state) {
    (void)state;
    struct plans *plans = open_house(2);
    plans->groups[0].connect.scram = true;
    struct sim_summary summary = plans_run_well(plans);
    assert_int_equal(summary.counts.packets[MQTT_AUTH][FAULT_TO_CLIENT], 20);
    assert_int_equal(summary.counts.connected, 22);
    assert_int_equal(summary.open, 0);
    plans_close(plans);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_published_is_delivered),
        cmocka_unit_test(equal_seeds_give_equal_worlds),
        cmocka_unit_test(quality_of_service_survives_cuts),
        cmocka_unit_test(a_device_draws_its_own_numbers),
        cmocka_unit_test(islands_are_the_same_apart_and_together),
        cmocka_unit_test(rules_that_networks_cause_break_nothing),
        cmocka_unit_test(both_ends_learn_of_a_cut),
        cmocka_unit_test(what_a_rule_takes_away_is_accounted_for),
        cmocka_unit_test(who_is_to_be_overtaken_waits_for_a_second_at_most),
        cmocka_unit_test(faults_pass_and_everything_comes_to_rest),
        cmocka_unit_test(what_groups_do_is_counted_apart),
        cmocka_unit_test(streams_pass_the_routers_of_both_networks),
        cmocka_unit_test(lines_are_delivered),
        cmocka_unit_test(last_values_are_nobodys_fault),
        cmocka_unit_test(what_a_full_queue_drops_is_its_loss),
        cmocka_unit_test(routers_join_networks),
        cmocka_unit_test(what_a_full_mailbox_loses_has_its_cause),
        cmocka_unit_test(routers_and_master_crash),
        cmocka_unit_test(a_slow_device_reads_slowly),
        cmocka_unit_test(clocks_run_wrong),
        cmocka_unit_test(lossy_lines_lose_and_devices_come_back),
        cmocka_unit_test(subscriptions_are_taken_back),
        cmocka_unit_test(a_nat_forgets_who_is_silent),
        cmocka_unit_test(passwords_are_proven),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
