// The life of connections at a broker: who comes and goes, pings and silence, packets that are not
// what they should be.
#include "role/network.h"

#include <stdio.h>

static const struct line_peer *peer_of(const struct network_pair *pair, uint32_t address) {
    return line_door_find(&pair->broker->broker.line, address);
}

static void assert_ended(const struct network_node *node, enum event_cause cause, unsigned status) {
    const struct network_event *ended = network_event_of(node, EVENT_DISCONNECTED);
    assert_non_null(ended);
    assert_int_equal(ended->event.cause, cause);
    assert_int_equal(ended->event.status, status);
}

static void a_newcomer_is_answered_and_a_broker_is_not(void **state) {
    (void)state;
    struct broker_config config = network_broker_config();
    config.line.name = (struct bytes){0};
    struct network *network = network_open(1);
    network_join(network_add_broker(network, 83, &config));
    assert_bytes_equal(buffer_bytes(&network->wire),
                       BYTES_LITERAL("1795435627\t83\t0\tjoin\t-broker-\t816\t\n"));
    network_forget(network);
    network_inject(network, BYTES_LITERAL("1795435622\t580\t0\tjoin\t-client-\t600\t\n"));
    assert_bytes_equal(buffer_bytes(&network->wire),
                       BYTES_LITERAL("1795435627\t83\t580\tjoin\t-broker-\t816\t\n"));
    network_forget(network);
    network_inject_packet(network, PACKET_JOIN, 7, 0, "router");
    assert_int_equal(network_count_lines(network, "join"), 1);
    network_forget(network);
    network_inject_packet(network, PACKET_JOIN, 8, 0, "broker");
    network_inject_packet(network, PACKET_JOIN, 9, 83, "client"); // an answer, not a newcomer
    network_inject_packet(network, PACKET_JOIN, 9, 84, "client"); // for someone else
    assert_int_equal(network_count_lines(network, "join"), 0);
    assert_int_equal(network_count(network->nodes[0], EVENT_JOINED), 2);
    network_close(network);
}

static void connections_beyond_the_limit_are_509(void **state) {
    (void)state;
    struct broker_config config = network_broker_config();
    config.line.limits.connections = 2;
    struct network_pair pair = network_open_connected(&config, NULL);
    struct network_node *second = network_add_connected(pair.network, 7, NULL);
    struct network_node *third = network_add_client(pair.network, 8, NULL);
    network_join(third);
    assert_int_equal(client_connect(&third->client, 83, 0), CLIENT_OK);
    network_settle(pair.network);
    assert_int_equal(network_event_of(third, EVENT_REFUSED)->event.status, STATUS_FULL);
    assert_true(network_wire_holds(pair.network, BYTES_LITERAL("\tcres\t-509-0-\t")));
    assert_int_equal(network_event_of(pair.broker, EVENT_REFUSED)->event.status, STATUS_FULL);
    // One that is connected may begin anew.
    network_inject_packet(pair.network, PACKET_CREQ, 7, 83, "6210");
    assert_int_equal(network_event_of(pair.broker, EVENT_CONNECTED)->event.address, 7);
    assert_int_equal(client_disconnect(&pair.client->client, 83), CLIENT_OK);
    network_settle(pair.network);
    network_connect(third, 83);
    assert_int_equal(pair.broker->broker.line.peer_count, 2);
    assert_non_null(second);
    network_close(pair.network);
}

// Without memory nobody is let in any more; who is there is served, and told what is not taken.
static void what_there_is_no_memory_for_is_509(void **state) {
    (void)state;
    struct network_pair pair = network_open_connected(NULL, NULL);
    struct memory *memory = &pair.broker->memory;
    struct network_node *late = network_add_client(pair.network, 8, NULL);
    network_join(late);
    network_subscribe(pair.client, 83, "a");
    memory->limit = 2 * memory_used(memory);
    memory_charge(memory, memory->limit);
    assert_int_equal(client_connect(&late->client, 83, 0), CLIENT_OK);
    network_settle(pair.network);
    assert_int_equal(network_event_of(late, EVENT_REFUSED)->event.status, STATUS_FULL);
    assert_int_equal(
        client_subscribe(&pair.client->client, 83, BYTES_LITERAL("b"), pair.network->now),
        CLIENT_OK);
    network_settle(pair.network);
    assert_int_equal(network_event_of(pair.client, EVENT_NOT_SUBSCRIBED)->event.status,
                     STATUS_FULL);
    network_forget(pair.network);
    assert_int_equal(
        client_publish(&pair.client->client, 83, BYTES_LITERAL("a"), BYTES_LITERAL("1")),
        CLIENT_OK);
    network_settle(pair.network);
    assert_int_equal(network_count(pair.client, EVENT_ENTRY), 1);
    assert_int_equal(network_event_of(pair.broker, EVENT_DROPPED)->event.fault,
                     PACKET_FAULT_NO_ROOM);
    memory_discharge(memory, memory->charged);
    network_connect(late, 83);
    network_close(pair.network);
}

static void places_of_ended_connections_are_used_again(void **state) {
    (void)state;
    struct network_pair pair = network_open_connected(NULL, NULL);
    network_subscribe(pair.client, 83, "#");
    for (int round = 0; round < 50; round++) {
        char key[8];
        snprintf(key, sizeof key, "%d", round + 1);
        for (uint32_t address = 1; address <= 3; address++) {
            network_inject_packet(pair.network, PACKET_CREQ, address, 83, key);
        }
        assert_int_equal(pair.broker->broker.line.peer_count, 4);
        network_inject_packet(pair.network, PACKET_LEFT, 2, 0, "client");
        network_inject_packet(pair.network, PACKET_LEFT, 1, 0, "client");
        assert_null(peer_of(&pair, 1));
        network_inject_packet(pair.network, PACKET_LEFT, 3, 0, "client");
        network_forget(pair.network);
    }
    assert_int_equal(pair.broker->broker.line.peer_used, 4);
    network_publish(pair.client, 83, "a", "1");
    assert_int_equal(network_count(pair.client, EVENT_ENTRY), 1);
    network_close(pair.network);
}

static void every_interval_has_its_ping_to_the_nanosecond(void **state) {
    (void)state;
    struct network_pair pair = network_open_connected(NULL, NULL);
    struct broker *broker = &pair.broker->broker;
    uint64_t due = pair.network->now + 10 * ROLE_SECOND;
    assert_int_equal(broker_deadline(broker), due);
    broker_tick(broker, due - 1);
    network_settle(pair.network);
    assert_int_equal(network_count_lines(pair.network, "ping"), 0);
    pair.network->now = due;
    broker_tick(broker, due);
    network_settle(pair.network);
    assert_int_equal(network_count_lines(pair.network, "ping"), 2); // with the client's answer
    assert_int_equal(peer_of(&pair, 580)->connection.last_ping, due);
    assert_int_equal(peer_of(&pair, 580)->connection.last_heard, due);
    assert_int_equal(client_find_connection(&pair.client->client, 83)->last_ping, due);
    network_pass(pair.network, 95 * ROLE_SECOND);
    assert_int_equal(network_count_lines(pair.network, "ping"), 20);
    assert_int_equal(network_count(pair.broker, EVENT_DISCONNECTED), 0);
    network_close(pair.network);
}

// What tells a living client from one that is frozen, while its connection is still held.
static void last_ping_is_the_last_one_received(void **state) {
    (void)state;
    struct network_pair pair = network_open_connected(NULL, NULL);
    assert_int_equal(peer_of(&pair, 580)->connection.last_ping, 0);
    network_pass(pair.network, 10 * ROLE_SECOND);
    uint64_t answered = peer_of(&pair, 580)->connection.last_ping;
    assert_int_equal(answered, pair.network->now);
    pair.client->is_cut = true;
    network_pass(pair.network, 50 * ROLE_SECOND);
    assert_int_equal(network_count_lines(pair.network, "ping"), 2 + 5); // it is asked all the same
    assert_int_equal(peer_of(&pair, 580)->connection.last_ping, answered);
    pair.client->is_cut = false;
    network_pass(pair.network, 10 * ROLE_SECOND);
    assert_int_equal(peer_of(&pair, 580)->connection.last_ping, pair.network->now);
    network_close(pair.network);
}

static void a_late_tick_pings_once(void **state) {
    (void)state;
    struct network_pair pair = network_open_connected(NULL, NULL);
    pair.network->now += 95 * ROLE_SECOND;
    broker_tick(&pair.broker->broker, pair.network->now);
    network_settle(pair.network);
    assert_int_equal(network_count_lines(pair.network, "ping"), 2);
    network_close(pair.network);
}

static void a_silent_peer_is_told_and_dropped_to_the_nanosecond(void **state) {
    (void)state;
    struct network_pair pair = network_open_connected(NULL, NULL);
    uint64_t due = peer_of(&pair, 580)->connection.last_heard + 100 * ROLE_SECOND;
    pair.client->is_cut = true;
    network_pass(pair.network, 100 * ROLE_SECOND - 1);
    assert_non_null(peer_of(&pair, 580));
    pair.client->is_cut = false;
    pair.network->now = due;
    broker_tick(&pair.broker->broker, due);
    assert_null(peer_of(&pair, 580));
    assert_ended(pair.broker, CAUSE_SILENT, STATUS_TIMED_OUT);
    network_settle(pair.network);
    assert_ended(pair.client, CAUSE_PEER, STATUS_TIMED_OUT);
    assert_int_equal(broker_deadline(&pair.broker->broker), ROLE_NEVER);
    network_close(pair.network);
}

static void peers_fall_silent_one_by_one(void **state) {
    (void)state;
    struct network_pair pair = network_open_connected(NULL, NULL);
    network_pass(pair.network, ROLE_SECOND);
    struct network_node *second = network_add_connected(pair.network, 7, NULL);
    network_pass(pair.network, ROLE_SECOND);
    network_publish(pair.client, 83, "t", "still here"); // now the second is the first to fall due
    pair.client->is_cut = second->is_cut = true;
    network_forget(pair.network);
    network_pass(pair.network, 99 * ROLE_SECOND - 1);
    assert_int_equal(network_count(pair.broker, EVENT_DISCONNECTED), 0);
    network_pass(pair.network, 1);
    assert_int_equal(network_count(pair.broker, EVENT_DISCONNECTED), 1);
    assert_null(peer_of(&pair, 7));
    network_pass(pair.network, ROLE_SECOND);
    assert_null(peer_of(&pair, 580));
    network_close(pair.network);
}

static void what_cannot_be_unsealed_does_not_count_as_heard(void **state) {
    (void)state;
    struct network_pair pair = network_open_connected(NULL, NULL);
    uint64_t heard = peer_of(&pair, 580)->connection.last_heard;
    pair.network->now += ROLE_SECOND;
    network_inject(pair.network, BYTES_LITERAL("1\t580\t83\tping\t-\t2\t"));
    assert_int_equal(pair.broker->faults[PACKET_FAULT_SIGNATURE], 1);
    assert_int_equal(peer_of(&pair, 580)->connection.last_heard, heard);
    network_inject(pair.network, BYTES_LITERAL("1\t580\t83\tping\t-\t1\t"));
    assert_int_equal(peer_of(&pair, 580)->connection.last_heard, pair.network->now);
    network_close(pair.network);
}

static void a_restarted_client_loses_its_connection(void **state) {
    (void)state;
    struct network_pair pair = network_open_connected(NULL, NULL);
    network_subscribe(pair.client, 83, "t");
    network_kill(pair.client);
    network_revive(pair.client);
    network_join(pair.client);
    assert_ended(pair.broker, CAUSE_RESTARTED, STATUS_NONE);
    assert_null(peer_of(&pair, 580));
    network_connect(pair.client, 83);
    network_publish(pair.client, 83, "t", "1");
    assert_int_equal(network_count(pair.client, EVENT_ENTRY), 0);
    network_close(pair.network);
}

static void a_client_that_leaves_is_gone(void **state) {
    (void)state;
    struct network_pair pair = network_open_connected(NULL, NULL);
    network_inject_packet(pair.network, PACKET_LEFT, 580, 0, "client"); // its process died
    assert_ended(pair.broker, CAUSE_LEFT, STATUS_NONE);
    assert_non_null(network_event_of(pair.broker, EVENT_LEFT));
    assert_null(devices_find(&pair.broker->broker.line.devices, 580));
    network_close(pair.network);
}

static void a_sealed_packet_of_a_stranger_is_answered_with_401(void **state) {
    (void)state;
    struct network_pair pair = network_open_pair(NULL, NULL);
    static const enum packet_type types[] = {PACKET_SREQ, PACKET_PUBL, PACKET_PING};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        network_forget(pair.network);
        network_inject_packet(pair.network, types[i], 7, 83, "x");
        assert_int_equal(pair.broker->faults[PACKET_FAULT_NOT_CONNECTED], 1);
        assert_bytes_equal(buffer_bytes(&pair.network->wire),
                           BYTES_LITERAL("1795435627\t83\t7\tdisc\t-401-\t304\t\n"));
    }
    network_forget(pair.network);
    network_inject_packet(pair.network, PACKET_DISC, 7, 83, "401");
    network_inject_packet(pair.network, PACKET_DISC, 7, 83, NULL);
    assert_int_equal(pair.network->wire.size,
                     0); // no answer to a disc, or two would go on for ever
    assert_int_equal(network_count(pair.broker, EVENT_DROPPED), 0);
    network_close(pair.network);
}

static void a_peer_that_knows_of_no_connection_ends_ours(void **state) {
    (void)state;
    struct network_pair pair = network_open_connected(NULL, NULL);
    network_kill(pair.client);
    network_revive(pair.client); // and its join is lost
    network_pass(pair.network, 10 * ROLE_SECOND);
    assert_ended(pair.broker, CAUSE_UNKNOWN, STATUS_UNAUTHORIZED);
    assert_null(peer_of(&pair, 580));
    network_close(pair.network);
}

static void the_user_of_a_broker_may_end_a_connection(void **state) {
    (void)state;
    struct network_pair pair = network_open_connected(NULL, NULL);
    assert_false(broker_disconnect(&pair.broker->broker, 7));
    assert_true(broker_disconnect(&pair.broker->broker, 580));
    assert_false(broker_disconnect(&pair.broker->broker, 580));
    network_settle(pair.network);
    assert_ended(pair.broker, CAUSE_ASKED, STATUS_NONE);
    assert_ended(pair.client, CAUSE_PEER, STATUS_NONE);
    network_close(pair.network);
}

static void a_broker_that_stops_says_so_to_all(void **state) {
    (void)state;
    struct network_pair pair = network_open_connected(NULL, NULL);
    struct network_node *second = network_add_connected(pair.network, 7, NULL);
    network_leave(pair.broker);
    assert_int_equal(network_count_lines(pair.network, "disc"), 2);
    assert_int_equal(network_count_lines(pair.network, "left"), 1);
    assert_ended(pair.client, CAUSE_PEER, STATUS_UNAVAILABLE);
    assert_ended(second, CAUSE_PEER, STATUS_UNAVAILABLE);
    assert_int_equal(network_count(second, EVENT_LEFT), 1);
    network_close(pair.network);
}

static void a_full_table_of_devices_does_not_keep_anyone_from_connecting(void **state) {
    (void)state;
    struct broker_config config = network_broker_config();
    config.line.limits.devices = 1;
    struct network_pair pair = network_open_pair(&config, NULL);
    network_forget(pair.network);
    network_inject_packet(pair.network, PACKET_JOIN, 7, 0, "client");
    assert_int_equal(pair.broker->faults[PACKET_FAULT_NO_ROOM], 1);
    assert_int_equal(network_count_lines(pair.network, "join"), 1);
    network_inject_packet(pair.network, PACKET_CREQ, 7, 83, "6210");
    assert_non_null(peer_of(&pair, 7));
    network_close(pair.network);
}

static void types_that_no_broker_asks_for_are_unexpected(void **state) {
    (void)state;
    struct network_pair pair = network_open_connected(NULL, NULL);
    network_inject_packet(pair.network, PACKET_CRES, 580, 83, "200");
    network_inject_packet(pair.network, PACKET_SRES, 580, 83, "200");
    network_inject_packet(pair.network, PACKET_SRES, 7, 83, "200");
    network_inject_packet(pair.network, PACKET_PUBL, 580, 0, "t"); // to everyone, sealed for one?
    network_inject_packet(pair.network, PACKET_CREQ, 7, 0, "6210");
    assert_int_equal(pair.broker->faults[PACKET_FAULT_UNEXPECTED], 5);
    assert_int_equal(pair.network->wire.size, 0);
    assert_null(peer_of(&pair, 7));
    network_close(pair.network);
}

static void wrong_signatures_of_open_packets_are_dropped(void **state) {
    (void)state;
    struct network_pair pair = network_open_connected(NULL, NULL);
    network_inject(pair.network, BYTES_LITERAL("1\t7\t0\tjoin\t-client-\t601\t"));
    network_inject(pair.network, BYTES_LITERAL("1\t580\t0\tleft\t-client-\t601\t"));
    network_inject(pair.network, BYTES_LITERAL("1\t580\t83\tcreq\t-6210-\t401\t"));
    network_inject(pair.network, BYTES_LITERAL("1\t580\t83\tdisc\t-401-\t1\t"));
    assert_int_equal(pair.broker->faults[PACKET_FAULT_SIGNATURE], 4);
    assert_non_null(peer_of(&pair, 580));
    assert_int_equal(network_count(pair.broker, EVENT_DISCONNECTED), 0);
    network_close(pair.network);
}

// ---- lines altered or repeated on their way -------------------------------------------------

struct meddler {
    enum { REPEAT, ALTER } how;
    const char *type;
};

static unsigned meddle(void *context, uint8_t *line, size_t *size) {
    const struct meddler *meddler = context;
    uint8_t *field = memmem(line, *size, meddler->type, 4);
    if (field == NULL) {
        return 1;
    }
    if (meddler->how == REPEAT) {
        return 2;
    }
    uint8_t *sealed = field + strlen("publ\t-"); // the first byte of the first element
    *sealed = *sealed == 'A' ? 'B' : 'A';
    return 1;
}

static void altered_and_repeated_packets_are_dropped(void **state) {
    (void)state;
    static const struct {
        enum suite_policy suite;
        struct meddler meddler;
        enum packet_fault fault;
        unsigned entries;
    } cases[] = {
        {SUITE_CLASSIC, {ALTER, "publ"}, PACKET_FAULT_SIGNATURE, 0},
        {SUITE_SODIUM, {ALTER, "publ"}, PACKET_FAULT_SEAL, 0},
        {SUITE_SODIUM, {REPEAT, "publ"}, PACKET_FAULT_REPLAYED, 1},
        {SUITE_CLASSIC, {REPEAT, "publ"}, PACKET_OK, 2}, // the toy cannot tell
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct broker_config broker = network_broker_config();
        struct client_config client = network_client_config();
        broker.line.suite = client.suite = cases[i].suite;
        struct network_pair pair = network_open_connected(&broker, &client);
        struct meddler meddler = cases[i].meddler;
        pair.network->meddle = meddle;
        pair.network->meddle_context = &meddler;
        network_publish(pair.client, 83, "t", "x");
        assert_int_equal(network_count(pair.broker, EVENT_ENTRY), cases[i].entries);
        assert_int_equal(network_count(pair.broker, EVENT_DROPPED), cases[i].fault != PACKET_OK);
        assert_true(cases[i].fault == PACKET_OK || pair.broker->faults[cases[i].fault] == 1);
        assert_non_null(peer_of(&pair, 580));
        network_close(pair.network);
    }
}

// A line of one connection is of no use to another that has the same addresses.
static void packets_of_an_earlier_connection_are_dropped(void **state) {
    (void)state;
    struct broker_config broker = network_broker_config();
    struct client_config client = network_client_config();
    broker.line.suite = client.suite = SUITE_SODIUM;
    struct network_pair pair = network_open_connected(&broker, &client);
    network_publish(pair.client, 83, "topic", "value");
    static uint8_t old[1024];
    size_t size = pair.network->wire.size;
    assert_in_range(size, 1, sizeof old);
    memcpy(old, pair.network->wire.data, size);
    assert_int_equal(client_disconnect(&pair.client->client, 83), CLIENT_OK);
    network_settle(pair.network);
    network_connect(pair.client, 83);
    network_forget(pair.network);
    network_inject(pair.network, bytes_make(old, size));
    assert_int_equal(pair.broker->faults[PACKET_FAULT_SEAL], 1);
    assert_int_equal(network_count(pair.broker, EVENT_ENTRY), 0);
    network_close(pair.network);
}

// The creq arrives twice: both copies are answered alike, so the two ends have one key.
static void a_repeated_creq_makes_one_connection(void **state) {
    (void)state;
    static const enum suite_policy suites[] = {SUITE_SODIUM, SUITE_CLASSIC};
    for (unsigned i = 0; i < 2; i++) {
        struct broker_config broker = network_broker_config();
        struct client_config client = network_client_config();
        broker.line.suite = client.suite = suites[i];
        struct network_pair pair = network_open_pair(&broker, &client);
        struct meddler meddler = {REPEAT, "creq"};
        pair.network->meddle = meddle;
        pair.network->meddle_context = &meddler;
        network_connect(pair.client, 83);
        assert_int_equal(pair.client->faults[PACKET_FAULT_UNEXPECTED], 1);
        assert_int_equal(network_count(pair.broker, EVENT_CONNECTED), 1);
        network_subscribe(pair.client, 83, "t");
        network_publish(pair.client, 83, "t", "x");
        assert_int_equal(network_count(pair.broker, EVENT_ENTRY), 1);
        network_pass(pair.network, 101 * ROLE_SECOND);
        assert_non_null(peer_of(&pair, 580));
        network_close(pair.network);
    }
}

// The copy comes when the client has used the connection: it is a new one to the broker. With a
// good suite time mends it: neither hears the other any more.
static void a_late_copy_of_a_creq_costs_one_connection(void **state) {
    (void)state;
    struct broker_config broker = network_broker_config();
    struct client_config client = network_client_config();
    broker.line.suite = client.suite = SUITE_SODIUM;
    struct network_pair pair = network_open_pair(&broker, &client);
    network_connect(pair.client, 83);
    static uint8_t creq[1024];
    struct bytes wire = buffer_bytes(&pair.network->wire);
    const uint8_t *type = memmem(wire.data, wire.size, "creq", 4);
    assert_non_null(type);
    const uint8_t *start = type;
    while (start > wire.data && start[-1] != '\n') {
        start--;
    }
    const uint8_t *end = memchr(type, '\n', wire.size - (size_t)(type - wire.data));
    assert_non_null(end);
    size_t size = (size_t)(end + 1 - start);
    assert_in_range(size, 1, sizeof creq);
    memcpy(creq, start, size);
    network_pass(pair.network, 30 * ROLE_SECOND);
    network_inject(pair.network, bytes_make(creq, size));
    assert_int_equal(network_count(pair.broker, EVENT_CONNECTED), 2);
    network_pass(pair.network, 101 * ROLE_SECOND);
    assert_null(peer_of(&pair, 580));
    assert_null(client_find_connection(&pair.client->client, 83));
    network_close(pair.network);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_newcomer_is_answered_and_a_broker_is_not),
        cmocka_unit_test(connections_beyond_the_limit_are_509),
        cmocka_unit_test(what_there_is_no_memory_for_is_509),
        cmocka_unit_test(places_of_ended_connections_are_used_again),
        cmocka_unit_test(every_interval_has_its_ping_to_the_nanosecond),
        cmocka_unit_test(last_ping_is_the_last_one_received),
        cmocka_unit_test(a_late_tick_pings_once),
        cmocka_unit_test(a_silent_peer_is_told_and_dropped_to_the_nanosecond),
        cmocka_unit_test(peers_fall_silent_one_by_one),
        cmocka_unit_test(what_cannot_be_unsealed_does_not_count_as_heard),
        cmocka_unit_test(a_restarted_client_loses_its_connection),
        cmocka_unit_test(a_client_that_leaves_is_gone),
        cmocka_unit_test(a_sealed_packet_of_a_stranger_is_answered_with_401),
        cmocka_unit_test(a_peer_that_knows_of_no_connection_ends_ours),
        cmocka_unit_test(the_user_of_a_broker_may_end_a_connection),
        cmocka_unit_test(a_broker_that_stops_says_so_to_all),
        cmocka_unit_test(a_full_table_of_devices_does_not_keep_anyone_from_connecting),
        cmocka_unit_test(types_that_no_broker_asks_for_are_unexpected),
        cmocka_unit_test(wrong_signatures_of_open_packets_are_dropped),
        cmocka_unit_test(altered_and_repeated_packets_are_dropped),
        cmocka_unit_test(packets_of_an_earlier_connection_are_dropped),
        cmocka_unit_test(a_repeated_creq_makes_one_connection),
        cmocka_unit_test(a_late_copy_of_a_creq_costs_one_connection),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
