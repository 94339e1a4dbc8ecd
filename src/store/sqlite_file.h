// The file of a database of SQLite, before SQLite has it: whether it may be used at all.
//
// It holds secrets, so nobody else may read it: a new one gets mode 0600, one that exists keeps its
// mode. A symbolic link is not followed, and the file of somebody else is not used: where others
// may write to the folder, they could have put it there. SQLite itself does not follow links beside
// it (-wal). Nor is a file system of another machine used, whose locks and syncs SQLite cannot rely
// on.
#ifndef STORE_SQLITE_FILE_H
#define STORE_SQLITE_FILE_H

#include "store/error.h"

#include <stdbool.h>

// The name as SQLite takes for a file whatever it begins with. To be freed.
char *sqlite_file_path(const char *name);

// Creates the file at `path` if there is none. False: it cannot be used, and the error says why,
// beginning with `what` ("sqlite:" or "store ") and `name`.
__attribute__((warn_unused_result)) bool
sqlite_file_create(const char *what, const char *name, const char *path, struct store_error *error);

// What to do about an error code of SQLite, to stand behind its text.
const char *sqlite_file_advice(int code);

// "NFS" and so on, if a statfs of this type is that of another machine's files; else NULL.
const char *sqlite_file_remote_kind(unsigned long type);

#endif
