// The broker program: its options and their way into the session.
#include "session/broker/broker_session.h"
#include "session/broker/mosquitto_import.h"
#include "session/broker/store_file.h"
#include "session/broker/users/user_file.h"
#include "session/line/common_options.h"
#include "shell/live_page.h"
#include "shell/printable.h"
#include "shell/secrets/passwords.h"

struct options {
    struct broker_session_options broker;
    struct common_device_options device;
    const char *web;
    struct option_list show; // on the page, besides
    bool control;
    int queue_policy;   // enum door_queue_policy
    int session_policy; // enum door_session_policy
    uint64_t max_connections;
    uint64_t max_sessions;
    uint64_t max_sessions_per_address;
    uint64_t max_subscriptions;
    uint64_t max_in_flight;
    uint64_t receive_maximum;
    uint64_t topic_aliases;
    uint64_t rate;
    uint64_t packet_rate;
    uint64_t keep_alive;
    uint64_t max_queued;
    uint64_t max_packet;
    bool hash_password;
    bool scram_password;
    const char *mosquitto;
    const char *add_user;
    const char *delete_user;
    const char *check_store;
    const char *export_store;
    const char *import_store;
};

#define MQTT_ROW(option, kind, member, what, text)                                                \
    {                                                                                             \
        .name = (option), .type = (kind), .offset = offsetof(struct options, broker.mqtt.member), \
        .argument = (what), .min = 1, .group = "MQTT door", .help = (text)                        \
    }

#define MQTT_LIMIT_ROW(option, member, most, low, high, text)                                \
    {                                                                                        \
        .name = (option), .type = OPTION_NUMBER, .offset = offsetof(struct options, member), \
        .argument = "N", .preset = (most), .min = (low), .max = (high),                      \
        .group = "Limits of the MQTT door", .help = (text)                                   \
    }

#define MQTT_SIZE_ROW(option, member, most, high, text)                                    \
    {                                                                                      \
        .name = (option), .type = OPTION_SIZE, .offset = offsetof(struct options, member), \
        .argument = "BYTES", .preset = (most), .min = OPTION_KIB, .max = (high),           \
        .group = "Limits of the MQTT door", .help = (text)                                 \
    }

static const struct option_row rows[] = {
    COMMON_NETWORK_ROWS(struct options, broker.session),
    COMMON_NAME_ROW(struct options, device),
    COMMON_SUITE_ROW(struct options, device, "any",
                     "Which suites to accept: classic shows how keys and seals work and protects "
                     "nothing, sodium is real encryption, any takes what the client asks for."),
    {.name = "password-file",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, broker.passwords),
     .argument = "FILE",
     .min = 1,
     .help = "Accept only clients whose credentials are in FILE: lines user:password, or lines "
             "written by --add-user or mosquitto_passwd."},
    {.name = "add-user",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, add_user),
     .argument = "USER",
     .min = 1,
     .is_action = true,
     .help = "Add USER to the --password-file, or change its password, and exit. The password "
             "is asked for on a terminal, else it is a line of standard input; it is kept as a "
             "hash, or with --scram-password as a verifier."},
    {.name = "delete-user",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, delete_user),
     .argument = "USER",
     .min = 1,
     .is_action = true,
     .help = "Remove USER from the --password-file, and exit."},
    {.name = "acl-file",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, broker.access),
     .argument = "FILE",
     .min = 1,
     .help = "What clients may publish and read, in the format of Mosquitto's acl_file: what no "
             "line allows is denied. A user name applies only if its password was checked. SIGHUP "
             "reads "
             "it again when the broker has no terminal."},
    {.name = "hash-password",
     .type = OPTION_FLAG,
     .offset = offsetof(struct options, hash_password),
     .is_action = true,
     .help = "Read a line user:password from standard input, print it with the password hashed, "
             "for the password file, and exit."},
    {.name = "scram-password",
     .type = OPTION_FLAG,
     .offset = offsetof(struct options, scram_password),
     .is_action = true,
     .help = "The same with a SCRAM-SHA-256 verifier in place of the hash, so that clients can "
             "prove that they know the password without sending it."},
    {.name = "import-mosquitto",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, mosquitto),
     .argument = "FILE",
     .min = 1,
     .is_action = true,
     .help = "Convert a mosquitto.conf to a file for --config, print it, and exit. What has no "
             "equivalent becomes a comment."},
    {.name = "http",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, broker.http),
     .argument = "[HOST:]PORT",
     .min = 1,
     .help = "Serve metrics for Prometheus at /metrics, and the state of the broker at /healthz "
             "and /readyz. Without HOST only this machine can ask (127.0.0.1). There is no "
             "password, and nothing can be changed there."},
    MQTT_ROW(
        "mqtt", OPTION_TEXT, listeners[STREAM_TCP], "PORT",
        "Open the MQTT door at a port: PORT of this machine only (loopback), HOST:PORT, or "
        "*:PORT for every address, fd:NAME for sockets that systemd passes; several separated by "
        "commas. Port 0 is any free one. Behind each may stand rules, as ?max-qos=1&retain=no: "
        "connections=N, per-address=N, anonymous=yes|no, max-qos=0|1|2, retain=yes|no, "
        "wildcards=yes|no, max-packet=BYTES, keep-alive=SECONDS, versions=3.1+3.1.1+5, "
        "mount=PREFIX/ (stands in front of all topics of its clients, unseen by them), "
        "proxy=NETWORK+NETWORK (each stream begins with a PROXY header, from these only)."),
    MQTT_ROW("mqtts", OPTION_TEXT, listeners[STREAM_TLS], "PORT", "The same over TLS."),
    MQTT_ROW("websocket", OPTION_TEXT, listeners[STREAM_WEBSOCKET], "PORT",
             "The same over WebSocket, at any path, or at one: ?path=/mqtt."),
    MQTT_ROW("websockets", OPTION_TEXT, listeners[STREAM_WEBSOCKET_TLS], "PORT",
             "The same over WebSocket and TLS."),
    MQTT_ROW("websocket-origin", OPTION_TEXT, websocket_origin, "ORIGINS",
             "Where clients need no password, web pages of the broker's own host only may use "
             "WebSocket. This lets those of other origins in: a list as https://example.org,"
             "https://example.net:8443, or * for all."),
    MQTT_ROW("mqtt-unix", OPTION_TEXT, listeners[STREAM_UNIX], "PATH",
             "The same at a Unix socket."),
    MQTT_ROW("tls-certificate", OPTION_TEXT, certificate, "FILE",
             "The certificate of the TLS listeners, with its chain, in PEM. SIGHUP reads it again "
             "when the broker has no terminal."),
    MQTT_ROW("tls-key", OPTION_TEXT, key, "FILE", "Its private key, in PEM."),
    MQTT_ROW("tls-client-ca", OPTION_TEXT, authority, "FILE",
             "Demand a certificate of clients, signed by one of these authorities, in PEM. Such "
             "clients need no password."),
    MQTT_ROW("tls-crl", OPTION_TEXT, revoked, "FILE",
             "With --tls-client-ca: certificates that are revoked, as a list (CRL) of each "
             "authority, in PEM. SIGHUP reads it again, and ends the clients that it names."),
    {.name = "certificate-user",
     .type = OPTION_CHOICE,
     .offset = offsetof(struct options, broker.mqtt.certificate_user),
     .argument = "NAME",
     .choices = "none|cn|subject",
     .preset = "none",
     .group = "MQTT door",
     .help = "With --tls-client-ca: the user name of a client is its certificate's common name, or "
             "its whole subject (CN=ann,O=Example), for the access lists."},
    {.name = "anonymous",
     .type = OPTION_FLAG,
     .offset = offsetof(struct options, broker.mqtt.door.anonymous),
     .group = "MQTT door",
     .help = "With --password-file: let in MQTT clients that give no user name (at the line door "
             "each needs one). Without: listeners that other machines can reach may be open to "
             "everybody."},
    MQTT_ROW("server-reference", OPTION_TEXT, server_reference, "SERVER",
             "Refer MQTT 5.0 clients to this server when there is no room, and at the end."),
    MQTT_ROW("response-prefix", OPTION_TEXT, response_prefix, "TOPIC",
             "The response information for clients that ask for it: TOPIC, followed by their "
             "client id."),
    MQTT_ROW("tap", OPTION_TEXT, tap, "FILE",
             "Write what the MQTT door receives and sends to FILE as a pcapng capture, for watch "
             "and for Wireshark. It contains passwords in plain text. On SIGHUP a FILE that was "
             "moved away or truncated is started again."),
    {.name = "web",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, web),
     .argument = "[HOST:]PORT",
     .min = 1,
     .help = "Serve a page that shows this broker's packets live, by the program watch; port 0 "
             "takes any that is free, and the link is printed. docs/web.md describes it."},
    {.name = "show",
     .type = OPTION_LIST,
     .offset = offsetof(struct options, show),
     .argument = "FILE",
     .min = 1,
     .help = "Show on the page of --web, besides, another network, or a tap of another program "
             "(its name ends in .pcapng). May be given up to 16 times."},
    {.name = "control",
     .type = OPTION_FLAG,
     .offset = offsetof(struct options, control),
     .help =
         "Give the page of --web the levers, too: rules, hold, step, cut, freeze and thaw. They "
         "ask for the token that stands in the printed link."},
    {.name = "tap-bytes",
     .type = OPTION_SIZE,
     .offset = offsetof(struct options, broker.mqtt.tap_bytes),
     .argument = "BYTES",
     .min = 4 * OPTION_MIB,
     .max = OPTION_PIB,
     .group = "MQTT door",
     .help = "The size of the tap. When it is reached, the file is renamed to FILE.1, replacing "
             "the one before, and a new one is started. Without it, there is no limit."},
    {.name = "threads",
     .type = OPTION_NUMBER,
     .offset = offsetof(struct options, broker.mqtt.threads),
     .argument = "N",
     .preset = "1",
     .min = 1,
     .max = 64,
     .group = "MQTT door",
     .help = "Event loops that share the streams."},
    {.name = "queue-policy",
     .type = OPTION_CHOICE,
     .offset = offsetof(struct options, queue_policy),
     .argument = "NAME",
     .choices = "drop-oldest|drop-newest|disconnect",
     .preset = "drop-oldest",
     .group = "MQTT door",
     .help = "What happens when the queue of a client is full. Messages that are already in its "
             "stream never count as the oldest."},
    {.name = "session-policy",
     .type = OPTION_CHOICE,
     .offset = offsetof(struct options, session_policy),
     .argument = "NAME",
     .choices = "refuse|drop-oldest",
     .preset = "drop-oldest",
     .group = "MQTT door",
     .help = "Who makes room when a client comes and there are as many sessions as are allowed, of "
             "all or of its address, or no memory for one more: the newcomer, or the session whose "
             "client has been absent for longest."},
    {.name = "connect-timeout",
     .type = OPTION_DURATION,
     .offset = offsetof(struct options, broker.mqtt.door.limits.connect_time),
     .argument = "SECONDS",
     .preset = "10",
     .min = 0.1,
     .max = 3600,
     .group = "MQTT door",
     .help =
         "How long a stream may take until its CONNECT, and for its TLS and WebSocket handshakes."},
    {.name = "session-expiry",
     .type = OPTION_DURATION,
     .offset = offsetof(struct options, broker.mqtt.door.limits.session_expiry),
     .argument = "SECONDS",
     .preset = "604800",
     .max = 4000000000.0,
     .group = "MQTT door",
     .help = "Sessions of absent clients last no longer than this; 0: they end at once."},
    {.name = "statistics",
     .type = OPTION_DURATION,
     .offset = offsetof(struct options, broker.mqtt.door.statistics_interval),
     .argument = "SECONDS",
     .preset = "10",
     .max = 31536000,
     .group = "MQTT door",
     .help = "How often the broker publishes those of its own figures that have changed, below "
             "$SYS/, while somebody subscribes to them; 0: it has none."},
    {.name = "store",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, broker.durable.store),
     .argument = "FILE",
     .min = 1,
     .group = "Store",
     .help = "Keep sessions of the MQTT door with their subscriptions and what waits for them, "
             "retained messages and wills in FILE, so that they outlive the broker. Nobody else "
             "may use FILE meanwhile. It must be on a disk of this machine."},
    {.name = "durable",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, broker.durable.promise),
     .argument = "HOW",
     .min = 1,
     .group = "Store",
     .help = "strict, which is the default: nothing is acknowledged before it is on the disk, so "
             "that kill -9 or a loss of power loses nothing acknowledged. lazy or lazy=MS: "
             "acknowledged at once and on the disk within MS milliseconds (100); what came later "
             "than that is lost."},
    {.name = "keep-values",
     .type = OPTION_FLAG,
     .offset = offsetof(struct options, broker.durable.keeps_values),
     .group = "Store",
     .help = "Keep last values that came by lines in the store, too."},
    {.name = "hand-over",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, broker.hand_over),
     .argument = "FILE",
     .min = 1,
     .group = "Store",
     .help = "Listen at FILE, a Unix socket of this user only, for a broker that is started with "
             "--take-over, and let it have the place of this one."},
    {.name = "take-over",
     .type = OPTION_FLAG,
     .offset = offsetof(struct options, broker.takes_over),
     .group = "Store",
     .help = "Take the place of the broker at --hand-over FILE: its listening sockets and its "
             "store. It ends when this one is ready; its clients reconnect once, and nothing that "
             "was acknowledged is lost. If nobody is there, just start."},
    {.name = "check-store",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, check_store),
     .argument = "FILE",
     .min = 1,
     .group = "Store",
     .is_action = true,
     .help = "Check the store FILE, print what is in it or what is damaged, and exit."},
    {.name = "export",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, export_store),
     .argument = "FILE",
     .min = 1,
     .group = "Store",
     .is_action = true,
     .help = "Print what is in the store FILE as lines of JSON, and exit. If it is damaged, print "
             "what can be read."},
    {.name = "import",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, import_store),
     .argument = "FILE",
     .min = 1,
     .group = "Store",
     .is_action = true,
     .help = "Create a new store FILE from such lines on standard input, and exit."},
    MQTT_LIMIT_ROW("mqtt-max-connections", max_connections, "100000", 1, 3e7,
                   "Clients connected at a time."),
    MQTT_LIMIT_ROW("mqtt-max-sessions", max_sessions, "1000000", 1, 3e7,
                   "Sessions of clients, present and absent."),
    MQTT_LIMIT_ROW("mqtt-max-sessions-per-address", max_sessions_per_address, "0", 0, 1e8,
                   "Sessions of clients whose last connection came from one address, or one /64 of "
                   "IPv6; 0: any number."),
    MQTT_LIMIT_ROW("mqtt-max-per-address", broker.mqtt.connections_per_address, "0", 0, 1e8,
                   "Streams from one address at a time; 0: any number."),
    MQTT_LIMIT_ROW("mqtt-max-subscriptions", max_subscriptions, "10000", 1, 1e8,
                   "Subscriptions of one client."),
    MQTT_LIMIT_ROW("mqtt-max-in-flight-out", max_in_flight, "1000", 1, 60000,
                   "Messages of QoS 1 and 2 sent to a client that it has not answered yet."),
    MQTT_LIMIT_ROW("mqtt-max-in-flight-in", receive_maximum, "1000", 1, 65535,
                   "Messages of QoS 2 from a client that are not released yet."),
    MQTT_LIMIT_ROW("mqtt-max-aliases", topic_aliases, "64", 0, 65535,
                   "Topic aliases of a client of MQTT 5.0."),
    MQTT_LIMIT_ROW("mqtt-max-rate", rate, "0", 0, 1e9,
                   "Messages a second from one client; 0: any number."),
    MQTT_LIMIT_ROW("mqtt-max-packet-rate", packet_rate, "0", 0, 1e9,
                   "Packets of all types a second from one client, where each filter of SUBSCRIBE "
                   "and UNSUBSCRIBE counts as one more; 0: any number."),
    MQTT_LIMIT_ROW("mqtt-max-keep-alive", keep_alive, "0", 0, 65535,
                   "Seconds of keep alive that a client of MQTT 5.0 may ask for, or is given if "
                   "it asks for none; 0: whatever it asks for."),
    MQTT_LIMIT_ROW("mqtt-max-queued", max_queued, "100000", 1, 1e8,
                   "Messages that wait for one client."),
    MQTT_SIZE_ROW("mqtt-max-packet", max_packet, "8M", 268435460.0,
                  "The size of a packet from a client."),
    MQTT_SIZE_ROW("mqtt-max-queue-bytes", broker.mqtt.door.limits.queue_bytes, "64M", OPTION_TIB,
                  "What waits for one client, in its queue and its stream."),
    MQTT_SIZE_ROW("mqtt-max-total-bytes", broker.mqtt.door.limits.total_bytes, "1G",
                  16 * OPTION_TIB, "What waits in the queues of all clients."),
    {.name = "memory",
     .type = OPTION_SIZE,
     .offset = offsetof(struct options, broker.memory_bytes),
     .argument = "BYTES",
     .min = 8 * OPTION_MIB,
     .max = OPTION_PIB,
     .group = "Limits and intervals",
     .help = "The memory of all that peers may make the broker keep, at both doors. Near it peers "
             "are refused what would take more, each may take an eighth of each kind, and the "
             "broker serves on. Without it, a quarter of the memory of the machine, or of what the "
             "control group allows, whichever is less."},
    {.name = "quiet",
     .letter = 'q',
     .type = OPTION_FLAG,
     .offset = offsetof(struct options, broker.session.run.quiet),
     .group = "Script",
     .help = "Print nothing about peers: neither who comes and goes nor, until the command tgll, "
             "entries that pass; only what concerns the broker itself, and what commands ask for."},
    COMMON_LOG_ROWS(struct options, broker.session.run),
    COMMON_SCRIPT_ROWS(struct options, broker.session),
    {.name = "ping-interval",
     .type = OPTION_DURATION,
     .offset = offsetof(struct options, broker.config.line.ping_interval),
     .argument = "SECONDS",
     .preset = "10",
     .min = 0.01,
     .max = 31536000,
     .group = "Limits and intervals",
     .help = "How often to ping each connection."},
    {.name = "idle-timeout",
     .type = OPTION_DURATION,
     .offset = offsetof(struct options, broker.config.line.silence),
     .argument = "SECONDS",
     .preset = "100",
     .min = 0.02,
     .max = 31536000,
     .group = "Limits and intervals",
     .help = "Drop a connection after nothing was heard from it for this long."},
    COMMON_FAULT_ROWS(struct options, broker.session),
    COMMON_FILE_ROWS(struct options, broker.session),
    COMMON_LIMIT_ROW(struct options, device.connections, "max-connections", "1000",
                     "Connections at a time; others are refused with 509."),
    COMMON_LIMIT_ROW(struct options, device.subscriptions, "max-subscriptions", "10000",
                     "Subscriptions of one connection; others are refused with 509."),
    COMMON_ENTRY_ROWS(struct options, device, "1000000000", "1T"),
};

static const char description[] =
    "A broker joins a network, accepts the connections of clients, keeps their subscriptions and "
    "the last value of every topic, and forwards each entry to its subscribers. On a terminal it "
    "takes commands line by line; otherwise from standard input or from --run, and runs until a "
    "signal ends it. Each entry that passes is printed on standard output, everything else on "
    "standard error.";

static void configure(struct options *options) {
    const struct common_device_options *device = &options->device;
    struct line_door_config *line = &options->broker.config.line;
    line->suite = (enum suite_policy)device->suite;
    line->name = common_name(device);
    line->limits.connections = (uint32_t)device->connections;
    line->limits.subscriptions = (uint32_t)device->subscriptions;
    line->limits.devices = (uint32_t)device->devices;
    options->broker.config.values.entries_max = (uint32_t)device->entries;
    options->broker.config.values.bytes_max = device->entry_bytes;
    options->broker.session.suite = common_suite_name(device);
}

static void configure_mqtt(struct options *options) {
    struct mqtt_server_options *mqtt = &options->broker.mqtt;
    struct mqtt_door_limits *limits = &mqtt->door.limits;
    mqtt->handshake = limits->connect_time;
    limits->connections = (uint32_t)options->max_connections;
    limits->sessions = (uint32_t)options->max_sessions;
    limits->subscriptions = (uint32_t)options->max_subscriptions;
    limits->in_flight = (uint32_t)options->max_in_flight;
    limits->receive_maximum = (uint32_t)options->receive_maximum;
    limits->topic_aliases = (uint32_t)options->topic_aliases;
    limits->messages_a_second = (uint32_t)options->rate;
    limits->packets_a_second = (uint32_t)options->packet_rate;
    limits->keep_alive = (uint16_t)options->keep_alive;
    limits->queue_messages = (uint32_t)options->max_queued;
    limits->packet_bytes = (uint32_t)options->max_packet;
    limits->sessions_per_address = (uint32_t)options->max_sessions_per_address;
    limits->session_policy = (enum door_session_policy)options->session_policy;
    limits->policy = (enum door_queue_policy)options->queue_policy;
}

static enum passwords_format form_of(const struct options *options) {
    return options->scram_password ? PASSWORDS_SCRAM : PASSWORDS_HASHED;
}

static int change_users(const struct options *options) {
    const char *path = options->broker.passwords;
    if (path == NULL) {
        fputs("broker: --add-user and --delete-user need --password-file FILE; see broker --help\n",
              stderr);
        return PROGRAM_USAGE;
    }
    int code = PROGRAM_OK;
    if (options->delete_user != NULL) {
        code = user_file_delete(path, options->delete_user);
    }
    if (code == PROGRAM_OK && options->add_user != NULL) {
        code = user_file_add(path, options->add_user, form_of(options));
    }
    return code;
}

// Beside the page that shows it, if one is asked for.
static int run_with_page(struct options *options) {
    struct live_page page;
    bool needs_page = options->control || options->show.count > 0;
    if (needs_page && options->web == NULL) {
        printable_complain("broker: --%s: it is for --web, which is missing\n",
                           options->control ? "control" : "show");
        return PROGRAM_USAGE;
    }
    struct mqtt_server_options *mqtt = &options->broker.mqtt;
    const struct live_page_options wanted = {.program = "broker",
                                             .place = options->web,
                                             .control = options->control,
                                             .network = options->broker.session.network,
                                             .files = options->show.items,
                                             .file_count = options->show.count,
                                             .tap =
                                                 mqtt_server_is_wanted(mqtt) ? &mqtt->tap : NULL};
    if (!live_page_start(&page, &wanted)) {
        return PROGRAM_UNUSABLE;
    }
    options->broker.session.run.control = page.control;
    int code = broker_session_run(&options->broker);
    live_page_end(&page);
    return code;
}

int main(int argc, char **argv) {
    char commands[COMMON_COMMANDS_SIZE];
    const struct option_section sections[] = {
        {"Description", description},
        common_commands_section(commands, &broker_session_commands,
                                "The address may be omitted when there is only one connection."),
        COMMON_EXIT_STATUS,
        {"Files", "  network         the packets, one a line\n"
                  "  network.N       former files of the network, see --rotate\n"
                  "  network.claims  who holds which address; may be removed when nobody runs"},
        {"Examples", "  broker --name kitchen\n"
                     "  broker --password-file passwords --add-user me\n"
                     "  broker --suite sodium --password-file passwords"},
    };
    const struct program program = {
        .name = "broker",
        .summary = "a broker of a simulated MQTT network",
        .synopsis = "[OPTION]...",
        .options = rows,
        .option_count = sizeof rows / sizeof *rows,
        .sections = sections,
        .section_count = sizeof sections / sizeof *sections,
        .environment = "MQTTSIM_BROKER_",
    };
    struct options options = {0};
    int exit_code;
    if (!common_parse(&program, argc, argv, &options, &exit_code)) {
        return exit_code;
    }
    if (options.mosquitto != NULL) {
        return mosquitto_import(options.mosquitto, stdout);
    }
    if (options.check_store != NULL) {
        return store_file_check(options.check_store);
    }
    if (options.export_store != NULL) {
        return store_file_export(options.export_store);
    }
    if (options.import_store != NULL) {
        return store_file_import(options.import_store);
    }
    if (options.add_user != NULL || options.delete_user != NULL) {
        return change_users(&options);
    }
    if (options.hash_password || options.scram_password) {
        return passwords_hide_line(form_of(&options));
    }
    const struct line_door_config *line = &options.broker.config.line;
    if (line->silence <= line->ping_interval) {
        fputs("broker: --idle-timeout: must be more than --ping-interval, else connections end for "
              "want "
              "of "
              "a ping; see broker --help\n",
              stderr);
        return PROGRAM_USAGE;
    }
    if (!durable_options_read(&options.broker.durable,
                              mqtt_server_is_wanted(&options.broker.mqtt))) {
        return PROGRAM_USAGE;
    }
    if (!broker_session_check(&options.broker)) {
        return PROGRAM_USAGE;
    }
    configure(&options);
    configure_mqtt(&options);
    return run_with_page(&options);
}
