#include "session/load/load_link.h"

#include <stdio.h>
#include <stdlib.h>

#include "shell/clock.h"

#define READ_BYTES ((size_t)256 * 1024)

void load_hub_init(struct load_hub *hub, struct memory *memory, uint32_t link_count,
                   size_t packet_bytes) {
    hub->memory = memory;
    hub->link_count = link_count;
    hub->input_bytes = READ_BYTES + packet_bytes;
    hub->input = memory_allocate(memory, hub->input_bytes);
    hub->dirty = memory_allocate(memory, link_count * sizeof(struct load_link *));
}

void load_hub_deinit(struct load_hub *hub) {
    memory_free(hub->memory, hub->input, hub->input_bytes);
    memory_free(hub->memory, hub->dirty, hub->link_count * sizeof(struct load_link *));
}

bool load_hub_resolve(struct load_hub *hub, const char *host, uint64_t port, const char **why) {
    char service[8];
    (void)snprintf(service, sizeof service, "%u", (unsigned)(uint16_t)port);
    uv_getaddrinfo_t request;
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    int code = uv_getaddrinfo(hub->loop, &request, NULL, host, service, &hints);
    if (code != 0) {
        *why = uv_strerror(code);
        return false;
    }
    memcpy(&hub->address, request.addrinfo->ai_addr, request.addrinfo->ai_addrlen);
    uv_freeaddrinfo(request.addrinfo);
    return true;
}

void load_link_fail(struct load_link *link, const char *why) {
    if (link->is_open) {
        load_link_close(link);
        link->hub->failed(link, why);
    }
}

// ---- reading --------------------------------------------------------------------------------

static void provide(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer) {
    (void)suggested;
    struct load_link *link = handle->data;
    struct load_hub *hub = link->hub;
    if (link->rest.size > hub->input_bytes - READ_BYTES) {
        *buffer = uv_buf_init(NULL, 0); // UV_ENOBUFS follows
        return;
    }
    if (link->rest.size > 0) {
        memcpy(hub->input, link->rest.data, link->rest.size);
    }
    *buffer = uv_buf_init((char *)hub->input + link->rest.size, READ_BYTES);
}

static void keep_rest(struct load_link *link, const uint8_t *data, size_t size) {
    link->rest.size = 0;
    buffer_append(&link->rest, bytes_make(data, size));
}

static void take(uv_stream_t *stream, ssize_t got, const uv_buf_t *buffer) {
    (void)buffer;
    struct load_link *link = stream->data;
    if (got == 0 || !link->is_open) {
        return;
    }
    if (got < 0) {
        load_link_fail(link, got == UV_EOF ? "the broker closed the connection"
                             : got == UV_ENOBUFS
                                 ? "the broker sent a packet longer than any that was sent"
                                 : uv_strerror((int)got));
        return;
    }
    struct bytes input = {link->hub->input, link->rest.size + (size_t)got};
    size_t taken = load_client_receive(&link->client, input, clock_steady());
    if (link->client.state == LOAD_FAULTY) {
        load_link_fail(link, link->client.fault);
        return;
    }
    if (taken < input.size || link->rest.size > 0) {
        keep_rest(link, input.data + taken, input.size - taken);
    }
    if (link->client.state == LOAD_READY && !link->is_ready) {
        link->hub->client_is_ready(link);
    }
    load_link_note(link);
}

// ---- writing --------------------------------------------------------------------------------

static void take_written(uv_write_t *request, int status) {
    struct load_link *link = request->data;
    link->is_writing = false;
    if (status < 0) {
        load_link_fail(link, uv_strerror(status));
        return;
    }
    load_link_note(link);
    if (link->client.kind == LOAD_PUBLISHER && link->is_open) {
        load_ledger_wake(link->client.ledger, link->client.number);
    }
}

static void write_later(struct load_link *link) {
    struct buffer taken = link->writing;
    link->writing = link->client.out;
    link->client.out = taken;
    link->client.out.size = 0;
    link->is_writing = true;
    link->write.data = link;
    uv_buf_t buffer = uv_buf_init((char *)link->writing.data, (unsigned)link->writing.size);
    int code = uv_write(&link->write, &link->handle.stream, &buffer, 1, take_written);
    if (code != 0) {
        link->is_writing = false;
        load_link_fail(link, uv_strerror(code));
    }
}

static void flush(struct load_link *link) {
    link->is_dirty = false;
    struct buffer *out = &link->client.out;
    if (!link->is_open || link->is_writing || out->size == 0) {
        return;
    }
    link->said_at = clock_steady();
    uv_buf_t buffer = uv_buf_init((char *)out->data, (unsigned)out->size);
    int written = uv_try_write(&link->handle.stream, &buffer, 1);
    if (written < 0 && written != UV_EAGAIN) {
        load_link_fail(link, uv_strerror(written));
    } else if (written == (int)out->size) {
        out->size = 0;
    } else {
        buffer_consume(out, written > 0 ? (size_t)written : 0);
        write_later(link);
    }
}

void load_hub_flush(struct load_hub *hub) {
    for (uint32_t i = 0; i < hub->dirty_count; i++) {
        flush(hub->dirty[i]);
    }
    hub->dirty_count = 0;
}

// ---- opening and closing --------------------------------------------------------------------

static void take_connected(uv_connect_t *request, int status) {
    struct load_link *link = request->data;
    if (status == UV_ECANCELED) {
        return;
    }
    if (status == UV_ECONNREFUSED || status == UV_ENOENT) {
        load_link_fail(link, "connection refused: is a broker there?");
        return;
    }
    if (status < 0) {
        load_link_fail(link, uv_strerror(status));
        return;
    }
    if (link->hub->path == NULL) {
        (void)uv_tcp_nodelay(&link->handle.tcp, 1);
    }
    (void)uv_read_start(&link->handle.stream, provide, take);
    load_client_connect(&link->client);
    load_link_note(link);
}

int load_link_open(struct load_link *link, struct load_hub *hub) {
    link->hub = hub;
    buffer_init(&link->rest, hub->memory);
    buffer_init(&link->writing, hub->memory);
    link->connect.data = link;
    if (hub->path != NULL) {
        (void)uv_pipe_init(hub->loop, &link->handle.pipe, 0);
        link->handle.any.data = link;
        link->is_open = true;
        uv_pipe_connect(&link->connect, &link->handle.pipe, hub->path, take_connected);
        return 0;
    }
    (void)uv_tcp_init(hub->loop, &link->handle.tcp);
    link->handle.any.data = link;
    link->is_open = true;
    return uv_tcp_connect(&link->connect, &link->handle.tcp, (struct sockaddr *)&hub->address,
                          take_connected);
}

void load_link_close(struct load_link *link) {
    if (link->is_open) {
        link->is_open = false;
        uv_close(&link->handle.any, NULL);
    }
}

void load_link_trim(struct load_link *link) {
    if (!link->is_writing) {
        buffer_deinit(&link->client.out);
        buffer_deinit(&link->rest);
    }
}

void load_link_deinit(struct load_link *link) {
    if (link->hub != NULL) {
        buffer_deinit(&link->rest);
        buffer_deinit(&link->writing);
        load_client_deinit(&link->client);
    }
}
