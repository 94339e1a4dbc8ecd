// Errors of stores, and how the stores fill them in.
#ifndef STORE_ERROR_H
#define STORE_ERROR_H

struct store_error {
    char text[512]; // for people: what is wrong, where, what to do
};

struct store;

// Returns NULL, so that a failing store_*_open can end with it.
struct store *store_error_set(struct store_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
