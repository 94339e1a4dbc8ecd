#include "support.h"

#include <stdio.h>

#include "role/proxy/toxic.h"

#define MS UINT64_C(1000000)
#define SECOND (1000 * MS)

struct fixture {
    struct memory memory;
    struct proxy_lane lane;
    struct proxy_toxics toxics;
    struct proxy_toxins toxins;
};

static void start(struct fixture *fixture) {
    *fixture = (struct fixture){.toxins = {.seed = 7, .connection = 1, .resets_at = UINT64_MAX}};
    memory_init(&fixture->memory);
    proxy_lane_init(&fixture->lane, &fixture->memory);
}

static void finish(struct fixture *fixture) {
    proxy_lane_check(&fixture->lane);
    proxy_lane_deinit(&fixture->lane);
    assert_int_equal(fixture->memory.bytes_in_use, 0);
}

static void add(struct fixture *fixture, enum proxy_toxic_type type, uint64_t first,
                uint64_t second) {
    struct proxy_toxic toxic = {
        .type = type, .toxicity = 1000000, .attributes = {first, second, 1000}};
    (void)snprintf(toxic.name, sizeof toxic.name, "t%u", fixture->toxics.last_number);
    assert_non_null(proxy_toxics_add(&fixture->toxics, &toxic));
    proxy_toxins_renew(&fixture->toxins, &fixture->toxics, 0);
}

static void put(struct fixture *fixture, const char *text, uint64_t now) {
    proxy_toxins_put(&fixture->toxins, &fixture->toxics, FAULT_TO_BROKER, &fixture->lane,
                     &(struct proxy_part){.bytes = bytes_of_text(text), .now = now});
}

static void latency_is_later_and_within_its_jitter(void **state) {
    (void)state;
    struct fixture fixture;
    uint64_t least = UINT64_MAX;
    uint64_t most = 0;
    for (unsigned i = 0; i < 300; i++) {
        start(&fixture);
        fixture.toxins.connection = i;
        add(&fixture, PROXY_LATENCY, 100, 20);
        put(&fixture, "x", 5 * SECOND);
        uint64_t late = proxy_lane_due(&fixture.lane) - 5 * SECOND;
        least = late < least ? late : least;
        most = late > most ? late : most;
        finish(&fixture);
    }
    assert_in_range(least, 80 * MS, 83 * MS);
    assert_in_range(most, 117 * MS, 120 * MS);
}

static void bandwidth_carries_so_many_bytes_a_second(void **state) {
    (void)state;
    struct fixture fixture;
    static char text[10001];
    start(&fixture);
    memset(text, 'x', sizeof text - 1);
    add(&fixture, PROXY_BANDWIDTH, 5, 0); // kilobytes
    put(&fixture, text, 0);
    (void)proxy_lane_advance(&fixture.lane, SECOND);
    assert_in_range(fixture.lane.ready, 4850, 5000);
    (void)proxy_lane_advance(&fixture.lane, 2 * SECOND);
    assert_int_equal(fixture.lane.ready, 10000);
    finish(&fixture);
}

static void a_slicer_makes_small_pieces(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    add(&fixture, PROXY_SLICER, 10, 3); // with a millisecond between
    put(&fixture, "0123456789012345678901234567890123456789", 0);
    assert_in_range(fixture.lane.ready, 7, 13);
    size_t before = fixture.lane.ready;
    (void)proxy_lane_advance(&fixture.lane, MS);
    assert_in_range(fixture.lane.ready - before, 7, 13);
    (void)proxy_lane_advance(&fixture.lane, SECOND);
    assert_int_equal(fixture.lane.ready, 40);
    finish(&fixture);
}

static void a_limit_ends_the_connection_behind_its_bytes(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    add(&fixture, PROXY_LIMIT_DATA, 7, 0);
    put(&fixture, "01234", 0);
    assert_int_equal(fixture.lane.ended, PROXY_NO_MARK);
    put(&fixture, "56789", 0);
    assert_int_equal(fixture.lane.ready, 7);
    assert_int_equal(fixture.lane.ended, PROXY_CUT);
    finish(&fixture);
}

static void a_timeout_swallows_and_ends_and_a_reset_waits_for_a_byte(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    add(&fixture, PROXY_TIMEOUT, 500, 0);
    put(&fixture, "x", 0);
    assert_int_equal(fixture.lane.bytes, 0);
    assert_int_equal(proxy_toxins_due(&fixture.toxins, &fixture.toxics), 500 * MS);
    finish(&fixture);
    start(&fixture);
    add(&fixture, PROXY_TIMEOUT, 0, 0);
    assert_int_equal(proxy_toxins_due(&fixture.toxins, &fixture.toxics), UINT64_MAX);
    finish(&fixture);
    start(&fixture);
    add(&fixture, PROXY_RESET_PEER, 200, 0);
    assert_int_equal(fixture.toxins.resets_at, UINT64_MAX);
    put(&fixture, "x", SECOND);
    assert_int_equal(fixture.toxins.resets_at, SECOND + 200 * MS);
    assert_int_equal(fixture.lane.bytes, 0);
    finish(&fixture);
}

static void toxics_work_one_after_the_other_in_their_direction(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    add(&fixture, PROXY_LATENCY, 100, 0);
    add(&fixture, PROXY_SLOW_CLOSE, 300, 0);
    add(&fixture, PROXY_LATENCY, 50, 0);
    put(&fixture, "x", 0);
    assert_int_equal(proxy_lane_due(&fixture.lane), 150 * MS);
    assert_int_equal(proxy_toxins_end_delay(&fixture.toxins, &fixture.toxics, FAULT_TO_BROKER),
                     300 * MS);
    assert_int_equal(proxy_toxins_end_delay(&fixture.toxins, &fixture.toxics, FAULT_TO_CLIENT), 0);
    assert_true(proxy_toxics_remove(&fixture.toxics, BYTES_LITERAL("t0")));
    assert_false(proxy_toxics_remove(&fixture.toxics, BYTES_LITERAL("t0")));
    proxy_lane_clear(&fixture.lane);
    put(&fixture, "x", 0);
    assert_int_equal(proxy_lane_due(&fixture.lane), 50 * MS);
    finish(&fixture);
}

static void toxicity_is_a_share_of_connections_and_the_seed_decides_which(void **state) {
    (void)state;
    uint64_t held[2] = {0, 0};
    for (unsigned seed = 0; seed < 2; seed++) {
        unsigned count = 0;
        for (unsigned again = 0; again < 2; again++) {
            uint64_t pattern = 0;
            for (uint64_t connection = 1; connection <= 1000; connection++) {
                struct proxy_toxics toxics = {0};
                struct proxy_toxins toxins = {.seed = seed, .connection = connection};
                (void)proxy_toxics_add(&toxics, &(struct proxy_toxic){.toxicity = 300000});
                proxy_toxins_renew(&toxins, &toxics, 0);
                count += toxins.items[0].holds;
                pattern = pattern * 31 + toxins.items[0].holds;
            }
            assert_true(again == 0 || pattern == held[seed]);
            held[seed] = pattern;
        }
        assert_in_range(count / 2, 260, 340);
    }
    assert_int_not_equal(held[0], held[1]);
}

static void there_are_so_many_toxics_and_places_are_used_again(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    for (unsigned i = 0; i < PROXY_TOXICS_MAX; i++) {
        add(&fixture, PROXY_SLOW_CLOSE, 1, 0);
    }
    assert_null(proxy_toxics_add(&fixture.toxics, &(struct proxy_toxic){.name = "more"}));
    for (unsigned i = 0; i < 100; i++) {
        char name[8];
        (void)snprintf(name, sizeof name, "t%u", i);
        assert_true(proxy_toxics_remove(&fixture.toxics, bytes_of_text(name)));
        add(&fixture, PROXY_SLOW_CLOSE, 1, 0);
    }
    assert_int_equal(proxy_toxins_end_delay(&fixture.toxins, &fixture.toxics, FAULT_TO_BROKER),
                     PROXY_TOXICS_MAX * MS);
    finish(&fixture);
}

static void each_type_has_a_name_and_attributes(void **state) {
    (void)state;
    for (unsigned type = 0; type < PROXY_TOXIC_TYPES; type++) {
        const struct proxy_toxic_row *row = proxy_toxic_row((enum proxy_toxic_type)type);
        assert_non_null(row->name);
        assert_non_null(row->attributes[0]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(latency_is_later_and_within_its_jitter),
        cmocka_unit_test(bandwidth_carries_so_many_bytes_a_second),
        cmocka_unit_test(a_slicer_makes_small_pieces),
        cmocka_unit_test(a_limit_ends_the_connection_behind_its_bytes),
        cmocka_unit_test(a_timeout_swallows_and_ends_and_a_reset_waits_for_a_byte),
        cmocka_unit_test(toxics_work_one_after_the_other_in_their_direction),
        cmocka_unit_test(toxicity_is_a_share_of_connections_and_the_seed_decides_which),
        cmocka_unit_test(there_are_so_many_toxics_and_places_are_used_again),
        cmocka_unit_test(each_type_has_a_name_and_attributes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
