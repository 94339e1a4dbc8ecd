// The head of a PUBLISH against the standard's bytes and against the decoder.
#include "support.h"

#include "mqtt/publish.h"

#include "mqtt/packet.h"

static uint8_t bytes[70000];

// Writes the head and `rest` bytes behind it, and decodes the whole.
static struct mqtt_packet write_and_decode(const struct mqtt_publish_head *head,
                                           enum mqtt_version version) {
    memset(bytes, 0, sizeof bytes);
    uint8_t *end = mqtt_publish_write(bytes, head);
    size_t size = (size_t)(end - bytes) + head->rest;
    assert_int_equal(size, mqtt_publish_size(head));
    struct mqtt_packet packet;
    assert_int_equal(mqtt_decode(&packet, bytes_make(bytes, size), version, MQTT_FROM_SERVER, NULL),
                     MQTT_SUCCESS);
    return packet;
}

static void the_bytes_are_those_of_the_standard(void **state) {
    (void)state;
    struct mqtt_publish_head head = {
        .topic = BYTES_LITERAL("a/b"), .rest = 0, .packet_id = 10, .qos = 1};
    uint8_t *end = mqtt_publish_write(bytes, &head);
    assert_bytes_equal(bytes_make(bytes, (size_t)(end - bytes)), BYTES_LITERAL("\x32\x07\x00\x03"
                                                                               "a/b\x00\x0a"));
}

static void flags_and_sizes_come_back(void **state) {
    (void)state;
    for (unsigned i = 0; i < 12; i++) {
        struct mqtt_publish_head head = {.topic = BYTES_LITERAL("room/1/temp"),
                                         .rest = i < 6 ? 5 : 300,
                                         .packet_id = 0x1234,
                                         .qos = (uint8_t)(i % 3),
                                         .retain = i % 2 == 0,
                                         .dup = i % 3 > 0 && i % 4 == 0};
        struct mqtt_packet packet = write_and_decode(&head, MQTT_3_1_1);
        assert_bytes_equal(packet.publish.topic, head.topic);
        assert_int_equal(packet.publish.payload.size, head.rest);
        assert_int_equal(packet.publish.packet_id, head.qos > 0 ? 0x1234 : 0);
        assert_int_equal(packet.publish.qos, head.qos);
        assert_int_equal(packet.publish.retain, head.retain);
        assert_int_equal(packet.publish.dup, head.dup);
        packet = write_and_decode(&head, MQTT_5); // the first of the rest is the properties' length
        assert_int_equal(packet.publish.payload.size, head.rest - 1);
    }
}

static void a_packet_over_the_limit_has_no_size(void **state) {
    (void)state;
    struct mqtt_publish_head head = {.topic = BYTES_LITERAL("t"), .rest = MQTT_REMAINING_MAX - 3};
    assert_int_equal(mqtt_publish_size(&head), MQTT_PACKET_MAX);
    head.rest++;
    assert_int_equal(mqtt_publish_size(&head), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bytes_are_those_of_the_standard),
        cmocka_unit_test(flags_and_sizes_come_back),
        cmocka_unit_test(a_packet_over_the_limit_has_no_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
