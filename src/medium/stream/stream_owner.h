// What a stream server and the owner of its streams agree on.
//
// The owner decides what streams mean:
//   opened    a stream is ready for data (TLS and WebSocket handshakes are done)
//   received  bytes arrived; borrowed until it returns. False: the owner has enough for now; the
//             stream is not read until `takes_input`, which is asked after stream_wake, is true
//   round     a loop begins a round of looking for what has arrived; in its thread
//   ended     the peer has closed its side, and nothing more comes; it may still read. True: it is
//             owed something, and the owner is over when that is sent; ten seconds later the stream
//             is closed in any case. False, or NULL in its place: it is closed at once
//   output    what is to be sent: up to `most` runs, which stay as they are until `sent`
//   sent      so many bytes of them left for good (are with the kernel, or encrypted)
//   is_over   whether to close the stream when all output is sent
//   closed    it is gone; always called once for each `opened` that did not return NULL
//   held      what streams take of memory beside what the owner keeps for them has changed; whether
//             there is room for more with TLS or WebSocket: if not, new ones are closed at once.
//             May be NULL
//   batch_begin, batch_end
//             around calls of `received`, `ended`, `sent` and `closed`, of one stream or of many;
//             here the owner may take a lock. All others are called outside of them: the owner
//             locks there by itself, if other threads have a part in it. No socket is read or
//             written inside of a batch. NULL: one thread has it all, and there is no lock
// and says stream_wake when a stream has output or is over: cheap, and many of them cost one send.
// It may be called from any thread inside of that lock, from `opened` until `closed` is called.
//
// `output` is asked when all that it gave before was told `sent`, and only after stream_wake or
// when it had more than one send takes. A stream that is over is closed when its output is sent, or
// ten seconds later if its peer does not take it; our end is closed first, and the peer has a
// second to close its own, so that it gets the last bytes.
#ifndef MEDIUM_STREAM_STREAM_OWNER_H
#define MEDIUM_STREAM_STREAM_OWNER_H

#include <uv.h>

#include "base/bytes.h"
#include "medium/stream/wrap/stream_proxy.h"

enum stream_kind { STREAM_TCP, STREAM_TLS, STREAM_WEBSOCKET, STREAM_WEBSOCKET_TLS, STREAM_UNIX };

#define STREAM_PLACE_MAX 64 // of the text that says where a stream comes from

struct stream;

struct stream_info {
    enum stream_kind kind;
    char place[STREAM_PLACE_MAX]; // "127.0.0.1:53211", "[::1]:53211", "unix"; as a proxy names it
    uint16_t port;                // that it came to; 0: a Unix socket
    unsigned listener;            // likewise, its number in the options
    uint64_t address; // the same for all streams from one address, or one /64 of IPv6; 0: none
    struct x509_st *certificate; // that the peer showed and that was checked; NULL: none. Borrowed
                                 // until `opened` returns
};

// The functions of an owner, as the head of this file describes them; `context` comes first in
// each. Those of one stream are called by one thread, that of its loop.
struct stream_owner {
    void *context;
    // What comes back is handed to the other functions as `user`. NULL: close it at once.
    void *(*opened)(void *context, struct stream *stream, const struct stream_info *info);
    bool (*received)(void *context, void *user, struct bytes bytes);
    bool (*ended)(void *context, void *user);
    unsigned (*output)(void *context, void *user, struct bytes *runs, unsigned most);
    void (*sent)(void *context, void *user, size_t bytes);
    bool (*is_over)(void *context, void *user);
    bool (*takes_input)(void *context, void *user);
    void (*closed)(void *context, void *user);
    void (*batch_begin)(void *context);
    void (*batch_end)(void *context);
    // Of a stream that we opened (medium/stream/stream_connect.h): it can be used; or why not, for
    // people, and `closed` follows. NULL: the owner opens none.
    void (*connected)(void *context, void *user, const char *fault);
    void (*round)(void *context);                    // NULL: nobody needs it
    void (*notice)(void *context, const char *text); // for people: "tls certificate reloaded"
    bool (*held)(void *context, size_t before, size_t now); // bytes, of one loop
};

// Where one listener listens, what it puts between the socket and the owner (TLS, WebSocket), and
// whom it lets in: certificates, origins, how many connections. Texts are borrowed for as long as
// the server lives.
struct stream_listener {
    enum stream_kind kind;
    const char *host;   // "127.0.0.1", "::", a name; a path for STREAM_UNIX; NULL: loopback, both
                        // 127.0.0.1 and ::1
    uint16_t port;      // 0: any free one
    const int *sockets; // that listen already, in place of host and port; the listener's from then
    unsigned socket_count;
    // TLS: files in PEM; `authority` NULL: clients need no certificate.
    const char *certificate;
    const char *key;
    const char *authority;
    const char *revoked; // certificates of clients that are not good any more; NULL: none
    bool tls_1_3_only;
    uint32_t connections_per_address; // 0: no limit
    uint32_t connections;             // of this listener; 0: no limit
    uint64_t handshake_ms;            // for PROXY, TLS and WebSocket; 0: no limit
    bool checks_origin;               // WebSocket: only for pages of the same host, and of these:
    const char *origins;              // a list separated by commas; `*`: all; NULL: none
    const char *path;                 // WebSocket: the one that requests name; NULL: any
    struct stream_proxy_sources proxies; // none: no PROXY header. Else each stream begins with one,
                                         // and comes from one of these
};

struct stream_server_options {
    const struct stream_listener *listeners;
    unsigned listener_count;
    unsigned threads; // loops, that of the caller included
    uint32_t backlog;
    uint32_t message_bytes_max; // of a WebSocket frame
    // How large the message at the front of what is to be sent is, so that it has a WebSocket frame
    // of its own; 0: it does not tell yet, which 8 bytes have to. NULL: frames hold what there is.
    size_t (*message_size)(struct bytes front);
};

// When the stream is over it ends by a reset (TCP), not in an orderly way.
void stream_end_abruptly(struct stream *stream);

// The stream has output or is over. Inside of the owner's lock.
void stream_wake(struct stream *stream);

#endif
