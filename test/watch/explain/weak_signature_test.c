#include "support.h"

#include "watch/explain/weak_signature.h"

// By trying: whether the byte can become any other, and the signature is what it was.
static bool is_free(struct packet *packet, uint8_t *byte) {
    uint16_t signature = packet_signature(packet);
    uint8_t was = *byte;
    bool free = true;
    for (unsigned value = 0; value < 256; value++) {
        *byte = (uint8_t)value;
        free = free && packet_signature(packet) == signature;
    }
    *byte = was;
    return free;
}

static void assert_as_tried(const char *first, const char *second) {
    uint8_t room[2][64];
    struct packet packet = {.type = PACKET_PUBL};
    size_t sizes[2] = {strlen(first), strlen(second)};
    memcpy(room[0], first, sizes[0]);
    memcpy(room[1], second, sizes[1]);
    packet_add(&packet, bytes_make(room[0], sizes[0]));
    packet_add(&packet, bytes_make(room[1], sizes[1]));
    size_t tried = 0;
    for (unsigned i = 0; i < 2; i++) {
        for (size_t k = 0; k < sizes[i]; k++) {
            tried += is_free(&packet, &room[i][k]);
        }
    }
    struct weak_signature weak = weak_signature_find(&packet);
    assert_int_equal(weak.bytes, sizes[0] + sizes[1]);
    assert_int_equal(weak.free, tried);
}

static void counts_what_can_be_changed(void **state) {
    (void)state;
    assert_as_tried("temp", "21.5");
    assert_as_tried("200", "7597");
    assert_as_tried("machine/load/1min", "0.42");
    assert_as_tried("}", "@"); // 125 * 64
    assert_as_tried("dd", "dd");
    assert_as_tried("broker", "");
    assert_as_tried("", "");
}

// docs/protocol.md names it.
static void any_byte_of_a_topic_of_the_small_internet_can_be_changed(void **state) {
    (void)state;
    struct packet packet = {.type = PACKET_PUBL};
    packet_add(&packet, BYTES_LITERAL("machine/load/1min"));
    struct weak_signature weak = weak_signature_find(&packet);
    assert_int_equal(weak.free, weak.bytes);
}

static void a_zero_leaves_all_others_free(void **state) {
    (void)state;
    struct packet packet = {.type = PACKET_PUBL};
    packet_add(&packet, bytes_make("a\0b", 3));
    struct weak_signature weak = weak_signature_find(&packet);
    assert_int_equal(weak.bytes, 3);
    assert_int_equal(weak.free, 2);
}

static void says_it_in_words(void **state) {
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct buffer out;
    buffer_init(&out, &memory);
    weak_signature_append_words(&(struct weak_signature){7, 6}, &out);
    assert_bytes_equal(buffer_bytes(&out),
                       BYTES_LITERAL("signature 0: 6 of 7 bytes can be changed unnoticed"));
    out.size = 0;
    weak_signature_append_words(&(struct weak_signature){7, 7}, &out);
    assert_bytes_equal(buffer_bytes(&out),
                       BYTES_LITERAL("signature 0: any byte can be changed unnoticed"));
    buffer_deinit(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_what_can_be_changed),
        cmocka_unit_test(any_byte_of_a_topic_of_the_small_internet_can_be_changed),
        cmocka_unit_test(a_zero_leaves_all_others_free),
        cmocka_unit_test(says_it_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
