// What the signature of a packet does not find. It is a product modulo 1000, so it is 0 as soon as
// the factors 2 and 5 are each there three times, and then stays 0 whatever becomes of most bytes.
#ifndef WATCH_EXPLAIN_WEAK_SIGNATURE_H
#define WATCH_EXPLAIN_WEAK_SIGNATURE_H

#include "base/buffer.h"
#include "packet/packet.h"

struct weak_signature {
    size_t bytes; // of all elements
    size_t free;  // of these each one, by itself, can become any other byte, and it still fits
};

// Of a packet with its elements as they are before sealing.
struct weak_signature weak_signature_find(const struct packet *packet);

// The same in words: "signature 0: 6 of 7 bytes can be changed unnoticed".
void weak_signature_append_words(const struct weak_signature *weak, struct buffer *out);

#endif
