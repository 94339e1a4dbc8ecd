// What the user's thread prints and adds, on a terminal (shell/terminal/terminal.h) or not
// (shell/terminal/console.h): texts from the output to the standard streams, lines to the input.
#ifndef SHELL_TERMINAL_CONSOLE_STREAMS_H
#define SHELL_TERMINAL_CONSOLE_STREAMS_H

#include "shell/log/log.h"
#include "shell/terminal/input.h"
#include "shell/terminal/output.h"

// More than the largest packet of MQTT, so that what is cut here is refused there.
#define CONSOLE_WHOLE_BYTES_MAX (256 * 1024 * 1024)

// Called in the user's thread.
struct console_owner {
    void *context;
    // Lines were added, or a full output was emptied: the packets' thread may go on.
    void (*wake)(void *context);
    // Standard output or error cannot be written any more; `error` is an errno.
    void (*broken)(void *context, int error);
    // The user asked for the end, by Ctrl-C twice.
    void (*leave)(void *context);
    // Calls add with each word that may stand at the end of `line`, the text before the cursor.
    void (*complete)(void *context, struct bytes line, void *words,
                     void (*add)(void *words, struct bytes word));
};

// The user's thread: whom it serves, the queues to and from the other thread, and what waits in
// between. It ends when its input is read to the end and all output is printed, or the output is
// broken.
struct console {
    const struct console_owner *owner;
    struct input *input;
    struct output *output;
    struct log *log; // NULL: no records come
    const char *prompt;
    const char *history; // a file (shell/terminal/history_file.h); NULL: none is kept
    // Ctrl-C was pressed, and the output woken; taken back when that is handled. Shared.
    _Atomic bool *interrupt;
    struct memory memory;
    struct buffer bytes;  // taken from the output
    struct buffer chunks; // likewise
    struct buffer held;   // of standard input, not added yet
    bool is_whole;        // standard input is one line, up to CONSOLE_WHOLE_BYTES_MAX
    bool reads;           // standard input is not at its end
    bool over;            // the output is finished, and all of it printed
    bool broken[2];       // standard output, standard error
};

// Prints what there is; sets `over`.
void console_streams_print(struct console *console);
// Adds a line; waits, printing, until there is room or the session is over.
void console_streams_add(struct console *console, struct bytes line);

#endif
