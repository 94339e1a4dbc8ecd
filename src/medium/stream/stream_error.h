// How the parts of a stream server fill in a struct stream_server_error.
#ifndef MEDIUM_STREAM_STREAM_ERROR_H
#define MEDIUM_STREAM_STREAM_ERROR_H

#include "medium/stream/stream_server.h"

// Returns false, so that a failing function can end with it.
bool stream_error_set(struct stream_server_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
