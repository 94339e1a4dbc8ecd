// Access lists at the door: who may publish and read what, of all ways that a message can take.
#include "role/mqtt_peer.h"

struct fixture {
    struct memory memory;
    struct access access;
    struct mqtt_world *world;
};

static void read_list(struct fixture *fixture, struct access *access, const char *list) {
    access_init(access, &fixture->memory, 3);
    struct access_error error;
    assert_true(access_read(access, bytes_of_text(list), &error));
}

static void start(struct fixture *fixture, const char *list) {
    memory_init(&fixture->memory);
    read_list(fixture, &fixture->access, list);
    struct mqtt_door_config config = mqtt_world_config();
    config.access = &fixture->access;
    config.anonymous = true;
    fixture->world = mqtt_world_open_guarded(&config);
}

static void finish(struct fixture *fixture) {
    mqtt_world_close(fixture->world);
    access_deinit(&fixture->access);
    assert_int_equal(fixture->memory.blocks_in_use, 0);
}

static struct mqtt_packet login(enum mqtt_version version, const char *user,
                                const char *client_id) {
    struct mqtt_packet connect = mqtt_connect_packet(version, client_id);
    connect.connect.has_user_name = true;
    connect.connect.user_name = bytes_of_text(user);
    connect.connect.has_password = true;
    connect.connect.password = BYTES_LITERAL("secret");
    return connect;
}

static struct mqtt_peer *enter(struct fixture *fixture, const struct mqtt_packet *connect) {
    struct mqtt_peer *peer = mqtt_peer_open_with(fixture->world, connect);
    mqtt_world_answer(fixture->world, true);
    assert_int_equal(mqtt_peer_next(peer)->reason, MQTT_SUCCESS);
    return peer;
}

static struct mqtt_peer *enter_as(struct fixture *fixture, enum mqtt_version version,
                                  const char *user) {
    struct mqtt_packet connect = login(version, user, user);
    return enter(fixture, &connect);
}

// [MQTT3-3.3.5-2]
static void what_is_not_allowed_is_not_published(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, "topic read #\nuser ann\ntopic write in/+\n");
    struct mqtt_peer *reader = mqtt_peer_connect(fixture.world, MQTT_5, "reader");
    mqtt_peer_subscribe(reader, "#", 2);
    for (enum mqtt_version version = MQTT_3_1; version <= MQTT_5; version++) {
        struct mqtt_peer *ann = enter_as(&fixture, version, "ann");
        uint8_t refusal = version == MQTT_5 ? MQTT_NOT_AUTHORIZED : MQTT_SUCCESS;
        for (uint8_t qos = 0; qos <= 2; qos++) {
            assert_int_equal(mqtt_peer_publish(ann, "in/1", "good", qos), MQTT_SUCCESS);
            mqtt_peer_take(reader, "in/1", "good", qos);
            uint8_t reason = mqtt_peer_publish(ann, "out/1", "bad", qos);
            assert_int_equal(reason, qos == 0 ? MQTT_SUCCESS : refusal);
            mqtt_peer_expect_nothing(reader);
        }
        mqtt_peer_cut(ann);
    }
    assert_int_equal(mqtt_world_counts(fixture.world)->denied_messages, 9);
    assert_int_equal(mqtt_world_told(fixture.world, DOOR_EVENT_DENIED), 3); // once a connection
    finish(&fixture);
}

static void a_filter_with_wildcards_brings_what_may_be_read(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, "topic write #\nuser ann\ntopic read a/+\ntopic deny a/secret\n");
    struct mqtt_peer *from = mqtt_peer_connect(fixture.world, MQTT_5, "from");
    mqtt_peer_publish(from, "a/secret", "kept", 1 | MQTT_RETAIN);
    mqtt_peer_publish(from, "a/open", "kept", 1 | MQTT_RETAIN);
    struct mqtt_peer *ann = enter_as(&fixture, MQTT_5, "ann");
    mqtt_peer_subscribe(ann, "#", 1);
    mqtt_peer_take(ann, "a/open", "kept", 1);
    mqtt_peer_expect_nothing(ann);
    mqtt_peer_publish(from, "a/secret", "1", 1);
    mqtt_peer_publish(from, "b", "1", 1);
    mqtt_peer_expect_nothing(ann);
    mqtt_peer_publish(from, "a/1", "1", 1);
    mqtt_peer_take(ann, "a/1", "1", 1);
    finish(&fixture);
}

static void a_filter_without_wildcards_is_refused(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, "user ann\ntopic read a\n");
    struct mqtt_peer *ann = enter_as(&fixture, MQTT_5, "ann");
    assert_int_equal(mqtt_peer_try_subscribe(ann, "a", 1, 0), 1);
    assert_int_equal(mqtt_peer_try_subscribe(ann, "b", 1, 0), MQTT_NOT_AUTHORIZED);
    assert_int_equal(mqtt_peer_try_subscribe(ann, "$share/g/b", 1, 0), MQTT_NOT_AUTHORIZED);
    assert_int_equal(mqtt_peer_try_subscribe(ann, "$SYS/broker/uptime", 0, 0), MQTT_NOT_AUTHORIZED);
    mqtt_peer_cut(ann);
    struct mqtt_peer *old = enter_as(&fixture, MQTT_3_1_1, "ann");
    assert_int_equal(mqtt_peer_try_subscribe(old, "b", 1, 0), 0x80);
    finish(&fixture);
}

// What waits for who is away was judged when it came.
static void who_is_away_is_judged_as_who_is_there(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, "topic write #\nuser ann\ntopic read a\n");
    struct mqtt_packet connect = login(MQTT_3_1_1, "ann", "ann");
    connect.connect.clean_start = false;
    struct mqtt_peer *ann = enter(&fixture, &connect);
    mqtt_peer_subscribe(ann, "+", 1);
    mqtt_peer_cut(ann);
    struct mqtt_peer *from = mqtt_peer_connect(fixture.world, MQTT_5, "from");
    mqtt_peer_publish(from, "b", "1", 1);
    mqtt_peer_publish(from, "a", "2", 1);
    ann = enter(&fixture, &connect);
    mqtt_peer_take(ann, "a", "2", 1);
    mqtt_peer_expect_nothing(ann);
    finish(&fixture);
}

static void a_group_gives_to_a_member_that_may_read(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, "topic write #\nuser ann\ntopic read t/#\nuser bob\ntopic read t/1\n");
    struct mqtt_peer *ann = enter_as(&fixture, MQTT_5, "ann");
    struct mqtt_peer *bob = enter_as(&fixture, MQTT_5, "bob");
    mqtt_peer_subscribe(ann, "$share/g/#", 1);
    mqtt_peer_subscribe(bob, "$share/g/#", 1);
    struct mqtt_peer *from = mqtt_peer_connect(fixture.world, MQTT_5, "from");
    for (unsigned i = 0; i < 3; i++) {
        mqtt_peer_publish(from, "t/2", "for ann", 1);
        mqtt_peer_take(ann, "t/2", "for ann", 1);
        mqtt_peer_publish(from, "u", "for nobody", 1);
    }
    mqtt_peer_expect_nothing(ann);
    mqtt_peer_expect_nothing(bob);
    finish(&fixture);
}

static struct mqtt_packet with_will(struct mqtt_packet connect, const char *topic) {
    connect.connect.has_will = true;
    connect.connect.will_topic = bytes_of_text(topic);
    connect.connect.will_payload = BYTES_LITERAL("gone");
    return connect;
}

static void a_will_is_judged_at_connect_and_when_it_is_due(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, "topic read #\nuser ann\ntopic write wills/#\n");
    struct mqtt_peer *reader = mqtt_peer_connect(fixture.world, MQTT_5, "reader");
    mqtt_peer_subscribe(reader, "#", 0);
    struct mqtt_packet bad = with_will(login(MQTT_5, "ann", "ann"), "other");
    struct mqtt_peer *ann = mqtt_peer_open_with(fixture.world, &bad);
    mqtt_world_answer(fixture.world, true);
    mqtt_peer_expect_refused(ann, MQTT_NOT_AUTHORIZED);
    struct mqtt_packet good = with_will(login(MQTT_5, "ann", "ann"), "wills/ann");
    mqtt_peer_cut(enter(&fixture, &good));
    mqtt_peer_take(reader, "wills/ann", "gone", 0);
    ann = enter(&fixture, &good);
    struct access stricter;
    read_list(&fixture, &stricter, "topic read #\n");
    fixture.world->config.access = &stricter; // read anew
    mqtt_peer_cut(ann);
    mqtt_peer_expect_nothing(reader);
    fixture.world->config.access = &fixture.access;
    access_deinit(&stricter);
    finish(&fixture);
}

// Else who knows another's client identifier would get what waits for it, or throw it away.
static void a_session_belongs_to_its_user(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, "pattern readwrite %c/#\n");
    struct mqtt_packet connect = login(MQTT_5, "ann", "phone");
    struct mqtt_peer *ann = enter(&fixture, &connect);
    struct mqtt_packet thief = login(MQTT_5, "bob", "phone");
    struct mqtt_peer *bob = mqtt_peer_open_with(fixture.world, &thief);
    mqtt_world_answer(fixture.world, true);
    mqtt_peer_expect_refused(bob, MQTT_NOT_AUTHORIZED);
    struct mqtt_packet nobody = mqtt_connect_packet(MQTT_5, "phone");
    bob = mqtt_peer_open_with(fixture.world, &nobody);
    mqtt_peer_expect_refused(bob, MQTT_NOT_AUTHORIZED);
    mqtt_peer_subscribe(ann, "phone/#", 0); // it is still there
    mqtt_peer_cut(ann);
    ann = enter(&fixture, &connect);
    mqtt_peer_subscribe(ann, "phone/#", 0);
    finish(&fixture);
}

// A name that nobody has checked says nothing.
static void who_was_not_checked_has_no_user_name(void **state) {
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct access access;
    access_init(&access, &memory, 3);
    struct access_error error;
    assert_true(access_read(&access, BYTES_LITERAL("user ann\ntopic write a\n"), &error));
    struct mqtt_door_config config = mqtt_world_config();
    config.access = &access;
    struct mqtt_world *world = mqtt_world_open(&config); // asks for no password
    struct mqtt_packet connect = login(MQTT_5, "ann", "ann");
    struct mqtt_peer *ann = mqtt_peer_connect_with(world, &connect);
    (void)mqtt_peer_next(ann);
    assert_int_equal(mqtt_peer_publish(ann, "a", "1", 1), MQTT_NOT_AUTHORIZED);
    mqtt_world_close(world);
    access_deinit(&access);
    assert_int_equal(memory.blocks_in_use, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_allowed_is_not_published),
        cmocka_unit_test(a_filter_with_wildcards_brings_what_may_be_read),
        cmocka_unit_test(a_filter_without_wildcards_is_refused),
        cmocka_unit_test(who_is_away_is_judged_as_who_is_there),
        cmocka_unit_test(a_group_gives_to_a_member_that_may_read),
        cmocka_unit_test(a_will_is_judged_at_connect_and_when_it_is_due),
        cmocka_unit_test(a_session_belongs_to_its_user),
        cmocka_unit_test(who_was_not_checked_has_no_user_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
