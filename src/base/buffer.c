#include "base/buffer.h"

#include "base/assert.h"
#include "base/decimal.h"

void buffer_init(struct buffer *buffer, struct memory *memory) {
    *buffer = (struct buffer){.memory = memory};
}

void buffer_deinit(struct buffer *buffer) {
    memory_free(buffer->memory, buffer->data, buffer->capacity);
    buffer->data = NULL;
    buffer->size = buffer->capacity = 0;
}

uint8_t *buffer_reserve(struct buffer *buffer, size_t more) {
    size_t needed = buffer->size + more;
    if (needed > buffer->capacity) {
        size_t grown = buffer->capacity * 2 > needed ? buffer->capacity * 2 : needed;
        buffer->data = memory_resize(buffer->memory, buffer->data, buffer->capacity, grown);
        buffer->capacity = grown;
    }
    return buffer->data + buffer->size;
}

void buffer_append(struct buffer *buffer, struct bytes bytes) {
    if (bytes.size > 0) {
        memcpy(buffer_reserve(buffer, bytes.size), bytes.data, bytes.size);
        buffer->size += bytes.size;
    }
}

void buffer_append_text(struct buffer *buffer, const char *text) {
    buffer_append(buffer, bytes_of_text(text));
}

void buffer_append_byte(struct buffer *buffer, uint8_t byte) {
    *buffer_reserve(buffer, 1) = byte;
    buffer->size++;
}

void buffer_append_decimal(struct buffer *buffer, uint64_t number) {
    uint8_t *start = buffer_reserve(buffer, DECIMAL_DIGITS_MAX);
    buffer->size += (size_t)(decimal_write(start, number) - start);
}

void buffer_consume(struct buffer *buffer, size_t count) {
    ASSERT(count <= buffer->size);
    buffer->size -= count;
    if (buffer->size > 0 && count > 0) {
        memmove(buffer->data, buffer->data + count, buffer->size);
    }
}
