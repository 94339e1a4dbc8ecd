#include "support.h"

#include "role/broker/delivery/door_message.h"

static void assert_texts(const struct door_texts *texts) {
    struct memory memory;
    memory_init(&memory);
    struct door_message *message = door_message_create(&memory, texts);
    struct door_texts kept = door_message_texts(message);
    assert_bytes_equal(kept.topic, texts->topic);
    assert_bytes_equal(kept.properties, texts->properties);
    assert_bytes_equal(kept.payload, texts->payload);
    assert_int_equal(memory.blocks_in_use, 1);
    assert_int_equal(memory.bytes_in_use, door_message_size(message));
    door_message_unref(&memory, message);
    assert_int_equal(memory.blocks_in_use, 0);
    assert_int_equal(memory.bytes_in_use, 0);
}

static void texts_are_kept_in_one_block(void **state) {
    (void)state;
    static const struct door_texts cases[] = {
        {BYTES_LITERAL("a/b"), BYTES_LITERAL("\x01\x01"), BYTES_LITERAL("21\0.5")},
        {BYTES_LITERAL("a"), {0}, BYTES_LITERAL("1")},
        {BYTES_LITERAL("a"), BYTES_LITERAL("\x01\x00"), {0}},
        {{0}, {0}, {0}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_texts(&cases[i]);
    }
    static uint8_t large[300000];
    memset(large, 7, sizeof large);
    struct door_texts texts = {.topic = BYTES_LITERAL("large"),
                               .payload = bytes_make(large, sizeof large)};
    assert_texts(&texts);
}

static void a_message_has_copies_and_says_how_it_begins(void **state) {
    (void)state;
    struct memory memory;
    char topic[] = "a/b", payload[] = "21.5";
    memory_init(&memory);
    struct door_texts texts = {.topic = bytes_of_text(topic), .payload = bytes_of_text(payload)};
    struct door_message *message = door_message_create(&memory, &texts);
    memset(topic, '?', 3);
    memset(payload, '?', 4);
    assert_bytes_equal(door_message_texts(message).topic, BYTES_LITERAL("a/b"));
    assert_bytes_equal(door_message_texts(message).payload, BYTES_LITERAL("21.5"));
    assert_int_equal(message->references, 1);
    assert_true(message->expires_at == DOOR_NEVER);
    assert_int_equal(message->qos, 0);
    assert_false(message->retain);
    door_message_unref(&memory, message);
    assert_int_equal(memory.blocks_in_use, 0);
}

static void the_last_reference_frees_it(void **state) {
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct door_texts texts = {.topic = BYTES_LITERAL("a"), .payload = BYTES_LITERAL("1")};
    struct door_message *message = door_message_create(&memory, &texts);
    message->references += 2;
    door_message_unref(&memory, message);
    door_message_unref(&memory, message);
    assert_bytes_equal(door_message_texts(message).payload, BYTES_LITERAL("1"));
    assert_int_equal(memory.blocks_in_use, 1);
    door_message_unref(&memory, message);
    assert_int_equal(memory.blocks_in_use, 0);
    assert_int_equal(memory.bytes_in_use, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_kept_in_one_block),
        cmocka_unit_test(a_message_has_copies_and_says_how_it_begins),
        cmocka_unit_test(the_last_reference_frees_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
