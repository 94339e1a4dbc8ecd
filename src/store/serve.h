// Requests of a store, answered by a master role: what `memory` and `sqlite` have in common.
#ifndef STORE_SERVE_H
#define STORE_SERVE_H

#include "role/master/master.h"
#include "store/store.h"

// A master with its heap. It lies still: the role points into it.
struct serve {
    struct memory memory;
    struct master master;
    struct master_packet *packets; // scratch
    uint32_t packets_capacity;
};

// What is restored comes next, then master_start.
void serve_init(struct serve *serve, const struct store_limits *limits);
void serve_deinit(struct serve *serve);

// Whether the answer is to be held until what the journal was told before it is durable.
bool serve_execute(struct serve *serve, struct store_request *request);

// Makes the answers empty, and `lines` too. Returns what serve_undo needs; to be freed.
uint32_t *serve_begin(struct store_request *const *requests, size_t count);

// Makes the requests from `from` on as if they had never been executed, and unavailable.
void serve_undo(struct store_request *const *requests, const uint32_t *begun, size_t from,
                size_t count);

// For LIST: by gate.
void serve_sort(struct store_gate *gates, uint32_t count);

#endif
