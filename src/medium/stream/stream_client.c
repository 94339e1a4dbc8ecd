#include "medium/stream/stream_client.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/assert.h"
#include "medium/stream/stream_connect.h"
#include "medium/stream/stream_socks.h"
#include "medium/stream/wrap/stream_wrap.h"

#define READ_BYTES 65536u
#define LAST_BYTES_MS 3000 // that a peer is given to take what was said last
#define WHY_BYTES 512

enum client_state {
    CLIENT_IDLE,
    CLIENT_RESOLVING,
    CLIENT_CONNECTING,
    CLIENT_PROXYING, // the proxy is told where to
    CLIENT_SHAKING,  // TLS or WebSocket
    CLIENT_OPEN,
    CLIENT_LEAVING, // what was written has to go
    CLIENT_CLOSING, // libuv has to let go of the socket
};

// A socket and what libuv needs for it; it lives until libuv has let go of it.
struct socket {
    union {
        uv_handle_t handle;
        uv_stream_t stream;
        uv_tcp_t tcp;
        uv_pipe_t pipe;
    } uv;
    uv_connect_t connect;
    struct stream_client *client; // NULL: nobody wants to know of it any more
};

struct writing {
    uv_write_t request;
    struct stream_client *client;
    struct socket *socket;
    size_t size;
    uint8_t bytes[];
};

// `socket` is there from CLIENT_CONNECTING on. `why` is what `closed` will be told: a sentence, or
// empty if the broker closed it.
struct stream_client {
    uv_loop_t *loop;
    struct stream_client_events events;
    const char *protocol;
    SSL_CTX *context;
    struct memory memory;
    const struct stream_route *route; // NULL: the direct one
    struct stream_socks socks;
    struct stream_socks_target socks_target;
    struct stream_url url;
    char host[STREAM_AUTHORITY_SIZE]; // of the HTTP request
    enum client_state state;
    struct socket *socket;
    uv_getaddrinfo_t *resolving; // NULL: nothing is looked up
    struct addrinfo *addresses;
    const struct addrinfo *next;
    struct stream_wrap *wrap; // NULL: neither TLS nor WebSocket
    bool is_told;             // `opened` was
    bool reads;
    unsigned writes; // that libuv has not done yet
    uv_timer_t *timer;
    char why[WHY_BYTES];
    struct stream_scratch scratch; // of a call
    uint8_t input[READ_BYTES];
};

// ---- the end ----------------------------------------------------------------------------------

static void set_why(struct stream_client *client, const char *what, const char *why) {
    (void)snprintf(client->why, sizeof client->why, "%s%s%s", what, why == NULL ? "" : ": ",
                   why == NULL ? "" : why);
}

// What was written may hold a password.
static void wipe(struct buffer *buffer) {
    if (buffer->capacity > 0) {
        sodium_memzero(buffer->data, buffer->capacity);
    }
}

static void free_wrap(struct stream_client *client) {
    stream_wrap_destroy(client->wrap, &client->memory);
    client->wrap = NULL;
    wipe(&client->scratch.out);
    wipe(&client->scratch.plain);
    wipe(&client->scratch.frames);
    stream_scratch_deinit(&client->scratch);
}

static void free_addresses(struct stream_client *client) {
    if (client->addresses != NULL) {
        uv_freeaddrinfo(client->addresses);
    }
    client->addresses = NULL;
    client->next = NULL;
}

// All of it is gone: the owner may open it again from within.
static void finish(struct stream_client *client) {
    uv_timer_stop(client->timer);
    free_wrap(client);
    free_addresses(client);
    client->state = CLIENT_IDLE;
    client->writes = 0;
    char why[WHY_BYTES];
    memcpy(why, client->why, sizeof why);
    client->events.closed(client->events.context, why[0] == '\0' ? NULL : why);
}

static void free_socket(uv_handle_t *handle) {
    struct socket *socket = handle->data;
    struct stream_client *client = socket->client;
    free(socket);
    if (client != NULL && client->state == CLIENT_CLOSING) {
        client->socket = NULL;
        finish(client);
    }
}

static void finish_later(uv_timer_t *timer) {
    struct stream_client *client = timer->data;
    if (client->state == CLIENT_CLOSING) {
        finish(client);
    }
}

// `closed` follows in a turn of its own.
static void let_go(struct stream_client *client) {
    if (client->state == CLIENT_CLOSING || client->state == CLIENT_IDLE) {
        return;
    }
    client->state = CLIENT_CLOSING;
    if (client->resolving != NULL) { // its callback finishes
        (void)uv_cancel((uv_req_t *)client->resolving);
    } else if (client->socket != NULL) {
        if (!uv_is_closing(&client->socket->uv.handle)) { // else its loop ends
            uv_close(&client->socket->uv.handle, free_socket);
        }
    } else {
        uv_timer_start(client->timer, finish_later, 0, 0);
    }
}

static void fail(struct stream_client *client, const char *what, const char *why) {
    if (client->why[0] == '\0') {
        set_why(client, what, why);
    }
    let_go(client);
}

// ---- writing ----------------------------------------------------------------------------------

static void leave_if_idle(struct stream_client *client);
static void free_writing(struct writing *writing);

static void on_written(uv_write_t *request, int status) {
    struct writing *writing = request->data;
    struct stream_client *client = writing->socket->client;
    free_writing(writing);
    if (client == NULL || client->state == CLIENT_CLOSING || client->state == CLIENT_IDLE) {
        return;
    }
    client->writes--;
    if (status < 0) {
        fail(client, "the connection broke", uv_strerror(status));
        return;
    }
    leave_if_idle(client);
    if (client->state == CLIENT_OPEN && client->writes == 0) {
        client->events.idle(client->events.context);
    }
}

static void free_writing(struct writing *writing) {
    sodium_memzero(writing->bytes, writing->size);
    free(writing);
}

// Gives the bytes to the socket.
static void give(struct stream_client *client, struct bytes given) {
    if (given.size == 0 || client->socket == NULL || client->state == CLIENT_CLOSING) {
        return;
    }
    struct writing *writing = malloc(sizeof *writing + given.size);
    ASSERT_MESSAGE(writing != NULL, "out of memory");
    writing->socket = client->socket;
    writing->request.data = writing;
    writing->size = given.size;
    memcpy(writing->bytes, given.data, given.size);
    uv_buf_t bytes = uv_buf_init((char *)writing->bytes, (unsigned)given.size);
    client->writes++;
    int code = uv_write(&writing->request, &client->socket->uv.stream, &bytes, 1, on_written);
    if (code != 0) {
        free_writing(writing);
        client->writes--;
        fail(client, "the connection broke", uv_strerror(code));
    }
}

// Likewise what TLS and WebSocket have made.
static void flush(struct stream_client *client) {
    struct buffer *out = &client->scratch.out;
    give(client, buffer_bytes(out));
    if (out->size > 0) {
        sodium_memzero(out->data, out->size);
    }
    out->size = 0;
}

void stream_client_write(struct stream_client *client, struct bytes bytes) {
    ASSERT(client->state == CLIENT_OPEN || client->state == CLIENT_CLOSING);
    if (client->state != CLIENT_OPEN) {
        return;
    }
    if (client->wrap == NULL) {
        give(client, bytes);
    } else if (stream_wrap_put(client->wrap, &client->scratch, &bytes, 1)) {
        flush(client);
        if (client->scratch.plain.size > 0 && client->url.is_websocket) {
            // Without WebSocket, what is being received may stand there.
            sodium_memzero(client->scratch.plain.data, client->scratch.plain.size);
        }
    } else {
        fail(client, client->url.is_tls ? "TLS has failed" : "WebSocket has failed", NULL);
    }
}

bool stream_client_is_idle(const struct stream_client *client) {
    return client->writes == 0;
}

// ---- reading ----------------------------------------------------------------------------------

static void announce(struct stream_client *client) {
    if (!client->is_told) {
        client->is_told = true;
        client->state = CLIENT_OPEN;
        free_addresses(client);
        client->events.opened(client->events.context);
    }
}

static void take_payload(struct stream_client *client, struct bytes bytes) {
    if (client->state == CLIENT_OPEN && bytes.size > 0) {
        client->events.received(client->events.context, bytes);
    }
}

static void end_wrapped(struct stream_client *client) {
    const char *why;
    const char *what = stream_wrap_fault(client->wrap, &why);
    if (what == NULL) {
        let_go(client);
    } else {
        fail(client, what, why);
    }
}

// TLS or WebSocket may end while what came before the end is still to be handed on.
static void take(struct stream_client *client, struct bytes bytes) {
    enum stream_wrap_state state = STREAM_WRAP_OPEN;
    struct bytes payload = bytes;
    if (client->wrap != NULL) {
        state = stream_wrap_take(client->wrap, &client->scratch, bytes, &payload);
        flush(client);
    }
    if (client->state == CLIENT_CLOSING) {
        return;
    }
    if (state == STREAM_WRAP_OPEN || payload.size > 0) {
        announce(client);
    }
    take_payload(client, payload);
    if (client->state != CLIENT_CLOSING && state == STREAM_WRAP_HALF) {
        let_go(client);
    } else if (client->state != CLIENT_CLOSING && state == STREAM_WRAP_ENDED) {
        end_wrapped(client);
    }
}

// The way is open: TLS and WebSocket begin at this end.
static void begin_shaking(struct stream_client *client, struct bytes bytes) {
    client->state = CLIENT_SHAKING;
    take(client, bytes_make(NULL, 0));
    if (bytes.size > 0 && client->state != CLIENT_CLOSING) {
        take(client, bytes);
    }
}

static void take_of_proxy(struct stream_client *client, struct bytes bytes) {
    enum stream_socks_state state = stream_socks_take(&client->socks, &bytes, &client->scratch.out);
    flush(client);
    if (state == STREAM_SOCKS_FAILED) {
        fail(client, client->socks.why, NULL);
    } else if (state == STREAM_SOCKS_OPEN && client->state == CLIENT_PROXYING) {
        begin_shaking(client, bytes);
    }
}

static void provide(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer) {
    (void)suggested;
    const struct socket *socket = handle->data;
    *buffer = uv_buf_init((char *)socket->client->input, READ_BYTES);
}

static void on_read(uv_stream_t *stream, ssize_t got, const uv_buf_t *buffer) {
    const struct socket *socket = stream->data;
    struct stream_client *client = socket->client;
    if (got == 0 || client == NULL || client->state == CLIENT_CLOSING) {
        return;
    }
    if (got < 0 && client->state == CLIENT_PROXYING) {
        fail(client, "the proxy closed the connection", NULL);
    } else if (client->state == CLIENT_PROXYING) {
        take_of_proxy(client, bytes_make(buffer->base, (size_t)got));
    } else if (got < 0 && client->state == CLIENT_SHAKING) {
        fail(client, stream_wrap_broken(client->wrap),
             got == UV_EOF ? "the broker closed the connection" : uv_strerror((int)got));
    } else if (got == UV_EOF) {
        let_go(client);
    } else if (got < 0) {
        fail(client, "the connection broke", uv_strerror((int)got));
    } else {
        take(client, bytes_make(buffer->base, (size_t)got));
    }
}

void stream_client_read(struct stream_client *client, bool reads) {
    if (client->reads == reads || client->state != CLIENT_OPEN) {
        return;
    }
    client->reads = reads;
    if (reads) {
        (void)uv_read_start(&client->socket->uv.stream, provide, on_read);
    } else {
        (void)uv_read_stop(&client->socket->uv.stream);
    }
}

// ---- opening ----------------------------------------------------------------------------------

static void connect_next(struct stream_client *client);

static const struct stream_url *proxy_of(const struct stream_client *client) {
    return client->route == NULL ? NULL : client->route->proxy;
}

static void ask_proxy(struct stream_client *client) {
    const struct stream_url *url = &client->url;
    client->state = CLIENT_PROXYING;
    client->socks_target =
        (struct stream_socks_target){.host = url->host,
                                     .port = (uint16_t)strtoul(url->port, NULL, 10),
                                     .user = bytes_of_text(proxy_of(client)->user),
                                     .password = client->route->password};
    stream_socks_begin(&client->socks, &client->socks_target, &client->scratch.out);
    flush(client);
}

static void begin_stream(struct stream_client *client) {
    client->reads = true;
    (void)uv_read_start(&client->socket->uv.stream, provide, on_read);
    if (proxy_of(client) != NULL) {
        ask_proxy(client);
    } else {
        begin_shaking(client, bytes_make(NULL, 0));
    }
}

static const char *connect_text(const struct stream_client *client, int code) {
    if (code == UV_ECONNREFUSED || code == UV_ENOENT) {
        return client->url.is_unix        ? "nothing listens there: is a broker there?"
               : proxy_of(client) != NULL ? "the proxy: connection refused: is it there?"
                                          : "connection refused: is a broker there?";
    }
    return uv_strerror(code);
}

static void on_connect(uv_connect_t *request, int status) {
    struct socket *socket = request->data;
    struct stream_client *client = socket->client;
    if (client == NULL || client->state != CLIENT_CONNECTING) {
        return;
    }
    if (status == 0) {
        if (!client->url.is_unix) {
            (void)uv_tcp_nodelay(&socket->uv.tcp, 1);
        }
        begin_stream(client);
        return;
    }
    if (client->next != NULL) { // the host has another address
        socket->client = NULL;
        client->socket = NULL;
        uv_close(&socket->uv.handle, free_socket);
        connect_next(client);
        return;
    }
    fail(client, connect_text(client, status), NULL);
}

static struct socket *new_socket(struct stream_client *client) {
    struct socket *socket = calloc(1, sizeof *socket);
    ASSERT_MESSAGE(socket != NULL, "out of memory");
    if (client->url.is_unix) {
        (void)uv_pipe_init(client->loop, &socket->uv.pipe, 0);
    } else {
        (void)uv_tcp_init(client->loop, &socket->uv.tcp);
    }
    socket->client = client;
    socket->uv.handle.data = socket;
    socket->connect.data = socket;
    client->socket = socket;
    client->state = CLIENT_CONNECTING;
    return socket;
}

static void connect_next(struct stream_client *client) {
    const struct addrinfo *address = client->next;
    struct socket *socket = new_socket(client);
    client->next = address->ai_next;
    bool is_bound = client->route != NULL && client->route->from.ss_family != AF_UNSPEC;
    int code = !is_bound
                   ? 0
                   : uv_tcp_bind(&socket->uv.tcp, (const struct sockaddr *)&client->route->from, 0);
    if (code != 0) {
        fail(client, "the address of --bind cannot be used", uv_strerror(code));
        return;
    }
    code = uv_tcp_connect(&socket->connect, &socket->uv.tcp, address->ai_addr, on_connect);
    if (code != 0) {
        fail(client, connect_text(client, code), NULL);
    }
}

static void on_resolved(uv_getaddrinfo_t *request, int status, struct addrinfo *addresses) {
    struct stream_client *client = request->data;
    free(request);
    client->resolving = NULL;
    client->addresses = addresses;
    if (client->state == CLIENT_CLOSING) {
        finish(client);
        return;
    }
    if (status != 0) {
        fail(client, client->url.host, uv_strerror(status));
        return;
    }
    client->next = addresses;
    connect_next(client);
}

static void resolve(struct stream_client *client) {
    const struct stream_url *place = proxy_of(client) != NULL ? proxy_of(client) : &client->url;
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                             .ai_family =
                                 client->route == NULL ? AF_UNSPEC : client->route->from.ss_family};
    client->resolving = calloc(1, sizeof *client->resolving);
    ASSERT_MESSAGE(client->resolving != NULL, "out of memory");
    client->resolving->data = client;
    client->state = CLIENT_RESOLVING;
    int code = uv_getaddrinfo(client->loop, client->resolving, on_resolved, place->host,
                              place->port, &hints);
    if (code != 0) {
        free(client->resolving);
        client->resolving = NULL;
        fail(client, place->host, uv_strerror(code));
    }
}

static void make_wrap(struct stream_client *client) {
    const struct stream_url *url = &client->url;
    struct stream_upgrade_request upgrade = {
        .path = url->path, .host = client->host, .protocol = client->protocol};
    stream_authority_write(url->host, (uint16_t)strtoul(url->port, NULL, 10), url->is_tls,
                           client->host);
    client->wrap = stream_wrap_create_client(
        &(struct stream_wrap_client){.context = url->is_tls ? client->context : NULL,
                                     .host = url->host,
                                     .upgrade = url->is_websocket ? &upgrade : NULL},
        &client->memory);
}

void stream_client_open(struct stream_client *client, const struct stream_url *url) {
    ASSERT(client->state == CLIENT_IDLE);
    client->url = *url;
    client->why[0] = '\0';
    client->is_told = false;
    client->writes = 0;
    make_wrap(client);
    if (!url->is_unix) {
        resolve(client);
        return;
    }
    struct socket *socket = new_socket(client);
    uv_pipe_connect(&socket->connect, &socket->uv.pipe, client->url.path, on_connect);
}

// ---- closing ----------------------------------------------------------------------------------

static void on_patience_over(uv_timer_t *timer) {
    let_go(timer->data);
}

static void leave_if_idle(struct stream_client *client) {
    if (client->state == CLIENT_LEAVING && client->writes == 0) {
        let_go(client);
    }
}

static void say_goodbye(struct stream_client *client) {
    if (client->wrap != NULL) {
        stream_wrap_end(client->wrap, &client->scratch);
        flush(client);
    }
}

void stream_client_close(struct stream_client *client, bool at_once) {
    if (client->state != CLIENT_OPEN || at_once) {
        let_go(client);
        return;
    }
    say_goodbye(client);
    if (client->state == CLIENT_OPEN) {
        client->state = CLIENT_LEAVING;
        uv_timer_start(client->timer, on_patience_over, LAST_BYTES_MS, 0);
        if (client->writes == 0) {
            uv_timer_start(client->timer, on_patience_over, 0, 0);
        }
    }
}

// ---- its life ---------------------------------------------------------------------------------

struct stream_client *stream_client_create(uv_loop_t *loop,
                                           const struct stream_client_events *events,
                                           const struct stream_tls_trust *trust,
                                           const char *protocol,
                                           struct stream_server_error *error) {
    SSL_CTX *context = stream_tls_open_trust(trust, error);
    if (context == NULL) {
        return NULL;
    }
    struct stream_client *client = calloc(1, sizeof *client);
    ASSERT_MESSAGE(client != NULL, "out of memory");
    client->timer = calloc(1, sizeof *client->timer);
    ASSERT_MESSAGE(client->timer != NULL, "out of memory");
    memory_init(&client->memory);
    client->loop = loop;
    client->events = *events;
    client->protocol = protocol;
    client->context = context;
    stream_scratch_init(&client->scratch, &client->memory);
    (void)uv_timer_init(loop, client->timer);
    client->timer->data = client;
    return client;
}

void stream_client_take_route(struct stream_client *client, const struct stream_route *route) {
    ASSERT(client->state == CLIENT_IDLE);
    client->route = route;
}

// A loop that was walked and closed has called no callbacks of ours for handles it closed itself.
void stream_client_destroy(struct stream_client *client) {
    if (client == NULL) {
        return;
    }
    free_wrap(client);
    free_addresses(client);
    SSL_CTX_free(client->context);
    free(client->socket);
    free(client->timer);
    free(client);
}
