// The allocator that everything in the core is handed, in the manner of Lua's: one function that
// allocates, resizes and frees, and that is always told the old size. So a role's memory can be
// counted to the byte, a test can make it fail, and the simulator can use an arena.
//
// It is an account as well: with a `limit`, whoever is about to keep something because a peer asked
// for it asks memory_has_room first, and refuses the peer if there is none. The marks of enum
// memory_mark leave headroom, so that a role whose peers have filled it up still answers the
// others. The limit is held by asking: memory_resize itself goes past it, and stops the program
// with a message only if the machine has no memory left. It never returns NULL for a size above 0.
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What a block costs beside the bytes asked for: the C library's header and rounding, and a little
// for the holes between blocks.
#define MEMORY_BLOCK_COST 24

struct memory {
    // As realloc: block NULL and old_size 0 allocate, new_size 0 frees and returns NULL. May return
    // NULL to say that there is none. `owner` is the struct memory itself.
    void *(*resize)(struct memory *owner, void *block, size_t old_size, size_t new_size);
    void *source;         // of what resize gives, where that is not the heap
    size_t bytes_in_use;  // the sum of the sizes asked for, maintained by memory_resize
    size_t blocks_in_use; // likewise the number of blocks
    size_t charged;       // what is kept elsewhere for the same peers, by memory_charge
    size_t measured;      // see memory_measure
    size_t limit;         // 0: there is none
    size_t most;          // the highest memory_used so far
};

// What a peer makes us keep is refused above one of these marks.
enum memory_mark {
    MEMORY_KEPT,     // what may stay for long: wills, retained messages, queues of the absent; 3/4
    MEMORY_SERVING,  // what is on its way: packets, queues of clients that are connected; 7/8
    MEMORY_ENTERING, // newcomers, and their first small subscriptions; 15/16
    MEMORY_ANSWER,   // answers, and the next message for who has read all before it; the whole
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

// Likewise, by an eighth: for a few large arrays, of which what stands ready but unused would be
// much.
void *memory_grow_little(struct memory *memory, void *items, uint32_t *capacity, uint32_t needed,
                         size_t item_size);

// What others keep for the peers of this account: libraries, other threads. Taken back by
// memory_discharge.
void memory_charge(struct memory *memory, size_t bytes);
void memory_discharge(struct memory *memory, size_t bytes);

// What the process was found to hold. Where that is more than is accounted for, because of holes
// between blocks or of libraries, what is above an eighth of the limit counts too, for the first
// two marks.
void memory_measure(struct memory *memory, size_t bytes);

static inline size_t memory_counted(const struct memory *memory) {
    return memory->bytes_in_use + memory->blocks_in_use * MEMORY_BLOCK_COST + memory->charged;
}

static inline size_t memory_used(const struct memory *memory) {
    size_t counted = memory_counted(memory);
    return counted > memory->measured ? counted : memory->measured;
}

// Whether with `bytes` more not even half of the limit is in use: then there is room above all
// marks. A quick look before the exact one. Always true without a limit.
static inline bool memory_has_plenty(const struct memory *memory, size_t bytes) {
    size_t half = memory->limit / 2;
    return memory->limit == 0 ||
           (bytes <= half && memory_counted(memory) <= half - bytes && memory->measured <= half);
}

bool memory_has_room_exactly(const struct memory *memory, enum memory_mark mark, size_t bytes);

// Whether `bytes` more may be kept without passing the mark. Always true without a limit.
static inline bool memory_has_room(const struct memory *memory, enum memory_mark mark,
                                   size_t bytes) {
    return memory_has_plenty(memory, bytes) || memory_has_room_exactly(memory, mark, bytes);
}

// What one peer may hold at most of each kind: an eighth of the limit.
static inline size_t memory_share(const struct memory *memory) {
    return memory->limit == 0 ? SIZE_MAX : memory->limit / 8;
}

#endif
