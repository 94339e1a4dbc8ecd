// The client program: its options and their way into the session.
#include "session/client/client_session.h"
#include "session/line/common_options.h"
#include "session/mqtt_client/mqtt_client_session.h"

struct options {
    struct client_session_options client;
    struct common_device_options device;
    struct mqtt_client_session_options mqtt;
    uint64_t packet_bytes;
    uint64_t receive_maximum;
    uint64_t aliases;
    uint64_t in_flight;
    uint64_t messages;
};

#define MQTT_GROUP "Real MQTT, with --mqtt"
#define MQTT_TLS_GROUP "Certificates, with --mqtt"
#define MQTT_AGAIN_GROUP "Trying again, with --mqtt"
#define MQTT_LIMITS_GROUP "Limits, with --mqtt"

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
     .help = "Give up a broker after nothing was heard from it for this long."},
    COMMON_FAULT_ROWS(struct options, client.session),
    COMMON_FILE_ROWS(struct options, client.session),
    COMMON_LIMIT_ROW(struct options, device.connections, "max-connections", "100",
                     "Connections at a time."),
    COMMON_LIMIT_ROW(struct options, device.subscriptions, "max-subscriptions", "10000",
                     "Subscriptions at a time."),
    COMMON_ENTRY_ROWS(struct options, device, "100000", "64M"),
    {.name = "mqtt",
     .letter = 'm',
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, mqtt.url),
     .argument = "URL",
     .min = 1,
     .group = MQTT_GROUP,
     .help = "Be a client of real MQTT in place of the network file: mqtt://HOST[:PORT], mqtts://, "
             "ws://, wss:// (with a /PATH), or unix:PATH. A user's name may stand before the "
             "host."},
    {.name = "mqtt-version",
     .type = OPTION_CHOICE,
     .offset = offsetof(struct options, mqtt.version),
     .argument = "VERSION",
     .preset = "5",
     .choices = "5|3.1.1|3.1",
     .group = MQTT_GROUP,
     .help = "The version of MQTT."},
    {.name = "client-id",
     .letter = 'i',
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, mqtt.client_id),
     .argument = "ID",
     .max = 65535,
     .group = MQTT_GROUP,
     .help = "The client identifier. Without it one is made up; an empty one leaves it to the "
             "broker."},
    {.name = "scram",
     .type = OPTION_FLAG,
     .offset = offsetof(struct options, mqtt.uses_scram),
     .group = MQTT_GROUP,
     .help = "Prove the password by SCRAM-SHA-256 in place of sending it (version 5)."},
    {.name = "keep-session",
     .type = OPTION_FLAG,
     .offset = offsetof(struct options, mqtt.keeps_session),
     .group = MQTT_GROUP,
     .help = "Resume the earlier session, and keep it at the end: no clean start."},
    {.name = "keep-alive",
     .letter = 'k',
     .type = OPTION_NUMBER,
     .offset = offsetof(struct options, mqtt.keep_alive),
     .argument = "SECONDS",
     .preset = "60",
     .max = 65535,
     .group = MQTT_GROUP,
     .help = "How long neither side may be silent; 0: no limit."},
    {.name = "qos",
     .letter = 'q',
     .type = OPTION_NUMBER,
     .offset = offsetof(struct options, mqtt.qos),
     .argument = "N",
     .max = 2,
     .group = MQTT_GROUP,
     .help = "The quality of service if none is given."},
    {.name = "retain",
     .type = OPTION_FLAG,
     .offset = offsetof(struct options, mqtt.retain),
     .group = MQTT_GROUP,
     .help = "Messages of --publish are retained."},
    {.name = "whole",
     .type = OPTION_FLAG,
     .offset = offsetof(struct options, mqtt.is_whole),
     .group = MQTT_GROUP,
     .help = "What --publish publishes is all of standard input, as one message, byte for byte."},
    {.name = "retained",
     .type = OPTION_CHOICE,
     .offset = offsetof(struct options, mqtt.retained),
     .argument = "WHICH",
     .preset = "shown",
     .choices = "shown|hidden|only",
     .group = MQTT_GROUP,
     .help = "Messages that the broker had retained: shown with the others, hidden, or the only "
             "ones that are shown and counted."},
    {.name = "except",
     .type = OPTION_LIST,
     .offset = offsetof(struct options, mqtt.exceptions),
     .argument = "FILTER",
     .min = 1,
     .group = MQTT_GROUP,
     .help = "Neither show nor count messages of these topics. May be given several times."},
    {.name = "remove-retained",
     .type = OPTION_FLAG,
     .offset = offsetof(struct options, mqtt.removes_retained),
     .group = MQTT_GROUP,
     .help = "Remove each retained message that is shown from the broker."},
    {.name = "repeat",
     .type = OPTION_NUMBER,
     .offset = offsetof(struct options, mqtt.repeat),
     .argument = "N",
     .preset = "1",
     .min = 1,
     .max = 1e15,
     .group = MQTT_GROUP,
     .help = "Publish each message N times."},
    {.name = "repeat-delay",
     .type = OPTION_DURATION,
     .offset = offsetof(struct options, mqtt.repeat_delay),
     .argument = "SECONDS",
     .max = 86400,
     .group = MQTT_GROUP,
     .help = "How long to wait between these times."},
    {.name = "bind",
     .letter = 'A',
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, mqtt.bind),
     .argument = "ADDRESS",
     .min = 1,
     .group = MQTT_GROUP,
     .help = "The address of this machine to connect from."},
    {.name = "proxy",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, mqtt.proxy),
     .argument = "URL",
     .min = 1,
     .group = MQTT_GROUP,
     .help = "Connect through a SOCKS5 proxy, which looks the broker's name up: "
             "socks5h://[USER@]HOST[:PORT]."},
    {.name = "proxy-credentials",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, mqtt.proxy_credentials),
     .argument = "FILE",
     .min = 1,
     .group = MQTT_GROUP,
     .help = "A file with a line user:password for the proxy."},
    {.name = "will",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, mqtt.will),
     .argument = "WORDS",
     .min = 1,
     .group = MQTT_GROUP,
     .help =
         "The will, in the words of the command: 'TOPIC VALUE [QOS] [retain] [NAME=VALUE]...'."},
    {.name = "property",
     .letter = 'D',
     .type = OPTION_LIST,
     .offset = offsetof(struct options, mqtt.properties),
     .argument = "WORDS",
     .min = 1,
     .group = MQTT_GROUP,
     .help = "A property of all packets of a kind: 'connect session-expiry 60', 'publish "
             "content-type text/plain', 'subscribe user:NAME VALUE'. May be given several times."},
    {.name = "must-fire",
     .type = OPTION_FLAG,
     .offset = offsetof(struct options, mqtt.must_fire),
     .group = MQTT_GROUP,
     .help = "End with exit code 1 if a rule of --fault or --fault-file never hit."},
    {.name = "packets",
     .letter = 'P',
     .type = OPTION_FLAG,
     .offset = offsetof(struct options, mqtt.shows_packets),
     .group = MQTT_GROUP,
     .help = "Show each packet that is sent or received."},
    {.name = "format",
     .letter = 'F',
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, mqtt.format),
     .argument = "TEXT",
     .group = MQTT_GROUP,
     .help = "How to print a message, with the conversions of mosquitto_sub: %t topic, %p payload, "
             "%q QoS, %r retain, %l length, %x hexadecimal, %I time, %j JSON, and others."},
    {.name = "redirects",
     .type = OPTION_NUMBER,
     .offset = offsetof(struct options, mqtt.redirects),
     .argument = "N",
     .max = 16,
     .group = MQTT_GROUP,
     .help = "How many times in a row to follow a broker that redirects to another one."},
    {.name = "tls-ca",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, mqtt.trust.authority),
     .argument = "FILE",
     .min = 1,
     .group = MQTT_TLS_GROUP,
     .help = "The certificates of authorities to trust, in PEM. Without it those of the machine."},
    {.name = "tls-certificate",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, mqtt.trust.certificate),
     .argument = "FILE",
     .min = 1,
     .group = MQTT_TLS_GROUP,
     .help = "The client's own certificate, in PEM."},
    {.name = "tls-key",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, mqtt.trust.key),
     .argument = "FILE",
     .min = 1,
     .group = MQTT_TLS_GROUP,
     .help = "Its private key, in PEM, without a passphrase."},
    {.name = "tls-psk",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, mqtt.psk),
     .argument = "FILE",
     .min = 1,
     .group = MQTT_TLS_GROUP,
     .help = "A file with a line identity:key of a key that both sides know, in hexadecimal, in "
             "place of certificates."},
    {.name = "tls-alpn",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, mqtt.trust.alpn),
     .argument = "NAME",
     .min = 1,
     .max = 255,
     .group = MQTT_TLS_GROUP,
     .help = "The application protocol to ask for, as mqtt (RFC 7301)."},
    {.name = "tls-insecure",
     .type = OPTION_FLAG,
     .offset = offsetof(struct options, mqtt.trust.is_insecure),
     .group = MQTT_TLS_GROUP,
     .help = "Accept any certificate: anyone in between can read everything."},
    {.name = "reconnect",
     .letter = 'R',
     .type = OPTION_CHOICE,
     .offset = offsetof(struct options, mqtt.retry_kind),
     .argument = "POLICY",
     .preset = "never",
     .choices = "never|fixed|exponential|full|decorrelated",
     .group = MQTT_AGAIN_GROUP,
     .help = "How to wait before a connection is tried again: always equally long, twice as long "
             "each time, or at random, with full or decorrelated jitter."},
    {.name = "reconnect-delay",
     .type = OPTION_DURATION,
     .offset = offsetof(struct options, mqtt.retry.first),
     .argument = "SECONDS",
     .preset = "1",
     .min = 0.001,
     .max = 86400,
     .group = MQTT_AGAIN_GROUP,
     .help = "The first wait."},
    {.name = "reconnect-max-delay",
     .type = OPTION_DURATION,
     .offset = offsetof(struct options, mqtt.retry.most),
     .argument = "SECONDS",
     .preset = "60",
     .min = 0.001,
     .max = 86400,
     .group = MQTT_AGAIN_GROUP,
     .help = "The longest wait."},
    {.name = "reconnect-attempts",
     .type = OPTION_NUMBER,
     .offset = offsetof(struct options, mqtt.retry_attempts),
     .argument = "N",
     .max = 4294967295,
     .group = MQTT_AGAIN_GROUP,
     .help = "How many attempts in a row may fail; 0: any number."},
    {.name = "max-packet-bytes",
     .type = OPTION_SIZE,
     .offset = offsetof(struct options, packet_bytes),
     .argument = "BYTES",
     .preset = "16M",
     .min = 64,
     .max = 268435460,
     .group = MQTT_LIMITS_GROUP,
     .help = "The largest packet to accept."},
    {.name = "receive-maximum",
     .type = OPTION_NUMBER,
     .offset = offsetof(struct options, receive_maximum),
     .argument = "N",
     .preset = "1000",
     .min = 1,
     .max = 65535,
     .group = MQTT_LIMITS_GROUP,
     .help = "QoS 1 and 2 messages that a broker may have in flight to this client."},
    {.name = "max-in-flight",
     .type = OPTION_NUMBER,
     .offset = offsetof(struct options, in_flight),
     .argument = "N",
     .preset = "1000",
     .min = 1,
     .max = 61439,
     .group = MQTT_LIMITS_GROUP,
     .help = "QoS 1 and 2 messages of this client in flight."},
    {.name = "max-messages",
     .type = OPTION_NUMBER,
     .offset = offsetof(struct options, messages),
     .argument = "N",
     .preset = "10000",
     .min = 1,
     .max = 10000000,
     .group = MQTT_LIMITS_GROUP,
     .help = "Messages waiting or in flight; beyond that no more input is read."},
    {.name = "topic-aliases",
     .type = OPTION_NUMBER,
     .offset = offsetof(struct options, aliases),
     .argument = "N",
     .preset = "16",
     .max = 1000,
     .group = MQTT_LIMITS_GROUP,
     .help = "Topic aliases, each way (version 5)."},
};

static const char description[] =
    "A client joins a network, connects with brokers, subscribes to topics and publishes entries. "
    "On a terminal it takes commands line by line; otherwise it takes them from standard input or "
    "from --run, and prints each update as a line: the topic, a blank, the value. Notices and "
    "errors go to standard error.\n\n"
    "The session ends with its commands, unless --stay, --wait or --count keep it.\n\n"
    "With --mqtt it is a client of real MQTT at any broker, with the same words: conn, disc, subs "
    "topic [qos], unsb, publ topic value [qos] [retain], list, tgll, and besides will, ping and "
    "drop. It connects by itself when a command needs a connection. See docs/client.md.";

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

static void configure_mqtt(struct options *options) {
    options->mqtt.run = options->client.session.run;
    options->mqtt.faults = options->client.session.levers;
    options->mqtt.publish = options->client.publish;
    options->mqtt.credentials = options->client.credentials;
    options->mqtt.timeout = options->client.config.answer_timeout;
    options->mqtt.limits =
        (struct mqtt_client_limits){.messages = (uint32_t)options->messages,
                                    .subscriptions = (uint32_t)options->device.subscriptions,
                                    .message_bytes = options->device.entry_bytes,
                                    .output_bytes = 1024 * 1024,
                                    .packet_bytes = (uint32_t)options->packet_bytes,
                                    .receive_maximum = (uint16_t)options->receive_maximum,
                                    .aliases_in = (uint16_t)options->aliases,
                                    .aliases_out = (uint16_t)options->aliases,
                                    .in_flight = (uint16_t)options->in_flight};
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
                     "  vmstat 1 | client --publish machine/vmstat\n"
                     "  client --mqtt mqtt://127.0.0.1 --run 'subs temp 1' --stay\n"
                     "  client --mqtt mqtts://ada@host --run 'publ temp 21.5 1 retain'"},
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
    if (options.mqtt.url != NULL) {
        configure_mqtt(&options);
        return mqtt_client_session_run(&options.mqtt);
    }
    configure(&options);
    return client_session_run(&options.client);
}
