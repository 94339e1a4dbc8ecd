#include "session/simulate/simulate_session.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/assert.h"
#include "scenario/plan_read.h"
#include "session/simulate/search/simulate_case.h"
#include "session/simulate/search/simulate_check.h"
#include "session/simulate/simulate_errors.h"
#include "scenario/units.h"
#include "session/simulate/simulate_files.h"
#include "session/simulate/simulate_door.h"
#include "session/simulate/search/simulate_minimise.h"
#include "session/simulate/simulate_join.h"
#include "session/simulate/simulate_page.h"
#include "session/simulate/simulate_report.h"
#include "session/simulate/simulate_series.h"
#include "session/simulate/simulate_threads.h"
#include "session/simulate/simulate_trace.h"
#include "shell/clock.h"
#include "shell/live_page.h"
#include "shell/printable.h"
#include "shell/program_exit.h"

#define SECOND_NS UINT64_C(1000000000)
#define PAGE_FILES_MAX 24
#define ROUND_NS SECOND_NS          // of virtual time, at least
#define PROGRESS_NS (SECOND_NS / 4) // of real time
#define ROUNDS 200u                 // of a run
#define PROGRESS_WIDTH 79

// A signal ends a run early, with a report of what there is.
static volatile sig_atomic_t is_interrupted;

static void take_signal(int number) {
    (void)number;
    is_interrupted = 1;
}

// One run of one scenario, from reading the file to the report: the plan, the world, the threads
// that take it on, the ranks that share a search, and who wants to see what of it. Made and ended
// by one call; the world borrows the plan.
struct session {
    const struct simulate_options *options;
    struct memory memory;
    struct buffer text;
    struct simulate_files files;
    struct plan plan;
    struct sim_world *world;
    struct simulate_threads *threads;
    struct simulate_ranks ranks;
    struct simulate_trace *trace;   // NULL: nobody asked for it
    struct live_page page;          // of the trace
    struct simulate_series *series; // NULL: nobody asked for it
    struct simulate_place place;    // of --open
    uint64_t until;                 // of --until; 0: joined from the start
    uint64_t now;                   // of the world
    uint64_t began;
    uint64_t shown_at;
    bool shows;
};

// ---- reading ------------------------------------------------------------------------------------

// A seed of the options draws ranges; a storm or a bound of devices makes another file of it.
static bool read_plan_of(struct session *session, struct bytes text, struct read_errors *errors) {
    const struct simulate_options *options = session->options;
    struct plan_input input = {.text = text,
                               .load = simulate_files_load,
                               .context = &session->files,
                               .has_seed = options->has_seed,
                               .seed = options->seed};
    if (!options->storm && options->devices == 0) {
        return plan_read(&session->plan, &session->memory, &input, errors);
    }
    struct outline outline;
    struct buffer made;
    buffer_init(&made, &session->memory);
    struct simulate_case_options as = {.has_seed = options->has_seed,
                                       .seed = options->seed,
                                       .stop_ns = options->stop,
                                       .devices_max = options->devices,
                                       .storm = options->storm};
    bool is_good = simulate_case_make(&outline, &session->memory, &input, &as, errors);
    if (is_good) {
        outline_write(&outline, &made);
        input.text = buffer_bytes(&made);
        is_good = plan_read(&session->plan, &session->memory, &input, errors);
    }
    outline_deinit(&outline);
    buffer_deinit(&made);
    return is_good;
}

static int read_plan(struct session *session) {
    const char *file = session->options->file;
    struct read_errors *errors = calloc(1, sizeof *errors);
    ASSERT_MESSAGE(errors != NULL, "there is no memory");
    bool is_good = read_plan_of(session, buffer_bytes(&session->text), errors);
    simulate_errors_tell(file, errors);
    free(errors);
    return is_good ? PROGRAM_OK : PROGRAM_UNUSABLE;
}

static int read_text(struct session *session) {
    const char *file = session->options->file;
    const char *why = simulate_files_read(file, &session->text);
    if (why != NULL) {
        printable_complain("simulate: %s: %s\n", file, why);
    }
    return why == NULL ? PROGRAM_OK : PROGRAM_UNUSABLE;
}

static void apply_options(struct session *session) {
    const struct simulate_options *options = session->options;
    struct plan *plan = &session->plan;
    if (options->stop > 0) {
        plan->stop_ns = options->stop;
        plan->calm_ns = plan->calm_ns < options->stop ? plan->calm_ns : 0;
    }
}

// False, and it has complained.
static bool read_place(struct session *session) {
    char why[SIMULATE_PLACE_WHY_MAX];
    const char *open = session->options->open;
    if (open != NULL && !simulate_place_read(&session->plan, open, &session->place, why)) {
        printable_complain("simulate: --open %s: %s\n", open, why);
        return false;
    }
    return true;
}

// Likewise.
static bool read_until(struct session *session) {
    const char *until = session->options->until;
    struct fault_error error;
    struct fault_reader reader;
    if (until == NULL) {
        return true;
    }
    fault_reader_init(&reader, bytes_of_text(until), &error);
    bool is_time = units_time(&reader, &session->until) && fault_reader_is_at_end(&reader);
    if (!is_time && !fault_reader_fail_expecting(&reader)) {
        printable_complain("simulate: --until %s: %s\n", until, error.text);
        return false;
    }
    if (session->until >= session->plan.stop_ns) {
        char span[SIMULATE_SPAN_SIZE];
        printable_complain("simulate: --until %s: the scenario ends before that, after %s\n", until,
                           simulate_report_span((double)session->plan.stop_ns, span));
        return false;
    }
    return true;
}

// ---- progress -----------------------------------------------------------------------------------

static void show_progress(struct session *session, uint64_t simulated) {
    uint64_t now = clock_steady();
    if (!session->shows || now - session->shown_at < PROGRESS_NS) {
        return;
    }
    session->shown_at = now;
    struct sim_summary *summary = malloc(sizeof *summary);
    if (summary == NULL) {
        return;
    }
    sim_world_sum_up(session->world, summary);
    char of[SIMULATE_SPAN_SIZE];
    char all[SIMULATE_SPAN_SIZE];
    double seconds = (double)(now - session->began) / 1e9;
    double part = (double)simulated / (double)session->plan.stop_ns;
    (void)fprintf(
        stderr,
        "\r%3.0f %%  %s of %s, %.3g times as fast, %.3g million events/s, %llu connected\033[K",
        100 * part, simulate_report_span((double)simulated, of),
        simulate_report_span((double)session->plan.stop_ns, all), (double)simulated / 1e9 / seconds,
        (double)summary->events / 1e6 / seconds, (unsigned long long)summary->counts.connected);
    (void)fflush(stderr);
    free(summary);
}

static void end_progress(const struct session *session) {
    if (session->shows && session->shown_at > 0) {
        (void)fprintf(stderr, "\r\033[K");
    }
}

// ---- running ------------------------------------------------------------------------------------

// The next moment at which a sample is taken.
static uint64_t sample_time(const struct session *session) {
    uint32_t count = session->series->count;
    return count == SIMULATE_SAMPLES_MAX ? UINT64_MAX
                                         : simulate_series_time(session->plan.stop_ns, count);
}

static void take_sample(struct session *session, uint64_t now) {
    struct sim_summary *summary = malloc(sizeof *summary);
    ASSERT_MESSAGE(summary != NULL, "there is no memory");
    sim_world_sum_up(session->world, summary);
    simulate_series_add(session->series, summary, now);
    free(summary);
}

// Takes the world on to there, with samples on the way.
static void go(void *context, uint64_t until) {
    struct session *session = context;
    while (session->now < until) {
        uint64_t sample = session->series == NULL ? UINT64_MAX : sample_time(session);
        session->now = sample < until ? sample : until;
        simulate_threads_advance(session->threads, session->now);
        if (session->now == sample) {
            take_sample(session, session->now);
        }
    }
}

// In virtual time, as fast as can be.
static void go_quickly(struct session *session, uint64_t end) {
    // An island is the faster the longer it is run on, for its devices stay in the caches.
    uint64_t stop = session->plan.stop_ns;
    uint64_t round = stop / ROUNDS > ROUND_NS ? stop / ROUNDS : ROUND_NS;
    while (session->now < end && !is_interrupted) {
        go(session, end - session->now > round ? session->now + round : end);
        show_progress(session, session->now);
    }
    end_progress(session);
}

// Returns how far it came. *code is changed if joining in failed.
static uint64_t run(struct session *session, int *code) {
    uint64_t stop = session->plan.stop_ns;
    bool can_join = session->options->open != NULL;
    session->now = 0;
    go_quickly(session, can_join ? session->until : stop);
    if (can_join && !is_interrupted) {
        struct simulate_join_options options = {.run = session->options->run,
                                                .world = session->world,
                                                .place = session->place,
                                                .pace = session->options->pace,
                                                .now = session->now,
                                                .context = session,
                                                .go = go};
        *code = simulate_join_run(&options, &session->now);
    }
    if (session->now == stop) {
        sim_world_finish(session->world);
    }
    return session->now;
}

// ---- files --------------------------------------------------------------------------------------

static bool write_page(const struct session *session, const struct simulate_result *result,
                       FILE *out) {
    struct memory memory;
    memory_init(&memory);
    struct buffer page;
    buffer_init(&page, &memory);
    simulate_page_write(result, session->series, &page);
    bool is_written = fwrite(page.data, 1, page.size, out) == page.size && fflush(out) == 0;
    buffer_deinit(&page);
    return is_written;
}

static bool write_table(const struct session *session, const struct simulate_result *result,
                        FILE *out) {
    (void)result;
    return simulate_series_csv(session->series, out);
}

// True, too, if none was asked for.
static bool write_file(const struct session *session, const struct simulate_result *result,
                       const char *path,
                       bool (*write)(const struct session *session,
                                     const struct simulate_result *result, FILE *out)) {
    if (path == NULL) {
        return true;
    }
    FILE *out = fopen(path, "we");
    bool is_written = out != NULL && write(session, result, out);
    int error = errno;
    if (out != NULL && fclose(out) != 0 && is_written) {
        is_written = false;
        error = errno;
    }
    if (!is_written) {
        printable_complain("simulate: %s: cannot be written: %s\n", path, strerror(error));
    }
    return is_written;
}

static int report(struct session *session, uint64_t simulated) {
    struct simulate_result *result = calloc(1, sizeof *result);
    ASSERT_MESSAGE(result != NULL, "there is no memory");
    result->plan = &session->plan;
    result->world = session->world;
    result->file = session->options->file;
    result->simulated_ns = simulated;
    result->took_ns = clock_steady() - session->began;
    result->was_interrupted = simulated < session->plan.stop_ns;
    result->has_storm = session->options->storm;
    sim_world_sum_up(session->world, &result->summary);
    if (session->options->json) {
        simulate_report_json(result, stdout);
    } else {
        simulate_report_text(result, stdout);
    }
    bool is_good = simulate_result_is_good(result);
    bool is_written = write_file(session, result, session->options->html, write_page);
    is_written = write_file(session, result, session->options->csv, write_table) && is_written;
    free(result);
    if (fflush(stdout) != 0) {
        printable_complain("simulate: the report cannot be written\n");
        is_written = false;
    }
    if (!is_written) {
        return PROGRAM_UNUSABLE;
    }
    return is_good ? PROGRAM_OK : PROGRAM_FAILED;
}

// The page that shows the trace, as far as it has room for its files.
static bool open_page(struct session *session) {
    static char paths[PAGE_FILES_MAX][PATH_MAX];
    const char *files[PAGE_FILES_MAX];
    uint32_t count = 0;
    while (count < PAGE_FILES_MAX && simulate_trace_path(session->trace, count, paths[count])) {
        files[count] = paths[count];
        count++;
    }
    return live_page_start(&session->page,
                           &(struct live_page_options){.program = "simulate",
                                                       .place = session->options->web,
                                                       .files = files,
                                                       .file_count = count});
}

// What was simulated to its end can be looked at until a signal comes. Whoever ended it before has
// given that signal already.
static void close_page(struct session *session) {
    sigset_t ends;
    sigset_t before;
    if (session->page.process == 0) {
        return;
    }
    bool was_ended = is_interrupted || session->now < session->plan.stop_ns;
    if (!was_ended) {
        printable_complain("simulate: the run is over; the page stays until Ctrl-C\n");
    }
    (void)fflush(stdout);
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    (void)sigprocmask(SIG_BLOCK, &ends, &before);
    while (!was_ended && !is_interrupted) {
        (void)sigsuspend(&before);
    }
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    live_page_end(&session->page);
}

// False, and it has complained: the folder cannot be used.
static bool open_trace(struct session *session) {
    char why[SIMULATE_TRACE_WHY_MAX];
    if (session->options->trace == NULL) {
        return true;
    }
    session->trace = simulate_trace_open(session->options->trace, &session->plan, why);
    if (session->trace == NULL) {
        printable_complain("simulate: --trace %s\n", why);
    }
    return session->trace != NULL && open_page(session);
}

// False, and it has complained: something could not be written.
static bool close_trace(struct session *session) {
    char why[SIMULATE_TRACE_WHY_MAX];
    bool is_good = simulate_trace_close(session->trace, why);
    if (!is_good) {
        printable_complain("simulate: --trace %s\n", why);
    }
    session->trace = NULL;
    return is_good;
}

// False, and it has complained: the plan cannot be.
static bool open_world(struct session *session) {
    const char *why;
    const struct simulate_trace *trace = session->trace;
    bool is_small = session->plan.device_count <= SIMULATE_JUDGED_MAX;
    struct sim_world_options options = {
        .checks = session->options->checks,
        .judges = is_small || session->options->checks,
        .visitors = session->options->open != NULL ? SIMULATE_VISITORS_MAX : 0,
        .trace = trace == NULL ? NULL : simulate_trace_port(trace)};
    session->began = clock_steady();
    session->world = sim_world_create(&session->plan, &options, &why);
    if (session->world == NULL) {
        printable_complain("simulate: %s: %s\n", session->options->file, why);
        return false;
    }
    session->threads = simulate_threads_create(session->world, (unsigned)session->options->threads);
    if (session->series != NULL) {
        session->series->count = 0;
    }
    return true;
}

static void close_world(struct session *session) {
    simulate_threads_destroy(session->threads);
    sim_world_destroy(session->world);
}

static int simulate(struct session *session) {
    if (!open_trace(session)) {
        (void)simulate_trace_close(session->trace, (char[SIMULATE_TRACE_WHY_MAX]){0});
        return PROGRAM_UNUSABLE;
    }
    if (!open_world(session)) {
        (void)close_trace(session);
        return PROGRAM_UNUSABLE;
    }
    int joined = PROGRAM_OK;
    uint64_t simulated = run(session, &joined);
    int code = report(session, simulated);
    close_world(session);
    code = joined == PROGRAM_UNUSABLE || code == PROGRAM_OK ? joined : code;
    bool is_traced = close_trace(session);
    close_page(session);
    return is_traced ? code : PROGRAM_UNUSABLE;
}

// ---- many seeds ---------------------------------------------------------------------------------

static int simulate_seed(struct session *session) {
    int code = read_plan(session);
    if (code == PROGRAM_OK) {
        apply_options(session);
        bool is_right = read_place(session) && read_until(session);
        code = is_right ? simulate(session) : PROGRAM_USAGE;
    }
    return code;
}

// The first seed, where the options name none, is the scenario's.
static int search(struct session *session) {
    struct simulate_options of_seed = *session->options;
    uint64_t failed = 0;
    int code = read_plan(session);
    if (code != PROGRAM_OK) {
        return code;
    }
    code = simulate_check_run(
        &(struct simulate_check_options){.options = session->options,
                                         .text = buffer_bytes(&session->text),
                                         .first_seed = session->plan.seed,
                                         .shows = session->shows && session->ranks.own == 0,
                                         .ranks = &session->ranks,
                                         .is_interrupted = &is_interrupted},
        &failed);
    if (code != PROGRAM_FAILED || session->options->check) {
        return code;
    }
    of_seed.has_seed = true;
    of_seed.seed = failed;
    of_seed.threads = of_seed.threads > 0 ? of_seed.threads : 1;
    session->options = &of_seed;
    plan_deinit(&session->plan);
    code = simulate_seed(session);
    if (!of_seed.json) {
        (void)printf("%-13ssimulate %s --seed %llu%s\n", "", of_seed.file,
                     (unsigned long long)failed, of_seed.storm ? " --storm" : "");
    }
    return code;
}

static int minimise(const struct session *session) {
    const struct simulate_options *options = session->options;
    return simulate_minimise_run(
        &(struct simulate_minimise_options){.file = options->file,
                                            .text = buffer_bytes(&session->text),
                                            .as = {.has_seed = options->has_seed,
                                                   .seed = options->seed,
                                                   .stop_ns = options->stop,
                                                   .devices_max = options->devices},
                                            .output = options->output,
                                            .tries_max = options->tries,
                                            .checks = options->checks,
                                            .shows = session->shows,
                                            .is_interrupted = &is_interrupted});
}

static int run_as_asked(struct session *session) {
    if (session->options->minimise) {
        return minimise(session);
    }
    return session->options->seeds > 0 ? search(session) : simulate_seed(session);
}

// False, and it has complained: mpirun is of no use here.
static bool open_ranks(struct session *session) {
    const char *why = NULL;
    if (!simulate_ranks_open(&session->ranks)) {
        why =
            "built without MPI, so mpirun cannot share its work; install libopenmpi-dev and build "
            "it again";
    } else if (session->ranks.count > 1 && session->options->seeds == 0) {
        why = "mpirun shares the seeds of --seeds or --check; a single run is one process";
    }
    if (why != NULL && session->ranks.own == 0) {
        printable_complain("simulate: %s\n", why);
    }
    return why == NULL;
}

static int run_file(struct session *session) {
    int code = open_ranks(session) ? read_text(session) : PROGRAM_USAGE;
    if (code == PROGRAM_OK) {
        code = run_as_asked(session);
    }
    code = session->ranks.own > 0 ? PROGRAM_OK : code; // the first one answers for all
    simulate_ranks_close(&session->ranks);
    return code;
}

int simulate_session_run(const struct simulate_options *options) {
    struct session *session = calloc(1, sizeof *session);
    ASSERT_MESSAGE(session != NULL, "there is no memory");
    session->options = options;
    session->shows = !options->quiet && !options->json && isatty(STDERR_FILENO) == 1;
    memory_init(&session->memory);
    buffer_init(&session->text, &session->memory);
    simulate_files_init(&session->files, &session->memory, options->file);
    (void)signal(SIGINT, take_signal);
    (void)signal(SIGTERM, take_signal);
    (void)signal(SIGXFSZ, SIG_IGN); // a file that may not grow is an error of its writing
    plan_init(&session->plan, &session->memory);
    if (options->html != NULL || options->csv != NULL) {
        session->series = calloc(1, sizeof *session->series);
        ASSERT_MESSAGE(session->series != NULL, "there is no memory");
    }
    int code = run_file(session);
    free(session->series);
    plan_deinit(&session->plan);
    simulate_files_deinit(&session->files);
    buffer_deinit(&session->text);
    free(session);
    return code;
}
