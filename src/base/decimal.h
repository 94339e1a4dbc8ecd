// Whole numbers as decimal text, as in packets. Inline: the line codec uses it for every packet.
#ifndef BASE_DECIMAL_H
#define BASE_DECIMAL_H

#include "base/bytes.h"

#define DECIMAL_DIGITS_MAX 20

// How many digits the number has.
static inline unsigned decimal_size(uint64_t number) {
    static const uint64_t powers[DECIMAL_DIGITS_MAX] = {
        0,    1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,
        1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19}; // 0 has a digit too
    unsigned bits = 64 - (unsigned)__builtin_clzll(number | 1);
    unsigned digits = bits * 1233 >> 12; // bits * log10(2): the digits, or one less
    return digits + (number >= powers[digits]);
}

// Writes the number at `out`, which has room for its digits; returns its end.
static inline uint8_t *decimal_write(uint8_t *out, uint64_t number) {
    static const char pairs[] = "00010203040506070809101112131415161718192021222324"
                                "25262728293031323334353637383940414243444546474849"
                                "50515253545556575859606162636465666768697071727374"
                                "75767778798081828384858687888990919293949596979899";
    uint8_t *end = out + decimal_size(number);
    uint8_t *first = end;
    while (number >= 100) {
        first -= 2;
        memcpy(first, pairs + 2 * (number % 100), 2);
        number /= 100;
    }
    if (number >= 10) {
        memcpy(out, pairs + 2 * number, 2);
    } else {
        *out = (uint8_t)('0' + number);
    }
    return end;
}

// True if all of `text` is 1 to 20 decimal digits that make a number up to `max`, put in *number.
static inline bool decimal_read(struct bytes text, uint64_t max, uint64_t *number) {
    if (text.size == 0 || text.size > DECIMAL_DIGITS_MAX) {
        return false;
    }
    uint64_t value = 0;
    for (size_t i = 0; i < text.size; i++) {
        unsigned digit = (unsigned)text.data[i] - '0';
        if (digit > 9 || value > (UINT64_MAX - digit) / 10) {
            return false;
        }
        value = value * 10 + digit;
    }
    *number = value;
    return value <= max;
}

#endif
