// Islands that routers join, run in windows: how the work is divided makes no difference.
#include "sim/plans.h"

#include "sim/event.h"

#define TOWNS 4u

// Four towns. Meters publish at the broker of the next town, readers hear them at their own or
// farther away, and answer what is asked of them; clients of MQTT ask. Routers, master and a broker
// crash, uplinks fail and get slow, lines are lost, copied and altered.
static void add_devices(struct plans *plans) {
    static const uint32_t next[] = {1, 2, 3, 0};
    struct plan_group *meters = plans_add_group(plans, "meter-{i}", 24, PLAN_LINE_CLASSIC);
    plans_publish(plans, "m/{name}", 0, 3 * PLANS_S);
    meters->networks = next;
    struct plan_group *readers = plans_add_group(plans, "reader-{i}", 8, PLAN_LINE_CLASSIC);
    plans_subscribe(plans, "m/+", 0);
    struct plan_subscribe *asked = plans_subscribe(plans, "ask/+", 0);
    asked->answer = (struct plan_answer){.exists = true,
                                         .share = PLAN_MILLION,
                                         .topic = plans->publish[0].topic,
                                         .after_ns = PLANS_S,
                                         .jitter_ns = PLANS_S / 2};
    readers->networks = next;
    for (unsigned i = 0; i < 2; i++) {
        plans->groups[i].network_count = TOWNS;
        plans->groups[i].network_in_row = plans->groups[i].count / TOWNS;
    }
    (void)plans_add_group(plans, "asker-{i}", 4, PLAN_MQTT_5_0);
    plans_publish(plans, "ask/{name}", 1, 20 * PLANS_S);
    plans_subscribe(plans, "m/+", 1);
}

static void add_faults(struct plans *plans) {
    static const enum plan_party_kind kinds[] = {PLAN_PARTY_MASTER, PLAN_PARTY_ROUTER,
                                                 PLAN_PARTY_BROKER};
    for (unsigned i = 0; i < 3; i++) {
        struct plan_fault *crash =
            plans_add_fault(plans, PLAN_CRASH, (60 + 40 * i) * PLANS_S, 10 * PLANS_S);
        crash->who = (struct plan_party){.kind = kinds[i], .index = i};
    }
    struct plan_fault *down = plans_add_fault(plans, PLAN_LINK_DOWN, 200 * PLANS_S, 20 * PLANS_S);
    down->who = (struct plan_party){.kind = PLAN_PARTY_ROUTER, .index = 3};
    struct plan_fault *slow = plans_add_fault(plans, PLAN_LINK_AS, 240 * PLANS_S, 40 * PLANS_S);
    slow->who = (struct plan_party){.kind = PLAN_PARTY_NETWORK, .index = 2};
    slow->link = 1;
    struct plan_fault *limit =
        plans_add_fault(plans, PLAN_LIMIT_MAILBOX, 195 * PLANS_S, 30 * PLANS_S);
    limit->who = (struct plan_party){.kind = PLAN_PARTY_ROUTER, .index = 3};
    limit->limit = 5;
    (void)plans_add_rule(plans, "duplicate every 30 publ from meter-*");
    (void)plans_add_rule(plans, "drop every 40 publ to reader-*");
}

static struct plans *open_towns(void) {
    struct plans *plans = plans_open(TOWNS, PLAN_DOOR_LINE | PLAN_DOOR_MQTT);
    plans_add_routers(plans);
    add_devices(plans);
    add_faults(plans);
    plans->plan.stop_ns = 400 * PLANS_S;
    plans->plan.calm_ns = 60 * PLANS_S;
    return plans;
}

enum order { FORWARDS, BACKWARDS, LEDGER_FIRST, ORDERS };

static uint32_t job_of(enum order order, uint32_t at, uint32_t jobs) {
    return order == FORWARDS ? at : order == BACKWARDS ? jobs - 1 - at : (at + jobs - 1) % jobs;
}

static void advance(struct sim_world *world, uint64_t until, enum order order) {
    for (uint32_t i = 0; i < sim_world_joined(world); i++) {
        sim_world_advance(world, i, until);
    }
    for (uint32_t jobs; (jobs = sim_world_open_window(world, until)) > 0;) {
        for (uint32_t at = 0; at < jobs; at++) {
            sim_world_do_job(world, job_of(order, at, jobs));
        }
        sim_world_close_window(world);
    }
}

// Up to every `step`, at which it rests.
static struct sim_summary run(const struct plans *plans, enum order order, uint64_t step) {
    const char *why;
    struct sim_world *world = sim_world_create(
        &plans->plan, &(struct sim_world_options){.checks = true, .judges = true}, &why);
    assert_null(why);
    uint64_t stop = plans->plan.stop_ns;
    for (uint64_t now = 0; now < stop;) {
        now = stop - now > step ? now + step : stop;
        advance(world, now, order);
    }
    sim_world_finish(world);
    struct sim_summary summary;
    sim_world_sum_up(world, &summary);
    sim_world_destroy(world);
    summary.bytes = 0;
    return summary;
}

static void assert_equal(const struct sim_summary *a, const struct sim_summary *b) {
    assert_int_equal(a->fingerprint, b->fingerprint);
    assert_memory_equal(&a->counts, &b->counts, sizeof a->counts);
    assert_memory_equal(&a->verdicts, &b->verdicts, sizeof a->verdicts);
    assert_memory_equal(&a->latencies, &b->latencies, sizeof a->latencies);
    assert_memory_equal(a, b, sizeof *a);
}

static void jobs_may_be_done_in_any_order(void **state) {
    (void)state;
    struct plans *plans = open_towns();
    plan_check(&plans->plan);
    struct sim_summary first = run(plans, FORWARDS, SIM_NEVER);
    assert_int_equal(first.islands, TOWNS + 1);
    assert_true(first.verdicts.delivered > 1000);
    assert_true(first.verdicts.lost[LOSS_MAILBOX_FULL] > 0);
    for (unsigned order = FORWARDS + 1; order < ORDERS; order++) {
        struct sim_summary other = run(plans, (enum order)order, SIM_NEVER);
        assert_equal(&first, &other);
    }
    plans_close(plans);
}

// Windows may end anywhere.
static void rests_make_no_difference(void **state) {
    (void)state;
    static const uint64_t steps[] = {PLANS_MS * 3 / 2, PLANS_S, 7 * PLANS_S + 1};
    struct plans *plans = open_towns();
    struct sim_summary first = run(plans, FORWARDS, SIM_NEVER);
    for (unsigned i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct sim_summary other = run(plans, BACKWARDS, steps[i]);
        assert_equal(&first, &other);
    }
    plans_close(plans);
}

// Where a fault could make an uplink too fast for windows, the networks are one island. So they are
// here, by one that never comes; what becomes of each message is the same. (Marks are others, and
// with them signatures and how many digits these have: a link that is slow would show it.)
static void one_island_comes_to_the_same(void **state) {
    (void)state;
    struct plans *plans = open_towns();
    plans->links[1].up = plans->links[1].down = 0;
    struct sim_summary apart = run(plans, FORWARDS, SIM_NEVER);
    struct plan_fault *never = plans_add_fault(plans, PLAN_LINK_AS, plans->plan.stop_ns, 0);
    plans->links[2] = (struct plan_link){.name = BYTES_LITERAL("wire")};
    plans->plan.link_count = 3;
    never->link = 2;
    never->who = (struct plan_party){.kind = PLAN_PARTY_ROUTER, .index = 0};
    struct sim_summary together = run(plans, FORWARDS, SIM_NEVER);
    assert_int_equal(together.islands, 1);
    assert_memory_equal(&apart.verdicts, &together.verdicts, sizeof apart.verdicts);
    assert_memory_equal(&apart.latencies, &together.latencies, sizeof apart.latencies);
    assert_memory_equal(apart.counts.packets, together.counts.packets, sizeof apart.counts.packets);
    assert_memory_equal(apart.counts.delivered, together.counts.delivered,
                        sizeof apart.counts.delivered);
    plans_close(plans);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jobs_may_be_done_in_any_order),
        cmocka_unit_test(rests_make_no_difference),
        cmocka_unit_test(one_island_comes_to_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
