#include "support.h"

#include "watch/explain/why.h"

#include "cipher/classic.h"

struct fixture {
    struct memory memory;
    struct buffer out;
};

static int set_up(void **state) {
    struct fixture *fixture = test_calloc(1, sizeof *fixture);
    memory_init(&fixture->memory);
    buffer_init(&fixture->out, &fixture->memory);
    *state = fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    buffer_deinit(&fixture->out);
    test_free(fixture);
    return 0;
}

// The exchange in the README: 541^84 = 5723 and 7597^84 = 7664.
static void shows_how_both_get_the_same_key(void **state) {
    struct fixture *fixture = *state;
    why_append_exchange(5723, 7597, 84, &fixture->out);
    assert_bytes_equal(
        buffer_bytes(&fixture->out),
        BYTES_LITERAL("Your secret a = 84 made 5723 = 541^a mod 7919; the other side made 7597 = "
                      "541^b with a secret b that you need not know. You compute 7597^a = 7664; it "
                      "computes 5723^b. Both are 541^(a*b) mod 7919, and a*b = b*a: so both have "
                      "7664."));
    fixture->out.size = 0;
    uint32_t other = classic_logarithm(7597);
    why_append_exchange(5723, 7597, other, &fixture->out); // the broker's
    assert_non_null(memmem(fixture->out.data, fixture->out.size, "You compute 5723^a = 7664", 25));
    fixture->out.size = 0;
    why_append_exchange(5723, 7597, 83, &fixture->out); // nobody's
    assert_int_equal(fixture->out.size, 0);
}

// There is something to say about each, and each is a sentence.
static void has_a_sentence_for_every_packet(void **state) {
    struct fixture *fixture = *state;
    for (int type = 0; type < PACKET_TYPES; type++) {
        struct packet packet = {.type = (enum packet_type)type};
        fixture->out.size = 0;
        why_append_line(&(struct watch_item){.is_packet = true, .wire = &packet}, 0, &fixture->out);
        assert_true(fixture->out.size > 0);
        assert_int_equal(fixture->out.data[fixture->out.size - 1], '.');
    }
    for (int type = MQTT_CONNECT; type <= MQTT_AUTH; type++) {
        struct mqtt_packet packet = {.type = (enum mqtt_type)type};
        struct tap_note note = {.kind = TAP_NOTE_NONE};
        for (int kind = TAP_NOTE_NONE; kind < TAP_NOTE_ENDED; kind++) {
            note.kind = (enum tap_note_kind)kind;
            fixture->out.size = 0;
            why_append_mqtt(&(struct mqtt_item){.kind = MQTT_ITEM_PACKET,
                                                .packet = &packet,
                                                .note = kind == TAP_NOTE_NONE ? NULL : &note},
                            &fixture->out);
            assert_true(fixture->out.size > 0);
            uint8_t last = fixture->out.data[fixture->out.size - 1];
            assert_true(last == '.' || last == ')');
        }
    }
}

static void has_a_sentence_for_every_end_that_is_known(void **state) {
    struct fixture *fixture = *state;
    for (int cause = TAP_CAUSE_DISCONNECTED; cause <= TAP_CAUSE_CUT; cause++) {
        struct tap_note note = {.kind = TAP_NOTE_ENDED, .cause = (enum tap_cause)cause};
        fixture->out.size = 0;
        why_append_mqtt(&(struct mqtt_item){.kind = MQTT_ITEM_CLOSED, .note = &note},
                        &fixture->out);
        assert_true(fixture->out.size > 0);
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(shows_how_both_get_the_same_key),
        TEST(has_a_sentence_for_every_packet),
        TEST(has_a_sentence_for_every_end_that_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
