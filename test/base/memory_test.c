#include "support.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"

static void assert_in_use(const struct memory *memory, size_t bytes, size_t blocks) {
    assert_int_equal(memory->bytes_in_use, bytes);
    assert_int_equal(memory->blocks_in_use, blocks);
}

static void the_counters_follow_each_step(void **state) {
    (void)state;
    struct memory memory;
    memory_init(&memory);
    assert_in_use(&memory, 0, 0);
    char *a = memory_allocate(&memory, 10);
    char *b = memory_allocate(&memory, 100);
    assert_in_use(&memory, 110, 2);
    a = memory_resize(&memory, a, 10, 40);
    assert_in_use(&memory, 140, 2);
    b = memory_resize(&memory, b, 100, 1);
    assert_in_use(&memory, 41, 2);
    memory_free(&memory, a, 40);
    assert_in_use(&memory, 1, 1);
    memory_free(&memory, b, 1);
    assert_in_use(&memory, 0, 0);
}

static void nothing_is_no_block(void **state) {
    (void)state;
    struct memory memory;
    memory_init(&memory);
    assert_null(memory_allocate(&memory, 0));
    assert_null(memory_resize(&memory, NULL, 0, 0));
    memory_free(&memory, NULL, 0);
    memory_free(&memory, NULL, 12);
    assert_in_use(&memory, 0, 0);
}

static void new_blocks_are_zero_and_moved_ones_keep_their_bytes(void **state) {
    (void)state;
    struct memory memory;
    memory_init(&memory);
    for (unsigned round = 0; round < 100; round++) {
        uint8_t *block = memory_allocate(&memory, 64);
        for (unsigned i = 0; i < 64; i++) {
            assert_int_equal(block[i], 0);
            block[i] = (uint8_t)(i + 1);
        }
        block = memory_resize(&memory, block, 64, 10000);
        for (unsigned i = 0; i < 64; i++) {
            assert_int_equal(block[i], i + 1);
        }
        memory_free(&memory, block, 10000);
    }
    assert_in_use(&memory, 0, 0);
}

static void an_array_grows_by_half_or_to_what_is_needed(void **state) {
    (void)state;
    struct memory memory;
    memory_init(&memory);
    uint32_t capacity = 0;
    uint32_t moves = 0;
    uint64_t *items = NULL;
    for (uint32_t count = 0; count < 100000; count++) {
        uint32_t before = capacity;
        items = memory_grow(&memory, items, &capacity, count + 1, sizeof *items);
        assert_true(capacity > count);
        assert_true(before == 0 || capacity <= before + before / 2 + 1);
        moves += capacity != before;
        items[count] = count;
    }
    assert_true(moves < 40);
    assert_in_use(&memory, capacity * sizeof *items, 1);
    for (uint32_t i = 0; i < 100000; i++) {
        assert_int_equal(items[i], i);
    }
    items = memory_grow(&memory, items, &capacity, 1000000, sizeof *items);
    assert_int_equal(capacity, 1000000);
    items = memory_grow(&memory, items, &capacity, 5, sizeof *items);
    assert_int_equal(capacity, 1000000);
    memory_free(&memory, items, capacity * sizeof *items);
    assert_in_use(&memory, 0, 0);
}

// An allocator of one's own: a budget that it finds behind the struct memory that it is handed.
struct budget {
    struct memory memory;
    size_t left;
};

static void *resize_within_budget(struct memory *owner, void *block, size_t old_size,
                                  size_t new_size) {
    struct budget *budget = (struct budget *)owner;
    if (new_size == 0) {
        budget->left += old_size;
        free(block);
        return NULL;
    }
    if (new_size > budget->left + old_size) {
        return NULL;
    }
    budget->left += old_size - new_size;
    return realloc(block, new_size);
}

static void the_allocator_is_told_every_size(void **state) {
    (void)state;
    struct budget budget = {.memory = {.resize = resize_within_budget}, .left = 1000};
    void *block = memory_allocate(&budget.memory, 600);
    block = memory_resize(&budget.memory, block, 600, 1000);
    assert_int_equal(budget.left, 0);
    assert_in_use(&budget.memory, 1000, 1);
    memory_free(&budget.memory, block, 1000);
    assert_int_equal(budget.left, 1000);
}

static void no_memory_ends_the_program_with_a_message(void **state) {
    (void)state;
    int output[2];
    assert_int_equal(pipe(output), 0);
    pid_t child = fork();
    if (child == 0) {
        signal(SIGABRT, SIG_DFL);
        dup2(output[1], STDERR_FILENO);
        struct budget budget = {.memory = {.resize = resize_within_budget}, .left = 1000};
        memory_allocate(&budget.memory, 1001);
        _exit(0);
    }
    close(output[1]);
    char message[256] = "";
    ssize_t size = read(output[0], message, sizeof message - 1);
    close(output[0]);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    assert_true(size > 0);
    assert_non_null(strstr(message, "out of memory"));
}

static void room_ends_at_each_mark(void **state) {
    (void)state;
    static const size_t most[] = {
        [MEMORY_KEPT] = 7500,
        [MEMORY_SERVING] = 8750,
        [MEMORY_ENTERING] = 9375,
        [MEMORY_ANSWER] = 10000,
    };
    struct memory memory;
    memory_init(&memory);
    assert_true(memory_has_room(&memory, MEMORY_KEPT, SIZE_MAX)); // there is no limit yet
    assert_true(memory_share(&memory) == SIZE_MAX);
    memory.limit = 10000;
    assert_int_equal(memory_share(&memory), 1250);
    void *block = memory_allocate(&memory, 1000 - MEMORY_BLOCK_COST);
    assert_int_equal(memory_used(&memory), 1000);
    for (enum memory_mark mark = MEMORY_KEPT; mark <= MEMORY_ANSWER; mark++) {
        assert_true(memory_has_room(&memory, mark, most[mark] - 1000));
        assert_false(memory_has_room(&memory, mark, most[mark] - 999));
        assert_false(memory_has_room(&memory, mark, SIZE_MAX));
    }
    block = memory_resize(&memory, block, 1000 - MEMORY_BLOCK_COST, 20000);
    assert_false(memory_has_room(&memory, MEMORY_ANSWER, 0));
    memory_free(&memory, block, 20000);
    assert_int_equal(memory.most, 20000 + MEMORY_BLOCK_COST);
    assert_true(memory_has_room(&memory, MEMORY_ANSWER, 10000));
}

static void what_others_keep_counts_too(void **state) {
    (void)state;
    struct memory memory;
    memory_init(&memory);
    memory.limit = 8000;
    memory_charge(&memory, 5000);
    assert_int_equal(memory_used(&memory), 5000);
    assert_int_equal(memory.most, 5000);
    memory_discharge(&memory, 4000);
    assert_int_equal(memory_used(&memory), 1000);
    memory_measure(&memory, 1900); // less than an eighth of the limit above what is counted
    assert_int_equal(memory_used(&memory), 1000);
    memory_measure(&memory, 9000);
    assert_int_equal(memory_used(&memory), 8000);
    assert_false(memory_has_room(&memory, MEMORY_SERVING, 1));
    assert_true(memory_has_room(&memory, MEMORY_ENTERING, 1000)); // into the holes
    memory_measure(&memory, 0);
    assert_int_equal(memory_used(&memory), 1000);
}

// By half where there are many small ones, by an eighth where there are a few large ones.
static void arrays_grow_in_steps_that_get_longer(void **state) {
    (void)state;
    struct memory memory;
    memory_init(&memory);
    uint32_t capacities[2] = {0};
    uint16_t *items[2] = {0};
    unsigned moves[2] = {0};
    for (uint32_t count = 1; count <= 1000; count++) {
        size_t bytes[2] = {capacities[0], capacities[1]};
        items[0] = memory_grow(&memory, items[0], &capacities[0], count, sizeof *items[0]);
        items[1] = memory_grow_little(&memory, items[1], &capacities[1], count, sizeof *items[1]);
        moves[0] += capacities[0] != bytes[0];
        moves[1] += capacities[1] != bytes[1];
        items[0][count - 1] = items[1][count - 1] = (uint16_t)count;
        assert_true(capacities[0] >= count && capacities[0] <= count + count / 2 + 1);
        assert_true(capacities[1] >= count && capacities[1] <= count + count / 8 + 1);
    }
    for (uint32_t i = 0; i < 1000; i++) {
        assert_int_equal(items[0][i], i + 1);
        assert_int_equal(items[1][i], i + 1);
    }
    assert_true(moves[0] < 25 && moves[1] < 60);
    memory_free(&memory, items[0], capacities[0] * sizeof *items[0]);
    memory_free(&memory, items[1], capacities[1] * sizeof *items[1]);
    assert_in_use(&memory, 0, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_counters_follow_each_step),
        cmocka_unit_test(arrays_grow_in_steps_that_get_longer),
        cmocka_unit_test(nothing_is_no_block),
        cmocka_unit_test(new_blocks_are_zero_and_moved_ones_keep_their_bytes),
        cmocka_unit_test(an_array_grows_by_half_or_to_what_is_needed),
        cmocka_unit_test(the_allocator_is_told_every_size),
        cmocka_unit_test(no_memory_ends_the_program_with_a_message),
        cmocka_unit_test(room_ends_at_each_mark),
        cmocka_unit_test(what_others_keep_counts_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
