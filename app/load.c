// The program load: its options and their way into the load session.
#include <sodium.h>

#include "session/line/common_options.h"
#include "session/load/load_session.h"
#include "shell/printable.h"

#define WINDOW 64
#define WINDOW_QOS_2 20

struct options {
    const char *host;
    const char *path;
    const char *user;
    const char *password;
    const char *topic;
    const char *filter;
    const char *client_id;
    uint64_t port;
    uint64_t publishers;
    uint64_t subscribers;
    uint64_t topics;
    uint64_t filters;
    uint64_t qos;
    uint64_t payload;
    uint64_t rate;
    uint64_t window;
    uint64_t messages;
    uint64_t seconds;
    uint64_t warm_up;
    uint64_t timeout;
    uint64_t connect_rate;
    uint64_t idle;
    uint64_t retained;
    uint64_t keep_alive;
    uint64_t pid;
    uint64_t run;
    int version;
    bool all;
    bool pairs;
    bool keeps;
    bool subscribe_each;
    bool json;
};

#define NUMBER_ROW(option, member_name, least, most, default_text, group_name, text)              \
    {                                                                                             \
        .name = (option), .type = OPTION_NUMBER, .offset = offsetof(struct options, member_name), \
        .argument = "N", .preset = (default_text), .min = (least), .max = (most),                 \
        .group = (group_name), .help = (text)                                                     \
    }

#define TEXT_ROW(option, member_name, argument_name, default_text, group_name, text)            \
    {                                                                                           \
        .name = (option), .type = OPTION_TEXT, .offset = offsetof(struct options, member_name), \
        .argument = (argument_name), .preset = (default_text), .min = 1, .max = 65535,          \
        .group = (group_name), .help = (text)                                                   \
    }

#define SECONDS_ROW(option, member_name, least, default_text, group_name, text)           \
    {                                                                                     \
        .name = (option), .type = OPTION_DURATION,                                        \
        .offset = offsetof(struct options, member_name), .argument = "SECONDS",           \
        .preset = (default_text), .min = (least), .max = 31536000, .group = (group_name), \
        .help = (text)                                                                    \
    }

#define FLAG_ROW(option, member_name, group_name, text)                                         \
    {                                                                                           \
        .name = (option), .type = OPTION_FLAG, .offset = offsetof(struct options, member_name), \
        .group = (group_name), .help = (text)                                                   \
    }

#define WHO "Who publishes and subscribes to what"
#define MUCH "How much"
#define MEMORY "Memory and retained messages"

static const struct option_row rows[] = {
    {.name = "host",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, host),
     .argument = "NAME",
     .preset = "127.0.0.1",
     .min = 1,
     .max = 255,
     .help = "The broker's host."},
    {.name = "port",
     .letter = 'p',
     .type = OPTION_NUMBER,
     .offset = offsetof(struct options, port),
     .argument = "N",
     .preset = "1883",
     .min = 1,
     .max = 65535,
     .help = "The broker's TCP port."},
    TEXT_ROW("path", path, "FILE", NULL, NULL,
             "The broker's Unix socket, in place of host and port."),
    {.name = "mqtt",
     .type = OPTION_CHOICE,
     .offset = offsetof(struct options, version),
     .argument = "VERSION",
     .choices = "3.1|3.1.1|5",
     .preset = "3.1.1",
     .help = "The version of MQTT."},
    TEXT_ROW("user", user, "NAME", NULL, NULL, "The user name for all connections."),
    TEXT_ROW("password", password, "TEXT", NULL, NULL, "The password for all connections."),
    TEXT_ROW("client-id", client_id, "TEXT", "load", NULL,
             "What client identifiers begin with; the run's number, a letter and a number follow."),
    NUMBER_ROW("run", run, 1, UINT32_MAX, NULL, NULL,
               "The run's number, in client identifiers and as %r in topics and filters, which "
               "keeps loads apart that run at one broker. Without it a random one."),
    NUMBER_ROW("keep-alive", keep_alive, 0, 65535, "0", NULL,
               "Seconds after which the broker may take a silent connection for dead, and in half "
               "of which it is pinged; 0: never."),
    {.name = "json",
     .letter = 'j',
     .type = OPTION_FLAG,
     .offset = offsetof(struct options, json),
     .help = "Print the report as one JSON object."},

    NUMBER_ROW("publishers", publishers, 1, 100000, NULL, WHO,
               "Connections that publish. Without it 1, or none with --idle."),
    NUMBER_ROW("subscribers", subscribers, 1, 100000, NULL, WHO,
               "Connections that subscribe. Without it as many as publishers."),
    NUMBER_ROW("topics", topics, 1, 1e6, "1", WHO, "Topics of each publisher, taken in turn."),
    TEXT_ROW("topic", topic, "PATTERN", "load/%p/%t-%r", WHO,
             "Names of topics: %p becomes the publisher's number, %t that of its topic, %r the "
             "run's. With %r in it nobody else is expected to publish there."),
    FLAG_ROW("pairs", pairs, WHO,
             "Subscriber i gets what publisher i publishes, counted round when there are more of "
             "one kind. So it is without --all, --filter and --filters."),
    FLAG_ROW("all", all, WHO, "Each subscriber subscribes to all topics by their names."),
    TEXT_ROW("filter", filter, "PATTERN", NULL, WHO,
             "The topic filter of each subscriber: %s becomes its number, %r the run's. With "
             "$share/GROUP/ in front, each message is to come to one subscriber of the group."),
    NUMBER_ROW("filters", filters, 1, 1e6, NULL, WHO,
               "Wildcard filters of each subscriber, of which every message matches three, of "
               "three subscribers."),
    FLAG_ROW("no-clean", keeps, NULL,
             "Keep the sessions that the broker has: no clean start. To come back to them, give "
             "the --run of before."),

    NUMBER_ROW("qos", qos, 0, 2, "0", MUCH, "The quality of service of both ways."),
    {.name = "payload",
     .type = OPTION_SIZE,
     .offset = offsetof(struct options, payload),
     .argument = "BYTES",
     .preset = "64",
     .min = LOAD_HEAD_BYTES,
     .max = 128 * OPTION_MIB,
     .group = MUCH,
     .help = "The size of each payload."},
    NUMBER_ROW(
        "rate", rate, 1, 1e8, NULL, MUCH,
        "Messages a second in all, whatever the broker does. Without it the windows decide."),
    NUMBER_ROW("window", window, 1, 65535, NULL, MUCH,
               "Messages of each publisher that may be in flight: not yet delivered to all, "
               "and with QoS 1 and 2 not yet acknowledged. Without it 64; with QoS 2 the 20 that "
               "brokers usually take."),
    NUMBER_ROW("messages", messages, 1, 1e12, NULL, MUCH, "End after N messages in all."),
    SECONDS_ROW("seconds", seconds, 0.1, "5", MUCH,
                "End after so long, warm-up not counted, unless --messages is given. Idle "
                "connections alone are held open for so long."),
    SECONDS_ROW("warm-up", warm_up, 0, "0.5", MUCH,
                "Check, but do not measure, what is sent during this time at the start."),
    SECONDS_ROW("timeout", timeout, 0.1, "5", MUCH,
                "If nothing that is outstanding arrives for this long, it counts as lost, not "
                "answered or not sent."),
    NUMBER_ROW("connect-rate", connect_rate, 1, 1e6, NULL, MUCH,
               "Connections opened per second. Without it as many as the broker accepts."),

    NUMBER_ROW("pid", pid, 1, 4194304, NULL, MEMORY,
               "The broker's process id, to measure its CPU time and memory."),
    NUMBER_ROW("idle", idle, 1, 1e6, NULL, MEMORY,
               "Open connections that do nothing and hold them open, to see what one takes."),
    FLAG_ROW("subscribe-each", subscribe_each, MEMORY,
             "Each of those has one subscription, to a topic of its own."),
    NUMBER_ROW("retained", retained, 1, 1e6, NULL, MEMORY,
               "Publish N retained messages, then time a new subscriber to # (or --filter), then "
               "take them away. Nothing else is published; with QoS 0 they go out with QoS 1."),
};

static const struct option_section sections[] = {
    {"Description",
     "Connects publishers and subscribers to an MQTT broker, any, has them talk as fast as "
     "windows or a rate let them, and checks that every message comes to everybody who is to get "
     "it, once, in order, unchanged and with its QoS, and is acknowledged. It reports how fast "
     "that went, how long messages took, and, told the broker's process with --pid, what it cost "
     "the broker.\n\n"
     "Each payload carries the run's number, the message's and the time it was sent; all its other "
     "bytes follow from these, and every byte is checked. Faults are:\n\n"
     "  lost           a copy that was to come and did not, for whatever reason: with QoS 0, too,\n"
     "                 where a broker whose queues are full may drop it (a --rate may be too "
     "much)\n"
     "  repeated       a copy that came again; with the DUP flag it may before 5.0 (sent again)\n"
     "  out of order   a copy that came after a later one of its topic; not of shared filters\n"
     "  not asked for  a message nobody subscribed to, or of ours under another topic\n"
     "  changed        a message of other bytes or another length; one whose numbers are spoilt "
     "is\n"
     "                 lost, too\n"
     "  lower QoS      a message that came with a lower QoS than it was sent and granted\n"
     "  unsent         of --messages; of a --rate, when more than a second of it was held up\n"
     "  unacknowledged a message of QoS 1 or 2 without PUBACK, or PUBREC and PUBCOMP\n"
     "  unreleased     a message of QoS 2 that came without its PUBREL\n\n"
     "Messages of other publishers, and of other runs, that come by a filter are counted and no "
     "fault.\n\n"
     "With a window a publisher sends as soon as enough of what it sent has "
     "come to all its subscribers; so latencies are then those of a full house. For latencies at "
     "ease give a --rate.\n\n"
     "A signal (Ctrl-C) ends a run early: what is on its way is waited for, and the report is of "
     "what there is."},
    {"Exit status", "  0  everything came as it should\n"
                    "  1  there is a fault of those above, or a connection failed\n"
                    "  2  an option is wrong, or nothing was to come to anybody, so that nothing "
                    "was checked\n"
                    "  3  there is no such host or process, or the report cannot be written"},
    {"Examples", "  load --publishers 10 --qos 1\n"
                 "  load --subscribers 100 --seconds 3 --pid $(pidof mosquitto)\n"
                 "  load --publishers 100 --subscribers 1 --all\n"
                 "  load --publishers 10 --rate 20000\n"
                 "  load --publishers 10 --subscribers 100 --filters 100\n"
                 "  load --publishers 4 --subscribers 3 --filter '$share/g/load/+/+'\n"
                 "  load --idle 10000 --subscribe-each --pid $(pidof mosquitto)\n"
                 "  load --retained 50000 --json | jq .retrieving_ns"},
};

static const struct program program = {
    .name = "load",
    .summary = "load an MQTT broker, check what it delivers and measure it",
    .synopsis = "[OPTION]...",
    .options = rows,
    .option_count = sizeof rows / sizeof *rows,
    .sections = sections,
    .section_count = sizeof sections / sizeof *sections,
};

static bool are_compatible(const struct options *options) {
    int ways = options->all + options->pairs + (options->filter != NULL) + (options->filters > 0);
    if (ways > 1) {
        printable_complain("load: --pairs, --all, --filter and --filters: give only one of them\n");
        return false;
    }
    if (options->retained > 0 &&
        (options->idle > 0 || options->publishers > 0 || options->subscribers > 0 ||
         options->rate > 0 || options->all || options->pairs || options->filters > 0)) {
        printable_complain("load: --retained: measures nothing else; leave out publishers, "
                           "subscribers, --all, --pairs, --filters, --rate and --idle\n");
        return false;
    }
    if (options->subscribe_each && options->idle == 0) {
        printable_complain("load: --subscribe-each: is for --idle connections; give it, too\n");
        return false;
    }
    if (options->idle > 0 && options->publishers == 0 && options->subscribers > 0) {
        printable_complain("load: --subscribers beside --idle: give --publishers, too\n");
        return false;
    }
    if (options->password != NULL && options->user == NULL) {
        printable_complain("load: --password: needs --user\n");
        return false;
    }
    return true;
}

static uint32_t run_of(const struct options *options) {
    return options->run > 0 ? (uint32_t)options->run : 1 + randombytes_uniform(UINT32_MAX);
}

static struct load_settings settings_of(const struct options *options, uint32_t run) {
    bool retains = options->retained > 0;
    return (struct load_settings){
        .version = (enum mqtt_version)(MQTT_3_1 + options->version),
        .qos = (uint8_t)(retains && options->qos == 0 ? 1 : options->qos),
        .clean = !options->keeps,
        .retain = retains,
        .open = options->rate > 0,
        .keep_alive = (uint16_t)options->keep_alive,
        // By the clock, the window does not count; identifiers do.
        .window = options->rate > 0     ? UINT16_MAX
                  : options->window > 0 ? (uint16_t)options->window
                  : options->qos == 2   ? WINDOW_QOS_2
                                        : WINDOW,
        .payload_bytes = (uint32_t)options->payload,
        .user_name = options->user,
        .password = options->password,
        .run = run,
        .client_id = bytes_of_text(options->client_id),
    };
}

static struct load_plan_options plan_of(const struct options *options, uint32_t run) {
    if (options->retained > 0) {
        return (struct load_plan_options){
            .publishers = 1,
            .topics = (uint32_t)options->retained,
            .subscribers = 1,
            .run = run,
            .assignment = LOAD_PATTERN,
            .topic = BYTES_LITERAL("load/retained/%t-%r"),
            .filter = bytes_of_text(options->filter != NULL ? options->filter : "#")};
    }
    bool talks = options->idle == 0 || options->publishers > 0;
    uint64_t publishers = options->publishers > 0 ? options->publishers : talks;
    uint64_t subscribers = options->subscribers > 0 ? options->subscribers : publishers;
    return (struct load_plan_options){
        .publishers = (uint32_t)publishers,
        .topics = (uint32_t)options->topics,
        .subscribers = (uint32_t)subscribers,
        .filters = (uint32_t)options->filters,
        .run = run,
        .assignment = options->all              ? LOAD_ALL
                      : options->filter != NULL ? LOAD_PATTERN
                      : options->filters > 0    ? LOAD_FILTERS
                                                : LOAD_PAIRS,
        .topic = bytes_of_text(options->topic),
        .filter = options->filter != NULL ? bytes_of_text(options->filter) : bytes_make(NULL, 0),
    };
}

int main(int argc, char **argv) {
    struct options options = {0};
    int code = PROGRAM_OK;
    if (!common_parse(&program, argc, argv, &options, &code)) {
        return code;
    }
    if (!are_compatible(&options)) {
        return PROGRAM_USAGE;
    }
    uint32_t run = run_of(&options);
    return load_session_run(&(struct load_session_options){
        .host = options.host,
        .port = options.port,
        .path = options.path,
        .settings = settings_of(&options, run),
        .plan = plan_of(&options, run),
        .idle = (uint32_t)options.idle,
        .retained = (uint32_t)options.retained,
        .subscribe_each = options.subscribe_each,
        .json = options.json,
        .messages = options.messages,
        .duration = options.seconds,
        .warm_up = options.messages > 0 ? 0 : options.warm_up,
        .timeout = options.timeout,
        .rate = options.rate,
        .connect_rate = options.connect_rate,
        .pid = options.pid,
    });
}
