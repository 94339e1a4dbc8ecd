// Streams that we open: TCP, TLS and WebSocket over it, Unix sockets. From then on they are like
// those that were accepted (medium/stream/stream_server.h), with the same owner: it is told
// `connected` in place of `opened`, and `closed` once for each that stream_connect made, whether it
// was ever connected.
#ifndef MEDIUM_STREAM_STREAM_CONNECT_H
#define MEDIUM_STREAM_STREAM_CONNECT_H

#include "medium/stream/wrap/stream_tls.h"

struct stream_loop;

#define STREAM_HOST_MAX 255
#define STREAM_PATH_MAX 255
#define STREAM_AUTHORITY_SIZE (STREAM_HOST_MAX + 9) // of "[HOST]:PORT"

// Where to. Borrowed by its streams for their lives.
struct stream_target {
    enum stream_kind kind;
    char host[STREAM_HOST_MAX + 1]; // or a path
    struct sockaddr_storage address;
    SSL_CTX *tls;        // the caller's; used by kinds with TLS
    uint64_t connect_ms; // until it is connected, TLS and WebSocket included
    // Of WebSocket: the path is the caller's to set, the protocol too, which is borrowed.
    char path[STREAM_PATH_MAX + 1];
    char authority[STREAM_AUTHORITY_SIZE]; // host and port as HTTP has them
    const char *protocol;
};

// The usual port of HTTP is left out (RFC 9110, section 7.2).
void stream_authority_write(const char *host, uint16_t port, bool is_tls,
                            char out[static STREAM_AUTHORITY_SIZE]);

// Sets host, address and what follows from these, looking the name up, which may take its time.
// False, and why in *error.
bool stream_target_set(struct stream_target *target, const char *host, uint16_t port,
                       struct stream_server_error *error);

// In the loop's thread, outside of a batch. What comes of it is told later. NULL: it could not even
// begin, and that was told.
struct stream *stream_connect(struct stream_loop *loop, const struct stream_target *target,
                              void *user);

#endif
