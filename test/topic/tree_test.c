#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "topic/topic.h"
#include "topic/tree.h"

#define FOUND_MAX 4096

struct fixture {
    struct memory memory;
    struct topic_tree tree;
};

struct list {
    size_t count;
    uint32_t subscribers[FOUND_MAX];
    uint32_t details[FOUND_MAX];
};

static void collect(void *context, uint32_t subscriber, uint32_t detail) {
    struct list *list = context;
    assert_true(list->count < FOUND_MAX);
    list->subscribers[list->count] = subscriber;
    list->details[list->count++] = detail;
}

static void start(struct fixture *fixture, uint64_t seed) {
    memory_init(&fixture->memory);
    topic_tree_init(&fixture->tree, &fixture->memory, seed);
}

static void finish(struct fixture *fixture) {
    topic_tree_deinit(&fixture->tree);
    assert_int_equal(fixture->tree.entries, 0);
    assert_int_equal(fixture->tree.nodes, 0);
    assert_int_equal(fixture->memory.blocks_in_use, 0);
    assert_int_equal(fixture->memory.bytes_in_use, 0);
}

static uint32_t add(struct fixture *fixture, const char *filter, uint32_t subscriber) {
    return topic_tree_insert(&fixture->tree, bytes_of_text(filter), subscriber, subscriber * 10);
}

// Compares the subscribers found for `name`, in their order, to a text such as "1 5 2".
static void assert_found(const struct fixture *fixture, const char *name, const char *expected) {
    struct list list = {.count = 0};
    size_t count = topic_tree_match(&fixture->tree, bytes_of_text(name), collect, &list);
    assert_int_equal(count, list.count);
    char text[256] = "";
    for (size_t i = 0; i < list.count; i++) {
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, i == 0 ? "%u" : " %u", list.subscribers[i]);
    }
    assert_string_equal(text, expected);
}

static void an_empty_tree_has_allocated_nothing(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, 1);
    assert_found(&fixture, "a", "");
    assert_int_equal(topic_tree_find(&fixture.tree, BYTES_LITERAL("a")), TOPIC_TREE_NONE);
    uint32_t detail;
    assert_false(topic_tree_find_entry(&fixture.tree, TOPIC_TREE_NONE, 1, &detail));
    assert_int_equal(fixture.memory.bytes_in_use, 0);
    finish(&fixture);
}

// Section 4.7.1 and [MQTT-4.7.2-1]; more examples in topic_test.c, which the property test ties in.
static void wildcards_match_by_the_standard(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, 1);
    add(&fixture, "#", 1);
    add(&fixture, "+/monitor/Clients", 2);
    add(&fixture, "$SYS/#", 3);
    add(&fixture, "$SYS/monitor/+", 4);
    add(&fixture, "sport/tennis/player1/#", 5);
    add(&fixture, "sport/+", 6);
    add(&fixture, "/+", 7);
    assert_found(&fixture, "$SYS/monitor/Clients", "3 4");
    assert_found(&fixture, "$SYS", "3");
    assert_found(&fixture, "my/monitor/Clients", "1 2");
    assert_found(&fixture, "sport/tennis/player1", "1 5");
    assert_found(&fixture, "sport/tennis/player1/score/wimbledon", "1 5");
    assert_found(&fixture, "sport/tennis/player10", "1");
    assert_found(&fixture, "sport/", "1 6");
    assert_found(&fixture, "sport", "1");
    assert_found(&fixture, "/finance", "1 7");
    finish(&fixture);
}

static void the_order_is_hash_then_name_then_plus(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, 1);
    add(&fixture, "+/+", 1);
    add(&fixture, "a/+", 2);
    add(&fixture, "a/b", 3);
    add(&fixture, "+/b", 4);
    add(&fixture, "a/#", 5);
    add(&fixture, "#", 6);
    add(&fixture, "+/#", 7);
    add(&fixture, "a/b", 8);
    add(&fixture, "a/b/#", 9);
    assert_found(&fixture, "a/b", "6 5 9 3 8 2 7 4 1");
    finish(&fixture);
}

static void a_second_insertion_replaces_the_detail(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, 1);
    uint32_t node = add(&fixture, "a/b", 7);
    assert_int_equal(topic_tree_insert(&fixture.tree, BYTES_LITERAL("a/b"), 7, 99), node);
    assert_int_equal(fixture.tree.entries, 1);
    uint32_t detail = 0;
    assert_true(topic_tree_find_entry(&fixture.tree, node, 7, &detail));
    assert_int_equal(detail, 99);
    assert_false(topic_tree_find_entry(&fixture.tree, node, 8, &detail));
    for (uint32_t i = 0; i < 40; i++) {
        add(&fixture, "a/b", i);
        topic_tree_insert(&fixture.tree, BYTES_LITERAL("a/b"), i, i + 1000);
        assert_int_equal(fixture.tree.entries, i < 7 ? i + 2 : i + 1);
    }
    for (uint32_t i = 0; i < 40; i++) {
        assert_true(topic_tree_find_entry(&fixture.tree, node, i, &detail));
        assert_int_equal(detail, i + 1000);
    }
    finish(&fixture);
}

static void find_wants_the_very_filter(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, 1);
    uint32_t node = add(&fixture, "a/+/c", 1);
    assert_int_equal(topic_tree_find(&fixture.tree, BYTES_LITERAL("a/+/c")), node);
    assert_int_equal(topic_tree_find(&fixture.tree, BYTES_LITERAL("a/b/c")), TOPIC_TREE_NONE);
    assert_int_equal(topic_tree_find(&fixture.tree, BYTES_LITERAL("a/+")), TOPIC_TREE_NONE);
    assert_int_equal(topic_tree_find(&fixture.tree, BYTES_LITERAL("a/+/c/d")), TOPIC_TREE_NONE);
    assert_int_equal(fixture.tree.nodes, 3);
    finish(&fixture);
}

static void first_levels_are_there_as_long_as_a_filter_begins_with_them(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, 1);
    assert_false(topic_tree_has_first(&fixture.tree, BYTES_LITERAL("a")));
    uint32_t deep = add(&fixture, "a/b/#", 1);
    uint32_t shallow = add(&fixture, "a", 1);
    (void)add(&fixture, "b/x", 1);
    (void)add(&fixture, "+/a", 1);
    assert_true(topic_tree_has_first(&fixture.tree, BYTES_LITERAL("a")));
    assert_false(topic_tree_has_first(&fixture.tree, BYTES_LITERAL("x")));
    topic_tree_remove(&fixture.tree, shallow, 1);
    assert_true(topic_tree_has_first(&fixture.tree, BYTES_LITERAL("a")));
    topic_tree_remove(&fixture.tree, deep, 1);
    assert_false(topic_tree_has_first(&fixture.tree, BYTES_LITERAL("a")));
    finish(&fixture);
}

static void nodes_go_with_their_last_entry(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, 1);
    uint32_t deep = add(&fixture, "a/b/c", 1);
    uint32_t middle = add(&fixture, "a/b", 2);
    topic_tree_remove(&fixture.tree, deep, 99); // stands nowhere
    assert_int_equal(fixture.tree.entries, 2);
    topic_tree_remove(&fixture.tree, middle, 2);
    assert_int_equal(fixture.tree.nodes, 3);
    assert_int_equal(topic_tree_find(&fixture.tree, BYTES_LITERAL("a/b")), TOPIC_TREE_NONE);
    assert_found(&fixture, "a/b/c", "1");
    topic_tree_remove(&fixture.tree, deep, 1);
    assert_int_equal(fixture.tree.nodes, 0);
    assert_int_equal(fixture.tree.entries, 0);
    assert_int_equal(fixture.memory.bytes_in_use, 0);
    assert_found(&fixture, "a/b/c", "");
    add(&fixture, "a/b/c", 3);
    assert_found(&fixture, "a/b/c", "3");
    finish(&fixture);
}

static void assert_filter_comes_back(struct fixture *fixture, struct bytes filter) {
    struct buffer text;
    buffer_init(&text, &fixture->memory);
    topic_tree_filter(&fixture->tree, topic_tree_insert(&fixture->tree, filter, 1, 1), &text);
    assert_bytes_equal(buffer_bytes(&text), filter);
    buffer_deinit(&text);
}

static void the_filters_text_can_be_rebuilt(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, 1);
    const char *const filters[] = {"a",
                                   "/",
                                   "//",
                                   "a/",
                                   "/a",
                                   "#",
                                   "+/#",
                                   "twelve bytes/thirteen byte",
                                   "a/a level that is longer than a node has room for/+/#"};
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
        assert_filter_comes_back(&fixture, bytes_of_text(filters[i]));
    }
    static char longest[TOPIC_BYTES_MAX];
    memset(longest, 'x', sizeof longest);
    assert_filter_comes_back(&fixture, bytes_make(longest, sizeof longest));
    memset(longest, '/', TOPIC_LEVELS_MAX - 1);
    assert_filter_comes_back(&fixture, bytes_make(longest, TOPIC_LEVELS_MAX - 1));
    finish(&fixture);
}

// Far above TOPIC_LEVELS_MAX: only filters that end before with # can match.
static void names_deeper_than_any_filter_do_no_harm(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, 1);
    char name[1000];
    memset(name, '/', sizeof name);
    struct bytes deepest = bytes_make(name, TOPIC_LEVELS_MAX - 1);
    topic_tree_insert(&fixture.tree, deepest, 1, 0);
    topic_tree_insert(&fixture.tree, BYTES_LITERAL("/#"), 2, 0);
    char plus[2 * TOPIC_LEVELS_MAX - 1];
    for (size_t i = 0; i < sizeof plus; i++) {
        plus[i] = i % 2 == 0 ? '+' : '/';
    }
    topic_tree_insert(&fixture.tree, bytes_make(plus, sizeof plus), 3, 0);
    struct list list = {.count = 0};
    assert_int_equal(topic_tree_match(&fixture.tree, deepest, collect, &list), 3);
    struct bytes deeper = bytes_make(name, sizeof name);
    assert_int_equal(topic_tree_match(&fixture.tree, deeper, collect, &list), 1);
    finish(&fixture);
}

// One filter with very many subscribers: the removals together take moments, not hours, and in any
// sequence leave the right ones.
static void a_crowd_at_one_filter_can_leave(void **state) {
    (void)state;
    enum { CROWD = 100000 };
    struct fixture fixture;
    start(&fixture, 1);
    uint32_t node = TOPIC_TREE_NONE;
    for (uint32_t i = 0; i < CROWD; i++) {
        node = add(&fixture, "news/#", i);
    }
    assert_true(fixture.memory.bytes_in_use < CROWD * 100u);
    for (uint32_t i = 0; i < CROWD; i++) {
        uint32_t subscriber = (uint32_t)(i * 7919ull % CROWD);
        if (subscriber % 10000 != 5) {
            topic_tree_remove(&fixture.tree, node, subscriber);
        }
    }
    assert_int_equal(fixture.tree.entries, 10);
    struct list list = {.count = 0};
    assert_int_equal(topic_tree_match(&fixture.tree, BYTES_LITERAL("news"), collect, &list), 10);
    for (uint32_t i = 0; i < 10; i++) {
        assert_int_equal(list.subscribers[i] % 10000, 5);
        topic_tree_remove(&fixture.tree, node, list.subscribers[i]);
    }
    assert_int_equal(fixture.memory.bytes_in_use, 0);
    finish(&fixture);
}

static void many_siblings_leave_no_memory_behind(void **state) {
    (void)state;
    enum { SIBLINGS = 50000 };
    struct fixture fixture;
    start(&fixture, 1);
    static uint32_t nodes[SIBLINGS];
    char filter[64];
    for (uint32_t i = 0; i < SIBLINGS; i++) {
        snprintf(filter, sizeof filter, "site/%u/a long name for a sensor", i);
        nodes[i] = add(&fixture, filter, i);
    }
    assert_int_equal(fixture.tree.nodes, 1 + 2 * SIBLINGS);
    assert_found(&fixture, "site/777/a long name for a sensor", "777");
    for (uint32_t i = 1; i < SIBLINGS; i++) {
        topic_tree_remove(&fixture.tree, nodes[i], i);
    }
    assert_int_equal(fixture.tree.nodes, 3);
    assert_found(&fixture, "site/0/a long name for a sensor", "0");
    size_t bytes = fixture.memory.bytes_in_use;
    for (uint32_t i = 1; i < SIBLINGS; i++) {
        topic_tree_remove(&fixture.tree, add(&fixture, "site/x", i), i);
    }
    assert_int_equal(fixture.memory.bytes_in_use, bytes);
    topic_tree_remove(&fixture.tree, nodes[0], 0);
    assert_int_equal(fixture.memory.bytes_in_use, 0);
    finish(&fixture);
}

// ---- random sequences against the naive matcher -----------------------------------------------

enum { STANDING_MAX = 400, SUBSCRIBERS = 30, TEXT_MAX = 32 };

struct standing {
    char filter[TEXT_MAX];
    uint32_t subscriber;
    uint32_t detail;
};

// Short texts over few levels, so that they often meet.
static void make_text(uint64_t *random, bool is_filter, char *out) {
    static const char *const levels[] = {"a", "b", "", "$x", "a rather long level", "+", "#"};
    size_t count = 1 + support_random(random) % 4;
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        size_t choices = !is_filter ? 5 : i + 1 == count ? 7 : 6;
        const char *level = levels[support_random(random) % choices];
        if (used + strlen(level) + 2 < TEXT_MAX) {
            const char *slash = i == 0 ? "" : "/";
            used += (size_t)snprintf(out + used, TEXT_MAX - used, "%s%s", slash, level);
        }
    }
    if (used == 0) {
        snprintf(out, TEXT_MAX, "a");
    }
}

static int compare_pairs(const void *a, const void *b) {
    return memcmp(a, b, 2 * sizeof(uint32_t));
}

static void assert_same_as_naive(const struct topic_tree *tree, const struct standing *standing,
                                 size_t count, const char *name, uint64_t seed) {
    struct list list = {.count = 0};
    uint32_t found[STANDING_MAX][2];
    uint32_t expected[STANDING_MAX][2];
    size_t expected_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (topic_matches(bytes_of_text(standing[i].filter), bytes_of_text(name))) {
            expected[expected_count][0] = standing[i].subscriber;
            expected[expected_count++][1] = standing[i].detail;
        }
    }
    if (topic_tree_match(tree, bytes_of_text(name), collect, &list) != expected_count) {
        fail_msg("seed %llu: '%s': %zu, should be %zu", (unsigned long long)seed, name, list.count,
                 expected_count);
    }
    for (size_t i = 0; i < list.count; i++) {
        found[i][0] = list.subscribers[i];
        found[i][1] = list.details[i];
    }
    qsort(found, expected_count, sizeof *found, compare_pairs);
    qsort(expected, expected_count, sizeof *expected, compare_pairs);
    if (expected_count > 0 && memcmp(found, expected, expected_count * sizeof *found) != 0) {
        fail_msg("seed %llu: '%s': wrong entries", (unsigned long long)seed, name);
    }
}

static size_t place_in(const struct standing *standing, size_t count, const struct standing *one) {
    size_t i = 0;
    while (i < count && (standing[i].subscriber != one->subscriber ||
                         strcmp(standing[i].filter, one->filter) != 0)) {
        i++;
    }
    return i;
}

static void insert_one(struct topic_tree *tree, struct standing *standing, size_t *count,
                       uint64_t *random) {
    struct standing one;
    make_text(random, true, one.filter);
    one.subscriber = (uint32_t)(support_random(random) % SUBSCRIBERS);
    one.detail = (uint32_t)support_random(random);
    size_t place = place_in(standing, *count, &one);
    if (place == STANDING_MAX) {
        return;
    }
    *count += place == *count;
    standing[place] = one;
    assert_int_equal(topic_filter_check(bytes_of_text(one.filter)), TOPIC_OK);
    uint32_t node = topic_tree_insert(tree, bytes_of_text(one.filter), one.subscriber, one.detail);
    assert_int_equal(topic_tree_find(tree, bytes_of_text(one.filter)), node);
}

static void remove_at(struct topic_tree *tree, struct standing *standing, size_t *count,
                      size_t place) {
    struct standing one = standing[place];
    standing[place] = standing[--*count];
    uint32_t node = topic_tree_find(tree, bytes_of_text(one.filter));
    uint32_t detail;
    assert_true(topic_tree_find_entry(tree, node, one.subscriber, &detail));
    assert_int_equal(detail, one.detail);
    topic_tree_remove(tree, node, one.subscriber);
}

// Grows, hovers and shrinks to nothing, asking for random names all the way.
static void run_sequence(uint64_t seed) {
    struct fixture fixture;
    start(&fixture, seed * 31);
    static struct standing standing[STANDING_MAX];
    size_t count = 0;
    uint64_t random = seed << 32;
    for (uint32_t step = 0; step < 600 || count > 0; step++) {
        bool grows = step < 600 && support_random(&random) % 10 < (step < 400 ? 8 : 4);
        if (grows) {
            insert_one(&fixture.tree, standing, &count, &random);
        } else if (count > 0) {
            remove_at(&fixture.tree, standing, &count, support_random(&random) % count);
        }
        assert_int_equal(fixture.tree.entries, count);
        char name[TEXT_MAX];
        make_text(&random, false, name);
        topic_tree_check(&fixture.tree);
        assert_same_as_naive(&fixture.tree, standing, count, name, seed);
    }
    assert_int_equal(fixture.tree.nodes, 0);
    assert_int_equal(fixture.memory.bytes_in_use, 0);
    finish(&fixture);
}

static void random_sequences_equal_the_naive_matcher(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        run_sequence(seed);
    }
}

static void run_and_list(uint64_t table_seed, struct list *list) {
    struct fixture fixture;
    start(&fixture, table_seed);
    uint64_t random = 77;
    static struct standing standing[STANDING_MAX];
    size_t count = 0;
    for (uint32_t step = 0; step < 500; step++) {
        if (support_random(&random) % 4 > 0) {
            insert_one(&fixture.tree, standing, &count, &random);
        } else if (count > 0) {
            remove_at(&fixture.tree, standing, &count, support_random(&random) % count);
        }
    }
    list->count = 0;
    topic_tree_match(&fixture.tree, BYTES_LITERAL("a/b"), collect, list);
    topic_tree_match(&fixture.tree, BYTES_LITERAL("b"), collect, list);
    for (size_t i = 0; i < count; i++) { // handles are part of what must not depend on the seed
        uint32_t node = topic_tree_find(&fixture.tree, bytes_of_text(standing[i].filter));
        collect(list, node, node);
    }
    finish(&fixture);
}

static void orders_and_handles_do_not_depend_on_the_seed(void **state) {
    (void)state;
    static struct list first;
    static struct list other;
    run_and_list(1, &first);
    assert_true(first.count > 20);
    for (uint64_t seed = 2; seed < 12; seed++) {
        run_and_list(seed * 0x9e3779b97f4a7c15u, &other);
        assert_int_equal(other.count, first.count);
        assert_memory_equal(other.subscribers, first.subscribers, first.count * sizeof(uint32_t));
        assert_memory_equal(other.details, first.details, first.count * sizeof(uint32_t));
    }
}

// So many siblings that some of them have one hash of 32 bits (300,000 make ten such pairs): short
// texts, those that differ in the middle only, and those that stand in blocks of their own.
static void siblings_with_one_hash_stay_apart(void **state) {
    (void)state;
    enum { SIBLINGS = 300000 };
    static struct list list;
    static const char *const forms[] = {"%03x", "%05x", "ab%05xyz", "a text of more than %05x"};
    for (size_t form = 0; form < sizeof forms / sizeof *forms; form++) {
        struct fixture fixture;
        char text[40];
        uint32_t count = form == 0 ? 4096 : SIBLINGS;
        start(&fixture, 7 + form);
        for (uint32_t i = 0; i < count; i++) {
            snprintf(text, sizeof text, forms[form], (unsigned)i);
            add(&fixture, text, i);
        }
        assert_int_equal(fixture.tree.nodes, count);
        for (uint32_t i = 0; i < count; i++) {
            list.count = 0;
            snprintf(text, sizeof text, forms[form], (unsigned)i);
            (void)topic_tree_match(&fixture.tree, bytes_of_text(text), collect, &list);
            assert_int_equal(list.count, 1);
            assert_int_equal(list.subscribers[0], i);
        }
        finish(&fixture);
    }
}

// What is asked for beforehand is what it costs then, and no less than it takes.
static void the_cost_of_a_filter_is_known_beforehand(void **state) {
    (void)state;
    static const char *const filters[] = {"a", "a/b", "#", "+/a text of more than twelve bytes/+",
                                          "a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t/u/v/w/x/y/z"};
    struct fixture fixture;
    start(&fixture, 1);
    for (uint32_t i = 0; i < 2000; i++) {
        char filter[200];
        (void)snprintf(filter, sizeof filter, "%u/%s", i, filters[i % 5]);
        size_t before = memory_used(&fixture.memory);
        size_t cost = topic_filter_cost(bytes_of_text(filter));
        uint32_t node = add(&fixture, filter, i);
        assert_int_equal(topic_tree_cost(&fixture.tree, node), cost);
        // A table that grows grows for those that came before, too.
        assert_true(memory_used(&fixture.memory) - before <= cost + before / 2 + 200);
    }
    finish(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_tree_has_allocated_nothing),
        cmocka_unit_test(wildcards_match_by_the_standard),
        cmocka_unit_test(the_order_is_hash_then_name_then_plus),
        cmocka_unit_test(a_second_insertion_replaces_the_detail),
        cmocka_unit_test(find_wants_the_very_filter),
        cmocka_unit_test(first_levels_are_there_as_long_as_a_filter_begins_with_them),
        cmocka_unit_test(nodes_go_with_their_last_entry),
        cmocka_unit_test(the_filters_text_can_be_rebuilt),
        cmocka_unit_test(names_deeper_than_any_filter_do_no_harm),
        cmocka_unit_test(a_crowd_at_one_filter_can_leave),
        cmocka_unit_test(many_siblings_leave_no_memory_behind),
        cmocka_unit_test(siblings_with_one_hash_stay_apart),
        cmocka_unit_test(random_sequences_equal_the_naive_matcher),
        cmocka_unit_test(the_cost_of_a_filter_is_known_beforehand),
        cmocka_unit_test(orders_and_handles_do_not_depend_on_the_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
