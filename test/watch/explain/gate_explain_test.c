#include "support.h"

#include "watch/explain/gate_explain.h"

static void assert_words(const struct tap_gate *gate, const char *words) {
    struct memory memory;
    struct buffer text;
    memory_init(&memory);
    buffer_init(&text, &memory);
    gate_explain_append_words(gate, &text);
    assert_bytes_equal(buffer_bytes(&text), bytes_of_text(words));
    text.size = 0;
    gate_explain_append_why(gate, &text);
    assert_true(text.size > 10);
    assert_true(strlen(gate_explain_name(gate)) <= GATE_SHORT_NAME_MAX);
    buffer_deinit(&text);
}

static void each_kind_has_words(void **state) {
    (void)state;
    assert_words(&(struct tap_gate){.kind = TAP_GATE_LEASE}, "asks for any gate");
    assert_words(&(struct tap_gate){.kind = TAP_GATE_LEASED, .gate = 7, .number = 3},
                 "leases gate 7; it has its packets up to number 3");
    assert_words(&(struct tap_gate){.kind = TAP_GATE_UPLOAD,
                                    .number = 4,
                                    .packets = 1,
                                    .bytes = 30,
                                    .text = BYTES_LITERAL("publ 7580 to \x01")},
                 "uploads 1 packet, 30 bytes, from number 4: publ 7580 to \\x01");
    assert_words(
        &(struct tap_gate){.kind = TAP_GATE_UPLOADED, .number = 4, .packets = 1, .more = 1},
        "has them up to number 4; 1 new, 1 for gates that nobody holds");
    assert_words(&(struct tap_gate){.kind = TAP_GATE_ASK, .number = 2, .more = 10},
                 "asks for packets behind number 2; may wait 10 s");
    assert_words(&(struct tap_gate){.kind = TAP_GATE_WAITS, .gate = 8},
                 "the request of gate 8 waits: its mailbox is empty");
    assert_words(&(struct tap_gate){.kind = TAP_GATE_GIVEN}, "has nothing to give");
    assert_words(
        &(struct tap_gate){
            .kind = TAP_GATE_GIVEN, .number = 9, .packets = 2, .bytes = 60, .more = 5},
        "gives 2 packets, 60 bytes, up to number 9; 5 were dropped before, since the "
        "mailbox was full");
    assert_words(&(struct tap_gate){.kind = TAP_GATE_GIVEN, .number = 9, .packets = 1, .bytes = 1},
                 "gives 1 packet, 1 byte, up to number 9");
    assert_words(&(struct tap_gate){.kind = TAP_GATE_GIVE_BACK, .gate = 7}, "gives gate 7 back");
    assert_words(&(struct tap_gate){.kind = TAP_GATE_GAVE_BACK, .gate = 7}, "gate 7 is free");
    assert_words(
        &(struct tap_gate){.kind = TAP_GATE_FAILED, .text = BYTES_LITERAL("the token is wrong")},
        "does not answer as asked: the token is wrong");
    assert_words(
        &(struct tap_gate){
            .kind = TAP_GATE_MAILBOX, .gate = 9, .packets = 3, .bytes = 210, .more = 4},
        "the mailbox of gate 9 holds 3 packets, 210 bytes; 4 were dropped");
}

static void what_both_sides_note_is_shown_once(void **state) {
    (void)state;
    struct memory memory;
    struct gate_seen seen;
    memory_init(&memory);
    gate_seen_init(&seen, &memory);
    struct tap_gate ask = {.kind = TAP_GATE_ASK, .gate = 7, .number = 5};
    assert_true(gate_seen_is_new(&seen, 0, &ask));
    assert_false(gate_seen_is_new(&seen, 1, &ask));
    assert_true(gate_seen_is_new(&seen, 0, &ask)); // it asked again
    assert_false(gate_seen_is_new(&seen, 1, &ask));
    ask.number = 6;
    assert_true(gate_seen_is_new(&seen, 1, &ask));
    assert_false(gate_seen_is_new(&seen, 0, &ask));
    ask.gate = 8;
    assert_true(gate_seen_is_new(&seen, 0, &ask));
    gate_seen_deinit(&seen);
    assert_int_equal(memory.bytes_in_use, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_has_words),
        cmocka_unit_test(what_both_sides_note_is_shown_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
