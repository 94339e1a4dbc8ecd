// The last value of each topic, found by topic or by filter.
//
// The values stand in a search tree ordered by topic, in which all topics below a level lie side by
// side: a filter is answered by jumping from one branch that can match to the next, and listings
// come in an order that people expect. The tree is a treap: each topic's seeded hash decides its
// height, so nobody can choose topics that make it lopsided. Larger tables have a hash table too,
// for updates of known topics. A topic with its value is one block of 80 bytes and its texts, and
// nothing else is allocated for the first few: a client with one topic stays small.
//
// Topics and filters are borrowed and must have passed topic_name_check or topic_filter_check.
#ifndef TOPIC_VALUES_H
#define TOPIC_VALUES_H

#include "base/bytes.h"
#include "base/memory.h"

// What the table may hold; both are inclusive.
struct topic_values_limits {
    uint32_t entries_max;
    uint64_t bytes_max; // the sum of all topics and values
};

// Owned by the table; valid until the next change of the table.
struct topic_value {
    struct bytes topic;
    struct bytes value; // an empty one is a value too
    uint64_t time_stamp;
    uint32_t origin;
    uint32_t extra_bytes; // right behind the value: what else its owner keeps with it
};

static inline struct bytes topic_value_extra(const struct topic_value *value) {
    return bytes_make(value->value.data + value->value.size, value->extra_bytes);
}

enum topic_values_result {
    TOPIC_VALUES_OK,
    TOPIC_VALUES_FULL, // a limit would be passed, or half of the memory's; the table is as it was
};

// Nothing is allocated while the table is empty. Read `entries` and `bytes`, leave the rest.
struct topic_values {
    struct memory *memory;
    struct topic_record *root;
    struct topic_record **slots; // the hash table: empty slots are NULL
    uint64_t seed;
    struct topic_values_limits limits;
    uint64_t bytes;
    uint32_t entries;
    uint32_t slots_count; // 0 or a power of two
};

void topic_values_init(struct topic_values *values, struct memory *memory, uint64_t seed,
                       struct topic_values_limits limits);
void topic_values_deinit(struct topic_values *values);

// Copies topic and value, which must not lie in the table itself, over what the topic had before.
__attribute__((warn_unused_result)) enum topic_values_result
topic_values_set(struct topic_values *values, struct bytes topic, struct bytes value,
                 uint32_t origin, uint64_t time_stamp);

// Likewise, with bytes of the owner's own beside the value, which count as it does; all but
// extra_bytes of `value` is put.
__attribute__((warn_unused_result)) enum topic_values_result
topic_values_put(struct topic_values *values, const struct topic_value *value, struct bytes extra);

// Whether there was something to remove.
bool topic_values_remove(struct topic_values *values, struct bytes topic);

// NULL if the topic has no value.
const struct topic_value *topic_values_get(const struct topic_values *values, struct bytes topic);

typedef void topic_values_found(void *context, const struct topic_value *value);

// Calls `found` for every value whose topic matches the filter, by the rules of topic_matches; they
// come in the order of topic_values_visit_all. Returns their number. `found` must not change the
// table.
size_t topic_values_visit(const struct topic_values *values, struct bytes filter,
                          topic_values_found *found, void *context);

// The same for those behind the topic `after` (nothing: for all), until `found` returns false.
// True: there are no more.
bool topic_values_walk(const struct topic_values *values, struct bytes filter, struct bytes after,
                       bool (*found)(void *context, const struct topic_value *value),
                       void *context);

// All values, those of `$` topics too, in the order of their bytes with `/` before all others: a
// topic comes right before those below it.
size_t topic_values_visit_all(const struct topic_values *values, topic_values_found *found,
                              void *context);

#endif
