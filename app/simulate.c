// The program simulate: its options and their way into the simulate session.
#include "session/line/common_options.h"
#include "session/simulate/simulate_explain.h"
#include "session/simulate/simulate_session.h"
#include "session/simulate/simulate_threads.h"
#include "shell/printable.h"

struct options {
    const char *seed;
    const char *explain;
    const char *html;
    const char *csv;
    const char *trace;
    uint64_t stop;
    uint64_t threads;
    uint64_t seeds;
    bool json;
    bool quiet;
    bool checks;
    bool storm;
};

static const struct option_row rows[] = {
    {.name = "seed",
     .letter = 's',
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, seed),
     .argument = "N",
     .min = 1,
     .max = 20,
     .help = "The seed of all random numbers, in place of the scenario's."},
    {.name = "stop",
     .type = OPTION_DURATION,
     .offset = offsetof(struct options, stop),
     .argument = "SECONDS",
     .min = 0.001,
     .max = 315360000,
     .help = "End after so much virtual time. Without it, when the scenario ends."},
    {.name = "seeds",
     .type = OPTION_NUMBER,
     .offset = offsetof(struct options, seeds),
     .argument = "N",
     .min = 1,
     .max = 1e9,
     .help = "Run N seeds, one after the other, from the given one or the scenario's on, until one "
             "breaks a rule or an expectation. That one is reported."},
    {.name = "threads",
     .type = OPTION_NUMBER,
     .offset = offsetof(struct options, threads),
     .argument = "N",
     .preset = "1",
     .min = 1,
     .max = SIMULATE_THREADS_MAX,
     .help = "Threads that parts of the world are divided among, which exchange nothing. The "
             "result is the same."},
    {.name = "html",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, html),
     .argument = "FILE",
     .min = 1,
     .help = "Write the report as a page for a browser: charts over time with the faults behind "
             "them, topology, expectations. It needs no network."},
    {.name = "csv",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, csv),
     .argument = "FILE",
     .min = 1,
     .help = "Write what happened over time as comma-separated values, in 600 lines."},
    {.name = "trace",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, trace),
     .argument = "DIR",
     .min = 1,
     .help = "Write every line and every packet into a folder that is empty or not there: "
             "NETWORK.network for lines, BROKER.pcapng for MQTT, which watch explains and "
             "Wireshark opens. It grows with simulated time."},
    {.name = "explain",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, explain),
     .argument = "KEY",
     .min = 1,
     .help = "Say what may stand behind a key of a scenario, and exit: devices.publish.every, "
             "faults.do, expect; all: the tables of docs/scenario.md; schema: the JSON Schema."},
    {.name = "json",
     .letter = 'j',
     .type = OPTION_FLAG,
     .offset = offsetof(struct options, json),
     .help = "Print the summary as one JSON object."},
    {.name = "quiet",
     .letter = 'q',
     .type = OPTION_FLAG,
     .offset = offsetof(struct options, quiet),
     .help = "Show no progress."},
    {.name = "storm",
     .type = OPTION_FLAG,
     .offset = offsetof(struct options, storm),
     .help = "Add faults that are drawn for the seed: cuts at any place of an exchange, a broker "
             "that loses all it knows. No rule may be broken in any storm."},
    {.name = "checks",
     .type = OPTION_FLAG,
     .offset = offsetof(struct options, checks),
     .help = "Check the inner order of each role after each of its events. It is slow."},
};

static const struct option_section sections[] = {
    {"Description",
     "Runs a scenario in virtual time: networks, brokers and devices, links with delay and loss, "
     "faults at their times. The roles are those of the other programs. Every message is followed "
     "from its publisher to each subscriber, and held against what MQTT promises.\n\n"
     "SCENARIO is a YAML file; docs/scenario.md says what may stand in it. The same file and seed "
     "give the same run to the last event, on every machine and on any number of threads; the "
     "fingerprint at the end says so.\n\n"
     "A signal (Ctrl-C) ends a run early, with a report of what there is."},
    {"Exit status", "  0  everything that the scenario expects holds, and no rule was broken\n"
                    "  1  something does not, or one was\n"
                    "  2  an option is wrong\n"
                    "  3  the scenario cannot be read, or has mistakes"},
    {"Examples", "  simulate scenarios/two-towns.yaml\n"
                 "  simulate scenarios/two-towns.yaml --seed 7 --json | jq .copies.lost\n"
                 "  simulate scenarios/qos2-under-cuts.yaml --seeds 100\n"
                 "  simulate --explain devices.connect.back-off\n"
                 "  simulate scenarios/smart-factory.yaml --html report.html\n"
                 "  simulate scenarios/two-towns.yaml --stop 60 --trace seen; "
                 "watch --once --ladder seen/*\n"
                 "  simulate scenarios/city-of-a-million-meters.yaml --stop 600 --threads 2"},
};

static const struct program program = {
    .name = "simulate",
    .summary = "run a scenario of brokers and devices in virtual time",
    .synopsis = "[OPTION]... SCENARIO",
    .options = rows,
    .option_count = sizeof rows / sizeof *rows,
    .sections = sections,
    .section_count = sizeof sections / sizeof *sections,
};

// False: it is no number of 64 bits.
static bool read_seed(const char *text, uint64_t *seed) {
    *seed = 0;
    for (const char *at = text; *at != 0; at++) {
        uint64_t digit = (uint64_t)(*at - '0');
        if (*at < '0' || *at > '9' || *seed > (UINT64_MAX - digit) / 10) {
            return false;
        }
        *seed = *seed * 10 + digit;
    }
    return true;
}

int main(int argc, char **argv) {
    struct options options = {0};
    struct common_start start = {.takes_operands = true};
    if (!common_parse_operands(&program, argc, argv, &options, &start)) {
        return start.exit_code;
    }
    if (options.explain != NULL) {
        return simulate_explain(options.explain);
    }
    uint64_t seed = 0;
    if (options.seed != NULL && !read_seed(options.seed, &seed)) {
        printable_complain("simulate: --seed %s: must be a number from 0 to %llu\n", options.seed,
                           (unsigned long long)UINT64_MAX);
        return PROGRAM_USAGE;
    }
    if (options.trace != NULL && options.seeds > 0) {
        printable_complain("simulate: --trace is of one run; give it with --seed, not --seeds\n");
        return PROGRAM_USAGE;
    }
    if (argc - start.first_operand != 1) {
        printable_complain("simulate: give one SCENARIO; see simulate --help\n");
        return PROGRAM_USAGE;
    }
    return simulate_session_run(&(struct simulate_options){.file = argv[start.first_operand],
                                                           .has_seed = options.seed != NULL,
                                                           .seed = seed,
                                                           .stop = options.stop,
                                                           .threads = options.threads,
                                                           .seeds = options.seeds,
                                                           .html = options.html,
                                                           .csv = options.csv,
                                                           .trace = options.trace,
                                                           .json = options.json,
                                                           .quiet = options.quiet,
                                                           .checks = options.checks,
                                                           .storm = options.storm});
}
