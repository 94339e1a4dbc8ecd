// Input: what a server sends to the client's end of WebSocket. The first byte says whether it
// begins with a good answer to the upgrade (bit 0), and into which pieces the rest is cut. Nothing
// may be left in memory, and what is handed on is never more than what came.
#include "base/assert.h"
#include "medium/stream/wrap/stream_mask.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fill(void *bytes, size_t size) {
    memset(bytes, 7, size);
}

static const struct stream_upgrade_request request = {
    .path = "/mqtt", .host = "localhost", .protocol = "mqtt"};

// The server's answer to what the client asked.
static void answer(const struct buffer *asked, struct buffer *out) {
    const struct stream_origins origins = {.is_checked = false};
    bool is_taken = stream_upgrade_answer(buffer_bytes(asked), &origins, "/mqtt", out);
    ASSERT(is_taken);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct memory memory;
    memory_init(&memory);
    struct buffer payload = {.memory = &memory};
    struct buffer out = {.memory = &memory};
    struct buffer good = {.memory = &memory};
    struct stream_mask *mask = stream_mask_create(&request, fill, &memory);
    stream_mask_begin(mask, &out);
    uint8_t choice = size > 0 ? data[0] : 0;
    enum stream_mask_state state = STREAM_MASK_HANDSHAKE;
    if ((choice & 1) != 0) {
        answer(&out, &good);
        state = stream_mask_take(mask, buffer_bytes(&good), &payload, &out);
        ASSERT(state == STREAM_MASK_OPEN);
    }
    size_t part = 1 + (choice >> 1);
    for (size_t at = 1; at < size && state != STREAM_MASK_ENDED; at += part) {
        size_t count = part < size - at ? part : size - at;
        state = stream_mask_take(mask, bytes_make(data + at, count), &payload, &out);
    }
    ASSERT(payload.size <= size);
    if (state == STREAM_MASK_OPEN) {
        ASSERT(stream_mask_put(mask, BYTES_LITERAL("x"), &out));
    }
    stream_mask_end(mask, &out);
    stream_mask_destroy(mask);
    buffer_deinit(&payload);
    buffer_deinit(&out);
    buffer_deinit(&good);
    ASSERT(memory.blocks_in_use == 0);
    return 0;
}
