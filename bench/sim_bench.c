// How fast the simulator runs, and how much it keeps: workload W. N clients, networks of 100
// clients and one broker; each publishes 32 bytes every 9.5 to 10.5 s, and the broker passes them
// on to one subscriber of the same network; latency 8 to 12 ms; 60 simulated seconds, with real
// roles, statistics and the ledger of verdicts. One W-event is a publish, an arrival at the broker,
// a delivery, or the arrival of an acknowledgement.
//
// Each size runs in a process of its own, so that what it holds is its own. Beside it stands the
// bare loop: as many timers as clients, which do nothing but set themselves anew.
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "mqtt/type.h"
#include "sim/schedule.h"
#include "sim/world.h"

#define MS UINT64_C(1000000)
#define SECOND UINT64_C(1000000000)
#define WARM_UP (20 * SECOND)
#define MEASURED (60 * SECOND)
#define MEASURED_CLIENTS 100000u // fewer are measured for longer, so that there are as many events
#define NETWORK_CLIENTS 100u
#define KEEP_ALIVE_S 60u    // of clients of MQTT; likewise a line broker pings its clients
#define ROUND (60 * SECOND) // islands are independent: each is run on for so long at a time

enum kind { LINES, QOS_0, QOS_1, KINDS };

static const char *const kind_names[KINDS] = {"lines, classic", "MQTT, QoS 0", "MQTT, QoS 1"};

struct size {
    uint32_t clients;
    double targets[KINDS]; // million W-events a second
    double bytes[KINDS];   // a client; 0: none
};

static const struct size sizes[] = {
    {1000, {7, 8, 8}, {0}},
    {100000, {4, 4.5, 4.5}, {0}},
    {1000000, {2.5, 3, 3}, {1000, 1300, 1300}},
};

struct outcome {
    double rate;
    double bytes;
    double ceiling;
};

static struct pattern compile(struct plan *plan, const char *text) {
    struct pattern pattern;
    size_t at;
    const char *why = pattern_compile(&pattern, &plan->arena, bytes_of_text(text), UINT32_MAX, &at);
    if (why != NULL) {
        printf("%s: %s\n", text, why);
        exit(1);
    }
    return pattern;
}

static void lay_out(struct plan *plan, uint32_t brokers, enum kind kind) {
    struct plan_link *link = arena_take(&plan->arena, sizeof *link);
    *link = (struct plan_link){.name = BYTES_LITERAL("link"),
                               .delay_ns = 10 * MS,
                               .jitter_ns = 2 * MS,
                               .loss = {.to_good = PLAN_MILLION}};
    plan->links = link;
    plan->link_count = 1;
    plan->networks = arena_take(&plan->arena, brokers * sizeof *plan->networks);
    plan->brokers = arena_take(&plan->arena, brokers * sizeof *plan->brokers);
    plan->network_count = plan->broker_count = brokers;
    for (uint32_t i = 0; i < brokers; i++) {
        plan->networks[i].name = BYTES_LITERAL("network");
        plan->brokers[i] =
            (struct plan_broker){.name = BYTES_LITERAL("broker"),
                                 .network = i,
                                 .link = PLAN_NONE,
                                 .ping_ns = KEEP_ALIVE_S * SECOND,
                                 .doors = kind == LINES ? PLAN_DOOR_LINE : PLAN_DOOR_MQTT};
    }
}

static void add_clients(struct plan *plan, uint32_t clients, enum kind kind) {
    struct plan_group *group = arena_take(&plan->arena, sizeof *group);
    struct plan_publish *publish = arena_take(&plan->arena, sizeof *publish);
    struct plan_subscribe *subscribe = arena_take(&plan->arena, sizeof *subscribe);
    uint32_t *brokers = arena_take(&plan->arena, plan->broker_count * sizeof *brokers);
    for (uint32_t i = 0; i < plan->broker_count; i++) {
        brokers[i] = i;
    }
    uint8_t qos = kind == QOS_1 ? 1 : 0;
    *publish = (struct plan_publish){.topic = compile(plan, "t/{i}"),
                                     .qos = qos,
                                     .every_ns = 10 * SECOND,
                                     .jitter_ns = 500 * MS,
                                     .until_ns = UINT64_MAX,
                                     .burst = 1,
                                     .size = 32};
    *subscribe = (struct plan_subscribe){.filter = compile(plan, "t/{i}"), .qos = qos};
    *group = (struct plan_group){
        .label = BYTES_LITERAL("client"),
        .name = compile(plan, "c{i}"),
        .count = clients,
        .first = 1,
        .speaks = kind == LINES ? PLAN_LINE_CLASSIC : PLAN_MQTT_3_1_1,
        .link = PLAN_NONE,
        .network_in_row = 1,
        .brokers = brokers,
        .broker_count = plan->broker_count,
        .broker_in_row = NETWORK_CLIENTS,
        .publish = publish,
        .publish_count = 1,
        .subscribe = subscribe,
        .subscribe_count = 1,
        .connect = {.within_ns = 5 * SECOND, .keep_alive_s = KEEP_ALIVE_S, .clean_start = true}};
    plan->groups = group;
    plan->group_count = 1;
    plan->device_count = clients;
}

static uint64_t w_events(const struct sim_world *world) {
    struct sim_summary summary;
    sim_world_sum_up(world, &summary);
    const struct sim_counts *counts = &summary.counts;
    uint64_t acknowledgements = counts->packets[MQTT_PUBACK][FAULT_TO_BROKER] +
                                counts->packets[MQTT_PUBACK][FAULT_TO_CLIENT];
    return counts->published[0] + counts->published[1] + summary.verdicts.taken +
           counts->delivered[0] + counts->delivered[1] + acknowledgements;
}

static void advance(struct sim_world *world, uint64_t from, uint64_t until) {
    for (uint64_t now = from; now < until;) {
        now = until - now > ROUND ? now + ROUND : until;
        for (uint32_t i = 0; i < sim_world_islands(world); i++) {
            sim_world_advance(world, i, now);
        }
    }
}

// Processor time of this process: what else the machine does is no matter of the simulator's.
static uint64_t cpu_now(void) {
    struct timespec time;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (uint64_t)time.tv_sec * SECOND + (uint64_t)time.tv_nsec;
}

static double bare_loop(uint32_t clients) {
    struct memory memory;
    memory_init(&memory);
    struct sim_schedule schedule;
    sim_schedule_init(&schedule, &memory, clients);
    for (uint32_t i = 0; i < clients; i++) {
        struct sim_event event = {.time = 1 + (uint64_t)i * (10 * SECOND / clients),
                                  .order = sim_event_order(i, 1)};
        sim_schedule_add(&schedule, &event);
    }
    uint64_t turns = 5000000;
    uint64_t began = cpu_now();
    for (uint64_t i = 0; i < turns; i++) {
        struct sim_event event;
        (void)sim_schedule_take(&schedule, SIM_NEVER, &event);
        event.time += 95 * SECOND / 10 + (event.time * 2654435761u) % SECOND;
        event.order++;
        sim_schedule_add(&schedule, &event);
    }
    double seconds = (double)(cpu_now() - began) / 1e9;
    sim_schedule_deinit(&schedule);
    return (double)turns / 1e6 / seconds;
}

static uint64_t span_of(uint32_t clients) {
    return clients >= MEASURED_CLIENTS ? MEASURED : MEASURED * (MEASURED_CLIENTS / clients);
}

static struct outcome measure(uint32_t clients, enum kind kind) {
    struct outcome outcome = {.ceiling = bare_loop(clients)};
    double before = bench_resident_bytes();
    struct memory memory;
    memory_init(&memory);
    struct plan plan;
    plan_init(&plan, &memory);
    plan.seed = 1;
    plan.stop_ns = WARM_UP + span_of(clients);
    lay_out(&plan, clients / NETWORK_CLIENTS, kind);
    add_clients(&plan, clients, kind);
    const char *why;
    struct sim_world *world = sim_world_create(&plan, &(struct sim_world_options){0}, &why);
    if (world == NULL) {
        printf("%s\n", why);
        exit(1);
    }
    advance(world, 0, WARM_UP);
    uint64_t events = w_events(world);
    uint64_t began = cpu_now();
    advance(world, WARM_UP, plan.stop_ns);
    double seconds = (double)(cpu_now() - began) / 1e9;
    outcome.rate = (double)(w_events(world) - events) / 1e6 / seconds;
    outcome.bytes = (bench_resident_bytes() - before) / clients;
    struct sim_summary summary;
    sim_world_sum_up(world, &summary);
    if (summary.findings > 0 || summary.counts.connected != clients) {
        printf("this should not happen: %u findings, %llu connected\n", summary.findings,
               (unsigned long long)summary.counts.connected);
    }
    return outcome;
}

// In a process of its own.
static struct outcome measure_apart(uint32_t clients, enum kind kind) {
    int ends[2];
    struct outcome outcome = {0};
    (void)fflush(stdout);
    if (pipe(ends) != 0) {
        exit(1);
    }
    pid_t child = fork();
    if (child == 0) {
        outcome = measure(clients, kind);
        _exit(write(ends[1], &outcome, sizeof outcome) == (ssize_t)sizeof outcome ? 0 : 1);
    }
    close(ends[1]);
    int status = 0;
    bool is_whole = read(ends[0], &outcome, sizeof outcome) == (ssize_t)sizeof outcome;
    close(ends[0]);
    (void)waitpid(child, &status, 0);
    if (!is_whole || status != 0) {
        exit(1);
    }
    return outcome;
}

static void print(const struct size *size, enum kind kind) {
    struct outcome outcome = measure_apart(size->clients, kind);
    char what[80];
    (void)snprintf(what, sizeof what, "W, %s, %u clients", kind_names[kind], size->clients);
    bench_print(&(struct bench_row){.what = what,
                                    .figure = outcome.rate,
                                    .unit = "million/s",
                                    .target = size->targets[kind],
                                    .at_least = 1,
                                    .baseline = outcome.ceiling,
                                    .baseline_name = "bare loop"});
    if (size->bytes[kind] > 0) {
        (void)snprintf(what, sizeof what, "resident for each of %u, %s", size->clients,
                       kind_names[kind]);
        bench_print(&(struct bench_row){
            .what = what, .figure = outcome.bytes, .unit = "bytes", .target = size->bytes[kind]});
    }
}

int main(int argc, char **argv) {
    uint64_t most = argc > 1 ? strtoull(argv[1], NULL, 10) : UINT64_MAX;  // clients
    unsigned first = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 0; // kind
    bench_run_on(BENCH_ONE_CORE);
    bench_title("The simulator: workload W, on one core");
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes && sizes[i].clients <= most; i++) {
        for (unsigned kind = first; kind < KINDS; kind++) {
            print(&sizes[i], (enum kind)kind);
        }
    }
    return 0;
}
