// The client program: its options and their way into the session.
#include "session/client_session.h"
#include "session/common_options.h"

struct options {
    struct client_session_options client;
    const char *name;
    int suite;
    uint64_t connections;
    uint64_t subscriptions;
    uint64_t devices;
    uint64_t entries;
    uint64_t entry_bytes;
};

static const struct option_row rows[] = {
    COMMON_NETWORK_ROWS(struct options, client.session),
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
     .preset = "classic",
     .help = "How to agree on a key and seal payloads: classic shows how it is done and protects "
             "nothing, sodium is real encryption, any takes sodium if the broker does too."},
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
    {.name = "silence",
     .type = OPTION_DURATION,
     .offset = offsetof(struct options, client.config.silence),
     .argument = "SECONDS",
     .preset = "100",
     .min = 0.1,
     .max = 31536000,
     .group = "Limits and intervals",
     .help = "Give up a broker that was not heard of for so long."},
    COMMON_FILE_ROWS(struct options, client.session),
    {.name = "max-connections",
     .type = OPTION_NUMBER,
     .offset = offsetof(struct options, connections),
     .argument = "N",
     .preset = "100",
     .min = 1,
     .max = 1000000,
     .group = "Limits and intervals",
     .help = "Connections at a time."},
    {.name = "max-subscriptions",
     .type = OPTION_NUMBER,
     .offset = offsetof(struct options, subscriptions),
     .argument = "N",
     .preset = "10000",
     .min = 1,
     .max = 1000000,
     .group = "Limits and intervals",
     .help = "Subscriptions at a time."},
    {.name = "max-devices",
     .type = OPTION_NUMBER,
     .offset = offsetof(struct options, devices),
     .argument = "N",
     .preset = "10000",
     .min = 1,
     .max = 1000000,
     .group = "Limits and intervals",
     .help = "Devices to remember."},
    {.name = "max-entries",
     .type = OPTION_NUMBER,
     .offset = offsetof(struct options, entries),
     .argument = "N",
     .preset = "100000",
     .min = 1,
     .max = 1e9,
     .group = "Limits and intervals",
     .help = "Topics whose last value is kept."},
    {.name = "max-entry-bytes",
     .type = OPTION_SIZE,
     .offset = offsetof(struct options, entry_bytes),
     .argument = "BYTES",
     .preset = "64M",
     .min = 1024,
     .max = 1e12,
     .group = "Limits and intervals",
     .help = "The memory of those topics and values."},
};

static const struct option_section sections[] = {
    {"Description",
     "A client joins a network, connects with brokers, subscribes to topics and publishes entries. "
     "On a terminal it takes commands line by line; otherwise it takes them from standard input or "
     "from --run, and prints each update as a line: the topic, a blank, the value. Notices and "
     "errors go to standard error.\n\n"
     "The session ends with its commands, unless --stay, --wait or --count keep it."},
    {"Commands",
     "  help                        show this list\n"
     "  exit                        disconnect, leave the network and end\n"
     "  tgll                        toggle listening: whether updates are shown\n"
     "  conn [address]              connect with a broker\n"
     "  disc [address]              disconnect from a broker\n"
     "  subs [address] topic        subscribe; + stands for one level, # for all that follow\n"
     "  unsb [address] topic        end a subscription\n"
     "  publ [address] topic value  publish an entry\n"
     "  list                        show devices, connections, subscriptions, entries\n"
     "\n"
     "An address may be omitted whenever there is only one possibility. A text in \"…\" may hold "
     "blanks and \\\" \\\\ \\n \\t \\xHH; the value is the rest of the line."},
    COMMON_EXIT_STATUS,
    {"Examples", "  client --run 'conn; subs home/#' --stay\n"
                 "  printf 'conn\\nsubs a/+\\npubl a/b 1\\n' | client --count 1\n"
                 "  vmstat 1 | client --publish machine/vmstat"},
};

static const struct program program = {
    .name = "client",
    .summary = "a client of a simulated MQTT network",
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
    static const char *const suites[] = {"classic", "sodium", "any"};
    struct client_config *config = &options.client.config;
    config->suite = (enum suite_policy)options.suite;
    config->name = options.name != NULL ? bytes_of_text(options.name) : (struct bytes){0};
    config->limits.connections = (uint32_t)options.connections;
    config->limits.subscriptions = (uint32_t)options.subscriptions;
    config->limits.devices = (uint32_t)options.devices;
    config->limits.values.entries_max = (uint32_t)options.entries;
    config->limits.values.bytes_max = options.entry_bytes;
    options.client.session.suite = suites[options.suite];
    return client_session_run(&options.client);
}
