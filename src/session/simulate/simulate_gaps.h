// What a plan asks for and the simulator does not do: a run would not be what its scenario says, so
// its user is told.
#ifndef SESSION_SIMULATE_SIMULATE_GAPS_H
#define SESSION_SIMULATE_SIMULATE_GAPS_H

#include "scenario/plan.h"

// The key of number `index` among those that the plan uses and that have no effect; NULL behind the
// last one.
const char *simulate_gap(const struct plan *plan, unsigned index);

#endif
