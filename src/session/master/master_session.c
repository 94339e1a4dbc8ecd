// Two threads, as in session.c: this one reads lines and prints; the other runs the loop of
// master_server.h, executes commands and watches which gates come and go. The threads of HTTP
// server and store are theirs.
#include "session/master/master_session.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/assert.h"
#include "shell/clock.h"
#include "shell/listing.h"
#include "shell/machine/machine_memory.h"
#include "shell/machine/open_files.h"
#include "session/master/master_server.h"
#include "shell/printable.h"
#include "shell/secrets/secret_file.h"
#include "shell/secrets/tokens.h"

#define MILLISECOND UINT64_C(1000000)
#define SECOND (1000 * MILLISECOND)
#define TICK_MS 1000
#define LINGER_MS 10                // between two looks whether all was sent
#define LINGER_MAX (3 * SECOND)     // for answers that nobody takes
#define FILE_SIZE_MAX (1024 * 1024) // of certificate and key
#define STORE_FILE "sqlite:"
#define TLS_KEY "master: --tls-key"
#define OWN_DESCRIPTORS 64             // beside those of connections
#define CONNECTION_BYTES 6144          // for the headers of a request and of its answer
#define CLASSIC_CONNECTION_BYTES 65536 // there a packet is in the request line
// Of the HTTP server. Each looks at all its connections that wait whenever one of them is woken, so
// more threads cost less, up to some number.
#define THREADS 4

static const struct command_row rows[] = {
    {"help", COMMAND_NAME, "help [command]", "show this list, or what one command does", RUN_HELP},
    {"exit", COMMAND_PLAIN, "exit", "answer what waits and end", RUN_EXIT},
    {"tgll", COMMAND_PLAIN, "tgll", "toggle listening: whether packets are shown as they pass",
     RUN_TOGGLE},
    {"list", COMMAND_PLAIN, "list", "show gates, their leases and mailboxes, and counts", RUN_LIST},
};

const struct command_table master_session_commands = {rows, sizeof rows / sizeof *rows};

// The store, the server in front of it, and the run of the program. At its end the server
// answers what is under way, for `linger_end` at most. `known` are the gates that were leased
// when it last looked, to tell which have come and gone.
struct master_session {
    const struct master_session_options *options;
    struct store *store;
    bool is_loopback; // only this machine reaches it
    struct tokens *tokens;
    struct master_server *server;
    struct master_tap *tap; // NULL: none
    char place[64];         // where it listens
    struct run run;

    // The loop's thread.
    uint64_t linger_end;
    uint32_t *known; // gates that are leased, ascending
    uint32_t known_count;
    uint32_t known_room;
    uint64_t look_at; // when to look at the gates next
    bool in_trouble;  // the store is
    uint64_t unshown; // packets not shown because nobody takes what is printed
    uv_timer_t timer;
    uv_timer_t linger;
    uv_prepare_t prepare;
};

static void fail(const char *text) {
    printable_complain("master: %s\n", text);
}

// ---- what is said ---------------------------------------------------------------------------

static void say(struct master_session *session, const char *kind, const char *text,
                json_t *object) {
    if (session->run.report.json) {
        char *json = json_dumps(object, JSON_COMPACT);
        report_answer(&session->run.report, kind, bytes_of_text(json));
        free(json);
    } else {
        report_notice(&session->run.report, text);
    }
    json_decref(object);
}

static void say_gate(struct master_session *session, uint32_t gate, const char *kind,
                     const char *what) {
    char text[96];
    if (!report_may_tell(&session->run.report, REPORT_GATE, "gate")) {
        return;
    }
    snprintf(text, sizeof text, "gate %u %s", gate, what);
    struct report *report = &session->run.report;
    if (!report->json) { // who comes and goes is less urgent than a notice
        buffer_append_text(&report->line, text);
        report_log(report, (struct log_record){.level = LOG_INFO,
                                               .text = buffer_bytes(&report->line),
                                               .event = kind});
        return;
    }
    json_t *object = json_object();
    json_object_set_new(object, "gate", json_integer(gate));
    say(session, kind, text, object);
}

static void say_start(struct master_session *session) {
    const struct master_session_options *options = session->options;
    char text[512];
    const char *scheme = options->certificate != NULL ? "https" : "http";
    snprintf(text, sizeof text, "master at %s://%s (store %s%s%s), process %d", scheme,
             session->place, session->store->kind->name, options->classic ? ", classic API" : "",
             session->tokens == NULL ? ", no token" : "", (int)getpid());
    json_t *object = json_object();
    char url[80];
    snprintf(url, sizeof url, "%s://%s", scheme, session->place);
    json_object_set_new(object, "role", json_string("master"));
    json_object_set_new(object, "process", json_integer(getpid()));
    json_object_set_new(object, "url", json_string(url));
    json_object_set_new(object, "store", json_string(session->store->kind->name));
    say(session, "started", text, object);
}

static void show_packet(struct master_session *session, uint32_t gate, struct bytes line) {
    struct report *report = &session->run.report;
    if (report->json) {
        json_t *object = json_object();
        json_object_set_new(object, "gate", json_integer(gate));
        listing_set_bytes(object, "line", line);
        say(session, "packet", "", object);
    } else {
        output_add(&session->run.output, OUTPUT_ANSWER, line);
    }
}

static void on_packets(void *context, uint32_t gate, struct bytes lines) {
    struct master_session *session = context;
    while (session->run.report.listening && lines.size > 0) {
        const uint8_t *end = memchr(lines.data, '\n', lines.size);
        size_t size = (size_t)(end - lines.data);
        if (output_is_full(&session->run.output)) {
            session->unshown++;
        } else if (report_may_show(&session->run.report, REPORT_PACKET, "packet")) {
            show_packet(session, gate, bytes_make(lines.data, size));
        }
        lines = bytes_make(end + 1, lines.size - size - 1);
    }
}

static void tell_trouble(struct master_session *session, enum gate_status status) {
    bool trouble = status == GATE_UNAVAILABLE;
    const char *why = session->store->trouble.text;
    if (trouble && !session->in_trouble) {
        report_error(&session->run.report, why[0] != '\0' ? why : "the store cannot be reached");
        report_notice(&session->run.report,
                      "requests are answered 503 until it can be reached again");
    } else if (!trouble && session->in_trouble) {
        report_notice(&session->run.report, "the store can be reached again");
    }
    session->in_trouble = trouble;
}

// ---- gates that come and go -----------------------------------------------------------------

// The place of the gate among those known, or where it would be.
static uint32_t place_of(const struct master_session *session, uint32_t gate) {
    uint32_t low = 0;
    uint32_t high = session->known_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (session->known[middle] < gate) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool is_known(const struct master_session *session, uint32_t place, uint32_t gate) {
    return place < session->known_count && session->known[place] == gate;
}

static void add_known(struct master_session *session, uint32_t gate) {
    uint32_t place = place_of(session, gate);
    if (is_known(session, place, gate)) {
        return;
    }
    session->known = memory_grow(&session->run.memory, session->known, &session->known_room,
                                 session->known_count + 1, sizeof *session->known);
    memmove(session->known + place + 1, session->known + place,
            (session->known_count - place) * sizeof *session->known);
    session->known[place] = gate;
    session->known_count++;
}

static void remove_known(struct master_session *session, uint32_t gate) {
    uint32_t place = place_of(session, gate);
    if (is_known(session, place, gate)) {
        session->known_count--;
        memmove(session->known + place, session->known + place + 1,
                (session->known_count - place) * sizeof *session->known);
    }
}

static void on_gate(void *context, uint32_t gate, bool came) {
    struct master_session *session = context;
    if (came) {
        add_known(session, gate);
        say_gate(session, gate, "leased", "was leased");
    } else {
        remove_known(session, gate);
        say_gate(session, gate, "ended", "was given back");
    }
}

static void compare_gates(struct master_session *session, const struct store_request *list) {
    uint32_t old = 0;
    uint32_t present = 0;
    while (old < session->known_count || present < list->gate_count) {
        uint32_t before = old < session->known_count ? session->known[old] : UINT32_MAX;
        uint32_t now = present < list->gate_count ? list->gates[present].gate : UINT32_MAX;
        if (before < now) {
            say_gate(session, before, "ended", "is not there any more: it was silent for too long");
        } else if (now < before) {
            say_gate(session, now, "leased",
                     list->gates[present].classic ? "is used by a classic router" : "is leased");
        }
        old += before <= now;
        present += now <= before;
    }
    session->known = memory_grow(&session->run.memory, session->known, &session->known_room,
                                 list->gate_count, sizeof *session->known);
    for (uint32_t i = 0; i < list->gate_count; i++) {
        session->known[i] = list->gates[i].gate;
    }
    session->known_count = list->gate_count;
}

static void begin_list(struct master_session *session, struct store_request *list) {
    *list = (struct store_request){0};
    buffer_init(&list->lines, &session->run.memory);
    master_server_list(session->server, list);
    tell_trouble(session, list->status);
}

static void end_list(struct master_session *session, struct store_request *list) {
    memory_free(&session->run.memory, list->gates, list->gate_count * sizeof *list->gates);
    buffer_deinit(&list->lines);
}

static void look_at_gates(struct master_session *session) {
    struct store_request list;
    begin_list(session, &list);
    if (list.status == GATE_OK) {
        compare_gates(session, &list);
    }
    master_tap_look(session->tap, &list);
    end_list(session, &list);
}

// ---- commands -------------------------------------------------------------------------------

static void list_gates(struct master_session *session, const struct store_request *list,
                       struct listing *listing) {
    static const char *const columns[] = {"gate",    "kind",  "since",   "heard", "waiting",
                                          "packets", "bytes", "dropped", NULL};
    listing_section(listing, "gates", columns);
    for (uint32_t i = 0; i < list->gate_count; i++) {
        const struct store_gate *gate = &list->gates[i];
        listing_number(listing, gate->gate);
        listing_text(listing, bytes_of_text(gate->classic ? "classic" : "router"));
        listing_time(listing, gate->since_ms / 1000);
        listing_time(listing, gate->heard_ms / 1000);
        listing_number(listing, master_server_waiting(session->server, gate->gate));
        listing_number(listing, gate->packets);
        listing_number(listing, gate->bytes);
        listing_number(listing, gate->dropped);
    }
}

static void list_counts(struct master_session *session, const struct store_request *list,
                        struct listing *listing) {
    static const char *const columns[] = {"connections", "waiting",     "uploaded",
                                          "unreachable", "taken_bytes", "missing",
                                          "refused",     "unshown",     NULL};
    const struct master_metrics *metrics = master_server_metrics(session->server);
    struct master_gauges gauges = master_server_gauges(session->server, list);
    listing_single(listing, "counts", columns);
    listing_heading(listing, "%llu packets uploaded",
                    (unsigned long long)metrics->packets_uploaded);
    listing_number(listing, gauges.connections);
    listing_number(listing, gauges.waiting);
    listing_number(listing, metrics->packets_uploaded);
    listing_number(listing, metrics->packets_unreachable);
    listing_number(listing, metrics->bytes_taken);
    listing_number(listing, metrics->packets_missing);
    listing_number(listing, master_metrics_refused(metrics));
    listing_number(listing, session->unshown);
}

static void answer_list(struct master_session *session) {
    struct store_request list;
    struct listing listing;
    begin_list(session, &list);
    listing_init(&listing, &session->run.memory, session->run.report.json);
    listing.width = run_width(&session->run);
    list_gates(session, &list, &listing);
    list_counts(session, &list, &listing);
    report_answer(&session->run.report, "list", listing_end(&listing));
    listing_deinit(&listing);
    end_list(session, &list);
}

static enum run_outcome execute(void *context, const struct command *command) {
    ASSERT(command->row->id == RUN_LIST);
    answer_list(context);
    return RUN_DONE;
}

// ---- the loop -------------------------------------------------------------------------------

// Before the loop waits: what was said is printed.
static void on_prepare(uv_prepare_t *prepare) {
    struct master_session *session = prepare->data;
    master_tap_flush(session->tap, &session->run.report);
    output_announce(&session->run.output);
}

static void on_linger(uv_timer_t *timer) {
    struct master_session *session = timer->data;
    if (master_server_is_idle(session->server) || clock_steady() >= session->linger_end) {
        master_server_close(session->server);
        uv_stop(&session->run.loop);
    }
}

static void turn(void *context) {
    struct master_session *session = context;
    if (session->linger_end != 0) {
        return;
    }
    if (run_commands(&session->run)) {
        run_wake(&session->run);
    }
    uint64_t now = clock_steady();
    if (run_is_done(&session->run, now)) {
        session->linger_end = now + LINGER_MAX;
        report_left_out(&session->run.report, true);
        master_server_stop(session->server);
        uv_timer_start(&session->linger, on_linger, 0, LINGER_MS);
    }
}

static void on_timer(uv_timer_t *timer) {
    struct master_session *session = timer->data;
    master_server_tick(session->server);
    report_left_out(&session->run.report, false);
    output_announce(&session->run.output);
    uint64_t now = clock_steady();
    bool is_due = now >= session->look_at || master_tap_wants_list(session->tap);
    if (session->linger_end == 0 && is_due) {
        uint64_t interval = session->options->silence / 4;
        session->look_at = now + (interval < 5 * SECOND ? interval : 5 * SECOND);
        look_at_gates(session);
    }
}

static void start_loop(struct master_session *session) {
    uv_timer_init(&session->run.loop, &session->timer);
    uv_timer_init(&session->run.loop, &session->linger);
    session->timer.data = session->linger.data = session;
    uint64_t tick = session->options->silence / 4 / MILLISECOND;
    tick = tick < TICK_MS ? tick + 1 : TICK_MS;
    uv_timer_start(&session->timer, on_timer, tick, tick);
    uv_prepare_init(&session->run.loop, &session->prepare);
    session->prepare.data = session;
    uv_prepare_start(&session->prepare, on_prepare);
}

// ---- start and end --------------------------------------------------------------------------

// The file's text, to be freed; NULL, and a message, if it cannot be read.
static char *read_text(const char *path) {
    FILE *file = fopen(path, "r");
    char *text = file != NULL ? calloc(1, FILE_SIZE_MAX + 1) : NULL;
    size_t size = text != NULL ? fread(text, 1, FILE_SIZE_MAX, file) : 0;
    if (text == NULL || ferror(file)) {
        printable_complain("master: %s: %s\n", path, strerror(errno));
        free(text);
        text = NULL;
    } else if (strstr(text, "-----BEGIN ") == NULL) {
        printable_complain("master: %s: this is no PEM file (%zu bytes)\n", path, size);
        free(text);
        text = NULL;
    }
    if (file != NULL) {
        fclose(file);
    }
    return text;
}

// As many connections as there may be, and as there may be descriptors for.
static unsigned connections_of(struct master_session *session) {
    uint64_t wanted = session->options->connections;
    uint64_t files = open_files_raise(wanted + OWN_DESCRIPTORS);
    if (files < wanted + OWN_DESCRIPTORS) {
        char text[160];
        wanted = files > 2 * OWN_DESCRIPTORS ? files - OWN_DESCRIPTORS : OWN_DESCRIPTORS;
        snprintf(text, sizeof text,
                 "only %llu connections at a time: the system allows %llu open files (ulimit -n)",
                 (unsigned long long)wanted, (unsigned long long)files);
        report_notice(&session->run.report, text);
    }
    return (unsigned)wanted;
}

static struct master_server_options server_options(struct master_session *session, int listener) {
    const struct master_session_options *options = session->options;
    return (struct master_server_options){
        .http =
            {
                .listener = listener,
                .threads = THREADS,
                .connections = connections_of(session),
                .connections_per_address = (unsigned)options->connections_per_address,
                .connection_bytes = options->classic ? CLASSIC_CONNECTION_BYTES : CONNECTION_BYTES,
                .body_bytes = options->request_bytes,
                .held_bytes = options->held_bytes,
                .request_timeout_s = (unsigned)((options->request_timeout + SECOND - 1) / SECOND),
            },
        .api = {.tokens = session->tokens,
                .classic = options->classic,
                .silence_ms = options->silence / MILLISECOND,
                .is_loopback = session->is_loopback},
        .store = session->store,
        .events = {session, on_gate, on_packets},
        .tap = session->tap,
    };
}

static bool may_listen(const struct master_session *session) {
    const struct master_session_options *options = session->options;
    if (session->is_loopback || session->tokens != NULL || options->open) {
        return true;
    }
    printable_complain(
        "master: other machines can reach %s: give --token-file FILE, or --open if everyone "
        "may use this master\n",
        session->place);
    return false;
}

// -1, and a message, if it cannot be.
static int open_listener(struct master_session *session) {
    struct http_error error;
    int listener =
        http_listen(session->options->listen, &session->is_loopback, session->place, &error);
    if (listener < 0) {
        fail(error.text);
    } else if (!may_listen(session)) {
        close(listener);
        listener = -1;
    }
    return listener;
}

static bool start_server(struct master_session *session, struct master_server_options *how) {
    struct http_error error;
    session->server = master_server_open(how, &session->run.loop, &error);
    if (session->server == NULL) {
        fail(error.text);
    }
    return session->server != NULL;
}

// Takes the listener over.
static bool open_server(struct master_session *session, int listener) {
    const struct master_session_options *options = session->options;
    struct master_server_options how = server_options(session, listener);
    if (options->certificate == NULL) {
        return start_server(session, &how);
    }
    char *certificate = read_text(options->certificate);
    bool may_read = certificate != NULL && secret_file_is_private(TLS_KEY, options->key);
    char *key = may_read ? read_text(options->key) : NULL;
    how.http.certificate = certificate;
    how.http.key = key;
    bool right = key != NULL && start_server(session, &how);
    if (key == NULL) {
        close(listener);
    } else {
        sodium_memzero(key, FILE_SIZE_MAX);
    }
    free(key);
    free(certificate);
    return right;
}

static bool open_store(struct master_session *session) {
    const struct master_session_options *options = session->options;
    const struct store_limits limits = {
        .gates = (uint32_t)options->gates,
        .mailbox_packets = options->mailbox_packets,
        .mailbox_bytes = options->mailbox_bytes,
        .memory_bytes =
            options->memory_bytes > 0 ? options->memory_bytes : machine_memory_quarter(),
        .silence_ms = options->silence / MILLISECOND,
        .classic_silence_ms = options->classic_silence / MILLISECOND,
    };
    struct store_error error;
    bool is_file = strncmp(options->store, STORE_FILE, sizeof STORE_FILE - 1) == 0;
    if (is_file &&
        !secret_file_is_private("master: --store", options->store + sizeof STORE_FILE - 1)) {
        return false;
    }
    session->store = store_open(options->store, &limits, &error);
    if (session->store == NULL) {
        fail(error.text);
        return false;
    }
    return true;
}

static bool open_tap(struct master_session *session) {
    struct tap_error error;
    const char *colon = strrchr(session->place, ':');
    const struct master_tap_options how = {
        .path = session->options->tap,
        .bytes_max = session->options->tap_bytes,
        .port = colon == NULL ? 0 : (uint16_t)strtoul(colon + 1, NULL, 10)};
    if (how.path == NULL) {
        return true;
    }
    session->tap = master_tap_open(&how, &error);
    if (session->tap == NULL) {
        printable_complain("master: --tap: %s\n", error.text);
    }
    return session->tap != NULL;
}

static bool open_all(struct master_session *session) {
    const char *token_file = session->options->token_file;
    if (token_file != NULL) {
        session->tokens = tokens_load("master: --token-file", token_file);
        if (session->tokens == NULL) {
            return false;
        }
    }
    // Those who come while the store is being opened wait in the listener's queue.
    int listener = open_listener(session);
    if (listener < 0) {
        return false;
    }
    if (!open_tap(session) || !open_store(session)) {
        close(listener);
        return false;
    }
    return open_server(session, listener);
}

static bool reload(void *context) {
    struct master_session *session = context;
    master_tap_follow(session->tap, &session->run.report);
    return session->tap != NULL;
}

static const struct run_program program = {
    .kind = "master",
    .commands = &master_session_commands,
    .serves = true,
    .toggled = {"not listening: packets pass without being shown",
                "listening: packets are shown as they pass"},
    .turn = turn,
    .execute = execute,
    .reload = reload,
};

static void deinit(struct master_session *session) {
    if (session->store != NULL) {
        session->store->kind->close(session->store);
    }
    if (session->server != NULL) {
        master_server_free(session->server);
    }
    master_tap_close(session->tap);
    tokens_free(session->tokens);
    memory_free(&session->run.memory, session->known, session->known_room * sizeof *session->known);
}

static int run(struct master_session *session) {
    int code = PROGRAM_UNUSABLE;
    session->run.report.listening = false;
    start_loop(session);
    if (open_all(session)) {
        run_take_signals(&session->run);
        say_start(session);
        if (session->run.terminal && !session->run.report.json) {
            run_help(&session->run, NULL);
        }
        run_threads(&session->run);
        code = run_exit_code(&session->run);
    }
    return code;
}

int master_session_run(const struct master_session_options *options) {
    struct master_session *session = calloc(1, sizeof *session);
    if (session == NULL) {
        fail("no memory");
        return PROGRAM_UNUSABLE;
    }
    session->options = options;
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
