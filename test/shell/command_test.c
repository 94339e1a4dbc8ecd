#include "support.h"

#include "shell/command.h"

#include <stdio.h>
#include <stdlib.h>

enum { PLAIN, ADDRESS, REQUIRED, TOPIC, VALUE, WORDS };

static const struct command_row rows[] = {
    {"plain", COMMAND_PLAIN, "plain", "nothing", PLAIN},
    {"addr", COMMAND_ADDRESS, "addr [address]", "an address", ADDRESS},
    {"must", COMMAND_ADDRESS | COMMAND_ADDRESS_REQUIRED, "must address", "must", REQUIRED},
    {"topc", COMMAND_ADDRESS | COMMAND_TOPIC, "topc [address] topic", "a topic", TOPIC},
    {"valu", COMMAND_ADDRESS | COMMAND_TOPIC | COMMAND_VALUE, "valu [address] topic value",
     "a value", VALUE},
    {"word", COMMAND_TOPIC | COMMAND_WORDS, "word topic [word]...", "words", WORDS},
};
static const struct command_table table = {rows, sizeof rows / sizeof *rows};

struct parser {
    struct memory memory;
    struct buffer storage;
    struct buffer message;
    struct command command;
};

static int set_up(void **state) {
    struct parser *parser = calloc(1, sizeof *parser);
    memory_init(&parser->memory);
    buffer_init(&parser->storage, &parser->memory);
    buffer_init(&parser->message, &parser->memory);
    *state = parser;
    return 0;
}

static int tear_down(void **state) {
    struct parser *parser = *state;
    buffer_deinit(&parser->storage);
    buffer_deinit(&parser->message);
    assert_int_equal(parser->memory.blocks_in_use, 0);
    free(parser);
    return 0;
}

static bool parse(struct parser *parser, struct bytes line) {
    parser->message.size = 0;
    return command_parse(&table, line, &parser->storage, &parser->command, &parser->message);
}

static void assert_parsed(struct parser *parser, const char *line, uint32_t address,
                          const char *topic, const char *value) {
    if (!parse(parser, bytes_of_text(line))) {
        print_error("%s: %.*s\n", line, (int)parser->message.size, (char *)parser->message.data);
        fail();
    }
    assert_non_null(parser->command.row);
    assert_int_equal(parser->message.size, 0);
    assert_int_equal(parser->command.address, address);
    assert_bytes_equal(parser->command.topic, bytes_of_text(topic));
    assert_bytes_equal(parser->command.value, bytes_of_text(value));
}

static void assert_wrong(struct parser *parser, const char *line, const char *message) {
    assert_false(parse(parser, bytes_of_text(line)));
    assert_bytes_equal(buffer_bytes(&parser->message), bytes_of_text(message));
}

static void no_command(void **state) {
    static const char *const lines[] = {"", " ", "\t \r", "#", "# valu t 1", "  #x"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct parser *parser = *state;
        assert_true(parse(parser, bytes_of_text(lines[i])));
        assert_null(parser->command.row);
    }
}

static void addresses(void **state) {
    assert_parsed(*state, "plain", 0, "", "");
    assert_parsed(*state, "  plain \r", 0, "", "");
    assert_parsed(*state, "addr", 0, "", "");
    assert_parsed(*state, "addr 1", 1, "", "");
    assert_parsed(*state, "addr \t 4294966999 ", 4294966999, "", "");
    assert_parsed(*state, "addr \"7\"", 7, "", "");
    assert_parsed(*state, "must 7", 7, "", "");
    assert_wrong(*state, "must", "must: the address is missing; type: must address");
    static const char *const wrong[] = {
        "addr 0",  "addr 4294967000",           "addr -1", "addr x", "addr 1x", "addr 0x10",
        "addr \"", "addr 99999999999999999999", "topc 0 t"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char message[128];
        (void)snprintf(message, sizeof message,
                       "%.4s: the address is not a number from 1 to 4294966999; type: %.4s "
                       "[address]%s",
                       wrong[i], wrong[i], wrong[i][0] == 't' ? " topic" : "");
        assert_wrong(*state, wrong[i], message);
    }
}

static void topics(void **state) {
    assert_parsed(*state, "topc a/+/#", 0, "a/+/#", "");
    assert_parsed(*state, "topc 5 a", 5, "a", "");
    assert_parsed(*state, "topc 5", 0, "5", "");
    assert_parsed(*state, "topc 5x", 0, "5x", "");
    assert_parsed(*state, "topc \"a b\"", 0, "a b", "");
    assert_parsed(*state, "topc 'a \"b\\'", 0, "a \"b\\", "");
    assert_parsed(*state, "topc it's", 0, "it's", "");
    assert_parsed(*state, "topc \"\"", 0, "", "");
    assert_parsed(*state, "topc 5 \"a b\"", 5, "a b", "");
    assert_parsed(*state, "topc \"5\"", 0, "5", "");
    assert_wrong(*state, "topc", "topc: the topic is missing; type: topc [address] topic");
    assert_wrong(*state, "topc a b",
                 "topc: there is an argument too many; type: topc [address] "
                 "topic");
    assert_wrong(*state, "topc 5 a b",
                 "topc: there is an argument too many; type: topc [address] "
                 "topic");
}

static void values(void **state) {
    assert_parsed(*state, "valu t v", 0, "t", "v");
    assert_parsed(*state, "valu t  a  b\tc ", 0, "t", "a  b\tc");
    assert_parsed(*state, "valu 5 t v", 5, "t", "v");
    assert_parsed(*state, "valu 5 v", 0, "5", "v");
    assert_parsed(*state, "valu 5 t a b", 5, "t", "a b");
    assert_parsed(*state, "valu 5 \"a b\"", 0, "5", "a b");
    assert_parsed(*state, "valu 5 \"a \\\" b\"", 0, "5", "a \" b");
    assert_parsed(*state, "valu 5 'a b' c", 5, "a b", "c");
    assert_parsed(*state, "valu t it's \"so\"", 0, "t", "it's \"so\"");
    assert_parsed(*state, "valu t \"\"", 0, "t", "");
    assert_parsed(*state, "valu t ' v '", 0, "t", " v ");
    assert_parsed(*state, "valu t \xff\x80", 0, "t", "\xff\x80");
    assert_wrong(*state, "valu", "valu: the topic is missing; type: valu [address] topic value");
    assert_wrong(*state, "valu t",
                 "valu: the value is missing (\"\" is an empty one); type: valu "
                 "[address] topic value");
}

static void escapes(void **state) {
    struct parser *parser = *state;
    assert_parsed(parser, "valu t \"\\\"\\\\\\n\\t\\x41\\x7a\\xAf\"", 0, "t", "\"\\\n\tAz\xaf");
    assert_true(parse(parser, BYTES_LITERAL("valu t \"a\\x00b\"")));
    assert_bytes_equal(parser->command.value, BYTES_LITERAL("a\0b"));
    static const char *const wrong[] = {"\\q", "\\x4", "\\xg1", "\\x1g", "\\X41", "\\x:0"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char line[64];
        (void)snprintf(line, sizeof line, "valu t \"%s\"", wrong[i]);
        assert_wrong(parser, line,
                     "valu: unknown escape: in \"…\" there are \\\" \\\\ \\n \\t and "
                     "\\xHH; type: valu [address] topic value");
    }
    static const char *const open[] = {"valu t \"", "valu t \"a", "valu t 'a", "valu t \"a\\\""};
    for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
        assert_wrong(parser, open[i],
                     "valu: a quotation mark is not closed; type: valu [address] "
                     "topic value");
    }
    assert_wrong(parser, "valu t 'a'b",
                 "valu: a blank is missing behind a quotation mark; type: "
                 "valu [address] topic value");
    assert_wrong(parser, "valu t 'a' b",
                 "valu: there is an argument too many; type: valu "
                 "[address] topic value");
}

static void unknown_commands(void **state) {
    static const char *const ends = "'; type one of: plain addr must topc valu word";
    static const struct {
        const char *line;
        const char *shown;
    } cases[] = {
        {"frob x", "frob"},
        {"PLAIN", "PLAIN"},
        {"plai", "plai"},
        {"plainer", "plainer"},
        {"\"plain\"", "\"plain\""},
        {"\x01\xff", "\\x01\\xFF"},
        {"0123456789012345678901234567890123456789x", "0123456789012345678901234567890123456789…"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char message[256];
        (void)snprintf(message, sizeof message, "there is no command '%s%s", cases[i].shown, ends);
        assert_wrong(*state, cases[i].line, message);
    }
    assert_wrong(*state, "plain x", "plain: there is an argument too many; type: plain");
}

static void help_has_a_line_for_each(void **state) {
    struct parser *parser = *state;
    command_help(&table, NULL, &parser->message);
    buffer_append_byte(&parser->message, 0);
    const char *at = (const char *)parser->message.data;
    for (size_t i = 0; i < table.count; i++) {
        at = strstr(at, rows[i].synopsis);
        assert_non_null(at);
        at = strstr(at, rows[i].help);
        assert_non_null(at);
    }
}

// Of a table that has these commands.
static void help_has_other_names_and_tells_of_one(void **state) {
    struct parser *parser = *state;
    static const struct command_row few[] = {
        {"help", COMMAND_NAME, "help [command]", "show this list", 1},
        {"exit", COMMAND_PLAIN, "exit",
         "end all connections, leave the network and end, after what was sent has been written", 2},
    };
    const struct command_table small = {few, 2};
    static const struct {
        const char *line;
        const struct command_row *row;
        const struct command_row *about;
    } cases[] = {{"help", &few[0], NULL},         {"?", &few[0], NULL},
                 {"help exit", &few[0], &few[1]}, {"? quit", &few[0], &few[1]},
                 {"quit", &few[1], NULL},         {"exit", &few[1], NULL}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(command_parse(&small, bytes_of_text(cases[i].line), &parser->storage,
                                  &parser->command, &parser->message));
        assert_ptr_equal(parser->command.row, cases[i].row);
        assert_ptr_equal(parser->command.about, cases[i].about);
    }
    command_help(&small, &few[1], &parser->message);
    assert_bytes_equal(
        buffer_bytes(&parser->message),
        BYTES_LITERAL("  exit                         end all connections, leave the "
                      "network and end,\n"
                      "                               after what was sent has been "
                      "written"));
    parser->message.size = 0;
    assert_false(command_parse(&small, BYTES_LITERAL("help me"), &parser->storage, &parser->command,
                               &parser->message));
    assert_bytes_equal(buffer_bytes(&parser->message),
                       BYTES_LITERAL("help: there is no such command; help alone lists them; "
                                     "type: help [command]"));
}

static void assert_split(const char *list, const char *const *parts) {
    struct bytes rest = bytes_of_text(list);
    for (; *parts != NULL; parts++) {
        assert_true(rest.size > 0);
        assert_bytes_equal(command_next(&rest), bytes_of_text(*parts));
    }
    assert_int_equal(rest.size, 0);
}

#define ASSERT_SPLIT(list, ...) assert_split((list), (const char *const[]){__VA_ARGS__, NULL})

static void lists_are_taken_apart(void **state) {
    (void)state;
    ASSERT_SPLIT("a", "a");
    ASSERT_SPLIT("a;b", "a", "b");
    ASSERT_SPLIT("a; b ;", "a", " b ");
    ASSERT_SPLIT(";;a", "", "", "a");
    ASSERT_SPLIT("a \"x;y\";b", "a \"x;y\"", "b");
    ASSERT_SPLIT("a \"x\\\";y\";b", "a \"x\\\";y\"", "b");
    ASSERT_SPLIT("a 'x;\\';b", "a 'x;\\'", "b");
    ASSERT_SPLIT("it's;so", "it's", "so");
    ASSERT_SPLIT("'x;y';z", "'x;y'", "z");
    ASSERT_SPLIT("a;\"b;c", "a", "\"b;c");
    ASSERT_SPLIT("a \"\\", "a \"\\");
}

static void words_behind_a_topic_are_taken_one_by_one(void **state) {
    struct parser *parser = *state;
    assert_true(parse(parser, BYTES_LITERAL("word t \"two words\" '' 1 a=b")));
    const struct command *command = &parser->command;
    assert_bytes_equal(command->topic, BYTES_LITERAL("t"));
    assert_int_equal(command->word_count, 4);
    assert_bytes_equal(command->words[0], BYTES_LITERAL("two words"));
    assert_int_equal(command->words[1].size, 0);
    assert_bytes_equal(command->words[3], BYTES_LITERAL("a=b"));
    assert_true(parse(parser, BYTES_LITERAL("word t")));
    assert_int_equal(parser->command.word_count, 0);
}

static void too_many_words_are_refused(void **state) {
    struct parser *parser = *state;
    char line[200] = "word t";
    for (unsigned i = 0; i < COMMAND_WORDS_MAX; i++) {
        memcpy(line + 6 + 2 * i, " w", 3);
    }
    assert_true(parse(parser, bytes_of_text(line)));
    memcpy(line + 6 + 2 * COMMAND_WORDS_MAX, " w", 3);
    assert_false(parse(parser, bytes_of_text(line)));
    assert_false(parse(parser, BYTES_LITERAL("word t \"open")));
}

static void a_text_is_taken_apart_as_a_command_is(void **state) {
    struct parser *parser = *state;
    struct bytes words[COMMAND_WORDS_MAX];
    unsigned count;
    assert_null(command_words(BYTES_LITERAL(" a 'b c' "), &parser->storage, words, &count));
    assert_int_equal(count, 2);
    assert_bytes_equal(words[1], BYTES_LITERAL("b c"));
    assert_non_null(command_words(BYTES_LITERAL("'b"), &parser->storage, words, &count));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(no_command),
        TEST(addresses),
        TEST(topics),
        TEST(values),
        TEST(escapes),
        TEST(unknown_commands),
        TEST(help_has_a_line_for_each),
        TEST(help_has_other_names_and_tells_of_one),
        TEST(lists_are_taken_apart),
        TEST(words_behind_a_topic_are_taken_one_by_one),
        TEST(too_many_words_are_refused),
        TEST(a_text_is_taken_apart_as_a_command_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
