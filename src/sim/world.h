// A simulated world: the plan of a scenario (scenario/plan.h) populated with roles, and run in
// virtual time.
//
// The world falls into islands, parts that exchange nothing: a broker with its devices and the
// network of both. Each has its own time. sim_world_advance takes one of them on to a moment;
// islands may be advanced by different threads, each by one at a time, with equal results.
//
// Islands whose networks routers join exchange lines, and are taken on together, in windows
// (sim/windows.h): a number of jobs that may be done by different threads, likewise with equal
// results. They stand behind all others.
//
// Equal plans give equal worlds: counts, verdicts and fingerprint are the same on every machine,
// with every compiler, however many threads there are.
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include "check/verdict/verdict.h"
#include "scenario/plan.h"
#include "sim/account/counts.h"

struct sim_visitor;
struct sim_world;

struct sim_world_options {
    bool checks;                   // every role's invariants, after each of its events
    bool judges;                   // each packet of MQTT clients, and of brokers to them
    uint32_t visitors;             // that may be there at a time
    const struct sim_trace *trace; // borrowed, until the world is destroyed; NULL: none
    // Of `hands` that play the world together, each its part, this is that of `hand`; 0: it is
    // played as a whole. Of other parts nothing is made.
    uint32_t hands;
    uint32_t hand;
};

// The plan is borrowed. NULL: it cannot be, and *why says so, for people, a constant.
struct sim_world *sim_world_create(const struct plan *plan, const struct sim_world_options *options,
                                   const char **why);
void sim_world_destroy(struct sim_world *world);

const struct plan *sim_world_plan(const struct sim_world *world);
// Of this part of the world, counted from 0 on.
uint32_t sim_world_islands(const struct sim_world *world);
// The number of such an island in the whole world.
uint32_t sim_world_island_number(const struct sim_world *world, uint32_t island);
// Of these, the first that is joined to others.
uint32_t sim_world_joined(const struct sim_world *world);
// On the island of that number, which is not joined, all that is due before `until` happens. Later
// than before.
void sim_world_advance(struct sim_world *world, uint32_t number, uint64_t until);
// Of the joined ones: the next window's number of jobs, each to be done once; 0: they are at
// `until`. Then it is to be closed.
uint32_t sim_world_open_window(struct sim_world *world, uint64_t until);
void sim_world_do_job(struct sim_world *world, uint32_t job);
void sim_world_close_window(struct sim_world *world);
// All of this, by the caller alone.
void sim_world_advance_all(struct sim_world *world, uint64_t until);
// The plan's end has come: what is left open is judged.
void sim_world_finish(struct sim_world *world);

// ---- joining in ---------------------------------------------------------------------------------
//
// For a world that rests at `now`, up to which all of its islands were advanced.

// A client from outside comes to the broker of that number. NULL: there are as many as may be. What
// its broker keeps is bounded from then on.
struct sim_visitor *sim_world_visit(struct sim_world *world, uint32_t number, uint64_t now);
// It leaves, and is not to be used any more.
void sim_world_see_off(struct sim_world *world, struct sim_visitor *visitor, uint64_t now);

// A rule of faults for the streams of all islands; its number, or 0: there are too many.
uint32_t sim_world_add_rule(struct sim_world *world, const struct fault_rule *rule, uint64_t now);
// What waits because of it goes on. False: there is none of that number.
bool sim_world_remove_rule(struct sim_world *world, uint32_t number, uint64_t now);
// Rule `index` of those in force, in their order, with its hits on all islands. False: there are
// not so many.
struct sim_rule_view {
    const struct fault_rule *rule;
    uint32_t number;
    uint64_t hits;
};
bool sim_world_rule(const struct sim_world *world, uint32_t index, struct sim_rule_view *view);

// ---- what came of it ----------------------------------------------------------------------------

// What a whole run came to, added up over its islands: counts, latencies, verdicts. Equal scenarios
// and seeds give equal summaries but for `bytes`, whatever the number of threads; `fingerprint` is
// a sum over all events.
struct sim_summary {
    struct sim_counts counts;
    struct sim_latencies latencies;
    struct verdict_counts verdicts;
    uint64_t events;
    uint64_t fingerprint;
    uint64_t open;    // messages and copies under way
    uint32_t devices; // of the whole world
    uint32_t connected;
    uint32_t islands; // likewise
    uint32_t findings;
    uint64_t visits;
    uint32_t unjudged; // ledgers of islands on which outsiders did more than to look on
    // From the end of the last fault, or the beginning of the calm if that is later, until no
    // message moved any more; SIM_NEVER: there is no calm.
    uint64_t rest_ns;
    size_t bytes; // of memory, in use
};

uint64_t sim_world_events(const struct sim_world *world);
void sim_world_sum_up(const struct sim_world *world, struct sim_summary *summary);
// Adds what was counted for a group of the plan.
void sim_world_tally(const struct sim_world *world, uint32_t group, struct sim_tally *sum);
// The ledger of an island, for its findings. Joined ones share theirs.
const struct verdict *sim_world_verdict(const struct sim_world *world, uint32_t island);

// The earliest finding of all islands, and an island whose ledger has it; NULL: none.
const struct verdict_finding *sim_world_first_finding(const struct sim_world *world,
                                                      uint32_t *island);

// The name of a client of an island's ledger, which is a device; written at `room`.
struct bytes sim_world_client_name(const struct sim_world *world, uint32_t island, uint32_t client,
                                   uint8_t room[static PLAN_NAME_MAX]);
// The topic of a stream of an island's ledger. It stays as long as the world.
struct bytes sim_world_stream_topic(const struct sim_world *world, uint32_t island,
                                    uint32_t stream);

#endif
