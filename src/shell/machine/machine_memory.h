// How much memory a program may take of the machine it runs on.
#ifndef SHELL_MACHINE_MACHINE_MEMORY_H
#define SHELL_MACHINE_MACHINE_MEMORY_H

#include <stddef.h>

// A quarter of what there is: of the machine's memory, of what the control groups of the process
// allow (version 2 and 1), of its resource limits, whichever is less.
size_t machine_memory_quarter(void);

// The least limit of the control groups that the text of /proc/self/cgroup names, whose files are
// below `root`; SIZE_MAX: there is none. For the function above, and its test.
size_t machine_memory_of_groups(const char *text, const char *root);

// What the process holds of its own, shared libraries not counted, in bytes; 0: it cannot be told,
// or would say more of a sanitizer than of the program.
size_t machine_memory_held(void);

#endif
