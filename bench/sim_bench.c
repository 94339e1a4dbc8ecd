// How fast the simulator runs, and how much it keeps: workload W. N clients, networks of 100
// clients and one broker; each publishes 32 bytes every 9.5 to 10.5 s, and the broker passes them
// on to one subscriber of the same network; latency 8 to 12 ms; 60 simulated seconds, with real
// roles, statistics and the ledger of verdicts. One W-event is a publish, an arrival at the broker,
// a delivery, or the arrival of an acknowledgement.
//
// Each size runs in a process of its own, so that what it holds is its own. Beside it stands the
// bare loop: as many timers as clients, which do nothing but set themselves anew. SimPy runs the
// times of W alone (bench/w_in_simpy), where it is installed.
//
// W on two threads is measured by the clock, against one thread of the same run. Joined networks
// have a tenth of their subscriptions at the broker of the next network, through routers and the
// master; they are run in windows, and their lines are counted.
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "mqtt/type.h"
#include "session/simulate/simulate_threads.h"
#include "sim/schedule.h"
#include "sim/world.h"

#define MS UINT64_C(1000000)
#define SECOND UINT64_C(1000000000)
#define WARM_UP (20 * SECOND)
#define MEASURED (60 * SECOND)
#define MEASURED_CLIENTS 100000u // fewer are measured for longer, so that there are as many events
#define NETWORK_CLIENTS 100u
#define JOINED_CLIENTS 10000u // with 100,000 it takes many minutes on a busy machine
#define KEEP_ALIVE_S 60u      // of clients of MQTT; likewise a line broker pings its clients
#define ROUND (60 * SECOND)   // islands are independent: each is run on for so long at a time

#define ALL_KINDS UINT32_MAX

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

// What is run in a process of its own.
struct task {
    uint32_t clients;
    enum kind kind;
    unsigned threads; // 0: this one alone, and its processor time counts
    bool is_joined;
};

struct outcome {
    double rate; // W-events, or lines of joined networks, million a second
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

// Clients of W, by what they do: they publish and subscribe at the broker of their own network, as
// many in a row as `in_row` says; or one of both, and those who subscribe do so at the next one.
struct part {
    const char *topic;
    uint32_t count;
    uint32_t in_row;
    bool publishes;
    bool subscribes;
    bool is_remote;
};

static void add_group(struct plan *plan, struct plan_group *group, enum kind kind,
                      const struct part *part) {
    uint32_t count = plan->broker_count;
    uint32_t *brokers = arena_take(&plan->arena, count * sizeof *brokers);
    uint32_t *networks = arena_take(&plan->arena, count * sizeof *networks);
    for (uint32_t i = 0; i < count; i++) {
        networks[i] = i;
        brokers[i] = part->is_remote ? (i + 1) % count : i;
    }
    uint8_t qos = kind == QOS_1 ? 1 : 0;
    struct plan_publish *publish = arena_take(&plan->arena, sizeof *publish);
    struct plan_subscribe *subscribe = arena_take(&plan->arena, sizeof *subscribe);
    *publish = (struct plan_publish){.topic = compile(plan, part->topic),
                                     .qos = qos,
                                     .every_ns = 10 * SECOND,
                                     .jitter_ns = 500 * MS,
                                     .until_ns = UINT64_MAX,
                                     .burst = 1,
                                     .size = 32};
    *subscribe = (struct plan_subscribe){.filter = compile(plan, part->topic), .qos = qos};
    *group = (struct plan_group){
        .label = BYTES_LITERAL("client"),
        .name = compile(plan, part->is_remote    ? "r{i}"
                              : part->subscribes ? "c{i}"
                                                 : "p{i}"),
        .count = part->count,
        .first = 1,
        .speaks = kind == LINES ? PLAN_LINE_CLASSIC : PLAN_MQTT_3_1_1,
        .link = PLAN_NONE,
        .networks = networks,
        .network_count = part->is_remote ? count : 0,
        .network_in_row = part->in_row,
        .brokers = brokers,
        .broker_count = count,
        .broker_in_row = part->in_row,
        .publish = publish,
        .publish_count = part->publishes,
        .subscribe = subscribe,
        .subscribe_count = part->subscribes,
        .connect = {.within_ns = 5 * SECOND, .keep_alive_s = KEEP_ALIVE_S, .clean_start = true}};
    plan->device_count += part->count;
}

static void add_clients(struct plan *plan, uint32_t clients, enum kind kind) {
    plan->groups = arena_take(&plan->arena, sizeof *plan->groups);
    plan->group_count = 1;
    add_group(plan, &plan->groups[0], kind,
              &(struct part){"t/{i}", clients, NETWORK_CLIENTS, true, true, false});
}

// Of ten publishers one has its reader in the network before.
static void add_joined_clients(struct plan *plan, uint32_t clients) {
    const struct part parts[] = {
        {"t/{i}", clients / 10 * 9, NETWORK_CLIENTS / 10 * 9, true, true, false},
        {"far/{i}", clients / 10, NETWORK_CLIENTS / 10, true, false, false},
        {"far/{i}", clients / 10, NETWORK_CLIENTS / 10, false, true, true},
    };
    plan->group_count = sizeof parts / sizeof *parts;
    plan->groups = arena_take(&plan->arena, plan->group_count * sizeof *plan->groups);
    for (uint32_t i = 0; i < plan->group_count; i++) {
        add_group(plan, &plan->groups[i], LINES, &parts[i]);
    }
}

// Every network has a router to the master.
static void join_networks(struct plan *plan) {
    plan->router_count = plan->network_count;
    plan->routers = arena_take(&plan->arena, plan->router_count * sizeof *plan->routers);
    for (uint32_t i = 0; i < plan->router_count; i++) {
        plan->routers[i] = (struct plan_router){
            .name = BYTES_LITERAL("router"), .network = i, .gate = i + 1, .uplink = 0};
    }
    plan->master = (struct plan_master){.exists = true,
                                        .mailbox_packets = 100000,
                                        .mailbox_bytes = UINT64_C(64) << 20,
                                        .silence_ns = 60 * SECOND};
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

static uint64_t packets(const struct sim_world *world) {
    struct sim_summary summary;
    uint64_t sum = 0;
    sim_world_sum_up(world, &summary);
    for (unsigned kind = 0; kind < FAULT_KINDS; kind++) {
        sum += summary.counts.packets[kind][0] + summary.counts.packets[kind][1];
    }
    return sum;
}

static void advance(struct sim_world *world, uint64_t from, uint64_t until) {
    for (uint64_t now = from; now < until;) {
        now = until - now > ROUND ? now + ROUND : until;
        sim_world_advance_all(world, now);
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

// How many seconds it takes.
static double go_on(struct sim_world *world, const struct task *task, uint64_t until) {
    if (task->threads == 0) {
        uint64_t began = cpu_now();
        advance(world, WARM_UP, until);
        return (double)(cpu_now() - began) / 1e9;
    }
    struct simulate_threads *threads = simulate_threads_create(world, task->threads);
    uint64_t began = bench_now();
    simulate_threads_advance(threads, until);
    double seconds = (double)(bench_now() - began) / 1e9;
    simulate_threads_destroy(threads);
    return seconds;
}

static void make_plan(struct plan *plan, struct memory *memory, const struct task *task) {
    memory_init(memory);
    plan_init(plan, memory);
    plan->seed = 1;
    plan->stop_ns = WARM_UP + span_of(task->clients);
    lay_out(plan, task->clients / NETWORK_CLIENTS, task->kind);
    if (task->is_joined) {
        join_networks(plan);
        add_joined_clients(plan, task->clients);
    } else {
        add_clients(plan, task->clients, task->kind);
    }
}

static struct outcome measure(const struct task *task) {
    struct outcome outcome = {.ceiling = bare_loop(task->clients)};
    double before = bench_resident_bytes();
    struct memory memory;
    struct plan plan;
    make_plan(&plan, &memory, task);
    const char *why;
    struct sim_world *world = sim_world_create(&plan, &(struct sim_world_options){0}, &why);
    if (world == NULL) {
        printf("%s\n", why);
        exit(1);
    }
    advance(world, 0, WARM_UP);
    uint64_t (*count)(const struct sim_world *) = task->is_joined ? packets : w_events;
    uint64_t events = count(world);
    double seconds = go_on(world, task, plan.stop_ns);
    outcome.rate = (double)(count(world) - events) / 1e6 / seconds;
    outcome.bytes = (bench_resident_bytes() - before) / task->clients;
    struct sim_summary summary;
    sim_world_sum_up(world, &summary);
    if (summary.findings > 0 || summary.counts.connected != plan.device_count) {
        printf("this should not happen: %u findings, %llu connected\n", summary.findings,
               (unsigned long long)summary.counts.connected);
    }
    return outcome;
}

// In a process of its own.
static struct outcome measure_apart(const struct task *task) {
    int ends[2];
    struct outcome outcome = {0};
    (void)fflush(stdout);
    if (pipe(ends) != 0) {
        exit(1);
    }
    pid_t child = fork();
    if (child == 0) {
        outcome = measure(task);
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
    struct outcome outcome = measure_apart(&(struct task){.clients = size->clients, .kind = kind});
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

static void print_joined(uint32_t clients) {
    struct outcome outcome =
        measure_apart(&(struct task){.clients = clients, .kind = LINES, .is_joined = true});
    char what[80];
    (void)snprintf(what, sizeof what, "joined networks, %u clients: lines", clients);
    bench_print(&(struct bench_row){
        .what = what, .figure = outcome.rate, .unit = "million/s", .target = 2, .at_least = 1});
}

// By the clock: it says little where others use the cores.
static void print_two_cores(const struct task *of, const char *what) {
    struct task task = *of;
    bench_run_on(BENCH_ANYWHERE);
    task.threads = 1;
    struct outcome one = measure_apart(&task);
    task.threads = 2;
    struct outcome two = measure_apart(&task);
    bench_print(&(struct bench_row){.what = what,
                                    .figure = two.rate,
                                    .unit = "million/s",
                                    .target = 1.6 * one.rate,
                                    .at_least = 1,
                                    .baseline = one.rate,
                                    .baseline_name = "one thread"});
    bench_run_on(BENCH_ONE_CORE);
}

static void print_simpy(void) {
    char said[64] = "";
    // The interpreter that Debian's packages are for.
    FILE *answer = popen("/usr/bin/python3 bench/w_in_simpy 1000 2>/dev/null", "re");
    bool is_said = answer != NULL && fgets(said, sizeof said, answer) != NULL;
    if (answer != NULL) {
        (void)pclose(answer);
    }
    if (is_said) {
        bench_print(&(struct bench_row){.what = "SimPy, the times of W, 1000 clients",
                                        .figure = strtod(said, NULL) / 1e6,
                                        .unit = "million/s"});
    }
}

// sim_bench [CLIENTS [KIND]]: only up to so many clients; only those, and that kind, where KIND is
// 0 to 2, or 3 for joined networks.
int main(int argc, char **argv) {
    uint64_t most = argc > 1 ? strtoull(argv[1], NULL, 10) : UINT64_MAX;
    unsigned only = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : ALL_KINDS;
    bench_run_on(BENCH_ONE_CORE);
    bench_title("The simulator: workload W, on one core");
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes && sizes[i].clients <= most; i++) {
        for (unsigned kind = 0; kind < KINDS; kind++) {
            if (only == ALL_KINDS || (only == kind && sizes[i].clients == most)) {
                print(&sizes[i], (enum kind)kind);
            }
        }
    }
    if (only == KINDS) {
        print_joined((uint32_t)most);
        print_two_cores(&(struct task){.clients = (uint32_t)most, .kind = LINES, .is_joined = true},
                        "joined networks, two threads");
    }
    if (only != ALL_KINDS) {
        return 0;
    }
    print_simpy();
    if (most >= MEASURED_CLIENTS) {
        print_joined(JOINED_CLIENTS);
        print_two_cores(&(struct task){.clients = MEASURED_CLIENTS, .kind = QOS_0},
                        "W, MQTT, QoS 0, two threads");
        print_two_cores(&(struct task){.clients = JOINED_CLIENTS, .kind = LINES, .is_joined = true},
                        "joined networks, two threads");
    }
    return 0;
}
