// Memory that is taken piece by piece and given back whole: what belongs to a plan lies in one
// arena. Pieces never move, are aligned for any type, and are zero.
#ifndef SCENARIO_ARENA_H
#define SCENARIO_ARENA_H

#include "base/bytes.h"
#include "base/memory.h"

// Blocks in a chain, the newest first; `used` bytes of that one are taken.
struct arena {
    struct memory *memory;
    struct arena_block *blocks;
    size_t used;
    size_t taken; // bytes, of all pieces
};

void arena_init(struct arena *arena, struct memory *memory);
void arena_deinit(struct arena *arena);

// NULL for a size of 0.
void *arena_take(struct arena *arena, size_t size);
// The same bytes, in the arena, with a NUL behind them.
struct bytes arena_copy(struct arena *arena, struct bytes bytes);

#endif
