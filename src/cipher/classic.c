#include "cipher/classic.h"

#include "base/assert.h"
#include "base/decimal.h"

#define FIRST 32u // the first of the characters that are shifted
#define COUNT 96u // how many there are: 32..127

_Static_assert(UINT64_C(1) * (CLASSIC_MODULUS - 1) * (CLASSIC_MODULUS - 1) <= UINT32_MAX,
               "the product of two numbers of the group fits");
_Static_assert(FIRST + COUNT == 128, "what is shifted is the upper end of ASCII");

uint32_t classic_power(uint32_t base, uint32_t exponent) {
    uint32_t result = 1;
    uint32_t square = base % CLASSIC_MODULUS;
    for (; exponent > 0; exponent >>= 1) {
        if (exponent & 1) {
            result = result * square % CLASSIC_MODULUS;
        }
        square = square * square % CLASSIC_MODULUS;
    }
    return result;
}

static uint8_t shift_byte(uint32_t by, uint8_t byte) {
    uint32_t place = byte - FIRST;
    uint32_t shifted = place + by;
    shifted -= shifted >= COUNT ? COUNT : 0;
    return place < COUNT ? (uint8_t)(shifted + FIRST) : byte;
}

#define EACH_BYTE(byte) (UINT64_C(0x0101010101010101) * (byte))

// Eight bytes at once: none of the sums leaves its byte. What is above 127 then has gone once
// around, so COUNT is taken away again.
static uint64_t shift_word(uint32_t by, uint64_t word) {
    uint64_t low = word & EACH_BYTE(0x7f);
    uint64_t sum = low + EACH_BYTE(by);
    sum -= (sum >> 7 & EACH_BYTE(1)) * COUNT;
    uint64_t is_shifted = (low + EACH_BYTE(128 - FIRST)) & ~word & EACH_BYTE(0x80);
    uint64_t mask = (is_shifted >> 7) * 0xff;
    return (sum & mask) | (word & ~mask);
}

// Up to seven bytes. The halves of a word overlap.
static void shift_few(uint32_t by, struct bytes text, uint8_t *out) {
    if (text.size < sizeof(uint32_t)) {
        for (size_t at = 0; at < text.size; at++) {
            out[at] = shift_byte(by, text.data[at]);
        }
        return;
    }
    size_t behind = text.size - sizeof(uint32_t);
    uint32_t half[2];
    memcpy(&half[0], text.data, sizeof half[0]);
    memcpy(&half[1], text.data + behind, sizeof half[1]);
    uint64_t word = shift_word(by, (uint64_t)half[1] << 32 | half[0]);
    half[0] = (uint32_t)word;
    half[1] = (uint32_t)(word >> 32);
    memcpy(out, &half[0], sizeof half[0]);
    memcpy(out + behind, &half[1], sizeof half[1]);
}

// `out` may be where the text is: so the last word, which overlaps the one in front of it, is read
// first.
static void shift(uint32_t by, struct bytes text, uint8_t *out) {
    ASSERT(by < COUNT);
    uint64_t last;
    if (text.size < sizeof last) {
        shift_few(by, text, out);
        return;
    }
    size_t behind = text.size - sizeof last;
    memcpy(&last, text.data + behind, sizeof last);
    for (size_t at = 0; at < behind; at += sizeof last) {
        uint64_t word;
        memcpy(&word, text.data + at, sizeof word);
        word = shift_word(by, word);
        memcpy(out + at, &word, sizeof word);
    }
    last = shift_word(by, last);
    memcpy(out + behind, &last, sizeof last);
}

void classic_seal(uint32_t key, struct bytes text, uint8_t *out) {
    shift(key % COUNT, text, out);
}

void classic_unseal(uint32_t key, struct bytes text, uint8_t *out) {
    shift((COUNT - key % COUNT) % COUNT, text, out);
}

bool classic_key_is_lucky(uint32_t key) {
    static const char letters[] =
        "0123456789./_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    uint8_t sealed[sizeof letters - 1];
    classic_seal(key, bytes_make(letters, sizeof sealed), sealed);
    return key % COUNT != 0 && memchr(sealed, ' ', sizeof sealed) == NULL &&
           memchr(sealed, '-', sizeof sealed) == NULL;
}

uint32_t classic_logarithm(uint32_t public_key) {
    uint32_t power = 1;
    for (uint32_t exponent = 1; exponent < CLASSIC_MODULUS; exponent++) {
        power = power * CLASSIC_GENERATOR % CLASSIC_MODULUS;
        if (power == public_key) {
            return exponent;
        }
    }
    return 0;
}

// ---- the suite ------------------------------------------------------------------------------

static uint32_t exponent_of(const struct cipher_secret *secret) {
    uint32_t number;
    memcpy(&number, secret->bytes, sizeof number);
    return 1 + number % CLASSIC_SECRET_MAX;
}

static size_t public_key(const struct cipher_secret *secret,
                         uint8_t text[static CIPHER_PUBLIC_KEY_MAX]) {
    uint32_t power = classic_power(CLASSIC_GENERATOR, exponent_of(secret));
    return (size_t)(decimal_write(text, power) - text);
}

static bool agree(union cipher_key *key, struct memory *memory, enum cipher_side side,
                  const struct cipher_secret *secret, struct bytes public_key_text) {
    (void)memory;
    (void)side;
    uint64_t other;
    if (!decimal_read(public_key_text, CLASSIC_MODULUS - 1, &other) || other == 0) {
        return false;
    }
    key->classic = classic_power((uint32_t)other, exponent_of(secret));
    ASSERT(key->classic != 0); // the modulus is prime
    return true;
}

// Of the broker's 100 secrets, at least one makes a lucky key with each of a client's 100
// (test/cipher/classic_test.c). With a public key from elsewhere there may be none.
static struct cipher_secret choose(const struct cipher_secret *secret,
                                   struct bytes public_key_text) {
    uint64_t other;
    uint32_t first = exponent_of(secret) - 1;
    if (!decimal_read(public_key_text, CLASSIC_MODULUS - 1, &other) || other == 0) {
        return *secret;
    }
    for (uint32_t i = 0; i < CLASSIC_SECRET_MAX; i++) {
        uint32_t number = (first + i) % CLASSIC_SECRET_MAX;
        if (classic_key_is_lucky(classic_power((uint32_t)other, number + 1))) {
            struct cipher_secret chosen = *secret;
            memcpy(chosen.bytes, &number, sizeof number);
            return chosen;
        }
    }
    return *secret;
}

static void forget(union cipher_key *key, struct memory *memory) {
    (void)memory;
    key->classic = 0;
}

static void shift_elements(void (*way)(uint32_t, struct bytes, uint8_t *), uint32_t key,
                           struct packet *packet, uint8_t *room) {
    for (unsigned i = 0; i < packet->element_count; i++) {
        struct bytes element = packet->element[i];
        way(key, element, room);
        packet->element[i].data = room;
        room += element.size;
    }
}

static bool seal(union cipher_key *key, struct packet *packet, uint8_t *room, size_t size) {
    size_t needed = 0;
    for (unsigned i = 0; i < packet->element_count; i++) {
        needed += packet->element[i].size;
    }
    if (needed > size) {
        return false;
    }
    packet->signature = packet_signature(packet);
    shift_elements(classic_seal, key->classic, packet, room);
    return true;
}

static enum packet_fault unseal(union cipher_key *key, struct packet *packet, uint8_t *room) {
    shift_elements(classic_unseal, key->classic, packet, room);
    return packet->signature == packet_signature(packet) ? PACKET_OK : PACKET_FAULT_SIGNATURE;
}

const struct cipher_suite cipher_classic = {
    .name = "classic",
    .pre_key = true,
    .public_key = public_key,
    .choose = choose,
    .agree = agree,
    .forget = forget,
    .seal = seal,
    .unseal = unseal,
};
