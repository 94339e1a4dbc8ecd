#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "topic/topic.h"
#include "topic/values.h"

struct fixture {
    struct memory memory;
    struct topic_values values;
};

static const struct topic_values_limits wide = {.entries_max = 1000000, .bytes_max = 1u << 30};

static void start(struct fixture *fixture, uint64_t seed, struct topic_values_limits limits) {
    memory_init(&fixture->memory);
    topic_values_init(&fixture->values, &fixture->memory, seed, limits);
}

static void finish(struct fixture *fixture) {
    topic_values_deinit(&fixture->values);
    assert_int_equal(fixture->values.entries, 0);
    assert_int_equal(fixture->values.bytes, 0);
    assert_int_equal(fixture->memory.blocks_in_use, 0);
    assert_int_equal(fixture->memory.bytes_in_use, 0);
}

static enum topic_values_result set(struct fixture *fixture, const char *topic, const char *value) {
    return topic_values_set(&fixture->values, bytes_of_text(topic), bytes_of_text(value), 7, 1000);
}

static void append(void *context, const struct topic_value *value) {
    char *text = context;
    size_t used = strlen(text);
    snprintf(text + used, 1024 - used, "%s%.*s=%.*s", used == 0 ? "" : " ", (int)value->topic.size,
             (const char *)value->topic.data, (int)value->value.size,
             (const char *)value->value.data);
}

static void assert_visited(const struct fixture *fixture, const char *filter,
                           const char *expected) {
    char text[1024] = "";
    size_t spaces = 0;
    size_t count = topic_values_visit(&fixture->values, bytes_of_text(filter), append, text);
    assert_string_equal(text, expected);
    for (const char *at = text; *at != 0; at++) {
        spaces += *at == ' ';
    }
    assert_int_equal(count, *text == 0 ? 0 : spaces + 1);
}

static void an_empty_table_has_allocated_nothing(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, 1, wide);
    assert_null(topic_values_get(&fixture.values, BYTES_LITERAL("a")));
    assert_false(topic_values_remove(&fixture.values, BYTES_LITERAL("a")));
    assert_visited(&fixture, "#", "");
    assert_int_equal(fixture.memory.bytes_in_use, 0);
    finish(&fixture);
}

static void one_value_costs_little(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, 1, wide);
    assert_int_equal(set(&fixture, "sensor/temp", "21.500000"), TOPIC_VALUES_OK);
    assert_true(fixture.memory.bytes_in_use <= 108);
    assert_int_equal(fixture.memory.blocks_in_use, 1);
    finish(&fixture);
}

static void a_value_is_kept_whole(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, 1, wide);
    char topic[] = "a/b";
    char text[] = "x\0y";
    assert_int_equal(topic_values_set(&fixture.values, bytes_of_text(topic), bytes_make(text, 3),
                                      580, 1795435622000000000u),
                     TOPIC_VALUES_OK);
    memset(topic, '?', 3); // the table has copies
    memset(text, '?', 3);
    const struct topic_value *value = topic_values_get(&fixture.values, BYTES_LITERAL("a/b"));
    assert_non_null(value);
    assert_bytes_equal(value->topic, BYTES_LITERAL("a/b"));
    assert_bytes_equal(value->value, BYTES_LITERAL("x\0y"));
    assert_int_equal(value->origin, 580);
    assert_int_equal(value->time_stamp, 1795435622000000000u);
    assert_null(topic_values_get(&fixture.values, BYTES_LITERAL("a")));
    assert_null(topic_values_get(&fixture.values, BYTES_LITERAL("a/b/")));
    finish(&fixture);
}

static void an_empty_value_is_a_value(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, 1, wide);
    assert_int_equal(set(&fixture, "a", ""), TOPIC_VALUES_OK);
    assert_visited(&fixture, "a", "a=");
    assert_int_equal(set(&fixture, "a", "1"), TOPIC_VALUES_OK);
    assert_int_equal(set(&fixture, "a", ""), TOPIC_VALUES_OK);
    assert_visited(&fixture, "#", "a=");
    assert_int_equal(fixture.values.entries, 1);
    assert_true(topic_values_remove(&fixture.values, BYTES_LITERAL("a")));
    assert_visited(&fixture, "#", "");
    finish(&fixture);
}

static void a_value_is_replaced_in_place_where_it_fits(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, 1, wide);
    assert_int_equal(set(&fixture, "a", "123456"), TOPIC_VALUES_OK);
    const struct topic_value *value = topic_values_get(&fixture.values, BYTES_LITERAL("a"));
    assert_int_equal(set(&fixture, "a", "9"), TOPIC_VALUES_OK);
    assert_int_equal(set(&fixture, "a", "654321"), TOPIC_VALUES_OK);
    assert_ptr_equal(topic_values_get(&fixture.values, BYTES_LITERAL("a")), value);
    assert_int_equal(fixture.values.bytes, 7);
    static char large[100000];
    struct bytes bytes = bytes_make(large, sizeof large);
    assert_int_equal(topic_values_set(&fixture.values, BYTES_LITERAL("a"), bytes, 0, 0),
                     TOPIC_VALUES_OK);
    assert_int_equal(fixture.values.bytes, 1 + sizeof large);
    assert_int_equal(set(&fixture, "a", "1"), TOPIC_VALUES_OK);
    assert_true(fixture.memory.bytes_in_use < 150); // the large block is gone
    finish(&fixture);
}

static enum topic_values_result put(struct fixture *fixture, const char *topic, const char *value,
                                    const char *extra) {
    struct topic_value one = {.topic = bytes_of_text(topic),
                              .value = bytes_of_text(value),
                              .origin = 9,
                              .time_stamp = 2000,
                              .extra_bytes = 12345}; // is not put
    return topic_values_put(&fixture->values, &one, bytes_of_text(extra));
}

static void assert_kept(const struct fixture *fixture, const char *topic, const char *value,
                        const char *extra) {
    const struct topic_value *kept = topic_values_get(&fixture->values, bytes_of_text(topic));
    assert_non_null(kept);
    assert_bytes_equal(kept->topic, bytes_of_text(topic));
    assert_bytes_equal(kept->value, bytes_of_text(value));
    assert_bytes_equal(topic_value_extra(kept), bytes_of_text(extra));
}

static void bytes_of_the_owner_stand_beside_a_value(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, 1, wide);
    assert_int_equal(put(&fixture, "a", "21.5", "extra"), TOPIC_VALUES_OK);
    assert_int_equal(put(&fixture, "b", "", "alone"), TOPIC_VALUES_OK);
    assert_int_equal(put(&fixture, "c", "3", ""), TOPIC_VALUES_OK);
    assert_kept(&fixture, "a", "21.5", "extra");
    assert_kept(&fixture, "b", "", "alone");
    assert_kept(&fixture, "c", "3", "");
    assert_int_equal(topic_values_get(&fixture.values, BYTES_LITERAL("a"))->origin, 9);
    assert_int_equal(topic_values_get(&fixture.values, BYTES_LITERAL("a"))->time_stamp, 2000);
    assert_int_equal(fixture.values.bytes, 10 + 6 + 2);
    assert_visited(&fixture, "#", "a=21.5 b= c=3");
    finish(&fixture);
}

static void such_bytes_change_with_their_value(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, 1, wide);
    assert_int_equal(put(&fixture, "a", "1234", "5678"), TOPIC_VALUES_OK);
    const struct topic_value *value = topic_values_get(&fixture.values, BYTES_LITERAL("a"));
    assert_int_equal(put(&fixture, "a", "1", "2345678"), TOPIC_VALUES_OK); // fits as a whole
    assert_ptr_equal(topic_values_get(&fixture.values, BYTES_LITERAL("a")), value);
    assert_kept(&fixture, "a", "1", "2345678");
    assert_int_equal(put(&fixture, "a", "1", "a longer text than before"), TOPIC_VALUES_OK);
    assert_kept(&fixture, "a", "1", "a longer text than before");
    assert_int_equal(set(&fixture, "a", "22"), TOPIC_VALUES_OK); // has none
    assert_kept(&fixture, "a", "22", "");
    assert_int_equal(fixture.values.bytes, 3);
    assert_int_equal(put(&fixture, "a", "", "x"), TOPIC_VALUES_OK);
    assert_true(topic_values_remove(&fixture.values, BYTES_LITERAL("a")));
    finish(&fixture);
}

// Through the growth of the hash table and its end.
static void such_bytes_stay_in_a_large_table(void **state) {
    (void)state;
    struct fixture fixture;
    char topic[16], value[16], extra[16];
    start(&fixture, 1, wide);
    for (unsigned round = 0; round < 3; round++) {
        for (unsigned i = 0; i < 500; i++) {
            snprintf(topic, sizeof topic, "t/%u", i);
            snprintf(value, sizeof value, "%0*u", (int)(round * 5), i);
            snprintf(extra, sizeof extra, "%u", i * 1000);
            assert_int_equal(put(&fixture, topic, value, extra), TOPIC_VALUES_OK);
        }
    }
    for (unsigned i = 0; i < 500; i++) {
        snprintf(topic, sizeof topic, "t/%u", i);
        snprintf(value, sizeof value, "%010u", i);
        snprintf(extra, sizeof extra, "%u", i * 1000);
        assert_kept(&fixture, topic, value, extra);
        assert_true(topic_values_remove(&fixture.values, bytes_of_text(topic)));
    }
    assert_int_equal(fixture.values.bytes, 0);
    finish(&fixture);
}

static void such_bytes_count_for_the_limits(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, 1, (struct topic_values_limits){.entries_max = 2, .bytes_max = 10});
    assert_int_equal(put(&fixture, "a", "123", "4567890"), TOPIC_VALUES_FULL);
    assert_int_equal(fixture.values.entries, 0);
    assert_int_equal(put(&fixture, "a", "123", "456789"), TOPIC_VALUES_OK);
    assert_int_equal(put(&fixture, "b", "", ""), TOPIC_VALUES_FULL);
    assert_int_equal(put(&fixture, "a", "1234", "567890"), TOPIC_VALUES_FULL);
    assert_kept(&fixture, "a", "123", "456789");
    assert_int_equal(put(&fixture, "a", "1234", ""), TOPIC_VALUES_OK);
    assert_int_equal(put(&fixture, "b", "1", "234"), TOPIC_VALUES_OK);
    assert_int_equal(fixture.values.bytes, 10);
    finish(&fixture);
}

static void limits_are_kept(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, 1, (struct topic_values_limits){.entries_max = 2, .bytes_max = 10});
    assert_int_equal(set(&fixture, "a", "123"), TOPIC_VALUES_OK);
    assert_int_equal(set(&fixture, "b", "12345"), TOPIC_VALUES_OK);
    assert_int_equal(set(&fixture, "b", "123456"), TOPIC_VALUES_FULL);
    assert_visited(&fixture, "#", "a=123 b=12345");
    assert_int_equal(set(&fixture, "b", "54321"), TOPIC_VALUES_OK);
    assert_int_equal(set(&fixture, "a", ""), TOPIC_VALUES_OK);
    assert_int_equal(set(&fixture, "c", ""), TOPIC_VALUES_FULL);
    assert_true(topic_values_remove(&fixture.values, BYTES_LITERAL("b")));
    assert_int_equal(set(&fixture, "c", "123456789"), TOPIC_VALUES_FULL);
    assert_int_equal(set(&fixture, "c", "12345678"), TOPIC_VALUES_OK);
    assert_visited(&fixture, "#", "a= c=12345678");
    finish(&fixture);
    start(&fixture, 1, (struct topic_values_limits){0});
    assert_int_equal(set(&fixture, "a", ""), TOPIC_VALUES_FULL);
    finish(&fixture);
}

// Section 4.7.1 and [MQTT-4.7.2-1].
static void filters_find_by_the_standard(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, 1, wide);
    const char *const topics[] = {"sport",
                                  "sport/tennis/player1",
                                  "sport/tennis/player1/score",
                                  "sport/",
                                  "sport/golf",
                                  "/finance",
                                  "$SYS/uptime",
                                  "$SYS/monitor/Clients",
                                  "sport-news",
                                  "my/$SYS/up",
                                  "%"};
    for (size_t i = 0; i < sizeof topics / sizeof *topics; i++) {
        assert_int_equal(set(&fixture, topics[i], ""), TOPIC_VALUES_OK);
    }
    assert_visited(&fixture, "sport/#",
                   "sport= sport/= sport/golf= sport/tennis/player1= sport/tennis/player1/score=");
    assert_visited(&fixture, "sport/tennis/player1/#",
                   "sport/tennis/player1= sport/tennis/player1/score=");
    assert_visited(&fixture, "sport/+", "sport/= sport/golf=");
    assert_visited(&fixture, "+/+", "/finance= sport/= sport/golf=");
    assert_visited(&fixture, "/+", "/finance=");
    assert_visited(&fixture, "+", "%= sport= sport-news=");
    assert_visited(&fixture, "+/+/+", "my/$SYS/up= sport/tennis/player1=");
    assert_visited(&fixture, "my/+/up", "my/$SYS/up=");
    assert_visited(&fixture, "$SYS/#", "$SYS/monitor/Clients= $SYS/uptime=");
    assert_visited(&fixture, "$SYS/+", "$SYS/uptime=");
    assert_visited(&fixture, "+/monitor/Clients", "");
    assert_visited(&fixture, "sport", "sport=");
    assert_visited(&fixture, "spor", "");
    finish(&fixture);
}

static void a_listing_has_all_in_the_order_of_topics(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, 1, wide);
    const char *const topics[] = {"b", "a-b", "a/b", "$SYS/a", "a", "/", "a/", "a/b/c"};
    for (size_t i = 0; i < sizeof topics / sizeof *topics; i++) {
        assert_int_equal(set(&fixture, topics[i], ""), TOPIC_VALUES_OK);
    }
    char text[1024] = "";
    assert_int_equal(topic_values_visit_all(&fixture.values, append, text), 8);
    assert_string_equal(text, "/= $SYS/a= a= a/= a/b= a/b/c= a-b= b=");
    finish(&fixture);
}

// ---- random sequences against the naive matcher -----------------------------------------------

enum { TOPICS_MAX = 120, TEXT_MAX = 40 };

struct known {
    char topic[TEXT_MAX];
    char value[24];
};

static void make_text(uint64_t *random, bool is_filter, char *out) {
    static const char *const levels[] = {"a", "a-", "b", "", "$x", "long level", "+", "#"};
    size_t count = 1 + support_random(random) % 3;
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        size_t choices = !is_filter ? 6 : i + 1 == count ? 8 : 7;
        const char *level = levels[support_random(random) % choices];
        const char *slash = i == 0 ? "" : "/";
        used += (size_t)snprintf(out + used, TEXT_MAX - used, "%s%s", slash, level);
    }
    if (used == 0) {
        snprintf(out, TEXT_MAX, "b");
    }
}

struct visit {
    const struct known *known;
    size_t known_count;
    const char *filter;
    size_t found;
    struct bytes last;
};

static size_t place_in(const struct known *known, size_t count, struct bytes topic) {
    size_t i = 0;
    while (i < count && !bytes_equal(bytes_of_text(known[i].topic), topic)) {
        i++;
    }
    return i;
}

static void check_found(void *context, const struct topic_value *value) {
    struct visit *visit = context;
    size_t place = place_in(visit->known, visit->known_count, value->topic);
    assert_true(place < visit->known_count);
    assert_bytes_equal(value->value, bytes_of_text(visit->known[place].value));
    assert_true(topic_matches(bytes_of_text(visit->filter), value->topic));
    assert_false(bytes_equal(visit->last, value->topic));
    visit->last = value->topic;
    visit->found++;
}

static void assert_same_as_naive(const struct topic_values *values, const struct known *known,
                                 size_t count, const char *filter, uint64_t seed) {
    struct visit visit = {.known = known, .known_count = count, .filter = filter};
    size_t expected = 0;
    for (size_t i = 0; i < count; i++) {
        expected += topic_matches(bytes_of_text(filter), bytes_of_text(known[i].topic));
    }
    size_t visited = topic_values_visit(values, bytes_of_text(filter), check_found, &visit);
    if (visited != expected || visit.found != expected) {
        fail_msg("seed %llu: filter '%s' found %zu values, should be %zu", (unsigned long long)seed,
                 filter, visit.found, expected);
    }
}

static void set_one(struct topic_values *values, struct known *known, size_t *count,
                    uint64_t *random) {
    struct known one;
    make_text(random, false, one.topic);
    size_t place = place_in(known, *count, bytes_of_text(one.topic));
    if (place == TOPICS_MAX) {
        return;
    }
    int size = (int)(support_random(random) % sizeof one.value);
    snprintf(one.value, sizeof one.value, "%0*llu", size,
             (unsigned long long)(support_random(random) % 1000));
    *count += place == *count;
    known[place] = one;
    assert_int_equal(
        topic_values_set(values, bytes_of_text(one.topic), bytes_of_text(one.value), 0, 0),
        TOPIC_VALUES_OK);
}

static void remove_one(struct topic_values *values, struct known *known, size_t *count,
                       uint64_t *random) {
    size_t place = support_random(random) % *count;
    struct bytes topic = bytes_of_text(known[place].topic);
    const struct topic_value *value = topic_values_get(values, topic);
    assert_non_null(value);
    assert_bytes_equal(value->value, bytes_of_text(known[place].value));
    assert_true(topic_values_remove(values, topic));
    assert_false(topic_values_remove(values, topic));
    known[place] = known[--*count];
}

static void run_sequence(uint64_t seed) {
    struct fixture fixture;
    start(&fixture, seed * 31, wide);
    struct known known[TOPICS_MAX];
    size_t count = 0;
    uint64_t random = seed << 32;
    for (uint32_t step = 0; step < 500 || count > 0; step++) {
        bool grows = step < 500 && support_random(&random) % 10 < (step < 300 ? 8 : 4);
        if (grows) {
            set_one(&fixture.values, known, &count, &random);
        } else if (count > 0) {
            remove_one(&fixture.values, known, &count, &random);
        }
        assert_int_equal(fixture.values.entries, count);
        topic_values_check(&fixture.values);
        char filter[TEXT_MAX];
        make_text(&random, true, filter);
        assert_same_as_naive(&fixture.values, known, count, filter, seed);
    }
    assert_int_equal(fixture.values.bytes, 0);
    assert_int_equal(fixture.memory.bytes_in_use, 0);
    finish(&fixture);
}

static void random_sequences_equal_the_naive_matcher(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        run_sequence(seed);
    }
}

static void the_order_depends_neither_on_seed_nor_on_arrival(void **state) {
    (void)state;
    char first[1024] = "";
    for (uint64_t seed = 0; seed < 20; seed++) {
        struct fixture fixture;
        start(&fixture, seed * 0x9e3779b97f4a7c15u, wide);
        for (unsigned i = 0; i < 47; i++) {
            char topic[32];
            snprintf(topic, sizeof topic, "t/%u/x", (unsigned)((i + seed) * 5 % 47));
            assert_int_equal(set(&fixture, topic, ""), TOPIC_VALUES_OK);
        }
        char text[1024] = "";
        assert_int_equal(topic_values_visit(&fixture.values, BYTES_LITERAL("#"), append, text), 47);
        if (seed == 0) {
            memcpy(first, text, sizeof first);
        }
        assert_string_equal(text, first);
        finish(&fixture);
    }
}

// A table at the size of a broker's, dropped as a whole.
static void many_values_can_be_kept_and_dropped(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, 1, wide);
    char topic[64];
    for (unsigned i = 0; i < 50000; i++) {
        snprintf(topic, sizeof topic, "site/%u/device/%u/temp", i % 100, i);
        assert_int_equal(set(&fixture, topic, "21.5"), TOPIC_VALUES_OK);
    }
    assert_visited(&fixture, "+/+/+/777/temp", "site/77/device/777/temp=21.5");
    assert_visited(&fixture, "site/77/device/777/#", "site/77/device/777/temp=21.5");
    assert_visited(&fixture, "site/77/+/778/#", "");
    finish(&fixture);
}

static void values_take_half_of_the_memory(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, 1, wide);
    fixture.memory.limit = 1u << 20;
    unsigned kept = 0;
    for (unsigned i = 0; i < 20000; i++) {
        char topic[16];
        (void)snprintf(topic, sizeof topic, "%u", i);
        kept += set(&fixture, topic, "x") == TOPIC_VALUES_OK;
    }
    assert_in_range(kept, 2000, 5000);
    assert_in_range(memory_used(&fixture.memory), 1u << 18, 1u << 19);
    char longer[1000] = "";
    memset(longer, 'x', sizeof longer - 1);
    assert_int_equal(set(&fixture, "0", longer), TOPIC_VALUES_FULL);
    assert_int_equal(set(&fixture, "0", "y"), TOPIC_VALUES_OK); // it takes no more than before
    assert_int_equal(set(&fixture, "0", ""), TOPIC_VALUES_OK);
    finish(&fixture);
}

// ---- visits that pause ------------------------------------------------------------------------

struct paused {
    char text[1024];
    unsigned found;
    unsigned most; // to be found before it is enough; 0: any number
};

static bool note(void *context, const struct topic_value *value) {
    struct paused *paused = context;
    append(paused->text, value);
    return ++paused->found != paused->most;
}

static enum topic_values_pause go_on(struct fixture *fixture, const char *filter,
                                     struct topic_values_cursor *cursor, uint32_t steps,
                                     struct paused *paused) {
    const struct topic_values_visitor visitor = {note, paused};
    return topic_values_go_on(&fixture->values, bytes_of_text(filter), cursor, &steps, &visitor);
}

static void a_visit_in_parts_finds_what_a_whole_one_finds(void **state) {
    (void)state;
    static const char *const filters[] = {"#", "+/a", "b/#", "+/+/c", "$SYS/#", "+/none", "b/+"};
    struct fixture fixture;
    start(&fixture, 1, wide);
    static const char *const topics[] = {"$SYS/x", "a", "a/a", "a/a/c", "b", "b/a", "b/b/c", "c/a"};
    for (unsigned i = 0; i < 8; i++) {
        assert_int_equal(set(&fixture, topics[i], "v"), TOPIC_VALUES_OK);
    }
    for (unsigned i = 0; i < 7; i++) {
        for (uint32_t steps = 1; steps < 10; steps++) {
            struct topic_values_cursor cursor = {0};
            struct paused paused = {.found = 0};
            unsigned parts = 1;
            while (go_on(&fixture, filters[i], &cursor, steps, &paused) == TOPIC_VALUES_SPENT) {
                parts++;
                assert_in_range(parts, 0, 20);
            }
            assert_visited(&fixture, filters[i], paused.text);
            topic_values_cursor_free(&fixture.values, &cursor);
        }
    }
    finish(&fixture);
}

static void all_values_come_in_parts_too(void **state) {
    (void)state;
    static const char *const topics[] = {"b", "$x", "a/b", "a"};
    struct fixture fixture;
    start(&fixture, 1, wide);
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(set(&fixture, topics[i], "1"), TOPIC_VALUES_OK);
    }
    struct topic_values_cursor cursor = {0};
    struct paused paused = {.most = 3};
    const struct topic_values_visitor visitor = {note, &paused};
    uint32_t steps = 2;
    assert_int_equal(topic_values_go_on_all(&fixture.values, &cursor, &steps, &visitor),
                     TOPIC_VALUES_SPENT);
    assert_string_equal(paused.text, "$x=1 a=1");
    assert_int_equal(steps, 0);
    steps = 5;
    assert_int_equal(topic_values_go_on_all(&fixture.values, &cursor, &steps, &visitor),
                     TOPIC_VALUES_STOPPED);
    assert_int_equal(steps, 4);
    assert_int_equal(topic_values_go_on_all(&fixture.values, &cursor, &steps, &visitor),
                     TOPIC_VALUES_ALL_FOUND);
    assert_string_equal(paused.text, "$x=1 a=1 a/b=1 b=1");
    topic_values_cursor_free(&fixture.values, &cursor);
    finish(&fixture);
}

// `+/n` over a great many topics of which none is that one.
static void a_part_looks_at_no_more_than_its_steps(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, 1, wide);
    for (unsigned i = 0; i < 10000; i++) {
        char topic[16];
        (void)snprintf(topic, sizeof topic, "x%u/a", i);
        assert_int_equal(set(&fixture, topic, "v"), TOPIC_VALUES_OK);
    }
    struct topic_values_cursor cursor = {0};
    struct paused paused = {.found = 0};
    unsigned parts = 1;
    while (go_on(&fixture, "+/n", &cursor, 100, &paused) == TOPIC_VALUES_SPENT) {
        parts++;
    }
    assert_in_range(parts, 10000 / 100, 10000); // it looks at each of them
    assert_int_equal(paused.found, 0);
    topic_values_cursor_free(&fixture.values, &cursor);
    finish(&fixture);
}

static void a_table_may_change_between_two_parts(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, 1, wide);
    static const char *const topics[] = {"a", "b", "c", "d", "e"};
    for (unsigned i = 0; i < 5; i++) {
        assert_int_equal(set(&fixture, topics[i], "1"), TOPIC_VALUES_OK);
    }
    struct topic_values_cursor cursor = {0};
    struct paused paused = {.most = 2};
    assert_int_equal(go_on(&fixture, "#", &cursor, 100, &paused), TOPIC_VALUES_STOPPED);
    assert_string_equal(paused.text, "a=1 b=1");
    assert_true(topic_values_remove(&fixture.values, BYTES_LITERAL("c"))); // the cursor is there
    assert_int_equal(set(&fixture, "a", "2"), TOPIC_VALUES_OK);
    assert_int_equal(set(&fixture, "bb", "2"), TOPIC_VALUES_OK);
    assert_int_equal(set(&fixture, "cc", "2"), TOPIC_VALUES_OK);
    assert_int_equal(set(&fixture, "e", "2"), TOPIC_VALUES_OK);
    assert_int_equal(go_on(&fixture, "#", &cursor, 100, &paused), TOPIC_VALUES_ALL_FOUND);
    assert_string_equal(paused.text, "a=1 b=1 cc=2 d=1 e=2");
    topic_values_cursor_free(&fixture.values, &cursor);
    finish(&fixture);
}

// Thousands of changes beside a plain list: the first to expire is always the right one.
static void what_expires_first_is_known(void **state) {
    (void)state;
    enum { TOPICS = 300 };
    struct memory memory;
    struct topic_values values;
    uint64_t due[TOPICS];
    uint64_t random = 11;
    memory_init(&memory);
    topic_values_init(&values, &memory, 5, (struct topic_values_limits){TOPICS, 1000000});
    memset(due, 0xff, sizeof due);
    for (int round = 0; round < 20000; round++) {
        char name[16];
        size_t at = support_random(&random) % TOPICS;
        size_t size = 1 + support_random(&random) % 99;
        uint8_t value[100] = {0};
        snprintf(name, sizeof name, "t/%zu", at);
        struct bytes topic = bytes_of_text(name);
        due[at] = UINT64_MAX;
        if (support_random(&random) % 3 == 0) {
            (void)topic_values_remove(&values, topic);
        } else {
            assert_int_equal(topic_values_set(&values, topic, bytes_make(value, size), 0, 0),
                             TOPIC_VALUES_OK);
            if (support_random(&random) % 3 > 0) {
                due[at] = support_random(&random) % 1000;
                topic_values_expire_at(&values, topic, due[at]);
            }
        }
        uint64_t first = UINT64_MAX;
        for (size_t i = 0; i < TOPICS; i++) {
            first = due[i] < first ? due[i] : first;
        }
        assert_int_equal(topic_values_next_expiry(&values), first);
        if (first != UINT64_MAX) {
            const struct topic_value *value_due = topic_values_first_to_expire(&values);
            size_t number = strtoul((const char *)value_due->topic.data + 2, NULL, 10);
            assert_int_equal(due[number], first);
        }
    }
    topic_values_deinit(&values);
    assert_int_equal(memory.blocks_in_use, 0);
}

// A table is as small as before once nothing in it expires any more.
static void what_deadlines_took_is_given_back(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, 1, wide);
    assert_int_equal(set(&fixture, "a", "1"), TOPIC_VALUES_OK);
    assert_int_equal(set(&fixture, "b", "1"), TOPIC_VALUES_OK);
    size_t before = fixture.memory.bytes_in_use;
    topic_values_expire_at(&fixture.values, BYTES_LITERAL("b"), 7);
    topic_values_expire_at(&fixture.values, BYTES_LITERAL("a"), 7);
    assert_bytes_equal(topic_values_first_to_expire(&fixture.values)->topic, BYTES_LITERAL("b"));
    topic_values_expire_at(&fixture.values, BYTES_LITERAL("b"), 7); // now it was said last
    assert_bytes_equal(topic_values_first_to_expire(&fixture.values)->topic, BYTES_LITERAL("a"));
    assert_int_equal(set(&fixture, "a", "2"), TOPIC_VALUES_OK);
    assert_int_equal(set(&fixture, "b", "2"), TOPIC_VALUES_OK);
    assert_int_equal(topic_values_next_expiry(&fixture.values), UINT64_MAX);
    assert_int_equal(fixture.memory.bytes_in_use, before);
    finish(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_table_has_allocated_nothing),
        cmocka_unit_test(one_value_costs_little),
        cmocka_unit_test(a_value_is_kept_whole),
        cmocka_unit_test(an_empty_value_is_a_value),
        cmocka_unit_test(a_value_is_replaced_in_place_where_it_fits),
        cmocka_unit_test(bytes_of_the_owner_stand_beside_a_value),
        cmocka_unit_test(such_bytes_change_with_their_value),
        cmocka_unit_test(such_bytes_stay_in_a_large_table),
        cmocka_unit_test(such_bytes_count_for_the_limits),
        cmocka_unit_test(limits_are_kept),
        cmocka_unit_test(filters_find_by_the_standard),
        cmocka_unit_test(a_listing_has_all_in_the_order_of_topics),
        cmocka_unit_test(random_sequences_equal_the_naive_matcher),
        cmocka_unit_test(the_order_depends_neither_on_seed_nor_on_arrival),
        cmocka_unit_test(a_visit_in_parts_finds_what_a_whole_one_finds),
        cmocka_unit_test(all_values_come_in_parts_too),
        cmocka_unit_test(a_part_looks_at_no_more_than_its_steps),
        cmocka_unit_test(a_table_may_change_between_two_parts),
        cmocka_unit_test(many_values_can_be_kept_and_dropped),
        cmocka_unit_test(values_take_half_of_the_memory),
        cmocka_unit_test(what_expires_first_is_known),
        cmocka_unit_test(what_deadlines_took_is_given_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
