// Input: a byte of options, then packets: a byte that says who sends it or that a connection
// begins, the packet's first byte, a byte of length, so many bytes. Whatever passes, the judge's
// exchanges are in order and bounded.
#include <stdlib.h>

#include "base/assert.h"
#include "check/flow_watch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct judged {
    struct memory memory;
    struct flow_watch watch;
};

// Returns how many bytes it took.
static size_t pass_one(struct judged *judged, const uint8_t *data, size_t size) {
    size_t body = data[2] & 0x7f;
    body = body < size - 3 ? body : size - 3;
    uint8_t *packet = malloc(2 + body);
    packet[0] = data[1];
    packet[1] = (uint8_t)body;
    memcpy(packet + 2, data + 3, body);
    struct bytes bytes = bytes_make(packet, 2 + body);
    if (data[0] % 3 == 0) {
        enum check_rule rule = flow_watch_sent(&judged->watch, &judged->memory, bytes);
        ASSERT(rule <= CHECK_RULES);
    } else {
        flow_watch_received(&judged->watch, &judged->memory, bytes);
    }
    free(packet);
    return 3 + body;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) {
        return 0;
    }
    struct judged judged;
    memory_init(&judged.memory);
    flow_watch_init(&judged.watch, &(struct flow_watch_options){.is_server = (data[0] & 1) != 0,
                                                                .is_between = (data[0] & 2) != 0});
    flow_watch_connected(&judged.watch, &judged.memory);
    for (size_t at = 1; at + 3 <= size;) {
        if (data[at] == UINT8_MAX) {
            flow_watch_connected(&judged.watch, &judged.memory);
            at++;
        } else {
            at += pass_one(&judged, data + at, size - at);
        }
        flow_watch_check(&judged.watch);
        (void)flow_watch_rest(&judged.watch);
    }
    flow_watch_deinit(&judged.watch, &judged.memory);
    ASSERT(judged.memory.bytes_in_use == 0);
    return 0;
}
