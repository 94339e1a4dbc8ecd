// The middle of a broker: who subscribed to what, and the last value of every topic. It knows
// topics, entries and subscribers, and nothing of packets, keys or protocols: those belong to its
// doors. An entry published at any door reaches the subscribers of all.
#ifndef ROLE_BROKER_BROKER_CORE_H
#define ROLE_BROKER_BROKER_CORE_H

#include "topic/topic.h"
#include "topic/tree.h"
#include "topic/values.h"

// A door has up to 2^30 peers, whose numbers it gives out itself.
enum broker_door {
    BROKER_LINE_DOOR,
    BROKER_MQTT_DOOR,
    BROKER_SHARE_DOOR, // the shared subscriptions of the MQTT door: a peer is a group of sessions
    BROKER_DOORS,
};

#define BROKER_NO_PEER UINT32_MAX

#define BROKER_OWN_LEVEL BYTES_LITERAL("$SYS") // the first level of the broker's own topics

struct broker_entry {
    struct bytes topic;
    struct bytes value;
    uint32_t origin; // address of a publisher at the line door, else 0
    uint32_t peer;   // number of a publisher at the MQTT door, else BROKER_NO_PEER
    uint64_t serial; // of this publishing: a peer with several matching filters sees it repeated
    bool retain;     // is kept as its topic's last value; an empty one of the MQTT door forgets it
    uint8_t qos;     // as it was published; 0 at the line door
    uint64_t expires_at;     // steady nanoseconds; UINT64_MAX: never
    struct bytes properties; // of MQTT 5.0 that go with it, encoded
};

// What the table of last values keeps beside a value that came through the MQTT door: this, and
// behind it the properties.
struct broker_retained {
    uint64_t expires_at;
    uint8_t qos;
};

// The entry that a last value stands for: retained, and of no serial. Borrowed from the value.
struct broker_entry broker_entry_of_value(const struct topic_value *value);

struct broker_subscriber {
    enum broker_door door;
    uint32_t peer;
};

// Called for each matching subscription, with the `detail` it was made with; may not change the
// core.
typedef void broker_deliver(void *door, uint32_t peer, uint32_t detail,
                            const struct broker_entry *entry);
// Called after all of them, for each publishing that somebody subscribed to, at whichever door.
// NULL: nobody needs it.
typedef void broker_delivered(void *door, const struct broker_entry *entry, uint64_t now);
// Called when the entry has become its topic's last value, or has made it forgotten.
typedef void broker_retained_changed(void *context, const struct broker_entry *entry, uint64_t now);

// Calls `found` for the present value of each of the broker's own topics that matches the filter.
typedef void broker_visit_own(void *context, struct bytes filter, uint64_t now,
                              topic_values_found *found, void *found_context);

struct broker_core {
    struct topic_tree subscriptions;
    struct topic_values values;
    uint64_t serial;
    struct buffer extra;              // what is kept with a value, while it is put together
    broker_retained_changed *changed; // NULL: nobody needs it
    void *changed_context;
    broker_visit_own *visit_own; // NULL: the broker has no topics of its own
    void *own_context;
    struct {
        broker_deliver *deliver;
        broker_delivered *delivered;
        void *context;
    } doors[BROKER_DOORS];
};

void broker_core_init(struct broker_core *core, struct memory *memory, uint64_t seed,
                      struct topic_values_limits limits);
void broker_core_deinit(struct broker_core *core);

// Topics and filters are checked ones (topic/topic.h). The node stays valid until its last
// subscriber leaves it.
uint32_t broker_core_find(const struct broker_core *core, struct bytes filter);
// Subscribing again replaces the detail.
uint32_t broker_core_subscribe(struct broker_core *core, struct broker_subscriber subscriber,
                               struct bytes filter, uint32_t detail);
// Whether it stands there; if so, sets *detail.
bool broker_core_find_subscriber(const struct broker_core *core,
                                 struct broker_subscriber subscriber, uint32_t node,
                                 uint32_t *detail);
void broker_core_unsubscribe(struct broker_core *core, struct broker_subscriber subscriber,
                             uint32_t node);

enum broker_published {
    BROKER_DELIVERED,
    BROKER_UNMATCHED,    // nobody subscribed to it
    BROKER_NOT_RETAINED, // there was no room to keep it; it was delivered all the same
};

// Whether the topic, or all that the filter matches, is the broker's own. Doors do not publish
// there what their peers send, and `values` has nothing of it.
static inline bool broker_core_owns(const struct broker_core *core, struct bytes text) {
    return core->visit_own != NULL && topic_is_reserved(text) &&
           bytes_equal(topic_level(text, 0), BROKER_OWN_LEVEL);
}

// Calls `found` for the value of each topic that matches the filter, the broker's own included;
// returns when it has seen all.
void broker_core_visit(const struct broker_core *core, struct bytes filter, uint64_t now,
                       topic_values_found *found, void *context);

// Keeps the entry as its topic's last value, if it is to be retained, and delivers it.
enum broker_published broker_core_publish(struct broker_core *core, struct broker_entry entry,
                                          uint64_t now);

// Whether an entry that is to be retained has its topic's last value forgotten [MQTT-3.3.1-6].
bool broker_core_forgets(const struct broker_entry *entry);
// Forgets up to `steps` last values that have expired; how many.
uint32_t broker_core_expire(struct broker_core *core, uint32_t steps, uint64_t now);
// When the next one expires; UINT64_MAX: none does.
uint64_t broker_core_deadline(const struct broker_core *core);
// Does with the last value what publishing such an entry does, and nothing else. False: there is no
// room for it.
bool broker_core_retain(struct broker_core *core, const struct broker_entry *entry, uint64_t now);

#endif
