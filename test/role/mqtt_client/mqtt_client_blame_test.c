// What brokers do wrong, one by one: the statement that is told, and whether the connection ends.
#include "role/mqtt_client/script.h"

struct fault {
    const char *statement;
    struct bytes first;  // of the broker, before CONNACK where there is none of `connack`
    struct bytes second; // after it
    bool is_fatal;
    uint8_t goodbye; // the reason of the client's DISCONNECT; 0: it says none
};

#define OPENED BYTES_LITERAL("\x20\x03\x00\x00\x00")
#define NOTHING BYTES_LITERAL("")

static const struct fault faults[] = {
    {"MQTT-1.5.5-1", OPENED, BYTES_LITERAL("\x30\xff\xff\xff\xff\x7f"), true, 0x81},
    {"MQTT-3.1.2-24", OPENED, BYTES_LITERAL("\x30\x80\x80\x40"), true, 0x95},
    {"MQTT-4.13.1-1", OPENED, BYTES_LITERAL("\x36\x05\x00\x01t\x00\x01"), true, 0x81},
    {"MQTT-3.2.0-1", NOTHING, BYTES_LITERAL("\xd0\x00"), true, 0},
    {"MQTT-3.2.0-2", OPENED, OPENED, true, 0x82},
    {"MQTT-3.14.0-1", NOTHING, BYTES_LITERAL("\xe0\x00"), true, 0},
    {"MQTT-3.2.2-2", NOTHING, BYTES_LITERAL("\x20\x03\x01\x00\x00"), true, 0},
    {"MQTT-3.1.2-28", NOTHING, BYTES_LITERAL("\x20\x07\x00\x00\x04\x1a\x00\x01r"), false, 0},
    {"MQTT-3.1.2-29", OPENED,
     BYTES_LITERAL("\x40\x08\x00\x01\x00\x04\x1f\x00\x01"
                   "r"),
     true, 0x82},
    {"MQTT-4.12.0-6", OPENED, BYTES_LITERAL("\xf0\x06\x18\x04\x15\x00\x01m"), true, 0x82},
    {"MQTT-4.12.0-5", NOTHING, BYTES_LITERAL("\x20\x07\x00\x00\x04\x15\x00\x01m"), true, 0},
    {"MQTT-3.3.2-11", OPENED, BYTES_LITERAL("\x30\x07\x00\x01t\x03\x23\x00\x05"), true, 0x94},
    {"MQTT 5.0, 3.3.2.3.4", OPENED, BYTES_LITERAL("\x30\x06\x00\x00\x03\x23\x00\x01"), true, 0x82},
    {"MQTT-2.2.1-4", BYTES_LITERAL("\x20\x03\x00\x00\x00\x34\x06\x00\x01t\x00\x07\x00"),
     BYTES_LITERAL("\x34\x06\x00\x01t\x00\x07\x00"), false, 0},
    {"MQTT-2.2.1-5", OPENED, BYTES_LITERAL("\x40\x02\x00\x09"), false, 0},
    {"MQTT-2.2.1-6", OPENED, BYTES_LITERAL("\x90\x04\x00\x09\x00\x00"), false, 0},
    {"MQTT-3.12.4-1", OPENED, BYTES_LITERAL("\xd0\x00"), false, 0},
};

static void receive(struct script *script, struct bytes bytes) {
    mqtt_client_receive(script->client, bytes, script->now);
}

static struct mqtt_client_config wary_config(void) {
    struct mqtt_client_config config = script_config();
    config.properties.present = MQTT_HAS(MQTT_REQUEST_PROBLEM_INFORMATION); // 0: none is wanted
    return config;
}

static void check_fault(const struct fault *fault) {
    struct mqtt_client_config config = wary_config();
    struct script *script = script_open(&config);
    mqtt_client_connect(script->client, script->now);
    (void)script_connect(script);
    receive(script, fault->first);
    script_settle(script);
    script->taken = script->said_bytes;
    script_forget_told(script);
    receive(script, fault->second);
    const struct script_told *told = script_expect_told(script, MQTT_CLIENT_EVENT_VIOLATION);
    assert_non_null(told->why);
    assert_string_equal(told->statement, fault->statement);
    assert_int_equal(told->is_fatal, fault->is_fatal);
    if (fault->goodbye != 0) {
        assert_int_equal(script_expect(script, MQTT_DISCONNECT)->reason, fault->goodbye);
    }
    if (fault->is_fatal) {
        told = script_expect_told(script, MQTT_CLIENT_EVENT_ENDED);
        assert_int_equal(told->cause, MQTT_CLIENT_CAUSE_VIOLATION);
        script_expect_closing(script);
    }
    script_close(script);
}

static void what_a_broker_does_wrong_is_told_with_its_statement(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        check_fault(&faults[i]);
    }
}

static void an_answer_of_the_wrong_kind_ends_the_connection(void **state) {
    (void)state;
    struct script *script = script_open(NULL);
    script_open_connection(script, false, NULL);
    script_publish(script, "a", "1", 2, 1);
    uint16_t packet_id = script_expect(script, MQTT_PUBLISH)->publish.packet_id;
    script_send_short(script, MQTT_PUBACK, packet_id, 0);
    const struct script_told *told = script_expect_told(script, MQTT_CLIENT_EVENT_VIOLATION);
    assert_string_equal(told->statement, "MQTT-3.3.4-1");
    assert_int_equal(script_expect(script, MQTT_DISCONNECT)->reason, MQTT_PROTOCOL_ERROR);
    script_close(script);
}

// Without a session, ours or an adopted one [MQTT-3.2.2-4].
static void a_session_that_nobody_had_is_not_taken(void **state) {
    (void)state;
    struct mqtt_client_config config = script_config();
    config.clean_start = false;
    for (unsigned adopts = 0; adopts < 2; adopts++) {
        config.adopts_session = adopts == 1;
        struct script *script = script_open(&config);
        mqtt_client_connect(script->client, script->now);
        (void)script_connect(script);
        receive(script, BYTES_LITERAL("\x20\x03\x01\x00\x00"));
        if (adopts == 0) {
            const struct script_told *told =
                script_expect_told(script, MQTT_CLIENT_EVENT_VIOLATION);
            assert_string_equal(told->statement, "MQTT-3.2.2-4");
        } else {
            (void)script_expect_told(script, MQTT_CLIENT_EVENT_CONNECTED);
        }
        script_close(script);
    }
}

// More QoS 2 messages under way than were allowed; those of before the connection do not count.
static void more_messages_than_the_receive_maximum_end_the_connection(void **state) {
    (void)state;
    struct mqtt_client_config config = script_config();
    config.properties.present = MQTT_HAS(MQTT_SESSION_EXPIRY);
    config.properties.session_expiry = 100;
    config.limits.receive_maximum = 2;
    struct script *script = script_open(&config);
    script_open_connection(script, false, NULL);
    script_send_publish(script, "t", "1", 2, 1);
    script_send_publish(script, "t", "2", 2, 2);
    script_cut(script);
    script_forget_told(script);
    script_open_connection(script, true, NULL);
    script_send_publish(script, "t", "3", 2, 3);
    script_send_publish(script, "t", "4", 2, 4);
    (void)script_expect_told(script, MQTT_CLIENT_EVENT_MESSAGE);
    (void)script_expect_told(script, MQTT_CLIENT_EVENT_MESSAGE);
    script_send_publish(script, "t", "5", 2, 5);
    const struct script_told *told = script_expect_told(script, MQTT_CLIENT_EVENT_VIOLATION);
    assert_string_equal(told->statement, "MQTT-3.3.4-9");
    script_close(script);
}

static void codes_that_do_not_fit_their_request_end_the_connection(void **state) {
    (void)state;
    struct script *script = script_open(NULL);
    script_open_connection(script, false, NULL);
    mqtt_client_subscribe(script->client,
                          &(struct mqtt_client_subscription){.filter = BYTES_LITERAL("a")},
                          script->now);
    uint16_t packet_id = script_expect(script, MQTT_SUBSCRIBE)->packet_id;
    script_send(script, &(struct mqtt_packet){.type = MQTT_SUBACK,
                                              .packet_id = packet_id,
                                              .codes = BYTES_LITERAL("\x00\x00")});
    const struct script_told *told = script_expect_told(script, MQTT_CLIENT_EVENT_VIOLATION);
    assert_string_equal(told->statement, "MQTT-3.8.4-6");
    script_close(script);
}

// It accepts without a proof that it knows the password.
static void a_broker_that_proves_nothing_is_left(void **state) {
    (void)state;
    struct mqtt_client_config config = script_config();
    config.uses_scram = config.has_user_name = config.has_password = true;
    config.user_name = BYTES_LITERAL("ada");
    config.password = BYTES_LITERAL("pencil");
    struct script *script = script_open(&config);
    mqtt_client_connect(script->client, script->now);
    const struct mqtt_packet *packet = script_connect(script);
    assert_false(packet->connect.has_password || packet->connect.has_user_name);
    assert_bytes_equal(packet->properties.authentication_method, BYTES_LITERAL("SCRAM-SHA-256"));
    receive(script, OPENED);
    assert_int_equal(script_expect_told(script, MQTT_CLIENT_EVENT_ENDED)->cause,
                     MQTT_CLIENT_CAUSE_UNPROVEN);
    script_close(script);
}

static void a_password_that_was_sent_is_wiped(void **state) {
    (void)state;
    struct mqtt_client_config config = script_config();
    config.has_user_name = config.has_password = true;
    config.user_name = BYTES_LITERAL("ada");
    config.password = BYTES_LITERAL("pencil");
    struct script *script = script_open(&config);
    script->takes_nothing = true;
    mqtt_client_connect(script->client, script->now);
    script->is_ready = false; // it wants a stream
    mqtt_client_opened(script->client, script->now);
    struct bytes output = mqtt_client_output(script->client);
    assert_non_null(memmem(output.data, output.size, "pencil", 6));
    mqtt_client_sent(script->client, output.size - 1, script->now); // its room is still there
    assert_null(memmem(output.data, output.size, "encil", 5));
    script->is_ready = false;
    mqtt_client_closed(script->client, NULL, script->now);
    script_close(script);
}

static void old_versions_have_statements_of_their_own(void **state) {
    (void)state;
    struct mqtt_client_config config = script_config();
    config.version = MQTT_3_1_1;
    struct script *script = script_open(&config);
    script_open_connection(script, false, NULL);
    script_send_short(script, MQTT_PUBACK, 9, 0);
    assert_string_equal(script_expect_told(script, MQTT_CLIENT_EVENT_VIOLATION)->statement,
                        "MQTT3-2.3.1-6");
    receive(script, BYTES_LITERAL("\x20\x02\x00\x00"));
    assert_string_equal(script_expect_told(script, MQTT_CLIENT_EVENT_VIOLATION)->statement,
                        "MQTT3-4.8.0-1");
    script_expect_nothing(script); // there is no DISCONNECT that says why
    script_close(script);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_broker_does_wrong_is_told_with_its_statement),
        cmocka_unit_test(an_answer_of_the_wrong_kind_ends_the_connection),
        cmocka_unit_test(a_session_that_nobody_had_is_not_taken),
        cmocka_unit_test(more_messages_than_the_receive_maximum_end_the_connection),
        cmocka_unit_test(codes_that_do_not_fit_their_request_end_the_connection),
        cmocka_unit_test(a_broker_that_proves_nothing_is_left),
        cmocka_unit_test(a_password_that_was_sent_is_wiped),
        cmocka_unit_test(old_versions_have_statements_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
