// The proxy program: its options and their way into the session.
#include "session/line/common_options.h"
#include "session/proxy/proxy_session.h"
#include "shell/live_page.h"
#include "shell/printable.h"

#include <stddef.h>

struct options {
    struct proxy_session_options proxy;
    const char *explain;
    const char *web;
    bool control;
};

#define AT(member) offsetof(struct options, proxy.member)
#define TEXT_ROW(option, member, what, group_name, text)                                           \
    {                                                                                              \
        .name = (option), .type = OPTION_TEXT, .offset = AT(member), .argument = (what), .min = 1, \
        .group = (group_name), .help = (text)                                                      \
    }
#define FLAG_ROW(option, member, group_name, text)                                          \
    {                                                                                       \
        .name = (option), .type = OPTION_FLAG, .offset = AT(member), .group = (group_name), \
        .help = (text)                                                                      \
    }
#define FAULTS "Faults"
#define LISTENING "Listening"
#define BROKER "The broker"
#define LIMITS "Limits"

static const struct option_row rows[] = {
    {.name = "listen",
     .letter = 'l',
     .type = OPTION_TEXT,
     .offset = AT(listeners[STREAM_TCP]),
     .argument = "PLACE",
     .min = 1,
     .help = "Where clients come to: PORT of this machine only (loopback), HOST:PORT, or *:PORT "
             "for every address; several separated by commas. Port 0 is any free one. Without any "
             "place 1884."},
    {.name = "broker",
     .letter = 'b',
     .type = OPTION_TEXT,
     .offset = AT(broker),
     .argument = "PLACE",
     .preset = "127.0.0.1:1883",
     .min = 1,
     .help =
         "The broker behind: HOST:PORT, PORT of this machine, the path of a Unix socket, or a URL "
         "as mqtts://HOST, ws://HOST:PORT/PATH, wss://HOST or unix:PATH."},
    {.name = "fault",
     .letter = 'f',
     .type = OPTION_LIST,
     .offset = AT(faults.rules),
     .argument = "RULES",
     .min = 1,
     .group = FAULTS,
     .help = "What to do to which packets, as 'drop PUBACK 3 from dev-*'; several rules separated "
             "by semicolons. May be given several times."},
    TEXT_ROW("fault-file", faults.file, "FILE", FAULTS,
             "A file with one rule per line; lines that begin with # are comments."),
    {.name = "seed",
     .type = OPTION_NUMBER,
     .offset = AT(faults.seed),
     .argument = "N",
     .min = 1,
     .max = 9007199254740991.0,
     .group = FAULTS,
     .help = "The seed of what is random: the same one with the same traffic hits the same "
             "packets. Without it one is chosen and printed."},
    FLAG_ROW("must-fire", must_fire, FAULTS, "End with exit code 1 if a rule never hit."),
    TEXT_ROW("api", api, "PLACE", FAULTS,
             "Serve the HTTP API there, as 127.0.0.1:8474: that of Toxiproxy, so that its client "
             "libraries work, and /rules. Of this machine only."),
    {.name = "explain",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, explain),
     .argument = "RULE",
     .min = 1,
     .group = FAULTS,
     .help = "Print a sentence that says what the rule does, and exit; with `all`, list all "
             "actions and "
             "network profiles."},
    TEXT_ROW("tap", tap, "FILE", FAULTS,
             "Write what clients send and receive to FILE as a pcapng capture, for watch and for "
             "Wireshark. It contains passwords in plain text. On SIGHUP a FILE that was moved away "
             "or truncated is started again."),
    {.name = "web",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, web),
     .argument = "[HOST:]PORT",
     .min = 1,
     .group = FAULTS,
     .help =
         "Serve a page that shows what passes live, by the program watch; port 0 takes any that "
         "is free, and the link is printed. docs/web.md describes it."},
    {.name = "control",
     .type = OPTION_FLAG,
     .offset = offsetof(struct options, control),
     .group = FAULTS,
     .help =
         "Give the page of --web the levers, too: rules, hold, step, cut, freeze and thaw. They "
         "ask for the token that stands in the printed link."},
    {.name = "tap-bytes",
     .type = OPTION_SIZE,
     .offset = AT(tap_bytes),
     .argument = "BYTES",
     .max = 1099511627776.0,
     .group = FAULTS,
     .help = "Start a new capture when this size is reached, and keep the former one as FILE.1; 0: "
             "never."},
    TEXT_ROW("listen-tls", listeners[STREAM_TLS], "PLACE", LISTENING, "As --listen, over TLS."),
    TEXT_ROW("listen-websocket", listeners[STREAM_WEBSOCKET], "PLACE", LISTENING,
             "As --listen, over WebSocket."),
    TEXT_ROW("listen-websockets", listeners[STREAM_WEBSOCKET_TLS], "PLACE", LISTENING,
             "As --listen, over WebSocket and TLS."),
    TEXT_ROW("listen-unix", listeners[STREAM_UNIX], "PATH", LISTENING, "A Unix socket."),
    TEXT_ROW("tls-certificate", certificate, "FILE", LISTENING,
             "The certificate of the TLS listeners, with its chain, in PEM."),
    TEXT_ROW("tls-key", key, "FILE", LISTENING, "Its private key, in PEM."),
    TEXT_ROW("tls-client-ca", authority, "FILE", LISTENING,
             "Demand a certificate of clients, signed by one of these authorities, in PEM."),
    FLAG_ROW("broker-tls", broker_tls, BROKER, "Speak TLS to the broker."),
    TEXT_ROW("broker-ca", broker_authority, "FILE", BROKER,
             "The authorities, in PEM, that the broker's certificate is checked against. Without "
             "it those of the system."),
    TEXT_ROW("broker-certificate", broker_certificate, "FILE", BROKER,
             "A certificate to show to the broker, in PEM."),
    TEXT_ROW("broker-key", broker_key, "FILE", BROKER, "Its private key, in PEM."),
    FLAG_ROW("broker-insecure", broker_insecure, BROKER,
             "Accept any certificate from the broker: for tests only."),
    {.name = "connect-timeout",
     .type = OPTION_DURATION,
     .offset = AT(connect_timeout),
     .argument = "SECONDS",
     .preset = "10",
     .min = 0.001,
     .max = 3600,
     .group = BROKER,
     .help = "How long a connection to the broker may take."},
    {.name = "run",
     .letter = 'r',
     .type = OPTION_TEXT,
     .offset = AT(run.commands),
     .argument = "COMMANDS",
     .group = "Script",
     .help = "Commands to start with, separated by semicolons. Standard input is then read only "
             "if it is a terminal."},
    {.name = "json",
     .letter = 'j',
     .type = OPTION_FLAG,
     .offset = AT(run.json),
     .group = "Script",
     .help = "Print one JSON object per line for everything that happens."},
    {.name = "quiet",
     .letter = 'q',
     .type = OPTION_FLAG,
     .offset = AT(run.quiet),
     .group = "Script",
     .help = "Print nothing about clients and hits but the report at the end."},
    {.name = "wait",
     .letter = 'w',
     .type = OPTION_DURATION,
     .offset = AT(run.wait),
     .argument = "SECONDS",
     .min = 0.001,
     .max = 31536000,
     .group = "Script",
     .help = "Keep running for this long after the last command, then exit."},
    {.name = "count",
     .letter = 'c',
     .type = OPTION_NUMBER,
     .offset = AT(run.count),
     .argument = "N",
     .min = 1,
     .max = 1e15,
     .group = "Script",
     .help = "End after N hits. With --wait: exit code 1 if fewer came in time."},
    {.name = "max-connections",
     .type = OPTION_NUMBER,
     .offset = AT(connections),
     .argument = "N",
     .preset = "10000",
     .min = 1,
     .max = 1000000,
     .group = LIMITS,
     .help = "Clients at a time. What is counted of a client is kept for four times as many."},
    {.name = "max-rules",
     .type = OPTION_NUMBER,
     .offset = AT(rules),
     .argument = "N",
     .preset = "64",
     .min = 1,
     .max = 10000,
     .group = LIMITS,
     .help = "Rules at a time."},
    {.name = "max-lane-bytes",
     .type = OPTION_SIZE,
     .offset = AT(lane_bytes),
     .argument = "BYTES",
     .preset = "1M",
     .min = 1024,
     .max = 1073741824,
     .group = LIMITS,
     .help = "How much may be under way in one direction of a connection, held and delayed packets "
             "included. Above it the sender is not read."},
    {.name = "max-memory",
     .type = OPTION_SIZE,
     .offset = AT(memory_bytes),
     .argument = "BYTES",
     .max = 1099511627776.0,
     .group = LIMITS,
     .help = "All that clients can make the proxy keep. Without it, or with 0, a quarter of the "
             "machine's memory."},
};

int main(int argc, char **argv) {
    char commands[COMMON_COMMANDS_SIZE];
    const struct option_section sections[] = {

        {"Description",
         "Stands in front of an MQTT broker, any, and does to packets on their way what rules say: "
         "drops, holds, delays, repeats or corrupts them, cuts connections at an exact place, "
         "freezes "
         "them, slows them down, or is a network of a kind, as in `profile 3g`. Packets that no "
         "rule "
         "is about pass untouched; what is no MQTT is passed on, and told.\n\n"
         "Rules are lines that read as English; docs/faults.md tells all about them, and --explain "
         "says what one does. At the end stands a report of what hit, and what never did. With "
         "--seed "
         "the same traffic meets the same faults again."},
        common_commands_section(
            commands, &proxy_session_commands,
            "CLIENT is an identifier or an address, with * and ? as in rules; without it a command "
            "is about all. A signal ends the proxy as exit does."),
        {"Exit status", "  0  all that was asked for was done\n"
                        "  1  a command failed, or with --must-fire a rule never hit\n"
                        "  2  an option or a rule is wrong\n"
                        "  3  a place cannot be listened at, or a file cannot be used"},
        {"Examples", "  proxy --listen 1884 --broker 127.0.0.1:1883 --fault 'drop PUBACK 3 from "
                     "dev-*' --seed 7\n"
                     "  proxy --fault 'profile 3g; cut every 10 min' --tap faults.pcapng\n"
                     "  proxy --fault 'cut inside PUBLISH 5 after 7 bytes' --must-fire\n"
                     "  proxy --explain 'lose 2 % in bursts of 4'"},
    };
    const struct program program = {
        .name = "proxy",
        .summary = "bend the network in front of an MQTT broker",
        .synopsis = "[OPTION]...",
        .options = rows,
        .option_count = sizeof rows / sizeof *rows,
        .sections = sections,
        .section_count = sizeof sections / sizeof *sections,
    };
    struct options options = {0};
    int code = PROGRAM_OK;
    if (!common_parse(&program, argc, argv, &options, &code)) {
        return code;
    }
    if (options.explain != NULL) {
        return proxy_session_explain(options.explain);
    }
    if (options.control && options.web == NULL) {
        printable_complain("proxy: --control: it is for --web, which is missing\n");
        return PROGRAM_USAGE;
    }
    struct live_page page;
    const struct live_page_options wanted = {.program = "proxy",
                                             .place = options.web,
                                             .tap = &options.proxy.tap,
                                             .control = options.control};
    if (!live_page_start(&page, &wanted)) {
        return PROGRAM_UNUSABLE;
    }
    options.proxy.run.control = page.control;
    code = proxy_session_run(&options.proxy);
    live_page_end(&page);
    return code;
}
