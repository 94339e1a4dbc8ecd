#include "medium/stream/stream_url.h"

#include <stdio.h>
#include <string.h>

#include "base/decimal.h"

static const struct {
    const char *scheme;
    const char *port;
    bool is_tls;
    bool is_websocket;
} schemes[] = {
    {"mqtt://", "1883", false, false}, {"mqtts://", "8883", true, false},
    {"tcp://", "1883", false, false},  {"ssl://", "8883", true, false},
    {"ws://", "80", false, true},      {"wss://", "443", true, true},
};

// False: it is too long, empty, or holds what cannot be part of it.
static bool copy(char *out, size_t room, struct bytes text) {
    if (text.size == 0 || text.size >= room) {
        return false;
    }
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] <= ' ' || text.data[i] == 0x7f) {
            return false;
        }
        out[i] = (char)text.data[i];
    }
    out[text.size] = '\0';
    return true;
}

static struct bytes cut_front(struct bytes text, size_t size) {
    return bytes_make(text.data + size, text.size - size);
}

static size_t find(struct bytes text, char byte) {
    const uint8_t *at = text.size == 0 ? NULL : memchr(text.data, byte, text.size);
    return at == NULL ? text.size : (size_t)(at - text.data);
}

static const char *read_port(struct stream_url *url, struct bytes text) {
    uint64_t port;
    if (!decimal_read(text, UINT16_MAX, &port) || port == 0) {
        return "the port is not a number from 1 to 65535";
    }
    (void)snprintf(url->port, sizeof url->port, "%u", (unsigned)port);
    return NULL;
}

// HOST[:PORT] or [ADDRESS][:PORT].
static const char *read_place(struct stream_url *url, struct bytes text) {
    bool has_brackets = text.size > 0 && text.data[0] == '[';
    struct bytes host = has_brackets ? cut_front(text, 1) : text;
    host.size = find(host, has_brackets ? ']' : ':');
    size_t taken = host.size + (has_brackets ? 2 : 0);
    if (!copy(url->host, sizeof url->host, host) || taken > text.size) {
        return "the host is missing or wrong";
    }
    struct bytes rest = cut_front(text, taken);
    if (rest.size == 0) {
        return NULL;
    }
    return rest.data[0] == ':' ? read_port(url, cut_front(rest, 1))
                               : "behind the host only a port may follow";
}

static const char *read_user(struct stream_url *url, struct bytes *place) {
    size_t at = find(*place, '@');
    if (at == place->size) {
        return NULL;
    }
    struct bytes user = bytes_make(place->data, at);
    if (find(user, ':') < user.size) {
        return "a password in an argument is read by all on this machine: use --credentials, for a "
               "proxy --proxy-credentials";
    }
    if (!copy(url->user, sizeof url->user, user)) {
        return "the user's name is empty, too long or has blanks";
    }
    *place = cut_front(*place, at + 1);
    return NULL;
}

static const char *read_network(struct stream_url *url, struct bytes text) {
    size_t size = find(text, '/');
    struct bytes place = bytes_make(text.data, size);
    struct bytes path = size < text.size ? cut_front(text, size) : BYTES_LITERAL("/mqtt");
    if (!url->is_websocket && path.size > 1 && size < text.size) {
        return "only WebSocket has a path";
    }
    if (!copy(url->path, sizeof url->path, path)) {
        return "the path is too long or has blanks";
    }
    const char *why = read_user(url, &place);
    return why != NULL ? why : read_place(url, place);
}

const char *stream_url_read(struct stream_url *url, struct bytes text) {
    *url = (struct stream_url){0};
    struct bytes local = BYTES_LITERAL("unix:");
    if (bytes_starts_with(text, local)) {
        url->is_unix = true;
        struct bytes path = cut_front(text, local.size);
        bool has_slashes = bytes_starts_with(path, BYTES_LITERAL("//"));
        return copy(url->path, sizeof url->path, has_slashes ? cut_front(path, 2) : path)
                   ? NULL
                   : "the path of the socket is missing, too long or has blanks";
    }
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        struct bytes scheme = bytes_of_text(schemes[i].scheme);
        if (bytes_starts_with(text, scheme)) {
            url->is_tls = schemes[i].is_tls;
            url->is_websocket = schemes[i].is_websocket;
            (void)snprintf(url->port, sizeof url->port, "%s", schemes[i].port);
            return read_network(url, cut_front(text, scheme.size));
        }
    }
    return "a broker is named by mqtt://HOST, mqtts://HOST, ws://HOST, wss://HOST or unix:PATH";
}

const char *stream_url_read_proxy(struct stream_url *url, struct bytes text) {
    struct bytes scheme = BYTES_LITERAL("socks5h://");
    *url = (struct stream_url){.port = "1080"};
    if (!bytes_starts_with(text, scheme)) {
        return "a proxy is named by socks5h://HOST[:PORT]";
    }
    struct bytes place = cut_front(text, scheme.size);
    const char *why = read_user(url, &place);
    return why != NULL ? why : read_place(url, place);
}

const char *stream_url_refer(struct stream_url *url, struct bytes reference) {
    reference.size = find(reference, ' ');
    return url->is_unix ? "a Unix socket leads to no other server" : read_place(url, reference);
}
