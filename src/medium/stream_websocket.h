// The server's end of WebSocket (RFC 6455) for MQTT, from bytes to bytes: it has no socket.
//
// First the HTTP upgrade, with the subprotocol `mqtt` or `mqttv3.1` [MQTT-6.0.0-3]; then frames, by
// wslay. MQTT travels in binary frames, of which each may hold any part of a packet or of several
// [MQTT-6.0.0-1] [MQTT-6.0.0-2]; so what binary frames hold is handed on as it comes. Text is
// refused (1003), frames above the limit too (1009); pings are answered.
#ifndef MEDIUM_STREAM_WEBSOCKET_H
#define MEDIUM_STREAM_WEBSOCKET_H

#include "base/buffer.h"

#define STREAM_WEBSOCKET_REQUEST_MAX 8192u // of the upgrade

enum stream_websocket_state {
    STREAM_WEBSOCKET_HANDSHAKE,
    STREAM_WEBSOCKET_OPEN,
    STREAM_WEBSOCKET_ENDED, // by the peer or for a fault of it; what is to be said of it is said
};

struct stream_websocket;

struct stream_websocket *stream_websocket_create(uint32_t frame_bytes_max, struct memory *memory);
void stream_websocket_destroy(struct stream_websocket *websocket);

// Bytes of the peer, all of which are taken. What they hold is appended to `payload`; what is to be
// sent to the peer, to `out`.
enum stream_websocket_state stream_websocket_take(struct stream_websocket *websocket,
                                                  struct bytes bytes, struct buffer *payload,
                                                  struct buffer *out);
// The runs as one frame. Only while it is open.
void stream_websocket_put(struct stream_websocket *websocket, const struct bytes *runs,
                          unsigned count, struct buffer *out);
// Says to the peer that nothing more comes.
void stream_websocket_end(struct stream_websocket *websocket, struct buffer *out);

#endif
