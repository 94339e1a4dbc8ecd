#include "support.h"
#include "text_fixture.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/plan_read.h"
#include "scenario/schema/schema.h"
#include "scenario/schema/schema_json.h"
#include "scenario/schema/schema_text.h"

static const char *text_of(struct text_fixture *fixture) {
    buffer_append_byte(&fixture->out, 0);
    fixture->out.size--;
    return (const char *)fixture->out.data;
}

static void the_document_has_the_tables_of_the_code(void **state) {
    (void)state;
    struct text_fixture fixture;
    text_fixture_start(&fixture);
    schema_text_reference(&fixture.out);
    char *document = support_read_file("docs/scenario.md", NULL);
    assert_non_null(document);
    if (strstr(document, text_of(&fixture)) == NULL) {
        fail_msg("docs/scenario.md lacks this:\n%s", text_of(&fixture));
    }
    free(document);
    text_fixture_finish(&fixture);
}

static void the_file_for_editors_is_that_of_the_code(void **state) {
    (void)state;
    struct text_fixture fixture;
    json_error_t error;
    text_fixture_start(&fixture);
    schema_json_write(&fixture.out);
    json_t *json = json_loadb((const char *)fixture.out.data, fixture.out.size, 0, &error);
    assert_non_null(json);
    assert_non_null(json_object_get(json_object_get(json, "properties"), "devices"));
    json_decref(json);
    char *file = support_read_file("scenarios/scenario.schema.json", NULL);
    assert_non_null(file);
    if (strcmp(file, text_of(&fixture)) != 0) {
        fail_msg("scenarios/scenario.schema.json is to be:\n%s", text_of(&fixture));
    }
    free(file);
    text_fixture_finish(&fixture);
}

static void the_first_example_of_the_document_is_a_scenario(void **state) {
    (void)state;
    struct memory memory;
    struct plan plan;
    static struct read_errors errors;
    char *document = support_read_file("docs/scenario.md", NULL);
    assert_non_null(document);
    const char *first = strstr(document, "```yaml\n") + 8;
    const char *end = strstr(first, "```");
    const struct plan_input input = {.text = bytes_make(first, (size_t)(end - first))};
    memory_init(&memory);
    assert_true(plan_read(&plan, &memory, &input, &errors));
    assert_int_equal(plan.device_count, 1000);
    plan_deinit(&plan);
    free(document);
}

static void assert_explained(const char *key, bool is_there, const char *says) {
    struct text_fixture fixture;
    text_fixture_start(&fixture);
    assert_int_equal(schema_text_explain(bytes_of_text(key), &fixture.out), is_there);
    if (strstr(text_of(&fixture), says) == NULL) {
        fail_msg("of %s is said:\n%s", key, text_of(&fixture));
    }
    text_fixture_finish(&fixture);
}

static void keys_are_explained(void **state) {
    (void)state;
    assert_explained("devices.publish.every", true, "a time that may vary");
    assert_explained("devices.publish.every", true, "allowed  0 s to 3660 d");
    assert_explained("burst", true, "without  1\n");
    assert_explained("stop", true, "it has to be there");
    assert_explained("devices.connect", true, "    keep alive");
    assert_explained("devices.publish.value", true, "walk(LEAST, MOST, STEP)");
    assert_explained("devices.name", true, "{i per 100}");
    assert_explained("faults.do", true, "partition WHO from WHOM");
    assert_explained("expect", true, "latency.p99.9");
    assert_explained("devices.misbehaves", true, "no acknowledgement, same id");
    assert_explained("brokers.limits.packet size", true, "0 B to 268435460 B");
}

static void keys_that_there_are_not_are_answered_with_one_that_is_near(void **state) {
    (void)state;
    assert_explained("devices.publish.evry", false, "did you mean devices.publish.every?");
    assert_explained("busrt", false, "did you mean burst?");
    assert_explained("qos", false, "several sections have one");
    assert_explained("colour", false, "those of the file itself are: title seed stop");
}

static void every_key_can_be_explained(void **state) {
    (void)state;
    const struct schema_row *row;
    for (unsigned i = 0; (row = schema_row(i)) != NULL; i++) {
        assert_explained(row->path, true, row->help);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_document_has_the_tables_of_the_code),
        cmocka_unit_test(the_file_for_editors_is_that_of_the_code),
        cmocka_unit_test(the_first_example_of_the_document_is_a_scenario),
        cmocka_unit_test(keys_are_explained),
        cmocka_unit_test(keys_that_there_are_not_are_answered_with_one_that_is_near),
        cmocka_unit_test(every_key_can_be_explained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
