#include "support.h"

#include <stdlib.h>

#include "base/hash.h"

static unsigned bits_in(uint64_t word) {
    return (unsigned)__builtin_popcountll(word);
}

static void the_same_input_has_the_same_hash_wherever_it_lies(void **state) {
    (void)state;
    uint64_t random = 1;
    uint8_t content[32];
    for (size_t i = 0; i < sizeof content; i++) {
        content[i] = (uint8_t)support_random(&random);
    }
    for (size_t size = 0; size <= sizeof content; size++) {
        uint64_t expected = hash_bytes(bytes_make(content, size), 7);
        for (size_t shift = 0; shift < 8; shift++) {
            uint8_t elsewhere[sizeof content + 8];
            memcpy(elsewhere + shift, content, size);
            assert_true(hash_bytes(bytes_make(elsewhere + shift, size), 7) == expected);
        }
    }
}

// Each bit of the input, and of the seed, flips about half of the 64 bits of the hash.
static void every_bit_of_input_and_seed_matters(void **state) {
    (void)state;
    for (size_t size = 1; size <= 24; size++) {
        uint8_t content[24] = {0};
        uint64_t before = hash_bytes(bytes_make(content, size), 0);
        uint64_t flipped = 0;
        for (size_t bit = 0; bit < size * 8; bit++) {
            content[bit / 8] ^= (uint8_t)(1u << bit % 8);
            unsigned change = bits_in(before ^ hash_bytes(bytes_make(content, size), 0));
            assert_in_range(change, 8, 56);
            flipped += change;
            content[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
        assert_in_range(flipped / (size * 8), 26, 38);
    }
    for (unsigned bit = 0; bit < 64; bit++) {
        uint64_t seed = (uint64_t)1 << bit;
        assert_in_range(bits_in(hash_number(541, 0) ^ hash_number(541, seed)), 8, 56);
        assert_in_range(bits_in(hash_number(0, 0) ^ hash_number(seed, 0)), 8, 56);
    }
}

static int compare(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

// Names as they come: alike but for a digit, padded with zeros, one the start of the other.
static void similar_names_do_not_collide(void **state) {
    (void)state;
    enum { COUNT = 100000, ZEROS = 64 };
    static uint64_t hashes[COUNT + ZEROS];
    for (uint32_t i = 0; i < COUNT; i++) {
        char name[] = "site/00000/temperature";
        for (uint32_t at = 9, left = i; left > 0; at--, left /= 10) {
            name[at] = (char)('0' + left % 10);
        }
        hashes[i] = hash_bytes(bytes_of_text(name), 0);
    }
    static const uint8_t zeros[ZEROS];
    for (size_t size = 0; size < ZEROS; size++) {
        hashes[COUNT + size] = hash_bytes(bytes_make(zeros, size), 0);
    }
    qsort(hashes, COUNT + ZEROS, sizeof *hashes, compare);
    for (size_t i = 1; i < COUNT + ZEROS; i++) {
        assert_true(hashes[i] != hashes[i - 1]);
    }
}

// Addresses count up from 1; a table takes the low bits of their hashes.
static void low_bits_of_consecutive_numbers_spread(void **state) {
    (void)state;
    unsigned used[256] = {0};
    for (uint64_t number = 0; number < 256 * 64; number++) {
        used[hash_number(number, 3) & 255]++;
    }
    for (unsigned i = 0; i < 256; i++) {
        assert_in_range(used[i], 24, 112);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_input_has_the_same_hash_wherever_it_lies),
        cmocka_unit_test(every_bit_of_input_and_seed_matters),
        cmocka_unit_test(similar_names_do_not_collide),
        cmocka_unit_test(low_bits_of_consecutive_numbers_spread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
