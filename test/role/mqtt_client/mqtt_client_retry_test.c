#include "support.h"

#include "role/mqtt_client/mqtt_client_retry.h"

#define SEED 20261129u
#define ROUNDS 20000

static const struct mqtt_client_retry exponential = {
    .kind = MQTT_CLIENT_RETRY_EXPONENTIAL, .first = 100, .most = 1000};

static void without_a_policy_nothing_is_tried_again(void **state) {
    (void)state;
    const struct mqtt_client_retry never = {.kind = MQTT_CLIENT_RETRY_NEVER};
    uint64_t wait = 0;
    assert_false(mqtt_client_retry_next(&never, 1, 0, &wait));
}

static void fixed_and_exponential_waits(void **state) {
    (void)state;
    const struct mqtt_client_retry fixed = {
        .kind = MQTT_CLIENT_RETRY_FIXED, .first = 100, .most = 100};
    static const uint64_t expected[] = {100, 200, 400, 800, 1000, 1000};
    uint64_t wait = 0;
    for (uint32_t i = 0; i < 6; i++) {
        assert_true(mqtt_client_retry_next(&fixed, i + 1, i, &wait));
        assert_int_equal(wait, 100);
        assert_true(mqtt_client_retry_next(&exponential, i + 1, i, &wait));
        assert_int_equal(wait, expected[i]);
    }
    assert_true(mqtt_client_retry_next(&exponential, UINT32_MAX, 0, &wait));
    assert_int_equal(wait, 1000);
}

static void the_number_of_attempts_is_bounded(void **state) {
    (void)state;
    struct mqtt_client_retry bounded = exponential;
    uint64_t wait = 0;
    bounded.attempts = 3;
    assert_true(mqtt_client_retry_next(&bounded, 3, 0, &wait));
    assert_false(mqtt_client_retry_next(&bounded, 4, 0, &wait));
}

static void jitter_spreads_over_the_whole_range(void **state) {
    (void)state;
    struct mqtt_client_retry full = exponential;
    full.kind = MQTT_CLIENT_RETRY_FULL;
    uint64_t random = SEED;
    uint64_t least = UINT64_MAX;
    uint64_t most = 0;
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint64_t wait = 0;
        assert_true(mqtt_client_retry_next(&full, 3, support_random(&random), &wait));
        least = wait < least ? wait : least;
        most = wait > most ? wait : most;
    }
    assert_int_equal(least, 0);
    assert_int_equal(most, 400);
}

static void decorrelated_waits_stay_between_first_and_most(void **state) {
    (void)state;
    struct mqtt_client_retry policy = exponential;
    policy.kind = MQTT_CLIENT_RETRY_DECORRELATED;
    uint64_t random = SEED;
    uint64_t wait = 0;
    uint64_t most = 0;
    for (uint32_t i = 1; i < ROUNDS; i++) {
        uint64_t before = wait < 100 ? 100 : wait;
        assert_true(mqtt_client_retry_next(&policy, i, support_random(&random), &wait));
        assert_true(wait >= 100 && wait <= 1000 && wait <= 3 * before);
        most = wait > most ? wait : most;
    }
    assert_true(most > 900);
}

static void a_client_that_is_not_wanted_stays_away(void **state) {
    (void)state;
    assert_false(mqtt_client_retry_helps(MQTT_BAD_USER_NAME_OR_PASSWORD));
    assert_false(mqtt_client_retry_helps(MQTT_SESSION_TAKEN_OVER));
    assert_true(mqtt_client_retry_helps(MQTT_SERVER_BUSY));
    assert_true(mqtt_client_retry_helps(MQTT_SUCCESS));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_policy_nothing_is_tried_again),
        cmocka_unit_test(fixed_and_exponential_waits),
        cmocka_unit_test(the_number_of_attempts_is_bounded),
        cmocka_unit_test(jitter_spreads_over_the_whole_range),
        cmocka_unit_test(decorrelated_waits_stay_between_first_and_most),
        cmocka_unit_test(a_client_that_is_not_wanted_stays_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
