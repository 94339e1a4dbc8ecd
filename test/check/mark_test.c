#include "support.h"

#include "check/mark.h"
#include "check/rule.h"

static struct bytes payload_of(uint8_t *room, struct bytes value, struct mark mark) {
    if (value.size > 0) {
        memcpy(room, value.data, value.size);
    }
    uint8_t *end = mark_write(room + value.size, value, mark);
    return bytes_make(room, (size_t)(end - room));
}

static void marks_are_read_as_they_were_written(void **state) {
    (void)state;
    static const uint32_t numbers[] = {0, 1, 63, 64, 4095, 1u << 20, MARK_NUMBERS - 1};
    static const struct bytes values[] = {{0}, {(const uint8_t *)"21.5 ", 5}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++) {
            uint8_t room[64];
            struct mark mark = {numbers[i], numbers[k]};
            struct bytes payload = payload_of(room, values[(i + k) % 2], mark);
            assert_int_equal(payload.size, values[(i + k) % 2].size + MARK_BYTES);
            struct mark read;
            assert_true(mark_read(payload, &read));
            assert_int_equal(read.stream, mark.stream);
            assert_int_equal(read.number, mark.number);
        }
    }
}

// Any one bit; with a check of 20 bits these few are all found.
static void alterations_are_found(void **state) {
    (void)state;
    uint8_t room[64];
    struct mark read;
    struct bytes payload = payload_of(room, BYTES_LITERAL("21.5 and more "), (struct mark){77, 5});
    for (size_t i = 0; i < 8 * payload.size; i++) {
        room[i / 8] ^= (uint8_t)(1u << i % 8);
        assert_false(mark_read(payload, &read));
        room[i / 8] ^= (uint8_t)(1u << i % 8);
    }
    assert_true(mark_read(payload, &read));
    assert_false(mark_read(bytes_make(room + 1, payload.size - 1), &read)); // cut in front
    assert_false(mark_read(bytes_make(room, payload.size - 1), &read));     // and behind
    assert_false(mark_read(bytes_make(room, MARK_BYTES - 1), &read));
    assert_false(mark_read((struct bytes){0}, &read));
}

// Elements of a line carry a mark in the plain form.
static void marks_need_no_escape(void **state) {
    (void)state;
    for (uint32_t i = 0; i < 4096; i++) {
        uint8_t room[MARK_BYTES];
        struct mark mark = {i * 16381 % MARK_STREAMS, i * 8191 % MARK_NUMBERS};
        mark_write(room, (struct bytes){0}, mark);
        for (size_t k = 0; k < sizeof room; k++) {
            assert_true(room[k] > 32 && room[k] < 127 && room[k] != '-' && room[k] != '%');
        }
    }
}

static void every_rule_has_its_words(void **state) {
    (void)state;
    for (unsigned i = 0; i < CHECK_RULES; i++) {
        const struct check_rule_text *text = check_rule_text((enum check_rule)i);
        assert_non_null(text->demand);
        assert_non_null(text->statement);
        for (unsigned k = 0; k < i; k++) {
            assert_string_not_equal(text->name, check_rule_text((enum check_rule)k)->name);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_are_read_as_they_were_written),
        cmocka_unit_test(alterations_are_found),
        cmocka_unit_test(marks_need_no_escape),
        cmocka_unit_test(every_rule_has_its_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
