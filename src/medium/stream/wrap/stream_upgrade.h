// The HTTP request by which a client asks for WebSocket (RFC 6455, section 4), and the answer: both
// sides.
#ifndef MEDIUM_STREAM_WRAP_STREAM_UPGRADE_H
#define MEDIUM_STREAM_WRAP_STREAM_UPGRADE_H

#include "base/buffer.h"

// Which web pages may use a listener. A browser says by `Origin` whose page asks, once; programs
// that are no browsers send none, and pass. `null`, which pages without a server of their own say,
// several origins and what is none are refused unless all are allowed.
struct stream_origins {
    bool is_checked;     // false: all pass
    bool is_loopback;    // only this machine reaches the listener: its pages call it localhost
    const char *allowed; // a list separated by commas, `*` for all; NULL: none but of the same host
};

// `request` is all of it, up to and with the empty line. `path` NULL: any path is right. Appends
// the answer to `out`. True: the rest of the stream is WebSocket; false: the client was told why
// not, and the stream is over.
bool stream_upgrade_answer(struct bytes request, const struct stream_origins *origins,
                           const char *path, struct buffer *out);

// The answer to a request that is larger than it may be.
void stream_upgrade_refuse_size(struct buffer *out);

// ---- the client's side ------------------------------------------------------------------------

#define STREAM_UPGRADE_RANDOM 16
#define STREAM_UPGRADE_KEY_SIZE 25 // in base64, with the NUL

// Borrowed until the answer was checked.
struct stream_upgrade_request {
    const char *path; // "/mqtt"
    const char *host; // with the port, if it is not the usual one
    const char *protocol;
    const char *key;
};

void stream_upgrade_make_key(const uint8_t random[STREAM_UPGRADE_RANDOM],
                             char key[STREAM_UPGRADE_KEY_SIZE]);
// Appends the request.
void stream_upgrade_ask(const struct stream_upgrade_request *request, struct buffer *out);
// `answer` is all of it, up to and with the empty line. NULL: the rest of the stream is WebSocket;
// else what is wrong, for people; a constant.
const char *stream_upgrade_check(struct bytes answer, const struct stream_upgrade_request *request);

#endif
