#include "watch/watch_merge.h"

#include "base/assert.h"
#include "base/decimal.h"

#define SECOND UINT64_C(1000000000)

// A line, or an event whose texts and bytes stand in `data`.
struct entry {
    struct entry *next;
    uint64_t unix_ns; // by which it is ordered
    bool is_event;
    struct tap_event event;
    struct tap_note note;
    size_t size;
    uint8_t data[];
};

struct queue {
    struct entry *first;
    struct entry *last;
    uint64_t latest; // time of what was put last
    bool is_at_end;
};

struct owner {
    struct tap_owner owner;
    uint8_t name[TAP_OWNER_NAME_MAX];
    size_t network_bytes; // with its zero
};

struct watch_merge {
    struct memory *memory;
    uint32_t count;
    struct queue *queues;
    struct owner **owners; // each by itself: events point at them
    uint32_t owner_count;
    uint32_t owner_capacity;
};

struct watch_merge *watch_merge_create(uint32_t file_count, struct memory *memory) {
    struct watch_merge *merge = memory_allocate(memory, sizeof *merge);
    *merge = (struct watch_merge){.memory = memory, .count = file_count};
    merge->queues = memory_allocate(memory, file_count * sizeof *merge->queues);
    return merge;
}

static void free_first(struct watch_merge *merge, struct queue *queue) {
    struct entry *first = queue->first;
    queue->first = first->next;
    queue->last = queue->first == NULL ? NULL : queue->last;
    memory_free(merge->memory, first, sizeof *first + first->size);
}

static void free_owner(struct watch_merge *merge, struct owner *owner) {
    memory_free(merge->memory, (void *)owner->owner.network, owner->network_bytes);
    memory_free(merge->memory, owner, sizeof *owner);
}

void watch_merge_destroy(struct watch_merge *merge) {
    for (uint32_t i = 0; i < merge->count; i++) {
        while (merge->queues[i].first != NULL) {
            free_first(merge, &merge->queues[i]);
        }
    }
    for (uint32_t i = 0; i < merge->owner_count; i++) {
        free_owner(merge, merge->owners[i]);
    }
    memory_free(merge->memory, merge->owners, merge->owner_capacity * sizeof *merge->owners);
    memory_free(merge->memory, merge->queues, merge->count * sizeof *merge->queues);
    memory_free(merge->memory, merge, sizeof *merge);
}

// ---- copies -----------------------------------------------------------------------------------

static bool is_same_owner(const struct tap_owner *one, const struct tap_owner *other) {
    bool both_have = one->network != NULL && other->network != NULL;
    bool is_same_network =
        both_have ? strcmp(one->network, other->network) == 0 : one->network == other->network;
    return one->address == other->address && strcmp(one->kind, other->kind) == 0 &&
           bytes_equal(one->name, other->name) && is_same_network;
}

// Our copy of an owner, the latest ones first: there are few, and they seldom change.
static const struct tap_owner *keep_owner(struct watch_merge *merge,
                                          const struct tap_owner *owner) {
    for (uint32_t i = merge->owner_count; owner != NULL && i > 0; i--) {
        if (is_same_owner(&merge->owners[i - 1]->owner, owner)) {
            return &merge->owners[i - 1]->owner;
        }
    }
    if (owner == NULL || merge->owner_count == WATCH_MERGE_OWNERS_MAX) {
        return NULL;
    }
    struct owner *copy = memory_allocate(merge->memory, sizeof *copy);
    *copy = (struct owner){.owner = *owner};
    ASSERT(owner->name.size <= sizeof copy->name);
    if (owner->name.size > 0) {
        memcpy(copy->name, owner->name.data, owner->name.size);
    }
    copy->owner.name = bytes_make(copy->name, owner->name.size);
    if (owner->network != NULL) {
        copy->network_bytes = strlen(owner->network) + 1;
        char *network = memory_allocate(merge->memory, copy->network_bytes);
        memcpy(network, owner->network, copy->network_bytes);
        copy->owner.network = network;
    }
    merge->owners = memory_grow(merge->memory, merge->owners, &merge->owner_capacity,
                                merge->owner_count + 1, sizeof *merge->owners);
    merge->owners[merge->owner_count++] = copy;
    return &copy->owner;
}

static struct entry *add(struct watch_merge *merge, uint32_t file, size_t size, uint64_t unix_ns,
                         uint64_t now_ns) {
    struct queue *queue = &merge->queues[file];
    struct entry *entry = memory_allocate(merge->memory, sizeof *entry + size);
    bool is_in_order = unix_ns > queue->latest && unix_ns <= now_ns;
    queue->latest = is_in_order ? unix_ns : queue->latest;
    entry->next = NULL;
    entry->unix_ns = queue->latest;
    entry->size = size;
    if (queue->last == NULL) {
        queue->first = entry;
    } else {
        queue->last->next = entry;
    }
    queue->last = entry;
    return entry;
}

static uint8_t *put(uint8_t *at, struct bytes bytes) {
    if (bytes.size > 0) {
        memcpy(at, bytes.data, bytes.size);
    }
    return at + bytes.size;
}

// What a line says of its time; 0: nothing.
static uint64_t time_of(struct bytes line) {
    uint64_t seconds = 0;
    const uint8_t *tab = line.size > 0 ? memchr(line.data, '\t', line.size) : NULL;
    bool has_time = tab != NULL && decimal_read(bytes_make(line.data, (size_t)(tab - line.data)),
                                                UINT64_MAX / SECOND, &seconds);
    return has_time ? seconds * SECOND : 0;
}

void watch_merge_put_line(struct watch_merge *merge, uint32_t file, struct bytes line,
                          uint64_t now_ns) {
    struct entry *entry = add(merge, file, line.size, time_of(line), now_ns);
    entry->is_event = false;
    (void)put(entry->data, line);
}

static struct bytes text_of(const char *text) {
    return text == NULL ? BYTES_LITERAL("") : bytes_make(text, strlen(text));
}

void watch_merge_put_event(struct watch_merge *merge, uint32_t file, const struct tap_event *event,
                           uint64_t now_ns) {
    struct bytes peer = text_of(event->peer);
    struct bytes broker = text_of(event->broker);
    struct bytes said = event->note == NULL ? (struct bytes){0} : event->note->text;
    size_t size = peer.size + broker.size + 2 + said.size + event->bytes.size;
    struct entry *entry = add(merge, file, size, event->unix_ns, now_ns);
    uint8_t *at = entry->data;
    entry->is_event = true;
    entry->event = *event;
    entry->event.peer = (const char *)at;
    at = put(put(at, peer), BYTES_LITERAL("\0"));
    entry->event.broker = (const char *)at;
    at = put(put(at, broker), BYTES_LITERAL("\0"));
    entry->event.bytes = bytes_make(at, event->bytes.size);
    at = put(at, event->bytes);
    if (event->note != NULL) {
        entry->note = *event->note;
        entry->note.text = bytes_make(at, said.size);
        (void)put(at, said);
        entry->event.note = &entry->note;
    }
    entry->event.owner = keep_owner(merge, event->owner);
}

// ---- in order ---------------------------------------------------------------------------------

bool watch_merge_wants(const struct watch_merge *merge, uint32_t file) {
    return merge->queues[file].first == NULL;
}

void watch_merge_set_end(struct watch_merge *merge, uint32_t file, bool is_at_end) {
    merge->queues[file].is_at_end = is_at_end;
}

bool watch_merge_take(struct watch_merge *merge, const struct watch_merge_taker *taker) {
    uint32_t next = merge->count;
    for (uint32_t i = 0; i < merge->count; i++) {
        const struct queue *queue = &merge->queues[i];
        if (queue->first == NULL && !queue->is_at_end) {
            return false; // it may have something earlier
        }
        bool is_earlier =
            queue->first != NULL &&
            (next == merge->count || queue->first->unix_ns < merge->queues[next].first->unix_ns);
        next = is_earlier ? i : next;
    }
    if (next == merge->count) {
        return false;
    }
    const struct entry *entry = merge->queues[next].first;
    if (entry->is_event) {
        taker->event(taker->context, next, &entry->event);
    } else {
        taker->line(taker->context, next, bytes_make(entry->data, entry->size));
    }
    free_first(merge, &merge->queues[next]);
    return true;
}
