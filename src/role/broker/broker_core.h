// The middle of a broker: who subscribed to what, and the last value of every topic. It knows
// topics, entries and subscribers, and nothing of packets, keys or protocols: those belong to its
// doors. An entry published at any door reaches the subscribers of all doors.
//
// A door registers and gets a number; it numbers its own peers, below BROKER_PEERS_MAX. To the
// core a peer is the pair of these numbers. An entry carries all that doors need to know about it,
// such as who must not receive it. The core itself treats all entries alike, wherever they came
// from.
#ifndef ROLE_BROKER_BROKER_CORE_H
#define ROLE_BROKER_BROKER_CORE_H

#include "role/journal.h"
#include "topic/topic.h"
#include "topic/tree.h"
#include "topic/values.h"

#define BROKER_DOORS_MAX 64
#define BROKER_PEER_BITS 26
#define BROKER_PEERS_MAX (UINT32_C(1) << BROKER_PEER_BITS) // of each door

#define BROKER_OWN_LEVEL BYTES_LITERAL("$SYS") // the first level of the broker's own topics

struct broker_peer {
    uint32_t door;   // as broker_core_add_door numbered it
    uint32_t number; // of the door's choice, below BROKER_PEERS_MAX
};

// The publisher of what the broker says itself, or of a message whose publisher is forgotten.
#define BROKER_NOBODY ((struct broker_peer){UINT32_MAX, UINT32_MAX})

static inline bool broker_peer_is(struct broker_peer a, struct broker_peer b) {
    return a.door == b.door && a.number == b.number;
}

// One publishing on its way from a door to all subscribers. The first fields are what they get;
// then come who published it and how it got here; then what is to be done with it. Topic, value
// and properties are borrowed.
struct broker_entry {
    struct bytes topic;
    struct bytes value;
    struct bytes properties; // of MQTT 5.0 that go with it, encoded
    struct broker_peer source;
    uint64_t serial; // of this publishing: a peer with several matching filters sees it repeated
    uint64_t expires_at; // steady nanoseconds; UINT64_MAX: never
    uint32_t address;    // its publisher's on a network of lines; 0: it has none
    uint8_t qos;         // as it was published
    uint8_t hops;        // links between brokers that it came over
    bool retain;         // is kept as its topic's last value, or ...
    bool empty_forgets;  // ... has it forgotten, if the value is empty [MQTT-3.3.1-6]
};

// What is kept beside a last value that is more than topic and value: this struct, followed by
// the properties.
struct broker_retained {
    uint64_t expires_at;
    uint8_t qos;
    uint8_t hops;
};

// The entry that a last value stands for: retained, with no publisher and no serial. Borrowed
// from the value.
struct broker_entry broker_entry_of_value(const struct topic_value *value);

// What the core asks of a door. What is done for an entry that came through another door is work
// of that one, which bounds its turns: both functions add what they take to the core's `work`.
struct broker_door {
    // Called for each matching subscription, with the options it was made with; may not change the
    // core but for `work`.
    void (*deliver)(void *context, uint32_t peer, uint32_t options,
                    const struct broker_entry *entry);
    // Called after all of them, for each publishing that somebody subscribed to, at whichever door.
    // NULL: the door does not need it.
    void (*delivered)(void *context, const struct broker_entry *entry, uint64_t now);
    void *context;
};

// Its records: last values, whichever door they came through. Restored and told whole by
// role/broker/broker_journal.h. Times are those of the entries.
enum broker_record {
    BROKER_VALUE,    // expires_at, address, qos, hops; topic, properties, value
    BROKER_NO_VALUE, // topic
    BROKER_RECORDS,
};

// Their rows in a table, for that of a door with records of its own.
#define BROKER_RECORD_ROWS [BROKER_VALUE] = {"value", 4, 3}, [BROKER_NO_VALUE] = {"no-value", 0, 1}

// The broker's own topics. `visit` calls `found` for the present value of each that matches.
struct broker_own_topics {
    void (*visit)(void *context, struct bytes filter, uint64_t now, topic_values_found *found,
                  void *found_context);
    void *context;
};

// Subscriptions and last values, each in a structure of its own, and who is attached: the doors, by
// their numbers; the one that provides the broker's own topics, if any; the journal. It allocates
// nothing until the first door registers. Each publishing gets the next serial, and adds to `work`.
struct broker_core {
    struct topic_tree subscriptions;
    struct topic_values values;
    struct memory *memory;
    uint64_t serial;
    uint64_t work;       // that deliveries have taken since the start, in units of 20 ns
    struct buffer extra; // what is kept with a value, while it is put together
    struct broker_own_topics own_topics;
    struct journal *journal; // or NULL
    uint32_t door_count;     // numbers given out; one that was given back has no `deliver`
    uint32_t door_capacity;
    struct broker_door *doors;
};

void broker_core_init(struct broker_core *core, struct memory *memory, uint64_t seed,
                      struct topic_values_limits limits);
void broker_core_deinit(struct broker_core *core);

// The door's number; BROKER_DOORS_MAX is the limit of doors at a time.
uint32_t broker_core_add_door(struct broker_core *core, struct broker_door door);
// Its peers have unsubscribed. The number may be given to another door.
void broker_core_remove_door(struct broker_core *core, uint32_t door);

// Appends to the journal, borrowed, what is retained and forgotten from now on; NULL: to none.
void broker_core_set_journal(struct broker_core *core, struct journal *journal);

// False: another door provides them already.
bool broker_core_own_topics(struct broker_core *core, struct broker_own_topics topics);
// Nothing happens unless they are this context's.
void broker_core_disown_topics(struct broker_core *core, const void *context);

// Topics and filters are checked ones (topic/topic.h). The node stays valid until its last
// subscriber leaves it.
uint32_t broker_core_find(const struct broker_core *core, struct bytes filter);
// Subscribing again replaces the options, whose bits mean what the door wants them to.
uint32_t broker_core_subscribe(struct broker_core *core, struct broker_peer subscriber,
                               struct bytes filter, uint32_t options);
// Whether it stands there; if so, sets *options.
bool broker_core_find_subscriber(const struct broker_core *core, struct broker_peer subscriber,
                                 uint32_t node, uint32_t *options);
void broker_core_unsubscribe(struct broker_core *core, struct broker_peer subscriber,
                             uint32_t node);

enum broker_published {
    BROKER_DELIVERED,
    BROKER_UNMATCHED,    // nobody subscribed to it
    BROKER_NOT_RETAINED, // there was no room to keep it; it was delivered all the same
};

// Whether the topic, or all that the filter matches, is the broker's own. Doors do not publish
// there what their peers send, and `values` has nothing of it.
static inline bool broker_core_owns(const struct broker_core *core, struct bytes text) {
    return core->own_topics.visit != NULL && topic_is_reserved(text) &&
           bytes_equal(topic_level(text, 0), BROKER_OWN_LEVEL);
}

// Calls `found` for the value of each topic that matches the filter, the broker's own included;
// returns when it has seen all.
void broker_core_visit(const struct broker_core *core, struct bytes filter, uint64_t now,
                       topic_values_found *found, void *context);

// Asserts what has to hold between any two calls; it walks subscriptions and last values.
void broker_core_check(const struct broker_core *core);

// Keeps the entry as its topic's last value, if it is to be retained, and delivers it.
enum broker_published broker_core_publish(struct broker_core *core, struct broker_entry entry,
                                          uint64_t now);

// Whether an entry that is to be retained has its topic's last value forgotten.
static inline bool broker_entry_forgets(const struct broker_entry *entry) {
    return entry->empty_forgets && entry->value.size == 0;
}

// Forgets up to `steps` last values that have expired; how many.
uint32_t broker_core_expire(struct broker_core *core, uint32_t steps, uint64_t now);
// When the next one expires; UINT64_MAX: none does.
uint64_t broker_core_deadline(const struct broker_core *core);
// Does with the last value what publishing such an entry does, and nothing else. False: there is no
// room for it.
bool broker_core_retain(struct broker_core *core, const struct broker_entry *entry, uint64_t now);

#endif
