#include "scenario/arena.h"

#include "base/assert.h"

#define BLOCK_BYTES 16384u
#define ALIGNMENT 16u

struct arena_block {
    struct arena_block *before;
    size_t size; // of the bytes behind this header
    _Alignas(ALIGNMENT) uint8_t bytes[];
};

void arena_init(struct arena *arena, struct memory *memory) {
    *arena = (struct arena){.memory = memory};
}

void arena_deinit(struct arena *arena) {
    while (arena->blocks != NULL) {
        struct arena_block *block = arena->blocks;
        arena->blocks = block->before;
        memory_free(arena->memory, block, sizeof *block + block->size);
    }
    arena_init(arena, arena->memory);
}

static void add_block(struct arena *arena, size_t least) {
    size_t size = least > BLOCK_BYTES ? least : BLOCK_BYTES;
    struct arena_block *block = memory_allocate(arena->memory, sizeof *block + size);
    block->before = arena->blocks;
    block->size = size;
    arena->blocks = block;
    arena->used = 0;
}

void *arena_take(struct arena *arena, size_t size) {
    if (size == 0) {
        return NULL;
    }
    ASSERT(size < SIZE_MAX - ALIGNMENT);
    size_t rounded = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (arena->blocks == NULL || rounded > arena->blocks->size - arena->used) {
        add_block(arena, rounded);
    }
    uint8_t *piece = arena->blocks->bytes + arena->used;
    arena->used += rounded;
    ASSERT(arena->used <= arena->blocks->size);
    arena->taken += size;
    return piece;
}

struct bytes arena_copy(struct arena *arena, struct bytes bytes) {
    uint8_t *copy = arena_take(arena, bytes.size + 1);
    if (bytes.size > 0) {
        memcpy(copy, bytes.data, bytes.size);
    }
    return bytes_make(copy, bytes.size);
}
