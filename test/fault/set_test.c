#include "support.h"

#include <stdio.h>

#include "fault/parse.h"
#include "fault/profile.h"
#include "fault/set.h"
#include "mqtt/packet.h"
#include "packet/packet.h"

#define SECOND UINT64_C(1000000000)
#define MS UINT64_C(1000000)
#define START (100 * SECOND)

struct fixture {
    struct memory memory;
    struct fault_set set;
    uint64_t now;
};

static void start_with(struct fixture *fixture, uint64_t seed, struct fault_limits limits) {
    memory_init(&fixture->memory);
    fault_set_init(&fixture->set, &fixture->memory, seed, limits);
    fixture->now = START;
}

static void start(struct fixture *fixture) {
    start_with(fixture, 7, (struct fault_limits){.rules_max = 8, .clients_max = 100});
}

static void finish(struct fixture *fixture) {
    fault_set_check(&fixture->set);
    fault_set_deinit(&fixture->set);
    assert_int_equal(fixture->memory.bytes_in_use, 0);
}

static uint32_t add(struct fixture *fixture, const char *text) {
    struct fault_rule rule;
    struct fault_error error;
    if (!fault_parse(bytes_of_text(text), &rule, &error)) {
        fail_msg("%s: %s", text, error.text);
    }
    return fault_set_add(&fixture->set, &rule, START - 1);
}

// A packet of a client, as its connection would hand it over.
static struct fault_decision decide(struct fixture *fixture, const char *client,
                                    struct fault_packet packet) {
    struct fault_decision decision;
    struct fault_client *of = fault_set_ref(&fixture->set, bytes_of_text(client));
    assert_non_null(of);
    packet.client = bytes_of_text(client);
    packet.address = BYTES_LITERAL("127.0.0.1");
    packet.bytes = packet.bytes == 0 ? 100 : packet.bytes;
    fault_set_decide(&fixture->set, of, &packet, fixture->now, &decision);
    fault_set_unref(&fixture->set, of);
    fault_set_check(&fixture->set);
    return decision;
}

static struct fault_decision publish(struct fixture *fixture, const char *client) {
    return decide(fixture, client,
                  (struct fault_packet){.kind = MQTT_PUBLISH, .topic = BYTES_LITERAL("a/b")});
}

static enum fault_end end_of(struct fixture *fixture, const char *client) {
    return publish(fixture, client).end;
}

// ---- which packets ----------------------------------------------------------------------------

static void the_third_of_each_client_is_hit_over_all_its_connections(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    assert_int_equal(add(&fixture, "drop PUBLISH 3 from dev-*"), 1);
    for (unsigned i = 1; i <= 6; i++) {
        assert_int_equal(end_of(&fixture, "dev-1"), i == 3 ? FAULT_IS_DROPPED : FAULT_PASSES);
        assert_int_equal(end_of(&fixture, "other"), FAULT_PASSES);
    }
    for (unsigned i = 1; i <= 4; i++) {
        assert_int_equal(end_of(&fixture, "dev-2"), i == 3 ? FAULT_IS_DROPPED : FAULT_PASSES);
    }
    assert_int_equal(fixture.set.entries[0].hits, 2);
    finish(&fixture);
}

static void ranges_and_every_nth(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    (void)add(&fixture, "drop PUBLISH 2-3");
    (void)add(&fixture, "duplicate every 3 PUBLISH");
    // The second rule sees the packets 1, 4, 5, 6, 7, 8 and 9.
    static const char expected[] = ".xx.2..2.";
    for (unsigned i = 0; i + 1 < sizeof expected; i++) {
        struct fault_decision decision = publish(&fixture, "a");
        char got = decision.end == FAULT_IS_DROPPED ? 'x' : decision.copies == 2 ? '2' : '.';
        assert_int_equal(got, expected[i]);
    }
    finish(&fixture);
}

static void kinds_directions_topics_and_qualities_select(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    (void)add(&fixture, "drop PUBLISH to alice on a/+ qos 1");
    struct fault_packet right = {.kind = MQTT_PUBLISH,
                                 .direction = FAULT_TO_CLIENT,
                                 .qos = 1,
                                 .topic = BYTES_LITERAL("a/b")};
    struct fault_packet wrong = right;
    assert_int_equal(decide(&fixture, "alice", right).end, FAULT_IS_DROPPED);
    assert_int_equal(decide(&fixture, "bob", right).end, FAULT_PASSES);
    wrong.direction = FAULT_TO_BROKER;
    assert_int_equal(decide(&fixture, "alice", wrong).end, FAULT_PASSES);
    wrong = right;
    wrong.qos = 0;
    assert_int_equal(decide(&fixture, "alice", wrong).end, FAULT_PASSES);
    wrong = right;
    wrong.topic = BYTES_LITERAL("a/b/c");
    assert_int_equal(decide(&fixture, "alice", wrong).end, FAULT_PASSES);
    wrong.topic = bytes_make(NULL, 0);
    assert_int_equal(decide(&fixture, "alice", wrong).end, FAULT_PASSES);
    wrong = right;
    wrong.kind = MQTT_PUBREL;
    assert_int_equal(decide(&fixture, "alice", wrong).end, FAULT_PASSES);
    assert_true(fault_set_cares(&fixture.set, FAULT_TO_CLIENT, MQTT_PUBLISH));
    assert_false(fault_set_cares(&fixture.set, FAULT_TO_BROKER, MQTT_PUBLISH));
    assert_false(fault_set_cares(&fixture.set, FAULT_TO_CLIENT, MQTT_PUBREL));
    finish(&fixture);
}

static void a_share_is_hit_in_the_mean(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    (void)add(&fixture, "drop 10 % of PUBLISH");
    for (unsigned i = 0; i < 10000; i++) {
        (void)publish(&fixture, "a");
    }
    assert_in_range(fixture.set.entries[0].hits, 900, 1100);
    finish(&fixture);
}

// The decisions about one client's packets, as a number, while others' come in between or not.
static uint64_t pattern_of(uint64_t seed, unsigned others, bool has_other_rule) {
    struct fixture fixture;
    uint64_t hits = 0;
    start_with(&fixture, seed, (struct fault_limits){.rules_max = 8, .clients_max = 100});
    (void)add(&fixture, "drop 30 % of PUBLISH");
    if (has_other_rule) {
        (void)add(&fixture, "delay 5 ms ~ 5 ms");
    }
    for (unsigned i = 0; i < 64; i++) {
        for (unsigned j = 0; j < others; j++) {
            char name[16];
            (void)snprintf(name, sizeof name, "other-%u", (i + j) % 5);
            (void)publish(&fixture, name);
            fixture.now += 17 * MS;
        }
        hits = hits << 1 | (end_of(&fixture, "a") == FAULT_IS_DROPPED);
    }
    finish(&fixture);
    return hits;
}

static void equal_seeds_decide_equally_however_packets_interleave(void **state) {
    (void)state;
    uint64_t alone = pattern_of(7, 0, false);
    assert_int_equal(pattern_of(7, 0, false), alone);
    assert_int_equal(pattern_of(7, 3, false), alone);
    assert_int_equal(pattern_of(7, 11, true), alone);
    assert_int_not_equal(pattern_of(8, 0, false), alone);
    assert_in_range(__builtin_popcountll(alone), 8, 32);
}

static void clients_and_rules_have_random_numbers_of_their_own(void **state) {
    (void)state;
    struct fixture fixture;
    uint64_t patterns[4] = {0};
    start(&fixture);
    for (unsigned rule = 0; rule < 2; rule++) {
        if (rule > 0) {
            assert_true(fault_set_remove(&fixture.set, 1));
            fault_set_deinit(&fixture.set);
            fault_set_init(&fixture.set, &fixture.memory, 7,
                           (struct fault_limits){.rules_max = 8, .clients_max = 100});
            (void)add(&fixture, "delay 1 ms");
        }
        (void)add(&fixture, "drop 50 % of PUBLISH");
        for (unsigned i = 0; i < 64; i++) {
            patterns[2 * rule] = patterns[2 * rule] << 1 | end_of(&fixture, "a");
            patterns[2 * rule + 1] = patterns[2 * rule + 1] << 1 | end_of(&fixture, "b");
        }
    }
    for (unsigned i = 0; i < 4; i++) {
        for (unsigned j = 0; j < i; j++) {
            assert_int_not_equal(patterns[i], patterns[j]);
        }
    }
    finish(&fixture);
}

static void times_of_a_rule_count_from_when_it_was_added(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    (void)add(&fixture, "drop PUBLISH after 10 s for 5 s");
    (void)add(&fixture, "hold PUBLISH at 20 s");
    assert_int_equal(end_of(&fixture, "a"), FAULT_PASSES);
    fixture.now = START + 10 * SECOND;
    assert_int_equal(end_of(&fixture, "a"), FAULT_IS_DROPPED);
    fixture.now = START + 15 * SECOND;
    assert_int_equal(end_of(&fixture, "a"), FAULT_PASSES);
    fixture.now = START + 21 * SECOND;
    assert_int_equal(end_of(&fixture, "a"), FAULT_IS_HELD); // the first one then, once each client
    assert_int_equal(end_of(&fixture, "a"), FAULT_PASSES);
    assert_int_equal(end_of(&fixture, "b"), FAULT_IS_HELD);
    finish(&fixture);
}

static void once_in_each_period(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    (void)add(&fixture, "drop PUBLISH every 10 s");
    unsigned dropped = 0;
    for (unsigned i = 0; i < 35; i++) {
        dropped += end_of(&fixture, "a") == FAULT_IS_DROPPED;
        fixture.now += SECOND;
    }
    assert_int_equal(dropped, 3);
    finish(&fixture);
}

// ---- what happens -----------------------------------------------------------------------------

static void delays_add_up_and_vary_within_their_bounds(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    (void)add(&fixture, "delay 200 ms ~ 50 ms");
    (void)add(&fixture, "delay 1 s");
    uint64_t least = UINT64_MAX;
    uint64_t most = 0;
    for (unsigned i = 0; i < 1000; i++) {
        struct fault_decision decision = publish(&fixture, "a");
        assert_int_equal(decision.begin, decision.finish);
        uint64_t late = decision.begin - fixture.now;
        least = late < least ? late : least;
        most = late > most ? late : most;
    }
    assert_in_range(least, 1150 * MS, 1152 * MS);
    assert_in_range(most, 1248 * MS, 1250 * MS);
    assert_int_equal(fixture.set.entries[1].hits, 1000);
    finish(&fixture);
}

static void a_throttled_line_carries_one_packet_after_the_other(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    (void)add(&fixture, "throttle 8 kbit/s");
    struct fault_packet packet = {.kind = MQTT_PUBLISH, .bytes = 500};
    struct fault_decision first = decide(&fixture, "a", packet);
    struct fault_decision second = decide(&fixture, "a", packet);
    assert_int_equal(first.begin, START);
    assert_int_equal(first.finish, START + SECOND / 2);
    assert_int_equal(second.begin, first.finish);
    assert_int_equal(second.finish, START + SECOND);
    packet.direction = FAULT_TO_CLIENT; // a line of its own
    assert_int_equal(decide(&fixture, "a", packet).begin, START);
    packet.direction = FAULT_TO_BROKER;
    assert_int_equal(decide(&fixture, "b", packet).begin, START);
    fixture.now = START + 3 * SECOND; // what was not used is not saved up
    assert_int_equal(decide(&fixture, "a", packet).finish, fixture.now + SECOND / 2);
    packet.bytes = MQTT_PACKET_MAX;
    struct fault_decision large = decide(&fixture, "a", packet);
    assert_int_equal(large.finish - large.begin, MQTT_PACKET_MAX * MS);
    finish(&fixture);
}

static void a_stall_holds_up_all_that_follow(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    (void)add(&fixture, "stall 3 s PUBLISH 2 from a");
    assert_int_equal(publish(&fixture, "a").begin, START);
    assert_int_equal(publish(&fixture, "a").begin, START + 3 * SECOND);
    assert_int_equal(publish(&fixture, "a").begin, START + 3 * SECOND);
    assert_int_equal(publish(&fixture, "b").begin, START);
    fixture.now = START + 4 * SECOND;
    assert_int_equal(publish(&fixture, "a").begin, fixture.now);
    finish(&fixture);
}

static void a_stall_that_was_taken_back_holds_up_nothing_more(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    uint32_t stall = add(&fixture, "stall 3 s PUBLISH 1 from a");
    (void)add(&fixture, "duplicate PUBLISH");
    assert_int_equal(publish(&fixture, "a").begin, START + 3 * SECOND);
    assert_true(fault_set_remove(&fixture.set, stall));
    assert_int_equal(publish(&fixture, "a").begin, START);
    finish(&fixture);
}

static void ends_places_and_counts(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    (void)add(&fixture, "cut inside PUBLISH 2 after 7 bytes from a");
    (void)add(&fixture, "refuse CONNECT");
    (void)add(&fixture, "reorder PUBLISH 1 by 3 from b");
    (void)add(&fixture, "freeze 10 s PUBLISH 1 from c");
    (void)add(&fixture, "freeze PUBLISH 1 from d");
    assert_int_equal(end_of(&fixture, "a"), FAULT_PASSES);
    struct fault_decision decision = publish(&fixture, "a");
    assert_int_equal(decision.end, FAULT_IS_CUT);
    assert_int_equal(decision.place, FAULT_INSIDE);
    assert_int_equal(decision.inside_bytes, 7);
    assert_int_equal(decision.rule, 1);
    decision = decide(&fixture, "a", (struct fault_packet){.kind = MQTT_CONNECT});
    assert_int_equal(decision.end, FAULT_IS_REFUSED);
    assert_int_equal(decision.rule, 2);
    assert_int_equal(publish(&fixture, "b").by, 3);
    assert_int_equal(publish(&fixture, "b").by, 0);
    assert_int_equal(publish(&fixture, "c").frozen_until, START + 10 * SECOND);
    assert_int_equal(publish(&fixture, "c").frozen_until, 0);
    assert_int_equal(publish(&fixture, "d").frozen_until, UINT64_MAX);
    assert_int_equal(publish(&fixture, "e").rule, 0);
    finish(&fixture);
}

static void the_same_bits_are_wrong_whatever_the_pieces(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    (void)add(&fixture, "corrupt 20 bits of PUBLISH");
    struct fault_decision decision = publish(&fixture, "a");
    uint8_t whole[100] = {0};
    uint8_t pieces[100] = {0};
    fault_corrupt(&decision, 100, 0, whole, 100);
    for (size_t at = 0; at < 100; at += 9) {
        fault_corrupt(&decision, 100, at, pieces + at, at + 9 > 100 ? 100 - at : 9);
    }
    assert_memory_equal(whole, pieces, 100);
    unsigned wrong = 0;
    for (size_t i = 0; i < sizeof whole; i++) {
        wrong += (unsigned)__builtin_popcount(whole[i]);
    }
    assert_int_equal(wrong, 20);
    uint8_t tiny[2] = {0}; // fewer bits than are to be wrong: all of them
    fault_corrupt(&decision, 2, 0, tiny, 2);
    assert_int_equal(tiny[0], 0xff);
    assert_int_equal(tiny[1], 0xff);
    finish(&fixture);
}

// ---- losses -----------------------------------------------------------------------------------

static void a_packet_lost_in_a_stream_is_late_by_a_timer(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    (void)add(&fixture, "lose PUBLISH 2");
    assert_int_equal(publish(&fixture, "a").begin, START);
    struct fault_decision decision = publish(&fixture, "a");
    assert_int_equal(decision.end, FAULT_PASSES);
    assert_int_equal(decision.begin, START + SECOND);
    finish(&fixture);
}

// Timers of 1, 2, 4, 8, 16, 32, 60 s: the sum passes 100 s with the seventh.
static void a_stream_on_which_all_is_lost_is_reset_in_the_end(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    (void)add(&fixture, "lose 100 %");
    struct fault_decision decision = publish(&fixture, "a");
    assert_int_equal(decision.end, FAULT_IS_RESET);
    assert_int_equal(decision.begin, START + 123 * SECOND);
    finish(&fixture);
}

static void losses_come_again_with_their_share(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    (void)add(&fixture, "lose 20 % of PUBLISH");
    unsigned once = 0;
    unsigned twice = 0;
    for (unsigned i = 0; i < 5000; i++) {
        uint64_t late = publish(&fixture, "a").begin - START;
        once += late == SECOND;
        twice += late == 3 * SECOND;
        assert_true(late == 0 || late % SECOND == 0);
    }
    assert_in_range(once, 700, 900); // 5000 * 0.2 * 0.8
    assert_in_range(twice, 120, 200);
    finish(&fixture);
}

static void lines_that_are_lost_are_gone_and_come_in_bursts(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    fixture.set.of_lines = true;
    (void)add(&fixture, "lose 10 % in bursts of 5");
    unsigned lost = 0;
    unsigned bursts = 0;
    bool was_lost = false;
    for (unsigned i = 0; i < 20000; i++) {
        struct fault_packet packet = {.kind = FAULT_LINE + PACKET_PUBL};
        bool is_lost = decide(&fixture, "580", packet).end == FAULT_IS_DROPPED;
        lost += is_lost;
        bursts += is_lost && !was_lost;
        was_lost = is_lost;
    }
    assert_in_range(lost, 1700, 2300);
    assert_in_range(lost * 10 / bursts, 42, 58); // in the mean 5 in a row
    assert_int_equal(fixture.set.entries[0].hits, lost);
    finish(&fixture);
}

static void a_profile_has_a_speed_for_each_way(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    (void)add(&fixture, "profile gprs");
    struct fault_packet packet = {.kind = MQTT_PUBLISH, .bytes = 2500};
    struct fault_decision up = decide(&fixture, "a", packet);
    packet.direction = FAULT_TO_CLIENT;
    struct fault_decision down = decide(&fixture, "a", packet);
    assert_int_equal(up.finish - up.begin, SECOND); // 20 kbit/s
    assert_int_equal(down.finish - down.begin, 400 * MS);
    assert_in_range(up.begin, START + 350 * MS, START + 650 * MS);
    finish(&fixture);
}

// ---- connections --------------------------------------------------------------------------------

static void freezes_and_cuts_come_by_the_clock(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    (void)add(&fixture, "freeze 30 s every 5 min with dev-*");
    (void)add(&fixture, "cut at 400 s");
    struct fault_connection connection = {.client = BYTES_LITERAL("dev-1"), .looked = START};
    struct fault_connection other = {.client = BYTES_LITERAL("x"), .looked = START};
    assert_int_equal(fault_set_due(&fixture.set, START), START + 300 * SECOND);
    assert_int_equal(fault_set_freezes(&fixture.set, &connection, 0, START), 0);
    uint64_t then = START + 300 * SECOND;
    uint64_t until = fault_set_freezes(&fixture.set, &connection, 0, then);
    assert_int_equal(until, then + 30 * SECOND);
    assert_int_equal(fault_set_freezes(&fixture.set, &connection, until, then + SECOND), until);
    assert_int_equal(fault_set_freezes(&fixture.set, &other, 0, then), 0);
    assert_int_equal(fixture.set.entries[0].hits, 1);
    assert_int_equal(fault_set_due(&fixture.set, then), START + 400 * SECOND);
    assert_int_equal(fault_set_cuts(&fixture.set, &other, START + 400 * SECOND - 1), 0);
    assert_int_equal(fault_set_cuts(&fixture.set, &other, START + 400 * SECOND), 2);
    other.looked = START + 400 * SECOND;
    assert_int_equal(fault_set_cuts(&fixture.set, &other, START + 500 * SECOND), 0);
    assert_int_equal(fault_set_due(&fixture.set, START + 400 * SECOND), START + 600 * SECOND);
    // They are about no packets.
    assert_int_equal(end_of(&fixture, "dev-1"), FAULT_PASSES);
    assert_false(fault_set_cares(&fixture.set, FAULT_TO_BROKER, MQTT_PUBLISH));
    finish(&fixture);
}

static void a_freeze_without_a_time_is_at_once_and_for_ever(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    assert_int_equal(fault_set_due(&fixture.set, START), UINT64_MAX);
    (void)add(&fixture, "freeze");
    struct fault_connection connection = {.client = BYTES_LITERAL("a"), .looked = START - 1};
    assert_int_equal(fault_set_due(&fixture.set, START - 1), START);
    assert_int_equal(fault_set_freezes(&fixture.set, &connection, 0, START), UINT64_MAX);
    finish(&fixture);
}

// ---- limits -----------------------------------------------------------------------------------

static void there_are_so_many_rules_and_none_has_the_number_of_another(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    for (uint32_t i = 1; i <= 8; i++) {
        assert_int_equal(add(&fixture, "drop PUBLISH 1"), i);
    }
    assert_int_equal(add(&fixture, "drop"), 0);
    assert_int_equal(end_of(&fixture, "a"), FAULT_IS_DROPPED); // and by number 2 the next one
    assert_true(fault_set_remove(&fixture.set, 1));
    assert_false(fault_set_remove(&fixture.set, 1));
    assert_int_equal(add(&fixture, "hold PUBLISH 1"), 9);
    for (uint32_t i = 2; i <= 8; i++) {
        assert_int_equal(end_of(&fixture, "a"), FAULT_IS_DROPPED);
    }
    // In the place of number 1, and counts for itself.
    assert_int_equal(end_of(&fixture, "a"), FAULT_IS_HELD);
    finish(&fixture);
}

static void of_too_many_clients_the_one_that_left_first_is_forgotten(void **state) {
    (void)state;
    struct fixture fixture;
    start_with(&fixture, 7, (struct fault_limits){.rules_max = 8, .clients_max = 2});
    (void)add(&fixture, "drop PUBLISH 1");
    assert_int_equal(end_of(&fixture, "a"), FAULT_IS_DROPPED);
    assert_int_equal(end_of(&fixture, "b"), FAULT_IS_DROPPED);
    assert_int_equal(end_of(&fixture, "a"), FAULT_PASSES);
    assert_int_equal(end_of(&fixture, "c"), FAULT_IS_DROPPED); // b is forgotten
    assert_int_equal(end_of(&fixture, "a"), FAULT_PASSES);
    assert_int_equal(end_of(&fixture, "b"), FAULT_IS_DROPPED);
    struct fault_client *held = fault_set_ref(&fixture.set, BYTES_LITERAL("a"));
    struct fault_client *second = fault_set_ref(&fixture.set, BYTES_LITERAL("x"));
    assert_non_null(held);
    assert_non_null(second);
    assert_null(fault_set_ref(&fixture.set, BYTES_LITERAL("y")));
    fault_set_unref(&fixture.set, held);
    fault_set_unref(&fixture.set, second);
    finish(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_third_of_each_client_is_hit_over_all_its_connections),
        cmocka_unit_test(ranges_and_every_nth),
        cmocka_unit_test(kinds_directions_topics_and_qualities_select),
        cmocka_unit_test(a_share_is_hit_in_the_mean),
        cmocka_unit_test(equal_seeds_decide_equally_however_packets_interleave),
        cmocka_unit_test(clients_and_rules_have_random_numbers_of_their_own),
        cmocka_unit_test(times_of_a_rule_count_from_when_it_was_added),
        cmocka_unit_test(once_in_each_period),
        cmocka_unit_test(delays_add_up_and_vary_within_their_bounds),
        cmocka_unit_test(a_throttled_line_carries_one_packet_after_the_other),
        cmocka_unit_test(a_stall_holds_up_all_that_follow),
        cmocka_unit_test(a_stall_that_was_taken_back_holds_up_nothing_more),
        cmocka_unit_test(ends_places_and_counts),
        cmocka_unit_test(the_same_bits_are_wrong_whatever_the_pieces),
        cmocka_unit_test(a_packet_lost_in_a_stream_is_late_by_a_timer),
        cmocka_unit_test(a_stream_on_which_all_is_lost_is_reset_in_the_end),
        cmocka_unit_test(losses_come_again_with_their_share),
        cmocka_unit_test(lines_that_are_lost_are_gone_and_come_in_bursts),
        cmocka_unit_test(a_profile_has_a_speed_for_each_way),
        cmocka_unit_test(freezes_and_cuts_come_by_the_clock),
        cmocka_unit_test(a_freeze_without_a_time_is_at_once_and_for_ever),
        cmocka_unit_test(there_are_so_many_rules_and_none_has_the_number_of_another),
        cmocka_unit_test(of_too_many_clients_the_one_that_left_first_is_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
