#include "support.h"

#include "medium/capture/tap_note.h"

#define MILLISECOND UINT64_C(1000000)

static void assert_same(const struct tap_note *note, const char *comment) {
    char text[TAP_NOTE_BYTES_MAX];
    size_t size = tap_note_write(note, text);
    assert_bytes_equal(bytes_make(text, size), bytes_of_text(comment));
    struct tap_note read = tap_note_read(bytes_make(text, size));
    assert_int_equal(read.kind, note->kind);
    assert_int_equal(read.side, note->side);
    assert_int_equal(read.cause, note->cause);
    assert_true(read.delay_ns == note->delay_ns);
    assert_bytes_equal(read.text, note->text);
}

static void reads_as_english(void **state) {
    (void)state;
    assert_same(&(struct tap_note){.kind = TAP_NOTE_DROPPED,
                                   .text = BYTES_LITERAL("drop PUBACK 3 from dev-*")},
                "dropped: drop PUBACK 3 from dev-*");
    assert_same(&(struct tap_note){.kind = TAP_NOTE_DELAYED,
                                   .delay_ns = 1500 * MILLISECOND + 25000,
                                   .text = BYTES_LITERAL("delay 1500 ms")},
                "delayed by 1500.025 ms: delay 1500 ms");
    assert_same(&(struct tap_note){.kind = TAP_NOTE_LET_GO, .delay_ns = MILLISECOND},
                "let go after 1.000 ms");
    assert_same(&(struct tap_note){.kind = TAP_NOTE_ENDED,
                                   .side = TAP_SIDE_BROKER,
                                   .cause = TAP_CAUSE_KEEP_ALIVE,
                                   .text = BYTES_LITERAL("nothing came for 90 s")},
                "ended by the broker: keep alive ran out: nothing came for 90 s");
    assert_same(&(struct tap_note){.kind = TAP_NOTE_COMMENT, .text = BYTES_LITERAL("look here!")},
                "look here!");
}

// So no words of one are the beginning of another's.
static void every_note_is_read_back(void **state) {
    (void)state;
    char text[TAP_NOTE_BYTES_MAX];
    for (int kind = TAP_NOTE_DROPPED; kind < TAP_NOTES; kind++) {
        for (int pair = 0; pair < TAP_SIDES * TAP_CAUSES; pair++) {
            bool is_end = kind == TAP_NOTE_ENDED;
            struct tap_note note = {.kind = (enum tap_note_kind)kind,
                                    .side = is_end ? (enum tap_side)(pair % TAP_SIDES) : 0,
                                    .cause = is_end ? (enum tap_cause)(pair / TAP_SIDES) : 0,
                                    .text = BYTES_LITERAL("a: b")};
            size_t size = tap_note_write(&note, text);
            struct tap_note read = tap_note_read(bytes_make(text, size));
            assert_int_equal(read.kind, note.kind);
            assert_int_equal(read.side, note.side);
            assert_int_equal(read.cause, note.cause);
            assert_bytes_equal(read.text, note.text);
        }
    }
}

static void text_is_cut_between_characters(void **state) {
    (void)state;
    char text[TAP_NOTE_BYTES_MAX];
    char rule[1001] = "x";
    for (size_t i = 1; i < 1000; i += 3) {
        memcpy(rule + i, "\xe2\x82\xac", 3);
    }
    struct tap_note note = {.kind = TAP_NOTE_HELD, .text = bytes_make(rule, 1000)};
    size_t size = tap_note_write(&note, text);
    assert_int_equal(size, strlen("held: ") + TAP_NOTE_TEXT_MAX - 2); // 1 and 79 times 3
    assert_int_equal((uint8_t)text[size - 1], 0xac);
}

static void others_are_comments(void **state) {
    (void)state;
    static const char *const others[] = {
        "",
        "dropped!",
        "dropped: ",
        "Dropped",
        "delayed by 12 ms",
        "delayed by 1.5000 ms",
        "delayed by 1234567890123.000 ms",
        "ended by the cat: cut",
        "ended by the broker: bored",
        "ended by the broker",
        "hel",
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct bytes comment = bytes_of_text(others[i]);
        struct tap_note note = tap_note_read(comment);
        assert_int_equal(note.kind, TAP_NOTE_COMMENT);
        assert_bytes_equal(note.text, comment);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_as_english),
        cmocka_unit_test(every_note_is_read_back),
        cmocka_unit_test(text_is_cut_between_characters),
        cmocka_unit_test(others_are_comments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
