// Hashes for tables in memory. Seeded, so that a peer who chooses the keys cannot choose the
// collisions; the same seed gives the same table, so a simulation repeats. No hash ever leaves the
// process and no order of a table reaches an output.
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/bytes.h"

// The finaliser of SplitMix64 (Steele, Lea, Flood 2014): every bit of the input moves every bit of
// the result.
static inline uint64_t hash_number(uint64_t number, uint64_t seed) {
    uint64_t x = number + seed + 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

// Eight bytes a step, each folded in by a 64x64 to 128 bit multiplication.
static inline uint64_t hash_bytes(struct bytes bytes, uint64_t seed) {
    uint64_t h = seed ^ (bytes.size * 0x9e3779b97f4a7c15u);
    const uint8_t *at = bytes.data;
    size_t left = bytes.size;
    while (left > 0) {
        uint64_t word = 0;
        size_t take = left < 8 ? left : 8;
        memcpy(&word, at, take);
        __extension__ unsigned __int128 product =
            (unsigned __int128)(h ^ word ^ 0xa0761d6478bd642fu) * 0xe7037ed1a0b428dbu;
        h = (uint64_t)product ^ (uint64_t)(product >> 64);
        at += take;
        left -= take;
    }
    return hash_number(h, seed);
}

#endif
