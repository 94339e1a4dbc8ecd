// What TLS and WebSocket, one or both, make of a stream's bytes: from bytes to bytes. What a proxy
// says in front of them has its place here too, and is taken by the stream.
//
// Only streams that need it have one. Buffers for the time of a call are the loop's.
#ifndef MEDIUM_STREAM_WRAP_STREAM_WRAP_H
#define MEDIUM_STREAM_WRAP_STREAM_WRAP_H

#include "medium/stream/wrap/stream_mask.h"
#include "medium/stream/wrap/stream_proxy.h"
#include "medium/stream/wrap/stream_tls.h"
#include "medium/stream/wrap/stream_websocket.h"

enum stream_wrap_state {
    STREAM_WRAP_HANDSHAKE,
    STREAM_WRAP_OPEN,
    STREAM_WRAP_HALF, // the peer sends no more, but may read
    STREAM_WRAP_ENDED,
};

// `out` is what is to be sent to the peer: whoever sends it empties it.
struct stream_scratch {
    struct buffer out;
    struct buffer plain;
    struct buffer frames;
    struct buffer payload;
};

// A frame of WebSocket costs about as much as a hundred bytes of it, however small it is: a flood
// of empty ones would keep the loop from its other streams. So the first read is small, twice as
// much is read with each one that follows, up to a whole buffer, and a read of small frames makes
// the next one small again.
//
// Of WebSocket it has the server's end or the client's. Once TLS is open, the client's end asks.
struct stream_wrap {
    struct stream_proxy *proxy; // in the memory of the wrap; NULL: no header, or it is used up
    struct stream_tls *tls;
    struct stream_websocket *websocket;
    struct stream_mask *mask;
    bool has_asked; // the upgrade
    bool is_open;   // or was
    bool has_tls_failed;
    uint8_t halvings; // of the next read
};

#define STREAM_WRAP_HALVINGS 5
#define STREAM_WRAP_SMALL_FRAME 32 // bytes, in the mean; with the header

void stream_scratch_init(struct stream_scratch *scratch, struct memory *memory);
void stream_scratch_deinit(struct stream_scratch *scratch);

// `context` NULL: no TLS. `rules` NULL: no WebSocket.
struct stream_wrap *stream_wrap_create(SSL_CTX *context, const struct stream_websocket_rules *rules,
                                       struct memory *memory);
// Our end of a stream that we opened, to a host of this name. `context` NULL: no TLS; `upgrade`
// NULL: no WebSocket; what that points to is borrowed for the wrap's life. NULL: it needs neither.
struct stream_wrap_client {
    SSL_CTX *context;
    const char *host;
    const struct stream_upgrade_request *upgrade;
};
struct stream_wrap *stream_wrap_create_client(const struct stream_wrap_client *how,
                                              struct memory *memory);
// Why it has ended, for people, and more of it in *why, or NULL; valid for the life of the wrap.
// NULL: the peer wanted it.
const char *stream_wrap_fault(const struct stream_wrap *wrap, const char **why);
// What a connection that ended in the middle of it failed at: "TLS could not be agreed on".
const char *stream_wrap_broken(const struct stream_wrap *wrap);
// What the proxy has said is used up.
void stream_wrap_forget_proxy(struct stream_wrap *wrap, struct memory *memory);
// Whether there is anything but the proxy's header.
bool stream_wrap_is_needed(const struct stream_wrap *wrap);
// NULL is allowed.
void stream_wrap_destroy(struct stream_wrap *wrap, struct memory *memory);

// Bytes of the peer. *payload is valid until the next call with this scratch.
enum stream_wrap_state stream_wrap_take(struct stream_wrap *wrap, struct stream_scratch *scratch,
                                        struct bytes bytes, struct bytes *payload);
// Whether more is to be taken of what came, by a call without bytes, before anything else is read.
// `wrap` may be NULL.
bool stream_wrap_has_rest(const struct stream_wrap *wrap);
// Bytes for the peer. False: it has failed.
bool stream_wrap_put(struct stream_wrap *wrap, struct stream_scratch *scratch,
                     const struct bytes *runs, unsigned count);
// Says to the peer that nothing more comes.
void stream_wrap_end(struct stream_wrap *wrap, struct stream_scratch *scratch);

#endif
