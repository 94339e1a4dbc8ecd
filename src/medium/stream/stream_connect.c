#include "medium/stream/stream_connect.h"

#include <stdio.h>
#include <string.h>

#include "medium/stream/stream.h"
#include "medium/stream/stream_error.h"
#include "medium/stream/stream_loop.h"

struct connecting {
    uv_connect_t request;
    struct stream *stream;
    struct stream_loop *loop;
};

bool stream_target_set(struct stream_target *target, const char *host, uint16_t port,
                       struct stream_server_error *error) {
    (void)snprintf(target->host, sizeof target->host, "%s", host);
    if (target->kind == STREAM_UNIX) {
        return true;
    }
    char service[8];
    (void)snprintf(service, sizeof service, "%u", port);
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found;
    int fault = getaddrinfo(host, service, &hints, &found);
    if (fault != 0) {
        return stream_error_set(error, "%s: %s", host, gai_strerror(fault));
    }
    memcpy(&target->address, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    return true;
}

// The stream may be closed, but not gone: its handle is closed after this.
static void on_connected(uv_connect_t *request, int status) {
    struct connecting *connecting = request->data;
    struct stream *stream = connecting->stream;
    memory_free(&connecting->loop->memory, connecting, sizeof *connecting);
    stream_begin(stream, status);
}

static int begin(struct stream *stream, uv_connect_t *request) {
    const struct stream_target *target = stream->target;
    if (target->kind == STREAM_UNIX) {
        uv_pipe_connect(request, &stream->uv.pipe, target->host, on_connected);
        return 0;
    }
    (void)uv_tcp_nodelay(&stream->uv.tcp, 1);
    return uv_tcp_connect(request, &stream->uv.tcp, (const struct sockaddr *)&target->address,
                          on_connected);
}

struct stream *stream_connect(struct stream_loop *loop, const struct stream_target *target,
                              void *user) {
    struct stream *stream = memory_allocate(&loop->memory, sizeof *stream);
    struct connecting *connecting = memory_allocate(&loop->memory, sizeof *connecting);
    stream->loop = loop;
    stream->target = target;
    stream->user = user;
    stream->state = STREAM_HANDSHAKE;
    stream_loop_add(loop, stream);
    if (target->kind == STREAM_UNIX) {
        uv_pipe_init(loop->uv, &stream->uv.pipe, 0);
    } else {
        uv_tcp_init(loop->uv, &stream->uv.tcp);
    }
    stream->uv.handle.data = stream;
    *connecting = (struct connecting){.stream = stream, .loop = loop};
    connecting->request.data = connecting;
    stream->wrap = target->kind == STREAM_TLS
                       ? stream_wrap_create_client(target->tls, target->host, &loop->memory)
                       : NULL;
    stream_loop_set_deadline(stream, target->connect_ms);
    int fault = begin(stream, &connecting->request);
    if (fault != 0) {
        memory_free(&loop->memory, connecting, sizeof *connecting);
        stream_begin(stream, fault);
        return NULL;
    }
    return stream;
}
