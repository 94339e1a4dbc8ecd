// The user's thread: reads lines and prints texts until the session is over.
//
// On a terminal the line being typed can be edited (libedit), with history and completion, and what
// is printed meanwhile appears above it. Otherwise standard input is read as it comes, and nothing
// is prompted for.
#ifndef SHELL_TERMINAL_CONSOLE_H
#define SHELL_TERMINAL_CONSOLE_H

#include "shell/terminal/console_streams.h"

// To be called before anything is opened. Standard streams that are closed would give their numbers
// to files of ours, which then were read as commands and had texts written into them. So these get
// /dev/null: no input, an error when standard output is written to, and no notices.
void console_fill_streams(void);

// Whether there is a person at a terminal to talk to.
bool console_is_terminal(void);

// `reads`: whether to read standard input at all. Returns once the output is finished.
void console_run(struct console *console, bool reads, bool terminal);

#endif
