// What a run came to, apart from its world: sums, what each group did, and the first rule that was
// broken with what led to it. Reports and expectations are made of it.
//
// Processes that run parts of one world write theirs down, and one of them adds all up. What comes
// out is what one process would have found: all numbers are sums or maxima, and of findings the
// earliest counts, on the island with the lowest number.
//
// What is written is for processes of the same program on machines of the same kind: structures as
// they are, without pointers.
#ifndef SIM_ACCOUNT_OUTCOME_H
#define SIM_ACCOUNT_OUTCOME_H

#include "base/buffer.h"
#include "sim/world.h"

struct sim_name {
    uint32_t size;
    uint8_t text[PLAN_NAME_MAX];
};

// A finding with the names that its numbers stand for.
struct sim_finding {
    struct verdict_finding what;
    uint32_t island;           // by its number in the plan
    uint32_t publisher;        // whose message it is about; VERDICT_NONE: it is about none
    struct sim_name client;    // whom it is about; empty: nobody
    struct sim_name published; // the publisher's
    struct bytes topic;        // of the message; empty: it is about none
};

// The earliest of the world's; its topic stays as long as the world. False: there is none.
bool sim_finding_first(const struct sim_world *world, struct sim_finding *finding);

// `tallies`: as many as the plan has groups, with histograms where an expectation needs them. The
// outcome owns them, and the text of the finding's topic.
struct sim_outcome {
    const struct plan *plan; // borrowed
    struct memory *memory;
    struct sim_summary summary;
    struct sim_tally *tallies;
    struct sim_finding finding;
    struct buffer topic;
    bool has_finding;
};

// What the world has come to so far, which is not needed any more then.
void sim_outcome_init(struct sim_outcome *outcome, struct memory *memory,
                      const struct sim_world *world);
void sim_outcome_deinit(struct sim_outcome *outcome);

void sim_outcome_write(const struct sim_outcome *outcome, struct buffer *out);
// Adds what another process wrote of its part of the world. False, and nothing was added: it is no
// outcome of this plan.
bool sim_outcome_add(struct sim_outcome *sum, struct bytes written);

// What is counted by groups only, of all of them.
struct sim_tally sim_outcome_groups(const struct sim_outcome *outcome);

#endif
