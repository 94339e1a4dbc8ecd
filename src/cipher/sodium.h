// The suite `sodium`: X25519 key agreement with a key of its own
// for each direction (libsodium's crypto_kx), and ChaCha20-Poly1305 (RFC 8439) over the whole list
// of elements.
//
// A sealed packet has one element, the base64 of
//
//     counter (8 bytes, little-endian, from 1) | ciphertext | tag (16 bytes)
//
// where the plain text is each element as its size (2 bytes, little-endian) and its bytes, the
// nonce is the counter, and the type's four letters are authenticated with it. The addresses are
// not: routers rewrite them, and the key is bound to one connection anyway.
#ifndef CIPHER_SODIUM_H
#define CIPHER_SODIUM_H

#include "cipher/cipher.h"

extern const struct cipher_suite cipher_sodium;

// Packets of one direction that may overtake each other; what comes later is refused as replayed.
#define SODIUM_WINDOW 64

#endif
