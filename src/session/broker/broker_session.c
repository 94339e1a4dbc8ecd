#include "session/broker/broker_session.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "shell/clock.h"
#include "session/broker/users/access_file.h"
#include "session/broker/broker_http.h"
#include "session/broker/users/credential_checks.h"
#include "shell/machine/machine_memory.h"
#include "shell/secrets/passwords.h"
#include "shell/printable.h"
#include "session/line/records.h"
#include "session/broker/report_mqtt.h"
#include "session/broker/upgrade/hand_over.h"
#include "session/broker/upgrade/take_over.h"

#define LOOK_AFTER_MS 1000
// All devices take turns as one address, which no stream has: a device may call itself by any.
#define LINE_TURN (UINT64_C(1) << 63)

enum broker_command { BROKER_DISC = LEVERS_COMMANDS, BROKER_KICK, BROKER_RELOAD };

static const struct command_row rows[] = {
    {"help", COMMAND_NAME, "help [command]", "show this list, or what one command does", RUN_HELP},
    {"exit", COMMAND_PLAIN, "exit", "end all connections, leave the network and end", RUN_EXIT},
    {"tgll", COMMAND_PLAIN, "tgll", "toggle listening: whether entries are shown as they pass",
     RUN_TOGGLE},
    {"disc", COMMAND_ADDRESS, "disc [address]", "end the connection of a client", BROKER_DISC},
    {"kick", COMMAND_CLIENT, "kick client_id", "end the connection of an MQTT client", BROKER_KICK},
    {"reload", COMMAND_PLAIN, "reload",
     "read users, access lists and certificates again; begin a log anew that was moved away",
     BROKER_RELOAD},
    {"list", COMMAND_PLAIN, "list", "show devices, connections, subscriptions, entries", RUN_LIST},
    LINE_LEVERS_ROWS,
};

const struct command_table broker_session_commands = {rows, sizeof rows / sizeof *rows};

// From one run of the broker to the next, in this process or another.
struct broker_upgrade {
    struct take_over take;        // the broker whose place this one takes
    struct handed_sockets handed; // at which it listened, or this one did before
    unsigned runs;
    bool is_again; // there is to be one more
    pid_t failed;  // the process that was to take its place and did not; 0: none
};

// The broker, what it is to know of its users, and what drives its two doors. It lives as long as
// the session; parts that are NULL were not asked for, or are not there yet.
struct broker_session {
    struct broker_session_options *options;
    struct session *session;
    struct broker broker;
    struct user_book *users;          // NULL: none are asked for
    struct credential_checks *checks; // of the passwords, from the service's opening on
    struct mqtt_server *mqtt;         // NULL: there is no MQTT door
    struct access_file *access;       // NULL: there are no lists
    struct durable *durable;          // NULL: nothing outlives the process
    struct memory_keeper keeper;
    uv_async_t look_wanted;      // by the keeper, from any thread
    uv_async_t reload_wanted;    // by a command
    uv_timer_t look;             // while it wants one
    struct broker_http *http;    // NULL: figures are not asked for; bound before the session begins
    struct hand_over *hand_over; // NULL: nobody may take its place
    struct broker_upgrade *upgrade;
    uint64_t began_unix_ns;
    bool is_open;  // the service is: clients are let in
    char *network; // its absolute path, for taps; NULL: it is not known
};

// The next open connection in the order of places, from *place on; NULL: no more.
static const struct line_peer *next_peer(const struct broker_session *device, uint32_t *place) {
    const struct line_door *door = &device->broker.line;
    while (*place < door->peer_used) {
        const struct line_peer *peer = &door->peers[(*place)++];
        if (peer->connection.address != 0) {
            return peer;
        }
    }
    return NULL;
}

// ---- commands -------------------------------------------------------------------------------

#define CHOICES_SHOWN 20

static void say_choices(struct broker_session *device) {
    struct buffer text;
    buffer_init(&text, session_port(device->session)->memory);
    uint32_t place = 0;
    uint32_t shown = 0;
    for (const struct line_peer *peer; (peer = next_peer(device, &place)) != NULL; shown++) {
        if (shown < CHOICES_SHOWN) {
            printable_format(&text, "%s%u", shown > 0 ? ", " : "", peer->connection.address);
        }
    }
    session_error(device->session, "several connections: give one of the addresses %.*s%s",
                  (int)text.size, (const char *)text.data, shown > CHOICES_SHOWN ? " …" : "");
    buffer_deinit(&text);
}

static enum run_outcome kick(struct broker_session *device, struct bytes client_id, uint64_t now) {
    struct mqtt_door *door = device->broker.mqtt;
    if (door == NULL) {
        session_error(device->session, "there is no MQTT door; the option --mqtt opens one");
        return RUN_WRONG;
    }
    if (!mqtt_door_disconnect(door, client_id, now)) {
        session_error(device->session, "no client with that id is connected; list shows who is");
        return RUN_WRONG;
    }
    return RUN_DONE;
}

static enum run_outcome execute_disc(struct broker_session *device, const struct command *command) {
    uint32_t address = command->address;
    uint32_t count = device->broker.line.peer_count;
    if (address == 0 && count > 1) {
        say_choices(device);
        return RUN_WRONG;
    }
    if (count == 0) {
        session_error(device->session, "there is no connection");
        return RUN_WRONG;
    }
    if (address == 0) {
        uint32_t place = 0;
        address = next_peer(device, &place)->connection.address;
    }
    if (!broker_disconnect(&device->broker, address)) {
        session_error(device->session, "%u is not connected; list shows who is", address);
        return RUN_WRONG;
    }
    return RUN_DONE;
}

static bool cut(void *context, uint32_t address) {
    struct broker_session *device = context;
    return broker_disconnect(&device->broker, address);
}

static enum run_outcome execute(void *context, const struct command *command, uint64_t now) {
    struct broker_session *device = context;
    enum run_outcome outcome = RUN_DONE;
    switch ((enum broker_command)command->row->id) {
    case BROKER_KICK:
        outcome = kick(device, command->client_id, now);
        break;
    case BROKER_RELOAD:
        (void)uv_async_send(&device->reload_wanted); // files are read outside of turns
        break;
    case BROKER_DISC:
        outcome = execute_disc(device, command);
        break;
    }
    durable_turn(device->durable, now);
    return outcome;
}

static void add_client_id(void *context, const struct door_session_view *view) {
    const struct run_words *words = context;
    if (view->peer_address.size > 0) {
        words->add(words->context, view->client_id);
    }
}

static void complete(const void *context, unsigned argument, const struct run_words *words) {
    const struct broker_session *device = context;
    if (argument == COMMAND_CLIENT) {
        if (device->broker.mqtt != NULL) {
            mqtt_door_view_sessions(device->broker.mqtt, (void *)words, add_client_id);
        }
        return;
    }
    uint32_t place = 0;
    for (const struct line_peer *peer; (peer = next_peer(device, &place)) != NULL;) {
        char text[16];
        snprintf(text, sizeof text, "%u", peer->connection.address);
        words->add(words->context, bytes_of_text(text));
    }
}

// ---- list -----------------------------------------------------------------------------------

static void list_connections(const struct broker_session *device, struct listing *listing) {
    uint32_t place = 0;
    records_connections(listing);
    for (const struct line_peer *peer; (peer = next_peer(device, &place)) != NULL;) {
        records_connection(listing, &peer->connection, &device->broker.line.devices);
    }
}

static void list_subscriptions(const struct broker_session *device, struct listing *listing) {
    struct buffer filter;
    uint32_t place = 0;
    buffer_init(&filter, listing->text.memory);
    records_subscriptions(listing);
    for (const struct line_peer *peer; (peer = next_peer(device, &place)) != NULL;) {
        const struct line_subscription *subscriptions = line_peer_subscriptions(peer);
        for (uint32_t i = 0; i < peer->subscription_count; i++) {
            filter.size = 0;
            topic_tree_filter(&device->broker.core.subscriptions, subscriptions[i].node, &filter);
            struct subscription_record record = {
                .filter = buffer_bytes(&filter),
                .address = peer->connection.address,
                .status = STATUS_OK,
                .time_stamp = subscriptions[i].time_stamp,
                .description = "open",
            };
            records_subscription(listing, &record);
        }
    }
    buffer_deinit(&filter);
}

static void list_client(void *context, const struct door_session_view *view) {
    struct listing *listing = context;
    listing_text(listing, view->client_id);
    listing_text(listing, view->peer_address);
    listing_text(listing, bytes_of_text(report_mqtt_version(view->version)));
    listing_time(listing, clock_unix_of(view->since));
    listing_number(listing, view->subscriptions);
    listing_number(listing, view->in_flight);
    listing_number(listing, view->queued);
    listing_number(listing, view->queue_bytes);
}

static void list_client_subscription(void *context, const struct door_subscription_view *view) {
    struct listing *listing = context;
    listing_text(listing, view->client_id);
    listing_text(listing, view->filter);
    listing_number(listing, view->options & MQTT_OPTION_QOS);
    listing_number(listing, view->identifier);
}

static void list_counts(const struct mqtt_door_counts *counts, const struct memory *memory,
                        struct listing *listing) {
    const struct {
        const char *name;
        uint64_t count;
    } table[] = {
        {"messages received", counts->messages_received},
        {"messages sent", counts->messages_sent},
        {"bytes received", counts->bytes_received},
        {"bytes sent", counts->bytes_sent},
        {"dropped, a client's queue was full", counts->dropped_queue_full},
        {"dropped, all queues together were full", counts->dropped_total_full},
        {"dropped, too large for a client", counts->dropped_too_large},
        {"dropped, expired", counts->dropped_expired},
        {"dropped with their session", counts->dropped_at_end},
        {"refused, to topics of the broker", counts->refused_messages},
        {"refused, by access lists", counts->denied_messages},
        {"not retained, the table is full", counts->not_retained},
        {"sessions of absent clients that made room", counts->displaced_sessions},
        {"refused, there was no memory", counts->refused_memory},
        {"connections refused", counts->refused_connections},
        {"protocol errors", counts->protocol_errors},
        {"connections ended for their rate", counts->too_fast},
        {"bytes of memory in use", memory_used(memory)},
        {"bytes of memory in use, at most", memory->most},
        {"bytes of memory that may be in use", memory->limit},
    };
    static const char *const columns[] = {"what", "count", NULL};
    listing_single(listing, "mqtt_counts", columns);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        listing_text(listing, bytes_of_text(table[i].name));
        listing_number(listing, table[i].count);
    }
}

static void list_mqtt(const struct mqtt_door *door, struct listing *listing) {
    static const char *const clients[] = {"client_id",  "place",         "version",
                                          "time_stamp", "subscriptions", "in_flight",
                                          "queued",     "queue_bytes",   NULL};
    static const char *const subscriptions[] = {"client_id", "topic", "qos", "identifier", NULL};
    listing_section(listing, "mqtt_clients", clients);
    mqtt_door_view_sessions(door, listing, list_client);
    listing_section(listing, "mqtt_subscriptions", subscriptions);
    mqtt_door_view_subscriptions(door, listing, list_client_subscription);
    list_counts(mqtt_door_counts(door), listing->text.memory, listing);
}

static void list(const void *context, struct listing *listing) {
    const struct broker_session *device = context;
    records_devices(listing, &device->broker.line.devices);
    list_connections(device, listing);
    list_subscriptions(device, listing);
    if (device->broker.mqtt != NULL) {
        list_mqtt(device->broker.mqtt, listing);
    }
    records_entries(listing, &device->broker.core.values);
}

// ---- the role behind the session ------------------------------------------------------------

static size_t limit_of(const struct broker_session_options *options) {
    return options->memory_bytes > 0 ? options->memory_bytes : machine_memory_quarter();
}

static void enter(void *context) {
    struct broker_session *device = context;
    if (device->mqtt != NULL) {
        mqtt_server_enter(device->mqtt);
    } else {
        (void)session_enter(device->session);
    }
}

static void leave(void *context) {
    struct broker_session *device = context;
    if (device->mqtt != NULL) {
        mqtt_server_leave(device->mqtt);
    } else {
        session_leave(device->session);
    }
}

static void tell_of_store(void *context, const char *text, bool is_error) {
    struct broker_session *device = context;
    struct report *report = session_report(device->session);
    is_error ? report_error(report, text) : report_notice(report, text);
}

static void begin_durable(struct broker_session *device) {
    if (device->durable == NULL) {
        return;
    }
    const struct durable_owner owner = {device, enter, leave, tell_of_store};
    struct journal *journal = durable_begin(device->durable, &owner, &device->broker,
                                            session_port(device->session)->memory);
    if (device->mqtt != NULL) {
        mqtt_server_set_durable(device->mqtt, device->durable, journal);
    }
}

static void start(void *context, struct session *session, uint32_t address,
                  const struct cipher_secret *seed) {
    struct broker_session *device = context;
    device->session = session;
    session_port(session)->memory->limit = limit_of(device->options);
    broker_init(&device->broker, &device->options->config, session_port(session), address, seed);
    begin_durable(device);
    const struct run_options *run = &device->options->session.run;
    session_report(session)->listening = !run->quiet && run->log.level == LOG_DEBUG;
    if (device->mqtt != NULL) {
        mqtt_server_start(device->mqtt, session, &device->broker, seed);
        device->network = realpath(device->options->session.network, NULL);
        mqtt_server_set_owner(device->mqtt, address, device->options->config.line.name,
                              device->network);
    }
    broker_start(&device->broker);
}

static void receive(void *context, struct packet *packet, uint64_t now) {
    struct broker_session *device = context;
    broker_receive(&device->broker, packet, now);
    durable_turn(device->durable, now);
    memory_keeper_look(&device->keeper, now);
}

static void tell(void *context, const struct role_event *event) {
    struct broker_session *device = context;
    if (event->kind != EVENT_ENTRY || session_count_update(device->session)) {
        line_report_event(session_line_report(device->session), event);
    }
}

static const struct line_levers_other *other_levers(void *context, void **levers) {
    struct broker_session *device = context;
    *levers = device->mqtt == NULL ? NULL : mqtt_server_levers(device->mqtt);
    return device->mqtt == NULL ? NULL : &mqtt_levers_other;
}

static bool have_answers(const struct broker_session *device) {
    return device->checks != NULL && credential_checks_have_answers(device->checks);
}

static void pass_on_answers(struct broker_session *device, uint64_t now) {
    struct credential_answer answer;
    while (have_answers(device) && credential_checks_take(device->checks, &answer)) {
        if (answer.door == CREDENTIAL_MQTT_DOOR) {
            mqtt_door_authenticated(device->broker.mqtt, answer.who, answer.number, answer.state,
                                    now);
        } else {
            line_door_authenticated(&device->broker.line, answer.number, answer.state, now);
        }
    }
}

static enum credentials_state on_authenticate(void *context, uint64_t number,
                                              struct bytes credentials) {
    struct broker_session *device = context;
    struct credential_question question = {
        .door = CREDENTIAL_LINE_DOOR, .number = number, .address = LINE_TURN};
    return passwords_split(credentials, &question.user, &question.password)
               ? credential_checks_ask(device->checks, &question)
               : CREDENTIALS_WRONG;
}

static void on_cancel_check(void *context, uint64_t number) {
    struct broker_session *device = context;
    credential_checks_cancel(device->checks, CREDENTIAL_LINE_DOOR, number, LINE_TURN);
}

static void tick(void *context, uint64_t now) {
    struct broker_session *device = context;
    pass_on_answers(device, now);
    broker_tick(&device->broker, now);
    if (device->mqtt != NULL) {
        mqtt_server_tick(device->mqtt, now);
    }
    durable_turn(device->durable, now);
    memory_keeper_look(&device->keeper, now);
}

static uint64_t deadline(const void *context) {
    const struct broker_session *device = context;
    uint64_t due = have_answers(device) ? 0 : broker_deadline(&device->broker);
    uint64_t lever = device->mqtt == NULL ? UINT64_MAX : mqtt_server_deadline(device->mqtt);
    return due < lever ? due : lever;
}

static void stop(void *context, uint64_t now) {
    struct broker_session *device = context;
    broker_stop(&device->broker, now);
}

static void finish(void *context) {
    struct broker_session *device = context;
    broker_http_close(device->http);
    device->http = NULL;
    if (device->mqtt != NULL) {
        mqtt_server_finish(device->mqtt);
    }
    durable_finish(device->durable);
    broker_deinit(&device->broker);
}

static void give_back(void *context) {
    struct broker_session *device = context;
    if (device->broker.mqtt != NULL) {
        mqtt_door_give_back(device->broker.mqtt);
    }
}

static void trim(struct broker_session *device) {
    device->keeper.means->trim();
    session_lock(device->session);
    memory_keeper_note_trim(&device->keeper);
    session_unlock(device->session);
}

static void on_look(uv_timer_t *timer) {
    struct broker_session *device = timer->data;
    session_lock(device->session);
    bool is_over = memory_keeper_is_over_peak(&device->keeper);
    bool is_calm = !device->keeper.is_look_wanted;
    session_unlock(device->session);
    if (is_over) {
        trim(device);
    }
    if (!is_calm) {
        uv_timer_start(timer, on_look, LOOK_AFTER_MS, 0);
    }
}

static void on_look_wanted(uv_async_t *async) {
    struct broker_session *device = async->data;
    uv_timer_start(&device->look, on_look, LOOK_AFTER_MS, 0);
}

static void want_look(void *context) {
    struct broker_session *device = context;
    (void)uv_async_send(&device->look_wanted);
}

static void start_keeper(struct broker_session *device, uv_loop_t *loop) {
    memory_keeper_init(&device->keeper, session_port(device->session)->memory, &memory_keeper_real);
    device->keeper.give_back = give_back;
    device->keeper.want_look = want_look;
    device->keeper.context = device;
    (void)uv_async_init(loop, &device->look_wanted, on_look_wanted);
    (void)uv_timer_init(loop, &device->look);
    device->look_wanted.data = device->look.data = device;
    uv_unref((uv_handle_t *)&device->look_wanted);
    uv_unref((uv_handle_t *)&device->look);
    if (device->mqtt != NULL) {
        mqtt_server_set_keeper(device->mqtt, &device->keeper);
    }
}

static bool is_right(void *context, struct bytes user, struct bytes password) {
    return user_book_check(context, user, password);
}

static void on_answers_ready(void *context) {
    session_wake(context);
}

static bool start_checks(struct broker_session *device) {
    if (device->users == NULL) {
        return true;
    }
    device->checks = credential_checks_create(
        &(struct credential_checks_means){.is_right = is_right,
                                          .context = device->users,
                                          .ready = on_answers_ready,
                                          .ready_context = device->session});
    if (device->checks == NULL) {
        fputs("broker: there is no memory or no thread to check passwords\n", stderr);
        return false;
    }
    if (device->mqtt != NULL) {
        mqtt_server_set_checks(device->mqtt, device->checks);
    }
    return true;
}

// ---- figures --------------------------------------------------------------------------------

static uint64_t processor_time(void) {
    struct rusage usage;
    (void)getrusage(RUSAGE_SELF, &usage);
    return (uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000000 +
           (uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000;
}

static void on_metrics(void *context, struct broker_metrics *metrics) {
    struct broker_session *device = context;
    metrics->version = MQTTSIM_VERSION;
    metrics->began_ns = device->began_unix_ns;
    metrics->cpu_ns = processor_time();
    session_lock(device->session);
    const struct memory *memory = session_port(device->session)->memory;
    metrics->memory_used = memory_used(memory);
    metrics->memory_most = memory->most;
    metrics->memory_limit = memory->limit;
    metrics->line_connections = device->broker.line.peer_count;
    if (device->mqtt != NULL) {
        mqtt_server_look(device->mqtt, metrics);
    }
    durable_look(device->durable, metrics);
    session_unlock(device->session);
}

static const char *on_readiness(void *context) {
    struct broker_session *device = context;
    session_lock(device->session);
    bool is_open = device->is_open;
    session_unlock(device->session);
    return is_open ? NULL : "clients are not let in, since the broker starts or ends\n";
}

static bool open_http(struct broker_session *device, uv_loop_t *loop) {
    const struct broker_http_owner owner = {
        .context = device, .look = on_metrics, .why_not_ready = on_readiness};
    if (device->http == NULL) {
        return true;
    }
    device->began_unix_ns = clock_unix_nanoseconds();
    if (device->mqtt != NULL) {
        mqtt_server_measure(device->mqtt);
    }
    if (!broker_http_start(device->http, &owner, loop)) {
        return false;
    }
    char text[128];
    snprintf(text, sizeof text, "figures at http://%s/metrics", broker_http_name(device->http));
    report_notice(session_report(device->session), text);
    return true;
}

static bool open_doors(struct broker_session *device, uv_loop_t *loop) {
    return start_checks(device) && (device->mqtt == NULL || mqtt_server_open(device->mqtt, loop));
}

static bool restore(struct broker_session *device) {
    return device->durable == NULL || durable_restore(device->durable, clock_steady());
}

// ---- upgrades -------------------------------------------------------------------------------

static void notice(struct broker_session *device, const char *format, long number) {
    char text[160];
    (void)snprintf(text, sizeof text, format, number);
    session_lock(device->session);
    report_notice(session_report(device->session), text);
    session_unlock(device->session);
}

static void on_offer(void *context, struct handed_sockets *handed) {
    struct broker_session *device = context;
    if (device->mqtt != NULL) {
        mqtt_server_offer(device->mqtt, handed);
    }
}

static void on_begin_hand_over(void *context, pid_t process) {
    struct broker_session *device = context;
    notice(device, "process %ld takes over: this one ends when that one serves", process);
    if (device->mqtt != NULL) {
        session_lock(device->session);
        mqtt_server_hand_over(device->mqtt);
        session_unlock(device->session);
    }
    session_end(device->session);
}

static void start_hand_over(struct broker_session *device, uv_loop_t *loop) {
    struct broker_upgrade *upgrade = device->upgrade;
    if (upgrade->failed != 0) {
        notice(device, "process %ld ended before it served: this one goes on", upgrade->failed);
        upgrade->failed = 0;
    } else if (upgrade->take.fd >= 0) {
        notice(device, "took over from process %ld", upgrade->take.process);
    } else if (device->options->takes_over) {
        notice(device, "there was nobody to take over from", 0L);
    }
    take_over_finish(&upgrade->take);
    handed_sockets_close(&upgrade->handed);
    if (device->hand_over != NULL) {
        const struct hand_over_owner owner = {device, device->broker.line.self, on_offer,
                                              on_begin_hand_over};
        hand_over_start(device->hand_over, loop, &owner);
    }
}

static void on_reload_wanted(uv_async_t *async);

static bool open_service(void *context, uv_loop_t *loop) {
    struct broker_session *device = context;
    start_keeper(device, loop);
    (void)uv_async_init(loop, &device->reload_wanted, on_reload_wanted);
    device->reload_wanted.data = device;
    uv_unref((uv_handle_t *)&device->reload_wanted);
    if (!restore(device) || !open_http(device, loop) || !open_doors(device, loop)) {
        return false;
    }
    session_lock(device->session);
    device->is_open = true;
    session_unlock(device->session);
    start_hand_over(device, loop);
    return true;
}

static void close_service(void *context) {
    struct broker_session *device = context;
    uv_timer_stop(&device->look);
    device->is_open = false;
    if (device->checks != NULL) {
        credential_checks_stop(device->checks); // they wake the session
    }
    if (device->mqtt != NULL) {
        mqtt_server_close(device->mqtt);
    } else {
        durable_stop(device->durable); // it wakes the session
        session_service_closed(device->session);
    }
}

static void keep_text(void *context, const char *text) {
    buffer_append_text(context, text);
    buffer_append_byte(context, 0);
}

static void use_access(struct broker_session *device, struct access_file *file) {
    device->access = file;
    device->options->config.line.access = &file->access;
    device->options->mqtt.door.access = &file->access;
}

// What is wrong is told, and the lists of before stay. A long file is read while the broker works.
static void reload_access(struct broker_session *device) {
    struct memory memory;
    memory_init(&memory);
    struct buffer why;
    buffer_init(&why, &memory);
    struct access_file *file = access_file_load(device->options->access, keep_text, &why);
    struct access_file *before = NULL;
    session_lock(device->session);
    struct report *report = session_report(device->session);
    if (file != NULL) {
        before = device->access;
        use_access(device, file);
        report_notice(report, "the access lists were read again");
    } else {
        report_error(report, (const char *)why.data);
    }
    session_unlock(device->session);
    access_file_free(before);
    buffer_deinit(&why);
}

static bool is_as_before(void *context, struct bytes user) {
    return user_book_is_as_before(context, user);
}

// Those whose user or password has changed are ended. Who was found right by the file of before is
// let in first, so that it is looked at too.
static void use_users(struct broker_session *device, struct passwords *passwords) {
    uint64_t now = session_enter(device->session);
    user_book_replace(device->users, passwords);
    credential_checks_forget(device->checks);
    pass_on_answers(device, now);
    line_door_review(&device->broker.line, is_as_before, device->users);
    if (device->mqtt != NULL) {
        mqtt_server_review(device->mqtt, now);
    }
    durable_turn(device->durable, now);
    user_book_settle(device->users);
    report_notice(session_report(device->session), "the password file was read again");
    session_leave(device->session);
}

// What is wrong was told, and the users of before stay.
static void reload_users(struct broker_session *device) {
    struct passwords *passwords = passwords_load(device->options->passwords);
    if (passwords != NULL) {
        use_users(device, passwords);
    }
}

static bool reload(void *context) {
    struct broker_session *device = context;
    if (device->users != NULL) {
        reload_users(device);
    }
    if (device->access != NULL) {
        reload_access(device);
    }
    if (device->mqtt != NULL) {
        mqtt_server_reload(device->mqtt);
    }
    return device->mqtt != NULL || device->access != NULL || device->users != NULL;
}

static void on_reload_wanted(uv_async_t *async) {
    struct broker_session *device = async->data;
    if (!session_reload(device->session)) {
        session_lock(device->session);
        report_notice(session_report(device->session), "there are no files to read again");
        session_unlock(device->session);
    }
}

static const struct session_service service = {open_service, close_service};

static const struct session_program program = {
    .kind = "broker",
    .commands = &broker_session_commands,
    .serves = true,
    .start = start,
    .receive = receive,
    .tell = tell,
    .tick = tick,
    .deadline = deadline,
    .stop = stop,
    .finish = finish,
    .service = &service,
    .reload = reload,
    .execute = execute,
    .cut = cut,
    .other_levers = other_levers,
    .list = list,
    .complete = complete,
};

static void complain(void *context, const char *text) {
    (void)context;
    printable_complain("broker: %s\n", text);
}

static bool open_access(struct broker_session *device) {
    const char *path = device->options->access;
    if (path == NULL) {
        return true;
    }
    struct access_file *file = access_file_load(path, complain, NULL);
    if (file == NULL) {
        return false;
    }
    use_access(device, file);
    if (device->users == NULL && file->access.user_count > 1) {
        printable_complain("broker: --acl-file %s: warning: it has rules of users, but without "
                           "--password-file no user is known\n",
                           path);
    }
    return true;
}

static bool open_hand_over(struct broker_session *device) {
    const char *path = device->options->hand_over;
    device->hand_over = path == NULL ? NULL : hand_over_open(path);
    return path == NULL || device->hand_over != NULL;
}

static bool bind_http(struct broker_session *device) {
    const char *place = device->options->http;
    device->http = place == NULL ? NULL : broker_http_bind(place);
    return place == NULL || device->http != NULL;
}

static bool open_durable(struct broker_session *device) {
    const struct durable_options *options = &device->options->durable;
    device->durable = options->store == NULL ? NULL : durable_open(options);
    return options->store == NULL || device->durable != NULL;
}

// All places where it listens come before any file is made: a port that is in use leaves nothing
// behind. What a broker that is there has for itself (all but the sockets that it hands over) can
// be had when it has ended, and that is asked for when nothing else can fail.
static int open_and_run(struct broker_session *device) {
    struct broker_session_options *options = device->options;
    struct broker_upgrade *upgrade = device->upgrade;
    int exit_code = PROGRAM_UNUSABLE;
    bool takes_over = options->takes_over && upgrade->runs == 1;
    if (takes_over && !take_over_begin(&upgrade->take, options->hand_over, &upgrade->handed)) {
        return exit_code;
    }
    if (mqtt_server_is_wanted(&options->mqtt)) {
        device->mqtt =
            mqtt_server_create(&options->mqtt, device->users, &upgrade->handed, &exit_code);
        if (device->mqtt == NULL) {
            return exit_code;
        }
    }
    if (upgrade->take.address != 0 && options->session.address == 0) {
        options->session.address = upgrade->take.address;
    }
    bool is_open = take_over_go(&upgrade->take) && open_hand_over(device) && bind_http(device) &&
                   (device->mqtt == NULL || mqtt_server_open_tap(device->mqtt)) &&
                   open_durable(device);
    return is_open ? session_run(&options->session, &program, device) : exit_code;
}

// Once more, if it ended for another process that then did not serve: *upgrade->is_again.
static int run(struct broker_session_options *options, struct user_book *users,
               struct broker_upgrade *upgrade) {
    struct broker_session device = {.options = options, .users = users, .upgrade = upgrade};
    upgrade->runs++;
    upgrade->is_again = false;
    if (!open_access(&device)) {
        return PROGRAM_UNUSABLE;
    }
    if (users != NULL) {
        options->config.line.keeps_users = true;
        options->config.line.authenticate = on_authenticate;
        options->config.line.cancel_check = on_cancel_check;
        options->config.line.authenticate_context = &device;
    }
    memory_keeper_set_up((unsigned)options->mqtt.threads, limit_of(options));
    int code = open_and_run(&device);
    broker_http_close(device.http);
    durable_close(device.durable);
    if (device.mqtt != NULL) {
        mqtt_server_destroy(device.mqtt);
    }
    credential_checks_destroy(device.checks);
    access_file_free(device.access);
    free(device.network);
    handed_sockets_close(&upgrade->handed);
    take_over_close(&upgrade->take);
    upgrade->is_again = !hand_over_finish(device.hand_over, &upgrade->handed, &upgrade->failed);
    hand_over_close(device.hand_over);
    return code;
}

bool broker_session_check(const struct broker_session_options *options) {
    if (options->takes_over && options->hand_over == NULL) {
        printable_complain(
            "broker: --take-over: from whom? add --hand-over FILE, as the broker has "
            "it that is there; see broker --help\n");
        return false;
    }
    if (options->hand_over != NULL && options->durable.store == NULL) {
        printable_complain("broker: --hand-over: what is in memory only would be lost; add --store "
                           "FILE; see broker --help\n");
        return false;
    }
    return true;
}

int broker_session_run(struct broker_session_options *options) {
    struct user_book *users = NULL;
    if (options->passwords != NULL) {
        struct passwords *passwords = passwords_load(options->passwords);
        users = passwords == NULL ? NULL : user_book_create(passwords);
        if (users == NULL) {
            return PROGRAM_UNUSABLE;
        }
    }
    struct broker_upgrade upgrade = {.take = {.fd = -1, .watched = -1}};
    int code;
    do {
        code = run(options, users, &upgrade);
    } while (upgrade.is_again);
    user_book_destroy(users);
    return code;
}
