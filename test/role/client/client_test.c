// What the user of a client sees: answers to commands, and what happens by itself.
#include "role/network.h"

static const struct connection *connection_of(const struct network_pair *pair) {
    return client_find_connection(&pair->client->client, 83);
}

static void assert_ended(const struct network_node *node, enum event_cause cause, unsigned status) {
    const struct network_event *ended = network_event_of(node, EVENT_DISCONNECTED);
    assert_non_null(ended);
    assert_int_equal(ended->event.cause, cause);
    assert_int_equal(ended->event.status, status);
}

static void a_client_learns_of_brokers_that_came_before_and_after(void **state) {
    (void)state;
    struct network_pair pair = network_open_pair(NULL, NULL);
    network_join(network_add_broker(pair.network, 5, NULL));
    const struct devices *devices = &pair.client->client.devices;
    assert_int_equal(devices->count, 2);
    assert_int_equal(devices_find(devices, 83)->kind, DEVICE_BROKER);
    assert_bytes_equal(device_name(devices_find(devices, 5)), BYTES_LITERAL("the broker"));
    assert_int_equal(network_count(pair.client, EVENT_JOINED), 2);
    const struct network_event *joined = network_event_of(pair.client, EVENT_JOINED);
    assert_string_equal(joined->event.device_kind, "broker");
    assert_int_equal(joined->event.address, 83);
    network_close(pair.network);
}

static void commands_say_what_hinders_them(void **state) {
    (void)state;
    struct client_config config = network_client_config();
    config.limits.connections = 1;
    config.limits.subscriptions = 1;
    struct network_pair pair = network_open_pair(NULL, &config);
    struct client *client = &pair.client->client;
    struct bytes t = BYTES_LITERAL("t");
    assert_int_equal(client_connect(client, 0, 0), CLIENT_BAD_ADDRESS);
    assert_int_equal(client_connect(client, 580, 0), CLIENT_BAD_ADDRESS);
    assert_int_equal(client_connect(client, PACKET_ADDRESS_MAX + 1, 0), CLIENT_BAD_ADDRESS);
    assert_int_equal(client_disconnect(client, 83), CLIENT_NOT_CONNECTED);
    assert_int_equal(client_subscribe(client, 83, t, 0), CLIENT_NOT_CONNECTED);
    assert_int_equal(client_unsubscribe(client, 83, t, 0), CLIENT_NOT_CONNECTED);
    assert_int_equal(client_publish(client, 83, t, t), CLIENT_NOT_CONNECTED);
    assert_int_equal(client_subscribe(client, 83, BYTES_LITERAL("a+"), 0), CLIENT_BAD_TOPIC);
    assert_int_equal(client_unsubscribe(client, 83, BYTES_LITERAL(""), 0), CLIENT_BAD_TOPIC);
    assert_int_equal(client_publish(client, 83, BYTES_LITERAL("a/#"), t), CLIENT_BAD_TOPIC);
    assert_int_equal(client_connect(client, 83, 0), CLIENT_OK);
    assert_int_equal(client_publish(client, 83, t, t), CLIENT_NOT_CONNECTED); // not yet
    assert_int_equal(client_connect(client, 83, 0), CLIENT_ALREADY);
    assert_int_equal(client_connect(client, 84, 0), CLIENT_FULL);
    network_settle(pair.network);
    assert_int_equal(client_connect(client, 83, 0), CLIENT_ALREADY);
    assert_int_equal(client_unsubscribe(client, 83, t, 0), CLIENT_NOT_SUBSCRIBED);
    assert_int_equal(client_subscribe(client, 83, t, 0), CLIENT_OK);
    assert_int_equal(client_unsubscribe(client, 83, t, 0), CLIENT_ALREADY); // not answered yet
    assert_int_equal(client_subscribe(client, 83, t, 0), CLIENT_ALREADY);
    assert_int_equal(client_subscribe(client, 83, BYTES_LITERAL("u"), 0), CLIENT_FULL);
    network_close(pair.network);
}

static void a_value_too_long_for_a_line_is_refused(void **state) {
    (void)state;
    static uint8_t value[70000];
    for (int suite = SUITE_CLASSIC; suite <= SUITE_SODIUM; suite++) {
        struct broker_config broker = network_broker_config();
        struct client_config client = network_client_config();
        broker.line.suite = client.suite = (enum suite_policy)suite;
        struct network_pair pair = network_open_connected(&broker, &client);
        struct bytes t = BYTES_LITERAL("t");
        // What is not printable takes three bytes in a line of the suite `classic`.
        static const size_t sizes[] = {50000, 65535, 65536, 70000};
        memset(value, '\n', sizeof value);
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            assert_int_equal(
                client_publish(&pair.client->client, 83, t, bytes_make(value, sizes[i])),
                CLIENT_TOO_LONG);
        }
        memset(value, 'a', sizeof value);
        assert_int_equal(client_subscribe(&pair.client->client, 83, bytes_make(value, 65535), 0),
                         CLIENT_TOO_LONG);
        assert_int_equal(pair.client->client.subscription_count, 0);
        assert_int_equal(pair.network->wire.size, 0);
        network_publish(pair.client, 83, "t", "goes on");
        assert_int_equal(network_count(pair.broker, EVENT_ENTRY), 1);
        network_close(pair.network);
    }
}

static void a_creq_without_an_answer_is_408_to_the_nanosecond(void **state) {
    (void)state;
    struct network_pair pair = network_open_pair(NULL, NULL);
    struct client *client = &pair.client->client;
    pair.broker->is_cut = true;
    assert_int_equal(client_deadline(client), ROLE_NEVER);
    assert_int_equal(client_connect(client, 83, pair.network->now), CLIENT_OK);
    network_settle(pair.network);
    uint64_t due = pair.network->now + 5 * ROLE_SECOND;
    assert_int_equal(client_deadline(client), due);
    client_tick(client, due - 1);
    assert_non_null(connection_of(&pair));
    client_tick(client, due);
    assert_null(connection_of(&pair));
    const struct network_event *refused = network_event_of(pair.client, EVENT_REFUSED);
    assert_int_equal(refused->event.status, STATUS_TIMED_OUT);
    assert_int_equal(network_count_lines(pair.network, "disc"), 0);
    network_close(pair.network);
}

// The broker was busy for longer than the client waits, and then answers both of its attempts: the
// first answer is taken for that to the last attempt, so the two have different keys.
static void a_second_answer_ends_the_connection(void **state) {
    (void)state;
    struct network_pair pair = network_open_pair(NULL, NULL);
    pair.broker->is_cut = true;
    assert_int_equal(client_connect(&pair.client->client, 83, pair.network->now), CLIENT_OK);
    network_settle(pair.network);
    network_pass(pair.network, 5 * ROLE_SECOND);
    assert_int_equal(network_count(pair.client, EVENT_REFUSED), 1);
    assert_int_equal(client_connect(&pair.client->client, 83, pair.network->now), CLIENT_OK);
    network_settle(pair.network);
    network_inject(pair.network, BYTES_LITERAL("1\t83\t580\tcres\t-200-1954-\t600\t"));
    assert_int_equal(connection_of(&pair)->status_code, STATUS_OK);
    network_inject(pair.network, BYTES_LITERAL("1\t83\t580\tcres\t-200-3989-\t800\t"));
    assert_null(connection_of(&pair));
    const struct network_event *ended = network_event_of(pair.client, EVENT_DISCONNECTED);
    assert_int_equal(ended->event.cause, CAUSE_RESTARTED);
    pair.broker->is_cut = false;
    network_connect(pair.client, 83);
    network_inject(pair.network, BYTES_LITERAL("1\t83\t580\tcres\t-200-1954-\t600\t"));
    assert_int_equal(connection_of(&pair)->status_code, STATUS_OK); // there is no other any more
    network_close(pair.network);
}

static void an_sreq_without_an_answer_is_408_to_the_nanosecond(void **state) {
    (void)state;
    struct network_pair pair = network_open_connected(NULL, NULL);
    struct client *client = &pair.client->client;
    struct bytes open = BYTES_LITERAL("open");
    network_subscribe(pair.client, 83, "open");
    pair.broker->is_cut = true;
    assert_int_equal(client_subscribe(client, 83, BYTES_LITERAL("t"), pair.network->now),
                     CLIENT_OK);
    assert_int_equal(client_unsubscribe(client, 83, open, pair.network->now), CLIENT_OK);
    network_settle(pair.network);
    network_forget(pair.network);
    network_pass(pair.network, 5 * ROLE_SECOND - 1);
    assert_int_equal(pair.client->event_count, 0);
    network_pass(pair.network, 1);
    const struct network_event *refused = network_event_of(pair.client, EVENT_NOT_SUBSCRIBED);
    assert_bytes_equal(refused->text, BYTES_LITERAL("t"));
    assert_int_equal(refused->event.status, STATUS_TIMED_OUT);
    refused = network_event_of(pair.client, EVENT_NOT_UNSUBSCRIBED);
    assert_bytes_equal(refused->text, open);
    assert_int_equal(refused->event.status, STATUS_TIMED_OUT);
    const struct client_subscription *left = client_find_subscription(client, 83, open);
    assert_int_equal(left->state, SUBSCRIPTION_OPEN);
    assert_int_equal(left->time_stamp, pair.network->now);
    network_close(pair.network);
}

static void a_silent_broker_is_given_up_to_the_nanosecond(void **state) {
    (void)state;
    struct network_pair pair = network_open_connected(NULL, NULL);
    network_subscribe(pair.client, 83, "t");
    network_pass(pair.network, 30 * ROLE_SECOND); // pings keep it
    uint64_t heard = connection_of(&pair)->last_heard;
    assert_int_equal(heard, pair.network->now);
    pair.broker->is_cut = true;
    network_pass(pair.network, 100 * ROLE_SECOND - 1);
    assert_non_null(connection_of(&pair));
    network_forget(pair.network);
    network_pass(pair.network, 1);
    assert_null(connection_of(&pair));
    assert_ended(pair.client, CAUSE_SILENT, STATUS_TIMED_OUT);
    assert_int_equal(network_count_lines(pair.network, "disc"), 2); // the broker too gives up
    assert_int_equal(pair.client->client.subscription_count, 0);
    network_close(pair.network);
}

static void a_restarted_broker_is_noticed_and_can_be_joined_again(void **state) {
    (void)state;
    struct network_pair pair = network_open_connected(NULL, NULL);
    network_subscribe(pair.client, 83, "t");
    network_kill(pair.broker);
    network_revive(pair.broker);
    network_join(pair.broker);
    assert_ended(pair.client, CAUSE_RESTARTED, STATUS_NONE);
    assert_null(connection_of(&pair));
    assert_null(client_find_subscription(&pair.client->client, 83, BYTES_LITERAL("t")));
    network_connect(pair.client, 83);
    network_subscribe(pair.client, 83, "t");
    network_close(pair.network);
}

static void a_broker_that_leaves_or_dies_is_noticed(void **state) {
    (void)state;
    struct network_pair pair = network_open_connected(NULL, NULL);
    network_inject_packet(pair.network, PACKET_LEFT, 83, 0, "broker");
    assert_ended(pair.client, CAUSE_LEFT, STATUS_NONE);
    assert_null(devices_find(&pair.client->client.devices, 83));
    network_forget(pair.network);
    pair.broker->is_cut = true;
    assert_int_equal(client_connect(&pair.client->client, 83, 0), CLIENT_OK);
    network_inject_packet(pair.network, PACKET_LEFT, 83, 0, "broker");
    assert_int_equal(network_event_of(pair.client, EVENT_REFUSED)->event.status,
                     STATUS_UNAVAILABLE);
    network_close(pair.network);
}

static void a_broker_that_forgot_us_says_so(void **state) {
    (void)state;
    struct network_pair pair = network_open_connected(NULL, NULL);
    network_kill(pair.broker);
    network_revive(pair.broker); // and its join is lost
    network_publish(pair.client, 83, "t", "1");
    assert_ended(pair.client, CAUSE_UNKNOWN, STATUS_UNAUTHORIZED);
    assert_null(connection_of(&pair));
    network_connect(pair.client, 83);
    network_close(pair.network);
}

static void disconnecting_tells_the_broker(void **state) {
    (void)state;
    struct network_pair pair = network_open_connected(NULL, NULL);
    assert_int_equal(client_disconnect(&pair.client->client, 83), CLIENT_OK);
    network_settle(pair.network);
    assert_ended(pair.client, CAUSE_ASKED, STATUS_NONE);
    assert_ended(pair.broker, CAUSE_PEER, STATUS_NONE);
    network_close(pair.network);
}

// The broker has accepted when its answer finds nobody waiting; its first ping tells it.
static void disconnecting_before_the_answer_leaves_no_connection(void **state) {
    (void)state;
    struct network_pair pair = network_open_pair(NULL, NULL);
    network_forget(pair.network);
    assert_int_equal(client_connect(&pair.client->client, 83, 0), CLIENT_OK);
    assert_int_equal(client_disconnect(&pair.client->client, 83), CLIENT_OK);
    network_settle(pair.network);
    assert_int_equal(network_count(pair.client, EVENT_DISCONNECTED), 1);
    assert_int_equal(pair.client->faults[PACKET_FAULT_UNEXPECTED], 1);
    network_pass(pair.network, 10 * ROLE_SECOND);
    assert_ended(pair.broker, CAUSE_UNKNOWN, STATUS_UNAUTHORIZED);
    network_close(pair.network);
}

static void answers_that_nobody_asked_for_are_unexpected(void **state) {
    (void)state;
    struct network_pair pair = network_open_connected(NULL, NULL);
    network_subscribe(pair.client, 83, "t");
    network_inject(pair.network, BYTES_LITERAL("1\t83\t580\tcres\t-200-1954-\t600\t"));
    network_inject(pair.network, BYTES_LITERAL("1\t84\t580\tcres\t-200-1954-\t600\t"));
    assert_int_equal(pair.client->faults[PACKET_FAULT_UNEXPECTED], 2);
    struct connection *back = &pair.broker->broker.line.peers[0].connection;
    struct packet sres = {.sender = 83, .receiver = 580, .type = PACKET_SRES};
    packet_add(&sres, BYTES_LITERAL("200"));
    packet_add(&sres, BYTES_LITERAL("t"));
    assert_true(connection_send(back, &pair.broker->port, &sres));
    network_settle(pair.network);
    assert_int_equal(pair.client->faults[PACKET_FAULT_UNEXPECTED], 3);
    assert_int_equal(connection_of(&pair)->status_code, STATUS_OK);
    network_close(pair.network);
}

static void types_that_no_client_asks_for_are_unexpected(void **state) {
    (void)state;
    struct network_pair pair = network_open_connected(NULL, NULL);
    network_inject_packet(pair.network, PACKET_CREQ, 7, 580, "6210");
    network_inject_packet(pair.network, PACKET_SREQ, 83, 580, "t");
    network_inject_packet(pair.network, PACKET_PING, 83, 0, NULL);
    network_inject(pair.network, BYTES_LITERAL("1\t83\t0\tcres\t-200-1954-\t600\t"));
    assert_int_equal(pair.client->faults[PACKET_FAULT_UNEXPECTED], 4);
    network_inject_packet(pair.network, PACKET_PING, 7, 580, NULL);
    assert_int_equal(pair.client->faults[PACKET_FAULT_NOT_CONNECTED], 1);
    assert_int_equal(network_count_lines(pair.network, "disc"), 1);
    network_close(pair.network);
}

static void malformed_packets_of_a_broker_are_dropped(void **state) {
    (void)state;
    struct network_pair pair = network_open_connected(NULL, NULL);
    struct connection *back = &pair.broker->broker.line.peers[0].connection;
    static const struct {
        enum packet_type type;
        const char *element[2];
        enum packet_fault fault;
    } cases[] = {
        {PACKET_PUBL, {"t", NULL}, PACKET_FAULT_MISSING},
        {PACKET_SRES, {"200", NULL}, PACKET_FAULT_MISSING},
        {PACKET_SRES, {"fine", "t"}, PACKET_FAULT_CONTENT},
        {PACKET_PUBL, {"a/+", "v"}, PACKET_FAULT_CONTENT},
    };
    pair.client->is_cut = true; // so the sreq is never answered
    assert_int_equal(client_subscribe(&pair.client->client, 83, BYTES_LITERAL("t"), 0), CLIENT_OK);
    pair.client->is_cut = false;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct packet packet = {.sender = 83, .receiver = 580, .type = cases[i].type};
        for (unsigned k = 0; k < 2 && cases[i].element[k] != NULL; k++) {
            packet_add(&packet, bytes_of_text(cases[i].element[k]));
        }
        unsigned before = pair.client->faults[cases[i].fault];
        assert_true(connection_send(back, &pair.broker->port, &packet));
        network_settle(pair.network);
        assert_int_equal(pair.client->faults[cases[i].fault], before + 1);
    }
    assert_int_equal(pair.client->client.subscriptions[0].state, SUBSCRIPTION_EXPECTS_SRES);
    network_close(pair.network);
}

static void an_answer_with_a_bad_key_is_refused(void **state) {
    (void)state;
    static const char *const answers[] = {
        "1\t83\t580\tcres\t-200-0-\t600\t",          "1\t83\t580\tcres\t-200-7919-\t0\t",
        "1\t83\t580\tcres\t-200-0-sodium-\t0\t",     "1\t83\t580\tcres\t-200-0-sodium-AAAA-\t0\t",
        "1\t83\t580\tcres\t-200-0-rot13-AAAA-\t0\t",
    };
    struct client_config config = network_client_config();
    config.suite = SUITE_ANY;
    struct network_pair pair = network_open_pair(NULL, &config);
    pair.broker->is_cut = true;
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        network_forget(pair.network);
        assert_int_equal(client_connect(&pair.client->client, 83, 0), CLIENT_OK);
        network_inject(pair.network, bytes_of_text(answers[i]));
        assert_int_equal(network_count(pair.client, EVENT_CONNECTED), 0);
        assert_int_equal(network_event_of(pair.client, EVENT_REFUSED)->event.status,
                         i == 4 ? STATUS_FORBIDDEN : STATUS_MALFORMED);
        assert_null(connection_of(&pair));
    }
    network_close(pair.network);
}

static void a_connection_that_cannot_be_asked_for_is_not_kept(void **state) {
    (void)state;
    static uint8_t credentials[70000];
    struct client_config config = network_client_config();
    config.credentials = bytes_make(credentials, sizeof credentials);
    struct network_pair pair = network_open_pair(NULL, &config);
    assert_int_equal(client_connect(&pair.client->client, 83, 0), CLIENT_TOO_LONG);
    assert_null(connection_of(&pair));
    assert_int_equal(client_deadline(&pair.client->client), ROLE_NEVER);
    pair.client->client_config.credentials = (struct bytes){0};
    assert_int_equal(client_connect(&pair.client->client, PACKET_ADDRESS_MAX, 0), CLIENT_OK);
    network_close(pair.network);
}

static unsigned alter_publ(void *context, uint8_t *line, size_t *size) {
    const bool *repeat = context;
    struct bytes start = BYTES_LITERAL("\t83\t580\tpubl\t-");
    uint8_t *field = memmem(line, *size, start.data, start.size);
    if (field == NULL || *repeat) {
        return field == NULL ? 1 : 2;
    }
    field[start.size] = field[start.size] == 'A' ? 'B' : 'A';
    return 1;
}

static void altered_and_repeated_entries_are_dropped(void **state) {
    (void)state;
    for (int suite = SUITE_CLASSIC; suite <= SUITE_SODIUM; suite++) {
        for (int repeat = 0; repeat < 2; repeat++) {
            struct broker_config broker = network_broker_config();
            struct client_config client = network_client_config();
            broker.line.suite = client.suite = (enum suite_policy)suite;
            struct network_pair pair = network_open_connected(&broker, &client);
            network_subscribe(pair.client, 83, "t");
            network_forget(pair.network);
            bool how = repeat == 1;
            pair.network->meddle = alter_publ;
            pair.network->meddle_context = &how;
            uint64_t heard = connection_of(&pair)->last_heard;
            pair.network->now++;
            network_publish(pair.client, 83, "t", "x");
            bool is_sodium = suite == SUITE_SODIUM;
            unsigned expected = !how ? 0 : is_sodium ? 1 : 2; // the toy cannot tell
            enum packet_fault fault = !is_sodium ? PACKET_FAULT_SIGNATURE
                                      : how      ? PACKET_FAULT_REPLAYED
                                                 : PACKET_FAULT_SEAL;
            assert_int_equal(network_count(pair.client, EVENT_ENTRY), expected);
            assert_int_equal(pair.client->faults[fault], is_sodium || !how ? 1 : 0);
            assert_int_equal(connection_of(&pair)->last_heard, heard + (how ? 1 : 0));
            network_close(pair.network);
        }
    }
}

static void records_bear_the_time_of_their_last_change(void **state) {
    (void)state;
    struct network_pair pair = network_open_pair(NULL, NULL);
    struct client *client = &pair.client->client;
    struct bytes t = BYTES_LITERAL("t");
    assert_int_equal(client_connect(client, 83, pair.network->now), CLIENT_OK);
    uint64_t asked = pair.network->now;
    assert_int_equal(connection_of(&pair)->time_stamp, asked);
    pair.network->now += ROLE_SECOND;
    network_settle(pair.network);
    assert_int_equal(connection_of(&pair)->time_stamp, asked + ROLE_SECOND);
    assert_int_equal(connection_of(&pair)->last_heard, asked + ROLE_SECOND);
    assert_int_equal(line_door_find(&pair.broker->broker.line, 580)->connection.time_stamp,
                     asked + ROLE_SECOND);
    for (int off = 0; off < 2; off++) {
        uint64_t now = pair.network->now;
        assert_int_equal(off ? client_unsubscribe(client, 83, t, now)
                             : client_subscribe(client, 83, t, now),
                         CLIENT_OK);
        assert_int_equal(client_find_subscription(client, 83, t)->time_stamp, now);
        pair.network->now += ROLE_SECOND;
        network_settle(pair.network);
        if (!off) {
            assert_int_equal(client_find_subscription(client, 83, t)->time_stamp,
                             pair.network->now);
        }
        pair.network->now += ROLE_SECOND;
    }
    network_close(pair.network);
}

static void a_disc_of_a_stranger_is_ignored(void **state) {
    (void)state;
    struct network_pair pair = network_open_connected(NULL, NULL);
    network_inject_packet(pair.network, PACKET_DISC, 7, 580, "401");
    network_inject_packet(pair.network, PACKET_DISC, 7, 580, NULL);
    assert_int_equal(network_count(pair.client, EVENT_DROPPED), 0);
    assert_int_equal(pair.network->wire.size, 0);
    network_close(pair.network);
}

static void last_values_are_kept_up_to_the_limit(void **state) {
    (void)state;
    struct client_config config = network_client_config();
    config.limits.values.entries_max = 1;
    struct network_pair pair = network_open_connected(NULL, &config);
    network_subscribe(pair.client, 83, "#");
    network_publish(pair.client, 83, "a", "1");
    network_publish(pair.client, 83, "a", "2");
    network_publish(pair.client, 83, "b", "3");
    assert_int_equal(network_count(pair.client, EVENT_ENTRY), 3);
    assert_int_equal(pair.client->faults[PACKET_FAULT_NO_ROOM], 1);
    const struct topic_value *kept =
        topic_values_get(&pair.client->client.values, BYTES_LITERAL("a"));
    assert_bytes_equal(kept->value, BYTES_LITERAL("2"));
    assert_int_equal(kept->origin, 83);
    network_close(pair.network);
}

static void devices_are_kept_up_to_the_limit(void **state) {
    (void)state;
    struct client_config config = network_client_config();
    config.limits.devices = 2;
    struct network_pair pair = network_open_pair(NULL, &config);
    network_inject_packet(pair.network, PACKET_JOIN, 7, 0, "client");
    network_inject_packet(pair.network, PACKET_JOIN, 8, 0, "client");
    assert_int_equal(pair.client->client.devices.count, 2);
    assert_int_equal(pair.client->faults[PACKET_FAULT_NO_ROOM], 1);
    network_close(pair.network);
}

static void brokers_only_keeps_no_other_device(void **state) {
    (void)state;
    struct client_config config = network_client_config();
    config.brokers_only = true;
    struct network_pair pair = network_open_pair(NULL, &config);
    network_inject_packet(pair.network, PACKET_JOIN, 7, 0, "client");
    network_inject_packet(pair.network, PACKET_JOIN, 8, 0, "router");
    assert_int_equal(pair.client->client.devices.count, 1);
    network_inject_packet(pair.network, PACKET_JOIN, 83, 0, "client"); // a broker no more
    assert_int_equal(pair.client->client.devices.count, 0);
    assert_int_equal(network_count(pair.client, EVENT_LEFT), 1);
    network_close(pair.network);
}

static void several_brokers_are_kept_apart(void **state) {
    (void)state;
    struct broker_config sodium = network_broker_config();
    sodium.line.suite = SUITE_SODIUM;
    struct client_config any = network_client_config();
    any.suite = SUITE_ANY;
    struct network_pair pair = network_open_connected(NULL, &any);
    struct network_node *second = network_add_broker(pair.network, 5, &sodium);
    network_join(second);
    network_connect(pair.client, 5);
    network_subscribe(pair.client, 83, "t");
    network_subscribe(pair.client, 5, "t");
    network_publish(pair.client, 5, "t", "by the second");
    assert_int_equal(network_count(pair.client, EVENT_ENTRY), 1);
    assert_int_equal(network_event_of(pair.client, EVENT_ENTRY)->event.address, 5);
    network_leave(second);
    assert_null(client_find_subscription(&pair.client->client, 5, BYTES_LITERAL("t")));
    assert_non_null(client_find_subscription(&pair.client->client, 83, BYTES_LITERAL("t")));
    assert_non_null(connection_of(&pair));
    network_close(pair.network);
}

static void a_client_that_stops_says_so(void **state) {
    (void)state;
    struct network_pair pair = network_open_connected(NULL, NULL);
    network_subscribe(pair.client, 83, "t");
    network_leave(pair.client);
    assert_int_equal(network_count_lines(pair.network, "disc"), 1);
    assert_int_equal(network_count_lines(pair.network, "left"), 1);
    assert_ended(pair.broker, CAUSE_PEER, STATUS_NONE);
    assert_int_equal(network_count(pair.broker, EVENT_LEFT), 1);
    assert_int_equal(pair.broker->broker.core.subscriptions.entries, 0);
    network_close(pair.network);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_learns_of_brokers_that_came_before_and_after),
        cmocka_unit_test(commands_say_what_hinders_them),
        cmocka_unit_test(a_value_too_long_for_a_line_is_refused),
        cmocka_unit_test(a_creq_without_an_answer_is_408_to_the_nanosecond),
        cmocka_unit_test(a_second_answer_ends_the_connection),
        cmocka_unit_test(an_sreq_without_an_answer_is_408_to_the_nanosecond),
        cmocka_unit_test(a_silent_broker_is_given_up_to_the_nanosecond),
        cmocka_unit_test(a_restarted_broker_is_noticed_and_can_be_joined_again),
        cmocka_unit_test(a_broker_that_leaves_or_dies_is_noticed),
        cmocka_unit_test(a_broker_that_forgot_us_says_so),
        cmocka_unit_test(disconnecting_tells_the_broker),
        cmocka_unit_test(disconnecting_before_the_answer_leaves_no_connection),
        cmocka_unit_test(answers_that_nobody_asked_for_are_unexpected),
        cmocka_unit_test(types_that_no_client_asks_for_are_unexpected),
        cmocka_unit_test(malformed_packets_of_a_broker_are_dropped),
        cmocka_unit_test(an_answer_with_a_bad_key_is_refused),
        cmocka_unit_test(a_connection_that_cannot_be_asked_for_is_not_kept),
        cmocka_unit_test(altered_and_repeated_entries_are_dropped),
        cmocka_unit_test(records_bear_the_time_of_their_last_change),
        cmocka_unit_test(a_disc_of_a_stranger_is_ignored),
        cmocka_unit_test(last_values_are_kept_up_to_the_limit),
        cmocka_unit_test(devices_are_kept_up_to_the_limit),
        cmocka_unit_test(brokers_only_keeps_no_other_device),
        cmocka_unit_test(several_brokers_are_kept_apart),
        cmocka_unit_test(a_client_that_stops_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
