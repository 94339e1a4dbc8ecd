#include "session/proxy/proxy_place.h"

#include <stdio.h>
#include <string.h>

#include "base/decimal.h"

static bool set_host(struct proxy_place *place, const char *from, size_t size) {
    if (size == 0 || size > PROXY_PLACE_MAX) {
        return false;
    }
    memcpy(place->host, from, size);
    place->host[size] = '\0';
    return true;
}

bool proxy_place_read(const char *text, struct proxy_place *place) {
    *place = (struct proxy_place){0};
    if (strchr(text, '/') != NULL) {
        place->is_path = true;
        return set_host(place, text, strlen(text));
    }
    const char *colon = strrchr(text, ':');
    const char *port = colon == NULL ? text : colon + 1;
    uint64_t number;
    if (!decimal_read(bytes_of_text(port), UINT16_MAX, &number)) {
        return false;
    }
    place->port = (uint16_t)number;
    if (colon == NULL) {
        return true;
    }
    size_t size = (size_t)(colon - text);
    bool is_bracketed = size > 2 && text[0] == '[' && colon[-1] == ']';
    if (!is_bracketed && memchr(text, ':', size) != NULL) {
        return false; // an address of IPv6 without its brackets
    }
    return is_bracketed ? set_host(place, text + 1, size - 2) : set_host(place, text, size);
}

void proxy_place_write(const struct proxy_place *place, char text[static PROXY_PLACE_TEXT_MAX]) {
    const char *host = place->host[0] == '\0' ? "127.0.0.1" : place->host;
    bool is_six = strchr(host, ':') != NULL;
    if (place->is_path) {
        (void)snprintf(text, PROXY_PLACE_TEXT_MAX, "%s", host);
    } else {
        (void)snprintf(text, PROXY_PLACE_TEXT_MAX, is_six ? "[%s]:%u" : "%s:%u", host, place->port);
    }
}
