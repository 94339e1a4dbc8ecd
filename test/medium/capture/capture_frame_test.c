#include "support.h"

#include "medium/capture/capture_frame.h"

#include <string.h>

#include "medium/capture/tap_format.h"

#define ETHERNET 1
#define COOKED 113
#define COOKED_2 276

static const uint8_t tcp[] = {0x13, 0x88, 0x07, 0x5b, 0, 0, 1, 2, 0, 0, 3,   4,   0x60, 0x18,
                              0,    0,    0,    0,    0, 0, 1, 1, 1, 1, 'a', 'b', 'c'};

struct frame {
    uint8_t data[256];
    size_t size;
};

static void put(struct frame *frame, const void *data, size_t size) {
    memcpy(frame->data + frame->size, data, size);
    frame->size += size;
}

static void put_ipv4(struct frame *frame) {
    const uint8_t head[] = {0x46, 0, 0,    (uint8_t)(24 + sizeof tcp),
                            0,    1, 0x40, 0,
                            64,   6, 0,    0,
                            10,   0, 0,    1,
                            10,   0, 0,    2,
                            1,    1, 1,    1};
    put(frame, head, sizeof head);
    put(frame, tcp, sizeof tcp);
}

static void put_ipv6(struct frame *frame, bool has_extensions) {
    const uint8_t extensions[] = {60, 0, 1, 4,  0, 0, 0, 0, // hop by hop
                                  6,  1, 1, 12, 0, 0, 0, 0, // options for the destination
                                  0,  0, 0, 0,  0, 0, 0, 0};
    uint8_t head[40] = {0x60};
    head[5] = (uint8_t)(sizeof tcp + (has_extensions ? sizeof extensions : 0));
    head[6] = has_extensions ? 0 : 6;
    head[23] = 1;
    head[39] = 2;
    put(frame, head, sizeof head);
    put(frame, extensions, has_extensions ? sizeof extensions : 0);
    put(frame, tcp, sizeof tcp);
}

static struct capture_segment read_whole(uint32_t link, const struct frame *frame) {
    struct capture_segment segment;
    assert_true(capture_frame_knows(link));
    assert_int_equal(capture_frame_read(link, bytes_make(frame->data, frame->size), &segment),
                     CAPTURE_FRAME_TCP);
    assert_bytes_equal(segment.payload, BYTES_LITERAL("abc"));
    assert_int_equal(segment.sequence, 0x0102);
    assert_int_equal(segment.acknowledged, 0x0304);
    assert_int_equal(segment.flags, TAP_FLAG_PSH | TAP_FLAG_ACK);
    assert_int_equal(segment.missing, 0);
    assert_memory_equal(segment.ends.ports, tcp, 4);
    return segment;
}

static void reads_ethernet_with_its_vlans_and_its_filling(void **state) {
    (void)state;
    const uint8_t macs[12] = {2, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2};
    const uint8_t tags[] = {0x88, 0xa8, 0, 7, 0x81, 0x00, 0, 8};
    for (size_t tag_bytes = 0; tag_bytes <= sizeof tags; tag_bytes += 4) {
        struct frame frame = {.size = 0};
        put(&frame, macs, sizeof macs);
        put(&frame, tags, tag_bytes);
        put(&frame, "\x08\x00", 2);
        put_ipv4(&frame);
        put(&frame, "filling", 7);
        struct capture_segment segment = read_whole(ETHERNET, &frame);
        assert_int_equal(segment.ends.is_v6, 0);
        assert_memory_equal(segment.ends.addresses[1], "\x0a\0\0\2\0", 5);
    }
}

static void reads_cooked_loopback_and_raw(void **state) {
    (void)state;
    uint8_t cooked[16] = {[14] = 0x86, [15] = 0xdd};
    uint8_t cooked_2[20] = {0x08, 0x00};
    struct frame frame = {.size = 0};
    put(&frame, cooked, sizeof cooked);
    put_ipv6(&frame, false);
    assert_int_equal(read_whole(COOKED, &frame).ends.is_v6, 1);
    frame.size = 0;
    put(&frame, cooked_2, sizeof cooked_2);
    put_ipv4(&frame);
    (void)read_whole(COOKED_2, &frame);
    frame.size = 0;
    put(&frame, "\2\0\0\0", 4);
    put_ipv4(&frame);
    (void)read_whole(0, &frame);
    static const uint32_t raw[] = {12, 14, 101, 228};
    for (size_t i = 0; i < sizeof raw / sizeof *raw; i++) {
        frame.size = 0;
        put_ipv4(&frame);
        (void)read_whole(raw[i], &frame);
    }
}

static void passes_over_extensions_of_ipv6(void **state) {
    (void)state;
    struct frame frame = {.size = 0};
    put_ipv6(&frame, true);
    struct capture_segment segment = read_whole(101, &frame);
    assert_int_equal(segment.ends.addresses[0][15], 1);
    assert_int_equal(segment.ends.addresses[1][15], 2);
}

// tcpdump -s leaves the end of a packet away; a device that sends large packets leaves the length
// to be filled in.
static void knows_what_is_missing(void **state) {
    (void)state;
    struct frame frame = {.size = 0};
    struct capture_segment segment;
    put_ipv4(&frame);
    assert_int_equal(capture_frame_read(101, bytes_make(frame.data, frame.size - 2), &segment),
                     CAPTURE_FRAME_TCP);
    assert_bytes_equal(segment.payload, BYTES_LITERAL("a"));
    assert_int_equal(segment.missing, 2);
    frame.data[3] = 0;
    (void)read_whole(101, &frame);
}

static void says_what_is_no_segment(void **state) {
    (void)state;
    struct frame frame = {.size = 0};
    struct capture_segment segment;
    put_ipv4(&frame);
    struct bytes whole = bytes_make(frame.data, frame.size);
    assert_false(capture_frame_knows(147));
    assert_int_equal(capture_frame_read(147, whole, &segment), CAPTURE_FRAME_BROKEN);
    for (size_t size = 1; size < 24 + 24; size++) { // amid some head
        assert_int_equal(capture_frame_read(101, bytes_make(frame.data, size), &segment),
                         CAPTURE_FRAME_BROKEN);
    }
    frame.data[6] = 0x20; // more fragments
    assert_int_equal(capture_frame_read(101, whole, &segment), CAPTURE_FRAME_FRAGMENT);
    frame.data[6] = 0;
    frame.data[9] = 17; // UDP
    assert_int_equal(capture_frame_read(101, whole, &segment), CAPTURE_FRAME_OTHER);
    frame.data[0] = 0x50; // IP of version 5
    assert_int_equal(capture_frame_read(101, whole, &segment), CAPTURE_FRAME_OTHER);
    frame.size = 0;
    put_ipv6(&frame, false);
    frame.data[6] = 44; // a fragment
    assert_int_equal(capture_frame_read(101, bytes_make(frame.data, frame.size), &segment),
                     CAPTURE_FRAME_FRAGMENT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_ethernet_with_its_vlans_and_its_filling),
        cmocka_unit_test(reads_cooked_loopback_and_raw),
        cmocka_unit_test(passes_over_extensions_of_ipv6),
        cmocka_unit_test(knows_what_is_missing),
        cmocka_unit_test(says_what_is_no_segment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
