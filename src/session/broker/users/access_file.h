// The access lists of a broker (topic/access.h) as they stand in a file.
#ifndef SESSION_BROKER_USERS_ACCESS_FILE_H
#define SESSION_BROKER_USERS_ACCESS_FILE_H

#include "base/buffer.h"
#include "topic/access.h"

#define ACCESS_FILE_BYTES_MAX (UINT64_C(64) << 20)

struct access_file {
    struct memory memory; // its own, since it may be read while the broker works
    struct access access;
};

// NULL: it cannot be read, or is not right; `say` is told what is wrong, in a line for people with
// option and path in front.
struct access_file *access_file_load(const char *path, void (*say)(void *context, const char *text),
                                     void *context);
// NULL is nothing.
void access_file_free(struct access_file *file);

#endif
