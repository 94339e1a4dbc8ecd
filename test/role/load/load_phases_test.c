// The phases of a load, in virtual time, with a driver that counts what the test says.
#include "support.h"

#include "role/load/load_phases.h"

#define MILLISECOND UINT64_C(1000000)
#define SECOND (1000 * MILLISECOND)
#define TICK (10 * MILLISECOND)

struct fixture {
    struct load_phases_options options;
    struct load_phases_port port;
    struct load_phases phases;
    struct load_facts facts;
    uint64_t now;
    bool is_unacknowledged;
    bool is_held_up;
    unsigned entered[LOAD_PHASE_OVER + 1];
    unsigned settled;
    unsigned silent;
    uint64_t began; // to be measured
    uint64_t ended;
};

static void hear(void *context, enum load_phase_event event, uint64_t time) {
    struct fixture *f = context;
    switch (event) {
    case LOAD_ENTERED:
        f->entered[f->phases.phase]++;
        break;
    case LOAD_SETTLED:
        f->settled++;
        break;
    case LOAD_MEASURING_BEGAN:
        f->began = time;
        break;
    case LOAD_MEASURING_ENDED:
        f->ended = time;
        break;
    case LOAD_SILENT:
        f->silent++;
        break;
    }
}

static bool is_acknowledged(const void *context) {
    const struct fixture *f = context;
    return !f->is_unacknowledged;
}

static bool is_held_up(const void *context) {
    const struct fixture *f = context;
    return f->is_held_up;
}

// Ten publishers and subscribers for three seconds, one of them to warm up.
static void prepare(struct fixture *f) {
    *f = (struct fixture){.options = {.publishers = 4,
                                      .subscribers = 6,
                                      .duration = 2 * SECOND,
                                      .warm_up = SECOND,
                                      .timeout = 5 * SECOND},
                          .now = 100 * SECOND};
}

static void start(struct fixture *f) {
    f->port = (struct load_phases_port){hear, is_acknowledged, is_held_up, f};
    load_phases_init(&f->phases, &f->options, &f->port);
    load_phases_start(&f->phases, f->now);
}

static void tick(struct fixture *f) {
    f->now += TICK;
    load_phases_tick(&f->phases, &f->facts, f->now);
}

static void pass(struct fixture *f, uint64_t span) {
    for (uint64_t end = f->now + span; f->now < end;) {
        tick(f);
    }
}

static void open_all(struct fixture *f) {
    f->facts.begun = f->facts.ready = f->facts.alive = f->phases.target;
    tick(f);
}

static void assert_phase(const struct fixture *f, enum load_phase phase) {
    assert_int_equal(f->phases.phase, phase);
}

static void end_well(struct fixture *f) {
    assert_phase(f, LOAD_PHASE_END);
    f->facts.alive = 0;
    tick(f);
    assert_phase(f, LOAD_PHASE_OVER);
    assert_int_equal(f->silent, 0);
}

// ---- what comes after what --------------------------------------------------------------------

static void a_load_opens_warms_up_measures_and_drains(void **state) {
    (void)state;
    struct fixture f;
    prepare(&f);
    start(&f);
    assert_int_equal(f.phases.target, 10);
    assert_false(load_phases_is_publishing(&f.phases));
    pass(&f, SECOND);
    assert_phase(&f, LOAD_PHASE_OPEN);
    open_all(&f);
    assert_phase(&f, LOAD_PHASE_WARM_UP);
    assert_int_equal(f.phases.opening, SECOND + TICK);
    assert_true(load_phases_is_publishing(&f.phases));
    pass(&f, SECOND);
    assert_phase(&f, LOAD_PHASE_MEASURE);
    assert_int_equal(f.began, f.now);
    f.facts.outstanding = 1;
    pass(&f, 2 * SECOND);
    assert_phase(&f, LOAD_PHASE_DRAIN);
    assert_int_equal(f.ended, f.now);
    assert_int_equal(f.phases.measured, 2 * SECOND);
    assert_false(load_phases_is_publishing(&f.phases));
    pass(&f, SECOND);
    assert_phase(&f, LOAD_PHASE_DRAIN); // the last one is waited for
    f.facts.outstanding = 0;
    f.facts.delivered++;
    pass(&f, 100 * MILLISECOND);
    end_well(&f);
}

static void so_many_messages_end_with_the_last(void **state) {
    (void)state;
    struct fixture f;
    prepare(&f);
    f.options.messages = 1000;
    f.options.warm_up = 0;
    start(&f);
    open_all(&f);
    tick(&f);
    assert_phase(&f, LOAD_PHASE_MEASURE);
    f.facts.sent = 999;
    f.facts.outstanding = 10;
    pass(&f, 3 * SECOND); // however long it takes
    assert_phase(&f, LOAD_PHASE_MEASURE);
    f.facts.sent = 1000;
    tick(&f);
    assert_phase(&f, LOAD_PHASE_DRAIN);
    assert_int_equal(f.phases.measured, 0); // until the last has come
    f.facts.outstanding = 0;
    f.facts.last_at = f.now + TICK;
    pass(&f, 100 * MILLISECOND);
    assert_int_equal(f.ended, f.facts.last_at);
    end_well(&f);
}

static void idle_connections_come_between_two_looks_at_the_broker(void **state) {
    (void)state;
    struct fixture f;
    prepare(&f);
    f.options.publishers = f.options.subscribers = 0;
    f.options.idle = 100;
    start(&f);
    tick(&f);
    assert_phase(&f, LOAD_PHASE_SETTLE);
    pass(&f, SECOND / 2);
    assert_phase(&f, LOAD_PHASE_OPEN_IDLE);
    assert_int_equal(f.settled, 1);
    assert_int_equal(f.phases.target, 100);
    open_all(&f);
    assert_phase(&f, LOAD_PHASE_SETTLE_IDLE);
    pass(&f, SECOND / 2);
    assert_int_equal(f.settled, 2);
    assert_phase(&f, LOAD_PHASE_HOLD);
    pass(&f, 2 * SECOND);
    end_well(&f);
    assert_int_equal(f.entered[LOAD_PHASE_WARM_UP], 0);
}

static void retained_messages_are_retrieved_by_a_later_subscriber(void **state) {
    (void)state;
    struct fixture f;
    prepare(&f);
    f.options.publishers = f.options.subscribers = 1;
    f.options.retained = 500;
    start(&f);
    assert_int_equal(f.phases.target, 1);
    open_all(&f);
    pass(&f, SECOND / 2);
    assert_phase(&f, LOAD_PHASE_RETAIN);
    f.facts.sent = f.facts.outstanding = 500;
    f.is_unacknowledged = true;
    tick(&f);
    assert_phase(&f, LOAD_PHASE_RETAIN);
    f.is_unacknowledged = false;
    pass(&f, SECOND / 2);
    assert_phase(&f, LOAD_PHASE_RETRIEVE);
    assert_int_equal(f.phases.target, 2);
    f.facts.begun = f.facts.ready = f.facts.alive = 2;
    load_phases_subscribe(&f.phases, f.now);
    f.facts.last_at = f.now + 5 * MILLISECOND;
    f.facts.outstanding = 0;
    tick(&f);
    assert_int_equal(f.phases.retrieving, 5 * MILLISECOND);
    pass(&f, 100 * MILLISECOND);
    end_well(&f);
}

// ---- waits that end ---------------------------------------------------------------------------

static void a_broker_that_does_not_answer_is_given_up(void **state) {
    (void)state;
    struct fixture f;
    prepare(&f);
    start(&f);
    f.facts.begun = f.facts.alive = 10;
    f.facts.ready = 9;
    pass(&f, 5 * SECOND);
    assert_phase(&f, LOAD_PHASE_OPEN);
    pass(&f, SECOND);
    assert_phase(&f, LOAD_PHASE_END);
    assert_int_equal(f.silent, 1);
    pass(&f, 2 * SECOND + TICK); // the farewell has an end too
    assert_phase(&f, LOAD_PHASE_OVER);
}

// Where nothing is awaited of the broker, its silence means nothing.
static void a_slow_clock_is_no_silence(void **state) {
    (void)state;
    struct fixture f;
    prepare(&f);
    f.options.duration = 100 * SECOND;
    start(&f);
    open_all(&f);
    pass(&f, 60 * SECOND);
    assert_phase(&f, LOAD_PHASE_MEASURE);
    assert_int_equal(f.silent, 0);
    f.is_held_up = true; // now it does not take what is said to it
    f.facts.outstanding = 1;
    pass(&f, 6 * SECOND);
    assert_int_equal(f.silent, 1);
    assert_true(f.phases.phase >= LOAD_PHASE_DRAIN);
}

static void what_never_comes_is_not_waited_for(void **state) {
    (void)state;
    struct fixture f;
    prepare(&f);
    start(&f);
    open_all(&f);
    f.facts.outstanding = 3;
    pass(&f, 3 * SECOND);
    assert_phase(&f, LOAD_PHASE_DRAIN);
    for (int i = 0; i < 4; i++) {
        pass(&f, 4 * SECOND);
        f.facts.delivered++; // prolongs it
        assert_phase(&f, LOAD_PHASE_DRAIN);
    }
    pass(&f, 6 * SECOND);
    assert_phase(&f, LOAD_PHASE_END);
}

// ---- failures and signals ---------------------------------------------------------------------

static void a_connection_that_fails_ends_the_load(void **state) {
    (void)state;
    struct fixture f;
    prepare(&f);
    start(&f);
    load_phases_fail(&f.phases, f.now);
    assert_phase(&f, LOAD_PHASE_END); // nothing was sent
    load_phases_fail(&f.phases, f.now);
    assert_int_equal(f.entered[LOAD_PHASE_END], 1);
    prepare(&f);
    start(&f);
    open_all(&f);
    load_phases_fail(&f.phases, f.now);
    assert_phase(&f, LOAD_PHASE_DRAIN); // what was sent is still checked
    load_phases_fail(&f.phases, f.now);
    assert_int_equal(f.entered[LOAD_PHASE_DRAIN], 1);
}

static void the_first_signal_waits_for_what_is_on_its_way(void **state) {
    (void)state;
    struct fixture f;
    prepare(&f);
    start(&f);
    open_all(&f);
    pass(&f, 2 * SECOND);
    f.facts.outstanding = 1;
    load_phases_interrupt(&f.phases, f.now);
    assert_phase(&f, LOAD_PHASE_DRAIN);
    assert_int_equal(f.ended, f.now);
    pass(&f, SECOND / 2);
    assert_phase(&f, LOAD_PHASE_DRAIN);
    pass(&f, SECOND); // a second, not five
    assert_phase(&f, LOAD_PHASE_END);
    load_phases_interrupt(&f.phases, f.now);
    assert_int_equal(f.entered[LOAD_PHASE_END], 1);
}

static void the_second_signal_does_not_wait(void **state) {
    (void)state;
    struct fixture f;
    prepare(&f);
    start(&f);
    open_all(&f);
    pass(&f, 2 * SECOND);
    f.facts.outstanding = 1;
    load_phases_interrupt(&f.phases, f.now);
    load_phases_interrupt(&f.phases, f.now);
    assert_phase(&f, LOAD_PHASE_END);
    assert_true(f.phases.is_interrupted);
}

// ---- how fast ---------------------------------------------------------------------------------

static void connections_are_opened_some_at_a_time(void **state) {
    (void)state;
    struct fixture f;
    prepare(&f);
    f.options.subscribers = 1000;
    start(&f);
    while (load_phases_may_open(&f.phases, &f.facts, f.now)) {
        f.facts.begun++;
    }
    assert_int_equal(f.facts.begun, 64);
    f.facts.ready = 10;
    while (load_phases_may_open(&f.phases, &f.facts, f.now)) {
        f.facts.begun++;
    }
    assert_int_equal(f.facts.begun, 74);
    load_phases_fail(&f.phases, f.now);
    assert_false(load_phases_may_open(&f.phases, &f.facts, f.now + SECOND));
}

static void connections_and_messages_keep_to_their_rates(void **state) {
    (void)state;
    struct fixture f;
    prepare(&f);
    f.options.connect_rate = 5;
    f.options.rate = 200;
    start(&f);
    for (unsigned second = 0; second < 2; second++) {
        while (load_phases_may_open(&f.phases, &f.facts, f.now)) {
            f.facts.begun++;
        }
        assert_int_equal(f.facts.begun, 1 + 5 * second);
        f.now += SECOND;
    }
    assert_int_equal(load_phases_due(&f.phases, f.now), 0);
    open_all(&f);
    assert_int_equal(load_phases_due(&f.phases, f.now), 0);
    assert_int_equal(load_phases_due(&f.phases, f.now + SECOND), 200);
    pass(&f, 2 * SECOND); // measuring does not begin to count anew
    assert_int_equal(load_phases_due(&f.phases, f.now), 400);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_load_opens_warms_up_measures_and_drains),
        cmocka_unit_test(so_many_messages_end_with_the_last),
        cmocka_unit_test(idle_connections_come_between_two_looks_at_the_broker),
        cmocka_unit_test(retained_messages_are_retrieved_by_a_later_subscriber),
        cmocka_unit_test(a_broker_that_does_not_answer_is_given_up),
        cmocka_unit_test(a_slow_clock_is_no_silence),
        cmocka_unit_test(what_never_comes_is_not_waited_for),
        cmocka_unit_test(a_connection_that_fails_ends_the_load),
        cmocka_unit_test(the_first_signal_waits_for_what_is_on_its_way),
        cmocka_unit_test(the_second_signal_does_not_wait),
        cmocka_unit_test(connections_are_opened_some_at_a_time),
        cmocka_unit_test(connections_and_messages_keep_to_their_rates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
