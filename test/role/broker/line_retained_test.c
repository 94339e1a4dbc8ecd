// Last values at the line door: nobody waits long for what another one asked for.
#include "role/network.h"

#include <stdio.h>

#include "role/broker/line_retained.h"

struct place {
    struct memory memory;
    struct topic_values values;
    struct line_retained retained;
    unsigned found[4]; // for each peer
    unsigned in_all;
    uint32_t sends_each; // that a value stands for; 0: one
};

static uint32_t count(void *context, uint32_t peer, const struct topic_value *value) {
    struct place *place = context;
    assert_true(value->topic.size > 0);
    place->found[peer]++;
    place->in_all++;
    return place->sends_each > 0 ? place->sends_each : 1;
}

static void open_place(struct place *place, uint32_t topics) {
    *place = (struct place){.in_all = 0};
    memory_init(&place->memory);
    topic_values_init(&place->values, &place->memory, 1,
                      (struct topic_values_limits){1000000, 100000000});
    for (uint32_t i = 0; i < topics; i++) {
        char topic[24];
        int size = snprintf(topic, sizeof topic, "x%u/a", i);
        assert_int_equal(topic_values_set(&place->values, bytes_make(topic, (size_t)size),
                                          BYTES_LITERAL("1"), 7, 1),
                         TOPIC_VALUES_OK);
    }
    line_retained_init(&place->retained, &place->memory, &place->values, 1);
}

static void close_place(struct place *place) {
    line_retained_deinit(&place->retained);
    topic_values_deinit(&place->values);
    assert_int_equal(place->memory.blocks_in_use, 0);
}

static void start(struct place *place, uint32_t peer, const char *filter) {
    line_retained_start(&place->retained, peer, bytes_of_text(filter));
}

static void take_turn(struct place *place) {
    line_retained_go_on(&place->retained, count, place);
}

// Gives back how many it took.
static unsigned take_all_turns(struct place *place) {
    unsigned turns = 0;
    for (; line_retained_is_due(&place->retained); turns++) {
        take_turn(place);
    }
    return turns;
}

static void a_filter_that_finds_nothing_takes_many_turns(void **state) {
    (void)state;
    struct place place;
    open_place(&place, 10 * LINE_RETAINED_LOOKS);
    start(&place, 0, "+/none");
    assert_in_range(take_all_turns(&place), 10, 50);
    assert_int_equal(place.in_all, 0);
    close_place(&place);
}

static void a_turn_sends_so_many_values(void **state) {
    (void)state;
    struct place place;
    open_place(&place, 10 * LINE_RETAINED_SENDS);
    start(&place, 0, "#");
    start(&place, 1, "#");
    unsigned before = 0;
    while (line_retained_is_due(&place.retained)) {
        take_turn(&place);
        assert_true(place.in_all - before <= LINE_RETAINED_SENDS);
        before = place.in_all;
    }
    assert_int_equal(place.found[0], 10 * LINE_RETAINED_SENDS); // each once
    assert_int_equal(place.found[1], 10 * LINE_RETAINED_SENDS);
    close_place(&place);
}

static void who_asks_for_one_value_does_not_wait_for_who_asks_for_all(void **state) {
    (void)state;
    struct place place;
    open_place(&place, 10000);
    for (int i = 0; i < 50; i++) {
        char filter[16];
        (void)snprintf(filter, sizeof filter, "+/%d", i);
        start(&place, 0, filter);
    }
    start(&place, 1, "#");
    take_turn(&place);
    start(&place, 2, "x77/a");
    take_turn(&place);
    assert_int_equal(place.found[2], 1);
    assert_true(line_retained_is_due(&place.retained));
    close_place(&place);
}

static void the_filters_of_one_device_take_turns(void **state) {
    (void)state;
    struct place place;
    open_place(&place, 100000);
    start(&place, 0, "+/none");
    start(&place, 0, "x5/a");
    take_turn(&place);
    assert_int_equal(place.found[0], 1);
    close_place(&place);
}

static void to_subscribe_again_begins_anew_and_adds_nothing(void **state) {
    (void)state;
    struct place place;
    open_place(&place, 1000);
    start(&place, 0, "x1/a");
    start(&place, 0, "#");
    size_t blocks = place.memory.blocks_in_use;
    take_turn(&place);
    assert_in_range(place.found[0], 2, LINE_RETAINED_SENDS);
    unsigned before = place.found[0];
    for (int i = 0; i < 1000; i++) {
        start(&place, 0, "#");
        assert_true(place.memory.blocks_in_use <= blocks);
    }
    (void)take_all_turns(&place);
    assert_int_equal(place.found[0], before + 1000);
    close_place(&place);
}

static void what_ends_is_sent_no_more(void **state) {
    (void)state;
    struct place place;
    open_place(&place, 1000);
    size_t blocks = place.memory.blocks_in_use;
    for (uint32_t peer = 0; peer < 4; peer++) {
        start(&place, peer, "x1/+");
        start(&place, peer, "#");
        start(&place, peer, "x2/+");
    }
    line_retained_stop(&place.retained, 0, BYTES_LITERAL("x2/+"));
    line_retained_stop(&place.retained, 0, BYTES_LITERAL("#"));
    line_retained_stop(&place.retained, 0, BYTES_LITERAL("other"));
    start(&place, 0, "x3/+");
    line_retained_stop_all(&place.retained, 1);
    line_retained_stop_all(&place.retained, 1);
    line_retained_stop(&place.retained, 2, BYTES_LITERAL("x1/+"));
    line_retained_stop(&place.retained, 2, BYTES_LITERAL("#"));
    line_retained_stop(&place.retained, 2, BYTES_LITERAL("x2/+"));
    (void)take_all_turns(&place);
    assert_int_equal(place.found[0], 2);
    assert_int_equal(place.found[1], 0);
    assert_int_equal(place.found[2], 0);
    assert_int_equal(place.found[3], 1002);
    assert_int_equal(place.memory.blocks_in_use, blocks);
    close_place(&place);
}

// ---- at the door ------------------------------------------------------------------------------

#define TOPICS (3 * LINE_RETAINED_SENDS)

static struct network_pair open_with_values(void) {
    struct network_pair pair = network_open_connected(NULL, NULL);
    for (uint32_t i = 0; i < TOPICS; i++) {
        char topic[24];
        (void)snprintf(topic, sizeof topic, "x%u/a", i);
        network_publish(pair.client, 83, topic, "1");
    }
    network_forget(pair.network);
    return pair;
}

static void a_broker_sends_them_in_parts_and_asks_for_its_next_turn(void **state) {
    (void)state;
    struct network_pair pair = open_with_values();
    struct broker *broker = &pair.broker->broker;
    network_subscribe(pair.client, 83, "#");
    assert_int_equal(network_count(pair.client, EVENT_ENTRY), TOPICS);
    network_forget(pair.network);
    // Without its ticks it sends none of them; each tick sends a part.
    line_retained_start(&broker->line.retained, 0, BYTES_LITERAL("#"));
    assert_int_equal(broker_deadline(broker), pair.network->now);
    broker_tick(broker, pair.network->now);
    assert_int_equal(network_count_lines(pair.network, "publ"), LINE_RETAINED_SENDS);
    assert_int_equal(broker_deadline(broker), pair.network->now);
    assert_true(line_door_disconnect(&broker->line, 580));
    assert_true(broker_deadline(broker) > pair.network->now);
    network_close(pair.network);
}

static bool has_no_room(void *context) {
    (void)context;
    return false;
}

static void nothing_is_sent_that_cannot_be_written(void **state) {
    (void)state;
    struct network_pair pair = open_with_values();
    struct broker *broker = &pair.broker->broker;
    pair.broker->port.has_room = has_no_room;
    network_subscribe(pair.client, 83, "#");
    broker_tick(broker, pair.network->now);
    assert_int_equal(network_count_lines(pair.network, "publ"), 0);
    assert_true(broker_deadline(broker) > pair.network->now); // a driver may sleep
    pair.broker->port.has_room = NULL;
    network_settle(pair.network);
    assert_int_equal(network_count(pair.client, EVENT_ENTRY), TOPICS);
    network_close(pair.network);
}

// A value about which much has to be asked takes the place of several.
static void values_that_cost_more_are_fewer_in_a_turn(void **state) {
    (void)state;
    enum { VALUES = 100, EACH = 40 };
    struct place place;
    open_place(&place, VALUES);
    place.sends_each = EACH;
    start(&place, 1, "#");
    take_turn(&place);
    assert_in_range(place.in_all, 1, 2 * LINE_RETAINED_SENDS / EACH); // a part may go over its end
    place.sends_each = 2 * LINE_RETAINED_SENDS;                       // one is always sent
    take_turn(&place);
    place.sends_each = EACH;
    (void)take_all_turns(&place);
    assert_int_equal(place.found[1], VALUES);
    close_place(&place);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_that_cost_more_are_fewer_in_a_turn),
        cmocka_unit_test(a_filter_that_finds_nothing_takes_many_turns),
        cmocka_unit_test(a_turn_sends_so_many_values),
        cmocka_unit_test(who_asks_for_one_value_does_not_wait_for_who_asks_for_all),
        cmocka_unit_test(the_filters_of_one_device_take_turns),
        cmocka_unit_test(to_subscribe_again_begins_anew_and_adds_nothing),
        cmocka_unit_test(what_ends_is_sent_no_more),
        cmocka_unit_test(a_broker_sends_them_in_parts_and_asks_for_its_next_turn),
        cmocka_unit_test(nothing_is_sent_that_cannot_be_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
