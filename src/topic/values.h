// The last value of each topic, found by topic or by filter.
//
// The values stand in a search tree ordered by topic, in which all topics below a level lie side by
// side: a filter is answered by jumping from one branch that can match to the next, and listings
// come in an order that people expect. The tree is a treap: each topic's seeded hash decides its
// height, so nobody can choose topics that make it lopsided. Larger tables have a hash table too,
// for updates of known topics. A topic with its value is one block of 88 bytes and its texts, and
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

// The tree, by its root; the hash table of a larger tree; and the deadlines of values that expire.
// Nothing is allocated while the table is empty. Read `entries` and `bytes`, leave the rest.
struct topic_values {
    struct memory *memory;
    struct topic_record *root;
    struct topic_record **slots; // the hash table: empty slots are NULL
    uint64_t seed;
    struct topic_values_limits limits;
    uint64_t bytes;
    uint32_t entries;
    uint32_t slots_count;        // 0 or a power of two
    struct topic_expiry *expiry; // the deadlines of those that expire; NULL: none does
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

// When the topic's value expires, in nanoseconds of whatever clock its owner has. Until it is put
// or removed; the topic has a value. Nothing happens by itself: the owner looks for what has
// expired.
void topic_values_expire_at(struct topic_values *values, struct bytes topic, uint64_t due);
// When the next one expires; UINT64_MAX: none does.
uint64_t topic_values_next_expiry(const struct topic_values *values);
// The value that is due first; of those due at the same time, the one of which that was said first.
// There is one.
const struct topic_value *topic_values_first_to_expire(const struct topic_values *values);

// NULL if the topic has no value.
const struct topic_value *topic_values_get(const struct topic_values *values, struct bytes topic);

typedef void topic_values_found(void *context, const struct topic_value *value);

// Calls `found` for every value whose topic matches the filter, by the rules of topic_matches; they
// come in the order of topic_values_visit_all. Returns their number. `found` must not change the
// table.
size_t topic_values_visit(const struct topic_values *values, struct bytes filter,
                          topic_values_found *found, void *context);

// ---- visits that pause ------------------------------------------------------------------------
//
// A filter like `+/a` may look at every topic to find a few, or none. So a visit may be made in
// parts, each of which looks at so much and no more:
//
//   struct topic_values_cursor cursor = {0};                     at the first topic
//   uint32_t steps = 1000;                                       of this part
//   switch (topic_values_go_on(values, filter, &cursor, &steps, &visitor)) {
//   case TOPIC_VALUES_ALL_FOUND: ...                             it is over
//   case TOPIC_VALUES_STOPPED: ...                               `found` returned false
//   case TOPIC_VALUES_SPENT: ...                                 the steps are
//   }
//   topic_values_cursor_free(values, &cursor);                   whether it was over or not
//
// The table may change between two parts. What is set or removed behind the cursor is then as it
// is; what stays is found once. A step is a topic looked at, and a few for the way to one that is
// not the next; so a part costs O(steps) and O(log n) to find its place again.
struct topic_values_cursor {
    uint8_t *from; // the topic to be looked at next, or the first behind it; NULL: the first of all
    uint32_t from_bytes;
    uint32_t capacity;
};

struct topic_values_visitor {
    bool (*found)(void *context, const struct topic_value *value); // false: it is enough for now
    void *context;
};

enum topic_values_pause { TOPIC_VALUES_ALL_FOUND, TOPIC_VALUES_STOPPED, TOPIC_VALUES_SPENT };

// Calls `found` for those that match, from the cursor on, in the order of topic_values_visit. Takes
// what it looked at off *steps, and returns when that is 0. A value for which `found` returned
// false counts as found. `found` must not change the table.
enum topic_values_pause topic_values_go_on(const struct topic_values *values, struct bytes filter,
                                           struct topic_values_cursor *cursor, uint32_t *steps,
                                           const struct topic_values_visitor *visitor);
// Likewise for all values, in the order of topic_values_visit_all; each is one step.
enum topic_values_pause topic_values_go_on_all(const struct topic_values *values,
                                               struct topic_values_cursor *cursor, uint32_t *steps,
                                               const struct topic_values_visitor *visitor);
void topic_values_cursor_free(const struct topic_values *values,
                              struct topic_values_cursor *cursor);

// All values, those of `$` topics too, in the order of their bytes with `/` before all others: a
// topic comes right before those below it.
size_t topic_values_visit_all(const struct topic_values *values, topic_values_found *found,
                              void *context);

// Asserts what has to hold between any two calls; it walks all values.
void topic_values_check(const struct topic_values *values);

#endif
