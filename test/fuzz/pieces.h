// What fuzz targets share whose input is a list of pieces.
#ifndef TEST_FUZZ_PIECES_H
#define TEST_FUZZ_PIECES_H

#include <string.h>

#include "base/bytes.h"

// Up to the mark, moving *rest behind it; all of it if there is none.
static inline struct bytes take_until(struct bytes *rest, uint8_t mark) {
    const uint8_t *end = rest->size == 0 ? NULL : memchr(rest->data, mark, rest->size);
    size_t size = end == NULL ? rest->size : (size_t)(end - rest->data);
    size_t skip = end == NULL ? size : size + 1;
    struct bytes taken = bytes_make(rest->data, size);
    *rest = bytes_make(rest->data + skip, rest->size - skip);
    return taken;
}

#endif
