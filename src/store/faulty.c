#include "store/faulty.h"

#include "base/assert.h"
#include "base/hash.h"
#include "store/error.h"
#include "store/serve.h"

#include <stdlib.h>

struct faulty_store {
    struct store store;
    struct store *inner;
    uint64_t seed;
    uint64_t calls;
    unsigned percent;
};

enum fault { FAULT_NONE, FAULT_BEFORE, FAULT_AFTER, FAULT_BETWEEN };

static enum fault next_fault(struct faulty_store *own, uint64_t *random) {
    *random = hash_number(own->calls++, own->seed);
    bool fails = *random % 100 < own->percent;
    return fails ? (enum fault)(FAULT_BEFORE + *random / 100 % 3) : FAULT_NONE;
}

// How many requests of a call reach the inner store.
static size_t reached_by(enum fault fault, uint64_t random, size_t count) {
    switch (fault) {
    case FAULT_NONE:
    case FAULT_AFTER:
        return count;
    case FAULT_BEFORE:
        return 0;
    case FAULT_BETWEEN:
        return random / 1000 % (count + 1);
    }
    return count;
}

static void execute(struct store *store, struct store_request *const *requests, size_t count) {
    struct faulty_store *own = (struct faulty_store *)store;
    uint64_t random;
    enum fault fault = next_fault(own, &random);
    size_t reached = reached_by(fault, random, count);
    uint32_t *begun = serve_begin(requests, count);
    own->inner->kind->execute(own->inner, requests, reached);
    serve_undo(requests, begun, fault == FAULT_AFTER ? 0 : reached, count);
    own->store.trouble = own->inner->trouble;
    if (fault != FAULT_NONE) {
        (void)store_error_set(&own->store.trouble, "faulty: a planned fault; try again");
    }
    free(begun);
}

static void listen(struct store *store, void (*wake)(void *context, uint32_t gate), void *context) {
    struct faulty_store *own = (struct faulty_store *)store;
    own->inner->kind->listen(own->inner, wake, context);
}

static void close(struct store *store) {
    struct faulty_store *own = (struct faulty_store *)store;
    own->inner->kind->close(own->inner);
    free(own);
}

static const struct store_kind kind = {"faulty", execute, listen, close};

struct store *store_faulty_open(struct store *inner, uint64_t seed, unsigned percent) {
    struct faulty_store *own = calloc(1, sizeof *own);
    ASSERT_MESSAGE(own != NULL, "out of memory");
    own->store = (struct store){.kind = &kind, .limits = inner->limits};
    own->inner = inner;
    own->seed = seed;
    own->percent = percent;
    return &own->store;
}
