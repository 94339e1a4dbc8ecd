// Input: a byte that says which file it is, 't' for tokens, 'c' for credentials, else passwords;
// and what stands in the file. What can be loaded is asked for what stands there and for what does
// not.
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/assert.h"
#include "shell/secrets/passwords.h"
#include "shell/secrets/tokens.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char path[64];

static void remove_file(void) {
    (void)unlink(path);
}

static void write_file(struct bytes content) {
    if (path[0] == '\0') {
        (void)snprintf(path, sizeof path, "/tmp/mqttsim-fuzz-XXXXXX");
        int made = mkstemp(path);
        ASSERT(made >= 0 && close(made) == 0);
        atexit(remove_file);
        ASSERT(freopen("/dev/null", "w", stderr) != NULL); // what is wrong with the file
    }
    FILE *file = fopen(path, "w");
    ASSERT(file != NULL && fwrite(content.data, 1, content.size, file) == content.size);
    (void)fclose(file);
}

static void try_tokens(struct bytes content) {
    struct tokens *tokens = tokens_load("fuzz", path);
    if (tokens != NULL) {
        ASSERT(!tokens_check(tokens, BYTES_LITERAL("")));
        ASSERT(!tokens_check(tokens, BYTES_LITERAL("Bearer ")));
        ASSERT(!tokens_check(tokens, BYTES_LITERAL("Bearer of a token that is not there")));
        (void)tokens_check(tokens, content);
    }
    tokens_free(tokens);
}

static void try_credentials(void) {
    char *credentials = passwords_read_credentials(path);
    ASSERT(credentials == NULL || strchr(credentials, ':') != NULL);
    passwords_free_credentials(credentials);
}

// What would cost tens of milliseconds or more: Argon2, and Mosquitto's hashes with more than 9,999
// iterations.
static bool is_slow(struct bytes content) {
    const uint8_t *mark = memmem(content.data, content.size, "$7$", 3);
    const uint8_t *end = content.data + content.size;
    return memmem(content.data, content.size, "$argon", 6) != NULL ||
           (mark != NULL &&
            (const uint8_t *)memchr(mark + 3, '$', (size_t)(end - mark - 3)) > mark + 7);
}

// Verifiers of readable passwords cost some milliseconds each.
static void try_passwords(struct bytes content) {
    if (content.size > 200 || is_slow(content)) {
        return;
    }
    struct passwords *passwords = passwords_load(path);
    if (passwords != NULL) {
        struct scram_verifier verifier;
        struct bytes user = content;
        struct bytes password;
        if (passwords_split(content, &user, &password)) {
            (void)passwords_check_user(passwords, user, password);
        }
        (void)passwords_scram(passwords, user, &verifier);
        ASSERT(!passwords_check_user(passwords, BYTES_LITERAL("nobody\n"), BYTES_LITERAL("x")));
    }
    passwords_free(passwords);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) {
        return 0;
    }
    struct bytes content = bytes_make(data + 1, size - 1);
    write_file(content);
    if (data[0] == 't') {
        try_tokens(content);
    } else if (data[0] == 'c') {
        try_credentials();
    } else {
        try_passwords(content);
    }
    return 0;
}
