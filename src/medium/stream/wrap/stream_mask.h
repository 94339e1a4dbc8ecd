// The client's end of WebSocket (RFC 6455) for MQTT, from bytes to bytes: it has no socket. The
// server's is medium/stream/wrap/stream_websocket.h.
//
// A client asks by an HTTP upgrade, and masks what it sends. What it is given at a time is a binary
// frame; what binary frames of the server hold is handed on as it comes.
#ifndef MEDIUM_STREAM_WRAP_STREAM_MASK_H
#define MEDIUM_STREAM_WRAP_STREAM_MASK_H

#include "medium/stream/wrap/stream_upgrade.h"

#define STREAM_MASK_ANSWER_MAX 8192u       // bytes, of the answer to the upgrade
#define STREAM_MASK_FRAME_MAX (268435460u) // bytes, of a frame of the server: an MQTT packet

enum stream_mask_state {
    STREAM_MASK_HANDSHAKE,
    STREAM_MASK_OPEN,
    STREAM_MASK_ENDED,
};

struct stream_mask;

// `path`, `host` and `protocol` are borrowed for its life. `fill` gives random bytes.
struct stream_mask *stream_mask_create(const struct stream_upgrade_request *request,
                                       void (*fill)(void *bytes, size_t size),
                                       struct memory *memory);
void stream_mask_destroy(struct stream_mask *mask);

// Appends the request.
void stream_mask_begin(struct stream_mask *mask, struct buffer *out);
// Bytes of the server, all of which are taken. What they hold is appended to `payload`; what is to
// be sent, to `out`.
enum stream_mask_state stream_mask_take(struct stream_mask *mask, struct bytes bytes,
                                        struct buffer *payload, struct buffer *out);
// Why it has ended, for people; NULL: the server wanted it.
const char *stream_mask_fault(const struct stream_mask *mask);
// Appends a frame with these bytes. Only while it is open. False: it has failed.
bool stream_mask_put(struct stream_mask *mask, struct bytes bytes, struct buffer *out);
// Says to the server that nothing more comes.
void stream_mask_end(struct stream_mask *mask, struct buffer *out);

#endif
