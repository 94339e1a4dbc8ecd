// The store `sqlite:FILE`: what a request was told to be done survives kill -9 and the loss of
// power.
//
// A master role in memory answers the requests; the database is its journal, from which it is
// restored. All changes of one call of execute, and of calls before it that only took packets away,
// are one transaction. If it fails, the requests are unavailable and the role is restored from what
// the database has, so that the two never differ.
//
// That acknowledged packets are gone is written with the next change that must last, or after a
// second: a holder who acknowledges them again, from its own cursor, gets none of them twice.
#ifndef STORE_SQLITE_H
#define STORE_SQLITE_H

#include "store/store.h"

struct store *store_sqlite_open(const char *path, const struct store_limits *limits,
                                struct store_error *error);

#endif
