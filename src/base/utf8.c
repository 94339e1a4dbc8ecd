#include "base/utf8.h"

static bool continues(struct bytes text, size_t at) {
    return at < text.size && (text.data[at] & 0xc0) == 0x80;
}

size_t utf8_sequence_size(struct bytes text) {
    if (text.size == 0) {
        return 0;
    }
    uint8_t first = text.data[0];
    if (first < 0x80) {
        return 1;
    }
    if (first < 0xc2 || first > 0xf4 || !continues(text, 1)) {
        return 0;
    }
    if (first < 0xe0) {
        return 2;
    }
    uint8_t second = text.data[1];
    bool overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
    bool surrogate = first == 0xed && second > 0x9f;
    bool beyond = first == 0xf4 && second > 0x8f;
    if (overlong || surrogate || beyond || !continues(text, 2)) {
        return 0;
    }
    if (first < 0xf0) {
        return 3;
    }
    return continues(text, 3) ? 4 : 0;
}

bool utf8_is_well_formed(struct bytes text) {
    size_t at = 0;
    while (at < text.size) {
        // Eight ASCII bytes at once: the common case by far.
        uint64_t word;
        if (at + 8 <= text.size) {
            memcpy(&word, text.data + at, 8);
            if ((word & 0x8080808080808080u) == 0) {
                at += 8;
                continue;
            }
        }
        size_t size = utf8_sequence_size(bytes_make(text.data + at, text.size - at));
        if (size == 0) {
            return false;
        }
        at += size;
    }
    return true;
}

bool utf8_is_valid(struct bytes text) {
    return utf8_is_well_formed(text) &&
           memchr(text.data == NULL ? (const uint8_t *)"x" : text.data, 0, text.size) == NULL;
}
