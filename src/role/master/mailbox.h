// A mailbox: the packets that wait for one gate, as lines, oldest first. They are numbered 1, 2, 3
// … over the mailbox's life. They come at the back and go at the front, so the numbers of those
// that wait are always without a gap.
//
// Lines lie in blocks: what arrived together, immutable and counted by references, since a
// broadcast lies in all mailboxes. A mailbox is a ring of pointers to blocks; while it is empty it
// allocates nothing. A block that is gone in part is kept until its last line is gone.
#ifndef ROLE_MASTER_MAILBOX_H
#define ROLE_MASTER_MAILBOX_H

#include "base/buffer.h"

struct mailbox_block {
    uint64_t id; // given out by the pool, never twice
    uint32_t references;
    uint32_t lines;
    uint32_t size;
    uint8_t data[]; // whole lines, each with its LF
};

// What all mailboxes of a master share.
struct mailbox_pool {
    struct memory *memory;
    uint64_t next_id;
    // Called before a block is freed; may be NULL.
    void (*freed)(void *context, const struct mailbox_block *block);
    void *context;
};

// A block with room for `size` bytes, to be filled in by the caller, who holds one reference.
struct mailbox_block *mailbox_block_create(struct mailbox_pool *pool, uint32_t size);
void mailbox_block_unref(struct mailbox_pool *pool, struct mailbox_block *block);

// All zero but `first`, which is 1, is an empty mailbox. Read it, leave the changes to the
// functions.
struct mailbox {
    struct mailbox_block **blocks; // a ring
    uint32_t capacity;             // 0 or a power of two
    uint32_t head;
    uint32_t count;
    uint32_t gone_bytes; // of the front block
    uint32_t gone_lines;
    uint64_t first; // number of the oldest packet, or of the next to come if there is none
    uint64_t lines;
    uint64_t bytes;
};

void mailbox_init(struct mailbox *mailbox);
void mailbox_deinit(struct mailbox *mailbox, struct mailbox_pool *pool);

// Number of the packet that came last, 0 before the first.
static inline uint64_t mailbox_last(const struct mailbox *mailbox) {
    return mailbox->first + mailbox->lines - 1;
}

// Number of the first line of the front block, gone or not: what lies in blocks before it is gone.
static inline uint64_t mailbox_front(const struct mailbox *mailbox) {
    return mailbox->first - mailbox->gone_lines;
}

// The block at a place below `count`, from the front on.
struct mailbox_block *mailbox_block_at(const struct mailbox *mailbox, uint32_t place);

// Adds the block's lines, and a reference.
void mailbox_push(struct mailbox *mailbox, struct mailbox_pool *pool, struct mailbox_block *block);

// Removes the fewest oldest packets that are at least `lines` and have at least `bytes`, or all.
// Returns how many.
uint64_t mailbox_remove(struct mailbox *mailbox, struct mailbox_pool *pool, uint64_t lines,
                        uint64_t bytes);

// How many that would be.
uint64_t mailbox_lines_of(const struct mailbox *mailbox, uint64_t lines, uint64_t bytes);

// Appends the oldest packets, as many as are in `bytes_max` but at least one if there is any, and
// returns how many.
uint64_t mailbox_read(const struct mailbox *mailbox, uint64_t bytes_max, struct buffer *out);

// So many of the oldest packets, behind some that are left out.
struct mailbox_span {
    uint64_t skipped;
    uint64_t lines;
};
typedef void mailbox_visitor(void *context, struct bytes line);
void mailbox_visit(const struct mailbox *mailbox, struct mailbox_span span, void *context,
                   mailbox_visitor *visit);

// Asserts what has to hold between any two calls.
void mailbox_check(const struct mailbox *mailbox);

#endif
