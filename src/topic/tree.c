#include "topic/tree.h"

#include "base/assert.h"
#include "base/map.h"
#include "topic/topic.h"

#define INDEX_FROM 17 // entries at one node from which on they are found through the map ...
#define INDEX_BELOW 8 // ... and below which they are no longer

// How the entries of a node are kept: struct level's kind.
enum kind { KIND_NONE, KIND_ONE, KIND_MANY, KIND_INDEXED };

struct entry {
    uint32_t subscriber;
    uint32_t detail;
};

struct topic_entries {
    uint32_t count; // 2 or more
    uint32_t capacity;
    struct entry items[];
};

void topic_tree_init(struct topic_tree *tree, struct memory *memory, uint64_t seed) {
    *tree = (struct topic_tree){.index = NULL};
    levels_init(&tree->levels, memory, seed);
}

static size_t entries_bytes(uint32_t capacity) {
    return sizeof(struct topic_entries) + capacity * sizeof(struct entry);
}

static void free_entries(struct topic_tree *tree, struct topic_entries *many) {
    memory_free(tree->levels.memory, many, entries_bytes(many->capacity));
}

static void free_index(struct topic_tree *tree) {
    if (tree->index != NULL) {
        map_deinit(tree->index);
        memory_free(tree->levels.memory, tree->index, sizeof *tree->index);
        tree->index = NULL;
    }
}

void topic_tree_deinit(struct topic_tree *tree) {
    for (uint32_t i = 0; i < tree->levels.used; i++) {
        if (tree->levels.items[i].kind >= KIND_MANY) {
            free_entries(tree, tree->levels.items[i].entries.many);
        }
    }
    free_index(tree);
    levels_deinit(&tree->levels);
    tree->entries = tree->nodes = 0;
}

// ---- the entries of one node ------------------------------------------------------------------

static uint64_t index_key(uint32_t node, uint32_t subscriber) {
    return (uint64_t)node << 32 | subscriber;
}

static void add_to_index(struct topic_tree *tree, uint32_t node, uint32_t place) {
    struct entry *entry = &tree->levels.items[node].entries.many->items[place];
    map_put(tree->index, index_key(node, entry->subscriber), place);
}

static void start_index(struct topic_tree *tree, uint32_t node) {
    struct level *level = &tree->levels.items[node];
    if (tree->index == NULL) {
        tree->index = memory_allocate(tree->levels.memory, sizeof *tree->index);
        map_init(tree->index, tree->levels.memory, tree->levels.seed);
    }
    for (uint32_t i = 0; i < level->entries.many->count; i++) {
        add_to_index(tree, node, i);
    }
    level->kind = KIND_INDEXED;
}

static void stop_index(struct topic_tree *tree, uint32_t node) {
    struct level *level = &tree->levels.items[node];
    for (uint32_t i = 0; i < level->entries.many->count; i++) {
        map_remove(tree->index, index_key(node, level->entries.many->items[i].subscriber));
    }
    level->kind = KIND_MANY;
    if (tree->index->count == 0) {
        free_index(tree);
    }
}

// Where the subscriber stands among the node's entries, or MAP_NONE.
static uint32_t place_of(const struct topic_tree *tree, uint32_t node, uint32_t subscriber) {
    const struct level *level = &tree->levels.items[node];
    switch ((enum kind)level->kind) {
    case KIND_NONE:
        return MAP_NONE;
    case KIND_ONE:
        return level->entries.one.subscriber == subscriber ? 0 : MAP_NONE;
    case KIND_MANY:
        for (uint32_t i = 0; i < level->entries.many->count; i++) {
            if (level->entries.many->items[i].subscriber == subscriber) {
                return i;
            }
        }
        return MAP_NONE;
    case KIND_INDEXED:
        return map_get(tree->index, index_key(node, subscriber));
    }
    return MAP_NONE;
}

static uint32_t *detail_at(struct level *level, uint32_t place) {
    return level->kind == KIND_ONE ? &level->entries.one.detail
                                   : &level->entries.many->items[place].detail;
}

static void set_capacity(struct topic_tree *tree, struct level *level, uint32_t capacity) {
    struct topic_entries *many = level->entries.many;
    many = memory_resize(tree->levels.memory, many, entries_bytes(many->capacity),
                         entries_bytes(capacity));
    many->capacity = capacity;
    level->entries.many = many;
}

static void one_to_many(struct topic_tree *tree, struct level *level) {
    struct topic_entries *many = memory_resize(tree->levels.memory, NULL, 0, entries_bytes(2));
    many->count = 1;
    many->capacity = 2;
    many->items[0] = (struct entry){level->entries.one.subscriber, level->entries.one.detail};
    level->entries.many = many;
    level->kind = KIND_MANY;
}

static void many_to_one(struct topic_tree *tree, struct level *level) {
    struct topic_entries *many = level->entries.many;
    level->entries.one.subscriber = many->items[0].subscriber;
    level->entries.one.detail = many->items[0].detail;
    level->kind = KIND_ONE;
    free_entries(tree, many);
}

static void append_entry(struct topic_tree *tree, uint32_t node, struct entry entry) {
    struct level *level = &tree->levels.items[node];
    struct topic_entries *many = level->entries.many;
    if (many->count == many->capacity) {
        set_capacity(tree, level, many->capacity + many->capacity / 4 + 1);
        many = level->entries.many;
    }
    many->items[many->count++] = entry;
    if (level->kind == KIND_INDEXED) {
        add_to_index(tree, node, many->count - 1);
    } else if (many->count >= INDEX_FROM) {
        start_index(tree, node);
    }
}

static void add_entry(struct topic_tree *tree, uint32_t node, struct entry entry) {
    struct level *level = &tree->levels.items[node];
    if (level->kind == KIND_NONE) {
        level->kind = KIND_ONE;
        level->entries.one.subscriber = entry.subscriber;
        level->entries.one.detail = entry.detail;
        return;
    }
    if (level->kind == KIND_ONE) {
        one_to_many(tree, level);
    }
    append_entry(tree, node, entry);
}

// The last entry takes the place of the removed one, so a removal costs the same wherever it is.
static void remove_from_many(struct topic_tree *tree, uint32_t node, uint32_t place) {
    struct level *level = &tree->levels.items[node];
    struct topic_entries *many = level->entries.many;
    if (level->kind == KIND_INDEXED) {
        map_remove(tree->index, index_key(node, many->items[place].subscriber));
    }
    many->count--;
    if (place < many->count) {
        many->items[place] = many->items[many->count];
        if (level->kind == KIND_INDEXED) {
            add_to_index(tree, node, place);
        }
    }
    if (level->kind == KIND_INDEXED && many->count < INDEX_BELOW) {
        stop_index(tree, node);
    }
    if (many->count == 1) {
        many_to_one(tree, level);
    } else if (many->count < many->capacity / 2) {
        set_capacity(tree, level, many->count + many->count / 4 + 1);
    }
}

// ---- filters ----------------------------------------------------------------------------------

uint32_t topic_tree_insert(struct topic_tree *tree, struct bytes filter, uint32_t subscriber,
                           uint32_t detail) {
    uint32_t node = LEVELS_ROOT;
    uint32_t depth = 0;
    for (size_t at = 0; at <= filter.size; depth++) {
        ASSERT_MESSAGE(depth < TOPIC_LEVELS_MAX, "a filter was inserted without being checked");
        struct level_key key = levels_key(&tree->levels, topic_level(filter, at));
        node = levels_add(&tree->levels, node, &key);
        at += key.text.size + 1;
    }
    tree->nodes = tree->levels.count;
    uint32_t place = place_of(tree, node, subscriber);
    if (place != MAP_NONE) {
        *detail_at(&tree->levels.items[node], place) = detail;
    } else {
        add_entry(tree, node, (struct entry){subscriber, detail});
        tree->entries++;
    }
    return node;
}

uint32_t topic_tree_find(const struct topic_tree *tree, struct bytes filter) {
    if (tree->entries == 0) {
        return TOPIC_TREE_NONE;
    }
    uint32_t node = LEVELS_ROOT;
    for (size_t at = 0; at <= filter.size && node != LEVELS_NONE;) {
        struct level_key key = levels_key(&tree->levels, topic_level(filter, at));
        node = levels_find(&tree->levels, node, &key);
        at += key.text.size + 1;
    }
    bool is_inhabited = node != LEVELS_NONE && tree->levels.items[node].kind != KIND_NONE;
    return is_inhabited ? node : TOPIC_TREE_NONE;
}

bool topic_tree_has_first(const struct topic_tree *tree, struct bytes level) {
    if (tree->entries == 0) {
        return false;
    }
    struct level_key key = levels_key(&tree->levels, level);
    return levels_find(&tree->levels, LEVELS_ROOT, &key) != LEVELS_NONE;
}

bool topic_tree_find_entry(const struct topic_tree *tree, uint32_t node, uint32_t subscriber,
                           uint32_t *detail) {
    if (node == TOPIC_TREE_NONE) {
        return false;
    }
    ASSERT(node < tree->levels.used);
    uint32_t place = place_of(tree, node, subscriber);
    if (place == MAP_NONE) {
        return false;
    }
    *detail = *detail_at(&tree->levels.items[node], place);
    return true;
}

void topic_tree_remove(struct topic_tree *tree, uint32_t node, uint32_t subscriber) {
    ASSERT(node < tree->levels.used);
    uint32_t place = place_of(tree, node, subscriber);
    if (place == MAP_NONE) {
        return;
    }
    tree->entries--;
    if (tree->levels.items[node].kind >= KIND_MANY) {
        remove_from_many(tree, node, place);
    } else {
        tree->levels.items[node].kind = KIND_NONE;
        levels_prune(&tree->levels, node);
        tree->nodes = tree->levels.count;
    }
}

// A node with its places in the arrays, which grow ahead of need, and the block of a long text.
static size_t level_cost(size_t text_bytes) {
    return 2 * (sizeof(struct level) + sizeof(struct level_slot)) + MEMORY_BLOCK_COST + text_bytes;
}

#define SUBSCRIBER_COST 64 // its entry, and its place in the index

size_t topic_filter_cost(struct bytes filter) {
    size_t cost = SUBSCRIBER_COST;
    for (size_t at = 0; at <= filter.size;) {
        size_t size = topic_level(filter, at).size;
        cost += level_cost(size);
        at += size + 1;
    }
    return cost;
}

size_t topic_tree_cost(const struct topic_tree *tree, uint32_t node) {
    size_t cost = SUBSCRIBER_COST;
    for (; node != LEVELS_ROOT; node = tree->levels.items[node].parent) {
        ASSERT(node < tree->levels.used);
        cost += level_cost(tree->levels.items[node].size);
    }
    return cost;
}

void topic_tree_filter(const struct topic_tree *tree, uint32_t node, struct buffer *out) {
    uint32_t path[TOPIC_LEVELS_MAX];
    uint32_t depth = 0;
    for (; node != LEVELS_ROOT; node = tree->levels.items[node].parent) {
        ASSERT(node < tree->levels.used && depth < TOPIC_LEVELS_MAX);
        path[depth++] = node;
    }
    while (depth > 0) {
        buffer_append(out, levels_text(&tree->levels.items[path[--depth]]));
        if (depth > 0) {
            buffer_append_byte(out, '/');
        }
    }
}

// ---- matching ---------------------------------------------------------------------------------

struct place {
    uint32_t node;
    uint32_t depth; // how many levels of the name the node stands for
};

// One walk down the tree by a name's levels. At each depth there are the exact child, `+` and
// `#`; the exact one is followed at once, and the branch with `+` is noted as pending.
struct match {
    const struct levels *levels;
    void (*found)(void *context, uint32_t subscriber, uint32_t detail);
    void *context;
    size_t count;
    bool name_is_reserved;
    struct level_key plus;
    struct level_key hash;
    // The name's levels. A name may have more than the tree is deep; those are never looked at,
    // and names_levels is then above TOPIC_LEVELS_MAX.
    uint32_t name_levels;
    struct level_key name[TOPIC_LEVELS_MAX];
    // Branches with `+` yet to be taken: at most one for each depth above the present one.
    uint32_t pending_count;
    struct place pending[TOPIC_LEVELS_MAX];
};

static void split_name(struct match *match, struct bytes name) {
    match->name_levels = 0;
    for (size_t at = 0; at <= name.size; match->name_levels++) {
        if (match->name_levels == TOPIC_LEVELS_MAX) {
            match->name_levels++;
            return;
        }
        struct level_key key = levels_key(match->levels, topic_level(name, at));
        match->name[match->name_levels] = key;
        at += key.text.size + 1;
    }
}

static void find_entries(struct match *match, uint32_t node) {
    const struct level *level = &match->levels->items[node];
    if (level->kind == KIND_ONE) {
        match->found(match->context, level->entries.one.subscriber, level->entries.one.detail);
        match->count++;
    } else if (level->kind >= KIND_MANY) {
        const struct topic_entries *many = level->entries.many;
        for (uint32_t i = 0; i < many->count; i++) {
            match->found(match->context, many->items[i].subscriber, many->items[i].detail);
        }
        match->count += many->count;
    }
}

// The wildcards among the children that this name may take [MQTT-4.7.2-1].
static uint8_t open_wildcards(const struct match *match, struct place place) {
    bool is_hidden = place.depth == 0 && match->name_is_reserved;
    return is_hidden ? 0 : match->levels->items[place.node].wildcards;
}

static bool has_plain_children(const struct level *level) {
    unsigned plus = (level->wildcards & LEVEL_HAS_PLUS) != 0;
    unsigned hash = (level->wildcards & LEVEL_HAS_HASH) != 0;
    return level->children > plus + hash;
}

// What the wildcards below `place` lead to: `#` is taken in, `+` put onto the pending ones.
static void match_wildcards(struct match *match, struct place place, uint8_t wildcards) {
    if (wildcards & LEVEL_HAS_HASH) {
        find_entries(match, levels_find(match->levels, place.node, &match->hash));
    }
    if ((wildcards & LEVEL_HAS_PLUS) != 0 && place.depth < match->name_levels) {
        uint32_t plus = levels_find(match->levels, place.node, &match->plus);
        match->pending[match->pending_count++] = (struct place){plus, place.depth + 1};
    }
}

// Takes in what ends at `place`; returns where the name's own level leads from there, or
// LEVELS_NONE. What is looked for last is fetched while the wildcards are followed.
static uint32_t match_at(struct match *match, struct place place) {
    const struct level *level = &match->levels->items[place.node];
    const struct level_key *key = &match->name[place.depth];
    uint8_t wildcards = open_wildcards(match, place);
    bool goes_on = place.depth < match->name_levels;
    bool goes_plainly = goes_on && has_plain_children(level);
    uint32_t hash = goes_plainly ? levels_hash(match->levels, place.node, key) : 0;
    if (goes_plainly && wildcards != 0) {
        levels_prefetch(match->levels, hash);
    }
    if (wildcards != 0) {
        match_wildcards(match, place, wildcards);
    }
    if (!goes_on) {
        find_entries(match, place.node);
    }
    return goes_plainly ? levels_find_hashed(match->levels, place.node, key, hash) : LEVELS_NONE;
}

size_t topic_tree_match(const struct topic_tree *tree, struct bytes name,
                        void (*found)(void *context, uint32_t subscriber, uint32_t detail),
                        void *context) {
    if (tree->entries == 0) {
        return 0;
    }
    struct match match; // not initialised as a whole: most of its 8 KiB stay unused
    match.levels = &tree->levels;
    match.found = found;
    match.context = context;
    match.count = 0;
    match.name_is_reserved = topic_is_reserved(name);
    match.plus = (struct level_key){BYTES_LITERAL("+"), tree->levels.plus_hash};
    match.hash = (struct level_key){BYTES_LITERAL("#"), tree->levels.hash_hash};
    split_name(&match, name);
    match.pending[0] = (struct place){LEVELS_ROOT, 0};
    match.pending_count = 1;
    while (match.pending_count > 0) {
        struct place place = match.pending[--match.pending_count];
        while (place.node != LEVELS_NONE) {
            place = (struct place){match_at(&match, place), place.depth + 1};
        }
    }
    return match.count;
}

// ---- what has to hold -------------------------------------------------------------------------

// The number of its entries, which stand where each is looked for.
static uint32_t check_entries(const struct topic_tree *tree, uint32_t node) {
    const struct level *level = &tree->levels.items[node];
    if (level->kind < KIND_MANY) {
        return level->kind == KIND_ONE;
    }
    const struct topic_entries *many = level->entries.many;
    ASSERT(many->count >= 2 && many->count <= many->capacity);
    ASSERT(level->kind == KIND_INDEXED ? many->count >= INDEX_BELOW : many->count < INDEX_FROM);
    for (uint32_t i = 0; i < many->count; i++) {
        ASSERT(place_of(tree, node, many->items[i].subscriber) == i); // and stands there once
    }
    return many->count;
}

void topic_tree_check(const struct topic_tree *tree) {
    uint32_t entries = 0;
    uint32_t indexed = 0;
    levels_check(&tree->levels);
    for (uint32_t slot = 0; slot < tree->levels.slots_count; slot++) {
        uint32_t node = tree->levels.slots[slot].node;
        if (node != LEVELS_NONE) {
            uint32_t own = check_entries(tree, node);
            entries += own;
            indexed += tree->levels.items[node].kind == KIND_INDEXED ? own : 0;
        }
    }
    ASSERT(entries == tree->entries && tree->nodes == tree->levels.count);
    ASSERT(indexed == (tree->index == NULL ? 0 : tree->index->count));
}
