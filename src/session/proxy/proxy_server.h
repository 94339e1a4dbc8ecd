// One proxy between its sockets: listens, opens a stream to the broker for each client that comes,
// and drives the role (role/proxy/proxy.h) between the two. Several may share a loop.
//
// All is called in the loop's thread.
#ifndef SESSION_PROXY_PROXY_SERVER_H
#define SESSION_PROXY_PROXY_SERVER_H

#include "medium/capture/tap_faults.h"
#include "medium/stream/stream_connect.h"
#include "medium/stream/stream_server.h"
#include "role/proxy/proxy.h"

struct proxy_server;

struct proxy_server_events {
    void *context;
    void (*tell)(void *context, struct proxy_server *server, const struct proxy_event *event);
    // The broker cannot be reached for a client.
    void (*unreachable)(void *context, struct proxy_server *server, const char *why);
    void (*notice)(void *context, const char *text);
};

struct proxy_server_options {
    struct stream_target target; // its TLS context stays the caller's
    struct proxy_limits limits;
    size_t memory_bytes; // of all that clients can make the proxy keep; 0: no limit
    uint64_t seed;
    uint32_t message_bytes_max; // of a WebSocket frame
    struct tap *tap;            // NULL: none; the caller's
    struct proxy_server_events events;
};

// One proxy between its sockets: the role, the streams on both sides, the timer for what is due.
// What the struct shows is to be read, or handed to functions of the role: rules, commands. It is
// gone when `closed` is called, after its last stream.
struct proxy_server {
    struct proxy_server_options options;
    struct memory memory;
    struct proxy proxy;
    struct stream_server *streams; // NULL: it does not listen
    unsigned closing;              // former ones that are not gone yet
    uv_loop_t *loop;
    uv_timer_t timer;
    uint64_t timer_due; // UINT64_MAX: it is not set
    uint64_t unreachable;
    uint64_t last_tapped;
    struct tap_faults tap_faults; // of what is received just now
    bool is_closing;
    void (*closed)(void *context);
    void *closed_context;
};

struct proxy_server *proxy_server_create(uv_loop_t *loop,
                                         const struct proxy_server_options *options);
// Listens. False, and *error, if that cannot be. It must not be listening.
bool proxy_server_listen(struct proxy_server *server, const struct stream_listener *listeners,
                         unsigned count, struct stream_server_error *error);
// Before it has served anybody; the caller's, as that of its options.
void proxy_server_set_tap(struct proxy_server *server, struct tap *tap);
uint16_t proxy_server_port(const struct proxy_server *server, unsigned listener);
// Closes its connections and listens no more; rules, toxics and counts stay.
void proxy_server_pause(struct proxy_server *server);
// Closes itself. Calls `closed` when it is gone, and frees it.
void proxy_server_close(struct proxy_server *server, void (*closed)(void *context), void *context);

// After a command to the role: its deadlines may have changed.
void proxy_server_look(struct proxy_server *server);

#endif
