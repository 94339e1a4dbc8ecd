// Random numbers that are computed, not drawn: a function of the seed, the rule, the client, the
// direction, the packet's number and which draw it is. So what is decided about a packet does not
// depend on what came between: equal seeds decide equally, however the packets of others interleave
// with it in time.
#ifndef FAULT_RANDOM_H
#define FAULT_RANDOM_H

#include "base/assert.h"
#include "base/hash.h"

struct fault_random {
    uint64_t state;
    uint64_t draws;
};

struct fault_coordinates {
    uint64_t seed;
    uint64_t client; // a hash of its identifier
    uint64_t packet; // counted from 1, of this client and direction
    uint32_t rule;   // its number
    uint32_t direction;
};

static inline struct fault_random fault_random_at(const struct fault_coordinates *at) {
    uint64_t state = hash_number(at->seed, 0x6661756c74u);
    state = hash_fold(state, (uint64_t)at->rule << 32 | at->direction);
    state = hash_fold(state, at->client);
    return (struct fault_random){hash_number(hash_fold(state, at->packet), at->seed), 0};
}

static inline uint64_t fault_random_next(struct fault_random *random) {
    return hash_number(random->state, ++random->draws * 0x9e3779b97f4a7c15u);
}

// Below `bound`; each as likely as the others, to 1 in 2^64 / bound.
static inline uint64_t fault_random_below(struct fault_random *random, uint64_t bound) {
    ASSERT(bound > 0);
    __extension__ unsigned __int128 product = (unsigned __int128)fault_random_next(random) * bound;
    return (uint64_t)(product >> 64);
}

// True for so many of a million.
static inline bool fault_random_share(struct fault_random *random, uint32_t share) {
    return fault_random_below(random, 1000000) < share;
}

#endif
