// A scenario's file as a list of parts: written again it says the same.
#include "support.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/reduce/outline.h"

struct fixture {
    struct memory memory;
    struct outline outline;
    struct buffer text;
    struct yaml_error error;
};

static struct fixture *begin(struct bytes text, const struct outline_options *options) {
    struct fixture *fixture = calloc(1, sizeof *fixture);
    assert_non_null(fixture);
    memory_init(&fixture->memory);
    buffer_init(&fixture->text, &fixture->memory);
    if (!outline_init(&fixture->outline, &fixture->memory, text, options, &fixture->error)) {
        fail_msg("%u:%u: %s", fixture->error.line, fixture->error.column, fixture->error.text);
    }
    outline_write(&fixture->outline, &fixture->text);
    return fixture;
}

static void finish(struct fixture *fixture) {
    outline_deinit(&fixture->outline);
    buffer_deinit(&fixture->text);
    assert_int_equal(fixture->memory.bytes_in_use, 0);
    free(fixture);
}

static void assert_same_parts(const struct outline *a, const struct outline *b) {
    assert_int_equal(a->count, b->count);
    for (uint32_t i = 0; i < a->count; i++) {
        const struct outline_part *one = &a->parts[i];
        const struct outline_part *other = &b->parts[i];
        assert_bytes_equal(one->key, other->key);
        assert_bytes_equal(one->text, other->text);
        assert_int_equal(one->kind, other->kind);
        assert_int_equal(one->end, other->end);
        assert_ptr_equal(one->row, other->row);
    }
}

static void assert_says_the_same(struct bytes text) {
    static const struct outline_options none = {.seed = 1};
    struct fixture *first = begin(text, &none);
    struct fixture *second = begin(buffer_bytes(&first->text), &none);
    assert_same_parts(&first->outline, &second->outline);
    assert_bytes_equal(buffer_bytes(&first->text), buffer_bytes(&second->text));
    finish(first);
    finish(second);
}

static void all_scenarios_are_written_as_they_are_read(void **state) {
    (void)state;
    glob_t found;
    assert_int_equal(glob("scenarios/*.yaml", 0, NULL, &found), 0);
    assert_true(found.gl_pathc >= 14);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        size_t size;
        char *text = support_read_file(found.gl_pathv[i], &size);
        assert_says_the_same(bytes_make(text, size));
        free(text);
    }
    globfree(&found);
}

static void texts_are_quoted_where_yaml_needs_it(void **state) {
    (void)state;
    static const char *const texts[] = {
        "",     " ",     "#",        "a #b",     "a: b",      "- a",         "-",
        "*x",   "&x",    "@x",       "%x",       "!x",        "| x",         "{value}",
        "a{b}", "[a]",   "a, b",     "'q'",      "a \"b\"",   "back\\slash", "line\nbreak",
        "\x01", "tab\t", " leading", "trailing", "a: ",       "a:",          "10:00",
        "yes",  "null",  "~",        "=",        "u\xc3\xbc", "?",           "? x",
        ">",    "<<",    "`x",       "once/+",   "farm/#",    "\x7f",        "{\"m\": {value}}",
        "1e3",  "0x1f",  "2 * t",    "a]b",      "x ,y",      "---",         "..."};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct outline_fault fault = {.line = bytes_of_text(texts[i])};
        struct outline_setting title = {"title", bytes_of_text(texts[i])};
        struct fixture *written =
            begin(BYTES_LITERAL("stop: 1 s\n"),
                  &(struct outline_options){
                      .settings = &title, .setting_count = 1, .faults = &fault, .fault_count = 1});
        struct fixture *again =
            begin(buffer_bytes(&written->text), &(struct outline_options){.seed = 1});
        assert_same_parts(&written->outline, &again->outline);
        finish(written);
        finish(again);
    }
}

static void settings_and_faults_are_joined_to_the_file(void **state) {
    (void)state;
    static const struct outline_setting settings[] = {{"seed", BYTES_LITERAL("7")},
                                                      {"calm", BYTES_LITERAL("2 s")}};
    static const struct outline_fault faults[] = {
        {1000000000, 2000000000, 0, BYTES_LITERAL("crash hub")},
        {0, 0, 60000000000, BYTES_LITERAL("link net down")}};
    struct fixture *fixture =
        begin(BYTES_LITERAL("seed: 3\nstop: 10 s\nfaults:\n  - drop PUBACK 3\n"),
              &(struct outline_options){
                  .settings = settings, .setting_count = 2, .faults = faults, .fault_count = 2});
    assert_bytes_equal(buffer_bytes(&fixture->text),
                       BYTES_LITERAL("seed: 7\n"
                                     "stop: 10 s\n"
                                     "faults: [drop PUBACK 3, {at: 1 s, for: 2 s, do: crash hub}, "
                                     "{every: 1 min, do: link net down}]\n"
                                     "calm: 2 s\n"));
    finish(fixture);
}

static void what_is_gone_is_not_written(void **state) {
    (void)state;
    struct fixture *fixture =
        begin(BYTES_LITERAL("stop: 10 s\nfaults: [drop PUBACK 3, crash hub]\ntitle: x\n"),
              &(struct outline_options){.seed = 1});
    struct outline *outline = &fixture->outline;
    outline->parts[outline_find(outline, "faults", 0) + 1].is_gone = true;
    outline->parts[outline_find(outline, "title", 0)].is_gone = true;
    fixture->text.size = 0;
    outline_write(outline, &fixture->text);
    assert_bytes_equal(buffer_bytes(&fixture->text),
                       BYTES_LITERAL("stop: 10 s\nfaults: [crash hub]\n"));
    assert_int_equal(outline_find(outline, "title", 0), UINT32_MAX);
    finish(fixture);
}

static void a_wrong_range_is_told_with_its_place(void **state) {
    (void)state;
    struct memory memory;
    struct outline outline;
    struct yaml_error error;
    memory_init(&memory);
    assert_false(outline_init(&outline, &memory, BYTES_LITERAL("title: x\nstop: 9 s..1 s\n"),
                              &(struct outline_options){.seed = 1}, &error));
    assert_int_equal(error.line, 2);
    assert_non_null(strstr(error.text, "ends below where it begins"));
    outline_deinit(&outline);
    assert_int_equal(memory.bytes_in_use, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_scenarios_are_written_as_they_are_read),
        cmocka_unit_test(texts_are_quoted_where_yaml_needs_it),
        cmocka_unit_test(settings_and_faults_are_joined_to_the_file),
        cmocka_unit_test(what_is_gone_is_not_written),
        cmocka_unit_test(a_wrong_range_is_told_with_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
