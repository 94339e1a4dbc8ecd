#include "cipher/scram.h"

#include <sodium.h>

#include "base/assert.h"
#include "base/decimal.h"
#include "base/utf8.h"

#define BASE64 sodium_base64_VARIANT_ORIGINAL
#define BASE64_ROOM 45 // for a key or a salt, and the NUL that libsodium adds
#define PLAIN_HEADER "n,,"
#define PLAIN_HEADER_BASE64 "biws"

_Static_assert(SCRAM_KEY_SIZE == crypto_auth_hmacsha256_BYTES, "a key is a HMAC");
_Static_assert(SCRAM_KEY_SIZE == crypto_hash_sha256_BYTES, "a key is a hash");

// ---- keys ---------------------------------------------------------------------------------------

// libsodium takes no NULL, not even of no bytes.
static const uint8_t *not_null(struct bytes bytes) {
    return bytes.size == 0 ? (const uint8_t *)"" : bytes.data;
}

static void hmac_start(crypto_auth_hmacsha256_state *state, struct bytes key) {
    (void)crypto_auth_hmacsha256_init(state, not_null(key), key.size);
}

static void hmac_add(crypto_auth_hmacsha256_state *state, struct bytes part) {
    (void)crypto_auth_hmacsha256_update(state, not_null(part), part.size);
}

static void hmac_end(crypto_auth_hmacsha256_state *state, uint8_t out[static SCRAM_KEY_SIZE]) {
    (void)crypto_auth_hmacsha256_final(state, out);
    sodium_memzero(state, sizeof *state);
}

static struct bytes key_bytes(const uint8_t key[static SCRAM_KEY_SIZE]) {
    return bytes_make(key, SCRAM_KEY_SIZE);
}

static void hmac(const uint8_t key[static SCRAM_KEY_SIZE], struct bytes message,
                 uint8_t out[static SCRAM_KEY_SIZE]) {
    crypto_auth_hmacsha256_state state;
    hmac_start(&state, key_bytes(key));
    hmac_add(&state, message);
    hmac_end(&state, out);
}

// Hi() of RFC 5802. The password's part of every HMAC is made once and copied.
static void salt_password(struct bytes password, struct bytes salt, uint32_t iterations,
                          uint8_t out[static SCRAM_KEY_SIZE]) {
    crypto_auth_hmacsha256_state keyed, state;
    uint8_t last[SCRAM_KEY_SIZE];
    hmac_start(&keyed, password);
    state = keyed;
    hmac_add(&state, salt);
    hmac_add(&state, bytes_make("\0\0\0\1", 4));
    hmac_end(&state, last);
    memcpy(out, last, SCRAM_KEY_SIZE);
    for (uint32_t i = 1; i < iterations; i++) {
        state = keyed;
        hmac_add(&state, key_bytes(last));
        (void)crypto_auth_hmacsha256_final(&state, last);
        for (unsigned b = 0; b < SCRAM_KEY_SIZE; b++) {
            out[b] ^= last[b];
        }
    }
    sodium_memzero(&keyed, sizeof keyed);
    sodium_memzero(&state, sizeof state);
    sodium_memzero(last, sizeof last);
}

struct keys {
    uint8_t client[SCRAM_KEY_SIZE];
    uint8_t stored[SCRAM_KEY_SIZE];
    uint8_t server[SCRAM_KEY_SIZE];
};

static void derive(struct keys *keys, struct bytes password, struct bytes salt,
                   uint32_t iterations) {
    uint8_t salted[SCRAM_KEY_SIZE];
    salt_password(password, salt, iterations, salted);
    hmac(salted, BYTES_LITERAL("Client Key"), keys->client);
    (void)crypto_hash_sha256(keys->stored, keys->client, sizeof keys->client);
    hmac(salted, BYTES_LITERAL("Server Key"), keys->server);
    sodium_memzero(salted, sizeof salted);
}

// ---- verifiers ----------------------------------------------------------------------------------

void scram_verifier_make(struct scram_verifier *verifier, struct bytes password, struct bytes salt,
                         uint32_t iterations) {
    ASSERT(salt.size > 0 && salt.size <= SCRAM_SALT_MAX && iterations > 0);
    struct keys keys;
    derive(&keys, password, salt, iterations);
    *verifier = (struct scram_verifier){.iterations = iterations, .salt_size = (uint8_t)salt.size};
    memcpy(verifier->salt, salt.data, salt.size);
    memcpy(verifier->stored_key, keys.stored, sizeof keys.stored);
    memcpy(verifier->server_key, keys.server, sizeof keys.server);
    sodium_memzero(&keys, sizeof keys);
}

static void make_up(const struct cipher_secret *secret, struct bytes purpose, struct bytes user,
                    uint8_t out[static SCRAM_KEY_SIZE]) {
    crypto_auth_hmacsha256_state state;
    hmac_start(&state, bytes_make(secret->bytes, sizeof secret->bytes));
    hmac_add(&state, purpose);
    hmac_add(&state, bytes_make("", 1)); // a NUL parts them
    hmac_add(&state, user);
    hmac_end(&state, out);
}

void scram_verifier_made_up(struct scram_verifier *verifier, struct bytes user,
                            const struct cipher_secret *secret) {
    uint8_t salt[SCRAM_KEY_SIZE];
    *verifier =
        (struct scram_verifier){.iterations = SCRAM_ITERATIONS, .salt_size = SCRAM_SALT_SIZE};
    make_up(secret, BYTES_LITERAL("salt"), user, salt);
    memcpy(verifier->salt, salt, SCRAM_SALT_SIZE);
    make_up(secret, BYTES_LITERAL("stored key"), user, verifier->stored_key);
    make_up(secret, BYTES_LITERAL("server key"), user, verifier->server_key);
}

bool scram_verifier_fits(const struct scram_verifier *verifier, struct bytes password) {
    struct keys keys;
    derive(&keys, password, bytes_make(verifier->salt, verifier->salt_size), verifier->iterations);
    bool fits = sodium_memcmp(keys.stored, verifier->stored_key, sizeof keys.stored) == 0;
    sodium_memzero(&keys, sizeof keys);
    return fits;
}

// ---- text ---------------------------------------------------------------------------------------

static uint8_t *put(uint8_t *end, struct bytes text) {
    memcpy(end, not_null(text), text.size);
    return end + text.size;
}

static uint8_t *put_base64(uint8_t *end, struct bytes bytes) {
    char text[BASE64_ROOM];
    (void)sodium_bin2base64(text, sizeof text, bytes.data, bytes.size, BASE64);
    return put(end, bytes_of_text(text));
}

static bool is_ascii(struct bytes text) {
    uint8_t bits = 0;
    for (size_t i = 0; i < text.size; i++) {
        bits |= text.data[i];
    }
    return bits < 0x80;
}

// The bytes that `text` stands for, written to `out`; false if there are none, it has more, or is
// no base64. libsodium takes some bytes beyond ASCII for base64.
static bool from_base64(struct bytes text, uint8_t *out, size_t room, size_t *count) {
    const char *end;
    const char *start = (const char *)text.data;
    return text.size > 0 && is_ascii(text) &&
           sodium_base642bin(out, room, start, text.size, NULL, count, &end, BASE64) == 0 &&
           end == start + text.size && *count > 0;
}

static bool key_from_base64(struct bytes text, uint8_t key[static SCRAM_KEY_SIZE]) {
    size_t count;
    return from_base64(text, key, SCRAM_KEY_SIZE, &count) && count == SCRAM_KEY_SIZE;
}

static bool iterations_from(struct bytes text, uint32_t *iterations) {
    uint64_t number;
    if (!decimal_read(text, SCRAM_ITERATIONS_MAX, &number) || text.data[0] == '0' ||
        number < SCRAM_ITERATIONS) {
        return false;
    }
    *iterations = (uint32_t)number;
    return true;
}

size_t scram_verifier_write(const struct scram_verifier *verifier,
                            uint8_t text[static SCRAM_VERIFIER_TEXT_MAX]) {
    uint8_t *end = put(text, BYTES_LITERAL(SCRAM_VERIFIER_MARK));
    end = decimal_write(end, verifier->iterations);
    end = put(end, BYTES_LITERAL("$"));
    end = put_base64(end, bytes_make(verifier->salt, verifier->salt_size));
    end = put(end, BYTES_LITERAL("$"));
    end = put_base64(end, key_bytes(verifier->stored_key));
    end = put(end, BYTES_LITERAL("$"));
    end = put_base64(end, key_bytes(verifier->server_key));
    return (size_t)(end - text);
}

// What stands before the next dollar sign, or all of it.
static struct bytes take_part(struct bytes *rest) {
    const uint8_t *dollar = memchr(not_null(*rest), '$', rest->size);
    struct bytes part = *rest;
    if (dollar == NULL) {
        *rest = bytes_make(NULL, 0);
        return part;
    }
    part.size = (size_t)(dollar - rest->data);
    *rest = bytes_make(dollar + 1, rest->size - part.size - 1);
    return part;
}

const char *scram_verifier_read(struct scram_verifier *verifier, struct bytes text) {
    struct bytes mark = BYTES_LITERAL(SCRAM_VERIFIER_MARK);
    size_t count;
    *verifier = (struct scram_verifier){0};
    if (!bytes_starts_with(text, mark)) {
        return "it does not begin with " SCRAM_VERIFIER_MARK;
    }
    struct bytes rest = bytes_make(text.data + mark.size, text.size - mark.size);
    if (!iterations_from(take_part(&rest), &verifier->iterations)) {
        return "the number of iterations is not one from 4096 to 1000000";
    }
    if (!from_base64(take_part(&rest), verifier->salt, sizeof verifier->salt, &count)) {
        return "the salt is not 1 to 32 bytes in base64";
    }
    verifier->salt_size = (uint8_t)count;
    if (!key_from_base64(take_part(&rest), verifier->stored_key)) {
        return "the stored key is not 32 bytes in base64";
    }
    return key_from_base64(rest, verifier->server_key) ? NULL
                                                       : "the server key is not 32 bytes in base64";
}

// ---- messages -----------------------------------------------------------------------------------

// Takes `letter=value` and the comma behind it, behind which something has to follow.
static bool take_field(struct bytes *rest, uint8_t letter, struct bytes *value) {
    if (rest->size < 2 || rest->data[0] != letter || rest->data[1] != '=') {
        return false;
    }
    const uint8_t *comma = memchr(rest->data, ',', rest->size);
    size_t size = comma == NULL ? rest->size : (size_t)(comma - rest->data);
    size_t taken = comma == NULL ? size : size + 1;
    *value = bytes_make(rest->data + 2, size - 2);
    *rest = bytes_make(rest->data + taken, rest->size - taken);
    return comma == NULL || rest->size > 0;
}

// Extensions that nobody knows are to be ignored, except for those that begin with m.
static bool extensions_are_ignorable(struct bytes rest) {
    while (rest.size > 0) {
        struct bytes value;
        uint8_t letter = rest.data[0];
        bool is_letter = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
        if (!is_letter || letter == 'm' || !take_field(&rest, letter, &value) || value.size == 0 ||
            !utf8_is_valid(value)) {
            return false;
        }
    }
    return true;
}

static bool is_nonce(struct bytes text, size_t most) {
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '!' || text.data[i] > '~' || text.data[i] == ',') {
            return false;
        }
    }
    return text.size > 0 && text.size <= most;
}

// A name as it stands in messages: =2C is a comma and =3D an equals sign.
static bool decode_name(struct bytes text, uint8_t name[static SCRAM_USER_MAX], size_t *size) {
    size_t at = 0;
    for (*size = 0; at < text.size && *size < SCRAM_USER_MAX; ++*size) {
        struct bytes rest = bytes_make(text.data + at, text.size - at);
        bool is_comma = bytes_starts_with(rest, BYTES_LITERAL("=2C"));
        if (is_comma || bytes_starts_with(rest, BYTES_LITERAL("=3D"))) {
            name[*size] = is_comma ? ',' : '=';
            at += 3;
        } else if (rest.data[0] == '=') {
            return false;
        } else {
            name[*size] = rest.data[0];
            at++;
        }
    }
    return at > 0 && at == text.size && utf8_is_valid(text);
}

// What both sides sign: the messages so far, with commas between them.
struct auth_message {
    struct bytes first_bare;
    struct bytes challenge;
    struct bytes final_without_proof;
};

static void sign(const struct auth_message *message, const uint8_t key[static SCRAM_KEY_SIZE],
                 uint8_t signature[static SCRAM_KEY_SIZE]) {
    crypto_auth_hmacsha256_state state;
    hmac_start(&state, key_bytes(key));
    hmac_add(&state, message->first_bare);
    hmac_add(&state, BYTES_LITERAL(","));
    hmac_add(&state, message->challenge);
    hmac_add(&state, BYTES_LITERAL(","));
    hmac_add(&state, message->final_without_proof);
    hmac_end(&state, signature);
}

// ---- the server's side --------------------------------------------------------------------------

static enum scram_result server_end(struct scram_server *server, enum scram_result result) {
    scram_server_wipe(server);
    return result;
}

void scram_server_wipe(struct scram_server *server) {
    sodium_memzero(server->stored_key, sizeof server->stored_key);
    sodium_memzero(server->server_key, sizeof server->server_key);
    server->state = SCRAM_EXPECT_NOTHING;
}

// Parts the message behind the GS2 header: n or y, a comma, who to act as, a comma. A p in its
// place asks for channel binding.
static bool split_header(struct bytes message, struct bytes *acts_as, struct bytes *bare) {
    if (message.size < 3 || (message.data[0] != 'n' && message.data[0] != 'y') ||
        message.data[1] != ',') {
        return false;
    }
    *acts_as = bytes_make(NULL, 0);
    *bare = bytes_make(message.data + 2, message.size - 2);
    if (bare->data[0] != ',') {
        return take_field(bare, 'a', acts_as);
    }
    *bare = bytes_make(bare->data + 1, bare->size - 1);
    return true;
}

static bool read_first(struct scram_server *server, struct bytes message) {
    struct bytes acts_as, bare, user, nonce;
    uint8_t other[SCRAM_USER_MAX];
    size_t user_size, other_size;
    if (!split_header(message, &acts_as, &bare)) {
        return false;
    }
    server->header_size = (uint16_t)(message.size - bare.size);
    if (!take_field(&bare, 'n', &user) || !take_field(&bare, 'r', &nonce) ||
        !extensions_are_ignorable(bare) || !is_nonce(nonce, SCRAM_NONCE_MAX) ||
        !decode_name(user, server->user, &user_size)) {
        return false;
    }
    server->user_size = (uint16_t)user_size;
    server->nonce_at = (uint16_t)(nonce.data - message.data);
    server->nonce_size = (uint8_t)nonce.size;
    return acts_as.size == 0 ||
           (decode_name(acts_as, other, &other_size) &&
            bytes_equal(bytes_make(other, other_size), bytes_make(server->user, user_size)));
}

enum scram_result scram_server_first(struct scram_server *server, struct bytes client_first,
                                     struct bytes *user_name) {
    if (server->state != SCRAM_EXPECT_FIRST || client_first.size > SCRAM_FIRST_MAX ||
        !read_first(server, client_first)) {
        return server_end(server, SCRAM_BAD);
    }
    memcpy(server->first, client_first.data, client_first.size);
    server->first_size = (uint16_t)client_first.size;
    server->state = SCRAM_EXPECT_CHALLENGE;
    *user_name = bytes_make(server->user, server->user_size);
    return SCRAM_CONTINUE;
}

size_t scram_server_challenge(struct scram_server *server, const struct scram_verifier *verifier,
                              struct bytes server_nonce, uint8_t *out, size_t room) {
    ASSERT(server->state == SCRAM_EXPECT_CHALLENGE && room >= SCRAM_CHALLENGE_MAX);
    ASSERT(is_nonce(server_nonce, SCRAM_NONCE_MAX));
    uint8_t *end = put(server->challenge, BYTES_LITERAL("r="));
    end = put(end, bytes_make(server->first + server->nonce_at, server->nonce_size));
    end = put(end, server_nonce);
    end = put(end, BYTES_LITERAL(",s="));
    end = put_base64(end, bytes_make(verifier->salt, verifier->salt_size));
    end = put(end, BYTES_LITERAL(",i="));
    end = decimal_write(end, verifier->iterations);
    server->challenge_size = (uint16_t)(end - server->challenge);
    server->nonce_size = (uint8_t)(server->nonce_size + server_nonce.size);
    memcpy(server->stored_key, verifier->stored_key, sizeof server->stored_key);
    memcpy(server->server_key, verifier->server_key, sizeof server->server_key);
    server->state = SCRAM_EXPECT_FINAL;
    memcpy(out, server->challenge, server->challenge_size);
    return server->challenge_size;
}

// Parts the message before its last comma.
static bool split_proof(struct bytes message, struct bytes *without_proof, struct bytes *proof) {
    size_t comma = message.size;
    while (comma > 0 && message.data[comma - 1] != ',') {
        comma--;
    }
    if (comma == 0) {
        return false;
    }
    *without_proof = bytes_make(message.data, comma - 1);
    *proof = bytes_make(message.data + comma, message.size - comma);
    return true;
}

static bool read_final(const struct scram_server *server, struct bytes message,
                       struct bytes *without_proof, uint8_t proof[static SCRAM_KEY_SIZE]) {
    struct bytes header_text, nonce, rest, proof_field, proof_text;
    uint8_t header[SCRAM_FIRST_MAX];
    size_t header_size;
    if (!split_proof(message, without_proof, &proof_field)) {
        return false;
    }
    rest = *without_proof;
    return take_field(&rest, 'c', &header_text) && take_field(&rest, 'r', &nonce) &&
           extensions_are_ignorable(rest) &&
           from_base64(header_text, header, sizeof header, &header_size) &&
           bytes_equal(bytes_make(header, header_size),
                       bytes_make(server->first, server->header_size)) &&
           bytes_equal(nonce, bytes_make(server->challenge + 2, server->nonce_size)) &&
           take_field(&proof_field, 'p', &proof_text) && key_from_base64(proof_text, proof);
}

// The proof is the client's key, hidden by a signature that who knows the stored key can make.
static bool proof_is_right(const struct auth_message *message,
                           const uint8_t stored_key[static SCRAM_KEY_SIZE],
                           const uint8_t proof[static SCRAM_KEY_SIZE]) {
    uint8_t key[SCRAM_KEY_SIZE], hash[SCRAM_KEY_SIZE];
    sign(message, stored_key, key);
    for (unsigned i = 0; i < SCRAM_KEY_SIZE; i++) {
        key[i] ^= proof[i];
    }
    (void)crypto_hash_sha256(hash, key, sizeof key);
    sodium_memzero(key, sizeof key);
    return sodium_memcmp(hash, stored_key, sizeof hash) == 0;
}

enum scram_result scram_server_final(struct scram_server *server, struct bytes client_final,
                                     uint8_t *out, size_t room, size_t *out_size) {
    ASSERT(room >= SCRAM_SERVER_FINAL_SIZE);
    uint8_t proof[SCRAM_KEY_SIZE], signature[SCRAM_KEY_SIZE];
    struct auth_message message = {
        .first_bare = bytes_make(server->first + server->header_size,
                                 (size_t)(server->first_size - server->header_size)),
        .challenge = bytes_make(server->challenge, server->challenge_size)};
    if (server->state != SCRAM_EXPECT_FINAL || client_final.size > SCRAM_CLIENT_FINAL_MAX ||
        !read_final(server, client_final, &message.final_without_proof, proof) ||
        !proof_is_right(&message, server->stored_key, proof)) {
        return server_end(server, SCRAM_BAD);
    }
    sign(&message, server->server_key, signature);
    uint8_t *end = put_base64(put(out, BYTES_LITERAL("v=")), key_bytes(signature));
    *out_size = (size_t)(end - out);
    return server_end(server, SCRAM_GOOD);
}

// ---- the client's side --------------------------------------------------------------------------

static uint8_t *put_name(uint8_t *end, struct bytes name) {
    for (size_t i = 0; i < name.size; i++) {
        if (name.data[i] == ',' || name.data[i] == '=') {
            end = put(end, name.data[i] == ',' ? BYTES_LITERAL("=2C") : BYTES_LITERAL("=3D"));
        } else {
            *end++ = name.data[i];
        }
    }
    return end;
}

size_t scram_client_first(struct scram_client *client, struct bytes user, struct bytes nonce,
                          uint8_t *out, size_t room) {
    ASSERT(client->state == SCRAM_EXPECT_FIRST && room >= SCRAM_FIRST_MAX);
    uint8_t name[3 * SCRAM_USER_MAX];
    if (user.size == 0 || user.size > SCRAM_USER_MAX || !utf8_is_valid(user) ||
        !is_nonce(nonce, SCRAM_NONCE_MAX)) {
        return 0;
    }
    size_t name_size = (size_t)(put_name(name, user) - name);
    if (sizeof PLAIN_HEADER - 1 + 2 + name_size + 3 + nonce.size > SCRAM_FIRST_MAX) {
        return 0;
    }
    uint8_t *end = put(client->first, BYTES_LITERAL(PLAIN_HEADER "n="));
    end = put(end, bytes_make(name, name_size));
    end = put(end, BYTES_LITERAL(",r="));
    end = put(end, nonce);
    client->first_size = (uint16_t)(end - client->first);
    client->nonce_size = (uint8_t)nonce.size;
    client->state = SCRAM_EXPECT_CHALLENGE;
    memcpy(out, client->first, client->first_size);
    return client->first_size;
}

struct challenge {
    struct bytes nonce;
    size_t salt_size;
    uint8_t salt[SCRAM_FIRST_MAX];
    uint32_t iterations;
};

// A server's nonce may be longer than our own servers'; the message is bounded.
static bool read_challenge(const struct scram_client *client, struct bytes message,
                           struct challenge *challenge) {
    struct bytes salt, iterations, rest = message;
    struct bytes own =
        bytes_make(client->first + client->first_size - client->nonce_size, client->nonce_size);
    return message.size <= SCRAM_FIRST_MAX && take_field(&rest, 'r', &challenge->nonce) &&
           take_field(&rest, 's', &salt) && take_field(&rest, 'i', &iterations) &&
           extensions_are_ignorable(rest) && is_nonce(challenge->nonce, SCRAM_FIRST_MAX) &&
           challenge->nonce.size > own.size && bytes_starts_with(challenge->nonce, own) &&
           from_base64(salt, challenge->salt, sizeof challenge->salt, &challenge->salt_size) &&
           iterations_from(iterations, &challenge->iterations);
}

enum scram_result scram_client_final(struct scram_client *client, struct bytes password,
                                     struct bytes challenge, uint8_t *out, size_t *out_size) {
    struct challenge asked;
    struct keys keys;
    uint8_t proof[SCRAM_KEY_SIZE];
    if (client->state != SCRAM_EXPECT_CHALLENGE || !read_challenge(client, challenge, &asked)) {
        client->state = SCRAM_EXPECT_NOTHING;
        return SCRAM_BAD;
    }
    uint8_t *end = put(out, BYTES_LITERAL("c=" PLAIN_HEADER_BASE64 ",r="));
    end = put(end, asked.nonce);
    size_t header = sizeof PLAIN_HEADER - 1;
    struct auth_message message = {bytes_make(client->first + header, client->first_size - header),
                                   challenge, bytes_make(out, (size_t)(end - out))};
    derive(&keys, password, bytes_make(asked.salt, asked.salt_size), asked.iterations);
    sign(&message, keys.stored, proof);
    for (unsigned i = 0; i < SCRAM_KEY_SIZE; i++) {
        proof[i] ^= keys.client[i];
    }
    sign(&message, keys.server, client->server_signature);
    sodium_memzero(&keys, sizeof keys);
    end = put_base64(put(end, BYTES_LITERAL(",p=")), key_bytes(proof));
    *out_size = (size_t)(end - out);
    client->state = SCRAM_EXPECT_FINAL;
    return SCRAM_CONTINUE;
}

enum scram_result scram_client_verify(struct scram_client *client, struct bytes server_final) {
    struct bytes text, rest = server_final;
    uint8_t signature[SCRAM_KEY_SIZE];
    bool right = client->state == SCRAM_EXPECT_FINAL && take_field(&rest, 'v', &text) &&
                 extensions_are_ignorable(rest) && key_from_base64(text, signature) &&
                 sodium_memcmp(signature, client->server_signature, sizeof signature) == 0;
    sodium_memzero(client->server_signature, sizeof client->server_signature);
    client->state = SCRAM_EXPECT_NOTHING;
    return right ? SCRAM_GOOD : SCRAM_BAD;
}
