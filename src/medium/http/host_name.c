#include "medium/http/host_name.h"

#include <strings.h>

struct bytes host_name_of(struct bytes place) {
    const uint8_t *end = NULL;
    if (place.size > 0 && place.data[0] == '[') {
        end = memchr(place.data, ']', place.size);
        end = end == NULL ? NULL : end + 1;
    } else if (place.size > 0) {
        end = memchr(place.data, ':', place.size);
    }
    return bytes_make(place.data, end == NULL ? place.size : (size_t)(end - place.data));
}

bool host_name_equal(struct bytes a, struct bytes b) {
    return a.size == b.size &&
           (a.size == 0 || strncasecmp((const char *)a.data, (const char *)b.data, a.size) == 0);
}

// 127.0.0.1.example.org is somebody else's.
static bool is_loopback_address(struct bytes host) {
    unsigned dots = 0;
    for (size_t i = 0; i < host.size; i++) {
        dots += host.data[i] == '.';
        if (host.data[i] != '.' && (host.data[i] < '0' || host.data[i] > '9')) {
            return false;
        }
    }
    return dots == 3 && bytes_starts_with(host, BYTES_LITERAL("127."));
}

bool host_name_is_loopback(struct bytes host) {
    return host_name_equal(host, BYTES_LITERAL("localhost")) ||
           bytes_equal(host, BYTES_LITERAL("[::1]")) || is_loopback_address(host);
}
