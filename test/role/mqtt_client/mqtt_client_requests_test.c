// Subscriptions of the client against a broker that the test plays, and what a client costs.
#include "role/mqtt_client/script.h"

#include <stdio.h>

#define OPEN(script) script_open_connection(script, false, NULL)

static enum mqtt_client_result subscribe(struct script *script, const char *filter,
                                         uint8_t options) {
    return mqtt_client_subscribe(
        script->client,
        &(struct mqtt_client_subscription){.filter = bytes_of_text(filter), .options = options},
        script->now);
}

static void answer_subscribe(struct script *script, uint8_t code) {
    uint16_t packet_id = script_expect(script, MQTT_SUBSCRIBE)->packet_id;
    script_send(script, &(struct mqtt_packet){.type = MQTT_SUBACK,
                                              .packet_id = packet_id,
                                              .codes = bytes_make(&code, 1)});
}

static void subscriptions_come_and_go(void **state) {
    (void)state;
    struct script *script = script_open(NULL);
    OPEN(script);
    assert_int_equal(subscribe(script, "a/+", 2), MQTT_CLIENT_OK);
    assert_int_equal(subscribe(script, "a/+", 1), MQTT_CLIENT_ALREADY);
    answer_subscribe(script, 1);
    const struct script_told *told = script_expect_told(script, MQTT_CLIENT_EVENT_SUBSCRIBED);
    assert_string_equal(told->text, "a/+");
    assert_int_equal(told->qos, 1);
    assert_int_equal(subscribe(script, "b", 1), MQTT_CLIENT_OK);
    answer_subscribe(script, MQTT_NOT_AUTHORIZED);
    told = script_expect_told(script, MQTT_CLIENT_EVENT_NOT_SUBSCRIBED);
    assert_int_equal(told->reason, MQTT_NOT_AUTHORIZED);
    assert_int_equal(mqtt_client_view(script->client).subscriptions, 1);
    mqtt_client_unsubscribe(script->client, BYTES_LITERAL("a/+"), script->now);
    uint16_t packet_id = script_expect(script, MQTT_UNSUBSCRIBE)->packet_id;
    script_send(script, &(struct mqtt_packet){.type = MQTT_UNSUBACK,
                                              .packet_id = packet_id,
                                              .codes = BYTES_LITERAL("\x00")});
    (void)script_expect_told(script, MQTT_CLIENT_EVENT_UNSUBSCRIBED);
    assert_int_equal(mqtt_client_view(script->client).subscriptions, 0);
    script_close(script);
}

static void subscriptions_are_made_anew_only_without_a_session(void **state) {
    (void)state;
    struct mqtt_client_config config = script_lasting_config(MQTT_5);
    struct script *script = script_open(&config);
    subscribe(script, "early", 1);
    OPEN(script);
    answer_subscribe(script, 1);
    subscribe(script, "unanswered", 1);
    (void)script_expect(script, MQTT_SUBSCRIBE);
    script_cut(script);
    script_forget_told(script);
    script_open_connection(script, true, NULL);
    answer_subscribe(script, 1); // the unanswered one
    script_expect_nothing(script);
    script_cut(script);
    script_forget_told(script);
    OPEN(script);
    (void)script_expect_told(script, MQTT_CLIENT_EVENT_SESSION_LOST);
    answer_subscribe(script, 1);
    answer_subscribe(script, 1);
    script_expect_nothing(script);
    script_close(script);
}

// More than may be asked at a time, twice: at first, and when the session is lost. Some are ended
// in between, from the front and from the middle.
static void many_subscriptions_are_made_anew_in_order(void **state) {
    enum { MANY = 3 * MQTT_CLIENT_REQUESTS_MAX };
    (void)state;
    struct mqtt_client_config config = script_lasting_config(MQTT_5);
    config.limits.subscriptions = MANY;
    struct script *script = script_open(&config);
    char text[16];
    OPEN(script);
    for (unsigned i = 0; i < MANY; i++) {
        (void)snprintf(text, sizeof text, "t/%u", i);
        assert_int_equal(subscribe(script, text, 1), MQTT_CLIENT_OK);
    }
    for (unsigned i = 0; i < MANY; i++) {
        answer_subscribe(script, 1);
    }
    script_expect_nothing(script);
    static const char *const ended[] = {"t/0", "t/1", "t/100"};
    for (unsigned i = 0; i < 3; i++) {
        mqtt_client_unsubscribe(script->client, bytes_of_text(ended[i]), script->now);
        uint16_t packet_id = script_expect(script, MQTT_UNSUBSCRIBE)->packet_id;
        script_send(script, &(struct mqtt_packet){.type = MQTT_UNSUBACK,
                                                  .packet_id = packet_id,
                                                  .codes = BYTES_LITERAL("\x00")});
    }
    script_cut(script);
    script_forget_told(script);
    OPEN(script);
    (void)script_expect_told(script, MQTT_CLIENT_EVENT_SESSION_LOST);
    for (unsigned i = 2; i < MANY; i++) {
        if (i == 100) {
            continue;
        }
        answer_subscribe(script, 1);
        (void)snprintf(text, sizeof text, "t/%u", i);
        assert_string_equal(script_expect_told(script, MQTT_CLIENT_EVENT_SUBSCRIBED)->text, text);
    }
    script_expect_nothing(script);
    script_close(script);
}

// [MQTT-3.8.3-4, MQTT-4.8.2-1, MQTT-4.8.2-2]
static void filters_and_options_that_cannot_be_are_refused(void **state) {
    (void)state;
    struct script *script = script_open(NULL);
    assert_int_equal(subscribe(script, "a/#/b", 0), MQTT_CLIENT_WRONG_FILTER);
    assert_int_equal(subscribe(script, "$share//a", 0), MQTT_CLIENT_WRONG_FILTER);
    assert_int_equal(subscribe(script, "$share/g", 0), MQTT_CLIENT_WRONG_FILTER);
    assert_int_equal(subscribe(script, "$share/g/a", MQTT_OPTION_NO_LOCAL),
                     MQTT_CLIENT_WRONG_OPTION);
    assert_int_equal(subscribe(script, "a", 3), MQTT_CLIENT_WRONG_OPTION);
    for (unsigned i = 0; i < 10; i++) {
        char filter[] = {'f', (char)('a' + i), 0};
        assert_int_equal(subscribe(script, filter, 0), MQTT_CLIENT_OK);
    }
    assert_int_equal(subscribe(script, "one more", 0), MQTT_CLIENT_TOO_MANY);
    script_close(script);
}

static void what_a_broker_lacks_is_not_asked_for(void **state) {
    (void)state;
    struct script *script = script_open(NULL);
    struct mqtt_properties given = {.present = MQTT_HAS(MQTT_WILDCARD_SUBSCRIPTION_AVAILABLE) |
                                               MQTT_HAS(MQTT_SHARED_SUBSCRIPTION_AVAILABLE) |
                                               MQTT_HAS(MQTT_SUBSCRIPTION_IDENTIFIER_AVAILABLE)};
    subscribe(script, "early/#", 0);
    script_open_connection(script, false, &given);
    assert_int_equal(script_expect_told(script, MQTT_CLIENT_EVENT_NOT_SUBSCRIBED)->reason,
                     MQTT_WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED);
    assert_int_equal(subscribe(script, "a/#", 0), MQTT_CLIENT_NO_WILDCARDS);
    assert_int_equal(subscribe(script, "$share/g/a", 0), MQTT_CLIENT_NO_SHARING);
    struct mqtt_client_subscription named = {.filter = BYTES_LITERAL("a"), .identifier = 3};
    assert_int_equal(mqtt_client_subscribe(script->client, &named, script->now),
                     MQTT_CLIENT_NO_IDENTIFIERS);
    script_expect_nothing(script);
    script_close(script);
}

// ---- memory -----------------------------------------------------------------------------------

// The account counts blocks with what they cost beside their bytes.
static void an_idle_client_takes_320_bytes_and_with_a_session_560(void **state) {
    (void)state;
    struct mqtt_client_config config = script_lasting_config(MQTT_5);
    struct script *script = script_open(&config);
    OPEN(script);
    subscribe(script, "room/1/temp", 1);
    answer_subscribe(script, 1);
    size_t idle = memory_counted(&script->memory);
    script_publish(script, "room/1/state", "on", 1, 1);
    script_send_publish(script, "room/1/temp", "21.5", 2, 9);
    script_cut(script);
    size_t kept = memory_counted(&script->memory);
    print_message("idle: %zu bytes; with a session to resume: %zu\n", idle, kept);
    assert_true(idle <= 320);
    assert_true(kept <= 560);
    script_close(script);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(subscriptions_come_and_go),
        cmocka_unit_test(subscriptions_are_made_anew_only_without_a_session),
        cmocka_unit_test(many_subscriptions_are_made_anew_in_order),
        cmocka_unit_test(filters_and_options_that_cannot_be_are_refused),
        cmocka_unit_test(what_a_broker_lacks_is_not_asked_for),
        cmocka_unit_test(an_idle_client_takes_320_bytes_and_with_a_session_560),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
