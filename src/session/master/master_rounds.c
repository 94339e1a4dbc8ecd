#include "session/master/master_rounds.h"

#define LOOKED_AT 1024 // large uploads that wait, in one round

// ---- queues -----------------------------------------------------------------------------------

void master_queue_init(struct master_queue *queue) {
    queue->first = NULL;
    queue->end = &queue->first;
}

void master_queue_add(struct master_queue *queue, struct master_request *request) {
    request->next = NULL;
    *queue->end = request;
    queue->end = &request->next;
}

void master_queue_move(struct master_queue *from, struct master_queue *to) {
    if (from->first != NULL) {
        *to->end = from->first;
        to->end = from->end;
        master_queue_init(from);
    }
}

// Takes out the request that `*link` leads to.
static struct master_request *take_out(struct master_queue *queue, struct master_request **link) {
    struct master_request *request = *link;
    *link = request->next;
    if (*link == NULL) {
        queue->end = link;
    }
    return request;
}

struct master_request *master_queue_take(struct master_queue *queue) {
    return queue->first == NULL ? NULL : take_out(queue, &queue->first);
}

// ---- rounds -----------------------------------------------------------------------------------

void master_rounds_init(struct master_rounds *rounds) {
    master_queue_init(&rounds->small);
    master_queue_init(&rounds->large);
    master_queue_init(&rounds->lists);
    rounds->gates = 0;
}

static uint64_t packets_of(const struct master_rounds *rounds,
                           const struct master_request *request) {
    const struct store_request *store = &request->store;
    uint64_t packets = store->packet_count + request->exchange->body.size / MASTER_PACKET_BYTES;
    for (uint32_t i = 0; i < store->packet_count; i++) {
        packets += store->packets[i].gate == 0 ? rounds->gates : 0;
    }
    return packets;
}

void master_rounds_add(struct master_rounds *rounds, struct master_request *request) {
    struct master_queue *queue = &rounds->small;
    if (request->store.operation == STORE_LIST) {
        queue = &rounds->lists;
    } else if (packets_of(rounds, request) > MASTER_LARGE_PACKETS) {
        queue = &rounds->large;
    }
    master_queue_add(queue, request);
}

bool master_rounds_is_empty(const struct master_rounds *rounds) {
    return rounds->small.first == NULL && rounds->large.first == NULL &&
           rounds->lists.first == NULL;
}

// Who does not know the secret has no part in the lease.
static bool is_same_lease(const struct master_request *a, const struct master_request *b) {
    return a->store.gate == b->store.gate &&
           memcmp(a->store.secret, b->store.secret, STORE_SECRET_SIZE) == 0;
}

static bool is_among(const struct master_request *request, struct master_request *const *taken,
                     unsigned count) {
    unsigned i = 0;
    while (i < count && !is_same_lease(request, taken[i])) {
        i++;
    }
    return i < count;
}

static void take_large(struct master_rounds *rounds, struct master_queue *round) {
    struct master_request *taken[MASTER_ROUND_LEASES];
    unsigned count = 0;
    uint64_t packets = 0;
    struct master_request **link = &rounds->large.first;
    for (unsigned i = 0; i < LOOKED_AT && *link != NULL && count < MASTER_ROUND_LEASES &&
                         packets < MASTER_ROUND_PACKETS;
         i++) {
        if (is_among(*link, taken, count)) {
            link = &(*link)->next;
            continue;
        }
        packets += packets_of(rounds, *link);
        taken[count] = take_out(&rounds->large, link);
        master_queue_add(round, taken[count++]);
    }
}

void master_rounds_take(struct master_rounds *rounds, struct master_queue *round) {
    for (unsigned i = 0; i < MASTER_ROUND_REQUESTS && rounds->small.first != NULL; i++) {
        master_queue_add(round, master_queue_take(&rounds->small));
    }
    take_large(rounds, round);
}

void master_rounds_take_lists(struct master_rounds *rounds, struct master_queue *lists) {
    master_queue_move(&rounds->lists, lists);
}
