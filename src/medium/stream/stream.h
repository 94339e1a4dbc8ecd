// One stream of bytes of a stream server (medium/stream/stream_server.h), on the loop that it
// belongs to.
//
// Reading: libuv reads into the loop's one buffer, and the owner takes what came. Writing: the
// loop's ready list (medium/stream/stream_loop.h) gives a stream a turn, in which it sends what its
// owner has, as far as the socket takes it; the rest is left with libuv, and the next turn comes
// when that is gone. TLS and WebSocket stand between the socket and the owner
// (medium/stream/stream_wrap.h); what they make of the owner's bytes is sent, or a copy of it is
// left with libuv, at once, so that it is never more than that of one turn. All of this is called
// in the loop's thread, but for stream_wake.
#ifndef MEDIUM_STREAM_STREAM_H
#define MEDIUM_STREAM_STREAM_H

#include <stdatomic.h>

#include "medium/stream/stream_server.h"

#define STREAM_RUNS 64                  // of one turn
#define STREAM_TURN_BYTES (256u * 1024) // likewise
// So long a stream that is over may take to send its last bytes, and a peer to close its end.
#define STREAM_LAST_BYTES_MS 10000
#define STREAM_LINGER_MS 1000

struct stream_loop;
struct stream_listening;
struct stream_target;
struct stream_wrap;

enum stream_state {
    STREAM_HANDSHAKE, // connecting, TLS or WebSocket: the owner cannot use it yet
    STREAM_OPEN,
    STREAM_LINGERING, // our end is closed; what still comes is dropped
    STREAM_CLOSED,
};

// There may be very many, and most are idle: what only some need stands elsewhere.
struct stream {
    union {
        uv_handle_t handle;
        uv_stream_t stream;
        uv_tcp_t tcp;
        uv_pipe_t pipe;
    } uv;
    struct stream_loop *loop;
    struct stream_listening *listening; // where it came from; NULL: we opened it
    const struct stream_target *target; // and then, to where
    struct stream_wrap *wrap;           // TLS and WebSocket; NULL: the bytes as they are
    uint64_t address;                   // as stream_listening counts it
    void *user;                         // the owner's; NULL before `opened` and after `closed`
    struct stream *previous;            // of all streams of the loop
    struct stream *next;
    struct stream *due_previous; // of those with a deadline
    struct stream *due_next;
    uint64_t due_ms; // 0: none
    struct stream *next_ready;
    uint32_t writes;      // left with libuv
    atomic_bool is_ready; // in the ready list of its loop, the near one or the far one
    bool is_gone;         // libuv has let go of it: to be freed when it leaves the ready list
    bool is_held;         // the owner has enough for now: it is not read
    bool is_ended;        // by its peer: nothing more comes
    bool is_abrupt;       // it is to end by a reset
    uint8_t state;        // an enum stream_state
};

// A connection that was accepted, on its way to the loop that it was dealt to.
struct stream_deal {
    int fd;
    struct stream_listening *listening;
    uint64_t address;
};

// What became of a turn. What it says of the owner's bytes is told to the owner afterwards, for
// many streams in one batch.
struct stream_turn {
    struct stream *stream;
    size_t sent;
    bool has_more; // there was more than one turn may send
    bool has_failed;
};

// Takes the descriptor in any case.
void stream_start(struct stream_loop *loop, const struct stream_deal *deal);
// Outside of a batch.
void stream_take_turn(struct stream *stream, struct stream_turn *turn);
// After the turn was told: closes a stream that is over or has failed, or sees to its next turn.
void stream_end_turn(struct stream *stream, const struct stream_turn *turn);
// TCP or the socket of a stream that we opened is there, or cannot be: an error of libuv.
void stream_begin(struct stream *stream, int fault);
// Its deadline has come.
void stream_expire(struct stream *stream);
// At once, with `closed` if the owner knows of it. Outside of a batch.
void stream_close(struct stream *stream);

#endif
