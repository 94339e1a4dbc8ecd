// The exit codes of the programs.
#ifndef SHELL_PROGRAM_EXIT_H
#define SHELL_PROGRAM_EXIT_H

enum program_exit {
    PROGRAM_OK = 0,
    PROGRAM_FAILED = 1,   // something that was asked for did not happen
    PROGRAM_USAGE = 2,    // the options are wrong
    PROGRAM_UNUSABLE = 3, // the network or another file cannot be used
};

#endif
