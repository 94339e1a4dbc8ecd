// Colours of a terminal (ECMA-48, "Select Graphic Rendition").
#ifndef SHELL_TERMINAL_COLOUR_H
#define SHELL_TERMINAL_COLOUR_H

#include "base/buffer.h"

enum colour {
    COLOUR_PLAIN,
    COLOUR_FAINT,
    COLOUR_BOLD,
    COLOUR_RED,
    COLOUR_GREEN,
    COLOUR_YELLOW,
    COLOUR_BLUE,
    COLOUR_MAGENTA,
    COLOUR_CYAN,
};

// What follows appears in this colour; `on` false: nothing is ever coloured.
static inline void colour_set(struct buffer *out, bool on, enum colour colour) {
    static const char *const codes[] = {
        [COLOUR_PLAIN] = "\033[0m", [COLOUR_FAINT] = "\033[2m",    [COLOUR_BOLD] = "\033[1m",
        [COLOUR_RED] = "\033[31m",  [COLOUR_GREEN] = "\033[32m",   [COLOUR_YELLOW] = "\033[33m",
        [COLOUR_BLUE] = "\033[34m", [COLOUR_MAGENTA] = "\033[35m", [COLOUR_CYAN] = "\033[36m",
    };
    if (on) {
        buffer_append_text(out, codes[colour]);
    }
}

#endif
