#include "medium/stream/stream_loop.h"

#include "base/assert.h"

#define TURNS 128       // told to the owner in one batch
#define HELD_STEP 65536 // bytes by which what the streams hold changes before it is told
#define ROUNDS 8        // of the ready list, before the loop looks for what has arrived

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

static void take_far_ready(struct stream_loop *loop) {
    pthread_mutex_lock(&loop->lock);
    struct stream_ready_list far = loop->far_ready;
    loop->far_ready = (struct stream_ready_list){NULL, NULL};
    pthread_mutex_unlock(&loop->lock);
    if (far.first == NULL) {
        return;
    }
    if (loop->ready.last == NULL) {
        loop->ready.first = far.first;
    } else {
        loop->ready.last->next_ready = far.first;
    }
    loop->ready.last = far.last;
}

// NULL at the end of the list. Frees those that have gone meanwhile.
static struct stream *take_ready(struct stream_loop *loop, struct stream **from) {
    while (*from != NULL) {
        struct stream *stream = *from;
        *from = stream->next_ready;
        atomic_store_explicit(&stream->is_ready, false, memory_order_release);
        if (!stream->is_gone) {
            return stream;
        }
        memory_free(&loop->memory, stream, sizeof *stream);
        stream_loop_let_go(loop);
    }
    return NULL;
}

// ---- turns ----------------------------------------------------------------------------------

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

static void run_round(struct stream_loop *loop) {
    struct stream_turn turns[TURNS];
    struct stream *list = loop->ready.first;
    loop->ready = (struct stream_ready_list){NULL, NULL};
    while (list != NULL) {
        unsigned count = 0;
        while (count < TURNS && (turns[count].stream = take_ready(loop, &list)) != NULL) {
            stream_take_turn(turns[count].stream, &turns[count]);
            count++;
        }
        tell_turns(loop, turns, count);
        for (unsigned i = 0; i < count; i++) {
            stream_end_turn(turns[i].stream, &turns[i]);
        }
    }
}

static void run_turns(struct stream_loop *loop) {
    for (unsigned i = 0; i < ROUNDS && loop->ready.first != NULL; i++) {
        run_round(loop);
    }
}

static void do_nothing(uv_idle_t *idle) {
    (void)idle;
}

// What is still ready gets its turn after a look at what has arrived.
static void keep_awake(struct stream_loop *loop) {
    bool is_needed = loop->ready.first != NULL;
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
        stream_loop_close(loop);
    }
}

// ---- deadlines ------------------------------------------------------------------------------

static void on_timer(uv_timer_t *timer);

static void start_timer(struct stream_loop *loop) {
    if (loop->due_first != NULL) {
        uint64_t now = uv_now(loop->uv);
        uint64_t due = loop->due_first->due_ms;
        uv_timer_start(&loop->timer, on_timer, due > now ? due - now : 0, 0);
    }
}

static void on_timer(uv_timer_t *timer) {
    struct stream_loop *loop = timer->data;
    while (loop->due_first != NULL && loop->due_first->due_ms <= uv_now(loop->uv)) {
        struct stream *stream = loop->due_first;
        stream_loop_set_deadline(stream, 0);
        stream_expire(stream);
    }
    start_timer(loop);
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
            start_timer(loop);
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

// None of these keeps the caller's loop running: its streams and listeners do.
static void init_handles(struct stream_loop *loop) {
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

void stream_loop_init(struct stream_loop *loop, uv_loop_t *uv, const struct stream_owner *owner) {
    *loop = (struct stream_loop){.uv = uv, .owner = *owner};
    memory_init(&loop->memory);
    memory_init(&loop->far_memory);
    pthread_mutex_init(&loop->lock, NULL);
    loop->read_buffer = memory_allocate(&loop->memory, STREAM_READ_BYTES);
    stream_scratch_init(&loop->scratch, &loop->memory);
    init_handles(loop);
}

void stream_loop_deinit(struct stream_loop *loop) {
    memory_free(&loop->memory, loop->read_buffer, STREAM_READ_BYTES);
    stream_scratch_deinit(&loop->scratch);
    memory_free(&loop->far_memory, loop->deals, loop->deal_capacity * sizeof *loop->deals);
    ASSERT(loop->memory.blocks_in_use == 0 && loop->far_memory.blocks_in_use == 0);
    pthread_mutex_destroy(&loop->lock);
}

static void on_closed(uv_handle_t *handle) {
    stream_loop_let_go(handle->data);
}

void stream_loop_close(struct stream_loop *loop) {
    uv_handle_t *handles[] = {(uv_handle_t *)&loop->async, (uv_handle_t *)&loop->prepare,
                              (uv_handle_t *)&loop->check, (uv_handle_t *)&loop->idle,
                              (uv_handle_t *)&loop->timer};
    while (loop->streams != NULL) {
        stream_close(loop->streams);
    }
    // Nobody wakes a stream any more.
    take_far_ready(loop);
    struct stream *list = loop->ready.first;
    loop->ready = (struct stream_ready_list){NULL, NULL};
    while (take_ready(loop, &list) != NULL) {
    }
    for (size_t i = 0; i < sizeof handles / sizeof handles[0]; i++) {
        uv_close(handles[i], on_closed);
    }
}
