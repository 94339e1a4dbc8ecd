#include "support.h"

#include "cipher/classic.h"

static uint8_t room[PACKET_LINE_MAX];

static void key_4015_seals_temp_as_the_first_programs_did(void **state) {
    (void)state;
    uint8_t out[8];
    classic_seal(4015, BYTES_LITERAL("temp"), out);
    assert_bytes_equal(bytes_make(out, 4), BYTES_LITERAL("cT\\_"));
    classic_unseal(4015, BYTES_LITERAL("cT\\_"), out);
    assert_bytes_equal(bytes_make(out, 4), BYTES_LITERAL("temp"));
}

static void the_public_keys_6210_and_1954_agree_on_key_4015(void **state) {
    (void)state;
    uint32_t a = classic_logarithm(6210);
    uint32_t b = classic_logarithm(1954);
    assert_int_equal(classic_power(CLASSIC_GENERATOR, a), 6210);
    assert_int_equal(classic_power(CLASSIC_GENERATOR, b), 1954);
    assert_int_equal(classic_power(1954, a), 4015);
    assert_int_equal(classic_power(6210, b), 4015);
}

static void bytes_outside_the_alphabet_stay(void **state) {
    (void)state;
    uint8_t out[4];
    classic_seal(5, BYTES_LITERAL("\n\x80\xff\x1f"), out);
    assert_bytes_equal(bytes_make(out, 4), BYTES_LITERAL("\n\x80\xff\x1f"));
}

static void unsealing_undoes_sealing_for_every_key_and_byte(void **state) {
    (void)state;
    uint8_t all[256 + 'k'], out[sizeof all]; // the last few stand behind the last eight
    for (size_t i = 0; i < sizeof all; i++) {
        all[i] = (uint8_t)i;
    }
    for (uint32_t key = 1; key < CLASSIC_MODULUS; key++) {
        classic_seal(key, bytes_make(all, sizeof all), out);
        for (size_t i = 256; i < sizeof all; i++) {
            assert_int_equal(out[i], out[i - 256]);
        }
        classic_unseal(key, bytes_make(out, sizeof all), out);
        assert_memory_equal(out, all, sizeof all);
    }
}

static void texts_of_all_sizes_are_sealed_byte_by_byte_also_in_place(void **state) {
    (void)state;
    uint8_t text[40], expected[sizeof text], out[sizeof text];
    for (size_t size = 0; size <= sizeof text; size++) {
        for (size_t i = 0; i < size; i++) {
            text[i] = (uint8_t)(7 * i + 20 * size); // some are not shifted, some go round
            classic_seal(61, bytes_make(text + i, 1), expected + i);
        }
        classic_seal(61, bytes_make(text, size), out);
        assert_bytes_equal(bytes_make(out, size), bytes_make(expected, size));
        classic_seal(61, bytes_make(text, size), text);
        assert_bytes_equal(bytes_make(text, size), bytes_make(expected, size));
    }
}

static void every_public_key_can_be_broken(void **state) {
    (void)state;
    for (uint32_t secret = 1; secret <= CLASSIC_SECRET_MAX; secret++) {
        uint32_t public_key = classic_power(CLASSIC_GENERATOR, secret);
        assert_int_equal(classic_power(CLASSIC_GENERATOR, classic_logarithm(public_key)),
                         public_key);
    }
    assert_int_equal(classic_logarithm(0), 0);
}

static void numbers_that_are_no_public_key_are_refused(void **state) {
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct cipher_secret secret = {{1}};
    union cipher_key key = {0};
    const char *wrong[] = {"", "0", "7919", "-1", "x", "99999999999999999999999"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(
            cipher_classic.agree(&key, &memory, CIPHER_BROKER, &secret, bytes_of_text(wrong[i])));
    }
}

static void a_changed_payload_fails_its_signature(void **state) {
    (void)state;
    union cipher_key key = {.classic = 4015};
    struct packet packet = {.type = PACKET_SREQ, .signature = 928};
    packet_add(&packet, BYTES_LITERAL("cT\\_"));
    struct packet copy = packet;
    assert_int_equal(cipher_classic.unseal(&key, &copy, room), PACKET_OK);
    assert_bytes_equal(copy.element[0], BYTES_LITERAL("temp"));
    packet.element[0] = BYTES_LITERAL("cT\\`");
    assert_int_equal(cipher_classic.unseal(&key, &packet, room), PACKET_FAULT_SIGNATURE);
}

static void sealing_into_too_little_room_fails(void **state) {
    (void)state;
    union cipher_key key = {.classic = 1};
    struct packet packet = {.type = PACKET_PUBL};
    packet_add(&packet, BYTES_LITERAL("12345"));
    assert_false(cipher_classic.seal(&key, &packet, room, 4));
    assert_true(cipher_classic.seal(&key, &packet, room, 5));
}

// However unlucky a client's secret is, the broker has one that goes with it.
static void every_client_secret_has_a_lucky_key(void **state) {
    (void)state;
    for (uint32_t client = 0; client < CLASSIC_SECRET_MAX; client++) {
        struct cipher_secret client_secret = {{0}};
        uint8_t client_key[CIPHER_PUBLIC_KEY_MAX];
        memcpy(client_secret.bytes, &client, sizeof client);
        size_t size = cipher_classic.public_key(&client_secret, client_key);
        for (uint32_t start = 0; start < CLASSIC_SECRET_MAX; start += 9) {
            struct cipher_secret secret = {{0}};
            uint8_t broker_key[CIPHER_PUBLIC_KEY_MAX];
            union cipher_key ours = {0};
            union cipher_key theirs = {0};
            memcpy(secret.bytes, &start, sizeof start);
            secret = cipher_classic.choose(&secret, bytes_make(client_key, size));
            size_t broker_size = cipher_classic.public_key(&secret, broker_key);
            assert_true(cipher_classic.agree(&ours, NULL, CIPHER_BROKER, &secret,
                                             bytes_make(client_key, size)));
            assert_true(cipher_classic.agree(&theirs, NULL, CIPHER_CLIENT, &client_secret,
                                             bytes_make(broker_key, broker_size)));
            assert_int_equal(ours.classic, theirs.classic);
            assert_true(classic_key_is_lucky(ours.classic));
        }
    }
}

static void lucky_keys_spoil_nothing(void **state) {
    (void)state;
    static const char letters[] = "09./_azAZmM";
    unsigned lucky = 0;
    for (uint32_t key = 0; key < 96; key++) {
        uint8_t sealed[sizeof letters - 1];
        classic_seal(key, bytes_make(letters, sizeof sealed), sealed);
        if (classic_key_is_lucky(key)) {
            lucky++;
            assert_null(memchr(sealed, ' ', sizeof sealed));
            assert_null(memchr(sealed, '-', sizeof sealed));
        }
    }
    assert_int_equal(lucky, 6);
    // What is no public key is refused later; it is no reason to search.
    struct cipher_secret secret = {{7}};
    struct cipher_secret same = cipher_classic.choose(&secret, BYTES_LITERAL("0"));
    assert_memory_equal(same.bytes, secret.bytes, sizeof same.bytes);
    same = cipher_classic.choose(&secret, BYTES_LITERAL("1")); // with which every key is 1
    assert_int_equal(same.bytes[0], 7);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(key_4015_seals_temp_as_the_first_programs_did),
        cmocka_unit_test(the_public_keys_6210_and_1954_agree_on_key_4015),
        cmocka_unit_test(bytes_outside_the_alphabet_stay),
        cmocka_unit_test(unsealing_undoes_sealing_for_every_key_and_byte),
        cmocka_unit_test(texts_of_all_sizes_are_sealed_byte_by_byte_also_in_place),
        cmocka_unit_test(every_public_key_can_be_broken),
        cmocka_unit_test(numbers_that_are_no_public_key_are_refused),
        cmocka_unit_test(a_changed_payload_fails_its_signature),
        cmocka_unit_test(sealing_into_too_little_room_fails),
        cmocka_unit_test(every_client_secret_has_a_lucky_key),
        cmocka_unit_test(lucky_keys_spoil_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
