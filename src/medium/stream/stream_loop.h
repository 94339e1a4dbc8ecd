// A loop of a stream server with its streams: the ready list, deadlines, what other threads hand
// over, and the buffers that all its streams use in turn. What is done with them in each round
// stands in medium/stream/stream_rounds.h.
#ifndef MEDIUM_STREAM_STREAM_LOOP_H
#define MEDIUM_STREAM_STREAM_LOOP_H

#include <pthread.h>

#include "base/memory.h"
#include "medium/stream/stream_state.h"
#include "medium/stream/wrap/stream_wrap.h"

#define STREAM_READ_BYTES (64u * 1024)
#define STREAM_HELD_BYTES (16u * 1024) // where that was too much at once the last time
#define STREAM_READS_IN_A_ROW 4        // of one stream, before others have their turn

struct stream_ready_list {
    struct stream *first;
    struct stream *last;
};

// Behind those of the other list, which is empty then.
void stream_ready_list_move(struct stream_ready_list *to, struct stream_ready_list *from);

// The streams of one thread. A stream with something to do stands in the ready list and has its
// turn in the next round; one with a deadline stands in the list of these, soonest first. Other
// threads reach it under the lock only: they leave new streams in `deals` and ready ones in
// `far_ready`, and wake it by `async`.
struct stream_loop {
    uv_loop_t *uv;
    struct stream_owner owner;
    struct memory memory; // of this loop's thread
    size_t told;          // what the owner was told that it is
    bool is_full;         // the owner said so
    pthread_t thread;     // that runs it, from its first round on
    bool has_thread;
    uint8_t *read_buffer; // STREAM_READ_BYTES
    struct stream_scratch scratch;
    const struct stream *last_reader;
    unsigned reads_in_a_row;

    struct stream *streams;
    struct stream *due_first; // the soonest
    struct stream *due_last;
    struct stream_ready_list ready;
    struct stream_ready_list late; // that were ready, and too many for a round

    pthread_mutex_t lock; // of the rest of this paragraph
    struct memory far_memory;
    struct stream_ready_list far_ready;
    struct stream_deal *deals;
    uint32_t deal_count;
    uint32_t deal_capacity;
    bool is_to_end;

    uv_async_t async;
    uv_prepare_t prepare;
    uv_check_t check;
    uv_idle_t idle; // active while the ready list is not empty: the loop does not wait then
    uv_timer_t timer;
    uv_timer_cb on_timer; // the first deadline has come
    unsigned handles;     // that libuv has not let go of, streams included
    void *context;
    void (*ended)(void *context); // NULL, or called when none is left after stream_rounds_close
};

// The loop may run in another thread than this is called in.
void stream_loop_init(struct stream_loop *loop, uv_loop_t *uv, const struct stream_owner *owner);
// After the end.
void stream_loop_deinit(struct stream_loop *loop);

// From any other thread: a stream for this loop; that the loop is to close itself.
void stream_loop_deal(struct stream_loop *loop, const struct stream_deal *deal);
void stream_loop_ask_to_end(struct stream_loop *loop);

// For streams, in the loop's thread.
void stream_loop_add(struct stream_loop *loop, struct stream *stream);
void stream_loop_remove(struct stream_loop *loop, struct stream *stream);
void stream_loop_set_deadline(struct stream *stream, uint64_t from_now_ms); // 0: none
// For the first deadline that there is.
void stream_loop_start_timer(struct stream_loop *loop);
// Tells the owner what the streams hold, if that has changed by more than a little. False: it said
// that there is no room for more.
bool stream_loop_tell_held(struct stream_loop *loop);
// One handle less.
void stream_loop_let_go(struct stream_loop *loop);

static inline void stream_loop_begin_batch(struct stream_loop *loop) {
    if (loop->owner.batch_begin != NULL) {
        loop->owner.batch_begin(loop->owner.context);
    }
}

static inline void stream_loop_end_batch(struct stream_loop *loop) {
    if (loop->owner.batch_end != NULL) {
        loop->owner.batch_end(loop->owner.context);
    }
}

#endif
