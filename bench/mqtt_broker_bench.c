// Our broker's MQTT door beside Debian's mosquitto: what a delivery costs, how long it takes, what
// an idle connection, a subscription and a retained message take in memory.
//
// Each scenario starts a fresh broker on the first core, the program load on the second one, and
// reads load's report. Only what the broker itself used counts: its processor time a million
// deliveries, its latency, its resident memory. Nothing may be lost, repeated or out of order; the
// bench fails if it is. The targets are ratios to mosquitto on the same machine in the same run,
// for memory and retained messages numbers. Without mosquitto ours is measured alone.
//
// `mqtt_broker_bench --self` has mosquitto in both places: how far two runs of the same program lie
// apart. Words that follow choose scenarios by a part of their names.
#include "brokers.h"
#include "support.h"

#include <jansson.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NOT_MEASURED (-1.0)

enum broker { OURS, OURS_ANYWHERE, OURS_IN_THREADS, MOSQUITTO };

// Threads are compared where broker and load may use every core.
static bool is_anywhere(enum broker broker) {
    return broker == OURS_ANYWHERE || broker == OURS_IN_THREADS;
}

// What of a report is compared.
enum figure {
    CPU,        // ours at most mosquitto's divided by the target
    LATENCY,    // p50 and p99 not above mosquitto's
    IDLE,       // bytes a connection, at most the target
    RETAINED,   // bytes a message beside its payload, at most the target
    RETRIEVING, // ms, at most the target
};

struct scenario {
    const char *name;
    enum figure figure;
    double target;
    const char *options; // of load, separated by blanks
};

static const struct scenario scenarios[] = {
    {"QoS 0, 10 to 10", CPU, 9, "--publishers 10 --window 256"},
    {"QoS 1, 10 to 10", CPU, 13, "--publishers 10 --qos 1 --window 256"},
    {"QoS 2, 10 to 10", CPU, 17, "--publishers 10 --qos 2"},
    {"fan-out, 1 to 100", CPU, 20, "--subscribers 100 --window 256"},
    {"fan-in, 100 to 1", CPU, 10, "--publishers 100 --subscribers 1"},
    {"10,000 wildcard filters, 3 matching", CPU, 10,
     "--publishers 10 --subscribers 100 --filters 100"},
    {"QoS 1, 500 to 500, window 4", CPU, 4, "--publishers 500 --qos 1 --window 4"},
    {"20,000 messages/s, 10 to 10", LATENCY, 0, "--publishers 10 --rate 20000"},
    {"10,000 idle connections", IDLE, 1500, "--idle 10000"},
    {"the same with a subscription each", IDLE, 2000, "--idle 10000 --subscribe-each"},
    {"50,000 retained messages", RETAINED, 350, "--retained 50000"},
    {"50,000 retained to a new subscriber", RETRIEVING, 30, "--retained 50000"},
};
#define SCENARIOS (sizeof scenarios / sizeof *scenarios)
#define PAIRS 5 // of runs for latencies, ours and mosquitto's in turn: they change most of all
#define MEASURE " --seconds 3 --warm-up 1 --json"

// What two threads are to reach beside one, in messages a second; 0: there is no target.
static const struct scenario threaded[] = {
    {"2 threads: QoS 0, 10 to 10", CPU, 1.5, "--publishers 10 --window 256"},
    {"2 threads: fan-out, 1 to 100", CPU, 1, "--subscribers 100 --window 256"},
    {"2 threads: 4 KiB, 10 to 10", CPU, 0, "--publishers 10 --window 256 --payload 4096"},
};
#define THREADED (sizeof threaded / sizeof *threaded)

static bool has_mosquitto;
static bool with_itself; // mosquitto in both places

// ---- measuring -------------------------------------------------------------------------------

static pid_t start_broker(enum broker broker, uint16_t port) {
    enum bench_core core = is_anywhere(broker) ? ALL_CORES : FIRST_CORE;
    return broker == MOSQUITTO || with_itself
               ? bench_start_mosquitto(port, core)
               : bench_start_ours(port, core, broker == OURS_IN_THREADS ? "--threads 2" : "");
}

// The report of load, to be given back with json_decref.
static json_t *measure(enum broker broker, const struct scenario *scenario) {
    uint16_t port = bench_free_port();
    pid_t process = start_broker(broker, port);
    char line[400];
    int out[2];
    (void)snprintf(line, sizeof line, "load --port %u --pid %d %s" MEASURE, port, (int)process,
                   scenario->options);
    if (pipe2(out, O_CLOEXEC) != 0) {
        bench_fail("no pipe");
    }
    pid_t load = bench_program_start(line, is_anywhere(broker) ? ALL_CORES : SECOND_CORE, out[1]);
    close(out[1]);
    FILE *from = fdopen(out[0], "r");
    json_t *report = json_loadf(from, 0, NULL);
    (void)fclose(from);
    (void)bench_program_end(load, 0);
    (void)bench_program_end(process, SIGTERM);
    if (report == NULL) {
        bench_fail("load has no report");
    }
    return report;
}

static double number(const json_t *report, const char *name) {
    const json_t *found = json_object_get(report, name);
    return json_is_number(found) ? json_number_value(found) : NOT_MEASURED;
}

static bool is_good(const json_t *report, const char *whose) {
    if (json_is_true(json_object_get(report, "good"))) {
        return true;
    }
    printf("    %s: %.0f failed, %.0f lost, %.0f repeated, %.0f out of order, %.0f strays\n", whose,
           number(report, "failed"), number(report, "lost"), number(report, "repeated"),
           number(report, "disordered"), number(report, "strays"));
    return false;
}

// ---- the table -------------------------------------------------------------------------------

struct row {
    const char *name;
    double ours;
    double theirs;
    const char *unit;
    double most; // what ours may be; NOT_MEASURED: that is not known
    double ours_per_second;
    double theirs_per_second;
};

static void print_head(void) {
    printf("  %-38s %11s %11s %-6s %7s %10s %6s  %s\n", "", "ours", "mosquitto", "", "ratio",
           "at most", "", "messages/s, ours and mosquitto");
}

static void print_row(const struct row *row) {
    printf("  %-38s %11.3f", row->name, row->ours);
    if (row->theirs != NOT_MEASURED) {
        printf(" %11.3f %-6s", row->theirs, row->unit);
        if (row->ours > 0) {
            printf(" 1/%-5.1f", row->theirs / row->ours);
        } else {
            printf(" %7s", "");
        }
    } else {
        printf(" %11s %-6s %7s", "", row->unit, "");
    }
    if (row->most != NOT_MEASURED) {
        printf(" %10.3f %-6s", row->most, row->ours <= row->most ? "met" : "MISSED");
    } else {
        printf(" %10s %6s", "", "");
    }
    if (row->ours_per_second > 0) {
        printf("  %.0f", row->ours_per_second);
    }
    if (row->theirs_per_second > 0) {
        printf(" %.0f", row->theirs_per_second);
    }
    printf("\n");
    (void)fflush(stdout);
}

static void print_one(const struct row *shape, const char *member, double scale,
                      json_t *const reports[2]) {
    struct row row = *shape;
    row.ours = number(reports[0], member) / scale;
    row.theirs = reports[1] != NULL ? number(reports[1], member) / scale : NOT_MEASURED;
    print_row(&row);
}

static void print_cpu(const struct scenario *scenario, json_t *const reports[2]) {
    double theirs =
        reports[1] != NULL ? number(reports[1], "broker_cpu_seconds_per_million") : NOT_MEASURED;
    print_row(&(struct row){
        .name = scenario->name,
        .ours = number(reports[0], "broker_cpu_seconds_per_million"),
        .theirs = theirs,
        .unit = "s",
        .most = reports[1] != NULL ? theirs / scenario->target : NOT_MEASURED,
        .ours_per_second = number(reports[0], "delivered_per_second"),
        .theirs_per_second = reports[1] != NULL ? number(reports[1], "delivered_per_second") : 0});
}

static int compare(const void *first, const void *second) {
    double one = *(const double *)first;
    double other = *(const double *)second;
    return (one > other) - (one < other);
}

// The median of the runs of broker `which`.
static double median_us(json_t *const reports[PAIRS][2], unsigned which, const char *share) {
    double values[PAIRS];
    if (reports[0][which] == NULL) {
        return NOT_MEASURED;
    }
    for (unsigned i = 0; i < PAIRS; i++) {
        values[i] = number(json_object_get(reports[i][which], "latency_ns"), share) / 1e3;
    }
    qsort(values, PAIRS, sizeof *values, compare);
    return values[PAIRS / 2];
}

static void print_latency(const struct scenario *scenario, json_t *const reports[PAIRS][2]) {
    static const char *const shares[] = {"p50", "p90", "p99", "p99.9"};
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        char name[64];
        (void)snprintf(name, sizeof name, "%s, %s", scenario->name, shares[i]);
        double theirs = median_us(reports, 1, shares[i]);
        bool is_target = i % 2 == 0; // the 50th and the 99th percentile
        print_row(&(struct row){.name = name,
                                .ours = median_us(reports, 0, shares[i]),
                                .theirs = theirs,
                                .unit = "us",
                                .most = is_target ? theirs : NOT_MEASURED});
    }
}

static void print_scenario(const struct scenario *scenario, json_t *const all[PAIRS][2]) {
    json_t *const *reports = all[0];
    struct row row = {.name = scenario->name, .unit = "bytes", .most = scenario->target};
    switch (scenario->figure) {
    case CPU:
        print_cpu(scenario, reports);
        break;
    case LATENCY:
        print_latency(scenario, all);
        break;
    case IDLE:
        print_one(&row, "idle_connection_bytes", 1, reports);
        break;
    case RETAINED:
        print_one(&row, "retained_message_bytes", 1, reports);
        break;
    case RETRIEVING:
        row.unit = "ms";
        print_one(&row, "retrieving_ns", 1e6, reports);
        break;
    }
}

static bool run_scenario(const struct scenario *scenario) {
    json_t *reports[PAIRS][2] = {{NULL, NULL}};
    unsigned pairs = scenario->figure == LATENCY ? PAIRS : 1;
    bool good = true;
    for (unsigned i = 0; i < pairs; i++) {
        reports[i][0] = measure(OURS, scenario);
        good &= is_good(reports[i][0], "ours");
        if (has_mosquitto) {
            reports[i][1] = measure(MOSQUITTO, scenario);
            (void)is_good(reports[i][1], "mosquitto"); // which is not ours to fail for
        }
    }
    print_scenario(scenario, reports);
    for (unsigned i = 0; i < pairs; i++) {
        json_decref(reports[i][0]);
        json_decref(reports[i][1]);
    }
    return good;
}

static bool run_threaded(const struct scenario *scenario) {
    json_t *one = measure(OURS_ANYWHERE, scenario);
    json_t *two = measure(OURS_IN_THREADS, scenario);
    double before = number(one, "delivered_per_second");
    bench_print(&(struct bench_row){.what = scenario->name,
                                    .figure = number(two, "delivered_per_second"),
                                    .unit = "messages/s",
                                    .target = before * scenario->target,
                                    .at_least = 1,
                                    .baseline = before,
                                    .baseline_name = "one thread"});
    bool good = is_good(one, "one thread") & is_good(two, "two threads");
    json_decref(one);
    json_decref(two);
    return good;
}

// Whether the scenario is among those that were chosen, if any were.
static bool is_chosen(const struct scenario *scenario, char *const *words) {
    bool chosen = words[0] == NULL;
    for (; *words != NULL; words++) {
        chosen |= strstr(scenario->name, *words) != NULL;
    }
    return chosen;
}

int main(int argc, char **argv) {
    (void)argc;
    char **words = argv + 1;
    bool good = true;
    with_itself = words[0] != NULL && strcmp(words[0], "--self") == 0;
    words += with_itself;
    bench_brokers_init("mqtt broker");
    has_mosquitto = bench_has_mosquitto();
    bench_title(has_mosquitto ? "MQTT broker: processor time a million deliveries, latency, memory"
                              : "MQTT broker, without mosquitto, which is not installed");
    print_head();
    for (size_t i = 0; i < SCENARIOS; i++) {
        good &= !is_chosen(&scenarios[i], words) || run_scenario(&scenarios[i]);
    }
    for (size_t i = 0; i < THREADED; i++) {
        good &= with_itself || !is_chosen(&threaded[i], words) || run_threaded(&threaded[i]);
    }
    bench_brokers_deinit();
    return good ? 0 : 1;
}
