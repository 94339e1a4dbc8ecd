#include "session/broker/broker_http.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "medium/http/host_name.h"
#include "medium/http/http_server.h"
#include "shell/printable.h"

#define CONNECTIONS 64
#define CONNECTIONS_PER_ADDRESS 32
#define CONNECTION_BYTES 8192
#define BODY_BYTES 1024
#define HELD_BYTES (4u * 1024 * 1024)
#define REQUEST_TIMEOUT_S 10
#define TICK_MS 1000
#define PLACE_SIZE 300

struct broker_http {
    struct broker_http_owner owner;
    int listener;               // until the server has it
    struct http_server *server; // NULL: not started
    uv_timer_t ticks;
    bool is_loopback;
    char name[BROKER_HTTP_NAME_SIZE];
};

// ---- answers --------------------------------------------------------------------------------

static void answer(struct http_exchange *exchange, unsigned status, const char *text) {
    exchange->status = status;
    exchange->content_type = "text/plain";
    exchange->answer = bytes_of_text(text);
}

static void answer_metrics(struct broker_http *http, struct http_exchange *exchange) {
    struct broker_metrics *metrics = calloc(1, sizeof *metrics);
    struct buffer *text = memory_allocate(&exchange->memory, sizeof *text);
    buffer_init(text, &exchange->memory);
    exchange->state = text;
    if (metrics == NULL) {
        answer(exchange, 503, "there is no memory\n");
        return;
    }
    http->owner.look(http->owner.context, metrics);
    broker_metrics_write(metrics, text);
    free(metrics);
    exchange->status = 200;
    exchange->content_type = METRICS_CONTENT_TYPE;
    exchange->answer = buffer_bytes(text);
}

// It is well if the lock can be had.
static void answer_health(struct broker_http *http, struct http_exchange *exchange) {
    (void)http->owner.why_not_ready(http->owner.context);
    answer(exchange, 200, "ok\n");
}

static void answer_readiness(struct broker_http *http, struct http_exchange *exchange) {
    const char *why = http->owner.why_not_ready(http->owner.context);
    answer(exchange, why == NULL ? 200 : 503, why == NULL ? "ok\n" : why);
}

static const struct route {
    const char *path;
    void (*answer)(struct broker_http *http, struct http_exchange *exchange);
} routes[] = {
    {"/metrics", answer_metrics},
    {"/healthz", answer_health},
    {"/readyz", answer_readiness},
};

static const struct route *route_of(const struct http_exchange *exchange) {
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        if (strcmp(exchange->path, routes[i].path) == 0) {
            return &routes[i];
        }
    }
    return NULL;
}

// ---- requests -------------------------------------------------------------------------------

static bool is_foreign_host(const struct broker_http *http, const struct http_exchange *exchange) {
    struct bytes host = http_exchange_header(exchange, "Host");
    return http->is_loopback && host.data != NULL && !host_name_is_loopback(host_name_of(host));
}

static void on_begin(void *context, struct http_exchange *exchange) {
    const struct broker_http *http = context;
    if (is_foreign_host(http, exchange)) {
        answer(exchange, 421, "this is for this machine only: call it localhost or 127.0.0.1\n");
    } else if (route_of(exchange) == NULL) {
        answer(exchange, 404, "there are /metrics, /healthz and /readyz\n");
    } else if (strcmp(exchange->method, "GET") != 0 && strcmp(exchange->method, "HEAD") != 0) {
        http_exchange_add(exchange, "Allow", "GET, HEAD");
        answer(exchange, 405, "all that is here is read, with GET\n");
    }
}

static void on_receive(void *context, struct http_exchange *exchange) {
    route_of(exchange)->answer(context, exchange);
}

static void on_refuse(void *context, struct http_exchange *exchange, unsigned status) {
    (void)context;
    answer(exchange, status, "the request cannot be served\n");
}

static void on_end(void *context, struct http_exchange *exchange) {
    struct buffer *text = exchange->state;
    (void)context;
    if (text != NULL) {
        buffer_deinit(text);
        memory_free(&exchange->memory, text, sizeof *text);
        exchange->state = NULL;
    }
}

// ---- its life -------------------------------------------------------------------------------

static void on_tick(uv_timer_t *timer) {
    struct broker_http *http = timer->data;
    http_server_tick(http->server);
}

struct broker_http *broker_http_bind(const char *place) {
    char where[PLACE_SIZE];
    struct http_error error;
    struct broker_http *http = calloc(1, sizeof *http);
    if (http == NULL) {
        printable_complain("broker: no memory\n");
        return NULL;
    }
    (void)snprintf(where, sizeof where, "%s%s", strchr(place, ':') == NULL ? "127.0.0.1:" : "",
                   place);
    http->listener = http_listen(where, &http->is_loopback, http->name, &error);
    if (http->listener < 0) {
        printable_complain("broker: --http: %s\n", error.text);
        free(http);
        return NULL;
    }
    return http;
}

static bool open_server(struct broker_http *http) {
    struct http_error error;
    http->server = http_server_open(
        &(struct http_server_options){.listener = http->listener,
                                      .threads = 1,
                                      .connections = CONNECTIONS,
                                      .connections_per_address = CONNECTIONS_PER_ADDRESS,
                                      .connection_bytes = CONNECTION_BYTES,
                                      .body_bytes = BODY_BYTES,
                                      .held_bytes = HELD_BYTES,
                                      .request_timeout_s = REQUEST_TIMEOUT_S,
                                      .events = {.context = http,
                                                 .begin = on_begin,
                                                 .receive = on_receive,
                                                 .refuse = on_refuse,
                                                 .end = on_end}},
        &error);
    http->listener = -1; // the server's, also if it could not start
    if (http->server == NULL) {
        printable_complain("broker: --http: %s\n", error.text);
    }
    return http->server != NULL;
}

bool broker_http_start(struct broker_http *http, const struct broker_http_owner *owner,
                       uv_loop_t *loop) {
    http->owner = *owner; // before anybody asks
    if (!open_server(http)) {
        return false;
    }
    (void)uv_timer_init(loop, &http->ticks);
    http->ticks.data = http;
    uv_timer_start(&http->ticks, on_tick, TICK_MS, TICK_MS);
    uv_unref((uv_handle_t *)&http->ticks);
    return true;
}

const char *broker_http_name(const struct broker_http *http) {
    return http->name;
}

void broker_http_close(struct broker_http *http) {
    if (http == NULL) {
        return;
    }
    if (http->server != NULL) {
        http_server_quiesce(http->server);
        http_server_close(http->server);
    }
    if (http->listener >= 0) {
        close(http->listener);
    }
    free(http);
}
