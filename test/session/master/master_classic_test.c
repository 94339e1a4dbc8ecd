// Packets on their way to classic routers and back: what goes out comes in again as the same line.
#include "support.h"

#include "session/master/master_classic.h"

#include <stdio.h>

#define ROUNDS 20000

// Splits "ts TAB sa TAB ra TAB type TAB payload TAB sig".
static struct master_classic_fields split(struct bytes text) {
    struct bytes part[6] = {0};
    const uint8_t *at = text.data;
    const uint8_t *end = text.data + text.size;
    for (size_t i = 0; i < 6; i++) {
        const uint8_t *tab = i < 5 ? memchr(at, '\t', (size_t)(end - at)) : end;
        assert_non_null(tab);
        part[i] = bytes_make(at, (size_t)(tab - at));
        at = tab + 1;
    }
    return (struct master_classic_fields){part[0], part[1], part[2], part[3], part[4], part[5]};
}

static struct bytes random_element(uint64_t *state, uint8_t out[static 16]) {
    static const uint8_t alphabets[4][2] = {{33, 126}, {32, 127}, {0, 255}, {44, 46}};
    const uint8_t *range = alphabets[support_random(state) % 4];
    size_t size = support_random(state) % 16;
    for (size_t i = 0; i < size; i++) {
        out[i] = (uint8_t)(range[0] + support_random(state) % (range[1] - range[0] + 1u));
    }
    return bytes_make(out, size);
}

static void check_round_trip(struct memory *memory, const struct packet *packet) {
    uint8_t line[PACKET_LINE_MAX];
    struct buffer out;
    struct buffer back;
    struct packet read;
    buffer_init(&out, memory);
    buffer_init(&back, memory);
    size_t size = packet_format(packet, line, sizeof line);
    assert_true(size > 0);
    master_classic_write(bytes_make(line, size), &out);
    const struct master_classic_fields fields = split(buffer_bytes(&out));
    assert_int_equal(fields.payload.size % 4, 0);
    assert_int_equal(master_classic_read(&fields, &back, &read), PACKET_OK);
    assert_bytes_equal(buffer_bytes(&back), bytes_make(line, size));
    assert_int_equal(read.sender, packet->sender);
    assert_int_equal(read.receiver, packet->receiver);
    buffer_deinit(&out);
    buffer_deinit(&back);
}

static void any_packet_comes_back_as_it_went(void **state) {
    (void)state;
    uint64_t random = 20261124;
    struct memory memory;
    memory_init(&memory);
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint8_t room[PACKET_ELEMENTS_MAX][16];
        struct packet packet = {.time_stamp = support_random(&random),
                                .sender = 1 + (uint32_t)(support_random(&random) % 1000000),
                                .receiver = (uint32_t)(support_random(&random) % 1000000),
                                .type = (enum packet_type)(support_random(&random) % PACKET_TYPES),
                                .signature = (uint16_t)(support_random(&random) % 1000)};
        unsigned elements = (unsigned)(support_random(&random) % (PACKET_ELEMENTS_MAX + 1));
        for (unsigned k = 0; k < elements; k++) {
            packet_add(&packet, random_element(&random, room[k]));
        }
        packet.receiver += packet.receiver % 1000 == 0; // what is for a router is for everyone
        check_round_trip(&memory, &packet);
    }
    assert_int_equal(memory.bytes_in_use, 0);
}

static void assert_answer(const char *line, const char *expected) {
    struct memory memory;
    struct buffer answer;
    uint32_t asker = 0;
    memory_init(&memory);
    buffer_init(&answer, &memory);
    bool is_answered = master_classic_answer(8, bytes_of_text(line), &answer, &asker);
    assert_int_equal(is_answered, expected != NULL);
    assert_int_equal(asker, is_answered ? 12 : 0);
    assert_bytes_equal(buffer_bytes(&answer), bytes_of_text(is_answered ? expected : ""));
    buffer_deinit(&answer);
}

static void only_a_routers_join_to_all_is_answered(void **state) {
    (void)state;
    assert_answer("3\t12000\t0\tjoin\t-router-hall-\t8\t\n",
                  "3\t8000\t12000\tjoin\t-router-\t232\t\n");
    assert_answer("3\t12000\t8000\tjoin\t-router-\t232\t\n", NULL); // an answer itself
    assert_answer("3\t12083\t0\tjoin\t-broker-\t816\t\n", NULL);
    assert_answer("3\t12083\t0\tjoin\t-router-\t232\t\n", NULL);
    assert_answer("3\t12000\t0\tleft\t-router-\t232\t\n", NULL);
    assert_answer("3\t12000\t0\tjoin\t-\t1\t\n", NULL);
}

static void any_fields_are_read_or_refused(void **state) {
    (void)state;
    uint64_t random = 7;
    struct memory memory;
    memory_init(&memory);
    unsigned right = 0;
    for (unsigned i = 0; i < ROUNDS; i++) {
        char text[128];
        unsigned codes[4];
        for (size_t k = 0; k < 4; k++) {
            codes[k] = (unsigned)(support_random(&random) % (i % 2 == 0 ? 300 : 60));
        }
        int size = snprintf(text, sizeof text, "0045%04u%04u%04u%04u%s", codes[0], codes[1],
                            codes[2], codes[3], i % 3 == 0 ? "004" : "0045");
        const struct master_classic_fields fields = {
            BYTES_LITERAL("1"),    BYTES_LITERAL("7001"),          BYTES_LITERAL("0"),
            BYTES_LITERAL("publ"), bytes_make(text, (size_t)size), BYTES_LITERAL("1")};
        struct buffer line;
        struct packet packet;
        buffer_init(&line, &memory);
        bool fits = codes[0] < 256 && codes[1] < 256 && codes[2] < 256 && codes[3] < 256;
        enum packet_fault fault = master_classic_read(&fields, &line, &packet);
        assert_int_equal(fault == PACKET_OK, fits && i % 3 != 0);
        right += fault == PACKET_OK;
        buffer_deinit(&line);
    }
    assert_true(right > ROUNDS / 4);
    assert_int_equal(memory.bytes_in_use, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_packet_comes_back_as_it_went),
        cmocka_unit_test(only_a_routers_join_to_all_is_answered),
        cmocka_unit_test(any_fields_are_read_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
