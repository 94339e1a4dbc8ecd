#include "session/passwords.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#define HASH_MARK "$argon2id$"

struct passwords {
    size_t count;
    struct entry {
        char *line;        // owned
        struct bytes user; // in the line, as is the password
        struct bytes password;
        bool hashed; // the password has a NUL behind it
    } * entries;
};

#define PASSWORD_FILE "broker: --password-file"
#define CREDENTIALS_FILE "client: --credentials"

static void say(const char *option, const char *path, const char *what) {
    fprintf(stderr, "%s %s: %s; it has to be a file with lines user:password\n", option, path,
            what);
}

// Splits user:password. False: there is no colon, or no user.
static bool split(struct bytes line, struct bytes *user, struct bytes *password) {
    const uint8_t *colon = line.size > 0 ? memchr(line.data, ':', line.size) : NULL;
    if (colon == NULL || colon == line.data) {
        return false;
    }
    *user = bytes_make(line.data, (size_t)(colon - line.data));
    *password = bytes_make(colon + 1, line.size - user->size - 1);
    return true;
}

static void cut_end_of_line(char *line) {
    line[strcspn(line, "\r\n")] = '\0';
}

// Of what getline left: `room` bytes, of which it may have written none.
static void wipe_line(char *line, size_t room) {
    if (line != NULL) {
        sodium_memzero(line, room);
        free(line);
    }
}

static bool add_entry(struct passwords *passwords, char *line) {
    struct entry entry = {.line = line};
    if (!split(bytes_of_text(line), &entry.user, &entry.password)) {
        return false;
    }
    entry.hashed = bytes_starts_with(entry.password, bytes_of_text(HASH_MARK));
    struct entry *entries =
        realloc(passwords->entries, (passwords->count + 1) * sizeof *passwords->entries);
    if (entries == NULL) {
        return false;
    }
    passwords->entries = entries;
    passwords->entries[passwords->count++] = entry;
    return true;
}

static bool load_lines(struct passwords *passwords, FILE *file, const char *path) {
    char *line = NULL;
    size_t room = 0;
    bool right = true;
    for (unsigned number = 1; right && getline(&line, &room, file) >= 0; number++) {
        cut_end_of_line(line);
        if (line[0] == '\0' || line[0] == '#') {
            continue;
        }
        right = add_entry(passwords, line);
        if (right) {
            line = NULL; // the entry's now
            room = 0;
        } else {
            fprintf(stderr, PASSWORD_FILE " %s: line %u is not user:password\n", path, number);
        }
    }
    wipe_line(line, room);
    if (right && ferror(file)) {
        say(PASSWORD_FILE, path, strerror(errno));
        right = false;
    }
    return right;
}

struct passwords *passwords_load(const char *path) {
    FILE *file = fopen(path, "r");
    struct passwords *passwords = calloc(1, sizeof *passwords);
    if (file == NULL || passwords == NULL) {
        say(PASSWORD_FILE, path, strerror(errno));
    }
    bool right = file != NULL && passwords != NULL && load_lines(passwords, file, path);
    if (file != NULL) {
        fclose(file);
    }
    if (right) {
        return passwords;
    }
    passwords_free(passwords);
    return NULL;
}

void passwords_free(struct passwords *passwords) {
    if (passwords == NULL) {
        return;
    }
    for (size_t i = 0; i < passwords->count; i++) {
        passwords_free_credentials(passwords->entries[i].line);
    }
    free(passwords->entries);
    free(passwords);
}

static bool fits(const struct entry *entry, struct bytes password) {
    if (entry->hashed) {
        return crypto_pwhash_str_verify((const char *)entry->password.data,
                                        (const char *)password.data, password.size) == 0;
    }
    return entry->password.size == password.size &&
           sodium_memcmp(entry->password.data, password.data, password.size) == 0;
}

// The user's entry. NULL if there is none, after as long as checking a hash takes: so nobody learns
// from the time which users there are.
static const struct entry *find_entry(const struct passwords *passwords, struct bytes user,
                                      struct bytes password) {
    const struct entry *hashed = NULL;
    for (size_t i = 0; i < passwords->count; i++) {
        if (bytes_equal(passwords->entries[i].user, user)) {
            return &passwords->entries[i];
        }
        hashed = passwords->entries[i].hashed ? &passwords->entries[i] : hashed;
    }
    if (hashed != NULL) {
        (void)fits(hashed, password);
    }
    return NULL;
}

bool passwords_check(void *context, struct bytes credentials) {
    struct bytes user, password;
    if (!split(credentials, &user, &password)) {
        return false;
    }
    const struct entry *entry = find_entry(context, user, password);
    return entry != NULL && fits(entry, password);
}

int passwords_hash_line(void) {
    char *line = NULL;
    size_t room = 0;
    struct bytes user, password;
    char hash[crypto_pwhash_STRBYTES];
    bool right = getline(&line, &room, stdin) >= 0;
    if (right) {
        cut_end_of_line(line);
        right = split(bytes_of_text(line), &user, &password);
    }
    if (!right) {
        fprintf(stderr, "standard input: not a line user:password\n");
    } else if (sodium_init() < 0 ||
               crypto_pwhash_str(hash, (const char *)password.data, password.size,
                                 crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                 crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0) {
        fprintf(stderr, "too little memory to hash a password\n");
        right = false;
    } else {
        printf("%.*s:%s\n", (int)user.size, (const char *)user.data, hash);
    }
    wipe_line(line, room);
    return right ? 0 : 1;
}

char *passwords_read_credentials(const char *path) {
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t room = 0;
    struct bytes user, password;
    if (file == NULL) {
        say(CREDENTIALS_FILE, path, strerror(errno));
        return NULL;
    }
    bool right = getline(&line, &room, file) >= 0;
    if (right) {
        cut_end_of_line(line);
        right = split(bytes_of_text(line), &user, &password);
    }
    fclose(file);
    if (!right) {
        say(CREDENTIALS_FILE, path, "its first line is not user:password");
        wipe_line(line, room);
        return NULL;
    }
    return line;
}

void passwords_free_credentials(char *credentials) {
    if (credentials != NULL) {
        sodium_memzero(credentials, strlen(credentials));
        free(credentials);
    }
}
