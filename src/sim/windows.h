// Islands that routers join are run in windows of virtual time. What a router or the master says to
// the other takes the window's width at least, so it never arrives in the window in which it was
// said: each island can be run through the window by itself, by any thread. Between two windows
// flights change islands (sim/link/flight.h).
//
// These islands share a ledger. It hears what happened in a window while the next one is run, from
// the logs of all fronts (sim/account/front.h), in the order of events. That is the order in which
// a single island would have told it.
//
// A window begins when the next event is due on any of the islands; those on which nothing is due
// before its end are passed over. So neither its beginning nor its end depends on how many threads
// there are, nor does anything else.
//
// A window is a number of jobs, each to be done once, in any order, by any thread: those of
// islands, and the ledger's.
#ifndef SIM_WINDOWS_H
#define SIM_WINDOWS_H

#include "base/heap.h"
#include "sim/account/front.h"
#include "sim/account/ledger.h"
#include "sim/island.h"

struct sim_windows_options {
    uint64_t width;
    struct sim_ledger *ledger;
    uint64_t *heard_at; // the ledger's time
    struct sim_island **islands;
    uint32_t count;
};

// A log that is being heard, up to `at`. `place` is its own in the heap.
struct sim_log_reader {
    const struct buffer *log;
    size_t at;
    uint32_t place;
};

// `due`: when the next event of each island is. `jobs`: the islands of the window, and in the other
// row those of the one before, whose logs are not heard yet.
struct sim_windows {
    struct memory *memory;
    struct sim_windows_options options;
    uint64_t *due;
    uint32_t *jobs[2];
    uint32_t job_count[2];
    uint32_t row; // of the window; its islands write the log of that number
    uint64_t end; // of the window
    struct heap heads;
    struct sim_log_reader *readers;
    bool goes_on; // or else anything may have happened to the islands since the last window
};

void sim_windows_init(struct sim_windows *windows, struct memory *memory,
                      const struct sim_windows_options *options);
void sim_windows_deinit(struct sim_windows *windows);

// The next window, which ends at `until` at the latest: how many jobs it has. 0: nothing is due
// before `until`, and all was heard.
uint32_t sim_windows_open(struct sim_windows *windows, uint64_t until);
// The island of a job, to be run up to the window's end and then to be said that it was; or NULL:
// it was the ledger's, which is done.
struct sim_island *sim_windows_job(struct sim_windows *windows, uint32_t job);
void sim_windows_done(struct sim_windows *windows, uint32_t job);
// All jobs are done.
void sim_windows_close(struct sim_windows *windows);

// What was told outside of windows is heard.
void sim_windows_settle(struct sim_windows *windows);

#endif
