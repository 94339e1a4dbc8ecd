#include "role/master/mailbox.h"

#include "base/assert.h"

#define RING_FROM 4 // slots of the smallest ring

static size_t block_bytes(uint32_t size) {
    return sizeof(struct mailbox_block) + size;
}

struct mailbox_block *mailbox_block_create(struct mailbox_pool *pool, uint32_t size) {
    struct mailbox_block *block = memory_resize(pool->memory, NULL, 0, block_bytes(size));
    block->id = pool->next_id++;
    block->references = 1;
    block->lines = 0;
    block->size = size;
    return block;
}

void mailbox_block_unref(struct mailbox_pool *pool, struct mailbox_block *block) {
    ASSERT(block->references > 0);
    if (--block->references > 0) {
        return;
    }
    if (pool->freed != NULL) {
        pool->freed(pool->context, block);
    }
    memory_free(pool->memory, block, block_bytes(block->size));
}

void mailbox_init(struct mailbox *mailbox) {
    *mailbox = (struct mailbox){.first = 1};
}

// ---- the ring ---------------------------------------------------------------------------------

struct mailbox_block *mailbox_block_at(const struct mailbox *mailbox, uint32_t place) {
    return mailbox->blocks[(mailbox->head + place) & (mailbox->capacity - 1)];
}

static void set_capacity(struct mailbox *mailbox, struct mailbox_pool *pool, uint32_t capacity) {
    size_t slot = sizeof(struct mailbox_block *);
    struct mailbox_block **blocks = memory_resize(pool->memory, NULL, 0, capacity * slot);
    for (uint32_t i = 0; i < mailbox->count; i++) {
        blocks[i] = mailbox_block_at(mailbox, i);
    }
    memory_free(pool->memory, mailbox->blocks, mailbox->capacity * slot);
    mailbox->blocks = blocks;
    mailbox->capacity = capacity;
    mailbox->head = 0;
}

// A ring that was once long does not stay so; half of a short one's slots are not worth the moving.
static void shrink(struct mailbox *mailbox, struct mailbox_pool *pool) {
    if (mailbox->count == 0 && mailbox->capacity > 0) {
        set_capacity(mailbox, pool, 0);
    } else if (mailbox->capacity > RING_FROM * 16 && mailbox->count < mailbox->capacity / 8) {
        set_capacity(mailbox, pool, mailbox->capacity / 4);
    }
}

static void pop_block(struct mailbox *mailbox, struct mailbox_pool *pool) {
    mailbox_block_unref(pool, mailbox_block_at(mailbox, 0));
    mailbox->head = (mailbox->head + 1) & (mailbox->capacity - 1);
    mailbox->count--;
    mailbox->gone_bytes = mailbox->gone_lines = 0;
    shrink(mailbox, pool);
}

void mailbox_deinit(struct mailbox *mailbox, struct mailbox_pool *pool) {
    while (mailbox->count > 0) {
        pop_block(mailbox, pool);
    }
    mailbox_init(mailbox);
}

void mailbox_push(struct mailbox *mailbox, struct mailbox_pool *pool, struct mailbox_block *block) {
    ASSERT(block->lines > 0 && block->data[block->size - 1] == '\n');
    if (mailbox->count == mailbox->capacity) {
        set_capacity(mailbox, pool, mailbox->capacity == 0 ? RING_FROM : mailbox->capacity * 2);
    }
    mailbox->blocks[(mailbox->head + mailbox->count) & (mailbox->capacity - 1)] = block;
    mailbox->count++;
    mailbox->lines += block->lines;
    mailbox->bytes += block->size;
    block->references++;
}

// ---- lines of a block -------------------------------------------------------------------------

static struct bytes rest_of_front(const struct mailbox *mailbox) {
    const struct mailbox_block *block = mailbox_block_at(mailbox, 0);
    return bytes_make(block->data + mailbox->gone_bytes, block->size - mailbox->gone_bytes);
}

static size_t line_size(struct bytes lines, size_t at) {
    const uint8_t *end = memchr(lines.data + at, '\n', lines.size - at);
    ASSERT(end != NULL);
    return (size_t)(end - lines.data) + 1 - at;
}

struct run {
    uint64_t lines;
    uint64_t bytes;
};

// The fewest lines from the beginning of `text` that have at least this much.
static struct run run_of_at_least(struct bytes text, struct run wanted) {
    struct run run = {0, 0};
    while (run.bytes < text.size && (run.lines < wanted.lines || run.bytes < wanted.bytes)) {
        run.bytes += line_size(text, run.bytes);
        run.lines++;
    }
    return run;
}

// The most lines from the beginning of `text` that have at most this many bytes; one at least.
static struct run run_of_at_most(struct bytes text, uint64_t bytes_max) {
    struct run run = {1, line_size(text, 0)};
    while (run.bytes < text.size) {
        size_t size = line_size(text, run.bytes);
        if (run.bytes + size > bytes_max) {
            break;
        }
        run.bytes += size;
        run.lines++;
    }
    return run;
}

// ---- taking out -------------------------------------------------------------------------------

// What is to go of the front block: all of it without a look at its lines where that is certain.
static struct run run_to_remove(const struct mailbox *mailbox, struct run wanted) {
    struct bytes rest = rest_of_front(mailbox);
    uint64_t lines = mailbox_block_at(mailbox, 0)->lines - mailbox->gone_lines;
    bool is_all = wanted.lines >= lines || wanted.bytes >= rest.size;
    return is_all ? (struct run){lines, rest.size} : run_of_at_least(rest, wanted);
}

static uint64_t saturated(uint64_t from, uint64_t less) {
    return from > less ? from - less : 0;
}

uint64_t mailbox_remove(struct mailbox *mailbox, struct mailbox_pool *pool, uint64_t lines,
                        uint64_t bytes) {
    struct run wanted = {lines, bytes};
    uint64_t removed = 0;
    while (mailbox->count > 0 && (wanted.lines > 0 || wanted.bytes > 0)) {
        struct run run = run_to_remove(mailbox, wanted);
        wanted =
            (struct run){saturated(wanted.lines, run.lines), saturated(wanted.bytes, run.bytes)};
        mailbox->first += run.lines;
        mailbox->lines -= run.lines;
        mailbox->bytes -= run.bytes;
        mailbox->gone_lines += (uint32_t)run.lines;
        mailbox->gone_bytes += (uint32_t)run.bytes;
        removed += run.lines;
        if (mailbox->gone_bytes == mailbox_block_at(mailbox, 0)->size) {
            pop_block(mailbox, pool);
        }
    }
    return removed;
}

uint64_t mailbox_lines_of(const struct mailbox *mailbox, uint64_t lines, uint64_t bytes) {
    struct run wanted = {lines, bytes};
    uint64_t count = 0;
    uint32_t gone = mailbox->gone_bytes;
    for (uint32_t i = 0; i < mailbox->count && (wanted.lines > 0 || wanted.bytes > 0); i++) {
        const struct mailbox_block *block = mailbox_block_at(mailbox, i);
        struct run run =
            run_of_at_least(bytes_make(block->data + gone, block->size - gone), wanted);
        wanted =
            (struct run){saturated(wanted.lines, run.lines), saturated(wanted.bytes, run.bytes)};
        count += run.lines;
        gone = 0;
    }
    return count;
}

void mailbox_visit(const struct mailbox *mailbox, struct mailbox_span span, void *context,
                   mailbox_visitor *visit) {
    uint32_t gone = mailbox->gone_bytes;
    for (uint32_t i = 0; i < mailbox->count && span.lines > 0; i++) {
        const struct mailbox_block *block = mailbox_block_at(mailbox, i);
        struct bytes text = bytes_make(block->data, block->size);
        for (size_t at = gone; at < text.size && span.lines > 0;) {
            size_t size = line_size(text, at);
            if (span.skipped > 0) {
                span.skipped--;
            } else {
                visit(context, bytes_make(text.data + at, size));
                span.lines--;
            }
            at += size;
        }
        gone = 0;
    }
}

uint64_t mailbox_read(const struct mailbox *mailbox, uint64_t bytes_max, struct buffer *out) {
    uint64_t lines = 0;
    uint64_t left = bytes_max;
    uint32_t gone_lines = mailbox->gone_lines;
    for (uint32_t i = 0; i < mailbox->count; i++) {
        const struct mailbox_block *block = mailbox_block_at(mailbox, i);
        struct bytes text = i == 0 ? rest_of_front(mailbox) : bytes_make(block->data, block->size);
        struct run run = {block->lines - gone_lines, text.size};
        gone_lines = 0;
        if (text.size > left) {
            if (lines > 0 && line_size(text, 0) > left) {
                break;
            }
            run = run_of_at_most(text, left);
        }
        buffer_append(out, bytes_make(text.data, run.bytes));
        lines += run.lines;
        left = saturated(left, run.bytes);
        if (run.bytes < text.size) {
            break;
        }
    }
    return lines;
}

// ---- what has to hold -------------------------------------------------------------------------

void mailbox_check(const struct mailbox *mailbox) {
    uint64_t lines = 0;
    uint64_t bytes = 0;
    for (uint32_t place = 0; place < mailbox->count; place++) {
        const struct mailbox_block *block = mailbox_block_at(mailbox, place);
        ASSERT(block->references > 0 && block->data[block->size - 1] == '\n');
        ASSERT(place > 0 || mailbox->gone_lines < block->lines); // one that is gone is let go
        ASSERT(place > 0 || mailbox->gone_bytes < block->size);
        lines += block->lines;
        bytes += block->size;
    }
    ASSERT((mailbox->capacity & (mailbox->capacity - 1)) == 0);
    ASSERT(mailbox->count <= mailbox->capacity);
    ASSERT(lines - mailbox->gone_lines == mailbox->lines);
    ASSERT(bytes - mailbox->gone_bytes == mailbox->bytes);
    ASSERT(mailbox->first > mailbox->gone_lines); // numbers begin with 1
}
