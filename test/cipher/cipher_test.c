// What every suite promises, tried on each of them, and what `sodium` promises beyond.
#include "support.h"

#include <stdio.h>

#include "cipher/classic.h"
#include "cipher/sodium.h"

static const struct cipher_suite *const suites[] = {&cipher_classic, &cipher_sodium};

// Two sides that have agreed on a key.
struct pair {
    struct memory memory;
    union cipher_key client;
    union cipher_key broker;
};

static void agree(struct pair *pair, const struct cipher_suite *suite, uint8_t seed) {
    memory_init(&pair->memory);
    struct cipher_secret root = {{seed}};
    struct cipher_secret a = cipher_derive_secret(&root, 1);
    struct cipher_secret b = cipher_derive_secret(&root, 2);
    uint8_t public_a[CIPHER_PUBLIC_KEY_MAX], public_b[CIPHER_PUBLIC_KEY_MAX];
    struct bytes text_a = bytes_make(public_a, suite->public_key(&a, public_a));
    struct bytes text_b = bytes_make(public_b, suite->public_key(&b, public_b));
    assert_true(suite->agree(&pair->client, &pair->memory, CIPHER_CLIENT, &a, text_b));
    assert_true(suite->agree(&pair->broker, &pair->memory, CIPHER_BROKER, &b, text_a));
}

static void end(struct pair *pair, const struct cipher_suite *suite) {
    suite->forget(&pair->client, &pair->memory);
    suite->forget(&pair->broker, &pair->memory);
    assert_int_equal(pair->memory.blocks_in_use, 0);
}

static uint8_t sealed_room[PACKET_LINE_MAX], unsealed_room[PACKET_LINE_MAX];

static struct packet sealed(const struct cipher_suite *suite, union cipher_key *key, uint8_t *room,
                            size_t size) {
    struct packet packet = {.type = PACKET_PUBL};
    packet_add(&packet, BYTES_LITERAL("a/b"));
    packet_add(&packet, BYTES_LITERAL("tab\t, zero\0, gr\xc3\xbc\xc3\x9f"));
    packet_add(&packet, BYTES_LITERAL(""));
    assert_true(suite->seal(key, &packet, room, size));
    return packet;
}

static void what_one_side_seals_the_other_unseals(void **state) {
    (void)state;
    for (size_t s = 0; s < 2; s++) {
        struct pair pair;
        agree(&pair, suites[s], 7);
        for (int round = 0; round < 200; round++) {
            bool up = round % 3 != 0;
            struct packet packet = sealed(suites[s], up ? &pair.client : &pair.broker, sealed_room,
                                          sizeof sealed_room);
            union cipher_key *other = up ? &pair.broker : &pair.client;
            assert_int_equal(suites[s]->unseal(other, &packet, unsealed_room), PACKET_OK);
            assert_int_equal(packet.element_count, 3);
            assert_bytes_equal(packet.element[0], BYTES_LITERAL("a/b"));
            assert_bytes_equal(packet.element[1],
                               BYTES_LITERAL("tab\t, zero\0, gr\xc3\xbc\xc3\x9f"));
            assert_int_equal(packet.element[2].size, 0);
        }
        end(&pair, suites[s]);
    }
}

static void an_empty_list_survives(void **state) {
    (void)state;
    for (size_t s = 0; s < 2; s++) {
        struct pair pair;
        agree(&pair, suites[s], 9);
        struct packet packet = {.type = PACKET_PING};
        assert_true(suites[s]->seal(&pair.client, &packet, sealed_room, sizeof sealed_room));
        assert_int_equal(suites[s]->unseal(&pair.broker, &packet, unsealed_room), PACKET_OK);
        assert_int_equal(packet.element_count, 0);
        end(&pair, suites[s]);
    }
}

static void suites_are_found_by_name(void **state) {
    (void)state;
    assert_ptr_equal(cipher_suite_named(BYTES_LITERAL("classic")), &cipher_classic);
    assert_ptr_equal(cipher_suite_named(BYTES_LITERAL("sodium")), &cipher_sodium);
    assert_null(cipher_suite_named(BYTES_LITERAL("sodiu")));
    assert_null(cipher_suite_named(BYTES_LITERAL("")));
}

static void secrets_differ_by_number_and_repeat_by_seed(void **state) {
    (void)state;
    struct cipher_secret seed = {{1}};
    struct cipher_secret one = cipher_derive_secret(&seed, 1);
    struct cipher_secret again = cipher_derive_secret(&seed, 1);
    struct cipher_secret two = cipher_derive_secret(&seed, 2);
    assert_memory_equal(&one, &again, sizeof one);
    assert_memory_not_equal(&one, &two, sizeof one);
}

// ---- sodium only ----------------------------------------------------------------------------

static void sodium_hides_topic_and_value(void **state) {
    (void)state;
    struct pair pair;
    agree(&pair, &cipher_sodium, 3);
    struct packet packet = sealed(&cipher_sodium, &pair.client, sealed_room, sizeof sealed_room);
    assert_int_equal(packet.element_count, 1);
    assert_int_equal(packet.signature, 0);
    assert_null(memmem(packet.element[0].data, packet.element[0].size, "a/b", 3));
    for (size_t i = 0; i < packet.element[0].size; i++) {
        uint8_t byte = packet.element[0].data[i];
        assert_true(byte >= 33 && byte < 127 && byte != '-'); // the plain form of a payload
    }
    end(&pair, &cipher_sodium);
}

static void sodium_refuses_every_altered_byte(void **state) {
    (void)state;
    struct pair pair;
    agree(&pair, &cipher_sodium, 3);
    struct packet packet = sealed(&cipher_sodium, &pair.client, sealed_room, sizeof sealed_room);
    for (size_t i = 0; i < packet.element[0].size; i++) {
        uint8_t was = sealed_room[i];
        sealed_room[i] = was == 'A' ? 'B' : 'A';
        struct packet altered = packet;
        assert_int_not_equal(cipher_sodium.unseal(&pair.broker, &altered, unsealed_room),
                             PACKET_OK);
        sealed_room[i] = was;
    }
    struct packet other_type = packet;
    other_type.type = PACKET_SREQ;
    assert_int_equal(cipher_sodium.unseal(&pair.broker, &other_type, unsealed_room),
                     PACKET_FAULT_SEAL);
    struct packet reflected = packet;
    assert_int_equal(cipher_sodium.unseal(&pair.client, &reflected, unsealed_room),
                     PACKET_FAULT_SEAL);
    assert_int_equal(cipher_sodium.unseal(&pair.broker, &packet, unsealed_room), PACKET_OK);
    end(&pair, &cipher_sodium);
}

#define LATE (SODIUM_WINDOW + 6)

static void sodium_refuses_replays_and_takes_each_of_64_packets_in_any_order(void **state) {
    (void)state;
    struct pair pair;
    agree(&pair, &cipher_sodium, 5);
    static uint8_t rooms[LATE][256];
    struct packet packets[LATE];
    for (int i = 0; i < LATE; i++) {
        packets[i] = sealed(&cipher_sodium, &pair.client, rooms[i], sizeof rooms[i]);
    }
    for (int i = LATE - 1; i >= 0; i--) { // the last comes first
        enum packet_fault expected = i >= LATE - SODIUM_WINDOW ? PACKET_OK : PACKET_FAULT_REPLAYED;
        struct packet first = packets[i], second = packets[i];
        assert_int_equal(cipher_sodium.unseal(&pair.broker, &first, unsealed_room), expected);
        assert_int_equal(cipher_sodium.unseal(&pair.broker, &second, unsealed_room),
                         PACKET_FAULT_REPLAYED);
    }
    end(&pair, &cipher_sodium);
}

static void sodium_refuses_what_is_no_public_key(void **state) {
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct cipher_secret secret = {{1}};
    union cipher_key key = {0};
    const char *wrong[] = {"", "6210",
                           "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", // a zero point
                           "!!!!", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(
            cipher_sodium.agree(&key, &memory, CIPHER_BROKER, &secret, bytes_of_text(wrong[i])));
    }
    assert_int_equal(memory.blocks_in_use, 0);
}

static void sodium_with_another_key_fails(void **state) {
    (void)state;
    struct pair one, two;
    agree(&one, &cipher_sodium, 1);
    agree(&two, &cipher_sodium, 2);
    struct packet packet = sealed(&cipher_sodium, &one.client, sealed_room, sizeof sealed_room);
    assert_int_equal(cipher_sodium.unseal(&two.broker, &packet, unsealed_room), PACKET_FAULT_SEAL);
    end(&one, &cipher_sodium);
    end(&two, &cipher_sodium);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_one_side_seals_the_other_unseals),
        cmocka_unit_test(an_empty_list_survives),
        cmocka_unit_test(suites_are_found_by_name),
        cmocka_unit_test(secrets_differ_by_number_and_repeat_by_seed),
        cmocka_unit_test(sodium_hides_topic_and_value),
        cmocka_unit_test(sodium_refuses_every_altered_byte),
        cmocka_unit_test(sodium_refuses_replays_and_takes_each_of_64_packets_in_any_order),
        cmocka_unit_test(sodium_refuses_what_is_no_public_key),
        cmocka_unit_test(sodium_with_another_key_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
