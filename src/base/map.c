#include "base/map.h"

#include "base/assert.h"
#include "base/hash.h"

void map_init(struct map *map, struct memory *memory, uint64_t seed) {
    *map = (struct map){.memory = memory, .seed = seed};
}

static void free_slots(struct map *map) {
    memory_free(map->memory, map->keys, map->slots * sizeof *map->keys);
    memory_free(map->memory, map->values, map->slots * sizeof *map->values);
}

void map_deinit(struct map *map) {
    free_slots(map);
    map->keys = NULL;
    map->values = NULL;
    map->slots = map->count = 0;
}

static uint32_t home_of(const struct map *map, uint64_t key) {
    return (uint32_t)hash_number(key, map->seed) & (map->slots - 1);
}

// The slot that holds `key`, or the empty one where it would go.
static uint32_t slot_of(const struct map *map, uint64_t key) {
    uint32_t slot = home_of(map, key);
    while (map->values[slot] != MAP_NONE && map->keys[slot] != key) {
        slot = (slot + 1) & (map->slots - 1);
    }
    return slot;
}

uint32_t map_get(const struct map *map, uint64_t key) {
    return map->slots == 0 ? MAP_NONE : map->values[slot_of(map, key)];
}

static void set_slots(struct map *map, uint32_t slots) {
    struct map old = *map;
    map->slots = slots;
    map->keys = memory_resize(map->memory, NULL, 0, slots * sizeof *map->keys);
    map->values = memory_resize(map->memory, NULL, 0, slots * sizeof *map->values);
    memset(map->values, 0xff, slots * sizeof *map->values);
    for (uint32_t i = 0; i < old.slots; i++) {
        if (old.values[i] != MAP_NONE) {
            uint32_t slot = slot_of(map, old.keys[i]);
            map->keys[slot] = old.keys[i];
            map->values[slot] = old.values[i];
        }
    }
    free_slots(&old);
}

void map_put(struct map *map, uint64_t key, uint32_t value) {
    ASSERT(value != MAP_NONE);
    if ((map->count + 1) * 4ull > map->slots * 3ull) {
        set_slots(map, map->slots == 0 ? 4 : map->slots * 2);
    }
    uint32_t slot = slot_of(map, key);
    map->count += map->values[slot] == MAP_NONE;
    map->keys[slot] = key;
    map->values[slot] = value;
}

void map_remove(struct map *map, uint64_t key) {
    if (map->slots == 0) {
        return;
    }
    uint32_t mask = map->slots - 1;
    uint32_t hole = slot_of(map, key);
    if (map->values[hole] == MAP_NONE) {
        return;
    }
    map->count--;
    for (uint32_t next = (hole + 1) & mask; map->values[next] != MAP_NONE;
         next = (next + 1) & mask) {
        uint32_t distance_from_home = (next - home_of(map, map->keys[next])) & mask;
        if (distance_from_home >= ((next - hole) & mask)) {
            map->keys[hole] = map->keys[next];
            map->values[hole] = map->values[next];
            hole = next;
        }
    }
    map->values[hole] = MAP_NONE;
}
