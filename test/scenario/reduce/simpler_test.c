// Texts that say something simpler.
#include "support.h"

#include "scenario/reduce/simpler.h"

static void assert_candidates(const char *path, const char *text, const char *const *wanted) {
    struct memory memory;
    struct buffer out;
    unsigned i = 0;
    memory_init(&memory);
    buffer_init(&out, &memory);
    const struct schema_row *row = schema_find(bytes_of_text(path));
    for (; simpler_text(row, bytes_of_text(text), i, &out); i++) {
        assert_non_null(wanted[i]);
        assert_bytes_equal(buffer_bytes(&out), bytes_of_text(wanted[i]));
        out.size = 0;
    }
    assert_null(wanted[i]);
    buffer_deinit(&out);
}

#define ASSERT_CANDIDATES(path, text, ...) \
    assert_candidates(path, text, (const char *const[]){__VA_ARGS__, NULL})

static void numbers_become_smaller_and_rounder(void **state) {
    (void)state;
    ASSERT_CANDIDATES("devices.count", "77", "1", "7", "38", "80");
    ASSERT_CANDIDATES("devices.count", "437", "1", "43", "218", "400", "440");
    ASSERT_CANDIDATES("devices.count", "2", "1");
    assert_candidates("devices.count", "1", (const char *const[]){NULL});
}

static void a_time_loses_its_variation_first(void **state) {
    (void)state;
    ASSERT_CANDIDATES("devices.publish.every", "12 s ~ 10 %", "12 s", "10 s ~ 10 %", "11 s ~ 10 %",
                      "12 s ~ 9 %");
    ASSERT_CANDIDATES("links.delay", "12 s ~ 10 %", "12 s", "1 s ~ 10 %", "6 s ~ 10 %",
                      "10 s ~ 10 %", "11 s ~ 10 %", "12 s ~ 1 %", "12 s ~ 5 %", "12 s ~ 9 %");
    ASSERT_CANDIDATES("stop", "5300 ms", "1 ms", "530 ms", "2650 ms", "5000 ms");
    ASSERT_CANDIDATES("stop", "300000 ms", "5 min", "1 ms", "30000 ms", "150000 ms");
    ASSERT_CANDIDATES("stop", "1 h", "30 min");
}

static void all_numbers_of_a_fault_are_tried(void **state) {
    (void)state;
    ASSERT_CANDIDATES(
        "faults.do", "cut inside every 4 PUBLISH after 3 bytes",
        "cut inside every 1 PUBLISH after 3 bytes", "cut inside every 2 PUBLISH after 3 bytes",
        "cut inside every 3 PUBLISH after 3 bytes", "cut inside every 4 PUBLISH after 1 bytes",
        "cut inside every 4 PUBLISH after 2 bytes");
}

static void words_stay(void **state) {
    (void)state;
    assert_candidates("devices.speaks", "mqtt 5.0", (const char *const[]){NULL});
    assert_candidates("devices.publish.topic", "floor/12", (const char *const[]){NULL});
    assert_candidates("devices.connect.session expiry", "never", (const char *const[]){NULL});
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_become_smaller_and_rounder),
        cmocka_unit_test(a_time_loses_its_variation_first),
        cmocka_unit_test(all_numbers_of_a_fault_are_tried),
        cmocka_unit_test(words_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
