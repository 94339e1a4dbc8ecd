// A borrowed run of bytes. It owns nothing: whoever hands one out says until when it is valid.
//
// Text from outside is always carried like this, never as a C string, so a NUL byte in a packet is
// a byte like any other.
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bytes {
    const uint8_t *data; // may be NULL when size is 0
    size_t size;
};

#define BYTES_LITERAL(text)                       \
    (struct bytes) {                              \
        (const uint8_t *)(text), sizeof(text) - 1 \
    }

// For text of our own (options, file names): never for what came over a network.
static inline struct bytes bytes_of_text(const char *text) {
    return (struct bytes){(const uint8_t *)text, strlen(text)};
}

static inline struct bytes bytes_make(const void *data, size_t size) {
    return (struct bytes){(const uint8_t *)data, size};
}

static inline bool bytes_equal(struct bytes a, struct bytes b) {
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

// The order of a dictionary: byte by byte, the shorter first. For stable listings.
static inline int bytes_compare(struct bytes a, struct bytes b) {
    size_t common = a.size < b.size ? a.size : b.size;
    int order = common == 0 ? 0 : memcmp(a.data, b.data, common);
    return order != 0 ? order : (a.size > b.size) - (a.size < b.size);
}

static inline bool bytes_starts_with(struct bytes text, struct bytes start) {
    return text.size >= start.size && bytes_equal(bytes_make(text.data, start.size), start);
}

#endif
