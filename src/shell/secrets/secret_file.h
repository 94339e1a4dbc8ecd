// Files of passwords, tokens and keys, as users name them. They are only read, so links are
// followed (those of certbot are links). Who lets other users read one is warned, on standard
// error.
#ifndef SHELL_SECRETS_SECRET_FILE_H
#define SHELL_SECRETS_SECRET_FILE_H

#include <stdio.h>

// Opens it to be read; NULL with errno set. `what` is said before its name ("broker: --tls-key").
FILE *secret_file_open(const char *what, const char *path);

// Likewise for one that others open by its name, if it is there.
void secret_file_check(const char *what, const char *path);

#endif
