// HTTP/1.1, plain or TLS, for many clients of which most wait: a thin layer over libmicrohttpd that
// collects bodies, suspends exchanges that wait for something, streams answers that have no end,
// and bounds what clients can hold.
//
// Limits: connections in all and from one address; the size of a body; the bytes of all bodies and
// answers together; the memory for a connection's request line and headers (431 above it). Time: a
// request has to be there `request_timeout_s` after it could begin, its answer has to be taken in
// ten times that, and a connection that is idle for HTTP_IDLE_S is closed. libmicrohttpd itself
// measures only the time since the last byte, which a client that sends one now and then defeats.
//
// A streamed answer is read from its owner as its client takes it, so a slow client holds up nobody
// and nothing gathers for it. While its owner has nothing it costs no time; what was handed out has
// to be taken within the time of an answer.
//
// Threads: the server has its own. `begin`, `receive`, `read` and `end` are called in them, for one
// exchange by one thread at a time. An exchange that was suspended may be answered from any thread.
#ifndef MEDIUM_HTTP_HTTP_SERVER_H
#define MEDIUM_HTTP_HTTP_SERVER_H

#include "base/buffer.h"

#define HTTP_HEADERS_MAX 4
#define HTTP_HEADER_SIZE 24
#define HTTP_IDLE_S 120
#define HTTP_STREAM_END SIZE_MAX

struct MHD_Connection;
struct http_server;
struct http_socket;

// One request and its answer, from `begin` to `end`. The first part is what was asked; the memory,
// the body and `state` are the owner's from `begin` on. The owner fills in the answer; the last
// part is the server's own.
struct http_exchange {
    struct http_server *server;
    const char *method; // valid until `end`, as is the path
    const char *path;   // without the query
    void *state;        // the owner's own; to be freed in `end`
    struct memory memory;
    struct buffer body;
    uint64_t begun_ns; // steady

    // The answer. Its bytes are borrowed until `end`.
    unsigned status; // 0: none yet
    const char *content_type;
    struct bytes answer;
    bool chunked; // as chunks: one, if the connection's memory has room for it
    bool streams; // by `read`, in place of `answer`
    bool close;   // and end the connection
    unsigned header_count;
    struct {
        const char *name;
        char value[HTTP_HEADER_SIZE];
    } headers[HTTP_HEADERS_MAX];

    // The server's.
    struct MHD_Connection *connection;
    struct http_socket *socket;
    size_t held;
    bool received;
    bool suspended;
};

struct http_events {
    void *context;
    // The headers are there. May answer already; what comes of a body is then skipped.
    void (*begin)(void *context, struct http_exchange *exchange);
    // The request is there, whole. Answers, or suspends it and has it answered later.
    void (*receive)(void *context, struct http_exchange *exchange);
    // A fault that the server itself found: to be answered in the owner's words. `status` is 400
    // (two lengths, or a zero byte in the path), 413 (body above the limit) or 503 (too many bytes
    // held).
    void (*refuse)(void *context, struct http_exchange *exchange, unsigned status);
    // The next bytes of a streamed answer, at most `room`: how many were written to `out`, or
    // HTTP_STREAM_END. 0: there are none yet, and the owner has called http_exchange_suspend,
    // before any other thread could resume it. NULL: no answer streams.
    size_t (*read)(void *context, struct http_exchange *exchange, uint8_t *out, size_t room);
    // The answer was sent, or could not be.
    void (*end)(void *context, struct http_exchange *exchange);
};

struct http_header {
    const char *name;
    const char *value;
};

// Where a server listens, with which certificate, and its limits: threads, connections, bytes of
// each request and of all together. Texts are borrowed for as long as the server lives.
struct http_server_options {
    int listener;            // a listening socket; closed by the server
    const char *certificate; // PEM texts; NULL: plain HTTP
    const char *key;
    unsigned threads;
    unsigned connections;
    unsigned connections_per_address; // 0: as many as there may be
    size_t connection_bytes;          // for request line, headers and headers of the answer
    size_t body_bytes;
    size_t held_bytes;
    unsigned request_timeout_s;
    const struct http_header *headers; // of every answer; constant
    unsigned header_count;
    struct http_events events;
};

struct http_error {
    char text[512]; // for people: what is wrong, and what to do
};

// A socket that listens at HOST:PORT or [IPV6]:PORT; -1 and *error if that cannot be. `loopback` is
// set to whether only this machine can reach it, `name` to where it listens, as it would be typed.
int http_listen(const char *where, bool *loopback, char name[static 64], struct http_error *error);

// NULL and *error if it cannot start. The options' texts are needed only until it has.
struct http_server *http_server_open(const struct http_server_options *options,
                                     struct http_error *error);

// To be called about once a second: ends the connections whose time is over.
void http_server_tick(struct http_server *server);

// Accepts no more connections. Those that exist go on.
void http_server_quiesce(struct http_server *server);

// How many exchanges have begun and not ended.
unsigned http_server_exchanges(struct http_server *server);
unsigned http_server_connections(struct http_server *server);
// Bytes of bodies and answers, and whether that is nearly as many as there may be.
bool http_server_is_full(struct http_server *server);

// No exchange may be suspended.
void http_server_close(struct http_server *server);

// ---- an exchange, in `begin` and `receive` --------------------------------------------------

// The value of a header or of a parameter of the query; data NULL: it has none. Valid until `end`.
struct bytes http_exchange_header(const struct http_exchange *exchange, const char *name);
struct bytes http_exchange_query(const struct http_exchange *exchange, const char *name);
// Whether the peer is this machine.
bool http_exchange_is_local(const struct http_exchange *exchange);

// In `receive` or `read`, before another thread gets to know of the exchange.
void http_exchange_suspend(struct http_exchange *exchange);

// ---- an exchange, its answer ----------------------------------------------------------------

// Adds a header to the answer. The name is a constant text.
void http_exchange_add(struct http_exchange *exchange, const char *name, const char *value);
void http_exchange_add_number(struct http_exchange *exchange, const char *name, uint64_t number);

// The answer of a suspended exchange is there, or more of it. The exchange is not to be touched
// again.
void http_exchange_resume(struct http_exchange *exchange);

#endif
