#include "cipher/cipher.h"

#include <sodium.h>

#include "cipher/classic.h"
#include "cipher/sodium.h"

_Static_assert(CIPHER_SEED_SIZE == crypto_kdf_KEYBYTES, "the seed is the key of a key derivation");

struct cipher_secret cipher_derive_secret(const struct cipher_secret *seed, uint64_t number) {
    struct cipher_secret secret;
    (void)crypto_kdf_derive_from_key(secret.bytes, sizeof secret.bytes, number, "mqttsims",
                                     seed->bytes);
    return secret;
}

const struct cipher_suite *cipher_suite_named(struct bytes name) {
    static const struct cipher_suite *const suites[] = {&cipher_classic, &cipher_sodium};
    for (size_t i = 0; i < sizeof suites / sizeof *suites; i++) {
        if (bytes_equal(name, bytes_of_text(suites[i]->name))) {
            return suites[i];
        }
    }
    return NULL;
}
