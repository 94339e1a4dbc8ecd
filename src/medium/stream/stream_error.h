// Errors of a stream server, and how its parts fill them in.
#ifndef MEDIUM_STREAM_STREAM_ERROR_H
#define MEDIUM_STREAM_STREAM_ERROR_H

#include <stdbool.h>

struct stream_server_error {
    char text[256]; // what, where and what to do
};

// Returns false, so that a failing function can end with it.
bool stream_error_set(struct stream_server_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
