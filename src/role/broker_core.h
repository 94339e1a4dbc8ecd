// The middle of a broker: who subscribed to what, and the last value of every topic. It knows
// topics, entries and subscribers, and nothing of packets, keys or protocols: those belong to its
// doors. An entry published at any door reaches the subscribers of all.
#ifndef ROLE_BROKER_CORE_H
#define ROLE_BROKER_CORE_H

#include "topic/tree.h"
#include "topic/values.h"

// A door has up to 2^30 peers, whose numbers it gives out itself.
enum broker_door {
    BROKER_LINE_DOOR,
    BROKER_DOORS,
};

struct broker_entry {
    struct bytes topic;
    struct bytes value;
    uint32_t origin; // address of the publisher
    uint64_t serial; // of this publishing: a peer with several matching filters sees it repeated
};

// Called for each matching subscription; may not change the core.
typedef void broker_deliver(void *door, uint32_t peer, const struct broker_entry *entry);

struct broker_core {
    struct topic_tree subscriptions;
    struct topic_values values;
    uint64_t serial;
    struct {
        broker_deliver *deliver;
        void *context;
    } doors[BROKER_DOORS];
};

void broker_core_init(struct broker_core *core, struct memory *memory, uint64_t seed,
                      struct topic_values_limits limits);
void broker_core_deinit(struct broker_core *core);

// Topics and filters are checked ones (topic/topic.h). The node stays valid until its last
// subscriber leaves it.
uint32_t broker_core_find(const struct broker_core *core, struct bytes filter);
uint32_t broker_core_subscribe(struct broker_core *core, enum broker_door door, uint32_t peer,
                               struct bytes filter);
void broker_core_unsubscribe(struct broker_core *core, enum broker_door door, uint32_t peer,
                             uint32_t node);

// Keeps the entry as its topic's last value and delivers it. False: there was no room to keep it;
// it was delivered all the same.
bool broker_core_publish(struct broker_core *core, struct broker_entry entry, uint64_t now);

#endif
