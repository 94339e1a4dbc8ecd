#include "role/load_ledger.h"

#include "base/assert.h"

bool load_ledger_fits(const struct load_ledger_options *options) {
    uint64_t streams = (uint64_t)options->publishers * options->topics;
    return streams <= LOAD_CELLS_MAX &&
           streams * (options->subscribers > 0 ? options->subscribers : 1) <= LOAD_CELLS_MAX;
}

static size_t cells_of(const struct load_ledger *ledger) {
    return (size_t)ledger->subscribers * ledger->streams;
}

void load_ledger_init(struct load_ledger *ledger, struct memory *memory,
                      const struct load_ledger_options *options) {
    ASSERT(load_ledger_fits(options) && options->payload_bytes >= LOAD_HEAD_BYTES);
    *ledger = (struct load_ledger){.memory = memory,
                                   .publishers = options->publishers,
                                   .topics = options->topics,
                                   .subscribers = options->subscribers,
                                   .streams = options->publishers * options->topics,
                                   .payload_bytes = options->payload_bytes,
                                   .names = options->names,
                                   .latency = options->latency};
    size_t cells = cells_of(ledger) * sizeof *ledger->next;
    ledger->next = memory_allocate(memory, cells);
    if (cells > 0) {
        memset(ledger->next, 0xff, cells); // LOAD_UNWANTED
    }
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

uint32_t load_ledger_send(struct load_ledger *ledger, uint32_t publisher, uint32_t stream) {
    ledger->counts.sent++;
    ledger->counts.expected += ledger->copies[stream];
    ledger->awaited[publisher] += ledger->copies[stream];
    return ledger->sent[stream]++;
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

// ---- what comes -----------------------------------------------------------------------------

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

static void deliver_late(struct load_ledger *ledger, uint32_t cell, uint32_t sequence) {
    if (fill_gap(ledger, cell, sequence)) {
        ledger->counts.missed--;
        ledger->counts.delivered++;
        ledger->counts.disordered++;
    } else {
        ledger->counts.repeated++;
    }
}

// Whether it is a message of this load under the name it was sent with.
static bool is_ours(const struct load_ledger *ledger, const struct load_head *head,
                    struct bytes topic, struct bytes payload) {
    if (head->magic != LOAD_MAGIC || payload.size != ledger->payload_bytes ||
        head->publisher >= ledger->publishers || head->topic >= ledger->topics) {
        return false;
    }
    uint32_t stream = load_ledger_stream(ledger, head->publisher, head->topic);
    return head->sequence < ledger->sent[stream] && bytes_equal(topic, ledger->names[stream]);
}

void load_ledger_deliver(struct load_ledger *ledger, uint32_t subscriber, struct bytes topic,
                         struct bytes payload, uint64_t now) {
    struct load_head head = {0};
    if (payload.size >= sizeof head) {
        memcpy(&head, payload.data, sizeof head);
    }
    ledger->last_at = now;
    if (!is_ours(ledger, &head, topic, payload)) {
        ledger->counts.strays++;
        return;
    }
    uint32_t stream = load_ledger_stream(ledger, head.publisher, head.topic);
    uint32_t cell = subscriber * ledger->streams + stream;
    uint32_t next = ledger->next[cell];
    if (next == LOAD_UNWANTED) {
        ledger->counts.strays++;
        return;
    }
    if (head.sequence < next) {
        deliver_late(ledger, cell, head.sequence);
        return;
    }
    if (head.sequence > next) {
        note_gap(ledger, cell, next, head.sequence);
    }
    ledger->next[cell] = head.sequence + 1;
    ledger->counts.delivered++;
    await_less(ledger, head.publisher, head.sequence + 1 - next);
    if (head.sent_at >= ledger->measured_from) {
        histogram_add(ledger->latency, now > head.sent_at ? now - head.sent_at : 0);
    }
}

// ---- what is missing ------------------------------------------------------------------------

static uint32_t missing_in_gaps(const struct load_ledger *ledger, size_t cell) {
    uint32_t missing = 0;
    for (uint32_t i = 0; i < ledger->gap_count; i++) {
        missing += ledger->gaps[i].cell == cell ? ledger->gaps[i].to - ledger->gaps[i].from : 0;
    }
    return missing;
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
    return most > 0;
}
