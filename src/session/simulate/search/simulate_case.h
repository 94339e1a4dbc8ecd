// One case of a scenario: its file with what is drawn for a seed, ranges and faults of a storm
// (sim/storm.h), as a file again. What is searched, made small and kept is such a file, so it can
// be run by itself, and be changed by hand.
#ifndef SESSION_SIMULATE_SEARCH_SIMULATE_CASE_H
#define SESSION_SIMULATE_SEARCH_SIMULATE_CASE_H

#include "scenario/plan_read.h"
#include "scenario/reduce/outline.h"

struct simulate_case_options {
    bool has_seed; // else it is the file's
    uint64_t seed;
    uint64_t stop_ns;     // 0: as in the file
    uint64_t devices_max; // groups of more devices in all become smaller in proportion; 0: no limit
    bool storm;
};

// How long the calm of a run is that ends then. A shorter run than the plan's has a quarter of its
// time at most, or nothing would be left of it that is not calm.
uint64_t simulate_case_calm(const struct plan *plan, uint64_t stop_ns);

// Reads the input and makes the outline of its case, which is to be freed in any case. False: there
// is none, and `errors` has mistakes.
__attribute__((warn_unused_result)) bool
simulate_case_make(struct outline *outline, struct memory *memory, const struct plan_input *input,
                   const struct simulate_case_options *options, struct read_errors *errors);

#endif
