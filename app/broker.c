// The broker program: its options and their way into the session.
#include "session/broker_session.h"
#include "session/common_options.h"
#include "session/passwords.h"

struct options {
    struct broker_session_options broker;
    const char *name;
    int suite;
    bool hash_password;
    uint64_t connections;
    uint64_t subscriptions;
    uint64_t devices;
    uint64_t entries;
    uint64_t entry_bytes;
};

static const struct option_row rows[] = {
    COMMON_NETWORK_ROWS(struct options, broker.session),
    {.name = "name",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, name),
     .argument = "TEXT",
     .max = DEVICE_NAME_MAX,
     .help = "A name that other devices are told."},
    {.name = "suite",
     .type = OPTION_CHOICE,
     .offset = offsetof(struct options, suite),
     .argument = "NAME",
     .choices = "classic|sodium|any",
     .preset = "any",
     .help = "Which suites to accept: classic shows how keys and seals work and protects nothing, "
             "sodium is real encryption, any takes what the client asks for."},
    {.name = "password-file",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, broker.passwords),
     .argument = "FILE",
     .min = 1,
     .help = "Accept only clients whose credentials stand in FILE, as lines user:password."},
    {.name = "hash-password",
     .type = OPTION_FLAG,
     .offset = offsetof(struct options, hash_password),
     .help = "Read a line user:password from standard input, print it with the password hashed, "
             "for the password file, and end."},
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
    {.name = "silence",
     .type = OPTION_DURATION,
     .offset = offsetof(struct options, broker.config.line.silence),
     .argument = "SECONDS",
     .preset = "100",
     .min = 0.02,
     .max = 31536000,
     .group = "Limits and intervals",
     .help = "Drop a connection that was not heard of for so long."},
    COMMON_FILE_ROWS(struct options, broker.session),
    {.name = "max-connections",
     .type = OPTION_NUMBER,
     .offset = offsetof(struct options, connections),
     .argument = "N",
     .preset = "1000",
     .min = 1,
     .max = 1e9,
     .group = "Limits and intervals",
     .help = "Connections at a time; more are answered 509."},
    {.name = "max-subscriptions",
     .type = OPTION_NUMBER,
     .offset = offsetof(struct options, subscriptions),
     .argument = "N",
     .preset = "10000",
     .min = 1,
     .max = 1e9,
     .group = "Limits and intervals",
     .help = "Subscriptions of one connection; more are answered 509."},
    {.name = "max-devices",
     .type = OPTION_NUMBER,
     .offset = offsetof(struct options, devices),
     .argument = "N",
     .preset = "10000",
     .min = 1,
     .max = 1e9,
     .group = "Limits and intervals",
     .help = "Devices to remember."},
    {.name = "max-entries",
     .type = OPTION_NUMBER,
     .offset = offsetof(struct options, entries),
     .argument = "N",
     .preset = "1000000",
     .min = 1,
     .max = 1e9,
     .group = "Limits and intervals",
     .help = "Topics whose last value is kept."},
    {.name = "max-entry-bytes",
     .type = OPTION_SIZE,
     .offset = offsetof(struct options, entry_bytes),
     .argument = "BYTES",
     .preset = "256M",
     .min = 1024,
     .max = 1e12,
     .group = "Limits and intervals",
     .help = "The memory of those topics and values."},
};

static const struct option_section sections[] = {
    {"Description",
     "A broker joins a network, accepts the connections of clients, keeps their subscriptions and "
     "the last value of every topic, and forwards each entry to its subscribers. On a terminal it "
     "takes commands line by line; otherwise from standard input or from --run, and runs until a "
     "signal ends it. Each entry that passes is printed on standard output, everything else on "
     "standard error."},
    {"Commands", "  help            show this list\n"
                 "  exit            end all connections, leave the network and end\n"
                 "  tgll            toggle listening: whether entries are shown as they pass\n"
                 "  disc [address]  end the connection of a client\n"
                 "  list            show devices, connections, subscriptions, entries\n"
                 "\n"
                 "The address may be omitted when there is only one connection."},
    COMMON_EXIT_STATUS,
    {"Files", "  network         the packets, one a line\n"
              "  network.N       former files of the network, see --rotate\n"
              "  network.claims  who holds which address; may be removed when nobody runs"},
    {"Examples", "  broker --name kitchen\n"
                 "  echo me:secret | broker --hash-password >> passwords\n"
                 "  broker --suite sodium --password-file passwords"},
};

static const struct program program = {
    .name = "broker",
    .summary = "a broker of a simulated MQTT network",
    .synopsis = "[OPTION]...",
    .options = rows,
    .option_count = sizeof rows / sizeof *rows,
    .sections = sections,
    .section_count = sizeof sections / sizeof *sections,
};

int main(int argc, char **argv) {
    struct options options = {0};
    switch (options_parse(&program, argc, argv, &options, NULL, stdout, stderr)) {
    case OPTIONS_SHOWN:
        return SESSION_OK;
    case OPTIONS_WRONG:
        return SESSION_USAGE;
    case OPTIONS_RUN:
        break;
    }
    if (options.hash_password) {
        return passwords_hash_line();
    }
    static const char *const suites[] = {"classic", "sodium", "any"};
    struct line_door_config *line = &options.broker.config.line;
    line->suite = (enum suite_policy)options.suite;
    line->name = options.name != NULL ? bytes_of_text(options.name) : (struct bytes){0};
    line->limits.connections = (uint32_t)options.connections;
    line->limits.subscriptions = (uint32_t)options.subscriptions;
    line->limits.devices = (uint32_t)options.devices;
    options.broker.config.values.entries_max = (uint32_t)options.entries;
    options.broker.config.values.bytes_max = options.entry_bytes;
    options.broker.session.suite = suites[options.suite];
    return broker_session_run(&options.broker);
}
