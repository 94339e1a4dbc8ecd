#include "store/memory.h"

#include "base/assert.h"
#include "store/serve.h"

#include <stdlib.h>

struct memory_store {
    struct store store;
    struct serve serve;
};

static void execute(struct store *store, struct store_request *const *requests, size_t count) {
    struct memory_store *own = (struct memory_store *)store;
    for (size_t i = 0; i < count; i++) {
        (void)serve_execute(&own->serve, requests[i]);
    }
}

// There are no other masters.
static void listen(struct store *store, void (*wake)(void *context, uint32_t gate), void *context) {
    (void)store;
    (void)wake;
    (void)context;
}

static void close(struct store *store) {
    struct memory_store *own = (struct memory_store *)store;
    serve_deinit(&own->serve);
    free(own);
}

static const struct store_kind kind = {"memory", execute, listen, close};

struct store *store_memory_open(const struct store_limits *limits) {
    struct memory_store *own = calloc(1, sizeof *own);
    ASSERT_MESSAGE(own != NULL, "out of memory");
    own->store = (struct store){.kind = &kind, .limits = *limits};
    serve_init(&own->serve, limits);
    master_start(&own->serve.master, NULL);
    return &own->store;
}
