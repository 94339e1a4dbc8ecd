// Blocks for many small things that live together, as all that stands on an island of a simulated
// world: without a header, and found again by their size alone. What is asked for goes through a
// struct memory whose source is the pool; any number of them may share one, and each counts its
// own.
//
// A block of up to POOL_BLOCK_MAX bytes is cut from a chunk, and a free one waits for the next of
// its size, rounded up to POOL_STEP, which is also how blocks are aligned. Before the pool grows, a
// free one that is larger is cut in two. Blocks above POOL_BLOCK_MAX are the heap's. Chunks grow
// with the pool, so that of a small one little is unused, and are given back all at once at its
// end.
//
// Under AddressSanitizer all blocks are the heap's, so that it sees each of them.
//
// Limits: none of its own. One thread at a time may use a pool and the memories that it feeds.
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include "base/memory.h"

#define POOL_STEP 8u
#define POOL_BLOCK_MAX 512u

struct pool_chunk;
struct pool_block;

// `at` to `end` is what is left of the newest chunk.
struct pool {
    struct memory heap;
    struct pool_chunk *chunks;
    uint8_t *at;
    uint8_t *end;
    struct pool_block *free[POOL_BLOCK_MAX / POOL_STEP]; // by size: POOL_STEP, twice that, ...
};

void pool_init(struct pool *pool);
// All blocks have been given back.
void pool_deinit(struct pool *pool);

// Asks the processor for all of the chunks at once, if there are no more than `most` bytes: whoever
// comes back to a pool after others have been in the caches waits once, and not for each block.
void pool_prefetch(const struct pool *pool, size_t most);

// What goes through `memory` is from the pool, which outlives it.
void pool_feed(struct pool *pool, struct memory *memory);

#endif
