// CONNECT, CONNACK, DISCONNECT, PINGREQ, keep-alive, and who is let in.
#include "role/mqtt_peer.h"

static const enum mqtt_version versions[] = {MQTT_3_1, MQTT_3_1_1, MQTT_5};
#define VERSIONS 3

// [MQTT-3.1.0-1] [MQTT3-3.1.0-1] [MQTT-3.14.0-1] [MQTT-4.13.1-1] [MQTT3-4.8.0-1]
static void the_first_packet_has_to_be_connect(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    const enum mqtt_type types[] = {MQTT_PINGREQ, MQTT_DISCONNECT, MQTT_PUBACK};
    for (unsigned i = 0; i < VERSIONS; i++) {
        for (unsigned t = 0; t < 3; t++) {
            struct mqtt_peer *peer = mqtt_peer_open(world, versions[i]);
            mqtt_peer_send_short(peer, types[t], types[t] == MQTT_PUBACK ? 1 : 0, 0);
            mqtt_peer_expect_gone(peer);
        }
        struct mqtt_peer *publisher = mqtt_peer_open(world, versions[i]);
        struct mqtt_packet publish = mqtt_publish_packet(publisher, "a", "1", 0);
        mqtt_peer_send(publisher, &publish);
        mqtt_peer_expect_gone(publisher);
    }
    mqtt_world_close(world);
}

// [MQTT-3.1.0-2] [MQTT3-3.1.0-2] [MQTT-3.2.0-2]
static void a_second_connect_ends_the_connection(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    for (unsigned i = 0; i < VERSIONS; i++) {
        struct mqtt_peer *peer = mqtt_peer_connect(world, versions[i], "twice");
        struct mqtt_packet connect = mqtt_connect_packet(versions[i], "twice");
        mqtt_peer_send(peer, &connect);
        mqtt_peer_expect_closed(peer, MQTT_PROTOCOL_ERROR);
    }
    for (unsigned i = 0; i < VERSIONS; i++) {
        struct mqtt_peer *peer = mqtt_peer_connect(world, versions[i], "twice");
        mqtt_peer_send_bytes(peer, "\x10\x0f\0\4MQTT\x54\2\0\0\0\0\1c\0", 17);
        mqtt_peer_expect_closed(peer, MQTT_PROTOCOL_ERROR);
    }
    assert_int_equal(mqtt_world_counts(world)->protocol_errors, 6);
    mqtt_world_close(world);
}

// [MQTT-3.1.4-5] [MQTT3-3.1.4-4] [MQTT-3.2.0-1] [MQTT3-3.2.0-1] [MQTT-3.2.2-1] [MQTT-3.2.2-8]
static void a_good_connect_is_acknowledged_first_of_all(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    for (unsigned i = 0; i < VERSIONS; i++) {
        struct mqtt_packet connect = mqtt_connect_packet(versions[i], "good");
        struct mqtt_peer *peer = mqtt_peer_open_with(world, &connect);
        const struct mqtt_packet *answer = mqtt_peer_next(peer);
        assert_int_equal(answer->type, MQTT_CONNACK);
        assert_int_equal(answer->reason, MQTT_SUCCESS);
        assert_false(answer->session_present);
        mqtt_peer_expect_nothing(peer);
    }
    assert_int_equal(mqtt_world_told(world, DOOR_EVENT_CONNECTED), 3);
    mqtt_world_close(world);
}

static void connack_tells_the_limits(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "limits");
    const struct mqtt_packet *answer = mqtt_peer_next(mqtt_peer_connect_with(world, &connect));
    assert_int_equal(answer->properties.receive_maximum, world->config.limits.receive_maximum);
    assert_int_equal(answer->properties.maximum_packet_size, world->config.limits.packet_bytes);
    assert_int_equal(answer->properties.topic_alias_maximum, world->config.limits.topic_aliases);
    assert_false(mqtt_properties_have(&answer->properties, MQTT_ASSIGNED_CLIENT_IDENTIFIER));
    assert_false(mqtt_properties_have(&answer->properties, MQTT_MAXIMUM_QOS));
    mqtt_world_close(world);
}

static void send_connect_bytes(struct mqtt_peer *peer, const char *name, uint8_t level,
                               uint8_t flags) {
    uint8_t bytes[64] = {0x10};
    uint8_t *end = mqtt_text_write(bytes + 2, bytes_of_text(name));
    *end++ = level;
    *end++ = flags;
    end = mqtt_two_bytes_write(end, 0);
    if ((level & 0x7f) == MQTT_5) {
        *end++ = 0;
    }
    end = mqtt_text_write(end, BYTES_LITERAL("id"));
    bytes[1] = (uint8_t)(end - bytes - 2);
    mqtt_peer_send_bytes(peer, bytes, (size_t)(end - bytes));
}

// [MQTT-3.1.2-1] [MQTT3-3.1.2-1]
static void other_protocol_names_are_not_served(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    const char *names[] = {"MQTX", "mqtt", "MQTTT", "", "MQIsd"};
    for (unsigned i = 0; i < 5; i++) {
        for (uint8_t level = 3; level <= 5; level++) {
            struct mqtt_peer *peer = mqtt_peer_open(world, 0);
            send_connect_bytes(peer, names[i], level, 2);
            assert_true(mqtt_peer_is_closed(peer));
        }
    }
    assert_int_equal(mqtt_world_told(world, DOOR_EVENT_CONNECTED), 0);
    mqtt_world_close(world);
}

// [MQTT-3.1.2-2] [MQTT3-3.1.2-2] [MQTT-3.2.2-7]
static void other_protocol_versions_are_refused(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    const uint8_t levels[] = {0, 1, 2, 6, 7, 99, 0x85};
    for (unsigned i = 0; i < 7; i++) {
        struct mqtt_peer *peer = mqtt_peer_open(world, 0);
        send_connect_bytes(peer, "MQTT", levels[i], 2);
        assert_true(mqtt_peer_is_closed(peer));
        assert_true(peer->stream_size >= 4);
        assert_int_equal(peer->stream[0], MQTT_CONNACK << 4);
        assert_int_equal(peer->stream[2], 0);
        assert_int_equal(peer->stream[3], levels[i] < 5 ? 0x01 : 0x84);
    }
    mqtt_world_close(world);
}

static void version_3_1_has_a_name_of_its_own(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *peer = mqtt_peer_open(world, MQTT_3_1);
    send_connect_bytes(peer, "MQIsdp", 3, 2);
    assert_int_equal(mqtt_peer_next(peer)->reason, 0);
    mqtt_peer_subscribe(peer, "a", 1);
    mqtt_peer_publish(peer, "a", "1", 2);
    mqtt_peer_take(peer, "a", "1", 1);
    mqtt_world_close(world);
}

// [MQTT-3.1.2-3] [MQTT3-3.1.2-3] [MQTT-3.1.4-1] [MQTT3-3.1.4-1] [MQTT3-3.2.2-6]
static void the_reserved_flag_has_to_be_0(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    for (uint8_t level = 4; level <= 5; level++) {
        struct mqtt_peer *peer = mqtt_peer_open(world, level);
        send_connect_bytes(peer, "MQTT", level, 3);
        if (level == 4) {
            mqtt_peer_expect_nothing(peer);
        }
        mqtt_peer_expect_gone(peer);
    }
    mqtt_world_close(world);
}

// [MQTT-3.1.3-5] [MQTT3-3.1.3-5]
static void identifiers_of_letters_and_digits_are_allowed(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    const char *names[] = {"0", "0123456789abcdefghijklm", "nopqrstuvwxyzABCDEFGHIJ",
                           "KLMNOPQRSTUVWXYZ",
                           "a longer one, of other characters too: \xc3\xa4/+#"};
    for (unsigned i = 0; i < 5; i++) {
        mqtt_peer_connect(world, MQTT_3_1_1, names[i]);
        mqtt_peer_connect(world, MQTT_5, names[i]);
    }
    mqtt_world_close(world);
}

// [MQTT-3.1.3-6] [MQTT-3.1.3-7] [MQTT-3.2.2-16] [MQTT3-3.1.3-6]
static void an_empty_identifier_is_replaced_by_a_new_one(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "");
    connect.properties.present = MQTT_HAS(MQTT_SESSION_EXPIRY);
    connect.properties.session_expiry = 100;
    struct mqtt_peer *one = mqtt_peer_connect_with(world, &connect);
    struct mqtt_peer *two = mqtt_peer_connect_with(world, &connect);
    struct bytes first = mqtt_peer_next(one)->properties.assigned_client_identifier;
    struct bytes second = mqtt_peer_next(two)->properties.assigned_client_identifier;
    assert_true(first.size > 0 && second.size > 0 && !bytes_equal(first, second));
    mqtt_peer_cut(one);
    connect.connect.client_id = first;
    connect.connect.clean_start = false;
    assert_true(mqtt_peer_next(mqtt_peer_connect_with(world, &connect))->session_present);
    mqtt_peer_connect(world, MQTT_3_1_1, "");
    mqtt_peer_connect(world, MQTT_3_1_1, "");
    mqtt_world_close(world);
}

// [MQTT3-3.1.3-8] [MQTT3-3.1.3-9] [MQTT3-3.2.2-4] [MQTT3-3.2.2-5] [MQTT-3.2.2-6] [MQTT-3.1.3-8]
static void an_empty_identifier_is_no_name_for_a_session_to_keep(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_3_1_1, "");
    connect.connect.clean_start = false;
    mqtt_peer_expect_refused(mqtt_peer_open_with(world, &connect), 2);
    assert_int_equal(mqtt_world_told(world, DOOR_EVENT_REFUSED), 1);
    mqtt_world_close(world);
}

// [MQTT-3.1.4-3] [MQTT3-3.1.4-2] [MQTT-3.1.3-2] [MQTT3-3.1.3-2] [MQTT-3.14.2-2] [MQTT-3.14.2-1]
static void a_client_that_comes_again_takes_over(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    for (unsigned i = 0; i < VERSIONS; i++) {
        struct mqtt_peer *old = mqtt_peer_connect(world, versions[i], "one");
        struct mqtt_peer *other = mqtt_peer_connect(world, versions[i], "two");
        struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "one");
        struct mqtt_peer *new = mqtt_peer_connect_with(world, &connect);
        mqtt_peer_expect_closed(old, MQTT_SESSION_TAKEN_OVER);
        assert_false(mqtt_peer_is_closed(other));
        assert_false(mqtt_peer_is_closed(new));
        mqtt_peer_cut(new);
    }
    mqtt_world_close(world);
}

// [MQTT-3.1.2-22] [MQTT3-3.1.2-24] [MQTT-3.2.2-22]
static void who_is_silent_for_too_long_is_cut_off(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    for (unsigned i = 0; i < VERSIONS; i++) {
        struct mqtt_packet connect = mqtt_connect_packet(versions[i], "sleeper");
        connect.connect.keep_alive = 10;
        struct mqtt_peer *peer = mqtt_peer_connect_with(world, &connect);
        assert_false(
            mqtt_properties_have(&mqtt_peer_next(peer)->properties, MQTT_SERVER_KEEP_ALIVE));
        mqtt_world_wait(world, 14 * ROLE_SECOND);
        assert_false(mqtt_peer_is_closed(peer));
        mqtt_peer_send_short(peer, MQTT_PINGREQ, 0, 0);
        mqtt_peer_expect(peer, MQTT_PINGRESP);
        mqtt_world_wait(world, 14 * ROLE_SECOND);
        assert_false(mqtt_peer_is_closed(peer));
        mqtt_world_wait(world, 2 * ROLE_SECOND);
        mqtt_peer_expect_closed(peer, MQTT_KEEP_ALIVE_TIMEOUT);
    }
    struct mqtt_peer *patient = mqtt_peer_connect(world, MQTT_5, "no keep alive");
    mqtt_world_wait(world, 100000 * ROLE_SECOND);
    assert_false(mqtt_peer_is_closed(patient));
    mqtt_world_close(world);
}

// [MQTT-3.1.2-22] [MQTT3-3.1.2-24]
static void a_packet_that_never_ends_is_no_sign_of_life(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "trickle");
    connect.connect.keep_alive = 10;
    struct mqtt_peer *slow = mqtt_peer_connect_with(world, &connect);
    mqtt_peer_expect(slow, MQTT_CONNACK);
    mqtt_peer_send_bytes(slow, "\x30\xff\x7f", 3);
    for (unsigned i = 0; i < 14; i++) {
        mqtt_world_wait(world, ROLE_SECOND);
        assert_false(mqtt_peer_is_closed(slow));
        mqtt_peer_send_bytes(slow, "x", 1);
    }
    mqtt_world_wait(world, ROLE_SECOND);
    mqtt_peer_expect_closed(slow, MQTT_KEEP_ALIVE_TIMEOUT);
    mqtt_world_close(world);
}

static void a_large_packet_may_take_its_time(void **state) {
    (void)state;
    static const char part[1000];
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_3_1_1, "upload");
    connect.connect.keep_alive = 10;
    struct mqtt_peer *peer = mqtt_peer_connect_with(world, &connect);
    mqtt_peer_expect(peer, MQTT_CONNACK);
    mqtt_peer_send_bytes(peer, "\x30\xa3\x9c\x01\0\1a", 7); // 20003 bytes
    for (unsigned i = 0; i < 20; i++) {
        mqtt_world_wait(world, 14 * ROLE_SECOND);
        mqtt_peer_send_bytes(peer, part, sizeof part);
    }
    mqtt_peer_send_short(peer, MQTT_PINGREQ, 0, 0);
    mqtt_peer_expect(peer, MQTT_PINGRESP);
    mqtt_world_close(world);
}

static void keep_alives_longer_than_the_limit_are_shortened(void **state) {
    (void)state;
    struct mqtt_door_config config = mqtt_world_config();
    config.limits.keep_alive = 20;
    struct mqtt_world *world = mqtt_world_open(&config);
    const uint16_t wishes[] = {0, 21, 65535};
    for (unsigned i = 0; i < 3; i++) {
        struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "long");
        connect.connect.keep_alive = wishes[i];
        struct mqtt_peer *peer = mqtt_peer_connect_with(world, &connect);
        assert_int_equal(mqtt_peer_next(peer)->properties.server_keep_alive, 20);
        mqtt_world_wait(world, 31 * ROLE_SECOND);
        mqtt_peer_expect_closed(peer, MQTT_KEEP_ALIVE_TIMEOUT);
    }
    mqtt_world_close(world);
}

// [MQTT-3.12.4-1] [MQTT3-3.12.4-1]
static void pings_are_answered(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    for (unsigned i = 0; i < VERSIONS; i++) {
        struct mqtt_peer *peer = mqtt_peer_connect(world, versions[i], "pinger");
        mqtt_peer_send_short(peer, MQTT_PINGREQ, 0, 0);
        assert_int_equal(mqtt_peer_next(peer)->type, MQTT_PINGRESP);
        mqtt_peer_expect_nothing(peer);
    }
    mqtt_world_close(world);
}

static void a_connect_has_to_come_in_time(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *silent = mqtt_peer_open(world, MQTT_5);
    struct mqtt_peer *slow = mqtt_peer_open(world, MQTT_5);
    mqtt_world_wait(world, 9 * ROLE_SECOND);
    mqtt_peer_send_bytes(slow, "\x10", 1);
    assert_false(mqtt_peer_is_closed(silent));
    mqtt_world_wait(world, 2 * ROLE_SECOND);
    mqtt_peer_expect_gone(silent);
    mqtt_peer_expect_gone(slow);
    mqtt_world_close(world);
}

static void connections_are_bounded(void **state) {
    (void)state;
    struct mqtt_door_config config = mqtt_world_config();
    config.limits.connections = 2;
    struct mqtt_world *world = mqtt_world_open(&config);
    struct mqtt_peer *one = mqtt_peer_connect(world, MQTT_5, "one");
    mqtt_peer_connect(world, MQTT_3_1_1, "two");
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "three");
    mqtt_peer_expect_refused(mqtt_peer_open_with(world, &connect), MQTT_SERVER_BUSY);
    connect.connect.version = MQTT_3_1_1;
    mqtt_peer_expect_refused(mqtt_peer_open_with(world, &connect), 3);
    assert_int_equal(mqtt_world_counts(world)->refused_connections, 2);
    mqtt_peer_cut(one);
    mqtt_peer_connect(world, MQTT_5, "three");
    mqtt_world_close(world);
}

// Who has not said anything yet holds no connection, but is not let in endlessly either.
static void streams_are_bounded(void **state) {
    (void)state;
    struct mqtt_door_config config = mqtt_world_config();
    config.limits.connections = 2;
    struct mqtt_world *world = mqtt_world_open(&config);
    struct door_connection *connections[200];
    static struct mqtt_peer owners[200];
    unsigned count = 0;
    for (; count < 200; count++) {
        struct door_stream_info info = {.owner = &owners[count],
                                        .peer_address = BYTES_LITERAL("unix")};
        connections[count] = mqtt_door_open(world->door, &info, world->now);
        if (connections[count] == NULL) {
            break;
        }
    }
    assert_in_range(count, 2, 199);
    assert_int_equal(mqtt_world_counts(world)->refused_connections, 1);
    while (count > 0) {
        mqtt_door_close(world->door, connections[--count], world->now);
    }
    mqtt_world_close(world);
}

static void sessions_are_bounded(void **state) {
    (void)state;
    struct mqtt_door_config config = mqtt_world_config();
    config.limits.sessions = 2;
    struct mqtt_world *world = mqtt_world_open(&config);
    mqtt_peer_cut(mqtt_peer_resume(world, MQTT_5, "absent"));
    struct mqtt_peer *here = mqtt_peer_connect(world, MQTT_3_1_1, "here");
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_3_1_1, "third");
    mqtt_peer_expect_refused(mqtt_peer_open_with(world, &connect), 3);
    connect.connect.version = MQTT_5;
    struct mqtt_peer *third = mqtt_peer_open_with(world, &connect);
    assert_true(mqtt_peer_next(third)->reason >= 0x80);
    assert_true(mqtt_peer_is_closed(third));
    assert_true(mqtt_peer_next(mqtt_peer_resume(world, MQTT_5, "absent"))->session_present);
    mqtt_peer_cut(here);
    mqtt_peer_connect(world, MQTT_5, "third");
    mqtt_world_close(world);
}

static void who_finds_no_room_is_told_of_another_server(void **state) {
    (void)state;
    struct mqtt_door_config config = mqtt_world_config();
    config.limits.sessions = 1;
    config.server_reference = BYTES_LITERAL("other.example:1883");
    struct mqtt_world *world = mqtt_world_open(&config);
    struct mqtt_peer *first = mqtt_peer_connect(world, MQTT_5, "first");
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "second");
    struct mqtt_peer *second = mqtt_peer_open_with(world, &connect);
    const struct mqtt_packet *answer = mqtt_peer_next(second);
    assert_int_equal(answer->reason, MQTT_USE_ANOTHER_SERVER);
    assert_bytes_equal(answer->properties.server_reference, config.server_reference);
    assert_true(mqtt_peer_is_closed(second));
    mqtt_door_stop(world->door, world->now);
    mqtt_world_settle(world);
    answer = mqtt_peer_expect(first, MQTT_DISCONNECT);
    assert_int_equal(answer->reason, MQTT_USE_ANOTHER_SERVER);
    assert_bytes_equal(answer->properties.server_reference, config.server_reference);
    assert_true(mqtt_peer_is_closed(first));
    mqtt_world_close(world);
}

// [MQTT-3.14.4-1] [MQTT-3.14.4-2] [MQTT-4.13.2-1]
static void a_door_that_stops_says_so(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *five = mqtt_peer_connect(world, MQTT_5, "five");
    struct mqtt_peer *three = mqtt_peer_connect(world, MQTT_3_1_1, "three");
    struct mqtt_peer *new = mqtt_peer_open(world, MQTT_5);
    mqtt_door_stop(world->door, world->now);
    mqtt_world_settle(world);
    mqtt_peer_expect_closed(five, MQTT_SERVER_SHUTTING_DOWN);
    mqtt_peer_expect_closed(three, 0);
    mqtt_peer_expect_gone(new);
    mqtt_world_close(world);
}

static void the_user_ends_a_connection(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_5, "unwanted");
    assert_false(mqtt_door_disconnect(world->door, BYTES_LITERAL("unwante"), world->now));
    assert_true(mqtt_door_disconnect(world->door, BYTES_LITERAL("unwanted"), world->now));
    mqtt_world_settle(world);
    mqtt_peer_expect_closed(peer, MQTT_ADMINISTRATIVE_ACTION);
    assert_false(mqtt_door_disconnect(world->door, BYTES_LITERAL("unwanted"), world->now));
    assert_int_equal(mqtt_world_told(world, DOOR_EVENT_DISCONNECTED), 1);
    mqtt_world_close(world);
}

static void a_client_that_disconnects_is_gone(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    for (unsigned i = 0; i < VERSIONS; i++) {
        struct mqtt_peer *peer = mqtt_peer_connect(world, versions[i], "leaver");
        mqtt_peer_send_short(peer, MQTT_DISCONNECT, 0, 0);
        mqtt_peer_expect_nothing(peer);
        assert_true(mqtt_peer_is_closed(peer));
        assert_int_equal(mqtt_world_told(world, DOOR_EVENT_DISCONNECTED), i + 1);
    }
    mqtt_world_close(world);
}

// [MQTT-3.14.1-1] [MQTT3-3.14.1-1] [MQTT3-2.2.2-2]
static void reserved_bits_of_disconnect_are_malformed(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    for (unsigned i = 0; i < VERSIONS; i++) {
        struct mqtt_peer *peer = mqtt_peer_connect(world, versions[i], "bits");
        mqtt_peer_send_bytes(peer, "\xe1\x00", 2);
        mqtt_peer_expect_closed(peer, MQTT_MALFORMED_PACKET);
    }
    mqtt_world_close(world);
}

// [MQTT-3.2.0-1] [MQTT-3.1.2-24] [MQTT-3.14.0-1]
static void who_allows_no_connack_is_not_let_in(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "");
    connect.connect.has_will = true;
    connect.connect.will_topic = BYTES_LITERAL("will");
    connect.properties.present = MQTT_HAS(MQTT_MAXIMUM_PACKET_SIZE);
    struct mqtt_peer *heir = mqtt_peer_connect(world, MQTT_5, "heir");
    mqtt_peer_subscribe(heir, "will", 0);
    for (uint32_t size = 1; size < 40; size += 3) { // an identifier takes more
        connect.properties.maximum_packet_size = size;
        struct mqtt_peer *peer = mqtt_peer_open_with(world, &connect);
        mqtt_peer_expect_nothing(peer);
        assert_true(mqtt_peer_is_closed(peer));
        mqtt_peer_cut(mqtt_peer_connect(world, MQTT_5, "other"));
    }
    mqtt_peer_expect_nothing(heir);
    assert_int_equal(mqtt_world_told(world, DOOR_EVENT_REFUSED), 13);
    mqtt_world_close(world);
}

// [MQTT-3.1.2-28]
static void response_information_is_for_those_who_ask(void **state) {
    (void)state;
    struct mqtt_door_config config = mqtt_world_config();
    config.response_prefix = BYTES_LITERAL("answers/");
    struct mqtt_world *world = mqtt_world_open(&config);
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "asker");
    const struct mqtt_packet *answer = mqtt_peer_next(mqtt_peer_connect_with(world, &connect));
    assert_false(mqtt_properties_have(&answer->properties, MQTT_RESPONSE_INFORMATION));
    connect.properties.present = MQTT_HAS(MQTT_REQUEST_RESPONSE_INFORMATION);
    answer = mqtt_peer_next(mqtt_peer_connect_with(world, &connect));
    assert_false(mqtt_properties_have(&answer->properties, MQTT_RESPONSE_INFORMATION));
    connect.properties.request_response_information = 1;
    answer = mqtt_peer_next(mqtt_peer_connect_with(world, &connect));
    assert_bytes_equal(answer->properties.response_information, BYTES_LITERAL("answers/asker"));
    mqtt_world_close(world);
}

static void count_session(void *context, const struct door_session_view *view) {
    unsigned *count = context;
    assert_bytes_equal(view->client_id, *count == 0 ? BYTES_LITERAL("a") : BYTES_LITERAL("b"));
    assert_int_equal(view->peer_address.size > 0, *count == 1);
    assert_int_equal(view->subscriptions, *count == 0 ? 1 : 2);
    ++*count;
}

static void count_subscription(void *context, const struct door_subscription_view *view) {
    const char *filters[] = {"x/#", "$share/s/y", "z"};
    unsigned *count = context;
    assert_bytes_equal(view->filter, bytes_of_text(filters[*count]));
    assert_int_equal(view->options & MQTT_OPTION_QOS, *count);
    assert_int_equal(view->identifier, *count == 1 ? 77 : 0);
    ++*count;
}

static void views_list_the_sessions(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open(NULL);
    struct mqtt_peer *a = mqtt_peer_resume(world, MQTT_5, "a");
    struct mqtt_peer *b = mqtt_peer_connect(world, MQTT_5, "b");
    mqtt_peer_subscribe(a, "x/#", 0);
    assert_int_equal(mqtt_peer_try_subscribe(b, "$share/s/y", 1, 77), 1);
    mqtt_peer_subscribe(b, "z", 2);
    mqtt_peer_cut(a);
    unsigned sessions = 0;
    unsigned subscriptions = 0;
    mqtt_door_view_sessions(world->door, &sessions, count_session);
    mqtt_door_view_subscriptions(world->door, &subscriptions, count_subscription);
    assert_int_equal(sessions, 2);
    assert_int_equal(subscriptions, 3);
    mqtt_world_close(world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_packet_has_to_be_connect),
        cmocka_unit_test(a_second_connect_ends_the_connection),
        cmocka_unit_test(a_good_connect_is_acknowledged_first_of_all),
        cmocka_unit_test(connack_tells_the_limits),
        cmocka_unit_test(other_protocol_names_are_not_served),
        cmocka_unit_test(other_protocol_versions_are_refused),
        cmocka_unit_test(version_3_1_has_a_name_of_its_own),
        cmocka_unit_test(the_reserved_flag_has_to_be_0),
        cmocka_unit_test(identifiers_of_letters_and_digits_are_allowed),
        cmocka_unit_test(an_empty_identifier_is_replaced_by_a_new_one),
        cmocka_unit_test(an_empty_identifier_is_no_name_for_a_session_to_keep),
        cmocka_unit_test(a_client_that_comes_again_takes_over),
        cmocka_unit_test(who_is_silent_for_too_long_is_cut_off),
        cmocka_unit_test(a_packet_that_never_ends_is_no_sign_of_life),
        cmocka_unit_test(a_large_packet_may_take_its_time),
        cmocka_unit_test(keep_alives_longer_than_the_limit_are_shortened),
        cmocka_unit_test(pings_are_answered),
        cmocka_unit_test(a_connect_has_to_come_in_time),
        cmocka_unit_test(connections_are_bounded),
        cmocka_unit_test(streams_are_bounded),
        cmocka_unit_test(sessions_are_bounded),
        cmocka_unit_test(who_finds_no_room_is_told_of_another_server),
        cmocka_unit_test(a_door_that_stops_says_so),
        cmocka_unit_test(the_user_ends_a_connection),
        cmocka_unit_test(a_client_that_disconnects_is_gone),
        cmocka_unit_test(reserved_bits_of_disconnect_are_malformed),
        cmocka_unit_test(who_allows_no_connack_is_not_let_in),
        cmocka_unit_test(response_information_is_for_those_who_ask),
        cmocka_unit_test(views_list_the_sessions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
