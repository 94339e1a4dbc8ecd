// Opens files that our programs write, also in folders where others may write (/tmp).
//
// There a symbolic link is a trap: somebody makes one under a name that we are about to use, and
// lets us write into whatever it leads to. So:
//  - a name that a user gives is resolved once, when it is first used. Links on its last component
//    are followed if we or root made them, and if they lead to something that is there;
//  - from then on, and for every name that we make ourselves (network.claims, network.router.new),
//    nothing is opened through a link.
// Folders on the way may be links. What this cannot see are hard links: the kernel refuses those to
// the files of others (fs.protected_hardlinks).
//
// All of them set errno: ELOOP for a link that is not followed, EMEDIUMTYPE for what is no regular
// file; safe_file_reason has words for these.
#ifndef MEDIUM_FILE_SAFE_FILE_H
#define MEDIUM_FILE_SAFE_FILE_H

#include <limits.h>
#include <stdbool.h>

// Finds the file that stands under `path`, or would be created there. False with errno set.
bool safe_file_resolve(const char *path, char out[static PATH_MAX]);

// Opens a regular file, and nothing else, close-on-exec and non-blocking; `flags` as of open(2).
// Returns the descriptor; -1 with errno set.
int safe_file_open(const char *path, int flags, unsigned mode);

// Makes a file that is certainly new; what stood under that name is removed, not followed.
int safe_file_create(const char *path, int flags, unsigned mode);

// Whether the file is this user's own. In a folder of all, somebody else could have made it first,
// to read what we write.
bool safe_file_is_own(int fd);

// Whether users other than its owner and group may read the file.
bool safe_file_is_open_to_others(int fd);

// What an errno of this module, or any other, means.
const char *safe_file_reason(int reason);

#endif
