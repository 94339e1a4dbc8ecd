#include "support.h"

#include "role/proxy/lane.h"

struct fixture {
    struct memory memory;
    struct proxy_lane lane;
};

static void start(struct fixture *fixture) {
    memory_init(&fixture->memory);
    proxy_lane_init(&fixture->lane, &fixture->memory);
}

static void finish(struct fixture *fixture) {
    proxy_lane_check(&fixture->lane);
    proxy_lane_deinit(&fixture->lane);
    assert_int_equal(fixture->memory.bytes_in_use, 0);
}

static void put(struct fixture *fixture, const char *text, uint64_t due, bool is_held) {
    static uint64_t since;
    proxy_lane_put(&fixture->lane, &(struct proxy_part){.bytes = bytes_of_text(text),
                                                        .due = due,
                                                        .is_held = is_held,
                                                        .since = ++since});
    proxy_lane_check(&fixture->lane);
}

// Takes what is ready, in runs that are cut anywhere.
static void assert_leaves(struct fixture *fixture, const char *expected) {
    char text[256];
    size_t size = 0;
    struct bytes runs[3];
    while (proxy_lane_output(&fixture->lane, runs, 3) > 0) {
        size_t step = runs[0].size > 2 ? runs[0].size - 1 : runs[0].size;
        memcpy(text + size, runs[0].data, step);
        size += step;
        proxy_lane_sent(&fixture->lane, step);
        proxy_lane_check(&fixture->lane);
    }
    assert_bytes_equal(bytes_make(text, size), bytes_of_text(expected));
}

static void what_is_due_leaves_at_once_and_in_order(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    put(&fixture, "one ", 0, false);
    put(&fixture, "two ", 0, false);
    assert_int_equal(fixture.lane.piece_count, 0);
    assert_leaves(&fixture, "one two ");
    finish(&fixture);
}

static void a_piece_that_waits_keeps_all_behind_it(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    put(&fixture, "now ", 0, false);
    put(&fixture, "late ", 50, false);
    put(&fixture, "behind ", 10, false);
    assert_leaves(&fixture, "now ");
    assert_int_equal(proxy_lane_due(&fixture.lane), 50);
    assert_false(proxy_lane_advance(&fixture.lane, 49));
    assert_true(proxy_lane_advance(&fixture.lane, 50));
    assert_leaves(&fixture, "late behind ");
    assert_int_equal(proxy_lane_due(&fixture.lane), UINT64_MAX);
    assert_int_equal(fixture.memory.bytes_in_use,
                     fixture.lane.piece_capacity * sizeof(struct proxy_piece));
    finish(&fixture);
}

static void held_pieces_go_one_by_one(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    put(&fixture, "a", 0, true);
    put(&fixture, "b", 0, false);
    put(&fixture, "c", 0, true);
    put(&fixture, "d", 0, false);
    assert_int_equal(fixture.lane.held, 2);
    assert_leaves(&fixture, "");
    assert_int_equal(proxy_lane_due(&fixture.lane), UINT64_MAX);
    assert_true(proxy_lane_let_go(&fixture.lane, 0));
    assert_leaves(&fixture, "ab");
    assert_non_null(proxy_lane_held(&fixture.lane));
    assert_true(proxy_lane_let_go(&fixture.lane, 0));
    assert_leaves(&fixture, "cd");
    assert_false(proxy_lane_let_go(&fixture.lane, 0));
    finish(&fixture);
}

static void nothing_follows_a_mark(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    put(&fixture, "last", 20, false);
    proxy_lane_mark(&fixture.lane, PROXY_CUT, 0, 0);
    put(&fixture, "never", 0, false);
    assert_int_equal(fixture.lane.ended, PROXY_NO_MARK);
    assert_true(proxy_lane_advance(&fixture.lane, 20));
    assert_int_equal(fixture.lane.ended, PROXY_CUT);
    assert_leaves(&fixture, "last");
    finish(&fixture);
}

static void what_is_lent_stays_where_it_is(void **state) {
    (void)state;
    struct fixture fixture;
    struct bytes run;
    start(&fixture);
    put(&fixture, "lent", 0, false);
    assert_int_equal(proxy_lane_output(&fixture.lane, &run, 1), 1);
    const uint8_t *at = run.data;
    for (unsigned i = 0; i < 10000; i++) {
        put(&fixture, "more of it", i % 3, false);
    }
    assert_int_equal(proxy_lane_output(&fixture.lane, &run, 1), 1);
    assert_ptr_equal(run.data, at);
    assert_memory_equal(at, "lent", 4);
    finish(&fixture);
}

static void breaking_off_keeps_what_is_ready(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    put(&fixture, "ready", 0, false);
    put(&fixture, "waits", 9, false);
    put(&fixture, "held", 9, true);
    proxy_lane_break_off(&fixture.lane, PROXY_CUT);
    proxy_lane_check(&fixture.lane);
    assert_int_equal(fixture.lane.held, 0);
    assert_leaves(&fixture, "ready");
    assert_int_equal(fixture.lane.ended, PROXY_CUT);
    finish(&fixture);
    start(&fixture);
    put(&fixture, "waits", 9, false);
    proxy_lane_break_off(&fixture.lane, PROXY_CUT);
    assert_int_equal(fixture.lane.bytes, 0);
    finish(&fixture);
}

static void bits_are_turned_on_the_way_in_over_blocks(void **state) {
    (void)state;
    struct fixture fixture;
    static uint8_t packet[200000];
    struct fault_decision wrong = {.bits = 40, .bit_seed = 5};
    start(&fixture);
    for (size_t at = 0; at < sizeof packet; at += 50000) {
        proxy_lane_put(&fixture.lane, &(struct proxy_part){.bytes = bytes_make(packet + at, 50000),
                                                           .wrong = &wrong,
                                                           .offset = at,
                                                           .packet_bytes = sizeof packet});
    }
    unsigned turned = 0;
    struct bytes runs[8];
    unsigned count = proxy_lane_output(&fixture.lane, runs, 8);
    for (unsigned i = 0; i < count; i++) {
        for (size_t j = 0; j < runs[i].size; j++) {
            turned += (unsigned)__builtin_popcount(runs[i].data[j]);
        }
    }
    assert_int_equal(turned, 40);
    finish(&fixture);
}

static void random_pieces_come_out_as_they_went_in(void **state) {
    (void)state;
    uint64_t random = 11;
    struct fixture fixture;
    start(&fixture);
    uint8_t next_in = 0;
    uint8_t next_out = 0;
    uint64_t now = 0;
    for (unsigned round = 0; round < 20000; round++) {
        uint8_t bytes[97];
        size_t size = support_random(&random) % sizeof bytes;
        for (size_t i = 0; i < size; i++) {
            bytes[i] = next_in++;
        }
        proxy_lane_put(&fixture.lane,
                       &(struct proxy_part){.bytes = bytes_make(bytes, size),
                                            .now = now,
                                            .due = now + support_random(&random) % 9,
                                            .is_held = support_random(&random) % 16 == 0});
        now += support_random(&random) % 4;
        (void)proxy_lane_advance(&fixture.lane, now);
        if (support_random(&random) % 8 == 0) {
            (void)proxy_lane_let_go(&fixture.lane, now);
        }
        struct bytes run;
        if (proxy_lane_output(&fixture.lane, &run, 1) == 1) {
            size_t taken = 1 + support_random(&random) % run.size;
            for (size_t i = 0; i < taken; i++) {
                assert_int_equal(run.data[i], next_out++);
            }
            proxy_lane_sent(&fixture.lane, taken);
        }
        proxy_lane_check(&fixture.lane);
    }
    finish(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_due_leaves_at_once_and_in_order),
        cmocka_unit_test(a_piece_that_waits_keeps_all_behind_it),
        cmocka_unit_test(held_pieces_go_one_by_one),
        cmocka_unit_test(nothing_follows_a_mark),
        cmocka_unit_test(what_is_lent_stays_where_it_is),
        cmocka_unit_test(breaking_off_keeps_what_is_ready),
        cmocka_unit_test(bits_are_turned_on_the_way_in_over_blocks),
        cmocka_unit_test(random_pieces_come_out_as_they_went_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
