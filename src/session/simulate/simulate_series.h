// How a run went over time: samples of what was counted, at even moments of virtual time. As many
// as SIMULATE_SAMPLES_MAX, however long it lasts.
#ifndef SESSION_SIMULATE_SIMULATE_SERIES_H
#define SESSION_SIMULATE_SIMULATE_SERIES_H

#include <stdio.h>

#include "sim/world.h"

#define SIMULATE_SAMPLES_MAX 600u

// What had happened by one moment of virtual time, in the whole world since its beginning; only
// `connected` and `open` are of the moment itself. Differences of two samples are what the table
// and the page show.
struct simulate_sample {
    uint64_t at; // nanoseconds
    uint64_t published;
    uint64_t delivered;
    uint64_t acknowledged;
    uint64_t lost; // copies
    uint64_t reconnects;
    uint64_t bytes_up;
    uint64_t bytes_down;
    uint64_t connected;
    uint64_t open; // messages and copies under way
};

struct simulate_series {
    struct simulate_sample samples[SIMULATE_SAMPLES_MAX];
    uint32_t count;
};

// Times at which to sample a run of this length: the end of sample `at`, from 0 on.
uint64_t simulate_series_time(uint64_t stop_ns, uint32_t at);
void simulate_series_add(struct simulate_series *series, const struct sim_summary *summary,
                         uint64_t at);

// Adds what another process sampled of its part of the same run, whose bytes these are. False: it
// is of another run.
bool simulate_series_add_up(struct simulate_series *sum, struct bytes other);

// As comma-separated values with a head line: seconds; rates a second for what is counted.
// False: it could not be written.
bool simulate_series_csv(const struct simulate_series *series, FILE *out);

// What was counted between this sample and the one before, a second.
double simulate_series_rate(const struct simulate_series *series, uint32_t at, size_t field);

#endif
