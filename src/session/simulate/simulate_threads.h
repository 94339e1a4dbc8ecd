// Takes a simulated world on to a moment, with a number of threads: each takes one island after the
// other. Islands exchange nothing, so which thread takes which makes no difference. Those that are
// joined are then taken on in windows, of which each thread takes one job after the other.
#ifndef SESSION_SIMULATE_SIMULATE_THREADS_H
#define SESSION_SIMULATE_SIMULATE_THREADS_H

#include "sim/world.h"

#define SIMULATE_THREADS_MAX 256u

struct simulate_threads;

// `count` in all, the caller's included. They wait until they are needed.
struct simulate_threads *simulate_threads_create(struct sim_world *world, unsigned count);
void simulate_threads_destroy(struct simulate_threads *threads);

// Returns when all islands are there.
void simulate_threads_advance(struct simulate_threads *threads, uint64_t until);

#endif
