#include "medium/stream/stream.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/assert.h"
#include "medium/stream/stream_listening.h"
#include "medium/stream/stream_loop.h"

// What a socket did not take at once, left with libuv.
struct stream_write {
    uv_write_t request;
    struct stream *stream;
    size_t sent; // bytes of the owner's runs, to be told when they are gone
    size_t size; // of the copy; 0: these are the owner's runs
    uint8_t copy[];
};

// So much that its peer does not take, answers to pings and the like, makes a stream fail; with
// what it takes to keep them, for each may be tiny.
#define ANSWERS_MAX (1024u * 1024)
#define FAULT_BYTES 256 // of a text

static void lend_buffer(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer);
static void on_read(uv_stream_t *handle, ssize_t count, const uv_buf_t *buffer);
static void take_wrapped(struct stream *stream, struct bytes bytes);

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

static void free_write(struct stream_loop *loop, struct stream_write *write) {
    memory_free(&loop->memory, write, sizeof *write + write->size);
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
    if (stream->listening != NULL) {
        stream_listening_forget(stream->listening, stream->address);
    }
    stream_wrap_destroy(stream->wrap, &stream->loop->memory);
    stream->wrap = NULL;
    tell_closed(stream);
    (void)stream_loop_tell_held(stream->loop);
}

static void close_our_end(struct stream *stream) {
    uv_os_fd_t fd = -1;
    if (uv_fileno(&stream->uv.handle, &fd) != 0 || shutdown(fd, SHUT_WR) != 0) {
        stream_close(stream);
    }
}

// All of the owner's is sent. Were the socket closed now with bytes unread, the peer could lose our
// last ones to a reset; so it is asked to close first, for a while.
static void finish(struct stream *stream) {
    stream->state = STREAM_LINGERING;
    if (stream->is_held) {
        stream->is_held = false;
        (void)uv_read_start(&stream->uv.stream, lend_buffer, on_read); // to see the peer's end
    }
    stream_loop_set_deadline(stream, STREAM_LINGER_MS);
    tell_closed(stream);
    if (stream->writes == 0) {
        close_our_end(stream);
    }
    if (stream->is_ended && stream->writes == 0 && stream->state != STREAM_CLOSED) {
        stream_close(stream); // both ends are closed
    }
}

// ---- writing --------------------------------------------------------------------------------

static void tell_sent(struct stream *stream, size_t sent) {
    struct stream_loop *loop = stream->loop;
    if (sent > 0) {
        stream_loop_begin_batch(loop);
        loop->owner.sent(loop->owner.context, stream->user, sent);
        stream_loop_end_batch(loop);
    }
}

static void on_written(uv_write_t *request, int status) {
    struct stream_write *write = request->data;
    struct stream *stream = write->stream;
    size_t sent = write->sent;
    free_write(stream->loop, write);
    stream->writes--;
    if (stream->state == STREAM_CLOSED) {
        return;
    }
    if (status != 0) {
        stream_close(stream);
    } else if (stream->state == STREAM_OPEN) {
        tell_sent(stream, sent);
        stream_wake(stream);
    } else if (stream->state == STREAM_LINGERING && stream->writes == 0) {
        close_our_end(stream);
    }
}

static bool leave_with_libuv(struct stream_write *write, const uv_buf_t *runs, unsigned count) {
    struct stream *stream = write->stream;
    write->request.data = write;
    if (uv_write(&write->request, &stream->uv.stream, runs, count, on_written) != 0) {
        free_write(stream->loop, write);
        return false;
    }
    stream->writes++;
    return true;
}

// The runs stay as they are until they are told sent.
static bool leave_runs(struct stream *stream, const uv_buf_t *runs, unsigned count, size_t sent) {
    struct stream_write *write = memory_allocate(&stream->loop->memory, sizeof *write);
    write->stream = stream;
    write->sent = sent;
    return leave_with_libuv(write, runs, count);
}

static bool leave_copy(struct stream *stream, struct bytes bytes) {
    struct stream_write *write =
        memory_resize(&stream->loop->memory, NULL, 0, sizeof *write + bytes.size);
    write->stream = stream;
    write->sent = 0;
    write->size = bytes.size;
    memcpy(write->copy, bytes.data, bytes.size);
    (void)stream_loop_tell_held(stream->loop);
    uv_buf_t run = uv_buf_init((char *)write->copy, (unsigned)bytes.size);
    return leave_with_libuv(write, &run, 1);
}

// Sends what TLS and WebSocket have made.
static bool send_scratch(struct stream *stream) {
    struct buffer *out = &stream->loop->scratch.out;
    struct bytes rest = buffer_bytes(out);
    out->size = 0;
    if (rest.size == 0) {
        return true;
    }
    uv_buf_t run = uv_buf_init((char *)(uintptr_t)rest.data, (unsigned)rest.size);
    int written = uv_try_write(&stream->uv.stream, &run, 1);
    if (written < 0 && written != UV_EAGAIN) {
        return false;
    }
    size_t sent = written < 0 ? 0 : (size_t)written;
    size_t waiting = uv_stream_get_write_queue_size(&stream->uv.stream) +
                     stream->writes * sizeof(struct stream_write);
    return sent == rest.size ||
           (waiting < ANSWERS_MAX &&
            leave_copy(stream, bytes_make(rest.data + sent, rest.size - sent)));
}

// Cuts the runs to what one turn may send; the number of those that are left.
static unsigned cut_runs(struct bytes *runs, unsigned count, size_t *total) {
    unsigned used = 0;
    *total = 0;
    while (used < count && *total < STREAM_TURN_BYTES) {
        size_t room = STREAM_TURN_BYTES - *total;
        runs[used].size = runs[used].size < room ? runs[used].size : room;
        *total += runs[used++].size;
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

static void send_runs(struct stream *stream, struct stream_turn *turn, const struct bytes *given,
                      unsigned count, size_t total) {
    uv_buf_t runs[STREAM_RUNS];
    for (unsigned i = 0; i < count; i++) {
        // libuv has no type for bytes that it only reads.
        runs[i] = uv_buf_init((char *)(uintptr_t)given[i].data, (unsigned)given[i].size);
    }
    int written = uv_try_write(&stream->uv.stream, runs, count);
    if (written < 0 && written != UV_EAGAIN) {
        turn->has_failed = true;
        return;
    }
    turn->sent = written < 0 ? 0 : (size_t)written;
    if (turn->sent < total) {
        unsigned first = skip_sent(runs, count, turn->sent);
        turn->has_failed = !leave_runs(stream, runs + first, count - first, total - turn->sent);
    }
}

static void send_wrapped(struct stream *stream, struct stream_turn *turn, const struct bytes *runs,
                         unsigned count, size_t total) {
    turn->sent = total;
    turn->has_failed = !stream_wrap_put(stream->wrap, &stream->loop->scratch, runs, count) ||
                       !send_scratch(stream);
}

void stream_take_turn(struct stream *stream, struct stream_turn *turn) {
    struct bytes runs[STREAM_RUNS];
    size_t total = 0;
    *turn = (struct stream_turn){.stream = stream};
    if (stream->state != STREAM_OPEN || stream->writes > 0) {
        return;
    }
    const struct stream_owner *owner = &stream->loop->owner;
    unsigned count = owner->output(owner->context, stream->user, runs, STREAM_RUNS);
    unsigned used = cut_runs(runs, count, &total);
    turn->has_more = count == STREAM_RUNS || total >= STREAM_TURN_BYTES;
    if (total > 0 && stream->wrap == NULL) {
        send_runs(stream, turn, runs, used, total);
    } else if (total > 0) {
        send_wrapped(stream, turn, runs, used, total);
    }
}

// What the kernel still has to send is thrown away, and a reset takes its place.
static void reset(struct stream *stream) {
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    uv_os_fd_t fd = -1;
    if (uv_fileno(&stream->uv.handle, &fd) == 0) {
        (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    stream_close(stream);
}

void stream_end_abruptly(struct stream *stream) {
    stream->is_abrupt = true;
}

static void say_end(struct stream *stream) {
    if (stream->is_abrupt) {
        reset(stream);
        return;
    }
    if (stream->wrap != NULL) {
        stream_wrap_end(stream->wrap, &stream->loop->scratch);
        if (!send_scratch(stream)) {
            stream_close(stream);
            return;
        }
    }
    finish(stream);
}

// A wake that came meanwhile may bring more output: the stream is not closed before its turn.
static void look_at_end(struct stream *stream) {
    const struct stream_owner *owner = &stream->loop->owner;
    if (!owner->is_over(owner->context, stream->user)) {
        return;
    }
    if (stream->writes == 0 && !atomic_load_explicit(&stream->is_ready, memory_order_acquire)) {
        say_end(stream);
    } else if (stream->due_ms == 0) {
        stream_loop_set_deadline(stream, STREAM_LAST_BYTES_MS);
    }
}

// Who has had its turn with what it sent goes on with the rest of it in the next one, and only then
// is read again.
static bool read_on(struct stream *stream) {
    const struct stream_owner *owner = &stream->loop->owner;
    stream->is_held = !owner->takes_input(owner->context, stream->user);
    if (!stream->is_held && stream_wrap_has_rest(stream->wrap)) {
        take_wrapped(stream, bytes_make(NULL, 0));
    }
    bool is_read = !stream->is_held && !stream->is_ended && stream->state != STREAM_CLOSED;
    int fault = is_read ? uv_read_start(&stream->uv.stream, lend_buffer, on_read) : 0;
    return fault == 0 || fault == UV_EALREADY; // it ended, and the peer's end is awaited
}

void stream_end_turn(struct stream *stream, const struct stream_turn *turn) {
    if (stream->state != STREAM_OPEN) {
        return;
    }
    if (turn->has_failed || (stream->is_held && !read_on(stream))) {
        stream_close(stream);
        return;
    }
    if (stream->state != STREAM_OPEN) {
        return; // it came to its end in what it had sent
    }
    if (turn->has_more && stream->writes == 0) {
        stream_wake(stream);
    }
    look_at_end(stream);
}

// ---- opening ------------------------------------------------------------------------------------

// Where it comes from, as a proxy has said or else as the socket says.
static struct sockaddr_storage find_address(const struct stream *stream) {
    struct sockaddr_storage address = {.ss_family = AF_UNIX};
    int size = sizeof address;
    const struct stream_proxy *proxy = stream->wrap == NULL ? NULL : stream->wrap->proxy;
    if (proxy != NULL && proxy->names_address) {
        return proxy->address;
    }
    if (stream->listening->kind != STREAM_UNIX) {
        (void)uv_tcp_getpeername(&stream->uv.tcp, (struct sockaddr *)&address, &size);
    }
    return address;
}

static void find_place(const struct stream *stream, char place[STREAM_PLACE_MAX]) {
    struct sockaddr_storage address = find_address(stream);
    char text[INET6_ADDRSTRLEN] = "?";
    if (address.ss_family == AF_INET) {
        const struct sockaddr_in *four = (const struct sockaddr_in *)&address;
        uv_inet_ntop(AF_INET, &four->sin_addr, text, sizeof text);
        (void)snprintf(place, STREAM_PLACE_MAX, "%s:%u", text, ntohs(four->sin_port));
    } else if (address.ss_family != AF_INET6) {
        (void)snprintf(place, STREAM_PLACE_MAX, "unix");
    } else {
        const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)&address;
        bool is_four = IN6_IS_ADDR_V4MAPPED(&six->sin6_addr);
        uv_inet_ntop(is_four ? AF_INET : AF_INET6, six->sin6_addr.s6_addr + (is_four ? 12 : 0),
                     text, sizeof text);
        (void)snprintf(place, STREAM_PLACE_MAX, is_four ? "%s:%u" : "[%s]:%u", text,
                       ntohs(six->sin6_port));
    }
}

static void tell_connected(struct stream *stream, const char *fault) {
    const struct stream_owner *owner = &stream->loop->owner;
    stream_loop_begin_batch(stream->loop);
    owner->connected(owner->context, stream->user, fault);
    stream_loop_end_batch(stream->loop);
}

static void open_for_owner(struct stream *stream) {
    const struct stream_owner *owner = &stream->loop->owner;
    if (stream->target != NULL) {
        stream->state = STREAM_OPEN;
        tell_connected(stream, NULL);
        stream_wake(stream);
        return;
    }
    struct stream_info info = {.kind = stream->listening->kind,
                               .port = stream->listening->port,
                               .listener = stream->listening->number,
                               .address = stream->address};
    find_place(stream, info.place);
    if (stream->wrap != NULL && stream->wrap->tls != NULL) {
        info.certificate = stream_tls_certificate(stream->wrap->tls);
    }
    stream->state = STREAM_OPEN;
    stream->user = owner->opened(owner->context, stream, &info);
    if (stream->user == NULL) {
        stream_close(stream);
    } else if (stream->wrap != NULL) {
        stream_wrap_forget_proxy(stream->wrap, &stream->loop->memory);
    }
}

// ---- proxies --------------------------------------------------------------------------------

static void tell_notice(struct stream *stream, const struct stream_server_error *notice) {
    const struct stream_owner *owner = &stream->loop->owner;
    if (notice->text[0] != '\0') {
        owner->notice(owner->context, notice->text);
    }
}

static bool awaits_header(const struct stream *stream) {
    return stream->wrap != NULL && stream->wrap->proxy != NULL &&
           stream->wrap->proxy->state == STREAM_PROXY_HEADER;
}

// The header is wrong, or will not come any more.
static void tell_bad_header(struct stream *stream, const char *why) {
    char place[STREAM_PLACE_MAX];
    struct stream_server_error notice;
    find_place(stream, place);
    stream_listening_note_header(stream->listening, place, why, &notice);
    tell_notice(stream, &notice);
}

// Takes the header of the proxy off the front. True: all of it is there.
static bool take_header(struct stream *stream, struct bytes *bytes) {
    struct stream_proxy *proxy = stream->wrap->proxy;
    struct stream_server_error notice;
    switch (stream_proxy_take(proxy, bytes)) {
    case STREAM_PROXY_HEADER:
        return false;
    case STREAM_PROXY_FAILED:
        tell_bad_header(stream, proxy->fault);
        stream_close(stream);
        return false;
    case STREAM_PROXY_DONE:
        break;
    }
    struct sockaddr_storage address = find_address(stream);
    if (!stream_listening_name(stream->listening, &address, &stream->address, &notice)) {
        tell_notice(stream, &notice);
        stream_close(stream);
        return false;
    }
    return true;
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
    unsigned halvings = stream->wrap == NULL ? 0 : stream->wrap->halvings;
    bool is_enough = loop->reads_in_a_row > (halvings > 0 ? 1 : STREAM_READS_IN_A_ROW);
    size_t size = stream->was_held ? STREAM_HELD_BYTES : STREAM_READ_BYTES;
    *buffer = uv_buf_init((char *)loop->read_buffer, is_enough ? 0 : (unsigned)size >> halvings);
}

static void take_bytes(struct stream *stream, struct bytes bytes) {
    struct stream_loop *loop = stream->loop;
    stream_loop_begin_batch(loop);
    stream->is_held = !loop->owner.received(loop->owner.context, stream->user, bytes);
    stream->was_held = stream->is_held;
    stream_loop_end_batch(loop);
    if (stream->is_held) {
        uv_read_stop(&stream->uv.stream);
    }
}

static bool is_owed_something(struct stream *stream) {
    struct stream_loop *loop = stream->loop;
    if (loop->owner.ended == NULL) {
        return false;
    }
    stream_loop_begin_batch(loop);
    bool result = loop->owner.ended(loop->owner.context, stream->user);
    stream_loop_end_batch(loop);
    return result;
}

// The peer has closed its side. It still gets what it is owed, for so long.
static void end_input(struct stream *stream) {
    uv_read_stop(&stream->uv.stream);
    stream->is_ended = true;
    stream->is_held = false;
    if (!is_owed_something(stream)) {
        say_end(stream);
    } else if (stream->due_ms == 0) { // else it was over before
        stream_loop_set_deadline(stream, STREAM_LAST_BYTES_MS);
    }
}

// Why a stream that we opened came to nothing.
static void tell_fault(struct stream *stream) {
    char text[FAULT_BYTES];
    const char *why;
    const char *what = stream_wrap_fault(stream->wrap, &why);
    (void)snprintf(text, sizeof text, "%s%s%s",
                   what == NULL ? stream_wrap_broken(stream->wrap) : what, why == NULL ? "" : ": ",
                   why == NULL ? "" : why);
    tell_connected(stream, text);
}

static void tell_broken(struct stream *stream) {
    char text[FAULT_BYTES];
    (void)snprintf(text, sizeof text, "%s: the broker closed the connection",
                   stream_wrap_broken(stream->wrap));
    tell_connected(stream, text);
}

// Nothing but the proxy stood in between.
static void unwrap(struct stream *stream, struct bytes bytes) {
    stream_loop_set_deadline(stream, 0);
    open_for_owner(stream);
    if (stream->state == STREAM_OPEN) {
        stream_wrap_destroy(stream->wrap, &stream->loop->memory);
        stream->wrap = NULL;
    }
    if (bytes.size > 0 && stream->state == STREAM_OPEN) {
        take_bytes(stream, bytes);
    }
}

// The others have their turn first.
static void hold_for_rest(struct stream *stream) {
    stream->is_held = true;
    uv_read_stop(&stream->uv.stream);
    stream_wake(stream);
}

static void take_wrapped(struct stream *stream, struct bytes bytes) {
    if (awaits_header(stream)) {
        if (!take_header(stream, &bytes)) {
            return;
        }
        if (!stream_wrap_is_needed(stream->wrap)) {
            unwrap(stream, bytes);
            return;
        }
    }
    if (bytes.size == 0 && stream->target == NULL && !stream_wrap_has_rest(stream->wrap)) {
        return;
    }
    struct stream_scratch *scratch = &stream->loop->scratch;
    struct bytes payload;
    enum stream_wrap_state state = stream_wrap_take(stream->wrap, scratch, bytes, &payload);
    if (!send_scratch(stream)) {
        stream_close(stream);
        return;
    }
    if (state == STREAM_WRAP_OPEN && stream->state == STREAM_HANDSHAKE) {
        stream_loop_set_deadline(stream, 0);
        open_for_owner(stream);
    }
    if (payload.size > 0 && stream->state == STREAM_OPEN) {
        take_bytes(stream, payload);
    }
    if (state == STREAM_WRAP_ENDED && stream->state == STREAM_HANDSHAKE && stream->target != NULL) {
        tell_fault(stream);
        stream_close(stream);
    } else if (state == STREAM_WRAP_ENDED && stream->state != STREAM_CLOSED) {
        say_end(stream);
    } else if (stream->state == STREAM_OPEN && stream_wrap_has_rest(stream->wrap)) {
        hold_for_rest(stream);
    } else if (state == STREAM_WRAP_HALF && stream->state == STREAM_OPEN) {
        end_input(stream);
    }
}

static void on_read(uv_stream_t *handle, ssize_t count, const uv_buf_t *buffer) {
    struct stream *stream = handle->data;
    if (count == UV_EOF && stream->state == STREAM_OPEN) {
        end_input(stream);
    } else if (count < 0 && count != UV_ENOBUFS) {
        if (stream->target != NULL && stream->state == STREAM_HANDSHAKE) {
            tell_broken(stream);
        } else if (awaits_header(stream) && stream->wrap->proxy->count > 0) {
            tell_bad_header(stream, "its PROXY header ended too early");
        }
        stream_close(stream);
    } else if (count > 0 && stream->state != STREAM_LINGERING) {
        struct bytes bytes = bytes_make(buffer->base, (size_t)count);
        stream->wrap == NULL ? take_bytes(stream, bytes) : take_wrapped(stream, bytes);
    }
}

// ---- the start ----------------------------------------------------------------------------------

void stream_expire(struct stream *stream) {
    if (stream->target != NULL && stream->state == STREAM_HANDSHAKE) {
        tell_connected(stream, "no answer in time");
    } else if (awaits_header(stream)) {
        tell_bad_header(stream, "its PROXY header did not come in time");
    }
    stream_close(stream);
}

void stream_begin(struct stream *stream, int fault) {
    if (stream->state == STREAM_CLOSED) {
        return;
    }
    fault = fault != 0 ? fault : uv_read_start(&stream->uv.stream, lend_buffer, on_read);
    if (fault != 0) {
        tell_connected(stream, uv_strerror(fault));
        stream_close(stream);
        return;
    }
    if (stream->wrap != NULL) {
        take_wrapped(stream, bytes_make(NULL, 0)); // it speaks first
        return;
    }
    stream_loop_set_deadline(stream, 0);
    open_for_owner(stream);
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
    if (stream_listening_has_wrap(deal->listening) && !stream_loop_tell_held(loop)) {
        close(deal->fd);
        stream_listening_forget(deal->listening, deal->address);
        return;
    }
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
    stream->wrap = stream_listening_wrap(stream->listening, &loop->memory);
    if (stream->wrap == NULL) {
        open_for_owner(stream);
    } else {
        stream_loop_set_deadline(stream, stream->listening->handshake_ms);
    }
}
