#include "role/broker/delivery/door_output.h"

#include "base/assert.h"

#define SMALL_KEPT 4096 // free chunks in the pool, at most
#define LARGE_KEPT 512

void door_pool_init(struct door_pool *pool, struct memory *memory) {
    *pool = (struct door_pool){.memory = memory};
}

static void free_chunk(struct door_pool *pool, struct door_chunk *chunk) {
    memory_free(pool->memory, chunk, sizeof *chunk + chunk->capacity);
}

static void free_list(struct door_pool *pool, struct door_chunk *chunk) {
    while (chunk != NULL) {
        struct door_chunk *next = chunk->next;
        free_chunk(pool, chunk);
        chunk = next;
    }
}

void door_pool_give_back(struct door_pool *pool) {
    free_list(pool, pool->small);
    free_list(pool, pool->large);
    pool->small = pool->large = NULL;
    pool->small_count = pool->large_count = 0;
}

void door_pool_deinit(struct door_pool *pool) {
    door_pool_give_back(pool);
    door_pool_init(pool, pool->memory);
}

static struct door_chunk *take_free(struct door_chunk **list, uint32_t *count) {
    struct door_chunk *chunk = *list;
    if (chunk != NULL) {
        *list = chunk->next;
        (*count)--;
    }
    return chunk;
}

static struct door_chunk *take_chunk(struct door_pool *pool, size_t capacity) {
    struct door_chunk *chunk = NULL;
    if (capacity == DOOR_CHUNK_SMALL) {
        chunk = take_free(&pool->small, &pool->small_count);
    } else if (capacity == DOOR_CHUNK_LARGE) {
        chunk = take_free(&pool->large, &pool->large_count);
    }
    if (chunk == NULL) {
        chunk = memory_resize(pool->memory, NULL, 0, sizeof *chunk + capacity);
        chunk->capacity = (uint32_t)capacity;
    }
    chunk->next = NULL;
    chunk->message = NULL;
    chunk->data = chunk->bytes;
    chunk->begin = chunk->end = 0;
    return chunk;
}

static void give_back(struct door_pool *pool, struct door_chunk *chunk) {
    if (chunk->message != NULL) {
        door_message_unref(pool->memory, chunk->message);
    }
    bool is_kept = memory_has_room(pool->memory, MEMORY_KEPT, 0);
    if (is_kept && chunk->capacity == DOOR_CHUNK_SMALL && pool->small_count < SMALL_KEPT) {
        chunk->next = pool->small;
        pool->small = chunk;
        pool->small_count++;
    } else if (is_kept && chunk->capacity == DOOR_CHUNK_LARGE && pool->large_count < LARGE_KEPT) {
        chunk->next = pool->large;
        pool->large = chunk;
        pool->large_count++;
    } else {
        free_chunk(pool, chunk);
    }
}

static void link_chunk(struct door_output *output, struct door_chunk *chunk) {
    if (output->last == NULL) {
        output->first = chunk;
    } else {
        output->last->next = chunk;
    }
    output->last = chunk;
}

static size_t capacity_for(const struct door_output *output, size_t size) {
    if (size > DOOR_CHUNK_LARGE) {
        return size;
    }
    return output->first == NULL && size <= DOOR_CHUNK_SMALL ? DOOR_CHUNK_SMALL : DOOR_CHUNK_LARGE;
}

struct door_chunk *door_output_lengthen(struct door_output *output, struct door_pool *pool,
                                        size_t size) {
    struct door_chunk *chunk = take_chunk(pool, capacity_for(output, size));
    link_chunk(output, chunk);
    return chunk;
}

void door_output_refer(struct door_output *output, struct door_pool *pool,
                       struct door_message *message) {
    struct door_chunk *chunk = take_chunk(pool, 0);
    struct bytes payload = door_message_texts(message).payload;
    message->references++;
    chunk->message = message;
    chunk->data = payload.data;
    chunk->end = (uint32_t)payload.size;
    link_chunk(output, chunk);
    output->bytes += payload.size;
    pool->bytes += payload.size;
}

unsigned door_output_runs(const struct door_output *output, struct bytes *runs, unsigned most) {
    unsigned count = 0;
    const struct door_chunk *chunk = output->first;
    for (; chunk != NULL && count < most; chunk = chunk->next) {
        if (chunk->end > chunk->begin) {
            runs[count++] = bytes_make(chunk->data + chunk->begin, chunk->end - chunk->begin);
        }
    }
    return count;
}

void door_output_consume(struct door_output *output, struct door_pool *pool, size_t count) {
    ASSERT(count <= output->bytes);
    output->bytes -= count;
    pool->bytes -= count;
    while (output->first != NULL) {
        struct door_chunk *chunk = output->first;
        size_t size = chunk->end - chunk->begin;
        if (size > count) {
            chunk->begin += (uint32_t)count;
            return;
        }
        count -= size;
        output->first = chunk->next;
        give_back(pool, chunk);
    }
    output->last = NULL;
}

void door_output_clear(struct door_output *output, struct door_pool *pool) {
    door_output_consume(output, pool, output->bytes);
}

void door_output_check(const struct door_output *output) {
    uint64_t bytes = 0;
    ASSERT((output->first == NULL) == (output->last == NULL));
    for (const struct door_chunk *chunk = output->first; chunk != NULL; chunk = chunk->next) {
        ASSERT(chunk->begin <= chunk->end);
        ASSERT(chunk->message != NULL || chunk->end <= chunk->capacity);
        ASSERT(chunk->next != NULL || chunk == output->last);
        bytes += chunk->end - chunk->begin;
    }
    ASSERT(bytes == output->bytes);
}
