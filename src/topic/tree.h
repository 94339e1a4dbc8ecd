// Who subscribed to what: topic filters with their subscribers, and the way from a topic to all of
// them (MQTT 5.0, section 4.7).
//
// Matching descends a trie (topic/levels.h): it costs what the matching branches cost, however many
// others there are, and allocates nothing. A filter's single subscriber stands in the filter's
// node; more stand in an array; many are found through a hash map, so that each can be removed at
// once.
//
// An entry is {subscriber, detail}: two numbers of the owner's choice, at most one entry for each
// subscriber and filter. Filters and names are borrowed and must have passed topic_filter_check or
// topic_name_check. No order here depends on the seed.
#ifndef TOPIC_TREE_H
#define TOPIC_TREE_H

#include "base/buffer.h"
#include "topic/levels.h"

#define TOPIC_TREE_NONE LEVELS_NONE

// Nothing is allocated while the tree is empty. Read `entries` and `nodes`, leave the rest.
struct topic_tree {
    struct levels levels;
    struct map *index; // (node, subscriber) -> place in the node's array; NULL while not needed
    uint32_t entries;
    uint32_t nodes;
};

void topic_tree_init(struct topic_tree *tree, struct memory *memory, uint64_t seed);
void topic_tree_deinit(struct topic_tree *tree);

// Adds the entry, or replaces the detail if the subscriber already stands there. Returns the
// filter's node: a handle that is valid until the filter's last entry is removed.
uint32_t topic_tree_insert(struct topic_tree *tree, struct bytes filter, uint32_t subscriber,
                           uint32_t detail);

// The node of exactly this filter (`+` finds `+` only), or TOPIC_TREE_NONE if nobody stands there.
uint32_t topic_tree_find(const struct topic_tree *tree, struct bytes filter);

// Whether the first level of some filter is this text.
bool topic_tree_has_first(const struct topic_tree *tree, struct bytes level);

// Whether the subscriber stands at the node; if so, sets *detail. The node may be TOPIC_TREE_NONE.
bool topic_tree_find_entry(const struct topic_tree *tree, uint32_t node, uint32_t subscriber,
                           uint32_t *detail);

// Removes the subscriber from the node, where it need not stand. O(1) but for the depth of the
// filter; the node goes with its last entry, the memory of the whole tree with the last node.
void topic_tree_remove(struct topic_tree *tree, uint32_t node, uint32_t subscriber);

// Calls `found` for every entry whose filter matches the name; returns their number. The order:
// from the first level on, filters that go on with `#` come first, then those with the name's own
// level, then those with `+`; entries of one filter come as they were inserted, save that a
// removal puts the last one in the place of the one removed. `found` must not change the tree.
size_t topic_tree_match(const struct topic_tree *tree, struct bytes name,
                        void (*found)(void *context, uint32_t subscriber, uint32_t detail),
                        void *context);

// What a filter with its first subscriber costs at most, in bytes of memory; and the same of the
// filter that a node stands for.
size_t topic_filter_cost(struct bytes filter);
size_t topic_tree_cost(const struct topic_tree *tree, uint32_t node);

// Asserts what has to hold between any two calls; it walks the whole tree.
void topic_tree_check(const struct topic_tree *tree);

// Appends the text of the node's filter.
void topic_tree_filter(const struct topic_tree *tree, uint32_t node, struct buffer *out);

#endif
