#include "support.h"

#include "base/histogram.h"

static void an_empty_histogram_has_no_values(void **state) {
    (void)state;
    static const struct histogram histogram;
    assert_int_equal(histogram_share(&histogram, 0), 0);
    assert_int_equal(histogram_share(&histogram, 1), 0);
}

static void small_values_are_exact(void **state) {
    (void)state;
    static struct histogram histogram;
    for (uint64_t value = 1; value <= 100; value++) {
        histogram_add(&histogram, value);
    }
    assert_int_equal(histogram.count, 100);
    assert_int_equal(histogram_share(&histogram, 0), 1);
    assert_int_equal(histogram_share(&histogram, 0.5), 50);
    assert_int_equal(histogram_share(&histogram, 0.99), 99);
    assert_int_equal(histogram_share(&histogram, 0.999), 100);
    assert_int_equal(histogram_share(&histogram, 1), 100);
}

static void every_value_has_a_class_and_greater_ones_have_no_lower(void **state) {
    (void)state;
    uint32_t last = 0;
    for (uint64_t value = 0; value < 100000; value++) {
        assert_in_range(histogram_class(value), last, last + 1);
        last = histogram_class(value);
    }
    for (unsigned bit = 17; bit < 64; bit++) {
        for (uint64_t part = 0; part < 256; part++) {
            uint64_t low = UINT64_C(1) << bit;
            uint32_t class = histogram_class(low + (low >> 8) * part);
            assert_in_range(class, last, HISTOGRAM_CLASSES - 1);
            last = class;
        }
    }
    assert_int_equal(histogram_class(UINT64_MAX), HISTOGRAM_CLASSES - 1);
    assert_int_equal(histogram_class(0), 0);
}

static void large_values_are_near(void **state) {
    (void)state;
    static struct histogram histogram;
    uint64_t random = 7;
    for (int i = 0; i < 10000; i++) {
        histogram = (struct histogram){0};
        uint64_t value = support_random(&random) >> (support_random(&random) % 64);
        histogram_add(&histogram, value);
        histogram_add(&histogram, UINT64_MAX);
        uint64_t found = histogram_share(&histogram, 0.5);
        assert_true(found >= value && found - value <= value / 64);
        assert_true(histogram_share(&histogram, 1) == UINT64_MAX);
    }
}

static void parts_add_up_to_the_whole(void **state) {
    (void)state;
    static struct histogram whole;
    static struct histogram sum;
    struct memory memory;
    memory_init(&memory);
    struct histogram_parts parts[2] = {0};
    uint64_t random = 5;
    for (int i = 0; i < 10000; i++) {
        uint64_t value = support_random(&random) >> (support_random(&random) % 64);
        histogram_add(&whole, value);
        histogram_parts_add(&parts[i % 2], &memory, value);
    }
    histogram_merge_parts(&sum, &parts[0]);
    histogram_merge_parts(&sum, &parts[1]);
    assert_memory_equal(&sum, &whole, sizeof sum);
    histogram_merge(&sum, &whole);
    assert_int_equal(sum.count, 2 * whole.count);
    assert_int_equal(histogram_share(&sum, 0.7), histogram_share(&whole, 0.7));
    histogram_parts_deinit(&parts[0], &memory);
    histogram_parts_deinit(&parts[1], &memory);
    assert_int_equal(memory.blocks_in_use, 0);
}

static void values_near_each_other_take_little_room(void **state) {
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct histogram_parts parts = {0};
    for (uint64_t value = 8000000; value < 24000000; value += 1000) {
        histogram_parts_add(&parts, &memory, value);
    }
    assert_true(memory.bytes_in_use <= 3 * HISTOGRAM_PART_CLASSES * sizeof(uint64_t));
    histogram_parts_deinit(&parts, &memory);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_histogram_has_no_values),
        cmocka_unit_test(small_values_are_exact),
        cmocka_unit_test(every_value_has_a_class_and_greater_ones_have_no_lower),
        cmocka_unit_test(large_values_are_near),
        cmocka_unit_test(parts_add_up_to_the_whole),
        cmocka_unit_test(values_near_each_other_take_little_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
