// What a process tells of its part of a run.
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "session/simulate/simulate_parcel.h"

#define SECOND UINT64_C(1000000000)

// Of a plan without groups, of which `events` happened in this part.
struct part {
    struct memory memory;
    struct plan plan;
    struct sim_outcome outcome;
    struct simulate_series series;
    struct simulate_parcel parcel;
};

static struct part *open_part(uint64_t events, const char *why) {
    struct part *part = calloc(1, sizeof *part);
    memory_init(&part->memory);
    part->outcome.plan = &part->plan;
    part->outcome.memory = &part->memory;
    part->outcome.summary.events = events;
    buffer_init(&part->outcome.topic, &part->memory);
    part->parcel = (struct simulate_parcel){.outcome = &part->outcome, .series = &part->series};
    (void)snprintf(part->parcel.why, sizeof part->parcel.why, "%s", why);
    for (uint64_t at = 1; at <= 2; at++) {
        part->outcome.summary.counts.published[1] = events * at;
        part->outcome.summary.counts.connected = events + at;
        simulate_series_add(&part->series, &part->outcome.summary, at * SECOND);
    }
    return part;
}

static void close_part(struct part *part) {
    sim_outcome_deinit(&part->outcome);
    assert_int_equal(part->memory.blocks_in_use, 0);
    free(part);
}

static bool add_part(struct part *sum, const struct part *other) {
    struct buffer written;
    buffer_init(&written, &sum->memory);
    simulate_parcel_write(&other->parcel, &written);
    bool is_added = simulate_parcel_add(&sum->parcel, buffer_bytes(&written));
    buffer_deinit(&written);
    return is_added;
}

static void parts_add_up(void **state) {
    (void)state;
    struct part *sum = open_part(10, "");
    struct part *others[] = {open_part(7, "the disk is full"), open_part(5, "no")};
    assert_true(add_part(sum, others[0]));
    assert_true(add_part(sum, others[1]));
    assert_int_equal(sum->outcome.summary.events, 22);
    assert_int_equal(sum->series.count, 2);
    assert_int_equal(sum->series.samples[0].published, 22);
    assert_int_equal(sum->series.samples[1].published, 44);
    assert_int_equal(sum->series.samples[1].connected, 28);
    assert_int_equal(sum->series.samples[1].at, 2 * SECOND);
    assert_string_equal(sum->parcel.why, "the disk is full");
    close_part(sum);
    close_part(others[0]);
    close_part(others[1]);
}

static void nobody_need_want_a_series(void **state) {
    (void)state;
    struct part *sum = open_part(10, "");
    struct part *other = open_part(7, "");
    sum->parcel.series = other->parcel.series = NULL;
    assert_true(add_part(sum, other));
    assert_int_equal(sum->outcome.summary.events, 17);
    assert_string_equal(sum->parcel.why, "");
    close_part(sum);
    close_part(other);
}

static void other_runs_are_refused(void **state) {
    (void)state;
    struct part *sum = open_part(10, "");
    struct part *other = open_part(7, "");
    assert_false(simulate_parcel_add(&sum->parcel, BYTES_LITERAL("?")));
    other->parcel.series = NULL;
    assert_false(add_part(sum, other));
    other->parcel.series = &other->series;
    other->series.samples[1].at++;
    assert_false(add_part(sum, other));
    other->series.count = SIMULATE_SAMPLES_MAX + 1;
    assert_false(add_part(sum, other));
    close_part(sum);
    close_part(other);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_add_up),
        cmocka_unit_test(nobody_need_want_a_series),
        cmocka_unit_test(other_runs_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
