// A scenario's file, YAML, into a plan. Bytes are handed in; no file is opened here. All mistakes
// are found, not the first one only, each with line, column, key, what is allowed there and the
// nearest word: keys that there are not, or are there twice, units, references to nothing, values
// that cannot be, too much of anything.
//
// What may stand in the file says schema.h. It may be anything at all: what it can make the reader
// keep is bounded by the bounds of yaml.h and plan.h.
#ifndef SCENARIO_PLAN_READ_H
#define SCENARIO_PLAN_READ_H

#include "scenario/plan.h"
#include "scenario/plan_input.h"
#include "scenario/read/read_errors.h"

// The plan is initialised here, and plan_deinit frees it in any case. False: `errors` has mistakes,
// one at least, and the plan is not to be used.
__attribute__((warn_unused_result)) bool plan_read(struct plan *plan, struct memory *memory,
                                                   const struct plan_input *input,
                                                   struct read_errors *errors);

#endif
