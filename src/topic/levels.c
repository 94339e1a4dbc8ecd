#include "topic/levels.h"

#include "base/assert.h"
#include "topic/topic.h"

#define SLOTS_MIN 4

_Static_assert(sizeof(struct level) == 32, "two nodes to a cache line");
_Static_assert(sizeof(uint8_t *) <= LEVEL_TEXT_MAX, "a pointer fits where a short text stands");

void levels_init(struct levels *levels, struct memory *memory, uint64_t seed) {
    *levels = (struct levels){.memory = memory,
                              .seed = seed,
                              .free = LEVELS_NONE,
                              .plus_hash = hash_unfinished(BYTES_LITERAL("+"), seed),
                              .hash_hash = hash_unfinished(BYTES_LITERAL("#"), seed)};
}

// ---- the text of a node -----------------------------------------------------------------------

static uint8_t *far_text(const struct level *level) {
    uint8_t *text;
    memcpy(&text, level->text, sizeof text);
    return text;
}

struct bytes levels_text(const struct level *level) {
    return bytes_make(level->size > LEVEL_TEXT_MAX ? far_text(level) : level->text, level->size);
}

static void set_text(struct levels *levels, struct level *level, struct bytes text) {
    level->size = (uint16_t)text.size;
    if (text.size > LEVEL_TEXT_MAX) {
        uint8_t *copy = memory_resize(levels->memory, NULL, 0, text.size);
        memcpy(copy, text.data, text.size);
        memcpy(level->text, &copy, sizeof copy);
    } else if (text.size > 0) {
        memcpy(level->text, text.data, text.size);
    }
}

static void free_text(struct levels *levels, struct level *level) {
    if (level->size > LEVEL_TEXT_MAX) {
        memory_free(levels->memory, far_text(level), level->size);
    }
    level->size = 0;
}

void levels_deinit(struct levels *levels) {
    for (uint32_t i = 0; i < levels->used; i++) {
        free_text(levels, &levels->items[i]);
    }
    memory_free(levels->memory, levels->items, levels->capacity * sizeof *levels->items);
    memory_free(levels->memory, levels->slots, levels->slots_count * sizeof *levels->slots);
    levels_init(levels, levels->memory, levels->seed);
}

// ---- the hash table from (parent, text) to node: linear probing, backward-shift deletion ------

// Nearly all texts are short: these are compared without a call.
static bool is_child(const struct level *level, uint32_t parent, struct bytes text) {
    if (level->parent != parent || level->size != text.size) {
        return false;
    }
    return text.size <= sizeof(uint64_t)
               ? hash_word(level->text, text.size) == hash_word(text.data, text.size)
               : bytes_equal(levels_text(level), text);
}

uint32_t levels_find_hashed(const struct levels *levels, uint32_t parent,
                            const struct level_key *key, uint32_t hash) {
    uint32_t mask = levels->slots_count - 1;
    for (uint32_t slot = hash & mask;; slot = (slot + 1) & mask) {
        struct level_slot found = levels->slots[slot];
        if (found.node == LEVELS_NONE) {
            return LEVELS_NONE;
        }
        if (found.hash == hash && is_child(&levels->items[found.node], parent, key->text)) {
            return found.node;
        }
    }
}

static void put_slot(struct levels *levels, struct level_slot added) {
    uint32_t mask = levels->slots_count - 1;
    uint32_t slot = added.hash & mask;
    while (levels->slots[slot].node != LEVELS_NONE) {
        slot = (slot + 1) & mask;
    }
    levels->slots[slot] = added;
}

static void set_slots(struct levels *levels, uint32_t slots_count) {
    struct level_slot *old = levels->slots;
    uint32_t old_count = levels->slots_count;
    levels->slots = memory_resize(levels->memory, NULL, 0, slots_count * sizeof *old);
    levels->slots_count = slots_count;
    memset(levels->slots, 0xff, slots_count * sizeof *old);
    for (uint32_t i = 0; i < old_count; i++) {
        if (old[i].node != LEVELS_NONE) {
            put_slot(levels, old[i]);
        }
    }
    memory_free(levels->memory, old, old_count * sizeof *old);
}

static uint32_t slot_of_node(const struct levels *levels, uint32_t node) {
    const struct level *level = &levels->items[node];
    struct level_key key = levels_key(levels, levels_text(level));
    uint32_t mask = levels->slots_count - 1;
    uint32_t slot = levels_hash(levels, level->parent, &key) & mask;
    while (levels->slots[slot].node != node) {
        slot = (slot + 1) & mask;
    }
    return slot;
}

static void clear_slot(struct levels *levels, uint32_t hole) {
    uint32_t mask = levels->slots_count - 1;
    for (uint32_t next = (hole + 1) & mask; levels->slots[next].node != LEVELS_NONE;
         next = (next + 1) & mask) {
        uint32_t distance_from_home = (next - levels->slots[next].hash) & mask;
        if (distance_from_home >= ((next - hole) & mask)) {
            levels->slots[hole] = levels->slots[next];
            hole = next;
        }
    }
    levels->slots[hole].node = LEVELS_NONE;
}

// ---- nodes ------------------------------------------------------------------------------------

static uint32_t take_node(struct levels *levels, uint32_t parent) {
    uint32_t node = levels->free;
    if (node != LEVELS_NONE) {
        levels->free = levels->items[node].parent;
    } else {
        // What stands ready but unused counts as memory of the subscriptions too.
        levels->items = memory_grow_little(levels->memory, levels->items, &levels->capacity,
                                           levels->used + 1, sizeof *levels->items);
        node = levels->used++;
    }
    levels->items[node] = (struct level){.parent = parent};
    return node;
}

static uint8_t wildcard_of(struct bytes text) {
    return topic_level_is(text, '+')   ? LEVEL_HAS_PLUS
           : topic_level_is(text, '#') ? LEVEL_HAS_HASH
                                       : 0;
}

static uint32_t create_node(struct levels *levels, uint32_t parent, const struct level_key *key) {
    uint32_t node = take_node(levels, parent);
    set_text(levels, &levels->items[node], key->text);
    levels->items[parent].children++;
    levels->items[parent].wildcards |= wildcard_of(key->text);
    levels->count++;
    if (levels->count * 4ull > levels->slots_count * 3ull) {
        set_slots(levels, levels->slots_count * 2);
    }
    put_slot(levels, (struct level_slot){levels_hash(levels, parent, key), node});
    return node;
}

uint32_t levels_add(struct levels *levels, uint32_t parent, const struct level_key *key) {
    if (levels->used == 0) {
        uint32_t root = take_node(levels, LEVELS_NONE);
        ASSERT(root == LEVELS_ROOT);
        set_slots(levels, SLOTS_MIN);
    }
    uint32_t node = levels_find(levels, parent, key);
    return node != LEVELS_NONE ? node : create_node(levels, parent, key);
}

static void remove_node(struct levels *levels, uint32_t node) {
    struct level *level = &levels->items[node];
    struct level *parent = &levels->items[level->parent];
    clear_slot(levels, slot_of_node(levels, node));
    parent->children--;
    parent->wildcards &= (uint8_t)~wildcard_of(levels_text(level));
    free_text(levels, level);
    level->parent = levels->free;
    levels->free = node;
    levels->count--;
}

void levels_prune(struct levels *levels, uint32_t node) {
    while (node != LEVELS_ROOT && levels->items[node].kind == 0 &&
           levels->items[node].children == 0) {
        uint32_t parent = levels->items[node].parent;
        remove_node(levels, node);
        node = parent;
    }
    if (levels->count == 0) {
        levels_deinit(levels);
    } else if (levels->slots_count > SLOTS_MIN && levels->count < levels->slots_count / 8) {
        set_slots(levels, levels->slots_count / 2);
    }
}

// ---- what has to hold -------------------------------------------------------------------------

// The node's parent is there, knows of it, and finds it by its text.
static void check_node(const struct levels *levels, uint32_t node) {
    const struct level *level = &levels->items[node];
    struct level_key key = levels_key(levels, levels_text(level));
    uint8_t wildcard = wildcard_of(key.text);
    ASSERT(level->parent < levels->used && levels->items[level->parent].children > 0);
    ASSERT((levels->items[level->parent].wildcards & wildcard) == wildcard);
    ASSERT(levels_find(levels, level->parent, &key) == node);
    ASSERT(level->kind != 0 || level->children > 0); // or it would have been pruned
}

void levels_check(const struct levels *levels) {
    uint64_t children = 0;
    uint32_t hashed = 0;
    for (uint32_t slot = 0; slot < levels->slots_count; slot++) {
        uint32_t node = levels->slots[slot].node;
        if (node != LEVELS_NONE) {
            hashed++;
            check_node(levels, node);
            children += levels->items[node].children;
        }
    }
    children += levels->used == 0 ? 0 : levels->items[LEVELS_ROOT].children;
    uint32_t unused = 0;
    for (uint32_t node = levels->free; node != LEVELS_NONE; node = levels->items[node].parent) {
        ASSERT(node < levels->used && unused < levels->used);
        unused++;
    }
    ASSERT(hashed == levels->count && children == levels->count); // all but the root are children
    ASSERT(levels->used <= levels->capacity);
    ASSERT(levels->used == (levels->count == 0 ? 0 : levels->count + 1 + unused));
    ASSERT((levels->slots_count & (levels->slots_count - 1)) == 0);
}
