// Streams of bytes from other machines: TCP, TLS, WebSocket, Unix sockets, on libuv loops.
//
// A server has listeners and one or more loops. Each stream belongs to one loop for its life; all
// that is called about it is called in that loop's thread. The first loop is the caller's; others
// have threads of their own, which share the listeners' streams (each loop takes the stream that
// it was dealt in turn).
//
// What streams mean is decided by their owner (medium/stream/stream_owner.h).
#ifndef MEDIUM_STREAM_STREAM_SERVER_H
#define MEDIUM_STREAM_STREAM_SERVER_H

#include "medium/stream/stream_error.h"
#include "medium/stream/stream_owner.h"

struct stream_server;

// Opens all listeners; those who come wait in their queues. So a program knows that it has its
// ports before it does anything else. NULL on errors. All that the options point to is copied.
struct stream_server *stream_server_bind(const struct stream_server_options *how,
                                         struct stream_server_error *error);
// Lets streams in, on `loop`, the caller's, and starts the other threads. SIGPIPE has to be ignored
// by the process. The owner is copied, but for `context`. On errors the server is gone.
bool stream_server_start(struct stream_server *server, uv_loop_t *loop,
                         const struct stream_owner *owner, struct stream_server_error *error);
// Of one that was not started.
void stream_server_unbind(struct stream_server *server);
// Both at once. NULL on errors.
struct stream_server *stream_server_open(uv_loop_t *loop, const struct stream_server_options *how,
                                         const struct stream_owner *owner,
                                         struct stream_server_error *error);
// The port that a listener has; 0: a Unix socket.
uint16_t stream_server_port(const struct stream_server *server, unsigned listener);
struct stream_listener_counts {
    uint32_t connections; // open
    uint64_t accepted;
    uint64_t refused;     // by the listener's limits, or not from a proxy it trusts
    uint64_t bad_headers; // ended for the want of a good PROXY header
};
// Any thread may ask.
struct stream_listener_counts stream_server_counts(struct stream_server *server, unsigned listener);
// Reads certificates and keys again; on errors the old ones stay.
bool stream_server_reload(struct stream_server *server, struct stream_server_error *error);
// Whether a listener knows by now that the certificate of a peer is revoked.
bool stream_server_revokes(struct stream_server *server, const struct x509_st *certificate);
// Copies of a listener's sockets, of `most` at most, for who is to listen there next; how many.
unsigned stream_server_share(const struct stream_server *server, unsigned listener, int *sockets,
                             unsigned most);
// Whoever has such copies listens on: the paths of Unix sockets stay when the server ends.
void stream_server_leave_paths(struct stream_server *server);
// Takes no more streams; the present ones stay until they are over.
void stream_server_stop_listening(struct stream_server *server);
// Closes all that is left, with `closed` for each, waits for the other threads and starts to close
// what is on the caller's loop, which has to run until `done` is called; it is the last use of the
// server. Not from within one of the owner's functions, nor with the owner's lock.
void stream_server_close(struct stream_server *server, void (*done)(void *context), void *context);

// The first loop, for medium/stream/stream_connect.h.
struct stream_loop *stream_server_loop(struct stream_server *server);

#endif
