// The program watch: its options and their way into the watch session.
#include <strings.h>

#include "cipher/classic.h"
#include "mqtt/packet.h"
#include "session/line/common_options.h"
#include "shell/printable.h"
#include "watch/watch_folder.h"
#include "watch/watch_session.h"

struct options {
    bool ladder;
    bool eavesdrop;
    bool json;
    bool lines;
    bool once;
    bool only_later;
    bool no_ping;
    bool ping;
    bool why;
    bool raw;
    uint64_t secret;
    const char *network;
    const char *web;
    const char *token_file;
    const char *control;
    uint64_t web_keep;
    const char *types;
    uint64_t address;
    int colour;
};

static const struct option_row rows[] = {
    {.name = "network",
     .letter = 'n',
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, network),
     .argument = "FILE",
     .preset = "network",
     .min = 1,
     .help = "The file that devices of one network share, the tap of a broker (--tap), or a "
             "capture (pcapng, pcap). FILE behind the options does the same, and may be "
             "several, or a folder of networks (NAME.network) and captures (NAME.pcapng), as "
             "simulate --trace writes one."},
    {.name = "ladder",
     .letter = 'l',
     .type = OPTION_FLAG,
     .offset = offsetof(struct options, ladder),
     .help = "Draw a column for each device and an arrow for each packet."},
    {.name = "eavesdrop",
     .letter = 'e',
     .type = OPTION_FLAG,
     .offset = offsetof(struct options, eavesdrop),
     .help = "Break the suite classic, and show what packets of networks that it sealed "
             "hold."},
    {.name = "why",
     .letter = 'w',
     .type = OPTION_FLAG,
     .offset = offsetof(struct options, why),
     .help = "Explain what each packet is for, what a fault that hit it means, and why a "
             "connection ended."},
    {.name = "secret",
     .type = OPTION_NUMBER,
     .offset = offsetof(struct options, secret),
     .argument = "N",
     .min = 1,
     .max = CLASSIC_MODULUS - 1,
     .help = "Your own secret in an exchange of the suite classic (--eavesdrop finds it, too: the "
             "power of 541): with --why, how both sides come to the same key."},
    {.name = "lines",
     .type = OPTION_FLAG,
     .offset = offsetof(struct options, lines),
     .help = "Also show each line of a network as it is in the file."},
    {.name = "json",
     .letter = 'j',
     .type = OPTION_FLAG,
     .offset = offsetof(struct options, json),
     .help = "Print one JSON object per line for each packet."},
    {.name = "raw",
     .type = OPTION_FLAG,
     .offset = offsetof(struct options, raw),
     .help = "With --json: also the bytes of each packet, without passwords; of payloads above "
             "16 KiB only their beginning."},
    {.name = "color",
     .letter = 'c',
     .type = OPTION_CHOICE,
     .offset = offsetof(struct options, colour),
     .argument = "WHEN",
     .choices = "auto|always|never",
     .preset = "auto",
     .help = "When to colour: auto does on a terminal, unless NO_COLOR is set."},
    {.name = "web",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, web),
     .argument = "[HOST:]PORT",
     .min = 1,
     .group = "In a browser",
     .help =
         "Serve a page that shows it all live, instead of printing. Port 0 takes any that is "
         "free; the link is printed. HOST is 127.0.0.1 unless given. docs/web.md describes it."},
    {.name = "token-file",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, token_file),
     .argument = "FILE",
     .min = 1,
     .group = "In a browser",
     .help =
         "Show it only to people who present one of the tokens in FILE, one per line: they open "
         "the link with #token=TOKEN behind it. Needed where other machines reach HOST."},
    {.name = "control",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, control),
     .argument = "URL",
     .min = 1,
     .group = "In a browser",
     .help = "Give the page the levers of a proxy whose API is at URL, as http://127.0.0.1:8474: "
             "rules, hold, step, cut, freeze and thaw. They ask for a token: one of --token-file, "
             "else one that stands in the printed link. (Programs that show themselves give fd:N, "
             "a socket that watch inherits.)"},
    {.name = "web-keep",
     .type = OPTION_SIZE,
     .offset = offsetof(struct options, web_keep),
     .argument = "BYTES",
     .preset = "1G",
     .min = OPTION_MIB,
     .max = OPTION_TIB,
     .group = "In a browser",
     .help = "How much disk space (in TMPDIR) is used for what the page can go back to."},
    {.name = "once",
     .letter = '1',
     .type = OPTION_FLAG,
     .offset = offsetof(struct options, once),
     .group = "Which packets",
     .help = "Exit at the end of the files, instead of waiting for more."},
    {.name = "new",
     .type = OPTION_FLAG,
     .offset = offsetof(struct options, only_later),
     .group = "Which packets",
     .help = "Leave out what is already in the files."},
    {.name = "type",
     .letter = 't',
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, types),
     .argument = "LIST",
     .min = 1,
     .group = "Which packets",
     .help = "Only packets of these types: publ,sreq; of taps publish,subscribe."},
    {.name = "address",
     .letter = 'a',
     .type = OPTION_NUMBER,
     .offset = offsetof(struct options, address),
     .argument = "N",
     .min = 1,
     .max = PACKET_ADDRESS_MAX,
     .group = "Which packets",
     .help = "Only packets from or to this address of a network, and none of taps."},
    {.name = "no-ping",
     .type = OPTION_FLAG,
     .offset = offsetof(struct options, no_ping),
     .group = "Which packets",
     .help = "Leave out pings, as a ladder does by default."},
    {.name = "ping",
     .type = OPTION_FLAG,
     .offset = offsetof(struct options, ping),
     .group = "Which packets",
     .help = "Show pings in a ladder too."},
};

static const struct option_section sections[] = {
    {"Description",
     "Prints each packet of the files, networks and taps, from their start, and then "
     "follows them until a signal comes: when, from whom, to whom, its type, and what it means. "
     "It only looks: it writes nothing to a network and takes no address. Several files are put "
     "into one order by their times; lines have whole seconds, and stand before packets of the "
     "same second.\n\n"
     "With --eavesdrop it does what everybody can who reads a network: from the public pre-keys of "
     "a connection it computes the key of the suite classic and shows what is sealed with it. When "
     "it did not see the pre-keys, it tries the 96 shifts there are and shows what makes sense, "
     "marked as guessed. It cannot do this with the suite sodium, and says so.\n\n"
     "A tap is a capture (pcapng) that a broker writes with --tap: its MQTT streams, whatever they "
     "came over, in plain text, with what was done to packets on their way, and who ended a "
     "connection and why. A broker that is a device of one of the networks has one column in a "
     "ladder. Wireshark opens taps as well, and shows these notes as comments. Passwords stand in "
     "a tap, though they are not shown here: keep it as you keep them. The tap of a router or a "
     "master has what they say to each other: leases, uploads, requests that wait, what they "
     "bring, how full mailboxes are. What stands in the taps of both is shown once.\n\n"
     "Captures of other programs, as tcpdump and Wireshark write them (pcapng and pcap; Ethernet "
     "with VLANs, Linux cooked, loopback, raw IP), are read too. Of them the connections to port "
     "1883 are shown, and others that begin with MQTT; not TLS, nor WebSocket. A file is taken for "
     "a capture by its first bytes; one that is not there yet, by its name, which ends in .pcapng "
     "or .pcap, and it is waited for.\n\n"
     "Arrows of a ladder: ---> a packet, --- x one that was dropped, ~~> delayed, =| held, - - a "
     "connection that was cut. A ! behind the time marks a line that anybody may change "
     "unnoticed, because of its signature. Sizes are bytes of MQTT, without TCP and IP.\n\n"
     "Lines that are no packets are shown with the reason, and counted; the counts, and what "
     "happens to the files (another begun, truncated, deleted), go to standard error."},
    {"In a browser",
     "With --web nothing is printed but a link. The page behind it shows the packets on their way "
     "between devices and brokers, as a ladder, and by topic, live; it can be stopped at any "
     "packet, "
     "gone back in, and searched. What it gets is what --json --why --raw prints."},
    {"Exit status",
     "  0  ended by --once, by a signal, or since nobody reads its output\n"
     "  2  an option is wrong\n"
     "  3  a file cannot be read, the output not be written, or the page not be served"},
    {"Examples", "  watch\n"
                 "  watch --ladder --eavesdrop network\n"
                 "  watch --ladder network tap.pcapng\n"
                 "  watch --ladder --why tap.pcapng\n"
                 "  sudo tcpdump -i any -w - -U port 1883 > mqtt.pcap & watch --ladder mqtt.pcap\n"
                 "  watch --new --no-ping house/network garden/network\n"
                 "  watch --web 8080 network tap.pcapng\n"
                 "  watch --once --json network | jq 'select(.type == \"publ\")'"},
};

static const struct program program = {
    .name = "watch",
    .summary = "print the packets of a simulated MQTT network and what they mean",
    .synopsis = "[OPTION]... [FILE]...",
    .options = rows,
    .option_count = sizeof rows / sizeof *rows,
    .sections = sections,
    .section_count = sizeof sections / sizeof *sections,
};

// The bit of a network's packet type with that name, or 0.
static unsigned type_bit(struct bytes name) {
    for (int type = 0; type < PACKET_TYPES; type++) {
        if (bytes_equal(name, bytes_of_text(packet_type_name((enum packet_type)type)))) {
            return 1u << type;
        }
    }
    return 0;
}

// The bit of MQTT's, in letters of either case, or 0.
static unsigned mqtt_type_bit(struct bytes name) {
    for (unsigned type = MQTT_CONNECT; type <= MQTT_AUTH; type++) {
        const char *text = mqtt_type_name(type);
        if (strlen(text) == name.size &&
            strncasecmp(text, (const char *)name.data, name.size) == 0) {
            return 1u << type;
        }
    }
    return 0;
}

static bool read_types(const char *list, struct watch_view_options *view) {
    for (const char *at = list; at != NULL;) {
        const char *comma = strchr(at, ',');
        struct bytes name = bytes_make(at, comma != NULL ? (size_t)(comma - at) : strlen(at));
        unsigned bit = type_bit(name);
        unsigned mqtt_bit = mqtt_type_bit(name);
        if ((bit | mqtt_bit) == 0) {
            printable_complain(
                "watch: --type %s: has a type that there is not; types are join, left, creq, "
                "cres, sreq, sres, publ, ping and disc, and those of MQTT (connect, publish, "
                "puback...), separated by commas\n",
                list);
            return false;
        }
        view->types |= bit;
        view->mqtt_types |= mqtt_bit;
        at = comma != NULL ? comma + 1 : NULL;
    }
    return true;
}

static bool asks_for_pings(const struct watch_view_options *view) {
    return (view->types & 1u << PACKET_PING) != 0 ||
           (view->mqtt_types & (1u << MQTT_PINGREQ | 1u << MQTT_PINGRESP)) != 0;
}

static bool are_compatible(const struct options *options) {
    if (options->json && options->ladder) {
        printable_complain("watch: --json and --ladder: give only one of them\n");
        return false;
    }
    if (options->web != NULL && (options->json || options->ladder || options->lines)) {
        printable_complain("watch: --web: the page shows it in its own way; leave --json, --ladder "
                           "and --lines out\n");
        return false;
    }
    if (options->web != NULL && options->once) {
        printable_complain("watch: --web and --once: the page stays until a signal comes; leave "
                           "--once out\n");
        return false;
    }
    if (options->token_file != NULL && options->web == NULL) {
        printable_complain("watch: --token-file: it is for --web, which is missing\n");
        return false;
    }
    if (options->control != NULL && options->web == NULL) {
        printable_complain("watch: --control: it is for --web, which is missing\n");
        return false;
    }
    if (options->raw && !options->json) {
        printable_complain("watch: --raw: it is for --json, which is missing\n");
        return false;
    }
    if (options->ping && options->no_ping) {
        printable_complain("watch: --ping and --no-ping: give only one of them\n");
        return false;
    }
    if (options->once && options->only_later) {
        printable_complain("watch: --once and --new: there is nothing that both let through; give "
                           "only one of them\n");
        return false;
    }
    return true;
}

int main(int argc, char **argv) {
    struct options options = {0};
    struct common_start start = {.takes_operands = true};
    if (!common_parse_operands(&program, argc, argv, &options, &start)) {
        return start.exit_code;
    }
    bool named = start.first_operand < argc;
    struct watch_files files;
    if (!watch_folder_expand(named ? (const char *const *)argv + start.first_operand
                                   : &options.network,
                             named ? (size_t)(argc - start.first_operand) : 1, &files)) {
        watch_folder_free(&files);
        return PROGRAM_UNUSABLE;
    }
    struct watch_session_options session = {
        .view = {.form = options.ladder ? WATCH_LADDER
                         : options.json ? WATCH_JSON
                                        : WATCH_ROWS,
                 .eavesdrop = options.eavesdrop,
                 .lines = options.lines,
                 .why = options.why,
                 .raw = options.raw,
                 .secret = (uint32_t)options.secret,
                 .address = (uint32_t)options.address,
                 .networks = (const char *const *)files.paths,
                 .network_count = files.count},
        .colour = (enum watch_colour)options.colour,
        .once = options.once,
        .only_later = options.only_later,
        .web = options.web,
        .token_file = options.token_file,
        .control = options.control,
        .web_keep_bytes = options.web_keep,
    };
    int code = PROGRAM_USAGE;
    if (are_compatible(&options) && read_types(options.types, &session.view)) {
        session.view.no_ping =
            options.no_ping || (options.ladder && !options.ping && !asks_for_pings(&session.view));
        code = watch_session_run(&session);
    }
    watch_folder_free(&files);
    return code;
}
