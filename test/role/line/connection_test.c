// Suites and credentials: who agrees with whom on what, and what stands on the wire.
#include "cipher/classic.h"
#include "cipher/sodium.h"
#include "role/network.h"

#include <stdio.h>

#include "base/decimal.h"

static struct broker_config broker_with(enum suite_policy suite) {
    struct broker_config config = network_broker_config();
    config.line.suite = suite;
    return config;
}

static struct client_config client_with(enum suite_policy suite) {
    struct client_config config = network_client_config();
    config.suite = suite;
    return config;
}

static void each_pair_of_policies_agrees_or_is_refused(void **state) {
    (void)state;
    static const struct {
        enum suite_policy client, broker;
        const char *agreed;  // NULL: refused with 403
        const char *offered; // the suite named in the refusal
    } cases[] = {
        {SUITE_CLASSIC, SUITE_CLASSIC, "classic", NULL},
        {SUITE_CLASSIC, SUITE_ANY, "classic", NULL},
        {SUITE_CLASSIC, SUITE_SODIUM, NULL, "sodium"},
        {SUITE_SODIUM, SUITE_CLASSIC, NULL, "classic"},
        {SUITE_SODIUM, SUITE_SODIUM, "sodium", NULL},
        {SUITE_SODIUM, SUITE_ANY, "sodium", NULL},
        {SUITE_ANY, SUITE_CLASSIC, "classic", NULL},
        {SUITE_ANY, SUITE_SODIUM, "sodium", NULL},
        {SUITE_ANY, SUITE_ANY, "sodium", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct broker_config broker = broker_with(cases[i].broker);
        struct client_config client = client_with(cases[i].client);
        struct network_pair pair = network_open_pair(&broker, &client);
        assert_int_equal(client_connect(&pair.client->client, 83, pair.network->now), CLIENT_OK);
        network_settle(pair.network);
        if (cases[i].agreed != NULL) {
            assert_string_equal(network_event_of(pair.client, EVENT_CONNECTED)->event.suite,
                                cases[i].agreed);
            assert_string_equal(network_event_of(pair.broker, EVENT_CONNECTED)->event.suite,
                                cases[i].agreed);
            network_subscribe(pair.client, 83, "a/#");
            network_publish(pair.client, 83, "a/b", "the plain value");
            const struct network_event *entry = network_event_of(pair.client, EVENT_ENTRY);
            assert_bytes_equal(entry->text, BYTES_LITERAL("a/b"));
            assert_bytes_equal(entry->value, BYTES_LITERAL("the plain value"));
        } else {
            const struct network_event *refused = network_event_of(pair.client, EVENT_REFUSED);
            assert_int_equal(refused->event.status, STATUS_FORBIDDEN);
            assert_bytes_equal(refused->text, bytes_of_text(cases[i].offered));
            assert_int_equal(network_event_of(pair.broker, EVENT_REFUSED)->event.status,
                             STATUS_FORBIDDEN);
            assert_null(client_find_connection(&pair.client->client, 83));
            assert_null(line_door_find(&pair.broker->broker.line, 580));
        }
        network_close(pair.network);
    }
}

// The line is `start`, a pre-key, `-`, TAB, the signature, TAB and LF.
static void assert_line_with_pre_key(struct bytes line, const char *start) {
    static uint8_t scratch[PACKET_LINE_MAX];
    struct packet packet;
    assert_int_equal(packet_parse(&packet, bytes_make(line.data, line.size - 1), scratch),
                     PACKET_OK);
    uint64_t pre_key = 0;
    struct bytes last = packet.element[packet.element_count - 1];
    assert_true(decimal_read(last, 7918, &pre_key) && pre_key > 0);
    assert_int_equal(packet.signature, packet_signature(&packet));
    char expected[128];
    int size = snprintf(expected, sizeof expected, "%s%u-\t%u\t\n", start, (unsigned)pre_key,
                        packet.signature);
    assert_bytes_equal(line, bytes_make(expected, (size_t)size));
}

// The bare suite `classic` is what the programs of 2020 speak: one element there, two back.
static void classic_connects_in_the_form_of_the_first_programs(void **state) {
    (void)state;
    struct network_pair pair = network_open_pair(NULL, NULL);
    network_forget(pair.network);
    network_connect(pair.client, 83);
    struct bytes wire = buffer_bytes(&pair.network->wire);
    const uint8_t *end = memchr(wire.data, '\n', wire.size);
    assert_non_null(end);
    size_t first = (size_t)(end - wire.data) + 1;
    assert_line_with_pre_key(bytes_make(wire.data, first), "1795435627\t580\t83\tcreq\t-");
    assert_line_with_pre_key(bytes_make(wire.data + first, wire.size - first),
                             "1795435627\t83\t580\tcres\t-200-");
    network_close(pair.network);
}

// The programs of 2020 send no suite; the answer has nothing that they would stumble over.
static void a_creq_of_the_first_programs_is_answered(void **state) {
    (void)state;
    struct broker_config any = broker_with(SUITE_ANY);
    struct network_pair pair = network_open_pair(&any, NULL);
    network_forget(pair.network);
    network_inject(pair.network, BYTES_LITERAL("1795435625\t7\t83\tcreq\t-6210-\t400\t"));
    assert_int_equal(network_event_of(pair.broker, EVENT_CONNECTED)->event.address, 7);
    assert_line_with_pre_key(buffer_bytes(&pair.network->wire), "1795435627\t83\t7\tcres\t-200-");
    network_close(pair.network);
}

// With an unlucky key parts of a text come out as blanks and dashes, which those programs take for
// the end of an element. Whatever a client's pre-key is, the broker answers with one that avoids
// it.
static void the_key_with_a_first_program_leaves_texts_readable(void **state) {
    (void)state;
    static const char texts[] = "0123456789./_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    struct network_pair pair = network_open_pair(NULL, NULL);
    for (uint32_t secret = 1; secret <= CLASSIC_SECRET_MAX; secret++) {
        char pre_key[16];
        uint64_t answered = 0;
        uint8_t sealed[sizeof texts - 1];
        (void)snprintf(pre_key, sizeof pre_key, "%u",
                       (unsigned)classic_power(CLASSIC_GENERATOR, secret));
        network_forget(pair.network);
        network_inject_packet(pair.network, PACKET_CREQ, 7, 83, pre_key);
        struct bytes wire = buffer_bytes(&pair.network->wire);
        const uint8_t *at = memmem(wire.data, wire.size, "-200-", 5);
        assert_non_null(at);
        const uint8_t *end = memchr(at + 5, '-', wire.size - (size_t)(at + 5 - wire.data));
        assert_true(decimal_read(bytes_make(at + 5, (size_t)(end - at - 5)), 7918, &answered));
        classic_seal(classic_power((uint32_t)answered, secret), bytes_of_text(texts), sealed);
        assert_null(memchr(sealed, ' ', sizeof sealed));
        assert_null(memchr(sealed, '-', sizeof sealed));
    }
    network_close(pair.network);
}

static void who_names_a_suite_is_told_the_one_chosen(void **state) {
    (void)state;
    struct broker_config any = broker_with(SUITE_ANY);
    struct network_pair pair = network_open_pair(&any, NULL);
    network_forget(pair.network);
    network_inject(pair.network, BYTES_LITERAL("1\t8\t83\tcreq\t-6210-classic-\t0\t"));
    assert_true(network_wire_holds(pair.network, BYTES_LITERAL("-classic-\t")));
    network_forget(pair.network);
    // Without its key the suite is not offered.
    network_inject(pair.network, BYTES_LITERAL("1\t9\t83\tcreq\t-6210-sodium-\t0\t"));
    assert_true(network_wire_holds(pair.network, BYTES_LITERAL("-classic-\t")));
    assert_string_equal(network_event_of(pair.broker, EVENT_CONNECTED)->event.suite, "classic");
    network_close(pair.network);
}

// ---- credentials ----------------------------------------------------------------------------

#define PASSWORD "ann:open-sesame"

static enum credentials_state is_password(void *context, uint64_t number,
                                          struct bytes credentials) {
    (void)number;
    ++*(unsigned *)context;
    return bytes_equal(credentials, BYTES_LITERAL(PASSWORD)) ? CREDENTIALS_GOOD : CREDENTIALS_WRONG;
}

static void credentials_are_checked_and_never_shown_by_sodium(void **state) {
    (void)state;
    static const struct {
        enum suite_policy client, broker;
        const char *credentials;
        unsigned status;
        bool is_shown;
    } cases[] = {
        {SUITE_CLASSIC, SUITE_CLASSIC, PASSWORD, STATUS_OK, true},
        {SUITE_CLASSIC, SUITE_ANY, PASSWORD, STATUS_OK, true},
        {SUITE_CLASSIC, SUITE_CLASSIC, "wrong", STATUS_UNAUTHORIZED, true},
        {SUITE_CLASSIC, SUITE_CLASSIC, "", STATUS_UNAUTHORIZED, false},
        {SUITE_SODIUM, SUITE_SODIUM, PASSWORD, STATUS_OK, false},
        {SUITE_SODIUM, SUITE_ANY, PASSWORD, STATUS_OK, false},
        {SUITE_SODIUM, SUITE_SODIUM, "wrong", STATUS_UNAUTHORIZED, false},
        {SUITE_SODIUM, SUITE_SODIUM, "", STATUS_UNAUTHORIZED, false},
        {SUITE_SODIUM, SUITE_CLASSIC, PASSWORD, STATUS_FORBIDDEN, false},
        {SUITE_ANY, SUITE_ANY, PASSWORD, STATUS_OK, false},
        {SUITE_ANY, SUITE_SODIUM, PASSWORD, STATUS_OK, false},
        {SUITE_ANY, SUITE_CLASSIC, PASSWORD, STATUS_UNAUTHORIZED, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned asked = 0;
        struct broker_config broker = broker_with(cases[i].broker);
        broker.line.authenticate = is_password;
        broker.line.authenticate_context = &asked;
        struct client_config client = client_with(cases[i].client);
        client.credentials = bytes_of_text(cases[i].credentials);
        struct network_pair pair = network_open_pair(&broker, &client);
        assert_int_equal(client_connect(&pair.client->client, 83, pair.network->now), CLIENT_OK);
        network_settle(pair.network);
        const struct connection *connection = client_find_connection(&pair.client->client, 83);
        bool is_open = connection != NULL && connection->status_code == STATUS_OK;
        assert_int_equal(is_open, cases[i].status == STATUS_OK);
        if (!is_open) {
            assert_int_equal(network_event_of(pair.client, EVENT_REFUSED)->event.status,
                             cases[i].status);
            assert_null(connection);
        } else {
            network_subscribe(pair.client, 83, "t");
            network_publish(pair.client, 83, "t", "x");
            assert_int_equal(network_count(pair.client, EVENT_ENTRY), 1);
        }
        // The escaped form writes '-' as %2D, so look for the part before it.
        if (cases[i].credentials[0] != '\0') {
            struct bytes start = bytes_make(cases[i].credentials, 5);
            assert_int_equal(network_wire_holds(pair.network, start), cases[i].is_shown);
        }
        network_close(pair.network);
    }
}

// ---- checks that take their time ------------------------------------------------------------

struct checks {
    unsigned asked;
    uint64_t number; // of the last one asked
    unsigned cancelled;
    uint64_t cancelled_number;
};

static enum credentials_state check_later(void *context, uint64_t number,
                                          struct bytes credentials) {
    struct checks *checks = context;
    (void)credentials;
    checks->asked++;
    checks->number = number;
    return CREDENTIALS_WAIT;
}

static void note_cancelled(void *context, uint64_t number) {
    struct checks *checks = context;
    checks->cancelled++;
    checks->cancelled_number = number;
}

// A client of address 580 whose credentials are being checked.
static struct network_pair open_waiting(enum suite_policy suite, struct checks *checks) {
    static struct broker_config broker;
    static struct client_config client;
    broker = broker_with(suite);
    broker.line.authenticate = check_later;
    broker.line.cancel_check = note_cancelled;
    broker.line.authenticate_context = checks;
    client = client_with(suite);
    client.credentials = BYTES_LITERAL(PASSWORD);
    *checks = (struct checks){0};
    struct network_pair pair = network_open_pair(&broker, &client);
    assert_int_equal(client_connect(&pair.client->client, 83, pair.network->now), CLIENT_OK);
    network_settle(pair.network);
    assert_int_equal(checks->asked, 1);
    return pair;
}

static void answer_check(struct network_pair pair, const struct checks *checks,
                         enum credentials_state state) {
    line_door_authenticated(&pair.broker->broker.line, checks->number, state, pair.network->now);
    network_settle(pair.network);
}

static void others_are_served_while_credentials_are_checked(void **state) {
    (void)state;
    for (int suite = SUITE_CLASSIC; suite <= SUITE_SODIUM; suite++) {
        struct checks checks;
        struct network_pair pair = open_waiting((enum suite_policy)suite, &checks);
        assert_int_equal(network_count(pair.client, EVENT_CONNECTED), 0);
        assert_int_equal(pair.broker->broker.line.peer_count, 0);
        network_inject_packet(pair.network, PACKET_JOIN, 7, 0, "router"); // is answered
        assert_int_equal(network_count(pair.broker, EVENT_JOINED), 2);
        answer_check(pair, &checks, CREDENTIALS_GOOD);
        assert_int_equal(network_count(pair.client, EVENT_CONNECTED), 1);
        network_subscribe(pair.client, 83, "t");
        network_publish(pair.client, 83, "t", "x");
        assert_int_equal(network_count(pair.client, EVENT_ENTRY), 1);
        answer_check(pair, &checks, CREDENTIALS_GOOD); // once more: nobody waits
        assert_int_equal(network_count(pair.broker, EVENT_CONNECTED), 1);
        assert_int_equal(checks.cancelled, 0);
        network_close(pair.network);
    }
}

static void a_check_may_find_credentials_wrong_or_not_be_made(void **state) {
    (void)state;
    static const struct {
        enum credentials_state state;
        unsigned status;
    } cases[] = {{CREDENTIALS_WRONG, STATUS_UNAUTHORIZED}, {CREDENTIALS_BUSY, STATUS_UNAVAILABLE}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct checks checks;
        struct network_pair pair = open_waiting(SUITE_CLASSIC, &checks);
        answer_check(pair, &checks, cases[i].state);
        assert_int_equal(network_event_of(pair.client, EVENT_REFUSED)->event.status,
                         cases[i].status);
        assert_int_equal(network_event_of(pair.broker, EVENT_REFUSED)->event.status,
                         cases[i].status);
        assert_int_equal(pair.broker->broker.line.peer_count, 0);
        network_close(pair.network);
    }
}

// So the answers to a device come in the order of its requests.
static void the_newest_request_of_a_device_is_answered(void **state) {
    (void)state;
    struct checks checks;
    struct network_pair pair = open_waiting(SUITE_CLASSIC, &checks);
    struct checks first = checks;
    network_inject(pair.network,
                   BYTES_LITERAL("1\t580\t83\tcreq\t-6210-classic-6210-ann:other-\t0\t"));
    assert_int_equal(checks.asked, 2);
    assert_int_equal(checks.cancelled, 1);
    assert_int_equal(checks.cancelled_number, first.number);
    answer_check(pair, &first, CREDENTIALS_GOOD);
    assert_int_equal(network_count_lines(pair.network, "cres"), 0);
    answer_check(pair, &checks, CREDENTIALS_GOOD);
    assert_int_equal(network_count_lines(pair.network, "cres"), 1);
    network_close(pair.network);
}

static void who_is_gone_is_not_checked(void **state) {
    (void)state;
    static const struct {
        enum packet_type type;
        const char *element;
    } cases[] = {{PACKET_LEFT, "client"}, {PACKET_JOIN, "client"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct checks checks;
        struct network_pair pair = open_waiting(SUITE_CLASSIC, &checks);
        network_inject_packet(pair.network, cases[i].type, 580, 0, cases[i].element);
        assert_int_equal(checks.cancelled_number, checks.number);
        answer_check(pair, &checks, CREDENTIALS_GOOD);
        assert_int_equal(pair.broker->broker.line.peer_count, 0);
        network_close(pair.network);
    }
    struct checks checks;
    struct network_pair pair = open_waiting(SUITE_CLASSIC, &checks);
    network_leave(pair.broker);
    assert_int_equal(checks.cancelled_number, checks.number);
    network_close(pair.network);
}

// A copy of them waits with those who check: the account knows of it as long as it does.
static void credentials_that_wait_are_charged(void **state) {
    (void)state;
    struct checks checks;
    struct network_pair pair = open_waiting(SUITE_CLASSIC, &checks);
    struct memory *memory = &pair.broker->memory;
    size_t first = memory->charged;
    assert_true(first > sizeof PASSWORD);
    network_inject(pair.network,
                   BYTES_LITERAL("1\t7\t83\tcreq\t-6210-classic-6210-ann:other-\t0\t"));
    assert_int_equal(checks.asked, 2);
    assert_true(memory->charged > first + sizeof "ann:other");
    network_inject_packet(pair.network, PACKET_LEFT, 7, 0, "client");
    assert_int_equal(memory->charged, first);
    answer_check(pair, &checks, CREDENTIALS_WRONG); // nobody waits for it
    assert_int_equal(memory->charged, first);
    network_inject_packet(pair.network, PACKET_LEFT, 580, 0, "client");
    assert_int_equal(memory->charged, 0);
    network_close(pair.network);
}

static void what_there_is_no_room_for_is_not_checked(void **state) {
    (void)state;
    struct checks checks;
    struct network_pair pair = open_waiting(SUITE_CLASSIC, &checks);
    struct memory *memory = &pair.broker->memory;
    // There is room for a connection, and for the request without its credentials.
    size_t room = 2 * sizeof(struct line_peer);
    memory->limit = 64 * 1024;
    size_t mark = memory->limit - memory->limit / 16;
    memory_charge(memory, mark - memory_counted(memory) - room);
    size_t charged = memory->charged;
    char line[1200] = "1\t7\t83\tcreq\t-6210-classic-6210-ann:";
    size_t used = strlen(line);
    memset(line + used, 'x', 800);
    (void)snprintf(line + used + 800, sizeof line - used - 800, "-\t0\t");
    network_inject(pair.network, bytes_of_text(line));
    assert_int_equal(checks.asked, 1);
    assert_int_equal(memory->charged, charged);
    assert_int_equal(network_event_of(pair.broker, EVENT_REFUSED)->event.status, STATUS_FULL);
    network_close(pair.network);
}

// Each found a place when it asked, but there is one only.
static void room_is_looked_for_again_after_the_check(void **state) {
    (void)state;
    struct checks checks;
    struct network_pair pair = open_waiting(SUITE_CLASSIC, &checks);
    struct checks first = checks;
    network_inject(pair.network,
                   BYTES_LITERAL("1\t7\t83\tcreq\t-6210-classic-6210-ann:other-\t0\t"));
    assert_int_equal(checks.asked, 2);
    ((struct broker_config *)pair.broker->broker.line.config)->line.limits.connections = 1;
    answer_check(pair, &checks, CREDENTIALS_GOOD);
    answer_check(pair, &first, CREDENTIALS_GOOD);
    assert_int_equal(network_count(pair.broker, EVENT_CONNECTED), 1);
    assert_int_equal(network_event_of(pair.client, EVENT_REFUSED)->event.status, STATUS_FULL);
    network_close(pair.network);
}

static void credentials_for_a_broker_that_wants_none_do_no_harm(void **state) {
    (void)state;
    for (int suite = SUITE_CLASSIC; suite <= SUITE_ANY; suite++) {
        struct broker_config broker = broker_with(SUITE_ANY);
        struct client_config client = client_with((enum suite_policy)suite);
        client.credentials = BYTES_LITERAL(PASSWORD);
        struct network_pair pair = network_open_connected(&broker, &client);
        network_subscribe(pair.client, 83, "#");
        network_close(pair.network);
    }
}

// Everything that is sent is kept; sealed credentials of one session open no other.
static void a_repeated_login_line_opens_no_connection_that_can_be_used(void **state) {
    (void)state;
    unsigned asked = 0;
    struct broker_config broker = broker_with(SUITE_SODIUM);
    broker.line.authenticate = is_password;
    broker.line.authenticate_context = &asked;
    struct client_config client = client_with(SUITE_SODIUM);
    client.credentials = BYTES_LITERAL(PASSWORD);
    struct network_pair pair = network_open_pair(&broker, &client);
    network_forget(pair.network);
    network_connect(pair.client, 83);
    // creq, cres 401, creq with credentials, cres 200.
    assert_int_equal(network_count_lines(pair.network, "creq"), 2);
    assert_int_equal(network_count_lines(pair.network, "cres"), 2);
    assert_int_equal(asked, 1);
    assert_int_equal(network_count(pair.client, EVENT_REFUSED), 0);
    network_close(pair.network);
}

static enum credentials_state takes_anything(void *context, uint64_t number,
                                             struct bytes credentials) {
    (void)context;
    (void)number;
    (void)credentials;
    return CREDENTIALS_GOOD;
}

// Malformed key material: refused, told, and nothing is left behind.
static void bad_public_keys_are_malformed(void **state) {
    (void)state;
    static const char *const keys[] = {"0", "7919", "-1", "x", "99999999999", ""};
    struct network_pair pair = network_open_pair(NULL, NULL);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        network_forget(pair.network);
        network_inject_packet(pair.network, PACKET_CREQ, 7, 83, keys[i]);
        const struct network_event *refused = network_event_of(pair.broker, EVENT_REFUSED);
        assert_non_null(refused);
        assert_int_equal(refused->event.status,
                         strcmp(keys[i], "0") == 0 ? STATUS_FORBIDDEN : STATUS_MALFORMED);
        assert_int_equal(pair.broker->broker.line.peer_count, 0);
    }
    network_close(pair.network);

    struct broker_config broker = broker_with(SUITE_SODIUM);
    broker.line.authenticate = takes_anything;
    pair = network_open_pair(&broker, NULL);
    network_inject(pair.network, BYTES_LITERAL("1\t7\t83\tcreq\t-0-sodium-AAAA-x-\t0\t"));
    assert_int_equal(network_event_of(pair.broker, EVENT_REFUSED)->event.status,
                     STATUS_UNAUTHORIZED);
    // A key of low order: all zero.
    network_inject(pair.network,
                   BYTES_LITERAL("1\t7\t83\tcreq\t-0-sodium-"
                                 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA-xx-\t0\t"));
    assert_int_equal(network_count(pair.broker, EVENT_CONNECTED), 0);
    assert_int_equal(pair.broker->broker.line.peer_count, 0);
    network_close(pair.network);
}

static void a_bad_public_key_leaves_the_connection_there_was(void **state) {
    (void)state;
    struct network_pair pair = network_open_connected(NULL, NULL);
    char line[64];
    uint32_t address = pair.client->client.self;
    struct packet packet = {0};
    packet_add(&packet, BYTES_LITERAL("7919"));
    snprintf(line, sizeof line, "1\t%u\t83\tcreq\t-7919-\t%u\t", address,
             packet_signature(&packet));
    network_inject(pair.network, bytes_of_text(line));
    assert_int_equal(network_event_of(pair.broker, EVENT_REFUSED)->event.status, STATUS_MALFORMED);
    assert_int_equal(network_count(pair.broker, EVENT_DISCONNECTED), 0);
    assert_int_equal(pair.broker->broker.line.peer_count, 1);
    network_close(pair.network);
}

static void an_answer_that_cannot_be_read_changes_nothing(void **state) {
    (void)state;
    struct network_pair pair = network_open_pair(NULL, NULL);
    pair.broker->is_cut = true;
    assert_int_equal(client_connect(&pair.client->client, 83, pair.network->now), CLIENT_OK);
    network_settle(pair.network);
    network_inject(pair.network, BYTES_LITERAL("1\t83\t580\tcres\t-hello-1954-\t528\t"));
    assert_int_equal(pair.client->faults[PACKET_FAULT_CONTENT], 1);
    network_inject(pair.network, BYTES_LITERAL("1\t83\t580\tcres\t-200-\t200\t"));
    assert_int_equal(pair.client->faults[PACKET_FAULT_MISSING], 1);
    assert_int_equal(client_find_connection(&pair.client->client, 83)->status_code, STATUS_NONE);
    assert_int_equal(network_count(pair.client, EVENT_REFUSED), 0);
    network_close(pair.network);
}

// A broker gives out a number to whoever asks, so there may be very many.
static void no_two_secrets_of_a_device_are_the_same(void **state) {
    (void)state;
    static const uint64_t numbers[] = {
        0, 1, 2, UINT64_C(1) << 31, UINT64_C(1) << 32, (UINT64_C(1) << 32) + 1};
    enum { COUNT = 2 * sizeof numbers / sizeof *numbers };
    const struct cipher_secret seed = {{1}};
    struct cipher_secret secrets[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        secrets[i] =
            connection_secret(&seed, numbers[i / 2], i % 2 == 0 ? &cipher_classic : &cipher_sodium);
        for (size_t k = 0; k < i; k++) {
            assert_memory_not_equal(&secrets[i], &secrets[k], sizeof secrets[i]);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_pair_of_policies_agrees_or_is_refused),
        cmocka_unit_test(classic_connects_in_the_form_of_the_first_programs),
        cmocka_unit_test(a_creq_of_the_first_programs_is_answered),
        cmocka_unit_test(the_key_with_a_first_program_leaves_texts_readable),
        cmocka_unit_test(who_names_a_suite_is_told_the_one_chosen),
        cmocka_unit_test(credentials_are_checked_and_never_shown_by_sodium),
        cmocka_unit_test(others_are_served_while_credentials_are_checked),
        cmocka_unit_test(a_check_may_find_credentials_wrong_or_not_be_made),
        cmocka_unit_test(the_newest_request_of_a_device_is_answered),
        cmocka_unit_test(who_is_gone_is_not_checked),
        cmocka_unit_test(room_is_looked_for_again_after_the_check),
        cmocka_unit_test(credentials_that_wait_are_charged),
        cmocka_unit_test(what_there_is_no_room_for_is_not_checked),
        cmocka_unit_test(credentials_for_a_broker_that_wants_none_do_no_harm),
        cmocka_unit_test(a_repeated_login_line_opens_no_connection_that_can_be_used),
        cmocka_unit_test(bad_public_keys_are_malformed),
        cmocka_unit_test(a_bad_public_key_leaves_the_connection_there_was),
        cmocka_unit_test(an_answer_that_cannot_be_read_changes_nothing),
        cmocka_unit_test(no_two_secrets_of_a_device_are_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
