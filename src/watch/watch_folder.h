// Operands of watch that are folders, as simulate writes traces: each stands for the networks and
// captures in it (NAME.network, NAME.pcapng), in the order of their names.
#ifndef WATCH_WATCH_FOLDER_H
#define WATCH_WATCH_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

struct watch_files {
    char **paths; // each to be freed, and the list
    size_t count;
};

// False: a message was printed, since a folder cannot be read or holds none. To be freed in any
// case.
bool watch_folder_expand(const char *const *operands, size_t count, struct watch_files *files);
void watch_folder_free(struct watch_files *files);

#endif
