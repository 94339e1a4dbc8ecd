// Waits in a thread of its own for what other masters publish when they put packets into mailboxes.
// A connection that ends is made anew, and then all gates are woken, since something may have been
// missed.
#ifndef STORE_REDIS_LISTENER_H
#define STORE_REDIS_LISTENER_H

#include "store/redis_link.h"

struct redis_listener_config {
    const struct redis_place *place; // stays until the listener is destroyed
    const char *channel;             // likewise
    const char *own_name;            // likewise; what this master published itself is passed over
    void (*wake)(void *context, uint32_t gate); // 0: all gates
    void *context;
};

struct redis_listener;

struct redis_listener *redis_listener_create(const struct redis_listener_config *config);
void redis_listener_destroy(struct redis_listener *listener);

#endif
