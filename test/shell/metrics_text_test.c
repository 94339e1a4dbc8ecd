#include "support.h"

#include "shell/metrics_text.h"

struct text {
    struct memory memory;
    struct buffer buffer;
};

static struct text text;

static int set_up(void **state) {
    (void)state;
    memory_init(&text.memory);
    buffer_init(&text.buffer, &text.memory);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    buffer_deinit(&text.buffer);
    assert_int_equal(text.memory.bytes_in_use, 0);
    return 0;
}

static void a_name_says_its_type(void **state) {
    (void)state;
    metrics_text_one(&text.buffer, "a_total", "What a is.", UINT64_MAX);
    metrics_text_one(&text.buffer, "b", "What b is.", 0);
    metrics_text_seconds(&text.buffer, "c", "d=\"e\"", 1000000001);
    assert_bytes_equal(buffer_bytes(&text.buffer),
                       BYTES_LITERAL("# HELP a_total What a is.\n# TYPE a_total counter\n"
                                     "a_total 18446744073709551615\n"
                                     "# HELP b What b is.\n# TYPE b gauge\nb 0\n"
                                     "c{d=\"e\"} 1.000000001\n"));
}

// Whether the text has this line.
static bool has(const char *line) {
    return memmem(text.buffer.data, text.buffer.size, line, strlen(line)) != NULL;
}

static void times_fall_into_every_bucket_that_is_not_shorter(void **state) {
    (void)state;
    struct metrics_histogram histogram = {0};
    metrics_histogram_add(&histogram, 0);
    metrics_histogram_add(&histogram, 50000);
    metrics_histogram_add(&histogram, 50001);
    metrics_histogram_add(&histogram, 10000000000);
    metrics_histogram_add(&histogram, 10000000001);
    assert_int_equal(metrics_histogram_count(&histogram), 5);
    metrics_text_histogram(&text.buffer, "t_seconds", "What t is.", &histogram);
    assert_true(has("# TYPE t_seconds histogram\nt_seconds_bucket{le=\"5e-05\"} 2\n"));
    assert_true(has("\nt_seconds_bucket{le=\"0.0001\"} 3\n"));
    assert_true(has("\nt_seconds_bucket{le=\"5\"} 3\n"));
    assert_true(has("\nt_seconds_bucket{le=\"10\"} 4\n"));
    assert_true(has("\nt_seconds_bucket{le=\"+Inf\"} 5\n"));
    assert_true(has("\nt_seconds_sum 20.000100002\nt_seconds_count 5\n"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_name_says_its_type, set_up, tear_down),
        cmocka_unit_test_setup_teardown(times_fall_into_every_bucket_that_is_not_shorter, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
