// The bearer tokens of an HTTP server: a file with one token per line, any of which gives access.
// Only keyed digests of them stay in memory, so comparing takes the same time whatever is
// presented.
#ifndef SHELL_SECRETS_TOKENS_H
#define SHELL_SECRETS_TOKENS_H

#include "base/bytes.h"

#define TOKEN_SIZE_MIN 16
#define TOKEN_MADE_SIZE 49 // of a token that is made, with its NUL

struct tokens;

// Blank lines and lines that begin with # are skipped. NULL: a message was printed. `what` is said
// before the file's name when it warns ("master: --token-file").
struct tokens *tokens_load(const char *what, const char *path);
// One of its own making, written to `token`.
struct tokens *tokens_make(char token[static TOKEN_MADE_SIZE]);
void tokens_free(struct tokens *tokens);

// Whether `authorization`, the value of that header, is "Bearer TOKEN" with one of the tokens.
bool tokens_check(const struct tokens *tokens, struct bytes authorization);

#endif
