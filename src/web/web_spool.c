#include "web/web_spool.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/assert.h"

#define CUT ",\"words\":\"is too large to be shown whole\"}\n"
#define SKIP_BYTES (64u << 10)
#define HOLE_BLOCK (1u << 20) // what is given back at once, at least

// The file and how far it is written; then where every WEB_SPOOL_STRIDE-th item from `first` on
// begins. What stands below `end` never changes, so it is read without the lock.
struct web_spool {
    int fd;
    uint64_t keep_bytes;
    pthread_mutex_t lock;
    struct memory memory;
    uint64_t first; // a multiple of the stride
    uint64_t next;
    uint64_t begin; // where `first` stands
    uint64_t end;
    uint64_t *marks; // of first, first + stride, ...
    uint32_t mark_count;
    uint32_t mark_capacity;
    uint32_t marks_gone;  // at the front of `marks`
    struct buffer pieces; // of one append, with what was too long cut
};

struct web_spool *web_spool_open(const char *folder, uint64_t keep_bytes) {
    char path[PATH_MAX];
    int size = snprintf(path, sizeof path, "%s/mqttsim-web-XXXXXX", folder);
    int fd = size < (int)sizeof path ? mkostemp(path, O_CLOEXEC) : -1;
    if (fd < 0) {
        return NULL;
    }
    unlink(path);
    struct web_spool *spool = calloc(1, sizeof *spool);
    ASSERT_MESSAGE(spool != NULL, "out of memory");
    spool->fd = fd;
    spool->keep_bytes = keep_bytes;
    memory_init(&spool->memory);
    buffer_init(&spool->pieces, &spool->memory);
    pthread_mutex_init(&spool->lock, NULL);
    return spool;
}

void web_spool_close(struct web_spool *spool) {
    if (spool == NULL) {
        return;
    }
    close(spool->fd);
    buffer_deinit(&spool->pieces);
    memory_free(&spool->memory, spool->marks, spool->mark_capacity * sizeof *spool->marks);
    pthread_mutex_destroy(&spool->lock);
    free(spool);
}

// ---- writing ------------------------------------------------------------------------------------

// Behind the member "bytes", which stands before all that may be long; 0: there is none.
static size_t head_size(struct bytes line) {
    static const char member[] = "\"bytes\":";
    const uint8_t *at = memmem(line.data, line.size, member, sizeof member - 1);
    if (at == NULL) {
        return 0;
    }
    size_t size = (size_t)(at - line.data) + sizeof member - 1;
    while (size < line.size && line.data[size] >= '0' && line.data[size] <= '9') {
        size++;
    }
    return size;
}

static void append_line(struct buffer *out, struct bytes line) {
    size_t head = line.size > WEB_ITEM_MAX ? head_size(line) : 0;
    if (line.size <= WEB_ITEM_MAX) {
        buffer_append(out, line);
    } else if (head > 0 && head < WEB_ITEM_MAX / 2) {
        buffer_append(out, bytes_make(line.data, head));
        buffer_append_text(out, CUT);
    } else {
        buffer_append_text(out, "{\"type\":\"note\"" CUT);
    }
}

static bool write_all(const struct web_spool *spool, struct bytes bytes) {
    size_t done = 0;
    while (done < bytes.size) {
        ssize_t size =
            pwrite(spool->fd, bytes.data + done, bytes.size - done, (off_t)(spool->end + done));
        if (size < 0 && errno != EINTR) {
            return false;
        }
        done += size > 0 ? (size_t)size : 0;
    }
    return true;
}

// Notes where items begin, and how far the file goes now. Under the lock.
static void take_in(struct web_spool *spool, struct bytes lines) {
    for (size_t at = 0; at < lines.size;) {
        if (spool->next % WEB_SPOOL_STRIDE == 0) {
            spool->marks = memory_grow(&spool->memory, spool->marks, &spool->mark_capacity,
                                       spool->mark_count + 1, sizeof *spool->marks);
            spool->marks[spool->mark_count++] = spool->end + at;
        }
        spool->next++;
        const uint8_t *end = memchr(lines.data + at, '\n', lines.size - at);
        ASSERT(end != NULL);
        at = (size_t)(end - lines.data) + 1;
    }
    spool->end += lines.size;
}

// Forgets marks whose items were given back, once they are half of all.
static void trim_marks(struct web_spool *spool) {
    if (spool->marks_gone > spool->mark_count / 2) {
        spool->mark_count -= spool->marks_gone;
        memmove(spool->marks, spool->marks + spool->marks_gone,
                spool->mark_count * sizeof *spool->marks);
        spool->marks_gone = 0;
    }
}

// Gives what is too old back. Under the lock. A file system that cannot make holes keeps the bytes;
// readers are told the same.
static void give_back(struct web_spool *spool) {
    uint64_t before = spool->begin;
    if (spool->end - spool->begin < spool->keep_bytes + HOLE_BLOCK) {
        return;
    }
    while (spool->end - spool->begin > spool->keep_bytes &&
           spool->marks_gone + 1 < spool->mark_count) {
        spool->marks_gone++;
        spool->first += WEB_SPOOL_STRIDE;
        spool->begin = spool->marks[spool->marks_gone];
    }
    (void)fallocate(spool->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)before,
                    (off_t)(spool->begin - before));
    trim_marks(spool);
}

bool web_spool_append(struct web_spool *spool, struct bytes lines) {
    spool->pieces.size = 0;
    for (size_t at = 0; at < lines.size;) {
        const uint8_t *end = memchr(lines.data + at, '\n', lines.size - at);
        ASSERT(end != NULL);
        size_t size = (size_t)(end - lines.data) + 1 - at;
        append_line(&spool->pieces, bytes_make(lines.data + at, size));
        at += size;
    }
    if (!write_all(spool, buffer_bytes(&spool->pieces))) {
        return false;
    }
    pthread_mutex_lock(&spool->lock);
    take_in(spool, buffer_bytes(&spool->pieces));
    give_back(spool);
    pthread_mutex_unlock(&spool->lock);
    return true;
}

// ---- reading ------------------------------------------------------------------------------------

uint64_t web_spool_first(struct web_spool *spool) {
    pthread_mutex_lock(&spool->lock);
    uint64_t first = spool->first;
    pthread_mutex_unlock(&spool->lock);
    return first;
}

uint64_t web_spool_next(struct web_spool *spool) {
    pthread_mutex_lock(&spool->lock);
    uint64_t next = spool->next;
    pthread_mutex_unlock(&spool->lock);
    return next;
}

// The mark at or before the item.
static struct web_cursor find_mark(struct web_spool *spool, uint64_t item) {
    pthread_mutex_lock(&spool->lock);
    struct web_cursor cursor = {spool->next, spool->end};
    if (item < spool->next) {
        item = item < spool->first ? spool->first : item;
        uint64_t place = (item - spool->first) / WEB_SPOOL_STRIDE;
        cursor.item = spool->first + place * WEB_SPOOL_STRIDE;
        cursor.offset = spool->marks[spool->marks_gone + place];
    }
    pthread_mutex_unlock(&spool->lock);
    return cursor;
}

struct web_cursor web_spool_seek(struct web_spool *spool, uint64_t item) {
    struct web_cursor cursor = find_mark(spool, item);
    struct buffer skipped;
    struct memory memory;
    memory_init(&memory);
    buffer_init(&skipped, &memory);
    while (cursor.item < item &&
           web_spool_read(spool, &cursor, SKIP_BYTES, (uint32_t)(item - cursor.item), &skipped)) {
        skipped.size = 0;
    }
    buffer_deinit(&skipped);
    return cursor;
}

// How many lines to take of `got`, and where they end.
static uint32_t count_lines(struct bytes got, size_t most_bytes, uint32_t most_items,
                            size_t *size) {
    uint32_t count = 0;
    *size = 0;
    while (count < most_items && *size < got.size) {
        const uint8_t *end = memchr(got.data + *size, '\n', got.size - *size);
        size_t whole = end == NULL ? 0 : (size_t)(end - got.data) + 1;
        if (whole == 0 || (count > 0 && whole > most_bytes)) {
            break;
        }
        *size = whole;
        count++;
    }
    return count;
}

static uint64_t readable_end(struct web_spool *spool, const struct web_cursor *cursor) {
    pthread_mutex_lock(&spool->lock);
    uint64_t end = cursor->item < spool->first ? cursor->offset : spool->end;
    pthread_mutex_unlock(&spool->lock);
    return end;
}

// Reads up to `size` bytes at the cursor; returns the lines among them.
static uint32_t read_lines(struct web_spool *spool, const struct web_cursor *cursor,
                           size_t most_bytes, uint32_t most_items, struct buffer *out) {
    size_t size = most_bytes;
    for (;;) {
        uint64_t left = readable_end(spool, cursor) - cursor->offset;
        size_t wanted = left < size ? (size_t)left : size;
        uint8_t *room = buffer_reserve(out, wanted + 1);
        ssize_t got = pread(spool->fd, room, wanted, (off_t)cursor->offset);
        if (got <= 0) {
            return 0;
        }
        size_t taken;
        uint32_t count = count_lines(bytes_make(room, (size_t)got), most_bytes, most_items, &taken);
        if (count > 0 || wanted == left || size > WEB_ITEM_MAX) {
            out->size += taken;
            return count;
        }
        size = WEB_ITEM_MAX + 1; // the first line is longer than what was asked for
    }
}

uint32_t web_spool_read(struct web_spool *spool, struct web_cursor *cursor, size_t most_bytes,
                        uint32_t most_items, struct buffer *out) {
    size_t before = out->size;
    uint32_t count = read_lines(spool, cursor, most_bytes, most_items, out);
    // What was given back while it was read is zero bytes, or was seen before: it counts as gone.
    if (count == 0 || cursor->item < web_spool_first(spool)) {
        out->size = before;
        return 0;
    }
    cursor->item += count;
    cursor->offset += out->size - before;
    return count;
}
