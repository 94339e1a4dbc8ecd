#include "support.h"

#include <stdlib.h>

#include "shell/machine/machine_memory.h"
#include "session/broker/memory_keeper.h"

#define MIB ((size_t)1 << 20)
#define SECOND UINT64_C(1000000000)

// A process of the test's making.
static size_t process_held;
static size_t process_in_use; // to which a trim takes what it holds
static unsigned trims;
static unsigned returns;
static unsigned measurements;
static unsigned wishes; // for a look

static size_t held(void) {
    measurements++;
    return process_held;
}

static void want_look(void *context) {
    (void)context;
    wishes++;
}

static void trim(void) {
    trims++;
    process_held = process_in_use;
}

static void give_back(void *context) {
    (void)context;
    returns++;
}

static const struct memory_keeper_means means = {held, trim};

struct fixture {
    struct memory memory;
    struct memory_keeper keeper;
};

static void start(struct fixture *fixture) {
    trims = returns = measurements = wishes = 0;
    process_held = process_in_use = 10 * MIB; // of libraries and the like
    memory_init(&fixture->memory);
    fixture->memory.limit = 64 * MIB;
    memory_keeper_init(&fixture->keeper, &fixture->memory, &means);
    fixture->keeper.give_back = give_back;
    fixture->keeper.want_look = want_look;
}

static void use(struct fixture *fixture, size_t bytes) {
    memory_charge(&fixture->memory, bytes);
    process_held += bytes;
    process_in_use += bytes;
}

static void disuse(struct fixture *fixture, size_t bytes) {
    memory_discharge(&fixture->memory, bytes);
    process_in_use -= bytes;
}

// The look that comes about a second after it was asked for.
static void second(struct fixture *fixture) {
    if (memory_keeper_is_over_peak(&fixture->keeper)) {
        fixture->keeper.means->trim();
        memory_keeper_note_trim(&fixture->keeper);
    }
}

static void a_peak_is_given_back_when_it_is_over(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    use(&fixture, 50 * MIB);
    second(&fixture);
    second(&fixture);
    assert_int_equal(trims, 0);
    disuse(&fixture, 49 * MIB);
    second(&fixture); // it may come back at once
    assert_int_equal(trims, 0);
    second(&fixture);
    assert_int_equal(trims, 1);
    assert_int_equal(returns, 1);
    assert_int_equal(process_held, 11 * MIB);
    second(&fixture);
    assert_int_equal(trims, 1);
}

// What cannot be given back is not tried again each second.
static void a_trim_in_vain_is_not_repeated(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    use(&fixture, 40 * MIB);
    memory_discharge(&fixture.memory, 40 * MIB);
    second(&fixture);
    for (unsigned i = 0; i < 10; i++) {
        second(&fixture);
    }
    assert_int_equal(trims, 1);
    use(&fixture, 30 * MIB);
    disuse(&fixture, 30 * MIB);
    second(&fixture);
    assert_int_equal(trims, 2);
}

static void what_is_held_counts_against_the_limit(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    use(&fixture, 20 * MIB);
    process_held += 50 * MIB; // holes, which a trim does not close
    process_in_use += 50 * MIB;
    memory_keeper_look(&fixture.keeper, 5 * SECOND);
    assert_int_equal(memory_used(&fixture.memory), 62 * MIB); // less an eighth of the limit
    assert_false(memory_has_room(&fixture.memory, MEMORY_KEPT, 1));
    assert_int_equal(trims, 1);
    memory_keeper_look(&fixture.keeper, 5 * SECOND + SECOND / 2);
    assert_int_equal(trims, 1);
    process_held -= 50 * MIB;
    memory_keeper_look(&fixture.keeper, 5 * SECOND + SECOND / 2 + 1); // too soon
    assert_int_equal(memory_used(&fixture.memory), 62 * MIB);
    memory_keeper_look(&fixture.keeper, 6 * SECOND);
    assert_int_equal(memory_used(&fixture.memory), 20 * MIB);
}

static void nobody_is_refused_for_what_can_be_given_back(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    use(&fixture, 60 * MIB);
    disuse(&fixture, 60 * MIB);
    memory_keeper_look(&fixture.keeper, 5 * SECOND);
    assert_true(memory_has_room(&fixture.memory, MEMORY_KEPT, 30 * MIB));
    assert_int_equal(trims, 1);
}

static unsigned look_until_calm(struct fixture *fixture) {
    unsigned looks = 0;
    while (fixture->keeper.is_look_wanted && looks < 100) {
        second(fixture);
        looks++;
    }
    return looks;
}

// The looks are counted: a broker that nothing happens in has none, one that had a peak a few.
static void nobody_looks_where_nothing_moves(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    uint64_t now = SECOND;
    memory_keeper_look(&fixture.keeper, now);
    for (unsigned i = 0; i < 1000; i++) { // small messages that come and go
        use(&fixture, 1000);
        memory_keeper_look(&fixture.keeper, now += SECOND);
        disuse(&fixture, 1000);
        memory_keeper_look(&fixture.keeper, now += SECOND);
    }
    assert_int_equal(wishes, 0);
    use(&fixture, 30 * MIB);
    memory_keeper_look(&fixture.keeper, now += 1);
    assert_int_equal(wishes, 1);
    memory_keeper_look(&fixture.keeper, now += 1); // it was asked for
    assert_int_equal(wishes, 1);
    assert_int_equal(look_until_calm(&fixture), 2);
    measurements = 0;
    disuse(&fixture, 30 * MIB);
    memory_keeper_look(&fixture.keeper, now += 1);
    assert_int_equal(wishes, 2);
    assert_int_equal(look_until_calm(&fixture), 2);
    assert_int_equal(trims, 1);
    assert_in_range(measurements, 1, 4);
    memory_keeper_look(&fixture.keeper, now + SECOND);
    assert_int_equal(wishes, 2);
}

// What libraries freed moves no account, and is given back all the same.
static void what_no_account_tells_is_looked_at_too(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    process_held += 20 * MIB;
    memory_keeper_look(&fixture.keeper, SECOND);
    assert_int_equal(wishes, 1);
    assert_int_equal(look_until_calm(&fixture), 1);
    assert_int_equal(trims, 1);
    assert_int_equal(process_held, process_in_use);
    memory_keeper_look(&fixture.keeper, 2 * SECOND);
    assert_int_equal(wishes, 1);
}

// With the C library's own heap.
static void memory_goes_back_to_the_system(void **state) {
    (void)state;
    enum { BLOCKS = 40000, SIZE = 1000 };
    static void *blocks[BLOCKS];
    struct memory memory;
    struct memory_keeper keeper;
    if (machine_memory_held() == 0) {
        skip(); // a sanitizer's heap
    }
    memory_init(&memory);
    memory_keeper_init(&keeper, &memory, &memory_keeper_real);
    size_t before = machine_memory_held();
    for (unsigned i = 0; i < BLOCKS; i++) {
        blocks[i] = memory_allocate(&memory, SIZE);
    }
    for (unsigned i = 0; i + 1 < BLOCKS; i++) { // all but the last, so that nothing goes by itself
        memory_free(&memory, blocks[i], SIZE);
    }
    assert_true(machine_memory_held() > before + (size_t)BLOCKS * SIZE / 2);
    assert_true(memory_keeper_is_over_peak(&keeper));
    keeper.means->trim();
    memory_keeper_note_trim(&keeper);
    assert_true(machine_memory_held() < before + (size_t)BLOCKS * SIZE / 10);
    memory_free(&memory, blocks[BLOCKS - 1], SIZE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_peak_is_given_back_when_it_is_over),
        cmocka_unit_test(a_trim_in_vain_is_not_repeated),
        cmocka_unit_test(what_is_held_counts_against_the_limit),
        cmocka_unit_test(nobody_is_refused_for_what_can_be_given_back),
        cmocka_unit_test(nobody_looks_where_nothing_moves),
        cmocka_unit_test(what_no_account_tells_is_looked_at_too),
        cmocka_unit_test(memory_goes_back_to_the_system),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
