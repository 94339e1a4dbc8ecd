// One stream of a stream server, as the sources of the server share it (medium/stream/stream.h).
#ifndef MEDIUM_STREAM_STREAM_STATE_H
#define MEDIUM_STREAM_STREAM_STATE_H

#include <stdatomic.h>

#include "medium/stream/stream_owner.h"

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

// One stream, from accept or connect until libuv has let go of it and no list has it any more. It
// is in the list of all streams of its loop, and as need be in that of deadlines and in that of
// those that are ready. There may be very many, and most are idle: what only some need stands
// elsewhere.
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
    bool was_held;        // until it has been read again
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

#endif
