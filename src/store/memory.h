// The store `memory`: nothing outlives the process.
#ifndef STORE_MEMORY_H
#define STORE_MEMORY_H

#include "store/store.h"

struct store *store_memory_open(const struct store_limits *limits);

#endif
