// One run that the processes of mpirun share: each plays its part of the world's islands, which
// exchange nothing, so they need no word of each other until the end. Then the first one gathers
// what all parts came to, and reports.
//
// On the way they tell the first one how far they are. Whoever gets a signal tells it, too, and it
// ends the run for all.
#ifndef SESSION_SIMULATE_SIMULATE_TOGETHER_H
#define SESSION_SIMULATE_SIMULATE_TOGETHER_H

#include <signal.h>

#include "session/simulate/simulate_ranks.h"

// How far a part, or the whole, has come.
struct simulate_standing {
    uint64_t simulated; // nanoseconds of virtual time
    uint64_t events;
    uint64_t connected;
};

struct simulate_together;

// The ranks are borrowed; with just one of them there is nobody else to wait for.
struct simulate_together *simulate_together_create(const struct simulate_ranks *ranks,
                                                   const volatile sig_atomic_t *is_interrupted);
void simulate_together_destroy(struct simulate_together *together);

// False: the run ends, for this process or another one was interrupted.
bool simulate_together_goes_on(struct simulate_together *together);
// Which process was, where several share the run; false: none.
bool simulate_together_was_ended(const struct simulate_together *together, unsigned *who);

// How far this process is. Returns how far all are, as far as the first one knows: the least time,
// and the sums of what is counted.
struct simulate_standing simulate_together_stand(struct simulate_together *together,
                                                 const struct simulate_standing *own);

// What the first process does with the parcels of the others, which come in any order.
struct simulate_gathering {
    void *context;
    void (*waits)(void *context); // now and then, until all are there
    void (*takes)(void *context, struct bytes parcel);
};

// False: the run was ended. The first process returns when it has all parcels ...
bool simulate_together_gather(struct simulate_together *together,
                              const struct simulate_gathering *gathering);
// ... and the others when it has theirs.
bool simulate_together_give(struct simulate_together *together, struct bytes parcel);

#endif
