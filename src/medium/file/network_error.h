// Errors of the file network, and how its parts fill them in.
#ifndef MEDIUM_FILE_NETWORK_ERROR_H
#define MEDIUM_FILE_NETWORK_ERROR_H

#include "base/bytes.h"

// For people, one line: what is wrong, where, what to do.
struct file_network_error {
    char text[512];
};

// Returns false, so that a failing function can end with it.
bool network_error_set(struct file_network_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// `path`: `what`: the reason that errno gives, and what to do about it.
bool network_error_set_errno(struct file_network_error *error, const char *path, const char *what);

#endif
