#include "support.h"

#include "mqtt/variable.h"

// Section 1.5.5, table 1-1; [MQTT-1.5.5-1]: as few bytes as will do.
static void variable_integers_take_one_to_four_bytes(void **state) {
    (void)state;
    static const struct {
        uint32_t number;
        struct bytes bytes;
    } golden[] = {
        {0, {(const uint8_t *)"\x00", 1}},
        {127, {(const uint8_t *)"\x7f", 1}},
        {128, {(const uint8_t *)"\x80\x01", 2}},
        {321, {(const uint8_t *)"\xc1\x02", 2}},
        {16383, {(const uint8_t *)"\xff\x7f", 2}},
        {16384, {(const uint8_t *)"\x80\x80\x01", 3}},
        {2097151, {(const uint8_t *)"\xff\xff\x7f", 3}},
        {2097152, {(const uint8_t *)"\x80\x80\x80\x01", 4}},
        {268435455, {(const uint8_t *)"\xff\xff\xff\x7f", 4}},
    };
    for (size_t i = 0; i < sizeof golden / sizeof *golden; i++) {
        uint8_t out[MQTT_VARIABLE_BYTES_MAX];
        uint32_t number = 1;
        const uint8_t *end = mqtt_variable_write(out, golden[i].number);
        assert_bytes_equal(bytes_make(out, (size_t)(end - out)), golden[i].bytes);
        assert_int_equal(mqtt_variable_size(golden[i].number), golden[i].bytes.size);
        assert_int_equal(mqtt_variable_read(golden[i].bytes.data, golden[i].bytes.size, &number),
                         golden[i].bytes.size);
        assert_int_equal(number, golden[i].number);
        for (size_t size = 0; size < golden[i].bytes.size; size++) {
            assert_int_equal(mqtt_variable_read(golden[i].bytes.data, size, &number), 0);
        }
    }
}

// [MQTT-1.5.5-1]
static void longer_forms_are_malformed(void **state) {
    (void)state;
    uint32_t number;
    assert_int_equal(mqtt_variable_read((const uint8_t *)"\x80\x00", 2, &number), -1);
    assert_int_equal(mqtt_variable_read((const uint8_t *)"\xff\x00", 2, &number), -1);
    assert_int_equal(mqtt_variable_read((const uint8_t *)"\x81\x80\x00", 3, &number), -1);
    assert_int_equal(mqtt_variable_read((const uint8_t *)"\x81\x80\x80\x00", 4, &number), -1);
    assert_int_equal(mqtt_variable_read((const uint8_t *)"\xff\xff\xff\xff", 4, &number), -1);
    assert_int_equal(mqtt_variable_read((const uint8_t *)"\xff\xff\xff\xff\x01", 5, &number), -1);
}

static void integers_have_the_high_byte_first(void **state) {
    (void)state;
    uint8_t out[8];
    assert_ptr_equal(mqtt_two_bytes_write(out, 0x0102), out + 2);
    assert_ptr_equal(mqtt_four_bytes_write(out + 2, 0x03040506), out + 6);
    assert_memory_equal(out, "\1\2\3\4\5\6", 6);
    assert_int_equal(mqtt_two_bytes_read(out), 0x0102);
}

static void texts_have_their_size_in_front(void **state) {
    (void)state;
    uint8_t out[8];
    assert_ptr_equal(mqtt_text_write(out, BYTES_LITERAL("abc")), out + 5);
    assert_memory_equal(out, "\0\3abc", 5);
    assert_ptr_equal(mqtt_text_write(out, (struct bytes){0}), out + 2);
    assert_memory_equal(out, "\0\0", 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(variable_integers_take_one_to_four_bytes),
        cmocka_unit_test(longer_forms_are_malformed),
        cmocka_unit_test(integers_have_the_high_byte_first),
        cmocka_unit_test(texts_have_their_size_in_front),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
