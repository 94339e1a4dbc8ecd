#include "support.h"

#include <stdio.h>
#include <stdlib.h>

#include "fault/parse.h"
#include "role/proxy/proxy.h"

#define SECOND UINT64_C(1000000000)
#define MS UINT64_C(1000000)
#define TOLD_MAX 64

// One proxy in memory and in virtual time; what its sides get is taken at once unless they are
// stuck.
struct fixture {
    struct memory memory;
    struct proxy proxy;
    struct proxy_connection *connection;
    uint64_t now;
    size_t split;     // bytes handed over at a time; 0: all
    bool is_stuck[2]; // takes nothing
    bool is_over[2];  // was ended by the proxy
    uint8_t *got[2];  // what a side has got
    size_t got_size[2];
    struct proxy_event told[TOLD_MAX];
    unsigned told_count;
    unsigned hits;
    struct bytes lent; // what is being handed over
    unsigned fates;
    size_t fate_end; // of the last one, in what was lent
};

static void on_wake(void *context, struct proxy_connection *connection, enum proxy_side side) {
    (void)context;
    (void)connection;
    (void)side;
}

static void on_tell(void *context, const struct proxy_event *event) {
    struct fixture *fixture = context;
    fixture->hits += event->kind == PROXY_HIT;
    if (fixture->told_count < TOLD_MAX) {
        fixture->told[fixture->told_count++] = *event;
    }
}

// What is told of stands in what was handed over.
static void on_decided(void *context, const struct proxy_fate *fate) {
    struct fixture *fixture = context;
    assert_true(fate->packet.data >= fixture->lent.data);
    fixture->fate_end = (size_t)(fate->packet.data - fixture->lent.data) + fate->packet.size;
    assert_true(fixture->fate_end <= fixture->lent.size);
    fixture->fates++;
}

static const struct proxy_limits limits = {
    .connections_max = 4, .rules_max = 8, .clients_max = 4, .lane_bytes = 20000};

static void connect_client(struct fixture *fixture) {
    fixture->connection = proxy_connect(&fixture->proxy, "127.0.0.1:5000", fixture, fixture->now);
    assert_non_null(fixture->connection);
    fixture->is_over[PROXY_CLIENT] = fixture->is_over[PROXY_BROKER] = false;
}

static void start(struct fixture *fixture) {
    *fixture = (struct fixture){.now = SECOND};
    memory_init(&fixture->memory);
    proxy_init(&fixture->proxy, &fixture->memory, 7, &limits);
    fixture->proxy.port = (struct proxy_port){.context = fixture, .wake = on_wake, .tell = on_tell};
    connect_client(fixture);
}

static void add(struct fixture *fixture, const char *text) {
    struct fault_rule rule;
    struct fault_error error;
    if (!fault_parse(bytes_of_text(text), &rule, &error)) {
        fail_msg("%s: %s", text, error.text);
    }
    assert_int_not_equal(proxy_add_rule(&fixture->proxy, &rule, fixture->now - 1), 0);
}

static void take(struct fixture *fixture, enum proxy_side side) {
    struct bytes run;
    while (!fixture->is_stuck[side] && proxy_output(fixture->connection, side, &run, 1) == 1) {
        fixture->got[side] = realloc(fixture->got[side], fixture->got_size[side] + run.size);
        memcpy(fixture->got[side] + fixture->got_size[side], run.data, run.size);
        fixture->got_size[side] += run.size;
        proxy_sent(fixture->connection, side, run.size);
    }
    fixture->is_over[side] |= proxy_is_over(fixture->connection, side);
}

static void take_both(struct fixture *fixture) {
    take(fixture, PROXY_CLIENT);
    take(fixture, PROXY_BROKER);
    proxy_check(&fixture->proxy);
}

// Bytes as the loop's buffer hands them over: gone after the call.
static void say(struct fixture *fixture, enum proxy_side side, struct bytes bytes) {
    while (bytes.size > 0) {
        size_t size =
            fixture->split > 0 && fixture->split < bytes.size ? fixture->split : bytes.size;
        uint8_t *lent = malloc(size);
        memcpy(lent, bytes.data, size);
        fixture->lent = bytes_make(lent, size);
        (void)proxy_receive(fixture->connection, side, bytes_make(lent, size), fixture->now);
        free(lent);
        bytes = bytes_make(bytes.data + size, bytes.size - size);
        take_both(fixture);
    }
}

static void wait(struct fixture *fixture, uint64_t span) {
    uint64_t end = fixture->now + span;
    for (uint64_t due = proxy_deadline(&fixture->proxy); due <= end;
         due = proxy_deadline(&fixture->proxy)) {
        fixture->now = due > fixture->now ? due : fixture->now;
        proxy_tick(&fixture->proxy, fixture->now);
        take_both(fixture);
    }
    fixture->now = end;
    proxy_tick(&fixture->proxy, fixture->now);
    take_both(fixture);
}

static void disconnect(struct fixture *fixture) {
    proxy_side_closed(fixture->connection, PROXY_CLIENT, fixture->now);
    proxy_side_closed(fixture->connection, PROXY_BROKER, fixture->now);
    fixture->connection = NULL;
}

static void finish(struct fixture *fixture) {
    if (fixture->connection != NULL) {
        disconnect(fixture);
    }
    proxy_check(&fixture->proxy);
    proxy_deinit(&fixture->proxy);
    assert_int_equal(fixture->memory.bytes_in_use, 0);
    free(fixture->got[PROXY_CLIENT]);
    free(fixture->got[PROXY_BROKER]);
}

static void forget(struct fixture *fixture) {
    fixture->got_size[PROXY_CLIENT] = fixture->got_size[PROXY_BROKER] = 0;
}

static void assert_got(struct fixture *fixture, enum proxy_side side, struct bytes expected) {
    assert_bytes_equal(bytes_make(fixture->got[side], fixture->got_size[side]), expected);
    fixture->got_size[side] = 0;
}

// ---- packets ----------------------------------------------------------------------------------

static const uint8_t connect_alice[] = {0x10, 17, 0, 4, 'M', 'Q', 'T', 'T', 4,  2,
                                        0,    0,  0, 5, 'a', 'l', 'i', 'c', 'e'};
static const uint8_t connack[] = {0x20, 2, 0, 0};
static const uint8_t pingreq[] = {0xc0, 0};

#define BYTES(array) bytes_make(array, sizeof(array))

// PUBLISH, QoS 1, topic "t/N", as N.
static struct bytes publish(uint8_t number) {
    static uint8_t packet[11];
    static const uint8_t start[11] = {0x32, 9, 0, 3, 't', '/', 0, 0, 0, 'x', 'y'};
    memcpy(packet, start, sizeof packet);
    packet[6] = (uint8_t)('0' + number);
    packet[8] = number;
    return BYTES(packet);
}

static struct bytes puback(uint8_t number) {
    static uint8_t packet[4] = {0x40, 2, 0, 0};
    packet[3] = number;
    return BYTES(packet);
}

// Past CONNECT and CONNACK.
static void start_connected(struct fixture *fixture) {
    start(fixture);
    say(fixture, PROXY_CLIENT, BYTES(connect_alice));
    say(fixture, PROXY_BROKER, BYTES(connack));
    forget(fixture);
}

// ---- untouched ----------------------------------------------------------------------------------

static void bytes_go_on_untouched_however_they_are_split(void **state) {
    (void)state;
    for (size_t split = 0; split < 24; split++) {
        struct fixture fixture;
        start(&fixture);
        fixture.split = split;
        say(&fixture, PROXY_CLIENT, BYTES(connect_alice));
        assert_got(&fixture, PROXY_BROKER, BYTES(connect_alice));
        say(&fixture, PROXY_BROKER, BYTES(connack));
        assert_got(&fixture, PROXY_CLIENT, BYTES(connack));
        for (uint8_t i = 1; i < 9; i++) {
            say(&fixture, PROXY_CLIENT, publish(i));
            assert_got(&fixture, PROXY_BROKER, publish(i));
            say(&fixture, PROXY_BROKER, puback(i));
            assert_got(&fixture, PROXY_CLIENT, puback(i));
        }
        assert_bytes_equal(proxy_connection_name(fixture.connection), BYTES_LITERAL("alice"));
        assert_int_equal(fixture.proxy.packets[PROXY_CLIENT][MQTT_PUBLISH], 8);
        assert_int_equal(fixture.proxy.packets[PROXY_BROKER][MQTT_PUBACK], 8);
        assert_int_equal(fixture.told[0].kind, PROXY_OPENED);
        assert_int_equal(fixture.told[1].kind, PROXY_KNOWN);
        assert_int_equal(fixture.told_count, 2);
        finish(&fixture);
    }
}

static void a_stream_of_random_packets_goes_on_with_and_without_rules_that_pass_it(void **state) {
    (void)state;
    for (unsigned round = 0; round < 40; round++) {
        struct fixture fixture;
        uint64_t random = round + 1;
        static uint8_t stream[60000];
        size_t size = 0;
        start_connected(&fixture);
        if (round % 2 == 1) {
            add(&fixture, "drop PUBLISH on never/+");
            add(&fixture, "drop PUBREL 999999");
        }
        while (size < sizeof stream - 400) {
            uint8_t length = (uint8_t)(support_random(&random) % 120);
            stream[size] = (uint8_t)((3 + support_random(&random) % 12) << 4);
            stream[size + 1] = length;
            for (unsigned i = 0; i < length; i++) {
                stream[size + 2 + i] = (uint8_t)support_random(&random);
            }
            size += 2u + length;
        }
        fixture.split = 1 + support_random(&random) % 999;
        say(&fixture, PROXY_CLIENT, bytes_make(stream, size));
        assert_got(&fixture, PROXY_BROKER, bytes_make(stream, size));
        assert_false(fixture.connection->is_foreign);
        finish(&fixture);
    }
}

static void what_is_no_mqtt_is_passed_on_and_told(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    say(&fixture, PROXY_CLIENT, BYTES_LITERAL("GET / HTTP/1.1\r\n\r\n"));
    assert_got(&fixture, PROXY_BROKER, BYTES_LITERAL("GET / HTTP/1.1\r\n\r\n"));
    say(&fixture, PROXY_BROKER, BYTES_LITERAL("HTTP/1.1 200 OK\r\n\r\n"));
    assert_got(&fixture, PROXY_CLIENT, BYTES_LITERAL("HTTP/1.1 200 OK\r\n\r\n"));
    assert_int_equal(fixture.told[1].kind, PROXY_FOREIGN);
    assert_int_equal(fixture.told_count, 2); // once
    assert_int_equal(fixture.proxy.foreign, 1);
    assert_bytes_equal(proxy_connection_name(fixture.connection), BYTES_LITERAL("~1"));
    add(&fixture, "drop bytes to broker");
    say(&fixture, PROXY_CLIENT, BYTES_LITERAL("more"));
    assert_got(&fixture, PROXY_BROKER, BYTES_LITERAL(""));
    say(&fixture, PROXY_BROKER, BYTES_LITERAL("answer"));
    assert_got(&fixture, PROXY_CLIENT, BYTES_LITERAL("answer"));
    finish(&fixture);
}

static void a_broker_that_speaks_first_is_no_broker(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    say(&fixture, PROXY_BROKER, BYTES_LITERAL("SSH-2.0-x\r\n"));
    assert_got(&fixture, PROXY_CLIENT, BYTES_LITERAL("SSH-2.0-x\r\n"));
    assert_true(fixture.connection->is_foreign);
    say(&fixture, PROXY_CLIENT, BYTES_LITERAL("SSH-2.0-y\r\n"));
    assert_got(&fixture, PROXY_BROKER, BYTES_LITERAL("SSH-2.0-y\r\n"));
    finish(&fixture);
}

static void a_stream_that_stops_to_be_mqtt_is_passed_on(void **state) {
    (void)state;
    struct fixture fixture;
    static const uint8_t broken[] = {0x30, 0xff, 0xff, 0xff, 0xff, 1, 2, 3};
    start_connected(&fixture);
    say(&fixture, PROXY_CLIENT, BYTES(broken));
    assert_got(&fixture, PROXY_BROKER, BYTES(broken));
    assert_true(fixture.connection->is_foreign);
    say(&fixture, PROXY_BROKER, puback(1)); // the other side goes on
    assert_int_equal(fixture.proxy.packets[PROXY_BROKER][MQTT_PUBACK], 1);
    finish(&fixture);
}

// ---- actions ------------------------------------------------------------------------------------

static void the_first_puback_is_dropped_once_for_each_client(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    add(&fixture, "drop PUBACK 1 to alice");
    for (unsigned round = 0; round < 2; round++) {
        say(&fixture, PROXY_CLIENT, BYTES(connect_alice));
        say(&fixture, PROXY_BROKER, BYTES(connack));
        forget(&fixture);
        fixture.split = 3;
        say(&fixture, PROXY_BROKER, puback(1));
        assert_got(&fixture, PROXY_CLIENT, round == 0 ? BYTES_LITERAL("") : puback(1));
        say(&fixture, PROXY_BROKER, puback(2));
        assert_got(&fixture, PROXY_CLIENT, puback(2));
        disconnect(&fixture);
        connect_client(&fixture);
    }
    assert_int_equal(fixture.hits, 1);
    assert_int_equal(fixture.proxy.set.entries[0].hits, 1);
    finish(&fixture);
}

static void topics_and_aliases_select(void **state) {
    (void)state;
    static const uint8_t connect_5[] = {0x10, 14, 0, 4, 'M', 'Q', 'T', 'T',
                                        5,    2,  0, 0, 0,   0,   1,   'b'};
    static const uint8_t named[] = {0x30, 10, 0, 3, 'a', '/', 'b', 3, 35, 0, 9, 'x'};
    static const uint8_t by_alias[] = {0x30, 7, 0, 0, 3, 35, 0, 9, 'y'};
    static const uint8_t other[] = {0x30, 7, 0, 3, 'a', '/', 'c', 0, 'z'};
    struct fixture fixture;
    for (size_t split = 0; split < 6; split++) {
        start(&fixture);
        fixture.split = split;
        say(&fixture, PROXY_CLIENT, BYTES(connect_5));
        forget(&fixture);
        say(&fixture, PROXY_CLIENT, BYTES(named)); // before there is a rule
        assert_got(&fixture, PROXY_BROKER, BYTES(named));
        add(&fixture, "drop PUBLISH from b on a/b");
        say(&fixture, PROXY_CLIENT, BYTES(by_alias));
        assert_got(&fixture, PROXY_BROKER, BYTES_LITERAL(""));
        say(&fixture, PROXY_CLIENT, BYTES(other));
        assert_got(&fixture, PROXY_BROKER, BYTES(other));
        finish(&fixture);
    }
}

static void a_delay_keeps_order_and_its_time(void **state) {
    (void)state;
    struct fixture fixture;
    start_connected(&fixture);
    add(&fixture, "delay 200 ms PUBLISH to broker");
    say(&fixture, PROXY_CLIENT, publish(1));
    say(&fixture, PROXY_CLIENT, BYTES(pingreq)); // waits behind it
    assert_got(&fixture, PROXY_BROKER, BYTES_LITERAL(""));
    assert_int_equal(proxy_deadline(&fixture.proxy), fixture.now + 200 * MS);
    wait(&fixture, 199 * MS);
    assert_got(&fixture, PROXY_BROKER, BYTES_LITERAL(""));
    wait(&fixture, 1 * MS);
    assert_int_equal(fixture.got_size[PROXY_BROKER], 13);
    assert_int_equal(proxy_deadline(&fixture.proxy), UINT64_MAX);
    finish(&fixture);
}

static void a_slow_line_lets_a_large_packet_trickle(void **state) {
    (void)state;
    struct fixture fixture;
    static uint8_t packet[15003] = {0x30, 0x98, 0x75, 0, 1, 'a'}; // 15000 behind the head
    start_connected(&fixture);
    add(&fixture, "throttle 12 kbit/s to broker"); // 1500 bytes a second
    say(&fixture, PROXY_CLIENT, BYTES(packet));
    assert_got(&fixture, PROXY_BROKER, BYTES_LITERAL(""));
    wait(&fixture, 5 * SECOND);
    assert_in_range(fixture.got_size[PROXY_BROKER], 6000, 7500);
    wait(&fixture, 5002 * MS);
    assert_got(&fixture, PROXY_BROKER, BYTES(packet));
    finish(&fixture);
}

static void a_packet_arrives_twice_or_behind_others(void **state) {
    (void)state;
    struct fixture fixture;
    for (size_t split = 0; split < 12; split++) {
        start_connected(&fixture);
        fixture.split = split;
        add(&fixture, "duplicate PUBACK 1");
        add(&fixture, "reorder PUBLISH 1 by 2");
        say(&fixture, PROXY_BROKER, puback(1));
        assert_int_equal(fixture.got_size[PROXY_CLIENT], 8);
        forget(&fixture);
        say(&fixture, PROXY_CLIENT, publish(1));
        say(&fixture, PROXY_CLIENT, publish(2));
        assert_got(&fixture, PROXY_BROKER, publish(2));
        say(&fixture, PROXY_CLIENT, BYTES(pingreq));
        assert_int_equal(fixture.got_size[PROXY_BROKER], 13);
        assert_memory_equal(fixture.got[PROXY_BROKER] + 2, publish(1).data, 11);
        finish(&fixture);
    }
}

static void a_packet_that_nothing_follows_goes_after_a_second(void **state) {
    (void)state;
    struct fixture fixture;
    start_connected(&fixture);
    add(&fixture, "reorder PUBLISH 1 by 2");
    say(&fixture, PROXY_CLIENT, publish(1));
    wait(&fixture, SECOND - 1);
    assert_got(&fixture, PROXY_BROKER, BYTES_LITERAL(""));
    wait(&fixture, 1);
    assert_got(&fixture, PROXY_BROKER, publish(1));
    finish(&fixture);
}

static void a_cut_is_where_the_rule_says(void **state) {
    (void)state;
    static const char *const rules[] = {
        "cut before PUBLISH 2", "cut inside PUBLISH 2 after 7 bytes", "cut after PUBLISH 2"};
    static const size_t sizes[] = {11, 18, 22};
    for (size_t i = 0; i < 3; i++) {
        for (size_t split = 0; split < 12; split++) {
            struct fixture fixture;
            start_connected(&fixture);
            fixture.split = split;
            add(&fixture, rules[i]);
            say(&fixture, PROXY_CLIENT, publish(1));
            say(&fixture, PROXY_CLIENT, publish(2));
            say(&fixture, PROXY_CLIENT, publish(3));
            assert_int_equal(fixture.got_size[PROXY_BROKER], sizes[i]);
            assert_true(fixture.is_over[PROXY_CLIENT] && fixture.is_over[PROXY_BROKER]);
            say(&fixture, PROXY_BROKER, puback(1)); // too late
            assert_got(&fixture, PROXY_CLIENT, BYTES_LITERAL(""));
            assert_true(fixture.connection->is_broken);
            finish(&fixture);
        }
    }
}

static void a_refused_connect_is_answered_and_never_seen(void **state) {
    (void)state;
    static const uint8_t refusal[] = {0x20, 2, 0, 3};
    struct fixture fixture;
    start(&fixture);
    add(&fixture, "refuse CONNECT for 10 s");
    say(&fixture, PROXY_CLIENT, BYTES(connect_alice));
    assert_got(&fixture, PROXY_CLIENT, BYTES(refusal));
    assert_got(&fixture, PROXY_BROKER, BYTES_LITERAL(""));
    assert_true(fixture.is_over[PROXY_CLIENT] && fixture.is_over[PROXY_BROKER]);
    disconnect(&fixture);
    connect_client(&fixture);
    wait(&fixture, 10 * SECOND);
    say(&fixture, PROXY_CLIENT, BYTES(connect_alice));
    assert_got(&fixture, PROXY_BROKER, BYTES(connect_alice));
    finish(&fixture);
}

static void bits_are_turned_whatever_the_pieces(void **state) {
    (void)state;
    uint8_t first[11] = {0};
    for (size_t split = 0; split < 12; split++) {
        struct fixture fixture;
        start_connected(&fixture);
        fixture.split = split;
        add(&fixture, "corrupt 3 bits of PUBLISH");
        say(&fixture, PROXY_CLIENT, publish(1));
        assert_int_equal(fixture.got_size[PROXY_BROKER], 11);
        if (split == 0) {
            memcpy(first, fixture.got[PROXY_BROKER], 11);
            assert_memory_not_equal(first, publish(1).data, 11);
        }
        assert_got(&fixture, PROXY_BROKER, BYTES(first));
        finish(&fixture);
    }
}

static void all_retransmissions_lost_resets_in_the_end(void **state) {
    (void)state;
    struct fixture fixture;
    start_connected(&fixture);
    add(&fixture, "lose 100 % to broker");
    say(&fixture, PROXY_CLIENT, publish(1));
    wait(&fixture, 122 * SECOND);
    assert_false(fixture.is_over[PROXY_CLIENT]);
    wait(&fixture, 2 * SECOND);
    assert_got(&fixture, PROXY_BROKER, BYTES_LITERAL(""));
    assert_true(fixture.is_over[PROXY_CLIENT] && fixture.is_over[PROXY_BROKER]);
    finish(&fixture);
}

// ---- commands and the clock ---------------------------------------------------------------------

static void held_packets_go_one_at_a_time_the_oldest_first(void **state) {
    (void)state;
    struct fixture fixture;
    start_connected(&fixture);
    assert_int_equal(proxy_hold(&fixture.proxy, bytes_make(NULL, 0)), 1);
    say(&fixture, PROXY_CLIENT, publish(1));
    say(&fixture, PROXY_BROKER, puback(7));
    say(&fixture, PROXY_CLIENT, publish(2));
    assert_got(&fixture, PROXY_BROKER, BYTES_LITERAL(""));
    assert_true(proxy_step(&fixture.proxy, BYTES_LITERAL("al*"), fixture.now));
    take_both(&fixture);
    assert_got(&fixture, PROXY_BROKER, publish(1));
    assert_got(&fixture, PROXY_CLIENT, BYTES_LITERAL(""));
    assert_true(proxy_step(&fixture.proxy, bytes_make(NULL, 0), fixture.now));
    take_both(&fixture);
    assert_got(&fixture, PROXY_CLIENT, puback(7));
    assert_false(proxy_step(&fixture.proxy, BYTES_LITERAL("bob"), fixture.now));
    assert_int_equal(proxy_thaw(&fixture.proxy, bytes_make(NULL, 0), fixture.now), 1);
    take_both(&fixture);
    assert_got(&fixture, PROXY_BROKER, publish(2));
    say(&fixture, PROXY_CLIENT, publish(3));
    assert_got(&fixture, PROXY_BROKER, publish(3));
    finish(&fixture);
}

static void a_frozen_connection_moves_nothing_and_then_all(void **state) {
    (void)state;
    struct fixture fixture;
    start_connected(&fixture);
    add(&fixture, "freeze 10 s PUBLISH 1");
    say(&fixture, PROXY_CLIENT, publish(1));
    assert_false(proxy_takes_input(fixture.connection, PROXY_CLIENT));
    assert_false(proxy_takes_input(fixture.connection, PROXY_BROKER));
    say(&fixture, PROXY_BROKER, puback(9)); // read before
    assert_got(&fixture, PROXY_BROKER, BYTES_LITERAL(""));
    assert_got(&fixture, PROXY_CLIENT, BYTES_LITERAL(""));
    wait(&fixture, 10 * SECOND);
    assert_got(&fixture, PROXY_BROKER, publish(1));
    assert_got(&fixture, PROXY_CLIENT, puback(9));
    assert_true(proxy_takes_input(fixture.connection, PROXY_CLIENT));
    finish(&fixture);
}

static void what_waits_because_of_a_rule_goes_on_when_it_is_taken_back(void **state) {
    static const char *const rules[] = {"hold PUBLISH 1", "delay 1 h PUBLISH 1", "freeze PUBLISH 1",
                                        "freeze with al*"};
    (void)state;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        struct fixture fixture;
        start_connected(&fixture);
        add(&fixture, rules[i]);
        wait(&fixture, 1);
        say(&fixture, PROXY_CLIENT, publish(1));
        say(&fixture, PROXY_CLIENT, publish(2));
        wait(&fixture, SECOND);
        assert_got(&fixture, PROXY_BROKER, BYTES_LITERAL(""));
        assert_false(proxy_remove_rule(&fixture.proxy, 2, fixture.now));
        assert_true(proxy_remove_rule(&fixture.proxy, 1, fixture.now));
        take_both(&fixture);
        assert_int_equal(fixture.got_size[PROXY_BROKER], 2 * publish(1).size);
        forget(&fixture);
        finish(&fixture);
    }
}

// In pieces of every size: one fate for each packet that is hit, at its last byte.
static void the_fate_of_a_packet_in_pieces_is_told_with_its_last_one(void **state) {
    static const char *const rules[] = {"drop PUBLISH 1", "delay 1 ms PUBLISH 1",
                                        "duplicate PUBLISH 1", "reorder PUBLISH 1 by 1"};
    (void)state;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        for (size_t split = 1; split <= publish(1).size + sizeof pingreq; split++) {
            struct fixture fixture;
            start_connected(&fixture);
            fixture.proxy.port.decided = on_decided;
            add(&fixture, rules[i]);
            wait(&fixture, 1);
            fixture.split = split;
            uint8_t both[64];
            size_t size = publish(1).size;
            memcpy(both, publish(1).data, size);
            memcpy(both + size, pingreq, sizeof pingreq);
            say(&fixture, PROXY_CLIENT, bytes_make(both, size + sizeof pingreq));
            assert_int_equal(fixture.fates, 1);
            assert_int_equal(fixture.fate_end, (size - 1) % split + 1);
            wait(&fixture, 2 * SECOND);
            forget(&fixture);
            finish(&fixture);
        }
    }
}

static void a_rule_that_stays_still_holds_what_is_its_own(void **state) {
    (void)state;
    struct fixture fixture;
    start_connected(&fixture);
    add(&fixture, "delay 10 s PUBLISH 1");
    add(&fixture, "delay 5 s PUBLISH 2");
    (void)proxy_freeze(&fixture.proxy, BYTES_LITERAL("al*"), fixture.now);
    say(&fixture, PROXY_CLIENT, publish(1));
    say(&fixture, PROXY_CLIENT, publish(2));
    assert_true(proxy_remove_rule(&fixture.proxy, 1, fixture.now));
    wait(&fixture, 20 * SECOND);
    assert_got(&fixture, PROXY_BROKER, BYTES_LITERAL("")); // frozen by hand
    assert_int_equal(proxy_thaw(&fixture.proxy, bytes_make(NULL, 0), fixture.now), 1);
    take_both(&fixture);
    assert_int_equal(fixture.got_size[PROXY_BROKER], 2 * publish(1).size);
    forget(&fixture);
    finish(&fixture);
}

static void a_freeze_of_all_is_for_new_connections_too(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    disconnect(&fixture);
    assert_int_equal(proxy_freeze(&fixture.proxy, bytes_make(NULL, 0), fixture.now), 0);
    connect_client(&fixture);
    assert_false(proxy_takes_input(fixture.connection, PROXY_CLIENT));
    assert_int_equal(proxy_thaw(&fixture.proxy, bytes_make(NULL, 0), fixture.now), 1);
    assert_true(proxy_takes_input(fixture.connection, PROXY_CLIENT));
    disconnect(&fixture);
    connect_client(&fixture);
    assert_true(proxy_takes_input(fixture.connection, PROXY_CLIENT));
    finish(&fixture);
}

// A client that was there before the proxy is in the middle of a packet, which passes.
static void a_guest_is_decided_about_from_its_next_packet_on(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    disconnect(&fixture);
    const struct proxy_guest guest = {.place = "127.0.0.1:5000",
                                      .user = &fixture,
                                      .version = MQTT_3_1_1,
                                      .client_id = BYTES_LITERAL("alice"),
                                      .rest = 4};
    fixture.connection = proxy_join(&fixture.proxy, &guest, fixture.now);
    assert_non_null(fixture.connection);
    add(&fixture, "drop PUBLISH 1 from al*");
    struct bytes first = publish(1);
    struct bytes end = bytes_make(first.data + first.size - 4, 4);
    say(&fixture, PROXY_CLIENT, end);
    assert_got(&fixture, PROXY_BROKER, end);
    say(&fixture, PROXY_CLIENT, publish(2));
    say(&fixture, PROXY_CLIENT, publish(3));
    assert_got(&fixture, PROXY_BROKER, publish(3));
    say(&fixture, PROXY_BROKER, puback(2));
    assert_got(&fixture, PROXY_CLIENT, puback(2));
    assert_int_equal(fixture.connection->packets[PROXY_BROKER], 1);
    finish(&fixture);
}

static void freezes_and_cuts_by_the_clock_reach_open_and_new_connections(void **state) {
    (void)state;
    struct fixture fixture;
    start_connected(&fixture);
    add(&fixture, "freeze 30 s at 60 s with al*");
    add(&fixture, "cut at 100 s");
    wait(&fixture, 61 * SECOND);
    assert_true(fixture.connection->frozen_until > 0);
    disconnect(&fixture);
    connect_client(&fixture);
    say(&fixture, PROXY_CLIENT, BYTES(connect_alice)); // known with this packet
    assert_got(&fixture, PROXY_BROKER, BYTES_LITERAL(""));
    wait(&fixture, 30 * SECOND);
    assert_got(&fixture, PROXY_BROKER, BYTES(connect_alice));
    wait(&fixture, 8 * SECOND);
    assert_false(fixture.is_over[PROXY_CLIENT]);
    wait(&fixture, 2 * SECOND);
    assert_true(fixture.is_over[PROXY_CLIENT] && fixture.is_over[PROXY_BROKER]);
    assert_int_equal(fixture.proxy.set.entries[0].hits, 2);
    assert_int_equal(fixture.proxy.set.entries[1].hits, 1);
    finish(&fixture);
}

static void a_cut_by_command_ends_both_sides(void **state) {
    (void)state;
    struct fixture fixture;
    start_connected(&fixture);
    assert_int_equal(proxy_cut(&fixture.proxy, BYTES_LITERAL("bob"), fixture.now), 0);
    assert_int_equal(proxy_cut(&fixture.proxy, BYTES_LITERAL("127.0.0.1"), fixture.now), 1);
    assert_int_equal(proxy_cut(&fixture.proxy, bytes_make(NULL, 0), fixture.now), 0);
    take_both(&fixture);
    assert_true(fixture.is_over[PROXY_CLIENT] && fixture.is_over[PROXY_BROKER]);
    finish(&fixture);
}

// ---- ends and bounds ----------------------------------------------------------------------------

static void what_is_on_its_way_arrives_though_its_sender_has_ended(void **state) {
    (void)state;
    struct fixture fixture;
    start_connected(&fixture);
    add(&fixture, "delay 1 s to broker");
    say(&fixture, PROXY_CLIENT, publish(1));
    assert_false(proxy_side_ended(fixture.connection, PROXY_CLIENT, fixture.now));
    proxy_side_closed(fixture.connection, PROXY_CLIENT, fixture.now);
    assert_false(proxy_is_over(fixture.connection, PROXY_BROKER));
    wait(&fixture, SECOND);
    assert_got(&fixture, PROXY_BROKER, publish(1));
    assert_true(fixture.is_over[PROXY_BROKER]);
    proxy_side_closed(fixture.connection, PROXY_BROKER, fixture.now);
    fixture.connection = NULL;
    finish(&fixture);
}

static void a_slow_side_slows_the_other(void **state) {
    (void)state;
    struct fixture fixture;
    static uint8_t packet[6000] = {0x30, 0xed, 0x2e, 0, 1, 'a'};
    start_connected(&fixture);
    fixture.is_stuck[PROXY_BROKER] = true;
    unsigned taken = 0;
    while (proxy_receive(fixture.connection, PROXY_CLIENT, BYTES(packet), fixture.now)) {
        taken++;
    }
    assert_int_equal(taken, 3); // 20000 bytes
    fixture.is_stuck[PROXY_BROKER] = false;
    take_both(&fixture);
    assert_true(proxy_takes_input(fixture.connection, PROXY_CLIENT));
    assert_int_equal(fixture.got_size[PROXY_BROKER], 4 * sizeof packet);
    finish(&fixture);
}

static void many_small_pieces_count_for_what_they_cost(void **state) {
    (void)state;
    struct fixture fixture;
    start_connected(&fixture);
    add(&fixture, "hold PINGREQ");
    unsigned taken = 0;
    while (proxy_receive(fixture.connection, PROXY_CLIENT, BYTES(pingreq), fixture.now)) {
        taken++;
    }
    assert_in_range(taken, 100, 20000 / sizeof(struct proxy_piece));
    finish(&fixture);
}

static void there_are_so_many_connections(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    struct proxy_connection *more[3];
    for (unsigned i = 0; i < 3; i++) {
        more[i] = proxy_connect(&fixture.proxy, "[::1]:7", NULL, fixture.now);
        assert_non_null(more[i]);
        assert_string_equal(more[i]->address, "::1");
    }
    assert_null(proxy_connect(&fixture.proxy, "unix", NULL, fixture.now));
    for (unsigned i = 0; i < 3; i++) {
        proxy_side_closed(more[i], PROXY_BROKER, fixture.now);
        proxy_side_closed(more[i], PROXY_CLIENT, fixture.now);
    }
    finish(&fixture);
}

static void at_the_limit_of_memory_nothing_more_is_read_or_let_in(void **state) {
    (void)state;
    struct fixture fixture;
    start_connected(&fixture);
    fixture.memory.limit = memory_used(&fixture.memory) + 1;
    assert_false(proxy_takes_input(fixture.connection, PROXY_CLIENT));
    assert_null(proxy_connect(&fixture.proxy, "unix", NULL, fixture.now));
    fixture.memory.limit = 0;
    assert_true(proxy_takes_input(fixture.connection, PROXY_CLIENT));
    finish(&fixture);
}

// Everything at once, in random order: invariants hold, and all memory comes back.
static void storms_break_nothing(void **state) {
    (void)state;
    static const char *const rules[] = {
        "drop 5 % of PUBLISH", "duplicate 5 %", "reorder 10 % by 3",       "corrupt 1 bit of 1 %",
        "delay 20 ms ~ 20 ms", "cut 1 %",       "lose 5 % in bursts of 3", "freeze 100 ms 1 %",
    };
    for (uint64_t seed = 1; seed <= 30; seed++) {
        struct fixture fixture;
        uint64_t random = seed;
        start(&fixture);
        for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
            add(&fixture, rules[i]);
        }
        for (unsigned round = 0; round < 60; round++) {
            fixture.split = 1 + support_random(&random) % 40;
            say(&fixture, PROXY_CLIENT, BYTES(connect_alice));
            say(&fixture, PROXY_BROKER, BYTES(connack));
            for (uint8_t i = 1; i < 8; i++) {
                say(&fixture, PROXY_CLIENT, publish(i));
                say(&fixture, PROXY_BROKER, puback(i));
                wait(&fixture, support_random(&random) % (50 * MS));
            }
            if (support_random(&random) % 3 == 0) {
                (void)proxy_hold(&fixture.proxy, bytes_make(NULL, 0));
            } else if (support_random(&random) % 3 == 0) {
                (void)proxy_thaw(&fixture.proxy, bytes_make(NULL, 0), fixture.now);
            }
            if (support_random(&random) % 4 == 0) {
                (void)proxy_side_ended(fixture.connection, PROXY_CLIENT, fixture.now);
            }
            if (fixture.is_over[PROXY_CLIENT] || support_random(&random) % 4 == 0) {
                disconnect(&fixture);
                connect_client(&fixture);
            }
            forget(&fixture);
        }
        finish(&fixture);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_go_on_untouched_however_they_are_split),
        cmocka_unit_test(a_stream_of_random_packets_goes_on_with_and_without_rules_that_pass_it),
        cmocka_unit_test(what_is_no_mqtt_is_passed_on_and_told),
        cmocka_unit_test(a_broker_that_speaks_first_is_no_broker),
        cmocka_unit_test(a_stream_that_stops_to_be_mqtt_is_passed_on),
        cmocka_unit_test(the_first_puback_is_dropped_once_for_each_client),
        cmocka_unit_test(topics_and_aliases_select),
        cmocka_unit_test(a_delay_keeps_order_and_its_time),
        cmocka_unit_test(a_slow_line_lets_a_large_packet_trickle),
        cmocka_unit_test(a_packet_arrives_twice_or_behind_others),
        cmocka_unit_test(a_packet_that_nothing_follows_goes_after_a_second),
        cmocka_unit_test(a_cut_is_where_the_rule_says),
        cmocka_unit_test(a_refused_connect_is_answered_and_never_seen),
        cmocka_unit_test(bits_are_turned_whatever_the_pieces),
        cmocka_unit_test(all_retransmissions_lost_resets_in_the_end),
        cmocka_unit_test(held_packets_go_one_at_a_time_the_oldest_first),
        cmocka_unit_test(a_frozen_connection_moves_nothing_and_then_all),
        cmocka_unit_test(what_waits_because_of_a_rule_goes_on_when_it_is_taken_back),
        cmocka_unit_test(the_fate_of_a_packet_in_pieces_is_told_with_its_last_one),
        cmocka_unit_test(a_rule_that_stays_still_holds_what_is_its_own),
        cmocka_unit_test(a_freeze_of_all_is_for_new_connections_too),
        cmocka_unit_test(a_guest_is_decided_about_from_its_next_packet_on),
        cmocka_unit_test(freezes_and_cuts_by_the_clock_reach_open_and_new_connections),
        cmocka_unit_test(a_cut_by_command_ends_both_sides),
        cmocka_unit_test(what_is_on_its_way_arrives_though_its_sender_has_ended),
        cmocka_unit_test(a_slow_side_slows_the_other),
        cmocka_unit_test(many_small_pieces_count_for_what_they_cost),
        cmocka_unit_test(there_are_so_many_connections),
        cmocka_unit_test(at_the_limit_of_memory_nothing_more_is_read_or_let_in),
        cmocka_unit_test(storms_break_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
