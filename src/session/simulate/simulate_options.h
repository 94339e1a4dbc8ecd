// The options of the program simulate.
#ifndef SESSION_SIMULATE_SIMULATE_OPTIONS_H
#define SESSION_SIMULATE_SIMULATE_OPTIONS_H

#include "shell/run.h"

// The options of the program simulate: which scenario, how it is changed (seed, devices, storm),
// what is written about it, and how it is joined. One run, unless `seeds`, `check` or `minimise`
// ask for many.
struct simulate_options {
    const char *file;
    uint64_t seed;          // where has_seed; else the scenario's
    uint64_t stop;          // nanoseconds of virtual time; 0: as the scenario says
    uint64_t threads;       // 0, with seeds: as many as there are processors
    uint64_t seeds;         // how many are tried until one fails; 0: just one
    uint64_t devices;       // at most: groups become smaller in proportion; 0: as the scenario says
    uint64_t tries;         // candidates of minimise, at most
    const char *output;     // of minimise; NULL: standard output
    const char *html;       // path of a page with the report, or NULL
    const char *csv;        // path of a table of what happened over time, or NULL
    const char *trace;      // a folder for all lines and packets, or NULL
    const char *web;        // [HOST:]PORT of a page that shows the trace, or NULL
    const char *open;       // [NAME:]PORT of a broker that can be joined, or NULL
    const char *until;      // where in virtual time the run goes on in real time, or NULL: at once
    double pace;            // and so many times as fast
    struct run_options run; // of the commands that can be typed then
    bool has_seed;
    bool storm;    // faults drawn for the seed, beside the scenario's
    bool check;    // seeds are tried in their storms, for rules that are broken
    bool minimise; // what goes wrong with the seed is made small
    bool json;
    bool quiet;  // no progress
    bool checks; // every role's invariants, all the time
};

#endif
