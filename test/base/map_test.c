#include "support.h"

#include "base/hash.h"
#include "base/map.h"

static void an_empty_map_has_nothing_and_needs_nothing(void **state) {
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct map map;
    map_init(&map, &memory, 1);
    assert_true(map_get(&map, 0) == MAP_NONE);
    map_remove(&map, 0);
    assert_int_equal(memory.bytes_in_use, 0);
    map_deinit(&map);
}

static void put_again_replaces(void **state) {
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct map map;
    map_init(&map, &memory, 1);
    map_put(&map, UINT64_MAX, 1);
    map_put(&map, UINT64_MAX, 0);
    assert_int_equal(map_get(&map, UINT64_MAX), 0);
    assert_int_equal(map.count, 1);
    map_deinit(&map);
    assert_int_equal(memory.bytes_in_use, 0);
    assert_int_equal(memory.blocks_in_use, 0);
}

// The keys 0..KEYS-1 times `stride`, against an array indexed by key. Few keys in a small table
// give long runs of neighbours that wrap around its end, where a wrong deletion would tear a run
// apart.
static void compare_with_model(uint64_t seed, uint64_t stride, uint32_t keys, unsigned operations) {
    struct memory memory;
    memory_init(&memory);
    struct map map;
    map_init(&map, &memory, seed);
    uint32_t model[512];
    uint32_t count = 0;
    memset(model, 0xff, sizeof model);
    uint64_t random = seed;
    for (unsigned i = 0; i < operations; i++) {
        uint64_t choice = support_random(&random);
        uint32_t key = (uint32_t)(choice >> 32) % keys;
        if (choice % 2 == 0) {
            uint32_t value = (uint32_t)choice >> 1;
            map_put(&map, key * stride, value);
            count += model[key] == MAP_NONE;
            model[key] = value;
        } else {
            map_remove(&map, key * stride);
            count -= model[key] != MAP_NONE;
            model[key] = MAP_NONE;
        }
        assert_int_equal(map.count, count);
        uint32_t probe = (uint32_t)(choice >> 16) % keys;
        assert_int_equal(map_get(&map, probe * stride), model[probe]);
        if (i % 64 == 0) {
            for (uint32_t k = 0; k < keys; k++) {
                assert_int_equal(map_get(&map, k * stride), model[k]);
            }
        }
    }
    map_deinit(&map);
    assert_int_equal(memory.bytes_in_use, 0);
}

static void random_operations_agree_with_a_naive_model(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < 40; seed++) {
        compare_with_model(seed, 1, 5, 2000);
        compare_with_model(seed, 1000, 12, 2000);
        compare_with_model(seed, 0x100000001u, 48, 4000);
        compare_with_model(seed, 1, 512, 4000);
    }
}

static void it_grows_in_time_and_stays_small(void **state) {
    (void)state;
    enum { COUNT = 200000 };
    struct memory memory;
    memory_init(&memory);
    struct map map;
    map_init(&map, &memory, 9);
    for (uint32_t i = 0; i < COUNT; i++) {
        map_put(&map, hash_number(i, 5), i);
        assert_true(map.count * 4ull <= map.slots * 3ull);
    }
    assert_true(memory.bytes_in_use == map.slots * 12ull);
    assert_true(map.slots <= COUNT * 8ull / 3);
    for (uint32_t i = 0; i < COUNT; i++) {
        assert_int_equal(map_get(&map, hash_number(i, 5)), i);
    }
    map_deinit(&map);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_map_has_nothing_and_needs_nothing),
        cmocka_unit_test(put_again_replaces),
        cmocka_unit_test(random_operations_agree_with_a_naive_model),
        cmocka_unit_test(it_grows_in_time_and_stays_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
