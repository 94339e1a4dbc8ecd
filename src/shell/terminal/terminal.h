// The part of the console that a terminal needs: a line that can be edited while texts appear above
// it.
#ifndef SHELL_TERMINAL_TERMINAL_H
#define SHELL_TERMINAL_TERMINAL_H

#include "shell/terminal/console_streams.h"

// Reads and prints until the end of input or of the session; returns at once, having done nothing,
// if libedit cannot work with this terminal.
void terminal_run(struct console *console);

#endif
