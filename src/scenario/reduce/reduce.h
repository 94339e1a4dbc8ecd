// Makes a scenario that goes wrong small: takes away what it goes wrong without, and makes numbers
// smaller and rounder, as long as it goes wrong in the same way. What that is says the caller, who
// runs each candidate.
//
// It works from the whole to the parts (hierarchical delta debugging, Misherghi and Su 2006): at
// each level of the file many parts at a time are taken away, then half as many, down to single
// ones; then texts are made simpler, one by one; and all again until nothing changes. Equal answers
// lead to equal results. A candidate need not be a scenario that can be: who runs it says no then.
#ifndef SCENARIO_REDUCE_REDUCE_H
#define SCENARIO_REDUCE_REDUCE_H

#include "scenario/reduce/outline.h"

struct reduce_port {
    // Whether that file goes wrong in the same way. `text` is borrowed until it returns.
    bool (*fails)(void *context, struct bytes text);
    void *context;
};

struct reduce_options {
    uint32_t tries_max;
    uint64_t stop_ns; // when it went wrong: all behind it is tried to be without; 0: not known
};

// Returns how many candidates were tried. The outline has what is left, which fails, if it did so
// before.
uint32_t reduce_outline(struct outline *outline, const struct reduce_port *port,
                        const struct reduce_options *options);

#endif
