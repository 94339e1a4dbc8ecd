// Bytes from outside as text for people. Whatever a device sends can be printed on a terminal and
// stays on one line: control characters, backslashes and bytes that are not UTF-8 appear as \n, \t,
// \\ or \xHH.
#ifndef SESSION_PRINTABLE_H
#define SESSION_PRINTABLE_H

#include "base/buffer.h"

void printable_append(struct buffer *out, struct bytes bytes);

// As printf, onto the buffer.
void printable_format(struct buffer *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
