#include "support.h"

#include "shell/options/option_config.h"
#include "shell/options/option_source.h"
#include "shell/options/options.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

enum colour { COLOUR_RED, COLOUR_BLUE };

struct settings {
    bool quiet;
    bool acts;
    uint64_t count;
    uint64_t wait;
    uint64_t room;
    const char *name;
    enum colour colour;
    struct option_list rules;
};

#define AT(member) .offset = offsetof(struct settings, member)

static const struct option_row rows[] = {
    {.name = "quiet", .type = OPTION_FLAG, AT(quiet), .help = "Say less."},
    {.name = "act", .type = OPTION_FLAG, AT(acts), .help = "Do it.", .is_action = true},
    {.name = "count",
     .type = OPTION_NUMBER,
     AT(count),
     .argument = "N",
     .preset = "3",
     .min = 1,
     .max = 99,
     .help = "How many."},
    {.name = "wait", .type = OPTION_DURATION, AT(wait), .argument = "S", .help = "How long."},
    {.name = "max-room", .type = OPTION_SIZE, AT(room), .argument = "B", .help = "How much."},
    {.name = "name", .type = OPTION_TEXT, AT(name), .argument = "N", .help = "Who this is."},
    {.name = "colour",
     .type = OPTION_CHOICE,
     AT(colour),
     .argument = "C",
     .choices = "red|blue",
     .help = "Which one.",
     .group = "Looks"},
    {.name = "rule",
     .type = OPTION_LIST,
     AT(rules),
     .argument = "R",
     .help = "What is to be done.",
     .group = "Looks"},
};

static const struct program program = {.name = "lamp",
                                       .summary = "a lamp",
                                       .synopsis = "[OPTION]...",
                                       .options = rows,
                                       .option_count = sizeof rows / sizeof *rows,
                                       .environment = "OPTION_SOURCE_TEST_"};

struct place {
    char *folder;
    char *path;
    struct settings settings;
    char *out;
    char *err;
};

static int set_up(void **state) {
    struct place *place = calloc(1, sizeof *place);
    place->folder = support_make_folder();
    place->path = support_path(place->folder, "lamp.yaml");
    *state = place;
    return 0;
}

static int tear_down(void **state) {
    struct place *place = *state;
    support_remove_folder(place->folder);
    free(place->path);
    free(place->out);
    free(place->err);
    free(place);
    return 0;
}

// Parses `lamp --config FILE WORD`, where FILE holds this; each may be NULL.
static enum options_result parse(struct place *place, const char *file, const char *word) {
    const char *words[5] = {"lamp"};
    int argc = 1;
    size_t size;
    if (file != NULL) {
        support_write_file(place->path, bytes_of_text(file));
        words[argc++] = "--config";
        words[argc++] = place->path;
    }
    if (word != NULL) {
        words[argc++] = word;
    }
    free(place->out);
    free(place->err);
    FILE *out = open_memstream(&place->out, &size);
    FILE *err = open_memstream(&place->err, &size);
    enum options_result result =
        options_parse(&program, argc, (char **)(uintptr_t)words, &place->settings, NULL, out, err);
    (void)fclose(out);
    (void)fclose(err);
    return result;
}

static void a_file_sets_what_could_be_typed(void **state) {
    struct place *place = *state;
    const struct settings *settings = &place->settings;
    assert_int_equal(parse(place,
                           "# a lamp\nquiet: yes\ncount: 7\nwait: 0.5\nmax-room: 4K\n"
                           "name: \"a: \\\"b\\\"\"\ncolour: blue\nrule: [one, 'two three']\n",
                           NULL),
                     OPTIONS_RUN);
    assert_true(settings->quiet);
    assert_int_equal(settings->count, 7);
    assert_int_equal(settings->wait, 500000000);
    assert_int_equal(settings->room, 4096);
    assert_string_equal(settings->name, "a: \"b\"");
    assert_int_equal(settings->colour, COLOUR_BLUE);
    assert_int_equal(settings->rules.count, 2);
    assert_string_equal(settings->rules.items[1], "two three");
    assert_int_equal(parse(place, "count:\nname:\n# quiet: yes\n", NULL), OPTIONS_RUN);
    assert_int_equal(settings->count, 3);
    assert_null(settings->name);
    assert_false(settings->quiet);
    assert_int_equal(parse(place, "", NULL), OPTIONS_RUN);
}

static void
what_is_typed_counts_more_than_the_environment_and_that_more_than_the_file(void **state) {
    struct place *place = *state;
    const struct settings *settings = &place->settings;
    setenv("OPTION_SOURCE_TEST_COUNT", "20", 1);
    setenv("OPTION_SOURCE_TEST_MAX_ROOM", "2K", 1);
    assert_int_equal(parse(place, "count: 10\nmax-room: 1K\nname: file\n", "--count=30"),
                     OPTIONS_RUN);
    assert_int_equal(settings->count, 30);
    assert_int_equal(settings->room, 2048);
    assert_string_equal(settings->name, "file");
    support_write_file(place->path, BYTES_LITERAL("wait: 4\n"));
    setenv("OPTION_SOURCE_TEST_CONFIG", place->path, 1);
    assert_int_equal(parse(place, NULL, NULL), OPTIONS_RUN);
    assert_int_equal(settings->wait, 4000000000);
    unsetenv("OPTION_SOURCE_TEST_CONFIG");
    setenv("OPTION_SOURCE_TEST_COUNT", "200", 1);
    assert_int_equal(parse(place, NULL, NULL), OPTIONS_UNUSABLE);
    assert_string_equal(place->err, "lamp: OPTION_SOURCE_TEST_COUNT=200: must be from 1 to 99\n");
    unsetenv("OPTION_SOURCE_TEST_COUNT");
    unsetenv("OPTION_SOURCE_TEST_MAX_ROOM");
    setenv("OPTION_SOURCE_TEST_MAXROOM", "2K", 1);
    assert_int_equal(parse(place, NULL, NULL), OPTIONS_UNUSABLE);
    assert_string_equal(place->err, "lamp: OPTION_SOURCE_TEST_MAXROOM: there is no such variable, "
                                    "perhaps OPTION_SOURCE_TEST_MAX_ROOM is meant\n");
    unsetenv("OPTION_SOURCE_TEST_MAXROOM");
}

static void mistakes_are_told_with_line_and_column(void **state) {
    struct place *place = *state;
    static const struct {
        const char *file, *said;
    } cases[] = {
        {"count: 7\ncuont: 8\n", "2:1: cuont: no such key, perhaps count is meant\n"},
        {"zzz: 8\n", "1:1: zzz: no such key; lamp --print-config shows all\n"},
        {"act: yes\n", "1:1: act: no such key"},
        {"config: x\n", "1:1: config: no such key"},
        {"count: 100\n", "1:8: count: must be from 1 to 99\n"},
        {"count: x\n", "1:8: count: not a whole number, must be from 1 to 99\n"},
        {"quiet: maybe\n", "1:8: quiet: neither yes nor no"},
        {"colour: green\n", "1:9: colour: must be one of red or blue\n"},
        {"count: [1]\n", "1:8: count: takes one value\n"},
        {"rule: {a: b}\n", "1:7: rule: takes a value or a list of them\n"},
        {"rule: [[a]]\n", "1:8: rule: takes a list of single values\n"},
        {"count: 1\nwait: 1\ncount: 2\n", "3:1: count: stands there twice\n"},
        {"- count\n", "has to be lines of KEY: VALUE\n"},
        {"count: [1\n", "without a closing bracket"},
        {"name: \"a\\0b\"\n", "name: holds a zero byte\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(parse(place, cases[i].file, NULL), OPTIONS_UNUSABLE);
        if (strstr(place->err, cases[i].said) == NULL) {
            print_error("%s: %s", cases[i].file, place->err);
        }
        assert_non_null(strstr(place->err, cases[i].said));
        assert_int_equal(strncmp(place->err, "lamp: ", 6), 0);
    }
    assert_int_equal(parse(place, "a1: 1\na2: 1\n", NULL), OPTIONS_UNUSABLE);
    assert_non_null(strstr(place->err, ":1:1: a1"));
    assert_non_null(strstr(place->err, ":2:1: a2"));
    assert_int_equal(parse(place, NULL, "--config=/nowhere"), OPTIONS_UNUSABLE);
    assert_string_equal(place->err, "lamp: --config /nowhere: No such file or directory\n");
}

static void more_mistakes_than_can_be_read_are_counted(void **state) {
    struct place *place = *state;
    char file[40 * 8] = "";
    for (unsigned i = 0; i < 30; i++) {
        (void)snprintf(file + strlen(file), 16, "zz%02u: 1\n", i);
    }
    assert_int_equal(parse(place, file, NULL), OPTIONS_UNUSABLE);
    assert_non_null(strstr(place->err, "and 10 more mistakes\n"));
}

static void what_is_printed_says_the_same_when_it_is_read(void **state) {
    struct place *place = *state;
    assert_int_equal(parse(place,
                           "quiet: on\ncount: 7\nwait: 1.25\nmax-room: 5000\nname: \"a \\\"\\\\#: "
                           "\\t\"\ncolour: blue\nrule: [one, two]\n",
                           "--print-config"),
                     OPTIONS_SHOWN);
    char *first = strdup(place->out);
    assert_non_null(strstr(first, "\nwait: 1.25\n"));
    assert_non_null(strstr(first, "\nmax-room: 5000\n"));
    assert_non_null(strstr(first, "\n# ---- Looks\n"));
    assert_null(strstr(first, "act"));
    assert_int_equal(parse(place, first, "--print-config"), OPTIONS_SHOWN);
    assert_string_equal(place->out, first);
    free(first);
    assert_int_equal(parse(place, "", "--print-config"), OPTIONS_SHOWN);
    assert_non_null(strstr(place->out, "\n#count: 3\n"));
    assert_non_null(strstr(place->out, "\n#name:\n"));
}

static void the_schema_knows_each_key(void **state) {
    struct place *place = *state;
    assert_int_equal(parse(place, "", "--config-schema"), OPTIONS_SHOWN);
    json_t *schema = json_loads(place->out, 0, NULL);
    const json_t *properties = json_object_get(schema, "properties");
    assert_int_equal(json_object_size(properties), sizeof rows / sizeof *rows - 1);
    assert_null(json_object_get(properties, "act"));
    const json_t *count = json_object_get(properties, "count");
    assert_string_equal(json_string_value(json_object_get(count, "type")), "integer");
    assert_int_equal(json_integer_value(json_object_get(count, "maximum")), 99);
    assert_true(json_is_false(json_object_get(schema, "additionalProperties")));
    json_decref(schema);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_file_sets_what_could_be_typed),
        TEST(what_is_typed_counts_more_than_the_environment_and_that_more_than_the_file),
        TEST(mistakes_are_told_with_line_and_column),
        TEST(more_mistakes_than_can_be_read_are_counted),
        TEST(what_is_printed_says_the_same_when_it_is_read),
        TEST(the_schema_knows_each_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
