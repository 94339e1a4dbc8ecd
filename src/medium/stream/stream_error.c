#include "medium/stream/stream_error.h"

#include <stdarg.h>
#include <stdio.h>

bool stream_error_set(struct stream_server_error *error, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    return false;
}
