// The table of options of a program, from which the parser, --help and the manual page are made
// (shell/options/options.h).
#ifndef SHELL_OPTIONS_OPTION_TABLE_H
#define SHELL_OPTIONS_OPTION_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OPTIONS_MAX 128
#define OPTIONS_NAME_MAX 40

// Limits of sizes.
#define OPTION_KIB 1024.0
#define OPTION_MIB (1024 * OPTION_KIB)
#define OPTION_GIB (1024 * OPTION_MIB)
#define OPTION_TIB (1024 * OPTION_GIB)
#define OPTION_PIB (1024 * OPTION_TIB)

// The type of the member at the row's offset, and how its value is typed.
enum option_type {
    OPTION_FLAG,     // bool; takes no argument
    OPTION_NUMBER,   // uint64_t; decimal digits
    OPTION_DURATION, // uint64_t nanoseconds; seconds with up to 9 decimals: 10, 0.5, .25
    OPTION_SIZE,     // uint64_t bytes; plain or in units of 1024: 4096, 4K, 64MiB, 1G
    OPTION_TEXT,     // const char *; anything, also empty unless min forbids it
    OPTION_CHOICE,   // int or an enum; the index in `choices`
    OPTION_LIST,     // struct option_list; texts, one each time the option is given
};

// Texts in the order of the command line.
#define OPTION_LIST_MAX 16
struct option_list {
    unsigned count;
    const char *items[OPTION_LIST_MAX];
};

// One option of a program, in a table that is constant. The parser, --help, the manual page,
// completion, the file of --config and its schema all follow the row, so that none of them can say
// something else.
struct option_row {
    const char *name; // the long name without its dashes: "ping-interval"
    char letter;      // the short name, a letter or digit, or 0
    enum option_type type;
    size_t offset;        // where the value goes: offsetof(struct X, member)
    const char *argument; // "FILE", "SECONDS"; NULL for flags only
    const char *preset;   // the default as typed; NULL: 0, NULL, false or the first choice
    // Limits, both inclusive: of a number, of a duration in seconds, of a size in bytes, of a
    // text's length in bytes. max 0: none but the type's own. Exact to 15 digits. A preset of NULL
    // may lie outside them: min 1 without a preset makes 0 mean "not given".
    double min;
    double max;
    const char *choices; // "classic|sodium|any", for OPTION_CHOICE only
    const char *help;    // one or two whole sentences; limits and default are added to them
    const char *group;   // the heading it stands under in --help; NULL: "Options". Rows of a group
                         // stand together, those without a group first.
    bool is_action;      // something to be done at once: it stands in no file and no environment
};

// A chapter of the manual: "Description" (before the options in the manual page), "Commands",
// "Exit status", "Files", "Examples". The page sets the title in capitals. In `text` a blank line
// separates paragraphs, which are filled; a line that begins with two spaces stays as it is.
struct option_section {
    const char *title;
    const char *text;
};

struct program {
    const char *name;     // "client"; its manual page is mqttsim-client(1)
    const char *summary;  // one line, no full stop
    const char *synopsis; // "[OPTION]..." or "[OPTION]... [FILE]..."
    const struct option_row *options;
    size_t option_count;
    const struct option_section *sections;
    size_t section_count;
    // Options may also stand in a file (--config) and in the environment, as this and the name in
    // capitals: "MQTTSIM_BROKER_" makes MQTTSIM_BROKER_PING_INTERVAL. NULL: on the command line
    // only.
    const char *environment;
};

#endif
