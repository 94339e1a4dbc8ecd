#include "session/broker/users/credential_memory.h"

#include <sodium.h>
#include <stdlib.h>

#define WAYS 4 // pairs of one set
#define SETS (CREDENTIAL_MEMORY_PAIRS_MAX / WAYS)

struct pair {
    struct credential_digest digest;
    uint64_t used_at;
    bool is_set;
};

// A pair stands in the set that its digest says; of a full set the one not used for longest goes.
struct credential_memory {
    uint8_t key[crypto_generichash_KEYBYTES];
    struct pair pairs[SETS][WAYS];
};

struct credential_memory *credential_memory_create(void) {
    struct credential_memory *memory = calloc(1, sizeof *memory);
    if (memory != NULL) {
        credential_memory_forget(memory);
    }
    return memory;
}

void credential_memory_forget(struct credential_memory *memory) {
    sodium_memzero(memory->pairs, sizeof memory->pairs);
    randombytes_buf(memory->key, sizeof memory->key);
}

void credential_memory_destroy(struct credential_memory *memory) {
    if (memory != NULL) {
        sodium_memzero(memory, sizeof *memory);
        free(memory);
    }
}

// The user's length comes first, so that no two pairs are the same bytes.
struct credential_digest credential_memory_digest(const struct credential_memory *memory,
                                                  struct bytes user, struct bytes password) {
    struct credential_digest digest;
    crypto_generichash_state state;
    uint64_t user_bytes = user.size;
    crypto_generichash_init(&state, memory->key, sizeof memory->key, sizeof digest.bytes);
    crypto_generichash_update(&state, (const uint8_t *)&user_bytes, sizeof user_bytes);
    crypto_generichash_update(&state, user.data, user.size);
    crypto_generichash_update(&state, password.data, password.size);
    crypto_generichash_final(&state, digest.bytes, sizeof digest.bytes);
    sodium_memzero(&state, sizeof state);
    return digest;
}

static struct pair *set_of(struct credential_memory *memory,
                           const struct credential_digest *digest) {
    uint32_t number;
    memcpy(&number, digest->bytes, sizeof number);
    return memory->pairs[number % SETS];
}

static bool is_alive(const struct pair *pair, uint64_t now) {
    return pair->is_set && now - pair->used_at < CREDENTIAL_MEMORY_LIFETIME;
}

static struct pair *find(struct credential_memory *memory, const struct credential_digest *digest,
                         uint64_t now) {
    struct pair *set = set_of(memory, digest);
    for (unsigned i = 0; i < WAYS; i++) {
        if (is_alive(&set[i], now) &&
            sodium_memcmp(set[i].digest.bytes, digest->bytes, sizeof digest->bytes) == 0) {
            return &set[i];
        }
    }
    return NULL;
}

static struct pair *place_for(struct credential_memory *memory,
                              const struct credential_digest *digest) {
    struct pair *set = set_of(memory, digest);
    struct pair *place = &set[0];
    for (unsigned i = 1; i < WAYS && place->is_set; i++) {
        bool is_better = !set[i].is_set || set[i].used_at < place->used_at;
        place = is_better ? &set[i] : place;
    }
    return place;
}

void credential_memory_add(struct credential_memory *memory, const struct credential_digest *digest,
                           uint64_t now) {
    struct pair *pair = find(memory, digest, now);
    pair = pair == NULL ? place_for(memory, digest) : pair;
    *pair = (struct pair){.digest = *digest, .used_at = now, .is_set = true};
}

bool credential_memory_knows(struct credential_memory *memory,
                             const struct credential_digest *digest, uint64_t now) {
    struct pair *pair = find(memory, digest, now);
    if (pair != NULL) {
        pair->used_at = now;
    }
    return pair != NULL;
}
