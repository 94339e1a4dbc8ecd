#include "support.h"

#include <string.h>

#include "topic/topic.h"

static void assert_name(const char *text, enum topic_fault expected) {
    if (topic_name_check(bytes_of_text(text)) != expected) {
        fail_msg("topic name '%s'", text);
    }
}

static void assert_filter(const char *text, enum topic_fault expected) {
    if (topic_filter_check(bytes_of_text(text)) != expected) {
        fail_msg("topic filter '%s'", text);
    }
}

static void assert_matches(const char *filter, const char *name, bool expected) {
    if (topic_matches(bytes_of_text(filter), bytes_of_text(name)) != expected) {
        fail_msg("filter '%s', name '%s': should be %d", filter, name, expected);
    }
}

// [MQTT-4.7.3-1]
static void topics_have_at_least_one_character(void **state) {
    (void)state;
    assert_name("", TOPIC_EMPTY);
    assert_filter("", TOPIC_EMPTY);
    assert_int_equal(topic_name_check((struct bytes){NULL, 0}), TOPIC_EMPTY);
    assert_name("a", TOPIC_OK);
    assert_name("/", TOPIC_OK);
    assert_filter("/", TOPIC_OK);
    assert_name(" ", TOPIC_OK);
}

// [MQTT-4.7.3-2], [MQTT-1.5.4-1], [MQTT-1.5.4-2]
static void topics_are_utf8_without_null(void **state) {
    (void)state;
    assert_int_equal(topic_name_check(BYTES_LITERAL("a\0b")), TOPIC_NOT_UTF8);
    assert_int_equal(topic_filter_check(BYTES_LITERAL("a/\0/#")), TOPIC_NOT_UTF8);
    assert_name("a/\xff", TOPIC_NOT_UTF8);
    assert_name("\xed\xa0\x80", TOPIC_NOT_UTF8);
    assert_filter("\xc0\x80", TOPIC_NOT_UTF8);
    assert_name("K\xc3\xbc"
                "che/W\xc3\xa4rme",
                TOPIC_OK);
    assert_filter("\xe6\xb8\xa9\xe5\xba\xa6/+", TOPIC_OK);
}

// [MQTT-4.7.3-3]
static void topics_have_at_most_65535_bytes(void **state) {
    (void)state;
    static char text[TOPIC_BYTES_MAX + 1];
    memset(text, 'a', sizeof text);
    assert_int_equal(topic_name_check(bytes_make(text, TOPIC_BYTES_MAX)), TOPIC_OK);
    assert_int_equal(topic_filter_check(bytes_make(text, TOPIC_BYTES_MAX)), TOPIC_OK);
    assert_int_equal(topic_name_check(bytes_make(text, TOPIC_BYTES_MAX + 1)), TOPIC_TOO_LONG);
    assert_int_equal(topic_filter_check(bytes_make(text, TOPIC_BYTES_MAX + 1)), TOPIC_TOO_LONG);
}

static void topics_have_at_most_200_levels(void **state) {
    (void)state;
    char text[TOPIC_LEVELS_MAX];
    memset(text, '/', sizeof text);
    assert_int_equal(topic_name_check(bytes_make(text, TOPIC_LEVELS_MAX - 1)), TOPIC_OK);
    assert_int_equal(topic_name_check(bytes_make(text, TOPIC_LEVELS_MAX)), TOPIC_TOO_DEEP);
    assert_int_equal(topic_filter_check(bytes_make(text, TOPIC_LEVELS_MAX - 1)), TOPIC_OK);
    assert_int_equal(topic_filter_check(bytes_make(text, TOPIC_LEVELS_MAX)), TOPIC_TOO_DEEP);
}

// Names are looked at in words of eight bytes.
static void one_odd_byte_is_found_wherever_it_stands(void **state) {
    (void)state;
    static const struct {
        char byte;
        enum topic_fault fault;
    } odd[] = {{'+', TOPIC_HAS_WILDCARD},
               {'#', TOPIC_HAS_WILDCARD},
               {0, TOPIC_NOT_UTF8},
               {'\x80', TOPIC_NOT_UTF8}};
    for (size_t size = 1; size <= 40; size++) {
        for (size_t at = 0; at < size; at++) {
            for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
                char text[40];
                memset(text, i % 2 == 0 ? '*' : '"', sizeof text); // one bit, or next to them
                assert_int_equal(topic_name_check(bytes_make(text, size)), TOPIC_OK);
                text[at] = odd[i].byte;
                assert_int_equal(topic_name_check(bytes_make(text, size)), odd[i].fault);
            }
        }
    }
}

// Section 4.7.1, [MQTT-3.3.2-2]: wildcards are for filters.
static void names_have_no_wildcards(void **state) {
    (void)state;
    assert_name("#", TOPIC_HAS_WILDCARD);
    assert_name("+", TOPIC_HAS_WILDCARD);
    assert_name("sport/tennis#", TOPIC_HAS_WILDCARD);
    assert_name("sport+", TOPIC_HAS_WILDCARD);
    assert_name("sport/+/player1", TOPIC_HAS_WILDCARD);
}

// [MQTT-4.7.1-1]
static void hash_stands_alone_and_last(void **state) {
    (void)state;
    assert_filter("#", TOPIC_OK);
    assert_filter("sport/tennis/#", TOPIC_OK);
    assert_filter("/#", TOPIC_OK);
    assert_filter("sport/tennis#", TOPIC_WILDCARD_MISPLACED);
    assert_filter("sport/tennis/#/ranking", TOPIC_WILDCARD_MISPLACED);
    assert_filter("#/", TOPIC_WILDCARD_MISPLACED);
    assert_filter("##", TOPIC_WILDCARD_MISPLACED);
    assert_filter("#a", TOPIC_WILDCARD_MISPLACED);
}

// [MQTT-4.7.1-2]
static void plus_stands_alone_in_any_level(void **state) {
    (void)state;
    assert_filter("+", TOPIC_OK);
    assert_filter("+/tennis/#", TOPIC_OK);
    assert_filter("sport/+/player1", TOPIC_OK);
    assert_filter("+/+", TOPIC_OK);
    assert_filter("/+", TOPIC_OK);
    assert_filter("+/", TOPIC_OK);
    assert_filter("sport+", TOPIC_WILDCARD_MISPLACED);
    assert_filter("+sport", TOPIC_WILDCARD_MISPLACED);
    assert_filter("++", TOPIC_WILDCARD_MISPLACED);
    assert_filter("a/+#", TOPIC_WILDCARD_MISPLACED);
    assert_filter("a/b+/c", TOPIC_WILDCARD_MISPLACED);
}

// The examples of section 4.7.1.2.
static void hash_matches_the_parent_and_all_below(void **state) {
    (void)state;
    assert_matches("sport/tennis/player1/#", "sport/tennis/player1", true);
    assert_matches("sport/tennis/player1/#", "sport/tennis/player1/ranking", true);
    assert_matches("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true);
    assert_matches("sport/tennis/player1/#", "sport/tennis/player10", false);
    assert_matches("sport/tennis/player1/#", "sport/tennis", false);
    assert_matches("sport/#", "sport", true);
    assert_matches("#", "sport/tennis", true);
    assert_matches("#", "/", true);
    assert_matches("/#", "/", true);
    assert_matches("/#", "a", false);
}

// The examples of section 4.7.1.3.
static void plus_matches_one_level(void **state) {
    (void)state;
    assert_matches("sport/tennis/+", "sport/tennis/player1", true);
    assert_matches("sport/tennis/+", "sport/tennis/player2", true);
    assert_matches("sport/tennis/+", "sport/tennis/player1/ranking", false);
    assert_matches("sport/+", "sport", false);
    assert_matches("sport/+", "sport/", true);
    assert_matches("+/+", "/finance", true);
    assert_matches("/+", "/finance", true);
    assert_matches("+", "/finance", false);
    assert_matches("+/tennis/#", "sport/tennis", true);
    assert_matches("+/tennis/#", "sport/golf", false);
}

// [MQTT-4.7.2-1] with the examples of section 4.7.2.
static void leading_wildcards_hide_dollar_topics(void **state) {
    (void)state;
    assert_matches("#", "$SYS/monitor/Clients", false);
    assert_matches("+/monitor/Clients", "$SYS/monitor/Clients", false);
    assert_matches("+", "$SYS", false);
    assert_matches("+/#", "$SYS/monitor", false);
    assert_matches("$SYS/#", "$SYS/monitor/Clients", true);
    assert_matches("$SYS/#", "$SYS", true);
    assert_matches("$SYS/monitor/+", "$SYS/monitor/Clients", true);
    assert_matches("a/+", "a/$b", true);
    assert_matches("a/#", "a/$b", true);
}

// [MQTT-4.7.3-4]: no normalisation. Section 4.7.3: case and slashes make topics distinct.
static void topics_are_compared_byte_by_byte(void **state) {
    (void)state;
    assert_matches("ACCOUNTS", "Accounts", false);
    assert_matches("Accounts payable", "Accounts payable", true);
    assert_matches("/finance", "finance", false);
    assert_matches("finance", "finance/", false);
    assert_matches("a//b", "a/b", false);
    assert_matches("a//b", "a//b", true);
    assert_matches("a/+/b", "a//b", true);
    assert_matches("\xc3\xa9", "e\xcc\x81", false);
}

static void each_fault_has_a_text(void **state) {
    (void)state;
    for (enum topic_fault fault = TOPIC_OK; fault <= TOPIC_TOO_DEEP; fault++) {
        assert_string_not_equal(topic_fault_text(fault), "unknown fault");
    }
    assert_non_null(strstr(topic_fault_text(TOPIC_TOO_LONG), "65535"));
    assert_non_null(strstr(topic_fault_text(TOPIC_TOO_DEEP), "200"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(topics_have_at_least_one_character),
        cmocka_unit_test(topics_are_utf8_without_null),
        cmocka_unit_test(topics_have_at_most_65535_bytes),
        cmocka_unit_test(topics_have_at_most_200_levels),
        cmocka_unit_test(one_odd_byte_is_found_wherever_it_stands),
        cmocka_unit_test(names_have_no_wildcards),
        cmocka_unit_test(hash_stands_alone_and_last),
        cmocka_unit_test(plus_stands_alone_in_any_level),
        cmocka_unit_test(hash_matches_the_parent_and_all_below),
        cmocka_unit_test(plus_matches_one_level),
        cmocka_unit_test(leading_wildcards_hide_dollar_topics),
        cmocka_unit_test(topics_are_compared_byte_by_byte),
        cmocka_unit_test(each_fault_has_a_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
