#include "medium/stream/stream_loop.h"

#include "base/assert.h"

#define HELD_STEP 65536 // bytes by which what the streams hold changes before it is told

// ---- the ready list -------------------------------------------------------------------------

static void append(struct stream_ready_list *list, struct stream *stream) {
    stream->next_ready = NULL;
    if (list->last == NULL) {
        list->first = stream;
    } else {
        list->last->next_ready = stream;
    }
    list->last = stream;
}

void stream_ready_list_move(struct stream_ready_list *to, struct stream_ready_list *from) {
    if (from->first == NULL) {
        return;
    }
    *(to->last == NULL ? &to->first : &to->last->next_ready) = from->first;
    to->last = from->last;
    *from = (struct stream_ready_list){NULL, NULL};
}

static void wake_from_afar(struct stream_loop *loop, struct stream *stream) {
    pthread_mutex_lock(&loop->lock);
    bool was_empty = loop->far_ready.first == NULL;
    append(&loop->far_ready, stream);
    pthread_mutex_unlock(&loop->lock);
    if (was_empty) {
        uv_async_send(&loop->async);
    }
}

// The owner's lock orders all calls of this, and the turn in which the owner is asked for output:
// who finds the stream in the list here is sure that its turn comes after this.
void stream_wake(struct stream *stream) {
    if (atomic_load_explicit(&stream->is_ready, memory_order_relaxed) ||
        atomic_exchange_explicit(&stream->is_ready, true, memory_order_acq_rel)) {
        return;
    }
    struct stream_loop *loop = stream->loop;
    if (pthread_equal(pthread_self(), loop->thread)) {
        append(&loop->ready, stream);
    } else {
        wake_from_afar(loop, stream);
    }
}

// ---- from other threads ---------------------------------------------------------------------

void stream_loop_deal(struct stream_loop *loop, const struct stream_deal *deal) {
    pthread_mutex_lock(&loop->lock);
    bool was_empty = loop->deal_count == 0;
    loop->deals = memory_grow(&loop->far_memory, loop->deals, &loop->deal_capacity,
                              loop->deal_count + 1, sizeof *deal);
    loop->deals[loop->deal_count++] = *deal;
    pthread_mutex_unlock(&loop->lock);
    if (was_empty) {
        uv_async_send(&loop->async);
    }
}

void stream_loop_ask_to_end(struct stream_loop *loop) {
    pthread_mutex_lock(&loop->lock);
    loop->is_to_end = true;
    pthread_mutex_unlock(&loop->lock);
    uv_async_send(&loop->async);
}

// ---- deadlines ------------------------------------------------------------------------------

void stream_loop_start_timer(struct stream_loop *loop) {
    if (loop->due_first != NULL) {
        uint64_t now = uv_now(loop->uv);
        uint64_t due = loop->due_first->due_ms;
        uv_timer_start(&loop->timer, loop->on_timer, due > now ? due - now : 0, 0);
    }
}

static void unlink_due(struct stream_loop *loop, struct stream *stream) {
    *(stream->due_previous == NULL ? &loop->due_first : &stream->due_previous->due_next) =
        stream->due_next;
    *(stream->due_next == NULL ? &loop->due_last : &stream->due_next->due_previous) =
        stream->due_previous;
    stream->due_ms = 0;
}

// Deadlines come nearly in order, so their place is looked for from the end.
static void link_due(struct stream_loop *loop, struct stream *stream) {
    struct stream *before = loop->due_last;
    while (before != NULL && before->due_ms > stream->due_ms) {
        before = before->due_previous;
    }
    stream->due_previous = before;
    stream->due_next = before == NULL ? loop->due_first : before->due_next;
    *(before == NULL ? &loop->due_first : &before->due_next) = stream;
    *(stream->due_next == NULL ? &loop->due_last : &stream->due_next->due_previous) = stream;
}

void stream_loop_set_deadline(struct stream *stream, uint64_t from_now_ms) {
    struct stream_loop *loop = stream->loop;
    if (stream->due_ms != 0) {
        unlink_due(loop, stream);
    }
    if (from_now_ms > 0) {
        stream->due_ms = uv_now(loop->uv) + from_now_ms;
        link_due(loop, stream);
        if (loop->due_first == stream) {
            stream_loop_start_timer(loop);
        }
    }
}

// ---- its life -------------------------------------------------------------------------------

void stream_loop_add(struct stream_loop *loop, struct stream *stream) {
    stream->previous = NULL;
    stream->next = loop->streams;
    if (stream->next != NULL) {
        stream->next->previous = stream;
    }
    loop->streams = stream;
    loop->handles++;
}

void stream_loop_remove(struct stream_loop *loop, struct stream *stream) {
    stream_loop_set_deadline(stream, 0);
    *(stream->previous == NULL ? &loop->streams : &stream->previous->next) = stream->next;
    if (stream->next != NULL) {
        stream->next->previous = stream->previous;
    }
}

bool stream_loop_tell_held(struct stream_loop *loop) {
    size_t held = memory_counted(&loop->memory);
    size_t change = held > loop->told ? held - loop->told : loop->told - held;
    if (loop->owner.held != NULL && (change >= HELD_STEP || loop->is_full)) {
        loop->is_full = !loop->owner.held(loop->owner.context, loop->told, held);
        loop->told = held;
    }
    return !loop->is_full;
}

void stream_loop_let_go(struct stream_loop *loop) {
    ASSERT(loop->handles > 0);
    if (--loop->handles == 0 && loop->ended != NULL) {
        loop->ended(loop->context);
    }
}

void stream_loop_init(struct stream_loop *loop, uv_loop_t *uv, const struct stream_owner *owner) {
    *loop = (struct stream_loop){.uv = uv, .owner = *owner};
    memory_init(&loop->memory);
    memory_init(&loop->far_memory);
    pthread_mutex_init(&loop->lock, NULL);
    loop->read_buffer = memory_allocate(&loop->memory, STREAM_READ_BYTES);
    stream_scratch_init(&loop->scratch, &loop->memory);
}

void stream_loop_deinit(struct stream_loop *loop) {
    memory_free(&loop->memory, loop->read_buffer, STREAM_READ_BYTES);
    stream_scratch_deinit(&loop->scratch);
    memory_free(&loop->far_memory, loop->deals, loop->deal_capacity * sizeof *loop->deals);
    ASSERT(loop->memory.blocks_in_use == 0 && loop->far_memory.blocks_in_use == 0);
    pthread_mutex_destroy(&loop->lock);
}
