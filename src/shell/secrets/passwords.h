// Who may connect: a file of lines user:password. A password may be stored readable or, better, as
// the hash that `broker --hash-password` prints ($argon2id$…, as libsodium makes it), as the
// verifier that `broker --scram-password` prints ($scram-sha-256$…, cipher/scram.h), or as
// mosquitto_passwd writes it ($7$… and $6$…, shell/secrets/mosquitto_hash.h), all in one file.
// Empty lines and lines that begin with # are skipped; of several lines with the same user the
// first counts. session/broker/users/user_file.h changes such files.
//
// A password sent by a client is checked against any of them. SCRAM, for which none is sent, needs
// a verifier: there is none behind a hash, and one is made from each readable password when the
// file is loaded, which takes about 3 ms for each.
//
// Once loaded it does not change, so any number of threads may ask at the same time.
#ifndef SHELL_SECRETS_PASSWORDS_H
#define SHELL_SECRETS_PASSWORDS_H

#include "base/bytes.h"
#include "cipher/scram.h"

struct passwords;

// NULL after a message on standard error that says what is wrong, where.
struct passwords *passwords_load(const char *path);
void passwords_free(struct passwords *passwords);

// Splits user:password; both stand in the credentials. False: there is no colon, or no user.
bool passwords_split(struct bytes credentials, struct bytes *user, struct bytes *password);
// Whether this is the user's password. Where passwords are hashed it takes tens of milliseconds,
// for users that there are not too.
bool passwords_check_user(const struct passwords *passwords, struct bytes user,
                          struct bytes password);
// The user's verifier. False: there is no such user, or only a hash of its password. `passwords` is
// a struct passwords, in the form in which a role is given it.
bool passwords_scram(void *passwords, struct bytes user, struct scram_verifier *verifier);

// Whether the user stands in both, with the same password.
bool passwords_are_equal(const struct passwords *a, const struct passwords *b, struct bytes user);

enum passwords_format {
    PASSWORDS_HASHED, // Argon2
    PASSWORDS_SCRAM,  // a verifier
};

#define PASSWORDS_TEXT_SIZE (SCRAM_VERIFIER_TEXT_MAX + 1) // of what hides a password, with a NUL

// What stands in the file in place of a password. False: there is too little memory.
bool passwords_hide(struct bytes password, enum passwords_format form,
                    char text[static PASSWORDS_TEXT_SIZE]);
// Reads a line user:password from standard input and prints it with the password hidden. Returns
// an exit code.
int passwords_hide_line(enum passwords_format form);

// The first line of a file, which has to be user:password. NULL after a message on standard error.
char *passwords_read_credentials(const char *path);
// Wipes and frees them; NULL is allowed.
void passwords_free_credentials(char *credentials);

// What checks of hashed passwords that run now take of memory, in all threads.
size_t passwords_scratch_bytes(void);

#endif
