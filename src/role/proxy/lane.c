#include "role/proxy/lane.h"

#include "base/assert.h"

#define BLOCK_BYTES_MIN 512u
#define BLOCK_BYTES_MAX 65536u

struct proxy_block {
    struct proxy_block *next;
    uint32_t size;
    uint32_t capacity;
    uint8_t data[];
};

void proxy_lane_init(struct proxy_lane *lane, struct memory *memory) {
    *lane = (struct proxy_lane){.memory = memory};
}

void proxy_lane_deinit(struct proxy_lane *lane) {
    proxy_lane_clear(lane);
    memory_free(lane->memory, lane->pieces, lane->piece_capacity * sizeof *lane->pieces);
    lane->pieces = NULL;
    lane->piece_capacity = 0;
}

// ---- blocks -----------------------------------------------------------------------------------

static void free_block(struct proxy_lane *lane, struct proxy_block *block) {
    memory_free(lane->memory, block, sizeof *block + block->capacity);
}

static struct proxy_block *add_block(struct proxy_lane *lane, size_t bytes) {
    size_t capacity = bytes < BLOCK_BYTES_MIN ? BLOCK_BYTES_MIN : bytes;
    capacity = capacity > BLOCK_BYTES_MAX ? BLOCK_BYTES_MAX : capacity;
    struct proxy_block *block =
        memory_resize(lane->memory, NULL, 0, sizeof(struct proxy_block) + capacity);
    block->next = NULL;
    block->size = 0;
    block->capacity = (uint32_t)capacity;
    *(lane->last == NULL ? &lane->first : &lane->last->next) = block;
    lane->last = block;
    return block;
}

static void copy(struct proxy_lane *lane, const struct proxy_part *part) {
    const uint8_t *from = part->bytes.data;
    size_t left = part->bytes.size;
    uint64_t offset = part->offset;
    while (left > 0) {
        struct proxy_block *block = lane->last;
        if (block == NULL || block->size == block->capacity) {
            block = add_block(lane, left);
        }
        size_t room = block->capacity - block->size;
        size_t size = left < room ? left : room;
        memcpy(block->data + block->size, from, size);
        if (part->wrong != NULL) {
            fault_corrupt(part->wrong, part->packet_bytes, offset, block->data + block->size, size);
        }
        block->size += (uint32_t)size;
        from += size;
        offset += size;
        left -= size;
    }
    lane->bytes += part->bytes.size;
}

// ---- pieces -----------------------------------------------------------------------------------

static struct proxy_piece *front(const struct proxy_lane *lane) {
    return lane->piece_count == 0 ? NULL : &lane->pieces[lane->piece_first];
}

static void push(struct proxy_lane *lane, const struct proxy_piece *piece) {
    uint32_t end = lane->piece_first + lane->piece_count;
    if (end == lane->piece_capacity && lane->piece_first > lane->piece_count) {
        memmove(lane->pieces, front(lane), lane->piece_count * sizeof *piece);
        lane->piece_first = 0;
        end = lane->piece_count;
    }
    lane->pieces = memory_grow(lane->memory, lane->pieces, &lane->piece_capacity, end + 1,
                               sizeof *lane->pieces);
    lane->pieces[end] = *piece;
    lane->piece_count++;
    lane->held += piece->is_held;
    lane->last_due = piece->due;
}

static void pop(struct proxy_lane *lane) {
    lane->piece_first++;
    if (--lane->piece_count == 0) {
        lane->piece_first = 0;
        lane->last_due = 0;
    }
}

static uint64_t in_order(const struct proxy_lane *lane, uint64_t due) {
    return lane->piece_count > 0 && lane->last_due > due ? lane->last_due : due;
}

static bool joins_last(const struct proxy_lane *lane, const struct proxy_part *part, uint64_t due) {
    if (lane->piece_count == 0 || part->is_held) {
        return false;
    }
    const struct proxy_piece *last = &lane->pieces[lane->piece_first + lane->piece_count - 1];
    return last->mark == PROXY_NO_MARK && last->due == due &&
           part->bytes.size <= UINT32_MAX - last->size;
}

void proxy_lane_put(struct proxy_lane *lane, const struct proxy_part *part) {
    if (part->bytes.size == 0 || lane->is_marked) {
        return;
    }
    copy(lane, part);
    if (lane->piece_count == 0 && part->due <= part->now && !part->is_held) {
        lane->ready += part->bytes.size;
        return;
    }
    uint64_t due = in_order(lane, part->due);
    if (joins_last(lane, part, due)) {
        lane->pieces[lane->piece_first + lane->piece_count - 1].size += (uint32_t)part->bytes.size;
        return;
    }
    push(lane, &(struct proxy_piece){.due = due,
                                     .since = part->since,
                                     .size = (uint32_t)part->bytes.size,
                                     .rule = part->rule,
                                     .kind = part->kind,
                                     .is_held = part->is_held});
}

void proxy_lane_mark(struct proxy_lane *lane, enum proxy_mark mark, uint64_t due, uint64_t now) {
    if (lane->is_marked) {
        return;
    }
    lane->is_marked = true;
    if (lane->piece_count == 0 && due <= now) {
        lane->ended = mark;
        return;
    }
    push(lane, &(struct proxy_piece){.due = in_order(lane, due), .mark = (uint8_t)mark});
}

bool proxy_lane_advance(struct proxy_lane *lane, uint64_t now) {
    bool has_changed = false;
    for (struct proxy_piece *piece = front(lane);
         piece != NULL && !piece->is_held && piece->due <= now; piece = front(lane)) {
        lane->ready += piece->size;
        if (piece->mark != PROXY_NO_MARK) {
            lane->ended = (enum proxy_mark)piece->mark;
        }
        has_changed = true;
        pop(lane);
    }
    return has_changed;
}

uint64_t proxy_lane_due(const struct proxy_lane *lane) {
    const struct proxy_piece *piece = front(lane);
    return piece == NULL || piece->is_held ? UINT64_MAX : piece->due;
}

static struct proxy_piece *find_held(const struct proxy_lane *lane) {
    for (uint32_t i = 0; lane->held > 0 && i < lane->piece_count; i++) {
        struct proxy_piece *piece = &lane->pieces[lane->piece_first + i];
        if (piece->is_held) {
            return piece;
        }
    }
    return NULL;
}

const struct proxy_piece *proxy_lane_held(const struct proxy_lane *lane) {
    return find_held(lane);
}

bool proxy_lane_let_go(struct proxy_lane *lane, uint64_t now) {
    struct proxy_piece *piece = find_held(lane);
    if (piece == NULL) {
        return false;
    }
    piece->is_held = false;
    lane->held--;
    return proxy_lane_advance(lane, now);
}

void proxy_lane_forget_rule(struct proxy_lane *lane, uint32_t rule, bool is_plain, uint64_t now) {
    uint64_t before = 0;
    for (uint32_t i = 0; i < lane->piece_count; i++) {
        struct proxy_piece *piece = &lane->pieces[lane->piece_first + i];
        bool is_of_it = piece->rule == rule;
        bool waits_for_others = piece->rule == 0 && is_plain;
        lane->held -= is_of_it && piece->is_held;
        piece->is_held = piece->is_held && !is_of_it;
        if ((is_of_it || waits_for_others) && piece->due > now) {
            piece->due = now;
        }
        piece->due = piece->due > before ? piece->due : before;
        before = piece->due;
    }
    lane->last_due = before;
}

// ---- leaving ------------------------------------------------------------------------------------

unsigned proxy_lane_output(const struct proxy_lane *lane, struct bytes *runs, unsigned most) {
    unsigned count = 0;
    size_t left = lane->ready;
    size_t skip = lane->sent;
    for (const struct proxy_block *block = lane->first; left > 0 && count < most;
         block = block->next) {
        size_t size = block->size - skip;
        size = size < left ? size : left;
        runs[count++] = bytes_make(block->data + skip, size);
        left -= size;
        skip = 0;
    }
    return count;
}

void proxy_lane_sent(struct proxy_lane *lane, size_t bytes) {
    ASSERT(bytes <= lane->ready && lane->ready <= lane->bytes);
    lane->ready -= bytes;
    lane->bytes -= bytes;
    lane->sent += bytes;
    while (lane->first != NULL && lane->sent >= lane->first->size) {
        struct proxy_block *gone = lane->first;
        lane->sent -= gone->size;
        lane->first = gone->next;
        lane->last = lane->first == NULL ? NULL : lane->last;
        free_block(lane, gone);
    }
}

static void forget_pieces(struct proxy_lane *lane) {
    lane->piece_first = lane->piece_count = lane->held = 0;
    lane->last_due = 0;
}

void proxy_lane_break_off(struct proxy_lane *lane, enum proxy_mark mark) {
    size_t keep = lane->ready + lane->sent;
    struct proxy_block **link = &lane->first;
    lane->last = NULL;
    while (*link != NULL && keep > 0) {
        struct proxy_block *block = *link;
        block->size = keep < block->size ? (uint32_t)keep : block->size;
        keep -= block->size;
        lane->last = block;
        link = &block->next;
    }
    for (struct proxy_block *block = *link, *next; block != NULL; block = next) {
        next = block->next;
        free_block(lane, block);
    }
    *link = NULL;
    lane->bytes = lane->ready;
    lane->is_marked = true;
    lane->ended = mark;
    forget_pieces(lane);
    if (lane->ready == 0) {
        proxy_lane_clear(lane);
    }
}

void proxy_lane_clear(struct proxy_lane *lane) {
    for (struct proxy_block *block = lane->first, *next; block != NULL; block = next) {
        next = block->next;
        free_block(lane, block);
    }
    lane->first = lane->last = NULL;
    lane->sent = lane->bytes = lane->ready = 0;
    forget_pieces(lane);
}

void proxy_lane_check(const struct proxy_lane *lane) {
    size_t in_blocks = 0;
    for (const struct proxy_block *block = lane->first; block != NULL; block = block->next) {
        ASSERT(block->size > 0 && block->size <= block->capacity);
        ASSERT(block->next != NULL || block == lane->last);
        in_blocks += block->size;
    }
    ASSERT(in_blocks == lane->bytes + lane->sent && lane->ready <= lane->bytes);
    size_t in_pieces = 0;
    uint32_t held = 0;
    for (uint32_t i = 0; i < lane->piece_count; i++) {
        const struct proxy_piece *piece = &lane->pieces[lane->piece_first + i];
        ASSERT((piece->size == 0) == (piece->mark != PROXY_NO_MARK));
        ASSERT(i == 0 || piece->due >= piece[-1].due);
        in_pieces += piece->size;
        held += piece->is_held;
    }
    ASSERT(held == lane->held && in_pieces + lane->ready == lane->bytes);
}
