#include "session/simulate/search/simulate_search.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/assert.h"
#include "session/simulate/simulate_report.h"
#include "shell/clock.h"

#define PROGRESS_MS 250
#define HEAR_MS \
    10 // between two looks for the word of other ranks, when there is nothing else to do
#define MS_NS 1000000
#define SECOND_NS 1000000000

// A worker takes the next seed as long as none below it has failed. When one fails, those that try
// a higher one end early.
struct worker {
    struct search *search;
    pthread_t thread;
    uint64_t seed;
    bool is_busy;
    atomic_bool ends;
};

// What the workers of a search share, under the lock: which seed is next, how many work, whether it
// is over, and the result so far. The thread that asked waits until the last worker has ended.
struct search {
    const struct simulate_search_options *options;
    struct simulate_search_result *result;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct worker workers[SIMULATE_SEARCH_WORKERS_MAX];
    unsigned working;
    uint64_t next;
    bool is_over;     // there is no next one
    unsigned unheard; // ranks
    uint64_t all;
    uint64_t began;
};

// ---- one seed -----------------------------------------------------------------------------------

struct simulate_trial *simulate_search_try(const struct simulate_search_options *options,
                                           uint64_t seed, const atomic_bool *ends) {
    struct simulate_trial *trial = calloc(1, sizeof *trial);
    ASSERT_MESSAGE(trial != NULL, "there is no memory");
    struct memory memory;
    struct simulate_files files;
    struct outline outline;
    struct buffer text;
    memory_init(&memory);
    simulate_files_init(&files, &memory, options->file);
    buffer_init(&text, &memory);
    struct simulate_case_options as = options->as;
    as.has_seed = true;
    as.seed = seed;
    struct plan_input input = {
        .text = options->text, .load = simulate_files_load, .context = &files};
    if (simulate_case_make(&outline, &memory, &input, &as, &trial->errors)) {
        outline_write(&outline, &text);
        simulate_trial_run(trial, buffer_bytes(&text),
                           &(struct simulate_trial_options){.file = options->file,
                                                            .checks = options->checks,
                                                            .to_its_end = !options->only_rules,
                                                            .ends = ends});
    }
    outline_deinit(&outline);
    simulate_files_deinit(&files);
    buffer_deinit(&text);
    return trial;
}

void simulate_search_free(struct simulate_trial *trial) {
    simulate_trial_deinit(trial);
    free(trial);
}

static bool has_failed(const struct simulate_search_options *options,
                       const struct simulate_trial *trial) {
    uint32_t island;
    return trial->world == NULL || sim_world_first_finding(trial->world, &island) != NULL ||
           (!options->only_rules && simulate_trial_expectation(trial) != NULL);
}

// ---- workers ------------------------------------------------------------------------------------

// Held by the caller: the lock.
static bool take_seed(struct worker *worker) {
    struct search *search = worker->search;
    const struct simulate_search_result *result = search->result;
    bool is_enough = result->has_failed && search->next > result->seed;
    uint64_t stride = search->options->ranks->count;
    if (search->is_over || is_enough || *search->options->is_interrupted) {
        return false;
    }
    worker->seed = search->next;
    worker->is_busy = true;
    search->is_over = search->options->last - search->next < stride;
    search->next += stride;
    return true;
}

static void note_failure(struct search *search, uint64_t seed) {
    struct simulate_search_result *result = search->result;
    if (result->has_failed && result->seed < seed) {
        return;
    }
    result->has_failed = true;
    result->seed = seed;
    for (unsigned i = 0; i < search->options->workers; i++) {
        struct worker *worker = &search->workers[i];
        if (worker->is_busy && worker->seed > seed) {
            atomic_store(&worker->ends, true);
        }
    }
}

static void note_trial(struct worker *worker, const struct simulate_trial *trial) {
    struct simulate_search_result *result = worker->search->result;
    worker->is_busy = false;
    if (trial->was_ended) {
        return;
    }
    result->tried++;
    result->events += trial->outcome.summary.events;
    result->too_long += trial->was_too_long;
    result->delivered += trial->outcome.summary.verdicts.delivered;
    result->acknowledged += trial->outcome.summary.verdicts.acknowledged;
    for (unsigned i = 0; i < VERDICT_REACHED; i++) {
        result->reached[i] += trial->outcome.summary.verdicts.reached[i];
    }
    if (has_failed(worker->search->options, trial)) {
        note_failure(worker->search, worker->seed);
    }
}

static void *work(void *context) {
    struct worker *worker = context;
    struct search *search = worker->search;
    pthread_mutex_lock(&search->lock);
    while (take_seed(worker)) {
        pthread_mutex_unlock(&search->lock);
        struct simulate_trial *trial =
            simulate_search_try(search->options, worker->seed, &worker->ends);
        pthread_mutex_lock(&search->lock);
        note_trial(worker, trial);
        pthread_mutex_unlock(&search->lock);
        simulate_search_free(trial);
        pthread_mutex_lock(&search->lock);
    }
    search->working--;
    pthread_cond_signal(&search->changed);
    pthread_mutex_unlock(&search->lock);
    return NULL;
}

// ---- the search ---------------------------------------------------------------------------------

static void show_progress(const struct search *search) {
    const struct simulate_search_result *result = search->result;
    double seconds = (double)(clock_steady() - search->began) / SECOND_NS;
    if (search->options->shows) {
        (void)fprintf(stderr, "\r%llu of %llu seeds, %.3g a second, %.3g million events/s\033[K",
                      (unsigned long long)result->tried, (unsigned long long)search->all,
                      (double)result->tried / seconds, (double)result->events / 1e6 / seconds);
        (void)fflush(stderr);
    }
}

static void wait_for_change(struct search *search, long ms) {
    struct timespec until;
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    long ns = until.tv_nsec + ms * MS_NS;
    until.tv_sec += ns / SECOND_NS;
    until.tv_nsec = ns % SECOND_NS;
    (void)pthread_cond_timedwait(&search->changed, &search->lock, &until);
}

static void hear_others(struct search *search) {
    struct simulate_ranks_word word;
    while (search->unheard > 0 && simulate_ranks_hear(search->options->ranks, &word)) {
        search->unheard--;
        if (word.numbers[0] != 0) {
            note_failure(search, word.numbers[1]);
        }
    }
}

// Ends what runs when it is interrupted.
static void watch(struct search *search) {
    const struct simulate_search_result *result = search->result;
    pthread_mutex_lock(&search->lock);
    while (search->working > 0) {
        wait_for_change(search, PROGRESS_MS);
        hear_others(search);
        for (unsigned i = 0; i < search->options->workers && *search->options->is_interrupted;
             i++) {
            atomic_store(&search->workers[i].ends, true);
        }
        if (search->working > 0) {
            show_progress(search);
        }
    }
    simulate_ranks_tell(
        search->options->ranks, SIMULATE_RANKS_ALL,
        &(struct simulate_ranks_word){.numbers = {result->has_failed, result->seed}});
    while (search->unheard > 0) {
        hear_others(search);
        wait_for_change(search, HEAR_MS);
    }
    pthread_mutex_unlock(&search->lock);
    if (search->options->shows) {
        (void)fprintf(stderr, "\r\033[K");
    }
}

// What all ranks counted. Which seed failed they know from each other.
static void add_up(const struct search *search) {
    struct simulate_search_result *result = search->result;
    uint64_t numbers[5 + VERDICT_REACHED] = {result->tried, result->events, result->delivered,
                                             result->acknowledged, result->too_long};
    memcpy(&numbers[5], result->reached, sizeof result->reached);
    simulate_ranks_add_up(search->options->ranks, numbers, sizeof numbers / sizeof *numbers);
    result->tried = numbers[0];
    result->events = numbers[1];
    result->delivered = numbers[2];
    result->acknowledged = numbers[3];
    result->too_long = numbers[4];
    memcpy(result->reached, &numbers[5], sizeof result->reached);
    result->was_interrupted = *search->options->is_interrupted != 0 && !result->has_failed;
    if (result->has_failed && *search->options->is_interrupted == 0) {
        result->tried = result->seed - search->options->first + 1; // all below, and perhaps others
    }
}

static void start_workers(struct search *search) {
    for (unsigned i = 0; i < search->options->workers; i++) {
        struct worker *worker = &search->workers[i];
        worker->search = search;
        int error = pthread_create(&worker->thread, NULL, work, worker);
        ASSERT_MESSAGE(error == 0, "there are no more threads");
    }
}

static struct search *create_search(const struct simulate_search_options *options,
                                    struct simulate_search_result *result) {
    const struct simulate_ranks *ranks = options->ranks;
    struct search *search = calloc(1, sizeof *search);
    ASSERT_MESSAGE(search != NULL, "there is no memory");
    search->options = options;
    search->result = result;
    search->next = options->first + ranks->own;
    search->is_over = options->last - options->first < ranks->own;
    search->unheard = ranks->count - 1;
    search->all = (options->last - options->first) / ranks->count + 1;
    search->began = clock_steady();
    search->working = options->workers;
    pthread_mutex_init(&search->lock, NULL);
    pthread_condattr_t steady;
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&search->changed, &steady);
    pthread_condattr_destroy(&steady);
    return search;
}

void simulate_search_run(const struct simulate_search_options *options,
                         struct simulate_search_result *result) {
    ASSERT(options->workers >= 1 && options->workers <= SIMULATE_SEARCH_WORKERS_MAX);
    ASSERT(options->first <= options->last);
    ASSERT(options->ranks->own < options->ranks->count);
    *result = (struct simulate_search_result){.tried = 0};
    struct search *search = create_search(options, result);
    start_workers(search);
    watch(search);
    for (unsigned i = 0; i < options->workers; i++) {
        pthread_join(search->workers[i].thread, NULL);
    }
    add_up(search);
    pthread_cond_destroy(&search->changed);
    pthread_mutex_destroy(&search->lock);
    result->took_ns = clock_steady() - search->began;
    free(search);
}
