#include "role/broker/broker_core.h"

#include "base/assert.h"

#define PEER_BITS 30
#define EXPIRED_AT_ONCE 4
#define EXTRA_KEPT 65536 // of the buffer that is used again

_Static_assert(BROKER_DOORS <= 1 << (32 - PEER_BITS), "a subscriber is a door and a peer");

static uint32_t number_of(struct broker_subscriber subscriber) {
    ASSERT(subscriber.peer >> PEER_BITS == 0);
    return (uint32_t)subscriber.door << PEER_BITS | subscriber.peer;
}

void broker_core_init(struct broker_core *core, struct memory *memory, uint64_t seed,
                      struct topic_values_limits limits) {
    *core = (struct broker_core){0};
    topic_tree_init(&core->subscriptions, memory, seed);
    topic_values_init(&core->values, memory, seed, limits);
    buffer_init(&core->extra, memory);
}

void broker_core_deinit(struct broker_core *core) {
    topic_tree_deinit(&core->subscriptions);
    topic_values_deinit(&core->values);
    buffer_deinit(&core->extra);
}

uint32_t broker_core_find(const struct broker_core *core, struct bytes filter) {
    return topic_tree_find(&core->subscriptions, filter);
}

uint32_t broker_core_subscribe(struct broker_core *core, struct broker_subscriber subscriber,
                               struct bytes filter, uint32_t detail) {
    return topic_tree_insert(&core->subscriptions, filter, number_of(subscriber), detail);
}

bool broker_core_find_subscriber(const struct broker_core *core,
                                 struct broker_subscriber subscriber, uint32_t node,
                                 uint32_t *detail) {
    return topic_tree_find_entry(&core->subscriptions, node, number_of(subscriber), detail);
}

void broker_core_unsubscribe(struct broker_core *core, struct broker_subscriber subscriber,
                             uint32_t node) {
    topic_tree_remove(&core->subscriptions, node, number_of(subscriber));
}

// ---- last values ------------------------------------------------------------------------------

struct broker_entry broker_entry_of_value(const struct topic_value *value) {
    struct broker_entry entry = {.topic = value->topic,
                                 .value = value->value,
                                 .origin = value->origin,
                                 .peer = BROKER_NO_PEER,
                                 .retain = true,
                                 .expires_at = UINT64_MAX};
    struct bytes extra = topic_value_extra(value);
    struct broker_retained retained;
    if (extra.size >= sizeof retained) {
        memcpy(&retained, extra.data, sizeof retained);
        entry.expires_at = retained.expires_at;
        entry.qos = retained.qos;
        entry.properties = bytes_make(extra.data + sizeof retained, extra.size - sizeof retained);
    }
    return entry;
}

bool broker_core_forgets(const struct broker_entry *entry) {
    return entry->origin == 0 && entry->value.size == 0;
}

bool broker_core_retain(struct broker_core *core, const struct broker_entry *entry, uint64_t now) {
    struct topic_value value = {
        .topic = entry->topic, .value = entry->value, .origin = entry->origin, .time_stamp = now};
    if (entry->origin != 0) {
        return topic_values_put(&core->values, &value, (struct bytes){0}) == TOPIC_VALUES_OK;
    }
    if (broker_core_forgets(entry)) {
        (void)topic_values_remove(&core->values, entry->topic);
        return true;
    }
    struct broker_retained retained = {.expires_at = entry->expires_at, .qos = entry->qos};
    core->extra.size = 0;
    (void)buffer_reserve(&core->extra, sizeof retained + entry->properties.size);
    buffer_append(&core->extra, bytes_make(&retained, sizeof retained));
    buffer_append(&core->extra, entry->properties);
    bool kept =
        topic_values_put(&core->values, &value, buffer_bytes(&core->extra)) == TOPIC_VALUES_OK;
    if (kept && entry->expires_at != UINT64_MAX) {
        topic_values_expire_at(&core->values, entry->topic, entry->expires_at);
    }
    if (core->extra.capacity > EXTRA_KEPT) {
        buffer_deinit(&core->extra);
    }
    return kept;
}

uint32_t broker_core_expire(struct broker_core *core, uint32_t steps, uint64_t now) {
    uint32_t count = 0;
    for (; count < steps && topic_values_next_expiry(&core->values) <= now; count++) {
        const struct topic_value *value = topic_values_first_to_expire(&core->values);
        struct broker_entry forgotten = {
            .topic = value->topic, .peer = BROKER_NO_PEER, .retain = true};
        if (core->changed != NULL) {
            core->changed(core->changed_context, &forgotten, now);
        }
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
    if (kept && core->changed != NULL) {
        core->changed(core->changed_context, entry, now);
    }
    return kept;
}

void broker_core_visit(const struct broker_core *core, struct bytes filter, uint64_t now,
                       topic_values_found *found, void *context) {
    if (broker_core_owns(core, filter)) {
        core->visit_own(core->own_context, filter, now, found, context);
    } else {
        topic_values_visit(&core->values, filter, found, context);
    }
}

// ---- delivery ---------------------------------------------------------------------------------

struct delivery {
    struct broker_core *core;
    const struct broker_entry *entry;
};

static void deliver(void *context, uint32_t subscriber, uint32_t detail) {
    const struct delivery *delivery = context;
    uint32_t door = subscriber >> PEER_BITS;
    uint32_t peer = subscriber & ((UINT32_C(1) << PEER_BITS) - 1);
    delivery->core->doors[door].deliver(delivery->core->doors[door].context, peer, detail,
                                        delivery->entry);
}

enum broker_published broker_core_publish(struct broker_core *core, struct broker_entry entry,
                                          uint64_t now) {
    entry.serial = ++core->serial;
    bool kept = !entry.retain || retain(core, &entry, now);
    struct delivery delivery = {core, &entry};
    size_t count = topic_tree_match(&core->subscriptions, entry.topic, deliver, &delivery);
    for (int door = 0; count > 0 && door < BROKER_DOORS; door++) {
        if (core->doors[door].delivered != NULL) {
            core->doors[door].delivered(core->doors[door].context, &entry, now);
        }
    }
    return !kept ? BROKER_NOT_RETAINED : count == 0 ? BROKER_UNMATCHED : BROKER_DELIVERED;
}
