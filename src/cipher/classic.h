// The arithmetic of the suite `classic`, for the suite itself and for the lesson why it protects
// nothing: a Diffie-Hellman exchange in a group of 7918 elements and a shift of characters. It is a
// toy on purpose; use the suite `sodium` for anything that is meant to stay secret.
#ifndef CIPHER_CLASSIC_H
#define CIPHER_CLASSIC_H

#include "cipher/cipher.h"

extern const struct cipher_suite cipher_classic;

#define CLASSIC_GENERATOR 541u
#define CLASSIC_MODULUS 7919u
#define CLASSIC_SECRET_MAX 100u

// base^exponent mod CLASSIC_MODULUS.
uint32_t classic_power(uint32_t base, uint32_t exponent);

// Each byte c in 32..127 becomes ((c - 32 + key) mod 96) + 32, others stay; unsealing is the way
// back. `out` has room for text.size bytes and may be text.data.
void classic_seal(uint32_t key, struct bytes text, uint8_t *out);
void classic_unseal(uint32_t key, struct bytes text, uint8_t *out);

// Whether the key turns none of `0-9 . / _ a-z A-Z` into a blank or a `-`, neither of which stands
// in a plain payload: programs of 2020 lose such packets, or end. A key that leaves all as it is
// does not count, since it shows nothing.
bool classic_key_is_lucky(uint32_t key);

// The discrete logarithm: the smallest exponent from 1 on with generator^exponent = public_key, by
// trying them all; 0 if there is none.
uint32_t classic_logarithm(uint32_t public_key);

#endif
