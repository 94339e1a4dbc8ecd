#include "support.h"

#include "role/load_plan.h"

struct fixture {
    struct memory memory;
    struct load_plan plan;
    struct load_ledger ledger;
    struct histogram latency;
};

static void set_up_plan(struct fixture *fixture, const struct load_plan_options *options) {
    *fixture = (struct fixture){0};
    memory_init(&fixture->memory);
    assert_null(load_plan_init(&fixture->plan, &fixture->memory, options));
    load_ledger_init(&fixture->ledger, &fixture->memory,
                     &(struct load_ledger_options){.publishers = fixture->plan.options.publishers,
                                                   .topics = fixture->plan.options.topics,
                                                   .subscribers = fixture->plan.options.subscribers,
                                                   .payload_bytes = LOAD_HEAD_BYTES,
                                                   .names = fixture->plan.names,
                                                   .latency = &fixture->latency});
    load_plan_enter(&fixture->plan, &fixture->ledger);
}

static void tear_down_plan(struct fixture *fixture) {
    load_ledger_deinit(&fixture->ledger);
    load_plan_deinit(&fixture->plan);
    assert_int_equal(fixture->memory.bytes_in_use, 0);
}

static bool wants(const struct fixture *fixture, uint32_t subscriber, uint32_t stream) {
    return fixture->ledger.next[subscriber * fixture->ledger.streams + stream] != LOAD_UNWANTED;
}

static void join(void *context, uint32_t subscriber, struct bytes filter) {
    (void)subscriber;
    buffer_append(context, filter);
    buffer_append_byte(context, ' ');
}

static void assert_filters(struct fixture *fixture, uint32_t subscriber, const char *expected) {
    struct buffer joined;
    buffer_init(&joined, &fixture->memory);
    load_plan_filters(&fixture->plan, subscriber, &(struct load_filter_visit){&joined, join});
    assert_bytes_equal(buffer_bytes(&joined), bytes_of_text(expected));
    buffer_deinit(&joined);
}

static void names_come_from_the_pattern(void **state) {
    (void)state;
    struct fixture fixture;
    set_up_plan(&fixture, &(struct load_plan_options){.publishers = 2,
                                                      .topics = 11,
                                                      .subscribers = 2,
                                                      .topic = BYTES_LITERAL("%t/%p%%/%x%")});
    assert_bytes_equal(fixture.plan.names[0], BYTES_LITERAL("0/0%%/%x%"));
    assert_bytes_equal(fixture.plan.names[21], BYTES_LITERAL("10/1%%/%x%"));
    tear_down_plan(&fixture);
}

static void pairs_are_counted_round(void **state) {
    (void)state;
    struct fixture fixture;
    struct load_plan_options options = {.publishers = 2,
                                        .topics = 1,
                                        .subscribers = 3,
                                        .assignment = LOAD_PAIRS,
                                        .topic = BYTES_LITERAL("t/%p")};
    set_up_plan(&fixture, &options);
    assert_filters(&fixture, 0, "t/0 ");
    assert_filters(&fixture, 1, "t/1 ");
    assert_filters(&fixture, 2, "t/0 ");
    assert_int_equal(fixture.ledger.copies[0], 2);
    assert_int_equal(fixture.ledger.copies[1], 1);
    tear_down_plan(&fixture);
    options.publishers = 3;
    options.subscribers = 2;
    set_up_plan(&fixture, &options);
    assert_filters(&fixture, 0, "t/0 t/2 ");
    assert_filters(&fixture, 1, "t/1 ");
    assert_false(wants(&fixture, 1, 0));
    tear_down_plan(&fixture);
}

static void a_topic_of_two_publishers_brings_the_messages_of_both(void **state) {
    (void)state;
    struct fixture fixture;
    set_up_plan(&fixture,
                &(struct load_plan_options){
                    .publishers = 2, .topics = 1, .subscribers = 2, .topic = BYTES_LITERAL("t")});
    assert_true(wants(&fixture, 0, 1) && wants(&fixture, 1, 0));
    tear_down_plan(&fixture);
}

static void all_get_all(void **state) {
    (void)state;
    struct fixture fixture;
    set_up_plan(&fixture, &(struct load_plan_options){.publishers = 2,
                                                      .topics = 2,
                                                      .subscribers = 3,
                                                      .assignment = LOAD_ALL,
                                                      .topic = BYTES_LITERAL("%p/%t")});
    assert_filters(&fixture, 2, "0/0 0/1 1/0 1/1 ");
    for (uint32_t stream = 0; stream < 4; stream++) {
        assert_int_equal(fixture.ledger.copies[stream], 3);
    }
    tear_down_plan(&fixture);
}

static void a_filter_is_matched_by_the_rules(void **state) {
    (void)state;
    struct fixture fixture;
    set_up_plan(&fixture, &(struct load_plan_options){.publishers = 3,
                                                      .topics = 2,
                                                      .subscribers = 2,
                                                      .assignment = LOAD_PATTERN,
                                                      .topic = BYTES_LITERAL("%p/%t"),
                                                      .filter = BYTES_LITERAL("%s/+")});
    assert_filters(&fixture, 1, "1/+ ");
    assert_true(wants(&fixture, 1, 2) && wants(&fixture, 1, 3));
    assert_false(wants(&fixture, 1, 0));
    assert_int_equal(fixture.ledger.copies[4], 0);
    tear_down_plan(&fixture);
}

static void each_message_matches_three_of_many_filters(void **state) {
    (void)state;
    struct fixture fixture;
    set_up_plan(&fixture, &(struct load_plan_options){.publishers = 3,
                                                      .topics = 1,
                                                      .subscribers = 10,
                                                      .filters = 10,
                                                      .assignment = LOAD_FILTERS,
                                                      .topic = BYTES_LITERAL("#")});
    assert_int_equal(fixture.plan.options.topics, 11);
    for (uint32_t stream = 0; stream < fixture.plan.streams; stream++) {
        assert_int_equal(fixture.ledger.copies[stream], 3);
    }
    tear_down_plan(&fixture);
}

static void wrong_options_are_said(void **state) {
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct load_plan plan;
    struct load_plan_options options = {
        .publishers = 2, .topics = 1, .subscribers = 2, .topic = BYTES_LITERAL("a/+")};
    assert_non_null(load_plan_init(&plan, &memory, &options));
    options.topic = BYTES_LITERAL("a");
    options.assignment = LOAD_PATTERN;
    options.filter = BYTES_LITERAL("a/#/b");
    assert_non_null(load_plan_init(&plan, &memory, &options));
    options.assignment = LOAD_FILTERS; // of two subscribers only
    options.filters = 10;
    assert_non_null(load_plan_init(&plan, &memory, &options));
    options.assignment = LOAD_ALL;
    options.topics = UINT32_MAX;
    assert_non_null(load_plan_init(&plan, &memory, &options));
    assert_int_equal(memory.bytes_in_use, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_come_from_the_pattern),
        cmocka_unit_test(pairs_are_counted_round),
        cmocka_unit_test(a_topic_of_two_publishers_brings_the_messages_of_both),
        cmocka_unit_test(all_get_all),
        cmocka_unit_test(a_filter_is_matched_by_the_rules),
        cmocka_unit_test(each_message_matches_three_of_many_filters),
        cmocka_unit_test(wrong_options_are_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
