// What the ledger keeps (check/verdict/verdict.h tells what for), and the few things that all its
// parts do: records come and go, events are noted, a rule is found broken.
//
//     client ---- subscriptions ---- routes          a subscription's route for each stream of its
//        |             |               |             topic
//     streams ------ topic         copies            owed to that route, in the order in which the
//        |                             |             broker took them
//     messages  ------------------------             under way, in the order of their numbers
//
// Records refer to each other by their places, never by pointers: tables move as they grow. Places
// that are free stand in a list through their first field.
//
// A shared subscription is a subscription of the group: its clients are members. It has routes like
// any other, in a list of their own in each stream.
#ifndef CHECK_VERDICT_VERDICT_STATE_H
#define CHECK_VERDICT_VERDICT_STATE_H

#include "base/assert.h"
#include "base/heap.h"
#include "base/map.h"
#include "check/verdict/verdict_types.h"

// Flags of copies and messages.
enum {
    IS_UNSURE = 1,      // it may come and need not; `loss` says why
    IS_SKIPPED = 2,     // a later one came first
    IS_EXTRA = 4,       // a copy beyond those that are owed
    IS_RETAINED = 8,    // a copy that a new subscription is owed
    IS_ANY_QOS = 16,    // a copy whose subscriptions changed while it waited
    IS_ANY_RETAIN = 32, // likewise
};

// A message under way: it lives in its stream's list, in the order of numbers, from its
// publishing until it is acknowledged and its last copy is closed.
struct verdict_message {
    uint32_t next; // by number
    uint32_t previous;
    uint32_t stream;
    uint32_t number;
    uint32_t copies; // open ones
    uint8_t qos;
    uint8_t flags;
    uint8_t loss;
    uint8_t taken; // how often, up to 255
    bool retain;
    bool is_will;
    bool is_acknowledged;
    uint64_t expiry;     // ns; 0: none; VERDICT_NEVER: it is not known any more
    uint64_t expires_at; // once it is taken
};

// What one subscriber is owed of a message, in the list of its route. It is open until it is
// delivered, or is known not to come.
struct verdict_copy {
    uint32_t next; // of the route
    uint32_t previous;
    uint32_t message;
    uint32_t route;
    uint64_t opened_at; // sequence of the event
    uint8_t qos;
    uint8_t flags;
    uint8_t loss;
    uint8_t more; // so many more, of subscriptions that overlap
};

// Numbers that are bounds say up to where, without it: 0 is none. From one stream to one
// subscriber. It comes with the first copy and stays, for what may come again is judged by it:
// its copies, what was delivered at most, and bounds.
struct verdict_route {
    uint32_t next_of_stream;
    uint32_t previous_of_stream;
    uint32_t next_of_subscription;
    uint32_t stream;
    uint32_t subscription;
    uint32_t subscriber; // client, or the group's number
    uint32_t first;      // copies
    uint32_t last;
    uint32_t highest;       // delivered
    uint32_t resumed;       // the same, when the session was last taken up: these may come again;
                            // of a group what was taken as a member moved, for that may be sent
    uint32_t repeated;      // of these, what came again
    uint32_t hidden;        // of these copies may have been open of which the ledger knows nothing
    uint32_t retained_from; // 0, or a bound: this retained message, or a later one, may come
    uint32_t crashed;       // of these the broker may have forgotten that it sent them
    uint32_t again;         // of these some were taken more than once
    uint8_t qos;            // as its subscription's, see verdict_subscription_spread
    uint8_t flags;
    bool is_present;
    bool is_unordered;
};

enum {
    SUBSCRIPTION_OPEN = 1,
    SUBSCRIPTION_NO_LOCAL = 2,
    SUBSCRIPTION_AS_PUBLISHED = 4,
    SUBSCRIPTION_ANY_FLAG = 8, // filters that differ in that overlap
    SUBSCRIPTION_ANY_QOS = 16, // likewise
    SUBSCRIPTION_GROUP = 32,
    SUBSCRIPTION_OVERLAP = 64, // of several filters
};

// A subscription of a client, or of a group, to a topic. It stands in the lists of its topic and
// of its client, and has the routes that messages came by.
struct verdict_subscriber {
    uint32_t next_of_topic;
    uint32_t previous_of_topic;
    uint32_t next_of_client;
    uint32_t client; // or the group's number
    uint32_t topic;
    uint32_t routes;
    uint32_t members; // of a group, open or not
    uint32_t present; // of these, connected and open
    uint8_t qos;
    uint8_t flags;
    uint16_t filters;
};

struct verdict_member {
    uint32_t next_of_client;
    uint32_t client;
    uint32_t subscription;
    uint8_t qos;
    bool is_open;
};

// What one client publishes to one topic, numbered from 1 on. The bounds say from which number
// on a message may come again, and why; a bound only rises.
struct verdict_stream {
    uint32_t client;
    uint32_t topic;
    uint32_t next_of_client;
    uint32_t next_of_topic;
    uint32_t routes;
    uint32_t group_routes;
    uint32_t route_count : 30; // without those of groups
    uint32_t is_present : 1;   // its client is connected
    uint32_t is_wills : 1;
    uint32_t published;
    uint32_t first; // messages under way
    uint32_t last;
    uint32_t hint;    // the one that was looked for last
    uint32_t taken;   // bounds, see struct verdict_route: the highest that was taken
    uint32_t resumed; // when its client last connected: these may be sent, and taken, again
    uint32_t fresh;   // when its session was last found gone: these even with QoS 2
    uint32_t crashed; // when its broker last crashed: these, if they were not acknowledged
    uint32_t acknowledged;
};

enum {
    CLIENT_HAS_SESSION = 1,
    CLIENT_CONNECTED = 2,
    CLIENT_UNORDERED = 4,
    CLIENT_TIMED = 8,
    CLIENT_FADING = 16,   // its session ended with its connection
    CLIENT_BAD = 32,      // it need not take what is sent to it
    CLIENT_BUSY = 64,     // see verdict_busy
    CLIENT_CRASHED = 128, // its broker crashed since it last connected
};

// A client with the heads of its lists. While it is absent its session is there until
// `expires_from`, gone from `expires_to` on, and in between either is right.
struct verdict_client {
    uint32_t broker;
    uint32_t streams;
    uint32_t subscriptions;
    uint32_t members;
    uint32_t open; // copies with QoS 1 or 2 that are open, where a queue's limit is known
    uint32_t will; // the newest, or VERDICT_NONE
    uint8_t flags;
    uint64_t resumed_at;   // sequence of the event
    uint64_t overflow_at;  // likewise: copies opened before may have been dropped from its queue;
                           // VERDICT_NEVER: any may, until its session ends
    uint64_t buried_at;    // when its session was last lost
    uint64_t expires_from; // while it is absent: its session may be gone from then on
    uint64_t expires_to;   // and is from then on
    uint64_t expiry;       // ns, of its last connection
};

enum verdict_will_state {
    WILL_FREE,      // the place is
    WILL_SET,       // the client is connected
    WILL_DUE,       // or will be, at `due`
    WILL_EARLY,     // it was published before anybody told why; at `due`
    WILL_UNCERTAIN, // a crash came between
    WILL_OVER,      // it was published at `due`, or is not to be from then on
};

// Clients with a will. An old one may still be due when the next one is set.
struct verdict_will {
    uint32_t next; // free places, or the client's older will
    uint32_t client;
    struct mark mark;
    enum verdict_will_state state;
    uint64_t delay;
    uint64_t due;
};

struct verdict_topic {
    uint32_t broker;
    uint32_t streams;
    uint32_t subscriptions;
    struct mark retained; // stream VERDICT_NONE: none
    uint8_t retained_qos;
    bool is_retained_unsure; // after a crash
    bool is_last_value;      // what is retained
    uint64_t retained_until;
};

// The places of a table of records.
struct verdict_places {
    uint32_t count; // that were ever taken
    uint32_t capacity;
    uint32_t free; // the first that was given back, or VERDICT_NONE
};

#define VERDICT_TABLE(type)           \
    struct {                          \
        struct type *items;           \
        struct verdict_places places; \
    }

// The ledger. Records stand in tables and know each other by their places, so that a place that
// is given back can be used again. The maps find what lists would be too long for; `ring` holds
// the last events, so that a finding can show what led to it.
struct verdict {
    struct memory *memory;
    struct verdict_options options;
    VERDICT_TABLE(verdict_client) clients;
    VERDICT_TABLE(verdict_topic) topics;
    VERDICT_TABLE(verdict_stream) streams;
    VERDICT_TABLE(verdict_subscriber) subscriptions;
    VERDICT_TABLE(verdict_member) members;
    VERDICT_TABLE(verdict_route) routes;
    VERDICT_TABLE(verdict_message) messages;
    VERDICT_TABLE(verdict_copy) copies;
    VERDICT_TABLE(verdict_will) wills;
    struct map subscription_of; // topic and client, or group
    struct map member_of;       // subscription and client
    struct map route_of;        // stream and client, of streams with many
    struct heap expiries;       // `sequence` is the client
    uint64_t open_owed;         // copies
    uint64_t now;
    struct verdict_counts counts;
    struct verdict_event *ring;
    bool is_over;  // there is no more judgement
    bool has_busy; // see verdict_busy
    uint32_t finding_count;
    struct verdict_finding *findings; // VERDICT_FINDINGS; NULL: there is none yet
};

// ---- records ----------------------------------------------------------------------------------

// The place of a new record, which is not initialised. The table may have moved.
#define VERDICT_TAKE(verdict, table)                                                              \
    ((verdict)->table.items =                                                                     \
         verdict_places_grow((verdict)->memory, (verdict)->table.items, &(verdict)->table.places, \
                             sizeof *(verdict)->table.items),                                     \
     verdict_places_take(&(verdict)->table.places, (verdict)->table.items,                        \
                         sizeof *(verdict)->table.items))
void *verdict_places_grow(struct memory *memory, void *items, struct verdict_places *places,
                          size_t size);
uint32_t verdict_places_take(struct verdict_places *places, const void *items, size_t size);

#define VERDICT_GIVE(verdict, table, place)                                      \
    verdict_places_give(&(verdict)->table.places, (verdict)->table.items, place, \
                        sizeof *(verdict)->table.items)
void verdict_places_give(struct verdict_places *places, void *items, uint32_t place, size_t size);

static inline uint64_t verdict_later(uint64_t time, uint64_t span) {
    return span > VERDICT_NEVER - time ? VERDICT_NEVER : time + span;
}

// ---- events and findings ----------------------------------------------------------------------

#define VERDICT_FLAG_DUP 1u
#define VERDICT_FLAG_RETAIN 2u

// Notes it as the last one; time goes on.
void verdict_note(struct verdict *verdict, const struct verdict_event *event);

// The sequence of the event that is being told.
static inline uint64_t verdict_sequence(const struct verdict *verdict) {
    return verdict->counts.events - 1;
}

// Whom a finding is about; VERDICT_NONE where it is about none.
struct verdict_about {
    struct mark mark;
    uint32_t client;
    uint32_t topic;
};

void verdict_broken(struct verdict *verdict, enum check_rule rule,
                    const struct verdict_about *about);

static inline void verdict_test(struct verdict *verdict, bool holds, enum check_rule rule,
                                const struct verdict_about *about) {
    verdict->counts.checked[rule]++;
    if (!holds) {
        verdict_broken(verdict, rule, about);
    }
}

static inline void verdict_mark_reached(struct verdict *verdict, enum verdict_reached mark) {
    verdict->counts.reached[mark]++;
}

#endif
