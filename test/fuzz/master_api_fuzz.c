// Input: requests to a master, each up to a zero byte: METHOD PATH?QUERY, lines of headers, an
// empty line and a body. They are read, executed by a store in memory and answered, in order; the
// classic API is open too. What an HTTP server would hand over stands here in place of one.
#include <jansson.h>
#include <stdlib.h>

#include "base/assert.h"
#include "fuzz/pieces.h"
#include "session/master/master_api.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUESTS_MAX 20 // of one input
#define MAILBOX_BYTES 5000

// A request as it came.
struct parts {
    char method[16];
    char path[256];
    struct bytes query;
    struct bytes headers;
    struct bytes body;
};

static struct parts parts;
static uint8_t value_room[4096];

// ---- in place of the HTTP server
// ------------------------------------------------------------------

static struct bytes find(struct bytes list, uint8_t between, uint8_t after_name, const char *name) {
    while (list.size > 0) {
        struct bytes one = take_until(&list, between);
        if (bytes_equal(take_until(&one, after_name), bytes_of_text(name))) {
            // Never NULL: it is there, if perhaps empty.
            return bytes_make(one.size == 0 ? value_room : one.data, one.size);
        }
    }
    return (struct bytes){0};
}

struct bytes http_exchange_header(const struct http_exchange *exchange, const char *name) {
    (void)exchange;
    return find(parts.headers, '\n', ':', name);
}

struct bytes http_exchange_query(const struct http_exchange *exchange, const char *name) {
    (void)exchange;
    return find(parts.query, '&', '=', name);
}

bool http_exchange_is_local(const struct http_exchange *exchange) {
    (void)exchange;
    return parts.headers.size % 2 == 0;
}

bool http_server_is_full(struct http_server *server) {
    (void)server;
    return false;
}

void http_exchange_add(struct http_exchange *exchange, const char *name, const char *value) {
    ASSERT(exchange->header_count < HTTP_HEADERS_MAX && strlen(value) < HTTP_HEADER_SIZE);
    exchange->headers[exchange->header_count++].name = name;
}

void http_exchange_add_number(struct http_exchange *exchange, const char *name, uint64_t number) {
    (void)number;
    http_exchange_add(exchange, name, "0");
}

static void copy_text(char *out, size_t room, struct bytes text) {
    size_t size = text.size < room - 1 ? text.size : room - 1;
    if (size > 0) {
        memcpy(out, text.data, size);
    }
    out[size] = '\0';
}

static void take_apart(struct bytes request) {
    struct bytes first = take_until(&request, '\n');
    struct bytes method = take_until(&first, ' ');
    struct bytes path = take_until(&first, '?');
    copy_text(parts.method, sizeof parts.method, method);
    copy_text(parts.path, sizeof parts.path, path);
    parts.query = first;
    const uint8_t *end = request.size < 2 ? NULL : memmem(request.data, request.size, "\n\n", 2);
    size_t headers = end == NULL ? request.size : (size_t)(end - request.data);
    size_t skip = end == NULL ? headers : headers + 2;
    parts.headers = bytes_make(request.data, headers);
    parts.body = bytes_make(request.data + skip, request.size - skip);
}

// ---- one request -------------------------------------------------------------------------------

static void check_answer(const struct http_exchange *exchange) {
    ASSERT(exchange->status >= 200 && exchange->status < 600);
    if (exchange->status >= 400 || exchange->content_type == NULL) {
        ASSERT(exchange->status == 204 || exchange->answer.size > 0);
    }
    if (exchange->content_type != NULL && strcmp(exchange->content_type, "application/json") == 0) {
        const char *text = (const char *)exchange->answer.data;
        json_t *object = json_loadb(text, exchange->answer.size, 0, NULL);
        ASSERT(json_is_object(object));
        json_decref(object);
    }
}

static void ask(const struct master_api *api, struct store *store, struct bytes text) {
    struct http_exchange exchange = {.method = parts.method, .path = parts.path};
    memory_init(&exchange.memory);
    buffer_init(&exchange.body, &exchange.memory);
    take_apart(text);
    buffer_append(&exchange.body, parts.body);
    master_api_begin(api, &exchange);
    struct master_request *request = exchange.state;
    if (exchange.status == 0 && master_api_read(request)) {
        struct store_request *asked = &request->store;
        store->kind->execute(store, &asked, 1);
        if (master_api_goes_on(request)) {
            store->kind->execute(store, &asked, 1);
        }
        if (asked->operation != STORE_LIST) { // the session answers that
            master_api_answer(api, request);
            check_answer(&exchange);
        }
        memory_free(asked->lines.memory, asked->gates, asked->gate_count * sizeof *asked->gates);
    } else {
        check_answer(&exchange);
    }
    master_api_end(&exchange);
    buffer_deinit(&exchange.body);
    ASSERT(exchange.memory.blocks_in_use == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const struct store_limits limits = {.gates = 4,
                                               .mailbox_packets = 10,
                                               .mailbox_bytes = MAILBOX_BYTES,
                                               .silence_ms = 30000,
                                               .classic_silence_ms = 30000};
    const struct master_api api = {.classic = true, .silence_ms = 30000};
    struct store_error error;
    struct store *store = store_open("memory", &limits, &error);
    struct bytes rest = bytes_make(data, size);
    ASSERT(store != NULL);
    for (int i = 0; i < REQUESTS_MAX && rest.size > 0; i++) {
        ask(&api, store, take_until(&rest, 0));
    }
    store->kind->close(store);
    return 0;
}
