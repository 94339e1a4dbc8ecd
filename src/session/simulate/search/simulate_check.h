// The search for seeds that go wrong (simulate_search.h) as people ask for it, and what it found:
// the seed, the commands that repeat it and make it small, the rule and the ladder that led to it.
#ifndef SESSION_SIMULATE_SEARCH_SIMULATE_CHECK_H
#define SESSION_SIMULATE_SEARCH_SIMULATE_CHECK_H

#include <signal.h>

#include "base/bytes.h"
#include "session/simulate/simulate_ranks.h"
#include "session/simulate/simulate_options.h"

#define SIMULATE_CHECK_SEEDS 100u // are tried where nobody says how many
#define SIMULATE_CHECK_DEVICES 1000u

struct simulate_check_options {
    const struct simulate_options *options;
    struct bytes text;   // of the file
    uint64_t first_seed; // if the options name none
    bool shows;          // progress
    const struct simulate_ranks *ranks;
    const volatile sig_atomic_t *is_interrupted;
};

// An exit code (shell/program_exit.h). *failed is the seed that went wrong, where the code is
// PROGRAM_FAILED and nothing was told but that: without --check the whole report is to follow. The
// first rank tells; in the others it is PROGRAM_OK.
int simulate_check_run(const struct simulate_check_options *check, uint64_t *failed);

#endif
