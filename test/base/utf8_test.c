#include "support.h"

#include <stdlib.h>

#include "base/utf8.h"

static bool is_valid(const uint8_t *text, size_t size) {
    return utf8_is_valid(bytes_make(text, size));
}

// RFC 3629 section 3: the shortest form of a code point, written down independently of the decoder.
static size_t encode(uint32_t point, uint8_t *out) {
    if (point < 0x80) {
        out[0] = (uint8_t)point;
        return 1;
    }
    size_t size = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    static const uint8_t marks[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = size - 1; i > 0; i--, point >>= 6) {
        out[i] = (uint8_t)(0x80 | (point & 0x3f));
    }
    out[0] = (uint8_t)(marks[size] | point);
    return size;
}

static bool is_scalar(uint32_t point) {
    return point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
}

static void every_code_point(void **state) {
    (void)state;
    for (uint32_t point = 0; point < 0x200000; point++) {
        uint8_t text[4];
        size_t size = encode(point, text);
        assert_int_equal(utf8_sequence_size(bytes_make(text, size)), is_scalar(point) ? size : 0);
        // [MQTT-1.5.4-2]: U+0000 is well formed, but no text.
        assert_int_equal(is_valid(text, size), is_scalar(point) && point != 0);
    }
}

// All sequences of two bytes, and of three and four from the bytes at which the rules change: just
// those that encode() makes are valid.
static void nothing_else_is_valid(void **state) {
    (void)state;
    static const uint8_t edges[] = {0x01, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1,
                                    0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1,
                                    0xf3, 0xf4, 0xf5, 0xf7, 0xf8, 0xfb, 0xfc, 0xfd, 0xfe, 0xff};
    enum { EDGES = sizeof edges };
    for (unsigned choice = 0; choice < EDGES * EDGES * EDGES * EDGES; choice++) {
        const uint8_t text[] = {edges[choice % EDGES], edges[choice / EDGES % EDGES],
                                edges[choice / EDGES / EDGES % EDGES],
                                edges[choice / EDGES / EDGES / EDGES]};
        size_t size = utf8_sequence_size(bytes_make(text, sizeof text));
        if (size == 0) {
            continue;
        }
        static const uint8_t lead[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
        uint32_t point = text[0] & lead[size];
        for (size_t i = 1; i < size && i < sizeof text; i++) {
            point = point << 6 | (text[i] & 0x3f);
        }
        uint8_t again[4];
        assert_true(is_scalar(point));
        assert_int_equal(encode(point, again), size);
        assert_memory_equal(again, text, size);
    }
    for (unsigned first = 0x80; first < 0x100; first++) {
        for (unsigned second = 0; second < 0x100; second++) {
            const uint8_t text[] = {(uint8_t)first, (uint8_t)second};
            bool expected = first >= 0xc2 && first <= 0xdf && second >= 0x80 && second <= 0xbf;
            assert_int_equal(is_valid(text, 2), expected);
        }
    }
}

static void the_known_traps(void **state) {
    (void)state;
    const struct bytes invalid[] = {
        BYTES_LITERAL("\xc0\xaf"),
        BYTES_LITERAL("\xe0\x80\xaf"),
        BYTES_LITERAL("\xf0\x80\x80\xaf"),
        BYTES_LITERAL("\xc1\xbf"),
        BYTES_LITERAL("\xe0\x9f\xbf"),
        BYTES_LITERAL("\xf0\x8f\xbf\xbf"),
        BYTES_LITERAL("\xc0\x80"),
        BYTES_LITERAL("\xed\xa0\x80"),
        BYTES_LITERAL("\xed\xbf\xbf"),
        BYTES_LITERAL("\xf4\x90\x80\x80"),
        BYTES_LITERAL("\xf5\x80\x80\x80"),
        BYTES_LITERAL("\xf8\x88\x80\x80\x80"),
        BYTES_LITERAL("\x80"),
        BYTES_LITERAL("\xbf"),
        BYTES_LITERAL("\xfe"),
        BYTES_LITERAL("\xff"),
        BYTES_LITERAL("\xe2\x82"),
        BYTES_LITERAL("\xf0\x9f\x8c"),
        BYTES_LITERAL("\xe2\x28\xa1"),
        BYTES_LITERAL("\xf0\x9f\x41\xa1"),
        BYTES_LITERAL("a\0b"),
    };
    for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++) {
        assert_false(utf8_is_valid(invalid[i]));
    }
    assert_true(utf8_is_valid((struct bytes){NULL, 0}));
    assert_true(utf8_is_valid(BYTES_LITERAL("wohnung/k\xc3\xbc"
                                            "che/\xe6\xb8\xa9\xe5\xba\xa6/\xf0\x9f\x8c\xa1")));
    // U+FEFF and the code points that are not characters are text to MQTT.
    assert_true(utf8_is_valid(BYTES_LITERAL("\xef\xbb\xbf\xef\xbf\xbe\xef\xbf\xbf")));
}

// In a block of its own, whose end ASan watches.
static bool is_valid_alone(const uint8_t *text, size_t size) {
    uint8_t *block = malloc(size);
    memcpy(block, text, size);
    bool valid = is_valid(block, size);
    free(block);
    return valid;
}

// The fast path takes eight ASCII bytes a step: a fault must be seen wherever it lies to that step,
// and a sequence cut off by the end of the text is none.
static void a_fault_is_seen_at_every_place(void **state) {
    (void)state;
    for (size_t size = 1; size <= 40; size++) {
        for (size_t at = 0; at < size; at++) {
            uint8_t text[40];
            memset(text, 'a', sizeof text);
            assert_true(is_valid_alone(text, size));
            static const uint8_t faults[] = {0x80, 0xff, 0xc3, 0x00};
            for (size_t i = 0; i < sizeof faults; i++) {
                text[at] = faults[i];
                assert_false(is_valid_alone(text, size));
            }
            memcpy(text + at, "\xf0\x9f\x8c\xa1", size - at < 4 ? size - at : 4);
            assert_int_equal(is_valid_alone(text, size), size - at >= 4);
        }
    }
}

static void payloads_may_have_zero_bytes(void **state) {
    (void)state;
    assert_true(utf8_is_well_formed(bytes_make("a\0b", 3)));
    assert_false(utf8_is_valid(bytes_make("a\0b", 3)));
    assert_false(utf8_is_well_formed(bytes_make("\0\xff", 2)));
    assert_true(utf8_is_well_formed((struct bytes){0}));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_point),
        cmocka_unit_test(nothing_else_is_valid),
        cmocka_unit_test(the_known_traps),
        cmocka_unit_test(a_fault_is_seen_at_every_place),
        cmocka_unit_test(payloads_may_have_zero_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
