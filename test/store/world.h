// What the tests of stores share: a store of any kind, and requests in short.
#ifndef TEST_STORE_WORLD_H
#define TEST_STORE_WORLD_H

#include "redis_server.h"
#include "store/store.h"

struct world {
    const char *prefix; // of the store's name: "memory", "sqlite:" or "redis://", "faulty:…" before
    char *folder;
    char name[512];
    struct redis_server server;
    struct store_limits limits;
    struct store *store;
    struct memory memory; // of answers
    uint64_t now_ms;
};

// Makes a folder and, if need be, a server, and opens the store.
void world_begin(struct world *world, const char *prefix, struct store_limits limits);
void world_end(struct world *world);

// Closes the store and opens it again.
void world_reopen(struct world *world);

// Lets the store see this much time pass.
void world_pass(struct world *world, uint64_t ms);

// A request by the holder whose secret is this letter, 16 times.
struct store_request world_request(struct world *world, enum store_operation operation,
                                   uint32_t gate, char secret);
enum gate_status world_execute(struct world *world, struct store_request *request);
void world_free(struct store_request *request); // the answer

enum gate_status world_lease(struct world *world, uint32_t gate, char secret);

// Packets number `first` and on, one for each letter of `receivers`: the gate as a digit. A
// packet's line is its number.
struct store_request world_upload(struct world *world, uint32_t gate, char secret, uint64_t first,
                                  const char *receivers);

// Takes all that comes in one answer and compares it.
void world_assert_taken(struct world *world, uint32_t gate, char secret, uint64_t acknowledged,
                        const char *lines);

#endif
