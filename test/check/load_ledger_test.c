#include "support.h"

#include <stdlib.h>

#include "check/load_ledger.h"

// One publisher with two topics, two subscribers: subscriber 0 wants both, subscriber 1 the second.
struct fixture {
    struct memory memory;
    struct histogram latency;
    struct load_ledger ledger;
};

static const struct bytes names[] = {{(const uint8_t *)"a", 1}, {(const uint8_t *)"b", 1}};

#define PAYLOAD_BYTES 45
#define RUN 7

// Whether others publish under the topic that is asked about.
static enum load_topic kind_of_topic = LOAD_TOPIC_UNASKED;

static enum load_topic find_topic(const void *context, uint32_t subscriber, struct bytes topic) {
    (void)context;
    (void)subscriber;
    (void)topic;
    return kind_of_topic;
}

static int set_up(void **state) {
    struct fixture *fixture = calloc(1, sizeof *fixture);
    memory_init(&fixture->memory);
    kind_of_topic = LOAD_TOPIC_UNASKED;
    load_ledger_init(&fixture->ledger, &fixture->memory,
                     &(struct load_ledger_options){.publishers = 1,
                                                   .topics = 2,
                                                   .subscribers = 2,
                                                   .run = RUN,
                                                   .payload_bytes = PAYLOAD_BYTES,
                                                   .names = names,
                                                   .topics_of_others = {NULL, find_topic},
                                                   .latency = &fixture->latency});
    load_ledger_want(&fixture->ledger, 0, 0);
    load_ledger_want(&fixture->ledger, 0, 1);
    load_ledger_want(&fixture->ledger, 1, 1);
    load_ledger_want(&fixture->ledger, 1, 1); // a second filter that matches
    *state = fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    load_ledger_deinit(&fixture->ledger);
    assert_int_equal(fixture->memory.bytes_in_use, 0);
    free(fixture);
    return 0;
}

static void send(struct load_ledger *ledger, uint32_t stream, uint32_t count) {
    uint32_t before = ledger->sent[stream];
    assert_int_equal(load_ledger_send(ledger, 0, stream, count), before);
}

static enum load_arrival deliver_as(struct load_ledger *ledger, uint32_t subscriber,
                                    struct load_head head, struct bytes name) {
    uint8_t payload[PAYLOAD_BYTES];
    load_payload_write(payload, sizeof payload, head);
    return load_ledger_deliver(ledger, subscriber, name, bytes_make(payload, sizeof payload), 1000);
}

static struct load_head head_of(uint32_t topic, uint32_t sequence) {
    return (struct load_head){
        .run = RUN, .stream = topic, .sequence = sequence, .sent_at = 1000 - sequence};
}

static enum load_arrival deliver(struct load_ledger *ledger, uint32_t subscriber, uint32_t topic,
                                 uint32_t sequence) {
    return deliver_as(ledger, subscriber, head_of(topic, sequence), names[topic]);
}

static void assert_counts(const struct load_ledger *ledger, struct load_counts expected) {
    const struct load_counts *counts = &ledger->counts;
    assert_int_equal(counts->sent, expected.sent);
    assert_int_equal(counts->expected, expected.expected);
    assert_int_equal(counts->delivered, expected.delivered);
    assert_int_equal(counts->missed, expected.missed);
    assert_int_equal(counts->repeated, expected.repeated);
    assert_int_equal(counts->disordered, expected.disordered);
    assert_int_equal(counts->strays, expected.strays);
    assert_int_equal(counts->changed, expected.changed);
    assert_int_equal(counts->foreign, expected.foreign);
}

static void what_comes_once_and_in_order_is_good(void **state) {
    struct load_ledger *ledger = &((struct fixture *)*state)->ledger;
    send(ledger, 0, 1);
    send(ledger, 1, 2);
    assert_int_equal(ledger->awaited[0], 5);
    deliver(ledger, 1, 1, 0);
    deliver(ledger, 0, 1, 0);
    deliver(ledger, 0, 1, 1);
    deliver(ledger, 0, 0, 0);
    assert_int_equal(load_ledger_outstanding(ledger), 1);
    deliver(ledger, 1, 1, 1);
    assert_int_equal(load_ledger_outstanding(ledger), 0);
    assert_int_equal(ledger->awaited[0], 0);
    assert_counts(ledger, (struct load_counts){.sent = 3, .expected = 5, .delivered = 5});
    struct load_loss loss;
    assert_false(load_ledger_worst(ledger, &loss));
}

static void what_does_not_come_is_missed(void **state) {
    struct load_ledger *ledger = &((struct fixture *)*state)->ledger;
    send(ledger, 0, 10);
    deliver(ledger, 0, 0, 0);
    deliver(ledger, 0, 0, 4);
    assert_counts(ledger,
                  (struct load_counts){.sent = 10, .expected = 10, .delivered = 2, .missed = 3});
    assert_int_equal(load_ledger_outstanding(ledger), 5);
    assert_int_equal(ledger->awaited[0], 5); // the window does not wait for what was passed over
    struct load_loss loss = {0};
    assert_true(load_ledger_worst(ledger, &loss));
    assert_int_equal(loss.subscriber, 0);
    assert_int_equal(loss.topic, 0);
    assert_int_equal(loss.last, 5);
    assert_int_equal(loss.sent, 10);
}

static void what_comes_twice_is_repeated(void **state) {
    struct load_ledger *ledger = &((struct fixture *)*state)->ledger;
    send(ledger, 0, 2);
    deliver(ledger, 0, 0, 0);
    deliver(ledger, 0, 0, 0);
    deliver(ledger, 0, 0, 1);
    deliver(ledger, 0, 0, 0);
    assert_counts(ledger,
                  (struct load_counts){.sent = 2, .expected = 2, .delivered = 2, .repeated = 2});
}

static void what_comes_late_is_out_of_order_once(void **state) {
    struct load_ledger *ledger = &((struct fixture *)*state)->ledger;
    send(ledger, 0, 5);
    deliver(ledger, 0, 0, 4);
    deliver(ledger, 0, 0, 2);
    deliver(ledger, 0, 0, 0);
    deliver(ledger, 0, 0, 3);
    deliver(ledger, 0, 0, 1);
    deliver(ledger, 0, 0, 1);
    assert_counts(ledger,
                  (struct load_counts){
                      .sent = 5, .expected = 5, .delivered = 5, .repeated = 1, .disordered = 4});
    assert_int_equal(ledger->gap_count, 0);
}

static void order_counts_within_a_stream_only(void **state) {
    struct load_ledger *ledger = &((struct fixture *)*state)->ledger;
    send(ledger, 0, 1);
    send(ledger, 1, 1);
    deliver(ledger, 0, 1, 0);
    deliver(ledger, 0, 0, 0);
    deliver(ledger, 1, 1, 0);
    assert_counts(ledger, (struct load_counts){.sent = 2, .expected = 3, .delivered = 3});
}

static void what_was_not_asked_for_is_a_stray(void **state) {
    struct load_ledger *ledger = &((struct fixture *)*state)->ledger;
    struct load_head other = head_of(0, 0);
    send(ledger, 0, 1);
    assert_int_equal(deliver(ledger, 1, 0, 0), LOAD_ARRIVED_ASTRAY); // another's
    assert_int_equal(deliver(ledger, 0, 0, 1), LOAD_ARRIVED_ASTRAY); // not sent yet
    deliver_as(ledger, 0, head_of(2, 0), names[0]);                  // of no stream
    deliver_as(ledger, 0, head_of(0, 0), names[1]);                  // under another name
    load_ledger_deliver(ledger, 0, names[0], bytes_make(NULL, 0), 0);
    other.run = RUN + 1;
    deliver_as(ledger, 0, other, names[0]);
    assert_counts(ledger, (struct load_counts){.sent = 1, .expected = 1, .strays = 6});
}

static void messages_of_others_are_no_fault_where_they_may_come(void **state) {
    struct load_ledger *ledger = &((struct fixture *)*state)->ledger;
    struct load_head other = head_of(0, 0);
    other.run = RUN + 1;
    send(ledger, 0, 1);
    kind_of_topic = LOAD_TOPIC_COMMON;
    assert_int_equal(deliver_as(ledger, 0, other, names[0]), LOAD_ARRIVED_ASTRAY);
    load_ledger_deliver(ledger, 0, names[1], BYTES_LITERAL("21.5"), 1000);
    deliver(ledger, 0, 0, 3); // of this run, and never sent
    assert_counts(ledger,
                  (struct load_counts){.sent = 1, .expected = 1, .strays = 1, .foreign = 2});
    // Another load that was given the same topics, and what nobody else can have sent.
    kind_of_topic = LOAD_TOPIC_OWN;
    deliver_as(ledger, 0, other, names[0]);
    load_ledger_deliver(ledger, 0, names[1], BYTES_LITERAL("21.5"), 1000);
    assert_counts(ledger, (struct load_counts){
                              .sent = 1, .expected = 1, .strays = 1, .changed = 1, .foreign = 3});
    assert_int_equal(ledger->last_at, 0); // nothing that is waited for
}

// Of each byte, and each length.
static void any_change_of_a_payload_is_found(void **state) {
    struct load_ledger *ledger = &((struct fixture *)*state)->ledger;
    uint8_t payload[PAYLOAD_BYTES + 1] = {0};
    kind_of_topic = LOAD_TOPIC_OWN;
    send(ledger, 0, PAYLOAD_BYTES);
    for (uint32_t i = 0; i < PAYLOAD_BYTES; i++) {
        load_payload_write(payload, PAYLOAD_BYTES, head_of(0, i));
        payload[i] ^= (uint8_t)(1u << i % 8);
        enum load_arrival arrival =
            load_ledger_deliver(ledger, 0, names[0], bytes_make(payload, PAYLOAD_BYTES), 1000);
        assert_int_equal(ledger->counts.changed, i + 1);
        assert_int_equal(arrival, i < LOAD_HEAD_BYTES ? LOAD_ARRIVED_ASTRAY : LOAD_ARRIVED);
    }
    assert_int_equal(ledger->counts.delivered, PAYLOAD_BYTES - LOAD_HEAD_BYTES);
    send(ledger, 1, PAYLOAD_BYTES + 2);
    for (uint32_t size = 0; size <= PAYLOAD_BYTES + 1; size++) {
        uint64_t changed = ledger->counts.changed;
        load_payload_write(payload, PAYLOAD_BYTES, head_of(1, size));
        load_ledger_deliver(ledger, 0, names[1], bytes_make(payload, size), 1000);
        assert_int_equal(ledger->counts.changed - changed, size != PAYLOAD_BYTES);
    }
    assert_int_equal(ledger->counts.strays, 0);
}

static void set_up_groups(struct fixture *fixture, uint32_t groups) {
    memory_init(&fixture->memory);
    load_ledger_init(&fixture->ledger, &fixture->memory,
                     &(struct load_ledger_options){.publishers = 1,
                                                   .topics = 2,
                                                   .subscribers = 2,
                                                   .groups = groups,
                                                   .run = RUN,
                                                   .payload_bytes = PAYLOAD_BYTES,
                                                   .names = names,
                                                   .latency = &fixture->latency});
    for (uint32_t i = 0; i < 2; i++) {
        load_ledger_want_shared(&fixture->ledger, i % groups, 1);
    }
}

static void of_a_group_anyone_gets_each_in_any_order(void **state) {
    (void)state;
    struct fixture fixture = {0};
    struct load_ledger *ledger = &fixture.ledger;
    set_up_groups(&fixture, 1);
    send(ledger, 1, 1000);
    send(ledger, 0, 1);
    for (uint32_t i = 0; i < 1000; i += 2) {
        assert_int_equal(deliver(ledger, 0, 1, i), LOAD_ARRIVED);
    }
    struct load_loss loss = {0};
    assert_true(load_ledger_worst(ledger, &loss));
    assert_true(loss.is_shared);
    assert_int_equal(loss.last, 500);
    assert_int_equal(loss.sent, 1000);
    for (uint32_t i = 1001; i > 1; i -= 2) {
        assert_int_equal(deliver(ledger, 1, 1, i - 2), LOAD_ARRIVED);
    }
    assert_counts(ledger, (struct load_counts){.sent = 1001, .expected = 1000, .delivered = 1000});
    assert_false(load_ledger_worst(ledger, &loss));
    assert_int_equal(ledger->awaited[0], 0);
    assert_int_equal(deliver(ledger, 0, 1, 3), LOAD_ARRIVED_AGAIN);
    assert_int_equal(deliver(ledger, 1, 1, 999), LOAD_ARRIVED_AGAIN);
    assert_int_equal(deliver(ledger, 1, 0, 0), LOAD_ARRIVED_ASTRAY);
    load_ledger_deinit(ledger);
    assert_int_equal(fixture.memory.bytes_in_use, 0);
}

static void each_group_gets_a_copy(void **state) {
    (void)state;
    struct fixture fixture = {0};
    struct load_ledger *ledger = &fixture.ledger;
    set_up_groups(&fixture, 2);
    send(ledger, 1, 1);
    deliver(ledger, 0, 1, 0);
    deliver(ledger, 0, 1, 0);
    assert_counts(ledger,
                  (struct load_counts){.sent = 1, .expected = 2, .delivered = 1, .repeated = 1});
    deliver(ledger, 1, 1, 0);
    assert_int_equal(load_ledger_outstanding(ledger), 0);
    load_ledger_deinit(ledger);
    assert_int_equal(fixture.memory.bytes_in_use, 0);
}

// What a group keeps is as long as what it has not got.
static void a_group_forgets_what_all_came(void **state) {
    (void)state;
    struct fixture fixture = {0};
    set_up_groups(&fixture, 1);
    send(&fixture.ledger, 1, 100000);
    for (uint32_t i = 0; i < 100000; i++) {
        deliver_as(&fixture.ledger, i % 2,
                   (struct load_head){.run = RUN, .stream = 1, .sequence = i}, names[1]);
    }
    assert_int_equal(fixture.ledger.counts.delivered, 100000);
    assert_in_range(fixture.ledger.shares[1].words, 1, 4);
    load_ledger_deinit(&fixture.ledger);
}

static void gaps_have_a_limit(void **state) {
    struct load_ledger *ledger = &((struct fixture *)*state)->ledger;
    uint32_t count = 2 * LOAD_GAPS_MAX + 20;
    send(ledger, 0, count);
    for (uint32_t sequence = 1; sequence < count; sequence += 2) {
        deliver(ledger, 0, 0, sequence);
    }
    assert_int_equal(ledger->gap_count, LOAD_GAPS_MAX);
    assert_int_equal(ledger->counts.missed, LOAD_GAPS_MAX + 10);
    deliver(ledger, 0, 0, count - 2); // of a gap that was not kept
    assert_int_equal(ledger->counts.repeated, 1);
    deliver(ledger, 0, 0, 0);
    assert_int_equal(ledger->counts.disordered, 1);
}

static void latencies_begin_with_what_is_measured(void **state) {
    struct fixture *fixture = *state;
    struct load_ledger *ledger = &fixture->ledger;
    send(ledger, 0, 3);
    ledger->measured_from = 999;
    deliver(ledger, 0, 0, 0);
    deliver(ledger, 0, 0, 1);
    deliver(ledger, 0, 0, 2); // sent at 998
    assert_int_equal(fixture->latency.count, 2);
    assert_int_equal(fixture->latency.max, 1);
}

static bool serve_once(void *context, uint32_t publisher) {
    assert_int_equal(publisher, 0);
    return ++*(int *)context == 1;
}

static void who_may_send_is_asked_until_it_cannot(void **state) {
    struct load_ledger *ledger = &((struct fixture *)*state)->ledger;
    int served = 0;
    struct load_service service = {&served, serve_once};
    load_ledger_serve(ledger, &service);
    assert_int_equal(served, 0);
    load_ledger_wake(ledger, 0);
    load_ledger_wake(ledger, 0);
    load_ledger_serve(ledger, &service);
    assert_int_equal(served, 1);
    load_ledger_serve(ledger, &service);
    load_ledger_serve(ledger, &service);
    assert_int_equal(served, 2);
}

static void what_is_too_much_does_not_fit(void **state) {
    (void)state;
    struct load_ledger_options options = {.publishers = 8192, .topics = 8192, .subscribers = 1};
    assert_true(load_ledger_fits(&options));
    options.subscribers = 2;
    assert_false(load_ledger_fits(&options));
    options = (struct load_ledger_options){.publishers = UINT32_MAX, .topics = UINT32_MAX};
    assert_false(load_ledger_fits(&options));
}

#define LEDGER_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        LEDGER_TEST(what_comes_once_and_in_order_is_good),
        LEDGER_TEST(what_does_not_come_is_missed),
        LEDGER_TEST(what_comes_twice_is_repeated),
        LEDGER_TEST(what_comes_late_is_out_of_order_once),
        LEDGER_TEST(order_counts_within_a_stream_only),
        LEDGER_TEST(what_was_not_asked_for_is_a_stray),
        LEDGER_TEST(messages_of_others_are_no_fault_where_they_may_come),
        LEDGER_TEST(any_change_of_a_payload_is_found),
        cmocka_unit_test(of_a_group_anyone_gets_each_in_any_order),
        cmocka_unit_test(each_group_gets_a_copy),
        cmocka_unit_test(a_group_forgets_what_all_came),
        LEDGER_TEST(gaps_have_a_limit),
        LEDGER_TEST(latencies_begin_with_what_is_measured),
        LEDGER_TEST(who_may_send_is_asked_until_it_cannot),
        cmocka_unit_test(what_is_too_much_does_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
