// The broker program: its options and their way into the session.
#include "session/broker_session.h"
#include "session/common_options.h"
#include "session/passwords.h"

struct options {
    struct broker_session_options broker;
    struct common_device_options device;
    bool hash_password;
    bool scram_password;
};

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
     .help =
         "Accept only clients whose credentials stand in FILE, as lines user:password; see "
         "--hash-password and --scram-password for what may stand there in place of passwords."},
    {.name = "hash-password",
     .type = OPTION_FLAG,
     .offset = offsetof(struct options, hash_password),
     .help = "Read a line user:password from standard input, print it with the password hashed, "
             "for the password file, and end."},
    {.name = "scram-password",
     .type = OPTION_FLAG,
     .offset = offsetof(struct options, scram_password),
     .help = "The same with a SCRAM-SHA-256 verifier in place of the hash: clients can prove then "
             "that they know the password without sending it."},
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
    COMMON_LIMIT_ROW(struct options, device.connections, "max-connections", "1000",
                     "Connections at a time; more are answered 509."),
    COMMON_LIMIT_ROW(struct options, device.subscriptions, "max-subscriptions", "10000",
                     "Subscriptions of one connection; more are answered 509."),
    COMMON_ENTRY_ROWS(struct options, device, "1000000", "256M"),
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
                     "  echo me:secret | broker --hash-password >> passwords\n"
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
    };
    struct options options = {0};
    int exit_code;
    if (!common_parse(&program, argc, argv, &options, &exit_code)) {
        return exit_code;
    }
    if (options.hash_password) {
        return passwords_hash_line();
    }
    if (options.scram_password) {
        return passwords_scram_line();
    }
    const struct line_door_config *line = &options.broker.config.line;
    if (line->silence <= line->ping_interval) {
        fputs("broker: --silence: must be more than --ping-interval, else connections end for want "
              "of "
              "a ping; see broker --help\n",
              stderr);
        return SESSION_USAGE;
    }
    configure(&options);
    return broker_session_run(&options.broker);
}
