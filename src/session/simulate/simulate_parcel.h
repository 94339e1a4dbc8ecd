// What one process of a run that several share tells the first one of its part, as bytes: what the
// part came to, how it went over time, and whether its trace could be written. For processes of the
// same program, see sim/account/outcome.h.
#ifndef SESSION_SIMULATE_SIMULATE_PARCEL_H
#define SESSION_SIMULATE_SIMULATE_PARCEL_H

#include "session/simulate/simulate_series.h"
#include "session/simulate/simulate_trace.h"
#include "sim/account/outcome.h"

struct simulate_parcel {
    struct sim_outcome *outcome;
    struct simulate_series *series;   // NULL: nobody asked for it
    char why[SIMULATE_TRACE_WHY_MAX]; // the trace could not be written; empty: it could, or was
                                      // not asked for
};

void simulate_parcel_write(const struct simulate_parcel *parcel, struct buffer *out);
// Adds what another process wrote. Of traces that could not be written the first one counts. False:
// it is of another run, and `sum` is of no use any more.
bool simulate_parcel_add(struct simulate_parcel *sum, struct bytes written);

#endif
