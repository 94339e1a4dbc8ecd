#include "store/error.h"

#include <stdarg.h>
#include <stdio.h>

struct store *store_error_set(struct store_error *error, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    return NULL;
}
