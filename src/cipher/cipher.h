// Suites: ways to agree on a key and to seal payloads with it. Each is a const descriptor, so a new
// one is a new file and a row in cipher_suites (the manner of picotls). What the suites do on the
// wire stands in docs/protocol.md, "Suites".
//
// Nothing here draws random numbers: a secret is derived from a seed that its owner was given once
// and a number that the owner never uses twice.
#ifndef CIPHER_CIPHER_H
#define CIPHER_CIPHER_H

#include "base/bytes.h"
#include "base/memory.h"
#include "packet/packet.h"

#define CIPHER_SEED_SIZE 32
#define CIPHER_PUBLIC_KEY_MAX 48 // bytes of the text of a public key

struct cipher_secret {
    uint8_t bytes[CIPHER_SEED_SIZE];
};

// The secret number `number` of a device: unrelated to all others for who does not know the seed.
struct cipher_secret cipher_derive_secret(const struct cipher_secret *seed, uint64_t number);

enum cipher_side {
    CIPHER_CLIENT, // sent creq
    CIPHER_BROKER, // answered it
};

// The key of one connection; all zero is none.
union cipher_key {
    uint32_t classic;          // g^(a*b) mod N
    struct sodium_key *sodium; // owned
};

// What a suite can do, for either end of a connection. Two exchange public keys (`public_key`, with
// `choose` before it at the second one), each makes the key of both (`agree`), packets are sealed
// and unsealed by it, and it is forgotten at the end.
struct cipher_suite {
    const char *name;
    bool pre_key; // its public key is the payload's pre-key, and what is sealed can be read by
                  // anyone

    // Writes the public part of a secret as text and returns its size.
    size_t (*public_key)(const struct cipher_secret *secret,
                         uint8_t text[static CIPHER_PUBLIC_KEY_MAX]);
    // The secret to be used in place of this one by whoever knows the other's public key first.
    // NULL: any will do.
    struct cipher_secret (*choose)(const struct cipher_secret *secret, struct bytes public_key);
    // Makes the key from one's own secret and the other's public key. False: that is no public key.
    // Pairs with `forget`.
    bool (*agree)(union cipher_key *key, struct memory *memory, enum cipher_side side,
                  const struct cipher_secret *secret, struct bytes public_key);
    void (*forget)(union cipher_key *key, struct memory *memory);
    // Replaces the packet's elements by sealed ones, written to `room`, and sets its signature.
    // False: they do not fit into the room.
    bool (*seal)(union cipher_key *key, struct packet *packet, uint8_t *room, size_t size);
    // Replaces the packet's elements by unsealed ones, written to `room`, which has
    // PACKET_LINE_MAX bytes. At a fault the elements are of no use and the key is unchanged.
    enum packet_fault (*unseal)(union cipher_key *key, struct packet *packet, uint8_t *room)
        __attribute__((warn_unused_result));
};

// The suite of that name, or NULL.
const struct cipher_suite *cipher_suite_named(struct bytes name);

#endif
