// Runs a scenario in virtual time: reads it, populates a world, takes it on to its end on as many
// threads as are asked for, and reports.
#ifndef SESSION_SIMULATE_SIMULATE_SESSION_H
#define SESSION_SIMULATE_SIMULATE_SESSION_H

#include <stdbool.h>
#include <stdint.h>

struct simulate_options {
    const char *file;
    uint64_t seed; // where has_seed; else the scenario's
    uint64_t stop; // nanoseconds of virtual time; 0: as the scenario says
    uint64_t threads;
    uint64_t seeds;    // how many are tried, one after the other, until one fails; 0: just one
    const char *html;  // path of a page with the report, or NULL
    const char *csv;   // path of a table of what happened over time, or NULL
    const char *trace; // a folder for all lines and packets, or NULL
    bool has_seed;
    bool storm; // faults drawn for the seed, beside the scenario's
    bool json;
    bool quiet;  // no progress
    bool checks; // every role's invariants, all the time
};

// An exit code (shell/program_exit.h): 0 all that is expected holds and no rule was broken.
int simulate_session_run(const struct simulate_options *options);

#endif
