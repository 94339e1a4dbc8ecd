// The pages that a program says about itself from its table: --help and the manual page. Write
// errors are left in the stream.
#ifndef SHELL_OPTIONS_OPTION_PAGE_H
#define SHELL_OPTIONS_OPTION_PAGE_H

#include <stdio.h>

#include "shell/options/option_table.h"

// `called`: the name that the user called the program by.
void option_page_help(const struct program *program, const char *called, FILE *out);

// In the macros of man(7).
void option_page_manual(const struct program *program, FILE *out);

#endif
