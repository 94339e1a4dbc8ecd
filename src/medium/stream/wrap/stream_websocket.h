// The server's end of WebSocket (RFC 6455) for MQTT, from bytes to bytes: it has no socket.
//
// First the HTTP upgrade, with the subprotocol `mqtt` or `mqttv3.1` [MQTT-6.0.0-3]; then frames, by
// wslay. MQTT travels in binary frames, of which each may hold any part of a packet or of several
// [MQTT-6.0.0-1] [MQTT-6.0.0-2]; so what binary frames hold is handed on as it comes. What is
// sent has a frame for each message of its owner, since not all clients put pieces together. Text
// is refused (1003), frames above the limit too (1009); pings are answered.
//
// A frame costs the same however little it holds, and control frames never get to the owner, who
// could count them. So of what comes at a time about STREAM_WEBSOCKET_FRAMES frames are taken; what
// is behind them waits here, and for its owner's next call.
#ifndef MEDIUM_STREAM_WRAP_STREAM_WEBSOCKET_H
#define MEDIUM_STREAM_WRAP_STREAM_WEBSOCKET_H

#include "medium/stream/wrap/stream_upgrade.h"

#define STREAM_WEBSOCKET_REQUEST_MAX 8192u // of the upgrade
#define STREAM_WEBSOCKET_FRAMES 512u       // taken at a time, and those in 4 KiB more

enum stream_websocket_state {
    STREAM_WEBSOCKET_HANDSHAKE,
    STREAM_WEBSOCKET_OPEN,
    STREAM_WEBSOCKET_ENDED, // by the peer or for a fault of it; what is to be said of it is said
};

struct stream_websocket;

// How large the message at the front of what is to be sent is, in bytes; 0: its first bytes do not
// tell yet, which 8 of them have to.
typedef size_t stream_message_size(struct bytes front);

// What the streams of a listener share; borrowed for their lives.
struct stream_websocket_rules {
    uint32_t frame_bytes_max; // of a message that comes
    struct stream_origins origins;
    const char *path;                  // that requests have to name; NULL: any
    stream_message_size *message_size; // NULL: what is sent at a time is a frame
};

struct stream_websocket *stream_websocket_create(const struct stream_websocket_rules *rules,
                                                 struct memory *memory);
void stream_websocket_destroy(struct stream_websocket *websocket);

// Bytes of the peer. What their frames hold is appended to `payload`; what is to be sent to the
// peer, to `out`. Bytes that have too many frames are kept, see stream_websocket_has_rest.
enum stream_websocket_state stream_websocket_take(struct stream_websocket *websocket,
                                                  struct bytes bytes, struct buffer *payload,
                                                  struct buffer *out);
// Whether bytes wait to be taken by another call, which may bring none; until then no more should
// be read.
bool stream_websocket_has_rest(const struct stream_websocket *websocket);
// How many frames began in the bytes that were taken last.
unsigned stream_websocket_frames(const struct stream_websocket *websocket);
// The runs, which go on where those before ended: a message may be cut anywhere, and its frame is
// begun as soon as its size is known. Only while it is open.
void stream_websocket_put(struct stream_websocket *websocket, const struct bytes *runs,
                          unsigned count, struct buffer *out);
// Says to the peer that nothing more comes.
void stream_websocket_end(struct stream_websocket *websocket, struct buffer *out);

#endif
