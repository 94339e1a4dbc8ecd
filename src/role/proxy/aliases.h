// The topic aliases of one direction of a connection (MQTT 5.0, section 3.3.2.3.4): which topic a
// number stands for. Of those beyond the limits the topic is not known; packets pass all the same.
#ifndef ROLE_PROXY_ALIASES_H
#define ROLE_PROXY_ALIASES_H

#include "base/bytes.h"
#include "base/memory.h"

#define PROXY_ALIASES_MAX 1024u
#define PROXY_ALIASES_BYTES_MAX (64u * 1024)

struct proxy_alias {
    uint8_t *topic; // NULL: none yet
    uint32_t size;
};

struct proxy_aliases {
    struct memory *memory;
    struct proxy_alias *items; // that of the number n stands at n - 1
    uint32_t capacity;
    size_t bytes;
};

void proxy_aliases_init(struct proxy_aliases *aliases, struct memory *memory);
void proxy_aliases_deinit(struct proxy_aliases *aliases);

// The topic of a PUBLISH with this alias, which is not 0: the one it names, or if that is empty the
// one that the number stands for; data NULL: that is not known. Valid until the next call.
struct bytes proxy_aliases_resolve(struct proxy_aliases *aliases, uint16_t number,
                                   struct bytes topic);

#endif
