#include "support.h"

#include "base/heap.h"

#define RECORDS 64

// Records with a place each, and beside the heap what it has to know of them.
struct record {
    uint32_t place;
    uint64_t due;
    uint64_t sequence;
};

struct fixture {
    struct memory memory;
    struct heap heap;
    uint64_t sequence;
    struct record records[RECORDS];
};

static void start(struct fixture *fixture) {
    *fixture = (struct fixture){0};
    memory_init(&fixture->memory);
    heap_init(&fixture->heap, &fixture->memory);
}

static void finish(struct fixture *fixture) {
    heap_deinit(&fixture->heap);
    assert_int_equal(fixture->memory.blocks_in_use, 0);
    assert_int_equal(fixture->memory.bytes_in_use, 0);
}

static void add(struct fixture *fixture, struct record *record, uint64_t due) {
    record->due = due;
    record->sequence = ++fixture->sequence;
    heap_add(&fixture->heap, (struct heap_item){due, record->sequence, &record->place});
}

static void move(struct fixture *fixture, struct record *record, uint64_t due) {
    record->due = due;
    record->sequence = ++fixture->sequence;
    heap_move(&fixture->heap, record->place - 1, due, record->sequence);
}

static bool comes_before(const struct record *a, const struct record *b) {
    return b == NULL || a->due < b->due || (a->due == b->due && a->sequence < b->sequence);
}

// By looking at all of them.
static const struct record *first_of(const struct fixture *fixture) {
    const struct record *first = NULL;
    for (unsigned i = 0; i < RECORDS; i++) {
        const struct record *record = &fixture->records[i];
        first = record->place != 0 && comes_before(record, first) ? record : first;
    }
    return first;
}

static void assert_first(const struct fixture *fixture) {
    const struct record *first = first_of(fixture);
    heap_check(&fixture->heap);
    if (first == NULL) {
        assert_int_equal(fixture->heap.count, 0);
        assert_int_equal(heap_due(&fixture->heap), UINT64_MAX);
    } else {
        assert_ptr_equal(fixture->heap.items[0].place, &first->place);
        assert_int_equal(heap_due(&fixture->heap), first->due);
    }
}

static void of_those_due_at_once_the_order_is_that_of_coming(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    for (unsigned i = 0; i < RECORDS; i++) {
        add(&fixture, &fixture.records[i], 7);
    }
    move(&fixture, &fixture.records[0], 7); // now it is the last
    for (unsigned i = 1; i <= RECORDS; i++) {
        struct record *next = &fixture.records[i % RECORDS];
        assert_ptr_equal(fixture.heap.items[0].place, &next->place);
        heap_remove(&fixture.heap, 0);
        assert_int_equal(next->place, 0);
    }
    finish(&fixture);
}

static void change_at_random(struct fixture *fixture, uint64_t *random) {
    struct record *record = &fixture->records[support_random(random) % RECORDS];
    uint64_t due = support_random(random) % 50;
    if (record->place == 0) {
        add(fixture, record, due);
    } else if (support_random(random) % 2 == 0) {
        move(fixture, record, due);
    } else {
        heap_remove(&fixture->heap, record->place - 1);
        assert_int_equal(record->place, 0);
    }
}

static void random_sequences_equal_a_search(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 30; seed++) {
        struct fixture fixture;
        uint64_t random = seed;
        start(&fixture);
        for (unsigned step = 0; step < 2000; step++) {
            change_at_random(&fixture, &random);
            assert_first(&fixture);
        }
        finish(&fixture);
    }
}

static bool is_even(void *context, const struct heap_item *item) {
    (*(unsigned *)context)++;
    return item->due % 2 == 0;
}

static void what_is_filtered_out_is_gone_and_the_rest_in_order(void **state) {
    (void)state;
    struct fixture fixture;
    unsigned asked = 0;
    start(&fixture);
    for (unsigned i = 0; i < RECORDS; i++) {
        add(&fixture, &fixture.records[i], (i * 37) % RECORDS);
    }
    heap_filter(&fixture.heap, is_even, &asked);
    assert_int_equal(asked, RECORDS);
    assert_int_equal(fixture.heap.count, RECORDS / 2);
    for (unsigned i = 0; i < RECORDS; i++) {
        assert_int_equal(fixture.records[i].place != 0, fixture.records[i].due % 2 == 0);
    }
    for (uint64_t due = 0; due < RECORDS; due += 2) {
        assert_first(&fixture);
        assert_int_equal(heap_due(&fixture.heap), due);
        heap_remove(&fixture.heap, 0);
    }
    finish(&fixture);
}

static void items_need_no_note(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    for (uint64_t i = 0; i < 100; i++) {
        heap_add(&fixture.heap, (struct heap_item){.due = (i * 61) % 100, .sequence = i});
    }
    for (uint64_t due = 0; due < 100; due++) {
        assert_int_equal(heap_due(&fixture.heap), due);
        assert_int_equal((fixture.heap.items[0].sequence * 61) % 100, due);
        heap_remove(&fixture.heap, 0);
        heap_check(&fixture.heap);
    }
    finish(&fixture);
}

static void room_goes_back_when_few_are_left(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    for (uint64_t i = 0; i < 10000; i++) {
        heap_add(&fixture.heap, (struct heap_item){.due = i});
    }
    size_t most = fixture.memory.bytes_in_use;
    while (fixture.heap.count > 10) {
        heap_remove(&fixture.heap, fixture.heap.count / 2);
    }
    assert_in_range(fixture.memory.bytes_in_use, 10 * sizeof(struct heap_item), most / 50);
    while (fixture.heap.count > 0) {
        heap_remove(&fixture.heap, 0);
    }
    assert_int_equal(fixture.memory.bytes_in_use, 0);
    finish(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_those_due_at_once_the_order_is_that_of_coming),
        cmocka_unit_test(random_sequences_equal_a_search),
        cmocka_unit_test(what_is_filtered_out_is_gone_and_the_rest_in_order),
        cmocka_unit_test(items_need_no_note),
        cmocka_unit_test(room_goes_back_when_few_are_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
