// Input: a byte that says into which pieces the rest is cut, and what a proxy sends in front of a
// stream. However it is cut, the header comes to the same, within its bound, and what follows it is
// left as it is. A header that names an address was whole.
#include "base/assert.h"
#include "medium/stream/wrap/stream_proxy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// *taken is how much of the text the header had.
static struct stream_proxy take(struct bytes text, size_t piece, size_t *taken) {
    struct stream_proxy proxy = {0};
    *taken = 0;
    while (*taken < text.size && proxy.state == STREAM_PROXY_HEADER) {
        size_t left = text.size - *taken;
        struct bytes bytes = bytes_make(text.data + *taken, left < piece ? left : piece);
        size_t before = bytes.size;
        (void)stream_proxy_take(&proxy, &bytes);
        *taken += before - bytes.size;
        ASSERT(bytes.size == 0 || proxy.state != STREAM_PROXY_HEADER);
    }
    return proxy;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    size_t whole_taken;
    size_t taken;
    if (size < 2) {
        return 0;
    }
    struct bytes text = bytes_make(data + 1, size - 1);
    struct stream_proxy whole = take(text, text.size, &whole_taken);
    struct stream_proxy proxy = take(text, data[0] % 40u + 1, &taken);
    ASSERT(taken == whole_taken && taken <= STREAM_PROXY_BYTES_MAX);
    ASSERT(proxy.state == whole.state && proxy.fault == whole.fault);
    ASSERT(memcmp(&proxy.address, &whole.address, sizeof proxy.address) == 0);
    ASSERT((proxy.fault != NULL) == (proxy.state == STREAM_PROXY_FAILED));
    ASSERT(!proxy.names_address || proxy.state == STREAM_PROXY_DONE);
    return 0;
}
