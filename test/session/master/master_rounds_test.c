// Which requests a master executes together: nobody waits for more than one portion of what others
// ask for.
#include "support.h"

#include "session/master/master_rounds.h"

#include <stdlib.h>

#define REQUESTS 2000

struct world {
    struct master_rounds rounds;
    struct master_request requests[REQUESTS];
    struct http_exchange exchanges[REQUESTS];
    unsigned count;
};

static const struct store_packet for_everyone[] = {{.gate = 0}};

static int open_world(void **state) {
    struct world *world = calloc(1, sizeof *world);
    master_rounds_init(&world->rounds);
    *state = world;
    return 0;
}

static int close_world(void **state) {
    free(*state);
    return 0;
}

static struct master_request *add(struct world *world, enum store_operation operation,
                                  uint32_t gate, size_t body_bytes) {
    assert_in_range(world->count, 0, REQUESTS - 1);
    struct master_request *request = &world->requests[world->count];
    request->exchange = &world->exchanges[world->count++];
    request->exchange->body.size = body_bytes;
    request->store.operation = operation;
    request->store.gate = gate;
    master_rounds_add(&world->rounds, request);
    return request;
}

// Whether it is in the next round, whose size is given back.
static bool takes(struct world *world, const struct master_request *request, unsigned *count) {
    struct master_queue round;
    struct master_request *next = NULL;
    bool is_in = false;
    master_queue_init(&round);
    master_rounds_take(&world->rounds, &round);
    for (*count = 0; (next = master_queue_take(&round)) != NULL; ++*count) {
        is_in = is_in || next == request;
    }
    return is_in;
}

static void all_small_requests_go_together(void **state) {
    struct world *world = *state;
    unsigned count = 0;
    for (unsigned i = 0; i < 100; i++) {
        (void)add(world, STORE_UPLOAD, i + 1, 60);
    }
    assert_true(takes(world, &world->requests[99], &count));
    assert_int_equal(count, 100);
    assert_true(master_rounds_is_empty(&world->rounds));
}

static void a_round_has_so_many_small_ones_and_takes_the_oldest(void **state) {
    struct world *world = *state;
    unsigned count = 0;
    for (unsigned i = 0; i < MASTER_ROUND_REQUESTS + 1; i++) {
        (void)add(world, STORE_TAKE, 7, 0);
    }
    assert_true(takes(world, &world->requests[0], &count));
    assert_int_equal(count, MASTER_ROUND_REQUESTS);
    assert_true(takes(world, &world->requests[MASTER_ROUND_REQUESTS], &count));
    assert_int_equal(count, 1);
}

static void a_small_request_waits_for_one_portion_of_large_ones(void **state) {
    struct world *world = *state;
    unsigned count = 0;
    for (unsigned i = 0; i < 1000; i++) {
        (void)add(world, STORE_UPLOAD, i + 1, 1000000);
    }
    const struct master_request *small = add(world, STORE_TAKE, 2000, 0);
    assert_true(takes(world, small, &count));
    assert_in_range(count, 2, 3);
}

static void one_router_with_many_connections_has_one_routers_share(void **state) {
    struct world *world = *state;
    unsigned count = 0;
    for (unsigned i = 0; i < 1000; i++) {
        (void)add(world, STORE_UPLOAD, 7, 200000);
    }
    const struct master_request *other = add(world, STORE_UPLOAD, 8, 200000);
    assert_true(takes(world, other, &count));
    assert_int_equal(count, 2);
    // Who does not know the secret of gate 8 takes nothing of its share.
    for (unsigned i = 0; i < 10; i++) {
        (void)add(world, STORE_UPLOAD, 8, 20000);
    }
    other = add(world, STORE_UPLOAD, 8, 20000);
    world->requests[world->count - 1].store.secret[0] = 1;
    assert_true(takes(world, other, &count));
    assert_int_equal(count, 3);
}

static void large_ones_are_taken_one_after_the_other(void **state) {
    struct world *world = *state;
    unsigned count = 0;
    for (unsigned i = 0; i < 100; i++) {
        (void)add(world, STORE_UPLOAD, 7, 1000000);
    }
    for (unsigned i = 0; i < 100; i++) {
        assert_true(takes(world, &world->requests[i], &count));
        assert_int_equal(count, 1);
    }
    assert_true(master_rounds_is_empty(&world->rounds));
    (void)add(world, STORE_UPLOAD, 7, 1000000); // the queue still works
    assert_true(takes(world, &world->requests[100], &count));
}

static void a_packet_for_everyone_counts_for_each_gate(void **state) {
    struct world *world = *state;
    unsigned count = 0;
    world->rounds.gates = MASTER_ROUND_PACKETS;
    for (unsigned i = 0; i < 10; i++) {
        struct master_request *request = &world->requests[world->count];
        request->store.packets = for_everyone;
        request->store.packet_count = 1;
        (void)add(world, STORE_UPLOAD, i + 1, 60);
    }
    assert_true(takes(world, &world->requests[0], &count));
    assert_int_equal(count, 1);
    world->rounds.gates = 10;
    assert_true(takes(world, &world->requests[9], &count));
    assert_int_equal(count, 9);
}

static void all_lists_are_one(void **state) {
    struct world *world = *state;
    unsigned count = 0;
    struct master_queue lists;
    for (unsigned i = 0; i < 1000; i++) {
        (void)add(world, STORE_LIST, 0, 0);
    }
    (void)takes(world, NULL, &count);
    assert_int_equal(count, 0);
    master_queue_init(&lists);
    master_rounds_take_lists(&world->rounds, &lists);
    while (master_queue_take(&lists) != NULL) {
        count++;
    }
    assert_int_equal(count, 1000);
    assert_true(master_rounds_is_empty(&world->rounds));
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(all_small_requests_go_together),
        TEST(a_round_has_so_many_small_ones_and_takes_the_oldest),
        TEST(a_small_request_waits_for_one_portion_of_large_ones),
        TEST(one_router_with_many_connections_has_one_routers_share),
        TEST(large_ones_are_taken_one_after_the_other),
        TEST(a_packet_for_everyone_counts_for_each_gate),
        TEST(all_lists_are_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
