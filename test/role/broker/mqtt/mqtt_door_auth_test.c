// Credentials: user names and passwords, and SCRAM-SHA-256 (RFC 5802, RFC 7677), with a client of
// the test's own.
#include "role/mqtt_peer.h"

static struct mqtt_packet connect_with_password(enum mqtt_version version, const char *name,
                                                const char *password) {
    struct mqtt_packet connect = mqtt_connect_packet(version, "client");
    connect.connect.has_user_name = true;
    connect.connect.user_name = bytes_of_text(name);
    connect.connect.has_password = true;
    connect.connect.password = bytes_of_text(password);
    return connect;
}

static void good_credentials_let_in(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open_guarded(NULL);
    for (enum mqtt_version version = MQTT_3_1; version <= MQTT_5; version++) {
        struct mqtt_packet connect = connect_with_password(version, "ada", "secret");
        struct mqtt_peer *peer = mqtt_peer_open_with(world, &connect);
        assert_string_equal(world->asked.user_name, "ada");
        assert_string_equal(world->asked.password, "secret");
        mqtt_peer_expect_nothing(peer);
        mqtt_world_answer(world, true);
        assert_int_equal(mqtt_peer_next(peer)->reason, MQTT_SUCCESS);
        mqtt_peer_subscribe(peer, "#", 0);
        mqtt_peer_cut(peer);
    }
    mqtt_world_close(world);
}

// [MQTT-3.1.4-2] [MQTT-3.1.4-6] [MQTT3-3.1.4-5] [MQTT3-3.2.2-5] [MQTT3-3.2.2-4] [MQTT-3.2.2-6]
// [MQTT-3.2.2-7]
static void bad_credentials_do_not_and_what_came_behind_them_is_ignored(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open_guarded(NULL);
    for (enum mqtt_version version = MQTT_3_1; version <= MQTT_5; version++) {
        struct mqtt_packet connect = connect_with_password(version, "ada", "wrong");
        struct mqtt_peer *peer = mqtt_peer_open_with(world, &connect);
        struct mqtt_packet publish = mqtt_publish_packet(peer, "a", "1", MQTT_RETAIN);
        mqtt_peer_send(peer, &publish);
        mqtt_world_answer(world, false);
        const struct mqtt_packet *answer = mqtt_peer_next(peer);
        assert_int_equal(answer->type, MQTT_CONNACK);
        if (version == MQTT_5) {
            assert_in_range(answer->reason, MQTT_BAD_USER_NAME_OR_PASSWORD, MQTT_NOT_AUTHORIZED);
        } else {
            assert_in_range(answer->reason, 4, 5);
        }
        assert_false(answer->session_present);
        mqtt_peer_expect_nothing(peer);
        assert_true(mqtt_peer_is_closed(peer));
    }
    assert_int_equal(mqtt_world_counts(world)->messages_received, 0);
    assert_int_equal(world->core.values.entries, 0);
    mqtt_world_close(world);
}

static void what_comes_before_the_check_has_ended_waits_for_it(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open_guarded(NULL);
    struct mqtt_packet connect = connect_with_password(MQTT_5, "ada", "secret");
    struct mqtt_peer *peer = mqtt_peer_open_with(world, &connect);
    mqtt_peer_send_short(peer, MQTT_PINGREQ, 0, 0);
    mqtt_peer_expect_nothing(peer);
    mqtt_world_answer(world, true);
    assert_int_equal(mqtt_peer_next(peer)->type, MQTT_CONNACK);
    assert_int_equal(mqtt_peer_next(peer)->type, MQTT_PINGRESP);
    mqtt_world_close(world);
}

static void the_check_of_who_is_gone_is_cancelled_and_its_end_does_nothing(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open_guarded(NULL);
    struct mqtt_packet connect = connect_with_password(MQTT_5, "ada", "secret");
    struct mqtt_peer *peer = mqtt_peer_open_with(world, &connect);
    assert_int_equal(world->cancelled, 0);
    mqtt_peer_cut(peer);
    assert_int_equal(world->cancelled, world->asked.number);
    mqtt_peer_open(world, MQTT_5);
    mqtt_world_answer(world, true);
    assert_int_equal(mqtt_world_told(world, DOOR_EVENT_CONNECTED), 0);
    mqtt_world_close(world);
}

static struct mqtt_peer *let_in(struct mqtt_world *world, const struct mqtt_packet *connect) {
    struct mqtt_peer *peer = mqtt_peer_open_with(world, connect);
    mqtt_world_answer(world, true);
    assert_int_equal(mqtt_peer_next(peer)->reason, MQTT_SUCCESS);
    return peer;
}

static void whom_a_will_is_too_much_for_ends_with_the_check(void **state) {
    (void)state;
    struct mqtt_door_config config = mqtt_world_config();
    config.limits.queue_messages = 1;
    config.limits.in_flight = 1;
    config.limits.policy = DOOR_QUEUE_DISCONNECT;
    struct mqtt_world *world = mqtt_world_open_guarded(&config);
    struct mqtt_packet connect = connect_with_password(MQTT_5, "ada", "secret");
    struct mqtt_peer *to = let_in(world, &connect);
    mqtt_peer_subscribe(to, "n", 1);
    connect.connect.client_id = BYTES_LITERAL("wills");
    connect.connect.has_will = true;
    connect.connect.will_topic = BYTES_LITERAL("n");
    connect.connect.will_qos = 1;
    connect.connect.will_properties.present = MQTT_HAS(MQTT_WILL_DELAY);
    connect.connect.will_properties.will_delay = 100;
    connect.properties.present = MQTT_HAS(MQTT_SESSION_EXPIRY);
    connect.properties.session_expiry = 100;
    mqtt_peer_cut(let_in(world, &connect));
    connect.connect.client_id = BYTES_LITERAL("from");
    connect.connect.has_will = false;
    struct mqtt_peer *from = let_in(world, &connect);
    mqtt_peer_publish(from, "n", "1", 1);
    mqtt_peer_publish(from, "n", "2", 1);
    assert_false(mqtt_peer_is_closed(to));
    connect.connect.client_id = BYTES_LITERAL("wills");
    (void)let_in(world, &connect); // ends the former session, whose will waited
    mqtt_peer_expect(to, MQTT_PUBLISH);
    mqtt_peer_expect_closed(to, MQTT_QUOTA_EXCEEDED);
    mqtt_world_close(world);
}

static void who_is_known_is_let_in_at_once(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open_guarded(NULL);
    world->state = CREDENTIALS_GOOD;
    for (enum mqtt_version version = MQTT_3_1; version <= MQTT_5; version++) {
        struct mqtt_packet connect = connect_with_password(version, "ada", "secret");
        struct mqtt_peer *peer = mqtt_peer_open_with(world, &connect);
        assert_int_equal(mqtt_peer_next(peer)->reason, MQTT_SUCCESS);
        mqtt_peer_subscribe(peer, "#", 0);
        mqtt_peer_cut(peer);
    }
    assert_int_equal(world->cancelled, 0);
    mqtt_world_close(world);
}

static void expect_busy(struct mqtt_peer *peer, enum mqtt_version version) {
    const struct mqtt_packet *answer = mqtt_peer_next(peer);
    assert_int_equal(answer->type, MQTT_CONNACK);
    assert_int_equal(answer->reason, version == MQTT_5 ? MQTT_SERVER_BUSY : 3);
    assert_true(mqtt_peer_is_closed(peer));
}

static void where_too_many_wait_the_answer_is_busy_at_once(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open_guarded(NULL);
    world->state = CREDENTIALS_BUSY;
    for (enum mqtt_version version = MQTT_3_1; version <= MQTT_5; version++) {
        struct mqtt_packet connect = connect_with_password(version, "ada", "secret");
        expect_busy(mqtt_peer_open_with(world, &connect), version);
    }
    assert_int_equal(world->cancelled, 0);
    mqtt_world_close(world);
}

static void busy_may_be_the_answer_later_too(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open_guarded(NULL);
    struct mqtt_packet connect = connect_with_password(MQTT_5, "ada", "secret");
    struct mqtt_peer *peer = mqtt_peer_open_with(world, &connect);
    mqtt_door_authenticated(world->door, world->asked.connection, world->asked.number,
                            CREDENTIALS_BUSY, world->now);
    mqtt_world_settle(world);
    expect_busy(peer, MQTT_5);
    mqtt_world_close(world);
}

static void the_connect_time_stands_still_while_a_check_waits(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open_guarded(NULL);
    struct mqtt_packet connect = connect_with_password(MQTT_5, "ada", "secret");
    connect.connect.keep_alive = 10;
    struct mqtt_peer *peer = mqtt_peer_open_with(world, &connect);
    mqtt_world_wait(world, 1000 * ROLE_SECOND);
    mqtt_peer_expect_nothing(peer);
    assert_false(mqtt_peer_is_closed(peer));
    mqtt_world_answer(world, true);
    assert_int_equal(mqtt_peer_next(peer)->reason, MQTT_SUCCESS);
    mqtt_world_wait(world, 14 * ROLE_SECOND); // the keep alive counts from now
    assert_false(mqtt_peer_is_closed(peer));
    mqtt_world_wait(world, 2 * ROLE_SECOND);
    mqtt_peer_expect_closed(peer, MQTT_KEEP_ALIVE_TIMEOUT);
    mqtt_world_close(world);
}

static bool has_no_verifier(void *context, struct bytes user, struct scram_verifier *verifier) {
    (void)context;
    (void)user;
    (void)verifier;
    return false;
}

static void an_exchange_that_takes_too_long_is_told_so(void **state) {
    (void)state;
    struct mqtt_door_config config = mqtt_world_config();
    config.scram_verifier = has_no_verifier;
    struct mqtt_world *world = mqtt_world_open(&config);
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "slow");
    connect.properties.present = MQTT_HAS(MQTT_AUTHENTICATION_METHOD);
    connect.properties.authentication_method = BYTES_LITERAL("SCRAM-SHA-256");
    struct mqtt_peer *peer = mqtt_peer_open_with(world, &connect);
    assert_int_equal(mqtt_peer_next(peer)->type, MQTT_AUTH);
    mqtt_world_wait(world, config.limits.connect_time);
    assert_bytes_equal(mqtt_peer_next(peer)->properties.reason_string,
                       BYTES_LITERAL("its authentication did not end in time"));
    mqtt_world_close(world);
}

// It may have closed its stream, or only its sending side, and then it is owed the answer.
static void the_check_of_who_sends_no_more_is_postponed(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open_guarded(NULL);
    struct mqtt_packet connect = connect_with_password(MQTT_5, "ada", "secret");
    struct mqtt_peer *peer = mqtt_peer_open_with(world, &connect);
    assert_int_equal(world->postponed, 0);
    assert_true(mqtt_door_input_ended(world->door, peer->connection));
    assert_int_equal(world->postponed, world->asked.number);
    assert_int_equal(world->cancelled, 0);
    mqtt_world_answer(world, true);
    assert_int_equal(mqtt_peer_next(peer)->reason, MQTT_SUCCESS);
    mqtt_world_close(world);
}

static void who_has_no_name_is_refused_unless_that_is_allowed(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open_guarded(NULL);
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "nobody");
    struct mqtt_peer *peer = mqtt_peer_open_with(world, &connect);
    if (world->asked_count == 1) {
        assert_false(world->asked.has_user_name);
        mqtt_world_answer(world, false);
    }
    assert_true(mqtt_peer_next(peer)->reason >= 0x80);
    assert_true(mqtt_peer_is_closed(peer));
    mqtt_world_close(world);
    struct mqtt_door_config config = mqtt_world_config();
    config.anonymous = true;
    world = mqtt_world_open_guarded(&config);
    mqtt_peer_connect(world, MQTT_5, "nobody");
    assert_int_equal(world->asked_count, 0);
    mqtt_world_close(world);
}

static void a_trusted_stream_needs_no_password(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open_guarded(NULL);
    struct mqtt_peer *peer = mqtt_peer_open(world, MQTT_5);
    mqtt_peer_cut(peer);
    struct door_stream_info info = {
        .owner = peer, .peer_address = BYTES_LITERAL("unix"), .is_trusted = true};
    peer->connection = mqtt_door_open(world->door, &info, world->now);
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "certified");
    mqtt_peer_send(peer, &connect);
    assert_int_equal(mqtt_peer_next(peer)->reason, MQTT_SUCCESS);
    assert_int_equal(world->asked_count, 0);
    mqtt_world_close(world);
}

// [MQTT-4.12.0-1] [MQTT-4.12.0-4] [MQTT-3.1.4-2]
static void a_method_that_is_not_offered_is_refused(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "modern");
    connect.properties.present = MQTT_HAS(MQTT_AUTHENTICATION_METHOD);
    connect.properties.authentication_method = BYTES_LITERAL("SCRAM-SHA-256");
    mqtt_peer_expect_refused(mqtt_peer_open_with(world, &connect), MQTT_BAD_AUTHENTICATION_METHOD);
    mqtt_world_close(world);
}

// [MQTT-4.12.0-6] [MQTT-4.12.0-7]
static void without_a_method_there_is_no_auth(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "plain");
    struct mqtt_peer *peer = mqtt_peer_connect_with(world, &connect);
    assert_false(
        mqtt_properties_have(&mqtt_peer_next(peer)->properties, MQTT_AUTHENTICATION_METHOD));
    mqtt_peer_send(
        peer, &(struct mqtt_packet){.type = MQTT_AUTH,
                                    .reason = MQTT_REAUTHENTICATE,
                                    .properties = {.present = MQTT_HAS(MQTT_AUTHENTICATION_METHOD),
                                                   .authentication_method = BYTES_LITERAL("X")}});
    mqtt_peer_expect_closed(peer, MQTT_PROTOCOL_ERROR);
    mqtt_world_close(world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_credentials_let_in),
        cmocka_unit_test(bad_credentials_do_not_and_what_came_behind_them_is_ignored),
        cmocka_unit_test(what_comes_before_the_check_has_ended_waits_for_it),
        cmocka_unit_test(the_check_of_who_is_gone_is_cancelled_and_its_end_does_nothing),
        cmocka_unit_test(whom_a_will_is_too_much_for_ends_with_the_check),
        cmocka_unit_test(who_is_known_is_let_in_at_once),
        cmocka_unit_test(where_too_many_wait_the_answer_is_busy_at_once),
        cmocka_unit_test(busy_may_be_the_answer_later_too),
        cmocka_unit_test(the_connect_time_stands_still_while_a_check_waits),
        cmocka_unit_test(an_exchange_that_takes_too_long_is_told_so),
        cmocka_unit_test(the_check_of_who_sends_no_more_is_postponed),
        cmocka_unit_test(who_has_no_name_is_refused_unless_that_is_allowed),
        cmocka_unit_test(a_trusted_stream_needs_no_password),
        cmocka_unit_test(a_method_that_is_not_offered_is_refused),
        cmocka_unit_test(without_a_method_there_is_no_auth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
