// Proxies by name, as many as are asked for: what the API (session/proxy/proxy_api.h) works on. All
// share the loop, the seed and the limits of the first one, which is that of the options.
//
// All is called in the loop's thread.
#ifndef SESSION_PROXY_PROXY_FLEET_H
#define SESSION_PROXY_PROXY_FLEET_H

#include "session/proxy/proxy_place.h"
#include "session/proxy/proxy_server.h"

#define PROXY_FLEET_MAX 256
#define PROXY_FLEET_NAME_MAX 63

struct proxy_member {
    struct proxy_member *next;
    char name[PROXY_FLEET_NAME_MAX + 1];
    struct proxy_place listen; // with the port that it got
    struct proxy_place upstream;
    bool enabled;
    bool is_first;
    struct proxy_server *server;
};

struct proxy_fleet {
    uv_loop_t *loop;
    struct proxy_server_options options; // of new ones
    struct proxy_member *members;        // the first one first, the others in the order of adding
    unsigned count;
    unsigned closing; // servers that are not gone yet
    void (*closed)(void *context);
    void *closed_context;
};

struct proxy_fleet_settings {
    const char *name;
    const char *listen;
    const char *upstream;
    bool enabled;
};

void proxy_fleet_init(struct proxy_fleet *fleet, uv_loop_t *loop,
                      const struct proxy_server_options *options);
// Takes over a proxy that listens already.
void proxy_fleet_adopt(struct proxy_fleet *fleet, struct proxy_server *server, const char *name,
                       const struct proxy_place *listen, const struct proxy_place *upstream);

// NULL: there is none of this name.
struct proxy_member *proxy_fleet_find(const struct proxy_fleet *fleet, const char *name);
// NULL, and *error.
struct proxy_member *proxy_fleet_add(struct proxy_fleet *fleet,
                                     const struct proxy_fleet_settings *settings,
                                     struct stream_server_error *error);
// Changes what differs; connections end if anything does. A setting that is NULL stays as it is.
// False, and *error: it is then disabled.
bool proxy_fleet_change(struct proxy_fleet *fleet, struct proxy_member *member,
                        const struct proxy_fleet_settings *settings,
                        struct stream_server_error *error);
// Not the first one, which only the end of the program removes: false.
bool proxy_fleet_remove(struct proxy_fleet *fleet, struct proxy_member *member);

// Closes all, and calls `closed` when they are gone.
void proxy_fleet_close(struct proxy_fleet *fleet, void (*closed)(void *context), void *context);

#endif
