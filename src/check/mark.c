#include "check/mark.h"

#include "base/assert.h"
#include "base/hash.h"

#define CHECK_SEED UINT64_C(0x6d61726b)
#define CHECK_BITS 20

const uint8_t mark_digits[64] = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
    'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', 'P', 'Q', 'R', 'S', 'T', 'U', 'V',
    'W', 'X', 'Y', 'Z', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l',
    'm', 'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', '.', '_',
};

const int8_t mark_digit_values[256] = {
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 62, -1,
    0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  -1, -1, -1, -1, -1, -1, -1, 10, 11, 12, 13, 14, 15, 16,
    17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, -1, -1, -1, -1, 63,
    -1, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58,
    59, 60, 61, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
};

static uint32_t check_of(struct bytes value, struct mark mark) {
    uint64_t id = (uint64_t)mark.stream << 32 | mark.number;
    return (uint32_t)(hash_bytes(value, hash_number(id, CHECK_SEED)) >> (64 - CHECK_BITS));
}

static uint8_t *digits_write(uint8_t *out, uint64_t bits, unsigned count) {
    for (unsigned i = count; i > 0; i--, bits >>= 6) {
        out[i - 1] = mark_digits[bits & 63];
    }
    return out + count;
}

// The first half is the stream and the upper half of the check, the second one number and lower.
uint8_t *mark_write(uint8_t *out, struct bytes value, struct mark mark) {
    ASSERT(mark.stream < MARK_STREAMS && mark.number < MARK_NUMBERS);
    uint64_t check = check_of(value, mark);
    out = digits_write(out, (uint64_t)mark.stream << 10 | check >> 10, 6);
    return digits_write(out, (uint64_t)mark.number << 10 | (check & 1023), 6);
}

bool mark_read(struct bytes payload, struct mark *mark) {
    if (payload.size < MARK_BYTES) {
        return false;
    }
    struct bytes value = bytes_make(payload.data, payload.size - MARK_BYTES);
    const uint8_t *at = payload.data + value.size;
    uint64_t first = mark_digits_read(at, 6);
    uint64_t second = mark_digits_read(at + 6, 6);
    if ((first | second) >> 36 != 0) {
        return false; // a digit is none
    }
    mark->stream = (uint32_t)(first >> 10);
    mark->number = (uint32_t)(second >> 10);
    uint32_t check = (uint32_t)((first & 1023) << 10 | (second & 1023));
    return check == check_of(value, *mark);
}
