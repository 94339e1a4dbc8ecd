// The mark that a simulated payload carries: which message it is, and a check over all its bytes.
//
// A payload is a value for people and, in its last MARK_BYTES bytes, the mark:
//
//     21.5 00G3xk000.7_     stream, number and check, in digits of 6 bits
//
// The characters are letters, digits, `.` and `_`: an element of a line carries them as they are,
// in the plain form (docs/protocol.md), and so do JSON and a terminal. The check covers stream,
// number and the value, so a change of any byte, or a mark that stands behind another value, is
// found but for one in 2^20.
//
// Limits: MARK_STREAMS streams; numbers from 0 to MARK_NUMBERS - 1.
#ifndef CHECK_MARK_H
#define CHECK_MARK_H

#include "base/bytes.h"

#define MARK_BYTES 12u
#define MARK_STREAMS (UINT32_C(1) << 26)
#define MARK_NUMBERS (UINT32_C(1) << 26)

struct mark {
    uint32_t stream; // see check/verdict/verdict.h
    uint32_t number; // of the stream
};

// The digits by their value, and the value of each byte as a digit; -1: it is none.
extern const uint8_t mark_digits[64];
extern const int8_t mark_digit_values[256];

// Digits as one number, the first one highest, up to ten of them. One that is none sets all bits
// from its place up.
static inline uint64_t mark_digits_read(const uint8_t *at, unsigned count) {
    uint64_t bits = 0;
    for (unsigned i = 0; i < count; i++) {
        bits = bits << 6 | (uint64_t)mark_digit_values[at[i]];
    }
    return bits;
}

// Writes the mark behind the value: `out` has room for MARK_BYTES bytes, and follows the value's
// last one in the payload. Returns the end.
uint8_t *mark_write(uint8_t *out, struct bytes value, struct mark mark);

// Reads the mark at the payload's end. False: there is none, or payload or mark were altered.
bool mark_read(struct bytes payload, struct mark *mark);

#endif
