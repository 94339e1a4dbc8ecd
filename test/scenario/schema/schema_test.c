#include "support.h"

#include <string.h>

#include "scenario/schema/schema.h"

static bool is_section(const struct schema_row *row) {
    return row->type == SCHEMA_MAP || row->type == SCHEMA_PART || row->type == SCHEMA_NAMED ||
           row->type == SCHEMA_LIST;
}

static void every_row_stands_in_a_section_and_says_what_it_is(void **state) {
    (void)state;
    const struct schema_row *row;
    for (unsigned i = 0; (row = schema_row(i)) != NULL; i++) {
        assert_true(strlen(row->help) > 6);
        assert_true(row->example != NULL || row->words != NULL);
        assert_true(row->size > 0);
        assert_true(row->least <= row->most || row->most == 0);
        assert_true(!row->is_required || row->fallback == NULL);
        assert_non_null(schema_type_help(row->type));
        assert_ptr_equal(schema_find(bytes_of_text(row->path)), row);
        size_t outer = (size_t)(schema_key(row) - row->path);
        if (outer > 0) {
            const struct schema_row *section = schema_find(bytes_make(row->path, outer - 1));
            assert_non_null(section);
            assert_true(is_section(section));
            assert_ptr_equal(schema_child(section->path, bytes_of_text(schema_key(row))), row);
        }
        for (unsigned j = 0; j < i; j++) {
            assert_string_not_equal(row->path, schema_row(j)->path);
        }
    }
    assert_true(row == NULL);
}

static void every_type_is_used_and_explained(void **state) {
    (void)state;
    for (unsigned type = 0; type < SCHEMA_TYPES; type++) {
        unsigned count = 0;
        for (unsigned i = 0; schema_row(i) != NULL; i++) {
            count += (unsigned)schema_row(i)->type == type;
        }
        assert_true(count > 0);
        assert_true(strlen(schema_type_help((enum schema_type)type)) > 3);
    }
}

static void words_are_found_by_their_number(void **state) {
    (void)state;
    const struct schema_row *row = schema_find(BYTES_LITERAL("devices.speaks"));
    assert_bytes_equal(schema_word(row, 0), BYTES_LITERAL("line classic"));
    assert_bytes_equal(schema_word(row, 4), BYTES_LITERAL("mqtt 5.0"));
    assert_int_equal(schema_word(row, 5).size, 0);
    assert_int_equal(schema_word(schema_find(BYTES_LITERAL("seed")), 0).size, 0);
}

static void a_key_alone_is_found_if_there_is_one_only(void **state) {
    (void)state;
    assert_ptr_equal(schema_find(BYTES_LITERAL("burst")),
                     schema_find(BYTES_LITERAL("devices.publish.burst")));
    assert_null(schema_find(BYTES_LITERAL("qos")));
    assert_null(schema_find(BYTES_LITERAL("nothing")));
    assert_null(schema_child("devices", BYTES_LITERAL("publish.burst")));
    assert_null(schema_child("device", BYTES_LITERAL("name")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_stands_in_a_section_and_says_what_it_is),
        cmocka_unit_test(every_type_is_used_and_explained),
        cmocka_unit_test(words_are_found_by_their_number),
        cmocka_unit_test(a_key_alone_is_found_if_there_is_one_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
