// The command line of a program, from one table: the table drives the parser, --help, the manual
// page (--man) and the tests. What it says about itself is therefore what it does.
//
// Every program also has --help (-h), --version (-V), --man and --completion; they are not in its
// table.
//
// Limits: OPTIONS_MAX rows a table, names of up to OPTIONS_NAME_MAX bytes. A mistake in a table (a
// name twice, a preset outside its limits, more rows than that) is our own fault and asserted.
//
// Ownership: the tables are borrowed and constant. An OPTION_TEXT value points into argv or at its
// row's preset and is valid as long as those.
//
// Not for several threads at once: getopt_long keeps its place in global variables. Call it first.
#ifndef SHELL_OPTIONS_OPTIONS_H
#define SHELL_OPTIONS_OPTIONS_H

#include <stdio.h>

#include "shell/options/option_table.h"

enum options_result {
    OPTIONS_RUN,      // the values are set: go on
    OPTIONS_SHOWN,    // --help or the like was printed on `out`: exit with 0
    OPTIONS_WRONG,    // a message was printed on `err`, or `out` could not be written: exit with 2
    OPTIONS_UNUSABLE, // likewise, of what stands in a file or the environment: exit with 3
};

// Sets every value in the struct at `values` to its preset, then, if the program has files of
// options, to what the file of --config and the environment say, and then to what argv says; an
// option given twice counts as given last. Long names may be cut short as long as they are
// unambiguous. Operands may stand between options and are moved to the end of argv: *first_operand
// is the index of the first, argc if there are none. With first_operand NULL an operand is a
// mistake.
//
// Messages and usage call the program by the last part of argv[0]:
//     client: --ping-interval 0: must be from 1 to 3600 seconds; see client --help
enum options_result options_parse(const struct program *program, int argc, char **argv,
                                  void *values, int *first_operand, FILE *out, FILE *err)
    __attribute__((warn_unused_result));

#endif
