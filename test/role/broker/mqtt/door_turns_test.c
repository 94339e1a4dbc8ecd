// Turns: how much is done for one client before others have theirs, what waits meanwhile, and that
// nothing is lost or out of order. Steps are seen by what comes out of the door, not by a clock.
#include "role/mqtt_peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "role/broker/mqtt/door_turns.h"

#define FLOOD 120000  // packets: more than any turn has steps
#define AT_ONCE 65536 // bytes that a driver reads
// Of a turn that one stream is read in, and answered.
#define LONE_STEPS (DOOR_BACKLOG_STEPS + 2 * DOOR_STREAM_STEPS)
// The same of what is fresh.
#define FRESH_STEPS (DOOR_TURN_STEPS + 2 * DOOR_STREAM_STEPS)

static struct mqtt_peer *connect(struct mqtt_world *world, const char *name) {
    return mqtt_peer_connect(world, MQTT_5, name);
}

// Hands the bytes over as a driver does, without what mqtt_peer_send_bytes does for other tests.
static void receive(struct mqtt_peer *peer, const void *bytes, size_t size) {
    struct mqtt_world *world = peer->world;
    uint8_t *block = malloc(size);
    memcpy(block, bytes, size);
    mqtt_door_receive(world->door, peer->connection, bytes_make(block, size), world->now);
    free(block);
}

// In parts as large as a driver reads.
static void flood(struct mqtt_peer *peer, const uint8_t *bytes, size_t size) {
    for (size_t at = 0; at < size; at += AT_ONCE) {
        receive(peer, bytes + at, size - at < AT_ONCE ? size - at : AT_ONCE);
    }
}

static void flood_pings(struct mqtt_peer *peer, unsigned count) {
    uint8_t *bytes = malloc(count * 2);
    for (unsigned i = 0; i < count; i++) {
        bytes[i * 2] = 0xc0;
        bytes[i * 2 + 1] = 0;
    }
    flood(peer, bytes, count * 2);
    free(bytes);
}

// Takes what the door has for the peer; how many bytes.
static size_t take_bytes(struct mqtt_peer *peer) {
    struct bytes runs[4];
    size_t all = 0;
    unsigned count;
    peer->is_ready = false;
    while ((count = mqtt_door_output(peer->world->door, peer->connection, runs, 4)) > 0) {
        size_t size = 0;
        for (unsigned i = 0; i < count; i++) {
            size += runs[i].size;
        }
        mqtt_door_sent(peer->world->door, peer->connection, size, peer->world->now);
        all += size;
    }
    return all;
}

static bool has_work(const struct mqtt_world *world) {
    return mqtt_door_deadline(world->door) <= world->now;
}

static void a_flood_waits_and_a_single_ping_does_not(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *flooder = connect(world, "flooder");
    struct mqtt_peer *other = connect(world, "other");
    mqtt_door_begin_turn(world->door);
    flood_pings(flooder, FLOOD);
    assert_false(mqtt_door_takes_input(flooder->connection));
    assert_true(has_work(world));
    size_t answered = take_bytes(flooder) / 2;
    assert_in_range(answered, 1, LONE_STEPS / DOOR_PACKET_STEPS);
    receive(other, "\xc0\0", 2); // in the same turn
    assert_int_equal(take_bytes(other), 2);
    assert_true(mqtt_door_takes_input(other->connection));
    unsigned turns = 0;
    while (has_work(world)) {
        mqtt_door_tick(world->door, world->now);
        size_t more = take_bytes(flooder) / 2;
        assert_in_range(more, 1, LONE_STEPS / DOOR_PACKET_STEPS + 1);
        answered += more;
        turns++;
    }
    assert_int_equal(answered, FLOOD);
    assert_true(turns > 3);
    assert_true(mqtt_door_takes_input(flooder->connection));
    mqtt_world_close(world);
}

static unsigned looks;

static bool finds_something_at_last(void *context) {
    (void)context;
    return ++looks == 3;
}

// What arrives meanwhile does not wait for the end of a turn.
static void a_turn_of_the_backlog_ends_when_something_arrives(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *flooder = connect(world, "flooder");
    mqtt_door_begin_turn(world->door);
    flood_pings(flooder, FLOOD);
    (void)take_bytes(flooder);
    mqtt_door_tick(world->door, world->now);
    size_t whole = take_bytes(flooder) / 2;
    world->port.has_arrived = finds_something_at_last;
    looks = 0;
    mqtt_door_tick(world->door, world->now);
    assert_int_equal(looks, 3);
    assert_in_range(take_bytes(flooder) / 2, whole / 2, whole * 3 / 4);
    mqtt_world_close(world);
}

// However many there are: a turn is as short as with one, a few have their parts of it, and all
// come in their turns.
static void many_floods_share_a_turn(void **state) {
    (void)state;
    enum {
        FLOODERS = 30,
        SERVED = 1 + DOOR_BACKLOG_STEPS / DOOR_SLICE_STEPS,
        TURNS = 1 + FLOODERS * DOOR_SLICE_STEPS / DOOR_BACKLOG_STEPS
    };
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *flooders[FLOODERS];
    for (unsigned i = 0; i < FLOODERS; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "f%u", i);
        flooders[i] = connect(world, name);
    }
    mqtt_door_begin_turn(world->door);
    size_t fresh = 0;
    for (unsigned i = 0; i < FLOODERS; i++) {
        flood_pings(flooders[i], 20000);
        fresh += take_bytes(flooders[i]) / 2;
    }
    assert_in_range(fresh, FLOODERS,
                    DOOR_CALM_MOST / DOOR_PACKET_STEPS + FLOODERS * DOOR_FRESH_STEPS);
    size_t parts[FLOODERS] = {0};
    for (unsigned turn = 0; turn < TURNS; turn++) {
        mqtt_door_tick(world->door, world->now);
        size_t all = 0;
        unsigned served = 0;
        for (unsigned i = 0; i < FLOODERS; i++) {
            size_t part = take_bytes(flooders[i]) / 2;
            parts[i] += part;
            all += part;
            served += part > 0;
        }
        assert_in_range(served, 1, SERVED);
        assert_in_range(all, 1, SERVED * DOOR_SLICE_STEPS / DOOR_PACKET_STEPS);
    }
    for (unsigned i = 5; i < FLOODERS; i++) { // the first ones may have come to their end
        assert_true(parts[i] > 0);
    }
    mqtt_world_close(world);
}

// It costs less than a packet of its size may: no packet lengthens the turn for the next one.
static void packets_that_cost_little_do_not_lengthen_a_turn(void **state) {
    (void)state;
    enum { MESSAGES = 3000, SIZE = 60, FRONT = 7 };
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *flooder = mqtt_peer_connect(world, MQTT_3_1_1, "flooder");
    uint8_t *bytes = calloc(MESSAGES, SIZE);
    for (unsigned i = 0; i < MESSAGES; i++) {
        memcpy(bytes + (size_t)i * SIZE, "\x32\x3a\0\1t\0\1", FRONT);
    }
    mqtt_door_begin_turn(world->door);
    flood(flooder, bytes, MESSAGES * SIZE);
    free(bytes);
    unsigned steps = DOOR_PACKET_STEPS + DOOR_PUBLISH_STEPS;
    assert_in_range(take_bytes(flooder) / 4, 1, LONE_STEPS / steps);
    mqtt_world_close(world);
}

// Messages of the flooder that one of so many subscribers got in the first turn, and in the second.
static void flood_subscribers(unsigned count, size_t messages[static 2]) {
    enum { MESSAGES = 20000, SIZE = 8, MOST = 30 };
    static const char publish[] = "\x30\x06\0\3t/1";
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *flooder = connect(world, "flooder");
    struct mqtt_peer *readers[MOST];
    uint8_t *bytes = malloc(MESSAGES * SIZE);
    for (unsigned i = 0; i < count; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "r%u", i);
        readers[i] = connect(world, name);
        mqtt_peer_subscribe(readers[i], "t/#", 0);
        (void)take_bytes(readers[i]);
    }
    for (unsigned i = 0; i < MESSAGES; i++) {
        memcpy(bytes + (size_t)i * SIZE, publish, SIZE);
    }
    mqtt_door_begin_turn(world->door);
    flood(flooder, bytes, MESSAGES * SIZE);
    free(bytes);
    for (unsigned turn = 0; turn < 2; turn++) {
        for (unsigned i = 0; i < count; i++) {
            messages[turn] = take_bytes(readers[i]) / SIZE;
        }
        mqtt_door_tick(world->door, world->now);
    }
    mqtt_world_close(world);
}

// Writing to all who got something follows each turn; it is to cost no more than what led to it.
static void a_turn_is_longer_the_more_streams_it_writes_to(void **state) {
    (void)state;
    enum { MANY = 30, FRESH = 20000 * 8 / DOOR_BYTES_A_STEP }; // steps of reading
    const size_t one = DOOR_PACKET_STEPS + DOOR_PUBLISH_STEPS + DOOR_DELIVERY_STEPS;
    const size_t all = DOOR_PACKET_STEPS + DOOR_PUBLISH_STEPS + MANY * DOOR_DELIVERY_STEPS;
    size_t few[2] = {0};
    size_t many[2] = {0};
    flood_subscribers(1, few);
    flood_subscribers(MANY, many);
    assert_in_range(few[0], 1, LONE_STEPS / one);
    assert_in_range(few[1], 1, LONE_STEPS / one + 1);
    assert_in_range(many[0] * all, DOOR_TURN_STEPS + MANY * DOOR_STREAM_STEPS - FRESH,
                    DOOR_CALM_MOST);
    assert_in_range(many[1] * all, DOOR_TURN_MOST - all, DOOR_TURN_MOST + 2 * all);
}

// With a flood there is less for what is fresh, and still some for each.
static void small_input_is_handled_beside_a_backlog(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *flooder = connect(world, "flooder");
    struct mqtt_peer *busy = connect(world, "busy");
    struct mqtt_peer *other = connect(world, "other");
    mqtt_door_begin_turn(world->door);
    flood_pings(flooder, FLOOD);
    mqtt_door_begin_turn(world->door);
    flood_pings(busy, FLOOD);
    assert_in_range(take_bytes(busy) / 2, 1, LONE_STEPS / DOOR_PACKET_STEPS);
    receive(other, "\xc0\0\xc0\0\xc0\0", 6);
    assert_int_equal(take_bytes(other), 6);
    mqtt_world_close(world);
}

// All that is fresh shares a turn, which many lengthen up to a bound: then there is a little for
// each.
static void what_is_fresh_shares_a_turn(void **state) {
    (void)state;
    enum { MANY = 30, PINGS = 200 };
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *flooder = connect(world, "flooder");
    struct mqtt_peer *peers[MANY];
    for (unsigned i = 0; i < MANY; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "p%u", i);
        peers[i] = connect(world, name);
    }
    mqtt_door_begin_turn(world->door);
    flood_pings(flooder, FLOOD);
    mqtt_door_begin_turn(world->door);
    size_t last = 0;
    for (unsigned i = 0; i < MANY; i++) {
        flood_pings(peers[i], PINGS);
        last = take_bytes(peers[i]) / 2;
    }
    assert_in_range(last, 1, DOOR_FRESH_STEPS / DOOR_PACKET_STEPS + 1);
    mqtt_world_close(world);
}

// More that comes in spite of it stays behind what waits.
static void input_stays_in_order(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *watcher = connect(world, "watcher");
    struct mqtt_peer *flooder = connect(world, "flooder");
    mqtt_peer_subscribe(watcher, "t/#", 0);
    flood_pings(flooder, FLOOD);
    receive(flooder, "\x30\x06\0\3t/1\0", 8);
    receive(flooder, "\x30\x06\0\3t/2", 7); // not all of it
    mqtt_peer_expect_nothing(watcher);
    receive(flooder, "\0", 1);
    flooder->is_stuck = true;
    while (has_work(world)) {
        mqtt_door_tick(world->door, world->now);
    }
    mqtt_world_settle(world);
    assert_bytes_equal(mqtt_peer_expect(watcher, MQTT_PUBLISH)->publish.topic,
                       BYTES_LITERAL("t/1"));
    assert_bytes_equal(mqtt_peer_expect(watcher, MQTT_PUBLISH)->publish.topic,
                       BYTES_LITERAL("t/2"));
    mqtt_world_close(world);
}

static void a_stream_may_end_while_its_input_waits(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *first = connect(world, "first");
    struct mqtt_peer *second = connect(world, "second");
    struct mqtt_peer *third = connect(world, "third");
    flood_pings(first, FLOOD);
    flood_pings(second, FLOOD);
    flood_pings(third, FLOOD);
    mqtt_peer_cut(second);
    mqtt_peer_cut(first);
    while (has_work(world)) {
        mqtt_door_tick(world->door, world->now);
        (void)take_bytes(third);
    }
    assert_true(mqtt_door_takes_input(third->connection));
    mqtt_world_close(world);
}

// It is the broker that is late, not the client that is silent.
static void who_waits_for_a_turn_is_not_silent(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "flooder");
    connect.connect.keep_alive = 10;
    struct mqtt_peer *flooder = mqtt_peer_connect_with(world, &connect);
    flood_pings(flooder, FLOOD);
    world->now += 20 * ROLE_SECOND;
    while (has_work(world)) {
        mqtt_door_tick(world->door, world->now);
        assert_false(mqtt_door_is_over(flooder->connection));
        (void)take_bytes(flooder);
    }
    mqtt_world_close(world);
}

// ---- packets that are large in effect ---------------------------------------------------------

static size_t write_filters(uint8_t *out, enum mqtt_type type, const char *form, unsigned count) {
    uint8_t *run = malloc(count * 24);
    uint8_t *end = run;
    for (unsigned i = 0; i < count; i++) {
        char filter[20];
        (void)snprintf(filter, sizeof filter, form, i);
        end = mqtt_filter_write(type, end, bytes_of_text(filter), 0);
    }
    struct mqtt_packet packet = {
        .type = type, .packet_id = 9, .filters = {bytes_make(run, (size_t)(end - run)), count}};
    size_t size = (size_t)(mqtt_encode(&packet, MQTT_5, out) - out);
    free(run);
    return size;
}

static void a_large_subscribe_is_taken_in_parts(void **state) {
    (void)state;
    enum { FILTERS = 6000 };
    struct mqtt_door_config config = mqtt_world_config();
    config.limits.subscriptions = FILTERS;
    config.limits.packet_bytes = 2000000;
    struct mqtt_world *world = mqtt_world_open(&config);
    struct mqtt_peer *large = connect(world, "large");
    struct mqtt_peer *other = connect(world, "other");
    uint8_t *bytes = malloc(2000000);
    for (unsigned i = 0; i < 2; i++) {
        enum mqtt_type type = i == 0 ? MQTT_SUBSCRIBE : MQTT_UNSUBSCRIBE;
        size_t size = write_filters(bytes, type, "f/%u", FILTERS);
        memcpy(bytes + size, "\xc0\0", 2); // is answered after it
        mqtt_door_begin_turn(world->door);
        receive(large, bytes, size + 2);
        mqtt_peer_expect_nothing(large);
        receive(other, "\xc0\0", 2);
        assert_int_equal(take_bytes(other), 2);
        unsigned turns = 0;
        for (; has_work(world); turns++) {
            mqtt_door_tick(world->door, world->now);
        }
        assert_true(turns > FILTERS * DOOR_FILTER_STEPS / 2 / DOOR_TURN_MOST);
        mqtt_world_settle(world);
        const struct mqtt_packet *answer = mqtt_peer_next(large);
        assert_int_equal(answer->type, i == 0 ? MQTT_SUBACK : MQTT_UNSUBACK);
        assert_int_equal(answer->codes.size, FILTERS);
        for (unsigned k = 0; k < FILTERS; k++) {
            assert_int_equal(answer->codes.data[k], 0);
        }
        assert_int_equal(mqtt_peer_next(large)->type, MQTT_PINGRESP);
    }
    free(bytes);
    mqtt_world_close(world);
}

static void a_connection_may_end_inside_of_a_subscribe(void **state) {
    (void)state;
    struct mqtt_door_config config = mqtt_world_config();
    config.limits.subscriptions = 6000;
    config.limits.packet_bytes = 2000000;
    struct mqtt_world *world = mqtt_world_open(&config);
    struct mqtt_peer *cut = connect(world, "cut");
    struct mqtt_peer *taken_over = connect(world, "taken over");
    uint8_t *bytes = malloc(2000000);
    size_t size = write_filters(bytes, MQTT_SUBSCRIBE, "f/%u", 6000);
    receive(cut, bytes, size);
    receive(taken_over, bytes, size);
    free(bytes);
    mqtt_peer_cut(cut);
    (void)connect(world, "taken over");
    while (has_work(world)) {
        mqtt_door_tick(world->door, world->now);
    }
    mqtt_world_close(world);
}

// Filters that look at every retained topic and find none.
static void a_walk_over_retained_topics_has_turns(void **state) {
    (void)state;
    enum { TOPICS = 20000, FILTERS = 50 };
    struct mqtt_door_config config = mqtt_world_config();
    config.limits.subscriptions = FILTERS;
    struct mqtt_world *world = mqtt_world_open(&config);
    world->core.values.limits =
        (struct topic_values_limits){.entries_max = TOPICS, .bytes_max = 100000000};
    for (unsigned i = 0; i < TOPICS; i++) {
        char topic[16];
        (void)snprintf(topic, sizeof topic, "x%u/a", i);
        assert_int_equal(
            topic_values_set(&world->core.values, bytes_of_text(topic), BYTES_LITERAL("1"), 1, 1),
            TOPIC_VALUES_OK);
    }
    struct mqtt_peer *walker = connect(world, "walker");
    struct mqtt_peer *other = connect(world, "other");
    uint8_t bytes[2000];
    mqtt_door_begin_turn(world->door);
    receive(walker, bytes, write_filters(bytes, MQTT_SUBSCRIBE, "+/n%u", FILTERS));
    assert_true(take_bytes(walker) > FILTERS); // SUBACK
    receive(other, "\xc0\0", 2);
    assert_int_equal(take_bytes(other), 2);
    for (unsigned i = 0; i <= FILTERS * DOOR_FILTER_STEPS / DOOR_SLICE_STEPS; i++) {
        mqtt_door_tick(world->door, world->now);
    }
    assert_true(mqtt_door_takes_input(walker->connection)); // what it sends is not held up by it
    receive(walker, "\xc0\0", 2);
    assert_int_equal(take_bytes(walker), 2);
    unsigned turns = 0;
    for (; has_work(world); turns++) {
        mqtt_door_tick(world->door, world->now);
    }
    assert_in_range(turns, TOPICS * FILTERS / DOOR_TURN_MOST,
                    4 * DOOR_RETAINED_STEPS * TOPICS * FILTERS / DOOR_BACKLOG_STEPS);
    // Who leaves has nothing looked for any more.
    receive(walker, bytes, write_filters(bytes, MQTT_SUBSCRIBE, "+/n%u", FILTERS));
    receive(walker, bytes, write_filters(bytes, MQTT_UNSUBSCRIBE, "+/n%u", FILTERS));
    for (unsigned i = 0; i < 8; i++) {
        mqtt_door_tick(world->door, world->now);
    }
    assert_false(has_work(world));
    mqtt_world_close(world);
}

// Every retained message is asked about, and each question looks at all patterns.
static void questions_to_access_lists_have_turns(void **state) {
    (void)state;
    enum { TOPICS = 2000 };
    struct memory memory;
    memory_init(&memory);
    struct access access;
    access_init(&access, &memory, 1);
    for (unsigned i = 0; i < ACCESS_PATTERNS_MAX; i++) {
        char line[32];
        struct access_error error;
        int size = snprintf(line, sizeof line, "pattern read x/%%c/%u\n", i);
        assert_true(access_read(&access, bytes_make(line, (size_t)size), &error));
    }
    struct mqtt_door_config config = mqtt_world_config();
    config.access = &access;
    struct mqtt_world *world = mqtt_world_open(&config);
    world->core.values.limits =
        (struct topic_values_limits){.entries_max = TOPICS, .bytes_max = 100000000};
    for (unsigned i = 0; i < TOPICS; i++) {
        char topic[16];
        (void)snprintf(topic, sizeof topic, "x/%u", i);
        assert_int_equal(
            topic_values_set(&world->core.values, bytes_of_text(topic), BYTES_LITERAL("1"), 1, 1),
            TOPIC_VALUES_OK);
    }
    struct mqtt_peer *reader = connect(world, "reader");
    uint8_t bytes[100];
    mqtt_door_begin_turn(world->door);
    receive(reader, bytes, write_filters(bytes, MQTT_SUBSCRIBE, "x/#", 1));
    unsigned turns = 0;
    for (; has_work(world); turns++) {
        mqtt_door_tick(world->door, world->now);
    }
    unsigned steps = DOOR_ACCESS_STEPS + ACCESS_PATTERNS_MAX / DOOR_PATTERNS_A_STEP;
    assert_in_range(turns, TOPICS * steps / DOOR_TURN_MOST / 2, TOPICS);
    mqtt_world_close(world);
    access_deinit(&access);
    assert_int_equal(memory.blocks_in_use, 0);
}

// A message to many, with many patterns: those that cannot match its topic are looked at once, not
// for each reader, so that what comes behind it need not wait for another turn.
static void a_message_to_many_asks_for_each_about_few_patterns(void **state) {
    (void)state;
    enum { READERS = 200, MESSAGES = 50 };
    static const uint8_t bytes[] = "\x30\7\0\3x/p\0v\xc0\0";
    struct memory memory;
    struct access access;
    struct access_error error;
    char text[32];
    memory_init(&memory);
    access_init(&access, &memory, 1);
    assert_true(access_read(&access, BYTES_LITERAL("pattern write x/%c\n"), &error));
    for (unsigned i = 1; i < ACCESS_PATTERNS_MAX; i++) {
        int size = snprintf(text, sizeof text, "pattern read x/%%c/%u\n", i);
        assert_true(access_read(&access, bytes_make(text, (size_t)size), &error));
    }
    struct mqtt_door_config config = mqtt_world_config();
    config.limits.connections = config.limits.sessions = READERS + 1;
    config.access = &access;
    struct mqtt_world *world = mqtt_world_open(&config);
    for (unsigned i = 0; i < READERS; i++) {
        (void)snprintf(text, sizeof text, "r%u", i);
        mqtt_peer_subscribe(connect(world, text), "x/+", 0);
    }
    struct mqtt_peer *publisher = connect(world, "p");
    mqtt_door_begin_turn(world->door);
    receive(publisher, bytes, sizeof bytes - 1);
    assert_int_equal(take_bytes(publisher), 2); // the PINGRESP
    assert_false(has_work(world));
    // Asking them is work nevertheless: of many messages the last ones wait.
    uint8_t flood[MESSAGES * (sizeof bytes - 3) + 2];
    for (size_t at = 0; at + 2 < sizeof flood; at += sizeof bytes - 3) {
        memcpy(flood + at, bytes, sizeof bytes - 3);
    }
    memcpy(flood + sizeof flood - 2, "\xc0", 2);
    uint64_t before = mqtt_world_counts(world)->messages_received;
    mqtt_door_begin_turn(world->door);
    receive(publisher, flood, sizeof flood);
    assert_int_equal(take_bytes(publisher), 0);
    assert_true(has_work(world));
    assert_in_range(mqtt_world_counts(world)->messages_received - before, 1,
                    FRESH_STEPS / (READERS * DOOR_ACCESS_STEPS) + 1);
    while (has_work(world)) {
        mqtt_door_tick(world->door, world->now);
    }
    assert_int_equal(take_bytes(publisher), 2);
    assert_int_equal(mqtt_world_counts(world)->denied_messages, 0);
    mqtt_world_close(world);
    access_deinit(&access);
    assert_int_equal(memory.blocks_in_use, 0);
}

static void count_session(void *context, const struct door_session_view *view) {
    (void)view;
    ++*(unsigned *)context;
}

static unsigned sessions_of(const struct mqtt_world *world) {
    unsigned count = 0;
    mqtt_door_view_sessions(world->door, &count, count_session);
    return count;
}

// Of many clients with many subscriptions all streams break at once, or all say goodbye.
static void the_ends_of_large_sessions_have_turns(void **state) {
    (void)state;
    enum { PEERS = 7, FILTERS = 1500, MOST = 1 + DOOR_TURN_MOST / (FILTERS * DOOR_LEAVE_STEPS) };
    struct mqtt_door_config config = mqtt_world_config();
    config.limits.subscriptions = FILTERS;
    uint8_t *bytes = malloc(100000);
    for (unsigned breaks = 0; breaks < 2; breaks++) {
        struct mqtt_world *world = mqtt_world_open(&config);
        struct mqtt_peer *peers[PEERS];
        size_t size = write_filters(bytes, MQTT_SUBSCRIBE, "f/%u", FILTERS);
        for (unsigned i = 0; i < PEERS; i++) {
            char name[16];
            (void)snprintf(name, sizeof name, "p%u", i);
            peers[i] = connect(world, name);
            mqtt_peer_send_bytes(peers[i], bytes, size);
        }
        struct mqtt_peer *other = connect(world, "other");
        mqtt_door_begin_turn(world->door);
        for (unsigned i = 0; i < PEERS; i++) {
            if (breaks) {
                mqtt_door_close(world->door, peers[i]->connection, world->now);
                peers[i]->connection = NULL;
            } else {
                receive(peers[i], "\xe0\0", 2);
            }
        }
        receive(other, "\xc0\0", 2);
        assert_int_equal(take_bytes(other), 2);
        unsigned left = sessions_of(world) - 1;
        assert_in_range(left, PEERS - 1 - DOOR_CALM_MOST / (FILTERS * DOOR_LEAVE_STEPS), PEERS);
        while (has_work(world)) {
            mqtt_door_tick(world->door, world->now);
            unsigned now = sessions_of(world) - 1;
            assert_in_range(left - now, 1, MOST);
            left = now;
        }
        assert_int_equal(left, 0);
        mqtt_world_close(world);
    }
    free(bytes);
}

// A client that returns while its broken stream still waits for its end, and the door's own end.
static void a_closed_connection_may_be_taken_over(void **state) {
    (void)state;
    enum { FILTERS = 2000 };
    struct mqtt_door_config config = mqtt_world_config();
    config.limits.subscriptions = FILTERS;
    struct mqtt_world *world = mqtt_world_open(&config);
    struct mqtt_peer *peers[2] = {connect(world, "back"), connect(world, "gone")};
    uint8_t *bytes = malloc(100000);
    size_t size = write_filters(bytes, MQTT_SUBSCRIBE, "f/%u", FILTERS);
    for (unsigned i = 0; i < 2; i++) {
        mqtt_peer_send_bytes(peers[i], bytes, size);
    }
    mqtt_door_close(world->door, peers[0]->connection, world->now);
    peers[0]->connection = NULL;
    assert_int_equal(mqtt_world_told(world, DOOR_EVENT_DISCONNECTED), 1);
    struct mqtt_packet again = mqtt_connect_packet(MQTT_5, "back");
    size = (size_t)(mqtt_encode(&again, MQTT_5, bytes) - bytes);
    struct mqtt_peer *peer = mqtt_peer_open(world, MQTT_5);
    receive(peer, bytes, size);
    free(bytes);
    mqtt_peer_cut(peer);
    assert_int_equal(mqtt_world_told(world, DOOR_EVENT_DISCONNECTED), 2);
    assert_int_equal(sessions_of(world), 1);
    mqtt_door_close(world->door, peers[1]->connection, world->now);
    peers[1]->connection = NULL;
    assert_true(has_work(world));
    mqtt_world_close(world);
}

// A packet that cannot be divided waits until it can be paid for, or for the backlog's turn.
static void large_packets_of_many_come_one_by_one(void **state) {
    (void)state;
    enum { PEERS = 20, PROPERTIES = 12000 };
    struct mqtt_world *world = mqtt_world_open(NULL);
    uint8_t *properties = malloc(PROPERTIES * 6);
    uint8_t *end = properties;
    for (unsigned i = 0; i < PROPERTIES; i++) {
        end = mqtt_user_property_write(end, BYTES_LITERAL("a"), BYTES_LITERAL(""));
    }
    struct mqtt_packet packet = {.type = MQTT_PUBLISH};
    packet.publish.topic = BYTES_LITERAL("t");
    packet.properties.more = bytes_make(properties, (size_t)(end - properties));
    uint8_t *bytes = malloc(100000);
    size_t size = (size_t)(mqtt_encode(&packet, MQTT_5, bytes) - bytes);
    struct mqtt_peer *peers[PEERS];
    for (unsigned i = 0; i < PEERS; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "p%u", i);
        peers[i] = connect(world, name);
    }
    mqtt_door_begin_turn(world->door);
    for (unsigned i = 0; i < PEERS; i++) {
        receive(peers[i], bytes, size);
    }
    uint64_t before = mqtt_world_counts(world)->messages_received;
    assert_in_range(before, 1, DOOR_CALM_MOST / (PROPERTIES * 6 / DOOR_PROPERTIES_A_STEP));
    while (has_work(world)) {
        mqtt_door_tick(world->door, world->now);
        uint64_t after = mqtt_world_counts(world)->messages_received;
        assert_in_range(after - before, 1,
                        1 + DOOR_TURN_MOST / (PROPERTIES * 6 / DOOR_PROPERTIES_A_STEP));
        before = after;
    }
    assert_int_equal(before, PEERS);
    free(properties);
    free(bytes);
    mqtt_world_close(world);
}

// ---- bounds of what waits ---------------------------------------------------------------------

static void answers_that_nobody_reads_are_bounded(void **state) {
    (void)state;
    enum { ANSWERS_MAX = 1 << 20 };
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *peer = connect(world, "peer");
    size_t most = world->config.limits.queue_bytes + ANSWERS_MAX;
    peer->is_stuck = true;
    flood_pings(peer, (unsigned)(most / 2));
    mqtt_world_settle(world); // all of them are answered
    assert_false(has_work(world));
    assert_false(mqtt_door_is_over(peer->connection));
    flood_pings(peer, 1);
    assert_true(mqtt_door_is_over(peer->connection));
    assert_int_equal(world->told[world->told_count - 1].reason, MQTT_QUOTA_EXCEEDED);
    mqtt_world_close(world);
}

// In the backlog too, however much has been read from the stream.
static void answers_are_bounded_in_the_backlog(void **state) {
    (void)state;
    enum { ANSWERS_MAX = 1 << 20 };
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *peer = connect(world, "peer");
    size_t most = world->config.limits.queue_bytes + ANSWERS_MAX;
    peer->is_stuck = true;
    flood_pings(peer, (unsigned)most * 2);
    mqtt_world_settle(world);
    assert_true(mqtt_door_is_over(peer->connection));
    assert_in_range(take_bytes(peer), most, most + 2 * DOOR_TURN_MOST + 100);
    mqtt_world_close(world);
}

static void a_check_of_credentials_holds_the_stream_up(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open_guarded(NULL);
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "guest");
    connect.connect.has_user_name = connect.connect.has_password = true;
    connect.connect.user_name = BYTES_LITERAL("guest");
    connect.connect.password = BYTES_LITERAL("word");
    struct mqtt_peer *peer = mqtt_peer_open_with(world, &connect);
    assert_true(mqtt_door_takes_input(peer->connection));
    receive(peer, "\xc0\0", 2);
    assert_false(mqtt_door_takes_input(peer->connection));
    mqtt_world_answer(world, true);
    assert_true(mqtt_door_takes_input(peer->connection));
    mqtt_world_settle(world);
    (void)mqtt_peer_expect(peer, MQTT_PINGRESP);
    mqtt_world_close(world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flood_waits_and_a_single_ping_does_not),
        cmocka_unit_test(a_turn_of_the_backlog_ends_when_something_arrives),
        cmocka_unit_test(many_floods_share_a_turn),
        cmocka_unit_test(packets_that_cost_little_do_not_lengthen_a_turn),
        cmocka_unit_test(a_turn_is_longer_the_more_streams_it_writes_to),
        cmocka_unit_test(small_input_is_handled_beside_a_backlog),
        cmocka_unit_test(what_is_fresh_shares_a_turn),
        cmocka_unit_test(input_stays_in_order),
        cmocka_unit_test(a_stream_may_end_while_its_input_waits),
        cmocka_unit_test(who_waits_for_a_turn_is_not_silent),
        cmocka_unit_test(a_large_subscribe_is_taken_in_parts),
        cmocka_unit_test(a_connection_may_end_inside_of_a_subscribe),
        cmocka_unit_test(a_walk_over_retained_topics_has_turns),
        cmocka_unit_test(questions_to_access_lists_have_turns),
        cmocka_unit_test(a_message_to_many_asks_for_each_about_few_patterns),
        cmocka_unit_test(the_ends_of_large_sessions_have_turns),
        cmocka_unit_test(a_closed_connection_may_be_taken_over),
        cmocka_unit_test(large_packets_of_many_come_one_by_one),
        cmocka_unit_test(answers_that_nobody_reads_are_bounded),
        cmocka_unit_test(answers_are_bounded_in_the_backlog),
        cmocka_unit_test(a_check_of_credentials_holds_the_stream_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
