// Makes a scenario that goes wrong with a seed small, to what it takes: a rule that is broken, or
// an expectation that does not hold, as it is or in the storm of the seed. What comes of it is a
// file that goes wrong in the same way when it is run as any other.
#ifndef SESSION_SIMULATE_SEARCH_SIMULATE_MINIMISE_H
#define SESSION_SIMULATE_SEARCH_SIMULATE_MINIMISE_H

#include <signal.h>

#include "session/simulate/search/simulate_search.h"

struct simulate_minimise_options {
    const char *file;
    struct bytes text; // of it
    struct simulate_case_options as;
    const char *output; // NULL: standard output
    uint64_t tries_max;
    bool checks;
    bool shows; // progress
    const volatile sig_atomic_t *is_interrupted;
};

// An exit code (shell/program_exit.h): PROGRAM_FAILED if nothing goes wrong.
int simulate_minimise_run(const struct simulate_minimise_options *options);

#endif
