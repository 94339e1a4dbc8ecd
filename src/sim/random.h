// Random numbers that are computed, not drawn: a function of the seed of the run, of whom they are
// about, of what they are for and of a count. What one device draws depends on no other device, so
// one that is taken out of a scenario changes nothing about the rest except what it did to them.
//
// An entity is known by a hash of its name, not by its place among others.
#ifndef SIM_RANDOM_H
#define SIM_RANDOM_H

#include "base/hash.h"

// What numbers are for. Each has its own row of them.
enum sim_purpose {
    SIM_FOR_SEED,   // of a role
    SIM_FOR_STREAM, // one after the other
    SIM_FOR_START,
    SIM_FOR_PHASE,    // of what happens again and again
    SIM_FOR_INTERVAL, //
    SIM_FOR_VALUE,
    SIM_FOR_ANSWER,
    SIM_FOR_JITTER_UP,
    SIM_FOR_JITTER_DOWN,
    SIM_FOR_LOSS_UP,
    SIM_FOR_LOSS_DOWN,
    SIM_FOR_CHURN,
    SIM_FOR_RETRY,
    SIM_FOR_FAULT,
    SIM_FOR_CLOCK,
    SIM_FOR_MISCHIEF,
};

// All numbers of an entity follow from this one.
static inline uint64_t sim_random_entity(uint64_t seed, struct bytes name) {
    return hash_bytes(name, hash_number(seed, 0x73696d756c617465u));
}

static inline uint64_t sim_random(uint64_t entity, enum sim_purpose purpose, uint64_t index) {
    return hash_number(hash_fold(entity, (uint64_t)purpose << 56 ^ index), index);
}

// Below `bound`; 0 if that is 0.
static inline uint64_t sim_random_below(uint64_t random, uint64_t bound) {
    __extension__ unsigned __int128 product = (unsigned __int128)random * bound;
    return (uint64_t)(product >> 64);
}

// True for so many of a million.
static inline bool sim_random_share(uint64_t random, uint32_t share) {
    return sim_random_below(random, 1000000) < share;
}

// Between middle - spread and middle + spread, 0 at least; each as likely as the others.
static inline uint64_t sim_random_around(uint64_t random, uint64_t middle, uint64_t spread) {
    uint64_t least = middle > spread ? middle - spread : 0;
    return least + sim_random_below(random, middle + spread - least + 1);
}

#endif
