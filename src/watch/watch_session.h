// Follows network files and taps (medium/capture/tap.h) and prints what the watch view makes of
// them (watch/watch_view.h), or serves it as a page, until a signal ends it or standard output is
// closed. One thread; it waits for the files' notifications, signals and standard output at once,
// so nothing it waits for keeps a signal from ending it.
#ifndef WATCH_WATCH_SESSION_H
#define WATCH_WATCH_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "watch/watch_view.h"

enum watch_colour {
    WATCH_COLOUR_AUTO, // if standard output is a terminal and NO_COLOR is unset
    WATCH_COLOUR_ALWAYS,
    WATCH_COLOUR_NEVER,
};

struct watch_session_options {
    // `networks` and what to show of them; colour, width and clocks are filled in here.
    struct watch_view_options view;
    enum watch_colour colour;
    bool once;       // end at the end of what is there
    bool only_later; // begin at the end of what is there
    // HOST:PORT or PORT of the page (web/web_server.h) that is served in place of printing; NULL:
    // none. Then `view` is set to what the page needs.
    const char *web;
    const char *token_file;  // NULL: none
    const char *control;     // of the page's levers (web/web_control.h); NULL: none
    uint64_t web_keep_bytes; // of the disk, for what the page can go back to
};

// Returns an exit code (enum program_exit).
int watch_session_run(const struct watch_session_options *options);

#endif
