#include "cipher/sodium.h"

#include <sodium.h>

#include "base/assert.h"

#define COUNTER_SIZE 8
#define TAG_SIZE crypto_aead_chacha20poly1305_ietf_ABYTES
#define NONCE_SIZE crypto_aead_chacha20poly1305_ietf_NPUBBYTES
#define LENGTH_SIZE 2
#define TYPE_SIZE 4
#define BASE64 sodium_base64_VARIANT_ORIGINAL_NO_PADDING

struct sodium_key {
    uint8_t receive[crypto_kx_SESSIONKEYBYTES];
    uint8_t send[crypto_kx_SESSIONKEYBYTES];
    uint64_t sent;     // counter of the last packet sealed
    uint64_t received; // highest counter unsealed
    uint64_t seen;     // bit i: counter received - i was unsealed
};
_Static_assert(SODIUM_WINDOW == 64, "`seen` has a bit for each counter of the window");

static void key_pair(const struct cipher_secret *secret, uint8_t *public_bytes,
                     uint8_t *secret_bytes) {
    _Static_assert(CIPHER_SEED_SIZE == crypto_kx_SEEDBYTES, "a secret seeds a key pair");
    (void)crypto_kx_seed_keypair(public_bytes, secret_bytes, secret->bytes);
}

static size_t to_base64(const uint8_t *bytes, size_t count, uint8_t *text, size_t size) {
    (void)sodium_bin2base64((char *)text, size, bytes, count, BASE64);
    return sodium_base64_encoded_len(count, BASE64) - 1;
}

// The bytes that `text` stands for, written to `out`; false if it is not base64 or has more.
static bool from_base64(struct bytes text, uint8_t *out, size_t room, size_t *count) {
    const char *end;
    const char *start = (const char *)text.data;
    return text.size > 0 &&
           sodium_base642bin(out, room, start, text.size, NULL, count, &end, BASE64) == 0 &&
           end == start + text.size;
}

static size_t public_key(const struct cipher_secret *secret,
                         uint8_t text[static CIPHER_PUBLIC_KEY_MAX]) {
    uint8_t public_bytes[crypto_kx_PUBLICKEYBYTES];
    uint8_t secret_bytes[crypto_kx_SECRETKEYBYTES];
    key_pair(secret, public_bytes, secret_bytes);
    sodium_memzero(secret_bytes, sizeof secret_bytes);
    return to_base64(public_bytes, sizeof public_bytes, text, CIPHER_PUBLIC_KEY_MAX);
}

static bool agree(union cipher_key *key, struct memory *memory, enum cipher_side side,
                  const struct cipher_secret *secret, struct bytes public_key_text) {
    uint8_t other[crypto_kx_PUBLICKEYBYTES];
    size_t count;
    if (!from_base64(public_key_text, other, sizeof other, &count) || count != sizeof other) {
        return false;
    }
    uint8_t public_bytes[crypto_kx_PUBLICKEYBYTES];
    uint8_t secret_bytes[crypto_kx_SECRETKEYBYTES];
    key_pair(secret, public_bytes, secret_bytes);
    struct sodium_key *made = memory_allocate(memory, sizeof *made);
    int refused = side == CIPHER_CLIENT
                      ? crypto_kx_client_session_keys(made->receive, made->send, public_bytes,
                                                      secret_bytes, other)
                      : crypto_kx_server_session_keys(made->receive, made->send, public_bytes,
                                                      secret_bytes, other);
    sodium_memzero(secret_bytes, sizeof secret_bytes);
    if (refused) {
        memory_free(memory, made, sizeof *made);
        return false;
    }
    key->sodium = made;
    return true;
}

static void forget(union cipher_key *key, struct memory *memory) {
    if (key->sodium != NULL) {
        sodium_memzero(key->sodium, sizeof *key->sodium);
        memory_free(memory, key->sodium, sizeof *key->sodium);
        key->sodium = NULL;
    }
}

static void write_number(uint8_t *out, uint64_t number, unsigned size) {
    for (unsigned i = 0; i < size; i++) {
        out[i] = (uint8_t)(number >> (8 * i));
    }
}

static uint64_t read_number(const uint8_t *in, unsigned size) {
    uint64_t number = 0;
    for (unsigned i = 0; i < size; i++) {
        number |= (uint64_t)in[i] << (8 * i);
    }
    return number;
}

static void nonce_of(uint64_t counter, uint8_t nonce[static NONCE_SIZE]) {
    memset(nonce, 0, NONCE_SIZE);
    write_number(nonce + NONCE_SIZE - COUNTER_SIZE, counter, COUNTER_SIZE);
}

static size_t list_size(const struct packet *packet) {
    size_t size = 0;
    for (unsigned i = 0; i < packet->element_count; i++) {
        size += LENGTH_SIZE + packet->element[i].size;
    }
    return size;
}

static void write_list(const struct packet *packet, uint8_t *out) {
    for (unsigned i = 0; i < packet->element_count; i++) {
        struct bytes element = packet->element[i];
        write_number(out, element.size, LENGTH_SIZE);
        if (element.size > 0) {
            memcpy(out + LENGTH_SIZE, element.data, element.size);
        }
        out += LENGTH_SIZE + element.size;
    }
}

static bool read_list(struct packet *packet, struct bytes list) {
    packet->element_count = 0;
    while (list.size > 0) {
        size_t size = list.size < LENGTH_SIZE ? list.size : read_number(list.data, LENGTH_SIZE);
        if (size + LENGTH_SIZE > list.size || packet->element_count == PACKET_ELEMENTS_MAX) {
            return false;
        }
        packet_add(packet, bytes_make(list.data + LENGTH_SIZE, size));
        list.data += LENGTH_SIZE + size;
        list.size -= LENGTH_SIZE + size;
    }
    return true;
}

// The room is used from its end for the bytes and from its start for their base64.
static bool seal(union cipher_key *key, struct packet *packet, uint8_t *room, size_t size) {
    struct sodium_key *state = key->sodium;
    size_t plain = list_size(packet);
    size_t sealed = COUNTER_SIZE + plain + TAG_SIZE;
    size_t text = sodium_base64_encoded_len(sealed, BASE64);
    if (plain > UINT16_MAX || sealed + text > size) {
        return false;
    }
    uint8_t *start = room + size - sealed;
    uint8_t nonce[NONCE_SIZE];
    ASSERT(state->sent < UINT64_MAX); // a nonce is never used twice with a key
    nonce_of(++state->sent, nonce);
    write_number(start, state->sent, COUNTER_SIZE);
    write_list(packet, start + COUNTER_SIZE);
    (void)crypto_aead_chacha20poly1305_ietf_encrypt(
        start + COUNTER_SIZE, NULL, start + COUNTER_SIZE, plain,
        (const uint8_t *)packet_type_name(packet->type), TYPE_SIZE, NULL, nonce, state->send);
    packet->element_count = 0;
    packet_add(packet, bytes_make(room, to_base64(start, sealed, room, text)));
    packet->signature = 0;
    return true;
}

static bool was_seen(const struct sodium_key *state, uint64_t counter) {
    if (counter > state->received) {
        return false;
    }
    uint64_t behind = state->received - counter;
    return counter == 0 || behind >= SODIUM_WINDOW || ((state->seen >> behind) & 1) != 0;
}

static void note_seen(struct sodium_key *state, uint64_t counter) {
    if (counter <= state->received) {
        state->seen |= 1ull << (state->received - counter);
        return;
    }
    uint64_t ahead = counter - state->received;
    state->seen = (ahead >= SODIUM_WINDOW ? 0 : state->seen << ahead) | 1;
    state->received = counter;
    ASSERT(was_seen(state, counter));
}

static enum packet_fault unseal(union cipher_key *key, struct packet *packet, uint8_t *room) {
    struct sodium_key *state = key->sodium;
    size_t sealed;
    if (packet->element_count != 1 ||
        !from_base64(packet->element[0], room, PACKET_LINE_MAX, &sealed) ||
        sealed < COUNTER_SIZE + TAG_SIZE) {
        return PACKET_FAULT_SEAL;
    }
    uint64_t counter = read_number(room, COUNTER_SIZE);
    if (was_seen(state, counter)) {
        return PACKET_FAULT_REPLAYED;
    }
    uint8_t nonce[NONCE_SIZE];
    nonce_of(counter, nonce);
    uint8_t *text = room + COUNTER_SIZE;
    if (crypto_aead_chacha20poly1305_ietf_decrypt(text, NULL, NULL, text, sealed - COUNTER_SIZE,
                                                  (const uint8_t *)packet_type_name(packet->type),
                                                  TYPE_SIZE, nonce, state->receive) != 0) {
        return PACKET_FAULT_SEAL;
    }
    note_seen(state, counter);
    bool whole = read_list(packet, bytes_make(text, sealed - COUNTER_SIZE - TAG_SIZE));
    return whole ? PACKET_OK : PACKET_FAULT_SEAL;
}

const struct cipher_suite cipher_sodium = {
    .name = "sodium",
    .public_key = public_key,
    .agree = agree,
    .forget = forget,
    .seal = seal,
    .unseal = unseal,
};
