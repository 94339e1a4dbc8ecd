#include "medium/stream/stream_rounds.h"

#include "base/assert.h"
#include "medium/stream/stream.h"

#define TURNS STREAM_TURNS_MOST // told to the owner in one batch
#define ROUNDS 8                // of those that have more at once

// ---- turns ----------------------------------------------------------------------------------

// NULL at the end of the list. Frees those that have gone meanwhile.
static struct stream *take_ready(struct stream_loop *loop, struct stream_ready_list *from) {
    while (from->first != NULL) {
        struct stream *stream = from->first;
        from->first = stream->next_ready;
        from->last = from->first == NULL ? NULL : from->last;
        atomic_store_explicit(&stream->is_ready, false, memory_order_release);
        if (!stream->is_gone) {
            return stream;
        }
        memory_free(&loop->memory, stream, sizeof *stream);
        stream_loop_let_go(loop);
    }
    return NULL;
}

static void tell_turns(struct stream_loop *loop, const struct stream_turn *turns, unsigned count) {
    bool is_begun = false;
    for (unsigned i = 0; i < count; i++) {
        if (turns[i].sent > 0) {
            if (!is_begun) {
                stream_loop_begin_batch(loop);
                is_begun = true;
            }
            loop->owner.sent(loop->owner.context, turns[i].stream->user, turns[i].sent);
        }
    }
    if (is_begun) {
        stream_loop_end_batch(loop);
    }
}

// Turns for the first ones of the list, up to `most`; for how many. Who is woken meanwhile comes
// behind them, and not into this batch: until the owner is told what was sent, it would lend the
// same bytes again.
static unsigned run_batch(struct stream_loop *loop, struct stream_ready_list *list, unsigned most) {
    struct stream_turn turns[TURNS];
    struct stream_ready_list now = *list;
    unsigned count = 0;
    ASSERT(most <= TURNS);
    *list = (struct stream_ready_list){NULL, NULL};
    while (count < most && (turns[count].stream = take_ready(loop, &now)) != NULL) {
        stream_take_turn(turns[count].stream, &turns[count]);
        count++;
    }
    stream_ready_list_move(&now, list);
    *list = now;
    tell_turns(loop, turns, count);
    for (unsigned i = 0; i < count; i++) {
        stream_end_turn(turns[i].stream, &turns[i]);
    }
    return count;
}

// Those that were woken since come first, for they may be few; then those that were too many before
// have at least every second turn.
static void run_turns(struct stream_loop *loop) {
    unsigned most = loop->late.first == NULL ? TURNS : TURNS / 2;
    unsigned done = 0;
    for (unsigned i = 0; i < ROUNDS && loop->ready.first != NULL && done < most; i++) {
        done += run_batch(loop, &loop->ready, most - done);
    }
    stream_ready_list_move(&loop->late, &loop->ready);
    (void)run_batch(loop, &loop->late, TURNS - done);
}

static void do_nothing(uv_idle_t *idle) {
    (void)idle;
}

// What is still ready gets its turn after a look at what has arrived.
static void keep_awake(struct stream_loop *loop) {
    bool is_needed = loop->ready.first != NULL || loop->late.first != NULL;
    if (is_needed != (uv_is_active((uv_handle_t *)&loop->idle) != 0)) {
        is_needed ? uv_idle_start(&loop->idle, do_nothing) : uv_idle_stop(&loop->idle);
    }
}

static void on_prepare(uv_prepare_t *prepare) {
    struct stream_loop *loop = prepare->data;
    if (!loop->has_thread) {
        loop->thread = pthread_self(); // before any stream is opened, which others could wake
        loop->has_thread = true;
    }
    run_turns(loop);
    keep_awake(loop);
    if (loop->owner.round != NULL) {
        loop->owner.round(loop->owner.context);
    }
}

static void on_check(uv_check_t *check) {
    struct stream_loop *loop = check->data;
    loop->last_reader = NULL;
    run_turns(loop);
    keep_awake(loop);
}

// ---- from other threads ---------------------------------------------------------------------

static void take_far_ready(struct stream_loop *loop) {
    pthread_mutex_lock(&loop->lock);
    stream_ready_list_move(&loop->ready, &loop->far_ready);
    pthread_mutex_unlock(&loop->lock);
}

static bool take_deal(struct stream_loop *loop, struct stream_deal *deal) {
    pthread_mutex_lock(&loop->lock);
    bool found = loop->deal_count > 0;
    if (found) {
        *deal = loop->deals[--loop->deal_count];
    }
    pthread_mutex_unlock(&loop->lock);
    return found;
}

static bool is_to_end(struct stream_loop *loop) {
    pthread_mutex_lock(&loop->lock);
    bool result = loop->is_to_end;
    pthread_mutex_unlock(&loop->lock);
    return result;
}

static void on_async(uv_async_t *async) {
    struct stream_loop *loop = async->data;
    struct stream_deal deal;
    take_far_ready(loop);
    while (take_deal(loop, &deal)) {
        stream_start(loop, &deal);
    }
    if (is_to_end(loop)) {
        stream_rounds_close(loop);
    }
}

// ---- deadlines ------------------------------------------------------------------------------

static void on_timer(uv_timer_t *timer) {
    struct stream_loop *loop = timer->data;
    while (loop->due_first != NULL && loop->due_first->due_ms <= uv_now(loop->uv)) {
        struct stream *stream = loop->due_first;
        stream_loop_set_deadline(stream, 0);
        stream_expire(stream);
    }
    stream_loop_start_timer(loop);
}

// ---- begin and end --------------------------------------------------------------------------

// None of these keeps the caller's loop running: its streams and listeners do.
void stream_rounds_start(struct stream_loop *loop) {
    loop->on_timer = on_timer;
    uv_async_init(loop->uv, &loop->async, on_async);
    uv_prepare_init(loop->uv, &loop->prepare);
    uv_check_init(loop->uv, &loop->check);
    uv_idle_init(loop->uv, &loop->idle);
    uv_timer_init(loop->uv, &loop->timer);
    loop->async.data = loop->prepare.data = loop->check.data = loop;
    loop->idle.data = loop->timer.data = loop;
    uv_prepare_start(&loop->prepare, on_prepare);
    uv_check_start(&loop->check, on_check);
    uv_unref((uv_handle_t *)&loop->async);
    uv_unref((uv_handle_t *)&loop->prepare);
    uv_unref((uv_handle_t *)&loop->check);
    uv_unref((uv_handle_t *)&loop->timer);
    loop->handles = 5;
}

static void on_closed(uv_handle_t *handle) {
    stream_loop_let_go(handle->data);
}

void stream_rounds_close(struct stream_loop *loop) {
    uv_handle_t *handles[] = {(uv_handle_t *)&loop->async, (uv_handle_t *)&loop->prepare,
                              (uv_handle_t *)&loop->check, (uv_handle_t *)&loop->idle,
                              (uv_handle_t *)&loop->timer};
    while (loop->streams != NULL) {
        stream_close(loop->streams);
    }
    // Nobody wakes a stream any more.
    take_far_ready(loop);
    stream_ready_list_move(&loop->ready, &loop->late);
    while (take_ready(loop, &loop->ready) != NULL) {
    }
    for (size_t i = 0; i < sizeof handles / sizeof handles[0]; i++) {
        uv_close(handles[i], on_closed);
    }
}
