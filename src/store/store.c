#include "store/store.h"

#include "base/assert.h"
#include "base/decimal.h"
#include "store/error.h"
#include "store/faulty.h"
#include "store/memory.h"
#include "store/redis.h"
#include "store/sqlite.h"

// What follows `prefix` in `name`, or NULL.
static const char *after(const char *name, const char *prefix) {
    struct bytes start = bytes_of_text(prefix);
    return bytes_starts_with(bytes_of_text(name), start) ? name + start.size : NULL;
}

// Reads a number that ends with a colon and moves *text behind it.
static bool read_number(const char **text, uint64_t max, uint64_t *number) {
    const char *colon = strchr(*text, ':');
    if (colon == NULL || !decimal_read(bytes_make(*text, (size_t)(colon - *text)), max, number)) {
        return false;
    }
    *text = colon + 1;
    return true;
}

static struct store *open_sqlite(const char *path, const struct store_limits *limits,
                                 struct store_error *error) {
    if (path[0] == 0) {
        return store_error_set(error, "sqlite: names no file; write sqlite:FILE");
    }
    return store_sqlite_open(path, limits, error);
}

static struct store *open_faulty(const char *plan, const struct store_limits *limits,
                                 struct store_error *error) {
    uint64_t seed;
    uint64_t percent;
    if (!read_number(&plan, UINT64_MAX, &seed) || !read_number(&plan, 100, &percent)) {
        return store_error_set(error, "faulty: write faulty:SEED:PERCENT:STORE with whole numbers, "
                                      "as in faulty:7:20:memory");
    }
    if (after(plan, "faulty:") != NULL) {
        return store_error_set(error, "faulty: wraps any store but itself");
    }
    struct store *inner = store_open(plan, limits, error);
    return inner == NULL ? NULL : store_faulty_open(inner, seed, (unsigned)percent);
}

struct store *store_open(const char *name, const struct store_limits *limits,
                         struct store_error *error) {
    const char *rest;
    error->text[0] = 0;
    if (strcmp(name, "memory") == 0) {
        return store_memory_open(limits);
    }
    if ((rest = after(name, "sqlite:")) != NULL) {
        return open_sqlite(rest, limits, error);
    }
    if ((rest = after(name, "redis://")) != NULL) {
        return store_redis_open(rest, limits, error);
    }
    if ((rest = after(name, "faulty:")) != NULL) {
        return open_faulty(rest, limits, error);
    }
    return store_error_set(
        error, "%s: is no store; choose memory, sqlite:FILE or redis://HOST:PORT", name);
}
