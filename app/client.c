// The client program: its options and their way into the session.
#include "session/client/client_session.h"
#include "session/line/common_options.h"

struct options {
    struct client_session_options client;
    struct common_device_options device;
};

static const struct option_row rows[] = {
    COMMON_NETWORK_ROWS(struct options, client.session),
    COMMON_NAME_ROW(struct options, device),
    COMMON_SUITE_ROW(struct options, device, "classic",
                     "How to agree on a key and seal payloads: classic shows how it is done and "
                     "protects nothing, sodium is real encryption, any takes sodium if the broker "
                     "does too."),
    {.name = "credentials",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, client.credentials),
     .argument = "FILE",
     .min = 1,
     .help = "A file with a line user:password for brokers that ask for it. With suite classic it "
             "travels readable, with sodium sealed, with any only ever sealed."},
    {.name = "publish",
     .letter = 'p',
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, client.publish),
     .argument = "TOPIC",
     .group = "Script",
     .help = "Publish each line of standard input to TOPIC. Connects by itself unless --run says "
             "what to do first."},
    COMMON_SCRIPT_ROWS(struct options, client.session),
    {.name = "timeout",
     .letter = 't',
     .type = OPTION_DURATION,
     .offset = offsetof(struct options, client.config.answer_timeout),
     .argument = "SECONDS",
     .preset = "5",
     .min = 0.1,
     .max = 3600,
     .group = "Limits and intervals",
     .help = "How long to wait for a broker's answer."},
    {.name = "idle-timeout",
     .type = OPTION_DURATION,
     .offset = offsetof(struct options, client.config.silence),
     .argument = "SECONDS",
     .preset = "100",
     .min = 0.1,
     .max = 31536000,
     .group = "Limits and intervals",
     .help = "Give up a broker that was not heard of for so long."},
    COMMON_FAULT_ROWS(struct options, client.session),
    COMMON_FILE_ROWS(struct options, client.session),
    COMMON_LIMIT_ROW(struct options, device.connections, "max-connections", "100",
                     "Connections at a time."),
    COMMON_LIMIT_ROW(struct options, device.subscriptions, "max-subscriptions", "10000",
                     "Subscriptions at a time."),
    COMMON_ENTRY_ROWS(struct options, device, "100000", "64M"),
};

static const char description[] =
    "A client joins a network, connects with brokers, subscribes to topics and publishes entries. "
    "On a terminal it takes commands line by line; otherwise it takes them from standard input or "
    "from --run, and prints each update as a line: the topic, a blank, the value. Notices and "
    "errors go to standard error.\n\n"
    "The session ends with its commands, unless --stay, --wait or --count keep it.";

static void configure(struct options *options) {
    const struct common_device_options *device = &options->device;
    struct client_config *config = &options->client.config;
    config->suite = (enum suite_policy)device->suite;
    config->name = common_name(device);
    config->limits.connections = (uint32_t)device->connections;
    config->limits.subscriptions = (uint32_t)device->subscriptions;
    config->limits.devices = (uint32_t)device->devices;
    config->limits.values.entries_max = (uint32_t)device->entries;
    config->limits.values.bytes_max = device->entry_bytes;
    options->client.session.suite = common_suite_name(device);
}

int main(int argc, char **argv) {
    char commands[COMMON_COMMANDS_SIZE];
    const struct option_section sections[] = {
        {"Description", description},
        common_commands_section(
            commands, &client_session_commands,
            "An address may be omitted whenever there is only one possibility. A text in \"…\" may "
            "hold blanks and \\\" \\\\ \\n \\t \\xHH; the value is the rest of the line."),
        COMMON_EXIT_STATUS,
        {"Examples", "  client --run 'conn; subs home/#' --stay\n"
                     "  printf 'conn\\nsubs a/+\\npubl a/b 1\\n' | client --count 1\n"
                     "  vmstat 1 | client --publish machine/vmstat"},
    };
    const struct program program = {
        .name = "client",
        .summary = "a client of a simulated MQTT network",
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
    configure(&options);
    return client_session_run(&options.client);
}
