#include "sim/plans.h"

#include <stdio.h>
#include <stdlib.h>

#include "fault/parse.h"
#include "scenario/value_compile.h"

struct plans *plans_open(uint32_t brokers, uint8_t doors) {
    struct plans *plans = calloc(1, sizeof *plans);
    memory_init(&plans->memory);
    struct plan *plan = &plans->plan;
    plan_init(plan, &plans->memory);
    plan->seed = 42;
    plan->stop_ns = 600 * PLANS_S;
    plan->calm_ns = 200 * PLANS_S;
    plans->links[0] = (struct plan_link){.name = BYTES_LITERAL("good"),
                                         .delay_ns = 10 * PLANS_MS,
                                         .jitter_ns = 2 * PLANS_MS,
                                         .loss = {.to_good = PLAN_MILLION}};
    plans->links[1] = (struct plan_link){.name = BYTES_LITERAL("bad"),
                                         .delay_ns = 100 * PLANS_MS,
                                         .jitter_ns = 50 * PLANS_MS,
                                         .up = 100000,
                                         .down = 200000,
                                         .loss = {20000, 300000, 1000, 500000}};
    plan->links = plans->links;
    plan->link_count = 2;
    for (uint32_t i = 0; i < brokers; i++) {
        plans->networks[i] = (struct plan_network){.name = BYTES_LITERAL("net"), .link = 0};
        plans->brokers[i] = (struct plan_broker){
            .name = BYTES_LITERAL("broker"), .network = i, .link = PLAN_NONE, .doors = doors};
        plans->broker_places[i] = i;
    }
    plan->networks = plans->networks;
    plan->brokers = plans->brokers;
    plan->groups = plans->groups;
    plan->faults = plans->faults;
    plan->network_count = plan->broker_count = brokers;
    return plans;
}

void plans_close(struct plans *plans) {
    plan_deinit(&plans->plan);
    assert_int_equal(plans->memory.blocks_in_use, 0);
    free(plans);
}

void plans_add_routers(struct plans *plans) {
    struct plan *plan = &plans->plan;
    assert_in_range(plan->network_count, 1, 8);
    for (uint32_t i = 0; i < plan->network_count; i++) {
        plans->routers[i] =
            (struct plan_router){.name = BYTES_LITERAL("router"), .network = i, .gate = 7 + i};
    }
    plan->routers = plans->routers;
    plan->router_count = plan->network_count;
    plan->master.exists = true;
}

static struct pattern compile(struct plans *plans, const char *text) {
    struct pattern pattern;
    size_t at;
    assert_null(
        pattern_compile(&pattern, &plans->plan.arena, bytes_of_text(text), UINT32_MAX, &at));
    return pattern;
}

struct plan_group *plans_add_group(struct plans *plans, const char *name, uint32_t count,
                                   enum plan_speaks speaks) {
    struct plan_group *group = &plans->groups[plans->plan.group_count++];
    uint32_t brokers = plans->plan.broker_count;
    *group = (struct plan_group){.label = bytes_of_text(name),
                                 .name = compile(plans, name),
                                 .count = count,
                                 .first = 1,
                                 .speaks = speaks,
                                 .link = PLAN_NONE,
                                 .network_in_row = 1,
                                 .brokers = plans->broker_places,
                                 .broker_count = brokers,
                                 .broker_in_row = (count + brokers - 1) / brokers,
                                 .publish = plans->publish + plans->publishes,
                                 .subscribe = plans->subscribe + plans->subscribes};
    group->connect = (struct plan_connect){
        .within_ns = 5 * PLANS_S,
        .keep_alive_s = 60,
        .session_expiry_ns = 3600 * PLANS_S,
        .retry = {.kind = MQTT_CLIENT_RETRY_FULL, .first = PLANS_S, .most = 20 * PLANS_S}};
    plans->plan.device_count += count;
    return group;
}

struct plan_publish *plans_publish(struct plans *plans, const char *topic, uint8_t qos,
                                   uint64_t every_ns) {
    struct plan_publish *publish = &plans->publish[plans->publishes++];
    size_t at;
    *publish = (struct plan_publish){.topic = compile(plans, topic),
                                     .qos = qos,
                                     .every_ns = every_ns,
                                     .jitter_ns = every_ns / 20,
                                     .until_ns = UINT64_MAX,
                                     .burst = 1};
    assert_null(
        value_compile(&publish->value, &plans->plan.arena, BYTES_LITERAL("counter(1)"), &at));
    plans->groups[plans->plan.group_count - 1].publish_count++;
    return publish;
}

struct plan_subscribe *plans_subscribe(struct plans *plans, const char *filter, uint8_t qos) {
    struct plan_subscribe *subscribe = &plans->subscribe[plans->subscribes++];
    *subscribe = (struct plan_subscribe){.filter = compile(plans, filter), .qos = qos};
    plans->groups[plans->plan.group_count - 1].subscribe_count++;
    return subscribe;
}

struct plan_fault *plans_add_fault(struct plans *plans, enum plan_fault_kind kind, uint64_t at_ns,
                                   uint64_t for_ns) {
    struct plan_fault *fault = &plans->faults[plans->plan.fault_count++];
    *fault = (struct plan_fault){.kind = kind, .at_ns = at_ns, .for_ns = for_ns};
    return fault;
}

struct plan_fault *plans_add_rule(struct plans *plans, const char *rule) {
    struct plan_fault *fault = plans_add_fault(plans, PLAN_RULE, 0, 0);
    struct fault_error error;
    assert_true(fault_parse(bytes_of_text(rule), &fault->rule, &error));
    return fault;
}

static void print_event(const struct verdict_event *event) {
    print_message("    %.6f s %s client %d stream %d number %u qos %u flags %u\n",
                  (double)event->at / 1e9, verdict_event_text((enum verdict_event_kind)event->kind),
                  (int)event->client, (int)event->stream, event->number, event->qos, event->flags);
}

// The first finding of each island.
static void print_findings(const struct plans *plans, const struct sim_world *world) {
    for (uint32_t i = 0; i < sim_world_islands(world); i++) {
        const struct verdict *verdict = sim_world_verdict(world, i);
        if (verdict_finding_count(verdict) > 0) {
            const struct verdict_finding *finding = verdict_finding(verdict, 0);
            print_message("seed %llu, island %u: %s at %.6f s, client %d, stream %d number %u\n",
                          (unsigned long long)plans->plan.seed, i,
                          check_rule_text(finding->rule)->name, (double)finding->at / 1e9,
                          (int)finding->client, (int)finding->stream, finding->number);
            for (uint32_t k = 0; k < finding->event_count; k++) {
                print_event(&finding->events[k]);
            }
        }
    }
}

struct sim_summary plans_run(struct plans *plans) {
    return plans_run_groups(plans, NULL, 0);
}

struct sim_summary plans_run_groups(struct plans *plans, struct sim_tally *tallies,
                                    uint32_t count) {
    plan_check(&plans->plan);
    const char *why;
    struct sim_world *world = sim_world_create(
        &plans->plan, &(struct sim_world_options){.checks = true, .judges = true}, &why);
    assert_null(why);
    sim_world_advance_all(world, plans->plan.stop_ns);
    sim_world_finish(world);
    struct sim_summary summary;
    sim_world_sum_up(world, &summary);
    for (uint32_t i = 0; i < count; i++) {
        sim_world_tally(world, i, &tallies[i]);
    }
    print_findings(plans, world);
    sim_world_destroy(world);
    return summary;
}

struct sim_summary plans_run_well(struct plans *plans) {
    struct sim_summary summary = plans_run(plans);
    for (unsigned i = 0; i < CHECK_RULES; i++) {
        if (summary.verdicts.broken[i] > 0) {
            print_message("seed %llu: %s was broken %llu times\n",
                          (unsigned long long)plans->plan.seed,
                          check_rule_text((enum check_rule)i)->name,
                          (unsigned long long)summary.verdicts.broken[i]);
        }
    }
    assert_int_equal(summary.findings, 0);
    return summary;
}
