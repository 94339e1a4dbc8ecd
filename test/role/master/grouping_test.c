#include "support.h"

#include "role/master/grouping.h"

static void packets_for_a_gate_come_together(void **state) {
    (void)state;
    static const uint32_t gates[] = {5, 7, 5, 5, 7, 0, 0, 7, 5, 7, 0, 9, 5};
    static const uint32_t wanted[] = {0, 2, 3, 1, 4, 5, 6, 7, 9, 8, 10, 11, 12};
    struct memory memory;
    struct grouping grouping;
    memory_init(&memory);
    grouping_init(&grouping, &memory);
    const uint32_t *order =
        grouping_sort(&grouping, (struct grouping_gates){gates, sizeof gates[0], 13});
    assert_memory_equal(order, wanted, sizeof wanted);
    grouping_deinit(&grouping);
    assert_int_equal(memory.blocks_in_use, 0);
}

// Every packet is there once, and those of a gate, with those for all, are in the order they had.
static void no_mailbox_sees_a_difference(void **state) {
    (void)state;
    struct memory memory;
    struct grouping grouping;
    uint64_t random = 1;
    memory_init(&memory);
    grouping_init(&grouping, &memory);
    for (int round = 0; round < 1000; round++) {
        uint32_t gates[40];
        uint32_t count = (uint32_t)(support_random(&random) % 40);
        for (uint32_t i = 0; i < count; i++) {
            gates[i] = (uint32_t)(support_random(&random) % 5);
        }
        struct grouping_gates all = {gates, sizeof gates[0], count};
        const uint32_t *order = grouping_sort(&grouping, all);
        uint64_t seen = 0;
        for (uint32_t i = 0; i < count; i++) {
            assert_true(order[i] < count);
            seen |= UINT64_C(1) << order[i];
        }
        assert_int_equal(seen, (UINT64_C(1) << count) - 1);
        for (uint32_t gate = 1; gate < 5; gate++) {
            uint32_t before = 0;
            for (uint32_t i = 0; i < count; i++) {
                if (gates[order[i]] == gate || gates[order[i]] == 0) {
                    assert_true(order[i] >= before);
                    before = order[i];
                }
            }
        }
    }
    grouping_deinit(&grouping);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packets_for_a_gate_come_together),
        cmocka_unit_test(no_mailbox_sees_a_difference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
