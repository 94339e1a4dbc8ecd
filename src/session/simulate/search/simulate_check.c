#include "session/simulate/search/simulate_check.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/assert.h"
#include "session/simulate/simulate_errors.h"
#include "session/simulate/search/simulate_ladder.h"
#include "session/simulate/simulate_report.h"
#include "session/simulate/search/simulate_search.h"
#include "shell/printable.h"
#include "shell/program_exit.h"

#define HEAD 13
#define COMMAND_MAX 512

// Ranks on one machine share its processors.
static unsigned workers(const struct simulate_options *options,
                        const struct simulate_ranks *ranks) {
    long processors = sysconf(_SC_NPROCESSORS_ONLN) / (long)ranks->here;
    uint64_t wanted = options->threads > 0 ? options->threads
                      : processors > 0     ? (uint64_t)processors
                                           : 1;
    wanted = wanted < options->seeds ? wanted : options->seeds;
    return (unsigned)(wanted < SIMULATE_SEARCH_WORKERS_MAX ? wanted : SIMULATE_SEARCH_WORKERS_MAX);
}

static struct simulate_search_options search_options(const struct simulate_check_options *check) {
    const struct simulate_options *options = check->options;
    uint64_t first = options->has_seed ? options->seed : check->first_seed;
    uint64_t more = options->seeds - 1;
    return (struct simulate_search_options){.file = options->file,
                                            .text = check->text,
                                            .first = first,
                                            .last = more > UINT64_MAX - first ? UINT64_MAX
                                                                              : first + more,
                                            .workers = workers(options, check->ranks),
                                            .as = {.stop_ns = options->stop,
                                                   .devices_max = options->devices,
                                                   .storm = options->storm || options->check},
                                            .checks = options->checks,
                                            .only_rules = options->check,
                                            .shows = check->shows,
                                            .ranks = check->ranks,
                                            .is_interrupted = check->is_interrupted};
}

// ---- what was found -----------------------------------------------------------------------------

// What has to be given again so that a run is the same one.
static void append_options(const struct simulate_options *options, char *command) {
    size_t size = strlen(command);
    if (options->stop > 0) {
        size += (size_t)snprintf(command + size, COMMAND_MAX - size, " --stop %.9g",
                                 (double)options->stop / 1e9);
    }
    if (options->devices != SIMULATE_CHECK_DEVICES) {
        size += (size_t)snprintf(command + size, COMMAND_MAX - size, " --devices %" PRIu64,
                                 options->devices);
    }
    if (options->checks) {
        (void)snprintf(command + size, COMMAND_MAX - size, " --checks");
    }
}

static void repeat_command(const struct simulate_options *options, uint64_t seed,
                           char command[static COMMAND_MAX]) {
    (void)snprintf(command, COMMAND_MAX / 2, "simulate %s --check --seeds %" PRIu64 "..%" PRIu64,
                   options->file, seed, seed);
    append_options(options, command);
}

static void minimise_command(const struct simulate_options *options, uint64_t seed,
                             char command[static COMMAND_MAX]) {
    (void)snprintf(command, COMMAND_MAX / 2,
                   "simulate %s --minimise --seed %" PRIu64 " --output small.yaml", options->file,
                   seed);
    append_options(options, command);
}

static void tell_finding(const struct simulate_options *options,
                         const struct simulate_search_result *result,
                         const struct simulate_trial *trial) {
    char command[COMMAND_MAX];
    struct sim_finding finding;
    bool is_there = sim_finding_first(trial->world, &finding);
    ASSERT(is_there);
    (void)printf("%-*s%" PRIu64 ", after %" PRIu64 " that broke nothing\n", HEAD, "seed",
                 result->seed, result->tried - 1);
    repeat_command(options, result->seed, command);
    (void)printf("%-*s%s\n", HEAD, "repeat", command);
    minimise_command(options, result->seed, command);
    (void)printf("%-*s%s\n", HEAD, "make small", command);
    simulate_ladder_print(&finding, stdout);
}

static void set_text(json_t *object, const char *key, const char *text) {
    (void)json_object_set_new(object, key, json_string(text));
}

static void set_number(json_t *object, const char *key, uint64_t number) {
    (void)json_object_set_new(object, key, json_integer((json_int_t)number));
}

static json_t *events_array(const struct verdict_finding *finding) {
    json_t *array = json_array();
    for (uint32_t i = 0; i < finding->event_count; i++) {
        const struct verdict_event *event = &finding->events[i];
        json_t *object = json_object();
        set_number(object, "at_ns", event->at);
        set_text(object, "event", verdict_event_text((enum verdict_event_kind)event->kind));
        set_number(object, "number", event->number);
        set_number(object, "qos", event->qos);
        (void)json_array_append_new(array, object);
    }
    return array;
}

static void set_finding(json_t *object, const struct simulate_options *options, uint64_t seed,
                        const struct simulate_trial *trial) {
    char command[COMMAND_MAX];
    struct sim_finding finding;
    bool is_there = sim_finding_first(trial->world, &finding);
    ASSERT(is_there);
    const struct check_rule_text *rule = check_rule_text(finding.what.rule);
    set_number(object, "seed", seed);
    set_text(object, "rule", rule->name);
    set_text(object, "demand", rule->demand);
    set_text(object, "statement", rule->statement);
    set_number(object, "at_ns", finding.what.at);
    (void)json_object_set_new(object, "client",
                              json_stringn((const char *)finding.client.text, finding.client.size));
    (void)json_object_set_new(object, "topic",
                              json_stringn((const char *)finding.topic.data, finding.topic.size));
    repeat_command(options, seed, command);
    set_text(object, "repeat", command);
    minimise_command(options, seed, command);
    set_text(object, "minimise", command);
    (void)json_object_set_new(object, "events", events_array(&finding.what));
}

static void tell_json(const struct simulate_options *options,
                      const struct simulate_search_result *result,
                      const struct simulate_trial *trial) {
    json_t *object = json_object();
    (void)json_object_set_new(object, "good", json_boolean(trial == NULL));
    (void)json_object_set_new(object, "interrupted", json_boolean(result->was_interrupted));
    set_number(object, "tried", result->tried);
    set_number(object, "events", result->events);
    set_number(object, "delivered", result->delivered);
    set_number(object, "ended_early", result->too_long);
    set_number(object, "took_ns", result->took_ns);
    if (trial != NULL) {
        set_finding(object, options, result->seed, trial);
    }
    (void)json_dumpf(object, stdout, 0);
    (void)fputc('\n', stdout);
    json_decref(object);
}

// ---- nothing was --------------------------------------------------------------------------------

static void tell_reached(const struct simulate_search_result *result) {
    int column = printf("%-*s", HEAD, "reached");
    for (unsigned i = 0; i < VERDICT_REACHED; i++) {
        char part[96];
        if (result->reached[i] == 0) {
            continue;
        }
        int size = snprintf(part, sizeof part, "%s %" PRIu64,
                            verdict_reached_text((enum verdict_reached)i), result->reached[i]);
        if (column > HEAD && column + 2 + size > 78) {
            column = printf(",\n%*s", HEAD, "") - 2;
        } else if (column > HEAD) {
            column += printf(", ");
        }
        column += printf("%s", part);
    }
    (void)printf("\n");
}

static void tell_nothing(const struct simulate_search_options *search, bool is_check,
                         const struct simulate_search_result *result) {
    char span[SIMULATE_SPAN_SIZE];
    (void)printf("%" PRIu64 " seeds from %" PRIu64 " on, %" PRIu64
                 " events in %s: nothing was broken%s\n",
                 result->tried, search->first, result->events,
                 simulate_report_span((double)result->took_ns, span),
                 result->was_interrupted ? " (interrupted)" : "");
    if (result->too_long > 0) {
        (void)printf("%-*s%" PRIu64 " of these runs, after 5 million events each\n", HEAD,
                     "ended early", result->too_long);
    }
    if (is_check) {
        tell_reached(result);
    }
}

// A check of nothing is not good.
static int conclude(const struct simulate_search_options *search,
                    const struct simulate_check_options *check,
                    const struct simulate_search_result *result) {
    bool has_checked =
        result->delivered + result->acknowledged + result->reached[REACHED_RESUMPTION] > 0 ||
        result->was_interrupted;
    if (check->options->json) {
        tell_json(check->options, result, NULL);
    } else {
        tell_nothing(search, check->options->check, result);
    }
    if (check->options->check && !has_checked) {
        printable_complain("simulate: %s: no message got anywhere, and no session was resumed, so "
                           "nothing was checked\n",
                           search->file);
        return PROGRAM_FAILED;
    }
    return PROGRAM_OK;
}

// The run of the seed that failed, once more, for it is told what led to it.
static int tell_failure(const struct simulate_search_options *search,
                        const struct simulate_check_options *check,
                        const struct simulate_search_result *result) {
    struct simulate_trial *trial = simulate_search_try(search, result->seed, NULL);
    int code = PROGRAM_FAILED;
    if (trial->world == NULL) {
        simulate_errors_tell(search->file, &trial->errors);
        if (trial->why != NULL) {
            printable_complain("simulate: %s: %s\n", search->file, trial->why);
        }
        printable_complain("simulate: with seed %" PRIu64 "\n", result->seed);
        code = PROGRAM_UNUSABLE;
    } else if (check->options->check && check->options->json) {
        tell_json(check->options, result, trial);
    } else if (check->options->check) {
        tell_finding(check->options, result, trial);
    }
    simulate_search_free(trial);
    return code;
}

int simulate_check_run(const struct simulate_check_options *check, uint64_t *failed) {
    struct simulate_search_options search = search_options(check);
    struct simulate_search_result *result = calloc(1, sizeof *result);
    ASSERT_MESSAGE(result != NULL, "there is no memory");
    simulate_search_run(&search, result);
    *failed = result->seed;
    int code = check->ranks->own > 0 ? PROGRAM_OK
               : result->has_failed  ? tell_failure(&search, check, result)
                                     : conclude(&search, check, result);
    free(result);
    return code;
}
