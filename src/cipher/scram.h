// SCRAM-SHA-256 (RFC 5802, RFC 7677), both sides: a password is proven without being sent, and the
// one who asks for it has to prove that it knows something made from it too.
//
//   client                                  server
//   scram_client_first      -- n,,n=user,r=... -->      scram_server_first
//   scram_client_final     <-- r=...,s=...,i=... --     scram_server_challenge
//                           -- c=...,r=...,p=... -->    scram_server_final
//   scram_client_verify    <-- v=... --
//
// It is pure: nonces and salts come as parameters, and must be fresh random ones. Channel binding
// is not offered (RFC 5802, section 6). Passwords and user names are taken byte by byte, without
// SASLprep: those of printable ASCII are the same either way.
//
// Messages are borrowed until the call returns. A message that is malformed, out of turn or over a
// limit is SCRAM_BAD, as is a wrong proof; the exchange is over then, and its secrets are wiped.
#ifndef CIPHER_SCRAM_H
#define CIPHER_SCRAM_H

#include "cipher/cipher.h"

#define SCRAM_KEY_SIZE 32
#define SCRAM_SALT_MAX 32
// What we make has these; RFC 7677 asks for so many iterations at least.
#define SCRAM_SALT_SIZE 16
#define SCRAM_ITERATIONS 4096
// A client refuses more: that many take it about a second.
#define SCRAM_ITERATIONS_MAX 1000000

#define SCRAM_USER_MAX 256  // bytes, decoded
#define SCRAM_NONCE_MAX 64  // bytes of each side's part
#define SCRAM_FIRST_MAX 512 // bytes of the client's first message
#define SCRAM_CHALLENGE_MAX \
    (2 + 2 * SCRAM_NONCE_MAX + 3 + 44 + 3 + 10) // r=nonces,s=salt,i=iterations
#define SCRAM_CLIENT_FINAL_MAX 1024
#define SCRAM_SERVER_FINAL_SIZE 46  // v= and base64
#define SCRAM_VERIFIER_TEXT_MAX 192 // of scram_verifier_write

// What a server keeps instead of a password. Who has stolen it can pose as the server and try
// passwords, but not log in.
struct scram_verifier {
    uint32_t iterations;
    uint8_t salt_size;
    uint8_t salt[SCRAM_SALT_MAX];
    uint8_t stored_key[SCRAM_KEY_SIZE];
    uint8_t server_key[SCRAM_KEY_SIZE];
};

// The salt has 1 to SCRAM_SALT_MAX bytes; at least one iteration.
void scram_verifier_make(struct scram_verifier *verifier, struct bytes password, struct bytes salt,
                         uint32_t iterations);
// The one for a user that does not exist: no password fits, and it looks like those made with
// SCRAM_SALT_SIZE and SCRAM_ITERATIONS. The same for the same name and secret, so that asking twice
// does not tell either.
void scram_verifier_made_up(struct scram_verifier *verifier, struct bytes user,
                            const struct cipher_secret *secret);
// Whether the verifier was made from this password; takes as long as making it.
bool scram_verifier_fits(const struct scram_verifier *verifier, struct bytes password);

// Verifiers as text, for files: $scram-sha-256$ITERATIONS$SALT$STOREDKEY$SERVERKEY, the last three
// in base64.
#define SCRAM_VERIFIER_MARK "$scram-sha-256$"
size_t scram_verifier_write(const struct scram_verifier *verifier,
                            uint8_t text[static SCRAM_VERIFIER_TEXT_MAX]);
// NULL, or what is wrong with the text, for people.
const char *scram_verifier_read(struct scram_verifier *verifier, struct bytes text);

enum scram_result {
    SCRAM_CONTINUE,
    SCRAM_GOOD, // the other side is who it says it is
    SCRAM_BAD,
};

enum scram_state {
    SCRAM_EXPECT_FIRST, // the state of a struct that is all zero
    SCRAM_EXPECT_CHALLENGE,
    SCRAM_EXPECT_FINAL,
    SCRAM_EXPECT_NOTHING,
};

// One exchange; zero it before. Its fields are its own. Its texts are kept since the proof is
// over all of them: the client's first message, the challenge, and what the final message leaves
// out. The two keys are the verifier's, from the challenge on. It is wiped by scram_server_wipe.
struct scram_server {
    enum scram_state state;
    uint16_t first_size;
    uint16_t header_size; // of the GS2 header in front of the bare first message
    uint16_t challenge_size;
    uint16_t nonce_at;  // in `first`: the client's part
    uint8_t nonce_size; // at first of the client's part, from the challenge on of both
    uint16_t user_size;
    uint8_t first[SCRAM_FIRST_MAX];
    uint8_t challenge[SCRAM_CHALLENGE_MAX];
    uint8_t user[SCRAM_USER_MAX];
    uint8_t stored_key[SCRAM_KEY_SIZE];
    uint8_t server_key[SCRAM_KEY_SIZE];
};

// SCRAM_CONTINUE: *user_name is who wants to log in; valid as long as the server. Call
// scram_server_challenge next, with a verifier made up if there is no such user.
enum scram_result scram_server_first(struct scram_server *server, struct bytes client_first,
                                     struct bytes *user_name);
// Writes the challenge and returns its size; `room` is at least SCRAM_CHALLENGE_MAX. The nonce has
// 1 to SCRAM_NONCE_MAX printable bytes and no comma.
size_t scram_server_challenge(struct scram_server *server, const struct scram_verifier *verifier,
                              struct bytes server_nonce, uint8_t *out, size_t room);
// SCRAM_GOOD: `out` has the server's own proof for the client; `room` is at least
// SCRAM_SERVER_FINAL_SIZE.
enum scram_result scram_server_final(struct scram_server *server, struct bytes client_final,
                                     uint8_t *out, size_t room, size_t *out_size);
// Wipes an exchange that may be under way; one that is over is wiped already.
void scram_server_wipe(struct scram_server *server);

// One exchange; zero it before. Its fields are its own.
struct scram_client {
    enum scram_state state;
    uint16_t first_size;
    uint8_t nonce_size;
    uint8_t first[SCRAM_FIRST_MAX];
    uint8_t server_signature[SCRAM_KEY_SIZE];
};

// Writes the first message and returns its size; 0: user or nonce are over their limits or hold
// what must not be in them. `room` is at least SCRAM_FIRST_MAX.
size_t scram_client_first(struct scram_client *client, struct bytes user, struct bytes nonce,
                          uint8_t *out, size_t room);
// SCRAM_CONTINUE: `out`, which has SCRAM_CLIENT_FINAL_MAX bytes, has the answer to the challenge.
enum scram_result scram_client_final(struct scram_client *client, struct bytes password,
                                     struct bytes challenge, uint8_t *out, size_t *out_size);
// SCRAM_GOOD: the server knows the verifier.
enum scram_result scram_client_verify(struct scram_client *client, struct bytes server_final);

#endif
