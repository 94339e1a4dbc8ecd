#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session/simulate/simulate_series.h"

#define SECOND UINT64_C(1000000000)

static void samples_are_even_and_end_with_the_run(void **state) {
    (void)state;
    const uint64_t spans[] = {SECOND, 3600 * SECOND, PLAN_TIME_MAX, SIMULATE_SAMPLES_MAX};
    for (size_t i = 0; i < sizeof spans / sizeof spans[0]; i++) {
        uint64_t before = 0;
        for (uint32_t at = 0; at < SIMULATE_SAMPLES_MAX; at++) {
            uint64_t time = simulate_series_time(spans[i], at);
            assert_true(time > before);
            assert_true(time - before <= spans[i] / SIMULATE_SAMPLES_MAX + 1);
            before = time;
        }
        assert_int_equal(before, spans[i]);
    }
}

// Two samples, one and three seconds after the start.
static struct simulate_series *two_samples(void) {
    struct simulate_series *series = calloc(1, sizeof *series);
    struct sim_summary *summary = calloc(1, sizeof *summary);
    summary->counts.published[1] = 100;
    summary->counts.published[0] = 20;
    summary->counts.connected = 7;
    simulate_series_add(series, summary, SECOND);
    summary->counts.published[2] = 30;
    summary->counts.delivered[0] = 10;
    summary->verdicts.lost[LOSS_CUT] = 4;
    summary->verdicts.upward[LOSS_LINK] = 2;
    summary->counts.connected = 5;
    summary->open = 3;
    simulate_series_add(series, summary, 3 * SECOND);
    free(summary);
    return series;
}

static void rates_are_of_the_time_between_two_samples(void **state) {
    (void)state;
    struct simulate_series *series = two_samples();
    size_t published = offsetof(struct simulate_sample, published);
    assert_true(simulate_series_rate(series, 0, published) == 120);
    assert_true(simulate_series_rate(series, 1, published) == 15);
    assert_true(simulate_series_rate(series, 1, offsetof(struct simulate_sample, lost)) == 2);
    free(series);
}

static void the_table_has_a_head_and_a_line_for_each_sample(void **state) {
    (void)state;
    struct simulate_series *series = two_samples();
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_true(simulate_series_csv(series, out));
    fclose(out);
    assert_string_equal(text, "seconds,published,delivered,acknowledged,lost,reconnects,"
                              "bytes_to_brokers,bytes_to_clients,connected,under_way\n"
                              "1.000000,120,0,0,0,0,0,0,7,0\n"
                              "3.000000,15,5,0,2,0,0,0,5,3\n");
    free(text);
    free(series);
}

static void a_full_disk_is_told(void **state) {
    (void)state;
    struct simulate_series *series = two_samples();
    FILE *out = fopen("/dev/full", "w");
    assert_non_null(out);
    assert_false(simulate_series_csv(series, out));
    fclose(out);
    free(series);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_are_even_and_end_with_the_run),
        cmocka_unit_test(rates_are_of_the_time_between_two_samples),
        cmocka_unit_test(the_table_has_a_head_and_a_line_for_each_sample),
        cmocka_unit_test(a_full_disk_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
