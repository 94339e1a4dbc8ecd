// Streams between two nodes that do nothing, on an island without a world.
#include "sim/plans.h"

#include "sim/link/stream.h"

struct lab {
    struct plans *plans;
    struct sim_island island;
    struct sim_node nodes[SIM_ENDS];
    struct sim_stream *stream;
    unsigned came[SIM_EVENTS]; // events, by kind
};

static void open_lab(struct lab *lab) {
    *lab = (struct lab){.plans = plans_open(1, PLAN_DOOR_MQTT)};
    sim_island_init(&lab->island, &lab->plans->plan, 2, NULL);
    for (uint32_t i = 0; i < SIM_ENDS; i++) {
        sim_node_init(&lab->nodes[i], &lab->island, i, BYTES_LITERAL("node"));
        lab->nodes[i].place = (struct sim_place){.link = PLAN_NONE, .kind = SIM_PLACE_BROKER};
    }
    lab->nodes[SIM_CLIENT_END].place.link = 0;
    lab->nodes[SIM_CLIENT_END].place.index = 1;
    lab->stream = sim_stream_open(&lab->nodes[SIM_CLIENT_END], &lab->nodes[SIM_BROKER_END], 5);
}

static void close_lab(struct lab *lab) {
    sim_island_deinit(&lab->island);
    assert_int_equal(lab->island.memory.blocks_in_use, 0);
    plans_close(lab->plans);
}

// Lets so much time pass; what arrives stays where it is.
static void pass(struct lab *lab, uint64_t span) {
    uint64_t end = lab->island.now + span;
    struct sim_event event;
    while (sim_island_take(&lab->island, end, &event)) {
        lab->came[event.kind]++;
        if (event.kind == SIM_RETRY) {
            struct sim_stream *stream = sim_stream_named(&lab->island, event.argument);
            (void)sim_stream_retry(stream, sim_stream_side(event.argument));
        }
    }
    lab->island.now = end;
}

// The mark of the next piece that came, which is taken; -1: none.
static int take(struct lab *lab, enum sim_side side) {
    const struct sim_piece *piece = sim_stream_arrived(lab->stream, side);
    if (piece == NULL) {
        return -1;
    }
    int mark = piece->mark;
    sim_stream_take(lab->stream, side);
    sim_stream_check(lab->stream);
    return mark;
}

static void connect_both(struct lab *lab) {
    pass(lab, 20 * PLANS_MS);
    assert_int_equal(take(lab, SIM_BROKER_END), SIM_SYN);
    sim_stream_mark(lab->stream, SIM_BROKER_END, SIM_ACCEPT, lab->island.now);
    pass(lab, 20 * PLANS_MS);
    assert_int_equal(take(lab, SIM_CLIENT_END), SIM_ACCEPT);
}

static void close_both(struct lab *lab) {
    sim_stream_close(lab->stream, SIM_CLIENT_END, SIM_ENDS_WITH_FIN);
    pass(lab, 20 * PLANS_MS);
    assert_int_equal(take(lab, SIM_BROKER_END), SIM_FIN);
    sim_stream_close(lab->stream, SIM_BROKER_END, SIM_ENDS_WITH_FIN);
}

static void who_does_not_read_holds_the_sender_up(void **state) {
    (void)state;
    static const uint8_t bytes[SIM_WINDOW];
    struct lab lab;
    open_lab(&lab);
    connect_both(&lab);
    assert_int_equal(sim_stream_room(lab.stream, SIM_CLIENT_END), SIM_WINDOW);
    for (unsigned i = 0; i < 2; i++) {
        sim_stream_send(lab.stream, SIM_CLIENT_END, bytes_make(bytes, SIM_WINDOW / 2), 0);
    }
    assert_int_equal(sim_stream_room(lab.stream, SIM_CLIENT_END), 0);
    pass(&lab, PLANS_S);
    assert_int_equal(lab.came[SIM_ROOM], 0);
    assert_int_equal(take(&lab, SIM_BROKER_END), SIM_BYTES);
    pass(&lab, PLANS_S);
    assert_int_equal(lab.came[SIM_ROOM], 1);
    assert_int_equal(sim_stream_room(lab.stream, SIM_CLIENT_END), SIM_WINDOW / 2);
    assert_int_equal(take(&lab, SIM_BROKER_END), SIM_BYTES);
    close_both(&lab);
    close_lab(&lab);
}

static void what_the_way_holds_back_arrives_when_it_leads_again(void **state) {
    (void)state;
    struct lab lab;
    open_lab(&lab);
    connect_both(&lab);
    struct plan_fault *fault = plans_add_fault(lab.plans, PLAN_LINK_DOWN, 0, 0);
    fault->who = (struct plan_party){.kind = PLAN_PARTY_BROKER, .index = 1};
    sim_paths_begin(&lab.island.paths, fault);
    sim_stream_send(lab.stream, SIM_CLIENT_END, BYTES_LITERAL("one"), 0);
    sim_stream_send(lab.stream, SIM_CLIENT_END, BYTES_LITERAL("two"), 0);
    pass(&lab, 5 * PLANS_S); // timers of 1 and 2 s
    assert_int_equal(lab.came[SIM_RETRY], 2);
    assert_int_equal(take(&lab, SIM_BROKER_END), -1);
    sim_paths_end(&lab.island.paths, fault);
    pass(&lab, 5 * PLANS_S); // and one of 4 s
    assert_int_equal(take(&lab, SIM_BROKER_END), SIM_BYTES);
    assert_int_equal(take(&lab, SIM_BROKER_END), SIM_BYTES);
    sim_stream_send(lab.stream, SIM_CLIENT_END, BYTES_LITERAL("three"), 0);
    pass(&lab, 20 * PLANS_MS);
    assert_int_equal(take(&lab, SIM_BROKER_END), SIM_BYTES);
    close_both(&lab);
    close_lab(&lab);
}

static void an_end_that_is_over_answers_with_a_reset(void **state) {
    (void)state;
    struct lab lab;
    open_lab(&lab);
    connect_both(&lab);
    sim_stream_close(lab.stream, SIM_CLIENT_END, SIM_ENDS_SILENTLY);
    pass(&lab, 300 * PLANS_S);
    assert_int_equal(take(&lab, SIM_BROKER_END), -1); // it is half open
    sim_stream_send(lab.stream, SIM_BROKER_END, BYTES_LITERAL("are you there?"), 0);
    pass(&lab, 20 * PLANS_MS);
    assert_int_equal(take(&lab, SIM_CLIENT_END), -1);
    pass(&lab, 20 * PLANS_MS);
    assert_int_equal(take(&lab, SIM_BROKER_END), SIM_RESET);
    sim_stream_close(lab.stream, SIM_BROKER_END, SIM_ENDS_SILENTLY);
    close_lab(&lab);
}

static void a_sender_gives_up_after_a_hundred_seconds(void **state) {
    (void)state;
    struct lab lab;
    open_lab(&lab);
    connect_both(&lab);
    struct plan_fault *fault = plans_add_fault(lab.plans, PLAN_LINK_DOWN, 0, 0);
    fault->who = (struct plan_party){.kind = PLAN_PARTY_BROKER, .index = 1};
    sim_paths_begin(&lab.island.paths, fault);
    sim_stream_send(lab.stream, SIM_CLIENT_END, BYTES_LITERAL("one"), 0);
    pass(&lab, 90 * PLANS_S);
    assert_true(sim_stream_retry(lab.stream, SIM_CLIENT_END));
    lab.island.now += 20 * PLANS_S;
    assert_false(sim_stream_retry(lab.stream, SIM_CLIENT_END));
    sim_stream_close(lab.stream, SIM_CLIENT_END, SIM_ENDS_SILENTLY);
    sim_stream_close(lab.stream, SIM_BROKER_END, SIM_ENDS_SILENTLY);
    close_lab(&lab);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_does_not_read_holds_the_sender_up),
        cmocka_unit_test(what_the_way_holds_back_arrives_when_it_leads_again),
        cmocka_unit_test(an_end_that_is_over_answers_with_a_reset),
        cmocka_unit_test(a_sender_gives_up_after_a_hundred_seconds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
