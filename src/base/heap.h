// A binary heap of deadlines: the earliest is at hand, and adding, moving and removing one costs
// O(log n). Of two that are due at the same time the one with the lower sequence comes first, so
// the order never depends on where anything lies in memory.
//
// An item may say where its place in the heap is to be noted, in a record of the caller's; through
// that note it is moved and removed, and its record is found. What many needed is given back when
// few are left, and an empty heap holds no memory.
#ifndef BASE_HEAP_H
#define BASE_HEAP_H

#include <stdbool.h>

#include "base/memory.h"

struct heap_item {
    uint64_t due;
    uint64_t sequence;
    uint32_t *place; // the caller's, one above the place in `items`; NULL: it is not noted
};

// All zero but `memory` is an empty heap. Read `items` and `count`, leave the rest.
struct heap {
    struct memory *memory;
    struct heap_item *items; // the earliest at 0, those behind it at 2i + 1 and 2i + 2
    uint32_t count;
    uint32_t capacity;
};

void heap_init(struct heap *heap, struct memory *memory);
// Items that are left keep the places they noted, which mean nothing any more.
void heap_deinit(struct heap *heap);

void heap_add(struct heap *heap, struct heap_item item);
// The item at this place of `items` is due at another time.
void heap_move(struct heap *heap, uint32_t at, uint64_t due, uint64_t sequence);
// Its note, if any, is 0 from now on.
void heap_remove(struct heap *heap, uint32_t at);

// Removes those for which `keeps` is false.
void heap_filter(struct heap *heap, bool (*keeps)(void *context, const struct heap_item *item),
                 void *context);

// When the earliest is due; UINT64_MAX if there is none.
static inline uint64_t heap_due(const struct heap *heap) {
    return heap->count == 0 ? UINT64_MAX : heap->items[0].due;
}

// Walks over all items and asserts that they are in order and noted where they are.
void heap_check(const struct heap *heap);

#endif
