// Searches for what breaks: runs a scenario with one seed after the other, on several threads, each
// run on one of them, until one goes wrong. That of the lowest seed is what is found, so the result
// is the same on any number of threads, and of ranks: each of these tries every n-th seed, and all
// of them get the same result.
#ifndef SESSION_SIMULATE_SEARCH_SIMULATE_SEARCH_H
#define SESSION_SIMULATE_SEARCH_SIMULATE_SEARCH_H

#include <signal.h>
#include <stdatomic.h>

#include "session/simulate/search/simulate_case.h"
#include "session/simulate/simulate_ranks.h"
#include "session/simulate/search/simulate_trial.h"

#define SIMULATE_SEARCH_WORKERS_MAX 256u

// Which seeds of which scenario are run, on how many threads, and what counts as a failure. All is
// borrowed until the search has ended.
struct simulate_search_options {
    const char *file;
    struct bytes text; // of it
    uint64_t first;    // seeds
    uint64_t last;
    unsigned workers;                // 1 or more
    struct simulate_case_options as; // but its seed
    bool checks;
    bool only_rules; // expectations do not count, for drawn faults may break them
    bool shows;      // progress
    const struct simulate_ranks *ranks;
    const volatile sig_atomic_t *is_interrupted;
};

// What a search found: the failing seed with the lowest number of those that were run, if there is
// one, and what all runs did together.
struct simulate_search_result {
    bool has_failed;
    bool was_interrupted;
    uint64_t seed; // that failed
    uint64_t tried;
    uint64_t events;
    uint64_t delivered; // copies
    uint64_t acknowledged;
    uint64_t too_long; // runs that ended early
    uint64_t took_ns;
    uint64_t reached[VERDICT_REACHED];
};

void simulate_search_run(const struct simulate_search_options *options,
                         struct simulate_search_result *result);

// The trial of one of the seeds, as the search ran it, on the heap; to be freed by
// simulate_search_free. Where its file has mistakes the trial has them, and no world. `ends` as in
// struct simulate_trial_options.
struct simulate_trial *simulate_search_try(const struct simulate_search_options *options,
                                           uint64_t seed, const atomic_bool *ends);
void simulate_search_free(struct simulate_trial *trial);

#endif
