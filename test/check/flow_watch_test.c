// Connections, each of which breaks one rule of packets, and look-alikes that break none.
//
// A history is a text: steps parted by `;`. `s` is what the judged end sends, `r` what it receives:
//
//     s|r connect [clean] [max N]       s|r connack [present] [refused] [max N]
//     s|r publish ID QOS [dup] [text WORD]
//     s|r puback|pubrec|pubrel|pubcomp|subscribe|suback|unsubscribe|unsuback ID [refused]
//     s|r pingreq|pingresp|disconnect
//     new           a new connection          rest        everything came to rest
//     forget        the session is over       restored    the end began anew
#include "support.h"

#include <stdio.h>
#include <stdlib.h>

#include "check/flow_watch.h"

#define WORDS_MAX 8

struct step {
    char *words[WORDS_MAX];
    int count;
};

static bool has(const struct step *step, const char *word) {
    for (int i = 0; i < step->count; i++) {
        if (strcmp(step->words[i], word) == 0) {
            return true;
        }
    }
    return false;
}

static const char *after(const struct step *step, const char *word, const char *otherwise) {
    for (int i = 0; i + 1 < step->count; i++) {
        if (strcmp(step->words[i], word) == 0) {
            return step->words[i + 1];
        }
    }
    return otherwise;
}

static unsigned number_at(const struct step *step, int at) {
    assert_true(at < step->count);
    return (unsigned)strtoul(step->words[at], NULL, 10);
}

static enum mqtt_type type_of(const char *name) {
    for (unsigned i = MQTT_CONNECT; i <= MQTT_AUTH; i++) {
        if (strcasecmp(mqtt_type_name(i), name) == 0) {
            return (enum mqtt_type)i;
        }
    }
    fail_msg("no such packet: %s", name);
    return MQTT_AUTH;
}

static void set_receive_maximum(struct mqtt_packet *packet, const struct step *step) {
    const char *maximum = after(step, "max", NULL);
    if (maximum != NULL) {
        packet->properties.present |= MQTT_HAS(MQTT_RECEIVE_MAXIMUM);
        packet->properties.receive_maximum = (uint16_t)strtoul(maximum, NULL, 10);
    }
}

static void fill_publish(struct mqtt_packet *packet, const struct step *step) {
    unsigned qos = number_at(step, 3);
    packet->publish = (struct mqtt_publish){.topic = BYTES_LITERAL("t"),
                                            .qos = (uint8_t)qos,
                                            .dup = has(step, "dup"),
                                            .packet_id = (uint16_t)number_at(step, 2),
                                            .payload = bytes_of_text(after(step, "text", "x"))};
}

// Encodes what the words say; returns its size.
static size_t make_packet(const struct step *step, enum mqtt_version version, uint8_t *out) {
    struct mqtt_packet packet = {.type = type_of(step->words[1])};
    uint8_t filter[16];
    switch (packet.type) {
    case MQTT_CONNECT:
        packet.connect = (struct mqtt_connect){.version = (uint8_t)version,
                                               .clean_start = has(step, "clean"),
                                               .client_id = BYTES_LITERAL("c")};
        set_receive_maximum(&packet, step);
        break;
    case MQTT_CONNACK:
        packet.session_present = has(step, "present");
        packet.reason = has(step, "refused") ? (version == MQTT_5 ? 0x87 : 5) : 0;
        set_receive_maximum(&packet, step);
        break;
    case MQTT_PUBLISH:
        fill_publish(&packet, step);
        break;
    case MQTT_SUBSCRIBE:
    case MQTT_UNSUBSCRIBE:
        packet.filters.count = 1;
        packet.filters.run = bytes_make(
            filter,
            (size_t)(mqtt_filter_write(packet.type, filter, BYTES_LITERAL("t"), 0) - filter));
        packet.packet_id = (uint16_t)number_at(step, 2);
        break;
    case MQTT_SUBACK:
    case MQTT_UNSUBACK:
        packet.codes = bytes_make("", version == MQTT_5 || packet.type == MQTT_SUBACK ? 1 : 0);
        packet.packet_id = (uint16_t)number_at(step, 2);
        break;
    case MQTT_PUBACK:
    case MQTT_PUBREC:
    case MQTT_PUBREL:
    case MQTT_PUBCOMP:
        packet.packet_id = (uint16_t)number_at(step, 2);
        packet.reason = has(step, "refused") ? 0x97 : 0;
        break;
    case MQTT_PINGREQ:
    case MQTT_PINGRESP:
    case MQTT_DISCONNECT:
    case MQTT_AUTH:
        break;
    }
    return (size_t)(mqtt_encode(&packet, version, out) - out);
}

struct fixture {
    struct memory memory;
    struct flow_watch watch;
    enum mqtt_version version;
};

static enum check_rule run_packet(struct fixture *fixture, const struct step *step) {
    uint8_t bytes[256];
    struct bytes packet = bytes_make(bytes, make_packet(step, fixture->version, bytes));
    if (strcmp(step->words[0], "s") == 0) {
        return flow_watch_sent(&fixture->watch, &fixture->memory, packet);
    }
    assert_string_equal(step->words[0], "r");
    flow_watch_received(&fixture->watch, &fixture->memory, packet);
    return CHECK_RULES;
}

static enum check_rule run_step(struct fixture *fixture, char *text) {
    struct step step = {.count = 0};
    char *rest = NULL;
    for (char *word = strtok_r(text, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest)) {
        assert_true(step.count < WORDS_MAX);
        step.words[step.count++] = word;
    }
    if (step.count == 0) {
        return CHECK_RULES;
    }
    if (strcmp(step.words[0], "new") == 0) {
        flow_watch_connected(&fixture->watch, &fixture->memory);
    } else if (strcmp(step.words[0], "forget") == 0) {
        flow_watch_forget(&fixture->watch, &fixture->memory);
    } else if (strcmp(step.words[0], "restored") == 0) {
        flow_watch_restored(&fixture->watch);
    } else if (strcmp(step.words[0], "rest") == 0) {
        return flow_watch_rest(&fixture->watch);
    } else {
        return run_packet(fixture, &step);
    }
    return CHECK_RULES;
}

// The first rule that is broken.
static enum check_rule run_history(struct fixture *fixture, const char *steps) {
    char *copy = strdup(steps);
    char *rest = NULL;
    enum check_rule found = CHECK_RULES;
    for (char *text = strtok_r(copy, ";", &rest); text != NULL && found == CHECK_RULES;
         text = strtok_r(NULL, ";", &rest)) {
        found = run_step(fixture, text);
        flow_watch_check(&fixture->watch);
    }
    free(copy);
    return found;
}

#define C "new; s connect; r connack;" // a client's new session
#define C_AGAIN "new; s connect; r connack present;"
#define S "new; r connect; s connack;" // a server's
#define S_AGAIN "new; r connect; s connack present;"
#define NONE CHECK_RULES
enum { CLIENT, SERVER };

static const struct history {
    enum check_rule rule;
    int end;
    enum mqtt_version version;
    const char *steps;
} histories[] = {
    // How a connection begins and ends.
    {RULE_CONNECT_FIRST, CLIENT, MQTT_5, "new; s publish 0 0"},
    {RULE_CONNECT_FIRST, CLIENT, MQTT_5, C "s connect"},
    {RULE_CONNACK_FIRST, SERVER, MQTT_5, "new; r connect; s publish 0 0"},
    {RULE_CONNACK_FIRST, SERVER, MQTT_5, S "s connack"},
    {RULE_AFTER_DISCONNECT, CLIENT, MQTT_5, C "s disconnect; s pingreq"},
    {RULE_AFTER_DISCONNECT, SERVER, MQTT_5, "new; r connect; s connack refused; s pingresp"},
    {NONE, CLIENT, MQTT_5, "new; s connect; s publish 1 1; r connack; r puback 1; rest"},
    {RULE_SESSION_STRANGE, CLIENT, MQTT_5, "new; s connect; r connack present; s pingreq"},
    {RULE_SESSION_STRANGE, CLIENT, MQTT_5, C "new; s connect clean; r connack present; s pingreq"},
    {NONE, CLIENT, MQTT_5, "new; s connect; r connack present; s disconnect"},
    // Packet identifiers.
    {NONE, CLIENT, MQTT_5, C "s publish 1 1; r puback 1; s publish 1 1; r puback 1; rest"},
    {RULE_PACKET_ID, CLIENT, MQTT_5, C "s publish 1 1; s publish 1 1 text y"},
    {RULE_PACKET_ID, SERVER, MQTT_5, S "s publish 1 1; s publish 1 2"},
    {RULE_PACKET_ID, CLIENT, MQTT_3_1_1, C "s subscribe 1; s publish 1 1"},
    {RULE_PACKET_ID, CLIENT, MQTT_5, C "s publish 1 1; s subscribe 1"},
    {RULE_PACKET_ID, CLIENT, MQTT_5, C "s publish 1 2; r pubrec 1; s publish 1 1"},
    {NONE, CLIENT, MQTT_5, C "s publish 1 2; r pubrec 1 refused; s publish 1 1"},
    {NONE, CLIENT, MQTT_5, C "s subscribe 1; r suback 1; s publish 1 1; r puback 1; rest"},
    {NONE, CLIENT, MQTT_5, C "s publish 1 1; r publish 1 1; s puback 1; r puback 1; rest"},
    // DUP, and what is sent again.
    {RULE_DUP_QOS_0, CLIENT, MQTT_3_1, C "s publish 0 0 dup"},
    {RULE_DUP_FIRST, CLIENT, MQTT_5, C "s publish 1 1 dup"},
    {RULE_DUP_FIRST, SERVER, MQTT_5,
     S "s publish 1 1; new; r connect; s connack;"
       "s publish 1 1 dup"},
    {NONE, SERVER, MQTT_5, S "s publish 1 1; " S_AGAIN "s publish 1 1 dup; r puback 1; rest"},
    {NONE, SERVER, MQTT_5, S "s publish 1 1; " S "s publish 1 1; r puback 1; rest"},
    {RULE_DUP_MISSING, SERVER, MQTT_5, S "s publish 1 1; " S_AGAIN "s publish 1 1"},
    {RULE_PACKET_ID, SERVER, MQTT_5, S "s publish 1 1; " S_AGAIN "s publish 1 1 text y"},
    {RULE_OTHER_AGAIN, SERVER, MQTT_5, S "s publish 1 1; " S_AGAIN "s publish 1 1 dup text y"},
    {RULE_OTHER_AGAIN, SERVER, MQTT_5, S "s publish 1 2; " S_AGAIN "s publish 1 1 dup"},
    {RULE_SENT_AGAIN, SERVER, MQTT_5, S "s publish 1 1; s publish 1 1 dup"},
    {NONE, SERVER, MQTT_3_1_1, S "s publish 1 1; s publish 1 1 dup; r puback 1; rest"},
    {RULE_ORDER_AGAIN, CLIENT, MQTT_5,
     C "s publish 1 1; s publish 2 1; " C_AGAIN "s publish 2 1 dup; s publish 1 1 dup"},
    {NONE, CLIENT, MQTT_5,
     C "s publish 1 1; s publish 2 1; r puback 1; " C_AGAIN "s publish 2 1 dup; r puback 2; rest"},
    {NONE, CLIENT, MQTT_5,
     C "s publish 1 1; s publish 2 1; " C_AGAIN
       "s publish 1 1 dup; r puback 1; s publish 2 1 dup; r puback 2; rest"},
    {RULE_NOT_AGAIN, CLIENT, MQTT_5, C "s publish 1 1; " C_AGAIN "rest"},
    {RULE_NOT_AGAIN, SERVER, MQTT_5, S "s publish 1 2; r pubrec 1; s pubrel 1; " S_AGAIN "rest"},
    {NONE, CLIENT, MQTT_5, C "s publish 1 1; " C "rest"},
    {NONE, SERVER, MQTT_5, S "restored; " S_AGAIN "s publish 1 1 dup; r puback 1; rest"},
    // What it began last it has forgotten, and gives the identifier to another message.
    {NONE, SERVER, MQTT_5,
     S "s publish 1 1; restored; new; r connect max 1; s connack present; s publish 1 2 text other;"
       "r pubrec 1; s pubrel 1; r pubcomp 1; s publish 2 1; r puback 2; rest"},
    {RULE_RECEIVE_MAXIMUM, SERVER, MQTT_5,
     S "s publish 1 1; restored; new; r connect max 1; s connack present; s publish 1 2 text other;"
       "r pubrec 1; s pubrel 1; s publish 2 1"},
    // QoS 2, the sender's side.
    {NONE, CLIENT, MQTT_5, C "s publish 1 2; r pubrec 1; s pubrel 1; r pubcomp 1; rest"},
    {RULE_PUBREL, CLIENT, MQTT_5, C "s publish 1 2; s pubrel 1"},
    {RULE_PUBREL, CLIENT, MQTT_5, C "s pubrel 1"},
    {NONE, CLIENT, MQTT_5, C "r pubrec 1; s pubrel 1; rest"}, // of a session that is gone
    {RULE_AFTER_PUBREC, CLIENT, MQTT_5, C "s publish 1 2; r pubrec 1; s publish 1 2 dup"},
    {RULE_AFTER_PUBREC, SERVER, MQTT_5,
     S "s publish 1 2; r pubrec 1; " S_AGAIN "s publish 1 2 dup"},
    {NONE, SERVER, MQTT_5,
     S "s publish 1 2; r pubrec 1; s pubrel 1; " S_AGAIN "s pubrel 1; r pubcomp 1; rest"},
    {RULE_SENT_AGAIN, SERVER, MQTT_5, S "s publish 1 2; r pubrec 1; s pubrel 1; s pubrel 1"},
    {NONE, SERVER, MQTT_5,
     S "s publish 1 2; r pubrec 1; s pubrel 1; r pubrec 1; s pubrel 1;"
       "r pubcomp 1; rest"},
    {RULE_UNANSWERED, SERVER, MQTT_5, S "s publish 1 2; r pubrec 1; rest"},
    // The receiver's side.
    {RULE_ACKNOWLEDGEMENT, SERVER, MQTT_5, S "s puback 1"},
    {RULE_ACKNOWLEDGEMENT, SERVER, MQTT_5, S "r publish 1 1; s puback 2"},
    {RULE_ACKNOWLEDGEMENT, SERVER, MQTT_5, S "r publish 1 1; s pubrec 1"},
    {RULE_ACKNOWLEDGEMENT, SERVER, MQTT_5, S "r publish 1 2; s puback 1"},
    {RULE_ACKNOWLEDGEMENT, SERVER, MQTT_5, S "r publish 1 1; s puback 1; s puback 1"},
    {RULE_ACKNOWLEDGEMENT, SERVER, MQTT_5, S "r publish 1 2; s pubrec 1; s pubcomp 1"},
    {NONE, SERVER, MQTT_5, S "r publish 1 2; s pubrec 1; r pubrel 1; s pubcomp 1; rest"},
    {NONE, SERVER, MQTT_5, S "r publish 1 2; s pubrec 1; r publish 1 2 dup; s pubrec 1; rest"},
    {NONE, SERVER, MQTT_5,
     S "r publish 1 2; s pubrec 1; " S_AGAIN
       "r publish 1 2 dup; s pubrec 1; r pubrel 1; s pubcomp 1; rest"},
    {NONE, SERVER, MQTT_5, S "r pubrel 1; s pubcomp 1; rest"},
    {NONE, SERVER, MQTT_5, S "r publish 1 2; s pubrec 1 refused; r publish 1 2; s pubrec 1; rest"},
    {RULE_UNANSWERED, SERVER, MQTT_5, S "r publish 1 1; rest"},
    {RULE_UNANSWERED, SERVER, MQTT_5, S "r publish 1 2; rest"},
    {RULE_UNANSWERED, SERVER, MQTT_5, S "r publish 1 2; s pubrec 1; r pubrel 1; rest"},
    {NONE, SERVER, MQTT_5, S "r publish 1 1; " S_AGAIN "r publish 1 1 dup; s puback 1; rest"},
    {RULE_ACKNOWLEDGEMENT_ORDER, CLIENT, MQTT_5, C "r publish 1 1; r publish 2 1; s puback 2"},
    {RULE_ACKNOWLEDGEMENT_ORDER, CLIENT, MQTT_5, C "r publish 1 2; r publish 2 2; s pubrec 2"},
    {NONE, CLIENT, MQTT_5, C "r publish 1 2; r publish 2 1; s puback 2; s pubrec 1; rest"},
    {NONE, SERVER, MQTT_5, S "r publish 1 1; r publish 2 1; s puback 2; s puback 1; rest"},
    // Requests and pings.
    {RULE_ACKNOWLEDGEMENT, SERVER, MQTT_5, S "r subscribe 1; s suback 2"},
    {RULE_ACKNOWLEDGEMENT, SERVER, MQTT_5, S "r subscribe 1; s unsuback 1"},
    {RULE_UNANSWERED, SERVER, MQTT_5, S "r subscribe 1; rest"},
    {RULE_UNANSWERED, SERVER, MQTT_5, S "r unsubscribe 1; rest"},
    {RULE_UNANSWERED, SERVER, MQTT_5, S "r pingreq; rest"},
    {RULE_ACKNOWLEDGEMENT, SERVER, MQTT_5, S "s pingresp"},
    {NONE, SERVER, MQTT_5, S "r subscribe 1; s suback 1; r pingreq; s pingresp; rest"},
    // Receive maximum.
    {RULE_RECEIVE_MAXIMUM, SERVER, MQTT_5,
     "new; r connect max 2; s connack; s publish 1 1;"
     "s publish 2 1; s publish 3 2"},
    {NONE, SERVER, MQTT_5,
     "new; r connect max 2; s connack; s publish 1 1; s publish 2 1;"
     "s publish 0 0; r puback 1; s publish 3 2"},
    {RULE_RECEIVE_MAXIMUM, CLIENT, MQTT_5,
     "new; s connect; r connack max 1; s publish 1 2;"
     "r pubrec 1; s pubrel 1; s publish 2 1"},
    {NONE, CLIENT, MQTT_5,
     "new; s connect; r connack max 1; s publish 1 2; r pubrec 1;"
     "s pubrel 1; r pubcomp 1; s publish 2 1"},
    {NONE, CLIENT, MQTT_3_1_1, C "s publish 1 1; s publish 2 1; s publish 3 1"},
};

static void fixture_init(struct fixture *fixture, const struct history *history) {
    memory_init(&fixture->memory);
    fixture->version = history->version;
    flow_watch_init(&fixture->watch,
                    &(struct flow_watch_options){.is_server = history->end == SERVER});
}

static void each_rule_is_found_and_no_other(void **state) {
    (void)state;
    unsigned wrong = 0;
    for (size_t i = 0; i < sizeof histories / sizeof *histories; i++) {
        const struct history *history = &histories[i];
        struct fixture fixture;
        fixture_init(&fixture, history);
        enum check_rule found = run_history(&fixture, history->steps);
        if (found != history->rule) {
            print_error("%s: %s in place of %s\n", history->steps,
                        found == CHECK_RULES ? "nothing" : check_rule_text(found)->name,
                        history->rule == CHECK_RULES ? "nothing"
                                                     : check_rule_text(history->rule)->name);
            wrong++;
        }
        flow_watch_deinit(&fixture.watch, &fixture.memory);
        assert_int_equal(fixture.memory.bytes_in_use, 0);
    }
    assert_int_equal(wrong, 0);
}

// Who accuses one that kept to the rules is in the wrong.
static void accusations_are_judged(void **state) {
    (void)state;
    struct fixture client;
    struct fixture server;
    fixture_init(&client, &(struct history){NONE, CLIENT, MQTT_5, ""});
    fixture_init(&server, &(struct history){NONE, SERVER, MQTT_5, ""});
    assert_int_equal(run_history(&client, C "s publish 1 2"), CHECK_RULES);
    assert_int_equal(run_history(&server, S "r publish 1 2"), CHECK_RULES);
    assert_int_equal(flow_watch_accusation(&server.watch, &client.watch), RULE_ACCUSATION);
    assert_int_equal(run_history(&client, "s pubrel 1"), RULE_PUBREL);
    assert_int_equal(flow_watch_accusation(&server.watch, &client.watch), CHECK_RULES);
    flow_watch_deinit(&client.watch, &client.memory);
    flow_watch_deinit(&server.watch, &server.memory);
}

// A peer that opens exchanges without end is followed up to a limit.
static void what_is_kept_is_bounded(void **state) {
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture, &(struct history){NONE, SERVER, MQTT_5, ""});
    assert_int_equal(run_history(&fixture, S), CHECK_RULES);
    for (unsigned i = 0; i < FLOW_WATCH_MAX + 10; i++) {
        uint8_t pubrel[] = {MQTT_PUBREL << 4 | 2, 2, 0, 1};
        flow_watch_received(&fixture.watch, &fixture.memory, bytes_make(pubrel, sizeof pubrel));
    }
    assert_true(fixture.watch.is_lost);
    assert_true(fixture.memory.bytes_in_use <= 2 * 16 * FLOW_WATCH_MAX);
    assert_int_equal(run_history(&fixture, "s puback 9"), CHECK_RULES);
    flow_watch_deinit(&fixture.watch, &fixture.memory);
    assert_int_equal(fixture.memory.bytes_in_use, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_is_found_and_no_other),
        cmocka_unit_test(accusations_are_judged),
        cmocka_unit_test(what_is_kept_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
