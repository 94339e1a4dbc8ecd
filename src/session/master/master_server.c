#include "session/master/master_server.h"

#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/assert.h"
#include "shell/clock.h"
#include "session/master/master_reader.h"
#include "session/master/master_rounds.h"

#define MILLISECOND UINT64_C(1000000)
#define SECOND (1000 * MILLISECOND)
#define WAKES_MAX 256
#define BATCH_MAX (MASTER_ROUND_REQUESTS + MASTER_ROUND_LEASES)

// Requests come from the threads of the HTTP server, by way of `arrived` and, large ones, of
// `reader`; gates that others put packets into come from a thread of the store. The loop's thread
// takes both, and has the rest for itself: `ready` are requests to be executed next, `batch` are
// those of the round at hand, `waiting` those that found nothing.
struct master_server {
    struct http_server *http;
    struct store *store;
    struct master_api api;
    struct master_server_events events;
    struct master_tap *tap;
    struct master_metrics metrics;
    uv_loop_t *loop;
    uv_async_t async;

    // Shared with the threads of HTTP server, reader and store.
    struct master_reader reader;
    pthread_mutex_t lock;
    struct master_queue arrived;
    bool closed; // nothing is executed any more
    bool woken_all;
    uint32_t woken[WAKES_MAX];
    uint32_t woken_count;
    _Atomic bool stopping;

    // The loop's thread.
    struct memory memory;
    struct master_rounds ready; // to be executed next
    struct store_request *batch[BATCH_MAX];
    struct master_request *batch_requests[BATCH_MAX];
    struct waiting waiting;
    uv_timer_t timer; // of its deadline
    uint64_t steady_base_ns;
    uint64_t unix_base_ms;
};

// ---- requests, in the threads of the HTTP server --------------------------------------------

static void fail_stopping(struct http_exchange *exchange) {
    exchange->close = true;
    master_api_fail(exchange, 503, "this master is ending; try again");
}

static void on_begin(void *context, struct http_exchange *exchange) {
    struct master_server *server = context;
    master_api_begin(&server->api, exchange);
    if (exchange->status == 0 && server->stopping) {
        fail_stopping(exchange);
    }
}

static void on_refuse(void *context, struct http_exchange *exchange, unsigned status) {
    (void)context;
    if (status == 400) {
        master_api_fail(exchange, 400,
                        "the request is malformed: its length is given twice, or its path has a "
                        "zero byte");
    } else if (status == 413) {
        master_api_fail(exchange, 413, "the body is too large; send fewer packets at once");
    } else {
        master_api_fail(exchange, status, "too many requests at once; try again");
    }
}

static void refuse_stopping(struct http_exchange *exchange) {
    fail_stopping(exchange);
    http_exchange_resume(exchange);
}

// A suspended one that was read.
static void add_arrived(struct master_server *server, struct master_request *request) {
    struct http_exchange *exchange = request->exchange;
    pthread_mutex_lock(&server->lock);
    bool closed = server->closed;
    bool first = server->arrived.first == NULL;
    if (!closed) {
        master_queue_add(&server->arrived, request);
    }
    pthread_mutex_unlock(&server->lock);
    if (closed) {
        refuse_stopping(exchange);
    } else if (first) {
        uv_async_send(&server->async);
    }
}

// In the reader's thread.
static void read_large(void *context, struct master_request *request) {
    if (master_api_read(request)) {
        add_arrived(context, request);
    } else {
        http_exchange_resume(request->exchange);
    }
}

// A large one is read by another thread.
static void hand_over(struct master_server *server, struct master_request *request) {
    http_exchange_suspend(request->exchange);
    pthread_mutex_lock(&server->lock);
    bool closed = server->closed;
    if (!closed) {
        master_reader_add(&server->reader, request);
    }
    pthread_mutex_unlock(&server->lock);
    if (closed) {
        refuse_stopping(request->exchange);
    }
}

static void on_receive(void *context, struct http_exchange *exchange) {
    struct master_server *server = context;
    struct master_request *request = exchange->state;
    if (exchange->body.size > MASTER_READER_BYTES) {
        hand_over(server, request);
    } else if (master_api_read(request)) {
        http_exchange_suspend(exchange);
        add_arrived(server, request);
    }
}

static void on_end(void *context, struct http_exchange *exchange) {
    struct master_server *server = context;
    struct master_request *request = exchange->state;
    if (exchange->status != 0) {
        master_metrics_count(&server->metrics, request->route, exchange->status);
        if (request->wait.ends_at == 0) {
            server->metrics.latency_ns[request->route] += clock_steady() - exchange->begun_ns;
            server->metrics.latency_count[request->route]++;
        }
    }
    master_api_end(exchange);
}

// From a thread of the store, which is closed after this server.
static void on_store_wake(void *context, uint32_t gate) {
    struct master_server *server = context;
    pthread_mutex_lock(&server->lock);
    if (gate == 0 || server->woken_count == WAKES_MAX) {
        server->woken_all = true;
    } else {
        server->woken[server->woken_count++] = gate;
    }
    if (!server->closed) {
        uv_async_send(&server->async);
    }
    pthread_mutex_unlock(&server->lock);
}

// ---- waiting --------------------------------------------------------------------------------

unsigned master_server_waiting(const struct master_server *server, uint32_t gate) {
    return waiting_has(&server->waiting, gate);
}

static void answer(struct master_server *server, struct master_request *request) {
    request->exchange->close = server->stopping;
    master_tap_answered(server->tap, request);
    master_api_answer(&server->api, request);
    http_exchange_resume(request->exchange);
}

static struct master_request *request_of(struct waiting_request *wait) {
    return (struct master_request *)((char *)wait - offsetof(struct master_request, wait));
}

static void on_timer(uv_timer_t *timer);

// Those that wait no more are executed again, or answered; the timer is set for the others.
static void settle_waiting(struct master_server *server) {
    struct waiting *waiting = &server->waiting;
    for (struct waiting_request *wait; (wait = waiting_take_woken(waiting)) != NULL;) {
        master_rounds_add(&server->ready, request_of(wait));
    }
    for (struct waiting_request *wait; (wait = waiting_take_over(waiting)) != NULL;) {
        answer(server, request_of(wait));
    }
    uint64_t due = waiting_deadline(waiting);
    if (due == UINT64_MAX) {
        uv_timer_stop(&server->timer);
        return;
    }
    uint64_t now = clock_steady();
    uv_update_time(server->loop);
    uv_timer_start(&server->timer, on_timer, due > now ? (due - now) / MILLISECOND + 1 : 0, 0);
}

static void on_timer(uv_timer_t *timer) {
    struct master_server *server = timer->data;
    waiting_tick(&server->waiting, clock_steady());
    settle_waiting(server);
    if (!master_rounds_is_empty(&server->ready)) {
        uv_async_send(&server->async);
    }
}

// ---- what the store answered ----------------------------------------------------------------

// An empty mailbox, and time to wait for a packet.
static bool waits(struct master_server *server, struct master_request *request, uint64_t now) {
    const struct store_request *store = &request->store;
    bool found_nothing = request->route == ROUTE_TAKE && store->status == GATE_OK &&
                         store->lines.size == 0 && store->missing == 0;
    return found_nothing && request->wait_s > 0 && !server->stopping &&
           waiting_may(&request->wait, request->wait_s * SECOND, now);
}

static void wake_receivers(struct master_server *server, const struct store_request *store) {
    if (store->packet_count > 0) {
        struct grouping_gates gates = {&store->packets->gate, sizeof *store->packets,
                                       store->packet_count};
        waiting_wake_receivers(&server->waiting, store->gate, gates);
    }
}

static void note_upload(struct master_server *server, const struct master_request *request) {
    const struct store_request *store = &request->store;
    struct master_metrics *metrics = &server->metrics;
    bool numbered = store->operation == STORE_UPLOAD;
    uint32_t accepted = numbered ? store->accepted : store->packet_count;
    metrics->packets_uploaded += accepted;
    metrics->packets_unreachable += store->unreachable;
    for (uint32_t i = store->packet_count - accepted; i < store->packet_count; i++) {
        metrics->bytes_uploaded += store->packets[i].line.size;
    }
    if (accepted > 0 && server->events.packets != NULL) {
        const uint8_t *first = store->packets[store->packet_count - accepted].line.data;
        const struct bytes last = store->packets[store->packet_count - 1].line;
        server->events.packets(server->events.context, store->gate,
                               bytes_make(first, (size_t)(last.data + last.size - first)));
    }
    wake_receivers(server, store);
}

static void note(struct master_server *server, const struct master_request *request) {
    const struct store_request *store = &request->store;
    if (store->status == GATE_UNAVAILABLE) {
        server->metrics.store_failures++;
    }
    if (store->status != GATE_OK && store->status != GATE_NEW) {
        return;
    }
    switch (store->operation) {
    case STORE_UPLOAD:
    case STORE_PUT:
        note_upload(server, request);
        break;
    case STORE_TAKE:
    case STORE_POP:
        server->metrics.bytes_taken += store->lines.size;
        server->metrics.packets_missing += store->missing;
        break;
    case STORE_LEASE:
    case STORE_GIVE_BACK:
        waiting_wake(&server->waiting,
                     store->gate); // one that waits with a former lease learns of its end
        if (store->status == GATE_NEW || store->operation == STORE_GIVE_BACK) {
            server->events.gate(server->events.context, store->gate,
                                store->operation == STORE_LEASE);
        }
        break;
    case STORE_RENEW:
    case STORE_LIST:
        break;
    }
}

static void write_number(const char *name, uint64_t number, struct buffer *text) {
    buffer_append_text(text, name);
    buffer_append_decimal(text, number);
}

static void write_gate(const struct store_gate *gate, unsigned waiting, struct buffer *text) {
    write_number("{\"gate\":", gate->gate, text);
    write_number(",\"since\":", gate->since_ms / 1000, text);
    write_number(",\"heard\":", gate->heard_ms / 1000, text);
    buffer_append_text(text, gate->classic ? ",\"classic\":true" : ",\"classic\":false");
    write_number(",\"waiting\":", waiting, text);
    write_number(",\"packets\":", gate->packets, text);
    write_number(",\"bytes\":", gate->bytes, text);
    write_number(",\"dropped\":", gate->dropped, text);
    buffer_append_byte(text, '}');
}

static void write_gates(const struct master_server *server, const struct store_request *list,
                        struct buffer *text) {
    buffer_append_text(text, "{\"gates\":[");
    for (uint32_t i = 0; i < list->gate_count; i++) {
        const struct store_gate *gate = &list->gates[i];
        buffer_append_text(text, i > 0 ? "," : "");
        write_gate(gate, master_server_waiting(server, gate->gate), text);
    }
    buffer_append_text(text, "]}\n");
}

static void write_metrics(struct master_server *server, const struct store_request *list,
                          struct buffer *text) {
    struct master_gauges gauges = master_server_gauges(server, list);
    master_metrics_write(&server->metrics, &gauges, text);
}

static void free_list(struct store_request *list) {
    memory_free(list->lines.memory, list->gates, list->gate_count * sizeof *list->gates);
    list->gates = NULL;
    list->gate_count = 0;
}

// ---- execution ------------------------------------------------------------------------------

// UnixTime in ms that never goes back, and does not jump with the clock.
static uint64_t now_ms(const struct master_server *server, uint64_t now) {
    return server->unix_base_ms + (now - server->steady_base_ns) / MILLISECOND;
}

static void execute(struct master_server *server, struct store_request **requests, uint32_t count) {
    uint64_t start = clock_steady();
    server->store->kind->execute(server->store, requests, count);
    server->metrics.store_ns += clock_steady() - start;
    server->metrics.store_calls++;
    server->metrics.store_requests += count;
}

static uint32_t fill_batch(struct master_server *server, uint64_t now) {
    struct master_queue round;
    uint32_t count = 0;
    uint64_t time = now_ms(server, now);
    master_queue_init(&round);
    master_rounds_take(&server->ready, &round);
    for (struct master_request *request; (request = master_queue_take(&round)) != NULL; count++) {
        ASSERT(count < BATCH_MAX);
        request->store.now_ms = time;
        request->store.lines.size = 0;
        server->batch[count] = &request->store;
        server->batch_requests[count] = request;
    }
    return count;
}

// What is woken by it is ready next.
static void execute_round(struct master_server *server) {
    uint64_t now = clock_steady();
    uint32_t count = fill_batch(server, now);
    if (count > 0) {
        execute(server, server->batch, count);
    }
    // Those that begin to wait do so before those that wake them are looked at.
    for (uint32_t i = 0; i < count; i++) {
        struct master_request *request = server->batch_requests[i];
        bool is_new = request->wait.ends_at == 0;
        if (waits(server, request, now)) {
            if (is_new) {
                master_tap_waits(server->tap, request);
            }
            waiting_begin(&server->waiting, &request->wait, request->store.gate, now);
            server->batch_requests[i] = NULL;
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        struct master_request *request = server->batch_requests[i];
        if (request == NULL) {
            continue;
        }
        note(server, request);
        if (master_api_goes_on(request)) {
            master_rounds_add(&server->ready, request);
        } else {
            answer(server, request);
        }
    }
}

// The answer of all that ask for this; NULL: nobody did yet.
static struct master_text *text_for(struct master_server *server, enum master_route route,
                                    const struct store_request *list,
                                    struct master_text *texts[static 2]) {
    bool is_metrics = route == ROUTE_METRICS;
    if (texts[is_metrics] == NULL) {
        texts[is_metrics] = master_text_make();
        struct buffer *buffer = master_text_buffer(texts[is_metrics]);
        if (is_metrics) {
            write_metrics(server, list, buffer);
        } else {
            write_gates(server, list, buffer);
        }
    }
    return texts[is_metrics];
}

// One list, for all who asked for one before it was made.
static void execute_lists(struct master_server *server) {
    struct master_queue lists;
    struct store_request list = {0};
    struct master_text *texts[2] = {NULL, NULL};
    master_queue_init(&lists);
    master_rounds_take_lists(&server->ready, &lists);
    if (lists.first == NULL) {
        return;
    }
    buffer_init(&list.lines, &server->memory);
    master_server_list(server, &list);
    for (struct master_request *request; (request = master_queue_take(&lists)) != NULL;) {
        request->store.status = list.status;
        if (list.status == GATE_OK) {
            request->exchange->close = server->stopping;
            master_api_answer_text(request, text_for(server, request->route, &list, texts));
            http_exchange_resume(request->exchange);
        } else {
            note(server, request);
            answer(server, request);
        }
    }
    master_text_unref(texts[0]);
    master_text_unref(texts[1]);
    free_list(&list);
    buffer_deinit(&list.lines);
}

static void take_arrived(struct master_server *server) {
    uint32_t woken[WAKES_MAX];
    struct master_queue arrived;
    master_queue_init(&arrived);
    pthread_mutex_lock(&server->lock);
    master_queue_move(&server->arrived, &arrived);
    bool all = server->woken_all;
    uint32_t count = server->woken_count;
    memcpy(woken, server->woken, count * sizeof *woken);
    server->woken_all = false;
    server->woken_count = 0;
    pthread_mutex_unlock(&server->lock);
    for (struct master_request *request; (request = master_queue_take(&arrived)) != NULL;) {
        master_tap_arrived(server->tap, request);
        master_rounds_add(&server->ready, request);
    }
    if (all) {
        waiting_wake_all(&server->waiting, 0);
    }
    for (uint32_t i = 0; i < count; i++) {
        waiting_wake(&server->waiting, woken[i]);
    }
    settle_waiting(server);
}

static void work_once(struct master_server *server) {
    take_arrived(server);
    execute_round(server);
    settle_waiting(server);
    execute_lists(server);
}

// Until nothing is left, when the server ends.
static void work(struct master_server *server) {
    do {
        work_once(server);
        take_arrived(server);
    } while (!master_rounds_is_empty(&server->ready));
}

// Between two rounds the loop has its turn: timers, signals, commands.
static void on_async(uv_async_t *async) {
    struct master_server *server = async->data;
    work_once(server);
    if (!master_rounds_is_empty(&server->ready)) {
        uv_async_send(async);
    }
}

// ---- for the session ------------------------------------------------------------------------

void master_server_tick(struct master_server *server) {
    if (server->http != NULL) {
        http_server_tick(server->http);
    }
}

void master_server_list(struct master_server *server, struct store_request *request) {
    request->operation = STORE_LIST;
    request->now_ms = now_ms(server, clock_steady());
    execute(server, &request, 1);
    server->ready.gates = request->status == GATE_OK ? request->gate_count : server->ready.gates;
}

struct master_gauges master_server_gauges(struct master_server *server,
                                          const struct store_request *list) {
    struct master_gauges gauges = {.gates = list->gate_count,
                                   .waiting = server->waiting.count,
                                   .connections = http_server_connections(server->http)};
    for (uint32_t i = 0; i < list->gate_count; i++) {
        gauges.packets += list->gates[i].packets;
        gauges.bytes += list->gates[i].bytes;
        gauges.dropped += list->gates[i].dropped;
    }
    return gauges;
}

const struct master_metrics *master_server_metrics(const struct master_server *server) {
    return &server->metrics;
}

// ---- start and end --------------------------------------------------------------------------

static void start_clock(struct master_server *server) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    server->unix_base_ms = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / MILLISECOND;
    server->steady_base_ns = clock_steady();
}

static void init(struct master_server *server, const struct master_server_options *options,
                 uv_loop_t *loop) {
    server->store = options->store;
    server->api = options->api;
    server->events = options->events;
    server->tap = options->tap;
    server->loop = loop;
    pthread_mutex_init(&server->lock, NULL);
    master_queue_init(&server->arrived);
    master_rounds_init(&server->ready);
    memory_init(&server->memory);
    waiting_init(&server->waiting, &server->memory, options->api.silence_ms / 3 * MILLISECOND,
                 clock_steady());
    start_clock(server);
    uv_timer_init(loop, &server->timer);
    server->timer.data = server;
    uv_async_init(loop, &server->async, on_async);
    server->async.data = server;
}

struct master_server *master_server_open(const struct master_server_options *options,
                                         uv_loop_t *loop, struct http_error *error) {
    struct master_server *server = calloc(1, sizeof *server);
    ASSERT_MESSAGE(server != NULL, "out of memory");
    init(server, options, loop);
    struct http_server_options http = options->http;
    http.events = (struct http_events){.context = server,
                                       .begin = on_begin,
                                       .receive = on_receive,
                                       .refuse = on_refuse,
                                       .end = on_end};
    master_reader_start(&server->reader, read_large, server);
    server->http = http_server_open(&http, error);
    if (server->http == NULL) {
        master_reader_stop(&server->reader);
        uv_close((uv_handle_t *)&server->async, NULL);
        uv_close((uv_handle_t *)&server->timer, NULL);
        uv_run(loop, UV_RUN_NOWAIT);
        master_server_free(server);
        return NULL;
    }
    server->store->kind->listen(server->store, on_store_wake, server);
    return server;
}

void master_server_stop(struct master_server *server) {
    server->stopping = true;
    http_server_quiesce(server->http);
    waiting_wake_all(&server->waiting, 0);
    work(server);
}

bool master_server_is_idle(struct master_server *server) {
    work(server);
    return http_server_exchanges(server->http) == 0;
}

void master_server_close(struct master_server *server) {
    pthread_mutex_lock(&server->lock);
    server->closed = true;
    pthread_mutex_unlock(&server->lock);
    master_reader_stop(&server->reader);
    work(server);
    http_server_close(server->http);
    server->http = NULL;
    uv_close((uv_handle_t *)&server->timer, NULL);
    uv_close((uv_handle_t *)&server->async, NULL);
}

void master_server_free(struct master_server *server) {
    waiting_deinit(&server->waiting);
    ASSERT(server->memory.blocks_in_use == 0);
    pthread_mutex_destroy(&server->lock);
    free(server);
}
