// One stream of bytes of a stream server (medium/stream/stream_server.h), on the loop that it
// belongs to.
//
// Reading: libuv reads into the loop's one buffer, and the owner takes what came. Writing: the
// loop's ready list (medium/stream/stream_loop.h) gives a stream a turn, in which it sends what its
// owner has, as far as the socket takes it; the rest is left with libuv, and the next turn comes
// when that is gone. TLS and WebSocket stand between the socket and the owner
// (medium/stream/wrap/stream_wrap.h); what they make of the owner's bytes is sent, or a copy of it
// is left with libuv, at once, so that it is never more than that of one turn. All of this is
// called in the loop's thread, but for stream_wake.
#ifndef MEDIUM_STREAM_STREAM_H
#define MEDIUM_STREAM_STREAM_H

#include "medium/stream/stream_state.h"

#define STREAM_RUNS 64                  // of one turn
#define STREAM_TURN_BYTES (256u * 1024) // likewise
// So long a stream that is over may take to send its last bytes, and a peer to close its end.
#define STREAM_LAST_BYTES_MS 10000
#define STREAM_LINGER_MS 1000

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
