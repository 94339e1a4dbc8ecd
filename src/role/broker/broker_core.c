#include "role/broker/broker_core.h"

#include "base/assert.h"

#define EXPIRED_AT_ONCE 4
#define EXTRA_KEPT 65536 // of the buffer that is used again

_Static_assert(BROKER_DOORS_MAX == 1 << (32 - BROKER_PEER_BITS),
               "a subscriber is a door and a peer");

// What the tree knows a subscriber by.
static uint32_t number_of(const struct broker_core *core, struct broker_peer subscriber) {
    ASSERT(subscriber.door < core->door_count); // it has registered
    ASSERT(subscriber.number < BROKER_PEERS_MAX);
    return subscriber.door << BROKER_PEER_BITS | subscriber.number;
}

void broker_core_init(struct broker_core *core, struct memory *memory, uint64_t seed,
                      struct topic_values_limits limits) {
    *core = (struct broker_core){.memory = memory};
    topic_tree_init(&core->subscriptions, memory, seed);
    topic_values_init(&core->values, memory, seed, limits);
    buffer_init(&core->extra, memory);
}

static void free_doors(struct broker_core *core) {
    memory_free(core->memory, core->doors, core->door_capacity * sizeof *core->doors);
    core->doors = NULL;
    core->door_capacity = 0;
}

void broker_core_deinit(struct broker_core *core) {
    topic_tree_deinit(&core->subscriptions);
    topic_values_deinit(&core->values);
    buffer_deinit(&core->extra);
    free_doors(core);
}

// ---- doors, journal, own topics ---------------------------------------------------------------

static uint32_t free_door(struct broker_core *core) {
    uint32_t door = 0;
    while (door < core->door_count && core->doors[door].deliver != NULL) {
        door++;
    }
    return door;
}

uint32_t broker_core_add_door(struct broker_core *core, struct broker_door door) {
    uint32_t number = free_door(core);
    ASSERT(door.deliver != NULL); // by this a number in use is known
    ASSERT(number < BROKER_DOORS_MAX);
    if (number == core->door_count) {
        core->doors = memory_grow(core->memory, core->doors, &core->door_capacity, number + 1,
                                  sizeof *core->doors);
        core->door_count++;
    }
    core->doors[number] = door;
    return number;
}

void broker_core_remove_door(struct broker_core *core, uint32_t door) {
    ASSERT(door < core->door_count && core->doors[door].deliver != NULL);
    core->doors[door] = (struct broker_door){0};
    while (core->door_count > 0 && core->doors[core->door_count - 1].deliver == NULL) {
        core->door_count--;
    }
    if (core->door_count == 0) {
        free_doors(core);
    }
}

void broker_core_set_journal(struct broker_core *core, struct journal *journal) {
    core->journal = journal;
}

bool broker_core_own_topics(struct broker_core *core, struct broker_own_topics topics) {
    ASSERT(topics.visit != NULL);
    if (core->own_topics.visit != NULL) {
        return false;
    }
    core->own_topics = topics;
    return true;
}

void broker_core_disown_topics(struct broker_core *core, const void *context) {
    if (core->own_topics.visit != NULL && core->own_topics.context == context) {
        core->own_topics = (struct broker_own_topics){0};
    }
}

// ---- subscriptions ----------------------------------------------------------------------------

uint32_t broker_core_find(const struct broker_core *core, struct bytes filter) {
    return topic_tree_find(&core->subscriptions, filter);
}

uint32_t broker_core_subscribe(struct broker_core *core, struct broker_peer subscriber,
                               struct bytes filter, uint32_t options) {
    return topic_tree_insert(&core->subscriptions, filter, number_of(core, subscriber), options);
}

bool broker_core_find_subscriber(const struct broker_core *core, struct broker_peer subscriber,
                                 uint32_t node, uint32_t *options) {
    return topic_tree_find_entry(&core->subscriptions, node, number_of(core, subscriber), options);
}

void broker_core_unsubscribe(struct broker_core *core, struct broker_peer subscriber,
                             uint32_t node) {
    topic_tree_remove(&core->subscriptions, node, number_of(core, subscriber));
}

// ---- last values ------------------------------------------------------------------------------

struct broker_entry broker_entry_of_value(const struct topic_value *value) {
    struct broker_entry entry = {.topic = value->topic,
                                 .value = value->value,
                                 .source = BROKER_NOBODY,
                                 .expires_at = UINT64_MAX,
                                 .address = value->origin,
                                 .retain = true};
    struct bytes extra = topic_value_extra(value);
    struct broker_retained retained;
    if (extra.size > 0) {
        ASSERT(extra.size >= sizeof retained); // only we write it
        memcpy(&retained, extra.data, sizeof retained);
        entry.expires_at = retained.expires_at;
        entry.qos = retained.qos;
        entry.hops = retained.hops;
        entry.properties = bytes_make(extra.data + sizeof retained, extra.size - sizeof retained);
    }
    return entry;
}

static bool is_plain(const struct broker_entry *entry) {
    return entry->expires_at == UINT64_MAX && entry->qos == 0 && entry->hops == 0 &&
           entry->properties.size == 0;
}

// What is to be kept beside the value. Valid until the next call.
static struct bytes extra_of(struct broker_core *core, const struct broker_entry *entry) {
    if (is_plain(entry)) {
        return (struct bytes){0};
    }
    struct broker_retained retained = {
        .expires_at = entry->expires_at, .qos = entry->qos, .hops = entry->hops};
    core->extra.size = 0;
    (void)buffer_reserve(&core->extra, sizeof retained + entry->properties.size);
    buffer_append(&core->extra, bytes_make(&retained, sizeof retained));
    buffer_append(&core->extra, entry->properties);
    return buffer_bytes(&core->extra);
}

bool broker_core_retain(struct broker_core *core, const struct broker_entry *entry, uint64_t now) {
    ASSERT(entry->retain);
    if (broker_entry_forgets(entry)) {
        (void)topic_values_remove(&core->values, entry->topic);
        return true;
    }
    struct topic_value value = {
        .topic = entry->topic, .value = entry->value, .origin = entry->address, .time_stamp = now};
    bool kept = topic_values_put(&core->values, &value, extra_of(core, entry)) == TOPIC_VALUES_OK;
    if (kept && entry->expires_at != UINT64_MAX) {
        topic_values_expire_at(&core->values, entry->topic, entry->expires_at);
    }
    if (core->extra.capacity > EXTRA_KEPT) {
        buffer_deinit(&core->extra);
    }
    return kept;
}

static void append_change(const struct broker_core *core, const struct broker_entry *entry) {
    if (core->journal == NULL) {
        return;
    }
    struct journal_record record = {.kind = BROKER_NO_VALUE, .text = {entry->topic}};
    if (!broker_entry_forgets(entry)) {
        record = (struct journal_record){
            .kind = BROKER_VALUE,
            .number = {entry->expires_at, entry->address, entry->qos, entry->hops},
            .text = {entry->topic, entry->properties, entry->value}};
    }
    journal_append(core->journal, &record);
}

uint32_t broker_core_expire(struct broker_core *core, uint32_t steps, uint64_t now) {
    uint32_t count = 0;
    for (; count < steps && topic_values_next_expiry(&core->values) <= now; count++) {
        const struct topic_value *value = topic_values_first_to_expire(&core->values);
        struct broker_entry forgotten = {
            .topic = value->topic, .source = BROKER_NOBODY, .retain = true, .empty_forgets = true};
        append_change(core, &forgotten);
        (void)topic_values_remove(&core->values, value->topic);
    }
    return count;
}

uint64_t broker_core_deadline(const struct broker_core *core) {
    return topic_values_next_expiry(&core->values);
}

// What has expired makes room first, should the driver be late.
static bool retain(struct broker_core *core, const struct broker_entry *entry, uint64_t now) {
    (void)broker_core_expire(core, EXPIRED_AT_ONCE, now);
    bool kept = broker_core_retain(core, entry, now);
    if (kept) {
        append_change(core, entry);
    }
    return kept;
}

void broker_core_visit(const struct broker_core *core, struct bytes filter, uint64_t now,
                       topic_values_found *found, void *context) {
    if (broker_core_owns(core, filter)) {
        core->own_topics.visit(core->own_topics.context, filter, now, found, context);
    } else {
        topic_values_visit(&core->values, filter, found, context);
    }
}

// ---- delivery ---------------------------------------------------------------------------------

struct delivery {
    struct broker_core *core;
    const struct broker_entry *entry;
};

static void deliver(void *context, uint32_t subscriber, uint32_t options) {
    const struct delivery *delivery = context;
    const struct broker_door *door = &delivery->core->doors[subscriber >> BROKER_PEER_BITS];
    door->deliver(door->context, subscriber & (BROKER_PEERS_MAX - 1), options, delivery->entry);
}

enum broker_published broker_core_publish(struct broker_core *core, struct broker_entry entry,
                                          uint64_t now) {
    entry.serial = ++core->serial;
    bool kept = !entry.retain || retain(core, &entry, now);
    struct delivery delivery = {core, &entry};
    size_t count = topic_tree_match(&core->subscriptions, entry.topic, deliver, &delivery);
    for (uint32_t i = 0; count > 0 && i < core->door_count; i++) {
        const struct broker_door *door = &core->doors[i];
        if (door->delivered != NULL) {
            door->delivered(door->context, &entry, now);
        }
    }
    return !kept ? BROKER_NOT_RETAINED : count == 0 ? BROKER_UNMATCHED : BROKER_DELIVERED;
}

// ---- what has to hold -------------------------------------------------------------------------

void broker_core_check(const struct broker_core *core) {
    topic_tree_check(&core->subscriptions);
    topic_values_check(&core->values);
    ASSERT(core->door_count <= core->door_capacity || core->door_count == 0);
    ASSERT(core->door_count == 0 || core->doors[core->door_count - 1].deliver != NULL);
    ASSERT(core->journal == NULL || core->journal->durable <= core->journal->appended);
}
