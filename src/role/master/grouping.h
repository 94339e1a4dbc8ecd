// Brings packets of a batch that go to the same gate together, so that they lie in one block: a
// broker with subscribers in many networks sends to one after another.
//
// What any one mailbox gets keeps its order: packets pass each other only if they are for different
// gates, and none passes one that is for all.
#ifndef ROLE_MASTER_GROUPING_H
#define ROLE_MASTER_GROUPING_H

#include "base/map.h"

struct grouping {
    struct memory *memory;
    struct map groups;  // of gates, the last of each; only while sorting
    uint32_t *order;    // of `capacity` each
    uint32_t *group_of; // by packet
    uint32_t *ends;     // by group: where the next packet goes
    uint32_t capacity;
};

void grouping_init(struct grouping *grouping, struct memory *memory);
void grouping_deinit(struct grouping *grouping);

// Where the gates of the packets stand, 0 for all: the first one, and from there one every
// `stride` bytes.
struct grouping_gates {
    const uint32_t *first;
    size_t stride;
    uint32_t count;
};

uint32_t grouping_gate_at(struct grouping_gates gates, uint32_t packet);

// The numbers of all packets from 0 on in their new order; valid until the next call.
const uint32_t *grouping_sort(struct grouping *grouping, struct grouping_gates gates);

#endif
