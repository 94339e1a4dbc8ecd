// The rows of a program's option table, --help, --version, --man and --completion with them:
// reading values, and saying in words what a row demands. For options.c and option_page.c.
#ifndef SHELL_OPTIONS_OPTION_ROW_H
#define SHELL_OPTIONS_OPTION_ROW_H

#include "base/bytes.h"
#include "shell/options/option_table.h"

#define OPTION_ROWS_MAX (OPTIONS_MAX + 7)

enum option_fault {
    OPTION_OK,
    OPTION_FAULT_FORM,  // not a value of the row's type
    OPTION_FAULT_RANGE, // outside of the row's limits
};

// The program's own rows and the built-in ones behind them.
size_t option_row_count(const struct program *program);
const struct option_row *option_row_at(const struct program *program, size_t index);
bool option_row_is_builtin(const struct option_row *row);
// Whether the row is of this group; NULL: of none.
bool option_row_is_of(const struct option_row *row, const char *group);
// Whether no row before it is of its group. Lists show a group where its first row stands.
bool option_row_begins_group(const struct program *program, size_t index);

// Asserts that the table is a good one.
void option_row_check_program(const struct program *program);
void option_row_set_presets(const struct program *program, void *values);

// Stores the value of `text` if it is a good one. A flag takes NULL, which sets it, or yes, no and
// the like.
enum option_fault option_row_take(const struct option_row *row, const char *text, void *values)
    __attribute__((warn_unused_result));

// What is wrong with a value, to stand behind it and a colon: "not a whole number, must be from 1
// to 10". The caller frees it.
char *option_row_fault(const struct option_row *row, enum option_fault fault);

// What the row demands, as people write it: "from 1 to 3600 seconds", "from 16 KiB to 1 GiB". With
// `whole` also what goes without saying. The caller frees it.
char *option_row_rule(const struct option_row *row, bool whole);

// The default, written likewise; NULL when there is none to speak of. The caller frees it.
char *option_row_default(const struct option_row *row);

#endif
