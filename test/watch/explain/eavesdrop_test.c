#include "support.h"

#include "watch/explain/eavesdrop.h"

#include "cipher/classic.h"
#include "cipher/sodium.h"

#define CLIENT 580
#define BROKER 83

struct fixture {
    struct memory memory;
    struct eavesdrop eavesdrop;
    struct packet packet; // the last one heard
    struct eavesdrop_finding finding;
    uint8_t scratch[PACKET_LINE_MAX];
    uint8_t sealed[PACKET_LINE_MAX];
    uint8_t room[PACKET_LINE_MAX];
};

static int set_up(void **state) {
    struct fixture *fixture = test_calloc(1, sizeof *fixture);
    memory_init(&fixture->memory);
    eavesdrop_init(&fixture->eavesdrop, &fixture->memory);
    *state = fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    eavesdrop_deinit(&fixture->eavesdrop);
    assert_int_equal(fixture->memory.bytes_in_use, 0);
    test_free(fixture);
    return 0;
}

static void hear(struct fixture *fixture) {
    fixture->finding = eavesdrop_packet(&fixture->eavesdrop, &fixture->packet, fixture->room);
}

static void hear_line(struct fixture *fixture, const char *line) {
    assert_int_equal(packet_parse(&fixture->packet, bytes_of_text(line), fixture->scratch),
                     PACKET_OK);
    hear(fixture);
}

// A packet of elements, the last one NULL, with its signature.
static void make(struct fixture *fixture, enum packet_type type, const char *const *elements) {
    bool by_client = type == PACKET_CREQ || type == PACKET_SREQ || type == PACKET_PUBL;
    fixture->packet = (struct packet){.sender = by_client ? CLIENT : BROKER,
                                      .receiver = by_client ? BROKER : CLIENT,
                                      .type = type};
    for (; *elements != NULL; elements++) {
        packet_add(&fixture->packet, bytes_of_text(*elements));
    }
    fixture->packet.signature = packet_signature(&fixture->packet);
}

#define HEAR(fixture, type, ...) \
    (make((fixture), (type), (const char *const[]){__VA_ARGS__, NULL}), hear(fixture))

#define HEAR_SEALED(fixture, key, type, ...)                            \
    (make((fixture), (type), (const char *const[]){__VA_ARGS__, NULL}), \
     hear_sealed((fixture), (key)))

static void hear_sealed(struct fixture *fixture, uint32_t key) {
    assert_true(cipher_classic.seal(&(union cipher_key){.classic = key}, &fixture->packet,
                                    fixture->sealed, sizeof fixture->sealed));
    hear(fixture);
}

static void assert_says(const struct fixture *fixture, const char *words) {
    struct memory memory;
    struct buffer out;
    memory_init(&memory);
    buffer_init(&out, &memory);
    eavesdrop_append_words(&fixture->finding, 12300, &out);
    assert_bytes_equal(buffer_bytes(&out), bytes_of_text(words));
    buffer_deinit(&out);
}

static void breaks_the_golden_exchange(void **state) {
    struct fixture *fixture = *state;
    hear_line(fixture, "1795435622\t83\t0\tjoin\t-broker-\t816\t");
    assert_int_equal(fixture->finding.outcome, EAVESDROP_NOTHING);
    hear_line(fixture, "1795435625\t580\t83\tcreq\t-6210-\t400\t");
    assert_int_equal(fixture->finding.outcome, EAVESDROP_NOTHING);
    assert_says(fixture, "");
    hear_line(fixture, "1795435625\t83\t580\tcres\t-200-1954-\t600\t");
    assert_int_equal(fixture->finding.outcome, EAVESDROP_KEY_FOUND);
    assert_int_equal(fixture->finding.key, 4015);
    assert_says(fixture, "key 4015 found from 6210 and 1954 in 12.3 µs: 6210 = 541^66, "
                         "1954^66 = 4015 (mod 7919)");
    hear_line(fixture, "1795435627\t580\t83\tsreq\t-cT\\_-\t928\t");
    assert_int_equal(fixture->finding.outcome, EAVESDROP_UNSEALED);
    assert_bytes_equal(fixture->packet.element[0], BYTES_LITERAL("temp"));
    assert_says(fixture, "key 4015");
}

// What the client publishes and what the broker passes on is sealed with the same key.
static void unseals_both_directions(void **state) {
    struct fixture *fixture = *state;
    HEAR(fixture, PACKET_CREQ, "6210");
    HEAR(fixture, PACKET_CRES, "200", "1954");
    HEAR_SEALED(fixture, 4015, PACKET_PUBL, "temp", "21.500000");
    assert_int_equal(fixture->finding.outcome, EAVESDROP_UNSEALED);
    assert_bytes_equal(fixture->packet.element[1], BYTES_LITERAL("21.500000"));
    HEAR_SEALED(fixture, 4015, PACKET_SRES, "200", "temp");
    assert_bytes_equal(fixture->packet.element[0], BYTES_LITERAL("200"));
}

static void takes_the_keys_of_a_new_connection(void **state) {
    struct fixture *fixture = *state;
    HEAR(fixture, PACKET_CREQ, "6210");
    HEAR(fixture, PACKET_CRES, "200", "1954");
    HEAR(fixture, PACKET_CREQ, "4029");
    HEAR_SEALED(fixture, 4015, PACKET_PUBL, "ac", "e");
    assert_int_equal(fixture->finding.outcome, EAVESDROP_UNSEALED);
    HEAR(fixture, PACKET_CRES, "200", "750");
    assert_int_equal(fixture->finding.key, 7789);
    HEAR_SEALED(fixture, 7789, PACKET_PUBL, "now", "new");
    assert_int_equal(fixture->finding.outcome, EAVESDROP_UNSEALED);
    HEAR_SEALED(fixture, 4015, PACKET_PUBL, "ac", "e");
    assert_int_equal(fixture->finding.outcome, EAVESDROP_UNFIT);
    assert_says(fixture, "key 7789 does not fit");
}

static void keeps_the_key_when_a_new_connection_is_refused(void **state) {
    struct fixture *fixture = *state;
    HEAR(fixture, PACKET_CREQ, "6210");
    HEAR(fixture, PACKET_CRES, "200", "1954");
    HEAR(fixture, PACKET_CREQ, "4029");
    HEAR(fixture, PACKET_CRES, "509", "0");
    assert_int_equal(fixture->finding.outcome, EAVESDROP_NOTHING);
    HEAR_SEALED(fixture, 4015, PACKET_PUBL, "a", "b");
    assert_int_equal(fixture->finding.outcome, EAVESDROP_UNSEALED);
}

static void cannot_break_sodium_and_says_so_once(void **state) {
    struct fixture *fixture = *state;
    HEAR(fixture, PACKET_CREQ, "6210", "sodium", "ErwyfD5NqgXO8XeWq7uGGjODYKfaQOMjI06PSk9d9T8");
    HEAR(fixture, PACKET_CRES, "200", "0", "sodium", "HlO1hY8iwXN5ObDB8X6WQikRIrpoZEybH0/F4VGCeno");
    assert_int_equal(fixture->finding.outcome, EAVESDROP_KEY_SAFE);
    assert_says(fixture, "suite sodium: its key cannot be found from what was seen; all that "
                         "follows stays sealed");
    hear_line(fixture, "1\t580\t83\tsreq\t-AQAAAAAAAACTXN8o4jeefyCmM9zZtzvyr9W1LJI-\t0\t");
    assert_int_equal(fixture->finding.outcome, EAVESDROP_SAFE);
    assert_bytes_equal(fixture->packet.element[0],
                       BYTES_LITERAL("AQAAAAAAAACTXN8o4jeefyCmM9zZtzvyr9W1LJI"));
    assert_says(fixture, "");
}

static void knows_sodium_without_its_exchange(void **state) {
    struct fixture *fixture = *state;
    hear_line(fixture, "1\t580\t83\tsreq\t-AQAAAAAAAACTXN8o4jeefyCmM9zZtzvyr9W1LJI-\t0\t");
    assert_int_equal(fixture->finding.outcome, EAVESDROP_KEY_SAFE);
    hear_line(fixture, "1\t580\t83\tpubl\t-AgAAAAAAAABINsbTaVQXFauqMqqA81k5tSDuRcrhHZc-\t0\t");
    assert_int_equal(fixture->finding.outcome, EAVESDROP_SAFE);
}

static void a_client_that_offers_both_may_get_classic(void **state) {
    struct fixture *fixture = *state;
    HEAR(fixture, PACKET_CREQ, "6210", "sodium", "ErwyfD5NqgXO8XeWq7uGGjODYKfaQOMjI06PSk9d9T8");
    HEAR(fixture, PACKET_CRES, "200", "1954", "classic");
    assert_int_equal(fixture->finding.key, 4015);
}

static void needs_both_pre_keys(void **state) {
    struct fixture *fixture = *state;
    HEAR(fixture, PACKET_CRES, "200", "1954");
    assert_int_equal(fixture->finding.outcome, EAVESDROP_KEY_MISSED);
    static const char *const none[] = {"0", "7919", "99999999999", "x", ""};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        HEAR(fixture, PACKET_CREQ, none[i]);
        HEAR(fixture, PACKET_CRES, "200", "1954");
        assert_int_equal(fixture->finding.outcome, EAVESDROP_KEY_MISSED);
        HEAR(fixture, PACKET_CREQ, "6210");
        HEAR(fixture, PACKET_CRES, "200", none[i]);
        assert_int_equal(fixture->finding.outcome, EAVESDROP_KEY_MISSED);
    }
    assert_says(fixture, "no key found: that takes the public pre-keys of both sides");
}

static void ignores_forged_exchanges(void **state) {
    struct fixture *fixture = *state;
    HEAR(fixture, PACKET_CREQ, "6210");
    hear_line(fixture, "1\t580\t83\tcreq\t-4029-\t1\t");
    HEAR(fixture, PACKET_CRES, "200", "1954");
    assert_int_equal(fixture->finding.key, 4015);
    hear_line(fixture, "1\t83\t580\tcres\t-200-750-\t1\t");
    assert_int_equal(fixture->finding.outcome, EAVESDROP_NOTHING);
}

static void guesses_what_began_unseen(void **state) {
    struct fixture *fixture = *state;
    HEAR_SEALED(fixture, 4015, PACKET_SREQ, "temp");
    assert_int_equal(fixture->finding.outcome, EAVESDROP_GUESSED);
    assert_int_equal(fixture->finding.shift, 4015 % 96);
    assert_bytes_equal(fixture->packet.element[0], BYTES_LITERAL("temp"));
    assert_says(fixture, "guessed: of 96 shifts only 79 fits");
    HEAR_SEALED(fixture, 4015, PACKET_SREQ, "home/#", "off");
    assert_bytes_equal(fixture->packet.element[0], BYTES_LITERAL("home/#"));
}

// Texts with many even digits and fives have the signature 0, as do many of their shifts.
static void says_when_several_shifts_fit(void **state) {
    struct fixture *fixture = *state;
    HEAR_SEALED(fixture, 50, PACKET_PUBL, "house/kitchen/temperature",
                "it is 22 degrees outside and 25 degrees in the kitchen");
    assert_int_equal(fixture->finding.outcome, EAVESDROP_GUESSED);
    assert_true(fixture->finding.fitting > 1);
    assert_int_equal(fixture->finding.shift, 50);
    assert_bytes_equal(fixture->packet.element[0], BYTES_LITERAL("house/kitchen/temperature"));
    HEAR_SEALED(fixture, 50, PACKET_SRES, "200", "a");
    assert_int_equal(fixture->finding.fitting, 1);
}

static void a_guess_ends_with_its_connection(void **state) {
    struct fixture *fixture = *state;
    HEAR_SEALED(fixture, 4015, PACKET_SREQ, "temp");
    HEAR_SEALED(fixture, 11, PACKET_SRES, "200", "temp");
    assert_int_equal(fixture->finding.shift, 11);
    assert_int_equal(fixture->finding.fitting, 1);
}

static void leaves_what_nothing_fits_as_it_is(void **state) {
    struct fixture *fixture = *state;
    hear_line(fixture, "1\t580\t83\tdisc\t-!!!!-\t7\t");
    assert_int_equal(fixture->finding.outcome, EAVESDROP_UNFIT);
    assert_bytes_equal(fixture->packet.element[0], BYTES_LITERAL("!!!!"));
    assert_says(fixture, "none of 96 shifts fits");
}

static void the_answer_to_a_stranger_is_not_sealed(void **state) {
    struct fixture *fixture = *state;
    HEAR(fixture, PACKET_DISC, "401");
    assert_int_equal(fixture->finding.outcome, EAVESDROP_NOTHING);
    hear_line(fixture, "1\t83\t580\tping\t-\t1\t");
    assert_int_equal(fixture->finding.outcome, EAVESDROP_NOTHING);
}

static void forgets_the_oldest_of_too_many(void **state) {
    struct fixture *fixture = *state;
    for (uint32_t i = 0; i < EAVESDROP_PAIRS_MAX + 5; i++) {
        make(fixture, PACKET_CREQ, (const char *const[]){"6210", NULL});
        fixture->packet.sender = 1000 + i;
        hear(fixture);
    }
    for (uint32_t i = 0; i < 2; i++) {
        make(fixture, PACKET_CRES, (const char *const[]){"200", "1954", NULL});
        fixture->packet.receiver = 1000 + (i == 0 ? EAVESDROP_PAIRS_MAX + 4 : 0);
        hear(fixture);
        assert_int_equal(fixture->finding.outcome,
                         i == 0 ? EAVESDROP_KEY_FOUND : EAVESDROP_KEY_MISSED);
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(breaks_the_golden_exchange),
        TEST(unseals_both_directions),
        TEST(takes_the_keys_of_a_new_connection),
        TEST(keeps_the_key_when_a_new_connection_is_refused),
        TEST(cannot_break_sodium_and_says_so_once),
        TEST(knows_sodium_without_its_exchange),
        TEST(a_client_that_offers_both_may_get_classic),
        TEST(needs_both_pre_keys),
        TEST(ignores_forged_exchanges),
        TEST(guesses_what_began_unseen),
        TEST(says_when_several_shifts_fit),
        TEST(a_guess_ends_with_its_connection),
        TEST(leaves_what_nothing_fits_as_it_is),
        TEST(the_answer_to_a_stranger_is_not_sealed),
        TEST(forgets_the_oldest_of_too_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
