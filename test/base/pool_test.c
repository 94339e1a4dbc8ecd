#include "support.h"

#include "base/pool.h"

#define BLOCKS 400

struct block {
    uint8_t *at;
    size_t size;
    uint8_t fill;
};

static void assert_filled(const struct block *block) {
    for (size_t i = 0; i < block->size; i++) {
        assert_int_equal(block->at[i], block->fill);
    }
}

// Sizes on both sides of the largest that comes from a chunk.
static void change(struct memory *memory, struct block *block, uint64_t *seed, uint8_t fill) {
    uint64_t random = support_random(seed);
    size_t size = random % 4 == 0 ? 0 : random / 4 % (POOL_BLOCK_MAX + 100);
    size_t kept = size < block->size ? size : block->size;
    assert_filled(block);
    block->at = memory_resize(memory, block->at, block->size, size);
    for (size_t i = 0; i < kept; i++) {
        assert_int_equal(block->at[i], block->fill);
    }
    if (size > 0) {
        memset(block->at, fill, size);
        assert_int_equal((uintptr_t)block->at % POOL_STEP, 0);
    }
    block->size = size;
    block->fill = fill;
}

static void blocks_keep_what_is_in_them(void **state) {
    (void)state;
    struct pool pool;
    pool_init(&pool);
    struct memory memories[2];
    pool_feed(&pool, &memories[0]);
    pool_feed(&pool, &memories[1]);
    static struct block blocks[BLOCKS];
    uint64_t seed = 1;
    size_t sizes[2] = {0};
    for (uint32_t i = 0; i < 20000; i++) {
        size_t at = support_random(&seed) % BLOCKS;
        sizes[at % 2] -= blocks[at].size;
        change(&memories[at % 2], &blocks[at], &seed, (uint8_t)i);
        sizes[at % 2] += blocks[at].size;
    }
    assert_int_equal(memories[0].bytes_in_use, sizes[0]); // each counts its own
    assert_int_equal(memories[1].bytes_in_use, sizes[1]);
    for (size_t i = 0; i < BLOCKS; i++) {
        assert_filled(&blocks[i]);
        memory_free(&memories[i % 2], blocks[i].at, blocks[i].size);
    }
    assert_int_equal(memories[0].blocks_in_use + memories[1].blocks_in_use, 0);
    pool_deinit(&pool);
}

// Under AddressSanitizer all blocks are the heap's.
static void a_free_block_is_cut_before_the_pool_grows(void **state) {
    (void)state;
    struct pool pool;
    pool_init(&pool);
    struct memory memory;
    pool_feed(&pool, &memory);
    void *large = memory_allocate(&memory, POOL_BLOCK_MAX);
    memory_free(&memory, large, POOL_BLOCK_MAX);
    size_t chunk = pool.heap.bytes_in_use;
    void *small[1000];
    size_t count = 0;
    for (; pool.heap.bytes_in_use == chunk; count++) {
        small[count] = memory_allocate(&memory, POOL_STEP);
    }
    if (chunk > 0) { // all of the chunk but its head was used
        assert_true(count * POOL_STEP >= chunk - 2 * sizeof(void *));
    }
    for (size_t i = 0; i < count; i++) {
        memory_free(&memory, small[i], POOL_STEP);
    }
    pool_deinit(&pool);
}

static void what_is_free_is_used_again(void **state) {
    (void)state;
    struct pool pool;
    pool_init(&pool);
    struct memory memory;
    pool_feed(&pool, &memory);
    size_t most = 0;
    for (uint32_t round = 0; round < 100; round++) {
        void *blocks[100];
        for (size_t i = 0; i < 100; i++) {
            blocks[i] = memory_allocate(&memory, 8 + i);
        }
        for (size_t i = 0; i < 100; i++) {
            memory_free(&memory, blocks[i], 8 + i);
        }
        most = round == 0 ? pool.heap.bytes_in_use : most;
    }
    assert_int_equal(pool.heap.bytes_in_use, most);
    pool_deinit(&pool);
}

static void asking_for_all_of_it_changes_nothing(void **state) {
    (void)state;
    struct pool pool;
    pool_init(&pool);
    pool_prefetch(&pool, SIZE_MAX); // nothing is there yet
    struct memory memory;
    pool_feed(&pool, &memory);
    static struct block blocks[BLOCKS];
    uint64_t seed = 1;
    for (size_t i = 0; i < BLOCKS; i++) {
        change(&memory, &blocks[i], &seed, (uint8_t)i);
    }
    size_t bytes = pool.heap.bytes_in_use;
    pool_prefetch(&pool, SIZE_MAX);
    pool_prefetch(&pool, bytes - 1); // there is more, so it is left alone
    assert_int_equal(pool.heap.bytes_in_use, bytes);
    for (size_t i = 0; i < BLOCKS; i++) {
        assert_filled(&blocks[i]);
        memory_free(&memory, blocks[i].at, blocks[i].size);
    }
    pool_deinit(&pool);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_keep_what_is_in_them),
        cmocka_unit_test(a_free_block_is_cut_before_the_pool_grows),
        cmocka_unit_test(what_is_free_is_used_again),
        cmocka_unit_test(asking_for_all_of_it_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
