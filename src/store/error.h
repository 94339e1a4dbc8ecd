// How the stores fill in a struct store_error.
#ifndef STORE_ERROR_H
#define STORE_ERROR_H

#include "store/store.h"

// Returns NULL, so that a failing store_*_open can end with it.
struct store *store_error_set(struct store_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
