// Input: a byte that says which origins may use the listener, the list of them up to a line's end,
// and a request for WebSocket. Whatever it is, the answer is one of HTTP, and it lets in exactly
// when it says so; who is let in with origins checked is let in without.
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "medium/stream/wrap/stream_upgrade.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ORIGINS_ROOM 256

enum { IS_CHECKED = 1, IS_LOOPBACK = 2, HAS_LIST = 4 };

static bool starts_with(const struct buffer *text, const char *start) {
    return bytes_starts_with(buffer_bytes(text), bytes_of_text(start));
}

// What an answer has to be, whether it lets in or not. One that refuses repeats nothing of the
// request, so its lines are ours.
static void check_answer(const struct buffer *out, bool is_let_in) {
    ASSERT(starts_with(out, is_let_in ? "HTTP/1.1 101 " : "HTTP/1.1 4"));
    ASSERT(out->size < 512 && memmem(out->data, out->size, "\r\n\r\n", 4) != NULL);
    for (size_t i = 0; i < out->size; i++) {
        uint8_t byte = out->data[i];
        ASSERT((byte >= ' ' && byte < 127) || byte == '\r' || byte == '\n');
    }
}

// The status: 101, or why not.
static int ask(struct bytes request, const struct stream_origins *origins) {
    struct memory memory;
    struct buffer out;
    memory_init(&memory);
    buffer_init(&out, &memory);
    bool is_let_in = stream_upgrade_answer(request, origins, NULL, &out);
    check_answer(&out, is_let_in);
    int status = 100 * (out.data[9] - '0') + 10 * (out.data[10] - '0') + out.data[11] - '0';
    buffer_deinit(&out);
    ASSERT(memory.blocks_in_use == 0);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const struct stream_origins open;
    char list[ORIGINS_ROOM];
    const uint8_t *end = size < 2 ? NULL : memchr(data + 1, '\n', size - 1);
    if (end == NULL || end - data > ORIGINS_ROOM) {
        return 0;
    }
    size_t list_size = (size_t)(end - data - 1);
    memcpy(list, data + 1, list_size);
    list[list_size] = '\0';
    const struct stream_origins origins = {.is_checked = (data[0] & IS_CHECKED) != 0,
                                           .is_loopback = (data[0] & IS_LOOPBACK) != 0,
                                           .allowed = (data[0] & HAS_LIST) != 0 ? list : NULL};
    const struct stream_origins all = {.is_checked = true, .allowed = "*"};
    struct bytes request = bytes_make(end + 1, size - list_size - 2);
    int status = ask(request, &origins);
    int without = ask(request, &open);
    ASSERT(without != 403 && ask(request, &all) == without);
    ASSERT(status == without || (status == 403 && origins.is_checked));
    return 0;
}
