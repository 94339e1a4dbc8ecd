// Options from elsewhere than the command line: a file in YAML, and the environment. Keys are the
// names of the program's table (shell/options/option_table.h); so are the types of values and their
// limits.
//
//   mqtt: 1883, *:8883        # as it would be typed
//   anonymous: yes
//   memory: 64M
//
// A key without a value is one that is not set. Of a mistake, line, column and the nearest key are
// told, of up to OPTION_SOURCE_FAULTS_MAX of them.
//
// The texts of a file live as long as the program does, as those of argv do.
#ifndef SHELL_OPTIONS_OPTION_SOURCE_H
#define SHELL_OPTIONS_OPTION_SOURCE_H

#include <stdio.h>

#include "shell/options/option_table.h"

#define OPTION_SOURCE_FAULTS_MAX 20

struct option_source {
    const struct program *program;
    const char *called; // the program's name in messages
    void *values;
    FILE *err;
};

// False after a message for each mistake.
bool option_source_file(const struct option_source *source, const char *path)
    __attribute__((warn_unused_result));
bool option_source_environment(const struct option_source *source)
    __attribute__((warn_unused_result));

// The name of the row's variable.
#define OPTION_VARIABLE_SIZE (OPTIONS_NAME_MAX + 32)
void option_source_variable(const struct program *program, const struct option_row *row,
                            char name[static OPTION_VARIABLE_SIZE]);
// Whether the row may stand in a file.
bool option_source_has(const struct option_row *row);

#endif
