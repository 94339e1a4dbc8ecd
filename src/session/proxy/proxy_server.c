#include "session/proxy/proxy_server.h"

#include <stdlib.h>

#include "base/assert.h"
#include "shell/clock.h"

#define MILLISECOND UINT64_C(1000000)
#define BACKLOG 4096

struct pair;

struct end {
    struct pair *pair;
    struct stream *stream; // NULL: closed, or not there yet
};

// A client and its stream to the broker. It is freed with the second of them.
struct pair {
    struct proxy_server *server;
    struct proxy_connection *connection;
    struct end ends[2];
    uint64_t tapped; // its number in the tap
};

static enum proxy_side side_of(const struct end *end) {
    return end == &end->pair->ends[PROXY_CLIENT] ? PROXY_CLIENT : PROXY_BROKER;
}

// ---- deadlines ----------------------------------------------------------------------------------

static void on_timer(uv_timer_t *timer);

// The timers of libuv know milliseconds: rather a little late than early.
void proxy_server_look(struct proxy_server *server) {
    uint64_t due = proxy_deadline(&server->proxy);
    if (due == server->timer_due) {
        return;
    }
    server->timer_due = due;
    if (due == UINT64_MAX) {
        uv_timer_stop(&server->timer);
        return;
    }
    uint64_t now = clock_steady();
    uint64_t wait = due > now ? (due - now + MILLISECOND - 1) / MILLISECOND : 0;
    uv_update_time(server->loop);
    uv_timer_start(&server->timer, on_timer, wait, 0);
}

static void on_timer(uv_timer_t *timer) {
    struct proxy_server *server = timer->data;
    server->timer_due = UINT64_MAX;
    proxy_tick(&server->proxy, clock_steady());
    proxy_server_look(server);
}

static void on_round(void *context) {
    proxy_server_look(context);
}

// ---- the role's port
// ------------------------------------------------------------------------------

static void on_wake(void *context, struct proxy_connection *connection, enum proxy_side side) {
    struct pair *pair = connection->user;
    (void)context;
    if (pair->ends[side].stream != NULL) {
        stream_wake(pair->ends[side].stream);
    }
}

static void end_abruptly(struct pair *pair) {
    for (unsigned side = 0; side < 2; side++) {
        if (pair->ends[side].stream != NULL) {
            stream_end_abruptly(pair->ends[side].stream);
        }
    }
}

static void on_tell(void *context, const struct proxy_event *event) {
    struct proxy_server *server = context;
    if (event->kind == PROXY_BROKE && event->connection->is_reset) {
        end_abruptly(event->connection->user);
    }
    if (event->kind == PROXY_LET_GO && server->options.tap != NULL) {
        const struct pair *pair = event->connection->user;
        tap_faults_let_go(server->options.tap, pair->tapped, event, clock_unix_nanoseconds());
    }
    server->options.events.tell(server->options.events.context, server, event);
}

// ---- streams ------------------------------------------------------------------------------------

static void tap_opened(struct pair *pair, const struct stream_info *info) {
    struct proxy_server *server = pair->server;
    pair->tapped = ++server->last_tapped;
    if (server->options.tap != NULL) {
        tap_stream_opened(server->options.tap, pair->tapped, info->place, info->port,
                          clock_unix_nanoseconds());
    }
}

static void on_decided(void *context, const struct proxy_fate *fate) {
    struct proxy_server *server = context;
    if (server->options.tap != NULL) {
        tap_faults_decided(&server->tap_faults, fate);
    }
}

static void tap_closed(struct pair *pair) {
    struct proxy_server *server = pair->server;
    struct buffer text;
    buffer_init(&text, &server->memory);
    struct tap_note note = tap_faults_note_end(pair->connection, &text);
    if (note.cause == TAP_CAUSE_UNKNOWN && server->streams == NULL) {
        note = (struct tap_note){.kind = TAP_NOTE_ENDED,
                                 .side = TAP_SIDE_NETWORK,
                                 .cause = TAP_CAUSE_CUT,
                                 .text = BYTES_LITERAL("the proxy ends or pauses")};
    }
    tap_stream_closed(server->options.tap, pair->tapped, &note, clock_unix_nanoseconds());
    buffer_deinit(&text);
}

static void *on_opened(void *context, struct stream *stream, const struct stream_info *info) {
    struct proxy_server *server = context;
    struct pair *pair = calloc(1, sizeof *pair);
    if (pair == NULL) {
        return NULL;
    }
    pair->server = server;
    pair->ends[PROXY_CLIENT] = (struct end){.pair = pair, .stream = stream};
    pair->ends[PROXY_BROKER].pair = pair;
    tap_opened(pair, info);
    pair->connection = proxy_connect(&server->proxy, info->place, pair, clock_steady());
    if (pair->connection == NULL) {
        server->options.events.notice(server->options.events.context,
                                      "a client was turned away: there is no room for it");
        free(pair);
        return NULL;
    }
    // Should this fail at once, on_closed has been called for that end already.
    pair->ends[PROXY_BROKER].stream = stream_connect(
        stream_server_loop(server->streams), &server->options.target, &pair->ends[PROXY_BROKER]);
    return &pair->ends[PROXY_CLIENT];
}

static void on_connected(void *context, void *user, const char *fault) {
    struct proxy_server *server = context;
    (void)user;
    if (fault != NULL) {
        server->unreachable++;
        server->options.events.unreachable(server->options.events.context, server, fault);
    }
}

// What a side sends stands in the tap when it comes, with what becomes of it.
static bool receive_tapped(struct end *end, struct bytes bytes) {
    struct proxy_server *server = end->pair->server;
    enum proxy_side side = side_of(end);
    server->tap_faults =
        (struct tap_faults){.tap = server->options.tap,
                            .number = end->pair->tapped,
                            .direction = side == PROXY_CLIENT ? TAP_FROM_CLIENT : TAP_FROM_BROKER,
                            .unix_ns = clock_unix_nanoseconds(),
                            .left = bytes};
    bool reads_on = proxy_receive(end->pair->connection, side, bytes, clock_steady());
    tap_faults_end(&server->tap_faults);
    return reads_on;
}

static bool on_received(void *context, void *user, struct bytes bytes) {
    struct proxy_server *server = context;
    struct end *end = user;
    return server->options.tap != NULL
               ? receive_tapped(end, bytes)
               : proxy_receive(end->pair->connection, side_of(end), bytes, clock_steady());
}

static bool on_ended(void *context, void *user) {
    struct end *end = user;
    (void)context;
    return proxy_side_ended(end->pair->connection, side_of(end), clock_steady());
}

static unsigned on_output(void *context, void *user, struct bytes *runs, unsigned most) {
    struct end *end = user;
    (void)context;
    return proxy_output(end->pair->connection, side_of(end), runs, most);
}

static void on_sent(void *context, void *user, size_t bytes) {
    struct end *end = user;
    (void)context;
    proxy_sent(end->pair->connection, side_of(end), bytes);
}

static bool on_is_over(void *context, void *user) {
    struct end *end = user;
    (void)context;
    return proxy_is_over(end->pair->connection, side_of(end));
}

static bool on_takes_input(void *context, void *user) {
    struct end *end = user;
    (void)context;
    return proxy_takes_input(end->pair->connection, side_of(end));
}

static void on_closed(void *context, void *user) {
    struct end *end = user;
    struct pair *pair = end->pair;
    enum proxy_side side = side_of(end);
    struct proxy_server *server = context;
    bool is_last = pair->connection->is_closed[proxy_other(side)];
    end->stream = NULL;
    if (side == PROXY_CLIENT && server->options.tap != NULL) {
        tap_closed(pair);
    }
    proxy_side_closed(pair->connection, side, clock_steady());
    if (is_last) {
        free(pair);
    }
}

static void on_notice(void *context, const char *text) {
    struct proxy_server *server = context;
    server->options.events.notice(server->options.events.context, text);
}

static bool on_held(void *context, size_t before, size_t now) {
    struct proxy_server *server = context;
    memory_charge(&server->memory, now);
    memory_discharge(&server->memory, before);
    return memory_has_room(&server->memory, MEMORY_SERVING, 0);
}

// ---- its life -----------------------------------------------------------------------------------

bool proxy_server_listen(struct proxy_server *server, const struct stream_listener *listeners,
                         unsigned count, struct stream_server_error *error) {
    const struct stream_owner owner = {.context = server,
                                       .opened = on_opened,
                                       .received = on_received,
                                       .ended = on_ended,
                                       .output = on_output,
                                       .sent = on_sent,
                                       .is_over = on_is_over,
                                       .takes_input = on_takes_input,
                                       .closed = on_closed,
                                       .connected = on_connected,
                                       .round = on_round,
                                       .notice = on_notice,
                                       .held = on_held};
    const struct stream_server_options how = {
        .listeners = listeners,
        .listener_count = count,
        .threads = 1,
        .backlog = BACKLOG,
        .message_bytes_max = server->options.message_bytes_max,
    };
    ASSERT(server->streams == NULL);
    server->streams = stream_server_open(server->loop, &how, &owner, error);
    return server->streams != NULL;
}

struct proxy_server *proxy_server_create(uv_loop_t *loop,
                                         const struct proxy_server_options *options) {
    struct proxy_server *server = calloc(1, sizeof *server);
    ASSERT(server != NULL);
    server->options = *options;
    server->loop = loop;
    server->timer_due = UINT64_MAX;
    memory_init(&server->memory);
    server->memory.limit = options->memory_bytes;
    proxy_init(&server->proxy, &server->memory, options->seed, &options->limits);
    server->proxy.port = (struct proxy_port){server, on_wake, on_tell, on_decided};
    uv_timer_init(loop, &server->timer);
    server->timer.data = server;
    return server;
}

void proxy_server_set_tap(struct proxy_server *server, struct tap *tap) {
    server->options.tap = tap;
}

uint16_t proxy_server_port(const struct proxy_server *server, unsigned listener) {
    return stream_server_port(server->streams, listener);
}

static void free_server(uv_handle_t *handle) {
    struct proxy_server *server = handle->data;
    void (*closed)(void *context) = server->closed;
    void *context = server->closed_context;
    proxy_deinit(&server->proxy);
    free(server);
    if (closed != NULL) {
        closed(context);
    }
}

static void close_timer_if_gone(struct proxy_server *server) {
    if (server->is_closing && server->closing == 0) {
        uv_close((uv_handle_t *)&server->timer, free_server);
    }
}

static void on_streams_closed(void *context) {
    struct proxy_server *server = context;
    server->closing--;
    close_timer_if_gone(server);
}

void proxy_server_pause(struct proxy_server *server) {
    struct stream_server *streams = server->streams;
    if (streams != NULL) {
        server->streams = NULL;
        server->closing++;
        stream_server_close(streams, on_streams_closed, server);
    }
}

void proxy_server_close(struct proxy_server *server, void (*closed)(void *context), void *context) {
    server->closed = closed;
    server->closed_context = context;
    proxy_server_pause(server);
    server->is_closing = true;
    close_timer_if_gone(server);
}
