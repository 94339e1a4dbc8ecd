#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

static void *heap_resize(struct memory *owner, void *block, size_t old_size, size_t new_size) {
    (void)owner;
    (void)old_size;
    if (new_size == 0) {
        free(block);
        return NULL;
    }
    return realloc(block, new_size);
}

void memory_init(struct memory *memory) {
    *memory = (struct memory){.resize = heap_resize};
}

static void note_most(struct memory *memory) {
    size_t counted = memory_counted(memory);
    memory->most = memory->most > counted ? memory->most : counted;
}

void *memory_resize(struct memory *memory, void *block, size_t old_size, size_t new_size) {
    ASSERT((block == NULL) == (old_size == 0));
    if (old_size == 0 && new_size == 0) {
        return NULL;
    }
    void *moved = memory->resize(memory, block, old_size, new_size);
    ASSERT_MESSAGE(moved != NULL || new_size == 0, "out of memory");
    memory->bytes_in_use += new_size - old_size;
    memory->blocks_in_use += (size_t)(old_size == 0) - (size_t)(new_size == 0);
    if (new_size > old_size) {
        note_most(memory);
    }
    return moved;
}

void *memory_allocate(struct memory *memory, size_t size) {
    void *block = memory_resize(memory, NULL, 0, size);
    if (size > 0) {
        memset(block, 0, size);
    }
    return block;
}

void memory_free(struct memory *memory, void *block, size_t size) {
    (void)memory_resize(memory, block, block == NULL ? 0 : size, 0);
}

static void *set_capacity(struct memory *memory, void *items, uint32_t *capacity, uint32_t grown,
                          size_t item_size) {
    void *moved = memory_resize(memory, items, *capacity * item_size, grown * item_size);
    *capacity = grown;
    return moved;
}

void *memory_grow(struct memory *memory, void *items, uint32_t *capacity, uint32_t needed,
                  size_t item_size) {
    uint32_t grown = *capacity + *capacity / 2;
    return needed <= *capacity
               ? items
               : set_capacity(memory, items, capacity, grown < needed ? needed : grown, item_size);
}

void *memory_grow_little(struct memory *memory, void *items, uint32_t *capacity, uint32_t needed,
                         size_t item_size) {
    uint32_t grown = *capacity + *capacity / 8 + 1;
    return needed <= *capacity
               ? items
               : set_capacity(memory, items, capacity, grown < needed ? needed : grown, item_size);
}

// ---- the account ------------------------------------------------------------------------------

void memory_charge(struct memory *memory, size_t bytes) {
    memory->charged += bytes;
    note_most(memory);
}

void memory_discharge(struct memory *memory, size_t bytes) {
    ASSERT(bytes <= memory->charged);
    memory->charged -= bytes;
}

void memory_measure(struct memory *memory, size_t bytes) {
    size_t tolerated = memory->limit / 8;
    memory->measured = bytes > tolerated ? bytes - tolerated : 0;
}

static size_t mark_of(size_t limit, enum memory_mark mark) {
    switch (mark) {
    case MEMORY_KEPT:
        return limit - limit / 4;
    case MEMORY_SERVING:
        return limit - limit / 8;
    case MEMORY_ENTERING:
        return limit - limit / 16;
    case MEMORY_ANSWER:
        break;
    }
    return limit;
}

bool memory_has_room_exactly(const struct memory *memory, enum memory_mark mark, size_t bytes) {
    size_t most = mark_of(memory->limit, mark);
    // What is small finds its place in the holes between blocks.
    bool is_small = mark == MEMORY_ENTERING || mark == MEMORY_ANSWER;
    size_t used = is_small ? memory_counted(memory) : memory_used(memory);
    return used <= most && bytes <= most - used;
}
