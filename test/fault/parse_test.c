#include "support.h"

#include <stdio.h>

#include "base/buffer.h"
#include "fault/parse.h"
#include "fault/text.h"

// What the rule is written as, in its one form; or the error. Valid until the next call.
static const char *read_and_write(const char *text) {
    static char out[2048];
    struct memory memory;
    struct buffer buffer;
    struct fault_rule rule;
    struct fault_error error;
    memory_init(&memory);
    buffer_init(&buffer, &memory);
    if (fault_parse(bytes_of_text(text), &rule, &error)) {
        fault_text_write(&rule, &buffer);
        (void)snprintf(out, sizeof out, "%.*s", (int)buffer.size, (const char *)buffer.data);
    } else {
        (void)snprintf(out, sizeof out, "%s", error.text);
    }
    buffer_deinit(&buffer);
    return out;
}

static void assert_stays(const char *text) {
    assert_string_equal(read_and_write(text), text);
}

static void every_form_of_the_documents_is_a_rule(void **state) {
    (void)state;
    static const char *const rules[] = {
        "drop PUBACK 3 from dev-*",
        "hold PUBREC to alice",
        "corrupt 1 bit of 2 % of PUBLISH",
        "cut inside PUBLISH 5 after 7 bytes",
        "duplicate every 5 PUBLISH",
        "delay 200 ms ~ 50 ms to broker",
        "cut before PUBREL from dev-7",
        "reorder 1 % by 3",
        "throttle 64 kbit/s",
        "freeze 30 s every 5 min",
        "refuse CONNECT for 10 s",
        "profile 3g",
        "lose 2 % in bursts of 4",
        "stall 3 s every 100 PUBLISH to broker",
        "drop",
        "freeze",
        "freeze at 1 min",
        "freeze with dev-7",
        "freeze 10 s PUBLISH 5 from a",
        "cut",
        "cut every 10 min",
        "cut at 30 s",
        "cut after PUBLISH 3",
        "cut before",
        "drop packet 3-5",
        "drop every 2 packets",
        "drop PUBLISH 2-4 on a/+/b qos 1",
        "drop PUBLISH on $share/x",
        "drop 0.25 %",
        "drop 0.0001 % of bytes",
        "drop PUBLISH at 5 s",
        "drop PUBLISH after 5 s for 3 s",
        "drop PUBLISH every 1 min",
        "drop PUBLISH after 5 s every 1 min for 10 s",
        "lose PUBLISH 3",
        "lose 100 %",
        "profile nb-iot with 10.0.0.*",
        "corrupt 64 bits of packets",
        "hold publ to 580",
        "refuse creq from 581",
        "drop PUBLISH from \"a b\" on \"c d\"",
        "drop from \"broker\"",
        "drop from \"a\\\"b\\\\c\"",
        "cut inside PUBLISH after 1 byte from a after 5 s for 1 h",
    };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        assert_stays(rules[i]);
    }
}

static void other_ways_to_say_it_have_one_form(void **state) {
    (void)state;
    static const char *const pairs[][2] = {
        {"  DROP  puback 3  FROM dev-* ", "drop PUBACK 3 from dev-*"},
        {"delay 0.2s~50ms", "delay 200 ms ~ 50 ms"},
        {"delay 90000 ms", "delay 90 s"},
        {"delay 120 s", "delay 2 min"},
        {"delay 1500 us", "delay 1500 us"},
        {"throttle 8 kB/s", "throttle 64 kbit/s"},
        {"throttle 0.5Mbit/s", "throttle 500 kbit/s"},
        {"drop 2% of PUBLISH", "drop 2 % of PUBLISH"},
        {"drop 2 % PUBLISH", "drop 2 % of PUBLISH"},
        {"cut PUBREL", "cut before PUBREL"},
        {"drop PUBLISH 3-3", "drop PUBLISH 3"},
        {"drop from clients", "drop to broker"},
        {"drop from client to broker", "drop to broker"},
        {"drop to clients", "drop from broker"},
        {"drop from alice to broker", "drop from alice"},
        {"drop from broker to alice", "drop to alice"},
        {"drop with alice to broker", "drop from alice"},
        {"drop with broker", "drop"},
        {"drop for 3 s PUBLISH", NULL},
        {"drop PUBLISH for 3 s from a", "drop PUBLISH from a for 3 s"},
        {"drop PUBLISH at 5 s for 3 s", "drop PUBLISH after 5 s for 3 s"},
        {"drop PUBLISH at 1 min every 1 min", "drop PUBLISH every 1 min"},
        {"freeze for 30 s", "freeze 30 s"},
        {"freeze after 5 s", "freeze at 5 s"},
        {"cut after 10 s", "cut at 10 s"},
        {"cut inside PUBLISH 5 from a after 7 bytes", "cut inside PUBLISH 5 after 7 bytes from a"},
        {"refuse", "refuse CONNECT"},
        {"reorder PUBLISH 3 to alice by 1", "reorder PUBLISH 3 by 1 to alice"},
        {"corrupt 2 bits", "corrupt 2 bits of packets"},
        {"drop \"PUBLISH\"", NULL},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (pairs[i][1] != NULL) {
            assert_string_equal(read_and_write(pairs[i][0]), pairs[i][1]);
            assert_stays(pairs[i][1]);
        } else {
            assert_memory_equal(read_and_write(pairs[i][0]), "column ", 7);
        }
    }
}

static void a_mistake_is_answered_with_its_place_and_the_nearest_word(void **state) {
    (void)state;
    static const char *const pairs[][2] = {
        {"drpo PUBACK", "column 1: drpo does not fit here; did you mean drop? Allowed: drop, "},
        {"drop PUBAK 3", "column 6: PUBAK does not fit here; did you mean PUBACK? Allowed: "},
        {"drop puback form x", "column 13: form does not fit here; did you mean from? "},
        {"delay 200 sm", "column 11: sm does not fit here; did you mean ms? Allowed: us, ms, s, "},
        {"profile 5g",
         "column 9: 5g does not fit here; did you mean 4g? Allowed: a profile (ethernet, "},
        {"profile wfi", "column 9: wfi does not fit here; did you mean wifi? "},
        {"throttle 64 kbps", "column 13: kbps does not fit here; "},
        {"", "column 1: it ends too early; allowed: drop, hold, "},
        {"delay", "column 6: it ends too early; allowed: a number"},
        {"delay 5", "column 8: it ends too early; allowed: us, ms, s, min or h"},
        {"throttle PUBLISH", "column 10: PUBLISH does not fit here; allowed: a number"},
        {"drop 5", "column 7: it ends too early; allowed: %"},
        {"drop 5 PUBLISH", "column 8: PUBLISH does not fit here; allowed: %"},
        {"reorder 1 %", "column 12: the end comes too early: say by how many packets"},
        {"drop 1 % by 3", "column 10: by does not fit here"},
        {"drop PUBLISH in bursts of 3", "column 14: in does not fit here"},
        {"drop PUBLISH from", "column 18: it ends too early; allowed: a name"},
        {"drop PUBLISH from a from b", "column 21: from does not fit here"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        const char *said = read_and_write(pairs[i][0]);
        if (strncmp(said, pairs[i][1], strlen(pairs[i][1])) != 0) {
            fail_msg("`%s`: %s", pairs[i][0], said);
        }
    }
}

static void what_cannot_be_is_said(void **state) {
    (void)state;
    static const char *const pairs[][2] = {
        {"drop PUBLISH 0", "column 14: 0 is no number from 1 to 4294967295"},
        {"drop PUBLISH 5-3", "column 14: 5-3 is a range that ends before it begins"},
        {"drop 0 %", "column 6: 0 is no share from 0.0001 % to 100 %"},
        {"drop 100.0001 %", "column 6: 100.0001 is no share from 0.0001 % to 100 %"},
        {"drop 2 % of PUBLISH 3", "column 21: 3 is a number beside a share or an `every`; give "
                                  "only one"},
        {"delay 0 ms", "column 7: 0 is no time from 1 us to 8760 h"},
        {"delay 8761 h", "column 7: 8761 is no time from 1 us to 8760 h"},
        {"delay 1 ms ~ 2 ms", "column 1: delay varies by more than it is"},
        {"delay 1. ms", "column 7: 1. has no decimals, or more than 6"},
        {"delay 1.0000001 s", "column 7: 1.0000001 has no decimals, or more than 6"},
        {"delay 99999999999999999999999 s", "column 7: 99999999999999999999999 is too large a "
                                            "number"},
        {"throttle 0 bit/s", "column 10: 0 is no rate from 1 bit/s to 1000 Gbit/s"},
        {"throttle 1001 Gbit/s", "column 10: 1001 is no rate from 1 bit/s to 1000 Gbit/s"},
        {"corrupt 65 bits of PUBLISH", "column 9: 65 is no number from 1 to 64"},
        {"reorder 1 % by 1001", "column 16: 1001 is no number from 1 to 1000"},
        {"drop PUBLISH qos 3", "column 18: 3 is no QoS: 0, 1 or 2"},
        {"drop PUBLISH on a/#/b", "column 17: a/#/b is no topic filter"},
        {"drop from alice to bob", "column 20: bob does not fit: packets go between a client and "
                                   "the broker"},
        {"drop with alice with bob", "column 17: with does not fit here; allowed: from, to, on, "
                                     "qos, at, after, every, for"},
        {"drop with alice from bob", "column 22: bob is a second client; a rule has one"},
        {"drop from \"\"", "column 11: \"\" is an empty name"},
        {"drop from \"a", "column 11: \"a has no quote at its end"},
        {"drop from a\001b", "column 11: a?b has a control character in it"},
        {"cut inside PUBLISH 5", "column 1: cut inside a packet: say where, as in `after 7 bytes`"},
        {"cut inside PUBLISH after 0.5 bytes", "column 26: 0.5 is no number of bytes inside a "
                                               "packet"},
        {"lose PUBLISH 3 in bursts of 2", "column 16: in bursts: these are of a share, as in "
                                          "`lose 2 % in bursts of 4`"},
        {"drop PUBLISH every 5 s for 5 s", "column 24: for is not shorter than the `every` it "
                                           "belongs to"},
        {"freeze 5 s every 60 s for 1 s", "column 23: for has no meaning here: the rule acts at "
                                          "its times only"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        assert_string_equal(read_and_write(pairs[i][0]), pairs[i][1]);
    }
}

static void names_and_rules_have_a_longest(void **state) {
    (void)state;
    char text[FAULT_RULE_MAX + 3] = "drop from ";
    memset(text + 10, 'x', FAULT_NAME_MAX);
    assert_string_equal(read_and_write(text), text);
    text[10 + FAULT_NAME_MAX] = 'x';
    assert_non_null(strstr(read_and_write(text), "is too long a name"));
    memset(text, ' ', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    memcpy(text, "drop", 4);
    assert_non_null(strstr(read_and_write(text), "is beyond the longest rule"));
    text[FAULT_RULE_MAX] = '\0';
    assert_string_equal(read_and_write(text), "drop");
}

static void an_error_is_printable_whatever_came(void **state) {
    (void)state;
    struct fault_rule rule;
    struct fault_error error;
    uint64_t random = 7;
    for (unsigned round = 0; round < 2000; round++) {
        uint8_t bytes[40];
        size_t size = support_random(&random) % sizeof bytes;
        for (size_t i = 0; i < size; i++) {
            bytes[i] = (uint8_t)support_random(&random);
        }
        if (!fault_parse(bytes_make(bytes, size), &rule, &error)) {
            assert_true(error.column >= 1 && error.column <= size + 1);
            for (const char *at = error.text; *at != '\0'; at++) {
                assert_in_range(*at, 0x20, 0x7e);
            }
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_of_the_documents_is_a_rule),
        cmocka_unit_test(other_ways_to_say_it_have_one_form),
        cmocka_unit_test(a_mistake_is_answered_with_its_place_and_the_nearest_word),
        cmocka_unit_test(what_cannot_be_is_said),
        cmocka_unit_test(names_and_rules_have_a_longest),
        cmocka_unit_test(an_error_is_printable_whatever_came),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
