#include "support.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/decimal.h"

// What the C library prints, what we print and what we read back are the same.
static void assert_round_trip(uint64_t number) {
    char expected[DECIMAL_DIGITS_MAX + 1];
    int size = snprintf(expected, sizeof expected, "%" PRIu64, number);
    uint8_t written[DECIMAL_DIGITS_MAX];
    struct bytes text = bytes_make(written, (size_t)(decimal_write(written, number) - written));
    assert_bytes_equal(text, bytes_make(expected, (size_t)size));

    uint64_t read = ~number;
    assert_true(decimal_read(text, UINT64_MAX, &read));
    assert_true(read == number);
    assert_true(decimal_read(text, number, &read));
    assert_true(number == 0 || !decimal_read(text, number - 1, &read));
}

static void round_trip_around_every_power(void **state) {
    (void)state;
    assert_round_trip(0);
    for (uint64_t power = 1, before = 0; power > before; before = power, power *= 10) {
        assert_round_trip(power - 1);
        assert_round_trip(power);
        assert_round_trip(power + 1);
        if (power == 10000000000000000000u) {
            break;
        }
    }
    for (unsigned bit = 0; bit < 64; bit++) {
        assert_round_trip((uint64_t)1 << bit);
        assert_round_trip(((uint64_t)1 << bit) - 1);
    }
    assert_round_trip(UINT64_MAX);
}

static void round_trip_of_random_numbers_of_every_size(void **state) {
    (void)state;
    uint64_t random = 1;
    for (unsigned i = 0; i < 100000; i++) {
        assert_round_trip(support_random(&random) >> (i % 64));
    }
}

static void numbers_that_do_not_fit_are_refused(void **state) {
    (void)state;
    uint64_t number;
    assert_true(decimal_read(BYTES_LITERAL("18446744073709551615"), UINT64_MAX, &number));
    assert_true(number == UINT64_MAX);
    assert_false(decimal_read(BYTES_LITERAL("18446744073709551616"), UINT64_MAX, &number));
    assert_false(decimal_read(BYTES_LITERAL("18446744073709551620"), UINT64_MAX, &number));
    assert_false(decimal_read(BYTES_LITERAL("99999999999999999999"), UINT64_MAX, &number));
    assert_false(decimal_read(BYTES_LITERAL("000000000000000000001"), UINT64_MAX, &number));
    assert_false(decimal_read(BYTES_LITERAL("1000"), 999, &number));
}

static void leading_zeros_are_allowed(void **state) {
    (void)state;
    uint64_t number = 0;
    assert_true(decimal_read(BYTES_LITERAL("00000000000000000042"), 42, &number));
    assert_int_equal(number, 42);
}

static void only_digits_are_numbers(void **state) {
    (void)state;
    uint64_t number;
    assert_false(decimal_read((struct bytes){NULL, 0}, UINT64_MAX, &number));
    for (unsigned byte = 0; byte < 256; byte++) {
        bool digit = byte >= '0' && byte <= '9';
        for (unsigned at = 0; at < 3; at++) {
            uint8_t text[3] = {'1', '2', '3'};
            text[at] = (uint8_t)byte;
            assert_int_equal(decimal_read(bytes_make(text, 3), UINT64_MAX, &number), digit);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trip_around_every_power),
        cmocka_unit_test(round_trip_of_random_numbers_of_every_size),
        cmocka_unit_test(numbers_that_do_not_fit_are_refused),
        cmocka_unit_test(leading_zeros_are_allowed),
        cmocka_unit_test(only_digits_are_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
