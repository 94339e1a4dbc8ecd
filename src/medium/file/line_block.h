// Takes a file apart into lines, a large block at a time. A line that is not complete yet is not
// kept: it is read again, from its start, once there is more. So nothing goes stale when a writer
// blanks out what it could not write whole.
#ifndef MEDIUM_FILE_LINE_BLOCK_H
#define MEDIUM_FILE_LINE_BLOCK_H

#include "base/bytes.h"
#include "packet/packet.h"

#define LINE_BLOCK_BYTES (256u * 1024)
#define LINE_CUT (PACKET_LINE_MAX + 1) // what is delivered of a longer line

// A place in a file: the start of a line, or, while `skipping`, in the middle of one that was
// already delivered.
struct line_cursor {
    int fd; // -1: none
    bool skipping;
    uint64_t offset;
};

struct line_block {
    uint8_t *data; // LINE_BLOCK_BYTES
    size_t at;
    size_t end;
};

// Reads from the cursor on and returns how many bytes there were.
size_t line_block_fill(struct line_block *block, const struct line_cursor *cursor);

// The next line of the block, without LF, moving the cursor behind it. It is valid until the next
// fill. False: the block holds no further complete line.
bool line_block_next(struct line_block *block, struct line_cursor *cursor, struct bytes *line);

#endif
