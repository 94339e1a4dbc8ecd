#include "session/client/client_session.h"

#include <stdio.h>
#include <stdlib.h>

#include "shell/listing.h"
#include "shell/secrets/passwords.h"
#include "shell/printable.h"
#include "session/line/records.h"
#include "topic/topic.h"

// How long brokers are given to answer our join before "there is only one" is believed.
#define TOPICS_OFFERED 20000 // for completion
#define DISCOVERY (ROLE_SECOND / 4)

enum client_command {
    CLIENT_CONN = LEVERS_COMMANDS,
    CLIENT_DISC,
    CLIENT_SUBS,
    CLIENT_UNSB,
    CLIENT_PUBL,
};

static const struct command_row rows[] = {
    {"help", COMMAND_NAME, "help [command]", "show this list, or what one command does", RUN_HELP},
    {"exit", COMMAND_PLAIN, "exit", "disconnect, leave the network and end", RUN_EXIT},
    {"tgll", COMMAND_PLAIN, "tgll", "toggle listening: whether updates are shown", RUN_TOGGLE},
    {"conn", COMMAND_ADDRESS, "conn [address]", "connect with a broker", CLIENT_CONN},
    {"disc", COMMAND_ADDRESS, "disc [address]", "disconnect from a broker", CLIENT_DISC},
    {"subs", COMMAND_ADDRESS | COMMAND_TOPIC, "subs [address] topic",
     "subscribe; + stands for one level, # for all that follow", CLIENT_SUBS},
    {"unsb", COMMAND_ADDRESS | COMMAND_TOPIC, "unsb [address] topic", "end a subscription",
     CLIENT_UNSB},
    {"publ", COMMAND_ADDRESS | COMMAND_TOPIC | COMMAND_VALUE, "publ [address] topic value",
     "publish an entry", CLIENT_PUBL},
    {"list", COMMAND_PLAIN, "list", "show devices, connections, subscriptions, entries", RUN_LIST},
    LINE_LEVERS_ROWS,
};

const struct command_table client_session_commands = {rows, sizeof rows / sizeof *rows};

static const struct command_row *const publ_row = &rows[7];

// The command at hand while it waits for an answer.
struct pending {
    int id;
    uint32_t address; // 0: not chosen yet
    uint64_t until;
    uint64_t wake; // when to look again, unless asked
    bool asked;    // the role was told; its events decide
    bool answered;
    bool good;
    bool silent; // the answer is that none came in time
};

struct client_session {
    const struct client_session_options *options;
    struct session *session;
    struct client client;
    struct pending pending;
    struct buffer topic; // of the pending command
    struct buffer text;  // of an error in the making
};

// ---- which broker ---------------------------------------------------------------------------

// Addresses that an omitted one could mean.
struct choice {
    uint32_t count;
    uint32_t address; // of the first one
};

static void choose(struct client_session *device, struct choice *choice, uint32_t address) {
    printable_format(&device->text, "%s%u", choice->count > 0 ? ", " : "", address);
    choice->address = choice->count++ == 0 ? address : choice->address;
}

// Brokers seen that we have no connection with; their addresses are in device->text.
static struct choice choose_broker(struct client_session *device) {
    const struct devices *devices = &device->client.devices;
    struct choice choice = {0};
    device->text.size = 0;
    for (uint32_t i = 0; i < devices->count; i++) {
        uint32_t address = devices->items[i].address;
        if (devices->items[i].kind == DEVICE_BROKER &&
            client_find_connection(&device->client, address) == NULL) {
            choose(device, &choice, address);
        }
    }
    return choice;
}

// Connections that are there, or only open ones; their addresses are in device->text.
static struct choice choose_connection(struct client_session *device, bool open) {
    struct choice choice = {0};
    device->text.size = 0;
    for (uint32_t i = 0; i < device->client.connection_count; i++) {
        const struct connection *connection = &device->client.connections[i];
        if (!open || connection->status_code == STATUS_OK) {
            choose(device, &choice, connection->address);
        }
    }
    return choice;
}

static int text_size(const struct client_session *device) {
    return (int)device->text.size;
}

static const char *text_of(const struct client_session *device) {
    return device->text.size > 0 ? (const char *)device->text.data : "";
}

// The connection that a command means. False: that cannot be said, and an error was.
static bool pick_connection(struct client_session *device, const struct command *command, bool open,
                            uint32_t *address) {
    struct choice choice = choose_connection(device, open);
    *address = command->address != 0 ? command->address : choice.address;
    const struct connection *connection = client_find_connection(&device->client, *address);
    if (command->address != 0 &&
        (connection == NULL || (open && connection->status_code != STATUS_OK))) {
        session_error(device->session, "not connected with %u; list shows the connections",
                      *address);
        return false;
    }
    if (command->address == 0 && choice.count == 0) {
        session_error(device->session, "not connected; type: conn");
        return false;
    }
    if (command->address == 0 && choice.count > 1) {
        session_error(device->session, "several connections: give one of the addresses %.*s",
                      text_size(device), text_of(device));
        return false;
    }
    return true;
}

// ---- what the role answered -----------------------------------------------------------------

static enum run_outcome say_answer(struct client_session *device, enum client_answer answer,
                                   uint32_t address, enum topic_fault fault) {
    struct session *session = device->session;
    switch (answer) {
    case CLIENT_OK:
        return RUN_DONE;
    case CLIENT_NOT_CONNECTED:
        session_error(session, "not connected with %u; type: conn %u", address, address);
        break;
    case CLIENT_ALREADY:
        session_error(session, "asked of %u already; list shows how it stands", address);
        break;
    case CLIENT_NOT_SUBSCRIBED:
        session_error(session, "not subscribed to that topic at %u; list shows what there is",
                      address);
        break;
    case CLIENT_BAD_TOPIC:
        session_error(session, "%s", topic_fault_text(fault));
        break;
    case CLIENT_TOO_LONG:
        session_error(session, "too long: sealed, it must fit a line of %d bytes", PACKET_LINE_MAX);
        break;
    case CLIENT_FULL:
        session_error(session, "this client has as many as its limits allow (see --help)");
        break;
    case CLIENT_BAD_ADDRESS:
        session_error(session, "%u is this client's own address", address);
        break;
    }
    return RUN_WRONG;
}

// The command at hand now waits for an event about this address.
static enum run_outcome await(struct client_session *device, int id, uint32_t address) {
    device->pending.id = id;
    device->pending.address = address;
    device->pending.asked = true;
    return RUN_WAITS;
}

// ---- conn -----------------------------------------------------------------------------------

static enum run_outcome ask_connection(struct client_session *device, uint32_t address,
                                       uint64_t now) {
    if (client_find_connection(&device->client, address) != NULL) {
        session_error(device->session, "already connected with %u", address);
        return RUN_WRONG;
    }
    enum client_answer answer = client_connect(&device->client, address, now);
    return answer == CLIENT_OK ? await(device, CLIENT_CONN, address)
                               : say_answer(device, answer, address, TOPIC_OK);
}

// Until when brokers may answer our join. One that is named and busy has as long as for any answer.
static uint64_t discovery_end(const struct client_session *device) {
    uint32_t address = device->pending.address;
    bool named = address != 0 && packet_address_gate(address) == 0;
    return session_since(device->session) +
           (named ? device->options->config.answer_timeout : DISCOVERY);
}

static enum run_outcome say_nobody(struct client_session *device, uint32_t address) {
    struct choice choice = choose_broker(device);
    if (choice.count == 0) {
        session_error(device->session, "nobody is known at address %u; list shows who is", address);
    } else {
        session_error(device->session, "nobody is known at address %u; brokers: %.*s", address,
                      text_size(device), text_of(device));
    }
    return RUN_WRONG;
}

// Whether the command's broker was only named by the user, and is not known to this day.
static bool is_only_named(const struct client_session *device) {
    uint32_t address = device->pending.address;
    return device->pending.id == CLIENT_CONN && packet_address_gate(address) == 0 &&
           devices_find(&device->client.devices, address) == NULL;
}

static enum run_outcome connect_to(struct client_session *device, uint32_t address, uint64_t now) {
    const struct device *seen = devices_find(&device->client.devices, address);
    if (address == device->client.self) {
        return say_answer(device, CLIENT_BAD_ADDRESS, address, TOPIC_OK);
    }
    if (seen == NULL && now < discovery_end(device)) {
        return RUN_WAITS;
    }
    // Who is not known may all the same be there, on this network or on another.
    if (seen != NULL && seen->kind != DEVICE_BROKER) {
        session_error(device->session, "%u is a %s; brokers accept connections", address,
                      device_kind_name((enum device_kind)seen->kind));
        return RUN_WRONG;
    }
    return ask_connection(device, address, now);
}

static enum run_outcome connect_to_any(struct client_session *device, uint64_t now) {
    struct choice choice = choose_broker(device);
    if (now < discovery_end(device)) {
        return RUN_WAITS;
    }
    if (choice.count == 1) {
        return ask_connection(device, choice.address, now);
    }
    if (choice.count > 1) {
        session_error(device->session, "several brokers: give one of the addresses %.*s",
                      text_size(device), text_of(device));
        return RUN_WRONG;
    }
    struct choice connected = choose_connection(device, false);
    if (connected.count > 0) {
        session_error(device->session, "already connected with %.*s, and no other broker is known",
                      text_size(device), text_of(device));
        return RUN_WRONG;
    }
    if (now < device->pending.until) {
        return RUN_WAITS;
    }
    session_error(device->session, "no broker answered; is one running on %s?",
                  device->options->session.network);
    return RUN_WRONG;
}

static enum run_outcome go_on(struct client_session *device, uint64_t now) {
    struct pending *pending = &device->pending;
    if (pending->answered && pending->silent && is_only_named(device)) {
        return say_nobody(device, pending->address);
    }
    if (pending->asked) {
        enum run_outcome outcome = pending->good ? RUN_DONE : RUN_WRONG;
        return pending->answered ? outcome : RUN_WAITS;
    }
    return pending->address != 0 ? connect_to(device, pending->address, now)
                                 : connect_to_any(device, now);
}

static enum run_outcome resume(void *context, uint64_t now) {
    struct client_session *device = context;
    enum run_outcome outcome = go_on(device, now);
    uint64_t discovered = discovery_end(device);
    device->pending.wake = now < discovered ? discovered : device->pending.until;
    if (outcome != RUN_WAITS) {
        device->pending = (struct pending){0};
    }
    return outcome;
}

// ---- the other commands ---------------------------------------------------------------------

static enum run_outcome execute_disc(struct client_session *device, const struct command *command) {
    uint32_t address;
    if (!pick_connection(device, command, false, &address)) {
        return RUN_WRONG;
    }
    return say_answer(device, client_disconnect(&device->client, address), address, TOPIC_OK);
}

static enum run_outcome execute_subs(struct client_session *device, const struct command *command,
                                     uint64_t now) {
    uint32_t address;
    if (!pick_connection(device, command, true, &address)) {
        return RUN_WRONG;
    }
    bool on = command->row->id == CLIENT_SUBS;
    enum client_answer answer =
        on ? client_subscribe(&device->client, address, command->topic, now)
           : client_unsubscribe(&device->client, address, command->topic, now);
    device->topic.size = 0;
    buffer_append(&device->topic, command->topic);
    return answer == CLIENT_OK
               ? await(device, command->row->id, address)
               : say_answer(device, answer, address, topic_filter_check(command->topic));
}

static enum run_outcome execute_publ(struct client_session *device, const struct command *command) {
    uint32_t address;
    if (!pick_connection(device, command, true, &address)) {
        return device->options->publish != NULL ? RUN_LOST : RUN_WRONG;
    }
    enum client_answer answer =
        client_publish(&device->client, address, command->topic, command->value);
    return say_answer(device, answer, address, topic_name_check(command->topic));
}

static bool cut(void *context, uint32_t address) {
    struct client_session *device = context;
    return client_disconnect(&device->client, address);
}

static enum run_outcome execute(void *context, const struct command *command, uint64_t now) {
    struct client_session *device = context;
    switch (command->row->id) {
    case CLIENT_CONN:
        device->pending = (struct pending){.id = CLIENT_CONN,
                                           .address = command->address,
                                           .until = now + device->options->config.answer_timeout};
        return resume(device, now);
    case CLIENT_DISC:
        return execute_disc(device, command);
    case CLIENT_PUBL:
        return execute_publ(device, command);
    default:
        return execute_subs(device, command, now);
    }
}

// ---- events ---------------------------------------------------------------------------------

// What the event means for the command at hand, if anything.
static void match_pending(struct client_session *device, const struct role_event *event) {
    struct pending *pending = &device->pending;
    if (!pending->asked || pending->answered || event->address != pending->address) {
        return;
    }
    bool topic_fits = bytes_equal(event->text, buffer_bytes(&device->topic));
    int id = pending->id;
    bool good = (id == CLIENT_CONN && event->kind == EVENT_CONNECTED) ||
                (id == CLIENT_SUBS && event->kind == EVENT_SUBSCRIBED && topic_fits) ||
                (id == CLIENT_UNSB && event->kind == EVENT_UNSUBSCRIBED && topic_fits);
    bool bad = event->kind == EVENT_REFUSED || event->kind == EVENT_DISCONNECTED ||
               (event->kind == EVENT_NOT_SUBSCRIBED && topic_fits) ||
               (event->kind == EVENT_NOT_UNSUBSCRIBED && topic_fits);
    pending->answered = good || bad;
    pending->good = good;
    pending->silent = bad && event->status == STATUS_TIMED_OUT;
}

// Other clients come and go without our caring; programs may want to know.
static bool concerns_us(const struct client_session *device, const struct role_event *event) {
    bool device_event = event->kind == EVENT_JOINED || event->kind == EVENT_LEFT;
    return !device_event || session_report(device->session)->json ||
           device_kind_named(bytes_of_text(event->device_kind)) != DEVICE_CLIENT;
}

static void tell(void *context, const struct role_event *event) {
    struct client_session *device = context;
    match_pending(device, event);
    if (event->kind == EVENT_ENTRY && !session_count_update(device->session)) {
        return;
    }
    if (concerns_us(device, event)) {
        line_report_event(session_line_report(device->session), event);
    }
}

// ---- the role behind the session ------------------------------------------------------------

static void start(void *context, struct session *session, uint32_t address,
                  const struct cipher_secret *seed) {
    struct client_session *device = context;
    const struct role_port *port = session_port(session);
    device->session = session;
    buffer_init(&device->topic, port->memory);
    buffer_init(&device->text, port->memory);
    client_init(&device->client, &device->options->config, port, address, seed);
    client_start(&device->client);
}

static void receive(void *context, struct packet *packet, uint64_t now) {
    struct client_session *device = context;
    client_receive(&device->client, packet, now);
}

static void tick(void *context, uint64_t now) {
    struct client_session *device = context;
    client_tick(&device->client, now);
}

static uint64_t deadline(const void *context) {
    const struct client_session *device = context;
    uint64_t due = client_deadline(&device->client);
    const struct pending *pending = &device->pending;
    if (pending->id == CLIENT_CONN && !pending->asked) {
        due = pending->wake < due ? pending->wake : due;
    }
    return due;
}

static void stop(void *context, uint64_t now) {
    (void)now;
    struct client_session *device = context;
    client_stop(&device->client);
    client_deinit(&device->client);
    buffer_deinit(&device->topic);
    buffer_deinit(&device->text);
}

// ---- list -----------------------------------------------------------------------------------

static void list_connections(const struct client_session *device, struct listing *listing) {
    records_connections(listing);
    for (uint32_t i = 0; i < device->client.connection_count; i++) {
        records_connection(listing, &device->client.connections[i], &device->client.devices);
    }
}

static void list_subscriptions(const struct client_session *device, struct listing *listing) {
    static const char *const states[] = {
        [SUBSCRIPTION_EXPECTS_SRES] = "waiting for the answer",
        [SUBSCRIPTION_OPEN] = "open",
        [SUBSCRIPTION_EXPECTS_OFF] = "waiting for its end",
    };
    records_subscriptions(listing);
    for (uint32_t i = 0; i < device->client.subscription_count; i++) {
        const struct client_subscription *open = &device->client.subscriptions[i];
        struct subscription_record record = {
            .filter = bytes_make(open->filter, open->filter_size),
            .address = open->address,
            .status = open->state == SUBSCRIPTION_EXPECTS_SRES ? STATUS_NONE : STATUS_OK,
            .time_stamp = open->time_stamp,
            .description = states[open->state],
        };
        records_subscription(listing, &record);
    }
}

static void list(const void *context, struct listing *listing) {
    const struct client_session *device = context;
    records_devices(listing, &device->client.devices);
    list_connections(device, listing);
    list_subscriptions(device, listing);
    records_entries(listing, &device->client.values);
}

// ---- completion -----------------------------------------------------------------------------

static void add_address(const struct run_words *words, uint32_t address) {
    char text[16];
    snprintf(text, sizeof text, "%u", address);
    words->add(words->context, bytes_of_text(text));
}

static bool add_topic(void *context, const struct topic_value *value) {
    const struct run_words *words = context;
    words->add(words->context, value->topic);
    return true;
}

// The session stands still meanwhile, so there are only so many.
static void add_topics(const struct client *client, const struct run_words *words) {
    struct topic_values_cursor cursor = {0};
    uint32_t steps = TOPICS_OFFERED;
    const struct topic_values_visitor visitor = {add_topic, (void *)(uintptr_t)words};
    (void)topic_values_go_on_all(&client->values, &cursor, &steps, &visitor);
    topic_values_cursor_free(&client->values, &cursor);
}

// Filters that are no topics already; the same one at several brokers stands once.
// Those without a wildcard are topics, too.
static void add_filters(const struct client *client, bool only_topics,
                        const struct run_words *words) {
    for (uint32_t i = 0; i < client->subscription_count; i++) {
        const struct client_subscription *record = &client->subscriptions[i];
        struct bytes filter = bytes_make(record->filter, record->filter_size);
        bool first = topic_values_get(&client->values, filter) == NULL &&
                     (!only_topics || topic_name_check(filter) == TOPIC_OK);
        for (uint32_t k = 0; first && k < i; k++) {
            const struct client_subscription *earlier = &client->subscriptions[k];
            first = !bytes_equal(filter, bytes_make(earlier->filter, earlier->filter_size));
        }
        if (first) {
            words->add(words->context, filter);
        }
    }
}

static void complete(const void *context, unsigned argument, const struct run_words *words) {
    const struct client_session *device = context;
    const struct client *client = &device->client;
    if ((argument & COMMAND_TOPIC) != 0) {
        add_topics(client, words);
        add_filters(client, (argument & COMMAND_VALUE) != 0, words);
        return;
    }
    for (uint32_t i = 0; i < client->devices.count; i++) {
        if (client->devices.items[i].kind == DEVICE_BROKER) {
            add_address(words, client->devices.items[i].address);
        }
    }
}

// ---- start ----------------------------------------------------------------------------------

static const struct session_program program = {
    .kind = "client",
    .commands = &client_session_commands,
    .start = start,
    .receive = receive,
    .tell = tell,
    .tick = tick,
    .deadline = deadline,
    .stop = stop,
    .execute = execute,
    .cut = cut,
    .resume = resume,
    .list = list,
    .complete = complete,
};

static void publish_line(void *context, struct bytes line, struct command *command) {
    const struct client_session *device = context;
    *command = (struct command){
        .row = publ_row, .topic = bytes_of_text(device->options->publish), .value = line};
}

// --publish: the topic is to be right before the first line is read.
static bool prepare_publish(struct client_session_options *options) {
    if (options->publish == NULL) {
        return true;
    }
    enum topic_fault fault = topic_name_check(bytes_of_text(options->publish));
    if (fault != TOPIC_OK) {
        printable_complain("client: --publish: %s\n", topic_fault_text(fault));
        return false;
    }
    options->session.command_of_line = publish_line;
    options->session.run.commands =
        options->session.run.commands != NULL ? options->session.run.commands : "conn";
    return true;
}

int client_session_run(struct client_session_options *options) {
    if (!prepare_publish(options)) {
        return PROGRAM_USAGE;
    }
    char *credentials = NULL;
    if (options->credentials != NULL) {
        credentials = passwords_read_credentials(options->credentials);
        if (credentials == NULL) {
            return PROGRAM_UNUSABLE;
        }
        options->config.credentials = bytes_of_text(credentials);
    }
    struct client_session device = {.options = options};
    int code = session_run(&options->session, &program, &device);
    passwords_free_credentials(credentials);
    return code;
}
