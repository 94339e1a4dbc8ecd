#include "medium/stream/stream_client.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/assert.h"
#include "medium/stream/stream_mask.h"

#define READ_BYTES 65536u
#define LAST_BYTES_MS 3000 // that a peer is given to take what was said last
#define WHY_BYTES 512

enum client_state {
    CLIENT_IDLE,
    CLIENT_RESOLVING,
    CLIENT_CONNECTING,
    CLIENT_SHAKING, // TLS or WebSocket
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
    struct stream_url url;
    char host[STREAM_URL_HOST_MAX + 8]; // of the HTTP request
    enum client_state state;
    struct socket *socket;
    uv_getaddrinfo_t *resolving; // NULL: nothing is looked up
    struct addrinfo *addresses;
    const struct addrinfo *next;
    struct stream_tls *tls;   // NULL: no TLS
    struct stream_mask *mask; // NULL: no WebSocket
    bool is_tls_open;
    bool is_told; // `opened` was
    bool reads;
    unsigned writes; // that libuv has not done yet
    uv_timer_t *timer;
    char why[WHY_BYTES];
    struct buffer plain; // of a call, as the next two are
    struct buffer payload;
    struct buffer out;
    uint8_t input[READ_BYTES];
};

// ---- the end ----------------------------------------------------------------------------------

static void set_why(struct stream_client *client, const char *what, const char *why) {
    (void)snprintf(client->why, sizeof client->why, "%s%s%s", what, why == NULL ? "" : ": ",
                   why == NULL ? "" : why);
}

static void free_wraps(struct stream_client *client) {
    if (client->tls != NULL) {
        stream_tls_destroy(client->tls, &client->memory);
        client->tls = NULL;
    }
    if (client->mask != NULL) {
        stream_mask_destroy(client->mask);
        client->mask = NULL;
    }
    buffer_deinit(&client->plain);
    buffer_deinit(&client->payload);
    buffer_deinit(&client->out);
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
    free_wraps(client);
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

static void on_written(uv_write_t *request, int status) {
    struct writing *writing = request->data;
    struct stream_client *client = writing->socket->client;
    free(writing);
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

// Gives the bytes to the socket and empties the buffer.
static void flush(struct stream_client *client) {
    struct buffer *out = &client->out;
    if (out->size == 0 || client->socket == NULL || client->state == CLIENT_CLOSING) {
        out->size = 0;
        return;
    }
    struct writing *writing = malloc(sizeof *writing + out->size);
    ASSERT_MESSAGE(writing != NULL, "out of memory");
    writing->socket = client->socket;
    writing->request.data = writing;
    memcpy(writing->bytes, out->data, out->size);
    uv_buf_t bytes = uv_buf_init((char *)writing->bytes, (unsigned)out->size);
    out->size = 0;
    client->writes++;
    int code = uv_write(&writing->request, &client->socket->uv.stream, &bytes, 1, on_written);
    if (code != 0) {
        free(writing);
        client->writes--;
        fail(client, "the connection broke", uv_strerror(code));
    }
}

static void put_tls(struct stream_client *client, struct bytes bytes) {
    if (client->tls == NULL) {
        buffer_append(&client->out, bytes);
    } else if (!stream_tls_put(client->tls, bytes, &client->out)) {
        fail(client, "TLS has failed", NULL);
    }
}

void stream_client_write(struct stream_client *client, struct bytes bytes) {
    ASSERT(client->state == CLIENT_OPEN || client->state == CLIENT_CLOSING);
    if (client->state != CLIENT_OPEN) {
        return;
    }
    if (client->mask == NULL) {
        put_tls(client, bytes);
    } else {
        client->plain.size = 0;
        if (!stream_mask_put(client->mask, bytes, &client->plain)) {
            fail(client, "WebSocket has failed", NULL);
            return;
        }
        put_tls(client, buffer_bytes(&client->plain));
    }
    flush(client);
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

// What WebSocket, if it is used, makes of the bytes.
static void take_plain(struct stream_client *client, struct bytes bytes) {
    if (client->mask == NULL) {
        take_payload(client, bytes);
        return;
    }
    struct buffer out = {.memory = &client->memory};
    client->payload.size = 0;
    enum stream_mask_state state = stream_mask_take(client->mask, bytes, &client->payload, &out);
    put_tls(client, buffer_bytes(&out));
    buffer_deinit(&out);
    flush(client);
    if (state != STREAM_MASK_HANDSHAKE && stream_mask_fault(client->mask) == NULL) {
        announce(client);
        take_payload(client, buffer_bytes(&client->payload));
    }
    if (state == STREAM_MASK_ENDED && client->state != CLIENT_CLOSING) {
        const char *fault = client->mask == NULL ? NULL : stream_mask_fault(client->mask);
        set_why(client, fault == NULL ? "" : fault, NULL);
        let_go(client);
    }
}

static void begin_websocket(struct stream_client *client) {
    if (client->mask == NULL) {
        announce(client);
        return;
    }
    struct buffer out = {.memory = &client->memory};
    stream_mask_begin(client->mask, &out);
    put_tls(client, buffer_bytes(&out));
    buffer_deinit(&out);
    flush(client);
}

static void fail_tls(struct stream_client *client) {
    const char *distrust = stream_tls_distrust(client->tls);
    if (client->is_tls_open) {
        fail(client, "TLS has failed", NULL);
    } else if (distrust != NULL) {
        fail(client, "the broker's certificate is not to be trusted", distrust);
    } else {
        fail(client, "TLS could not be agreed on", "does the broker speak TLS at this port?");
    }
}

// TLS may end while what came before its end is still to be handed on.
static void take_cipher(struct stream_client *client, struct bytes bytes) {
    struct buffer plain = {.memory = &client->memory};
    enum stream_tls_state state = stream_tls_take(client->tls, bytes, &plain, &client->out);
    flush(client);
    if (state == STREAM_TLS_OPEN && !client->is_tls_open) {
        client->is_tls_open = true;
        begin_websocket(client);
    }
    if (plain.size > 0) {
        take_plain(client, buffer_bytes(&plain));
    }
    buffer_deinit(&plain);
    if (client->state == CLIENT_CLOSING) {
        return;
    }
    if (state == STREAM_TLS_ENDED) {
        let_go(client);
    } else if (state == STREAM_TLS_FAILED) {
        fail_tls(client);
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
    if (got < 0 && client->state == CLIENT_SHAKING) {
        fail(client, client->url.is_tls ? "TLS could not be agreed on" : "WebSocket was refused",
             got == UV_EOF ? "the broker closed the connection" : uv_strerror((int)got));
    } else if (got == UV_EOF) {
        let_go(client);
    } else if (got < 0) {
        fail(client, "the connection broke", uv_strerror((int)got));
    } else if (client->tls != NULL) {
        take_cipher(client, bytes_make(buffer->base, (size_t)got));
    } else {
        take_plain(client, bytes_make(buffer->base, (size_t)got));
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

static void begin_stream(struct stream_client *client) {
    client->state = CLIENT_SHAKING;
    client->reads = true;
    (void)uv_read_start(&client->socket->uv.stream, provide, on_read);
    if (client->tls != NULL) {
        take_cipher(client, bytes_make(NULL, 0));
    } else {
        begin_websocket(client);
    }
}

static const char *connect_text(const struct stream_client *client, int code) {
    if (code == UV_ECONNREFUSED || code == UV_ENOENT) {
        return client->url.is_unix ? "nothing listens there: is a broker there?"
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
    int code = uv_tcp_connect(&socket->connect, &socket->uv.tcp, address->ai_addr, on_connect);
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
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    client->resolving = calloc(1, sizeof *client->resolving);
    ASSERT_MESSAGE(client->resolving != NULL, "out of memory");
    client->resolving->data = client;
    client->state = CLIENT_RESOLVING;
    int code = uv_getaddrinfo(client->loop, client->resolving, on_resolved, client->url.host,
                              client->url.port, &hints);
    if (code != 0) {
        free(client->resolving);
        client->resolving = NULL;
        fail(client, client->url.host, uv_strerror(code));
    }
}

// The usual port is left out (RFC 9110, section 7.2).
static void make_host(struct stream_client *client) {
    const struct stream_url *url = &client->url;
    bool is_usual = strcmp(url->port, url->is_tls ? "443" : "80") == 0;
    bool is_v6 = strchr(url->host, ':') != NULL;
    (void)snprintf(client->host, sizeof client->host, "%s%s%s%s%s", is_v6 ? "[" : "", url->host,
                   is_v6 ? "]" : "", is_usual ? "" : ":", is_usual ? "" : url->port);
}

static void make_wraps(struct stream_client *client) {
    if (client->url.is_tls) {
        client->tls = stream_tls_connect(client->context, client->url.host, &client->memory);
    }
    if (client->url.is_websocket) {
        make_host(client);
        struct stream_upgrade_request request = {
            .path = client->url.path, .host = client->host, .protocol = client->protocol};
        client->mask = stream_mask_create(&request, randombytes_buf, &client->memory);
    }
}

void stream_client_open(struct stream_client *client, const struct stream_url *url) {
    ASSERT(client->state == CLIENT_IDLE);
    client->url = *url;
    client->why[0] = '\0';
    client->is_told = client->is_tls_open = false;
    client->writes = 0;
    make_wraps(client);
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
    if (client->mask != NULL) {
        client->plain.size = 0;
        stream_mask_end(client->mask, &client->plain);
        put_tls(client, buffer_bytes(&client->plain));
    }
    if (client->tls != NULL && client->state == CLIENT_OPEN) {
        stream_tls_end(client->tls, &client->out);
    }
    flush(client);
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
    buffer_init(&client->plain, &client->memory);
    buffer_init(&client->payload, &client->memory);
    buffer_init(&client->out, &client->memory);
    (void)uv_timer_init(loop, client->timer);
    client->timer->data = client;
    return client;
}

// A loop that was walked and closed has called no callbacks of ours for handles it closed itself.
void stream_client_destroy(struct stream_client *client) {
    if (client == NULL) {
        return;
    }
    free_wraps(client);
    free_addresses(client);
    SSL_CTX_free(client->context);
    free(client->socket);
    free(client->timer);
    free(client);
}
