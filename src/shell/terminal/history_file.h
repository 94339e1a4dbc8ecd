// Lines that were typed, kept from session to session: $XDG_STATE_HOME/mqttsim/KIND.history, or
// below ~/.local/state. The file is its owner's alone. A line that begins with a blank is not kept,
// nor one in which the word password stands.
//
// Nothing here is an error that anybody is told: without a home there is no history.
#ifndef SHELL_TERMINAL_HISTORY_FILE_H
#define SHELL_TERMINAL_HISTORY_FILE_H

#include <limits.h>

#include "base/bytes.h"

// Where the lines of such a program are kept; makes the folders that are missing. False: nowhere.
bool history_file_path(const char *kind, char path[static PATH_MAX]);

// Whether a line may be kept.
bool history_file_keeps(struct bytes line);

// Hands over each line of the file that may be kept, oldest first.
void history_file_read(const char *path, void *context,
                       void (*take)(void *context, const char *line));

// Appends a line. Once the file is large, its older half goes.
void history_file_add(const char *path, struct bytes line);

#endif
