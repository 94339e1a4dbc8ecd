#include "medium/file/line_block.h"

#include <errno.h>
#include <unistd.h>

size_t line_block_fill(struct line_block *block, const struct line_cursor *cursor) {
    ssize_t count;
    do {
        count = pread(cursor->fd, block->data, LINE_BLOCK_BYTES, (off_t)cursor->offset);
    } while (count < 0 && errno == EINTR);
    block->at = 0;
    block->end = count > 0 ? (size_t)count : 0;
    return block->end;
}

// What follows the last LF of the block: left to be read again, unless it is too long already.
static bool take_rest(struct line_block *block, struct line_cursor *cursor, struct bytes *line) {
    size_t rest = block->end - block->at;
    bool too_long = rest >= LINE_CUT && !cursor->skipping;
    *line = bytes_make(block->data + block->at, LINE_CUT);
    if (too_long || cursor->skipping) {
        cursor->skipping = true;
        cursor->offset += rest;
    }
    block->at = block->end;
    return too_long;
}

bool line_block_next(struct line_block *block, struct line_cursor *cursor, struct bytes *line) {
    while (block->at < block->end) {
        const uint8_t *start = block->data + block->at;
        const uint8_t *lf = memchr(start, '\n', block->end - block->at);
        if (lf == NULL) {
            return take_rest(block, cursor, line);
        }
        size_t size = (size_t)(lf - start);
        block->at += size + 1;
        cursor->offset += size + 1;
        bool deliver = size > 0 && !cursor->skipping;
        cursor->skipping = false;
        if (deliver) {
            *line = bytes_make(start, size < LINE_CUT ? size : LINE_CUT);
            return true;
        }
    }
    return false;
}
