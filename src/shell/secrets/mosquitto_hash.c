#include "shell/secrets/mosquitto_hash.h"

#include <openssl/evp.h>
#include <sodium.h>

#include "base/assert.h"
#include "base/decimal.h"

#define PLAIN_MARK "$6$"
#define PBKDF2_MARK "$7$"
#define MARK_SIZE 3

_Static_assert(MOSQUITTO_HASH_SIZE == 512 / 8, "SHA-512");

bool mosquitto_hash_is_meant(struct bytes text) {
    return bytes_starts_with(text, bytes_of_text(PLAIN_MARK)) ||
           bytes_starts_with(text, bytes_of_text(PBKDF2_MARK));
}

// What stands before the next $, which is taken off as well; false: there is none.
static bool take_field(struct bytes *rest, struct bytes *field) {
    const uint8_t *mark = rest->size == 0 ? NULL : memchr(rest->data, '$', rest->size);
    if (mark == NULL) {
        return false;
    }
    *field = bytes_make(rest->data, (size_t)(mark - rest->data));
    *rest = bytes_make(mark + 1, rest->size - field->size - 1);
    return true;
}

static bool from_base64(struct bytes text, uint8_t *out, size_t room, size_t *count) {
    const char *start = (const char *)text.data;
    const char *end = NULL;
    return text.size > 0 &&
           sodium_base642bin(out, room, start, text.size, NULL, count, &end,
                             sodium_base64_VARIANT_ORIGINAL) == 0 &&
           end == start + text.size;
}

const char *mosquitto_hash_read(struct mosquitto_hash *hash, struct bytes text) {
    ASSERT(mosquitto_hash_is_meant(text));
    bool is_plain = bytes_starts_with(text, bytes_of_text(PLAIN_MARK));
    struct bytes rest = bytes_make(text.data + MARK_SIZE, text.size - MARK_SIZE);
    struct bytes field;
    uint64_t iterations = 0;
    size_t salt_size = 0;
    size_t size = 0;
    *hash = (struct mosquitto_hash){0};
    if (!is_plain &&
        (!take_field(&rest, &field) ||
         !decimal_read(field, MOSQUITTO_ITERATIONS_MAX, &iterations) || iterations == 0)) {
        return "behind $7$ stands how many iterations there are, from 1 to 10,000,000";
    }
    if (!take_field(&rest, &field) ||
        !from_base64(field, hash->salt, sizeof hash->salt, &salt_size)) {
        return "its salt is not base64 of up to 64 bytes with a $ behind it";
    }
    if (!from_base64(rest, hash->hash, sizeof hash->hash, &size) || size != MOSQUITTO_HASH_SIZE) {
        return "its hash is not base64 of 64 bytes";
    }
    hash->iterations = (uint32_t)iterations;
    hash->salt_size = (uint32_t)salt_size;
    return NULL;
}

static bool digest(const struct mosquitto_hash *hash, struct bytes password, uint8_t *out) {
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool is_made = context != NULL && EVP_DigestInit_ex(context, EVP_sha512(), NULL) == 1 &&
                   EVP_DigestUpdate(context, password.data, password.size) == 1 &&
                   EVP_DigestUpdate(context, hash->salt, hash->salt_size) == 1 &&
                   EVP_DigestFinal_ex(context, out, NULL) == 1;
    EVP_MD_CTX_free(context);
    return is_made;
}

static bool derive(const struct mosquitto_hash *hash, struct bytes password, uint8_t *out) {
    return password.size <= INT32_MAX &&
           PKCS5_PBKDF2_HMAC((const char *)password.data, (int)password.size, hash->salt,
                             (int)hash->salt_size, (int)hash->iterations, EVP_sha512(),
                             MOSQUITTO_HASH_SIZE, out) == 1;
}

bool mosquitto_hash_fits(const struct mosquitto_hash *hash, struct bytes password) {
    uint8_t out[MOSQUITTO_HASH_SIZE] = {0};
    ASSERT(hash->salt_size <= MOSQUITTO_SALT_MAX);
    bool is_made =
        hash->iterations == 0 ? digest(hash, password, out) : derive(hash, password, out);
    return is_made && sodium_memcmp(out, hash->hash, sizeof out) == 0;
}
