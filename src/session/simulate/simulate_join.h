// A simulated world that goes on in real time, or so many times as fast, with a broker of it at a
// real port, and somebody who types: pause, step, run, rule.
//
// The world is taken on in small steps, between which streams and commands are served. It does not
// hurry after time that it lost: where it is slower than asked, its time is. While outsiders cost
// it time, it takes what they send only now and then, so they slow it down by no more than half.
#ifndef SESSION_SIMULATE_SIMULATE_JOIN_H
#define SESSION_SIMULATE_SIMULATE_JOIN_H

#include "shell/run.h"
#include "sim/world.h"

#define SIMULATE_PACE_MAX 1000000.0

// Where to open: a broker of the plan and a port.
struct simulate_place {
    uint32_t broker;
    uint16_t port; // 0: any free one
};

#define SIMULATE_PLACE_WHY_MAX 512
// `[NAME:]PORT`. False, and `why` says for people what is wrong with it.
bool simulate_place_read(const struct plan *plan, const char *text, struct simulate_place *place,
                         char why[static SIMULATE_PLACE_WHY_MAX]);

// A number above 0 and up to SIMULATE_PACE_MAX, as 0.5 or 60. False: it is none.
bool simulate_pace_read(struct bytes text, double *pace);

struct simulate_join_options {
    struct run_options run;
    struct sim_world *world; // with room for SIMULATE_VISITORS_MAX visitors
    struct simulate_place place;
    double pace; // so many times as fast as real time
    uint64_t now;
    void *context;
    void (*go)(void *context, uint64_t until); // takes the whole world on to there
};

extern const struct command_table simulate_join_commands;

// Until the plan's end, or until somebody ends it. Returns the program's exit code; *now is how far
// the world has come.
int simulate_join_run(const struct simulate_join_options *options, uint64_t *now);

#endif
