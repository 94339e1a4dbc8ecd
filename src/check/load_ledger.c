#include "check/load_ledger.h"

#include "base/assert.h"

bool load_ledger_fits(const struct load_ledger_options *options) {
    uint64_t streams = (uint64_t)options->publishers * options->topics;
    return streams <= LOAD_CELLS_MAX &&
           streams * (options->subscribers > 0 ? options->subscribers : 1) <= LOAD_CELLS_MAX;
}

static size_t cells_of(const struct load_ledger *ledger) {
    return (size_t)ledger->subscribers * ledger->streams;
}

static size_t shares_of(const struct load_ledger *ledger) {
    return (size_t)ledger->groups * ledger->streams;
}

void load_ledger_init(struct load_ledger *ledger, struct memory *memory,
                      const struct load_ledger_options *options) {
    ASSERT(load_ledger_fits(options) && options->payload_bytes >= LOAD_HEAD_BYTES);
    *ledger = (struct load_ledger){.memory = memory,
                                   .publishers = options->publishers,
                                   .topics = options->topics,
                                   .subscribers = options->subscribers,
                                   .streams = options->publishers * options->topics,
                                   .groups = options->groups,
                                   .run = options->run,
                                   .payload_bytes = options->payload_bytes,
                                   .names = options->names,
                                   .topics_of_others = options->topics_of_others,
                                   .latency = options->latency};
    size_t cells = cells_of(ledger) * sizeof *ledger->next;
    ledger->next = memory_allocate(memory, cells);
    if (cells > 0) {
        memset(ledger->next, 0xff, cells); // LOAD_UNWANTED
    }
    ledger->shares = memory_allocate(memory, shares_of(ledger) * sizeof *ledger->shares);
    ledger->sent = memory_allocate(memory, ledger->streams * sizeof *ledger->sent);
    ledger->copies = memory_allocate(memory, ledger->streams * sizeof *ledger->copies);
    ledger->awaited = memory_allocate(memory, ledger->publishers * sizeof *ledger->awaited);
    ledger->ready = memory_allocate(memory, ledger->publishers * sizeof *ledger->ready);
    ledger->is_ready = memory_allocate(memory, ledger->publishers);
    ledger->gaps = memory_allocate(memory, LOAD_GAPS_MAX * sizeof *ledger->gaps);
}

void load_ledger_deinit(struct load_ledger *ledger) {
    struct memory *memory = ledger->memory;
    memory_free(memory, ledger->next, cells_of(ledger) * sizeof *ledger->next);
    for (size_t i = 0; i < shares_of(ledger); i++) {
        struct load_share *share = &ledger->shares[i];
        memory_free(memory, share->bits, share->words * sizeof *share->bits);
    }
    memory_free(memory, ledger->shares, shares_of(ledger) * sizeof *ledger->shares);
    memory_free(memory, ledger->sent, ledger->streams * sizeof *ledger->sent);
    memory_free(memory, ledger->copies, ledger->streams * sizeof *ledger->copies);
    memory_free(memory, ledger->awaited, ledger->publishers * sizeof *ledger->awaited);
    memory_free(memory, ledger->ready, ledger->publishers * sizeof *ledger->ready);
    memory_free(memory, ledger->is_ready, ledger->publishers);
    memory_free(memory, ledger->gaps, LOAD_GAPS_MAX * sizeof *ledger->gaps);
}

void load_ledger_want(struct load_ledger *ledger, uint32_t subscriber, uint32_t stream) {
    uint32_t *next = &ledger->next[(size_t)subscriber * ledger->streams + stream];
    if (*next == LOAD_UNWANTED) {
        *next = 0;
        ledger->copies[stream]++;
    }
}

void load_ledger_want_shared(struct load_ledger *ledger, uint32_t group, uint32_t stream) {
    struct load_share *share = &ledger->shares[(size_t)group * ledger->streams + stream];
    if (!share->is_wanted) {
        share->is_wanted = true;
        ledger->copies[stream]++;
    }
}

void load_ledger_serve(struct load_ledger *ledger, const struct load_service *service) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < ledger->ready_count; i++) {
        uint32_t publisher = ledger->ready[i];
        if (service->serve(service->context, publisher)) {
            ledger->ready[kept++] = publisher;
        } else {
            ledger->is_ready[publisher] = 0;
        }
    }
    ledger->ready_count = kept;
}

// ---- what comes to one subscriber -----------------------------------------------------------

static void await_less(struct load_ledger *ledger, uint32_t publisher, uint32_t count) {
    ledger->awaited[publisher] -= count;
    load_ledger_wake(ledger, publisher);
}

static void note_gap(struct load_ledger *ledger, uint32_t cell, uint32_t from, uint32_t to) {
    ledger->counts.missed += to - from;
    if (ledger->gap_count < LOAD_GAPS_MAX) {
        ledger->gaps[ledger->gap_count++] = (struct load_gap){cell, from, to};
    }
}

// Whether the message was missing: it is no more.
static bool fill_gap(struct load_ledger *ledger, uint32_t cell, uint32_t sequence) {
    for (uint32_t i = 0; i < ledger->gap_count; i++) {
        struct load_gap *gap = &ledger->gaps[i];
        if (gap->cell != cell || sequence < gap->from || sequence >= gap->to) {
            continue;
        }
        struct load_gap behind = {cell, sequence + 1, gap->to};
        gap->to = sequence;
        if (gap->from == gap->to) {
            *gap = ledger->gaps[--ledger->gap_count];
        }
        if (behind.from < behind.to && ledger->gap_count < LOAD_GAPS_MAX) {
            ledger->gaps[ledger->gap_count++] = behind;
        }
        return true;
    }
    return false;
}

static inline void note_delivery(struct load_ledger *ledger, const struct load_head *head,
                                 uint64_t now) {
    ledger->counts.delivered++;
    ledger->last_at = now;
    if (head->sent_at >= ledger->measured_from) {
        histogram_add(ledger->latency, now > head->sent_at ? now - head->sent_at : 0);
    }
}

static enum load_arrival deliver_late(struct load_ledger *ledger, uint32_t cell, uint32_t sequence,
                                      uint64_t now) {
    if (!fill_gap(ledger, cell, sequence)) {
        ledger->counts.repeated++;
        return LOAD_ARRIVED_AGAIN;
    }
    ledger->counts.missed--;
    ledger->counts.delivered++;
    ledger->counts.disordered++;
    ledger->last_at = now;
    return LOAD_ARRIVED;
}

// ---- what comes to a group ------------------------------------------------------------------

#define WORD_BITS 64u

// Makes room for the bit of the number.
static void lengthen(struct load_ledger *ledger, struct load_share *share, uint32_t sequence) {
    uint32_t words = (sequence - share->base) / WORD_BITS + 1;
    if (words <= share->words) {
        return;
    }
    words += words / 2;
    uint64_t *bits = memory_allocate(ledger->memory, words * sizeof *bits);
    if (share->words > 0) {
        memcpy(bits, share->bits, share->words * sizeof *bits);
    }
    memory_free(ledger->memory, share->bits, share->words * sizeof *bits);
    share->bits = bits;
    share->words = words;
}

// Forgets the numbers at the front that have all come.
static void shorten(struct load_share *share) {
    uint32_t full = 0;
    while (full < share->words && share->bits[full] == UINT64_MAX) {
        full++;
    }
    if (full > 0) {
        size_t kept = share->words - full;
        memmove(share->bits, share->bits + full, kept * sizeof *share->bits);
        memset(share->bits + kept, 0, full * sizeof *share->bits);
        share->base += full * WORD_BITS;
    }
}

static enum load_arrival deliver_shared(struct load_ledger *ledger, uint32_t subscriber,
                                        const struct load_head *head, uint64_t now) {
    size_t group = ledger->groups > 1 ? subscriber : 0;
    struct load_share *share =
        ledger->groups > 0 ? &ledger->shares[group * ledger->streams + head->stream] : NULL;
    if (share == NULL || !share->is_wanted) {
        ledger->counts.strays++;
        return LOAD_ARRIVED_ASTRAY;
    }
    bool is_new = head->sequence >= share->base;
    if (is_new) {
        lengthen(ledger, share, head->sequence);
        uint64_t bit = UINT64_C(1) << head->sequence % WORD_BITS;
        uint64_t *word = &share->bits[(head->sequence - share->base) / WORD_BITS];
        is_new = (*word & bit) == 0;
        *word |= bit;
    }
    if (!is_new) {
        ledger->counts.repeated++;
        return LOAD_ARRIVED_AGAIN;
    }
    share->taken++;
    shorten(share);
    await_less(ledger, head->stream / ledger->topics, 1);
    note_delivery(ledger, head, now);
    return LOAD_ARRIVED;
}

// ---- what comes -----------------------------------------------------------------------------

static enum load_topic find_topic(const struct load_ledger *ledger, uint32_t subscriber,
                                  struct bytes topic) {
    const struct load_topics *topics = &ledger->topics_of_others;
    return topics->find != NULL ? topics->find(topics->context, subscriber, topic)
                                : LOAD_TOPIC_UNASKED;
}

// Of this load, by what can still be read of it.
static bool is_of_this_run(const struct load_ledger *ledger, struct bytes payload) {
    uint32_t run;
    if (payload.size < sizeof run) {
        return false;
    }
    memcpy(&run, payload.data, sizeof run);
    return run == ledger->run;
}

// What is not a message of this load under the name it was sent with: misdirected, changed, or a
// message of others.
static void take_other(struct load_ledger *ledger, uint32_t subscriber, struct bytes topic,
                       struct bytes payload) {
    struct load_head head;
    uint64_t seed;
    bool is_own = is_of_this_run(ledger, payload);
    bool is_sound = load_payload_read(payload, &head, &seed);
    enum load_topic kind = find_topic(ledger, subscriber, topic);
    if (is_own ? !is_sound : !is_sound && kind == LOAD_TOPIC_OWN) {
        ledger->counts.changed++;
    } else if (is_own || kind == LOAD_TOPIC_UNASKED) {
        ledger->counts.strays++;
    } else {
        ledger->counts.foreign++;
    }
}

// As bytes_equal, without a call for names of the usual lengths: this is asked about each message.
static inline bool is_same_name(struct bytes a, struct bytes b) {
    typedef uint64_t words __attribute__((vector_size(16)));
    words parts[4];
    size_t end = a.size - sizeof(words);
    if (a.size != b.size || end > sizeof(words)) {
        return bytes_equal(a, b);
    }
    memcpy(&parts[0], a.data, sizeof(words));
    memcpy(&parts[1], b.data, sizeof(words));
    memcpy(&parts[2], a.data + end, sizeof(words));
    memcpy(&parts[3], b.data + end, sizeof(words));
    words different = (parts[0] ^ parts[1]) | (parts[2] ^ parts[3]);
    return (different[0] | different[1]) == 0;
}

enum load_arrival load_ledger_deliver(struct load_ledger *ledger, uint32_t subscriber,
                                      struct bytes topic, struct bytes payload, uint64_t now) {
    struct load_head head;
    uint64_t seed;
    if (!load_payload_read(payload, &head, &seed) || head.run != ledger->run ||
        head.stream >= ledger->streams || head.sequence >= ledger->sent[head.stream] ||
        !is_same_name(topic, ledger->names[head.stream])) {
        take_other(ledger, subscriber, topic, payload);
        return LOAD_ARRIVED_ASTRAY;
    }
    if (payload.size != ledger->payload_bytes || !load_payload_is_intact(payload, seed)) {
        ledger->counts.changed++;
    }
    uint32_t cell = subscriber * ledger->streams + head.stream;
    uint32_t next = ledger->next[cell];
    if (next == LOAD_UNWANTED) {
        return deliver_shared(ledger, subscriber, &head, now);
    }
    if (head.sequence < next) {
        return deliver_late(ledger, cell, head.sequence, now);
    }
    if (head.sequence > next) {
        note_gap(ledger, cell, next, head.sequence);
    }
    ledger->next[cell] = head.sequence + 1;
    await_less(ledger, ledger->topics == 1 ? head.stream : head.stream / ledger->topics,
               head.sequence + 1 - next);
    note_delivery(ledger, &head, now);
    return LOAD_ARRIVED;
}

// ---- what is missing ------------------------------------------------------------------------

static uint32_t missing_in_gaps(const struct load_ledger *ledger, size_t cell) {
    uint32_t missing = 0;
    for (uint32_t i = 0; i < ledger->gap_count; i++) {
        missing += ledger->gaps[i].cell == cell ? ledger->gaps[i].to - ledger->gaps[i].from : 0;
    }
    return missing;
}

static bool find_worst_share(const struct load_ledger *ledger, uint32_t most,
                             struct load_loss *loss) {
    bool is_found = false;
    for (size_t i = 0; i < shares_of(ledger); i++) {
        const struct load_share *share = &ledger->shares[i];
        uint32_t stream = (uint32_t)(i % ledger->streams);
        if (share->is_wanted && ledger->sent[stream] - share->taken > most) {
            most = ledger->sent[stream] - share->taken;
            is_found = true;
            *loss = (struct load_loss){.is_shared = true,
                                       .subscriber = (uint32_t)(i / ledger->streams),
                                       .publisher = stream / ledger->topics,
                                       .topic = stream % ledger->topics,
                                       .last = share->taken,
                                       .sent = ledger->sent[stream]};
        }
    }
    return is_found;
}

bool load_ledger_worst(const struct load_ledger *ledger, struct load_loss *loss) {
    uint32_t most = 0;
    for (size_t cell = 0; cell < cells_of(ledger); cell++) {
        uint32_t stream = (uint32_t)(cell % ledger->streams);
        uint32_t next = ledger->next[cell];
        if (next == LOAD_UNWANTED) {
            continue;
        }
        uint32_t missing = ledger->sent[stream] - next + missing_in_gaps(ledger, cell);
        if (missing > most) {
            most = missing;
            *loss = (struct load_loss){.subscriber = (uint32_t)(cell / ledger->streams),
                                       .publisher = stream / ledger->topics,
                                       .topic = stream % ledger->topics,
                                       .last = next,
                                       .sent = ledger->sent[stream]};
        }
    }
    return find_worst_share(ledger, most, loss) || most > 0;
}
