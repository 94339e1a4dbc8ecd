#include "medium/stream.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/assert.h"
#include "medium/stream_listening.h"
#include "medium/stream_loop.h"

// What a socket did not take at once, left with libuv.
struct stream_write {
    uv_write_t request;
    struct stream *stream;
    size_t sent; // bytes of the owner's runs, to be told when they are gone
};

// ---- the end --------------------------------------------------------------------------------

static void free_stream(uv_handle_t *handle) {
    struct stream *stream = handle->data;
    struct stream_loop *loop = stream->loop;
    if (atomic_load_explicit(&stream->is_ready, memory_order_acquire)) {
        stream->is_gone = true;
        return;
    }
    memory_free(&loop->memory, stream, sizeof *stream);
    stream_loop_let_go(loop);
}

static void tell_closed(struct stream *stream) {
    struct stream_loop *loop = stream->loop;
    if (stream->user != NULL) {
        stream_loop_begin_batch(loop);
        loop->owner.closed(loop->owner.context, stream->user);
        stream->user = NULL;
        stream_loop_end_batch(loop);
    }
}

// libuv looks at the owner's runs no more after uv_close, so they may go with `closed`.
void stream_close(struct stream *stream) {
    ASSERT(stream->state != STREAM_CLOSED);
    stream->state = STREAM_CLOSED;
    stream_loop_remove(stream->loop, stream);
    uv_close(&stream->uv.handle, free_stream);
    stream_listening_forget(stream->listening, stream->address);
    tell_closed(stream);
}

// All is sent. Were the socket closed now with bytes unread, the peer could lose our last ones to a
// reset; so it is asked to close first, for a while.
static void finish(struct stream *stream) {
    uv_os_fd_t fd = -1;
    if (uv_fileno(&stream->uv.handle, &fd) != 0 || shutdown(fd, SHUT_WR) != 0) {
        stream_close(stream);
        return;
    }
    stream->state = STREAM_LINGERING;
    stream_loop_set_deadline(stream, STREAM_LINGER_MS);
    tell_closed(stream);
}

void stream_expire(struct stream *stream) {
    stream_close(stream);
}

// ---- reading --------------------------------------------------------------------------------

// A stream that always has more must not keep the loop from the others: no buffer makes libuv turn
// to them, and come back in the next round.
static void lend_buffer(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer) {
    (void)suggested;
    const struct stream *stream = handle->data;
    struct stream_loop *loop = stream->loop;
    loop->reads_in_a_row = loop->last_reader == stream ? loop->reads_in_a_row + 1 : 1;
    loop->last_reader = stream;
    bool is_enough = loop->reads_in_a_row > STREAM_READS_IN_A_ROW;
    *buffer = uv_buf_init((char *)loop->read_buffer, is_enough ? 0 : STREAM_READ_BYTES);
}

static void take_bytes(struct stream *stream, struct bytes bytes) {
    struct stream_loop *loop = stream->loop;
    stream_loop_begin_batch(loop);
    loop->owner.received(loop->owner.context, stream->user, bytes);
    stream_loop_end_batch(loop);
}

static void on_read(uv_stream_t *handle, ssize_t count, const uv_buf_t *buffer) {
    struct stream *stream = handle->data;
    if (count < 0 && count != UV_ENOBUFS) {
        stream_close(stream);
    } else if (count > 0 && stream->state == STREAM_OPEN) {
        take_bytes(stream, bytes_make(buffer->base, (size_t)count));
    }
}

// ---- writing --------------------------------------------------------------------------------

static void on_written(uv_write_t *request, int status) {
    struct stream_write *write = request->data;
    struct stream *stream = write->stream;
    struct stream_loop *loop = stream->loop;
    size_t sent = write->sent;
    memory_free(&loop->memory, write, sizeof *write);
    stream->writes--;
    if (stream->state != STREAM_OPEN) {
        return;
    }
    if (status != 0) {
        stream_close(stream);
        return;
    }
    stream_loop_begin_batch(loop);
    loop->owner.sent(loop->owner.context, stream->user, sent);
    stream_loop_end_batch(loop);
    stream_wake(stream);
}

static bool leave_with_libuv(struct stream *stream, uv_buf_t *runs, unsigned count, size_t sent) {
    struct stream_write *write = memory_allocate(&stream->loop->memory, sizeof *write);
    write->request.data = write;
    write->stream = stream;
    write->sent = sent;
    if (uv_write(&write->request, &stream->uv.stream, runs, count, on_written) != 0) {
        memory_free(&stream->loop->memory, write, sizeof *write);
        return false;
    }
    stream->writes++;
    return true;
}

// Cuts the runs to what one turn may send; the number of those that are left.
static unsigned cut_runs(const struct bytes *runs, unsigned count, uv_buf_t *cut, size_t *total) {
    unsigned used = 0;
    *total = 0;
    while (used < count && *total < STREAM_TURN_BYTES) {
        size_t room = STREAM_TURN_BYTES - *total;
        size_t size = runs[used].size < room ? runs[used].size : room;
        // libuv has no type for bytes that it only reads.
        cut[used] = uv_buf_init((char *)(uintptr_t)runs[used].data, (unsigned)size);
        used++;
        *total += size;
    }
    return used;
}

// Forgets the first `sent` bytes of the runs; the number of the first run that is left.
static unsigned skip_sent(uv_buf_t *runs, unsigned count, size_t sent) {
    unsigned at = 0;
    while (at < count && sent >= runs[at].len) {
        sent -= runs[at++].len;
    }
    if (at < count) {
        runs[at].base += sent;
        runs[at].len -= sent;
    }
    return at;
}

static void send_runs(struct stream *stream, struct stream_turn *turn, uv_buf_t *runs,
                      unsigned count, size_t total) {
    int written = uv_try_write(&stream->uv.stream, runs, count);
    if (written < 0 && written != UV_EAGAIN) {
        turn->has_failed = true;
        return;
    }
    turn->sent = written < 0 ? 0 : (size_t)written;
    if (turn->sent < total) {
        unsigned first = skip_sent(runs, count, turn->sent);
        turn->has_failed =
            !leave_with_libuv(stream, runs + first, count - first, total - turn->sent);
    }
}

void stream_take_turn(struct stream *stream, struct stream_turn *turn) {
    struct bytes runs[STREAM_RUNS];
    uv_buf_t cut[STREAM_RUNS];
    size_t total = 0;
    *turn = (struct stream_turn){.stream = stream};
    if (stream->state != STREAM_OPEN || stream->writes > 0) {
        return;
    }
    const struct stream_owner *owner = &stream->loop->owner;
    unsigned count = owner->output(owner->context, stream->user, runs, STREAM_RUNS);
    unsigned used = cut_runs(runs, count, cut, &total);
    turn->has_more = count == STREAM_RUNS || total >= STREAM_TURN_BYTES;
    if (total > 0) {
        send_runs(stream, turn, cut, used, total);
    }
}

// A wake that came meanwhile may bring more output: the stream is not closed before its turn.
static void look_at_end(struct stream *stream) {
    const struct stream_owner *owner = &stream->loop->owner;
    if (!owner->is_over(owner->context, stream->user)) {
        return;
    }
    if (stream->writes == 0 && !atomic_load_explicit(&stream->is_ready, memory_order_acquire)) {
        finish(stream);
    } else if (stream->due_ms == 0) {
        stream_loop_set_deadline(stream, STREAM_LAST_BYTES_MS);
    }
}

void stream_end_turn(struct stream *stream, const struct stream_turn *turn) {
    if (stream->state != STREAM_OPEN) {
        return;
    }
    if (turn->has_failed) {
        stream_close(stream);
        return;
    }
    if (turn->has_more && stream->writes == 0) {
        stream_wake(stream);
    }
    look_at_end(stream);
}

// ---- the start ------------------------------------------------------------------------------

static void find_place(const struct stream *stream, char place[STREAM_PLACE_MAX]) {
    struct sockaddr_storage address;
    char text[INET6_ADDRSTRLEN] = "?";
    int size = sizeof address;
    (void)snprintf(place, STREAM_PLACE_MAX, "unix");
    if (stream->listening->kind == STREAM_UNIX ||
        uv_tcp_getpeername(&stream->uv.tcp, (struct sockaddr *)&address, &size) != 0) {
        return;
    }
    if (address.ss_family == AF_INET) {
        const struct sockaddr_in *four = (const struct sockaddr_in *)&address;
        uv_inet_ntop(AF_INET, &four->sin_addr, text, sizeof text);
        (void)snprintf(place, STREAM_PLACE_MAX, "%s:%u", text, ntohs(four->sin_port));
    } else {
        const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)&address;
        bool is_four = IN6_IS_ADDR_V4MAPPED(&six->sin6_addr);
        uv_inet_ntop(is_four ? AF_INET : AF_INET6, six->sin6_addr.s6_addr + (is_four ? 12 : 0),
                     text, sizeof text);
        (void)snprintf(place, STREAM_PLACE_MAX, is_four ? "%s:%u" : "[%s]:%u", text,
                       ntohs(six->sin6_port));
    }
}

static void open_for_owner(struct stream *stream) {
    const struct stream_owner *owner = &stream->loop->owner;
    struct stream_info info = {.kind = stream->listening->kind,
                               .port = stream->listening->port};
    find_place(stream, info.place);
    stream->state = STREAM_OPEN;
    stream->user = owner->opened(owner->context, stream, &info);
    if (stream->user == NULL) {
        stream_close(stream);
    }
}

static int init_handle(struct stream *stream, int fd) {
    if (stream->listening->kind == STREAM_UNIX) {
        uv_pipe_init(stream->loop->uv, &stream->uv.pipe, 0);
        return uv_pipe_open(&stream->uv.pipe, fd);
    }
    uv_tcp_init(stream->loop->uv, &stream->uv.tcp);
    return uv_tcp_open(&stream->uv.tcp, fd);
}

void stream_start(struct stream_loop *loop, const struct stream_deal *deal) {
    struct stream *stream = memory_allocate(&loop->memory, sizeof *stream);
    stream->loop = loop;
    stream->listening = deal->listening;
    stream->address = deal->address;
    stream->state = STREAM_HANDSHAKE;
    stream_loop_add(loop, stream);
    int fault = init_handle(stream, deal->fd);
    stream->uv.handle.data = stream;
    if (fault != 0) {
        close(deal->fd);
        stream_close(stream);
        return;
    }
    if (uv_read_start(&stream->uv.stream, lend_buffer, on_read) != 0) {
        stream_close(stream);
        return;
    }
    open_for_owner(stream);
}
