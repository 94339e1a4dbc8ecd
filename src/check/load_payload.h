// What the messages of a load carry: a head with the message's numbers and the time it was sent,
// then bytes that follow from the head, up to the size of all payloads. So a change of any byte
// shows, and so does where it was: in the head, which then tells nothing, or behind it.
//
// The number of a run is drawn anew for each run. It tells its messages from those of another load
// at the same broker, and from what earlier ones left there.
//
// A payload comes back to the machine that sent it, so its numbers lie as they do in memory.
#ifndef CHECK_LOAD_PAYLOAD_H
#define CHECK_LOAD_PAYLOAD_H

#include "base/bytes.h"

struct load_head {
    uint32_t run;
    uint32_t check;    // half of the seed, which all other fields go into
    uint32_t stream;   // see check/load_ledger.h
    uint32_t sequence; // of the stream
    uint64_t sent_at;  // ns
};

#define LOAD_HEAD_BYTES sizeof(struct load_head)

// Odd, so that a change of one field is always a change of the seed.
#define LOAD_RUN_FACTOR UINT64_C(0x9e3779b97f4a7c15)
#define LOAD_SEED_FACTOR UINT64_C(0xc2b2ae3d27d4eb4f)
#define LOAD_WORD_STEP UINT64_C(0x9fb21c651e98df25)

// What the bytes behind the head follow from.
static inline uint64_t load_payload_seed(const struct load_head *head) {
    uint64_t number = (uint64_t)head->sequence << 32 | head->stream;
    uint64_t time = head->sent_at << 32 | head->sent_at >> 32;
    uint64_t seed = ((number ^ time) + head->run * LOAD_RUN_FACTOR) * LOAD_SEED_FACTOR;
    return seed ^ seed >> 32;
}

// Two words at a time: this is done for each message that is sent, and for each that comes.
typedef uint64_t load_words __attribute__((vector_size(16)));

// How many bytes behind the head are whole pairs of words.
static inline size_t load_payload_pairs(size_t size) {
    return (size - LOAD_HEAD_BYTES) & ~(sizeof(load_words) - 1);
}

static inline load_words load_payload_words(uint64_t seed) {
    return (load_words){0, LOAD_WORD_STEP} + seed;
}

// Writes `size` bytes, the head's included; its check is set here.
static inline void load_payload_write(uint8_t *out, size_t size, struct load_head head) {
    uint64_t seed = load_payload_seed(&head);
    head.check = (uint32_t)seed;
    memcpy(out + offsetof(struct load_head, run), &head.run, sizeof head.run);
    memcpy(out + offsetof(struct load_head, check), &head.check, sizeof head.check);
    memcpy(out + offsetof(struct load_head, stream), &head.stream, sizeof head.stream);
    memcpy(out + offsetof(struct load_head, sequence), &head.sequence, sizeof head.sequence);
    memcpy(out + offsetof(struct load_head, sent_at), &head.sent_at, sizeof head.sent_at);
    load_words words = load_payload_words(seed);
    const uint8_t *end = out + size;
    out += sizeof head;
    for (const uint8_t *stop = out + load_payload_pairs(size); out < stop;) {
        memcpy(out, &words, sizeof words);
        words += 2 * LOAD_WORD_STEP;
        out += sizeof words;
    }
    if (end - out == sizeof words[0]) {
        memcpy(out, &words, sizeof words[0]); // as often as not
    } else if (out < end) {
        memcpy(out, &words, (size_t)(end - out));
    }
}

// Reads the head; false: it is not whole, or not as any load wrote it.
static inline bool load_payload_read(struct bytes payload, struct load_head *head, uint64_t *seed) {
    if (payload.size < sizeof *head) {
        return false;
    }
    memcpy(head, payload.data, sizeof *head);
    *seed = load_payload_seed(head);
    return head->check == (uint32_t)*seed;
}

// Whether the bytes behind the head are those that follow from it.
static inline bool load_payload_is_intact(struct bytes payload, uint64_t seed) {
    load_words words = load_payload_words(seed);
    load_words changed = {0};
    const uint8_t *at = payload.data + LOAD_HEAD_BYTES;
    const uint8_t *end = payload.data + payload.size;
    for (const uint8_t *stop = at + load_payload_pairs(payload.size); at < stop;) {
        load_words found;
        memcpy(&found, at, sizeof found);
        changed |= found ^ words;
        words += 2 * LOAD_WORD_STEP;
        at += sizeof words;
    }
    uint64_t last = words[0];
    if (end - at == sizeof last) {
        memcpy(&last, at, sizeof last); // as often as not
        last ^= words[0];
    } else {
        last = at < end && memcmp(at, &words, (size_t)(end - at)) != 0;
    }
    return (changed[0] | changed[1] | last) == 0;
}

#endif
