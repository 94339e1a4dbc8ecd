// The user's thread: reads lines and prints texts until the session is over.
//
// On a terminal the line being typed can be edited (libedit), with history and completion, and what
// is printed meanwhile appears above it. Otherwise standard input is read as it comes, and nothing
// is prompted for.
#ifndef SHELL_CONSOLE_H
#define SHELL_CONSOLE_H

#include "shell/input.h"
#include "shell/output.h"

// Called in the user's thread.
struct console_owner {
    void *context;
    // Lines were added, or a full output was emptied: the packets' thread may go on.
    void (*wake)(void *context);
    // Standard output or error cannot be written any more; `error` is an errno.
    void (*broken)(void *context, int error);
    // Calls add with each word that may stand at the end of `line`, the text before the cursor.
    void (*complete)(void *context, struct bytes line, void *words,
                     void (*add)(void *words, struct bytes word));
};

struct console {
    const struct console_owner *owner;
    struct input *input;
    struct output *output;
    const char *prompt;
    struct memory memory;
    struct buffer bytes;  // taken from the output
    struct buffer chunks; // likewise
    struct buffer held;   // of standard input, not added yet
    bool reads;           // standard input is not at its end
    bool over;            // the output is finished, and all of it printed
    bool broken[2];       // standard output, standard error
};

// To be called before anything is opened. Standard streams that are closed would give their numbers
// to files of ours, which then were read as commands and had texts written into them. So these get
// /dev/null: no input, an error when standard output is written to, and no notices.
void console_fill_streams(void);

// Whether there is a person at a terminal to talk to.
bool console_is_terminal(void);

// `reads`: whether to read standard input at all. Returns once the output is finished.
void console_run(struct console *console, bool reads, bool terminal);

// For terminal.c: prints what there is; sets `over`.
void console_print(struct console *console);
// Adds a line; waits, printing, until there is room or the session is over.
void console_add(struct console *console, struct bytes line);

#endif
