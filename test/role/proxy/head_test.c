#include "support.h"

#include "role/proxy/aliases.h"
#include "role/proxy/head.h"

static size_t encode_publish(uint8_t *out, enum mqtt_version version, uint64_t *random) {
    struct mqtt_packet packet = {.type = MQTT_PUBLISH};
    static uint8_t text[400];
    packet.publish = (struct mqtt_publish){
        .qos = (uint8_t)(support_random(random) % 3),
        .topic = bytes_make("a/b/c/d/e", 1 + support_random(random) % 9),
        .payload = bytes_make(text, support_random(random) % sizeof text),
    };
    packet.publish.packet_id = packet.publish.qos > 0 ? 7 : 0;
    if (version == MQTT_5 && support_random(random) % 2 == 0) {
        packet.properties.present = MQTT_HAS(MQTT_TOPIC_ALIAS) | MQTT_HAS(MQTT_CONTENT_TYPE);
        packet.properties.topic_alias = (uint16_t)(1 + support_random(random) % 9);
        packet.properties.content_type = bytes_make(text, support_random(random) % 200);
        memset(text, 'x', sizeof text);
    }
    return (size_t)(mqtt_encode(&packet, version, out) - out);
}

static void a_publish_is_told_as_soon_as_its_head_is_there(void **state) {
    (void)state;
    uint8_t bytes[1024];
    uint64_t random = 5;
    for (unsigned round = 0; round < 3000; round++) {
        enum mqtt_version version = round % 2 == 0 ? MQTT_3_1_1 : MQTT_5;
        size_t size = encode_publish(bytes, version, &random);
        struct mqtt_packet packet;
        struct proxy_head head;
        assert_int_equal(
            mqtt_decode(&packet, bytes_make(bytes, size), version, MQTT_FROM_CLIENT, NULL),
            MQTT_SUCCESS);
        size_t at = 0;
        while (proxy_head_read(bytes_make(bytes, at), version, true, &head) == PROXY_HEAD_PART) {
            at++;
        }
        assert_true(at + packet.publish.payload.size <= size);
        assert_int_equal(proxy_head_read(bytes_make(bytes, size), version, true, &head),
                         PROXY_HEAD_WHOLE);
        assert_int_equal(head.type, MQTT_PUBLISH);
        assert_int_equal(head.bytes, size);
        assert_int_equal(head.qos, packet.publish.qos);
        assert_bytes_equal(head.topic, packet.publish.topic);
        assert_int_equal(head.alias, packet.properties.topic_alias);
    }
}

static void what_does_not_begin_with_a_connect_is_foreign(void **state) {
    (void)state;
    static const char *const starts[] = {"GET / HTTP/1.1\r\n", "SSH-2.0-", "\x16\x03\x01", "\x30",
                                         "\x10\x80\x80\x80\x80\x01"};
    struct proxy_greeting greeting;
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        assert_int_equal(proxy_head_greet(bytes_of_text(starts[i]), &greeting), PROXY_HEAD_FOREIGN);
    }
    static const uint8_t other_name[] = {0x10, 0x0c, 0, 4, 'H', 'T', 'T', 'P', 4, 2, 0, 0, 0, 0};
    assert_int_equal(proxy_head_greet(bytes_make(other_name, sizeof other_name), &greeting),
                     PROXY_HEAD_FOREIGN);
}

static void a_connect_tells_version_and_identifier(void **state) {
    (void)state;
    static const uint8_t connect[] = {0x10, 0x0d, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 1, 'a'};
    struct proxy_greeting greeting;
    for (size_t size = 0; size < sizeof connect; size++) {
        assert_int_equal(proxy_head_greet(bytes_make(connect, size), &greeting), PROXY_HEAD_PART);
    }
    assert_int_equal(proxy_head_greet(bytes_make(connect, sizeof connect), &greeting),
                     PROXY_HEAD_WHOLE);
    assert_int_equal(greeting.version, MQTT_3_1_1);
    assert_bytes_equal(greeting.client_id, BYTES_LITERAL("a"));
}

static void a_connect_beyond_reason_is_foreign(void **state) {
    (void)state;
    static const uint8_t large[] = {0x10, 0x80, 0x80, 0x40};
    struct proxy_greeting greeting;
    assert_int_equal(proxy_head_greet(bytes_make(large, sizeof large), &greeting),
                     PROXY_HEAD_FOREIGN);
}

// Of a PUBLISH whose head would be longer than what is waited for, the topic is not known.
static void a_head_that_does_not_end_is_not_waited_for(void **state) {
    (void)state;
    static uint8_t bytes[PROXY_HEAD_MAX];
    struct proxy_head head;
    static const uint8_t start[] = {0x30, 0xff, 0xff, 0xff, 0x7f, 0, 1, 'a', 0xff, 0xff, 0x7f};
    memcpy(bytes, start, sizeof start);
    assert_int_equal(proxy_head_read(bytes_make(bytes, sizeof bytes - 1), MQTT_5, true, &head),
                     PROXY_HEAD_PART);
    assert_int_equal(proxy_head_read(bytes_make(bytes, sizeof bytes), MQTT_5, true, &head),
                     PROXY_HEAD_WHOLE);
    assert_int_equal(head.alias, 0);
    assert_int_equal(proxy_head_read(bytes_make(bytes, 5), MQTT_5, false, &head), PROXY_HEAD_WHOLE);
}

static void aliases_stand_for_the_topic_that_was_set_last(void **state) {
    (void)state;
    struct memory memory;
    struct proxy_aliases aliases;
    memory_init(&memory);
    proxy_aliases_init(&aliases, &memory);
    assert_null(proxy_aliases_resolve(&aliases, 3, bytes_make(NULL, 0)).data);
    assert_bytes_equal(proxy_aliases_resolve(&aliases, 3, BYTES_LITERAL("a/b")),
                       BYTES_LITERAL("a/b"));
    assert_bytes_equal(proxy_aliases_resolve(&aliases, 3, bytes_make(NULL, 0)),
                       BYTES_LITERAL("a/b"));
    assert_null(proxy_aliases_resolve(&aliases, 2, bytes_make(NULL, 0)).data);
    (void)proxy_aliases_resolve(&aliases, 3, BYTES_LITERAL("c"));
    assert_bytes_equal(proxy_aliases_resolve(&aliases, 3, bytes_make(NULL, 0)), BYTES_LITERAL("c"));
    proxy_aliases_deinit(&aliases);
    assert_int_equal(memory.bytes_in_use, 0);
}

static void aliases_are_bounded_in_number_and_bytes(void **state) {
    (void)state;
    struct memory memory;
    struct proxy_aliases aliases;
    static char topic[60000];
    memory_init(&memory);
    memset(topic, 'x', sizeof topic);
    proxy_aliases_init(&aliases, &memory);
    for (unsigned number = 1; number <= 65535; number++) {
        (void)proxy_aliases_resolve(&aliases, (uint16_t)number, bytes_make(topic, sizeof topic));
    }
    assert_true(memory.bytes_in_use < 200000);
    assert_null(proxy_aliases_resolve(&aliases, 65535, bytes_make(NULL, 0)).data);
    assert_null(proxy_aliases_resolve(&aliases, 2, bytes_make(NULL, 0)).data);
    assert_int_equal(proxy_aliases_resolve(&aliases, 1, bytes_make(NULL, 0)).size, sizeof topic);
    proxy_aliases_deinit(&aliases);
    assert_int_equal(memory.bytes_in_use, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_publish_is_told_as_soon_as_its_head_is_there),
        cmocka_unit_test(what_does_not_begin_with_a_connect_is_foreign),
        cmocka_unit_test(a_connect_tells_version_and_identifier),
        cmocka_unit_test(a_connect_beyond_reason_is_foreign),
        cmocka_unit_test(a_head_that_does_not_end_is_not_waited_for),
        cmocka_unit_test(aliases_stand_for_the_topic_that_was_set_last),
        cmocka_unit_test(aliases_are_bounded_in_number_and_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
