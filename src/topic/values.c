#include "topic/values.h"

#include "base/assert.h"
#include "base/hash.h"
#include "base/heap.h"
#include "topic/topic.h"

#define SLOTS_FROM 16 // values up to which the treap alone is fast enough

// A node of the treap: ordered by topic from left to right, by hash from the root down.
struct topic_record {
    struct topic_value known; // its texts lie right behind the record: topic, then value
    struct topic_record *parent;
    struct topic_record *left;
    struct topic_record *right;
    uint32_t hash;
    uint32_t room;   // for the value
    uint32_t expiry; // noted by the heap of those that expire; 0: it does not
};

struct topic_expiry {
    struct heap heap;
    uint64_t sequence; // of the last one that was said to expire
};

// What a value costs beside its bytes: the record, its block, its slot and its place in the heap of
// those that expire, of which some are free.
#define RECORD_COST                                                         \
    (sizeof(struct topic_record) + MEMORY_BLOCK_COST + 2 * sizeof(void *) + \
     2 * sizeof(struct heap_item))

void topic_values_init(struct topic_values *values, struct memory *memory, uint64_t seed,
                       struct topic_values_limits limits) {
    *values = (struct topic_values){.memory = memory, .seed = seed, .limits = limits};
}

// ---- order ------------------------------------------------------------------------------------

static size_t common_size(struct bytes a, struct bytes b) {
    size_t end = a.size < b.size ? a.size : b.size;
    size_t at = 0;
    for (; at + 8 <= end; at += 8) {
        uint64_t x;
        uint64_t y;
        memcpy(&x, a.data + at, 8);
        memcpy(&y, b.data + at, 8);
        if (x != y) {
            break;
        }
    }
    while (at < end && a.data[at] == b.data[at]) {
        at++;
    }
    return at;
}

// `/` comes before every other byte, and the end of the text before that.
static int rank_at(struct bytes text, size_t at) {
    return at == text.size ? -2 : text.data[at] == '/' ? -1 : text.data[at];
}

static int order(struct bytes a, struct bytes b) {
    size_t common = common_size(a, b);
    return rank_at(a, common) - rank_at(b, common);
}

// As order(text, start + end), without putting the two together.
static int order_of_two(struct bytes text, struct bytes start, struct bytes end) {
    if (!bytes_starts_with(text, start)) {
        return order(text, start);
    }
    return order(bytes_make(text.data + start.size, text.size - start.size), end);
}

static bool is_at_or_below(struct bytes text, struct bytes top) {
    return bytes_starts_with(text, top) && (text.size == top.size || text.data[top.size] == '/');
}

// ---- ways through the treap -------------------------------------------------------------------

static struct topic_record *search(const struct topic_values *values, struct bytes topic) {
    struct topic_record *at = values->root;
    while (at != NULL) {
        int way = order(topic, at->known.topic);
        if (way == 0) {
            break;
        }
        at = way < 0 ? at->left : at->right;
    }
    return at;
}

static struct topic_record *first_record(const struct topic_values *values) {
    struct topic_record *at = values->root;
    while (at != NULL && at->left != NULL) {
        at = at->left;
    }
    return at;
}

// Records lie far apart, so what a walk will come to is asked for on the way: the right child of
// each that it goes past.
static struct topic_record *next_record(struct topic_record *at) {
    if (at->right != NULL) {
        at = at->right;
        __builtin_prefetch(at->right);
        while (at->left != NULL) {
            at = at->left;
            __builtin_prefetch(at->right);
        }
        return at;
    }
    while (at->parent != NULL && at->parent->right == at) {
        at = at->parent;
    }
    return at->parent;
}

// The first record whose topic is not before start + end.
static struct topic_record *record_from(const struct topic_values *values, struct bytes start,
                                        struct bytes end) {
    struct topic_record *best = NULL;
    for (struct topic_record *at = values->root; at != NULL;) {
        bool is_before = order_of_two(at->known.topic, start, end) < 0;
        best = is_before ? best : at;
        at = is_before ? at->right : at->left;
    }
    return best;
}

// The first record behind the topic `top` and all topics below it.
static struct topic_record *record_past(const struct topic_values *values, struct bytes top) {
    struct topic_record *best = NULL;
    for (struct topic_record *at = values->root; at != NULL;) {
        bool is_past = order(at->known.topic, top) > 0 && !is_at_or_below(at->known.topic, top);
        best = is_past ? at : best;
        at = is_past ? at->left : at->right;
    }
    return best;
}

// ---- the hash table: linear probing, backward-shift deletion ----------------------------------

static uint32_t hash_of(const struct topic_values *values, struct bytes topic) {
    return (uint32_t)hash_bytes(topic, values->seed);
}

// The slot of the record with this topic, or the empty one where it would go.
static uint32_t slot_of(const struct topic_values *values, struct bytes topic, uint32_t hash) {
    uint32_t mask = values->slots_count - 1;
    uint32_t slot = hash & mask;
    for (;; slot = (slot + 1) & mask) {
        const struct topic_record *record = values->slots[slot];
        if (record == NULL || (record->hash == hash && bytes_equal(record->known.topic, topic))) {
            return slot;
        }
    }
}

static struct topic_record *find_record(const struct topic_values *values, struct bytes topic,
                                        uint32_t hash) {
    return values->slots_count == 0 ? search(values, topic)
                                    : values->slots[slot_of(values, topic, hash)];
}

static void put_slot(struct topic_values *values, struct topic_record *record) {
    values->slots[slot_of(values, record->known.topic, record->hash)] = record;
}

static void set_slots(struct topic_values *values, uint32_t slots_count) {
    memory_free(values->memory, values->slots, values->slots_count * sizeof *values->slots);
    values->slots = memory_allocate(values->memory, slots_count * sizeof *values->slots);
    values->slots_count = slots_count;
    struct topic_record *at = slots_count == 0 ? NULL : first_record(values);
    for (; at != NULL; at = next_record(at)) {
        put_slot(values, at);
    }
}

// For a record that stands in the treap already, and in `entries`.
static void add_slot(struct topic_values *values, struct topic_record *record) {
    if (values->slots_count == 0 && values->entries <= SLOTS_FROM) {
        return;
    }
    if (values->entries * 4ull > values->slots_count * 3ull) {
        set_slots(values, values->slots_count == 0 ? SLOTS_FROM * 2 : values->slots_count * 2);
    } else {
        put_slot(values, record);
    }
}

static void clear_slot(struct topic_values *values, uint32_t hole) {
    uint32_t mask = values->slots_count - 1;
    for (uint32_t next = (hole + 1) & mask; values->slots[next] != NULL; next = (next + 1) & mask) {
        uint32_t distance_from_home = (next - values->slots[next]->hash) & mask;
        if (distance_from_home >= ((next - hole) & mask)) {
            values->slots[hole] = values->slots[next];
            hole = next;
        }
    }
    values->slots[hole] = NULL;
}

// For a record that stands in the treap no more, nor in `entries`.
static void remove_slot(struct topic_values *values, const struct topic_record *record) {
    if (values->slots_count == 0) {
        return;
    }
    clear_slot(values, slot_of(values, record->known.topic, record->hash));
    if (values->entries < values->slots_count / 8) {
        bool is_small = values->slots_count <= SLOTS_FROM * 2;
        set_slots(values, is_small ? 0 : values->slots_count / 2);
    }
}

// ---- changes of the treap ---------------------------------------------------------------------

// Where the pointer to `record` stands.
static struct topic_record **link_to(struct topic_values *values,
                                     const struct topic_record *record) {
    struct topic_record *parent = record->parent;
    return parent == NULL ? &values->root : parent->left == record ? &parent->left : &parent->right;
}

static void set_parent(struct topic_record *child, struct topic_record *parent) {
    if (child != NULL) {
        child->parent = parent;
    }
}

// Puts `child` in the place of its parent, which becomes its child on the other side.
static void rotate_up(struct topic_values *values, struct topic_record *child) {
    struct topic_record *parent = child->parent;
    *link_to(values, parent) = child;
    child->parent = parent->parent;
    parent->parent = child;
    if (parent->left == child) {
        parent->left = child->right;
        set_parent(parent->left, parent);
        child->right = parent;
    } else {
        parent->right = child->left;
        set_parent(parent->right, parent);
        child->left = parent;
    }
}

static void insert_record(struct topic_values *values, struct topic_record *record) {
    struct topic_record **link = &values->root;
    while (*link != NULL) {
        record->parent = *link;
        bool is_before = order(record->known.topic, (*link)->known.topic) < 0;
        link = is_before ? &(*link)->left : &(*link)->right;
    }
    *link = record;
    while (record->parent != NULL && record->parent->hash < record->hash) {
        rotate_up(values, record);
    }
}

static void unlink_record(struct topic_values *values, struct topic_record *record) {
    while (record->left != NULL && record->right != NULL) {
        bool left_is_higher = record->left->hash > record->right->hash;
        rotate_up(values, left_is_higher ? record->left : record->right);
    }
    struct topic_record *child = record->left != NULL ? record->left : record->right;
    *link_to(values, record) = child;
    set_parent(child, record->parent);
}

// ---- those that expire ------------------------------------------------------------------------

static void free_expiry(struct topic_values *values) {
    if (values->expiry != NULL) {
        heap_deinit(&values->expiry->heap);
        memory_free(values->memory, values->expiry, sizeof *values->expiry);
        values->expiry = NULL;
    }
}

static void forget_expiry(struct topic_values *values, struct topic_record *record) {
    if (record->expiry == 0) {
        return;
    }
    heap_remove(&values->expiry->heap, record->expiry - 1);
    if (values->expiry->heap.count == 0) {
        free_expiry(values);
    }
}

void topic_values_expire_at(struct topic_values *values, struct bytes topic, uint64_t due) {
    struct topic_record *record = find_record(values, topic, hash_of(values, topic));
    ASSERT(record != NULL);
    if (values->expiry == NULL) {
        values->expiry = memory_allocate(values->memory, sizeof *values->expiry);
        heap_init(&values->expiry->heap, values->memory);
    }
    uint64_t sequence = ++values->expiry->sequence;
    if (record->expiry == 0) {
        heap_add(&values->expiry->heap, (struct heap_item){due, sequence, &record->expiry});
    } else {
        heap_move(&values->expiry->heap, record->expiry - 1, due, sequence);
    }
}

uint64_t topic_values_next_expiry(const struct topic_values *values) {
    return values->expiry == NULL ? UINT64_MAX : heap_due(&values->expiry->heap);
}

const struct topic_value *topic_values_first_to_expire(const struct topic_values *values) {
    ASSERT(values->expiry != NULL && values->expiry->heap.count > 0);
    const char *place = (const char *)values->expiry->heap.items[0].place;
    const void *record = place - offsetof(struct topic_record, expiry);
    return &((const struct topic_record *)record)->known;
}

// ---- records ----------------------------------------------------------------------------------

static size_t record_bytes(const struct topic_record *record) {
    return sizeof *record + record->known.topic.size + record->room;
}

static void copy_text(uint8_t *to, struct bytes text) {
    if (text.size > 0) {
        memcpy(to, text.data, text.size);
    }
}

// What a record has beside its topic.
struct content {
    struct bytes value;
    struct bytes extra;
};

static size_t content_bytes(struct content content) {
    return content.value.size + content.extra.size;
}

static void set_content(struct topic_record *record, struct content content) {
    uint8_t *text = (uint8_t *)(record + 1) + record->known.topic.size;
    copy_text(text, content.value);
    copy_text(text + content.value.size, content.extra);
    record->known.value = bytes_make(text, content.value.size);
    record->known.extra_bytes = (uint32_t)content.extra.size;
}

static struct topic_record *create_record(struct topic_values *values, struct bytes topic,
                                          struct content content) {
    size_t room = content_bytes(content);
    size_t bytes = sizeof(struct topic_record) + topic.size + room;
    struct topic_record *record = memory_resize(values->memory, NULL, 0, bytes);
    *record = (struct topic_record){.room = (uint32_t)room};
    copy_text((uint8_t *)(record + 1), topic);
    record->known.topic = bytes_make(record + 1, topic.size);
    set_content(record, content);
    return record;
}

static void destroy_record(struct topic_values *values, struct topic_record *record) {
    memory_free(values->memory, record, record_bytes(record));
}

static struct topic_record *add_record(struct topic_values *values, struct bytes topic,
                                       uint32_t hash, struct content content) {
    struct topic_record *record = create_record(values, topic, content);
    record->hash = hash;
    insert_record(values, record);
    values->entries++;
    values->bytes += topic.size + content_bytes(content);
    add_slot(values, record);
    return record;
}

// A block with room for the new value takes the place of the record.
static struct topic_record *replace_record(struct topic_values *values, struct topic_record *old,
                                           struct content content) {
    struct topic_record *record = create_record(values, old->known.topic, content);
    record->hash = old->hash;
    record->parent = old->parent;
    record->left = old->left;
    record->right = old->right;
    *link_to(values, old) = record;
    set_parent(record->left, record);
    set_parent(record->right, record);
    if (values->slots_count > 0) {
        put_slot(values, record);
    }
    destroy_record(values, old);
    return record;
}

// Content stays in its block as long as it fits without leaving most of a large one unused.
static bool fits(const struct topic_record *record, size_t bytes) {
    return bytes <= record->room && record->room <= bytes * 2 + 64;
}

static size_t known_bytes(const struct topic_record *record) {
    return record->known.value.size + record->known.extra_bytes;
}

static struct topic_record *change_record(struct topic_values *values, struct topic_record *record,
                                          struct content content) {
    values->bytes = values->bytes - known_bytes(record) + content_bytes(content);
    if (!fits(record, content_bytes(content))) {
        return replace_record(values, record, content);
    }
    set_content(record, content);
    return record;
}

// Values may take half of the memory: what one client published for good is not to keep the others
// from being served.
static bool has_memory(const struct topic_values *values, uint64_t added, uint32_t entries_added) {
    size_t limit = values->memory->limit;
    uint64_t entries = (uint64_t)values->entries + entries_added;
    bool is_within = limit == 0 || values->bytes + added + entries * RECORD_COST <= limit / 2;
    return is_within && memory_has_room(values->memory, MEMORY_KEPT, added + RECORD_COST);
}

// Whether the content may come in the place of the record's, or with the topic if it is new.
static bool has_space(const struct topic_values *values, const struct topic_record *record,
                      struct bytes topic, struct content content) {
    if (content_bytes(content) > UINT32_MAX) {
        return false;
    }
    uint64_t gone = record == NULL ? 0 : known_bytes(record);
    uint64_t added = content_bytes(content) + (record == NULL ? topic.size : 0);
    uint32_t entries_added = record == NULL;
    return values->bytes - gone + added <= values->limits.bytes_max &&
           values->entries + entries_added <= values->limits.entries_max &&
           (added <= gone || has_memory(values, added - gone, entries_added));
}

enum topic_values_result topic_values_put(struct topic_values *values,
                                          const struct topic_value *value, struct bytes extra) {
    struct bytes topic = value->topic;
    struct content content = {value->value, extra};
    uint32_t hash = hash_of(values, topic);
    struct topic_record *record = find_record(values, topic, hash);
    if (!has_space(values, record, topic, content)) {
        return TOPIC_VALUES_FULL;
    }
    if (record != NULL) {
        forget_expiry(values, record);
    }
    record = record == NULL ? add_record(values, topic, hash, content)
                            : change_record(values, record, content);
    record->known.origin = value->origin;
    record->known.time_stamp = value->time_stamp;
    return TOPIC_VALUES_OK;
}

enum topic_values_result topic_values_set(struct topic_values *values, struct bytes topic,
                                          struct bytes value, uint32_t origin,
                                          uint64_t time_stamp) {
    struct topic_value put = {
        .topic = topic, .value = value, .origin = origin, .time_stamp = time_stamp};
    return topic_values_put(values, &put, (struct bytes){0});
}

bool topic_values_remove(struct topic_values *values, struct bytes topic) {
    struct topic_record *record = find_record(values, topic, hash_of(values, topic));
    if (record == NULL) {
        return false;
    }
    forget_expiry(values, record);
    values->entries--;
    values->bytes -= record->known.topic.size + known_bytes(record);
    unlink_record(values, record);
    remove_slot(values, record);
    destroy_record(values, record);
    return true;
}

const struct topic_value *topic_values_get(const struct topic_values *values, struct bytes topic) {
    const struct topic_record *record = find_record(values, topic, hash_of(values, topic));
    return record == NULL ? NULL : &record->known;
}

void topic_values_deinit(struct topic_values *values) {
    struct topic_record *at = values->root;
    while (at != NULL) { // leaves first, climbing by the parents
        struct topic_record *child = at->left != NULL ? at->left : at->right;
        if (child == NULL) {
            child = at->parent;
            *link_to(values, at) = NULL;
            destroy_record(values, at);
        }
        at = child;
    }
    memory_free(values->memory, values->slots, values->slots_count * sizeof *values->slots);
    values->slots = NULL;
    values->slots_count = 0;
    values->entries = 0;
    values->bytes = 0;
    free_expiry(values);
}

// ---- visits -----------------------------------------------------------------------------------

size_t topic_values_visit_all(const struct topic_values *values, topic_values_found *found,
                              void *context) {
    for (struct topic_record *at = first_record(values); at != NULL; at = next_record(at)) {
        found(context, &at->known);
    }
    return values->entries;
}

// What a topic says about where the next one that matches can be.
struct verdict {
    enum {
        MATCHES,   // it does itself
        TRY_NEXT,  // perhaps right behind it
        TRY_FROM,  // not before topic[0..size) + level
        TRY_PAST,  // not at or below topic[0..size)
        ALL_FOUND, // nowhere
    } kind;
    size_t size;
    struct bytes level;
};

// The topic has a level where the filter wants another.
static struct verdict judge_level(struct bytes wanted, struct bytes level, size_t at,
                                  size_t plus_end) {
    if (order(level, wanted) < 0) {
        return (struct verdict){TRY_FROM, at, wanted};
    }
    return plus_end == 0 ? (struct verdict){.kind = ALL_FOUND}
                         : (struct verdict){.kind = TRY_PAST, .size = plus_end - 1};
}

static struct verdict judge(struct bytes filter, struct bytes topic) {
    size_t at = 0;
    size_t plus_end = 0; // one past the last level that a `+` took, or 0
    for (size_t filter_at = 0; filter_at <= filter.size;) {
        struct bytes wanted = topic_level(filter, filter_at);
        if (topic_level_is(wanted, '#')) {
            return (struct verdict){.kind = MATCHES};
        }
        if (at > topic.size) {
            return (struct verdict){.kind = TRY_NEXT};
        }
        struct bytes level = topic_level(topic, at);
        bool is_plus = topic_level_is(wanted, '+');
        if (!is_plus && !bytes_equal(wanted, level)) {
            return judge_level(wanted, level, at, plus_end);
        }
        filter_at += wanted.size + 1;
        at += level.size + 1;
        plus_end = is_plus ? at : plus_end;
    }
    return at > topic.size ? (struct verdict){.kind = MATCHES}
                           : (struct verdict){.kind = TRY_PAST, .size = at - 1};
}

static struct topic_record *follow(const struct topic_values *values, struct topic_record *at,
                                   const struct verdict *verdict) {
    struct bytes start = bytes_make(at->known.topic.data, verdict->size);
    switch (verdict->kind) {
    case MATCHES:
    case TRY_NEXT:
        return next_record(at);
    case TRY_FROM:
        return record_from(values, start, verdict->level);
    case TRY_PAST:
        return record_past(values, start);
    case ALL_FOUND:
        return NULL;
    }
    return NULL;
}

// What a jump to a record that is not the next costs, in steps.
#define JUMP_STEPS 4

static uint32_t steps_of(const struct verdict *verdict) {
    return verdict->kind == TRY_FROM || verdict->kind == TRY_PAST ? JUMP_STEPS : 1;
}

// The one at `at` if the filter may match it, or the first behind the reserved ones.
static struct topic_record *skip_reserved(const struct topic_values *values, struct bytes filter,
                                          struct topic_record *at) {
    bool is_hidden =
        at != NULL && topic_begins_with_wildcard(filter) && topic_is_reserved(at->known.topic);
    return is_hidden ? record_from(values, BYTES_LITERAL("%"), BYTES_LITERAL("")) // '%' follows '$'
                     : at;
}

static struct topic_record *record_at(const struct topic_values *values,
                                      const struct topic_values_cursor *cursor) {
    return cursor->from == NULL ? first_record(values)
                                : record_from(values, bytes_make(cursor->from, cursor->from_bytes),
                                              BYTES_LITERAL(""));
}

static void note_place(const struct topic_values *values, struct topic_values_cursor *cursor,
                       struct bytes topic) {
    if (topic.size > cursor->capacity || cursor->from == NULL) {
        uint32_t capacity = topic.size < 64 ? 64 : (uint32_t)topic.size;
        cursor->from = memory_resize(values->memory, cursor->from, cursor->capacity, capacity);
        cursor->capacity = capacity;
    }
    copy_text(cursor->from, topic);
    cursor->from_bytes = (uint32_t)topic.size;
}

enum topic_values_pause topic_values_go_on(const struct topic_values *values, struct bytes filter,
                                           struct topic_values_cursor *cursor, uint32_t *steps,
                                           const struct topic_values_visitor *visitor) {
    struct topic_record *at = skip_reserved(values, filter, record_at(values, cursor));
    enum topic_values_pause pause = TOPIC_VALUES_SPENT;
    while (at != NULL && *steps > 0 && pause == TOPIC_VALUES_SPENT) {
        struct verdict verdict = judge(filter, at->known.topic);
        if (verdict.kind == MATCHES && !visitor->found(visitor->context, &at->known)) {
            pause = TOPIC_VALUES_STOPPED;
        }
        uint32_t cost = steps_of(&verdict);
        *steps -= cost < *steps ? cost : *steps;
        at = skip_reserved(values, filter, follow(values, at, &verdict));
    }
    if (at == NULL) {
        return TOPIC_VALUES_ALL_FOUND;
    }
    note_place(values, cursor, at->known.topic);
    return pause;
}

enum topic_values_pause topic_values_go_on_all(const struct topic_values *values,
                                               struct topic_values_cursor *cursor, uint32_t *steps,
                                               const struct topic_values_visitor *visitor) {
    struct topic_record *at = record_at(values, cursor);
    enum topic_values_pause pause = TOPIC_VALUES_SPENT;
    for (; at != NULL && *steps > 0 && pause == TOPIC_VALUES_SPENT; at = next_record(at)) {
        pause = visitor->found(visitor->context, &at->known) ? pause : TOPIC_VALUES_STOPPED;
        --*steps;
    }
    if (at == NULL) {
        return TOPIC_VALUES_ALL_FOUND;
    }
    note_place(values, cursor, at->known.topic);
    return pause;
}

void topic_values_cursor_free(const struct topic_values *values,
                              struct topic_values_cursor *cursor) {
    memory_free(values->memory, cursor->from, cursor->capacity);
    *cursor = (struct topic_values_cursor){0};
}

struct visit {
    topic_values_found *found;
    void *context;
    size_t count;
};

static bool visit_one(void *context, const struct topic_value *value) {
    struct visit *visit = context;
    visit->found(visit->context, value);
    visit->count++;
    return true;
}

size_t topic_values_visit(const struct topic_values *values, struct bytes filter,
                          topic_values_found *found, void *context) {
    struct visit visit = {found, context, 0};
    const struct topic_values_visitor visitor = {visit_one, &visit};
    struct topic_values_cursor cursor = {0};
    for (uint32_t steps = UINT32_MAX;
         topic_values_go_on(values, filter, &cursor, &steps, &visitor) == TOPIC_VALUES_SPENT;) {
        steps = UINT32_MAX;
    }
    topic_values_cursor_free(values, &cursor);
    return visit.count;
}

// ---- what has to hold -------------------------------------------------------------------------

// A record stands behind those before it in the order of topics, and below its parent in that of
// hashes; it is found by its topic, and its deadline leads back to it.
static void check_record(const struct topic_values *values, const struct topic_record *record) {
    const struct topic_record *left = record->left;
    const struct topic_record *right = record->right;
    const struct topic_record *parent = record->parent;
    ASSERT(left == NULL || (left->parent == record && left->hash <= record->hash));
    ASSERT(right == NULL || (right->parent == record && right->hash <= record->hash));
    ASSERT(parent == NULL ? values->root == record
                          : parent->left == record || parent->right == record);
    ASSERT(record->hash == hash_of(values, record->known.topic));
    ASSERT(find_record(values, record->known.topic, record->hash) == record);
    ASSERT(known_bytes(record) <= record->room);
    ASSERT(record->expiry == 0 ||
           values->expiry->heap.items[record->expiry - 1].place == &record->expiry);
}

void topic_values_check(const struct topic_values *values) {
    uint64_t bytes = 0;
    uint32_t entries = 0;
    uint32_t expiring = 0;
    const struct topic_record *before = NULL;
    for (struct topic_record *at = first_record(values); at != NULL; at = next_record(at)) {
        ASSERT(before == NULL || order(before->known.topic, at->known.topic) < 0);
        check_record(values, at);
        bytes += at->known.topic.size + known_bytes(at);
        expiring += at->expiry != 0;
        entries++;
        before = at;
    }
    ASSERT(entries == values->entries && bytes == values->bytes);
    ASSERT(entries <= values->limits.entries_max && bytes <= values->limits.bytes_max);
    ASSERT(expiring == (values->expiry == NULL ? 0 : values->expiry->heap.count));
    ASSERT(values->slots_count == 0 || entries * 4ull <= values->slots_count * 3ull);
}
