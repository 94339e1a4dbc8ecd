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

// Up to eight bytes as one number, without a call of memcpy for a size that varies: the halves
// overlap. Texts of one size have the same number only if they are the same.
static inline uint64_t hash_word(const uint8_t *at, size_t size) {
    if (size >= 4) {
        uint32_t first;
        uint32_t last;
        memcpy(&first, at, sizeof first);
        memcpy(&last, at + size - sizeof last, sizeof last);
        return (uint64_t)first << 32 | last;
    }
    return size == 0 ? 0 : (uint64_t)at[0] << 16 | (uint64_t)at[size / 2] << 8 | at[size - 1];
}

static inline uint64_t hash_fold(uint64_t h, uint64_t word) {
    __extension__ unsigned __int128 product =
        (unsigned __int128)(h ^ word ^ 0xa0761d6478bd642fu) * 0xe7037ed1a0b428dbu;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

// Eight bytes a step, each folded in by a 64x64 to 128 bit multiplication. Good enough where the
// result goes through hash_number later.
static inline uint64_t hash_unfinished(struct bytes bytes, uint64_t seed) {
    uint64_t h = seed ^ (bytes.size * 0x9e3779b97f4a7c15u);
    const uint8_t *at = bytes.data;
    size_t left = bytes.size;
    for (; left > 8; at += 8, left -= 8) {
        uint64_t word;
        memcpy(&word, at, sizeof word);
        h = hash_fold(h, word);
    }
    return hash_fold(h, hash_word(at, left));
}

static inline uint64_t hash_bytes(struct bytes bytes, uint64_t seed) {
    return hash_number(hash_unfinished(bytes, seed), seed);
}

#endif
