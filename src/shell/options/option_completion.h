// Completions of a program's options for shells, made from its table like --help: names, choices,
// and where a file is wanted. To be put where a shell looks for them (make install does).
#ifndef SHELL_OPTIONS_OPTION_COMPLETION_H
#define SHELL_OPTIONS_OPTION_COMPLETION_H

#include <stdbool.h>
#include <stdio.h>

#include "shell/options/option_table.h"

// False: there is none for such a shell. Write errors are left in the stream.
bool option_completion_write(const struct program *program, const char *shell, FILE *out);

#endif
