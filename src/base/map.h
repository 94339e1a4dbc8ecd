// A hash map from one number to another, for tables indexed by address or by a pair of indices.
// Open addressing with linear probing and backward-shift deletion: 12 bytes a slot, at most 3/4
// full, no tombstones, so its cost does not age.
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/memory.h"

#include <stdbool.h>

#define MAP_NONE UINT32_MAX // not allowed as a value

struct map {
    struct memory *memory;
    uint64_t *keys;
    uint32_t *values; // MAP_NONE marks an empty slot
    uint32_t count;
    uint32_t slots; // 0 or a power of two
    uint64_t seed;
};

void map_init(struct map *map, struct memory *memory, uint64_t seed);
void map_deinit(struct map *map);

// The value of `key`, or MAP_NONE.
uint32_t map_get(const struct map *map, uint64_t key);
void map_put(struct map *map, uint64_t key, uint32_t value);
void map_remove(struct map *map, uint64_t key);

#endif
