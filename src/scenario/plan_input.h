// What a plan is read from: bytes, and a way to those of other files.
#ifndef SCENARIO_PLAN_INPUT_H
#define SCENARIO_PLAN_INPUT_H

#include "base/bytes.h"

struct plan_input {
    struct bytes text; // of the file
    // The content of a file that the scenario names, as it is named there; borrowed until plan_read
    // returns. False: it cannot be read. NULL: no other file can be.
    bool (*load)(void *context, struct bytes name, struct bytes *content);
    void *context;
    bool has_seed; // in place of the file's
    uint64_t seed;
};

#endif
