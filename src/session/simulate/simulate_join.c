#include "session/simulate/simulate_join.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/assert.h"
#include "base/decimal.h"
#include "base/word_distance.h"
#include "fault/parse.h"
#include "fault/text.h"
#include "scenario/units.h"
#include "session/simulate/simulate_door.h"
#include "session/simulate/simulate_report.h"
#include "shell/clock.h"
#include "shell/terminal/console.h"
#include "shell/listing.h"
#include "shell/printable.h"

#define MS UINT64_C(1000000)
#define SECOND_NS UINT64_C(1000000000)
#define TICK_MS 10
#define TURN_NS (20 * MS)     // of real time, for the world in a tick
#define CATCH_UP_NS (50 * MS) // of real time that was missed is made up, no more
#define STEP_LEAST MS         // of virtual time
#define CHEAP_NS (2 * MS)     // a tick that took less leaves time for all

enum {
    COMMAND_PAUSE = RUN_COMMANDS,
    COMMAND_STEP,
    COMMAND_RUN,
    COMMAND_RULE,
    COMMAND_UNDO,
};

static const struct command_row rows[] = {
    {"help", COMMAND_NAME, "help [command]", "show this list, or what one command does", RUN_HELP},
    {"exit", COMMAND_PLAIN, "exit", "end, with a report of what there is", RUN_EXIT},
    {"tgll", COMMAND_PLAIN, "tgll", "toggle listening: whether it is told who joins and leaves",
     RUN_TOGGLE},
    {"list", COMMAND_PLAIN, "list", "show how far the world is, what it counts, and the rules",
     RUN_LIST},
    {"pause", COMMAND_PLAIN, "pause", "stop the world's time", COMMAND_PAUSE},
    {"step", COMMAND_WORDS, "step [TIME]", "go on for so long, as fast as can be (1 s), and pause",
     COMMAND_STEP},
    {"run", COMMAND_WORDS, "run [N]", "go on, N times as fast as real time", COMMAND_RUN},
    {"rule", COMMAND_VALUE, "rule TEXT", "add a rule of faults, as drop PUBACK 3 from dev-*",
     COMMAND_RULE},
    {"undo", COMMAND_VALUE, "undo N", "take rule number N back", COMMAND_UNDO},
};

const struct command_table simulate_join_commands = {rows, sizeof rows / sizeof *rows};

enum state { PAUSED, RUNNING, STEPPING };

// A simulation that goes on in real time: the run with its commands, the world's time and its pace.
// `step` is what the world is taken on by at once, chosen by how long the last one took.
struct join {
    const struct simulate_join_options *options;
    struct run run;
    struct simulate_door *door;
    const struct plan *plan;
    struct memory memory;
    uv_timer_t tick;
    uv_prepare_t prepare;
    enum state state;
    double pace;
    uint64_t now;      // of the world
    uint64_t step_end; // where STEPPING ends
    uint64_t step;
    uint64_t looked;     // real time of the last tick
    uint64_t idle_until; // nothing is taken from visitors before
    double true_pace;
    bool is_closing;
};

#define TIME_SIZE 32

// "03:00:00.250"
static const char *time_text(const struct join *join, char text[static TIME_SIZE]) {
    unsigned long long ms = join->now / MS;
    (void)snprintf(text, TIME_SIZE, "%02llu:%02llu:%02llu.%03llu", ms / 3600000, ms / 60000 % 60,
                   ms / 1000 % 60, ms % 1000);
    return text;
}

static const char *pace_text(double pace, char text[static TIME_SIZE]) {
    (void)snprintf(text, TIME_SIZE, "%.6g times as fast", pace);
    return pace < 1 || pace > 1 ? text : "in real time";
}

static void say(struct join *join, const char *text) {
    report_notice(&join->run.report, text);
}

// ---- time ---------------------------------------------------------------------------------------

static uint64_t least(uint64_t a, uint64_t b) {
    return a < b ? a : b;
}

static void choose_step(struct join *join, uint64_t took) {
    if (took > TURN_NS / 2 && join->step > STEP_LEAST) {
        join->step /= 2;
    } else if (took < TURN_NS / 8 && join->step < PLAN_DAY) {
        join->step *= 2;
    }
}

// Takes the world on, to `until` if that does not take too long.
static void advance(struct join *join, uint64_t until) {
    uint64_t began = clock_steady();
    uint64_t now = began;
    while (join->now < until && now - began < TURN_NS) {
        uint64_t to = until - join->now > join->step ? join->now + join->step : until;
        join->options->go(join->options->context, to);
        join->now = to;
        uint64_t later = clock_steady();
        choose_step(join, later - now);
        now = later;
    }
}

static uint64_t goal(const struct join *join, uint64_t passed) {
    if (join->state == STEPPING) {
        return least(join->step_end, join->plan->stop_ns);
    }
    double wanted = (double)least(passed, CATCH_UP_NS) * join->pace;
    double left = (double)(join->plan->stop_ns - join->now);
    return wanted < left ? join->now + (uint64_t)wanted : join->plan->stop_ns;
}

static void set_state(struct join *join, enum state state) {
    join->state = state;
    join->looked = clock_steady();
    join->idle_until = 0;
    run_wake(&join->run);
}

// How fast it is in truth, over the last second or so.
static void note_pace(struct join *join, uint64_t went, uint64_t passed) {
    double pace = passed == 0 ? join->true_pace : (double)went / (double)passed;
    join->true_pace += (pace - join->true_pace) / 50;
}

static void end_if_over(struct join *join) {
    if (join->now == join->plan->stop_ns && !join->run.stopping) {
        say(join, "the scenario ends here");
        join->run.stopping = true;
        run_wake(&join->run);
    } else if (join->state == STEPPING && join->now >= join->step_end) {
        set_state(join, PAUSED);
    }
}

static void on_tick(uv_timer_t *timer) {
    struct join *join = timer->data;
    uint64_t began = clock_steady();
    if (join->is_closing || join->state == PAUSED) {
        return;
    }
    uint64_t from = join->now;
    advance(join, goal(join, began - join->looked));
    if (join->state == RUNNING) {
        note_pace(join, join->now - from, began - join->looked);
    }
    join->looked = began;
    uint64_t now = clock_steady();
    bool takes = now >= join->idle_until;
    if (takes && now - began > CHEAP_NS) {
        join->idle_until = now + (now - began);
    }
    simulate_door_serve(join->door, join->now, takes);
    end_if_over(join);
}

// ---- commands -----------------------------------------------------------------------------------

static enum run_outcome execute_step(struct join *join, const struct command *command) {
    uint64_t ns = SECOND_NS;
    struct fault_error error;
    struct fault_reader reader;
    struct buffer text;
    buffer_init(&text, &join->memory);
    for (unsigned i = 0; i < command->word_count; i++) {
        buffer_append_text(&text, i == 0 ? "" : " ");
        buffer_append(&text, command->words[i]);
    }
    fault_reader_init(&reader, buffer_bytes(&text), &error);
    bool is_right = command->word_count == 0 ||
                    (units_time(&reader, &ns) && fault_reader_is_at_end(&reader)) ||
                    fault_reader_fail_expecting(&reader);
    buffer_deinit(&text);
    if (!is_right) {
        run_error(&join->run, "%s", error.text);
        return RUN_WRONG;
    }
    join->step_end = ns > UINT64_MAX - join->now ? UINT64_MAX : join->now + ns;
    set_state(join, STEPPING);
    return RUN_WAITS;
}

static enum run_outcome resume(void *context) {
    const struct join *join = context;
    return join->state == STEPPING && !join->run.stopping ? RUN_WAITS : RUN_DONE;
}

static enum run_outcome execute_run(struct join *join, const struct command *command) {
    if (command->word_count > 0 && !simulate_pace_read(command->words[0], &join->pace)) {
        run_error(&join->run, "how many times as fast is a number above 0, as in 0.5 or 60");
        return RUN_WRONG;
    }
    join->true_pace = join->pace;
    set_state(join, RUNNING);
    return RUN_DONE;
}

static enum run_outcome execute_pause(struct join *join) {
    char text[64];
    char span[TIME_SIZE];
    set_state(join, PAUSED);
    (void)snprintf(text, sizeof text, "paused at %s", time_text(join, span));
    say(join, text);
    return RUN_DONE;
}

static enum run_outcome execute_rule(struct join *join, struct bytes text) {
    struct fault_rule rule;
    struct fault_error error;
    if (!fault_parse(text, &rule, &error)) {
        run_error(&join->run, "%s", error.text);
        return RUN_WRONG;
    }
    uint32_t number = sim_world_add_rule(join->options->world, &rule, join->now);
    if (number == 0) {
        run_error(&join->run, "there are as many rules as may be");
        return RUN_WRONG;
    }
    struct buffer line;
    buffer_init(&line, &join->memory);
    printable_format(&line, "rule %u: ", number);
    fault_text_explain(&rule, false, &line);
    buffer_append_byte(&line, 0);
    say(join, (const char *)line.data);
    buffer_deinit(&line);
    return RUN_DONE;
}

static enum run_outcome execute_undo(struct join *join, struct bytes text) {
    uint64_t number;
    if (!decimal_read(text, UINT32_MAX, &number)) {
        run_error(&join->run, "the number of a rule is missing; list shows them");
        return RUN_WRONG;
    }
    if (!sim_world_remove_rule(join->options->world, (uint32_t)number, join->now)) {
        run_error(&join->run, "there is no rule %u; list shows them", (unsigned)number);
        return RUN_WRONG;
    }
    return RUN_DONE;
}

// ---- list ---------------------------------------------------------------------------------------

static void list_world(struct join *join, struct listing *listing) {
    static const char *const columns[] = {"time",      "state",     "pace",      "visitors",
                                          "connected", "published", "delivered", NULL};
    static const char *const states[] = {"paused", "running", "stepping"};
    char span[TIME_SIZE];
    char pace[32];
    struct sim_summary *summary = malloc(sizeof *summary);
    ASSERT_MESSAGE(summary != NULL, "there is no memory");
    sim_world_sum_up(join->options->world, summary);
    uint64_t published = 0;
    uint64_t delivered = 0;
    for (unsigned qos = 0; qos <= 2; qos++) {
        published += summary->counts.published[qos];
        delivered += summary->counts.delivered[qos];
    }
    (void)snprintf(pace, sizeof pace, "%.3g of %.3g", join->true_pace, join->pace);
    listing_single(listing, "world", columns);
    listing_text(listing, bytes_of_text(time_text(join, span)));
    listing_text(listing, bytes_of_text(states[join->state]));
    listing_text(listing, bytes_of_text(pace));
    listing_number(listing, simulate_door_visitors(join->door));
    listing_number(listing, summary->connected);
    listing_number(listing, published);
    listing_number(listing, delivered);
    free(summary);
}

static void list_rules(struct join *join, struct listing *listing) {
    static const char *const columns[] = {"rule", "hits", "text", NULL};
    struct sim_rule_view view;
    struct buffer text;
    buffer_init(&text, &join->memory);
    listing_section(listing, "rules", columns);
    for (uint32_t i = 0; sim_world_rule(join->options->world, i, &view); i++) {
        text.size = 0;
        fault_text_write(view.rule, &text);
        listing_number(listing, view.number);
        listing_number(listing, view.hits);
        listing_text(listing, buffer_bytes(&text));
    }
    buffer_deinit(&text);
}

static enum run_outcome execute_list(struct join *join) {
    struct listing listing;
    listing_init(&listing, &join->memory, join->run.report.json);
    listing.width = run_width(&join->run);
    list_world(join, &listing);
    list_rules(join, &listing);
    report_answer(&join->run.report, "list", listing_end(&listing));
    listing_deinit(&listing);
    return RUN_DONE;
}

static enum run_outcome execute(void *context, const struct command *command) {
    struct join *join = context;
    switch (command->row->id) {
    case RUN_LIST:
        return execute_list(join);
    case COMMAND_PAUSE:
        return execute_pause(join);
    case COMMAND_STEP:
        return execute_step(join, command);
    case COMMAND_RUN:
        return execute_run(join, command);
    case COMMAND_RULE:
        return execute_rule(join, command->value);
    case COMMAND_UNDO:
        return execute_undo(join, command->value);
    default:
        break;
    }
    return RUN_WRONG;
}

// ---- the loop -----------------------------------------------------------------------------------

static void on_prepare(uv_prepare_t *prepare) {
    struct join *join = prepare->data;
    output_announce(&join->run.output);
}

static void on_door_closed(void *context) {
    struct join *join = context;
    uv_stop(&join->run.loop);
}

static void turn(void *context) {
    struct join *join = context;
    if (join->is_closing) {
        return;
    }
    if (run_commands(&join->run)) {
        run_wake(&join->run);
    }
    bool ticks = uv_is_active((uv_handle_t *)&join->tick) != 0;
    if (join->state != PAUSED && !ticks) {
        uv_timer_start(&join->tick, on_tick, 0, TICK_MS);
    } else if (join->state == PAUSED && ticks) {
        uv_timer_stop(&join->tick);
    }
    if (run_is_done(&join->run, clock_steady())) {
        join->is_closing = true;
        join->run.report.listening = false; // the end of all visits is no news
        uv_timer_stop(&join->tick);
        simulate_door_close(join->door, on_door_closed, join);
    }
}

static const struct run_program program = {
    .kind = "simulate",
    .commands = &simulate_join_commands,
    .serves = true,
    .toggled = {"not listening: it is not told who joins and leaves",
                "listening: it is told who joins and leaves"},
    .turn = turn,
    .execute = execute,
    .resume = resume,
};

static void on_guest(void *context, const char *place, const char *what) {
    struct join *join = context;
    if (join->run.report.listening && report_may_tell(&join->run.report, REPORT_NOTICE, "notice")) {
        char text[2 * STREAM_PLACE_MAX + 64];
        (void)snprintf(text, sizeof text, "%s %s", place, what);
        say(join, text);
    }
}

static void say_start(struct join *join) {
    struct report *report = &join->run.report;
    const struct bytes name = join->plan->brokers[join->options->place.broker].name;
    unsigned port = simulate_door_port(join->door);
    char span[TIME_SIZE];
    char pace[TIME_SIZE];
    char text[320];
    if (report->json) {
        json_t *object = report_object("started");
        json_object_set_new(object, "role", json_string("simulate"));
        json_object_set_new(object, "port", json_integer(port));
        listing_set_bytes(object, "broker", name);
        json_object_set_new(object, "seconds", json_real((double)join->now / 1e9));
        report_emit(report, object);
        return;
    }
    (void)snprintf(text, sizeof text,
                   "at %s: broker %.*s is at port %u of this machine; time goes on %s; "
                   "mosquitto_sub -p %u -t '#' -v looks on",
                   time_text(join, span), (int)name.size, (const char *)name.data, port,
                   pace_text(join->pace, pace), port);
    say(join, text);
}

static bool open_door(struct join *join) {
    struct stream_server_error error;
    struct simulate_door_options how = {.world = join->options->world,
                                        .broker = join->options->place.broker,
                                        .port = join->options->place.port,
                                        .context = join,
                                        .tell = on_guest};
    join->door = simulate_door_open(&join->run.loop, &how, &error);
    if (join->door == NULL) {
        printable_complain("simulate: --open: %s\n", error.text);
        return false;
    }
    simulate_door_serve(join->door, join->now, false);
    return true;
}

static int go_on(struct join *join) {
    uv_timer_init(&join->run.loop, &join->tick);
    uv_prepare_init(&join->run.loop, &join->prepare);
    join->tick.data = join->prepare.data = join;
    uv_prepare_start(&join->prepare, on_prepare);
    if (!open_door(join)) {
        return PROGRAM_UNUSABLE;
    }
    say_start(join);
    if (join->run.terminal && !join->run.report.json) {
        run_help(&join->run, NULL);
    }
    set_state(join, RUNNING);
    run_threads(&join->run);
    return run_exit_code(&join->run);
}

int simulate_join_run(const struct simulate_join_options *options, uint64_t *now) {
    struct join *join = calloc(1, sizeof *join);
    ASSERT_MESSAGE(join != NULL, "there is no memory");
    join->options = options;
    join->plan = sim_world_plan(options->world);
    join->pace = join->true_pace = options->pace;
    join->now = options->now;
    join->step = 10 * MS;
    memory_init(&join->memory);
    int code = PROGRAM_UNUSABLE;
    if (run_init(&join->run, &options->run, &program, join)) {
        code = go_on(join);
        run_close(&join->run);
        run_deinit(&join->run);
    }
    *now = join->now;
    free(join);
    return code;
}

// ---- what is typed ------------------------------------------------------------------------------

bool simulate_pace_read(struct bytes text, double *pace) {
    char copy[32];
    char *end;
    if (text.size == 0 || text.size >= sizeof copy) {
        return false;
    }
    memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    double read = strtod(copy, &end);
    bool is_plain = strspn(copy, "0123456789.") == text.size;
    if (*end != '\0' || !is_plain || !(read > 0) || read > SIMULATE_PACE_MAX) {
        return false;
    }
    *pace = read;
    return true;
}

static bool has_door(const struct plan_broker *broker) {
    return (broker->doors & PLAN_DOOR_MQTT) != 0;
}

static uint32_t broker_named(const struct plan *plan, struct bytes name) {
    for (uint32_t i = 0; i < plan->broker_count; i++) {
        if (bytes_equal(plan->brokers[i].name, name)) {
            return i;
        }
    }
    return PLAN_NONE;
}

// The only broker with an MQTT door; PLAN_NONE: there is none, or several.
static uint32_t only_broker(const struct plan *plan) {
    uint32_t only = PLAN_NONE;
    for (uint32_t i = 0; i < plan->broker_count; i++) {
        if (has_door(&plan->brokers[i])) {
            if (only != PLAN_NONE) {
                return PLAN_NONE;
            }
            only = i;
        }
    }
    return only;
}

// The nearest of the names, or the first.
static struct bytes nearest_broker(const struct plan *plan, struct bytes name) {
    struct word_nearest nearest;
    struct bytes first = {0};
    word_nearest_init(&nearest, name);
    for (uint32_t i = 0; i < plan->broker_count; i++) {
        if (has_door(&plan->brokers[i])) {
            first = first.size == 0 ? plan->brokers[i].name : first;
            word_nearest_try(&nearest, plan->brokers[i].name);
        }
    }
    return nearest.word.size > 0 ? nearest.word : first;
}

static bool fail(char why[static SIMULATE_PLACE_WHY_MAX], const char *what, struct bytes name) {
    (void)snprintf(why, SIMULATE_PLACE_WHY_MAX, "%s%.*s", what, (int)name.size,
                   name.size > 0 ? (const char *)name.data : "");
    return false;
}

bool simulate_place_read(const struct plan *plan, const char *text, struct simulate_place *place,
                         char why[static SIMULATE_PLACE_WHY_MAX]) {
    const char *colon = strrchr(text, ':');
    struct bytes name = bytes_make(text, colon == NULL ? 0 : (size_t)(colon - text));
    uint64_t port;
    if (!decimal_read(bytes_of_text(colon == NULL ? text : colon + 1), UINT16_MAX, &port)) {
        return fail(why, "must be PORT or NAME:PORT, with a port of 0 (any free one) to 65535",
                    (struct bytes){0});
    }
    place->port = (uint16_t)port;
    place->broker = colon == NULL ? only_broker(plan) : broker_named(plan, name);
    struct bytes other = nearest_broker(plan, name);
    if (other.size == 0) {
        return fail(why, "no broker of the scenario has a door for MQTT", (struct bytes){0});
    }
    if (place->broker == PLAN_NONE) {
        return fail(why,
                    colon == NULL ? "there are several brokers; name one: NAME:PORT, as in "
                                  : "there is no broker of that name; did you mean ",
                    other);
    }
    if (!has_door(&plan->brokers[place->broker])) {
        return fail(why, "that broker has no door for MQTT; one that has is ", other);
    }
    return true;
}
