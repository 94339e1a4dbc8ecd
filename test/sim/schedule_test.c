#include "support.h"

#include <stdlib.h>

#include "sim/schedule.h"

#define EVENTS 6000
#define MANY_NODES 100000
#define SECOND UINT64_C(1000000000)

// Beside the schedule, all events in a list that is searched from end to end.
struct fixture {
    struct memory memory;
    struct sim_schedule schedule;
    struct sim_event *list;
    uint32_t count;
    uint64_t random;
    uint64_t now;
    uint64_t number;
};

static void start(struct fixture *fixture, uint32_t nodes, uint64_t seed) {
    *fixture = (struct fixture){.random = seed};
    memory_init(&fixture->memory);
    sim_schedule_init(&fixture->schedule, &fixture->memory, nodes);
    fixture->list = calloc(EVENTS, sizeof *fixture->list);
}

static void finish(struct fixture *fixture) {
    sim_schedule_deinit(&fixture->schedule);
    assert_int_equal(fixture->memory.blocks_in_use, 0);
    free(fixture->list);
}

// Most are near, some hours ahead, a few days.
static uint64_t draw_span(struct fixture *fixture) {
    uint64_t random = support_random(&fixture->random);
    switch (random % 8) {
    case 0:
        return 1 + random / 8 % 10;
    case 1:
        return 1 + random / 8 % (6 * 3600 * SECOND);
    case 2:
        return 1 + random / 8 % (random / 64 % 20 == 0 ? 400 * 3600 * SECOND : 40 * SECOND);
    default:
        return 1 + random / 8 % (SECOND / 50);
    }
}

static void add(struct fixture *fixture) {
    uint64_t span = draw_span(fixture);
    uint32_t maker = (uint32_t)(support_random(&fixture->random) % 5);
    struct sim_event event = {.time = fixture->now + span,
                              .order = sim_event_order(maker, ++fixture->number),
                              .argument = fixture->number,
                              .node = maker + 1,
                              .kind = 3};
    sim_schedule_add(&fixture->schedule, &event);
    fixture->list[fixture->count++] = event;
}

static struct sim_event take_from_list(struct fixture *fixture) {
    uint32_t first = 0;
    for (uint32_t i = 1; i < fixture->count; i++) {
        if (sim_event_before(&fixture->list[i], &fixture->list[first])) {
            first = i;
        }
    }
    struct sim_event event = fixture->list[first];
    fixture->list[first] = fixture->list[--fixture->count];
    return event;
}

static void take(struct fixture *fixture) {
    struct sim_event expected = take_from_list(fixture);
    struct sim_event event;
    assert_int_equal(sim_schedule_due(&fixture->schedule), expected.time);
    assert_false(sim_schedule_take(&fixture->schedule, expected.time, &event));
    assert_true(sim_schedule_take(&fixture->schedule, expected.time + 1, &event));
    assert_memory_equal(&event, &expected, sizeof event);
    fixture->now = event.time;
}

static void play(uint32_t nodes, uint64_t seed) {
    struct fixture fixture;
    start(&fixture, nodes, seed);
    for (uint32_t i = 0; i < EVENTS; i++) {
        bool takes =
            fixture.count > 0 && support_random(&fixture.random) % 100 < (i < 300 ? 10 : 52);
        if (takes) {
            take(&fixture);
        } else if (fixture.count < EVENTS) {
            add(&fixture);
        }
        if (i % 64 == 0) {
            sim_schedule_check(&fixture.schedule);
        }
    }
    while (fixture.count > 0) {
        take(&fixture);
    }
    assert_int_equal(sim_schedule_due(&fixture.schedule), SIM_NEVER);
    finish(&fixture);
}

static void the_order_is_that_of_a_sorted_list(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        play(1, seed);
        play(1000, seed);
        play(MANY_NODES, seed);
    }
}

static void many_events_of_one_slot_are_sorted(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, MANY_NODES, 7);
    for (uint32_t i = 0; i < EVENTS; i++) {
        // Rising, falling and equal times: what sorts badly elsewhere.
        uint64_t time = 40000000 + (i % 3 == 0 ? i : i % 3 == 1 ? EVENTS - i : 77);
        struct sim_event event = {.time = time, .order = sim_event_order(i % 7, i + 1)};
        sim_schedule_add(&fixture.schedule, &event);
    }
    struct sim_event event;
    for (uint32_t i = 0; i < EVENTS; i++) {
        assert_true(sim_schedule_take(&fixture.schedule, SIM_NEVER, &event)); // asserts the order
    }
    assert_false(sim_schedule_take(&fixture.schedule, SIM_NEVER, &event));
    finish(&fixture);
}

static void the_steady_state_allocates_nothing(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, MANY_NODES, 3);
    for (uint32_t i = 1; i <= 1000; i++) {
        struct sim_event event = {.time = i * 1000003, .order = sim_event_order(i, 1)};
        sim_schedule_add(&fixture.schedule, &event);
    }
    size_t most = 0;
    for (uint32_t i = 0; i < 200000; i++) {
        struct sim_event event;
        assert_true(sim_schedule_take(&fixture.schedule, SIM_NEVER, &event));
        event.time += SECOND;
        event.order++;
        sim_schedule_add(&fixture.schedule, &event);
        if (i == 20000) {
            most = fixture.memory.bytes_in_use;
        }
    }
    assert_int_equal(fixture.memory.bytes_in_use, most);
    finish(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_is_that_of_a_sorted_list),
        cmocka_unit_test(many_events_of_one_slot_are_sorted),
        cmocka_unit_test(the_steady_state_allocates_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
