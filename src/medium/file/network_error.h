// How the parts of the file network fill in a struct file_network_error.
#ifndef MEDIUM_FILE_NETWORK_ERROR_H
#define MEDIUM_FILE_NETWORK_ERROR_H

#include "medium/file/file_network.h"

// Returns false, so that a failing function can end with it.
bool network_error_set(struct file_network_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// `path`: `what`: the reason that errno gives, and what to do about it.
bool network_error_set_errno(struct file_network_error *error, const char *path, const char *what);

#endif
