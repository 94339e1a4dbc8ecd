// Who may connect: a file of lines user:password. A password may be stored readable or, better, as
// the hash that `broker --hash-password` prints ($argon2id$…, as libsodium makes it). Empty lines
// and lines that begin with # are skipped.
#ifndef SESSION_PASSWORDS_H
#define SESSION_PASSWORDS_H

#include "base/bytes.h"

struct passwords;

// NULL after a message on standard error that says what is wrong, where.
struct passwords *passwords_load(const char *path);
void passwords_free(struct passwords *passwords);

// Whether "user:password" is among them. `passwords` is a struct passwords, in the form in which a
// role is given it.
bool passwords_check(void *passwords, struct bytes credentials);

// Reads a line user:password from standard input and prints it with the password hashed. Returns
// an exit code.
int passwords_hash_line(void);

// The first line of a file, which has to be user:password. NULL after a message on standard error.
char *passwords_read_credentials(const char *path);
// Wipes and frees them; NULL is allowed.
void passwords_free_credentials(char *credentials);

#endif
