// What anybody who can read a network finds out about sealed packets.
//
// Suite `classic` gives its key away: both public pre-keys of a connection travel readable, and the
// discrete logarithm of one of them takes at most 7918 multiplications. And who did not see them
// tries the 96 shifts there are and keeps those that make sense. That is the lesson why the suite
// `sodium` exists, for which nothing of this works.
//
// Pure but for libsodium's base64. Keys are kept by pair of addresses, at most EAVESDROP_PAIRS_MAX;
// one more takes the place of the oldest.
#ifndef WATCH_EXPLAIN_EAVESDROP_H
#define WATCH_EXPLAIN_EAVESDROP_H

#include "base/buffer.h"
#include "base/map.h"
#include "packet/packet.h"

#define EAVESDROP_PAIRS_MAX 10000
#define EAVESDROP_SHIFTS 96 // what a key of the suite `classic` comes down to

enum eavesdrop_outcome {
    EAVESDROP_NOTHING,    // nothing to find out
    EAVESDROP_KEY_FOUND,  // an exchange is complete: client_key, broker_key, exponent, key
    EAVESDROP_KEY_MISSED, // it is, but without two pre-keys
    EAVESDROP_KEY_SAFE,   // it is, of the suite `sodium`
    EAVESDROP_UNSEALED,   // with the key that was found: key
    EAVESDROP_GUESSED,    // by trying: shift, fitting
    EAVESDROP_UNFIT,      // not unsealed: the key does not fit, or no shift does
    EAVESDROP_SAFE,       // not unsealed: suite `sodium`
};

struct eavesdrop_finding {
    enum eavesdrop_outcome outcome;
    uint32_t client_key;
    uint32_t broker_key;
    uint32_t exponent; // the generator to this power is client_key
    uint32_t key;      // 0: none
    uint32_t shift;
    uint32_t fitting; // how many shifts fit all that was seen
};

struct eavesdrop_pair;

struct eavesdrop {
    struct memory *memory;
    struct map places;
    struct eavesdrop_pair *pairs;
    uint32_t capacity;
    uint32_t count;
    uint32_t oldest; // the next to be replaced once there are EAVESDROP_PAIRS_MAX
};

void eavesdrop_init(struct eavesdrop *eavesdrop, struct memory *memory);
void eavesdrop_deinit(struct eavesdrop *eavesdrop);

// Looks at the next packet of the network. With EAVESDROP_UNSEALED and EAVESDROP_GUESSED its
// elements are the plain ones, in `room`, which has PACKET_LINE_MAX bytes; else it is unchanged.
struct eavesdrop_finding eavesdrop_packet(struct eavesdrop *eavesdrop, struct packet *packet,
                                          uint8_t *room);

// Whether a sealed packet is one of the suite `sodium`, as far as that shows: one element, the
// base64 of a counter and more.
bool eavesdrop_looks_like_sodium(const struct packet *packet);

// The finding in words, or nothing; `nanoseconds` is how long it took.
void eavesdrop_append_words(const struct eavesdrop_finding *finding, uint64_t nanoseconds,
                            struct buffer *out);

#endif
