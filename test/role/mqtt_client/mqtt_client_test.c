// The client against a broker that the test plays: what it says, what it keeps, how it ends.
#include "role/mqtt_client/script.h"

#define OPEN(script) script_open_connection(script, false, NULL)

// ---- opening ----------------------------------------------------------------------------------

static void connect_carries_what_was_configured(void **state) {
    (void)state;
    struct mqtt_client_config config = script_config();
    config.has_user_name = config.has_password = true;
    config.user_name = BYTES_LITERAL("ada");
    config.password = BYTES_LITERAL("secret");
    config.properties.present = MQTT_HAS(MQTT_SESSION_EXPIRY);
    config.properties.session_expiry = 60;
    config.will = (struct mqtt_client_will){
        .topic = BYTES_LITERAL("gone"), .payload = BYTES_LITERAL("c"), .qos = 1, .retain = true};
    config.will.properties.present = MQTT_HAS(MQTT_WILL_DELAY);
    config.will.properties.will_delay = 9;
    struct script *script = script_open(&config);
    assert_int_equal(mqtt_client_connect(script->client, script->now), MQTT_CLIENT_OK);
    const struct mqtt_packet *packet = script_connect(script);
    assert_true(packet->connect.clean_start);
    assert_int_equal(packet->connect.keep_alive, 60);
    assert_bytes_equal(packet->connect.client_id, BYTES_LITERAL("c"));
    assert_bytes_equal(packet->connect.user_name, BYTES_LITERAL("ada"));
    assert_bytes_equal(packet->connect.password, BYTES_LITERAL("secret"));
    assert_bytes_equal(packet->connect.will_topic, BYTES_LITERAL("gone"));
    assert_int_equal(packet->connect.will_qos, 1);
    assert_true(packet->connect.will_retain);
    assert_int_equal(packet->connect.will_properties.will_delay, 9);
    assert_int_equal(packet->properties.session_expiry, 60);
    assert_int_equal(packet->properties.receive_maximum, 10);
    assert_int_equal(packet->properties.maximum_packet_size, 100000);
    assert_int_equal(packet->properties.topic_alias_maximum, 4);
    script_close(script);
}

static void what_makes_no_sense_is_named(void **state) {
    (void)state;
    struct mqtt_client_config config = script_config();
    assert_null(mqtt_client_config_check(&config, BYTES_LITERAL("c")));
    config.version = MQTT_3_1;
    assert_non_null(mqtt_client_config_check(&config, BYTES_LITERAL("")));
    assert_non_null(mqtt_client_config_check(&config, BYTES_LITERAL("123456789012345678901234")));
    config.version = MQTT_3_1_1;
    config.has_password = true;
    assert_non_null(mqtt_client_config_check(&config, BYTES_LITERAL("c")));
    config.has_password = false;
    config.clean_start = false;
    assert_non_null(mqtt_client_config_check(&config, BYTES_LITERAL("")));
    config.will.topic = BYTES_LITERAL("a/#");
    assert_non_null(mqtt_client_config_check(&config, BYTES_LITERAL("c")));
}

// [MQTT-3.2.2-16, MQTT-3.1.3-7]
static void an_assigned_identifier_counts_from_then_on(void **state) {
    (void)state;
    struct script *script = script_open(NULL);
    mqtt_client_destroy(script->client);
    script->client =
        mqtt_client_create(&script->config, &script->port, BYTES_LITERAL(""), 1, script);
    struct mqtt_properties given = {.present = MQTT_HAS(MQTT_ASSIGNED_CLIENT_IDENTIFIER),
                                    .assigned_client_identifier = BYTES_LITERAL("auto-7")};
    script_open_connection(script, false, &given);
    mqtt_client_drop(script->client, script->now);
    script_expect_closing(script);
    mqtt_client_connect(script->client, script->now);
    assert_bytes_equal(script_connect(script)->connect.client_id, BYTES_LITERAL("auto-7"));
    script_close(script);
}

static void a_refusal_is_told_and_not_tried_again_where_that_is_of_no_use(void **state) {
    (void)state;
    struct mqtt_client_config config = script_config();
    config.retry = (struct mqtt_client_retry){
        .kind = MQTT_CLIENT_RETRY_FIXED, .first = ROLE_SECOND, .most = ROLE_SECOND};
    struct script *script = script_open(&config);
    static const struct {
        uint8_t reason;
        bool is_tried;
    } rows[] = {{MQTT_SERVER_BUSY, true}, {MQTT_BAD_USER_NAME_OR_PASSWORD, false}};
    for (unsigned i = 0; i < 2; i++) {
        if (i == 0) {
            mqtt_client_connect(script->client, script->now);
        } else {
            script_wait(script, ROLE_SECOND);
        }
        (void)script_connect(script);
        script_send(script, &(struct mqtt_packet){.type = MQTT_CONNACK, .reason = rows[i].reason});
        const struct script_told *told = script_expect_told(script, MQTT_CLIENT_EVENT_ENDED);
        assert_int_equal(told->cause, MQTT_CLIENT_CAUSE_REFUSED);
        assert_int_equal(told->reason, rows[i].reason);
        assert_int_equal(told->retry_at != ROLE_NEVER, rows[i].is_tried);
        script_expect_closing(script);
    }
    assert_int_equal(mqtt_client_deadline(script->client), ROLE_NEVER);
    script_close(script);
}

static void return_codes_of_old_versions_become_reasons(void **state) {
    (void)state;
    struct mqtt_client_config config = script_config();
    config.version = MQTT_3_1_1;
    struct script *script = script_open(&config);
    mqtt_client_connect(script->client, script->now);
    (void)script_connect(script);
    script_send(script, &(struct mqtt_packet){.type = MQTT_CONNACK, .reason = 4});
    assert_int_equal(script_expect_told(script, MQTT_CLIENT_EVENT_ENDED)->reason,
                     MQTT_BAD_USER_NAME_OR_PASSWORD);
    script_expect_closing(script);
    script_close(script);
}

static void a_broker_that_does_not_answer_is_given_up(void **state) {
    (void)state;
    struct script *script = script_open(NULL);
    mqtt_client_connect(script->client, script->now);
    (void)script_connect(script);
    script_wait(script, 9 * ROLE_SECOND);
    script_expect_untold(script);
    script_wait(script, ROLE_SECOND);
    assert_int_equal(script_expect_told(script, MQTT_CLIENT_EVENT_ENDED)->cause,
                     MQTT_CLIENT_CAUSE_SILENT);
    script_expect_closing(script);
    script_close(script);
}

// ---- keep alive -------------------------------------------------------------------------------

// [MQTT-3.1.2-20, MQTT-3.1.2-21, MQTT-3.2.2-21]
static void a_silent_client_pings_within_the_keep_alive_of_the_server(void **state) {
    (void)state;
    struct script *script = script_open(NULL);
    struct mqtt_properties given = {.present = MQTT_HAS(MQTT_SERVER_KEEP_ALIVE),
                                    .server_keep_alive = 10};
    script_open_connection(script, false, &given);
    script_wait(script, 7 * ROLE_SECOND);
    script_expect_nothing(script);
    script_wait(script, 2 * ROLE_SECOND);
    (void)script_expect(script, MQTT_PINGREQ);
    script_wait(script, ROLE_SECOND / 2);
    script_send(script, &(struct mqtt_packet){.type = MQTT_PINGRESP});
    const struct script_told *told = script_expect_told(script, MQTT_CLIENT_EVENT_PONG);
    assert_in_range(told->took, ROLE_SECOND, 2 * ROLE_SECOND);
    script_close(script);
}

static void a_broker_that_does_not_answer_a_ping_is_given_up(void **state) {
    (void)state;
    struct script *script = script_open(NULL);
    OPEN(script);
    script_wait(script, 48 * ROLE_SECOND);
    (void)script_expect(script, MQTT_PINGREQ);
    script_wait(script, 5 * ROLE_SECOND);
    const struct script_told *told = script_expect_told(script, MQTT_CLIENT_EVENT_ENDED);
    assert_int_equal(told->cause, MQTT_CLIENT_CAUSE_SILENT);
    assert_true(told->was_open);
    script_expect_closing(script);
    script_close(script);
}

// A half-open connection: what we say goes nowhere, and nothing comes.
static void one_who_only_publishes_pings_a_broker_that_is_silent(void **state) {
    (void)state;
    struct script *script = script_open(NULL);
    OPEN(script);
    for (unsigned i = 0; i < 50; i++) {
        assert_int_equal(script_publish(script, "t", "1", 0, 0), MQTT_CLIENT_OK);
        script_wait(script, ROLE_SECOND);
        if (i < 47) {
            (void)script_expect(script, MQTT_PUBLISH);
        }
    }
    (void)script_expect(script, MQTT_PUBLISH);
    (void)script_expect(script, MQTT_PINGREQ);
    script_close(script);
}

// ---- publishing -------------------------------------------------------------------------------

static void messages_of_each_qos_go_their_way(void **state) {
    (void)state;
    struct script *script = script_open(NULL);
    OPEN(script);
    assert_int_equal(script_publish(script, "a", "0", 0, 10), MQTT_CLIENT_OK);
    assert_int_equal(script_expect(script, MQTT_PUBLISH)->publish.qos, 0);
    assert_int_equal(script_publish(script, "a", "1", 1, 11), MQTT_CLIENT_OK);
    const struct mqtt_packet *packet = script_expect(script, MQTT_PUBLISH);
    assert_false(packet->publish.dup);
    script_send_short(script, MQTT_PUBACK, packet->publish.packet_id, MQTT_NO_MATCHING_SUBSCRIBERS);
    const struct script_told *told = script_expect_told(script, MQTT_CLIENT_EVENT_PUBLISHED);
    assert_int_equal(told->token, 11);
    assert_int_equal(told->reason, MQTT_NO_MATCHING_SUBSCRIBERS);
    assert_int_equal(script_publish(script, "a", "2", 2, 12), MQTT_CLIENT_OK);
    uint16_t packet_id = script_expect(script, MQTT_PUBLISH)->publish.packet_id;
    script_send_short(script, MQTT_PUBREC, packet_id, 0);
    assert_int_equal(script_expect(script, MQTT_PUBREL)->packet_id, packet_id);
    script_expect_untold(script);
    script_send_short(script, MQTT_PUBCOMP, packet_id, 0);
    told = script_expect_told(script, MQTT_CLIENT_EVENT_PUBLISHED);
    assert_int_equal(told->token, 12);
    assert_string_equal(told->text, "a");
    assert_int_equal(mqtt_client_view(script->client).in_flight, 0);
    script_close(script);
}

// [MQTT-4.4.0-2]
static void a_message_that_the_broker_refuses_is_over(void **state) {
    (void)state;
    struct script *script = script_open(NULL);
    OPEN(script);
    for (uint8_t qos = 1; qos <= 2; qos++) {
        script_publish(script, "a", "1", qos, qos);
        uint16_t packet_id = script_expect(script, MQTT_PUBLISH)->publish.packet_id;
        script_send_short(script, qos == 1 ? MQTT_PUBACK : MQTT_PUBREC, packet_id,
                          MQTT_NOT_AUTHORIZED);
        const struct script_told *told =
            script_expect_told(script, MQTT_CLIENT_EVENT_NOT_PUBLISHED);
        assert_int_equal(told->reason, MQTT_NOT_AUTHORIZED);
        assert_int_equal(told->token, qos);
    }
    script_expect_nothing(script);
    script_close(script);
}

// [MQTT-3.3.4-7, MQTT-3.3.4-8, MQTT-4.9.0-1, MQTT-4.9.0-2, MQTT-4.9.0-3]
static void the_brokers_receive_maximum_holds_messages_back(void **state) {
    (void)state;
    struct script *script = script_open(NULL);
    struct mqtt_properties given = {.present = MQTT_HAS(MQTT_RECEIVE_MAXIMUM),
                                    .receive_maximum = 2};
    script_open_connection(script, false, &given);
    for (unsigned i = 0; i < 4; i++) {
        script_publish(script, "a", "1", 2, i);
    }
    uint16_t first = script_expect(script, MQTT_PUBLISH)->publish.packet_id;
    uint16_t second = script_expect(script, MQTT_PUBLISH)->publish.packet_id;
    script_expect_nothing(script);
    assert_int_equal(mqtt_client_view(script->client).waiting, 2);
    script_send_short(script, MQTT_PUBREC, first, 0);
    (void)script_expect(script, MQTT_PUBREL);
    script_expect_nothing(script);
    script_send_short(script, MQTT_PUBREC, second, MQTT_QUOTA_EXCEEDED);
    (void)script_expect(script, MQTT_PUBLISH);
    script_expect_nothing(script);
    script_send_publish(script, "t", "in", 1, 7);
    (void)script_expect(script, MQTT_PUBACK);
    script_send_short(script, MQTT_PUBCOMP, first, 0);
    (void)script_expect(script, MQTT_PUBLISH);
    script_expect_nothing(script);
    script_close(script);
}

// [MQTT-3.2.2-11, MQTT-3.2.2-14, MQTT-3.2.2-15]
static void what_the_broker_does_not_take_is_refused_at_once(void **state) {
    (void)state;
    struct script *script = script_open(NULL);
    struct mqtt_properties given = {.present = MQTT_HAS(MQTT_MAXIMUM_QOS) |
                                               MQTT_HAS(MQTT_RETAIN_AVAILABLE) |
                                               MQTT_HAS(MQTT_MAXIMUM_PACKET_SIZE),
                                    .maximum_qos = 1,
                                    .maximum_packet_size = 30};
    // Published before anybody knows of it.
    script_publish(script, "early", "2", 2, 5);
    script_open_connection(script, false, &given);
    const struct script_told *told = script_expect_told(script, MQTT_CLIENT_EVENT_NOT_PUBLISHED);
    assert_int_equal(told->reason, MQTT_QOS_NOT_SUPPORTED);
    assert_int_equal(told->token, 5);
    assert_int_equal(script_publish(script, "a", "2", 2, 0), MQTT_CLIENT_QOS_TOO_HIGH);
    assert_int_equal(script_publish(script, "a", "123456789012345678901234567", 1, 0),
                     MQTT_CLIENT_TOO_LARGE);
    struct mqtt_client_message retained = {.topic = BYTES_LITERAL("a"), .retain = true};
    assert_int_equal(mqtt_client_publish(script->client, &retained, script->now),
                     MQTT_CLIENT_NO_RETAINING);
    script_expect_nothing(script);
    script_close(script);
}

static void what_is_no_message_is_refused(void **state) {
    (void)state;
    struct script *script = script_open(NULL);
    assert_int_equal(script_publish(script, "a/#", "1", 1, 0), MQTT_CLIENT_WRONG_TOPIC);
    assert_int_equal(script_publish(script, "", "1", 1, 0), MQTT_CLIENT_WRONG_TOPIC);
    assert_int_equal(script_publish(script, "a", "1", 0, 0), MQTT_CLIENT_NOT_CONNECTED);
    struct mqtt_properties properties = {.present = MQTT_HAS(MQTT_TOPIC_ALIAS), .topic_alias = 1};
    struct mqtt_client_message message = {
        .topic = BYTES_LITERAL("a"), .qos = 1, .properties = &properties};
    assert_int_equal(mqtt_client_publish(script->client, &message, script->now),
                     MQTT_CLIENT_WRONG_PROPERTY);
    properties.present = MQTT_HAS(MQTT_SESSION_EXPIRY);
    assert_int_equal(mqtt_client_publish(script->client, &message, script->now),
                     MQTT_CLIENT_WRONG_PROPERTY);
    script_close(script);
}

static void messages_that_wait_are_bounded_in_number_and_bytes(void **state) {
    (void)state;
    struct mqtt_client_config config = script_config();
    config.limits.messages = 3;
    config.limits.message_bytes = 200;
    struct script *script = script_open(&config);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(script_publish(script, "a", "1", 1, i), MQTT_CLIENT_OK);
    }
    assert_int_equal(script_publish(script, "a", "1", 1, 3), MQTT_CLIENT_QUEUE_FULL);
    OPEN(script);
    for (unsigned i = 0; i < 3; i++) {
        uint16_t packet_id = script_expect(script, MQTT_PUBLISH)->publish.packet_id;
        script_send_short(script, MQTT_PUBACK, packet_id, 0);
    }
    struct mqtt_client_message large = {
        .topic = BYTES_LITERAL("a"), .payload = bytes_make(script->told, 180), .qos = 1};
    assert_int_equal(mqtt_client_publish(script->client, &large, script->now),
                     MQTT_CLIENT_OVER_LIMIT);
    large.payload.size = 170;
    assert_int_equal(mqtt_client_publish(script->client, &large, script->now), MQTT_CLIENT_OK);
    assert_int_equal(mqtt_client_publish(script->client, &large, script->now),
                     MQTT_CLIENT_QUEUE_FULL);
    script_close(script);
}

static void a_stream_that_takes_nothing_fills_up_to_its_limit(void **state) {
    (void)state;
    struct mqtt_client_config config = script_config();
    config.limits.output_bytes = 100;
    struct script *script = script_open(&config);
    OPEN(script);
    script->takes_nothing = true;
    while (script_publish(script, "a", "0123456789", 0, 0) == MQTT_CLIENT_OK) {
    }
    assert_int_equal(script_publish(script, "a", "0123456789", 0, 0), MQTT_CLIENT_STREAM_FULL);
    assert_in_range(mqtt_client_output(script->client).size, 100, 120);
    script->is_ready = false;
    assert_int_equal(script_publish(script, "a", "waits", 1, 0), MQTT_CLIENT_OK);
    assert_int_equal(mqtt_client_view(script->client).waiting, 1);
    assert_true(mqtt_client_takes_input(script->client));
    for (unsigned i = 0; mqtt_client_takes_input(script->client); i++) {
        assert_true(i < 100000);
        script_send_publish(script, "t", "1", 1, (uint16_t)(i % 100 + 1));
        script_forget_told(script);
        script->told_count = script->told_taken = 0;
    }
    script->takes_nothing = false;
    script_settle(script);
    assert_true(mqtt_client_takes_input(script->client));
    assert_int_equal(mqtt_client_view(script->client).waiting, 0);
    script_close(script);
}

// ---- topic aliases ----------------------------------------------------------------------------

// [MQTT-3.2.2-17, MQTT-3.2.2-18, MQTT-3.3.2-7, MQTT-3.3.2-9]
static void topics_that_come_again_have_an_alias(void **state) {
    (void)state;
    struct script *script = script_open(NULL);
    struct mqtt_properties given = {.present = MQTT_HAS(MQTT_TOPIC_ALIAS_MAXIMUM),
                                    .topic_alias_maximum = 1};
    for (unsigned round = 0; round < 2; round++) {
        script_open_connection(script, false, &given);
        script_publish(script, "room/temp", "1", 0, 0);
        const struct mqtt_packet *packet = script_expect(script, MQTT_PUBLISH);
        assert_int_equal(packet->properties.topic_alias, 1);
        assert_int_equal(packet->publish.topic.size, 9);
        script_publish(script, "room/temp", "2", 0, 0);
        packet = script_expect(script, MQTT_PUBLISH);
        assert_int_equal(packet->properties.topic_alias, 1);
        assert_int_equal(packet->publish.topic.size, 0);
        script_publish(script, "other", "2", 0, 0);
        packet = script_expect(script, MQTT_PUBLISH);
        assert_int_equal(packet->properties.topic_alias, 0);
        script_cut(script);
        (void)script_expect_told(script, MQTT_CLIENT_EVENT_ENDED);
        mqtt_client_connect(script->client, script->now);
    }
    script_close(script);
}

static void send_alias(struct script *script, const char *topic, uint16_t alias) {
    script_send(script, &(struct mqtt_packet){.type = MQTT_PUBLISH,
                                              .publish = {.topic = bytes_of_text(topic)},
                                              .properties = {.present = MQTT_HAS(MQTT_TOPIC_ALIAS),
                                                             .topic_alias = alias}});
}

// [MQTT-3.3.2-10]
static void aliases_of_the_broker_stand_for_their_topics(void **state) {
    (void)state;
    struct script *script = script_open(NULL);
    OPEN(script);
    send_alias(script, "a", 4);
    send_alias(script, "b", 2);
    send_alias(script, "", 4);
    send_alias(script, "longer", 4);
    send_alias(script, "", 4);
    static const char *const expected[] = {"a", "b", "a", "longer", "longer"};
    for (unsigned i = 0; i < 5; i++) {
        assert_string_equal(script_expect_told(script, MQTT_CLIENT_EVENT_MESSAGE)->text,
                            expected[i]);
    }
    script_close(script);
}

// ---- receiving --------------------------------------------------------------------------------

// [MQTT-4.3.2-4, MQTT-4.3.3-8, MQTT-4.3.3-10, MQTT-4.3.3-11, MQTT-4.6.0-2, MQTT-4.6.0-3]
static void messages_are_answered_and_told_once_where_they_have_to(void **state) {
    (void)state;
    struct script *script = script_open(NULL);
    OPEN(script);
    script_send_publish(script, "t", "0", 0, 0);
    script_expect_nothing(script);
    script_send_publish(script, "t", "1", 1, 5);
    assert_int_equal(script_expect(script, MQTT_PUBACK)->packet_id, 5);
    script_send_publish(script, "t", "2", 2, 6);
    assert_int_equal(script_expect(script, MQTT_PUBREC)->packet_id, 6);
    script_send_short(script, MQTT_PUBREL, 6, 0);
    assert_int_equal(script_expect(script, MQTT_PUBCOMP)->reason, MQTT_SUCCESS);
    script_send_short(script, MQTT_PUBREL, 6, 0);
    assert_int_equal(script_expect(script, MQTT_PUBCOMP)->reason, MQTT_PACKET_IDENTIFIER_NOT_FOUND);
    static const char *const expected[] = {"0", "1", "2"};
    for (uint8_t i = 0; i < 3; i++) {
        const struct script_told *told = script_expect_told(script, MQTT_CLIENT_EVENT_MESSAGE);
        assert_string_equal(told->value, expected[i]);
        assert_int_equal(told->qos, i);
    }
    script_expect_untold(script);
    script_close(script);
}

static void packets_may_be_split_anywhere(void **state) {
    (void)state;
    struct script *script = script_open(NULL);
    OPEN(script);
    uint8_t bytes[200];
    size_t size = 0;
    for (unsigned i = 0; i < 5; i++) {
        struct mqtt_packet packet = {
            .type = MQTT_PUBLISH,
            .publish = {.topic = BYTES_LITERAL("t"), .payload = BYTES_LITERAL("0123456789")}};
        size = (size_t)(mqtt_encode(&packet, MQTT_5, bytes + size) - bytes);
    }
    for (size_t part = 1; part < size; part++) {
        for (size_t at = 0; at < size; at += part) {
            size_t count = part < size - at ? part : size - at;
            mqtt_client_receive(script->client, bytes_make(bytes + at, count), script->now);
        }
        for (unsigned i = 0; i < 5; i++) {
            assert_string_equal(script_expect_told(script, MQTT_CLIENT_EVENT_MESSAGE)->value,
                                "0123456789");
        }
    }
    script_close(script);
}

// ---- sessions ---------------------------------------------------------------------------------

// [MQTT-4.4.0-1, MQTT-3.3.1-1, MQTT-4.3.3-6, MQTT-4.6.0-1, MQTT-4.6.0-4]
static void what_is_under_way_goes_on_at_the_next_connection(void **state) {
    (void)state;
    static const enum mqtt_version versions[] = {MQTT_3_1_1, MQTT_5};
    for (unsigned i = 0; i < 2; i++) {
        struct mqtt_client_config config = script_lasting_config(versions[i]);
        struct script *script = script_open(&config);
        OPEN(script);
        uint16_t ids[4];
        static const uint8_t qos[] = {1, 2, 2, 1};
        for (unsigned k = 0; k < 4; k++) {
            script_publish(script, "a", "1", qos[k], k);
            ids[k] = script_expect(script, MQTT_PUBLISH)->publish.packet_id;
        }
        script_send_short(script, MQTT_PUBREC, ids[2], 0);
        script_send_publish(script, "t", "2", 2, 9);
        script_cut(script);
        script_publish(script, "a", "later", 1, 4);
        script_forget_told(script);
        assert_int_equal(mqtt_client_connect(script->client, script->now), MQTT_CLIENT_OK);
        script_open_connection(script, true, NULL);
        assert_int_equal(script_expect(script, MQTT_PUBREL)->packet_id, ids[2]);
        static const unsigned again[] = {0, 1, 3};
        for (unsigned k = 0; k < 3; k++) {
            const struct mqtt_packet *packet = script_expect(script, MQTT_PUBLISH);
            assert_int_equal(packet->publish.packet_id, ids[again[k]]);
            assert_true(packet->publish.dup);
        }
        assert_false(script_expect(script, MQTT_PUBLISH)->publish.dup);
        // The broker's own message comes again, and is not told again.
        script_send(script, &(struct mqtt_packet){.type = MQTT_PUBLISH,
                                                  .publish = {.topic = BYTES_LITERAL("t"),
                                                              .payload = BYTES_LITERAL("2"),
                                                              .packet_id = 9,
                                                              .qos = 2,
                                                              .dup = true}});
        (void)script_expect(script, MQTT_PUBREC);
        script_expect_untold(script);
        script_close(script);
    }
}

// [MQTT-3.2.2-5]
static void a_session_that_the_broker_lost_begins_anew(void **state) {
    (void)state;
    struct mqtt_client_config config = script_lasting_config(MQTT_5);
    struct script *script = script_open(&config);
    OPEN(script);
    script_publish(script, "a", "one", 1, 1);
    script_publish(script, "a", "two", 2, 2);
    script_publish(script, "a", "has", 2, 3);
    (void)script_expect(script, MQTT_PUBLISH);
    (void)script_expect(script, MQTT_PUBLISH);
    script_send_short(script, MQTT_PUBREC, script_expect(script, MQTT_PUBLISH)->publish.packet_id,
                      0);
    script_send_publish(script, "t", "2", 2, 9);
    script_cut(script);
    script_forget_told(script);
    OPEN(script);
    (void)script_expect_told(script, MQTT_CLIENT_EVENT_SESSION_LOST);
    assert_int_equal(script_expect_told(script, MQTT_CLIENT_EVENT_NOT_PUBLISHED)->token, 2);
    assert_int_equal(script_expect_told(script, MQTT_CLIENT_EVENT_PUBLISHED)->token, 3);
    const struct mqtt_packet *packet = script_expect(script, MQTT_PUBLISH);
    assert_bytes_equal(packet->publish.payload, BYTES_LITERAL("one"));
    assert_false(packet->publish.dup);
    script_expect_nothing(script);
    // The identifier is free: this is a new message.
    script_send_publish(script, "t", "new", 2, 9);
    assert_string_equal(script_expect_told(script, MQTT_CLIENT_EVENT_MESSAGE)->value, "new");
    script_close(script);
}

static void a_second_connection_does_not_ask_for_a_clean_start(void **state) {
    (void)state;
    struct mqtt_client_config config = script_lasting_config(MQTT_5);
    struct script *script = script_open(&config);
    mqtt_client_connect(script->client, script->now);
    assert_true(script_connect(script)->connect.clean_start);
    script_send(script, &(struct mqtt_packet){.type = MQTT_CONNACK});
    script_cut(script);
    mqtt_client_connect(script->client, script->now);
    assert_false(script_connect(script)->connect.clean_start);
    script_close(script);
}

static void a_farewell_may_end_the_session_or_ask_for_the_will(void **state) {
    (void)state;
    struct mqtt_client_config config = script_lasting_config(MQTT_5);
    struct script *script = script_open(&config);
    OPEN(script);
    assert_true(mqtt_client_view(script->client).has_session);
    mqtt_client_disconnect(script->client,
                           &(struct mqtt_client_farewell){.wants_will = true, .has_expiry = true},
                           script->now);
    const struct mqtt_packet *packet = script_expect(script, MQTT_DISCONNECT);
    assert_int_equal(packet->reason, MQTT_DISCONNECT_WITH_WILL);
    assert_true(mqtt_properties_have(&packet->properties, MQTT_SESSION_EXPIRY));
    assert_false(mqtt_client_view(script->client).has_session);
    assert_int_equal(script_expect_told(script, MQTT_CLIENT_EVENT_ENDED)->cause,
                     MQTT_CLIENT_CAUSE_ASKED);
    script_expect_closing(script);
    assert_int_equal(mqtt_client_view(script->client).state, MQTT_CLIENT_OFF);
    script_close(script);
}

static void a_session_that_ends_with_the_connection_cannot_be_kept_after_all(void **state) {
    (void)state;
    struct script *script = script_open(NULL);
    OPEN(script);
    mqtt_client_disconnect(script->client,
                           &(struct mqtt_client_farewell){.has_expiry = true, .expiry = 60},
                           script->now);
    assert_int_equal(script_expect(script, MQTT_DISCONNECT)->properties.present, 0);
    assert_false(mqtt_client_view(script->client).has_session);
    script_close(script);
}

// One message is never acknowledged while the identifiers go round.
static void identifiers_go_round_and_never_overtake_one_in_use(void **state) {
    (void)state;
    struct mqtt_client_config config = script_config();
    config.limits.messages = 70000;
    struct script *script = script_open(&config);
    OPEN(script);
    script_publish(script, "a", "stuck", 1, 0);
    uint16_t stuck = script_expect(script, MQTT_PUBLISH)->publish.packet_id;
    assert_int_equal(mqtt_client_deadline(script->client) > script->now, 1);
    for (unsigned i = 0; i < MQTT_CLIENT_PUBLISH_IDS - 1; i++) {
        struct mqtt_client_message message = {
            .topic = BYTES_LITERAL("a"), .qos = 1, .token = i + 1};
        assert_int_equal(mqtt_client_publish(script->client, &message, script->now),
                         MQTT_CLIENT_OK);
        struct bytes output = mqtt_client_output(script->client);
        script->is_ready = false;
        uint16_t packet_id = (uint16_t)(output.data[5] << 8 | output.data[6]);
        assert_int_not_equal(packet_id, stuck);
        mqtt_client_sent(script->client, output.size, script->now);
        uint8_t puback[] = {0x40, 2, (uint8_t)(packet_id >> 8), (uint8_t)packet_id};
        mqtt_client_receive(script->client, bytes_make(puback, 4), script->now);
        script->told_count = script->told_taken = 0;
    }
    script_publish(script, "a", "waits", 1, 0);
    script_expect_nothing(script);
    script_send_short(script, MQTT_PUBACK, stuck, 0);
    assert_int_equal(script_expect(script, MQTT_PUBLISH)->publish.packet_id, stuck);
    script_close(script);
}

// ---- ends -------------------------------------------------------------------------------------

static void a_lost_connection_is_tried_again_until_the_bound(void **state) {
    (void)state;
    struct mqtt_client_config config = script_config();
    config.retry = (struct mqtt_client_retry){.kind = MQTT_CLIENT_RETRY_EXPONENTIAL,
                                              .attempts = 2,
                                              .first = ROLE_SECOND,
                                              .most = 60 * ROLE_SECOND};
    struct script *script = script_open(&config);
    OPEN(script);
    script_wait(script, 5 * ROLE_SECOND); // it stood long enough
    mqtt_client_drop(script->client, script->now);
    script_expect_nothing(script);
    const struct script_told *told = script_expect_told(script, MQTT_CLIENT_EVENT_ENDED);
    assert_int_equal(told->cause, MQTT_CLIENT_CAUSE_DROPPED);
    assert_int_equal(told->retry_at, script->now + ROLE_SECOND);
    script_expect_closing(script);
    script_wait(script, ROLE_SECOND);
    mqtt_client_closed(script->client, "connection refused", script->now);
    told = script_expect_told(script, MQTT_CLIENT_EVENT_ENDED);
    assert_int_equal(told->cause, MQTT_CLIENT_CAUSE_UNREACHABLE);
    assert_int_equal(told->retry_at, script->now + 2 * ROLE_SECOND);
    script_wait(script, 2 * ROLE_SECOND);
    mqtt_client_closed(script->client, "connection refused", script->now);
    assert_int_equal(script_expect_told(script, MQTT_CLIENT_EVENT_ENDED)->retry_at, ROLE_NEVER);
    script_close(script);
}

// A broker that accepts and ends connections at once must not be hammered.
static void a_connection_that_does_not_last_counts_as_a_failed_attempt(void **state) {
    (void)state;
    struct mqtt_client_config config = script_config();
    config.retry = (struct mqtt_client_retry){
        .kind = MQTT_CLIENT_RETRY_EXPONENTIAL, .first = ROLE_SECOND, .most = 60 * ROLE_SECOND};
    struct script *script = script_open(&config);
    mqtt_client_connect(script->client, script->now);
    for (unsigned i = 0; i < 4; i++) {
        OPEN(script);
        script_cut(script);
        uint64_t retry_at = script_expect_told(script, MQTT_CLIENT_EVENT_ENDED)->retry_at;
        assert_int_equal(retry_at, script->now + (ROLE_SECOND << i));
        script_wait(script, ROLE_SECOND << i);
    }
    script_close(script);
}

static void a_broker_may_send_us_elsewhere(void **state) {
    (void)state;
    struct mqtt_client_config config = script_config();
    config.redirects = 1;
    struct script *script = script_open(&config);
    mqtt_client_connect(script->client, script->now);
    for (unsigned i = 0; i < 2; i++) {
        (void)script_connect(script);
        script_send(script, &(struct mqtt_packet){
                                .type = MQTT_CONNACK,
                                .reason = MQTT_USE_ANOTHER_SERVER,
                                .properties = {.present = MQTT_HAS(MQTT_SERVER_REFERENCE),
                                               .server_reference = BYTES_LITERAL("other:1884")}});
        const struct script_told *told = script_expect_told(script, MQTT_CLIENT_EVENT_REDIRECTED);
        assert_string_equal(told->text, "other:1884");
        assert_int_equal(told->is_followed, i == 0);
        (void)script_expect_told(script, MQTT_CLIENT_EVENT_ENDED);
        script_expect_closing(script);
        if (i == 0) {
            assert_bytes_equal(mqtt_client_server(script->client), BYTES_LITERAL("other:1884"));
        }
    }
    assert_int_equal(mqtt_client_view(script->client).state, MQTT_CLIENT_OFF);
    script_close(script);
}

static void a_session_that_was_taken_over_is_left_alone(void **state) {
    (void)state;
    struct mqtt_client_config config = script_config();
    config.retry = (struct mqtt_client_retry){
        .kind = MQTT_CLIENT_RETRY_FIXED, .first = ROLE_SECOND, .most = ROLE_SECOND};
    struct script *script = script_open(&config);
    OPEN(script);
    script_send(script,
                &(struct mqtt_packet){.type = MQTT_DISCONNECT, .reason = MQTT_SESSION_TAKEN_OVER});
    const struct script_told *told = script_expect_told(script, MQTT_CLIENT_EVENT_ENDED);
    assert_int_equal(told->cause, MQTT_CLIENT_CAUSE_BROKER);
    assert_int_equal(told->retry_at, ROLE_NEVER);
    script_expect_closing(script);
    script_close(script);
}

// Its CONNECT was slow: it gave up, connected anew, and then met the first one.
static void one_that_is_taken_over_by_itself_comes_back(void **state) {
    (void)state;
    struct mqtt_client_config config = script_config();
    config.retry = (struct mqtt_client_retry){
        .kind = MQTT_CLIENT_RETRY_FIXED, .first = ROLE_SECOND, .most = ROLE_SECOND};
    const struct mqtt_packet taken = {.type = MQTT_DISCONNECT, .reason = MQTT_SESSION_TAKEN_OVER};
    struct script *script = script_open(&config);
    mqtt_client_connect(script->client, script->now);
    (void)script_connect(script);
    script_wait(script, 10 * ROLE_SECOND);
    (void)script_expect_told(script, MQTT_CLIENT_EVENT_ENDED);
    assert_true(mqtt_client_aborts(script->client));
    script_expect_closing(script);
    script_wait(script, ROLE_SECOND);
    for (unsigned i = 0; i < 2; i++) {
        OPEN(script);
        script_send(script, &taken);
        uint64_t retry_at = script_expect_told(script, MQTT_CLIENT_EVENT_ENDED)->retry_at;
        assert_int_equal(retry_at, i == 0 ? script->now + ROLE_SECOND : ROLE_NEVER);
        script_expect_closing(script);
        script_wait(script, ROLE_SECOND);
    }
    script_close(script);
}

static void a_goodbye_that_the_stream_does_not_take_is_given_up(void **state) {
    (void)state;
    struct script *script = script_open(NULL);
    OPEN(script);
    script->takes_nothing = true;
    mqtt_client_disconnect(script->client, NULL, script->now);
    assert_int_equal(mqtt_client_need(script->client), MQTT_CLIENT_NEEDS_NOTHING);
    script_wait(script, 5 * ROLE_SECOND);
    assert_int_equal(mqtt_client_need(script->client), MQTT_CLIENT_NEEDS_CLOSING);
    mqtt_client_closed(script->client, NULL, script->now);
    script_close(script);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(connect_carries_what_was_configured),
        cmocka_unit_test(what_makes_no_sense_is_named),
        cmocka_unit_test(an_assigned_identifier_counts_from_then_on),
        cmocka_unit_test(a_refusal_is_told_and_not_tried_again_where_that_is_of_no_use),
        cmocka_unit_test(return_codes_of_old_versions_become_reasons),
        cmocka_unit_test(a_broker_that_does_not_answer_is_given_up),
        cmocka_unit_test(a_silent_client_pings_within_the_keep_alive_of_the_server),
        cmocka_unit_test(a_broker_that_does_not_answer_a_ping_is_given_up),
        cmocka_unit_test(one_who_only_publishes_pings_a_broker_that_is_silent),
        cmocka_unit_test(messages_of_each_qos_go_their_way),
        cmocka_unit_test(a_message_that_the_broker_refuses_is_over),
        cmocka_unit_test(the_brokers_receive_maximum_holds_messages_back),
        cmocka_unit_test(what_the_broker_does_not_take_is_refused_at_once),
        cmocka_unit_test(what_is_no_message_is_refused),
        cmocka_unit_test(messages_that_wait_are_bounded_in_number_and_bytes),
        cmocka_unit_test(a_stream_that_takes_nothing_fills_up_to_its_limit),
        cmocka_unit_test(topics_that_come_again_have_an_alias),
        cmocka_unit_test(aliases_of_the_broker_stand_for_their_topics),
        cmocka_unit_test(messages_are_answered_and_told_once_where_they_have_to),
        cmocka_unit_test(packets_may_be_split_anywhere),
        cmocka_unit_test(what_is_under_way_goes_on_at_the_next_connection),
        cmocka_unit_test(a_session_that_the_broker_lost_begins_anew),
        cmocka_unit_test(a_second_connection_does_not_ask_for_a_clean_start),
        cmocka_unit_test(a_farewell_may_end_the_session_or_ask_for_the_will),
        cmocka_unit_test(a_session_that_ends_with_the_connection_cannot_be_kept_after_all),
        cmocka_unit_test(identifiers_go_round_and_never_overtake_one_in_use),
        cmocka_unit_test(a_lost_connection_is_tried_again_until_the_bound),
        cmocka_unit_test(a_connection_that_does_not_last_counts_as_a_failed_attempt),
        cmocka_unit_test(a_broker_may_send_us_elsewhere),
        cmocka_unit_test(a_session_that_was_taken_over_is_left_alone),
        cmocka_unit_test(one_that_is_taken_over_by_itself_comes_back),
        cmocka_unit_test(a_goodbye_that_the_stream_does_not_take_is_given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
