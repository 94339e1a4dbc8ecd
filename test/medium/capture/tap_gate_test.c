#include "support.h"

#include "medium/capture/tap_gate.h"

static void assert_same(const struct tap_gate *gate, const char *comment) {
    char text[TAP_NOTE_TEXT_MAX];
    struct tap_gate read;
    size_t size = tap_gate_write(gate, text);
    assert_bytes_equal(bytes_make(text, size), bytes_of_text(comment));
    assert_true(tap_gate_read(bytes_make(text, size), &read));
    assert_int_equal(read.kind, gate->kind);
    assert_int_equal(read.gate, gate->gate);
    assert_true(read.number == gate->number && read.packets == gate->packets);
    assert_true(read.bytes == gate->bytes && read.more == gate->more);
    assert_bytes_equal(read.text, gate->text);
}

static void every_note_is_read_back(void **state) {
    (void)state;
    assert_same(&(struct tap_gate){.kind = TAP_GATE_LEASE, .gate = 7}, "gate 7 asks for a lease");
    assert_same(&(struct tap_gate){.kind = TAP_GATE_LEASED, .gate = 7, .number = 3},
                "gate 7 is leased, known up to 3");
    assert_same(
        &(struct tap_gate){
            .kind = TAP_GATE_UPLOADED, .gate = 7, .number = 14, .packets = 3, .more = 1},
        "gate 7 uploaded up to 14, 3 new, 1 unreachable");
    assert_same(&(struct tap_gate){.kind = TAP_GATE_ASK, .gate = 8, .number = 5, .more = 20},
                "gate 8 asks for packets behind 5, up to 20 s");
    assert_same(&(struct tap_gate){.kind = TAP_GATE_WAITS, .gate = 8}, "gate 8 waits");
    assert_same(&(struct tap_gate){.kind = TAP_GATE_GIVE_BACK, .gate = 8},
                "gate 8 is to be given back");
    assert_same(&(struct tap_gate){.kind = TAP_GATE_GAVE_BACK, .gate = 8}, "gate 8 was given back");
    assert_same(&(struct tap_gate){.kind = TAP_GATE_FAILED,
                                   .gate = 4294966,
                                   .text = BYTES_LITERAL("there is no such lease")},
                "gate 4294966 gets no answer to that: there is no such lease");
    assert_same(
        &(struct tap_gate){
            .kind = TAP_GATE_MAILBOX, .gate = 9, .packets = UINT64_MAX, .bytes = 210, .more = 4},
        "gate 9 has a mailbox of 18446744073709551615 packets, 210 bytes, 4 dropped");
}

static void other_comments_are_left_alone(void **state) {
    (void)state;
    static const char *const others[] = {"",
                                         "look here!",
                                         "gate 7",
                                         "gate 7 waits for me",
                                         "gate x waits",
                                         "gate 4294967296 waits",
                                         "gate 7 is leased, known up to",
                                         "gate 7 waits:"};
    struct tap_gate gate;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        assert_false(tap_gate_read(bytes_of_text(others[i]), &gate));
    }
}

static void a_batch_names_its_first_packets(void **state) {
    (void)state;
    char room[TAP_GATE_TEXT_SIZE];
    struct gate_request request = {.kind = GATE_UPLOAD,
                                   .gate = 7,
                                   .number = 12,
                                   .lines = BYTES_LITERAL("1\t7580\t8083\tpubl\t-a-\t1\t\n"
                                                          "1\t7083\t0\tjoin\t-broker-\t1\t\n"
                                                          "1\t7580\t8083\tping\t-\t1\t\n"
                                                          "1\t7580\t8083\tdisc\t-\t1\t\n")};
    struct tap_gate gate = tap_gate_of_request(&request, room);
    assert_int_equal(gate.packets, 4);
    assert_same(&gate, "gate 7 uploads 4 packets from 12, 94 bytes: publ 7580 to 8083, "
                       "join 7083 to all, ping 7580 to 8083, ...");
    struct gate_answer answer = {.status = GATE_OK, .last = 4, .lines = request.lines};
    request.kind = GATE_TAKE;
    gate = tap_gate_of_answer(&request, &answer, room);
    assert_int_equal(gate.kind, TAP_GATE_GIVEN);
    assert_int_equal(gate.packets, 4);
    answer.status = GATE_NO_LEASE;
    gate = tap_gate_of_answer(&request, &answer, room);
    assert_int_equal(gate.kind, TAP_GATE_FAILED);
    assert_bytes_equal(gate.text, BYTES_LITERAL("there is no such lease"));
}

// Whatever stands in a line that a hostile router uploads.
static void what_is_no_line_fits(void **state) {
    (void)state;
    char room[TAP_GATE_TEXT_SIZE];
    uint8_t lines[4000];
    uint64_t seed = 7;
    for (unsigned i = 0; i < 1000; i++) {
        for (size_t at = 0; at < sizeof lines; at++) {
            lines[at] = (uint8_t) "\t\n\n7a\xc3"[support_random(&seed) % 6];
        }
        struct gate_request request = {.kind = GATE_UPLOAD,
                                       .gate = UINT32_MAX,
                                       .number = UINT64_MAX,
                                       .lines =
                                           bytes_make(lines, support_random(&seed) % sizeof lines)};
        struct tap_gate gate = tap_gate_of_request(&request, room);
        char text[TAP_NOTE_TEXT_MAX];
        struct tap_gate read;
        assert_true(gate.text.size < TAP_GATE_TEXT_SIZE);
        assert_true(tap_gate_read(bytes_make(text, tap_gate_write(&gate, text)), &read));
        assert_true(read.packets == gate.packets);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_note_is_read_back),
        cmocka_unit_test(other_comments_are_left_alone),
        cmocka_unit_test(a_batch_names_its_first_packets),
        cmocka_unit_test(what_is_no_line_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
