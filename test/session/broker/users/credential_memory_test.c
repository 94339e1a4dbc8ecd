#include "session/broker/users/credential_memory.h"

#include <sodium.h>
#include <stdio.h>

#include "support.h"

#define NOW UINT64_C(1000000000)

static int set_up(void **state) {
    assert_true(sodium_init() >= 0);
    *state = credential_memory_create();
    assert_non_null(*state);
    return 0;
}

static int tear_down(void **state) {
    credential_memory_destroy(*state);
    return 0;
}

static void add(struct credential_memory *memory, const char *user, const char *password,
                uint64_t now) {
    struct credential_digest digest =
        credential_memory_digest(memory, bytes_of_text(user), bytes_of_text(password));
    credential_memory_add(memory, &digest, now);
}

static bool knows(struct credential_memory *memory, const char *user, const char *password,
                  uint64_t now) {
    struct credential_digest digest =
        credential_memory_digest(memory, bytes_of_text(user), bytes_of_text(password));
    return credential_memory_knows(memory, &digest, now);
}

static void a_pair_is_known_and_nothing_like_it(void **state) {
    struct credential_memory *memory = *state;
    assert_false(knows(memory, "me", "secret", NOW));
    add(memory, "me", "secret", NOW);
    add(memory, "none", "", NOW);
    assert_true(knows(memory, "me", "secret", NOW));
    assert_true(knows(memory, "none", "", NOW));
    static const char *const others[][2] = {
        {"me", "Secret"}, {"me", ""},   {"mes", "ecret"}, {"m", "esecret"},  {"", "mesecret"},
        {"", ""},         {"non", "e"}, {"", "none"},     {"me", "secret "},
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        assert_false(knows(memory, others[i][0], others[i][1], NOW));
    }
}

static void what_is_not_used_is_forgotten(void **state) {
    struct credential_memory *memory = *state;
    add(memory, "me", "secret", NOW);
    add(memory, "you", "secret", NOW);
    uint64_t late = NOW + CREDENTIAL_MEMORY_LIFETIME - 1;
    assert_true(knows(memory, "me", "secret", late));
    assert_false(knows(memory, "you", "secret", late + 1));
    assert_true(knows(memory, "me", "secret", late + 1));
    assert_false(knows(memory, "me", "secret", late + 2 + CREDENTIAL_MEMORY_LIFETIME));
}

static void of_many_the_latest_are_known(void **state) {
    struct credential_memory *memory = *state;
    const unsigned count = 4 * CREDENTIAL_MEMORY_PAIRS_MAX;
    char user[16];
    for (unsigned i = 0; i < count; i++) {
        (void)snprintf(user, sizeof user, "user%u", i);
        add(memory, user, "secret", NOW + i);
        assert_true(knows(memory, user, "secret", NOW + i));
    }
    unsigned known = 0;
    for (unsigned i = 0; i < count; i++) {
        (void)snprintf(user, sizeof user, "user%u", i);
        known += knows(memory, user, "secret", NOW + count);
    }
    assert_true(known <= CREDENTIAL_MEMORY_PAIRS_MAX);
    unsigned latest = 0; // a set may be full by chance
    for (unsigned i = count - 400; i < count; i++) {
        (void)snprintf(user, sizeof user, "user%u", i);
        latest += knows(memory, user, "secret", NOW + count);
    }
    assert_true(latest >= 390);
}

static void another_memory_has_another_key(void **state) {
    struct credential_memory *other = credential_memory_create();
    struct bytes user = BYTES_LITERAL("me");
    struct credential_digest first = credential_memory_digest(*state, user, user);
    struct credential_digest second = credential_memory_digest(other, user, user);
    assert_memory_not_equal(first.bytes, second.bytes, sizeof first.bytes);
    add(*state, "me", "secret", NOW);
    assert_false(knows(other, "me", "secret", NOW));
    credential_memory_destroy(other);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_pair_is_known_and_nothing_like_it),
        TEST(what_is_not_used_is_forgotten),
        TEST(of_many_the_latest_are_known),
        TEST(another_memory_has_another_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
