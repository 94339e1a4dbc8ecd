#include "session/proxy/proxy_api.h"

#include <jansson.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/decimal.h"
#include "fault/parse.h"
#include "medium/http/host_name.h"
#include "shell/clock.h"
#include "shell/fault_rules.h"

#define THREADS 2
#define CONNECTIONS 256
#define CONNECTION_BYTES 8192
#define BODY_BYTES (256u * 1024)
#define HELD_BYTES (16u * 1024 * 1024)
#define REQUEST_TIMEOUT_S 30
#define SEGMENTS_MAX 4
#define SEGMENT_MAX 127
#define TOXIPROXY_VERSION "2.9.0" // whose API this is
#define ATTRIBUTE_MAX 9007199254740991.0

struct waiting {
    struct http_exchange *exchange;
    struct waiting *next;
};

// The API between the threads of HTTP and the loop: requests that came wait in a list, under the
// lock, until the loop executes them. It is closed in two steps: first nothing new is taken, then
// what waits is answered.
struct proxy_api {
    struct proxy_fleet *fleet;
    struct proxy_api_owner owner;
    struct http_server *http;
    uv_async_t async;
    char place[64];
    bool is_closed;
    pthread_mutex_t lock; // of the rest
    struct waiting *first;
    struct waiting *last;
};

// One request on its way to its answer.
struct request {
    struct proxy_api *api;
    struct http_exchange *exchange;
    char segments[SEGMENTS_MAX][SEGMENT_MAX + 1];
    unsigned segment_count;
    json_t *body; // NULL: none
    unsigned status;
    json_t *answer; // NULL: none
};

// ---- answers ----------------------------------------------------------------------------------

static void fail(struct request *request, unsigned status, const char *format, const char *detail) {
    char text[512];
    (void)snprintf(text, sizeof text, format, detail);
    json_decref(request->answer);
    request->status = status;
    request->answer = json_pack("{s:s,s:i}", "error", text, "status", (int)status);
    if (request->answer == NULL) { // what was typed was no UTF-8
        request->answer = json_pack("{s:s,s:i}", "error", "bad request", "status", (int)status);
    }
}

static void answer(struct request *request, unsigned status, json_t *object) {
    request->status = status;
    request->answer = object;
}

static json_t *json_of_toxic(const struct proxy_toxic *toxic) {
    const struct proxy_toxic_row *row = proxy_toxic_row(toxic->type);
    json_t *attributes = json_object();
    for (unsigned i = 0; i < PROXY_ATTRIBUTES_MAX && row->attributes[i] != NULL; i++) {
        json_object_set_new(attributes, row->attributes[i],
                            json_integer((json_int_t)toxic->attributes[i]));
    }
    return json_pack("{s:s,s:s,s:s,s:f,s:o}", "name", toxic->name, "type", row->name, "stream",
                     toxic->way == FAULT_TO_BROKER ? "upstream" : "downstream", "toxicity",
                     (double)toxic->toxicity / 1e6, "attributes", attributes);
}

static json_t *json_of_toxics(const struct proxy_toxics *toxics) {
    json_t *list = json_array();
    for (uint32_t i = 0; i < toxics->count; i++) {
        json_array_append_new(list, json_of_toxic(&toxics->items[i]));
    }
    return list;
}

static json_t *json_of_member(const struct proxy_member *member) {
    char listen[PROXY_PLACE_TEXT_MAX];
    char upstream[PROXY_PLACE_TEXT_MAX];
    proxy_place_write(&member->listen, listen);
    proxy_place_write(&member->upstream, upstream);
    return json_pack("{s:s,s:s,s:s,s:b,s:o}", "name", member->name, "listen", listen, "upstream",
                     upstream, "enabled", member->enabled, "toxics",
                     json_of_toxics(&member->server->proxy.toxics));
}

static json_t *json_of_rule(const struct proxy_member *member, const struct fault_entry *entry) {
    return fault_rules_json(entry, entry->hits, &member->server->memory);
}

// ---- members of a body --------------------------------------------------------------------------

static const char *text_of(const struct request *request, const char *key) {
    return json_string_value(json_object_get(request->body, key));
}

static bool has_body(struct request *request) {
    if (!json_is_object(request->body)) {
        fail(request, 400, "bad request body: %s", "a JSON object is missing");
        return false;
    }
    return true;
}

static struct proxy_member *member_of(struct request *request, const char *name) {
    struct proxy_member *member = proxy_fleet_find(request->api->fleet, name);
    if (member == NULL) {
        fail(request, 404, "proxy not found%s", "");
    }
    return member;
}

// ---- toxics -----------------------------------------------------------------------------------

static bool read_attributes(struct request *request, struct proxy_toxic *toxic) {
    const struct proxy_toxic_row *row = proxy_toxic_row(toxic->type);
    const json_t *attributes = json_object_get(request->body, "attributes");
    for (unsigned i = 0; i < PROXY_ATTRIBUTES_MAX && row->attributes[i] != NULL; i++) {
        const json_t *value = json_object_get(attributes, row->attributes[i]);
        double number = json_number_value(value);
        if (value == NULL) {
            continue;
        }
        if (!json_is_number(value) || !(number >= 0 && number <= ATTRIBUTE_MAX)) {
            fail(request, 400, "bad request body: attribute %s is no number from 0 on",
                 row->attributes[i]);
            return false;
        }
        toxic->attributes[i] = (uint64_t)number;
    }
    return true;
}

static bool read_toxicity(struct request *request, struct proxy_toxic *toxic) {
    const json_t *value = json_object_get(request->body, "toxicity");
    double toxicity = json_number_value(value);
    if (value == NULL) {
        return true;
    }
    if (!json_is_number(value) || !(toxicity >= 0 && toxicity <= 1)) {
        fail(request, 400, "bad request body: toxicity is no number from 0 to 1%s", "");
        return false;
    }
    toxic->toxicity = (uint32_t)lround(toxicity * 1e6);
    return true;
}

static bool read_type(struct request *request, struct proxy_toxic *toxic) {
    const char *type = text_of(request, "type");
    for (unsigned i = 0; type != NULL && i < PROXY_TOXIC_TYPES; i++) {
        if (strcmp(proxy_toxic_row((enum proxy_toxic_type)i)->name, type) == 0) {
            toxic->type = (enum proxy_toxic_type)i;
            return true;
        }
    }
    fail(request, 400, "invalid toxic type: %s", type == NULL ? "(none)" : type);
    return false;
}

static bool read_stream(struct request *request, struct proxy_toxic *toxic) {
    const char *stream = text_of(request, "stream");
    bool is_up = stream != NULL && strcmp(stream, "upstream") == 0;
    if (stream != NULL && !is_up && strcmp(stream, "downstream") != 0) {
        fail(request, 400, "stream was invalid, can be either upstream or downstream%s", "");
        return false;
    }
    toxic->way = is_up ? FAULT_TO_BROKER : FAULT_TO_CLIENT;
    return true;
}

static bool read_toxic(struct request *request, struct proxy_toxic *toxic) {
    const char *name = text_of(request, "name");
    *toxic = (struct proxy_toxic){.toxicity = 1000000};
    if (!has_body(request) || !read_type(request, toxic) || !read_stream(request, toxic) ||
        !read_toxicity(request, toxic) || !read_attributes(request, toxic)) {
        return false;
    }
    int size =
        name != NULL && name[0] != '\0'
            ? snprintf(toxic->name, sizeof toxic->name, "%s", name)
            : snprintf(toxic->name, sizeof toxic->name, "%s_%s", proxy_toxic_row(toxic->type)->name,
                       toxic->way == FAULT_TO_BROKER ? "upstream" : "downstream");
    if (size > PROXY_TOXIC_NAME_MAX) {
        fail(request, 400, "bad request body: the name is too long%s", "");
        return false;
    }
    return true;
}

static void add_toxic(struct request *request, struct proxy_member *member) {
    struct proxy *proxy = &member->server->proxy;
    struct proxy_toxic toxic;
    if (!read_toxic(request, &toxic)) {
        return;
    }
    if (proxy_toxics_find(&proxy->toxics, bytes_of_text(toxic.name)) != NULL) {
        fail(request, 409, "toxic already exists%s", "");
        return;
    }
    const struct proxy_toxic *added = proxy_toxics_add(&proxy->toxics, &toxic);
    if (added == NULL) {
        fail(request, 400, "there are as many toxics as may be%s", "");
        return;
    }
    proxy_renew_toxics(proxy, clock_steady());
    proxy_server_look(member->server);
    answer(request, 200, json_of_toxic(added));
}

static void change_toxic(struct request *request, struct proxy_member *member,
                         struct proxy_toxic *toxic) {
    struct proxy_toxic changed = *toxic;
    if (!has_body(request) || !read_toxicity(request, &changed) ||
        !read_attributes(request, &changed)) {
        return;
    }
    bool draws_anew = changed.toxicity != toxic->toxicity;
    *toxic = changed;
    if (draws_anew) {
        toxic->number = ++member->server->proxy.toxics.last_number;
    }
    proxy_renew_toxics(&member->server->proxy, clock_steady());
    proxy_server_look(member->server);
    answer(request, 200, json_of_toxic(toxic));
}

static bool is_method(const struct request *request, const char *method) {
    return strcmp(request->exchange->method, method) == 0;
}

static bool is_change(const struct request *request) {
    return is_method(request, "POST") || is_method(request, "PATCH");
}

static void refuse_method(struct request *request) {
    fail(request, 405, "method %s is not for this path", request->exchange->method);
}

static void serve_toxic(struct request *request, struct proxy_member *member) {
    struct proxy_toxics *toxics = &member->server->proxy.toxics;
    struct bytes name = bytes_of_text(request->segments[3]);
    struct proxy_toxic *toxic = proxy_toxics_find(toxics, name);
    if (toxic == NULL) {
        fail(request, 404, "toxic not found%s", "");
    } else if (is_method(request, "GET")) {
        answer(request, 200, json_of_toxic(toxic));
    } else if (is_change(request)) {
        change_toxic(request, member, toxic);
    } else if (is_method(request, "DELETE")) {
        (void)proxy_toxics_remove(toxics, name);
        answer(request, 204, NULL);
    } else {
        refuse_method(request);
    }
}

static void serve_toxics(struct request *request, struct proxy_member *member) {
    if (is_method(request, "GET")) {
        answer(request, 200, json_of_toxics(&member->server->proxy.toxics));
    } else if (is_method(request, "POST")) {
        add_toxic(request, member);
    } else {
        refuse_method(request);
    }
}

// ---- rules ------------------------------------------------------------------------------------

static void list_rules(struct request *request, const struct proxy_member *member) {
    const struct fault_set *set = &member->server->proxy.set;
    json_t *list = json_array();
    for (uint32_t i = 0; i < set->count; i++) {
        json_array_append_new(list, json_of_rule(member, &set->entries[i]));
    }
    answer(request, 200, json_pack("{s:I,s:o}", "seed", (json_int_t)set->seed, "rules", list));
}

static void add_rule(struct request *request, struct proxy_member *member) {
    struct fault_rule rule;
    struct fault_error error;
    const char *text = text_of(request, "rule");
    struct proxy *proxy = &member->server->proxy;
    if (!has_body(request)) {
        return;
    }
    if (text == NULL || !fault_parse(bytes_of_text(text), &rule, &error)) {
        fail(request, 400, "%s", text == NULL ? "the member `rule` is missing" : error.text);
        return;
    }
    uint32_t number = proxy_add_rule(proxy, &rule, clock_steady());
    proxy_server_look(member->server);
    if (number == 0) {
        fail(request, 409, "there are as many rules as may be%s", "");
        return;
    }
    answer(request, 201, json_of_rule(member, &proxy->set.entries[proxy->set.count - 1]));
}

static void serve_rule(struct request *request, struct proxy_member *member, const char *text) {
    const struct fault_set *set = &member->server->proxy.set;
    uint64_t number = 0;
    uint32_t i = 0;
    bool is_number = decimal_read(bytes_of_text(text), UINT32_MAX, &number);
    while (i < set->count && set->entries[i].number != number) {
        i++;
    }
    if (!is_number || i == set->count) {
        fail(request, 404, "there is no rule %s", text);
    } else if (is_method(request, "GET")) {
        answer(request, 200, json_of_rule(member, &set->entries[i]));
    } else if (is_method(request, "DELETE")) {
        (void)proxy_remove_rule(&member->server->proxy, (uint32_t)number, clock_steady());
        answer(request, 204, NULL);
    } else {
        refuse_method(request);
    }
}

static void serve_rules(struct request *request, struct proxy_member *member, const char *number) {
    if (number != NULL) {
        serve_rule(request, member, number);
    } else if (is_method(request, "GET")) {
        list_rules(request, member);
    } else if (is_method(request, "POST")) {
        add_rule(request, member);
    } else {
        refuse_method(request);
    }
}

// ---- levers -----------------------------------------------------------------------------------

// GET tells how they stand; POST with {"command"} pulls one first.
static void serve_levers(struct request *request) {
    bool is_post = is_method(request, "POST");
    const char *command = is_post ? text_of(request, "command") : "";
    if (!is_post && !is_method(request, "GET")) {
        refuse_method(request);
        return;
    }
    if (command == NULL) {
        fail(request, 400, "%s", "the member `command` is missing");
        return;
    }
    const struct proxy_api_owner *owner = &request->api->owner;
    struct buffer text;
    buffer_init(&text, &request->exchange->memory);
    owner->levers(owner->context, bytes_of_text(command), &text);
    json_t *object = json_loadb((const char *)text.data, text.size, JSON_ALLOW_NUL, NULL);
    buffer_deinit(&text);
    bool is_right = json_is_true(json_object_get(object, "right"));
    answer(request, is_right ? 200 : 400, object);
}

// ---- proxies ----------------------------------------------------------------------------------

static struct proxy_fleet_settings settings_of(const struct request *request, bool enabled) {
    const json_t *value = json_object_get(request->body, "enabled");
    return (struct proxy_fleet_settings){.name = text_of(request, "name"),
                                         .listen = text_of(request, "listen"),
                                         .upstream = text_of(request, "upstream"),
                                         .enabled = value == NULL ? enabled : json_is_true(value)};
}

// Adds the proxy, or with `replaces` changes one of the same name. NULL: it has failed.
static struct proxy_member *put_member(struct request *request, bool replaces) {
    struct proxy_fleet *fleet = request->api->fleet;
    struct stream_server_error error;
    struct proxy_fleet_settings settings = settings_of(request, true);
    if (!has_body(request)) {
        return NULL;
    }
    bool is_whole = settings.name != NULL && settings.name[0] != '\0' && settings.upstream != NULL;
    if (!is_whole || strlen(settings.name) > PROXY_FLEET_NAME_MAX ||
        strchr(settings.name, '/') != NULL) {
        fail(request, 400, "missing required field: %s",
             settings.upstream == NULL ? "upstream" : "name (up to 63 bytes, no /)");
        return NULL;
    }
    settings.listen =
        settings.listen == NULL || settings.listen[0] == '\0' ? "127.0.0.1:0" : settings.listen;
    struct proxy_member *member = proxy_fleet_find(fleet, settings.name);
    if (member != NULL && !replaces) {
        fail(request, 409, "proxy already exists%s", "");
        return NULL;
    }
    if (member != NULL) {
        bool is_right = proxy_fleet_change(fleet, member, &settings, &error);
        member = is_right ? member : NULL;
    } else {
        member = proxy_fleet_add(fleet, &settings, &error);
    }
    if (member == NULL) {
        fail(request, 500, "%s", error.text);
    }
    return member;
}

static void add_member(struct request *request) {
    struct proxy_member *member = put_member(request, false);
    if (member != NULL) {
        answer(request, 201, json_of_member(member));
    }
}

static void list_members(struct request *request) {
    json_t *object = json_object();
    for (struct proxy_member *at = request->api->fleet->members; at != NULL; at = at->next) {
        json_object_set_new(object, at->name, json_of_member(at));
    }
    answer(request, 200, object);
}

static void change_member(struct request *request, struct proxy_member *member) {
    struct stream_server_error error;
    struct proxy_fleet_settings settings = settings_of(request, member->enabled);
    if (!has_body(request)) {
        return;
    }
    if (proxy_fleet_change(request->api->fleet, member, &settings, &error)) {
        answer(request, 200, json_of_member(member));
    } else {
        fail(request, 500, "%s", error.text);
    }
}

static void remove_member(struct request *request, struct proxy_member *member) {
    if (proxy_fleet_remove(request->api->fleet, member)) {
        answer(request, 204, NULL);
    } else {
        fail(request, 400, "this proxy is that of the command line%s", "");
    }
}

// Several at once; one that fails ends it, with those before it in the answer.
static void populate(struct request *request) {
    json_t *whole = request->body;
    json_t *list = json_is_array(whole) ? whole : json_object_get(whole, "proxies");
    json_t *done = json_array();
    size_t count = json_array_size(list);
    for (size_t i = 0; i < count; i++) {
        request->body = json_array_get(list, i);
        const struct proxy_member *member = put_member(request, true);
        if (member == NULL) {
            break;
        }
        json_array_append_new(done, json_of_member(member));
    }
    request->body = whole;
    if (!json_is_array(list)) {
        fail(request, 400, "bad request body: a list of proxies is missing%s", "");
    }
    if (request->status != 0) {
        json_object_set_new(request->answer, "proxies", done);
        return;
    }
    answer(request, 201, json_pack("{s:o}", "proxies", done));
}

// All proxies enabled, and without toxics.
static void reset_all(struct request *request) {
    struct proxy_fleet *fleet = request->api->fleet;
    for (struct proxy_member *at = fleet->members; at != NULL; at = at->next) {
        struct stream_server_error error;
        at->server->proxy.toxics.count = 0;
        if (!proxy_fleet_change(fleet, at, &(struct proxy_fleet_settings){.enabled = true},
                                &error)) {
            fail(request, 500, "%s", error.text);
            return;
        }
    }
    answer(request, 204, NULL);
}

static void serve_member(struct request *request) {
    struct proxy_member *member = member_of(request, request->segments[1]);
    const char *what = request->segments[2];
    unsigned count = request->segment_count;
    if (member == NULL) {
        return;
    }
    if (count == 2 && is_method(request, "GET")) {
        answer(request, 200, json_of_member(member));
    } else if (count == 2 && is_change(request)) {
        change_member(request, member);
    } else if (count == 2 && is_method(request, "DELETE")) {
        remove_member(request, member);
    } else if (count == 2) {
        refuse_method(request);
    } else if (strcmp(what, "toxics") == 0) {
        count == 3 ? serve_toxics(request, member) : serve_toxic(request, member);
    } else if (strcmp(what, "rules") == 0) {
        serve_rules(request, member, count == 3 ? NULL : request->segments[3]);
    } else {
        fail(request, 404, "there is nothing at %s", request->exchange->path);
    }
}

static void serve_members(struct request *request) {
    if (request->segment_count > 1) {
        serve_member(request);
    } else if (is_method(request, "GET")) {
        list_members(request);
    } else if (is_method(request, "POST")) {
        add_member(request);
    } else {
        refuse_method(request);
    }
}

static void serve(struct request *request) {
    const char *what = request->segments[0];
    unsigned count = request->segment_count;
    if (strcmp(what, "proxies") == 0) {
        serve_members(request);
    } else if (strcmp(what, "rules") == 0 && count <= 2) {
        serve_rules(request, request->api->fleet->members,
                    count == 1 ? NULL : request->segments[1]);
    } else if (strcmp(what, "levers") == 0 && count == 1) {
        serve_levers(request);
    } else if (strcmp(what, "populate") == 0 && count == 1 && is_method(request, "POST")) {
        populate(request);
    } else if (strcmp(what, "reset") == 0 && count == 1 && is_method(request, "POST")) {
        reset_all(request);
    } else if (strcmp(what, "version") == 0 && count == 1 && is_method(request, "GET")) {
        answer(request, 200,
               json_pack("{s:s,s:s}", "version", TOXIPROXY_VERSION, "program",
                         "MQTT_simulator proxy " MQTTSIM_VERSION));
    } else {
        fail(request, 404, "there is nothing at %s", request->exchange->path);
    }
}

// ---- requests -----------------------------------------------------------------------------------

static int digit_of(char c) {
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 87 : -1;
}

// One segment of a path, with %XX for any byte; where it ends, or NULL.
static const char *read_segment(const char *at, char *out) {
    size_t size = 0;
    while (*at != '\0' && *at != '/') {
        int byte = (unsigned char)*at++;
        if (byte == '%') {
            int high = digit_of(at[0]);
            int low = high < 0 ? -1 : digit_of(at[1]);
            if (low < 0 || (byte = high << 4 | low) == 0) {
                return NULL;
            }
            at += 2;
        }
        if (size == SEGMENT_MAX) {
            return NULL;
        }
        out[size++] = (char)byte;
    }
    out[size] = '\0';
    return at;
}

static bool read_path(struct request *request) {
    const char *at = request->exchange->path;
    while (at != NULL && *at == '/' && at[1] != '\0') {
        if (request->segment_count == SEGMENTS_MAX) {
            return false;
        }
        at = read_segment(at + 1, request->segments[request->segment_count++]);
    }
    return at != NULL;
}

// A page that a browser shows must not reach what is at this machine, not by a name of its own
// either.
static bool comes_from_a_page(const struct http_exchange *exchange) {
    struct bytes host = http_exchange_header(exchange, "Host");
    return http_exchange_header(exchange, "Origin").data != NULL ||
           http_exchange_header(exchange, "Sec-Fetch-Site").data != NULL ||
           (host.data != NULL && !host_name_is_loopback(host_name_of(host)));
}

static void put_answer(struct request *request) {
    struct http_exchange *exchange = request->exchange;
    char *text = request->answer == NULL ? NULL : json_dumps(request->answer, JSON_COMPACT);
    exchange->status = request->status;
    exchange->content_type = "application/json";
    exchange->answer = text == NULL ? bytes_make(NULL, 0) : bytes_of_text(text);
    exchange->state = text;
    json_decref(request->answer);
}

static void execute(struct proxy_api *api, struct http_exchange *exchange) {
    struct request request = {.api = api, .exchange = exchange};
    json_error_t error;
    request.body = exchange->body.size == 0 ? NULL
                                            : json_loadb((const char *)exchange->body.data,
                                                         exchange->body.size, 0, &error);
    if (comes_from_a_page(exchange)) {
        fail(&request, 403, "requests of web pages are not served%s", "");
    } else if (!read_path(&request)) {
        fail(&request, 404, "there is nothing at %s", exchange->path);
    } else if (exchange->body.size > 0 && request.body == NULL) {
        fail(&request, 400, "bad request body: %s", error.text);
    } else {
        serve(&request);
    }
    put_answer(&request);
    json_decref(request.body);
    http_exchange_resume(exchange);
}

static struct http_exchange *take_first(struct proxy_api *api) {
    pthread_mutex_lock(&api->lock);
    struct waiting *first = api->first;
    if (first != NULL) {
        api->first = first->next;
        api->last = first->next == NULL ? NULL : api->last;
    }
    pthread_mutex_unlock(&api->lock);
    struct http_exchange *exchange = first == NULL ? NULL : first->exchange;
    free(first);
    return exchange;
}

static void execute_all(struct proxy_api *api) {
    for (struct http_exchange *exchange; (exchange = take_first(api)) != NULL;) {
        execute(api, exchange);
    }
}

static void on_async(uv_async_t *async) {
    execute_all(async->data);
}

static void on_begin(void *context, struct http_exchange *exchange) {
    (void)context;
    (void)exchange;
}

static void refuse(struct http_exchange *exchange, unsigned status) {
    static const char text[] = "{\"error\":\"the request cannot be served\"}";
    exchange->status = status;
    exchange->content_type = "application/json";
    exchange->answer = BYTES_LITERAL(text);
}

static void on_receive(void *context, struct http_exchange *exchange) {
    struct proxy_api *api = context;
    struct waiting *waiting = calloc(1, sizeof *waiting);
    pthread_mutex_lock(&api->lock);
    bool is_taken = waiting != NULL && !api->is_closed;
    if (is_taken) {
        waiting->exchange = exchange;
        http_exchange_suspend(exchange);
        *(api->last == NULL ? &api->first : &api->last->next) = waiting;
        api->last = waiting;
        uv_async_send(&api->async);
    }
    pthread_mutex_unlock(&api->lock);
    if (!is_taken) {
        free(waiting);
        refuse(exchange, 503);
    }
}

static void on_refuse(void *context, struct http_exchange *exchange, unsigned status) {
    (void)context;
    refuse(exchange, status);
}

static void on_end(void *context, struct http_exchange *exchange) {
    (void)context;
    free(exchange->state);
    exchange->state = NULL;
}

// ---- its life -----------------------------------------------------------------------------------

struct proxy_api *proxy_api_open(const char *place, struct proxy_fleet *fleet,
                                 const struct proxy_api_owner *owner, struct http_error *error) {
    struct proxy_api *api = calloc(1, sizeof *api);
    bool is_loopback = false;
    int listener = api == NULL ? -1 : http_listen(place, &is_loopback, api->place, error);
    if (listener >= 0 && !is_loopback) {
        (void)snprintf(error->text, sizeof error->text,
                       "%s: other machines can reach it, and whoever does can bend the network; "
                       "listen at 127.0.0.1",
                       place);
        close(listener);
        listener = -1;
    }
    if (listener < 0) {
        free(api);
        return NULL;
    }
    api->fleet = fleet;
    api->owner = *owner;
    pthread_mutex_init(&api->lock, NULL);
    uv_async_init(fleet->loop, &api->async, on_async);
    api->async.data = api;
    api->http =
        http_server_open(&(struct http_server_options){.listener = listener,
                                                       .threads = THREADS,
                                                       .connections = CONNECTIONS,
                                                       .connection_bytes = CONNECTION_BYTES,
                                                       .body_bytes = BODY_BYTES,
                                                       .held_bytes = HELD_BYTES,
                                                       .request_timeout_s = REQUEST_TIMEOUT_S,
                                                       .events = {.context = api,
                                                                  .begin = on_begin,
                                                                  .receive = on_receive,
                                                                  .refuse = on_refuse,
                                                                  .end = on_end}},
                         error);
    if (api->http == NULL) {
        uv_close((uv_handle_t *)&api->async, NULL);
        uv_run(fleet->loop, UV_RUN_NOWAIT);
        pthread_mutex_destroy(&api->lock);
        free(api);
        return NULL;
    }
    return api;
}

const char *proxy_api_place(const struct proxy_api *api) {
    return api->place;
}

void proxy_api_tick(struct proxy_api *api) {
    http_server_tick(api->http);
}

void proxy_api_close(struct proxy_api *api) {
    pthread_mutex_lock(&api->lock);
    api->is_closed = true;
    pthread_mutex_unlock(&api->lock);
    http_server_quiesce(api->http);
    execute_all(api);
    http_server_close(api->http);
    api->http = NULL;
    uv_close((uv_handle_t *)&api->async, NULL);
}

void proxy_api_free(struct proxy_api *api) {
    if (api != NULL) {
        pthread_mutex_destroy(&api->lock);
        free(api);
    }
}
