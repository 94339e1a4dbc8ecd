// The books of a load: which messages were sent, which copies of them are to come, which came, and
// what was lost, repeated, out of order or never asked for.
//
// Each publisher numbers its messages topic by topic; such a row of messages is a stream. The order
// of a stream is what MQTT promises a subscriber (5.0, section 4.6). A message carries its numbers
// and the time it was sent at the start of its payload; the books are kept with numbers alone.
//
// Limits: LOAD_CELLS_MAX subscribers times streams (load_ledger_fits), UINT32_MAX - 1 messages a
// stream; LOAD_GAPS_MAX runs of missing messages, beyond which what comes late counts as repeated.
// Ownership: the tables are the ledger's, the stream's names and the histogram are borrowed.
#ifndef ROLE_LOAD_LEDGER_H
#define ROLE_LOAD_LEDGER_H

#include "base/bytes.h"
#include "base/histogram.h"
#include "base/memory.h"

#define LOAD_CELLS_MAX (UINT64_C(1) << 26)
#define LOAD_GAPS_MAX 4096u
#define LOAD_UNWANTED UINT32_MAX

// What a payload begins with. It never leaves this machine, so its numbers lie as they do in
// memory.
struct load_head {
    uint32_t magic; // LOAD_MAGIC
    uint32_t publisher;
    uint32_t topic;    // of the publisher
    uint32_t sequence; // of the stream
    uint64_t sent_at;  // ns
};

#define LOAD_MAGIC 0x44414f4cu
#define LOAD_HEAD_BYTES sizeof(struct load_head)

// Missing messages of a stream that a subscriber wants: `from` and those up to `to`, without it.
struct load_gap {
    uint32_t cell;
    uint32_t from;
    uint32_t to;
};

struct load_counts {
    uint64_t sent;
    uint64_t expected;   // copies of what was sent
    uint64_t delivered;  // of those
    uint64_t missed;     // passed over; of those that did not come at all there may be more
    uint64_t repeated;   //
    uint64_t disordered; // came after a later one
    uint64_t strays;     // not asked for, or not a message of this load
};

struct load_ledger {
    struct memory *memory;
    uint32_t publishers;
    uint32_t topics; // of each publisher
    uint32_t subscribers;
    uint32_t streams;
    uint32_t payload_bytes;
    const struct bytes *names; // of the streams' topics
    uint32_t *next;            // subscriber, stream: what comes next, or LOAD_UNWANTED
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
    uint64_t last_at;       // the last delivery
    struct histogram *latency;
};

struct load_ledger_options {
    uint32_t publishers;
    uint32_t topics;
    uint32_t subscribers;
    uint32_t payload_bytes; // LOAD_HEAD_BYTES or more
    const struct bytes *names;
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

// Notes that the next message of the stream is sent; returns its number.
uint32_t load_ledger_send(struct load_ledger *ledger, uint32_t publisher, uint32_t stream);

// Notes what a subscriber got.
void load_ledger_deliver(struct load_ledger *ledger, uint32_t subscriber, struct bytes topic,
                         struct bytes payload, uint64_t now);

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

// The stream that most is missing of (missed or outstanding) by one subscriber; false: none is.
struct load_loss {
    uint32_t subscriber;
    uint32_t publisher;
    uint32_t topic;
    uint32_t last; // the greatest number that came, and one more
    uint32_t sent;
};
bool load_ledger_worst(const struct load_ledger *ledger, struct load_loss *loss);

#endif
