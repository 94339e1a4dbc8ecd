#include "support.h"

#include "base/buffer.h"

static void what_was_appended_is_there(void **state) {
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct buffer buffer;
    buffer_init(&buffer, &memory);
    buffer_append_text(&buffer, "creq");
    buffer_append_byte(&buffer, '\t');
    buffer_append_decimal(&buffer, 6210);
    buffer_append(&buffer, BYTES_LITERAL("-\0-"));
    buffer_append(&buffer, (struct bytes){NULL, 0});
    buffer_append_decimal(&buffer, UINT64_MAX);
    assert_bytes_equal(buffer_bytes(&buffer), BYTES_LITERAL("creq\t6210-\0-18446744073709551615"));
    buffer_deinit(&buffer);
    assert_int_equal(memory.bytes_in_use, 0);
    assert_int_equal(memory.blocks_in_use, 0);
}

static void an_empty_buffer_owns_nothing(void **state) {
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct buffer buffer;
    buffer_init(&buffer, &memory);
    buffer_append_text(&buffer, "");
    buffer_consume(&buffer, 0);
    assert_int_equal(buffer_bytes(&buffer).size, 0);
    assert_int_equal(memory.blocks_in_use, 0);
    buffer_deinit(&buffer);
    buffer_deinit(&buffer);
}

static void reserved_room_is_writable_and_counts_once_it_is_added(void **state) {
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct buffer buffer;
    buffer_init(&buffer, &memory);
    buffer_append_text(&buffer, "ab");
    uint8_t *room = buffer_reserve(&buffer, 1000);
    memset(room, 'c', 1000);
    assert_int_equal(buffer.size, 2);
    assert_true(buffer.capacity >= 1002);
    buffer.size += 1;
    assert_bytes_equal(buffer_bytes(&buffer), BYTES_LITERAL("abc"));
    assert_int_equal(memory.bytes_in_use, buffer.capacity);
    buffer_deinit(&buffer);
}

// A stream through a buffer: random pieces in at the end, random pieces out at the front. The bytes
// count up, so what comes out shows whether any was lost, repeated or moved.
static void a_stream_stays_whole(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++) {
        struct memory memory;
        memory_init(&memory);
        struct buffer buffer;
        buffer_init(&buffer, &memory);
        uint64_t random = seed << 32;
        uint8_t in = 0;
        uint8_t out = 0;
        for (unsigned i = 0; i < 5000; i++) {
            uint8_t piece[64];
            size_t size = support_random(&random) % sizeof piece;
            for (size_t k = 0; k < size; k++) {
                piece[k] = in++;
            }
            buffer_append(&buffer, bytes_make(piece, size));
            size_t taken = buffer.size == 0 ? 0 : support_random(&random) % (buffer.size + 1);
            for (size_t k = 0; k < taken; k++) {
                assert_int_equal(buffer.data[k], out++);
            }
            buffer_consume(&buffer, taken);
            assert_int_equal((uint8_t)(out + buffer.size), in);
        }
        // It never held more than a few pieces, so it has not grown with the stream.
        assert_true(buffer.capacity < 4096);
        buffer_deinit(&buffer);
        assert_int_equal(memory.bytes_in_use, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_appended_is_there),
        cmocka_unit_test(an_empty_buffer_owns_nothing),
        cmocka_unit_test(reserved_room_is_writable_and_counts_once_it_is_added),
        cmocka_unit_test(a_stream_stays_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
