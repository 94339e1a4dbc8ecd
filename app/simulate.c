// The program simulate: its options and their way into the simulate session.
#include "session/line/common_options.h"
#include "session/simulate/search/simulate_check.h"
#include "session/simulate/simulate_explain.h"
#include "session/simulate/simulate_join.h"
#include "session/simulate/simulate_session.h"
#include "session/simulate/simulate_threads.h"
#include "shell/printable.h"

struct options {
    const char *seed;
    const char *explain;
    const char *html;
    const char *csv;
    const char *trace;
    const char *web;
    const char *open;
    const char *until;
    const char *pace;
    struct run_options run;
    uint64_t stop;
    uint64_t threads;
    uint64_t devices;
    uint64_t tries;
    const char *seeds;
    const char *output;
    bool json;
    bool quiet;
    bool checks;
    bool storm;
    bool check;
    bool minimise;
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
     .help = "End after so much virtual time. Without it, when the scenario ends. The calm of a "
             "shorter run is a quarter of it at most."},
    {.name = "seeds",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, seeds),
     .argument = "N|A..B",
     .min = 1,
     .max = 50,
     .help = "Run the seeds from A to B, or N from the given one or the scenario's on, on all "
             "processors, until one breaks a rule or an expectation. The lowest such one is "
             "reported."},
    {.name = "check",
     .type = OPTION_FLAG,
     .offset = offsetof(struct options, check),
     .help = "Try the seeds, or 100 of them, each in a storm of faults that are drawn for it, and "
             "show what led to the first rule that is broken. Expectations do not count."},
    {.name = "minimise",
     .type = OPTION_FLAG,
     .offset = offsetof(struct options, minimise),
     .help = "Make the scenario small, with the seed and, if that is needed, its storm, to what "
             "breaks the same rule or expectation, and write it."},
    {.name = "output",
     .letter = 'o',
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, output),
     .argument = "FILE",
     .min = 1,
     .help = "Write the scenario of --minimise to a file."},
    {.name = "tries",
     .type = OPTION_NUMBER,
     .offset = offsetof(struct options, tries),
     .argument = "N",
     .preset = "5000",
     .min = 1,
     .max = 1e9,
     .help = "Runs that --minimise may take."},
    {.name = "devices",
     .type = OPTION_NUMBER,
     .offset = offsetof(struct options, devices),
     .argument = "N",
     .min = 1,
     .max = 1e7,
     .help = "At most so many devices: groups become smaller in proportion. Without it 1,000 with "
             "--check and --minimise, else all."},
    {.name = "threads",
     .type = OPTION_NUMBER,
     .offset = offsetof(struct options, threads),
     .argument = "N",
     .min = 1,
     .max = SIMULATE_THREADS_MAX,
     .help = "Threads: parts of the world, which exchange nothing, or seeds are divided among "
             "them. The result is the same. Without it one, and for seeds as many as there are "
             "processors."},
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
    {.name = "web",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, web),
     .argument = "[HOST:]PORT",
     .min = 1,
     .help = "With --trace: serve a page that shows the trace as it is written, by the program "
             "watch, and stays after the run until a signal comes. Live with --open, as fast as "
             "--pace says. Port 0 takes any that is free, and the link is printed. docs/web.md "
             "tells what is in it."},
    {.name = "open",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, open),
     .argument = "[NAME:]PORT",
     .min = 1,
     .group = "Joining in",
     .help = "From --until on, or from the start, go on in real time, with the only broker, or "
             "that of the name, at a port of this machine that clients of MQTT can use; 0: any "
             "free one. Commands can be typed: pause, step, run, rule."},
    {.name = "until",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, until),
     .argument = "TIME",
     .min = 1,
     .group = "Joining in",
     .help = "With --open: run up to there as fast as can be, as in 03:00, 00:10:00 or '90 s'."},
    {.name = "pace",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, pace),
     .argument = "N",
     .preset = "1",
     .min = 1,
     .group = "Joining in",
     .help = "With --open: go on N times as fast as real time."},
    {.name = "run",
     .letter = 'r',
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, run.commands),
     .argument = "COMMANDS",
     .group = "Joining in",
     .help = "With --open: commands to begin with, separated by semicolons. Standard input is then "
             "read only if it is a terminal."},
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

#define DESCRIPTION                                                                                \
    "Runs a scenario in virtual time: networks, brokers and devices, links with delay and loss, "  \
    "faults at their times. The roles are those of the other programs. Every message is followed " \
    "from its publisher to each subscriber, and held against what MQTT promises.\n\n"              \
    "SCENARIO is a YAML file; docs/scenario.md says what may stand in it. The same file and seed " \
    "give the same run to the last event, on every machine and on any number of threads; the "     \
    "fingerprint at the end says so. Processes that mpirun starts share the run, or the seeds of " \
    "a "                                                                                           \
    "search, and print what one would.\n\n"                                                        \
    "With --open a simulated broker stands at a port of this machine, so that clients can look "   \
    "around in the middle of a run.\n\n"                                                           \
    "A signal (Ctrl-C) ends a run early, with a report of what there is."
#define EXIT_STATUS                                                             \
    "  0  everything that the scenario expects holds, and no rule was broken\n" \
    "  1  something does not, one was, or a command failed\n"                   \
    "  2  an option is wrong\n"                                                 \
    "  3  the scenario cannot be read, or has mistakes, or a file or port cannot be used"
#define EXAMPLES                                                                                 \
    "  simulate scenarios/two-towns.yaml\n"                                                      \
    "  simulate scenarios/two-towns.yaml --seed 7 --json | jq .copies.lost\n"                    \
    "  simulate scenarios/qos2-under-cuts.yaml --check --seeds 1..1000\n"                        \
    "  simulate scenarios/qos2-under-cuts.yaml --minimise --seed 17 -o small.yaml\n"             \
    "  simulate --explain devices.connect.back-off\n"                                            \
    "  simulate scenarios/smart-factory.yaml --html report.html\n"                               \
    "  simulate scenarios/two-towns.yaml --stop 60 --trace seen; watch --once --ladder seen/*\n" \
    "  simulate scenarios/reconnect-storm.yaml --until 00:05:10 --open 1884\n"                   \
    "  simulate scenarios/city-of-a-million-meters.yaml --stop 600 --threads 2"

// False: it is no number of 64 bits.
static bool read_seed(const char *text, size_t size, uint64_t *seed) {
    *seed = 0;
    for (size_t i = 0; i < size; i++) {
        uint64_t digit = (uint64_t)(text[i] - '0');
        if (text[i] < '0' || text[i] > '9' || *seed > (UINT64_MAX - digit) / 10) {
            return false;
        }
        *seed = *seed * 10 + digit;
    }
    return size > 0;
}

// N, or A..B, of which the first one is the seed.
static bool read_seeds(const char *text, struct simulate_options *run) {
    const char *dots = strstr(text, "..");
    uint64_t last;
    if (dots == NULL) {
        return read_seed(text, strlen(text), &run->seeds) && run->seeds > 0;
    }
    if (run->has_seed || !read_seed(text, (size_t)(dots - text), &run->seed) ||
        !read_seed(dots + 2, strlen(dots + 2), &last) || last < run->seed ||
        last - run->seed == UINT64_MAX) {
        return false;
    }
    run->has_seed = true;
    run->seeds = last - run->seed + 1;
    return true;
}

// NULL, or what does not go together.
static const char *conflict(const struct options *options) {
    bool has_many = options->check || options->seeds != NULL;
    if (options->minimise && has_many) {
        return "--minimise takes one --seed; --check and --seeds look for it";
    }
    if (options->open == NULL && (options->until != NULL || options->run.commands != NULL)) {
        return "--until and --run go with --open";
    }
    if (options->open != NULL && (has_many || options->minimise)) {
        return "--open is of one run; give it with --seed, not --seeds, --check or --minimise";
    }
    if (options->web != NULL && options->trace == NULL) {
        return "--web shows what --trace writes, which is missing";
    }
    if (options->trace != NULL && (has_many || options->minimise)) {
        return "--trace is of one run; give it with --seed, not --seeds, --check or --minimise";
    }
    if ((options->html != NULL || options->csv != NULL) && (options->check || options->minimise)) {
        return "--html and --csv are of one run, which --check and --minimise are not";
    }
    if (options->output != NULL && !options->minimise) {
        return "--output is for --minimise";
    }
    return NULL;
}

// False, and it has complained.
static bool read_options(const struct options *options, struct simulate_options *run) {
    run->has_seed = options->seed != NULL;
    if (run->has_seed && !read_seed(options->seed, strlen(options->seed), &run->seed)) {
        printable_complain("simulate: --seed %s: must be a number from 0 to %llu\n", options->seed,
                           (unsigned long long)UINT64_MAX);
        return false;
    }
    run->seeds = options->check ? SIMULATE_CHECK_SEEDS : 0;
    if (options->seeds != NULL && !read_seeds(options->seeds, run)) {
        printable_complain("simulate: --seeds %s: must be a number of seeds, as in 100, or the "
                           "first and the last one, as in 1..100, without --seed\n",
                           options->seeds);
        return false;
    }
    if (!simulate_pace_read(bytes_of_text(options->pace), &run->pace)) {
        printable_complain("simulate: --pace %s: must be a number above 0, as 0.5 or 60, up to "
                           "1,000,000\n",
                           options->pace);
        return false;
    }
    const char *wrong = conflict(options);
    if (wrong != NULL) {
        printable_complain("simulate: %s\n", wrong);
        return false;
    }
    bool is_bounded = options->check || options->minimise;
    run->devices = options->devices == 0 && is_bounded ? SIMULATE_CHECK_DEVICES : options->devices;
    run->threads = options->threads == 0 && run->seeds == 0 ? 1 : options->threads;
    return true;
}

int main(int argc, char **argv) {
    char commands[COMMON_COMMANDS_SIZE];
    const struct option_section sections[] = {
        {"Description", DESCRIPTION},
        common_commands_section(commands, &simulate_join_commands,
                                "They can be typed, or stand in --run, once --open has joined in. "
                                "TIME is as in a scenario: 90 s, 10 min, 03:00."),
        {"Exit status", EXIT_STATUS},
        {"Examples", EXAMPLES},
    };
    const struct program program = {
        .name = "simulate",
        .summary = "run a scenario of brokers and devices in virtual time",
        .synopsis = "[OPTION]... SCENARIO",
        .options = rows,
        .option_count = sizeof rows / sizeof *rows,
        .sections = sections,
        .section_count = sizeof sections / sizeof *sections,
    };
    struct options options = {0};
    struct common_start start = {.takes_operands = true};
    if (!common_parse_operands(&program, argc, argv, &options, &start)) {
        return start.exit_code;
    }
    if (options.explain != NULL) {
        return simulate_explain(options.explain);
    }
    struct simulate_options run = {
        .stop = options.stop,
        .tries = options.tries,
        .output = options.output,
        .html = options.html,
        .csv = options.csv,
        .trace = options.trace,
        .web = options.web,
        .open = options.open,
        .until = options.until,
        .run = {.commands = options.run.commands, .json = options.json, .quiet = options.quiet},
        .json = options.json,
        .quiet = options.quiet,
        .checks = options.checks,
        .storm = options.storm,
        .check = options.check,
        .minimise = options.minimise};
    if (!read_options(&options, &run)) {
        return PROGRAM_USAGE;
    }
    if (argc - start.first_operand != 1) {
        printable_complain("simulate: give one SCENARIO; see simulate --help\n");
        return PROGRAM_USAGE;
    }
    run.file = argv[start.first_operand];
    return simulate_session_run(&run);
}
