// Input: the bytes of a WebSocket client, to be cut after each as many as the first byte says. A
// server's end takes them; what it hands on does not depend on how they are cut. (When it finds a
// wrong reason in a close frame may depend on that: wslay looks at it as it comes.)
#include <stdlib.h>

#include "base/assert.h"
#include "medium/stream/wrap/stream_websocket.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FRAME_MAX 4096

static const char upgrade[] = "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n"
                              "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                              "Sec-WebSocket-Protocol: mqtt\r\n\r\n";

struct end {
    struct stream_websocket *websocket;
    struct buffer payload;
    struct buffer out;
    enum stream_websocket_state state;
};

static void feed(struct end *end, struct bytes bytes, size_t step) {
    while (bytes.size > 0 && end->state != STREAM_WEBSOCKET_ENDED) {
        size_t size = bytes.size < step ? bytes.size : step;
        end->state = stream_websocket_take(end->websocket, bytes_make(bytes.data, size),
                                           &end->payload, &end->out);
        bytes = bytes_make(bytes.data + size, bytes.size - size);
    }
}

static void run(struct end *end, struct memory *memory, struct bytes bytes, unsigned how) {
    static const struct stream_websocket_rules rules = {
        .frame_bytes_max = FRAME_MAX, .origins = {.is_checked = true, .allowed = "https://a.org"}};
    *end = (struct end){.websocket = stream_websocket_create(&rules, memory)};
    buffer_init(&end->payload, memory);
    buffer_init(&end->out, memory);
    if ((how & 1) != 0) {
        feed(end, bytes_make(upgrade, sizeof upgrade - 1), sizeof upgrade);
        ASSERT(end->state == STREAM_WEBSOCKET_OPEN);
    }
    feed(end, bytes, how / 2 + 1);
    stream_websocket_end(end->websocket, &end->out);
    ASSERT(end->payload.size <= bytes.size);
}

static void deinit(struct end *end) {
    stream_websocket_destroy(end->websocket);
    buffer_deinit(&end->payload);
    buffer_deinit(&end->out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct memory memory;
    struct end cut;
    struct end whole;
    if (size == 0) {
        return 0;
    }
    struct bytes bytes = bytes_make(data + 1, size - 1);
    memory_init(&memory);
    run(&cut, &memory, bytes, data[0]);
    run(&whole, &memory, bytes, (unsigned)(2 * size) | (data[0] & 1));
    ASSERT(bytes_equal(buffer_bytes(&cut.payload), buffer_bytes(&whole.payload)));
    deinit(&cut);
    deinit(&whole);
    ASSERT(memory.blocks_in_use == 0);
    return 0;
}
