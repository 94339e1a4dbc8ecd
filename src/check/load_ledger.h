// The books of a load: which messages were sent, which copies of them are to come, which came, and
// what was lost, repeated, out of order, changed or never asked for.
//
// Each publisher numbers its messages topic by topic; such a row of messages is a stream. The order
// of a stream is what MQTT promises a subscriber (5.0, section 4.6). A message carries its numbers
// and the time it was sent in its payload (check/load_payload.h); the books are kept with numbers
// alone.
//
// Subscribers that share a subscription are a group: one of them, any, gets each message, and no
// order is promised (4.8.2, 4.6).
//
// A message that is not this load's is another's, and no fault, when the subscriber asked for its
// topic and the topic may be others', too.
//
// Limits: LOAD_CELLS_MAX subscribers times streams (load_ledger_fits), UINT32_MAX - 1 messages a
// stream; LOAD_GAPS_MAX runs of missing messages, beyond which what comes late counts as repeated.
// A group has a bit for each message since the first one that has not come. Ownership: the tables
// are the ledger's, the stream's names and the histogram are borrowed.
#ifndef CHECK_LOAD_LEDGER_H
#define CHECK_LOAD_LEDGER_H

#include "base/bytes.h"
#include "base/histogram.h"
#include "base/memory.h"
#include "check/load_payload.h"

#define LOAD_CELLS_MAX (UINT64_C(1) << 26)
#define LOAD_GAPS_MAX 4096u
#define LOAD_UNWANTED UINT32_MAX

// Missing messages of a stream that a subscriber wants: `from` and those up to `to`, without it.
struct load_gap {
    uint32_t cell;
    uint32_t from;
    uint32_t to;
};

// What a group got of a stream. All below `base` came; of those from there on, whose bit is set.
struct load_share {
    uint64_t *bits;
    uint32_t words; // of bits
    uint32_t base;  // a multiple of 64
    uint32_t taken; // in all
    bool is_wanted;
};

// What became of messages and of the copies of them that subscribers were due. Up to `downgraded`
// they count faults and what there was to judge; the last three count what is no fault. All only
// grow.
struct load_counts {
    uint64_t sent;
    uint64_t expected;     // copies of what was sent
    uint64_t delivered;    // of those
    uint64_t missed;       // passed over; of those that did not come at all there may be more
    uint64_t repeated;     //
    uint64_t disordered;   // came after a later one
    uint64_t strays;       // not asked for, under another topic, or never sent
    uint64_t changed;      // of other bytes or another size than it was sent
    uint64_t downgraded;   // of a lower QoS than was published and granted
    uint64_t resent;       // repeated as the version allows; no fault
    uint64_t foreign;      // messages of others, asked for; no fault
    uint64_t acknowledged; // steps of the acknowledgement of messages, of both sides
};

// What a topic is to a subscriber that gets a message which is not of this load.
enum load_topic {
    LOAD_TOPIC_UNASKED, // it did not subscribe to it
    LOAD_TOPIC_COMMON,  // others may publish under it
    LOAD_TOPIC_OWN,     // only this load does
};

struct load_topics {
    const void *context;
    enum load_topic (*find)(const void *context, uint32_t subscriber, struct bytes topic);
};

enum load_arrival {
    LOAD_ARRIVED,       // for the first time
    LOAD_ARRIVED_AGAIN, //
    LOAD_ARRIVED_ASTRAY // or changed beyond recognition, or of others
};

// First what was agreed on and does not change (up to `names`); then what is counted of each
// stream, of each message and of each subscriber's view of a stream. A publisher stands among
// `ready` from the moment that it may send more until it is asked for. A gap is a run of numbers
// that a subscriber has jumped over; it ends when they come late, or counts as lost.
struct load_ledger {
    struct memory *memory;
    uint32_t publishers;
    uint32_t topics; // of each publisher
    uint32_t subscribers;
    uint32_t streams;
    uint32_t groups; // 0, 1: all subscribers, or as many as subscribers
    uint32_t run;
    uint32_t payload_bytes;
    const struct bytes *names; // of the streams' topics
    struct load_topics topics_of_others;
    uint32_t *next;            // subscriber, stream: what comes next, or LOAD_UNWANTED
    struct load_share *shares; // group, stream
    uint32_t *sent;            // of each stream
    uint32_t *copies;          // of each message of a stream
    uint64_t *awaited;         // copies on their way, by publisher
    // Publishers that may be able to send more, each once.
    uint32_t *ready;
    uint8_t *is_ready;
    uint32_t ready_count;
    uint32_t gap_count;
    struct load_gap *gaps;
    struct load_counts counts;
    uint64_t measured_from; // earlier messages do not go into the latencies
    uint64_t last_at;       // the last time that one came which was to come
    struct histogram *latency;
};

// What is known of a load before it begins: who takes part, under which topics, and what its
// payloads look like. Names and the histogram of latencies are borrowed for as long as the ledger
// lives.
struct load_ledger_options {
    uint32_t publishers;
    uint32_t topics;
    uint32_t subscribers;
    uint32_t groups;        // 0, 1 or as many as subscribers
    uint32_t run;           // that payloads carry
    uint32_t payload_bytes; // LOAD_HEAD_BYTES or more
    const struct bytes *names;
    struct load_topics topics_of_others; // without a function: nothing else was asked for
    struct histogram *latency;
};

bool load_ledger_fits(const struct load_ledger_options *options);
void load_ledger_init(struct load_ledger *ledger, struct memory *memory,
                      const struct load_ledger_options *options);
void load_ledger_deinit(struct load_ledger *ledger);

static inline uint32_t load_ledger_stream(const struct load_ledger *ledger, uint32_t publisher,
                                          uint32_t topic) {
    return publisher * ledger->topics + topic;
}

// The subscriber is to get the stream's messages, one copy of each.
void load_ledger_want(struct load_ledger *ledger, uint32_t subscriber, uint32_t stream);

// One subscriber of the group is to get each of the stream's messages.
void load_ledger_want_shared(struct load_ledger *ledger, uint32_t group, uint32_t stream);

// Notes that the next messages of the stream are sent; returns the number of the first.
static inline uint32_t load_ledger_send(struct load_ledger *ledger, uint32_t publisher,
                                        uint32_t stream, uint32_t count) {
    uint64_t copies = (uint64_t)count * ledger->copies[stream];
    ledger->counts.sent += count;
    ledger->counts.expected += copies;
    ledger->awaited[publisher] += copies;
    ledger->sent[stream] += count;
    return ledger->sent[stream] - count;
}

// Notes what a subscriber got.
enum load_arrival load_ledger_deliver(struct load_ledger *ledger, uint32_t subscriber,
                                      struct bytes topic, struct bytes payload, uint64_t now);

// Puts the publisher among those that may be able to send more.
static inline void load_ledger_wake(struct load_ledger *ledger, uint32_t publisher) {
    if (!ledger->is_ready[publisher]) {
        ledger->is_ready[publisher] = 1;
        ledger->ready[ledger->ready_count++] = publisher;
    }
}

// Asks every publisher that may be able to send more; those for which `serve` returns true may
// still be. `serve` must not wake others.
struct load_service {
    void *context;
    bool (*serve)(void *context, uint32_t publisher);
};
void load_ledger_serve(struct load_ledger *ledger, const struct load_service *service);

// Copies that may yet come: neither delivered nor passed over.
static inline uint64_t load_ledger_outstanding(const struct load_ledger *ledger) {
    return ledger->counts.expected - ledger->counts.delivered - ledger->counts.missed;
}

// The stream that most is missing of (missed or outstanding) by one subscriber or group; false:
// none is.
struct load_loss {
    bool is_shared;
    uint32_t subscriber; // or group
    uint32_t publisher;
    uint32_t topic;
    uint32_t last; // the greatest number that came, and one more; of a group: how many came
    uint32_t sent;
};
bool load_ledger_worst(const struct load_ledger *ledger, struct load_loss *loss);

#endif
