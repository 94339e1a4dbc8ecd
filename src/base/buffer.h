// A growing run of bytes.
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include "base/bytes.h"
#include "base/memory.h"

// All zero but `memory` is an empty buffer. The bytes belong to the buffer; a pointer into them is
// valid until the next append or deinit.
struct buffer {
    struct memory *memory;
    uint8_t *data;
    size_t size;
    size_t capacity;
};

void buffer_init(struct buffer *buffer, struct memory *memory);
void buffer_deinit(struct buffer *buffer);

// Makes room for `more` bytes behind the present ones and returns where they begin. The caller
// writes up to that many and adds what it wrote to buffer->size.
uint8_t *buffer_reserve(struct buffer *buffer, size_t more);

void buffer_append(struct buffer *buffer, struct bytes bytes);
void buffer_append_text(struct buffer *buffer, const char *text);
void buffer_append_byte(struct buffer *buffer, uint8_t byte);
void buffer_append_decimal(struct buffer *buffer, uint64_t number);

// Forgets the first `count` bytes, moving the rest to the front.
void buffer_consume(struct buffer *buffer, size_t count);

static inline struct bytes buffer_bytes(const struct buffer *buffer) {
    return (struct bytes){buffer->data, buffer->size};
}

#endif
