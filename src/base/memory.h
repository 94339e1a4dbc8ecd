// The allocator that everything in the core is handed, in the manner of Lua's: one function that
// allocates, resizes and frees, and that is always told the old size. So a role's memory can be
// counted to the byte, a test can make it fail, and the simulator can use an arena.
//
// What the core allocates is bounded by its limits; if the machine cannot give even that, there is
// no useful way on, and memory_resize stops the program with a message. It never returns NULL for
// a size above 0.
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>
#include <stdint.h>

struct memory {
    // As realloc: block NULL and old_size 0 allocate, new_size 0 frees and returns NULL. May return
    // NULL to say that there is none. `owner` is the struct memory itself.
    void *(*resize)(struct memory *owner, void *block, size_t old_size, size_t new_size);
    size_t bytes_in_use;  // the sum of the sizes asked for, maintained by memory_resize
    size_t blocks_in_use; // likewise the number of blocks
};

// A struct memory on the C library's heap. One thread at a time may use it.
void memory_init(struct memory *memory);

void *memory_resize(struct memory *memory, void *block, size_t old_size, size_t new_size);

// The bytes of a new block are zero.
void *memory_allocate(struct memory *memory, size_t size);
void memory_free(struct memory *memory, void *block, size_t size);

// Makes room in a growing array: returns `items`, moved if need be, with room for at least `needed`
// items of `item_size` bytes, and sets *capacity to what there is room for now. Grows by half, so
// that a million small arrays do not waste half their memory. New items are not initialised.
void *memory_grow(struct memory *memory, void *items, uint32_t *capacity, uint32_t needed,
                  size_t item_size);

#endif
