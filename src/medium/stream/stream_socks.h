// The handshake with a SOCKS5 proxy (RFC 1928), with a user's name and password (RFC 1929) if there
// is a name: bytes in, bytes out; it has no socket. The proxy looks the host's name up.
//
// Bounds: an answer has at most STREAM_SOCKS_ANSWER_MAX bytes.
#ifndef MEDIUM_STREAM_STREAM_SOCKS_H
#define MEDIUM_STREAM_STREAM_SOCKS_H

#include "base/buffer.h"

#define STREAM_SOCKS_ANSWER_MAX 262 // 4 bytes, a length, a name, a port

// Where to, and who asks. Borrowed until the handshake is over.
struct stream_socks_target {
    const char *host; // at most 255 bytes
    uint16_t port;
    struct bytes user; // at most 255 bytes; empty: nobody
    struct bytes password;
};

enum stream_socks_state {
    STREAM_SOCKS_EXPECT_METHOD,
    STREAM_SOCKS_EXPECT_LOGIN,
    STREAM_SOCKS_EXPECT_REPLY,
    STREAM_SOCKS_OPEN,   // what follows is the host's
    STREAM_SOCKS_FAILED, // `why` is for people
};

struct stream_socks {
    const struct stream_socks_target *target;
    enum stream_socks_state state;
    const char *why;
    size_t size;
    uint8_t answer[STREAM_SOCKS_ANSWER_MAX];
};

// Appends what is to be said first.
void stream_socks_begin(struct stream_socks *socks, const struct stream_socks_target *target,
                        struct buffer *out);
// Takes what it needs from the front of *bytes, and appends what is to be said to `out`.
enum stream_socks_state stream_socks_take(struct stream_socks *socks, struct bytes *bytes,
                                          struct buffer *out);

#endif
