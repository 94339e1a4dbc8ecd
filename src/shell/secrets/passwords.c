#include "shell/secrets/passwords.h"

#include <errno.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "shell/secrets/mosquitto_hash.h"
#include "shell/printable.h"
#include "shell/secrets/secret_file.h"

#define ARGON2_MARK "$argon2id$"

_Static_assert(crypto_pwhash_STRBYTES <= PASSWORDS_TEXT_SIZE, "a hash fits too");

enum password_kind {
    PASSWORD_READABLE, // with a verifier made from it
    PASSWORD_ARGON2,   // a hash with a NUL behind it; there is no verifier
    PASSWORD_SCRAM,    // a verifier only
    PASSWORD_MOSQUITTO,
};

struct passwords {
    // The salts of readable passwords come from it, so that all exchanges of a user have the same
    // one.
    struct cipher_secret seed;
    size_t count;
    struct entry {
        char *line;        // owned
        struct bytes user; // in the line, as is the password
        struct bytes password;
        enum password_kind kind;
        union {
            struct scram_verifier verifier;
            struct mosquitto_hash mosquitto;
        };
    } * entries;
};

#define PASSWORD_FILE "broker: --password-file"
#define CREDENTIALS_FILE "client: --credentials"

static void say(const char *option, const char *path, const char *what) {
    printable_complain("%s %s: %s; it has to be a file with lines user:password\n", option, path,
                       what);
}

// What it has to hold does not help who may not read it.
static void say_unreadable(const char *what, const char *path, const char *why) {
    if (errno == EPERM) {
        printable_complain("%s %s: %s\n", what, path, why);
    } else {
        say(what, path, why);
    }
}

static void say_line(const char *path, unsigned number, const char *why) {
    printable_complain(PASSWORD_FILE " %s: line %u: %s; it has to be user:password, or what broker "
                                     "--add-user or mosquitto_passwd writes\n",
                       path, number, why);
}

bool passwords_split(struct bytes credentials, struct bytes *user, struct bytes *password) {
    const uint8_t *colon =
        credentials.size > 0 ? memchr(credentials.data, ':', credentials.size) : NULL;
    if (colon == NULL || colon == credentials.data) {
        return false;
    }
    *user = bytes_make(credentials.data, (size_t)(colon - credentials.data));
    *password = bytes_make(colon + 1, credentials.size - user->size - 1);
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

static void make_verifier(struct entry *entry, const struct cipher_secret *seed) {
    struct scram_verifier made_up; // for its salt, which looks like those of unknown users
    scram_verifier_made_up(&made_up, entry->user, seed);
    scram_verifier_make(&entry->verifier, entry->password,
                        bytes_make(made_up.salt, made_up.salt_size), made_up.iterations);
}

// NULL, or what is wrong with the password.
static const char *read_password(struct entry *entry, const struct cipher_secret *seed) {
    if (bytes_starts_with(entry->password, bytes_of_text(SCRAM_VERIFIER_MARK))) {
        entry->kind = PASSWORD_SCRAM;
        return scram_verifier_read(&entry->verifier, entry->password);
    }
    if (bytes_starts_with(entry->password, bytes_of_text(ARGON2_MARK))) {
        entry->kind = PASSWORD_ARGON2;
        int valid = crypto_pwhash_str_needs_rehash((const char *)entry->password.data,
                                                   crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                                   crypto_pwhash_MEMLIMIT_INTERACTIVE);
        return valid >= 0 ? NULL : "the hash is damaged";
    }
    if (mosquitto_hash_is_meant(entry->password)) {
        entry->kind = PASSWORD_MOSQUITTO;
        return mosquitto_hash_read(&entry->mosquitto, entry->password);
    }
    entry->kind = PASSWORD_READABLE;
    make_verifier(entry, seed);
    return NULL;
}

// Takes the line over; if not, says why.
static const char *add_entry(struct passwords *passwords, char *line) {
    struct entry entry = {.line = line};
    if (!passwords_split(bytes_of_text(line), &entry.user, &entry.password)) {
        return "it has no user and colon in front";
    }
    const char *why = read_password(&entry, &passwords->seed);
    if (why != NULL) {
        return why;
    }
    struct entry *entries =
        realloc(passwords->entries, (passwords->count + 1) * sizeof *passwords->entries);
    if (entries == NULL) {
        return strerror(ENOMEM);
    }
    passwords->entries = entries;
    passwords->entries[passwords->count++] = entry;
    return NULL;
}

static bool load_lines(struct passwords *passwords, FILE *file, const char *path) {
    char *line = NULL;
    size_t room = 0;
    const char *why = NULL;
    for (unsigned number = 1; why == NULL && getline(&line, &room, file) >= 0; number++) {
        cut_end_of_line(line);
        if (line[0] == '\0' || line[0] == '#') {
            continue;
        }
        why = add_entry(passwords, line);
        if (why == NULL) {
            line = NULL; // the entry's now
            room = 0;
        } else {
            say_line(path, number, why);
        }
    }
    wipe_line(line, room);
    if (why == NULL && ferror(file)) {
        say(PASSWORD_FILE, path, strerror(errno));
        return false;
    }
    return why == NULL;
}

struct passwords *passwords_load(const char *path) {
    char why[SECRET_FILE_WHY_SIZE];
    FILE *file = secret_file_open(path, why);
    if (file == NULL) {
        say_unreadable(PASSWORD_FILE, path, why);
        return NULL;
    }
    struct passwords *passwords = calloc(1, sizeof *passwords);
    bool right = passwords != NULL && sodium_init() >= 0;
    if (right) {
        randombytes_buf(&passwords->seed, sizeof passwords->seed);
        right = load_lines(passwords, file, path);
    } else {
        say(PASSWORD_FILE, path, strerror(errno));
    }
    fclose(file);
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
        sodium_memzero(&passwords->entries[i], sizeof passwords->entries[i]);
    }
    free(passwords->entries);
    free(passwords);
}

static _Atomic size_t scratch_bytes;

size_t passwords_scratch_bytes(void) {
    return atomic_load_explicit(&scratch_bytes, memory_order_relaxed);
}

// What a check of the hash takes: $argon2id$v=19$m=KIBIBYTES,...
static size_t scratch_of(const char *hash) {
    const char *memory = strstr(hash, "$m=");
    return memory == NULL ? 0 : (size_t)strtoul(memory + 3, NULL, 10) * 1024;
}

static bool hash_fits(const char *hash, struct bytes password) {
    size_t scratch = scratch_of(hash);
    atomic_fetch_add_explicit(&scratch_bytes, scratch, memory_order_relaxed);
    bool is_good = crypto_pwhash_str_verify(hash, (const char *)password.data, password.size) == 0;
    atomic_fetch_sub_explicit(&scratch_bytes, scratch, memory_order_relaxed);
    return is_good;
}

static bool fits(const struct entry *entry, struct bytes password) {
    switch (entry->kind) {
    case PASSWORD_ARGON2:
        return hash_fits((const char *)entry->password.data, password);
    case PASSWORD_SCRAM:
        return scram_verifier_fits(&entry->verifier, password);
    case PASSWORD_MOSQUITTO:
        return mosquitto_hash_fits(&entry->mosquitto, password);
    case PASSWORD_READABLE:
        break;
    }
    return entry->password.size == password.size &&
           sodium_memcmp(entry->password.data, password.data, password.size) == 0;
}

static const struct entry *find_entry(const struct passwords *passwords, struct bytes user) {
    for (size_t i = 0; i < passwords->count; i++) {
        if (bytes_equal(passwords->entries[i].user, user)) {
            return &passwords->entries[i];
        }
    }
    return NULL;
}

// What checking it costs, roughly, beside others.
static uint32_t cost_of(const struct entry *entry) {
    switch (entry->kind) {
    case PASSWORD_ARGON2:
        return UINT32_MAX;
    case PASSWORD_SCRAM:
        return entry->verifier.iterations;
    case PASSWORD_MOSQUITTO:
        return 1 + entry->mosquitto.iterations;
    case PASSWORD_READABLE:
        break;
    }
    return 0;
}

// Takes as long as checking a stored password does: so nobody learns from the time which users
// there are.
static void check_in_vain(const struct passwords *passwords, struct bytes password) {
    const struct entry *slowest = NULL;
    for (size_t i = 0; i < passwords->count; i++) {
        const struct entry *entry = &passwords->entries[i];
        bool is_slower = cost_of(entry) > (slowest == NULL ? 0 : cost_of(slowest));
        slowest = is_slower ? entry : slowest;
    }
    if (slowest != NULL) {
        (void)fits(slowest, password);
    }
}

bool passwords_check_user(const struct passwords *passwords, struct bytes user,
                          struct bytes password) {
    const struct entry *entry = find_entry(passwords, user);
    if (password.data == NULL) {
        password = BYTES_LITERAL("");
    }
    if (entry == NULL) {
        check_in_vain(passwords, password);
        return false;
    }
    return fits(entry, password);
}

bool passwords_scram(void *context, struct bytes user, struct scram_verifier *verifier) {
    const struct entry *entry = find_entry(context, user);
    if (entry == NULL || entry->kind == PASSWORD_ARGON2 || entry->kind == PASSWORD_MOSQUITTO) {
        return false;
    }
    *verifier = entry->verifier;
    return true;
}

bool passwords_are_equal(const struct passwords *a, const struct passwords *b, struct bytes user) {
    const struct entry *one = find_entry(a, user);
    const struct entry *other = find_entry(b, user);
    return one != NULL && other != NULL && bytes_equal(one->password, other->password);
}

static bool hash_password(struct bytes password, char text[static PASSWORDS_TEXT_SIZE]) {
    return crypto_pwhash_str(text, (const char *)password.data, password.size,
                             crypto_pwhash_OPSLIMIT_INTERACTIVE,
                             crypto_pwhash_MEMLIMIT_INTERACTIVE) == 0;
}

static void make_scram(struct bytes password, char text[static PASSWORDS_TEXT_SIZE]) {
    struct scram_verifier verifier;
    uint8_t salt[SCRAM_SALT_SIZE];
    randombytes_buf(salt, sizeof salt);
    scram_verifier_make(&verifier, password, bytes_make(salt, sizeof salt), SCRAM_ITERATIONS);
    text[scram_verifier_write(&verifier, (uint8_t *)text)] = '\0';
}

bool passwords_hide(struct bytes password, enum passwords_format form,
                    char text[static PASSWORDS_TEXT_SIZE]) {
    if (sodium_init() < 0) {
        return false;
    }
    if (form == PASSWORDS_HASHED) {
        return hash_password(password, text);
    }
    make_scram(password, text);
    return true;
}

int passwords_hide_line(enum passwords_format form) {
    char *line = NULL;
    size_t room = 0;
    struct bytes user, password;
    char text[PASSWORDS_TEXT_SIZE];
    bool right = getline(&line, &room, stdin) >= 0;
    if (right) {
        cut_end_of_line(line);
        right = passwords_split(bytes_of_text(line), &user, &password);
    }
    if (!right) {
        printable_complain("standard input: not a line user:password\n");
    } else if (!passwords_hide(password, form, text)) {
        printable_complain("too little memory to hash a password\n");
        right = false;
    } else {
        printf("%.*s:%s\n", (int)user.size, (const char *)user.data, text);
    }
    wipe_line(line, room);
    return right ? 0 : 1;
}

char *passwords_read_credentials(const char *path) {
    char why[SECRET_FILE_WHY_SIZE];
    FILE *file = secret_file_open(path, why);
    char *line = NULL;
    size_t room = 0;
    struct bytes user, password;
    if (file == NULL) {
        say_unreadable(CREDENTIALS_FILE, path, why);
        return NULL;
    }
    bool right = getline(&line, &room, file) >= 0;
    if (right) {
        cut_end_of_line(line);
        right = passwords_split(bytes_of_text(line), &user, &password);
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
