#include "support.h"

#include "shell/options/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum suite { SUITE_CLASSIC, SUITE_SODIUM, SUITE_ANY };

struct settings {
    uint8_t before; // moves the members off offset 0
    bool quiet;
    bool trace;
    bool is_verbose;
    uint64_t port;
    uint64_t count;
    uint64_t ping_interval;
    uint64_t ping_timeout;
    uint64_t backoff;
    uint64_t memory;
    uint64_t log_size;
    const char *name;
    const char *file;
    enum suite suite;
    int colour;
    uint8_t after;
};

#define AT(member) .offset = offsetof(struct settings, member)

static const struct option_row rows[] = {
    {"port", 'p', OPTION_NUMBER, AT(port), "NUMBER", "1883", 1, 65535, NULL,
     "The port to listen on.", NULL},
    {"count", 'c', OPTION_NUMBER, AT(count), "NUMBER", NULL, 0, 0, NULL, "How many.", NULL},
    {"name", 'n', OPTION_TEXT, AT(name), "NAME", "nobody", 1, 8, NULL, "Who this is.", NULL},
    {"file", 'f', OPTION_TEXT, AT(file), "FILE", NULL, 0, 0, NULL,
     "A back\\slash, a 'quote' and a `tick`, ~ and ^.", NULL},
    {"suite", 's', OPTION_CHOICE, AT(suite), "SUITE", "any", 0, 0, "classic|sodium|any",
     "Which ciphers.", NULL},
    {"colour", 0, OPTION_CHOICE, AT(colour), "WHEN", NULL, 0, 0, "auto|never|always",
     "When to colour.", NULL},
    {"quiet", 'q', OPTION_FLAG, AT(quiet), NULL, NULL, 0, 0, NULL, "Say less.", NULL},
    {"trace", 't', OPTION_FLAG, AT(trace), NULL, NULL, 0, 0, NULL,
     "Say everything there is to say about every packet that comes and every packet that goes, "
     "at length and in order, so that this text has to be wrapped.",
     NULL},
    {"ping-interval", 'i', OPTION_DURATION, AT(ping_interval), "SECONDS", "10", 1, 3600, NULL,
     "How often to ping.", "Limits and intervals"},
    {"ping-timeout", 0, OPTION_DURATION, AT(ping_timeout), "SECONDS", "0.25", 0.1, 1.5, NULL,
     ".leading dots are text.", "Limits and intervals"},
    {"a-name-that-leaves-no-room", 0, OPTION_DURATION, AT(backoff), "SECONDS", NULL, 1, 0, NULL,
     "How long to wait.", "Limits and intervals"},
    {"memory", 'm', OPTION_SIZE, AT(memory), "SIZE", "64M", 4096, 1 << 30, NULL, "How much memory.",
     "Limits and intervals"},
    {"verbose", 'v', OPTION_FLAG, AT(is_verbose), NULL, NULL, 0, 0, NULL, "Say more.", NULL},
    {"log-size", 0, OPTION_SIZE, AT(log_size), "SIZE", NULL, 0, 0, NULL, "How long the log.",
     "Limits and intervals"},
};
#define ROW_COUNT (sizeof rows / sizeof rows[0])

static const struct option_section sections[] = {
    {"Description",
     "One paragraph that is filled,\nof two lines.\n\n"
     "Another, behind which there is a table:\n"
     "  publish TOPIC   sends a - b\n"
     "  quit            ends\n"
     "and then text at once.\n\n"
     "  a b   lines of such a table that are longer than what a page has room for "
     "go on below\n"
     "  a command --with-an-option --and-another --and-a-third that is longer than a "
     "page\n\n"
     ".not a request. 'Nor this."},
    {"Exit status", "  0  all well\n  2  not\n\n  3  worse"},
    {"Examples", "None-at-all."},
};

static const struct program program = {
    .name = "client",
    .summary = "an MQTT client - for tests",
    .synopsis = "[OPTION]... [FILE]...",
    .options = rows,
    .option_count = ROW_COUNT,
    .sections = sections,
    .section_count = sizeof sections / sizeof sections[0],
};

#define WORDS_MAX 16

// What one call did. argv must outlive the values, which point into it.
struct run {
    struct settings settings;
    char line[256];
    char *argv[WORDS_MAX + 1];
    int argc;
    int operand;
    enum options_result result;
    char *out;
    char *err;
};

// The words of `line`, parted by single spaces; two in a row make an empty word.
static void run_split(struct run *run, const char *line) {
    assert_true(strlen(line) < sizeof run->line);
    memcpy(run->line, line, strlen(line) + 1);
    run->argc = 0;
    char *rest = run->line;
    while (rest) {
        assert_true(run->argc < WORDS_MAX);
        run->argv[run->argc++] = strsep(&rest, " ");
    }
    run->argv[run->argc] = NULL;
}

static void run_line(struct run *run, const char *line, bool operands) {
    size_t size;
    memset(run, 0, sizeof *run);
    memset(&run->settings, 0xa5, sizeof run->settings);
    run_split(run, line);
    FILE *out = open_memstream(&run->out, &size);
    FILE *err = open_memstream(&run->err, &size);
    run->result = options_parse(&program, run->argc, run->argv, &run->settings,
                                operands ? &run->operand : NULL, out, err);
    fclose(out);
    fclose(err);
}

static void run_free(struct run *run) {
    free(run->out);
    free(run->err);
}

static struct settings good(const char *line) {
    struct run run;
    run_line(&run, line, true);
    if (run.result != OPTIONS_RUN) {
        fail_msg("%s: %s", line, run.err);
    }
    assert_string_equal(run.out, "");
    assert_string_equal(run.err, "");
    run_free(&run);
    return run.settings;
}

// The line is refused with exactly this message.
static void bad(const char *line, const char *message) {
    struct run run;
    run_line(&run, line, true);
    assert_int_equal(run.result, OPTIONS_WRONG);
    assert_string_equal(run.out, "");
    assert_string_equal(run.err, message);
    run_free(&run);
}

static char *shown(const char *line) {
    struct run run;
    run_line(&run, line, true);
    assert_int_equal(run.result, OPTIONS_SHOWN);
    assert_string_equal(run.err, "");
    free(run.err);
    return run.out;
}

#define SEE "; see client --help\n"

static void test_presets_fill_every_member_at_its_offset(void **state) {
    (void)state;
    struct run run;
    run_line(&run, "client", true);
    const struct settings *settings = &run.settings;
    assert_int_equal(run.result, OPTIONS_RUN);
    assert_int_equal(settings->port, 1883);
    assert_int_equal(settings->count, 0);
    assert_string_equal(settings->name, "nobody");
    assert_null(settings->file);
    assert_int_equal(settings->suite, SUITE_ANY);
    assert_int_equal(settings->colour, 0);
    assert_false(settings->quiet);
    assert_false(settings->trace);
    assert_int_equal(settings->ping_interval, 10000000000);
    assert_int_equal(settings->ping_timeout, 250000000);
    assert_int_equal(settings->backoff, 0);
    assert_int_equal(settings->memory, 64 << 20);
    assert_int_equal(settings->log_size, 0);
    assert_int_equal(settings->before, 0xa5);
    assert_int_equal(settings->after, 0xa5);
    run_free(&run);
}

static void test_every_spelling_of_an_option_is_taken(void **state) {
    (void)state;
    assert_int_equal(good("client --port 1").port, 1);
    assert_int_equal(good("client --port=65535").port, 65535);
    assert_int_equal(good("client -p 7").port, 7);
    assert_int_equal(good("client -p7").port, 7);
    assert_int_equal(good("client -p 7 --port 8").port, 8);
    assert_int_equal(good("client --port 8 -p 7").port, 7);
    assert_int_equal(good("client --po 9").port, 9);
    struct settings settings = good("client -qtp5");
    assert_true(settings.quiet && settings.trace);
    assert_int_equal(settings.port, 5);
}

static void test_numbers(void **state) {
    (void)state;
    assert_true(good("client --count 18446744073709551615").count == UINT64_MAX);
    assert_int_equal(good("client --count 000000000000000000000000000012").count, 12);
    assert_int_equal(good("client --count 0").count, 0);
#define PORT_RULE "must be from 1 to 65,535" SEE
    bad("client --port 0", "client: --port 0: " PORT_RULE);
    bad("client -p 65536", "client: --port 65536: " PORT_RULE);
    bad("client --port 99999999999999999999999",
        "client: --port 99999999999999999999999: " PORT_RULE);
    static const char *const garbage[] = {"-1", "+1", "1x", "x", "0x10", "1.0", "1e3"};
    for (size_t i = 0; i < sizeof garbage / sizeof garbage[0]; i++) {
        char line[64];
        char message[128];
        snprintf(line, sizeof line, "client --port %s", garbage[i]);
        snprintf(message, sizeof message, "client: --port %s: not a whole number, " PORT_RULE,
                 garbage[i]);
        bad(line, message);
    }
    bad("client --port ", "client: --port '': not a whole number, " PORT_RULE);
    bad("client --count 18446744073709551616",
        "client: --count 18446744073709551616: must be from 0 to "
        "18,446,744,073,709,551,615" SEE);
}

static void test_durations(void **state) {
    (void)state;
    assert_int_equal(good("client -i 10").ping_interval, 10000000000);
    assert_int_equal(good("client -i 1.000000001").ping_interval, 1000000001);
    assert_int_equal(good("client -i 3600.0").ping_interval, 3600000000000);
    assert_int_equal(good("client --ping-timeout 0.1").ping_timeout, 100000000);
    assert_int_equal(good("client --ping-timeout .3").ping_timeout, 300000000);
    assert_int_equal(good("client --ping-timeout 1.5").ping_timeout, 1500000000);
    assert_true(good("client --a 18446744073.709551615").backoff == UINT64_MAX);
#define INTERVAL_RULE "must be from 1 to 3600 seconds" SEE
    bad("client --ping-interval 0", "client: --ping-interval 0: " INTERVAL_RULE);
    bad("client -i 3600.000000001", "client: --ping-interval 3600.000000001: " INTERVAL_RULE);
    bad("client -i 99999999999999999999",
        "client: --ping-interval 99999999999999999999: " INTERVAL_RULE);
    bad("client --ping-timeout 0.099999999",
        "client: --ping-timeout 0.099999999: must be from 0.1 to 1.5 seconds" SEE);
    bad("client --a 18446744073.709551616",
        "client: --a-name-that-leaves-no-room 18446744073.709551616: must be from 1 to "
        "18,446,744,073.709551615 seconds" SEE);
    static const char *const garbage[] = {"nan", "inf",  "-1",  "+1",  "1.",           ".",   "1e1",
                                          "5s",  "1..2", "1,5", "0x1", "1.0000000001", "1.-5"};
    for (size_t i = 0; i < sizeof garbage / sizeof garbage[0]; i++) {
        char line[64];
        char message[160];
        snprintf(line, sizeof line, "client -i %s", garbage[i]);
        snprintf(message, sizeof message,
                 "client: --ping-interval %s: not a number of seconds such as 10 or "
                 "0.5, " INTERVAL_RULE,
                 garbage[i]);
        bad(line, message);
    }
}

static void test_sizes(void **state) {
    (void)state;
    assert_int_equal(good("client -m 4096").memory, 4096);
    assert_int_equal(good("client -m 4K").memory, 4096);
    assert_int_equal(good("client -m 64m").memory, 64 << 20);
    assert_int_equal(good("client -m 1G").memory, 1 << 30);
    assert_int_equal(good("client -m 64KiB").memory, 64 << 10);
    assert_int_equal(good("client -m 64MiB").memory, 64 << 20);
    assert_true(good("client --log-size 3T").log_size == UINT64_C(3) << 40);
    assert_true(good("client --log-size 3PiB").log_size == UINT64_C(3) << 50);
    assert_true(good("client --log-size 18446744073709551615").log_size == UINT64_MAX);
    assert_true(good("client --log-size 17179869183G").log_size == UINT64_C(17179869183) << 30);
#define MEMORY_RULE "must be from 4 KiB to 1 GiB" SEE
    bad("client -m 4095", "client: --memory 4095: " MEMORY_RULE);
    bad("client -m 1025M", "client: --memory 1025M: " MEMORY_RULE);
    bad("client -m 17179869184G", "client: --memory 17179869184G: " MEMORY_RULE);
    bad("client -m 16384P", "client: --memory 16384P: " MEMORY_RULE);
    static const char *const garbage[] = {"",     "K",  "64MB", "64iB", "-4K",
                                          "1.5G", "KK", "KiB",  "4kib", "4KiBiB"};
    for (size_t i = 0; i < sizeof garbage / sizeof garbage[0]; i++) {
        struct run run;
        char line[64];
        snprintf(line, sizeof line, "client --memory=%s", garbage[i]);
        run_line(&run, line, true);
        assert_int_equal(run.result, OPTIONS_WRONG);
        assert_non_null(strstr(run.err, "not a size"));
        run_free(&run);
    }
    bad("client -m 64MB",
        "client: --memory 64MB: not a size such as 4096, 64K or 1G, " MEMORY_RULE);
}

static void test_texts(void **state) {
    (void)state;
    struct run run;
    run_line(&run, "client -n eightish --file ", true);
    assert_string_equal(run.settings.name, "eightish");
    assert_string_equal(run.settings.file, "");
    assert_ptr_equal(run.settings.name, run.argv[2]);
    run_free(&run);
    bad("client -n ", "client: --name '': must be from 1 to 8 bytes long" SEE);
    bad("client -n ninebytes", "client: --name ninebytes: must be from 1 to 8 bytes long" SEE);
}

static void test_choices(void **state) {
    (void)state;
    assert_int_equal(good("client -s classic").suite, SUITE_CLASSIC);
    assert_int_equal(good("client -s sodium").suite, SUITE_SODIUM);
    assert_int_equal(good("client --suite=any --colour always").colour, 2);
    bad("client -s sod", "client: --suite sod: must be one of classic, sodium or any" SEE);
    bad("client -s ", "client: --suite '': must be one of classic, sodium or any" SEE);
    bad("client -s classic|sodium",
        "client: --suite classic|sodium: must be one of classic, sodium or any" SEE);
}

static void test_wrong_names_are_explained(void **state) {
    (void)state;
    bad("client --pign-interval 3",
        "client: --pign-interval: no such option, perhaps --ping-interval is meant" SEE);
    bad("client --prot=3", "client: --prot: no such option, perhaps --port is meant" SEE);
    bad("client --verson", "client: --verson: no such option, perhaps --version is meant" SEE);
    bad("client --elephant", "client: --elephant: no such option" SEE);
    bad("client --=3", "client: --: no such option" SEE);
    bad("client --ping 3",
        "client: --ping: ambiguous, could be --ping-interval or --ping-timeout" SEE);
    bad("client --ping=3",
        "client: --ping: ambiguous, could be --ping-interval or --ping-timeout" SEE);
    bad("client -z", "client: -z: no such option" SEE);
    bad("client -qz", "client: -z: no such option" SEE);
    bad("client -\xc3\xa9", "client: -\\xc3: no such option" SEE);
    bad("client --port", "client: --port: its argument is missing: --port NUMBER" SEE);
    bad("client -p", "client: --port: its argument is missing: --port NUMBER" SEE);
    bad("client --quiet=yes", "client: --quiet: takes no argument" SEE);
    bad("/usr/bin/mqttsim-client -z",
        "mqttsim-client: -z: no such option; see mqttsim-client --help\n");
}

static void test_a_long_unknown_name_is_no_danger(void **state) {
    (void)state;
    char line[200] = "client --";
    memset(line + 9, 'x', 150);
    struct run run;
    run_line(&run, line, true);
    assert_int_equal(run.result, OPTIONS_WRONG);
    assert_non_null(strstr(run.err, "xxx: no such option; see"));
    run_free(&run);
}

static void test_operands(void **state) {
    (void)state;
    struct run run;
    run_line(&run, "client one -q two -- -t", true);
    assert_int_equal(run.result, OPTIONS_RUN);
    assert_true(run.settings.quiet);
    assert_false(run.settings.trace);
    assert_int_equal(run.argc - run.operand, 3);
    assert_string_equal(run.argv[run.operand], "one");
    assert_string_equal(run.argv[run.operand + 2], "-t");
    run_free(&run);
    run_line(&run, "client -q", true);
    assert_int_equal(run.operand, run.argc);
    run_free(&run);
    run_line(&run, "client -q", false);
    assert_int_equal(run.result, OPTIONS_RUN);
    run_free(&run);
    run_line(&run, "client -q one", false);
    assert_int_equal(run.result, OPTIONS_WRONG);
    assert_string_equal(run.err, "client: one: takes no operands" SEE);
    run_free(&run);
}

// With every run of blanks made one, so that wrapping does not matter.
static char *unwrapped(const char *text) {
    char *result = malloc(strlen(text) + 1);
    size_t size = 0;
    for (; *text != '\0'; text++) {
        bool blank = *text == ' ' || *text == '\n';
        if (!blank) {
            result[size++] = *text;
        } else if (size > 0 && result[size - 1] != ' ') {
            result[size++] = ' ';
        }
    }
    result[size] = '\0';
    return result;
}

static void assert_contains(const char *text, const char *part) {
    if (!strstr(text, part)) {
        fail_msg("no \"%s\" in:\n%s", part, text);
    }
}

static void test_help_names_every_option_with_its_default(void **state) {
    (void)state;
    char *help = shown("./exe/client --help");
    char *words = unwrapped(help);
    for (size_t i = 0; i < ROW_COUNT; i++) {
        char part[256];
        char *help_words = unwrapped(rows[i].help);
        snprintf(part, sizeof part, "--%s%s%s %s", rows[i].name, rows[i].argument ? " " : "",
                 rows[i].argument ? rows[i].argument : "", help_words);
        assert_contains(words, part);
        free(help_words);
        if (rows[i].preset && rows[i].type != OPTION_SIZE) {
            snprintf(part, sizeof part, "(default %s).", rows[i].preset);
            assert_contains(help, part); // never wrapped
        }
    }
    assert_contains(words, "From 1 to 3600 seconds (default 10).");
    assert_contains(words, "From 4 KiB to 1 GiB (default 64 MiB).");
    assert_contains(words, "From 0.1 to 1.5 seconds (default 0.25).");
    assert_contains(words, "How long to wait. At least 1 second.");
    assert_contains(words, "One of auto, never or always (default auto).");
    assert_contains(words, "How many. -n, --name NAME Who this is. From 1 to 8 bytes long");
    free(words);
    free(help);
}

static void test_help_is_laid_out(void **state) {
    (void)state;
    char *help = shown("./exe/client -h");
    static const char start[] = "Usage: client [OPTION]... [FILE]...\n"
                                "an MQTT client - for tests.\n\nOptions:\n"
                                "  -p, --port NUMBER             The port";
    assert_int_equal(strncmp(help, start, strlen(start)), 0);
    assert_contains(help, "\n      --a-name-that-leaves-no-room SECONDS\n"
                          "                                How long");
    assert_contains(help,
                    "\n                                How long to wait. At least 1 second.\n");
    assert_contains(help, "\n\nLimits and intervals:\n  -i, --ping-interval SECONDS");
    assert_contains(help, "\n\nHelp:\n  -h, --help ");
    // A group is whole, where its first row stands.
    assert_null(strstr(strstr(help, "Limits and intervals:") + 1, "Limits and intervals:"));
    assert_true(strstr(help, "--verbose") < strstr(help, "--ping-interval"));
    assert_true(strstr(help, "--log-size") > strstr(help, "--ping-interval"));
    assert_contains(help,
                    "\n\nDescription:\n  One paragraph that is filled, of two lines.\n\n"
                    "  Another, behind which there is a table:\n"
                    "    publish TOPIC   sends a - b\n    quit            ends\n"
                    "  and then text at once.\n\n"
                    "    a b   lines of such a table that are longer than what a page has room"
                    " for go\n          on below\n"
                    "    a command --with-an-option --and-another --and-a-third that is longer"
                    " than a\n        page\n\n"
                    "  .not a request. 'Nor this.\n\n"
                    "Exit status:\n    0  all well\n    2  not\n\n    3  worse\n\n"
                    "Examples:\n  None-at-all.\n");
    for (const char *line = help; *line != '\0'; line += strcspn(line, "\n") + 1) {
        size_t size = strcspn(line, "\n");
        assert_true(size <= 80);
        assert_true(size == 0 || line[size - 1] != ' ');
    }
    free(help);
}

static void test_the_manual_escapes(void **state) {
    (void)state;
    char *manual = shown("client --man");
    assert_int_equal(strncmp(manual, ".TH MQTTSIM\\-CLIENT 1 ", 22), 0);
    assert_contains(manual, "\n.SH NAME\nmqttsim\\-client \\- an MQTT client \\- for tests\n");
    assert_contains(manual, "\n.SH SYNOPSIS\n.B mqttsim\\-client\n[OPTION]... [FILE]...\n"
                            ".SH DESCRIPTION\n");
    assert_contains(manual, "\n.TP\n\\fB\\-p\\fR, \\fB\\-\\-port\\fR \\fINUMBER\\fR\nThe port");
    assert_contains(manual, "A back\\eslash, a \\(aqquote\\(aq and a \\(gatick\\(ga, \\(ti");
    assert_contains(manual, "\n\\&.leading dots");
    assert_contains(manual, "\n.fi\n.PP\n\\&.not a request. \\(aqNor this.\n");
    assert_contains(manual,
                    "\n.nf\n  publish TOPIC   sends a \\- b\n  quit            ends\n.fi\n");
    assert_contains(manual, "\n.SH EXIT STATUS\n.nf\n");
    assert_true(strstr(manual, ".SH DESCRIPTION") < strstr(manual, ".SH OPTIONS"));
    assert_true(strstr(manual, ".SH OPTIONS") < strstr(manual, ".SH EXAMPLES"));
    free(manual);
}

static void test_the_manual_is_clean_to_mandoc(void **state) {
    (void)state;
    char *manual = shown("client --man");
    FILE *lint = popen("mandoc -T lint -W warning", "w");
    assert_non_null(lint);
    fputs(manual, lint);
    assert_int_equal(pclose(lint), 0);
    free(manual);
}

static void test_version(void **state) {
    (void)state;
    char *version = shown("exe/client --version --nonsense");
    assert_string_equal(version, "client " MQTTSIM_VERSION "\n");
    free(version);
    version = shown("client -V");
    assert_string_equal(version, "client " MQTTSIM_VERSION "\n");
    free(version);
}

static void test_a_full_disk_is_reported(void **state) {
    (void)state;
    struct settings settings;
    char *text = NULL;
    size_t size;
    FILE *out = fopen("/dev/full", "w");
    FILE *err = open_memstream(&text, &size);
    assert_non_null(out);
    char *argv[] = {(char[]){"client"}, (char[]){"--help"}, NULL};
    assert_int_equal(options_parse(&program, 2, argv, &settings, NULL, out, err), OPTIONS_WRONG);
    fclose(out);
    fclose(err);
    assert_string_equal(text, "client: cannot write the output: No space left on device\n");
    free(text);
}

static void test_a_list_has_all_that_was_given(void **state) {
    (void)state;
    static const struct option_row list_rows[] = {
        {"property", 'D', OPTION_LIST, 0, "WORDS", NULL, 1, 8, NULL, "Words.", NULL, false}};
    const struct program list_program = {
        .name = "client", .summary = "s", .synopsis = "", .options = list_rows, .option_count = 1};
    struct option_list list = {.count = 99};
    char program_name[] = "client";
    char letter[] = "-D";
    char first[] = "a";
    char second[] = "--property=b c";
    char *words[] = {program_name, letter, first, second, NULL};
    assert_int_equal(options_parse(&list_program, 4, words, &list, NULL, stdout, stderr),
                     OPTIONS_RUN);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.items[1], "b c");
    char *many[2 + 2 * OPTION_LIST_MAX + 2] = {program_name};
    for (int i = 1; i < 2 * OPTION_LIST_MAX + 3; i += 2) {
        many[i] = letter;
        many[i + 1] = first;
    }
    FILE *nowhere = fopen("/dev/null", "w");
    assert_int_equal(
        options_parse(&list_program, 2 * OPTION_LIST_MAX + 3, many, &list, NULL, nowhere, nowhere),
        OPTIONS_WRONG);
    fclose(nowhere);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_presets_fill_every_member_at_its_offset),
        cmocka_unit_test(test_every_spelling_of_an_option_is_taken),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_durations),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_choices),
        cmocka_unit_test(test_wrong_names_are_explained),
        cmocka_unit_test(test_a_long_unknown_name_is_no_danger),
        cmocka_unit_test(test_operands),
        cmocka_unit_test(test_help_names_every_option_with_its_default),
        cmocka_unit_test(test_help_is_laid_out),
        cmocka_unit_test(test_the_manual_escapes),
        cmocka_unit_test(test_the_manual_is_clean_to_mandoc),
        cmocka_unit_test(test_version),
        cmocka_unit_test(test_a_full_disk_is_reported),
        cmocka_unit_test(test_a_list_has_all_that_was_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
