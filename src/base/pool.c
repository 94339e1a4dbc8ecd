#include "base/pool.h"

#include <string.h>

#include "base/apart.h"
#include "base/assert.h"

#define CHUNK_MIN 2048u
#define CHUNK_MAX 262144u
#define CHUNK_SHARE 16u // a new chunk is this part of what the pool holds
#define CACHE_LINE 64u

#if defined(__SANITIZE_ADDRESS__)
#define ALL_FROM_HEAP true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ALL_FROM_HEAP true
#endif
#endif
#ifndef ALL_FROM_HEAP
#define ALL_FROM_HEAP false
#endif

struct pool_chunk {
    struct pool_chunk *next;
    size_t bytes;
};

struct pool_block {
    struct pool_block *next;
};

static bool is_from_pool(size_t size) {
    return !ALL_FROM_HEAP && size > 0 && size <= POOL_BLOCK_MAX;
}

static size_t class_of(size_t size) {
    return (size - 1) / POOL_STEP;
}

static void put(struct pool *pool, void *at, size_t class) {
    struct pool_block *block = at;
    block->next = pool->free[class];
    pool->free[class] = block;
}

// What is left of the newest chunk is of use as a block: all sizes are multiples of the step.
static void add_chunk(struct pool *pool) {
    size_t left = (size_t)(pool->end - pool->at);
    if (left > 0) {
        put(pool, pool->at, class_of(left));
    }
    size_t bytes = pool->heap.bytes_in_use / CHUNK_SHARE;
    bytes = bytes < CHUNK_MIN ? CHUNK_MIN : bytes > CHUNK_MAX ? CHUNK_MAX : bytes;
    bytes -= bytes % POOL_STEP;
    struct pool_chunk *chunk = memory_resize(&pool->heap, NULL, 0, bytes);
    *chunk = (struct pool_chunk){pool->chunks, bytes};
    pool->chunks = chunk;
    pool->at = (uint8_t *)(chunk + 1);
    pool->end = (uint8_t *)chunk + bytes;
}

// The front of the smallest free block that is larger; NULL: there is none.
static void *split_larger(struct pool *pool, size_t class) {
    for (size_t larger = class + 1; larger < POOL_BLOCK_MAX / POOL_STEP; larger++) {
        struct pool_block *block = pool->free[larger];
        if (block != NULL) {
            pool->free[larger] = block->next;
            put(pool, (uint8_t *)block + (class + 1) * POOL_STEP, larger - class - 1);
            return block;
        }
    }
    return NULL;
}

// Before the pool grows, free blocks of other sizes are of use: what was left of chunks, and what
// arrays that have grown stood in.
APART static void *take_new(struct pool *pool, size_t class) {
    size_t size = (class + 1) * POOL_STEP;
    if ((size_t)(pool->end - pool->at) < size) {
        void *part = split_larger(pool, class);
        if (part != NULL) {
            return part;
        }
        add_chunk(pool);
    }
    void *taken = pool->at;
    pool->at += size;
    return taken;
}

static void *take(struct pool *pool, size_t class) {
    struct pool_block *block = pool->free[class];
    if (block == NULL) {
        return take_new(pool, class);
    }
    pool->free[class] = block->next;
    return block;
}

// Apart from the ways of small blocks, which need no room on the stack.
APART static void *move(struct pool *pool, void *block, size_t old_size, size_t new_size) {
    bool was_ours = is_from_pool(old_size);
    bool is_ours = is_from_pool(new_size);
    if (was_ours && is_ours && class_of(old_size) == class_of(new_size)) {
        return block;
    }
    if (!was_ours && !is_ours) {
        return memory_resize(&pool->heap, block, old_size, new_size);
    }
    void *moved = is_ours        ? take(pool, class_of(new_size))
                  : new_size > 0 ? memory_resize(&pool->heap, NULL, 0, new_size)
                                 : NULL;
    size_t kept = old_size < new_size ? old_size : new_size;
    if (kept > 0) {
        memcpy(moved, block, kept);
    }
    if (was_ours) {
        put(pool, block, class_of(old_size));
    } else {
        memory_free(&pool->heap, block, old_size);
    }
    return moved;
}

static void *resize(struct memory *owner, void *block, size_t old_size, size_t new_size) {
    struct pool *pool = owner->source;
    if (old_size == 0 && is_from_pool(new_size)) {
        return take(pool, class_of(new_size));
    }
    if (new_size == 0 && is_from_pool(old_size)) {
        put(pool, block, class_of(old_size));
        return NULL;
    }
    return move(pool, block, old_size, new_size);
}

void pool_init(struct pool *pool) {
    *pool = (struct pool){.at = NULL};
    memory_init(&pool->heap);
}

void pool_deinit(struct pool *pool) {
    while (pool->chunks != NULL) {
        struct pool_chunk *chunk = pool->chunks;
        pool->chunks = chunk->next;
        memory_free(&pool->heap, chunk, chunk->bytes);
    }
    ASSERT(pool->heap.blocks_in_use == 0);
    *pool = (struct pool){.at = NULL};
}

void pool_prefetch(const struct pool *pool, size_t most) {
    if (pool->heap.bytes_in_use > most) {
        return;
    }
    for (const struct pool_chunk *chunk = pool->chunks; chunk != NULL; chunk = chunk->next) {
        for (size_t at = 0; at < chunk->bytes; at += CACHE_LINE) {
            __builtin_prefetch((const uint8_t *)chunk + at, 1);
        }
    }
}

void pool_feed(struct pool *pool, struct memory *memory) {
    *memory = (struct memory){.resize = resize, .source = pool};
}
