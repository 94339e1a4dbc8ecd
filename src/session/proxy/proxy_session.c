#include "session/proxy/proxy_session.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/assert.h"
#include "fault/parse.h"
#include "fault/text.h"
#include "medium/stream/stream_url.h"
#include "session/proxy/proxy_api.h"
#include "session/proxy/proxy_report.h"
#include "shell/clock.h"
#include "shell/terminal/console.h"
#include "shell/machine/machine_memory.h"
#include "shell/machine/open_files.h"
#include "shell/printable.h"
#include "shell/proxy_levers.h"
#include "shell/secrets/secret_file.h"
#include "shell/tap_report.h"

#define MILLISECOND UINT64_C(1000000)
#define LISTENERS_MAX 16
#define HANDSHAKE_MS 10000
#define MESSAGE_BYTES_MAX (256u * 1024 * 1024)
#define OWN_DESCRIPTORS 64 // beside two for each connection
#define TICK_MS 1000
#define FIRST_NAME "default"                // of the proxy of the options, in the API
#define SEED_MAX UINT64_C(9007199254740991) // that JSON can tell

#define CLIENTS (COMMAND_CLIENT | COMMAND_OMITTABLE)

static const struct command_row rows[] = {
    {"help", COMMAND_NAME, "help [command]", "show this list, or what one command does", RUN_HELP},
    {"exit", COMMAND_PLAIN, "exit", "say what hit, and end", RUN_EXIT},
    {"tgll", COMMAND_PLAIN, "tgll", "toggle listening: whether clients and hits are told",
     RUN_TOGGLE},
    {"list", COMMAND_PLAIN, "list", "show clients, held packets, counts, and rules with their hits",
     RUN_LIST},
    {"rule", COMMAND_VALUE, "rule TEXT", "add a rule, as drop PUBACK 3 from dev-*",
     PROXY_LEVERS_RULE},
    {"undo", COMMAND_VALUE, "undo N", "take rule number N back", PROXY_LEVERS_UNDO},
    {"hold", CLIENTS, "hold [CLIENT]", "hold every packet from now on, of all or of these clients",
     PROXY_LEVERS_HOLD},
    {"step", CLIENTS, "step [CLIENT]", "let the oldest held packet go", PROXY_LEVERS_STEP},
    {"cut", CLIENTS, "cut [CLIENT]", "end connections, on both sides", PROXY_LEVERS_CUT},
    {"freeze", CLIENTS, "freeze [CLIENT]", "let nothing pass, and tell neither side",
     PROXY_LEVERS_FREEZE},
    {"thaw", CLIENTS, "thaw [CLIENT]", "end freezes and holds, and let go what is held",
     PROXY_LEVERS_THAW},
};

const struct command_table proxy_session_commands = {rows, sizeof rows / sizeof *rows};

// The proxy of the options stands first in the fleet; others are the API's. At the end all of
// them close, and the loop ends when the last one has.
struct proxy_session {
    const struct proxy_session_options *options;
    struct run run;
    struct proxy_server *server; // that of the options
    struct proxy_fleet fleet;    // it, and those that the API has made
    struct proxy_api *api;       // NULL: none
    struct tap *tap;
    SSL_CTX *broker_tls;
    uint64_t seed;
    uv_timer_t tick;
    uv_prepare_t prepare;
    bool is_closing;
    // Listeners as they were typed: each place is read into its own text.
    struct stream_listener listeners[LISTENERS_MAX];
    struct proxy_place places[LISTENERS_MAX];
    unsigned listener_count;
    struct proxy_place upstream; // the broker's
    struct fault_rules rules;    // of the options
    struct memory memory;
};

static struct proxy *proxy_of(struct proxy_session *session) {
    return &session->server->proxy;
}

// ---- rules --------------------------------------------------------------------------------------

static bool read_rules(struct proxy_session *session) {
    const struct proxy_session_options *options = session->options;
    return fault_rules_read(&session->rules, &session->memory, &options->faults,
                            (uint32_t)options->rules, "proxy");
}

// ---- commands -----------------------------------------------------------------------------------

static enum run_outcome execute_list(struct proxy_session *session) {
    struct listing listing;
    listing_init(&listing, &session->memory, session->run.report.json);
    listing.width = run_width(&session->run);
    proxy_report_list(&listing, proxy_of(session));
    report_answer(&session->run.report, "list", listing_end(&listing));
    listing_deinit(&listing);
    return RUN_DONE;
}

static enum run_outcome execute(void *context, const struct command *command) {
    struct proxy_session *session = context;
    if (command->row->id == RUN_LIST) {
        return execute_list(session);
    }
    return proxy_levers_execute(&session->run, proxy_of(session), command, clock_steady());
}

static void look_at_levers(void *context, json_t *answer) {
    struct proxy_session *session = context;
    const struct proxy *proxy = proxy_of(session);
    json_object_set_new(answer, "rules", proxy_report_rules(proxy));
    json_object_set_new(answer, "waiting", json_integer((json_int_t)proxy_waiting(proxy)));
    json_object_set_new(answer, "frozen", json_boolean(proxy_is_frozen(proxy)));
}

// Clients by their names.
static void complete(void *context, unsigned argument, const struct run_words *words) {
    (void)context;
    (void)argument;
    (void)words;
}

// ---- the loop -------------------------------------------------------------------------------

static void on_prepare(uv_prepare_t *prepare) {
    struct proxy_session *session = prepare->data;
    tap_report_flush(session->tap, &session->run.report); // so that it can be followed live
    output_announce(&session->run.output);
}

static void on_tick(uv_timer_t *timer) {
    struct proxy_session *session = timer->data;
    report_left_out(&session->run.report, false);
    if (session->api != NULL && !session->is_closing) {
        proxy_api_tick(session->api);
    }
    run_wake(&session->run);
}

static void on_fleet_closed(void *context) {
    struct proxy_session *session = context;
    session->server = NULL;
    uv_stop(&session->run.loop);
}

static void end(struct proxy_session *session) {
    session->is_closing = true;
    report_left_out(&session->run.report, true);
    proxy_report_end(&session->run.report, proxy_of(session), session->seed);
    if (session->options->must_fire && proxy_report_never(proxy_of(session)) > 0) {
        session->run.failed = true;
    }
    session->run.report.listening = false; // the end of all connections is no news
    if (session->api != NULL) {
        proxy_api_close(session->api);
    }
    proxy_fleet_close(&session->fleet, on_fleet_closed, session);
}

static void turn(void *context) {
    struct proxy_session *session = context;
    if (session->is_closing) {
        return;
    }
    if (run_commands(&session->run)) {
        run_wake(&session->run);
    }
    proxy_server_look(session->server);
    if (run_is_done(&session->run, clock_steady())) {
        end(session);
    }
}

static bool reload(void *context) {
    struct proxy_session *session = context;
    tap_report_follow(session->tap, &session->run.report);
    return session->tap != NULL;
}

static const struct run_program program = {
    .kind = "proxy",
    .commands = &proxy_session_commands,
    .serves = true,
    .toggled = {"not listening: clients and hits are not told",
                "listening: clients and hits are told"},
    .turn = turn,
    .execute = execute,
    .levers = look_at_levers,
    .reload = reload,
    .complete = complete,
};

// ---- the start ------------------------------------------------------------------------------

static void on_event(void *context, struct proxy_server *server, const struct proxy_event *event) {
    struct proxy_session *session = context;
    (void)server;
    if (event->kind == PROXY_HIT) {
        (void)run_count_update(&session->run);
    }
    proxy_report_event(&session->run.report, event);
}

static void on_unreachable(void *context, struct proxy_server *server, const char *why) {
    struct proxy_session *session = context;
    (void)server;
    proxy_report_unreachable(&session->run.report, session->options->broker, why);
}

static void on_notice(void *context, const char *text) {
    struct proxy_session *session = context;
    report_notice(&session->run.report, text);
}

static const char *const listener_names[PROXY_LISTENER_KINDS] = {
    [STREAM_TCP] = "--listen",
    [STREAM_TLS] = "--listen-tls",
    [STREAM_WEBSOCKET] = "--listen-websocket",
    [STREAM_WEBSOCKET_TLS] = "--listen-websockets",
    [STREAM_UNIX] = "--listen-unix",
};

static bool add_listener(struct proxy_session *session, enum stream_kind kind, const char *text) {
    if (session->listener_count == LISTENERS_MAX) {
        printable_complain("proxy: more than %d places to listen at\n", LISTENERS_MAX);
        return false;
    }
    struct proxy_place *place = &session->places[session->listener_count];
    struct stream_listener *listener = &session->listeners[session->listener_count++];
    if (!proxy_place_read(text, place) || place->is_path != (kind == STREAM_UNIX)) {
        printable_complain("proxy: %s %s: %s; see proxy --help\n", listener_names[kind], text,
                           kind == STREAM_UNIX ? "a path has a / in it"
                                               : "must be PORT, HOST:PORT or [IPV6]:PORT");
        return false;
    }
    bool is_everywhere = strcmp(place->host, "*") == 0;
    *listener = (struct stream_listener){
        .kind = kind,
        .host = is_everywhere            ? "::"
                : place->host[0] == '\0' ? NULL
                                         : place->host,
        .port = place->port,
        .certificate = session->options->certificate,
        .key = session->options->key,
        .authority = session->options->authority,
        .connections = (uint32_t)session->options->connections,
        .handshake_ms = HANDSHAKE_MS,
        .checks_origin = true, // a page of anybody could make the user's browser a client here
    };
    return true;
}

static bool add_listeners(struct proxy_session *session, enum stream_kind kind, const char *list) {
    char *copy = strdup(list);
    char *rest = NULL;
    bool is_right = copy != NULL;
    for (char *one = is_right ? strtok_r(copy, ",", &rest) : NULL; one != NULL && is_right;
         one = strtok_r(NULL, ",", &rest)) {
        is_right = add_listener(session, kind, one);
    }
    free(copy);
    return is_right;
}

static bool read_listeners(struct proxy_session *session) {
    const struct proxy_session_options *options = session->options;
    for (int kind = 0; kind < PROXY_LISTENER_KINDS; kind++) {
        if (options->listeners[kind] != NULL &&
            !add_listeners(session, (enum stream_kind)kind, options->listeners[kind])) {
            return false;
        }
    }
    bool has_tls =
        options->listeners[STREAM_TLS] != NULL || options->listeners[STREAM_WEBSOCKET_TLS] != NULL;
    if (has_tls && (options->certificate == NULL || options->key == NULL)) {
        printable_complain("proxy: a TLS listener needs --tls-certificate and --tls-key\n");
        return false;
    }
    return session->listener_count > 0 || add_listeners(session, STREAM_TCP, "1884");
}

static bool is_url(const char *text) {
    return strstr(text, "://") != NULL || strncmp(text, "unix:", 5) == 0;
}

static bool refuse_broker(const struct proxy_session *session, const char *why) {
    printable_complain("proxy: --broker %s: %s\n", session->options->broker, why);
    return false;
}

// The broker's place; of WebSocket, its path is set in the target.
static bool read_url(struct proxy_session *session, struct stream_target *target) {
    struct stream_url url;
    const char *why = stream_url_read(&url, bytes_of_text(session->options->broker));
    if (why != NULL || url.user[0] != '\0') {
        return refuse_broker(session,
                             why != NULL ? why : "the proxy logs in nowhere: leave the user out");
    }
    struct proxy_place *place = &session->upstream;
    bool is_tls = url.is_tls || session->options->broker_tls;
    place->is_path = url.is_unix;
    place->port = (uint16_t)strtoul(url.port, NULL, 10);
    (void)snprintf(place->host, sizeof place->host, "%s", url.is_unix ? url.path : url.host);
    (void)snprintf(target->path, sizeof target->path, "%s", url.path);
    target->kind = url.is_unix        ? STREAM_UNIX
                   : url.is_websocket ? (is_tls ? STREAM_WEBSOCKET_TLS : STREAM_WEBSOCKET)
                                      : (is_tls ? STREAM_TLS : STREAM_TCP);
    return true;
}

static bool read_place(struct proxy_session *session, struct stream_target *target) {
    const struct proxy_session_options *options = session->options;
    if (!proxy_place_read(options->broker, &session->upstream)) {
        return refuse_broker(session, "must be PORT, HOST:PORT, [IPV6]:PORT, a path or a URL");
    }
    target->kind = session->upstream.is_path ? STREAM_UNIX
                   : options->broker_tls     ? STREAM_TLS
                                             : STREAM_TCP;
    return true;
}

static bool read_target(struct proxy_session *session, struct stream_target *target) {
    const struct proxy_session_options *options = session->options;
    struct stream_server_error error;
    if (is_url(options->broker) ? !read_url(session, target) : !read_place(session, target)) {
        return false;
    }
    target->connect_ms = options->connect_timeout / MILLISECOND;
    target->tls = session->broker_tls;
    target->protocol = "mqtt";
    const struct proxy_place *place = &session->upstream;
    const char *host = place->host[0] == '\0' ? "127.0.0.1" : place->host;
    if (!stream_target_set(target, host, place->port, &error)) {
        printable_complain("proxy: --broker %s\n", error.text);
        return false;
    }
    return true;
}

static bool wants_broker_tls(const struct proxy_session_options *options) {
    return options->broker_tls || strncmp(options->broker, "mqtts://", 8) == 0 ||
           strncmp(options->broker, "ssl://", 6) == 0 || strncmp(options->broker, "wss://", 6) == 0;
}

static bool open_broker_tls(struct proxy_session *session) {
    const struct proxy_session_options *options = session->options;
    struct stream_server_error error;
    if (!wants_broker_tls(options)) {
        return true;
    }
    const struct stream_tls_trust trust = {.authority = options->broker_authority,
                                           .certificate = options->broker_certificate,
                                           .key = options->broker_key,
                                           .is_insecure = options->broker_insecure};
    session->broker_tls = stream_tls_open_trust(&trust, &error);
    if (session->broker_tls == NULL) {
        printable_complain("proxy: --broker-tls: %s\n", error.text);
    }
    return session->broker_tls != NULL;
}

// Two sockets a connection.
static uint32_t connections_of(struct proxy_session *session) {
    uint64_t wanted = session->options->connections;
    uint64_t files = open_files_raise(2 * wanted + OWN_DESCRIPTORS);
    uint64_t most = files <= 4 * OWN_DESCRIPTORS ? OWN_DESCRIPTORS : (files - OWN_DESCRIPTORS) / 2;
    if (wanted > most) {
        char text[200];
        (void)snprintf(text, sizeof text,
                       "only %llu connections at a time: each takes two open files, and the system "
                       "allows %llu (ulimit -n)",
                       (unsigned long long)most, (unsigned long long)files);
        report_notice(&session->run.report, text);
    }
    return (uint32_t)(wanted < most ? wanted : most);
}

// The proxy of the options is the first of those that the API shows.
static void found_fleet(struct proxy_session *session, const struct proxy_server_options *how) {
    struct proxy_place listen = session->places[0];
    if (!listen.is_path) {
        listen.port = proxy_server_port(session->server, 0);
    }
    proxy_fleet_init(&session->fleet, &session->run.loop, how);
    proxy_fleet_adopt(&session->fleet, session->server, FIRST_NAME, &listen, &session->upstream);
}

static bool open_server(struct proxy_session *session) {
    const struct proxy_session_options *options = session->options;
    struct stream_server_error error;
    uint32_t connections = connections_of(session);
    struct proxy_server_options how = {
        .limits = {.connections_max = connections,
                   .rules_max = (uint32_t)options->rules,
                   .clients_max = 4 * connections,
                   .lane_bytes = options->lane_bytes},
        .memory_bytes =
            options->memory_bytes > 0 ? options->memory_bytes : machine_memory_quarter(),
        .seed = session->seed,
        .message_bytes_max = MESSAGE_BYTES_MAX,
        .events = {session, on_event, on_unreachable, on_notice},
    };
    if (!read_target(session, &how.target)) {
        return false;
    }
    session->server = proxy_server_create(&session->run.loop, &how);
    if (!proxy_server_listen(session->server, session->listeners, session->listener_count,
                             &error)) {
        printable_complain("proxy: %s\n", error.text);
        proxy_server_close(session->server, NULL, NULL);
        session->server = NULL;
        return false;
    }
    found_fleet(session, &how);
    return true;
}

static void on_levers(void *context, struct bytes command, struct buffer *answer) {
    struct proxy_session *session = context;
    run_answer(&session->run, command, answer);
    proxy_server_look(session->server);
}

// Before it has served anybody.
static void abandon(struct proxy_session *session) {
    if (session->api != NULL) {
        proxy_api_close(session->api);
    }
    proxy_fleet_close(&session->fleet, NULL, NULL);
    while (session->fleet.closing > 0) {
        uv_run(&session->run.loop, UV_RUN_ONCE);
    }
    session->server = NULL;
}

static bool open_api(struct proxy_session *session) {
    struct http_error error;
    if (session->options->api == NULL) {
        return true;
    }
    session->api =
        proxy_api_open(session->options->api, &session->fleet,
                       &(struct proxy_api_owner){.context = session, .levers = on_levers}, &error);
    if (session->api == NULL) {
        printable_complain("proxy: --api: %s\n", error.text);
        abandon(session);
    }
    return session->api != NULL;
}

// Once all listens: a port that is in use takes no capture away that was there before.
static bool open_tap(struct proxy_session *session) {
    struct tap_error error;
    if (session->options->tap == NULL) {
        return true;
    }
    session->tap = tap_open(session->options->tap, &error);
    if (session->tap == NULL) {
        printable_complain("proxy: --tap: %s\n", error.text);
        abandon(session);
        return false;
    }
    tap_limit(session->tap, session->options->tap_bytes);
    tap_set_owner(session->tap, &(struct tap_owner){.kind = "proxy"});
    proxy_server_set_tap(session->server, session->tap);
    return true;
}

static void say_api(struct proxy_session *session) {
    char text[128];
    if (session->api != NULL && !session->run.report.json) {
        (void)snprintf(text, sizeof text, "API at http://%s", proxy_api_place(session->api));
        report_notice(&session->run.report, text);
    }
}

static void say_start(struct proxy_session *session) {
    struct report *report = &session->run.report;
    const char *host = session->listeners[0].host;
    bool is_unix = session->listeners[0].kind == STREAM_UNIX;
    unsigned port = is_unix ? 0 : proxy_server_port(session->server, 0);
    if (report->json) {
        json_t *object = report_object("started");
        json_object_set_new(object, "role", json_string("proxy"));
        json_object_set_new(object, "port", json_integer(port));
        json_object_set_new(object, "broker", json_string(session->options->broker));
        json_object_set_new(object, "seed", json_integer((json_int_t)session->seed));
        json_object_set_new(object, "process", json_integer(getpid()));
        if (session->api != NULL) {
            json_object_set_new(object, "api", json_string(proxy_api_place(session->api)));
        }
        report_emit(report, object);
        return;
    }
    char text[512];
    if (is_unix) {
        (void)snprintf(text, sizeof text, "proxy at %s before the broker %s, seed %llu, process %d",
                       host, session->options->broker, (unsigned long long)session->seed,
                       (int)getpid());
    } else {
        (void)snprintf(text, sizeof text,
                       "proxy at port %u%s%s before the broker %s, seed %llu, process %d", port,
                       host == NULL ? " of this machine only" : " of ", host == NULL ? "" : host,
                       session->options->broker, (unsigned long long)session->seed, (int)getpid());
    }
    report_notice(report, text);
}

static void start_loop(struct proxy_session *session) {
    uv_timer_init(&session->run.loop, &session->tick);
    uv_prepare_init(&session->run.loop, &session->prepare);
    session->tick.data = session->prepare.data = session;
    uv_timer_start(&session->tick, on_tick, TICK_MS, TICK_MS);
    uv_prepare_start(&session->prepare, on_prepare);
}

static bool open_all(struct proxy_session *session, int *code) {
    *code = PROGRAM_USAGE;
    if (!read_listeners(session) || !read_rules(session)) {
        return false;
    }
    *code = PROGRAM_UNUSABLE;
    const char *key = session->options->key;
    if (key != NULL && !secret_file_is_private("proxy: --tls-key", key)) {
        return false;
    }
    return open_broker_tls(session) && open_server(session) && open_api(session) &&
           open_tap(session);
}

static int run(struct proxy_session *session) {
    int code;
    start_loop(session);
    if (open_all(session, &code)) {
        run_take_signals(&session->run);
        say_start(session);
        say_api(session);
        proxy_levers_start(&session->run, proxy_of(session), &session->rules, clock_steady());
        if (session->run.terminal && !session->run.report.json) {
            run_help(&session->run, NULL);
        }
        run_threads(&session->run);
        code = run_exit_code(&session->run);
    }
    return code;
}

static void deinit(struct proxy_session *session) {
    proxy_api_free(session->api);
    tap_close(session->tap);
    SSL_CTX_free(session->broker_tls);
    fault_rules_free(&session->rules);
}

int proxy_session_run(const struct proxy_session_options *options) {
    struct proxy_session *session = calloc(1, sizeof *session);
    if (session == NULL) {
        printable_complain("proxy: no memory\n");
        return PROGRAM_UNUSABLE;
    }
    session->options = options;
    session->seed =
        options->faults.seed > 0 ? options->faults.seed : 1 + randombytes_uniform(UINT32_MAX - 1);
    memory_init(&session->memory);
    int code = PROGRAM_UNUSABLE;
    if (run_init(&session->run, &options->run, &program, session)) {
        code = run(session);
        run_close(&session->run);
        deinit(session);
        run_deinit(&session->run);
    }
    free(session);
    return code;
}

int proxy_session_explain(const char *text) {
    struct memory memory;
    struct buffer out;
    struct fault_rule rule;
    struct fault_error error;
    bool explains_all = strcmp(text, "all") == 0;
    memory_init(&memory);
    buffer_init(&out, &memory);
    if (explains_all) {
        fault_text_reference(&out);
    } else if (fault_parse(bytes_of_text(text), &rule, &error)) {
        fault_text_explain(&rule, false, &out);
        buffer_append_text(&out, "\n");
        size_t end = out.size;
        buffer_append_text(&out, "It can never hit: ");
        if (fault_text_doubt(&rule, false, &out)) {
            buffer_append_text(&out, ".\n");
        } else {
            out.size = end;
        }
    } else {
        printable_complain("proxy: --explain: %s\n", error.text);
    }
    bool is_right = out.size > 0;
    is_right = is_right && fwrite(out.data, 1, out.size, stdout) == out.size && fflush(stdout) == 0;
    buffer_deinit(&out);
    return is_right ? PROGRAM_OK : PROGRAM_USAGE;
}
