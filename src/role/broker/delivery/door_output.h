// What is to be sent to one peer of the MQTT door: a list of chunks, written at its end and sent
// from its front.
//
// A chunk never moves and is never written over before it is sent, so what door_output_runs hands
// out stays as it is while more is appended behind it. Chunks come from a pool that many outputs
// share; an output with nothing in it holds none. A large payload is not copied: a chunk refers to
// its message.
#ifndef ROLE_BROKER_DELIVERY_DOOR_OUTPUT_H
#define ROLE_BROKER_DELIVERY_DOOR_OUTPUT_H

#include "role/broker/delivery/door_message.h"

#define DOOR_CHUNK_SMALL 1024
#define DOOR_CHUNK_LARGE 16384

// Bytes in a row: its own, or the payload of a message that it refers to.
struct door_chunk {
    struct door_chunk *next;
    struct door_message *message; // whose payload this is, or NULL
    const uint8_t *data;
    uint32_t begin;
    uint32_t end;
    uint32_t capacity;
    uint8_t bytes[];
};

// Keeps some chunks that are free.
struct door_pool {
    struct memory *memory;
    struct door_chunk *small;
    struct door_chunk *large;
    uint32_t small_count;
    uint32_t large_count;
    uint64_t bytes; // in all outputs
};

struct door_output {
    struct door_chunk *first;
    struct door_chunk *last;
    uint64_t bytes;
};

void door_pool_init(struct door_pool *pool, struct memory *memory);
void door_pool_deinit(struct door_pool *pool);
// Frees the chunks that are free.
void door_pool_give_back(struct door_pool *pool);

// A new chunk at the end, with room for so many bytes.
struct door_chunk *door_output_lengthen(struct door_output *output, struct door_pool *pool,
                                        size_t size);
// Room for `size` bytes at the end, which the caller fills: they are part of the output at once.
static inline uint8_t *door_output_append(struct door_output *output, struct door_pool *pool,
                                          size_t size) {
    struct door_chunk *last = output->last;
    if (last == NULL || last->message != NULL || last->capacity - last->end < size) {
        last = door_output_lengthen(output, pool, size);
    }
    uint8_t *place = last->bytes + last->end;
    last->end += (uint32_t)size;
    output->bytes += size;
    pool->bytes += size;
    return place;
}
// The message's payload, by reference.
void door_output_refer(struct door_output *output, struct door_pool *pool,
                       struct door_message *message);

unsigned door_output_runs(const struct door_output *output, struct bytes *runs, unsigned most);
// Forgets the first `count` bytes.
void door_output_consume(struct door_output *output, struct door_pool *pool, size_t count);
void door_output_clear(struct door_output *output, struct door_pool *pool);

// Walks what has to hold; so do all that end with _check. For tests and simulators, after an event.
void door_output_check(const struct door_output *output);

#endif
