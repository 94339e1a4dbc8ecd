#include "sim/account/freight.h"

#include "base/assert.h"
#include "base/hash.h"

#define ITEMS_MAX (UINT32_C(1) << 18)

void sim_freight_init(struct sim_freight *freight, struct memory *memory, uint64_t seed) {
    *freight = (struct sim_freight){.memory = memory};
    map_init(&freight->places, memory, seed);
}

void sim_freight_deinit(struct sim_freight *freight) {
    memory_free(freight->memory, freight->items, freight->capacity * sizeof *freight->items);
    map_deinit(&freight->places);
}

// What no router changes: addresses are written in another way in each network.
struct mark sim_freight_key(const struct packet *packet) {
    if (packet->type != PACKET_PUBL) {
        return (struct mark){UINT32_MAX, 0};
    }
    uint64_t key = packet->type;
    for (unsigned i = 0; i < packet->element_count; i++) {
        key = hash_bytes(packet->element[i], key);
    }
    return (struct mark){UINT32_C(2) << 30 | (uint32_t)(key >> 34), (uint32_t)key};
}

static uint64_t key_of(struct mark mark) {
    return (uint64_t)mark.stream << 32 | mark.number;
}

static struct sim_freight_item *new_item(struct sim_freight *freight) {
    if (freight->count < ITEMS_MAX) {
        freight->items = memory_grow(freight->memory, freight->items, &freight->capacity,
                                     freight->count + 1, sizeof *freight->items);
        return &freight->items[freight->count++];
    }
    struct sim_freight_item *oldest = &freight->items[freight->next];
    freight->next = (freight->next + 1) % ITEMS_MAX;
    map_remove(&freight->places, oldest->key);
    return oldest;
}

void sim_freight_note(struct sim_freight *freight, struct mark key, struct mark mark) {
    ASSERT(sim_freight_is_key(key) && !sim_freight_is_key(mark));
    uint32_t place = map_get(&freight->places, key_of(key));
    if (place != MAP_NONE) {
        freight->items[place].mark = mark; // the same message to another device, or sent again
        return;
    }
    struct sim_freight_item *item = new_item(freight);
    *item = (struct sim_freight_item){key_of(key), mark};
    map_put(&freight->places, key_of(key), (uint32_t)(item - freight->items));
}

bool sim_freight_find(const struct sim_freight *freight, struct mark *mark) {
    uint32_t place = map_get(&freight->places, key_of(*mark));
    if (place == MAP_NONE) {
        return false;
    }
    ASSERT(place < freight->count);
    *mark = freight->items[place].mark;
    return true;
}
