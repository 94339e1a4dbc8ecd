#include "support.h"

#include "base/hash.h"
#include "role/master/waiting.h"

#define SECOND UINT64_C(1000000000)
#define RENEWAL (10 * SECOND)
#define REQUESTS 8

struct fixture {
    struct memory memory;
    struct waiting waiting;
    struct waiting_request requests[REQUESTS];
    uint64_t now;
};

static void begin(struct fixture *f) {
    *f = (struct fixture){.now = 100 * SECOND};
    memory_init(&f->memory);
    waiting_init(&f->waiting, &f->memory, RENEWAL, 7);
}

static void end(struct fixture *f) {
    waiting_deinit(&f->waiting);
    assert_int_equal(f->memory.blocks_in_use, 0);
}

static void wait(struct fixture *f, unsigned request, uint32_t gate, uint64_t span) {
    assert_true(waiting_may(&f->requests[request], span, f->now));
    waiting_begin(&f->waiting, &f->requests[request], gate, f->now);
    assert_true(waiting_has(&f->waiting, gate));
}

static void assert_none(struct fixture *f) {
    assert_null(waiting_take_woken(&f->waiting));
    assert_null(waiting_take_over(&f->waiting));
}

static void assert_woken(struct fixture *f, unsigned request) {
    assert_ptr_equal(waiting_take_woken(&f->waiting), &f->requests[request]);
}

static void assert_over(struct fixture *f, unsigned request) {
    assert_ptr_equal(waiting_take_over(&f->waiting), &f->requests[request]);
}

static void a_packet_wakes_the_request_of_its_gate(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    wait(&f, 0, 7, 60 * SECOND);
    wait(&f, 1, 8, 60 * SECOND);
    waiting_wake(&f.waiting, 9);
    assert_none(&f);
    waiting_wake(&f.waiting, 8);
    assert_woken(&f, 1);
    assert_none(&f);
    assert_false(waiting_has(&f.waiting, 8));
    waiting_wake(&f.waiting, 7);
    assert_woken(&f, 0);
    end(&f);
}

static void receivers_are_woken_once_and_the_sender_not(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    for (unsigned i = 0; i < 4; i++) {
        wait(&f, i, 7 + i, 60 * SECOND);
    }
    const uint32_t some[] = {8, 8, 99, 10, 8};
    waiting_wake_receivers(&f.waiting, 7, (struct grouping_gates){some, sizeof *some, 5});
    assert_woken(&f, 1);
    assert_woken(&f, 3);
    assert_none(&f);
    const uint32_t all[] = {0};
    waiting_wake_receivers(&f.waiting, 7, (struct grouping_gates){all, sizeof *all, 1});
    assert_woken(&f, 2);
    assert_none(&f);
    waiting_wake_all(&f.waiting, 0);
    assert_woken(&f, 0);
    end(&f);
}

static void a_newer_request_takes_the_place_of_an_older_one(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    wait(&f, 0, 7, 60 * SECOND);
    wait(&f, 1, 7, 60 * SECOND);
    assert_over(&f, 0);
    assert_none(&f);
    waiting_wake(&f.waiting, 7);
    assert_woken(&f, 1);
    assert_none(&f);
    end(&f);
}

// In between it is tried again, as a sign of life; its time goes on.
static void a_request_waits_as_long_as_it_says(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    wait(&f, 0, 7, 25 * SECOND);
    uint64_t start = f.now;
    for (unsigned i = 1; i <= 2; i++) {
        assert_int_equal(waiting_deadline(&f.waiting), start + i * RENEWAL);
        f.now = start + i * RENEWAL - 1;
        waiting_tick(&f.waiting, f.now);
        assert_none(&f);
        f.now++;
        waiting_tick(&f.waiting, f.now);
        assert_woken(&f, 0);
        wait(&f, 0, 7, 25 * SECOND);
    }
    assert_int_equal(waiting_deadline(&f.waiting), start + 25 * SECOND);
    f.now = start + 25 * SECOND;
    waiting_tick(&f.waiting, f.now);
    assert_over(&f, 0);
    assert_none(&f);
    assert_true(waiting_deadline(&f.waiting) == UINT64_MAX);
    assert_false(waiting_may(&f.requests[0], 25 * SECOND, f.now));
    end(&f);
}

static void one_that_brought_no_time_does_not_wait(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    assert_false(waiting_may(&f.requests[0], 0, f.now));
    end(&f);
}

// Against a list that is looked through: who waits, and for what.
static void agrees_with_a_naive_model(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    uint32_t gates[REQUESTS] = {0}; // of those that wait
    uint64_t random = 1;
    for (unsigned i = 0; i < 20000; i++) {
        uint64_t draw = support_random(&random);
        unsigned request = draw % REQUESTS;
        uint32_t gate = 1 + (uint32_t)(draw / 64 % 5);
        if (gates[request] == 0 && draw / 8 % 2 == 0) {
            f.requests[request] = (struct waiting_request){.gate = 0};
            wait(&f, request, gate, (1 + draw / 1024 % 40) * SECOND);
            gates[request] = gate;
        } else if (draw / 16 % 8 == 0) {
            f.now += draw / 1024 % 5 * SECOND;
            waiting_tick(&f.waiting, f.now);
            assert_true(waiting_deadline(&f.waiting) > f.now);
        } else {
            waiting_wake(&f.waiting, gate);
            assert_false(waiting_has(&f.waiting, gate));
        }
        struct waiting_request *back;
        while ((back = waiting_take_over(&f.waiting)) != NULL ||
               (back = waiting_take_woken(&f.waiting)) != NULL) {
            assert_int_not_equal(gates[back - f.requests], 0);
            gates[back - f.requests] = 0;
        }
        unsigned count = 0;
        for (unsigned other = 0; other < REQUESTS; other++) {
            count += gates[other] != 0;
            assert_true(gates[other] == 0 || waiting_has(&f.waiting, gates[other]));
        }
        assert_int_equal(f.waiting.count, count);
    }
    waiting_wake_all(&f.waiting, 0);
    end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_packet_wakes_the_request_of_its_gate),
        cmocka_unit_test(receivers_are_woken_once_and_the_sender_not),
        cmocka_unit_test(a_newer_request_takes_the_place_of_an_older_one),
        cmocka_unit_test(a_request_waits_as_long_as_it_says),
        cmocka_unit_test(one_that_brought_no_time_does_not_wait),
        cmocka_unit_test(agrees_with_a_naive_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
