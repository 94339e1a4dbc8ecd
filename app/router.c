// The router program: its options and their way into the session.
#include "session/line/common_options.h"
#include "session/router/router_session.h"

struct options {
    struct router_session_options router;
    const char *name;
    uint64_t brokers;
    uint64_t gates;
    uint64_t pairs;
    uint64_t gate;
};

#define LIMITS "Limits and intervals"

static const struct option_row rows[] = {
    {.name = "network",
     .letter = 'n',
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, router.session.network),
     .argument = "FILE",
     .preset = "network",
     .min = 1,
     .help = "The file that devices of one network share."},
    {.name = "master",
     .letter = 'm',
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, router.master),
     .argument = "URL",
     .preset = "http://127.0.0.1:8083",
     .min = 1,
     .help = "Where the master is: http://HOST:PORT or https://HOST:PORT. Several that share one "
             "store may be named, with commas between them."},
    {.name = "gate",
     .letter = 'g',
     .type = OPTION_NUMBER,
     .offset = offsetof(struct options, gate),
     .argument = "N",
     .min = 1,
     .max = PACKET_GATE_MAX,
     .help = "The gate to take: device 83 of this network is N083 for the others. Without it, the "
             "one of the state file, or any that is free."},
    {.name = "name",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, name),
     .argument = "TEXT",
     .max = DEVICE_NAME_MAX,
     .help = "The name that others see."},
    {.name = "state",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, router.state),
     .argument = "FILE",
     .min = 1,
     .help = "What the router has to know when it is restarted after it was killed: its gate, "
             "what it has sent and received. Without it, the name of the network with .router "
             "behind it."},
    {.name = "keep-gate",
     .type = OPTION_FLAG,
     .offset = offsetof(struct options, router.keep_gate),
     .help = "Keep the gate at the end: the next start uses it again, with what arrived meanwhile, "
             "if it comes before the master's idle timeout."},
    {.name = "token-file",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, router.token_file),
     .argument = "FILE",
     .min = 1,
     .group = "Security",
     .help = "A file whose first line is a token that the master asks for."},
    {.name = "ca",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, router.ca),
     .argument = "FILE",
     .min = 1,
     .group = "Security",
     .help = "The certificates (PEM) of authorities to trust for the master. Without it, those "
             "that the system trusts."},
    COMMON_LOG_ROWS(struct options, router.session.run),
    {.name = "run",
     .letter = 'r',
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, router.session.run.commands),
     .argument = "COMMANDS",
     .group = "Script",
     .help = "Commands to start with, separated by semicolons. Standard input is then read only "
             "if it is a terminal."},
    {.name = "json",
     .letter = 'j',
     .type = OPTION_FLAG,
     .offset = offsetof(struct options, router.session.run.json),
     .group = "Script",
     .help = "Print one JSON object per line for everything that happens."},
    {.name = "quiet",
     .letter = 'q',
     .type = OPTION_FLAG,
     .offset = offsetof(struct options, router.session.run.quiet),
     .group = "Script",
     .help =
         "Do not print which brokers come and go; only what concerns the router itself, and what "
         "commands ask for."},
    {.name = "wait",
     .letter = 'w',
     .type = OPTION_DURATION,
     .offset = offsetof(struct options, router.session.run.wait),
     .argument = "SECONDS",
     .min = 0.001,
     .max = 31536000,
     .group = "Script",
     .help = "Keep running for this long after the last command, then exit."},
    {.name = "max-waiting",
     .type = OPTION_SIZE,
     .offset = offsetof(struct options, router.uplink.waiting_bytes),
     .argument = "BYTES",
     .preset = "16M",
     .min = 64 * OPTION_KIB,
     .max = 16 * OPTION_GIB,
     .group = LIMITS,
     .help = "Packets that wait for the master. When there are more, the network is read on only "
             "later, so they wait there."},
    {.name = "max-brokers",
     .type = OPTION_NUMBER,
     .offset = offsetof(struct options, brokers),
     .argument = "N",
     .preset = "10000",
     .min = 1,
     .max = 1000000,
     .group = LIMITS,
     .help = "Brokers of other networks to remember."},
    {.name = "max-gates",
     .type = OPTION_NUMBER,
     .offset = offsetof(struct options, gates),
     .argument = "N",
     .preset = "10000",
     .min = 1,
     .max = PACKET_GATE_MAX,
     .group = LIMITS,
     .help = "Other gates to remember."},
    {.name = "max-pairs",
     .type = OPTION_NUMBER,
     .offset = offsetof(struct options, pairs),
     .argument = "N",
     .preset = "100000",
     .min = 1,
     .max = 1e8,
     .group = LIMITS,
     .help = "Pairs of a device here and one elsewhere that are connected, to remember: when one "
             "ends, the other is told."},
    {.name = "confirm-timeout",
     .type = OPTION_DURATION,
     .offset = offsetof(struct options, router.uplink.router.confirmation),
     .argument = "SECONDS",
     .preset = "30",
     .min = 0.1,
     .max = 3600,
     .group = LIMITS,
     .help = "How long other routers are given to name their brokers again after an interruption; "
             "those not named are considered gone."},
    {.name = "tap",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, router.tap),
     .argument = "FILE",
     .min = 1,
     .group = "Tap",
     .help = "Write the exchange between router and master to FILE as a pcapng capture, "
             "for watch and for Wireshark: leases, uploads, waiting requests and their results. "
             "On SIGHUP a FILE that was moved away or truncated is started again."},
    {.name = "tap-bytes",
     .type = OPTION_SIZE,
     .offset = offsetof(struct options, router.tap_bytes),
     .argument = "BYTES",
     .min = 4 * OPTION_MIB,
     .max = OPTION_PIB,
     .group = "Tap",
     .help = "The size of the tap. When it is reached, the file is renamed to FILE.1, replacing "
             "the one before, and a new one is started. Without it, there is no limit."},
    COMMON_FAULT_ROWS(struct options, router.session),
    COMMON_FILE_ROWS(struct options, router.session),
};

int main(int argc, char **argv) {
    char commands[COMMON_COMMANDS_SIZE];
    const struct option_section sections[] = {
        {"Description", "A router joins its network to others through a master. It takes the "
                        "packets of its network "
                        "that are for others up, and brings down those that others have for it. "
                        "The networks are told "
                        "apart by their gates: device 83 behind gate 7 has the address 7083 for "
                        "everyone elsewhere, "
                        "and a client of another network connects with it by that address.\n\n"
                        "A router that was killed goes on where it was when it is started again. "
                        "Ended with exit or a "
                        "signal it gives its gate back, unless --keep-gate."},
        common_commands_section(commands, &router_session_commands,
                                "The gate is given back at the end, unless --keep-gate."),
        COMMON_EXIT_STATUS,
        {"Examples", "  router --gate 7\n"
                     "  router --master https://master.example.org --token-file token --ca ca.pem"},
    };
    const struct program program = {
        .name = "router",
        .summary = "joins a simulated MQTT network to others",
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
    options.router.uplink.gate = (uint32_t)options.gate;
    struct router_config *config = &options.router.uplink.router;
    config->name = options.name != NULL ? bytes_of_text(options.name) : (struct bytes){0};
    config->limits.brokers = (uint32_t)options.brokers;
    config->limits.gates = (uint32_t)options.gates;
    config->limits.pairs = (uint32_t)options.pairs;
    return router_session_run(&options.router);
}
