// Status codes of answers and of disconnections. They follow HTTP (RFC 9110, section 15).
#ifndef ROLE_LINE_STATUS_H
#define ROLE_LINE_STATUS_H

#include "base/bytes.h"

enum status_code {
    STATUS_NONE = 0, // no answer yet
    STATUS_OK = 200,
    STATUS_MALFORMED = 400,
    STATUS_UNAUTHORIZED = 401, // not connected, or bad credentials
    STATUS_FORBIDDEN = 403,    // not allowed: the other side demands another suite
    STATUS_TIMED_OUT = 408,
    STATUS_TAKEN = 409,
    STATUS_UNAVAILABLE = 503, // it leaves, or is too busy
    STATUS_FULL = 509,        // too many connections or subscriptions
};

#define STATUS_TEXT_SIZE 4

// A phrase for people; "unknown status" for any other number.
const char *status_text(unsigned status);

// As an element of a payload: three digits and a NUL. `status` is up to 999.
struct bytes status_write(unsigned status, char text[static STATUS_TEXT_SIZE]);

// The number that an element holds, or STATUS_NONE if it is not one from 100 to 999.
unsigned status_read(struct bytes element);

#endif
