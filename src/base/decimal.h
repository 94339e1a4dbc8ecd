// Whole numbers as decimal text, as they stand in packets. Inline: the line codec lives on it.
#ifndef BASE_DECIMAL_H
#define BASE_DECIMAL_H

#include "base/bytes.h"

#define DECIMAL_DIGITS_MAX 20

// Writes the number at `out`, which has room for DECIMAL_DIGITS_MAX bytes; returns its end.
static inline uint8_t *decimal_write(uint8_t *out, uint64_t number) {
    static const char pairs[] = "00010203040506070809101112131415161718192021222324"
                                "25262728293031323334353637383940414243444546474849"
                                "50515253545556575859606162636465666768697071727374"
                                "75767778798081828384858687888990919293949596979899";
    uint8_t digits[DECIMAL_DIGITS_MAX];
    uint8_t *first = digits + DECIMAL_DIGITS_MAX;
    while (number >= 100) {
        first -= 2;
        memcpy(first, pairs + 2 * (number % 100), 2);
        number /= 100;
    }
    if (number >= 10) {
        first -= 2;
        memcpy(first, pairs + 2 * number, 2);
    } else {
        *--first = (uint8_t)('0' + number);
    }
    size_t count = (size_t)(digits + DECIMAL_DIGITS_MAX - first);
    memcpy(out, first, count);
    return out + count;
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
