// What led to a broken rule, as a ladder: the publisher on the left, the broker in the middle, the
// subscriber on the right, time downwards. At most 80 columns.
#ifndef SESSION_SIMULATE_SEARCH_SIMULATE_LADDER_H
#define SESSION_SIMULATE_SEARCH_SIMULATE_LADDER_H

#include <stdio.h>

#include "sim/account/outcome.h"

// The rule, what it demands, and the ladder.
void simulate_ladder_print(const struct sim_finding *finding, FILE *out);

#endif
