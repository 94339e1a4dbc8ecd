#include "role/proxy/aliases.h"

void proxy_aliases_init(struct proxy_aliases *aliases, struct memory *memory) {
    *aliases = (struct proxy_aliases){.memory = memory};
}

static void forget(struct proxy_aliases *aliases, struct proxy_alias *item) {
    memory_free(aliases->memory, item->topic, item->size);
    aliases->bytes -= item->size;
    *item = (struct proxy_alias){0};
}

void proxy_aliases_deinit(struct proxy_aliases *aliases) {
    for (uint32_t i = 0; i < aliases->capacity; i++) {
        forget(aliases, &aliases->items[i]);
    }
    memory_free(aliases->memory, aliases->items, aliases->capacity * sizeof *aliases->items);
    aliases->items = NULL;
    aliases->capacity = 0;
}

static void make_room(struct proxy_aliases *aliases, uint32_t number) {
    uint32_t before = aliases->capacity;
    if (number > before) {
        aliases->items = memory_grow(aliases->memory, aliases->items, &aliases->capacity, number,
                                     sizeof *aliases->items);
        memset(aliases->items + before, 0, (aliases->capacity - before) * sizeof *aliases->items);
    }
}

static void set(struct proxy_aliases *aliases, uint16_t number, struct bytes topic) {
    make_room(aliases, number);
    struct proxy_alias *item = &aliases->items[number - 1];
    forget(aliases, item);
    if (topic.size > PROXY_ALIASES_BYTES_MAX - aliases->bytes) {
        return;
    }
    item->topic = memory_resize(aliases->memory, NULL, 0, topic.size);
    item->size = (uint32_t)topic.size;
    memcpy(item->topic, topic.data, topic.size);
    aliases->bytes += topic.size;
}

struct bytes proxy_aliases_resolve(struct proxy_aliases *aliases, uint16_t number,
                                   struct bytes topic) {
    if (topic.size > 0) {
        if (number <= PROXY_ALIASES_MAX) {
            set(aliases, number, topic);
        }
        return topic;
    }
    if (number > aliases->capacity) {
        return bytes_make(NULL, 0);
    }
    const struct proxy_alias *item = &aliases->items[number - 1];
    return bytes_make(item->topic, item->size);
}
