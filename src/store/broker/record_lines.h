// Records of a broker's journal as lines of JSON, to be read by people and other programs, and back
// again:
//
//   {"record": "subscribed", "session": 3, "options": 1, "identifier": 0, "group": 0,
//    "filter": "room/+/temp"}
//
// Numbers and texts have the names that role/broker/session/door_record.h gives them. "Never"
// (UINT64_MAX) is null. A text that is not UTF-8, or holds U+0000, is an object {"base64": "..."}.
#ifndef STORE_BROKER_RECORD_LINES_H
#define STORE_BROKER_RECORD_LINES_H

#include "base/buffer.h"
#include "role/journal.h"

// Appends the line, with its LF.
void record_lines_append(struct buffer *to, const struct journal_record *record);

// A record that was read: its texts are in `texts`. To be freed, if it was read.
struct record_line {
    struct journal_record record;
    struct buffer texts;
};

#define RECORD_LINES_WHY 200

// False: the line is none, and `why` says so. `line` has no LF.
__attribute__((warn_unused_result)) bool record_lines_read(struct record_line *read,
                                                           struct memory *memory, struct bytes line,
                                                           char why[static RECORD_LINES_WHY]);
void record_lines_free(struct record_line *read);

#endif
