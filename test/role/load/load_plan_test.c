#include "support.h"

#include "role/load/load_plan.h"

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
                                                   .groups = fixture->plan.groups,
                                                   .payload_bytes = LOAD_HEAD_BYTES,
                                                   .names = fixture->plan.names,
                                                   .latency = &fixture->latency});
    (void)load_plan_enter(&fixture->plan, &fixture->ledger);
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
                                                      .run = 77,
                                                      .topic = BYTES_LITERAL("%t/%p%%/%x/%r%")});
    assert_bytes_equal(fixture.plan.names[0], BYTES_LITERAL("0/0%%/%x/77%"));
    assert_bytes_equal(fixture.plan.names[21], BYTES_LITERAL("10/1%%/%x/77%"));
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

static void who_shares_a_filter_is_a_group(void **state) {
    (void)state;
    struct fixture fixture;
    struct load_plan_options options = {.publishers = 2,
                                        .topics = 1,
                                        .subscribers = 3,
                                        .run = 5,
                                        .assignment = LOAD_PATTERN,
                                        .topic = BYTES_LITERAL("t/%p"),
                                        .filter = BYTES_LITERAL("$share/g%r/t/+")};
    set_up_plan(&fixture, &options);
    assert_filters(&fixture, 2, "$share/g5/t/+ ");
    assert_int_equal(fixture.plan.groups, 1);
    assert_int_equal(fixture.ledger.copies[1], 1);
    assert_false(wants(&fixture, 0, 1));
    tear_down_plan(&fixture);
    options.filter = BYTES_LITERAL("$share/g/t/%s");
    set_up_plan(&fixture, &options);
    assert_int_equal(fixture.plan.groups, 3);
    assert_int_equal(fixture.ledger.copies[1], 1);
    assert_true(fixture.ledger.shares[1 * 2 + 1].is_wanted);
    tear_down_plan(&fixture);
}

static enum load_topic kind_of(const struct fixture *fixture, uint32_t subscriber,
                               const char *topic) {
    struct load_topics topics = load_plan_topics(&fixture->plan);
    return topics.find(topics.context, subscriber, bytes_of_text(topic));
}

static void topics_are_told_from_those_of_others(void **state) {
    (void)state;
    struct fixture fixture;
    struct load_plan_options options = {.publishers = 2,
                                        .topics = 1,
                                        .subscribers = 2,
                                        .run = 5,
                                        .assignment = LOAD_PATTERN,
                                        .topic = BYTES_LITERAL("%p/%r"),
                                        .filter = BYTES_LITERAL("%s/#")};
    set_up_plan(&fixture, &options);
    assert_int_equal(kind_of(&fixture, 0, "0/5"), LOAD_TOPIC_OWN);
    assert_int_equal(kind_of(&fixture, 0, "0/6"), LOAD_TOPIC_COMMON);
    assert_int_equal(kind_of(&fixture, 0, "1/6"), LOAD_TOPIC_UNASKED);
    assert_int_equal(kind_of(&fixture, 0, "0/#"), LOAD_TOPIC_UNASKED);
    tear_down_plan(&fixture);
    options.topic = BYTES_LITERAL("%p/t");
    set_up_plan(&fixture, &options);
    assert_int_equal(kind_of(&fixture, 0, "0/t"), LOAD_TOPIC_COMMON);
    tear_down_plan(&fixture);
}

static void what_nobody_gets_is_known_before(void **state) {
    (void)state;
    struct fixture fixture;
    set_up_plan(&fixture, &(struct load_plan_options){.publishers = 2,
                                                      .topics = 1,
                                                      .subscribers = 2,
                                                      .assignment = LOAD_PATTERN,
                                                      .topic = BYTES_LITERAL("a/%p"),
                                                      .filter = BYTES_LITERAL("b/#")});
    assert_int_equal(load_plan_enter(&fixture.plan, &fixture.ledger), 0);
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
    options.filter = BYTES_LITERAL("$share/g");
    assert_non_null(load_plan_init(&plan, &memory, &options));
    options.filter = BYTES_LITERAL("a");
    options.topic = BYTES_LITERAL("$share/g/a");
    assert_non_null(load_plan_init(&plan, &memory, &options));
    options.topic = BYTES_LITERAL("a");
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
        cmocka_unit_test(who_shares_a_filter_is_a_group),
        cmocka_unit_test(topics_are_told_from_those_of_others),
        cmocka_unit_test(what_nobody_gets_is_known_before),
        cmocka_unit_test(wrong_options_are_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
