#include "support.h"

#include <stdio.h>
#include <stdlib.h>

#include "role/broker/broker_journal.h"
#include "role/memory_journal.h"

#define NOW 1000

enum { LINE, MQTT, LINK, DOORS };

// What the doors were called with, as text: "line 5/7 a=1" for peer and options, "mqtt end" after
// all.
struct fixture {
    struct memory memory;
    struct broker_core core;
    struct door {
        struct fixture *fixture;
        const char *name;
    } doors[DOORS];
    struct broker_entry last; // its serial, expiry and properties
    char text[1024];
};

static void write_text(struct fixture *fixture, const char *text) {
    size_t used = strlen(fixture->text);
    (void)snprintf(fixture->text + used, sizeof fixture->text - used, "%s%s", used == 0 ? "" : "; ",
                   text);
}

static void on_deliver(void *context, uint32_t peer, uint32_t options,
                       const struct broker_entry *entry) {
    const struct door *door = context;
    char text[128];
    (void)snprintf(text, sizeof text, "%s %u/%u %.*s=%.*s", door->name, peer, options,
                   (int)entry->topic.size, (const char *)entry->topic.data, (int)entry->value.size,
                   (const char *)entry->value.data);
    write_text(door->fixture, text);
    door->fixture->last = *entry;
}

static void on_delivered(void *context, const struct broker_entry *entry, uint64_t now) {
    const struct door *door = context;
    char text[64];
    assert_int_equal(now, NOW);
    assert_int_equal(entry->serial, door->fixture->last.serial);
    (void)snprintf(text, sizeof text, "%s end", door->name);
    write_text(door->fixture, text);
}

static void start_limited(struct fixture *fixture, struct topic_values_limits limits) {
    static const char *const names[] = {"line", "mqtt", "link"};
    *fixture = (struct fixture){.text = ""};
    memory_init(&fixture->memory);
    broker_core_init(&fixture->core, &fixture->memory, 1, limits);
    for (unsigned i = 0; i < DOORS; i++) {
        fixture->doors[i] = (struct door){fixture, names[i]};
        const struct broker_door door = {.deliver = on_deliver,
                                         .delivered = i == MQTT ? on_delivered : NULL,
                                         .context = &fixture->doors[i]};
        assert_int_equal(broker_core_add_door(&fixture->core, door), i);
    }
}

static void start(struct fixture *fixture) {
    start_limited(fixture, (struct topic_values_limits){.entries_max = 10, .bytes_max = 1000});
}

static void finish(struct fixture *fixture) {
    broker_core_deinit(&fixture->core);
    assert_int_equal(fixture->memory.blocks_in_use, 0);
    assert_int_equal(fixture->memory.bytes_in_use, 0);
}

static uint32_t subscribe(struct fixture *fixture, uint32_t door, uint32_t peer, const char *filter,
                          uint32_t options) {
    return broker_core_subscribe(&fixture->core, (struct broker_peer){door, peer},
                                 bytes_of_text(filter), options);
}

static struct broker_entry entry_of(const char *topic, const char *value) {
    return (struct broker_entry){.topic = bytes_of_text(topic),
                                 .value = bytes_of_text(value),
                                 .source = BROKER_NOBODY,
                                 .expires_at = UINT64_MAX};
}

// One from the MQTT door that is to be retained.
static struct broker_entry retained_entry(const char *topic, const char *value) {
    struct broker_entry entry = entry_of(topic, value);
    entry.source = (struct broker_peer){MQTT, 3};
    entry.retain = entry.empty_forgets = true;
    return entry;
}

static void assert_published(struct fixture *fixture, struct broker_entry entry,
                             enum broker_published expected, const char *text) {
    fixture->text[0] = '\0';
    assert_int_equal(broker_core_publish(&fixture->core, entry, NOW), expected);
    assert_string_equal(fixture->text, text);
}

static const struct topic_value *value_of(const struct fixture *fixture, const char *topic) {
    return topic_values_get(&fixture->core.values, bytes_of_text(topic));
}

static void entries_reach_the_subscribers_of_all_doors(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    subscribe(&fixture, LINE, 5, "a", 7);
    subscribe(&fixture, MQTT, 5, "a", 8); // the same number, yet somebody else
    subscribe(&fixture, LINK, BROKER_PEERS_MAX - 1, "a", UINT32_MAX);
    subscribe(&fixture, MQTT, 6, "b", 1);
    assert_published(&fixture, entry_of("a", "1"), BROKER_DELIVERED,
                     "line 5/7 a=1; mqtt 5/8 a=1; link 67108863/4294967295 a=1; mqtt end");
    assert_published(&fixture, entry_of("c", "1"), BROKER_UNMATCHED, "");
    finish(&fixture);
}

static void each_publishing_has_a_serial(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    subscribe(&fixture, MQTT, 1, "a", 0);
    subscribe(&fixture, MQTT, 1, "+", 2);
    assert_published(&fixture, entry_of("a", "1"), BROKER_DELIVERED,
                     "mqtt 1/0 a=1; mqtt 1/2 a=1; mqtt end");
    uint64_t first = fixture.last.serial;
    assert_true(first > 0);
    assert_published(&fixture, entry_of("a", "2"), BROKER_DELIVERED,
                     "mqtt 1/0 a=2; mqtt 1/2 a=2; mqtt end");
    assert_true(fixture.last.serial > first);
    finish(&fixture);
}

static void subscriptions_can_be_found_changed_and_ended(void **state) {
    (void)state;
    struct fixture fixture;
    struct broker_peer line = {LINE, 5}, mqtt = {MQTT, 5};
    uint32_t options = 0;
    start(&fixture);
    assert_int_equal(broker_core_find(&fixture.core, BYTES_LITERAL("a/+")), TOPIC_TREE_NONE);
    assert_false(broker_core_find_subscriber(&fixture.core, mqtt, TOPIC_TREE_NONE, &options));
    uint32_t node = subscribe(&fixture, MQTT, 5, "a/+", 1);
    assert_int_equal(broker_core_find(&fixture.core, BYTES_LITERAL("a/+")), node);
    assert_int_equal(broker_core_find(&fixture.core, BYTES_LITERAL("a/b")), TOPIC_TREE_NONE);
    assert_int_equal(subscribe(&fixture, MQTT, 5, "a/+", 2), node);
    assert_true(broker_core_find_subscriber(&fixture.core, mqtt, node, &options));
    assert_int_equal(options, 2);
    assert_false(broker_core_find_subscriber(&fixture.core, line, node, &options));
    broker_core_unsubscribe(&fixture.core, line, node); // it does not stand there
    assert_published(&fixture, entry_of("a/b", "1"), BROKER_DELIVERED, "mqtt 5/2 a/b=1; mqtt end");
    broker_core_unsubscribe(&fixture.core, mqtt, node);
    assert_int_equal(broker_core_find(&fixture.core, BYTES_LITERAL("a/+")), TOPIC_TREE_NONE);
    assert_published(&fixture, entry_of("a/b", "1"), BROKER_UNMATCHED, "");
    finish(&fixture);
}

static void what_is_not_to_be_retained_is_not_kept(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    assert_published(&fixture, retained_entry("a", "1"), BROKER_UNMATCHED, "");
    assert_published(&fixture, entry_of("a", "2"), BROKER_UNMATCHED, "");
    assert_published(&fixture, entry_of("b", "3"), BROKER_UNMATCHED, "");
    assert_bytes_equal(value_of(&fixture, "a")->value, BYTES_LITERAL("1"));
    assert_null(value_of(&fixture, "b"));
    finish(&fixture);
}

static void a_retained_entry_comes_back_as_it_was(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    struct broker_entry entry = retained_entry("a", "21.5");
    entry.qos = 2;
    entry.hops = 3;
    entry.expires_at = 5000;
    entry.properties = BYTES_LITERAL("\x01\x01");
    assert_published(&fixture, entry, BROKER_UNMATCHED, "");
    const struct topic_value *value = value_of(&fixture, "a");
    assert_non_null(value);
    assert_int_equal(value->time_stamp, NOW);
    struct broker_entry back = broker_entry_of_value(value);
    assert_bytes_equal(back.topic, BYTES_LITERAL("a"));
    assert_bytes_equal(back.value, BYTES_LITERAL("21.5"));
    assert_bytes_equal(back.properties, entry.properties);
    assert_int_equal(back.qos, 2);
    assert_int_equal(back.expires_at, 5000);
    assert_int_equal(back.address, 0);
    assert_int_equal(back.hops, 3);
    assert_int_equal(back.serial, 0);
    assert_true(broker_peer_is(back.source, BROKER_NOBODY));
    assert_true(back.retain);
    assert_published(&fixture, retained_entry("a", "22"), BROKER_UNMATCHED, "");
    back = broker_entry_of_value(value_of(&fixture, "a"));
    assert_bytes_equal(back.value, BYTES_LITERAL("22"));
    assert_int_equal(back.properties.size, 0); // those of the former one are gone
    assert_int_equal(back.qos, 0);
    assert_true(back.expires_at == UINT64_MAX);
    finish(&fixture);
}

static void a_value_of_the_line_door_has_its_publishers_address(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    struct broker_entry entry = entry_of("a", "1");
    entry.address = 580;
    entry.retain = true;
    assert_published(&fixture, entry, BROKER_UNMATCHED, "");
    struct broker_entry back = broker_entry_of_value(value_of(&fixture, "a"));
    assert_int_equal(back.address, 580);
    assert_int_equal(back.qos, 0);
    assert_int_equal(back.properties.size, 0);
    assert_true(back.expires_at == UINT64_MAX);
    finish(&fixture);
}

// [MQTT-3.3.1-6]; at the line door an empty value is a value like any other.
static void an_empty_value_forgets_if_its_door_says_so(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    subscribe(&fixture, LINE, 1, "a", 0);
    assert_published(&fixture, retained_entry("a", "1"), BROKER_DELIVERED,
                     "line 1/0 a=1; mqtt end");
    assert_published(&fixture, retained_entry("a", ""), BROKER_DELIVERED, "line 1/0 a=; mqtt end");
    assert_null(value_of(&fixture, "a"));
    assert_published(&fixture, retained_entry("a", ""), BROKER_DELIVERED, "line 1/0 a=; mqtt end");
    struct broker_entry entry = entry_of("a", "");
    entry.address = 580;
    entry.retain = true;
    assert_published(&fixture, entry, BROKER_DELIVERED, "line 1/0 a=; mqtt end");
    assert_non_null(value_of(&fixture, "a"));
    assert_int_equal(value_of(&fixture, "a")->value.size, 0);
    finish(&fixture);
}

static void what_there_is_no_room_for_is_delivered_all_the_same(void **state) {
    (void)state;
    struct fixture fixture;
    start_limited(&fixture, (struct topic_values_limits){.entries_max = 1, .bytes_max = 1000});
    subscribe(&fixture, MQTT, 1, "b", 0);
    assert_published(&fixture, retained_entry("a", "1"), BROKER_UNMATCHED, "");
    assert_published(&fixture, retained_entry("b", "1"), BROKER_NOT_RETAINED,
                     "mqtt 1/0 b=1; mqtt end");
    assert_published(&fixture, retained_entry("c", "1"), BROKER_NOT_RETAINED, "");
    assert_null(value_of(&fixture, "b"));
    assert_published(&fixture, retained_entry("a", "2"), BROKER_UNMATCHED, "");
    assert_bytes_equal(value_of(&fixture, "a")->value, BYTES_LITERAL("2"));
    finish(&fixture);
}

static void properties_count_as_the_value_does(void **state) {
    (void)state;
    struct fixture fixture;
    size_t bytes = 2 + sizeof(struct broker_retained) + 3;
    start_limited(&fixture, (struct topic_values_limits){.entries_max = 9, .bytes_max = bytes});
    struct broker_entry entry = retained_entry("a", "1");
    entry.properties = BYTES_LITERAL("123");
    assert_published(&fixture, entry, BROKER_UNMATCHED, "");
    assert_int_equal(fixture.core.values.bytes, bytes);
    entry.properties = BYTES_LITERAL("1234");
    assert_published(&fixture, entry, BROKER_NOT_RETAINED, "");
    assert_bytes_equal(broker_entry_of_value(value_of(&fixture, "a")).properties,
                       BYTES_LITERAL("123"));
    finish(&fixture);
}

static void doors_come_and_go(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    subscribe(&fixture, LINK, 1, "a", 0);
    broker_core_remove_door(&fixture.core, MQTT); // it is not told of what others get
    assert_published(&fixture, entry_of("a", "1"), BROKER_DELIVERED, "link 1/0 a=1");
    struct door late = {&fixture, "late"};
    const struct broker_door door = {.deliver = on_deliver, .context = &late};
    uint32_t number = broker_core_add_door(&fixture.core, door);
    assert_int_equal(number, MQTT); // whose number nobody had any more
    subscribe(&fixture, number, 1, "a", 5);
    assert_published(&fixture, entry_of("a", "2"), BROKER_DELIVERED, "link 1/0 a=2; late 1/5 a=2");
    for (unsigned i = DOORS; i < BROKER_DOORS_MAX; i++) {
        assert_int_equal(broker_core_add_door(&fixture.core, door), i);
    }
    subscribe(&fixture, BROKER_DOORS_MAX - 1, 9, "b", 7);
    assert_published(&fixture, entry_of("b", "3"), BROKER_DELIVERED, "late 9/7 b=3");
    finish(&fixture);
}

static const struct journal_kind kinds[BROKER_RECORDS] = {BROKER_RECORD_ROWS};

static void restore(void *context, const struct journal_record *record) {
    struct fixture *fixture = context;
    assert_true(broker_journal_restore(&fixture->core, record, NOW));
}

static void assert_journal(const struct memory_journal *journal, const char *expected) {
    char *text = memory_journal_text(journal);
    assert_string_equal(text, expected);
    free(text);
}

#define NEVER "18446744073709551615"

static void last_values_stand_in_the_journal(void **state) {
    (void)state;
    struct fixture fixture, other;
    struct memory_journal journal;
    start(&fixture);
    start(&other);
    memory_journal_init(&journal, kinds);
    broker_core_set_journal(&fixture.core, &journal.journal);
    struct broker_entry entry = retained_entry("b", "1");
    entry.expires_at = NOW;
    entry.qos = 2;
    assert_published(&fixture, retained_entry("a", "1"), BROKER_UNMATCHED, "");
    assert_published(&fixture, entry_of("a", "2"), BROKER_UNMATCHED, "");
    assert_published(&fixture, retained_entry("a", ""), BROKER_UNMATCHED, "");
    assert_published(&fixture, entry, BROKER_UNMATCHED, "");
    assert_int_equal(broker_core_expire(&fixture.core, 10, NOW), 1);
    assert_published(&fixture, retained_entry("c", "3"), BROKER_UNMATCHED, "");
    assert_journal(&journal, "value " NEVER " 0 0 0 a  1;no-value a;value 1000 0 2 0 b  1;"
                             "no-value b;value " NEVER " 0 0 0 c  3;");
    memory_journal_restore(&journal, restore, &other);
    memory_journal_cut(&journal);
    broker_journal_snapshot(&other.core, memory_journal_take, &journal);
    assert_journal(&journal, "value " NEVER " 0 0 0 c  3;");
    memory_journal_deinit(&journal);
    finish(&fixture);
    finish(&other);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_reach_the_subscribers_of_all_doors),
        cmocka_unit_test(each_publishing_has_a_serial),
        cmocka_unit_test(subscriptions_can_be_found_changed_and_ended),
        cmocka_unit_test(what_is_not_to_be_retained_is_not_kept),
        cmocka_unit_test(a_retained_entry_comes_back_as_it_was),
        cmocka_unit_test(a_value_of_the_line_door_has_its_publishers_address),
        cmocka_unit_test(an_empty_value_forgets_if_its_door_says_so),
        cmocka_unit_test(what_there_is_no_room_for_is_delivered_all_the_same),
        cmocka_unit_test(properties_count_as_the_value_does),
        cmocka_unit_test(doors_come_and_go),
        cmocka_unit_test(last_values_stand_in_the_journal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
