// Input: three messages, a line feed between them. Whatever the bytes, a server that takes the
// first and the last of them and a client that takes the second and the last answer; nobody is let
// in but who knows the password.
#include <stddef.h>
#include <stdint.h>

#include "base/assert.h"
#include "cipher/scram.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct bytes take_line(struct bytes *rest) {
    const uint8_t *end = rest->size == 0 ? NULL : memchr(rest->data, '\n', rest->size);
    struct bytes line = *rest;
    if (end == NULL) {
        *rest = bytes_make(NULL, 0);
        return line;
    }
    line.size = (size_t)(end - rest->data);
    *rest = bytes_make(end + 1, rest->size - line.size - 1);
    return line;
}

static void check_server(struct bytes first, struct bytes final) {
    static const struct cipher_secret secret = {{1}};
    struct scram_server server = {0};
    struct scram_verifier verifier;
    struct bytes user;
    uint8_t out[SCRAM_CHALLENGE_MAX];
    size_t size;
    if (scram_server_first(&server, first, &user) == SCRAM_CONTINUE) {
        ASSERT(user.size > 0 && user.size <= SCRAM_USER_MAX);
        scram_verifier_made_up(&verifier, user, &secret);
        size = scram_server_challenge(&server, &verifier, BYTES_LITERAL("server"), out, sizeof out);
        ASSERT(size > 0 && size <= SCRAM_CHALLENGE_MAX);
    }
    ASSERT(scram_server_final(&server, final, out, sizeof out, &size) == SCRAM_BAD);
}

// Challenges that ask for many iterations would make the fuzzer wait, so those of more than four
// digits are left out.
static bool is_slow(struct bytes challenge) {
    size_t digits = 0;
    while (digits < challenge.size && challenge.data[challenge.size - digits - 1] != '=') {
        digits++;
    }
    return digits > 4;
}

static void check_client(struct bytes challenge, struct bytes final) {
    struct scram_client client = {0};
    uint8_t out[SCRAM_CLIENT_FINAL_MAX];
    size_t size =
        scram_client_first(&client, BYTES_LITERAL("user"), BYTES_LITERAL("abc"), out, sizeof out);
    ASSERT(size > 0);
    if (is_slow(challenge)) {
        return;
    }
    if (scram_client_final(&client, BYTES_LITERAL("x"), challenge, out, &size) == SCRAM_CONTINUE) {
        ASSERT(size <= SCRAM_CLIENT_FINAL_MAX);
    }
    ASSERT(scram_client_verify(&client, final) == SCRAM_BAD);
}

static void check_verifier(struct bytes text) {
    struct scram_verifier verifier;
    uint8_t again[SCRAM_VERIFIER_TEXT_MAX];
    if (scram_verifier_read(&verifier, text) == NULL) {
        size_t size = scram_verifier_write(&verifier, again);
        ASSERT(bytes_equal(bytes_make(again, size), text));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct bytes rest = bytes_make(data, size);
    struct bytes first = take_line(&rest);
    struct bytes challenge = take_line(&rest);
    check_verifier(first);
    check_server(first, rest);
    check_client(challenge, rest);
    return 0;
}
