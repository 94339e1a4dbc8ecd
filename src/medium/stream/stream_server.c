#include "medium/stream/stream_server.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "medium/stream/stream_error.h"
#include "medium/stream/stream_listening.h"
#include "medium/stream/stream.h"
#include "medium/stream/stream_loop.h"
#include "medium/stream/stream_rounds.h"

#define ACCEPTS 256 // of one listening socket, before others have their turn

struct stream_thread {
    struct stream_loop loop;
    uv_loop_t uv;
    pthread_t id;
};

// Listeners, bound from the start; loops, from stream_server_start on, of which the first is the
// caller's; last who is told when all is closed.
struct stream_server {
    struct stream_loop first;      // the caller's
    struct stream_thread *threads; // the other loops
    unsigned thread_count;
    unsigned threads_wanted; // beside the first loop's
    unsigned next;           // the loop that the next stream is dealt to; 0 is the first one
    struct stream_listening *listenings;
    unsigned listening_count;
    void (*done)(void *context);
    void *context;
};

// ---- accepting ------------------------------------------------------------------------------

static void deal_out(struct stream_server *server, const struct stream_deal *deal) {
    unsigned loop = server->next;
    server->next = loop == server->thread_count ? 0 : loop + 1;
    if (loop == 0) {
        stream_start(&server->first, deal);
    } else {
        stream_loop_deal(&server->threads[loop - 1].loop, deal);
    }
}

static void on_connections(uv_poll_t *poll, int status, int events) {
    struct stream_listening_socket *from = poll->data;
    struct stream_server *server = from->listening->context;
    const struct stream_owner *owner = &server->first.owner;
    struct stream_server_error notice;
    struct stream_deal deal;
    (void)status;
    (void)events;
    for (unsigned i = 0; i < ACCEPTS; i++) {
        bool is_found = stream_listening_accept(from, &deal, &notice);
        if (notice.text[0] != '\0') {
            owner->notice(owner->context, notice.text);
        }
        if (!is_found) {
            return;
        }
        deal_out(server, &deal);
    }
}

// ---- listening ------------------------------------------------------------------------------

static bool poll_socket(struct stream_server *server, struct stream_listening_socket *socket,
                        struct stream_server_error *error) {
    int fault = uv_poll_init(server->first.uv, &socket->poll, socket->fd);
    if (fault != 0) {
        return stream_error_set(error, "cannot listen: %s", uv_strerror(fault));
    }
    socket->poll.data = socket;
    socket->is_polled = true;
    server->first.handles++;
    uv_poll_start(&socket->poll, UV_READABLE, on_connections);
    return true;
}

static bool open_listeners(struct stream_server *server, const struct stream_server_options *how,
                           struct stream_server_error *error) {
    server->listenings = calloc(how->listener_count, sizeof *server->listenings);
    while (server->listening_count < how->listener_count) {
        unsigned number = server->listening_count++;
        struct stream_listening *listening = &server->listenings[number];
        if (!stream_listening_open(listening, &how->listeners[number], how, error)) {
            return false;
        }
        listening->context = server;
        listening->number = number;
    }
    return true;
}

static bool poll_listeners(struct stream_server *server, struct stream_server_error *error) {
    for (unsigned i = 0; i < server->listening_count; i++) {
        struct stream_listening *listening = &server->listenings[i];
        for (unsigned j = 0; j < listening->socket_count; j++) {
            if (!poll_socket(server, &listening->sockets[j], error)) {
                return false;
            }
        }
    }
    return true;
}

static void on_poll_closed(uv_handle_t *handle) {
    struct stream_listening_socket *socket = handle->data;
    struct stream_server *server = socket->listening->context;
    stream_loop_let_go(&server->first);
}

void stream_server_stop_listening(struct stream_server *server) {
    for (unsigned i = 0; i < server->listening_count; i++) {
        struct stream_listening *listening = &server->listenings[i];
        for (unsigned j = 0; j < listening->socket_count; j++) {
            if (listening->sockets[j].is_polled) {
                listening->sockets[j].is_polled = false;
                uv_close((uv_handle_t *)&listening->sockets[j].poll, on_poll_closed);
            }
        }
        stream_listening_close(listening);
    }
}

unsigned stream_server_share(const struct stream_server *server, unsigned listener, int *sockets,
                             unsigned most) {
    ASSERT(listener < server->listening_count);
    const struct stream_listening *listening = &server->listenings[listener];
    unsigned count = 0;
    for (unsigned i = 0; i < listening->socket_count && count < most; i++) {
        int fd = fcntl(listening->sockets[i].fd, F_DUPFD_CLOEXEC, 0);
        if (fd >= 0) {
            sockets[count++] = fd;
        }
    }
    return count;
}

void stream_server_leave_paths(struct stream_server *server) {
    for (unsigned i = 0; i < server->listening_count; i++) {
        stream_listening_leave_path(&server->listenings[i]);
    }
}

bool stream_server_reload(struct stream_server *server, struct stream_server_error *error) {
    for (unsigned i = 0; i < server->listening_count; i++) {
        if (!stream_listening_reload(&server->listenings[i], error)) {
            return false;
        }
    }
    for (unsigned i = 0; i < server->listening_count; i++) {
        stream_listening_renew(&server->listenings[i]);
    }
    return true;
}

bool stream_server_revokes(struct stream_server *server, const X509 *certificate) {
    bool is_revoked = false;
    for (unsigned i = 0; i < server->listening_count && !is_revoked; i++) {
        struct stream_listening *listening = &server->listenings[i];
        pthread_mutex_lock(&listening->lock);
        is_revoked = listening->tls != NULL && stream_tls_revokes(listening->tls, certificate);
        pthread_mutex_unlock(&listening->lock);
    }
    return is_revoked;
}

struct stream_loop *stream_server_loop(struct stream_server *server) {
    return &server->first;
}

uint16_t stream_server_port(const struct stream_server *server, unsigned listener) {
    ASSERT(listener < server->listening_count);
    return server->listenings[listener].port;
}

struct stream_listener_counts stream_server_counts(struct stream_server *server,
                                                   unsigned listener) {
    ASSERT(listener < server->listening_count);
    struct stream_listening *listening = &server->listenings[listener];
    pthread_mutex_lock(&listening->lock);
    struct stream_listener_counts counts = {listening->connections, listening->accepted,
                                            listening->refused, listening->bad_headers};
    pthread_mutex_unlock(&listening->lock);
    return counts;
}

// ---- threads --------------------------------------------------------------------------------

static void *run_thread(void *argument) {
    struct stream_thread *thread = argument;
    uv_ref((uv_handle_t *)&thread->loop.async);
    uv_run(&thread->uv, UV_RUN_DEFAULT);
    return NULL;
}

static int start_thread(struct stream_thread *thread, const struct stream_owner *owner) {
    int fault = uv_loop_init(&thread->uv);
    if (fault != 0) {
        return -fault;
    }
    stream_loop_init(&thread->loop, &thread->uv, owner);
    stream_rounds_start(&thread->loop);
    fault = pthread_create(&thread->id, NULL, run_thread, thread);
    if (fault != 0) {
        stream_rounds_close(&thread->loop);
        uv_run(&thread->uv, UV_RUN_DEFAULT);
        stream_loop_deinit(&thread->loop);
        uv_loop_close(&thread->uv);
    }
    return fault;
}

// Signals are for the caller's thread.
static bool start_threads(struct stream_server *server, unsigned count,
                          struct stream_server_error *error) {
    sigset_t all;
    sigset_t before;
    int fault = 0;
    if (count == 0) {
        return true;
    }
    server->threads = calloc(count, sizeof *server->threads);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (fault == 0 && server->thread_count < count) {
        fault = start_thread(&server->threads[server->thread_count], &server->first.owner);
        server->thread_count += fault == 0;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return fault == 0 ||
           stream_error_set(error, "cannot start thread %u: %s; ask for fewer threads",
                            server->thread_count + 2, strerror(fault));
}

static void end_threads(struct stream_server *server) {
    for (unsigned i = 0; i < server->thread_count; i++) {
        stream_loop_ask_to_end(&server->threads[i].loop);
    }
    for (unsigned i = 0; i < server->thread_count; i++) {
        struct stream_thread *thread = &server->threads[i];
        pthread_join(thread->id, NULL);
        stream_loop_deinit(&thread->loop);
        uv_loop_close(&thread->uv);
    }
    free(server->threads);
    server->threads = NULL;
    server->thread_count = 0;
}

// ---- its life -------------------------------------------------------------------------------

static void free_server(struct stream_server *server) {
    for (unsigned i = 0; i < server->listening_count; i++) {
        stream_listening_deinit(&server->listenings[i]);
    }
    free(server->listenings);
    free(server);
}

static void on_ended(void *context) {
    struct stream_server *server = context;
    void (*done)(void *context) = server->done;
    context = server->context;
    stream_loop_deinit(&server->first);
    free_server(server);
    if (done != NULL) {
        done(context);
    }
}

void stream_server_close(struct stream_server *server, void (*done)(void *context), void *context) {
    server->done = done;
    server->context = context;
    server->first.context = server;
    server->first.ended = on_ended;
    stream_server_stop_listening(server);
    end_threads(server);
    stream_rounds_close(&server->first);
}

void stream_server_unbind(struct stream_server *server) {
    ASSERT(server->first.uv == NULL);
    stream_server_stop_listening(server);
    free_server(server);
}

struct stream_server *stream_server_bind(const struct stream_server_options *how,
                                         struct stream_server_error *error) {
    struct stream_server *server = calloc(1, sizeof *server);
    server->threads_wanted = how->threads < 1 ? 0 : how->threads - 1;
    if (!open_listeners(server, how, error)) {
        stream_server_unbind(server);
        return NULL;
    }
    return server;
}

bool stream_server_start(struct stream_server *server, uv_loop_t *loop,
                         const struct stream_owner *owner, struct stream_server_error *error) {
    stream_loop_init(&server->first, loop, owner);
    stream_rounds_start(&server->first);
    if (!poll_listeners(server, error) || !start_threads(server, server->threads_wanted, error)) {
        stream_server_close(server, NULL, NULL);
        return false;
    }
    return true;
}

struct stream_server *stream_server_open(uv_loop_t *loop, const struct stream_server_options *how,
                                         const struct stream_owner *owner,
                                         struct stream_server_error *error) {
    struct stream_server *server = stream_server_bind(how, error);
    return server != NULL && stream_server_start(server, loop, owner, error) ? server : NULL;
}
