// What the ledger of verdicts (check/verdict/verdict.h) is told of an island: it counts in clients,
// topics and streams, the world in devices, names and filters.
//
// A payload of the simulated world is a value for people, then the time at which it was published,
// then the mark of its message:
//
//     21.5 00000Bq6A0004_00002Fx      value, time (8 characters), mark (12 characters)
//
// Topics come to be when they are first published or subscribed to by name. A filter with wildcards
// is matched against those that there are when it is first subscribed to, and each new topic
// against all such filters; what a filter matches is kept, for it is subscribed to again and again.
//
// Islands that routers join share a ledger, for their messages go from one to the other. They name
// streams before the ledger hears of them (sim/account/front.h), and marks bear those names: a name
// is the number that the stream has on its island, times the number of islands, plus the island's
// own. All else of which the ledger is told has one number everywhere.
#ifndef SIM_ACCOUNT_LEDGER_H
#define SIM_ACCOUNT_LEDGER_H

#include "base/map.h"
#include "check/verdict/verdict.h"
#include "sim/account/counts.h"
#include "sim/account/freight.h"
#include "topic/tree.h"

#define SIM_TIME_BYTES 8u
#define SIM_STAMP_BYTES (SIM_TIME_BYTES + MARK_BYTES)

struct sim_topic {
    uint8_t *name;
    uint32_t size;
    uint32_t broker;
};

// A filter of a client, subscribed to or not. `topics` are those that it matches.
struct sim_interest {
    uint32_t *topics;
    uint32_t count;
    uint32_t capacity;
    uint32_t client;
    uint32_t broker;
    struct verdict_subscription options;
    bool is_known; // its topics were looked for
    bool is_active;
};

// A client of lines, as its broker sees it.
struct sim_line_facts {
    uint64_t connected_at;  // the last time
    uint64_t subscribed_at; // likewise
    bool is_known;          // its broker has its connection
};

// The ledger's numbers of the streams that an island named, in the order of its own.
struct sim_stream_names {
    uint32_t *numbers;
    uint32_t count;
    uint32_t capacity;
};

// Where it is added up what becomes of messages. `tallies` are by the plan's groups.
struct sim_ledger_sums {
    struct sim_counts *counts;
    struct sim_times *times;
    struct sim_tally *tallies;
    bool has_group_latencies;
};

struct sim_stream_facts {
    uint32_t topic;
    uint32_t owner;    // of the world's choice, see sim_ledger_stream
    uint32_t answered; // a bound: of the messages below it is known that they came. See is_answers
    uint32_t copied;   // a bound, 0: none. Of the messages below a network has made copies of some
    uint8_t qos;
    bool retain;
    bool is_answers; // to commands
};

// Between the world, which has names and filters, and the ledger of verdicts, which has numbers:
// `topics` and `facts` are by the ledger's own numbers of topics and streams. Numbers are given
// once and never again; all is freed with the island.
struct sim_ledger {
    struct memory *memory;
    struct verdict *verdict;
    struct map topics_by_name;
    struct map streams_by_topic; // client and topic -> stream
    struct map groups;           // of shared subscriptions
    struct sim_topic *topics;
    struct sim_interest *interests;
    struct sim_stream_facts *facts;
    struct map wildcards_of;       // broker -> its place in `wildcards`
    struct topic_tree **wildcards; // of brokers whose clients asked for any
    uint32_t topic_count;
    uint32_t topic_capacity;
    uint32_t interest_count;
    uint32_t interest_capacity;
    uint32_t stream_count;
    uint32_t facts_capacity;
    uint32_t wildcards_count;
    uint32_t wildcards_capacity;
    uint32_t group_count;
    struct sim_line_facts *lines; // by client, up to the last one of lines
    uint32_t lines_capacity;
    struct sim_stream_names *names; // of each of the islands that share it
    uint32_t islands;               // 0: it is that of one, which names nothing itself
    struct sim_freight freight;
    struct sim_ledger_sums sums; // borrowed
    const uint64_t *now;         // when that happens which it is told of
    bool is_open;                // outsiders speak, too
    bool is_garbled;             // the suites of lines are known to take what was not sent so
};

// `now` is borrowed for good: the time at which all that it is told happens. `islands`: so many
// share it; 0: it is that of one.
struct sim_ledger_options {
    const uint64_t *now;
    struct sim_ledger_sums sums;
    struct verdict_options verdict; // without its tally
    uint32_t islands;
};
void sim_ledger_init(struct sim_ledger *ledger, struct memory *memory,
                     const struct sim_ledger_options *options);
void sim_ledger_deinit(struct sim_ledger *ledger);

// The topic of that name at the broker, new if need be.
uint32_t sim_ledger_topic(struct sim_ledger *ledger, uint32_t broker, struct bytes name);
// The client's messages of one kind under a topic: those of each QoS, retained or not, and its
// wills are streams of their own. `owner` is noted of a new one.
struct sim_stream_options {
    uint32_t client;
    uint32_t topic;
    uint32_t owner;
    uint8_t qos;
    bool retain;
    bool is_wills;
};
uint32_t sim_ledger_stream(struct sim_ledger *ledger, const struct sim_stream_options *options);
// The island of that place named the stream of that number.
void sim_ledger_name(struct sim_ledger *ledger, uint32_t island, uint32_t stream);
// Under which topic the messages of a stream are published. Valid until topics are added.
static inline struct bytes sim_ledger_topic_of(const struct sim_ledger *ledger, uint32_t stream) {
    const struct sim_topic *topic = &ledger->topics[ledger->facts[stream].topic];
    return bytes_make(topic->name, topic->size);
}
// Which message of the ledger's is meant by a mark, be it one that a payload bears, or a line
// (sim/account/freight.h). False: none is.
bool sim_ledger_find(const struct sim_ledger *ledger, struct mark *mark);
// Who published it.
static inline uint32_t sim_ledger_owner(const struct sim_ledger *ledger, struct mark mark) {
    return ledger->facts[mark.stream].owner;
}

struct sim_interest_options {
    uint32_t client;
    uint32_t broker;
    uint8_t qos;
    bool no_local;
    bool retain_as_published;
    uint8_t retain_handling;
    bool is_line;
    struct bytes share; // the whole filter; empty: it is not shared
};
uint32_t sim_ledger_add_interest(struct sim_ledger *ledger,
                                 const struct sim_interest_options *options);
// The broker took the subscription, the interest of that number. `filter` is without its share.
void sim_ledger_subscribed(struct sim_ledger *ledger, uint32_t number, struct bytes filter);
// The broker let go of the subscription.
void sim_ledger_unsubscribed(struct sim_ledger *ledger, uint32_t number);
// The client's session is gone, and its subscriptions with it.
static inline void sim_ledger_forget_interest(struct sim_ledger *ledger, uint32_t interest) {
    ledger->interests[interest].is_active = false;
}

// What is known of a client of lines; a new one is made.
struct sim_line_facts *sim_ledger_line(struct sim_ledger *ledger, uint32_t client);

// Notes the message.
struct mark sim_ledger_publish(struct sim_ledger *ledger, uint32_t stream,
                               const struct verdict_publication *publication);
// Writes time and mark behind its value: SIM_STAMP_BYTES.
void sim_ledger_stamp(uint8_t *out, struct bytes value, struct mark mark, uint64_t now);
// When it was published, to a microsecond; `payload` bears a mark.
uint64_t sim_ledger_time(struct bytes payload);

// From now on others speak, too, of whom the ledger knows nothing: there is no more judgement.
void sim_ledger_open(struct sim_ledger *ledger);

// The messages of the stream answer commands.
static inline void sim_ledger_answers(struct sim_ledger *ledger, uint32_t stream) {
    ledger->facts[stream].is_answers = true;
}
// Whether the message that came is an answer, and came to somebody for the first time.
bool sim_ledger_is_answer(struct sim_ledger *ledger, struct mark mark);

// A network of lines made a copy of the message.
void sim_ledger_copied(struct sim_ledger *ledger, struct mark mark);

// False: a network that garbles lines has put the message under another name, and a weak suite has
// taken it.
bool sim_ledger_is_whole(const struct sim_ledger *ledger, struct mark mark, struct bytes topic);

// The broker took the message; a line's becomes its topic's last value.
void sim_ledger_taken(struct sim_ledger *ledger, struct mark mark, bool is_line);

struct sim_ledger_delivery {
    uint32_t client;
    uint32_t broker;
    struct bytes topic;
    const struct mark *mark; // NULL: its payload bears none
    uint64_t sent_at;        // 0: it is not known
    uint8_t qos;
    bool dup;
    bool retain;
};
void sim_ledger_delivered(struct sim_ledger *ledger, const struct sim_ledger_delivery *delivery);

#endif
