// How many files, sockets included, the process may have open.
#ifndef SHELL_MACHINE_OPEN_FILES_H
#define SHELL_MACHINE_OPEN_FILES_H

#include <stdint.h>

// Raises the limit so that `wanted` may be open, or as far as the system lets us; it is never
// lowered. Returns what it is now.
uint64_t open_files_raise(uint64_t wanted);

#endif
