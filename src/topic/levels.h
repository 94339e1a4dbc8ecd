// A trie of topic levels: what topic/tree.h hangs its subscriptions on.
//
// All nodes stand in one array; a child is found by hashing (parent, text), so a node with a
// million children costs no more to descend than one with two. A node takes 32 bytes and its place
// in the hash table 11 to 21; a text of up to LEVEL_TEXT_MAX bytes stands in the node itself, a
// longer one in a block of its own. Nothing is allocated before the first node and nothing is left
// after the last. A node's number stays the same while it lives; numbers are given out by the
// sequence of additions and removals alone, never by the seed.
#ifndef TOPIC_LEVELS_H
#define TOPIC_LEVELS_H

#include "base/hash.h"
#include "base/memory.h"

#define LEVELS_NONE UINT32_MAX
#define LEVELS_ROOT 0 // the node above all first levels; there as long as the trie has others
#define LEVEL_TEXT_MAX 12

// Which wildcard children a node has: spares looking for those that are not there.
#define LEVEL_HAS_PLUS 1
#define LEVEL_HAS_HASH 2

// A node of the trie: one level of a topic below its parent. A node with children or with something
// of the owner's stays; others are given back, to a list of free ones. Fields are as small as they
// can be, since there is one for nearly each subscription.
struct level {
    uint32_t parent; // of a free node: the next free one
    uint32_t children;
    uint16_t size;
    uint8_t wildcards; // LEVEL_HAS_...
    uint8_t kind;      // the owner's; 0 at first. A node with another kind or with children stays.
    uint8_t text[LEVEL_TEXT_MAX]; // the text, or a pointer to it if it is longer
    union {                       // the owner's; all zero at first
        struct {
            uint32_t subscriber;
            uint32_t detail;
        } one;
        struct topic_entries *many;
    } entries;
};

struct level_slot {
    uint32_t hash;
    uint32_t node; // LEVELS_NONE marks an empty slot
};

// A tree of levels in one array. A child is found by the hash of its parent and its text, in an
// open table of slots, so a node needs no list of its children but only their number.
struct levels {
    struct memory *memory;
    struct level *items;
    struct level_slot *slots;
    uint64_t seed;
    uint32_t capacity;
    uint32_t used;        // items[used] and above were never given out
    uint32_t free;        // the first of those given back, or LEVELS_NONE
    uint32_t count;       // nodes alive, the root not counted
    uint32_t slots_count; // 0 or a power of two
    uint64_t plus_hash;   // of the wildcards, which each search asks for
    uint64_t hash_hash;
};

// A level's text with its hash, so that one hash serves every parent asked about it.
struct level_key {
    struct bytes text;
    uint64_t hash; // see hash_unfinished
};

void levels_init(struct levels *levels, struct memory *memory, uint64_t seed);
void levels_deinit(struct levels *levels);

static inline struct level_key levels_key(const struct levels *levels, struct bytes text) {
    return (struct level_key){text, hash_unfinished(text, levels->seed)};
}

// What the child of `parent` with that text is found by.
static inline uint32_t levels_hash(const struct levels *levels, uint32_t parent,
                                   const struct level_key *key) {
    return (uint32_t)hash_number(key->hash + parent * 0x9e3779b97f4a7c15u, levels->seed);
}

// Asks the processor to fetch what levels_find_hashed will read first.
static inline void levels_prefetch(const struct levels *levels, uint32_t hash) {
    __builtin_prefetch(&levels->slots[hash & (levels->slots_count - 1)]);
}

// The child of `parent` with that text, or LEVELS_NONE, by its hash. The trie must not be empty.
uint32_t levels_find_hashed(const struct levels *levels, uint32_t parent,
                            const struct level_key *key, uint32_t hash);

static inline uint32_t levels_find(const struct levels *levels, uint32_t parent,
                                   const struct level_key *key) {
    return levels_find_hashed(levels, parent, key, levels_hash(levels, parent, key));
}

// As levels_find, but adds the child if it is missing, and the root before the first one. Moves
// all nodes: pointers to them are invalid afterwards.
uint32_t levels_add(struct levels *levels, uint32_t parent, const struct level_key *key);

// Removes the node if neither its owner nor a child needs it, then its parent likewise, and so on.
void levels_prune(struct levels *levels, uint32_t node);

// Valid until the next levels_add or levels_prune.
struct bytes levels_text(const struct level *level);

// Asserts what has to hold between any two calls; it walks all nodes.
void levels_check(const struct levels *levels);

#endif
