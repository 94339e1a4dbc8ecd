#include "web/web_server.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <jansson.h>

#include "base/assert.h"
#include "base/decimal.h"
#include "medium/http/host_name.h"
#include "medium/http/http_server.h"
#include "shell/printable.h"
#include "web/web_fields.h"
#include "web/web_page.h"

#define THREADS 2
#define CONNECTION_BYTES (16u << 10)
#define REQUEST_TIMEOUT_S 15
#define TOKEN_MAX 256
#define NOBODY UINT64_MAX
#define SIGN_OF_LIFE_TICKS 10
#define TYPES_MAX 64 // of items; more are not counted
#define TYPE_MAX 16  // bytes of a name

// A page that listens for events. `pending` is what it takes at present, up to `taken`.
struct page {
    struct page *next;
    struct page **link; // what points here
    struct http_exchange *exchange;
    struct web_cursor cursor;
    struct buffer pending;
    size_t taken;
    bool is_waiting; // suspended; under the lock
    bool is_due;     // a sign of life is; likewise
};

// Numbers of items that are asked for by what they are: the latest.
struct places {
    uint64_t *items; // a ring of `most`, in order
    uint32_t most;
    uint32_t count;
    uint32_t oldest;
};

// How many items of a type there were, those included that are not kept any more.
struct type_count {
    uint64_t items;
    char name[TYPE_MAX + 1];
};

// The page's server, between the thread that makes items and the threads of HTTP. What is behind
// the lock is used under it: the pages that are connected, where faults are, and where devices came
// and went, how many items of each type came, and whether all of it is being closed.
struct web_server {
    struct web_server_options options;
    struct http_server *http;
    bool is_loopback;
    pthread_mutex_t lock; // for all below
    struct page *pages;
    struct places faults;
    struct places arrivals; // of devices, and when they left
    struct type_count types[TYPES_MAX];
    size_t type_count;
    uint64_t ticks;
    bool is_read;
    bool is_closing;
};

// ---- answers ------------------------------------------------------------------------------------

static void answer_bytes(struct http_exchange *exchange, const char *type, struct bytes content) {
    exchange->status = 200;
    exchange->content_type = type;
    exchange->answer = content;
}

// What stands in the exchange's body, which is free once a request is there.
static void answer_body(struct http_exchange *exchange, const char *type) {
    answer_bytes(exchange, type, buffer_bytes(&exchange->body));
}

static void fail(struct http_exchange *exchange, unsigned status, const char *text) {
    exchange->body.size = 0;
    buffer_append_text(&exchange->body, text);
    buffer_append_byte(&exchange->body, '\n');
    answer_body(exchange, "text/plain; charset=utf-8");
    exchange->status = status;
}

static uint64_t query_number(const struct http_exchange *exchange, const char *name,
                             uint64_t otherwise) {
    uint64_t number;
    struct bytes text = http_exchange_query(exchange, name);
    return text.data != NULL && decimal_read(text, UINT64_MAX, &number) ? number : otherwise;
}

// ---- who may ask --------------------------------------------------------------------------------

// A page of another host must not read what is here, even if its name means this machine.
static bool is_foreign(const struct web_server *server, const struct http_exchange *exchange) {
    struct bytes host = host_name_of(http_exchange_header(exchange, "Host"));
    struct bytes origin = http_exchange_header(exchange, "Origin");
    bool is_other = origin.data != NULL && !host_name_equal(host_name_of_origin(origin), host);
    bool is_rebound = server->options.tokens == NULL && !host_name_is_loopback(host);
    return is_other || is_rebound;
}

static bool has_token(const struct web_server *server, const struct http_exchange *exchange) {
    static const char scheme[] = "Bearer ";
    if (server->options.tokens == NULL ||
        tokens_check(server->options.tokens, http_exchange_header(exchange, "Authorization"))) {
        return true;
    }
    char text[sizeof scheme + TOKEN_MAX];
    struct bytes token = http_exchange_query(exchange, "token");
    if (token.data == NULL || token.size > TOKEN_MAX) {
        return false;
    }
    memcpy(text, scheme, sizeof scheme - 1);
    memcpy(text + sizeof scheme - 1, token.data, token.size);
    return tokens_check(server->options.tokens, bytes_make(text, sizeof scheme - 1 + token.size));
}

// ---- events -------------------------------------------------------------------------------------

// The items of `lines` as an event: each line with "data: " before it.
static void append_event(struct buffer *out, uint64_t id, struct bytes lines) {
    buffer_append_text(out, "id: ");
    buffer_append_decimal(out, id);
    buffer_append_byte(out, '\n');
    for (size_t at = 0; at < lines.size;) {
        const uint8_t *end = memchr(lines.data + at, '\n', lines.size - at);
        size_t next = end == NULL ? lines.size : (size_t)(end - lines.data) + 1;
        buffer_append_text(out, "data: ");
        buffer_append(out, bytes_make(lines.data + at, next - at));
        at = next;
    }
    buffer_append_byte(out, '\n');
}

static void skip_to(struct web_server *server, struct page *page, uint64_t item) {
    char text[96];
    uint64_t from = page->cursor.item;
    page->cursor = web_spool_seek(server->options.spool, item);
    int size = snprintf(text, sizeof text, "event: skipped\ndata: {\"from\":%llu,\"to\":%llu}\n\n",
                        (unsigned long long)from, (unsigned long long)page->cursor.item);
    buffer_append(&page->pending, bytes_make(text, (size_t)size));
}

// Fills `pending` with what comes next, if there is something.
static void fill(struct web_server *server, struct page *page) {
    struct web_spool *spool = server->options.spool;
    uint64_t next = web_spool_next(spool);
    uint64_t first = web_spool_first(spool);
    page->pending.size = page->taken = 0;
    if (next - page->cursor.item > WEB_LAG_MAX) {
        skip_to(server, page, next - WEB_LAG_KEEP);
    } else if (page->cursor.item < first) {
        skip_to(server, page, first);
    }
    struct buffer lines;
    buffer_init(&lines, page->pending.memory);
    if (web_spool_read(spool, &page->cursor, WEB_EVENT_BYTES, WEB_EVENT_ITEMS, &lines) > 0) {
        append_event(&page->pending, page->cursor.item, buffer_bytes(&lines));
    }
    buffer_deinit(&lines);
}

// Waits for more, unless something has come since, a sign of life is due, or all ends. Returns
// whether it waits. Without signs of life a page that was closed would be kept until something
// comes.
static bool wait_for_more(struct web_server *server, struct page *page) {
    pthread_mutex_lock(&server->lock);
    bool waits = !server->is_closing && web_spool_next(server->options.spool) == page->cursor.item;
    if (waits && page->is_due) {
        buffer_append_text(&page->pending, ":\n\n");
        page->is_due = waits = false;
    }
    if (waits) {
        page->is_waiting = true;
        http_exchange_suspend(page->exchange);
    }
    pthread_mutex_unlock(&server->lock);
    return waits;
}

static bool is_closing(struct web_server *server) {
    pthread_mutex_lock(&server->lock);
    bool is = server->is_closing;
    pthread_mutex_unlock(&server->lock);
    return is;
}

static size_t read_events(void *context, struct http_exchange *exchange, uint8_t *out,
                          size_t room) {
    struct web_server *server = context;
    struct page *page = exchange->state;
    while (page->taken == page->pending.size) {
        if (is_closing(server)) {
            return HTTP_STREAM_END;
        }
        fill(server, page);
        if (page->pending.size == 0 && wait_for_more(server, page)) {
            return 0;
        }
    }
    size_t left = page->pending.size - page->taken;
    size_t size = left < room ? left : room;
    memcpy(out, page->pending.data + page->taken, size);
    page->taken += size;
    return size;
}

static void begin_events(struct web_server *server, struct http_exchange *exchange) {
    uint64_t from = query_number(exchange, "from", 0);
    struct bytes last = http_exchange_header(exchange, "Last-Event-ID");
    uint64_t again;
    if (last.data != NULL && decimal_read(last, UINT64_MAX, &again)) {
        from = again;
    }
    struct page *page = calloc(1, sizeof *page);
    ASSERT_MESSAGE(page != NULL, "out of memory");
    page->exchange = exchange;
    page->cursor = web_spool_seek(server->options.spool, from);
    buffer_init(&page->pending, &exchange->memory);
    exchange->state = page;
    exchange->status = 200;
    exchange->content_type = "text/event-stream";
    exchange->streams = true;
    // The first bytes go out at once, so that the page knows that it is heard.
    buffer_append_text(&page->pending, "retry: 1000\n\n");
    pthread_mutex_lock(&server->lock);
    page->next = server->pages;
    page->link = &server->pages;
    if (page->next != NULL) {
        page->next->link = &page->next;
    }
    server->pages = page;
    pthread_mutex_unlock(&server->lock);
}

static void end_page(struct web_server *server, struct page *page) {
    pthread_mutex_lock(&server->lock);
    *page->link = page->next;
    if (page->next != NULL) {
        page->next->link = page->link;
    }
    pthread_mutex_unlock(&server->lock);
    buffer_deinit(&page->pending);
    free(page);
}

// ---- items --------------------------------------------------------------------------------------

static void get_items(struct web_server *server, struct http_exchange *exchange) {
    struct web_spool *spool = server->options.spool;
    struct web_cursor cursor = web_spool_seek(spool, query_number(exchange, "from", 0));
    uint64_t count = query_number(exchange, "count", WEB_ITEMS_MAX);
    count = count < WEB_ITEMS_MAX ? count : WEB_ITEMS_MAX;
    http_exchange_add_number(exchange, "Item", cursor.item);
    exchange->body.size = 0;
    (void)web_spool_read(spool, &cursor, WEB_ITEMS_BYTES, (uint32_t)count, &exchange->body);
    answer_body(exchange, "application/x-ndjson");
}

static struct bytes type_of(struct bytes line) {
    static const char member[] = "\"type\":\"";
    const uint8_t *at = memmem(line.data, line.size, member, sizeof member - 1);
    if (at == NULL) {
        return BYTES_LITERAL("no packet");
    }
    at += sizeof member - 1;
    size_t left = (size_t)(line.data + line.size - at);
    const uint8_t *end = memchr(at, '"', left);
    return bytes_make(at, end == NULL ? left : (size_t)(end - at));
}

static void count_type(struct web_server *server, struct bytes type) {
    size_t i = 0;
    while (i < server->type_count && !bytes_equal(bytes_of_text(server->types[i].name), type)) {
        i++;
    }
    if (i == server->type_count) {
        if (i == TYPES_MAX || type.size > TYPE_MAX) {
            return;
        }
        memcpy(server->types[i].name, type.data, type.size);
        server->type_count++;
    }
    server->types[i].items++;
}

// Under the lock.
static json_t *counts_of_types(const struct web_server *server) {
    json_t *counts = json_object();
    for (size_t i = 0; i < server->type_count; i++) {
        json_object_set_new(counts, server->types[i].name,
                            json_integer((json_int_t)server->types[i].items));
    }
    return counts;
}

static void get_about(struct web_server *server, struct http_exchange *exchange) {
    pthread_mutex_lock(&server->lock);
    bool is_read = server->is_read;
    json_t *counts = counts_of_types(server);
    pthread_mutex_unlock(&server->lock);
    json_t *files = json_array();
    for (size_t i = 0; i < server->options.file_count; i++) {
        struct buffer name;
        buffer_init(&name, &exchange->memory);
        printable_append(&name, bytes_of_text(server->options.files[i]));
        json_array_append_new(files, json_stringn((const char *)name.data, name.size));
        buffer_deinit(&name);
    }
    json_t *about = json_pack("{s:I,s:I,s:b,s:b,s:o,s:o,s:s}", "first",
                              (json_int_t)web_spool_first(server->options.spool), "next",
                              (json_int_t)web_spool_next(server->options.spool), "read",
                              (int)is_read, "control", (int)(server->options.control != NULL),
                              "files", files, "counts", counts, "version", MQTTSIM_VERSION);
    char *text = json_dumps(about, JSON_COMPACT | JSON_ENSURE_ASCII);
    exchange->body.size = 0;
    buffer_append_text(&exchange->body, text == NULL ? "{}" : text);
    free(text);
    json_decref(about);
    answer_body(exchange, "application/json");
}

// ---- fields -------------------------------------------------------------------------------------

static int digit_of(char digit) {
    return digit >= '0' && digit <= '9'   ? digit - '0'
           : digit >= 'a' && digit <= 'f' ? digit - 'a' + 10
                                          : -1;
}

// The bytes of a packet; a hidden one is an asterisk.
static void append_raw(const char *digits, struct buffer *out) {
    for (; digits[0] != '\0' && digits[1] != '\0'; digits += 2) {
        int high = digit_of(digits[0]);
        int low = digit_of(digits[1]);
        buffer_append_byte(out, high < 0 || low < 0 ? '*' : (uint8_t)(high << 4 | low));
    }
}

static enum mqtt_version version_of(const char *text) {
    return text == NULL               ? MQTT_3_1_1
           : strcmp(text, "5.0") == 0 ? MQTT_5
           : strcmp(text, "3.1") == 0 ? MQTT_3_1
                                      : MQTT_3_1_1;
}

static void append_fields(const json_t *item, struct buffer *out) {
    const char *raw = json_string_value(json_object_get(item, "raw"));
    const json_t *line = json_object_get(item, "line");
    struct buffer packet;
    buffer_init(&packet, out->memory);
    if (raw != NULL) {
        append_raw(raw, &packet);
        web_fields_append_packet(buffer_bytes(&packet),
                                 version_of(json_string_value(json_object_get(item, "protocol"))),
                                 out);
    } else if (line != NULL) {
        web_fields_append_line(bytes_make(json_string_value(line), json_string_length(line)), out);
    } else {
        buffer_append_text(out, "[]");
    }
    buffer_deinit(&packet);
}

static void get_fields(struct web_server *server, struct http_exchange *exchange) {
    uint64_t number = query_number(exchange, "item", NOBODY);
    struct web_cursor cursor = web_spool_seek(server->options.spool, number);
    struct buffer line;
    buffer_init(&line, &exchange->memory);
    bool is_there = cursor.item == number &&
                    web_spool_read(server->options.spool, &cursor, WEB_ITEM_MAX, 1, &line) == 1;
    json_t *item =
        is_there ? json_loadb((const char *)line.data, line.size, JSON_ALLOW_NUL, NULL) : NULL;
    if (item == NULL) {
        fail(exchange, 404, "there is no such item any more, or not yet");
    } else {
        exchange->body.size = 0;
        append_fields(item, &exchange->body);
        answer_body(exchange, "application/json");
    }
    json_decref(item);
    buffer_deinit(&line);
}

// ---- faults and arrivals ------------------------------------------------------------------------

// Whether a line of JSON has such a member. No text holds a quote that is not escaped.
static bool has_member(struct bytes line, struct bytes member) {
    return memmem(line.data, line.size, member.data, member.size) != NULL;
}

static bool is_fault(struct bytes line) {
    static const struct bytes members[] = {
        BYTES_LITERAL("\"way\":{"), BYTES_LITERAL("\"fault\":\""),
        BYTES_LITERAL("\"type\":\"cut\""), BYTES_LITERAL("\"type\":\"????\"")};
    bool is = false;
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        is |= has_member(line, members[i]);
    }
    return is;
}

static void note_place(struct places *places, uint64_t item) {
    if (places->items == NULL) {
        places->items = calloc(places->most, sizeof *places->items);
        ASSERT_MESSAGE(places->items != NULL, "out of memory");
    }
    places->items[(places->oldest + places->count) % places->most] = item;
    if (places->count < places->most) {
        places->count++;
    } else {
        places->oldest = (places->oldest + 1) % places->most;
    }
}

static uint64_t place_at(const struct places *places, uint32_t i) {
    return places->items[(places->oldest + i) % places->most];
}

// How many lie before `from`.
static uint32_t count_before(const struct places *places, uint64_t from) {
    uint32_t low = 0;
    uint32_t high = places->count;
    while (low < high) { // those before `low` lie before `from`
        uint32_t middle = low + (high - low) / 2;
        bool is_before = place_at(places, middle) < from;
        low = is_before ? middle + 1 : low;
        high = is_before ? high : middle;
    }
    return low;
}

// The first at `from` or behind it, or the last before it; NOBODY: there is none.
static uint64_t find_place(const struct places *places, uint64_t from, bool back) {
    uint32_t before = count_before(places, from);
    bool is_none = back ? before == 0 : before == places->count;
    return is_none ? NOBODY : place_at(places, before - back);
}

static void get_fault(struct web_server *server, struct http_exchange *exchange) {
    bool back = http_exchange_query(exchange, "back").data != NULL;
    uint64_t from = query_number(exchange, "from", 0);
    pthread_mutex_lock(&server->lock);
    uint64_t item = find_place(&server->faults, from, back);
    uint32_t count = server->faults.count;
    pthread_mutex_unlock(&server->lock);
    exchange->body.size = 0;
    printable_format(&exchange->body, "{\"count\":%u,\"item\":", count);
    if (item == NOBODY) {
        buffer_append_text(&exchange->body, "null");
    } else {
        buffer_append_decimal(&exchange->body, item);
    }
    buffer_append_text(&exchange->body, "}");
    answer_body(exchange, "application/json");
}

// What the spool still has of them.
static void get_arrivals(struct web_server *server, struct http_exchange *exchange) {
    uint64_t before = query_number(exchange, "before", NOBODY);
    uint64_t *items = calloc(WEB_ARRIVALS_MAX, sizeof *items);
    ASSERT_MESSAGE(items != NULL, "out of memory");
    pthread_mutex_lock(&server->lock);
    uint32_t count = count_before(&server->arrivals, before);
    for (uint32_t i = 0; i < count; i++) {
        items[i] = place_at(&server->arrivals, i);
    }
    pthread_mutex_unlock(&server->lock);
    exchange->body.size = 0;
    for (uint32_t i = 0; i < count && exchange->body.size < WEB_ITEMS_BYTES; i++) {
        struct web_cursor cursor = web_spool_seek(server->options.spool, items[i]);
        if (cursor.item == items[i]) {
            (void)web_spool_read(server->options.spool, &cursor, WEB_ITEM_MAX, 1, &exchange->body);
        }
    }
    free(items);
    answer_body(exchange, "application/x-ndjson");
}

// ---- levers -------------------------------------------------------------------------------------

static bool is_about_levers(const struct web_server *server, const struct http_exchange *exchange) {
    return server->options.control != NULL && strcmp(exchange->path, "/control") == 0;
}

static void control(struct web_server *server, struct http_exchange *exchange) {
    if (tokens_check(server->options.control_tokens,
                     http_exchange_header(exchange, "Authorization"))) {
        web_control_ask(server->options.control, exchange);
    } else {
        fail(exchange, 401,
             "the levers ask for a token: open the link with #token=TOKEN behind it");
    }
}

// ---- requests -----------------------------------------------------------------------------------

static const struct {
    const char *path;
    void (*get)(struct web_server *server, struct http_exchange *exchange);
} routes[] = {
    {"/about", get_about},   {"/events", begin_events}, {"/items", get_items},
    {"/fields", get_fields}, {"/fault", get_fault},     {"/arrivals", get_arrivals},
};

static void get(struct web_server *server, struct http_exchange *exchange) {
    struct web_page_file file;
    if (web_page_find(exchange->path, &file)) {
        answer_bytes(exchange, file.type, file.content);
        return;
    }
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        if (strcmp(routes[i].path, exchange->path) == 0) {
            if (has_token(server, exchange)) {
                routes[i].get(server, exchange);
            } else {
                fail(exchange, 401,
                     "a token is asked for: open the link that watch printed, with "
                     "#token=TOKEN behind it");
            }
            return;
        }
    }
    fail(exchange, 404, "there is nothing here; the page is at /");
}

static void on_begin(void *context, struct http_exchange *exchange) {
    struct web_server *server = context;
    if (is_foreign(server, exchange)) {
        fail(exchange, 403, "only pages of this server may ask, under a name of this machine");
    } else if (strcmp(exchange->method, "GET") != 0 && strcmp(exchange->method, "HEAD") != 0 &&
               !(strcmp(exchange->method, "POST") == 0 && is_about_levers(server, exchange))) {
        fail(exchange, 405, "there is only GET");
    }
}

static void on_receive(void *context, struct http_exchange *exchange) {
    if (is_about_levers(context, exchange)) {
        control(context, exchange);
    } else {
        get(context, exchange);
    }
}

static void on_refuse(void *context, struct http_exchange *exchange, unsigned status) {
    (void)context;
    exchange->answer = BYTES_LITERAL("the request is wrong, or too much is asked for at once\n");
    exchange->content_type = "text/plain; charset=utf-8";
    exchange->status = status;
}

static void on_end(void *context, struct http_exchange *exchange) {
    if (exchange->state != NULL) {
        end_page(context, exchange->state);
    }
}

// ---- from start to end --------------------------------------------------------------------------

// Scripts and styles come from here only, and only as files: whatever a packet holds, nothing of it
// is run.
static const struct http_header headers[] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' "
     "data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
};

static struct http_server *open_http(struct web_server *server, int listener,
                                     struct http_error *error) {
    struct http_server_options options = {
        .listener = listener,
        .threads = THREADS,
        .connections = WEB_PAGES_MAX,
        .connection_bytes = CONNECTION_BYTES,
        .body_bytes = server->options.control != NULL ? WEB_CONTROL_LINE_MAX : 0,
        .held_bytes = WEB_PAGES_MAX * (size_t)WEB_ITEMS_BYTES,
        .request_timeout_s = REQUEST_TIMEOUT_S,
        .headers = headers,
        .header_count = sizeof headers / sizeof *headers,
        .events = {.context = server,
                   .begin = on_begin,
                   .receive = on_receive,
                   .refuse = on_refuse,
                   .read = read_events,
                   .end = on_end},
    };
    return http_server_open(&options, error);
}

struct web_server *web_server_open(const struct web_server_options *options,
                                   char link[static WEB_LINK_SIZE], struct http_error *error) {
    char place[64];
    struct web_server *server = calloc(1, sizeof *server);
    ASSERT_MESSAGE(server != NULL, "out of memory");
    server->options = *options;
    server->faults.most = WEB_FAULTS_MAX;
    server->arrivals.most = WEB_ARRIVALS_MAX;
    pthread_mutex_init(&server->lock, NULL);
    int listener = http_listen(options->where, &server->is_loopback, place, error);
    if (listener >= 0 && !server->is_loopback && options->tokens == NULL) {
        (void)snprintf(error->text, sizeof error->text,
                       "%s: other machines reach this address, and the page shows all that was "
                       "seen: give --token-file too, or listen at 127.0.0.1",
                       options->where);
        close(listener);
        listener = -1;
    }
    if (listener >= 0) {
        server->http = open_http(server, listener, error);
    }
    if (server->http == NULL) {
        pthread_mutex_destroy(&server->lock);
        free(server);
        return NULL;
    }
    (void)snprintf(link, WEB_LINK_SIZE, "http://%s/", place);
    return server;
}

// Resumes all pages that wait. Under the lock.
static void wake_pages(struct web_server *server) {
    for (struct page *page = server->pages; page != NULL; page = page->next) {
        if (page->is_waiting) {
            page->is_waiting = false;
            http_exchange_resume(page->exchange);
        }
    }
}

void web_server_note(struct web_server *server, uint64_t from, struct bytes lines) {
    pthread_mutex_lock(&server->lock);
    for (size_t at = 0; at < lines.size; from++) {
        const uint8_t *end = memchr(lines.data + at, '\n', lines.size - at);
        ASSERT(end != NULL);
        size_t next = (size_t)(end - lines.data) + 1;
        struct bytes line = bytes_make(lines.data + at, next - at);
        struct bytes type = type_of(line);
        count_type(server, type);
        if (is_fault(line)) {
            note_place(&server->faults, from);
        }
        if (bytes_equal(type, BYTES_LITERAL("join")) || bytes_equal(type, BYTES_LITERAL("left"))) {
            note_place(&server->arrivals, from);
        }
        at = next;
    }
    pthread_mutex_unlock(&server->lock);
}

void web_server_wake(struct web_server *server) {
    pthread_mutex_lock(&server->lock);
    wake_pages(server);
    pthread_mutex_unlock(&server->lock);
}

void web_server_set_read(struct web_server *server, bool is_read) {
    pthread_mutex_lock(&server->lock);
    server->is_read = is_read;
    pthread_mutex_unlock(&server->lock);
}

void web_server_tick(struct web_server *server) {
    http_server_tick(server->http);
    pthread_mutex_lock(&server->lock);
    server->ticks++;
    for (struct page *page = server->pages; page != NULL; page = page->next) {
        page->is_due |= server->ticks % SIGN_OF_LIFE_TICKS == 0;
    }
    if (server->ticks % SIGN_OF_LIFE_TICKS == 0) {
        wake_pages(server);
    }
    pthread_mutex_unlock(&server->lock);
}

void web_server_close(struct web_server *server) {
    if (server == NULL) {
        return;
    }
    pthread_mutex_lock(&server->lock);
    server->is_closing = true;
    wake_pages(server);
    pthread_mutex_unlock(&server->lock);
    if (server->options.control != NULL) {
        web_control_stop(server->options.control);
    }
    http_server_close(server->http);
    pthread_mutex_destroy(&server->lock);
    free(server->faults.items);
    free(server->arrivals.items);
    free(server);
}
