#include "support.h"

#include "base/deadline.h"

#define RECORDS 20

struct record {
    uint64_t due;
    struct deadline_link link;
};

static struct record records[RECORDS];
static const struct deadline_links links = {&records[0].link, sizeof records[0]};

static void assert_list(const struct deadline_list *list, const uint32_t *expected, size_t count) {
    uint32_t at = list->first;
    uint32_t before = DEADLINE_NONE;
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(at, expected[i]);
        assert_int_equal(records[at].link.earlier, before);
        before = at;
        at = records[at].link.later;
    }
    assert_int_equal(at, DEADLINE_NONE);
    assert_int_equal(list->last, before);
}

static void a_list_keeps_the_order_of_appending(void **state) {
    (void)state;
    struct deadline_list list;
    deadline_init(&list);
    assert_list(&list, NULL, 0);
    for (uint32_t i = 0; i < 4; i++) {
        deadline_append(&list, links, i);
    }
    assert_list(&list, (uint32_t[]){0, 1, 2, 3}, 4);
    deadline_remove(&list, links, 1);
    assert_list(&list, (uint32_t[]){0, 2, 3}, 3);
    deadline_remove(&list, links, 3);
    deadline_append(&list, links, 1);
    assert_list(&list, (uint32_t[]){0, 2, 1}, 3);
    deadline_remove(&list, links, 0);
    deadline_remove(&list, links, 1);
    deadline_remove(&list, links, 2);
    assert_list(&list, NULL, 0);
}

// What the list replaces: an array from which one is removed and moved to the end.
static void random_moves_agree_with_an_array(void **state) {
    (void)state;
    uint64_t seed = 7;
    uint32_t expected[RECORDS] = {0};
    size_t count = 0;
    bool is_in[RECORDS] = {false};
    struct deadline_list list;
    deadline_init(&list);
    for (int round = 0; round < 5000; round++) {
        uint32_t record = (uint32_t)(support_random(&seed) % RECORDS);
        if (is_in[record]) {
            size_t at = 0;
            while (expected[at] != record) {
                at++;
            }
            memmove(&expected[at], &expected[at + 1], (--count - at) * sizeof *expected);
            deadline_remove(&list, links, record);
        }
        is_in[record] = !is_in[record] || support_random(&seed) % 2 == 0;
        if (is_in[record]) {
            expected[count++] = record;
            deadline_append(&list, links, record);
        }
        assert_list(&list, expected, count);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_keeps_the_order_of_appending),
        cmocka_unit_test(random_moves_agree_with_an_array),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
