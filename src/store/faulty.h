// The store `faulty` wraps another for tests and lets some calls fail, by a plan that follows from
// its seed: before they reach the other store, after they did (so that it is done, and nobody was
// told), or in between (the later requests are not done).
#ifndef STORE_FAULTY_H
#define STORE_FAULTY_H

#include "store/store.h"

// Owns `inner` from then on. `percent` of the calls of execute fail.
struct store *store_faulty_open(struct store *inner, uint64_t seed, unsigned percent);

#endif
