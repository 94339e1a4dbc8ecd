// Which users came with the right password of late, so that the password of one who comes again
// need not be hashed for tens of milliseconds.
//
// No password is kept, but a keyed hash of user and password (crypto_generichash). The key is drawn
// for each memory and goes with it, so what is kept can be compared with nothing elsewhere. It
// holds for one password file as it was loaded: whoever loads a file anew makes a new memory.
//
// Bounds: CREDENTIAL_MEMORY_PAIRS_MAX pairs, each for CREDENTIAL_MEMORY_LIFETIME after it was last
// used. Only right pairs are remembered, so nobody without a password displaces any.
//
// Not locked. credential_memory_digest only reads the key, and may be called beside the others.
#ifndef SESSION_BROKER_USERS_CREDENTIAL_MEMORY_H
#define SESSION_BROKER_USERS_CREDENTIAL_MEMORY_H

#include "base/bytes.h"

#define CREDENTIAL_MEMORY_PAIRS_MAX 8192
#define CREDENTIAL_MEMORY_LIFETIME (UINT64_C(24) * 3600 * 1000000000) // nanoseconds

struct credential_memory;

struct credential_digest {
    uint8_t bytes[24];
};

// NULL: there is no memory.
struct credential_memory *credential_memory_create(void);
void credential_memory_destroy(struct credential_memory *memory);

// No pair is known any more, nor one whose digest was made before.
void credential_memory_forget(struct credential_memory *memory);

struct credential_digest credential_memory_digest(const struct credential_memory *memory,
                                                  struct bytes user, struct bytes password);
void credential_memory_add(struct credential_memory *memory, const struct credential_digest *digest,
                           uint64_t now);
// Whether the pair was right; it is then in use anew. `now` is steady, in nanoseconds.
bool credential_memory_knows(struct credential_memory *memory,
                             const struct credential_digest *digest, uint64_t now);

#endif
