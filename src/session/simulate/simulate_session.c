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
#include "session/simulate/simulate_parcel.h"
#include "session/simulate/simulate_report.h"
#include "session/simulate/simulate_series.h"
#include "session/simulate/simulate_threads.h"
#include "session/simulate/simulate_together.h"
#include "session/simulate/simulate_trace.h"
#include "shell/clock.h"
#include "shell/live_page.h"
#include "shell/printable.h"
#include "shell/program_exit.h"

#define SECOND_NS UINT64_C(1000000000)
#define PAGE_FILES_MAX 24
#define ROUND_NS SECOND_NS          // of virtual time, at least
#define PROGRESS_NS (SECOND_NS / 4) // of real time, at a terminal
#define LINES_NS (10 * SECOND_NS)   // likewise, where mpirun stands between
#define ROUNDS 200u                 // of a run
#define PROGRESS_WIDTH 79

// A signal ends a run early, with a report of what there is.
static volatile sig_atomic_t is_interrupted;

static void take_signal(int number) {
    (void)number;
    is_interrupted = 1;
}

// One run of one scenario, from reading the file to the report: the plan, the world, the threads
// that take it on, the ranks that share it or a search, and who wants to see what of it. `with` are
// those that take part in what is done at the moment. Made and ended by one call; the world borrows
// the plan.
struct session {
    const struct simulate_options *options;
    struct memory memory;
    struct buffer text;
    struct simulate_files files;
    struct plan plan;
    struct sim_world *world;
    struct simulate_threads *threads;
    struct simulate_ranks ranks;
    const struct simulate_ranks *with;
    struct simulate_together *together;
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

static const struct simulate_ranks alone = {.count = 1, .here = 1};

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

// What all ranks must have in common: the plan's text is, the files that it names need not be.
static uint64_t digest(const struct session *session) {
    uint64_t digest = hash_number(session->plan.seed, session->plan.stop_ns);
    for (uint32_t i = 0; i < session->files.count; i++) {
        struct bytes file = buffer_bytes(&session->files.items[i]);
        digest = hash_bytes(file, digest);
    }
    return hash_number(digest, sizeof(struct sim_outcome));
}

// False, and the first one has complained.
static bool agree(const struct session *session) {
    unsigned who;
    bool do_agree = simulate_ranks_agree(session->with, digest(session), &who);
    if (!do_agree && session->with->own == 0) {
        printable_complain("simulate: %s: process %u of %u reads other files than process 0; all "
                           "machines need the same program and the same files\n",
                           session->options->file, who, session->with->count);
    }
    return do_agree;
}

static int read_plan(struct session *session) {
    const char *file = session->options->file;
    struct read_errors *errors = calloc(1, sizeof *errors);
    ASSERT_MESSAGE(errors != NULL, "there is no memory");
    bool tells;
    bool is_good = read_plan_of(session, buffer_bytes(&session->text), errors);
    bool is_bad = simulate_ranks_any(session->with, !is_good, &tells);
    if (tells) {
        simulate_errors_tell(file, errors);
    }
    free(errors);
    return !is_bad && agree(session) ? PROGRAM_OK : PROGRAM_UNUSABLE;
}

static int read_text(struct session *session) {
    const char *file = session->options->file;
    bool is_first = session->with->own == 0;
    const char *why = is_first ? simulate_files_read(file, &session->text) : NULL;
    if (why != NULL) {
        printable_complain("simulate: %s: %s\n", file, why);
    }
    if (simulate_ranks_any(session->with, why != NULL, &is_first)) {
        return PROGRAM_UNUSABLE;
    }
    simulate_ranks_spread(session->with, &session->text);
    return PROGRAM_OK;
}

static void apply_options(struct session *session) {
    const struct simulate_options *options = session->options;
    struct plan *plan = &session->plan;
    if (options->stop > 0) {
        plan->calm_ns = simulate_case_calm(plan, options->stop);
        plan->stop_ns = options->stop;
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

// How far this process is.
static struct simulate_standing stand(const struct session *session) {
    struct sim_summary *summary = malloc(sizeof *summary);
    ASSERT_MESSAGE(summary != NULL, "there is no memory");
    sim_world_sum_up(session->world, summary);
    struct simulate_standing standing = {session->now, summary->events, summary->counts.connected};
    free(summary);
    return standing;
}

static void print_progress(const struct session *session, const struct simulate_standing *all) {
    char of[SIMULATE_SPAN_SIZE];
    char stop[SIMULATE_SPAN_SIZE];
    bool is_line = session->with->count > 1;
    double seconds = (double)(session->shown_at - session->began) / 1e9;
    double simulated = (double)all->simulated;
    (void)fprintf(stderr,
                  "%s%3.0f %%  %s of %s, %.3g times as fast, %.3g million events/s, %llu "
                  "connected%s",
                  is_line ? "" : "\r", 100 * simulated / (double)session->plan.stop_ns,
                  simulate_report_span(simulated, of),
                  simulate_report_span((double)session->plan.stop_ns, stop),
                  simulated / 1e9 / seconds, (double)all->events / 1e6 / seconds,
                  (unsigned long long)all->connected, is_line ? "\n" : "\033[K");
    (void)fflush(stderr);
}

// Shown by the first rank, of all; the others tell it. What mpirun passes on is no terminal, so of
// several it is lines.
static void show_progress(struct session *session) {
    const struct simulate_options *options = session->options;
    uint64_t now = clock_steady();
    bool is_first = session->with->own == 0;
    bool is_shared = session->with->count > 1;
    bool shows = is_shared ? !options->quiet && !options->json : session->shows;
    uint64_t pause = is_shared && is_first ? LINES_NS : PROGRESS_NS;
    if (!shows || now - (session->shown_at > 0 ? session->shown_at : session->began) < pause) {
        return;
    }
    session->shown_at = now;
    struct simulate_standing own = stand(session);
    struct simulate_standing all = simulate_together_stand(session->together, &own);
    if (is_first) {
        print_progress(session, &all);
    }
}

static void end_progress(const struct session *session) {
    if (session->shows && session->shown_at > 0 && session->with->count == 1) {
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
    while (session->now < end && simulate_together_goes_on(session->together)) {
        go(session, end - session->now > round ? session->now + round : end);
        show_progress(session);
    }
    end_progress(session);
    if (session->with->own > 0) {
        struct simulate_standing own = stand(session);
        (void)simulate_together_stand(session->together, &own);
    }
}

// To the end, or as far as it comes. *code is changed if joining in failed.
static void run(struct session *session, int *code) {
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

// An exit code.
static int report(struct session *session, const struct sim_outcome *outcome) {
    struct simulate_result result = {.plan = &session->plan,
                                     .outcome = outcome,
                                     .file = session->options->file,
                                     .simulated_ns = session->now,
                                     .took_ns = clock_steady() - session->began,
                                     .was_interrupted = session->now < session->plan.stop_ns,
                                     .has_storm = session->options->storm};
    if (session->options->json) {
        simulate_report_json(&result, stdout);
    } else {
        simulate_report_text(&result, stdout);
    }
    bool is_written = write_file(session, &result, session->options->html, write_page);
    is_written = write_file(session, &result, session->options->csv, write_table) && is_written;
    if (fflush(stdout) != 0) {
        printable_complain("simulate: the report cannot be written\n");
        is_written = false;
    }
    return !is_written                        ? PROGRAM_UNUSABLE
           : simulate_result_is_good(&result) ? PROGRAM_OK
                                              : PROGRAM_FAILED;
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

// What is wrong with the folder, at `why`; empty: it can be used, or none was asked for.
static void open_trace_at(struct session *session, char why[static SIMULATE_TRACE_WHY_MAX]) {
    bool is_shared = session->with->own > 0;
    if (session->options->trace != NULL) {
        session->trace =
            simulate_trace_open(session->options->trace, &session->plan, is_shared, why);
    }
}

// False, and one rank has complained. The first one looks whether the folder is empty.
static bool open_trace(struct session *session) {
    char why[SIMULATE_TRACE_WHY_MAX] = "";
    bool is_first = session->with->own == 0;
    bool tells;
    if (is_first) {
        open_trace_at(session, why);
    }
    bool is_bad = simulate_ranks_any(session->with, why[0] != '\0', &tells);
    if (!is_bad && !is_first) {
        open_trace_at(session, why);
    }
    is_bad = is_bad || simulate_ranks_any(session->with, why[0] != '\0', &tells);
    if (tells) {
        printable_complain("simulate: --trace %s\n", why);
    }
    return !is_bad && (session->trace == NULL || open_page(session));
}

// Empty: nothing could not be written.
static void close_trace(struct session *session, char why[static SIMULATE_TRACE_WHY_MAX]) {
    why[0] = '\0';
    (void)simulate_trace_close(session->trace, why);
    session->trace = NULL;
}

// False, and one rank has complained: the plan cannot be.
static bool open_world(struct session *session) {
    const char *why;
    const struct simulate_trace *trace = session->trace;
    bool is_small = session->plan.device_count <= SIMULATE_JUDGED_MAX;
    bool tells;
    struct sim_world_options options = {
        .checks = session->options->checks,
        .judges = is_small || session->options->checks,
        .visitors = session->options->open != NULL ? SIMULATE_VISITORS_MAX : 0,
        .trace = trace == NULL ? NULL : simulate_trace_port(trace),
        .hands = session->with->count,
        .hand = session->with->own};
    session->began = clock_steady();
    session->world = sim_world_create(&session->plan, &options, &why);
    bool is_bad = simulate_ranks_any(session->with, session->world == NULL, &tells);
    if (tells) {
        printable_complain("simulate: %s: %s\n", session->options->file, why);
    }
    if (is_bad && session->world != NULL) {
        sim_world_destroy(session->world);
    }
    if (is_bad) {
        return false;
    }
    session->threads = simulate_threads_create(session->world, (unsigned)session->options->threads);
    session->together = simulate_together_create(session->with, &is_interrupted);
    if (session->series != NULL) {
        session->series->count = 0;
    }
    return true;
}

static void close_world(struct session *session) {
    simulate_together_destroy(session->together);
    simulate_threads_destroy(session->threads);
    sim_world_destroy(session->world);
}

// ---- what it came to ----------------------------------------------------------------------------

struct gathering {
    struct session *session;
    struct simulate_parcel *parcel;
};

static void wait_for_others(void *context) {
    const struct gathering *gathering = context;
    show_progress(gathering->session);
}

static void take_parcel(void *context, struct bytes written) {
    const struct gathering *gathering = context;
    bool is_added = simulate_parcel_add(gathering->parcel, written);
    ASSERT_MESSAGE(is_added, "a process of the same run told of another one");
}

// The first rank adds what the others came to; they give it theirs. False: the run was ended.
static bool gather(struct session *session, struct simulate_parcel *parcel) {
    struct gathering gathering = {session, parcel};
    struct buffer written;
    if (session->with->own == 0) {
        bool is_whole = simulate_together_gather(
            session->together,
            &(struct simulate_gathering){&gathering, wait_for_others, take_parcel});
        end_progress(session);
        return is_whole;
    }
    buffer_init(&written, &session->memory);
    simulate_parcel_write(parcel, &written);
    bool is_given = simulate_together_give(session->together, buffer_bytes(&written));
    buffer_deinit(&written);
    return is_given;
}

static int tell_interruption(const struct session *session) {
    unsigned who;
    bool was_ended = simulate_together_was_ended(session->together, &who);
    ASSERT(was_ended);
    printable_complain("simulate: process %u of %u was interrupted, which ends the run; several "
                       "processes report only of a whole one\n",
                       who, session->with->count);
    return PROGRAM_FAILED;
}

// Writes the rest of the trace, and reports.
static int conclude(struct session *session) {
    struct simulate_parcel parcel = {.series = session->series};
    int code = PROGRAM_OK;
    parcel.outcome = malloc(sizeof *parcel.outcome);
    ASSERT_MESSAGE(parcel.outcome != NULL, "there is no memory");
    sim_outcome_init(parcel.outcome, &session->memory, session->world);
    close_trace(session, parcel.why);
    bool is_whole = gather(session, &parcel);
    if (session->with->own == 0) {
        code = is_whole ? report(session, parcel.outcome) : tell_interruption(session);
    }
    if (session->with->own == 0 && parcel.why[0] != '\0') {
        printable_complain("simulate: --trace %s\n", parcel.why);
        code = PROGRAM_UNUSABLE;
    }
    sim_outcome_deinit(parcel.outcome);
    free(parcel.outcome);
    return code;
}

static int simulate(struct session *session) {
    char why[SIMULATE_TRACE_WHY_MAX];
    if (!open_trace(session) || !open_world(session)) {
        close_trace(session, why);
        return PROGRAM_UNUSABLE;
    }
    int joined = PROGRAM_OK;
    run(session, &joined);
    int code = conclude(session);
    close_world(session);
    close_page(session);
    return joined == PROGRAM_UNUSABLE || code == PROGRAM_OK ? joined : code;
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
    session->with = &alone; // the first one, that is
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

// NULL, or why mpirun is of no use here.
static const char *refusal(const struct session *session, bool is_open) {
    const struct simulate_options *options = session->options;
    if (!is_open) {
        return "built without MPI, so mpirun cannot share its work; install libopenmpi-dev and "
               "build it again";
    }
    if (session->ranks.count == 1) {
        return NULL;
    }
    return options->minimise       ? "--minimise is one process; start it without mpirun"
           : options->open != NULL ? "--open joins one process; start it without mpirun"
           : options->web != NULL  ? "--web shows what one process does; start it without mpirun"
                                   : NULL;
}

// False, and it has complained.
static bool open_ranks(struct session *session) {
    const char *why = refusal(session, simulate_ranks_open(&session->ranks));
    session->with = &session->ranks;
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
