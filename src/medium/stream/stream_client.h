// A connection to a broker, at the client's end: TCP or a Unix socket, TLS and WebSocket as the URL
// says, on a libuv loop. All of it is called in the loop's thread.
//
// One connection at a time: open, `opened`, bytes both ways, `closed`; then it may be opened again,
// to another place too. A host's addresses are tried one after the other. Failures are reported by
// `closed`, with a sentence; `closed` comes once for each open, and is never called from within a
// call of the owner's.
//
// Writing takes all it is given; an owner that looks at stream_client_is_idle first holds back what
// the socket does not take yet.
#ifndef MEDIUM_STREAM_STREAM_CLIENT_H
#define MEDIUM_STREAM_STREAM_CLIENT_H

#include <uv.h>

#include "medium/stream/wrap/stream_tls.h"
#include "medium/stream/stream_url.h"

struct stream_client_events {
    void (*opened)(void *context);
    void (*received)(void *context, struct bytes bytes); // borrowed until it returns
    void (*idle)(void *context);                         // all that was written has gone
    void (*closed)(void *context, const char *why);      // NULL: the broker closed it
    void *context;
};

struct stream_client;

// `trust` and `protocol` (of WebSocket, "mqtt") are borrowed. NULL: the files of `trust` cannot be
// used, and *error says why. Whether TLS is used at all says the URL.
struct stream_client *stream_client_create(uv_loop_t *loop,
                                           const struct stream_client_events *events,
                                           const struct stream_tls_trust *trust,
                                           const char *protocol, struct stream_server_error *error);
// How it gets there. Borrowed for the client's life; to be set while nothing is open.
struct stream_route {
    struct sockaddr_storage from;   // the address of ours to use; family 0: any
    const struct stream_url *proxy; // of SOCKS5; NULL: none. Not for Unix sockets
    struct bytes password;          // of the proxy's user
};
void stream_client_take_route(struct stream_client *client, const struct stream_route *route);
// After its loop has run until all handles were closed. NULL is allowed.
void stream_client_destroy(struct stream_client *client);

void stream_client_open(struct stream_client *client, const struct stream_url *url);
void stream_client_write(struct stream_client *client, struct bytes bytes);
// Nothing that was written waits for the socket.
bool stream_client_is_idle(const struct stream_client *client);
// Closes it once all that was written has gone, or some seconds have; `at_once`: without either, as
// if a cable were cut.
void stream_client_close(struct stream_client *client, bool at_once);
// Reads on, or not.
void stream_client_read(struct stream_client *client, bool reads);

#endif
