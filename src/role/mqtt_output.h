// What is to be sent to one peer of the MQTT door: a list of chunks, written at its end and sent
// from its front.
//
// A chunk never moves and is never written over before it is sent, so what mqtt_output_runs hands
// out stays as it is while more is appended behind it. Chunks come from a pool that many outputs
// share; an output with nothing in it holds none. A large payload is not copied: a chunk refers to
// its message.
#ifndef ROLE_MQTT_OUTPUT_H
#define ROLE_MQTT_OUTPUT_H

#include "role/mqtt_message.h"

#define MQTT_CHUNK_SMALL 1024
#define MQTT_CHUNK_LARGE 16384

struct mqtt_chunk;

// Keeps some chunks that are free.
struct mqtt_pool {
    struct memory *memory;
    struct mqtt_chunk *small;
    struct mqtt_chunk *large;
    uint32_t small_count;
    uint32_t large_count;
    uint64_t bytes; // in all outputs
};

struct mqtt_output {
    struct mqtt_chunk *first;
    struct mqtt_chunk *last;
    uint64_t bytes;
};

void mqtt_pool_init(struct mqtt_pool *pool, struct memory *memory);
void mqtt_pool_deinit(struct mqtt_pool *pool);
// Frees the chunks that are free.
void mqtt_pool_give_back(struct mqtt_pool *pool);

// Room for `size` bytes at the end, which the caller fills: they are part of the output at once.
uint8_t *mqtt_output_append(struct mqtt_output *output, struct mqtt_pool *pool, size_t size);
// The message's payload, by reference.
void mqtt_output_refer(struct mqtt_output *output, struct mqtt_pool *pool,
                       struct mqtt_message *message);

unsigned mqtt_output_runs(const struct mqtt_output *output, struct bytes *runs, unsigned most);
// Forgets the first `count` bytes.
void mqtt_output_consume(struct mqtt_output *output, struct mqtt_pool *pool, size_t count);
void mqtt_output_clear(struct mqtt_output *output, struct mqtt_pool *pool);

#endif
