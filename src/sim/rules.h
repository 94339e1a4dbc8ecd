// Rules of faults (fault/set.h) on the streams of an island: what one end sends is taken apart into
// packets, and what is decided about each is done to it. A stream is ordered, so a packet that is
// late or held keeps all behind it waiting, as on a proxy (role/proxy).
//
// Lines have rules of their own at each device (sim/link/line_rules.h), which come and go with
// these.
//
// `lost` tells the ledger of each packet that a rule removes, or delays for ever.
#ifndef SIM_RULES_H
#define SIM_RULES_H

#include "sim/link/line_rules.h"
#include "sim/link/stream.h"

struct sim_rules_watch {
    void *context;
    // A PUBLISH that `side` sent does not arrive.
    void (*lost)(void *context, struct sim_stream *stream, enum sim_side side,
                 struct bytes payload);
};

// A rule that may be about lines has another number there, the same at each device.
struct sim_rules_pair {
    uint32_t number;
    uint32_t of_lines;
};

// The rules of one island: `set` decides about its streams, and each device that speaks lines has a
// set of its own, of which `pairs` tell what a rule is called there. The director ticks them; it is
// woken when a packet that was put aside has to go earlier than it knows.
struct sim_rules {
    struct sim_island *island;
    struct fault_set set;
    struct sim_rules_watch watch;
    struct sim_node *clock; // that sim_rules_tick is called by: woken when this is due earlier
    uint64_t aside_due;     // when the first packet that others are to overtake goes in any case
    struct sim_line_rules *lines; // of all devices of the island that speak lines
    struct sim_rules_pair *pairs;
    uint32_t pair_count;
    uint32_t pair_capacity;
};

void sim_rules_init(struct sim_rules *rules, struct sim_island *island,
                    const struct sim_rules_watch *watch);
void sim_rules_deinit(struct sim_rules *rules);

// The rule's number; 0: there are too many.
uint32_t sim_rules_add(struct sim_rules *rules, const struct fault_rule *rule);
// What waits because of it goes on. False: there is none of that number.
bool sim_rules_remove(struct sim_rules *rules, uint32_t number);

// How often the rule hit that stands at `index` of the set, on streams and on lines.
uint64_t sim_rules_hits(const struct sim_rules *rules, uint32_t index);

// In place of sim_stream_send. `rules` NULL: there are none.
void sim_rules_send(struct sim_rules *rules, struct sim_stream *stream, enum sim_side side,
                    struct bytes bytes, uint64_t leaves);

// Rules that act by the clock: when the next one does, and its doing.
uint64_t sim_rules_due(const struct sim_rules *rules);
void sim_rules_tick(struct sim_rules *rules);

#endif
