// Bytes from outside as text for people and for JSON. Whatever a device sends, or a library says,
// can be printed on a terminal, stays on one line and shows what is there. What is *unfit* for
// that:
//  - what is not UTF-8;
//  - characters that control (Unicode's Cc: C0, DEL, C1), that begin lines or paragraphs (Zl, Zp),
//    that format or change direction without being seen (Cf: U+202E, U+2066, U+200B, U+FEFF,
//    tags), and those that are never seen (fillers). Variation selectors, which choose an emoji's
//    look, are fit.
// Unfit bytes appear as \n, \t or \xHH, and as \uXXXX in JSON, where they keep their meaning.
#ifndef SHELL_PRINTABLE_H
#define SHELL_PRINTABLE_H

#include "base/buffer.h"

// Bytes from outside: a backslash becomes \\, so that it is known what was there.
void printable_append(struct buffer *out, struct bytes bytes);

// The last door of a text that was put together, with parts that may have come through
// printable_append: backslashes stay. A message is one line; a page may have several, and tabs.
void printable_append_message(struct buffer *out, struct bytes text);
void printable_append_page(struct buffer *out, struct bytes text);

// The last door of a JSON text, which is UTF-8.
void printable_append_json(struct buffer *out, struct bytes json);

// As printf, onto the buffer.
void printable_format(struct buffer *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// What a noun of so many has at its end: "%u rule%s".
static inline const char *printable_plural(uint64_t count) {
    return count == 1 ? "" : "s";
}

// A message on standard error, as fprintf prints it, through the door of messages. It ends with an
// LF.
void printable_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
// That the program's standard output takes nothing, by this errno. Not a word if it is 0, or if its
// reader has gone: whoever ends a pipe knows that.
void printable_complain_of_output(const char *program, int error);

#endif
