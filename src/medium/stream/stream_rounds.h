// The rounds of a loop of a stream server: its streams get turns, deadlines come, and what other
// threads handed over is taken.
//
// Streams that were woken wait in the ready list until the round of the loop ends (its check phase,
// and once more before it would wait). Then STREAM_TURNS_MOST of them get a turn; the owner learns
// what was sent in one batch for many of them. The rest waits in another list, of which the first
// ones have turns in each round: a message to a hundred thousand streams keeps neither the loop
// from what arrives nor the answers to that. Other threads add to the far lists, under a lock, and
// wake the loop.
#ifndef MEDIUM_STREAM_STREAM_ROUNDS_H
#define MEDIUM_STREAM_STREAM_ROUNDS_H

#include "medium/stream/stream_loop.h"

#define STREAM_TURNS_MOST 128

// Begins what the loop has in libuv.
void stream_rounds_start(struct stream_loop *loop);
// Closes its streams and all that it has in the libuv loop, which has to run on until that is gone.
void stream_rounds_close(struct stream_loop *loop);

#endif
