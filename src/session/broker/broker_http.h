// What a broker tells of itself over HTTP, to who watches over it:
//
//   GET /metrics   its figures, for Prometheus (session/broker/broker_metrics.h)
//   GET /healthz   200 while its turns go on: it is asked with the session's lock
//   GET /readyz    200 while it lets clients in, else 503 and why not
//
// Nobody can change anything by it, and no topic, client or payload is told. A server that only
// this machine reaches answers only who calls it by a name of this machine, so no page of a browser
// reads it either.
#ifndef SESSION_BROKER_BROKER_HTTP_H
#define SESSION_BROKER_BROKER_HTTP_H

#include <uv.h>

#include "session/broker/broker_metrics.h"

#define BROKER_HTTP_NAME_SIZE 64

struct broker_http;

// Both are called in threads of the server.
struct broker_http_owner {
    void *context;
    void (*look)(void *context, struct broker_metrics *metrics); // takes the session's lock
    // NULL: it is ready; else why not, a constant.
    const char *(*why_not_ready)(void *context);
};

// Listens at [HOST:]PORT; without HOST it is 127.0.0.1. NULL after a message on standard error.
struct broker_http *broker_http_bind(const char *place);
// Answers from now on. False after a message.
bool broker_http_start(struct broker_http *http, const struct broker_http_owner *owner,
                       uv_loop_t *loop);
// Where it listens, as it would be typed.
const char *broker_http_name(const struct broker_http *http);
// Once the loop is closed with all that is on it. NULL is nothing.
void broker_http_close(struct broker_http *http);

#endif
