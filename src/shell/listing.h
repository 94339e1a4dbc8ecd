// What `list` shows: sections of rows of fields, written once by a program and printed either as
// aligned tables for people or as one JSON object for programs. A section has at most
// LISTING_ROWS_MAX rows, for nobody else is served meanwhile.
#ifndef SHELL_LISTING_H
#define SHELL_LISTING_H

#include "base/buffer.h"

#include <jansson.h>

#define LISTING_HEADING_SIZE 64
#define LISTING_COLUMNS_MAX 8
#define LISTING_ROWS_MAX 10000 // of a section; how many more there are is told

// What was written of the tables, and the section at hand, as text (cells) or as JSON (section,
// row).
struct listing {
    bool json;
    size_t width;        // columns that a line may take; longer ones are folded; 0: any
    struct buffer text;  // what is done of the tables
    struct buffer cells; // of the section at hand: each ended by a NUL
    const char *title;   // of the section at hand; NULL: none
    const char *columns[LISTING_COLUMNS_MAX];
    unsigned column_count;
    unsigned column;                    // the next field's
    uint32_t rows;                      // those left out too
    bool single;                        // the number of rows is not shown
    char heading[LISTING_HEADING_SIZE]; // in place of the title; empty: none
    json_t *object;
    json_t *section;
    json_t *row;
};

void listing_init(struct listing *listing, struct memory *memory, bool json);
void listing_deinit(struct listing *listing);

// Begins a section with the given columns, whose names end with a NULL. Borrowed.
void listing_section(struct listing *listing, const char *title, const char *const *columns);
// The same for a section whose number of rows nobody wants to know.
void listing_single(struct listing *listing, const char *title, const char *const *columns);
// What people read in place of the title of a section that was begun: "10 packets passed".
void listing_heading(struct listing *listing, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
// The fields of a row, in the order of the columns; a row begins by itself after the last one.
void listing_number(struct listing *listing, uint64_t number);
void listing_text(struct listing *listing, struct bytes text);
// A moment of UnixTime; 0: never.
void listing_time(struct listing *listing, uint64_t unix_time);

// So many rows more belong to the section, and are not given.
void listing_leave_out(struct listing *listing, uint32_t rows);

// Ends the last section. The result is valid until deinit: lines without the final LF.
struct bytes listing_end(struct listing *listing);

// Sets a member of a JSON object to bytes from outside: as a string if they are UTF-8, else under
// `key`_base64.
void listing_set_bytes(json_t *object, const char *key, struct bytes bytes);
// Appends the object as a line, and frees it.
void listing_append_object(json_t *object, struct buffer *out);

#endif
