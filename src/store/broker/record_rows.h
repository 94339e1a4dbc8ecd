// Records of a journal (role/journal.h) as bytes: one behind the other, as the rows of a broker's
// store hold them.
//
// A record is its kind, its numbers and its texts, as many as its row of the role's table says. A
// number is written in groups of seven bits, the low ones first, each but the last with its high
// bit set; it is written as one more than it is, so that UINT64_MAX, which stands for "never", is
// the shortest. A text is its size, written so, and its bytes. There is no padding and no version:
// that is the business of who keeps the bytes. Kinds keep their numbers for ever, and rows grow at
// no end: whoever changes either changes the schema's version (store/broker/broker_store.h).
#ifndef STORE_BROKER_RECORD_ROWS_H
#define STORE_BROKER_RECORD_ROWS_H

#include "base/buffer.h"
#include "role/journal.h"

#define RECORD_ROWS_KINDS_MAX 128

// The table of a role, with `count` rows, at most RECORD_ROWS_KINDS_MAX.
struct record_rows {
    const struct journal_kind *kinds;
    unsigned count;
};

// Appends the record, whose kind is one of the table.
void record_rows_append(struct record_rows rows, struct buffer *to,
                        const struct journal_record *record);

enum record_rows_found {
    RECORD_ROWS_RECORD,
    RECORD_ROWS_END,
    RECORD_ROWS_WRONG, // not what record_rows_append writes
};

// Takes the first record off `*bytes`. Its texts lie in the bytes.
enum record_rows_found record_rows_next(struct record_rows rows, struct bytes *bytes,
                                        struct journal_record *record);

#endif
