// Access lists at the line door: who may publish and read what, with the user of the credentials
// and the name of the device.
#include "role/network.h"

static enum credentials_state takes_anything(void *context, uint64_t number,
                                             struct bytes credentials) {
    (void)number;
    uint64_t *waits = context;
    (void)credentials;
    if (waits == NULL) {
        return CREDENTIALS_GOOD;
    }
    *waits = number;
    return CREDENTIALS_WAIT;
}

static void cancel(void *context, uint64_t number) {
    (void)context;
    (void)number;
}

struct fixture {
    struct memory memory;
    struct access access;
    struct broker_config broker;
    struct client_config client;
    uint64_t waiting;
    struct network_pair pair;
};

// With a client at 580 whose credentials are these; NULL: nobody is asked for any.
static void start(struct fixture *fixture, const char *list, const char *credentials,
                  enum suite_policy suite) {
    memory_init(&fixture->memory);
    access_init(&fixture->access, &fixture->memory, 3);
    struct access_error error;
    assert_true(access_read(&fixture->access, bytes_of_text(list), &error));
    fixture->broker = network_broker_config();
    fixture->broker.line.access = &fixture->access;
    fixture->broker.line.suite = suite;
    fixture->client = network_client_config();
    fixture->client.suite = suite;
    fixture->client.name = BYTES_LITERAL("lamp");
    if (credentials != NULL) {
        fixture->broker.line.authenticate = takes_anything;
        fixture->broker.line.cancel_check = cancel;
        fixture->client.credentials = bytes_of_text(credentials);
    }
    fixture->pair = network_open_pair(&fixture->broker, &fixture->client);
}

static void finish(struct fixture *fixture) {
    network_close(fixture->pair.network);
    access_deinit(&fixture->access);
    assert_int_equal(fixture->memory.blocks_in_use, 0);
}

static void publish(struct fixture *fixture, const char *topic) {
    network_forget(fixture->pair.network);
    network_publish(fixture->pair.client, 83, topic, "x");
}

static void what_is_not_allowed_is_not_published(void **state) {
    (void)state;
    for (int suite = SUITE_CLASSIC; suite <= SUITE_SODIUM; suite++) {
        struct fixture fixture;
        start(&fixture, "user ann\ntopic readwrite home/#\npattern write status/%c\n", "ann:secret",
              (enum suite_policy)suite);
        network_connect(fixture.pair.client, 83);
        network_subscribe(fixture.pair.client, 83, "#");
        publish(&fixture, "home/a");
        assert_int_equal(network_count(fixture.pair.client, EVENT_ENTRY), 1);
        publish(&fixture, "other");
        assert_int_equal(network_event_of(fixture.pair.broker, EVENT_DROPPED)->event.fault,
                         PACKET_FAULT_DENIED);
        assert_int_equal(network_count(fixture.pair.broker, EVENT_ENTRY), 0);
        publish(&fixture, "status/lamp");
        assert_int_equal(network_count(fixture.pair.broker, EVENT_ENTRY), 1);
        assert_int_equal(network_count(fixture.pair.client, EVENT_ENTRY), 0); // not to be read
        finish(&fixture);
    }
}

// The user is known from when the credentials came to when they were checked.
static void a_check_may_take_its_time(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, "user ann\ntopic write a\n", "ann:secret", SUITE_CLASSIC);
    fixture.broker.line.authenticate_context = &fixture.waiting;
    assert_int_equal(client_connect(&fixture.pair.client->client, 83, fixture.pair.network->now),
                     CLIENT_OK);
    network_settle(fixture.pair.network);
    line_door_authenticated(&fixture.pair.broker->broker.line, fixture.waiting, CREDENTIALS_GOOD,
                            fixture.pair.network->now);
    network_settle(fixture.pair.network);
    publish(&fixture, "a");
    assert_int_equal(network_count(fixture.pair.broker, EVENT_ENTRY), 1);
    finish(&fixture);
}

static void last_values_are_judged_and_filters_without_wildcards_too(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, "topic write #\ntopic read open\n", NULL, SUITE_CLASSIC);
    network_connect(fixture.pair.client, 83);
    publish(&fixture, "open");
    publish(&fixture, "closed");
    network_forget(fixture.pair.network);
    network_subscribe(fixture.pair.client, 83, "+");
    while (line_door_deadline(&fixture.pair.broker->broker.line) <= fixture.pair.network->now) {
        network_settle(fixture.pair.network);
    }
    assert_int_equal(network_count(fixture.pair.client, EVENT_ENTRY), 1);
    assert_int_equal(client_subscribe(&fixture.pair.client->client, 83, BYTES_LITERAL("closed"),
                                      fixture.pair.network->now),
                     CLIENT_OK);
    network_settle(fixture.pair.network);
    assert_int_equal(network_event_of(fixture.pair.client, EVENT_NOT_SUBSCRIBED)->event.status,
                     STATUS_FORBIDDEN);
    finish(&fixture);
}

// Credentials that nobody asks for say nothing.
static void who_was_not_checked_has_no_user_name(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, "user ann\ntopic write a\n", NULL, SUITE_CLASSIC);
    fixture.client.credentials = BYTES_LITERAL("ann:secret");
    network_connect(fixture.pair.client, 83);
    publish(&fixture, "a");
    assert_int_equal(network_count(fixture.pair.broker, EVENT_ENTRY), 0);
    finish(&fixture);
}

static uint64_t spent; // units of work

static void note_work(void *context, uint64_t work) {
    (void)context;
    spent += work;
}

// Who publishes spends what it takes to ask, and a line to many devices asks for each only about
// the patterns that its topic may match.
static void questions_are_work_of_the_turn(void **state) {
    (void)state;
    enum { READERS = 50, PATTERNS = 900 };
    struct fixture fixture;
    struct memory memory;
    struct buffer list;
    memory_init(&memory);
    buffer_init(&list, &memory);
    for (unsigned i = 0; i < PATTERNS; i++) {
        buffer_append_text(&list, "pattern write a/%c/");
        buffer_append_decimal(&list, i);
        buffer_append_byte(&list, '\n');
    }
    buffer_append_text(&list, "pattern write %c\npattern read %c\n");
    buffer_append_byte(&list, '\0');
    start(&fixture, (const char *)list.data, NULL, SUITE_CLASSIC);
    network_connect(fixture.pair.client, 83);
    for (uint32_t i = 0; i < READERS; i++) {
        struct network_node *reader = network_add_connected(fixture.pair.network, 700 + i, NULL);
        network_subscribe(reader, 83, "#");
    }
    fixture.pair.broker->port.spend = note_work;
    spent = 0;
    publish(&fixture, "lamp");
    assert_int_equal(network_count(fixture.pair.broker, EVENT_ENTRY), 1);
    assert_in_range(spent, PATTERNS / 2 + READERS, PATTERNS / 2 + 10 * READERS);
    spent = 0;
    publish(&fixture, "a/b");
    assert_int_equal(network_count(fixture.pair.broker, EVENT_ENTRY), 0);
    assert_in_range(spent, PATTERNS / 8, PATTERNS);
    finish(&fixture);
    buffer_deinit(&list);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(questions_are_work_of_the_turn),
        cmocka_unit_test(what_is_not_allowed_is_not_published),
        cmocka_unit_test(a_check_may_take_its_time),
        cmocka_unit_test(last_values_are_judged_and_filters_without_wildcards_too),
        cmocka_unit_test(who_was_not_checked_has_no_user_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
