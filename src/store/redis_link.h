// A connection to Redis, as the two threads of the store `redis` have one each.
#ifndef STORE_REDIS_LINK_H
#define STORE_REDIS_LINK_H

#include "store/store.h"

#include <hiredis/hiredis.h>

struct redis_place {
    char *name; // as the user wrote it, without its password; for messages
    char *host;
    int port;
    char *password; // or NULL
    uint64_t database;
};

// `text` is [:PASSWORD@]HOST[:PORT][/DATABASE]. False if it is not.
bool redis_place_read(struct redis_place *place, const char *text);
void redis_place_deinit(struct redis_place *place);

// NULL and *error if it cannot be reached or does not let us in. To be freed with redisFree.
redisContext *redis_link_open(const struct redis_place *place, struct store_error *error);

#endif
