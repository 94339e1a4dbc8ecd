// Enhanced authentication (MQTT 5.0, section 4.12) with SCRAM-SHA-256 (RFC 7677).
#include "role/mqtt_peer.h"

#include "cipher/scram.h"

#define METHOD BYTES_LITERAL("SCRAM-SHA-256")

static bool find_verifier(void *context, struct bytes user, struct scram_verifier *verifier) {
    (void)context;
    scram_verifier_make(verifier, BYTES_LITERAL("pencil"), BYTES_LITERAL("0123456789abcdef"), 4096);
    return bytes_equal(user, BYTES_LITERAL("ada"));
}

static struct mqtt_world *open_world(void) {
    struct mqtt_door_config config = mqtt_world_config();
    config.scram_verifier = find_verifier;
    return mqtt_world_open_guarded(&config);
}

static struct mqtt_packet auth_packet(enum mqtt_reason reason, struct bytes data) {
    return (struct mqtt_packet){.type = MQTT_AUTH,
                                .reason = (uint8_t)reason,
                                .properties = {.present = MQTT_HAS(MQTT_AUTHENTICATION_METHOD) |
                                                          MQTT_HAS(MQTT_AUTHENTICATION_DATA),
                                               .authentication_method = METHOD,
                                               .authentication_data = data}};
}

// An exchange as a client has it; texts are those that were sent last.
struct exchange {
    struct scram_client client;
    struct bytes password;
    struct bytes text;
    uint8_t room[SCRAM_CLIENT_FINAL_MAX];
};

static void begin(struct exchange *exchange, const char *user, const char *password) {
    *exchange = (struct exchange){.password = bytes_of_text(password)};
    size_t size = scram_client_first(&exchange->client, bytes_of_text(user), BYTES_LITERAL("nonce"),
                                     exchange->room, sizeof exchange->room);
    assert_true(size > 0);
    exchange->text = bytes_make(exchange->room, size);
}

// Takes the challenge and answers it.
static void answer(struct exchange *exchange, struct mqtt_peer *peer) {
    const struct mqtt_packet *packet = mqtt_peer_next(peer);
    assert_int_equal(packet->type, MQTT_AUTH);
    assert_int_equal(packet->reason, MQTT_CONTINUE_AUTHENTICATION);
    assert_bytes_equal(packet->properties.authentication_method, METHOD);
    size_t size;
    assert_int_equal(scram_client_final(&exchange->client, exchange->password,
                                        packet->properties.authentication_data, exchange->room,
                                        &size),
                     SCRAM_CONTINUE);
    struct mqtt_packet reply =
        auth_packet(MQTT_CONTINUE_AUTHENTICATION, bytes_make(exchange->room, size));
    mqtt_peer_send(peer, &reply);
}

static struct mqtt_packet connect_packet(const struct exchange *exchange) {
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "modern");
    connect.properties.present =
        MQTT_HAS(MQTT_AUTHENTICATION_METHOD) | MQTT_HAS(MQTT_AUTHENTICATION_DATA);
    connect.properties.authentication_method = METHOD;
    connect.properties.authentication_data = exchange->text;
    return connect;
}

static struct mqtt_peer *connect_ada(struct mqtt_world *world) {
    struct exchange exchange;
    begin(&exchange, "ada", "pencil");
    struct mqtt_packet connect = connect_packet(&exchange);
    struct mqtt_peer *peer = mqtt_peer_open_with(world, &connect);
    answer(&exchange, peer);
    const struct mqtt_packet *packet = mqtt_peer_next(peer);
    assert_int_equal(packet->type, MQTT_CONNACK);
    assert_int_equal(packet->reason, MQTT_SUCCESS);
    assert_bytes_equal(packet->properties.authentication_method, METHOD);
    assert_int_equal(scram_client_verify(&exchange.client, packet->properties.authentication_data),
                     SCRAM_GOOD);
    return peer;
}

// [MQTT-4.12.0-2] [MQTT-4.12.0-3] [MQTT-4.12.0-5] [MQTT-3.15.2-1] [MQTT-3.2.0-1]
static void a_password_is_proven_without_being_sent(void **state) {
    (void)state;
    struct mqtt_world *world = open_world();
    struct mqtt_peer *peer = connect_ada(world);
    mqtt_peer_subscribe(peer, "a", 1);
    assert_int_equal(world->asked_count, 0);
    mqtt_world_close(world);
}

static void the_first_message_may_come_with_the_first_auth(void **state) {
    (void)state;
    struct mqtt_world *world = open_world();
    struct exchange exchange;
    begin(&exchange, "ada", "pencil");
    struct mqtt_packet connect = connect_packet(&exchange);
    connect.properties.present = MQTT_HAS(MQTT_AUTHENTICATION_METHOD);
    struct mqtt_peer *peer = mqtt_peer_open_with(world, &connect);
    const struct mqtt_packet *packet = mqtt_peer_next(peer);
    assert_int_equal(packet->type, MQTT_AUTH);
    assert_int_equal(packet->reason, MQTT_CONTINUE_AUTHENTICATION);
    struct mqtt_packet first = auth_packet(MQTT_CONTINUE_AUTHENTICATION, exchange.text);
    mqtt_peer_send(peer, &first);
    answer(&exchange, peer);
    assert_int_equal(mqtt_peer_next(peer)->type, MQTT_CONNACK);
    assert_false(mqtt_peer_is_closed(peer));
    mqtt_world_close(world);
}

// [MQTT-4.12.0-4] [MQTT-3.1.4-2] [MQTT-3.2.2-7] [MQTT-4.13.2-1]
static void wrong_passwords_and_unknown_users_are_refused_alike(void **state) {
    (void)state;
    struct mqtt_world *world = open_world();
    const char *const users[][2] = {{"ada", "pencil "}, {"eve", "pencil"}, {"ada", ""}};
    for (unsigned i = 0; i < 3; i++) {
        struct exchange exchange;
        begin(&exchange, users[i][0], users[i][1]);
        struct mqtt_packet connect = connect_packet(&exchange);
        struct mqtt_peer *peer = mqtt_peer_open_with(world, &connect);
        answer(&exchange, peer);
        mqtt_peer_expect_refused(peer, MQTT_NOT_AUTHORIZED);
    }
    mqtt_world_close(world);
}

static void a_message_of_wrong_form_is_refused(void **state) {
    (void)state;
    struct mqtt_world *world = open_world();
    struct exchange exchange = {.text = BYTES_LITERAL("n,,n=,r=")};
    struct mqtt_packet connect = connect_packet(&exchange);
    mqtt_peer_expect_refused(mqtt_peer_open_with(world, &connect), MQTT_NOT_AUTHORIZED);
    begin(&exchange, "ada", "pencil");
    connect = connect_packet(&exchange);
    connect.properties.authentication_method = BYTES_LITERAL("SCRAM-SHA-1");
    mqtt_peer_expect_refused(mqtt_peer_open_with(world, &connect), MQTT_BAD_AUTHENTICATION_METHOD);
    mqtt_world_close(world);
}

// [MQTT-3.1.2-30] [MQTT-3.2.0-1]
static void nothing_but_auth_is_taken_before_the_end_of_the_exchange(void **state) {
    (void)state;
    struct mqtt_world *world = open_world();
    struct exchange exchange;
    begin(&exchange, "ada", "pencil");
    struct mqtt_packet connect = connect_packet(&exchange);
    struct mqtt_peer *peer = mqtt_peer_open_with(world, &connect);
    mqtt_peer_expect(peer, MQTT_AUTH);
    struct mqtt_packet publish = mqtt_publish_packet(peer, "a", "1", MQTT_RETAIN);
    mqtt_peer_send(peer, &publish);
    mqtt_peer_expect_gone(peer);
    assert_int_equal(world->core.values.entries, 0);
    peer = mqtt_peer_open_with(world, &connect);
    mqtt_peer_expect(peer, MQTT_AUTH);
    mqtt_peer_send_short(peer, MQTT_DISCONNECT, 0, 0);
    mqtt_peer_expect_gone(peer);
    peer = mqtt_peer_open_with(world, &connect);
    mqtt_peer_expect(peer, MQTT_AUTH);
    mqtt_world_wait(world, 11 * ROLE_SECOND);
    mqtt_peer_expect_gone(peer);
    mqtt_world_close(world);
}

// [MQTT-3.2.2-8]
static void who_is_not_let_in_yet_is_refused_when_the_door_stops(void **state) {
    (void)state;
    struct mqtt_world *world = open_world();
    struct exchange exchange;
    begin(&exchange, "ada", "pencil");
    struct mqtt_packet connect = connect_packet(&exchange);
    struct mqtt_peer *peer = mqtt_peer_open_with(world, &connect);
    mqtt_peer_expect(peer, MQTT_AUTH);
    mqtt_door_stop(world->door, world->now);
    mqtt_world_settle(world);
    mqtt_peer_expect_refused(peer, MQTT_SERVER_UNAVAILABLE);
    mqtt_world_close(world);
}

// [MQTT-4.12.1-1] [MQTT-4.12.0-5]
static void a_client_authenticates_anew_while_all_else_goes_on(void **state) {
    (void)state;
    struct mqtt_world *world = open_world();
    struct mqtt_peer *peer = connect_ada(world);
    mqtt_peer_subscribe(peer, "a", 1);
    for (unsigned i = 0; i < 2; i++) {
        struct exchange exchange;
        begin(&exchange, "ada", "pencil");
        struct mqtt_packet first = auth_packet(MQTT_REAUTHENTICATE, exchange.text);
        mqtt_peer_send(peer, &first);
        answer(&exchange, peer);
        const struct mqtt_packet *packet = mqtt_peer_next(peer);
        assert_int_equal(packet->type, MQTT_AUTH);
        assert_int_equal(packet->reason, MQTT_SUCCESS);
        assert_bytes_equal(packet->properties.authentication_method, METHOD);
        struct bytes proof = packet->properties.authentication_data;
        assert_int_equal(scram_client_verify(&exchange.client, proof), SCRAM_GOOD);
        mqtt_peer_publish(peer, "a", "1", 1);
        mqtt_peer_take(peer, "a", "1", 1);
    }
    mqtt_world_close(world);
}

// [MQTT-4.12.1-2] [MQTT-4.12.1-1]
static void failing_to_do_so_ends_the_connection(void **state) {
    (void)state;
    struct mqtt_world *world = open_world();
    struct mqtt_peer *peer = connect_ada(world);
    struct exchange exchange;
    begin(&exchange, "ada", "pen");
    struct mqtt_packet first = auth_packet(MQTT_REAUTHENTICATE, exchange.text);
    mqtt_peer_send(peer, &first);
    answer(&exchange, peer);
    mqtt_peer_expect_closed(peer, MQTT_NOT_AUTHORIZED);
    peer = connect_ada(world);
    first.properties.authentication_method = BYTES_LITERAL("SCRAM-SHA-512");
    mqtt_peer_send(peer, &first);
    mqtt_peer_expect_closed(peer, MQTT_PROTOCOL_ERROR);
    peer = connect_ada(world);
    first = auth_packet(MQTT_CONTINUE_AUTHENTICATION, exchange.text); // none is under way
    mqtt_peer_send(peer, &first);
    mqtt_peer_expect_closed(peer, MQTT_PROTOCOL_ERROR);
    mqtt_world_close(world);
}

static void a_client_may_leave_before_it_is_let_in(void **state) {
    (void)state;
    struct mqtt_world *world = open_world();
    struct exchange exchange;
    begin(&exchange, "ada", "pencil");
    struct mqtt_packet connect = connect_packet(&exchange);
    struct mqtt_peer *peer = mqtt_peer_open_with(world, &connect);
    mqtt_peer_expect(peer, MQTT_AUTH);
    mqtt_peer_send_short(peer, MQTT_DISCONNECT, 0, 0);
    assert_true(mqtt_peer_is_closed(peer));
    mqtt_peer_expect_nothing(peer);
    mqtt_world_close(world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_password_is_proven_without_being_sent),
        cmocka_unit_test(the_first_message_may_come_with_the_first_auth),
        cmocka_unit_test(wrong_passwords_and_unknown_users_are_refused_alike),
        cmocka_unit_test(a_message_of_wrong_form_is_refused),
        cmocka_unit_test(nothing_but_auth_is_taken_before_the_end_of_the_exchange),
        cmocka_unit_test(who_is_not_let_in_yet_is_refused_when_the_door_stops),
        cmocka_unit_test(a_client_authenticates_anew_while_all_else_goes_on),
        cmocka_unit_test(failing_to_do_so_ends_the_connection),
        cmocka_unit_test(a_client_may_leave_before_it_is_let_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
