// Who goes when there are as many sessions as are allowed: of all, of one address, or for memory.
#include "role/mqtt_peer.h"

#include <stdio.h>

static struct mqtt_world *open_world(uint32_t sessions, uint32_t per_address,
                                     enum door_session_policy policy) {
    struct mqtt_door_config config = mqtt_world_config();
    config.limits.sessions = sessions;
    config.limits.sessions_per_address = per_address;
    config.limits.session_policy = policy;
    return mqtt_world_open(&config);
}

static void come_and_go(struct mqtt_world *world, const char *name) {
    mqtt_peer_cut(mqtt_peer_resume(world, MQTT_5, name));
}

// Whether the client finds a session of its own; it is away again then.
static bool is_known(struct mqtt_world *world, const char *name) {
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, name);
    connect.connect.clean_start = false;
    connect.properties.present = MQTT_HAS(MQTT_SESSION_EXPIRY);
    connect.properties.session_expiry = 3600;
    struct mqtt_peer *peer = mqtt_peer_connect_with(world, &connect);
    bool is_present = mqtt_peer_expect(peer, MQTT_CONNACK)->session_present;
    mqtt_peer_cut(peer);
    return is_present;
}

static void assert_refused(struct mqtt_world *world, const char *name) {
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, name);
    mqtt_peer_expect_refused(mqtt_peer_open_with(world, &connect), MQTT_QUOTA_EXCEEDED);
}

static void the_longest_absent_makes_room(void **state) {
    (void)state;
    struct mqtt_world *world = open_world(3, 0, DOOR_SESSIONS_DROP_OLDEST);
    come_and_go(world, "a");
    come_and_go(world, "b");
    come_and_go(world, "c");
    come_and_go(world, "a"); // b is away for longest now
    come_and_go(world, "d");
    assert_int_equal(mqtt_world_told(world, DOOR_EVENT_DISPLACED), 1);
    assert_string_equal(world->told[world->told_count - 3].client_id, "b");
    assert_int_equal(mqtt_world_counts(world)->displaced_sessions, 1);
    assert_true(is_known(world, "c"));
    assert_true(is_known(world, "a"));
    assert_true(is_known(world, "d"));
    assert_false(is_known(world, "b")); // c made room for it
    assert_false(is_known(world, "c"));
    mqtt_world_close(world);
}

static void who_is_there_is_never_displaced(void **state) {
    (void)state;
    struct mqtt_world *world = open_world(2, 0, DOOR_SESSIONS_DROP_OLDEST);
    struct mqtt_peer *here = mqtt_peer_connect(world, MQTT_5, "here");
    come_and_go(world, "away");
    struct mqtt_peer *other = mqtt_peer_connect(world, MQTT_3_1_1, "other");
    assert_refused(world, "late");
    assert_false(mqtt_peer_is_closed(here));
    assert_false(mqtt_peer_is_closed(other));
    mqtt_peer_cut(other);
    mqtt_peer_connect(world, MQTT_5, "late");
    mqtt_world_close(world);
}

static void newcomers_may_be_refused_instead(void **state) {
    (void)state;
    struct mqtt_world *world = open_world(2, 0, DOOR_SESSIONS_REFUSE);
    come_and_go(world, "a");
    come_and_go(world, "b");
    assert_refused(world, "c");
    assert_true(is_known(world, "a"));
    assert_true(is_known(world, "b"));
    assert_int_equal(mqtt_world_counts(world)->displaced_sessions, 0);
    mqtt_world_close(world);
}

// [MQTT-3.1.2-8] A will that waits is published when its session makes room.
static void a_session_that_makes_room_leaves_its_will(void **state) {
    (void)state;
    struct mqtt_world *world = open_world(2, 0, DOOR_SESSIONS_DROP_OLDEST);
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "will");
    connect.properties.present = MQTT_HAS(MQTT_SESSION_EXPIRY);
    connect.properties.session_expiry = 3600;
    connect.connect.has_will = true;
    connect.connect.will_topic = BYTES_LITERAL("gone");
    connect.connect.will_payload = BYTES_LITERAL("1");
    connect.connect.will_properties.present = MQTT_HAS(MQTT_WILL_DELAY);
    connect.connect.will_properties.will_delay = 1000;
    mqtt_peer_cut(mqtt_peer_connect_with(world, &connect));
    struct mqtt_peer *peer = mqtt_peer_connect(world, MQTT_5, "peer");
    mqtt_peer_subscribe(peer, "gone", 0);
    mqtt_peer_connect(world, MQTT_5, "new");
    mqtt_peer_take(peer, "gone", "1", 0);
    mqtt_world_close(world);
}

static void an_address_has_a_limit_of_its_own(void **state) {
    (void)state;
    for (enum door_session_policy policy = DOOR_SESSIONS_REFUSE;
         policy <= DOOR_SESSIONS_DROP_OLDEST; policy++) {
        struct mqtt_world *world = open_world(10, 2, policy);
        world->address = 1;
        come_and_go(world, "other");
        world->address = 2;
        come_and_go(world, "a");
        come_and_go(world, "b");
        if (policy == DOOR_SESSIONS_REFUSE) {
            assert_refused(world, "c");
        } else {
            come_and_go(world, "c");
            assert_true(is_known(world, "c"));
        }
        world->address = 0; // Unix sockets have no address, and no limit
        come_and_go(world, "d");
        come_and_go(world, "e");
        come_and_go(world, "f");
        assert_true(is_known(world, "other")); // it counts for no address now
        assert_true(is_known(world, "b"));
        assert_int_equal(is_known(world, "a"), policy == DOOR_SESSIONS_REFUSE);
        mqtt_world_close(world);
    }
}

static void a_session_counts_where_its_client_was_last(void **state) {
    (void)state;
    struct mqtt_world *world = open_world(10, 1, DOOR_SESSIONS_DROP_OLDEST);
    for (uint64_t address = 1; address <= 3; address++) {
        world->address = address;
        come_and_go(world, "wanderer");
    }
    world->address = 1;
    come_and_go(world, "one");
    assert_int_equal(mqtt_world_counts(world)->displaced_sessions, 0);
    world->address = 3;
    come_and_go(world, "three");
    assert_int_equal(mqtt_world_counts(world)->displaced_sessions, 1);
    assert_false(is_known(world, "wanderer")); // it takes the place of "three" then
    world->address = 1;
    assert_true(is_known(world, "one"));
    mqtt_world_close(world);
}

// Places of addresses are used again, in whatever order their sessions go.
static void addresses_come_and_go(void **state) {
    (void)state;
    struct mqtt_world *world = open_world(8, 2, DOOR_SESSIONS_DROP_OLDEST);
    uint64_t random = 7;
    for (unsigned i = 0; i < MQTT_PEERS_MAX; i++) {
        char name[8];
        (void)snprintf(name, sizeof name, "%u", (unsigned)(support_random(&random) % 20));
        world->address = support_random(&random) % 6;
        come_and_go(world, name);
        mqtt_world_wait(world, support_random(&random) % 1000 * ROLE_SECOND);
    }
    mqtt_world_close(world);
}

static void memory_is_made_for_small_newcomers(void **state) {
    (void)state;
    static char large[50001];
    memset(large, 'x', sizeof large - 1);
    struct mqtt_world *world = open_world(40, 0, DOOR_SESSIONS_DROP_OLDEST);
    world->memory.limit = 1 << 20;
    for (unsigned i = 0; i < 5; i++) {
        char name[8];
        (void)snprintf(name, sizeof name, "%u", i);
        come_and_go(world, name);
    }
    size_t all = (1 << 20) - 4000 - memory_used(&world->memory);
    memory_charge(&world->memory, all);
    assert_refused(world, "late"); // all five went, and did not help
    assert_int_equal(mqtt_world_counts(world)->displaced_sessions, 5);
    memory_discharge(&world->memory, all);
    come_and_go(world, "a");
    size_t room = (1 << 20) - (1 << 16) - memory_used(&world->memory) - 700;
    memory_charge(&world->memory, room);
    come_and_go(world, "b");
    assert_int_equal(mqtt_world_counts(world)->displaced_sessions, 6);
    assert_refused(world, large); // for what is large nobody has to go
    assert_int_equal(mqtt_world_counts(world)->displaced_sessions, 6);
    memory_discharge(&world->memory, room);
    mqtt_world_close(world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_longest_absent_makes_room),
        cmocka_unit_test(who_is_there_is_never_displaced),
        cmocka_unit_test(newcomers_may_be_refused_instead),
        cmocka_unit_test(a_session_that_makes_room_leaves_its_will),
        cmocka_unit_test(an_address_has_a_limit_of_its_own),
        cmocka_unit_test(a_session_counts_where_its_client_was_last),
        cmocka_unit_test(addresses_come_and_go),
        cmocka_unit_test(memory_is_made_for_small_newcomers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
