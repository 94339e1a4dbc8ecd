#include "medium/http/host_name.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <strings.h>

#include "base/decimal.h"

#define PORT_MAX 65535

static const struct bytes no_host;

static bool is_name_byte(uint8_t byte) {
    bool is_letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
    return is_letter || (byte >= '0' && byte <= '9') || byte == '-' || byte == '.' || byte == '_';
}

static bool is_name(struct bytes text) {
    for (size_t i = 0; i < text.size; i++) {
        if (!is_name_byte(text.data[i])) {
            return false;
        }
    }
    return text.size > 0;
}

// Reads an address as the C library does, which wants it ended by a zero byte.
static bool read_address(int family, struct bytes text, void *address) {
    char copy[INET6_ADDRSTRLEN];
    if (text.size == 0 || text.size >= sizeof copy || memchr(text.data, 0, text.size) != NULL) {
        return false;
    }
    (void)snprintf(copy, sizeof copy, "%.*s", (int)text.size, (const char *)text.data);
    return inet_pton(family, copy, address) == 1;
}

static bool is_bracketed(struct bytes host) {
    return host.size > 2 && host.data[0] == '[' && host.data[host.size - 1] == ']';
}

static struct bytes without_brackets(struct bytes host) {
    return is_bracketed(host) ? bytes_make(host.data + 1, host.size - 2) : host;
}

static bool is_host(struct bytes text) {
    struct in6_addr six;
    return is_bracketed(text) ? read_address(AF_INET6, without_brackets(text), &six)
                              : is_name(text);
}

// Nothing, or a colon and a number.
static bool is_port(struct bytes text) {
    uint64_t port;
    return text.size == 0 ||
           (text.data[0] == ':' &&
            decimal_read(bytes_make(text.data + 1, text.size - 1), PORT_MAX, &port));
}

struct bytes host_name_of(struct bytes place) {
    const uint8_t *end = NULL;
    if (place.size == 0) {
        return no_host;
    }
    if (place.data[0] == '[') {
        end = memchr(place.data, ']', place.size);
        end = end == NULL ? NULL : end + 1;
    } else {
        end = memchr(place.data, ':', place.size);
    }
    size_t size = end == NULL ? place.size : (size_t)(end - place.data);
    struct bytes host = bytes_make(place.data, size);
    struct bytes port = bytes_make(place.data + size, place.size - size);
    return is_host(host) && is_port(port) ? host : no_host;
}

bool host_name_equal(struct bytes a, struct bytes b) {
    return a.size > 0 && a.size == b.size &&
           strncasecmp((const char *)a.data, (const char *)b.data, a.size) == 0;
}

// What stands behind http:// or https://; nothing otherwise.
static struct bytes behind_scheme(struct bytes text) {
    static const char *const schemes[] = {"http://", "https://"};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        struct bytes scheme = bytes_of_text(schemes[i]);
        if (text.size > scheme.size &&
            host_name_equal(bytes_make(text.data, scheme.size), scheme)) {
            return bytes_make(text.data + scheme.size, text.size - scheme.size);
        }
    }
    return no_host;
}

struct bytes host_name_of_origin(struct bytes origin) {
    return host_name_of(behind_scheme(origin));
}

static bool ends_place(uint8_t byte) {
    return byte == '/' || byte == '?' || byte == '#';
}

struct bytes host_name_of_url(struct bytes url) {
    struct bytes place = behind_scheme(url);
    size_t size = 0;
    while (size < place.size && !ends_place(place.data[size])) {
        size++;
    }
    if (size == 0) {
        return no_host;
    }
    const uint8_t *at = memrchr(place.data, '@', size); // behind a password
    size_t skip = at == NULL ? 0 : (size_t)(at + 1 - place.data);
    return host_name_of(bytes_make(place.data + skip, size - skip));
}

static bool is_loopback_four(struct in_addr four) {
    return ntohl(four.s_addr) >> 24 == 127;
}

static bool is_loopback_six(const struct in6_addr *six) {
    return IN6_IS_ADDR_LOOPBACK(six) || (IN6_IS_ADDR_V4MAPPED(six) && six->s6_addr[12] == 127);
}

// A name that only begins like an address, 127.0.0.1.example.org, is somebody else's.
bool host_name_is_loopback(struct bytes host) {
    struct in_addr four;
    struct in6_addr six;
    return host_name_equal(host, BYTES_LITERAL("localhost")) ||
           (read_address(AF_INET, host, &four) && is_loopback_four(four)) ||
           (read_address(AF_INET6, without_brackets(host), &six) && is_loopback_six(&six));
}

bool host_name_is_loopback_address(const struct sockaddr *address) {
    const void *any = address;
    return address->sa_family == AF_INET
               ? is_loopback_four(((const struct sockaddr_in *)any)->sin_addr)
               : address->sa_family == AF_INET6 &&
                     is_loopback_six(&((const struct sockaddr_in6 *)any)->sin6_addr);
}
