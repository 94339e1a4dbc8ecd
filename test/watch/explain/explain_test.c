#include "support.h"

#include "watch/explain/explain.h"

#include <stdio.h>

struct fixture {
    struct memory memory;
    struct explain explain;
    struct buffer out;
    struct packet packet;
    uint8_t scratch[PACKET_LINE_MAX];
};

static int set_up(void **state) {
    struct fixture *fixture = test_calloc(1, sizeof *fixture);
    memory_init(&fixture->memory);
    explain_init(&fixture->explain, &fixture->memory);
    buffer_init(&fixture->out, &fixture->memory);
    *state = fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    explain_deinit(&fixture->explain);
    buffer_deinit(&fixture->out);
    assert_int_equal(fixture->memory.bytes_in_use, 0);
    test_free(fixture);
    return 0;
}

// A packet between the client 580 and the broker 83; elements end with a NULL.
static void make(struct fixture *fixture, bool by_client, enum packet_type type,
                 const char *const *elements) {
    fixture->packet = (struct packet){
        .sender = by_client ? 580 : 83, .receiver = by_client ? 83 : 580, .type = type};
    for (; *elements != NULL; elements++) {
        packet_add(&fixture->packet, bytes_of_text(*elements));
    }
    fixture->packet.signature = packet_signature(&fixture->packet);
}

static void assert_words(struct fixture *fixture, bool sealed, const char *words) {
    fixture->out.size = 0;
    explain_learn(&fixture->explain, &fixture->packet);
    explain_append_words(&fixture->explain, &fixture->packet, sealed, &fixture->out);
    assert_bytes_equal(buffer_bytes(&fixture->out), bytes_of_text(words));
}

#define CLIENT_SAYS(words, type, ...)                                       \
    (make(fixture, true, (type), (const char *const[]){__VA_ARGS__, NULL}), \
     assert_words(fixture, false, (words)))
#define BROKER_SAYS(words, type, ...)                                        \
    (make(fixture, false, (type), (const char *const[]){__VA_ARGS__, NULL}), \
     assert_words(fixture, false, (words)))
#define CLIENT_SEALS(words, type, ...)                                      \
    (make(fixture, true, (type), (const char *const[]){__VA_ARGS__, NULL}), \
     assert_words(fixture, true, (words)))
#define BROKER_SEALS(words, type, ...)                                       \
    (make(fixture, false, (type), (const char *const[]){__VA_ARGS__, NULL}), \
     assert_words(fixture, true, (words)))

static void learn_line(struct fixture *fixture, const char *line) {
    assert_int_equal(packet_parse(&fixture->packet, bytes_of_text(line), fixture->scratch),
                     PACKET_OK);
    explain_learn(&fixture->explain, &fixture->packet);
}

static void learn_join(struct fixture *fixture, uint32_t address, const char *kind,
                       const char *name) {
    make(fixture, true, PACKET_JOIN, (const char *const[]){kind, name, NULL});
    fixture->packet.sender = address;
    fixture->packet.receiver = PACKET_EVERYONE;
    explain_learn(&fixture->explain, &fixture->packet);
}

static void assert_device(struct fixture *fixture, uint32_t address, const char *words) {
    fixture->out.size = 0;
    explain_append_device(&fixture->explain, address, &fixture->out);
    assert_bytes_equal(buffer_bytes(&fixture->out), bytes_of_text(words));
}

static void devices_come_and_go(void **state) {
    struct fixture *fixture = *state;
    learn_join(fixture, 83, "broker", "kitchen");
    make(fixture, false, PACKET_JOIN, (const char *const[]){"broker", "kitchen", NULL});
    fixture->packet.receiver = PACKET_EVERYONE;
    assert_words(fixture, false, "joins the network as broker \"kitchen\"");
    CLIENT_SAYS("tells broker 83 kitchen that it is here: client", PACKET_JOIN, "client");
    CLIENT_SAYS("leaves the network", PACKET_LEFT, "client");
}

static void a_connection_is_made(void **state) {
    struct fixture *fixture = *state;
    CLIENT_SAYS("asks for a connection; public pre-key 6210 (suite classic)", PACKET_CREQ, "6210");
    BROKER_SAYS("accepts the connection (200 OK); public pre-key 1954", PACKET_CRES, "200", "1954");
    CLIENT_SAYS("asks for a connection; public pre-key 6210 (suite classic); credentials, readable "
                "by all: \"ada:secret\"",
                PACKET_CREQ, "6210", "classic", "6210", "ada:secret");
    BROKER_SAYS("refuses the connection (401 not connected or bad credentials)", PACKET_CRES, "401",
                "1954", "classic");
    BROKER_SAYS("refuses the connection (403 not allowed with this suite); demands suite sodium",
                PACKET_CRES, "403", "0", "sodium");
    BROKER_SAYS("refuses the connection (509 too many connections or subscriptions)", PACKET_CRES,
                "509", "0");
}

static void a_connection_of_suite_sodium_is_made(void **state) {
    struct fixture *fixture = *state;
    CLIENT_SAYS("asks for a connection; suite sodium with public key abc", PACKET_CREQ, "0",
                "sodium", "abc");
    CLIENT_SAYS("asks for a connection; public pre-key 6210; suite sodium with public key abc; "
                "credentials, sealed",
                PACKET_CREQ, "6210", "sodium", "abc", "def");
    BROKER_SAYS("accepts the connection (200 OK); suite sodium with public key "
                "HlO1hY8iwXN5ObDB8X6WQikR…",
                PACKET_CRES, "200", "0", "sodium", "HlO1hY8iwXN5ObDB8X6WQikRIrpoZEybH0/F4VGCeno");
    BROKER_SAYS("asks for credentials, sealed for its key (401 not connected or bad credentials); "
                "suite sodium with public key abc",
                PACKET_CRES, "401", "0", "sodium", "abc");
}

static void topics_and_entries(void **state) {
    struct fixture *fixture = *state;
    CLIENT_SAYS("subscribes to home/#", PACKET_SREQ, "home/#");
    CLIENT_SAYS("unsubscribes from home/#", PACKET_SREQ, "home/#", "off");
    BROKER_SAYS("confirms home/# (200 OK)", PACKET_SRES, "200", "home/#");
    BROKER_SAYS("refuses a#b (400 malformed)", PACKET_SRES, "400", "a#b");
    CLIENT_SAYS("publishes temp = 21.5", PACKET_PUBL, "temp", "21.5");
    BROKER_SAYS("passes on temp = 21.5", PACKET_PUBL, "temp", "21.5");
    CLIENT_SAYS("publishes temp = (nothing)", PACKET_PUBL, "temp", "");
}

static void pings_and_ends(void **state) {
    struct fixture *fixture = *state;
    learn_join(fixture, 83, "broker", NULL);
    BROKER_SAYS("asks: still there?", PACKET_PING, NULL);
    CLIENT_SAYS("is still there", PACKET_PING, NULL);
    CLIENT_SAYS("disconnects", PACKET_DISC, NULL);
    BROKER_SAYS("disconnects (408 timed out)", PACKET_DISC, "408");
    BROKER_SAYS("disconnects (503 not available)", PACKET_DISC, "503");
    BROKER_SAYS("answers 401: not connected or bad credentials", PACKET_DISC, "401");
}

static void sealed_packets(void **state) {
    struct fixture *fixture = *state;
    CLIENT_SEALS("subscribes to a topic (sealed: cT\\\\_)", PACKET_SREQ, "cT\\_");
    CLIENT_SEALS("unsubscribes from a topic (sealed: cT, xyz)", PACKET_SREQ, "cT", "xyz");
    BROKER_SEALS("answers the request (sealed: !!!, cT)", PACKET_SRES, "!!!", "cT");
    CLIENT_SEALS("publishes an entry (sealed: cT, 1)", PACKET_PUBL, "cT", "1");
    BROKER_SEALS("passes on an entry (sealed: 012345678901234567890123…)", PACKET_PUBL,
                 "0123456789012345678901234");
    CLIENT_SEALS("is still there (sealed: abc)", PACKET_PING, "abc");
    BROKER_SEALS("asks: still there? (sealed: abc)", PACKET_PING, "abc");
    CLIENT_SEALS("disconnects (sealed: abc)", PACKET_DISC, "abc");
}

static void every_status_has_words(void **state) {
    struct fixture *fixture = *state;
    BROKER_SAYS("refuses t (400 malformed)", PACKET_SRES, "400", "t");
    BROKER_SAYS("refuses t (401 not connected or bad credentials)", PACKET_SRES, "401", "t");
    BROKER_SAYS("refuses t (403 not allowed with this suite)", PACKET_SRES, "403", "t");
    BROKER_SAYS("refuses t (409 taken)", PACKET_SRES, "409", "t");
    BROKER_SAYS("refuses t (418 unknown status)", PACKET_SRES, "418", "t");
    BROKER_SAYS("refuses t (fine)", PACKET_SRES, "fine", "t");
    BROKER_SAYS("refuses (nothing) ((nothing))", PACKET_SRES, NULL);
}

// Of either side, sealed and not, and whatever its elements are.
static void every_type_has_words(void **state) {
    struct fixture *fixture = *state;
    for (unsigned type = 0; type < PACKET_TYPES; type++) {
        bool may_be_sealed = packet_type_is_sealed((enum packet_type)type);
        for (unsigned by_client = 0; by_client < 2; by_client++) {
            for (unsigned sealed = 0; sealed <= may_be_sealed; sealed++) {
                make(fixture, by_client != 0, (enum packet_type)type,
                     (const char *const[]){"200", "200", NULL});
                fixture->out.size = 0;
                explain_append_words(&fixture->explain, &fixture->packet, sealed != 0,
                                     &fixture->out);
                assert_true(fixture->out.size > 0);
            }
        }
    }
}

static void learns_who_is_who(void **state) {
    struct fixture *fixture = *state;
    assert_device(fixture, 0, "everyone");
    assert_device(fixture, 83, "device 83");
    learn_line(fixture, "1795435625\t580\t83\tcreq\t-6210-\t400\t");
    assert_device(fixture, 83, "broker 83");
    assert_device(fixture, 580, "client 580");
    learn_join(fixture, 83, "broker", "kitchen");
    assert_device(fixture, 83, "broker 83 kitchen");
    learn_line(fixture, "1\t83\t0\tleft\t-broker-\t816\t");
    assert_device(fixture, 83, "broker 83 kitchen");
    learn_join(fixture, 83, "client", NULL);
    assert_device(fixture, 83, "client 83");
    learn_line(fixture, "1\t7\t0\tleft\t-client-\t600\t");
    assert_device(fixture, 7, "client 7");
    learn_join(fixture, 8, "toaster", "x");
    assert_device(fixture, 8, "device 8 x");
}

static void does_not_learn_from_forged_packets(void **state) {
    struct fixture *fixture = *state;
    learn_line(fixture, "1\t83\t0\tjoin\t-broker-\t817\t");
    learn_line(fixture, "1\t580\t83\tcreq\t-6210-\t401\t");
    learn_line(fixture, "1\t83\t0\tjoin\t-\t1\t");
    assert_device(fixture, 83, "device 83");
    assert_device(fixture, 580, "device 580");
}

static void names_are_printable_and_cut(void **state) {
    struct fixture *fixture = *state;
    learn_join(fixture, 1, "broker", "\033[31mred\r\n");
    assert_device(fixture, 1, "broker 1 \\x1B[31mred\\x0D\\n");
    learn_join(fixture, 2, "broker", "äöüäöüäöüäöüäöüäöüäöü");
    assert_device(fixture, 2, "broker 2 äöüäöüäöüäöüäöüäöüä…");
}

static void texts_are_printable_and_cut(void **state) {
    struct fixture *fixture = *state;
    CLIENT_SAYS("publishes a\\tb = \\x1B[2J", PACKET_PUBL, "a\tb", "\033[2J");
    CLIENT_SEALS("publishes an entry (sealed: \\x7F\\x9B)", PACKET_PUBL, "\177\233");
    char long_text[201];
    char expected[256];
    snprintf(long_text, sizeof long_text, "%0119dä%079d", 0, 0); // the 120th byte begins the ä
    snprintf(expected, sizeof expected, "subscribes to %0119d… (200 bytes)", 0);
    CLIENT_SAYS(expected, PACKET_SREQ, long_text);
}

static void finds_why_a_packet_is_dropped(void **state) {
    struct fixture *fixture = *state;
    static const struct {
        const char *line;
        enum packet_fault fault;
    } cases[] = {
        {"1\t83\t0\tjoin\t-broker-\t816\t", PACKET_OK},
        {"1\t83\t0\tjoin\t-broker-\t817\t", PACKET_FAULT_SIGNATURE},
        {"1\t83\t0\tjoin\t-\t1\t", PACKET_FAULT_MISSING},
        {"1\t83\t0\tleft\t-\t1\t", PACKET_OK},
        {"1\t580\t83\tcreq\t-\t1\t", PACKET_FAULT_MISSING},
        {"1\t83\t580\tcres\t-200-\t200\t", PACKET_FAULT_MISSING},
        {"1\t83\t580\tcres\t-2-0-\t400\t", PACKET_FAULT_CONTENT},
        {"1\t580\t83\tpubl\t-a-\t97\t", PACKET_FAULT_MISSING},
        {"1\t83\t580\tsres\t-x-y-\t520\t", PACKET_FAULT_CONTENT},
        {"1\t83\t580\tping\t-\t1\t", PACKET_OK},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        learn_line(fixture, cases[i].line);
        assert_int_equal(explain_check(&fixture->packet, false), cases[i].fault);
    }
    learn_line(fixture, "1\t580\t83\tpubl\t-a-\t5\t");
    assert_int_equal(explain_check(&fixture->packet, true), PACKET_OK);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(devices_come_and_go),
        TEST(a_connection_is_made),
        TEST(a_connection_of_suite_sodium_is_made),
        TEST(topics_and_entries),
        TEST(pings_and_ends),
        TEST(sealed_packets),
        TEST(every_status_has_words),
        TEST(every_type_has_words),
        TEST(learns_who_is_who),
        TEST(does_not_learn_from_forged_packets),
        TEST(names_are_printable_and_cut),
        TEST(texts_are_printable_and_cut),
        TEST(finds_why_a_packet_is_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
