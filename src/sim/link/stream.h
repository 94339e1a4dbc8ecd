// A TCP connection between a client and a broker, modelled: bytes arrive in order and whole, or the
// connection ends. What a network does to packets shows as time.
//
// Each way is a line of pieces: SYN, SYN+ACK, bytes, FIN, each with the time of its arrival:
//
//   bandwidth   a piece leaves when those before it have left, at the speed of the slower link
//   delay       and jitter of the links on the way; no piece arrives before the one in front
//   loss        each segment of a piece is lost as its link's model says; a lost one arrives after
//               the retransmission timer (RFC 6298), each next time after twice as long, and what
//               is behind it waits. Where segments follow each other so closely that three are
//               under way at a time, the first loss is noticed by their acknowledgements, a round
//               trip later (fast retransmit, RFC 5681)
//   no way      while the path leads nowhere, pieces wait for the timer, which tries again
//   NAT         on a link that forgets, a stream on which nothing was heard for so long is
//               forgotten: nothing gets through any more, and neither end is told
//   give up     after 100 s of that (RFC 1122, R2) the sender's end is over; the other end knows
//               nothing of it, and is half open until it sends
//
// An end that is over answers what still arrives with a reset. A window bounds what is under way:
// a sender that has filled it is told by SIM_ROOM when there is room again, so a receiver that does
// not read holds up the sender, and nothing else.
//
// A stream belongs to its island and is found by its name, a number that is never given twice. It
// is gone when both of its ends are over.
#ifndef SIM_LINK_STREAM_H
#define SIM_LINK_STREAM_H

#include "fault/set.h"
#include "sim/island.h"

#define SIM_WINDOW 65536u       // bytes under way in a direction
#define SIM_SEGMENT 1460u       // bytes
#define SIM_DUPLICATES 3u       // acknowledgements that tell of a loss
#define SIM_SEND_MAX SIM_WINDOW // bytes that are sent at once

enum sim_side { SIM_CLIENT_END, SIM_BROKER_END, SIM_ENDS };

enum sim_mark {
    SIM_BYTES,
    SIM_SYN,    // the client asks for a connection
    SIM_ACCEPT, // the broker has it
    SIM_FIN,    // its sender is over; in order, behind all bytes
    SIM_RESET,  // likewise, and it heard nothing any more
};

struct sim_piece {
    struct sim_piece *next; // behind the last one stands the first
    uint64_t due;           // SIM_NEVER: it waits for the retransmission timer
    uint32_t size;
    uint8_t mark; // enum sim_mark
    uint8_t data[];
};

// What a way keeps once its link has a limit, may lose packets, or leads nowhere: most never need
// it.
struct sim_trouble {
    uint64_t busy_until; // the link
    uint64_t stalled_since;
    uint64_t stalled_due;          // when the last that had stalled arrives
    uint64_t timer;                // the present retransmission timer; 0: nothing is stalled
    uint64_t left[SIM_DUPLICATES]; // when the last segments left, in turn
    uint32_t noted;                // how many have, since the link may lose them
    bool is_bad;                   // the link loses packets (fault/profile.h)
};

// One direction, named by its sender. Its pieces are a ring: behind the last one stands the first.
// Those that wait for the timer stand behind those that do not.
struct sim_way {
    struct sim_piece *last; // NULL: there is none
    uint64_t last_due;
    struct sim_trouble *trouble; // NULL: there was none
    uint32_t bytes;              // under way or not taken
    uint32_t segments;           // so far, to draw by
};

// What rules of faults (sim/rules.h) keep of a stream, by the sending end: the start of a packet,
// or all that is behind one that is held; and a packet that others are to overtake.
struct sim_ruled {
    struct fault_set *set;
    struct fault_client *client;
    struct buffer rest[SIM_ENDS];
    struct buffer behind[SIM_ENDS];
    uint32_t by[SIM_ENDS];
    uint64_t goes_at[SIM_ENDS]; // at the latest, what stands behind
    uint32_t held_by[SIM_ENDS]; // the number of the rule
    bool is_held[SIM_ENDS];
    bool is_told[SIM_ENDS];        // the packet in front stands in the trace already
    uint64_t held_since[SIM_ENDS]; // the last time
    bool is_cut;
    uint64_t frozen_until;
    uint64_t looked; // when rules that act by the clock were last asked
};

// A stream between a client and a broker: two ways, each with its link, what is under way and
// what was lost of it. It ends when both sides know of its end. A simulation has one for each of a
// million clients, so what few of them need stands apart, and the flags together.
struct sim_stream {
    struct sim_ready ready; // of the broker's end
    struct sim_way way[SIM_ENDS];
    struct sim_node *node[SIM_ENDS];
    struct door_connection *connection; // the broker's; NULL: none
    struct sim_island *island;
    struct sim_ruled *ruled; // NULL: no rule was ever about it
    uint64_t random;
    uint64_t name;
    uint64_t heard;         // when anything last arrived: what a NAT forgets
    bool is_full[SIM_ENDS]; // the sender waits for SIM_ROOM
    bool is_over[SIM_ENDS]; // the sender has ended: nothing more is sent
    // How it ends, for the trace.
    uint8_t reason;      // enum mqtt_reason
    bool is_told : 1;    // that it has opened
    bool has_reason : 1; // the broker ended it for `reason`, or heard a DISCONNECT
    bool said_goodbye : 1;
    bool broker_first : 1; // its end was over before the client's
    uint8_t first_end : 2; // enum sim_ending, and 1; 0: both ends are there
};

// The oldest piece of a way; NULL: there is none.
static inline struct sim_piece *sim_way_first(const struct sim_way *way) {
    return way->last == NULL ? NULL : way->last->next;
}

// The one behind it; NULL: it is the last one.
static inline struct sim_piece *sim_way_next(const struct sim_way *way,
                                             const struct sim_piece *piece) {
    return piece == way->last ? NULL : piece->next;
}

// What the argument of an event says: the stream's name, and the end that it happens at.
static inline uint64_t sim_stream_argument(const struct sim_stream *stream, enum sim_side side) {
    return stream->name << 1 | side;
}

// NULL: it is gone.
struct sim_stream *sim_stream_named(struct sim_island *island, uint64_t argument);

static inline enum sim_side sim_stream_side(uint64_t argument) {
    return (enum sim_side)(argument & 1);
}

static inline enum sim_side sim_side_other(enum sim_side side) {
    return side == SIM_CLIENT_END ? SIM_BROKER_END : SIM_CLIENT_END;
}

// The client's SYN is on its way. `random` is the stream's own.
struct sim_stream *sim_stream_open(struct sim_node *client, struct sim_node *broker,
                                   uint64_t random);

// How many bytes may be sent now; if none, SIM_ROOM will come.
size_t sim_stream_room(struct sim_stream *stream, enum sim_side side);
// Bytes, copied, or a mark; not before `leaves`.
void sim_stream_send(struct sim_stream *stream, enum sim_side side, struct bytes bytes,
                     uint64_t leaves);
// Likewise; `note` is what is told of them; NULL: what the links do.
void sim_stream_send_noted(struct sim_stream *stream, enum sim_side side, struct bytes bytes,
                           uint64_t leaves, const struct sim_trace_note *note);
void sim_stream_mark(struct sim_stream *stream, enum sim_side side, enum sim_mark mark,
                     uint64_t leaves);

// Bytes are told with what becomes of them, though others may go on in their place.
void sim_stream_tell(const struct sim_stream *stream, enum sim_side side, struct bytes bytes,
                     const struct sim_trace_note *note);

// How it ends, where the ends themselves do not know: by a rule.
void sim_stream_tell_end(struct sim_stream *stream, const struct sim_trace_end *end);

// What has arrived at this end, oldest first; NULL: nothing more. It is there until it is taken.
// Where the end is over, the other one is told by a reset.
const struct sim_piece *sim_stream_arrived(struct sim_stream *stream, enum sim_side side);
void sim_stream_take(struct sim_stream *stream, enum sim_side side);
// When that may have been sent, at the earliest: as it arrived, or when what stalled began to.
uint64_t sim_stream_sent(const struct sim_stream *stream, enum sim_side side);

// Whether anything that was sent, either way, waits for a retransmission.
bool sim_stream_is_stalled(const struct sim_stream *stream);
// The timer of what this end sends (SIM_RETRY). False: it gives up, so this end is to be closed
// without a word.
bool sim_stream_retry(struct sim_stream *stream, enum sim_side side);

enum sim_ending {
    SIM_ENDS_WITH_FIN,
    SIM_ENDS_WITH_RESET,
    SIM_ENDS_SILENTLY, // as when its machine loses power, or it has given up
};

// This end is over. The stream may be gone after this.
void sim_stream_close(struct sim_stream *stream, enum sim_side side, enum sim_ending ending);

// Asserts what always holds.
void sim_stream_check(const struct sim_stream *stream);

#endif
