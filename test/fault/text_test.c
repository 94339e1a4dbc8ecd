#include "support.h"
#include "text_fixture.h"

#include <stdlib.h>

#include "fault/parse.h"
#include "fault/rule_of.h"
#include "fault/text.h"

static void a_rule_is_explained_in_a_sentence(void **state) {
    (void)state;
    static const char *const pairs[][2] = {
        {"drop PUBACK 3 from dev-*",
         "Drops PUBACK number 3 of each client that fits dev-* on the way to the broker. The "
         "packet never arrives; those behind it do. Only a faulty program at one of the ends "
         "causes this."},
        {"delay 200 ms ~ 50 ms to broker",
         "Delays every packet of each client on the way to the broker, by 200 ms more or less 50 "
         "ms. The packet arrives later, by a time that may vary. In a stream it never passes "
         "another. A network can cause this."},
        {"freeze 30 s every 5 min",
         "Freezes the connection of each client, for 30 s; at 5 min, then every 5 min. Nothing "
         "passes in either direction, and neither side is told: the connection is half open. A "
         "network can cause this."},
        {"corrupt 2 bits of 2 % of PUBLISH to a on b/# qos 1",
         "Corrupts 2 bits of a random 2 % of each PUBLISH of each client that fits a on the way "
         "from the broker, on topics that match b/#, with QoS 1. So many bits of the packet are "
         "the wrong way round. Only a faulty program at one of the ends causes this."},
        {"cut inside PUBLISH 5 after 7 bytes",
         "Cuts the connection inside PUBLISH number 5 of each client, after its first 7 bytes. The "
         "connection ends on both sides, before the packet, inside it, or behind it. A network can "
         "cause this."},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct text_fixture fixture;
        text_fixture_start(&fixture);
        struct fault_rule rule = rule_of(pairs[i][0]);
        fault_text_explain(&rule, false, &fixture.out);
        assert_bytes_equal(buffer_bytes(&fixture.out), bytes_of_text(pairs[i][1]));
        text_fixture_finish(&fixture);
    }
}

static void on_lines_a_network_can_drop(void **state) {
    (void)state;
    struct text_fixture fixture;
    text_fixture_start(&fixture);
    struct fault_rule rule = rule_of("drop publ 1");
    fault_text_explain(&rule, true, &fixture.out);
    buffer_append_byte(&fixture.out, 0);
    assert_non_null(strstr((char *)fixture.out.data, "A network can cause this."));
    text_fixture_finish(&fixture);
}

static void assert_doubt(const char *text, bool of_lines, const char *expected) {
    struct text_fixture fixture;
    text_fixture_start(&fixture);
    struct fault_rule rule = rule_of(text);
    bool doubtful = fault_text_doubt(&rule, of_lines, &fixture.out);
    assert_bytes_equal(buffer_bytes(&fixture.out), bytes_of_text(expected));
    assert_int_equal(doubtful, expected[0] != '\0');
    text_fixture_finish(&fixture);
}

static void a_rule_that_can_never_hit_is_doubted(void **state) {
    (void)state;
    assert_doubt("drop CONNECT to alice", false, "brokers never send CONNECT");
    assert_doubt("drop CONNACK to broker", false, "clients never send CONNACK");
    assert_doubt("drop SUBACK from dev-*", false, "clients never send SUBACK");
    assert_doubt("drop PUBACK on a/b", false, "PUBACK has no topic");
    assert_doubt("drop PUBACK qos 1", false, "PUBACK has no QoS");
    assert_doubt("drop publ", false, "publ is no packet of MQTT");
    assert_doubt("drop PUBLISH", true, "PUBLISH is no packet of the line network");
    assert_doubt("drop bytes", true, "bytes is no packet of the line network");
    assert_doubt("drop publ qos 1", true, "publ has no QoS");
    assert_doubt("refuse PUBLISH", false, "only CONNECT and creq can be refused");
    assert_doubt("cut inside PINGREQ after 2 bytes", false, "PINGREQ has no more than 2 bytes");
    assert_doubt("cut inside PINGREQ after 1 byte", false, "");
    assert_doubt("drop PUBLISH on a/b qos 2", false, "");
    assert_doubt("drop on a/b", false, "");
    assert_doubt("drop bytes", false, "");
    assert_doubt("hold publ to 580", true, "");
}

static void the_examples_are_beyond_doubt(void **state) {
    (void)state;
    for (unsigned i = 0; i < FAULT_ACTIONS; i++) {
        assert_doubt(fault_action_row((enum fault_action)i)->example, false, "");
    }
}

static void the_document_has_the_tables_of_the_code(void **state) {
    (void)state;
    struct text_fixture fixture;
    text_fixture_start(&fixture);
    fault_text_reference(&fixture.out);
    buffer_append_byte(&fixture.out, 0);
    char *document = support_read_file("docs/faults.md", NULL);
    assert_non_null(document);
    if (strstr(document, (char *)fixture.out.data) == NULL) {
        fail_msg("docs/faults.md lacks this:\n%s", (char *)fixture.out.data);
    }
    free(document);
    text_fixture_finish(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rule_is_explained_in_a_sentence),
        cmocka_unit_test(on_lines_a_network_can_drop),
        cmocka_unit_test(a_rule_that_can_never_hit_is_doubted),
        cmocka_unit_test(the_examples_are_beyond_doubt),
        cmocka_unit_test(the_document_has_the_tables_of_the_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
