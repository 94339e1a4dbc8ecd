// Places as they are typed: PORT, HOST:PORT, [IPV6]:PORT, or the PATH of a Unix socket.
#ifndef SESSION_PROXY_PROXY_PLACE_H
#define SESSION_PROXY_PROXY_PLACE_H

#include <stdbool.h>
#include <stdint.h>

#define PROXY_PLACE_MAX 255

struct proxy_place {
    char host[PROXY_PLACE_MAX + 1]; // empty: none was given; or a path
    uint16_t port;
    bool is_path; // it has a `/` in it
};

// As text, with 127.0.0.1 where no host was given.
#define PROXY_PLACE_TEXT_MAX (PROXY_PLACE_MAX + 10)
void proxy_place_write(const struct proxy_place *place, char text[static PROXY_PLACE_TEXT_MAX]);

// False: it is none of these.
bool proxy_place_read(const char *text, struct proxy_place *place);

#endif
