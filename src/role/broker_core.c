#include "role/broker_core.h"

#include "base/assert.h"

#define PEER_BITS 30

_Static_assert(BROKER_DOORS <= 1 << (32 - PEER_BITS), "a subscriber is a door and a peer");

static uint32_t subscriber_of(enum broker_door door, uint32_t peer) {
    ASSERT(peer >> PEER_BITS == 0);
    return (uint32_t)door << PEER_BITS | peer;
}

void broker_core_init(struct broker_core *core, struct memory *memory, uint64_t seed,
                      struct topic_values_limits limits) {
    *core = (struct broker_core){0};
    topic_tree_init(&core->subscriptions, memory, seed);
    topic_values_init(&core->values, memory, seed, limits);
}

void broker_core_deinit(struct broker_core *core) {
    topic_tree_deinit(&core->subscriptions);
    topic_values_deinit(&core->values);
}

uint32_t broker_core_find(const struct broker_core *core, struct bytes filter) {
    return topic_tree_find(&core->subscriptions, filter);
}

uint32_t broker_core_subscribe(struct broker_core *core, enum broker_door door, uint32_t peer,
                               struct bytes filter) {
    return topic_tree_insert(&core->subscriptions, filter, subscriber_of(door, peer), 0);
}

void broker_core_unsubscribe(struct broker_core *core, enum broker_door door, uint32_t peer,
                             uint32_t node) {
    topic_tree_remove(&core->subscriptions, node, subscriber_of(door, peer));
}

struct delivery {
    struct broker_core *core;
    const struct broker_entry *entry;
};

static void deliver(void *context, uint32_t subscriber, uint32_t detail) {
    (void)detail;
    const struct delivery *delivery = context;
    uint32_t door = subscriber >> PEER_BITS;
    uint32_t peer = subscriber & ((UINT32_C(1) << PEER_BITS) - 1);
    delivery->core->doors[door].deliver(delivery->core->doors[door].context, peer, delivery->entry);
}

bool broker_core_publish(struct broker_core *core, struct broker_entry entry, uint64_t now) {
    entry.serial = ++core->serial;
    bool kept = topic_values_set(&core->values, entry.topic, entry.value, entry.origin, now) ==
                TOPIC_VALUES_OK;
    struct delivery delivery = {core, &entry};
    topic_tree_match(&core->subscriptions, entry.topic, deliver, &delivery);
    return kept;
}
