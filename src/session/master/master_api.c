#include "session/master/master_api.h"

#include <jansson.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/assert.h"
#include "base/decimal.h"
#include "medium/http/host_name.h"
#include "packet/packet.h"
#include "session/master/master_classic.h"
#include "shell/metrics_text.h"
#include "shell/printable.h"
#include "shell/secrets/tokens.h"

#define SECRET_DIGITS (2 * STORE_SECRET_SIZE)

// ---- texts that requests share ---------------------------------------------------------------

struct master_text {
    struct memory memory;
    struct buffer buffer;
    atomic_uint refs;
};

struct master_text *master_text_make(void) {
    struct master_text *text = calloc(1, sizeof *text);
    ASSERT_MESSAGE(text != NULL, "out of memory");
    memory_init(&text->memory);
    buffer_init(&text->buffer, &text->memory);
    text->refs = 1;
    return text;
}

struct buffer *master_text_buffer(struct master_text *text) {
    return &text->buffer;
}

void master_text_unref(struct master_text *text) {
    if (text != NULL && atomic_fetch_sub(&text->refs, 1) == 1) {
        buffer_deinit(&text->buffer);
        free(text);
    }
}

// ---- answers --------------------------------------------------------------------------------

static void answer_json(struct http_exchange *exchange, unsigned status, json_t *object) {
    struct master_request *request = exchange->state;
    char *text = json_dumps(object, JSON_COMPACT);
    ASSERT_MESSAGE(text != NULL, "out of memory");
    printable_append_json(&request->text, bytes_of_text(text));
    free(text);
    buffer_append_byte(&request->text, '\n');
    json_decref(object);
    exchange->status = status;
    exchange->content_type = "application/json";
    exchange->answer = buffer_bytes(&request->text);
}

static json_t *error_object(unsigned status, const char *text) {
    json_t *object = json_object();
    json_object_set_new(object, "status", json_integer((json_int_t)status));
    json_object_set_new(object, "error", json_string(text));
    return object;
}

void master_api_fail(struct http_exchange *exchange, unsigned status, const char *format, ...) {
    struct master_request *request = exchange->state;
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    request->text.size = 0;
    if (status == 503) {
        http_exchange_add(exchange, "Retry-After", "1");
    }
    answer_json(exchange, status, error_object(status, text));
}

// ---- routes ---------------------------------------------------------------------------------

enum route_flags {
    ROUTE_HAS_GATE = 1, // its path names one
    ROUTE_NEEDS_TOKEN = 2,
    ROUTE_NEEDS_TOKEN_FROM_AFAR = 4, // but not from this machine
    ROUTE_ACTS = 8,                  // changes something, so no web page may cause it
    ROUTE_IS_CLASSIC = 16,
};

static const struct route_row {
    const char *method;
    const char *path; // # stands for a gate, a * at the beginning for anything
    enum master_route route;
    unsigned flags;
} rows[] = {
    {"POST", "/v1/gates/#/packets", ROUTE_UPLOAD, ROUTE_HAS_GATE | ROUTE_NEEDS_TOKEN | ROUTE_ACTS},
    {"GET", "/v1/gates/#/mailbox", ROUTE_TAKE, ROUTE_HAS_GATE | ROUTE_NEEDS_TOKEN | ROUTE_ACTS},
    {"POST", "/v1/gates", ROUTE_LEASE, ROUTE_NEEDS_TOKEN | ROUTE_ACTS},
    {"GET", "/v1/gates", ROUTE_GATES, ROUTE_NEEDS_TOKEN},
    {"DELETE", "/v1/gates/#", ROUTE_GIVE_BACK, ROUTE_HAS_GATE | ROUTE_NEEDS_TOKEN | ROUTE_ACTS},
    {"GET", "/metrics", ROUTE_METRICS, ROUTE_NEEDS_TOKEN_FROM_AFAR},
    {"GET", "/healthz", ROUTE_HEALTH, 0},
    {"GET", "*/MQTT/input", ROUTE_CLASSIC_INPUT,
     ROUTE_NEEDS_TOKEN_FROM_AFAR | ROUTE_ACTS | ROUTE_IS_CLASSIC},
    {"GET", "*/MQTT/output", ROUTE_CLASSIC_OUTPUT,
     ROUTE_NEEDS_TOKEN_FROM_AFAR | ROUTE_ACTS | ROUTE_IS_CLASSIC},
};

// Whether the path is of the pattern; *gate is 0 if what stands for the gate is none.
static bool matches(const char *pattern, struct bytes path, uint64_t *gate) {
    struct bytes rest = bytes_of_text(pattern);
    if (rest.data[0] == '*') {
        rest = bytes_make(rest.data + 1, rest.size - 1);
        return path.size >= rest.size &&
               bytes_equal(bytes_make(path.data + path.size - rest.size, rest.size), rest);
    }
    const char *mark = strchr(pattern, '#');
    if (mark == NULL) {
        return bytes_equal(path, rest);
    }
    size_t before = (size_t)(mark - pattern);
    if (!bytes_starts_with(path, bytes_make(pattern, before))) {
        return false;
    }
    struct bytes number = bytes_make(path.data + before, path.size - before);
    const uint8_t *end = number.size > 0 ? memchr(number.data, '/', number.size) : NULL;
    rest = bytes_make(mark + 1, rest.size - before - 1);
    number.size = end == NULL ? number.size : (size_t)(end - number.data);
    if (!decimal_read(number, PACKET_GATE_MAX, gate)) {
        *gate = 0;
    }
    return number.size > 0 &&
           bytes_equal(bytes_make(number.data + number.size, path.size - before - number.size),
                       rest);
}

// Finds the row; if there is none, *allowed are the methods that the path knows.
static const struct route_row *find_row(const struct master_api *api,
                                        const struct http_exchange *exchange, uint64_t *gate,
                                        char allowed[static HTTP_HEADER_SIZE]) {
    struct bytes path = bytes_of_text(exchange->path);
    size_t used = 0;
    allowed[0] = '\0';
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct route_row *row = &rows[i];
        if (((row->flags & ROUTE_IS_CLASSIC) != 0 && !api->classic) ||
            !matches(row->path, path, gate)) {
            continue;
        }
        bool has_head = strcmp(row->method, "GET") == 0; // which asks for the headers of a GET
        if (strcmp(row->method, exchange->method) == 0 ||
            (has_head && strcmp(exchange->method, "HEAD") == 0)) {
            return row;
        }
        used += (size_t)snprintf(allowed + used, HTTP_HEADER_SIZE - used, "%s%s%s",
                                 used > 0 ? ", " : "", row->method, has_head ? ", HEAD" : "");
    }
    return NULL;
}

static bool needs_token(const struct route_row *row, const struct http_exchange *exchange) {
    return (row->flags & ROUTE_NEEDS_TOKEN) != 0 ||
           ((row->flags & ROUTE_NEEDS_TOKEN_FROM_AFAR) != 0 && !http_exchange_is_local(exchange));
}

// Browsers say on whose behalf they ask; routers do not.
static bool comes_from_a_page(const struct http_exchange *exchange) {
    return http_exchange_header(exchange, "Origin").data != NULL ||
           http_exchange_header(exchange, "Sec-Fetch-Site").data != NULL;
}

// The name of a page's server that its owner has made to mean this machine.
static bool is_foreign_host(const struct master_api *api, const struct http_exchange *exchange) {
    struct bytes host = http_exchange_header(exchange, "Host");
    return api->is_loopback && api->tokens == NULL && host.data != NULL &&
           !host_name_is_loopback(host_name_of(host));
}

static void check_rights(const struct master_api *api, const struct route_row *row,
                         struct http_exchange *exchange) {
    if (is_foreign_host(api, exchange)) {
        master_api_fail(exchange, 421,
                        "this master is for this machine only: call it localhost or 127.0.0.1");
    } else if ((row->flags & ROUTE_ACTS) != 0 && comes_from_a_page(exchange)) {
        master_api_fail(exchange, 403, "requests of web pages are not served");
    } else if (api->tokens != NULL && needs_token(row, exchange) &&
               !tokens_check(api->tokens, http_exchange_header(exchange, "Authorization"))) {
        http_exchange_add(exchange, "WWW-Authenticate", "Bearer");
        master_api_fail(exchange, 401,
                        "send the header Authorization: Bearer TOKEN with a token of this master");
    }
}

void master_api_begin(const struct master_api *api, struct http_exchange *exchange) {
    struct master_request *request =
        memory_allocate(&exchange->memory, sizeof(struct master_request));
    char allowed[HTTP_HEADER_SIZE];
    uint64_t gate = 0;
    exchange->state = request;
    request->exchange = exchange;
    buffer_init(&request->proxy, &exchange->memory);
    buffer_init(&request->text, &exchange->memory);
    buffer_init(&request->store.lines, &exchange->memory);
    const struct route_row *row = find_row(api, exchange, &gate, allowed);
    request->route = row != NULL ? row->route : ROUTE_NONE;
    request->store.gate = (uint32_t)gate;
    if (row != NULL) {
        check_rights(api, row, exchange);
        if (exchange->status == 0 && (row->flags & ROUTE_HAS_GATE) != 0 && gate == 0) {
            master_api_fail(exchange, 404, "there is no such gate: they are numbered 1 to %u",
                            PACKET_GATE_MAX);
        }
    } else if (allowed[0] != '\0') {
        http_exchange_add(exchange, "Allow", allowed);
        master_api_fail(exchange, 405, "this path takes %s only", allowed);
    } else {
        master_api_fail(exchange, 404,
                        "there is nothing at this path; the API begins at /v1/gates");
    }
}

void master_api_answer_text(struct master_request *request, struct master_text *text) {
    struct http_exchange *exchange = request->exchange;
    text->refs++;
    request->shared = text;
    exchange->status = 200;
    exchange->content_type =
        request->route == ROUTE_METRICS ? METRICS_CONTENT_TYPE : "application/json";
    exchange->answer = buffer_bytes(&text->buffer);
}

void master_api_end(struct http_exchange *exchange) {
    struct master_request *request = exchange->state;
    if (request == NULL) {
        return;
    }
    master_text_unref(request->shared);
    buffer_deinit(&request->proxy);
    buffer_deinit(&request->text);
    buffer_deinit(&request->store.lines);
    memory_free(&exchange->memory, request->packets,
                request->packet_count * sizeof *request->packets);
    memory_free(&exchange->memory, request, sizeof *request);
    exchange->state = NULL;
}

// ---- parts of requests ----------------------------------------------------------------------

static bool read_secret(struct bytes text, uint8_t secret[static STORE_SECRET_SIZE]) {
    size_t size = 0;
    return text.size == SECRET_DIGITS &&
           sodium_hex2bin(secret, STORE_SECRET_SIZE, (const char *)text.data, text.size, NULL,
                          &size, NULL) == 0 &&
           size == STORE_SECRET_SIZE;
}

static bool read_lease_secret(struct master_request *request) {
    struct bytes text = http_exchange_header(request->exchange, "Lease-Secret");
    if (read_secret(text, request->store.secret)) {
        return true;
    }
    master_api_fail(
        request->exchange, 403,
        "send the header Lease-Secret with the secret of gate %u, %u hexadecimal digits",
        request->store.gate, SECRET_DIGITS);
    return false;
}

// A parameter that is a number; `preset` if it is not given.
static bool read_parameter(struct master_request *request, const char *name, uint64_t max,
                           uint64_t *number) {
    struct bytes text = http_exchange_query(request->exchange, name);
    if (text.data == NULL || decimal_read(text, max, number)) {
        return true;
    }
    master_api_fail(request->exchange, 400, "%s is not a number from 0 to %llu", name,
                    (unsigned long long)max);
    return false;
}

// ---- lease ----------------------------------------------------------------------------------

static const char lease_form[] =
    "the body of a lease is {}, {\"gate\": N} or {\"gate\": N, \"secret\": \"32 hexadecimal "
    "digits\"}";

static bool read_lease_object(const json_t *object, struct store_request *store) {
    const json_t *gate = json_object_get(object, "gate");
    const json_t *secret = json_object_get(object, "secret");
    json_int_t number = json_integer_value(gate);
    if (!json_is_object(object) ||
        (gate != NULL && (!json_is_integer(gate) || number < 1 || number > PACKET_GATE_MAX)) ||
        (secret != NULL && (!json_is_string(secret) || gate == NULL))) {
        return false;
    }
    store->gate = (uint32_t)number;
    if (secret == NULL) {
        randombytes_buf(store->secret, sizeof store->secret);
        return true;
    }
    return read_secret(bytes_make(json_string_value(secret), json_string_length(secret)),
                       store->secret);
}

static bool read_lease(struct master_request *request) {
    struct bytes body = buffer_bytes(&request->exchange->body);
    json_t *object =
        body.size == 0 ? json_object() : json_loadb((const char *)body.data, body.size, 0, NULL);
    request->store.operation = STORE_LEASE;
    bool right = read_lease_object(object, &request->store);
    json_decref(object);
    if (!right) {
        master_api_fail(request->exchange, 400, "%s; gates are 1 to %u", lease_form,
                        PACKET_GATE_MAX);
    }
    return right;
}

static void answer_lease(const struct master_api *api, struct master_request *request) {
    const struct store_request *store = &request->store;
    char secret[SECRET_DIGITS + 1];
    sodium_bin2hex(secret, sizeof secret, store->secret, sizeof store->secret);
    json_t *object = json_object();
    json_object_set_new(object, "gate", json_integer(store->gate));
    json_object_set_new(object, "secret", json_string(secret));
    json_object_set_new(object, "silence_s",
                        api->silence_ms % 1000 == 0
                            ? json_integer((json_int_t)(api->silence_ms / 1000))
                            : json_real((double)api->silence_ms / 1000));
    json_object_set_new(object, "uploaded", json_integer((json_int_t)store->uploaded));
    answer_json(request->exchange, store->status == GATE_NEW ? 201 : 200, object);
}

// ---- upload ---------------------------------------------------------------------------------

static bool refuse_line(struct master_request *request, uint32_t line, const char *what) {
    master_api_fail(request->exchange, 400, "line %u of the body: %s; nothing of it was taken",
                    line, what);
    return false;
}

// Reads one line, with its LF, into request->packets.
static bool read_packet(struct master_request *request, struct bytes line, uint32_t number) {
    uint8_t scratch[PACKET_LINE_MAX];
    struct packet packet;
    enum packet_fault fault = packet_parse(&packet, bytes_make(line.data, line.size - 1), scratch);
    if (fault != PACKET_OK) {
        return refuse_line(request, number, packet_fault_text(fault));
    }
    if (packet_address_gate(packet.sender) != request->store.gate) {
        return refuse_line(request, number, "its sender is not a global address of this gate");
    }
    uint32_t receiver = packet_address_gate(packet.receiver);
    if (packet.receiver != PACKET_EVERYONE && receiver == 0) {
        return refuse_line(request, number, "its receiver is neither a global address nor 0");
    }
    request->packets[number - 1] = (struct store_packet){receiver, line};
    return true;
}

static uint32_t count_lines(struct bytes body) {
    uint32_t lines = 0;
    const uint8_t *end = body.data + body.size;
    for (const uint8_t *at = body.data; at < end; lines++) {
        at = memchr(at, '\n', (size_t)(end - at));
        if (at == NULL) {
            return lines;
        }
        at++;
    }
    return lines;
}

static bool read_packets(struct master_request *request) {
    struct bytes body = buffer_bytes(&request->exchange->body);
    uint32_t lines = body.size > 0 ? count_lines(body) : 0;
    if (lines == 0 || body.data[body.size - 1] != '\n') {
        return refuse_line(request, lines + 1, "it has no line feed at its end");
    }
    request->packet_count = lines;
    request->packets =
        memory_resize(&request->exchange->memory, NULL, 0, lines * sizeof *request->packets);
    const uint8_t *at = body.data;
    for (uint32_t i = 0; i < lines; i++) {
        const uint8_t *end = memchr(at, '\n', (size_t)(body.data + body.size - at));
        if (!read_packet(request, bytes_make(at, (size_t)(end - at) + 1), i + 1)) {
            return false;
        }
        at = end + 1;
    }
    request->store.packets = request->packets;
    request->store.packet_count = lines;
    return true;
}

static bool read_upload(struct master_request *request) {
    request->store.operation = STORE_UPLOAD;
    if (!read_lease_secret(request) ||
        !read_parameter(request, "first", UINT64_MAX / 2, &request->store.first)) {
        return false;
    }
    if (request->store.first == 0) {
        master_api_fail(request->exchange, 400,
                        "give first=N, the number of the body's first line; they count from 1");
        return false;
    }
    return read_packets(request);
}

static void answer_upload(struct master_request *request) {
    const struct store_request *store = &request->store;
    json_t *object = json_object();
    json_object_set_new(object, "uploaded", json_integer((json_int_t)store->uploaded));
    json_object_set_new(object, "accepted", json_integer(store->accepted));
    if (store->unreachable > 0) {
        json_object_set_new(object, "unreachable", json_integer(store->unreachable));
    }
    answer_json(request->exchange, 200, object);
}

static void answer_gap(struct master_request *request) {
    const struct store_request *store = &request->store;
    char text[160];
    snprintf(text, sizeof text,
             "lines are missing: first is %llu, but the last line here is %llu; send from %llu on",
             (unsigned long long)store->first, (unsigned long long)store->uploaded,
             (unsigned long long)store->uploaded + 1);
    json_t *object = error_object(409, text);
    json_object_set_new(object, "uploaded", json_integer((json_int_t)store->uploaded));
    answer_json(request->exchange, 409, object);
}

// ---- mailbox --------------------------------------------------------------------------------

static bool read_take(struct master_request *request) {
    struct store_request *store = &request->store;
    store->operation = STORE_TAKE;
    store->bytes_max = MASTER_TAKE_BYTES;
    if (!read_lease_secret(request) ||
        !read_parameter(request, "after", UINT64_MAX / 2, &store->acknowledged) ||
        !read_parameter(request, "wait", MASTER_WAIT_S_MAX, &request->wait_s) ||
        !read_parameter(request, "max", UINT64_MAX / 2, &store->bytes_max)) {
        return false;
    }
    uint64_t max = store->bytes_max > MASTER_TAKE_BYTES ? MASTER_TAKE_BYTES : store->bytes_max;
    store->bytes_max = max < PACKET_LINE_MAX ? PACKET_LINE_MAX : max; // one packet at least
    if (http_server_is_full(request->exchange->server)) {
        store->bytes_max = PACKET_LINE_MAX;
    }
    return true;
}

static void answer_take(struct master_request *request) {
    struct http_exchange *exchange = request->exchange;
    const struct store_request *store = &request->store;
    http_exchange_add_number(exchange, "Mailbox-Last", store->last);
    http_exchange_add_number(exchange, "Mailbox-Missing", store->missing);
    exchange->status = store->lines.size > 0 ? 200 : 204;
    exchange->content_type = store->lines.size > 0 ? "text/plain; charset=utf-8" : NULL;
    exchange->answer = buffer_bytes(&store->lines);
}

static void answer_given_back(struct master_request *request) {
    request->exchange->status = 204;
}

// ---- the classic API ------------------------------------------------------------------------

static void answer_classic(struct master_request *request) {
    struct http_exchange *exchange = request->exchange;
    exchange->status = 200;
    exchange->content_type = "text/plain";
    exchange->chunked = true;
    exchange->answer = buffer_bytes(&request->text);
}

// The line of one packet to be PUT, for a gate or all.
static void put_one(struct master_request *request, uint32_t gate, struct bytes line) {
    request->packets = memory_allocate(&request->exchange->memory, sizeof *request->packets);
    request->packets[0] = (struct store_packet){gate, line};
    request->store.packets = request->packets;
    request->store.packet_count = request->packet_count = 1;
}

static bool read_classic_input(struct master_request *request) {
    const struct http_exchange *exchange = request->exchange;
    const struct master_classic_fields fields = {
        .time_stamp = http_exchange_query(exchange, "ts"),
        .sender = http_exchange_query(exchange, "sa"),
        .receiver = http_exchange_query(exchange, "ra"),
        .type = http_exchange_query(exchange, "type"),
        .payload = http_exchange_query(exchange, "payload"),
        .signature = http_exchange_query(exchange, "sig"),
    };
    struct packet packet;
    enum packet_fault fault = master_classic_read(&fields, &request->text, &packet);
    if (fault != PACKET_OK) {
        master_api_fail(request->exchange, 400,
                        "the packet is wrong: %s; a payload is written as "
                        "four decimal digits for each character",
                        packet_fault_text(fault));
        return false;
    }
    uint32_t receiver = packet_address_gate(packet.receiver);
    request->store.operation = STORE_PUT;
    request->store.gate = packet_address_gate(packet.sender);
    if (request->store.gate == 0 || (receiver == 0 && packet.receiver != PACKET_EVERYONE)) {
        master_api_fail(request->exchange, 400,
                        "sa has to be a global address (gate * 1000 + local address), ra one or 0");
        return false;
    }
    put_one(request, receiver, buffer_bytes(&request->text));
    return true;
}

static bool read_classic_output(struct master_request *request) {
    uint64_t gate = 0;
    request->store.operation = STORE_POP;
    if (!decimal_read(http_exchange_query(request->exchange, "net"), PACKET_GATE_MAX, &gate) ||
        gate == 0) {
        master_api_fail(request->exchange, 400, "give net=GATE, a number from 1 to %u",
                        PACKET_GATE_MAX);
        return false;
    }
    request->store.gate = (uint32_t)gate;
    return true;
}

static void answer_classic_input(struct master_request *request) {
    request->text.size = 0;
    buffer_append_text(&request->text, "OK");
    answer_classic(request);
}

static void write_classic_output(struct master_request *request) {
    if (request->store.lines.size == 0) {
        buffer_append_byte(&request->text, '-');
    } else {
        master_classic_write(buffer_bytes(&request->store.lines), &request->text);
    }
}

static void answer_classic_output(struct master_request *request) {
    if (request->store.operation == STORE_POP) {
        write_classic_output(request);
    }
    answer_classic(request);
}

// A POP that gave the `join` of a router is followed by the PUT of what answers it.
bool master_api_goes_on(struct master_request *request) {
    struct store_request *store = &request->store;
    uint32_t asker;
    if (store->operation != STORE_POP || store->status != GATE_OK || store->lines.size == 0 ||
        !master_classic_answer(store->gate, buffer_bytes(&store->lines), &request->proxy, &asker)) {
        return false;
    }
    write_classic_output(request);
    store->operation = STORE_PUT;
    put_one(request, asker, buffer_bytes(&request->proxy));
    return true;
}

// ---- health ---------------------------------------------------------------------------------

// Asks for something that no store grants, and that costs nothing: what matters is that it answers.
static bool read_health(struct master_request *request) {
    request->store.operation = STORE_RENEW;
    request->store.gate = 1;
    return true;
}

static void answer_health(struct master_request *request) {
    json_t *object = json_object();
    json_object_set_new(object, "status", json_string("ok"));
    answer_json(request->exchange, 200, object);
}

// ---- all ------------------------------------------------------------------------------------

bool master_api_read(struct master_request *request) {
    switch (request->route) {
    case ROUTE_LEASE:
        return read_lease(request);
    case ROUTE_UPLOAD:
        return read_upload(request);
    case ROUTE_TAKE:
        return read_take(request);
    case ROUTE_GIVE_BACK:
        request->store.operation = STORE_GIVE_BACK;
        return read_lease_secret(request);
    case ROUTE_CLASSIC_INPUT:
        return read_classic_input(request);
    case ROUTE_CLASSIC_OUTPUT:
        return read_classic_output(request);
    case ROUTE_HEALTH:
        return read_health(request);
    case ROUTE_GATES:
    case ROUTE_METRICS:
        request->store.operation = STORE_LIST;
        return true;
    case ROUTE_NONE:
    case ROUTES:
        break;
    }
    ASSERT_MESSAGE(false, "what has no route was refused before");
    return false;
}

static void answer_done(const struct master_api *api, struct master_request *request) {
    switch (request->route) {
    case ROUTE_LEASE:
        answer_lease(api, request);
        return;
    case ROUTE_UPLOAD:
        answer_upload(request);
        return;
    case ROUTE_TAKE:
        answer_take(request);
        return;
    case ROUTE_GIVE_BACK:
        answer_given_back(request);
        return;
    case ROUTE_CLASSIC_INPUT:
        answer_classic_input(request);
        return;
    case ROUTE_CLASSIC_OUTPUT:
        answer_classic_output(request);
        return;
    case ROUTE_HEALTH:
    case ROUTE_GATES:
    case ROUTE_METRICS:
    case ROUTE_NONE:
    case ROUTES:
        break;
    }
    answer_health(request);
}

static void answer_refused(struct master_request *request) {
    if (request->route == ROUTE_HEALTH) {
        answer_health(request);
        return;
    }
    bool classic = request->route == ROUTE_CLASSIC_INPUT || request->route == ROUTE_CLASSIC_OUTPUT;
    master_api_fail(request->exchange, 403,
                    classic ? "gate %u is leased by a router that has a secret"
                            : "this is not the secret of gate %u, or its lease has run out; lease "
                              "it again",
                    request->store.gate);
}

void master_api_answer(const struct master_api *api, struct master_request *request) {
    struct http_exchange *exchange = request->exchange;
    if (request->proxy.size > 0) { // what was taken is gone: it has to be handed out
        answer_done(api, request);
        return;
    }
    switch (request->store.status) {
    case GATE_OK:
    case GATE_NEW:
        answer_done(api, request);
        return;
    case GATE_TAKEN:
        master_api_fail(exchange, 409, "gate %u is taken; lease another, or {} for any",
                        request->store.gate);
        return;
    case GATE_NO_LEASE:
        answer_refused(request);
        return;
    case GATE_GAP:
        answer_gap(request);
        return;
    case GATE_FULL:
        master_api_fail(exchange, 503, "there are as many gates as this master takes");
        return;
    case GATE_UNAVAILABLE:
    case GATE_REFUSED: // those from here on are said by others than a store
    case GATE_UNTRUSTED:
    case GATE_NO_ACCESS:
    case GATE_STRANGE:
    case GATE_CANCELLED:
        master_api_fail(exchange, 503, "the store cannot be reached; try again");
        return;
    }
}
