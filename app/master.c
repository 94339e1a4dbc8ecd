// The master program: its options and their way into the session.
#include "session/line/common_options.h"
#include "session/master/master_session.h"
#include "shell/live_page.h"
#include "shell/printable.h"

#include <stddef.h>

struct options {
    struct master_session_options master;
    const char *web;
};

#define AT(member) offsetof(struct options, master.member)
#define LIMITS "Limits and intervals"

static const struct option_row rows[] = {
    {.name = "listen",
     .letter = 'l',
     .type = OPTION_TEXT,
     .offset = AT(listen),
     .argument = "HOST:PORT",
     .preset = "127.0.0.1:8083",
     .min = 1,
     .max = 300,
     .help = "Where to listen: a name or an address, [ADDRESS] for one of IPv6; 0.0.0.0 or [::] "
             "is every interface, port 0 any free one."},
    {.name = "store",
     .type = OPTION_TEXT,
     .offset = AT(store),
     .argument = "STORE",
     .preset = "sqlite:master.db",
     .min = 1,
     .help = "Where gates and mailboxes are kept: memory, sqlite:FILE, or redis://HOST:PORT for "
             "several masters that share them."},
    {.name = "classic",
     .type = OPTION_FLAG,
     .offset = AT(classic),
     .help = "Serve the routers of 2020 too, at paths that end in /MQTT/input and /MQTT/output. "
             "They have no secrets: whoever names a gate that they use can read its mailbox."},
    {.name = "tls-certificate",
     .type = OPTION_TEXT,
     .offset = AT(certificate),
     .argument = "FILE",
     .min = 1,
     .group = "Security",
     .help = "Serve HTTPS with this certificate (PEM, with those that lead to its authority)."},
    {.name = "tls-key",
     .type = OPTION_TEXT,
     .offset = AT(key),
     .argument = "FILE",
     .min = 1,
     .group = "Security",
     .help = "The certificate's private key (PEM)."},
    {.name = "token-file",
     .type = OPTION_TEXT,
     .offset = AT(token_file),
     .argument = "FILE",
     .min = 1,
     .group = "Security",
     .help =
         "Serve only clients that present one of the tokens in FILE, one per line. Without it, the "
         "master listens only where other machines cannot reach it."},
    {.name = "open",
     .type = OPTION_FLAG,
     .offset = AT(open),
     .group = "Security",
     .help = "Listen where other machines can reach it, though there is no token file."},
    COMMON_LOG_ROWS(struct options, master.run),
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
    {.name = "no-history",
     .type = OPTION_FLAG,
     .offset = AT(run.no_history),
     .group = "Script",
     .help = "Do not keep what is typed at a terminal for the next session."},
    {.name = "quiet",
     .letter = 'q',
     .type = OPTION_FLAG,
     .offset = AT(run.quiet),
     .group = "Script",
     .help = "Do not print which gates come and go; only what concerns the master itself, and what "
             "commands ask for."},
    {.name = "tap",
     .type = OPTION_TEXT,
     .offset = AT(tap),
     .argument = "FILE",
     .min = 1,
     .group = "Tap",
     .help = "Write the exchange between routers and master to FILE as a pcapng capture, "
             "for watch and for Wireshark: leases, uploads, requests that wait, what they bring, "
             "and how full mailboxes are. On SIGHUP a FILE that was moved away or truncated is "
             "started again."},
    {.name = "web",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, web),
     .argument = "[HOST:]PORT",
     .min = 1,
     .group = "Tap",
     .help = "Serve a page that shows live what routers and the master say to each other, by the "
             "program watch; port 0 takes any that is free, and the link is printed. docs/web.md "
             "tells what is in it."},
    {.name = "tap-bytes",
     .type = OPTION_SIZE,
     .offset = AT(tap_bytes),
     .argument = "BYTES",
     .min = 4 * OPTION_MIB,
     .max = OPTION_PIB,
     .group = "Tap",
     .help = "The size of the tap. When it is reached, the file is renamed to FILE.1, replacing "
             "the one before, and a new one is started. Without it, there is no limit."},
    {.name = "idle-timeout",
     .type = OPTION_DURATION,
     .offset = AT(silence),
     .argument = "SECONDS",
     .preset = "30",
     .min = 0.1,
     .max = 86400,
     .group = LIMITS,
     .help = "Drop a gate, with its mailbox, after nothing was heard from it for this long."},
    {.name = "classic-idle-timeout",
     .type = OPTION_DURATION,
     .offset = AT(classic_silence),
     .argument = "SECONDS",
     .preset = "10",
     .min = 0.1,
     .max = 86400,
     .group = LIMITS,
     .help = "The same for gates of the classic API."},
    {.name = "max-gates",
     .type = OPTION_NUMBER,
     .offset = AT(gates),
     .argument = "N",
     .preset = "10000",
     .min = 1,
     .max = 4294966,
     .group = LIMITS,
     .help = "Gates at a time; others are refused with 503."},
    {.name = "mailbox-packets",
     .type = OPTION_NUMBER,
     .offset = AT(mailbox_packets),
     .argument = "N",
     .preset = "100000",
     .min = 1,
     .max = 1e9,
     .group = LIMITS,
     .help = "Packets in a mailbox; beyond that the oldest are dropped."},
    {.name = "mailbox-bytes",
     .type = OPTION_SIZE,
     .offset = AT(mailbox_bytes),
     .argument = "BYTES",
     .preset = "16M",
     .min = 64 * OPTION_KIB,
     .max = OPTION_TIB,
     .group = LIMITS,
     .help = "The bytes of a mailbox's packets."},
    {.name = "memory",
     .type = OPTION_SIZE,
     .offset = AT(memory_bytes),
     .argument = "BYTES",
     .min = 8 * OPTION_MIB,
     .max = OPTION_PIB,
     .group = LIMITS,
     .help =
         "The memory of all mailboxes, with the stores memory and sqlite. Near it every mailbox "
         "has an equal part, and loses its oldest packets beyond that. Without it, a quarter of "
         "the memory of the machine, or of what the control group allows, whichever is less."},
    {.name = "max-request",
     .type = OPTION_SIZE,
     .offset = AT(request_bytes),
     .argument = "BYTES",
     .preset = "1M",
     .min = 64 * OPTION_KIB,
     .max = OPTION_GIB,
     .group = LIMITS,
     .help = "The size of a request's body; larger ones are refused with 413."},
    {.name = "max-held",
     .type = OPTION_SIZE,
     .offset = AT(held_bytes),
     .argument = "BYTES",
     .preset = "256M",
     .min = OPTION_MIB,
     .max = OPTION_TIB,
     .group = LIMITS,
     .help = "The bytes of all requests and answers in progress; beyond that requests are refused "
             "with 503."},
    {.name = "max-connections",
     .type = OPTION_NUMBER,
     .offset = AT(connections),
     .argument = "N",
     .preset = "16000",
     .min = 1,
     .max = 1e6,
     .group = LIMITS,
     .help = "Connections at a time; more are closed at once. A router needs two."},
    {.name = "max-connections-per-address",
     .type = OPTION_NUMBER,
     .offset = AT(connections_per_address),
     .argument = "N",
     .preset = "0",
     .max = 1e6,
     .group = LIMITS,
     .help = "Connections from one address; 0 is no limit of its own. Routers behind one NAT, and "
             "all behind one reverse proxy, share an address."},
    {.name = "request-timeout",
     .type = OPTION_DURATION,
     .offset = AT(request_timeout),
     .argument = "SECONDS",
     .preset = "30",
     .min = 1,
     .max = 3600,
     .group = LIMITS,
     .help = "How long a client may take to send a request; to take its answer, ten times that."},
};

int main(int argc, char **argv) {
    char commands[COMMON_COMMANDS_SIZE];
    const struct option_section sections[] = {
        {"Description",
         "The master router joins networks: the router of each network leases a gate here, uploads "
         "the "
         "packets that are for other gates, and takes those that wait in its mailbox. It is an "
         "HTTP "
         "server, so routers behind NAT reach it with outgoing connections. On a terminal it takes "
         "commands line by line; otherwise from standard input or from --run, and runs until a "
         "signal "
         "ends it. What is said goes to standard error, what commands show to standard output.\n\n"
         "What was acknowledged is in the store: sqlite keeps it through kill -9 and power loss."},
        common_commands_section(commands, &master_session_commands,
                                "A signal ends it as exit does."),
        {"Exit status",
         "  0  it was ended by its user or a signal\n"
         "  1  a command was wrong, or standard output could not be written\n"
         "  2  an option is wrong\n"
         "  3  it cannot listen, or its store, certificate or tokens cannot be used"},
        {"Files", "  master.db  the default store; master.db-wal and master.db-shm belong to it"},
        {"Examples", "  master --store memory\n"
                     "  openssl rand -hex 24 > tokens\n"
                     "  master --listen 0.0.0.0:8443 --tls-certificate cert.pem \\\n    "
                     "--tls-key key.pem --token-file tokens\n"
                     "  curl http://127.0.0.1:8083/v1/gates"},
    };
    const struct program program = {
        .name = "master",
        .summary = "the master router that joins simulated MQTT networks",
        .synopsis = "[OPTION]...",
        .options = rows,
        .option_count = sizeof rows / sizeof *rows,
        .sections = sections,
        .section_count = sizeof sections / sizeof *sections,
        .environment = "MQTTSIM_MASTER_",
    };
    struct options options = {0};
    int exit_code;
    if (!common_parse(&program, argc, argv, &options, &exit_code)) {
        return exit_code;
    }
    if ((options.master.certificate == NULL) != (options.master.key == NULL)) {
        printable_complain(
            "master: --tls-certificate and --tls-key belong together; see master --help\n");
        return PROGRAM_USAGE;
    }
    struct live_page page;
    if (!live_page_start(&page, &(struct live_page_options){.program = "master",
                                                            .place = options.web,
                                                            .tap = &options.master.tap})) {
        return PROGRAM_UNUSABLE;
    }
    exit_code = master_session_run(&options.master);
    live_page_end(&page);
    return exit_code;
}
