#include "support.h"

#include "role/broker/session/door_record.h"
#include "store/broker/record_lines.h"

#define TEXT_MOST 40

static bool read_back(const char *line, struct record_line *read, struct memory *memory,
                      char *why) {
    size_t size = strlen(line);
    size -= line[size - 1] == '\n';
    return record_lines_read(read, memory, bytes_make(line, size), why);
}

// Of every kind, with the longest numbers, "never", and texts of any bytes.
static void every_record_comes_back_as_it_was(void **state) {
    (void)state;
    struct memory memory;
    uint8_t room[TEXT_MOST * JOURNAL_TEXTS_MAX];
    uint64_t random = 9;
    memory_init(&memory);
    for (unsigned i = 0; i < 40 * DOOR_RECORDS; i++) {
        struct journal_record record = {.kind = i % DOOR_RECORDS};
        const struct journal_kind *row = &door_journal_kinds[record.kind];
        for (unsigned n = 0; n < row->numbers; n++) {
            record.number[n] =
                support_random(&random) % 4 == 0 ? UINT64_MAX : support_random(&random) >> 1;
        }
        for (unsigned t = 0; t < row->texts; t++) {
            uint8_t *text = room + (size_t)t * TEXT_MOST;
            for (unsigned b = 0; b < TEXT_MOST; b++) {
                text[b] = (uint8_t)(support_random(&random) % (i % 2 == 0 ? 256 : 128));
            }
            record.text[t] = bytes_make(text, (size_t)(support_random(&random) % TEXT_MOST));
        }
        struct buffer line;
        struct record_line read;
        char why[RECORD_LINES_WHY] = "";
        buffer_init(&line, &memory);
        record_lines_append(&line, &record);
        assert_int_equal(line.data[line.size - 1], '\n');
        buffer_append_byte(&line, 0);
        assert_true(read_back((const char *)line.data, &read, &memory, why));
        assert_int_equal(read.record.kind, record.kind);
        assert_memory_equal(read.record.number, record.number, sizeof record.number);
        for (unsigned t = 0; t < JOURNAL_TEXTS_MAX; t++) {
            assert_true(bytes_equal(read.record.text[t], record.text[t]));
        }
        record_lines_free(&read);
        buffer_deinit(&line);
    }
    assert_int_equal(memory.bytes_in_use, 0);
}

static void a_line_is_what_the_documents_say(void **state) {
    (void)state;
    struct memory memory;
    struct buffer line;
    memory_init(&memory);
    buffer_init(&line, &memory);
    record_lines_append(&line, &(struct journal_record){.kind = DOOR_SUBSCRIBED,
                                                        .number = {3, 1, 0},
                                                        .text = {BYTES_LITERAL("room/+/temp")}});
    record_lines_append(
        &line, &(struct journal_record){.kind = BROKER_VALUE,
                                        .number = {UINT64_MAX, 0, 1, 0},
                                        .text = {BYTES_LITERAL("a"), {0}, BYTES_LITERAL("\xff")}});
    buffer_append_byte(&line, 0);
    assert_string_equal(
        (const char *)line.data,
        "{\"record\":\"subscribed\",\"session\":3,\"options\":1,\"identifier\":0,\"group\":0,"
        "\"filter\":\"room/+/temp\"}\n"
        "{\"record\":\"value\",\"expires_at\":null,\"address\":0,\"qos\":1,\"hops\":0,"
        "\"topic\":\"a\",\"properties\":\"\",\"value\":{\"base64\":\"/w==\"}}\n");
    buffer_deinit(&line);
}

static void assert_wrong(const char *line, const char *expected) {
    struct memory memory;
    struct record_line read;
    char why[RECORD_LINES_WHY] = "";
    memory_init(&memory);
    assert_false(read_back(line, &read, &memory, why));
    assert_non_null(strstr(why, expected));
    assert_int_equal(memory.bytes_in_use, 0);
}

static void other_lines_are_refused(void **state) {
    (void)state;
    assert_wrong("x", "is no JSON");
    assert_wrong("{\"a\":1}", "no member \"record\" that names a record");
    assert_wrong("{\"record\":\"none\"}", "no member \"record\" that names a record");
    assert_wrong("[1]", "no member \"record\" that names a record");
    assert_wrong("{\"record\":\"ended\"}", "no member \"session\" of the right kind, as \"ended\"");
    assert_wrong("{\"record\":\"ended\",\"session\":-1}", "\"session\"");
    assert_wrong("{\"record\":\"ended\",\"session\":\"1\"}", "\"session\"");
    assert_wrong("{\"record\":\"no-value\",\"topic\":1}", "\"topic\"");
    assert_wrong("{\"record\":\"no-value\",\"topic\":{\"base64\":\"?\"}}", "\"topic\"");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_record_comes_back_as_it_was),
        cmocka_unit_test(a_line_is_what_the_documents_say),
        cmocka_unit_test(other_lines_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
