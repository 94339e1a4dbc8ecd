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

void stream_authority_write(const char *host, uint16_t port, bool is_tls,
                            char out[static STREAM_AUTHORITY_SIZE]) {
    bool is_usual = port == (is_tls ? 443 : 80);
    bool is_six = strchr(host, ':') != NULL;
    int size = snprintf(out, STREAM_AUTHORITY_SIZE, is_six ? "[%s]" : "%s", host);
    if (!is_usual && size > 0 && size < STREAM_AUTHORITY_SIZE) {
        (void)snprintf(out + size, STREAM_AUTHORITY_SIZE - (size_t)size, ":%u", port);
    }
}

static bool has_tls(const struct stream_target *target) {
    return target->kind == STREAM_TLS || target->kind == STREAM_WEBSOCKET_TLS;
}

static bool has_websocket(const struct stream_target *target) {
    return target->kind == STREAM_WEBSOCKET || target->kind == STREAM_WEBSOCKET_TLS;
}

bool stream_target_set(struct stream_target *target, const char *host, uint16_t port,
                       struct stream_server_error *error) {
    (void)snprintf(target->host, sizeof target->host, "%s", host);
    stream_authority_write(host, port, has_tls(target), target->authority);
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

// What the target points to stays where it is for the stream's life.
static struct stream_wrap *wrap_for(const struct stream_target *target, struct memory *memory) {
    struct stream_upgrade_request upgrade = {
        .path = target->path, .host = target->authority, .protocol = target->protocol};
    return stream_wrap_create_client(
        &(struct stream_wrap_client){.context = has_tls(target) ? target->tls : NULL,
                                     .host = target->host,
                                     .upgrade = has_websocket(target) ? &upgrade : NULL},
        memory);
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
    stream->wrap = wrap_for(target, &loop->memory);
    stream_loop_set_deadline(stream, target->connect_ms);
    int fault = begin(stream, &connecting->request);
    if (fault != 0) {
        memory_free(&loop->memory, connecting, sizeof *connecting);
        stream_begin(stream, fault);
        return NULL;
    }
    return stream;
}
