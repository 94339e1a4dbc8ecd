// What a program prints about its option files (shell/options/option_source.h): all options as such
// a file, and the JSON Schema of such files.
#ifndef SHELL_OPTIONS_OPTION_CONFIG_H
#define SHELL_OPTIONS_OPTION_CONFIG_H

#include <stdio.h>

#include "shell/options/option_table.h"

// Each option with its help as a comment. Those that are as they are by default stand in comments
// too, so the file says what it changes.
void option_config_print(const struct program *program, const void *values, FILE *out);
void option_config_schema(const struct program *program, FILE *out);
// A text as a YAML scalar, in double quotes.
void option_config_quote(FILE *out, const char *text);

#endif
