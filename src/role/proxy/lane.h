// What is on its way through a proxy in one direction of one connection: bytes in blocks that never
// move, and the pieces of which they are made, each with the time when it may leave.
//
//     | ready: may leave now | piece | piece | piece ...
//
// Order is kept: a piece that waits keeps all behind it waiting. What is ready is lent to whoever
// sends it, and stays where it is until it is told sent; new bytes never move old ones.
//
// Bytes are charged to the lane's memory with what their pieces cost; proxy_lane_size is what its
// owner holds against a limit. Times are nanoseconds of a steady clock.
#ifndef ROLE_PROXY_LANE_H
#define ROLE_PROXY_LANE_H

#include "base/memory.h"
#include "fault/set.h"

// How a lane comes to its end: what stands before the mark still leaves.
enum proxy_mark {
    PROXY_NO_MARK,
    PROXY_ENDS, // its sender has nothing more to say
    PROXY_CUT,  // the connection breaks there, both ways
};

struct proxy_piece {
    uint64_t due;
    uint64_t since; // when a piece came to be held: no two at the same time
    uint32_t size;  // bytes; 0: a mark
    uint32_t rule;  // that holds it; 0: somebody's command
    uint8_t mark;   // enum proxy_mark
    uint8_t kind;   // enum fault_kind of a piece that is held
    bool is_held;
};

struct proxy_block;

// Bytes on their way in one direction: blocks hold them, and pieces say when each run of them
// may leave. The first `ready` bytes may; behind them pieces wait for their time or are held. A
// mark is the last thing that goes in.
struct proxy_lane {
    struct memory *memory;
    struct proxy_block *first;
    struct proxy_block *last;
    size_t sent;  // bytes of the first block that are gone
    size_t bytes; // that are there, the ready ones included
    size_t ready;
    struct proxy_piece *pieces; // those in use begin at piece_first
    uint32_t piece_first;
    uint32_t piece_count;
    uint32_t piece_capacity;
    uint32_t held;         // pieces
    uint64_t last_due;     // of the piece behind which the next one stands
    enum proxy_mark ended; // the mark that was reached: nothing follows what is ready
    bool is_marked;        // a mark is in it: it takes nothing more
};

// A run of bytes of a packet on its way into a lane: when it may leave, whether somebody holds it,
// which rule did that, and which of its bits are to be turned. Borrowed; the lane copies what it
// keeps.
struct proxy_part {
    struct bytes bytes;
    uint64_t due;
    uint64_t now;
    bool is_held;
    uint8_t kind;
    uint32_t rule;
    uint64_t since;
    // Bits to be turned; NULL: none. The part stands at `offset` of a packet of packet_bytes.
    const struct fault_decision *wrong;
    uint64_t offset;
    uint64_t packet_bytes;
};

void proxy_lane_init(struct proxy_lane *lane, struct memory *memory);
void proxy_lane_deinit(struct proxy_lane *lane);

static inline size_t proxy_lane_size(const struct proxy_lane *lane) {
    return lane->bytes + lane->piece_count * sizeof(struct proxy_piece);
}

// Appends the bytes. A lane that is marked takes none.
void proxy_lane_put(struct proxy_lane *lane, const struct proxy_part *part);
// The lane ends behind what is in it, not before `due`.
void proxy_lane_mark(struct proxy_lane *lane, enum proxy_mark mark, uint64_t due, uint64_t now);

// Makes ready what is due. True: something has become ready, or the end was reached.
bool proxy_lane_advance(struct proxy_lane *lane, uint64_t now);
// When there is something to advance; UINT64_MAX: not by time.
uint64_t proxy_lane_due(const struct proxy_lane *lane);

// The first piece that is held, or NULL; and its letting go.
const struct proxy_piece *proxy_lane_held(const struct proxy_lane *lane);
bool proxy_lane_let_go(struct proxy_lane *lane, uint64_t now);

// The rule is no more: its pieces, and those behind them, wait no longer than they would without
// it. `is_plain`: pieces of no rule wait only for others.
void proxy_lane_forget_rule(struct proxy_lane *lane, uint32_t rule, bool is_plain, uint64_t now);

// What may leave, in up to `most` runs.
unsigned proxy_lane_output(const struct proxy_lane *lane, struct bytes *runs, unsigned most);
void proxy_lane_sent(struct proxy_lane *lane, size_t bytes);

// Forgets all that is not ready, marks included; the lane has ended with `mark`.
void proxy_lane_break_off(struct proxy_lane *lane, enum proxy_mark mark);
// Forgets everything: nobody will take it. Nothing of it is lent any more.
void proxy_lane_clear(struct proxy_lane *lane);

void proxy_lane_check(const struct proxy_lane *lane);

#endif
