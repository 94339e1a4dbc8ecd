// What the page was shown, item by item, kept in a file without a name, so that a page that comes
// late, is slow, or goes back in time reads it again, at no cost in memory. An item is a line of
// JSON; items are counted from 0.
//
// Limits: `keep_bytes` of the file. What is older than that is given back to the file system, in
// blocks; the first item that is still there is web_spool_first. An item is at most WEB_ITEM_MAX
// bytes; of a longer one its head is kept (web_spool_append).
//
// Threads: one appends, any number read. Memory: 8 bytes for every WEB_SPOOL_STRIDE items.
#ifndef WEB_WEB_SPOOL_H
#define WEB_WEB_SPOOL_H

#include "base/buffer.h"

#define WEB_ITEM_MAX (2u << 20)
#define WEB_SPOOL_STRIDE 64

struct web_spool;

// The next item to be read, and where it stands; all zero at the start, and set by web_spool_seek.
struct web_cursor {
    uint64_t item;
    uint64_t offset;
};

// In `folder`. NULL with errno set.
struct web_spool *web_spool_open(const char *folder, uint64_t keep_bytes);
void web_spool_close(struct web_spool *spool);

// Appends whole lines, each an item. A line that is too long becomes one that ends behind its
// member "bytes" and says so in "words". False with errno set if the disk takes no more: nothing of
// `lines` is kept then.
__attribute__((warn_unused_result)) bool web_spool_append(struct web_spool *spool,
                                                          struct bytes lines);

// The oldest item that is there, and the number that the next one will get.
uint64_t web_spool_first(struct web_spool *spool);
uint64_t web_spool_next(struct web_spool *spool);

// Where the item stands, or, where it is there no more or not yet, the first or the next one.
struct web_cursor web_spool_seek(struct web_spool *spool, uint64_t item);

// Appends lines from the cursor on to `out`, as many as fit into `most_bytes` but one at least, and
// at most `most_items`; moves the cursor behind them. Returns how many; 0: there are none, or they
// were given back meanwhile (then the cursor lies below web_spool_first).
uint32_t web_spool_read(struct web_spool *spool, struct web_cursor *cursor, size_t most_bytes,
                        uint32_t most_items, struct buffer *out);

#endif
