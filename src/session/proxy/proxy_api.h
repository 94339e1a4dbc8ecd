// The HTTP API of a proxy (docs/proxy-api.md): that of Toxiproxy 2, so that its client libraries
// work unchanged, and `/rules` for the rules of faults.
//
// Requests are read and answered in the loop's thread; the threads of the HTTP server only bring
// them.
#ifndef SESSION_PROXY_PROXY_API_H
#define SESSION_PROXY_PROXY_API_H

#include "medium/http/http_server.h"
#include "session/proxy/proxy_fleet.h"

struct proxy_api;

// Whose levers the proxy of the options has: executes a command, nothing if it is empty, and
// appends the answer, JSON (shell/run.h, run_answer).
struct proxy_api_owner {
    void *context;
    void (*levers)(void *context, struct bytes command, struct buffer *answer);
};

// Listens at a place of this machine; from others it takes nothing. NULL and *error if it cannot.
struct proxy_api *proxy_api_open(const char *place, struct proxy_fleet *fleet,
                                 const struct proxy_api_owner *owner, struct http_error *error);
// Where it listens, as it would be typed.
const char *proxy_api_place(const struct proxy_api *api);
// Once a second.
void proxy_api_tick(struct proxy_api *api);
// Answers what waits, and ends. What it has on the loop is closed with the loop.
void proxy_api_close(struct proxy_api *api);
// When the loop is closed. NULL is allowed.
void proxy_api_free(struct proxy_api *api);

#endif
