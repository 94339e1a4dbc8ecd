// Hashed passwords as mosquitto_passwd writes them, behind user and colon:
//
//   $7$ITERATIONS$SALT$HASH   PBKDF2 with HMAC-SHA-512 (RFC 8018), 64 bytes; since Mosquitto 2.0
//   $6$SALT$HASH              SHA-512 of password and salt; before
//
// Salt and hash are base64. OpenSSL makes the hashes.
#ifndef SHELL_SECRETS_MOSQUITTO_HASH_H
#define SHELL_SECRETS_MOSQUITTO_HASH_H

#include "base/bytes.h"

#define MOSQUITTO_HASH_SIZE 64
#define MOSQUITTO_SALT_MAX 64
#define MOSQUITTO_ITERATIONS_MAX 10000000 // some seconds a check

struct mosquitto_hash {
    uint32_t iterations; // 0: $6$
    uint32_t salt_size;
    uint8_t salt[MOSQUITTO_SALT_MAX];
    uint8_t hash[MOSQUITTO_HASH_SIZE];
};

// Whether the text begins as one of them does.
bool mosquitto_hash_is_meant(struct bytes text);
// NULL, or what is wrong, for people.
const char *mosquitto_hash_read(struct mosquitto_hash *hash, struct bytes text);
// Whether this is the password. It takes as long as the iterations do.
bool mosquitto_hash_fits(const struct mosquitto_hash *hash, struct bytes password);

#endif
