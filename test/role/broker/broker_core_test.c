#include "support.h"

#include <stdio.h>

#include "role/broker/broker_core.h"

#define NOW 1000

// What the doors were called with, as text: "line 5/7 a=1" for peer and detail, "mqtt end" after
// all.
struct fixture {
    struct memory memory;
    struct broker_core core;
    struct door {
        struct fixture *fixture;
        const char *name;
    } doors[BROKER_DOORS];
    struct broker_entry last; // its serial, expiry and properties
    char text[1024];
};

static void write_text(struct fixture *fixture, const char *text) {
    size_t used = strlen(fixture->text);
    (void)snprintf(fixture->text + used, sizeof fixture->text - used, "%s%s", used == 0 ? "" : "; ",
                   text);
}

static void on_deliver(void *context, uint32_t peer, uint32_t detail,
                       const struct broker_entry *entry) {
    const struct door *door = context;
    char text[128];
    (void)snprintf(text, sizeof text, "%s %u/%u %.*s=%.*s", door->name, peer, detail,
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
    static const char *const names[] = {"line", "mqtt", "share"};
    *fixture = (struct fixture){.text = ""};
    memory_init(&fixture->memory);
    broker_core_init(&fixture->core, &fixture->memory, 1, limits);
    for (unsigned i = 0; i < BROKER_DOORS; i++) {
        fixture->doors[i] = (struct door){fixture, names[i]};
        fixture->core.doors[i].deliver = on_deliver;
        fixture->core.doors[i].context = &fixture->doors[i];
    }
    fixture->core.doors[BROKER_MQTT_DOOR].delivered = on_delivered; // the others need none
}

static void start(struct fixture *fixture) {
    start_limited(fixture, (struct topic_values_limits){.entries_max = 10, .bytes_max = 1000});
}

static void finish(struct fixture *fixture) {
    broker_core_deinit(&fixture->core);
    assert_int_equal(fixture->memory.blocks_in_use, 0);
    assert_int_equal(fixture->memory.bytes_in_use, 0);
}

static uint32_t subscribe(struct fixture *fixture, enum broker_door door, uint32_t peer,
                          const char *filter, uint32_t detail) {
    return broker_core_subscribe(&fixture->core, (struct broker_subscriber){door, peer},
                                 bytes_of_text(filter), detail);
}

static struct broker_entry entry_of(const char *topic, const char *value) {
    return (struct broker_entry){.topic = bytes_of_text(topic),
                                 .value = bytes_of_text(value),
                                 .peer = BROKER_NO_PEER,
                                 .expires_at = UINT64_MAX};
}

// One from the MQTT door that is to be retained.
static struct broker_entry retained_entry(const char *topic, const char *value) {
    struct broker_entry entry = entry_of(topic, value);
    entry.peer = 3;
    entry.retain = true;
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
    subscribe(&fixture, BROKER_LINE_DOOR, 5, "a", 7);
    subscribe(&fixture, BROKER_MQTT_DOOR, 5, "a", 8); // the same number, yet somebody else
    subscribe(&fixture, BROKER_SHARE_DOOR, (1u << 30) - 1, "a", UINT32_MAX);
    subscribe(&fixture, BROKER_MQTT_DOOR, 6, "b", 1);
    assert_published(&fixture, entry_of("a", "1"), BROKER_DELIVERED,
                     "line 5/7 a=1; mqtt 5/8 a=1; share 1073741823/4294967295 a=1; mqtt end");
    assert_published(&fixture, entry_of("c", "1"), BROKER_UNMATCHED, "");
    finish(&fixture);
}

static void each_publishing_has_a_serial(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    subscribe(&fixture, BROKER_MQTT_DOOR, 1, "a", 0);
    subscribe(&fixture, BROKER_MQTT_DOOR, 1, "+", 2);
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
    struct broker_subscriber line = {BROKER_LINE_DOOR, 5}, mqtt = {BROKER_MQTT_DOOR, 5};
    uint32_t detail = 0;
    start(&fixture);
    assert_int_equal(broker_core_find(&fixture.core, BYTES_LITERAL("a/+")), TOPIC_TREE_NONE);
    assert_false(broker_core_find_subscriber(&fixture.core, mqtt, TOPIC_TREE_NONE, &detail));
    uint32_t node = subscribe(&fixture, BROKER_MQTT_DOOR, 5, "a/+", 1);
    assert_int_equal(broker_core_find(&fixture.core, BYTES_LITERAL("a/+")), node);
    assert_int_equal(broker_core_find(&fixture.core, BYTES_LITERAL("a/b")), TOPIC_TREE_NONE);
    assert_int_equal(subscribe(&fixture, BROKER_MQTT_DOOR, 5, "a/+", 2), node);
    assert_true(broker_core_find_subscriber(&fixture.core, mqtt, node, &detail));
    assert_int_equal(detail, 2);
    assert_false(broker_core_find_subscriber(&fixture.core, line, node, &detail));
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
    assert_int_equal(back.origin, 0);
    assert_int_equal(back.serial, 0);
    assert_true(back.peer == BROKER_NO_PEER);
    assert_true(back.retain);
    assert_published(&fixture, retained_entry("a", "22"), BROKER_UNMATCHED, "");
    back = broker_entry_of_value(value_of(&fixture, "a"));
    assert_bytes_equal(back.value, BYTES_LITERAL("22"));
    assert_int_equal(back.properties.size, 0); // those of the former one are gone
    assert_int_equal(back.qos, 0);
    assert_true(back.expires_at == UINT64_MAX);
    finish(&fixture);
}

static void a_value_of_the_line_door_has_its_origin(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    struct broker_entry entry = entry_of("a", "1");
    entry.origin = 580;
    entry.retain = true;
    assert_published(&fixture, entry, BROKER_UNMATCHED, "");
    struct broker_entry back = broker_entry_of_value(value_of(&fixture, "a"));
    assert_int_equal(back.origin, 580);
    assert_int_equal(back.qos, 0);
    assert_int_equal(back.properties.size, 0);
    assert_true(back.expires_at == UINT64_MAX);
    finish(&fixture);
}

// [MQTT-3.3.1-6]; at the line door an empty value is a value like any other.
static void an_empty_value_of_the_mqtt_door_forgets(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    subscribe(&fixture, BROKER_LINE_DOOR, 1, "a", 0);
    assert_published(&fixture, retained_entry("a", "1"), BROKER_DELIVERED,
                     "line 1/0 a=1; mqtt end");
    assert_published(&fixture, retained_entry("a", ""), BROKER_DELIVERED, "line 1/0 a=; mqtt end");
    assert_null(value_of(&fixture, "a"));
    assert_published(&fixture, retained_entry("a", ""), BROKER_DELIVERED, "line 1/0 a=; mqtt end");
    struct broker_entry entry = entry_of("a", "");
    entry.origin = 580;
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
    subscribe(&fixture, BROKER_MQTT_DOOR, 1, "b", 0);
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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_reach_the_subscribers_of_all_doors),
        cmocka_unit_test(each_publishing_has_a_serial),
        cmocka_unit_test(subscriptions_can_be_found_changed_and_ended),
        cmocka_unit_test(what_is_not_to_be_retained_is_not_kept),
        cmocka_unit_test(a_retained_entry_comes_back_as_it_was),
        cmocka_unit_test(a_value_of_the_line_door_has_its_origin),
        cmocka_unit_test(an_empty_value_of_the_mqtt_door_forgets),
        cmocka_unit_test(what_there_is_no_room_for_is_delivered_all_the_same),
        cmocka_unit_test(properties_count_as_the_value_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
