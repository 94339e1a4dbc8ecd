#include "session/broker/mqtt_server.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/assert.h"
#include "medium/capture/tap.h"
#include "medium/stream/wrap/stream_tls.h"
#include "shell/clock.h"
#include "session/broker/mqtt_listeners.h"
#include "shell/machine/open_files.h"
#include "shell/printable.h"
#include "shell/machine/service_manager.h"
#include "session/broker/report_mqtt.h"
#include "shell/proxy_levers.h"
#include "shell/secrets/secret_file.h"
#include "shell/tap_report.h"

#define OWN_DESCRIPTORS 64 // beside one for each client
#define LAST_BYTES_MS 2000 // that the streams may take to send their last
#define LOOK_AGAIN_MS 20
#define ENTRIES_SHOWN 200 // a second, as text: nobody reads faster
#define RUNS_TAPPED 64

// One stream. What the transport hands back to us.
struct peer {
    struct mqtt_server *server;
    struct mqtt_lever lever; // its stream and its connection of the door
    X509 *certificate;       // ours to free; NULL: none
    const char *end_why;     // for the tap: a constant; NULL: nothing ended it yet
    uint8_t end_reason;      // enum mqtt_reason
    bool was_refused;
    bool said_goodbye;
};

// What it was given; the door and its port; streams and what stands between them and the door;
// then counts of this second and of this batch. Everything but what is atomic is under the
// session's lock.
struct mqtt_server {
    struct mqtt_server_options *options;
    struct user_book *users;
    struct credential_checks *checks;
    struct session *session;
    struct mqtt_door *door;
    struct mqtt_door_port port;
    struct stream_server *streams; // bound by mqtt_server_create
    struct tap *tap;
    struct mqtt_levers levers;
    struct memory_keeper *keeper;
    struct durable *durable; // NULL: nothing is kept
    struct stream_listener items[MQTT_LISTENERS_MAX];
    struct door_listener_rules rules[MQTT_LISTENERS_MAX];
    int passed[MQTT_LISTENERS_MAX][SERVICE_SOCKETS_MAX]; // by a service manager
    struct mqtt_listeners listeners;
    uv_timer_t closing;
    uint64_t waited_ms;
    uint64_t now; // of this batch
    uint64_t peer_number;
    struct buffer vouched;    // the user that a certificate names, for a moment
    uint64_t second;          // of the entries shown
    uint64_t shown;           // in this second
    uint64_t unsaid;          // events, while no more text was taken
    uint64_t received_then;   // messages before any was hidden; 0: none was
    atomic_bool round_begins; // of some loop; what arrives in it is new to the door
    bool is_measured;         // the turns are
    bool is_started;          // streams are let in
    bool is_listening;        // they may be asked
    struct metrics_histogram turns;
};

bool mqtt_server_is_wanted(const struct mqtt_server_options *options) {
    for (int kind = 0; kind < MQTT_LISTENER_KINDS; kind++) {
        if (options->listeners[kind] != NULL) {
            return true;
        }
    }
    return false;
}

// ---- entering the door ------------------------------------------------------------------------

// Shows no more entries than can be read, and tells how many those were that were not shown.
static void watch_entries(struct mqtt_server *server) {
    struct report *report = session_report(server->session);
    const struct mqtt_door_counts *counts = mqtt_door_counts(server->door);
    uint64_t second = server->now / ROLE_SECOND;
    if (second != server->second) {
        server->second = second;
        server->shown = 0;
        if (server->received_then != 0 && counts->messages_received > server->received_then) {
            char text[96];
            snprintf(text, sizeof text, "%llu more entries passed than could be shown",
                     (unsigned long long)(counts->messages_received - server->received_then));
            report_notice(report, text);
        }
        server->received_then = 0;
    }
    bool is_quick = !report->json && server->shown >= ENTRIES_SHOWN;
    bool tells = report->listening && !is_quick && !session_output_is_full(server->session);
    if (report->listening && !tells && server->received_then == 0) {
        server->received_then = counts->messages_received;
    }
    mqtt_door_tell_entries(server->door, tells);
}

static void enter(void *context) {
    struct mqtt_server *server = context;
    server->now = session_enter(server->session);
    watch_entries(server);
}

static void measure_turn(struct mqtt_server *server, uint64_t began) {
    if (server->is_measured) {
        metrics_histogram_add(&server->turns, clock_steady() - began);
    }
}

static void leave(void *context) {
    struct mqtt_server *server = context;
    durable_turn(server->durable, server->now);
    if (server->levers.pending != NULL) {
        mqtt_levers_settle(&server->levers, server->now);
    }
    memory_keeper_look(server->keeper, server->now);
    tap_report_flush(server->tap, session_report(server->session));
    measure_turn(server, server->now);
    session_leave(server->session);
}

void mqtt_server_enter(struct mqtt_server *server) {
    enter(server);
}

void mqtt_server_leave(struct mqtt_server *server) {
    leave(server);
}

// ---- what the door asks for -------------------------------------------------------------------

static void on_ready(void *context, void *owner) {
    struct mqtt_server *server = context;
    struct peer *peer = owner;
    mqtt_levers_ready(&server->levers, &peer->lever);
}

// The door does not wait for a terminal that is stuck.
static bool has_room(struct mqtt_server *server) {
    if (session_output_is_full(server->session)) {
        server->unsaid++;
        return false;
    }
    if (server->unsaid > 0) {
        char text[96];
        snprintf(text, sizeof text, "%llu events could not be shown",
                 (unsigned long long)server->unsaid);
        server->unsaid = 0;
        report_notice(session_report(server->session), text);
    }
    return true;
}

// Why a stream is going to end, as the first event that tells of it says.
static void note_end(const struct door_event *event) {
    struct peer *peer = event->owner;
    bool is_refused = event->kind == DOOR_EVENT_REFUSED;
    if (peer != NULL && peer->end_why == NULL &&
        (is_refused || event->kind == DOOR_EVENT_DISCONNECTED)) {
        peer->end_why = event->why != NULL ? event->why : "";
        peer->end_reason = (uint8_t)event->reason;
        peer->was_refused = is_refused;
        peer->said_goodbye = event->is_goodbye;
    }
}

static void on_tell(void *context, const struct door_event *event) {
    struct mqtt_server *server = context;
    note_end(event);
    if (event->kind == DOOR_EVENT_ENTRY) {
        if (!session_count_update(server->session)) {
            return;
        }
        if (++server->shown >= ENTRIES_SHOWN) {
            watch_entries(server);
        }
    }
    if (has_room(server)) {
        report_mqtt_event(session_report(server->session), event);
    }
}

static enum credentials_state on_authenticate(void *context,
                                              const struct door_credentials *credentials) {
    struct mqtt_server *server = context;
    struct credential_question question = {.door = CREDENTIAL_MQTT_DOOR,
                                           .who = credentials->connection,
                                           .number = credentials->number,
                                           .address = credentials->address,
                                           .user = credentials->user_name,
                                           .password = credentials->password};
    return credential_checks_ask(server->checks, &question);
}

static bool on_has_arrived(void *context) {
    struct mqtt_server *server = context;
    return session_has_arrived(server->session);
}

static void on_cancel_check(void *context, uint64_t number, uint64_t address) {
    struct mqtt_server *server = context;
    credential_checks_cancel(server->checks, CREDENTIAL_MQTT_DOOR, number, address);
}

static void on_postpone_check(void *context, uint64_t number, uint64_t address) {
    struct mqtt_server *server = context;
    credential_checks_postpone(server->checks, CREDENTIAL_MQTT_DOOR, number, address);
}

// ---- what the streams ask for ------------------------------------------------------------------

// The user that its certificate names is appended; none is if it names nobody.
static void append_user(const struct mqtt_server *server, const X509 *certificate,
                        struct buffer *name) {
    switch ((enum mqtt_certificate_user)server->options->certificate_user) {
    case MQTT_CERTIFICATE_CN:
        (void)stream_tls_common_name(certificate, name);
        return;
    case MQTT_CERTIFICATE_SUBJECT:
        (void)stream_tls_subject(certificate, name);
        return;
    case MQTT_CERTIFICATE_NOBODY:
        return;
    }
}

// A certificate that is to name a user and names none vouches for nobody.
static bool is_trusted(struct mqtt_server *server, const X509 *certificate) {
    if (certificate == NULL || server->options->certificate_user == MQTT_CERTIFICATE_NOBODY) {
        return certificate != NULL;
    }
    server->vouched.size = 0;
    append_user(server, certificate, &server->vouched);
    return server->vouched.size > 0;
}

static struct bytes on_vouched_user(void *context, void *owner) {
    struct mqtt_server *server = context;
    const struct peer *peer = owner;
    server->vouched.size = 0;
    append_user(server, peer->certificate, &server->vouched);
    return buffer_bytes(&server->vouched);
}

static void free_peer(struct peer *peer) {
    X509_free(peer->certificate);
    free(peer);
}

static void keep_certificate(struct peer *peer, X509 *certificate) {
    if (certificate != NULL && X509_up_ref(certificate) == 1) {
        peer->certificate = certificate;
    }
}

static void *on_opened(void *context, struct stream *stream, const struct stream_info *info) {
    struct mqtt_server *server = context;
    struct peer *peer = calloc(1, sizeof *peer);
    if (peer == NULL) {
        return NULL;
    }
    peer->server = server;
    peer->lever.stream = stream;
    struct door_stream_info what = {.owner = peer,
                                    .peer_address = bytes_of_text(info->place),
                                    .address = info->address,
                                    .listener = (uint8_t)info->listener};
    keep_certificate(peer, info->certificate);
    enter(server);
    what.is_trusted = is_trusted(server, peer->certificate);
    peer->lever.connection = mqtt_door_open(server->door, &what, server->now);
    peer->lever.number = ++server->peer_number;
    if (server->tap != NULL && peer->lever.connection != NULL) {
        tap_stream_opened(server->tap, peer->lever.number, info->place, info->port,
                          clock_unix_nanoseconds());
    }
    if (peer->lever.connection != NULL) {
        mqtt_levers_add(&server->levers, &peer->lever, server->now);
    }
    leave(server);
    if (peer->lever.connection == NULL) {
        free_peer(peer);
        return NULL;
    }
    return peer;
}

// In any loop's thread, without the lock: the next who enters the door tells it.
static void on_round(void *context) {
    struct mqtt_server *server = context;
    atomic_store_explicit(&server->round_begins, true, memory_order_relaxed);
}

static void begin_turn(struct mqtt_server *server) {
    if (atomic_load_explicit(&server->round_begins, memory_order_relaxed)) {
        atomic_store_explicit(&server->round_begins, false, memory_order_relaxed);
        mqtt_door_begin_turn(server->door);
    }
}

static bool on_received(void *context, void *user, struct bytes bytes) {
    struct mqtt_server *server = context;
    struct peer *peer = user;
    begin_turn(server);
    if (server->levers.is_on) {
        return mqtt_levers_received(&server->levers, &peer->lever, bytes, server->now);
    }
    if (server->tap != NULL) {
        tap_bytes(server->tap, peer->lever.number, TAP_FROM_CLIENT, bytes,
                  clock_unix_nanoseconds());
    }
    mqtt_door_receive(server->door, peer->lever.connection, bytes, server->now);
    return mqtt_door_takes_input(peer->lever.connection);
}

static bool on_ended(void *context, void *user) {
    struct mqtt_server *server = context;
    struct peer *peer = user;
    return server->levers.is_on ? mqtt_levers_ended(&server->levers, &peer->lever, server->now)
                                : mqtt_door_input_ended(server->door, peer->lever.connection);
}

// Takes the session's lock. What waits between stream and door is moved before, which may lead to
// anything.
static void lock_settled(struct mqtt_server *server, struct peer *peer) {
    session_lock(server->session);
    if (peer->lever.between != NULL) {
        session_unlock(server->session);
        enter(server);
        mqtt_levers_look(&server->levers, &peer->lever);
        leave(server);
        session_lock(server->session);
    }
}

// With one thread nobody else appends or takes meanwhile.
static unsigned on_output(void *context, void *user, struct bytes *runs, unsigned most) {
    struct mqtt_server *server = context;
    struct peer *peer = user;
    lock_settled(server, peer);
    unsigned count = server->levers.is_on
                         ? mqtt_levers_output(&server->levers, &peer->lever, runs, most)
                         : mqtt_door_output(server->door, peer->lever.connection, runs, most);
    session_unlock(server->session);
    return count;
}

static void tap_sent(struct mqtt_server *server, struct peer *peer, size_t bytes) {
    struct bytes runs[RUNS_TAPPED];
    unsigned count = mqtt_door_output(server->door, peer->lever.connection, runs, RUNS_TAPPED);
    for (unsigned i = 0; i < count && bytes > 0; i++) {
        size_t size = runs[i].size < bytes ? runs[i].size : bytes;
        tap_bytes(server->tap, peer->lever.number, TAP_FROM_BROKER, bytes_make(runs[i].data, size),
                  clock_unix_nanoseconds());
        bytes -= size;
    }
}

static void on_sent(void *context, void *user, size_t bytes) {
    struct mqtt_server *server = context;
    struct peer *peer = user;
    if (server->tap != NULL && (peer->lever.between == NULL || peer->lever.direct > 0)) {
        tap_sent(server, peer, bytes);
    }
    mqtt_levers_sent(&server->levers, &peer->lever, bytes, server->now);
}

static bool on_is_over(void *context, void *user) {
    struct mqtt_server *server = context;
    struct peer *peer = user;
    lock_settled(server, peer);
    bool is_over = mqtt_levers_is_over(&peer->lever);
    session_unlock(server->session);
    return is_over;
}

static bool on_takes_input(void *context, void *user) {
    struct mqtt_server *server = context;
    const struct peer *peer = user;
    session_lock(server->session);
    bool takes_input = mqtt_levers_takes_input(&peer->lever);
    session_unlock(server->session);
    return takes_input;
}

static enum tap_cause cause_of(const struct peer *peer) {
    enum tap_cause cause = tap_faults_cause((enum mqtt_reason)peer->end_reason);
    return cause == TAP_CAUSE_LIMIT && peer->was_refused ? TAP_CAUSE_REFUSED : cause;
}

// A stream that ends while the door knows of no end was closed by its client.
static struct tap_note note_of_end(const struct peer *peer) {
    struct tap_note note = {
        .kind = TAP_NOTE_ENDED, .side = TAP_SIDE_CLIENT, .cause = TAP_CAUSE_CLOSED};
    if (peer->said_goodbye) {
        note.cause = TAP_CAUSE_DISCONNECTED;
    } else if (peer->end_why != NULL) {
        note.side = TAP_SIDE_BROKER;
        note.cause = cause_of(peer);
        bool says_all = note.cause != TAP_CAUSE_REFUSED && note.cause != TAP_CAUSE_PROTOCOL &&
                        note.cause != TAP_CAUSE_LIMIT;
        note.text = bytes_of_text(says_all ? "" : peer->end_why);
    }
    return note;
}

static void tap_closed(struct mqtt_server *server, struct peer *peer) {
    struct buffer text;
    buffer_init(&text, server->port.memory);
    bool is_cut = peer->lever.between != NULL && peer->lever.between->is_broken;
    struct tap_note note =
        is_cut ? tap_faults_note_end(peer->lever.between, &text) : note_of_end(peer);
    tap_stream_closed(server->tap, peer->lever.number, &note, clock_unix_nanoseconds());
    buffer_deinit(&text);
}

static void on_closed(void *context, void *user) {
    struct mqtt_server *server = context;
    struct peer *peer = user;
    if (server->tap != NULL) {
        tap_closed(server, peer);
    }
    mqtt_levers_closed(&server->levers, &peer->lever, server->now);
}

// ---- levers -----------------------------------------------------------------------------------

static void on_gone(void *context, struct mqtt_lever *lever) {
    (void)context;
    free_peer((struct peer *)((uint8_t *)lever - offsetof(struct peer, lever)));
}

static void on_fault(void *context, const struct proxy_event *event) {
    struct mqtt_server *server = context;
    if (has_room(server)) {
        proxy_levers_tell(session_report(server->session), event,
                          &(struct proxy_levers_teller){proxy_connection_name(event->connection),
                                                        .is_broker = true});
    }
}

static void on_levers_notice(void *context, const char *text) {
    struct mqtt_server *server = context;
    report_notice(session_report(server->session), text);
}

struct mqtt_levers *mqtt_server_levers(struct mqtt_server *server) {
    uint64_t most = server->options->door.limits.connections;
    most += most / 2 + 1000; // streams, some more than connections
    server->levers.connections_max = most < UINT32_MAX ? (uint32_t)most : UINT32_MAX;
    server->levers.tap = server->tap;
    server->levers.events = (struct mqtt_levers_events){
        .context = server, .tell = on_fault, .notice = on_levers_notice, .gone = on_gone};
    return &server->levers;
}

void mqtt_server_tick(struct mqtt_server *server, uint64_t now) {
    if (server->levers.is_on) {
        mqtt_levers_tick(&server->levers, now);
    }
    measure_turn(server, now);
}

uint64_t mqtt_server_deadline(const struct mqtt_server *server) {
    return mqtt_levers_deadline(&server->levers);
}

void mqtt_server_finish(struct mqtt_server *server) {
    buffer_deinit(&server->vouched);
    mqtt_levers_deinit(&server->levers);
}

static bool on_held(void *context, size_t before, size_t now) {
    struct mqtt_server *server = context;
    struct memory *memory = server->port.memory;
    session_lock(server->session);
    memory_charge(memory, now);
    memory_discharge(memory, before);
    bool has_room = memory_has_room(memory, MEMORY_SERVING, 0);
    session_unlock(server->session);
    return has_room;
}

static void on_notice(void *context, const char *text) {
    struct mqtt_server *server = context;
    (void)session_enter(server->session);
    report_notice(session_report(server->session), text);
    session_leave(server->session);
}

// ---- begin ------------------------------------------------------------------------------------

// As options have them.
static const char *const kind_names[MQTT_LISTENER_KINDS] = {
    [STREAM_TCP] = "mqtt",
    [STREAM_TLS] = "mqtts",
    [STREAM_WEBSOCKET] = "websocket",
    [STREAM_WEBSOCKET_TLS] = "websockets",
    [STREAM_UNIX] = "mqtt-unix",
};

static bool read_listeners(struct mqtt_server *server) {
    const struct mqtt_server_options *options = server->options;
    server->listeners.items = server->items;
    server->listeners.rules = server->rules;
    server->listeners.most = MQTT_LISTENERS_MAX;
    for (int kind = 0; kind < MQTT_LISTENER_KINDS; kind++) {
        const char *text = options->listeners[kind];
        const char *wrong =
            text == NULL ? NULL
                         : mqtt_listeners_add(&server->listeners, (enum stream_kind)kind, text);
        if (wrong != NULL) {
            printable_complain("broker: --%s: %s; see broker --help\n", kind_names[kind], wrong);
            return false;
        }
    }
    return true;
}

static bool is_tls(const struct stream_listener *listener) {
    return listener->kind == STREAM_TLS || listener->kind == STREAM_WEBSOCKET_TLS;
}

// A web page of anybody could make the user's browser a client here.
static bool lets_anybody_in(const struct mqtt_server *server, unsigned number) {
    enum door_anonymous own = server->rules[number].anonymous;
    return server->users == NULL || own == DOOR_ANONYMOUS_YES ||
           (own == DOOR_ANONYMOUS_AS_ALL && server->options->door.anonymous);
}

// False: the listener is for users only, and there are none.
static bool has_users_for(const struct mqtt_server *server, unsigned number) {
    bool is_right = server->users != NULL || server->rules[number].anonymous != DOOR_ANONYMOUS_NO;
    if (!is_right) {
        fputs("broker: anonymous=no behind a listener needs --password-file\n", stderr);
    }
    return is_right;
}

// False: everybody in the world could come in, and nobody said that this is meant.
static bool is_guarded(const struct mqtt_server *server, unsigned number) {
    const struct stream_listener *listener = &server->items[number];
    enum door_anonymous own = server->rules[number].anonymous;
    bool is_meant = own == DOOR_ANONYMOUS_YES ||
                    (own == DOOR_ANONYMOUS_AS_ALL && server->options->door.anonymous);
    bool needs_certificate = is_tls(listener) && server->options->authority != NULL;
    if (server->users != NULL || is_meant || needs_certificate ||
        !mqtt_listeners_is_open(listener)) {
        return true;
    }
    printable_complain("broker: other machines can reach %s:%u: give --password-file FILE, or "
                       "--anonymous if everyone may use this broker\n",
                       listener->host == NULL ? "" : listener->host, listener->port);
    return false;
}

static bool is_passed(const struct stream_listener *listener) {
    return listener->host != NULL &&
           strncmp(listener->host, MQTT_LISTENERS_PASSED, strlen(MQTT_LISTENERS_PASSED)) == 0;
}

// The sockets that are meant by fd:NAME, if that is the listener's place.
static bool find_passed(struct mqtt_server *server, unsigned number) {
    struct stream_listener *listener = &server->items[number];
    size_t mark = strlen(MQTT_LISTENERS_PASSED);
    if (!is_passed(listener) || listener->socket_count > 0) {
        return true;
    }
    listener->sockets = server->passed[number];
    listener->socket_count =
        service_sockets(listener->host + mark, server->passed[number], SERVICE_SOCKETS_MAX);
    if (listener->socket_count == 0) {
        printable_complain(
            "broker: %s: no socket of that name was passed; in its socket unit stands "
            "FileDescriptorName=%s\n",
            listener->host, listener->host + mark);
    }
    return listener->socket_count > 0;
}

// What a listener is called between processes: the place where it was told to listen.
static void name_place(const struct stream_listener *listener,
                       char name[static HAND_OVER_NAME_SIZE]) {
    (void)snprintf(name, HAND_OVER_NAME_SIZE, "%s %s %u", kind_names[listener->kind],
                   listener->host == NULL ? "-" : listener->host, listener->port);
}

static void take_handed(struct mqtt_server *server, unsigned number,
                        struct handed_sockets *handed) {
    struct stream_listener *listener = &server->items[number];
    char name[HAND_OVER_NAME_SIZE];
    name_place(listener, name);
    unsigned count = handed_sockets_take(handed, name, server->passed[number]);
    if (count > 0) {
        listener->sockets = server->passed[number];
        listener->socket_count = count;
    }
}

void mqtt_server_offer(const struct mqtt_server *server, struct handed_sockets *handed) {
    _Static_assert(MQTT_LISTENERS_MAX <= HAND_OVER_LISTENERS_MAX, "each has its place");
    for (unsigned i = 0; i < server->listeners.count; i++) {
        struct handed_listener *listener = &handed->listeners[handed->count++];
        name_place(&server->items[i], listener->name);
        listener->count =
            stream_server_share(server->streams, i, listener->sockets, SERVICE_SOCKETS_MAX);
    }
}

void mqtt_server_hand_over(struct mqtt_server *server) {
    server->options->door.server_reference = (struct bytes){0};
    stream_server_leave_paths(server->streams);
}

static bool has_tls(const struct mqtt_server *server) {
    for (unsigned i = 0; i < server->listeners.count; i++) {
        if (is_tls(&server->items[i])) {
            return true;
        }
    }
    return false;
}

// Who names certificates of clients relies on them, so somebody has to ask for them.
static bool asks_for_certificates(const struct mqtt_server *server) {
    const struct mqtt_server_options *options = server->options;
    bool names_users = options->certificate_user != MQTT_CERTIFICATE_NOBODY;
    if (options->authority == NULL && (options->revoked != NULL || names_users)) {
        printable_complain("broker: --%s: no client is asked for a certificate: add "
                           "--tls-client-ca FILE\n",
                           names_users ? "certificate-user" : "tls-crl");
        return false;
    }
    if (options->authority != NULL && !has_tls(server)) {
        fputs("broker: --tls-client-ca: no listener asks for certificates: add --mqtts PORT or "
              "--websockets PORT\n",
              stderr);
        return false;
    }
    return true;
}

static bool fill_listeners(struct mqtt_server *server, struct handed_sockets *handed) {
    const struct mqtt_server_options *options = server->options;
    for (unsigned i = 0; i < server->listeners.count; i++) {
        struct stream_listener *listener = &server->items[i];
        if (is_tls(listener) && (options->certificate == NULL || options->key == NULL)) {
            fputs("broker: a TLS listener needs --tls-certificate and --tls-key, files in PEM\n",
                  stderr);
            return false;
        }
        take_handed(server, i, handed);
        if (!has_users_for(server, i) || !find_passed(server, i) || !is_guarded(server, i)) {
            return false;
        }
        listener->certificate = options->certificate;
        listener->key = options->key;
        listener->authority = options->authority;
        listener->revoked = options->revoked;
        listener->handshake_ms = options->handshake / 1000000;
        listener->origins = options->websocket_origin;
        listener->checks_origin = lets_anybody_in(server, i);
        if (listener->connections_per_address == 0) {
            listener->connections_per_address = (uint32_t)options->connections_per_address;
        }
    }
    return true;
}

// What the door sends is made of whole packets.
static size_t packet_size(struct bytes front) {
    struct mqtt_frame frame = {0};
    enum mqtt_frame_state state = mqtt_frame_read(front, &frame);
    ASSERT(state != MQTT_FRAME_MALFORMED);
    return frame.bytes;
}

static bool bind_listeners(struct mqtt_server *server) {
    struct stream_server_options how = {
        .listeners = server->items,
        .listener_count = server->listeners.count,
        .threads = (unsigned)server->options->threads,
        .backlog = 4096,
        .message_bytes_max = server->options->door.limits.packet_bytes,
        .message_size = packet_size,
    };
    struct stream_server_error error;
    server->streams = stream_server_bind(&how, &error);
    if (server->streams == NULL) {
        printable_complain("broker: %s\n", error.text);
    }
    return server->streams != NULL;
}

bool mqtt_server_open_tap(struct mqtt_server *server) {
    struct tap_error error;
    if (server->options->tap == NULL) {
        return true;
    }
    server->tap = tap_open(server->options->tap, &error);
    if (server->tap == NULL) {
        printable_complain("broker: --tap: %s\n", error.text);
        return false;
    }
    tap_limit(server->tap, server->options->tap_bytes);
    return true;
}

struct mqtt_server *mqtt_server_create(struct mqtt_server_options *options, struct user_book *users,
                                       struct handed_sockets *handed, int *exit_code) {
    struct mqtt_server *server = calloc(1, sizeof *server);
    if (server == NULL) {
        fputs("broker: no memory\n", stderr);
        return NULL;
    }
    server->options = options;
    server->users = users;
    bool is_read = read_listeners(server);
    bool is_right = is_read && asks_for_certificates(server) && fill_listeners(server, handed);
    *exit_code = is_read ? PROGRAM_UNUSABLE : PROGRAM_USAGE;
    is_right = is_right &&
               (options->key == NULL || secret_file_is_private("broker: --tls-key", options->key));
    if (!is_right || !bind_listeners(server)) {
        mqtt_server_destroy(server);
        return NULL;
    }
    return server;
}

void mqtt_server_start(struct mqtt_server *server, struct session *session, struct broker *broker,
                       const struct cipher_secret *seed) {
    struct mqtt_door_config *config = &server->options->door;
    server->session = session;
    server->port.ready = on_ready;
    server->port.tell = on_tell;
    server->port.has_arrived = on_has_arrived;
    server->port.context = server;
    server->port.memory = session_port(session)->memory;
    buffer_init(&server->vouched, server->port.memory);
    // As many clients as may be, or as the system lets us.
    (void)open_files_raise((uint64_t)config->limits.connections + OWN_DESCRIPTORS);
    if (server->options->server_reference != NULL) {
        config->server_reference = bytes_of_text(server->options->server_reference);
    }
    if (server->options->response_prefix != NULL) {
        config->response_prefix = bytes_of_text(server->options->response_prefix);
    }
    if (server->options->certificate_user != MQTT_CERTIFICATE_NOBODY) {
        server->port.vouched_user = on_vouched_user;
    }
    config->listeners = server->rules;
    config->began = clock_steady();
    config->version = BYTES_LITERAL("MQTT_simulator version " MQTTSIM_VERSION);
    if (server->users != NULL) {
        server->port.authenticate = on_authenticate;
        server->port.cancel_check = on_cancel_check;
        server->port.postpone_check = on_postpone_check;
        config->keeps_users = true;
        config->scram_verifier = user_book_scram;
        config->scram_context = server->users;
    }
    struct cipher_secret secret = cipher_derive_secret(seed, UINT64_MAX);
    broker_open_mqtt(broker, config, &server->port, &secret);
    server->door = broker->mqtt;
    mqtt_levers_start(&server->levers, server->door);
}

void mqtt_server_set_owner(struct mqtt_server *server, uint32_t address, struct bytes name,
                           const char *network) {
    struct tap_owner owner = {
        .kind = "broker", .address = address, .name = name, .network = network};
    if (server->tap != NULL) {
        tap_set_owner(server->tap, &owner);
    }
}

void mqtt_server_set_checks(struct mqtt_server *server, struct credential_checks *checks) {
    server->checks = checks;
}

void mqtt_server_set_keeper(struct mqtt_server *server, struct memory_keeper *keeper) {
    server->keeper = keeper;
}

void mqtt_server_set_durable(struct mqtt_server *server, struct durable *durable,
                             struct journal *journal) {
    server->durable = durable;
    server->port.journal = journal;
}

// ---- its figures ------------------------------------------------------------------------------

void mqtt_server_measure(struct mqtt_server *server) {
    server->is_measured = true;
}

static void name_listener(const struct mqtt_server *server, unsigned number,
                          char name[static BROKER_METRICS_NAME_SIZE]) {
    const struct stream_listener *listener = &server->items[number];
    const char *host = listener->host == NULL ? "" : listener->host;
    if (listener->kind == STREAM_UNIX) {
        (void)snprintf(name, BROKER_METRICS_NAME_SIZE, "%s %s", kind_names[STREAM_UNIX], host);
    } else {
        (void)snprintf(name, BROKER_METRICS_NAME_SIZE, "%s %s%s%u", kind_names[listener->kind],
                       host, host[0] == '\0' ? "" : ":",
                       stream_server_port(server->streams, number));
    }
}

void mqtt_server_look(struct mqtt_server *server, struct broker_metrics *metrics) {
    metrics->counts = *mqtt_door_counts(server->door);
    metrics->gauges = mqtt_door_gauges(server->door);
    metrics->turns = server->turns;
    _Static_assert(MQTT_LISTENERS_MAX <= BROKER_METRICS_LISTENERS_MAX, "each has its place");
    for (unsigned i = 0; i < server->listeners.count && server->is_listening; i++) {
        struct broker_metrics_listener *listener = &metrics->listeners[metrics->listener_count++];
        name_listener(server, i, listener->name);
        listener->counts = stream_server_counts(server->streams, i);
    }
}

// ---- begin ------------------------------------------------------------------------------------

static bool is_everywhere(const char *host) {
    return strcmp(host, "::") == 0 || strcmp(host, "0.0.0.0") == 0;
}

static void say_listeners(struct mqtt_server *server) {
    static const char *const names[MQTT_LISTENER_KINDS] = {
        [STREAM_TCP] = "MQTT",
        [STREAM_TLS] = "MQTT over TLS",
        [STREAM_WEBSOCKET] = "MQTT over WebSocket",
        [STREAM_WEBSOCKET_TLS] = "MQTT over WebSocket and TLS",
        [STREAM_UNIX] = "MQTT",
    };
    for (unsigned i = 0; i < server->listeners.count; i++) {
        const struct stream_listener *listener = &server->items[i];
        const char *host = listener->host;
        char text[256];
        if (is_passed(listener)) {
            snprintf(text, sizeof text, "%s at port %u, a socket that was passed (%s)",
                     names[listener->kind], stream_server_port(server->streams, i), host);
        } else if (listener->kind == STREAM_UNIX) {
            snprintf(text, sizeof text, "%s at the Unix socket %s", names[STREAM_UNIX], host);
        } else {
            snprintf(text, sizeof text, "%s at port %u%s%s", names[listener->kind],
                     stream_server_port(server->streams, i),
                     host == NULL          ? " of this machine only (loopback); "
                     : is_everywhere(host) ? " of every address"
                                           : " of ",
                     host == NULL          ? "HOST:PORT opens it to others"
                     : is_everywhere(host) ? ""
                                           : host);
        }
        report_notice(session_report(server->session), text);
    }
}

bool mqtt_server_open(struct mqtt_server *server, uv_loop_t *loop) {
    const struct stream_owner owner = {.context = server,
                                       .opened = on_opened,
                                       .ended = on_ended,
                                       .received = on_received,
                                       .output = on_output,
                                       .sent = on_sent,
                                       .is_over = on_is_over,
                                       .takes_input = on_takes_input,
                                       .closed = on_closed,
                                       .batch_begin = enter,
                                       .batch_end = leave,
                                       .round = on_round,
                                       .notice = on_notice,
                                       .held = on_held};
    struct stream_server_error error;
    uv_timer_init(loop, &server->closing);
    server->closing.data = server;
    server->is_started = true;
    if (!stream_server_start(server->streams, loop, &owner, &error)) {
        printable_complain("broker: %s\n", error.text);
        return false;
    }
    session_lock(server->session);
    server->is_listening = true;
    session_unlock(server->session);
    say_listeners(server);
    return true;
}

static const char *why_not_certified(void *context, void *owner,
                                     const struct access_client *client) {
    const struct mqtt_server *server = context;
    const struct peer *peer = owner;
    (void)client;
    return peer->certificate != NULL && stream_server_revokes(server->streams, peer->certificate)
               ? "its certificate is revoked"
               : NULL;
}

static const char *why_not_user(void *context, void *owner, const struct access_client *client) {
    const struct mqtt_server *server = context;
    const struct peer *peer = owner;
    bool is_by_password = client->has_user && peer->certificate == NULL;
    return is_by_password && !user_book_is_as_before(server->users, client->user)
               ? "its user or password is not good any more"
               : NULL;
}

void mqtt_server_review(struct mqtt_server *server, uint64_t now) {
    const struct mqtt_door_review review = {why_not_user, server};
    mqtt_door_review(server->door, &review, now);
}

void mqtt_server_reload(struct mqtt_server *server) {
    struct stream_server_error error;
    bool is_read = stream_server_reload(server->streams, &error);
    enter(server);
    if (is_read) {
        const struct mqtt_door_review review = {why_not_certified, server};
        report_notice(session_report(server->session), "the certificates were read again");
        mqtt_door_review(server->door, &review, server->now);
    } else {
        report_error(session_report(server->session), error.text);
    }
    tap_report_follow(server->tap, session_report(server->session));
    leave(server);
}

// ---- end --------------------------------------------------------------------------------------

static void on_streams_closed(void *context) {
    struct mqtt_server *server = context;
    durable_stop(server->durable); // it wakes streams and the session
    session_service_closed(server->session);
}

// Until all have sent their last bytes, or for as long as that may take.
static void on_closing(uv_timer_t *timer) {
    struct mqtt_server *server = timer->data;
    server->waited_ms += LOOK_AGAIN_MS;
    session_lock(server->session);
    bool is_done = mqtt_door_stream_count(server->door) == 0;
    session_unlock(server->session);
    if (is_done || server->waited_ms >= LAST_BYTES_MS) {
        uv_timer_stop(timer);
        stream_server_close(server->streams, on_streams_closed, server);
    }
}

void mqtt_server_close(struct mqtt_server *server) {
    server->is_listening = false;
    if (server->levers.is_on) {
        mqtt_levers_end(&server->levers, clock_steady());
    }
    stream_server_stop_listening(server->streams);
    uv_timer_start(&server->closing, on_closing, 0, LOOK_AGAIN_MS);
}

void mqtt_server_destroy(struct mqtt_server *server) {
    if (server->streams != NULL && !server->is_started) {
        stream_server_unbind(server->streams);
    }
    tap_close(server->tap);
    mqtt_listeners_free(&server->listeners);
    free(server);
}
