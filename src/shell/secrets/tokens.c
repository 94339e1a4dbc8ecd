#include "shell/secrets/tokens.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/assert.h"
#include "shell/printable.h"
#include "shell/secrets/secret_file.h"

#define DIGEST_SIZE crypto_generichash_BYTES

struct digest {
    uint8_t bytes[DIGEST_SIZE];
};

struct tokens {
    uint8_t key[crypto_generichash_KEYBYTES];
    size_t count;
    struct digest *digests;
};

static struct digest digest_of(const struct tokens *tokens, struct bytes token) {
    struct digest digest;
    crypto_generichash(digest.bytes, sizeof digest.bytes, token.data, token.size, tokens->key,
                       sizeof tokens->key);
    return digest;
}

// ---- the file -------------------------------------------------------------------------------

// What a token may consist of is what a header can carry: visible ASCII without blanks.
static const char *fault_of(struct bytes token) {
    for (size_t i = 0; i < token.size; i++) {
        if (token.data[i] <= ' ' || token.data[i] >= 127) {
            return "a token has no blanks and only visible ASCII characters";
        }
    }
    return token.size < TOKEN_SIZE_MIN
               ? "a token has 16 characters or more; `openssl rand -hex 24` makes a good one"
               : NULL;
}

static bool add(struct tokens *tokens, struct bytes token) {
    struct digest *digests =
        realloc(tokens->digests, (tokens->count + 1) * sizeof *tokens->digests);
    if (digests == NULL) {
        return false;
    }
    tokens->digests = digests;
    tokens->digests[tokens->count++] = digest_of(tokens, token);
    return true;
}

static bool load_lines(struct tokens *tokens, FILE *file, const char *path) {
    char *line = NULL;
    size_t room = 0;
    const char *wrong = NULL;
    unsigned number = 0;
    while (wrong == NULL && getline(&line, &room, file) >= 0) {
        number++;
        line[strcspn(line, "\r\n")] = '\0';
        struct bytes token = bytes_of_text(line);
        if (token.size == 0 || token.data[0] == '#') {
            continue;
        }
        wrong = fault_of(token);
        if (wrong == NULL && !add(tokens, token)) {
            wrong = "no memory";
        }
    }
    if (line != NULL) {
        sodium_memzero(line, room);
    }
    free(line);
    if (wrong != NULL) {
        printable_complain("%s: line %u: %s\n", path, number, wrong);
    } else if (ferror(file) || tokens->count == 0) {
        printable_complain("%s: %s\n", path,
                           ferror(file) ? strerror(errno)
                                        : "there is no token in it; write one a line");
    }
    return wrong == NULL && !ferror(file) && tokens->count > 0;
}

struct tokens *tokens_load(const char *what, const char *path) {
    char why[SECRET_FILE_WHY_SIZE];
    FILE *file = secret_file_open(path, why);
    if (file == NULL) {
        printable_complain("%s %s: %s\n", what, path, why);
        return NULL;
    }
    struct tokens *tokens = calloc(1, sizeof *tokens);
    bool right = tokens != NULL;
    if (right) {
        randombytes_buf(tokens->key, sizeof tokens->key);
        right = load_lines(tokens, file, path);
    }
    fclose(file);
    if (!right) {
        tokens_free(tokens);
        return NULL;
    }
    return tokens;
}

struct tokens *tokens_make(char token[static TOKEN_MADE_SIZE]) {
    uint8_t random[TOKEN_MADE_SIZE / 2];
    struct tokens *tokens = calloc(1, sizeof *tokens);
    ASSERT_MESSAGE(tokens != NULL, "out of memory");
    randombytes_buf(tokens->key, sizeof tokens->key);
    randombytes_buf(random, sizeof random);
    (void)sodium_bin2hex(token, TOKEN_MADE_SIZE, random, sizeof random);
    bool is_added = add(tokens, bytes_of_text(token));
    ASSERT_MESSAGE(is_added, "out of memory");
    return tokens;
}

void tokens_free(struct tokens *tokens) {
    if (tokens != NULL) {
        free(tokens->digests);
        free(tokens);
    }
}

// ---- checking -------------------------------------------------------------------------------

// The scheme's name is the same in any case [RFC 9110, 11.1].
static bool take_scheme(struct bytes *text) {
    static const char scheme[] = "bearer ";
    size_t size = sizeof scheme - 1;
    if (text->size <= size) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        uint8_t byte = text->data[i];
        if ((byte >= 'A' && byte <= 'Z' ? byte + 32 : byte) != scheme[i]) {
            return false;
        }
    }
    *text = bytes_make(text->data + size, text->size - size);
    return true;
}

bool tokens_check(const struct tokens *tokens, struct bytes authorization) {
    if (!take_scheme(&authorization)) {
        return false;
    }
    struct digest presented = digest_of(tokens, authorization);
    int found = 0;
    for (size_t i = 0; i < tokens->count; i++) {
        found |= sodium_memcmp(presented.bytes, tokens->digests[i].bytes, DIGEST_SIZE) == 0;
    }
    return found != 0;
}
