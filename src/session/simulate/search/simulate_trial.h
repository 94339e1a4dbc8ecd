// A scenario run to its end, or to the first message or packet that breaks a rule, on one thread.
#ifndef SESSION_SIMULATE_SEARCH_SIMULATE_TRIAL_H
#define SESSION_SIMULATE_SEARCH_SIMULATE_TRIAL_H

#include <stdatomic.h>

#include "scenario/plan_read.h"
#include "session/simulate/simulate_files.h"
#include "sim/account/outcome.h"

// Drawn faults can make a world repeat itself without end: devices that answer what comes again,
// and are cut off for that. Such a run ends early.
#define SIMULATE_TRIAL_EVENTS UINT64_C(5000000)

struct simulate_trial_options {
    const char *file;        // from where others that it names are found
    bool checks;             // every role's invariants
    bool to_its_end;         // whatever is broken: for who asks for counts and expectations
    const atomic_bool *ends; // set by another thread: nobody wants to know any more; NULL: nobody
};

// It belongs to one thread. `world` is NULL where the file cannot be read, or the world cannot be;
// `why` says the latter.
struct simulate_trial {
    struct memory memory;
    struct simulate_files files;
    struct plan plan;
    struct read_errors errors;
    struct sim_world *world;
    struct sim_outcome outcome; // of the world
    const char *why;
    bool was_ended;    // early, by `ends`
    bool was_too_long; // for SIMULATE_TRIAL_EVENTS
};

// The trial is all zero, and large: it lies on the heap. The text is borrowed until this returns.
void simulate_trial_run(struct simulate_trial *trial, struct bytes text,
                        const struct simulate_trial_options *options);
void simulate_trial_deinit(struct simulate_trial *trial);

// The first expectation that does not hold; NULL: all do.
const struct metric_expectation *simulate_trial_expectation(const struct simulate_trial *trial);

#endif
