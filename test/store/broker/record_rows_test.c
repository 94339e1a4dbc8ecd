#include "support.h"

#include "role/broker/session/door_record.h"
#include "store/broker/record_rows.h"

static const struct record_rows rows = {door_journal_kinds, DOOR_RECORDS};

static void assert_same(const struct journal_record *a, const struct journal_record *b) {
    assert_int_equal(a->kind, b->kind);
    for (unsigned i = 0; i < rows.kinds[a->kind].numbers; i++) {
        assert_int_equal(a->number[i], b->number[i]);
    }
    for (unsigned i = 0; i < rows.kinds[a->kind].texts; i++) {
        assert_true(bytes_equal(a->text[i], b->text[i]));
    }
}

// Numbers of every size, texts of none and of some bytes.
static struct journal_record make_record(uint64_t *random, uint8_t *room) {
    struct journal_record record = {.kind = (unsigned)(support_random(random) % rows.count)};
    for (unsigned i = 0; i < rows.kinds[record.kind].numbers; i++) {
        uint64_t number = support_random(random) >> support_random(random) % 64;
        record.number[i] = support_random(random) % 8 == 0 ? UINT64_MAX : number;
    }
    for (unsigned i = 0; i < rows.kinds[record.kind].texts; i++) {
        size_t size = (size_t)(support_random(random) % 300);
        record.text[i] = bytes_make(room + 300 * i, size);
    }
    return record;
}

static void records_come_back_as_they_were(void **state) {
    (void)state;
    struct memory memory;
    struct buffer buffer;
    struct journal_record made[200];
    uint8_t room[1200];
    uint64_t random = 1;
    for (size_t i = 0; i < sizeof room; i++) {
        room[i] = (uint8_t)support_random(&random);
    }
    memory_init(&memory);
    buffer_init(&buffer, &memory);
    for (int i = 0; i < 200; i++) {
        made[i] = make_record(&random, room);
        record_rows_append(rows, &buffer, &made[i]);
    }
    struct bytes left = buffer_bytes(&buffer);
    struct journal_record record;
    for (int i = 0; i < 200; i++) {
        assert_int_equal(record_rows_next(rows, &left, &record), RECORD_ROWS_RECORD);
        assert_same(&record, &made[i]);
    }
    assert_int_equal(record_rows_next(rows, &left, &record), RECORD_ROWS_END);
    buffer_deinit(&buffer);
}

// The format is kept for ever: what one version writes the next one reads.
static void bytes_are_those_of_the_format(void **state) {
    (void)state;
    struct memory memory;
    struct buffer buffer;
    const uint8_t expected[] = {DOOR_WILL, 8, 0x80, 1, 0, 2, 1, 4, 'a', '/', 'b', 1, 3, 0, 9};
    memory_init(&memory);
    buffer_init(&buffer, &memory);
    record_rows_append(
        rows, &buffer,
        &(struct journal_record){.kind = DOOR_WILL,
                                 .number = {7, 127, UINT64_MAX, 1, 0},
                                 .text = {BYTES_LITERAL("a/b"), {0}, bytes_make("\0\11", 2)}});
    assert_int_equal(buffer.size, sizeof expected);
    assert_memory_equal(buffer.data, expected, sizeof expected);
    buffer_deinit(&buffer);
}

// Kinds have the numbers that stand in files, and as many numbers and texts. Who has to change this
// changes the schema's version as well (store/broker/broker_store.h).
static void kinds_are_those_of_the_format(void **state) {
    (void)state;
    static const struct journal_kind kinds[] = {
        {"value", 4, 3},    {"no-value", 0, 1},   {"session", 8, 2},      {"will", 5, 3},
        {"ended", 1, 0},    {"subscribed", 4, 1}, {"unsubscribed", 1, 1}, {"message", 4, 3},
        {"queued", 8, 0},   {"sent", 3, 0},       {"released", 3, 0},     {"done", 2, 0},
        {"received", 2, 0}, {"completed", 2, 0}};
    assert_int_equal(rows.count, sizeof kinds / sizeof *kinds);
    for (unsigned i = 0; i < rows.count; i++) {
        assert_string_equal(rows.kinds[i].word, kinds[i].word);
        assert_int_equal(rows.kinds[i].numbers, kinds[i].numbers);
        assert_int_equal(rows.kinds[i].texts, kinds[i].texts);
    }
}

static void assert_wrong(const char *bytes, size_t size) {
    struct bytes left = bytes_make(bytes, size);
    struct journal_record record;
    assert_int_equal(record_rows_next(rows, &left, &record), RECORD_ROWS_WRONG);
}

#define ASSERT_WRONG(bytes) assert_wrong(bytes, sizeof(bytes) - 1)

static void other_bytes_are_refused(void **state) {
    (void)state;
    ASSERT_WRONG("\x0e\1\1\1\1");                                 // no such kind
    ASSERT_WRONG("\xff");                                         // likewise
    ASSERT_WRONG("\4");                                           // no number
    ASSERT_WRONG("\4\x80");                                       // half of one
    ASSERT_WRONG("\4\x81\0");                                     // longer than it has to be
    ASSERT_WRONG("\4\xff\xff\xff\xff\xff\xff\xff\xff\xff\2");     // more than 64 bits
    ASSERT_WRONG("\4\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\1"); // likewise
    ASSERT_WRONG("\1");                                           // no text
    ASSERT_WRONG("\1\4ab");                                       // half of one
    ASSERT_WRONG("\1\0");                                         // a text of 2^64 - 1 bytes
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_come_back_as_they_were),
        cmocka_unit_test(bytes_are_those_of_the_format),
        cmocka_unit_test(kinds_are_those_of_the_format),
        cmocka_unit_test(other_bytes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
