// Files of passwords, tokens and keys, as users name them. They are only read, so links are
// followed (those of certbot are links). One that other users can read or change is no secret and
// is not used; that a group can is left alone, for who sets one up chose it.
#ifndef SHELL_SECRETS_SECRET_FILE_H
#define SHELL_SECRETS_SECRET_FILE_H

#include <stdbool.h>
#include <stdio.h>

#define SECRET_FILE_WHY_SIZE 128

// Opens it to be read; NULL with why, for people, and errno set (EPERM: others can read it).
FILE *secret_file_open(const char *path, char why[static SECRET_FILE_WHY_SIZE]);

// Likewise for one that others open by its name, if it is there: false after a message that begins
// with `what` ("broker: --tls-key") and its name.
bool secret_file_is_private(const char *what, const char *path);

#endif
