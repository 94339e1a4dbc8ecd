#include "session/broker_session.h"

#include <stdio.h>

#include "session/passwords.h"
#include "session/printable.h"
#include "session/records.h"

enum broker_command { BROKER_DISC = SESSION_COMMANDS };

static const struct command_row rows[] = {
    {"help", COMMAND_PLAIN, "help", "show this list", SESSION_HELP},
    {"exit", COMMAND_PLAIN, "exit", "end all connections, leave the network and end", SESSION_EXIT},
    {"tgll", COMMAND_PLAIN, "tgll", "toggle listening: whether entries are shown as they pass",
     SESSION_TOGGLE},
    {"disc", COMMAND_ADDRESS, "disc [address]", "end the connection of a client", BROKER_DISC},
    {"list", COMMAND_PLAIN, "list", "show devices, connections, subscriptions, entries",
     SESSION_LIST},
};

const struct command_table broker_session_commands = {rows, sizeof rows / sizeof *rows};

struct broker_session {
    const struct broker_session_options *options;
    struct session *session;
    struct broker broker;
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

static enum session_outcome execute(void *context, const struct command *command, uint64_t now) {
    (void)now;
    struct broker_session *device = context;
    uint32_t address = command->address;
    uint32_t count = device->broker.line.peer_count;
    if (address == 0 && count > 1) {
        say_choices(device);
        return SESSION_WRONG;
    }
    if (count == 0) {
        session_error(device->session, "there is no connection");
        return SESSION_WRONG;
    }
    if (address == 0) {
        uint32_t place = 0;
        address = next_peer(device, &place)->connection.address;
    }
    if (!broker_disconnect(&device->broker, address)) {
        session_error(device->session, "%u is not connected; list shows who is", address);
        return SESSION_WRONG;
    }
    return SESSION_DONE;
}

static void complete(const void *context, unsigned argument, const struct session_words *words) {
    (void)argument; // only addresses are ever asked for
    const struct broker_session *device = context;
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
        for (uint32_t i = 0; i < peer->subscription_count; i++) {
            filter.size = 0;
            topic_tree_filter(&device->broker.core.subscriptions, peer->subscriptions[i].node,
                              &filter);
            struct subscription_record record = {
                .filter = buffer_bytes(&filter),
                .address = peer->connection.address,
                .status = STATUS_OK,
                .time_stamp = peer->subscriptions[i].time_stamp,
                .description = "open",
            };
            records_subscription(listing, &record);
        }
    }
    buffer_deinit(&filter);
}

static void list(const void *context, struct listing *listing) {
    const struct broker_session *device = context;
    records_devices(listing, &device->broker.line.devices);
    list_connections(device, listing);
    list_subscriptions(device, listing);
    records_entries(listing, &device->broker.core.values);
}

// ---- the role behind the session ------------------------------------------------------------

static void start(void *context, struct session *session, uint32_t address,
                  const struct cipher_secret *seed) {
    struct broker_session *device = context;
    device->session = session;
    broker_init(&device->broker, &device->options->config, session_port(session), address, seed);
    broker_start(&device->broker);
}

static void receive(void *context, struct packet *packet, uint64_t now) {
    struct broker_session *device = context;
    broker_receive(&device->broker, packet, now);
}

static void tell(void *context, const struct role_event *event) {
    struct broker_session *device = context;
    if (event->kind != EVENT_ENTRY || session_count_update(device->session)) {
        report_event(session_report(device->session), event);
    }
}

static void tick(void *context, uint64_t now) {
    struct broker_session *device = context;
    broker_tick(&device->broker, now);
}

static uint64_t deadline(const void *context) {
    const struct broker_session *device = context;
    return broker_deadline(&device->broker);
}

static void stop(void *context) {
    struct broker_session *device = context;
    broker_stop(&device->broker);
    broker_deinit(&device->broker);
}

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
    .execute = execute,
    .list = list,
    .complete = complete,
};

int broker_session_run(struct broker_session_options *options) {
    struct passwords *passwords = NULL;
    if (options->passwords != NULL) {
        passwords = passwords_load(options->passwords);
        if (passwords == NULL) {
            return SESSION_UNUSABLE;
        }
        options->config.line.authenticate = passwords_check;
        options->config.line.authenticate_context = passwords;
    }
    struct broker_session device = {.options = options};
    int code = session_run(&options->session, &program, &device);
    passwords_free(passwords);
    return code;
}
