// The account: whatever clients make the door keep, it stays within the limit of its struct memory,
// the client is told, and others are served on.
#include "role/mqtt_peer.h"

#include <stdio.h>
#include <stdlib.h>

#define LIMIT ((size_t)1 << 20)
#define LARGE 60000

static char large[LARGE + 1];

// A world with little memory, and two clients who use it well.
struct full_world {
    struct mqtt_world *world;
    struct mqtt_peer *reader;
    struct mqtt_peer *writer;
    unsigned clients;
};

static struct full_world open_full(const struct mqtt_door_config *config, bool is_guarded) {
    struct full_world full = {.world = is_guarded ? mqtt_world_open_guarded(config)
                                                  : mqtt_world_open(config)};
    memset(large, 'x', LARGE);
    full.world->memory.limit = LIMIT;
    full.world->core.values.limits =
        (struct topic_values_limits){.entries_max = UINT32_MAX, .bytes_max = UINT64_MAX};
    if (!is_guarded) {
        full.reader = mqtt_peer_connect(full.world, MQTT_5, "reader");
        full.writer = mqtt_peer_connect(full.world, MQTT_3_1_1, "writer");
        mqtt_peer_subscribe(full.reader, "well", 1);
    }
    return full;
}

static struct mqtt_door_config wide_config(void) {
    struct mqtt_door_config config = mqtt_world_config();
    config.limits.subscriptions = 100000;
    config.limits.queue_messages = 100000;
    config.limits.queue_bytes = UINT64_C(1) << 40;
    config.limits.total_bytes = UINT64_C(1) << 40;
    config.limits.receive_maximum = 65535;
    return config;
}

static void assert_serves(struct full_world *full) {
    assert_in_range(memory_used(&full->world->memory), 1, LIMIT);
    assert_in_range(full->world->memory.most, 1, LIMIT + LIMIT / 8);
    for (uint8_t qos = 0; qos <= 1; qos++) {
        mqtt_peer_publish(full->writer, "well", "1", qos);
        mqtt_peer_take(full->reader, "well", "1", qos);
    }
    mqtt_peer_send_short(full->reader, MQTT_PINGREQ, 0, 0);
    mqtt_peer_expect(full->reader, MQTT_PINGRESP);
}

static void close_full(struct full_world *full) {
    assert_serves(full);
    assert_true(mqtt_world_counts(full->world)->refused_memory > 0);
    mqtt_world_close(full->world);
}

static struct mqtt_packet next_connect(struct full_world *full, enum mqtt_version version) {
    static char name[16];
    (void)snprintf(name, sizeof name, "c%u", full->clients++);
    struct mqtt_packet connect = mqtt_connect_packet(version, name);
    connect.connect.clean_start = false;
    if (version == MQTT_5) {
        connect.properties.present = MQTT_HAS(MQTT_SESSION_EXPIRY);
        connect.properties.session_expiry = 3600;
    }
    return connect;
}

static struct mqtt_peer *connect_numbered(struct full_world *full, const char *name,
                                          unsigned number) {
    char text[32];
    (void)snprintf(text, sizeof text, "%s%u", name, number);
    return mqtt_peer_connect(full->world, MQTT_5, text);
}

// Whether the client was let in. It is cut off then; if not, it was told why.
static bool come_and_go(struct full_world *full, const struct mqtt_packet *connect) {
    struct mqtt_peer *peer = mqtt_peer_open_with(full->world, connect);
    const struct mqtt_packet *reply = mqtt_peer_expect(peer, MQTT_CONNACK);
    if (reply->reason == 0) {
        mqtt_peer_cut(peer);
        return true;
    }
    assert_int_equal(reply->reason, connect->connect.version == MQTT_5 ? MQTT_QUOTA_EXCEEDED : 3);
    return false;
}

static void wills_of_absent_clients(void **state) {
    (void)state;
    for (enum mqtt_version version = MQTT_3_1_1; version <= MQTT_5; version++) {
        struct full_world full = open_full(NULL, false);
        unsigned let_in = 0;
        for (unsigned i = 0; i < 30; i++) {
            struct mqtt_packet connect = next_connect(&full, version);
            connect.connect.has_will = true;
            connect.connect.will_topic = BYTES_LITERAL("will");
            connect.connect.will_payload = bytes_make(large, LARGE);
            connect.connect.will_properties.present = MQTT_HAS(MQTT_WILL_DELAY);
            connect.connect.will_properties.will_delay = 86400;
            struct mqtt_peer *peer = mqtt_peer_open_with(full.world, &connect);
            const struct mqtt_packet *reply = mqtt_peer_expect(peer, MQTT_CONNACK);
            let_in += reply->reason == 0;
            if (reply->reason != 0) {
                assert_int_equal(reply->reason, version == MQTT_5 ? MQTT_QUOTA_EXCEEDED : 3);
            } else if (version == MQTT_5) {
                mqtt_peer_cut(peer);
            }
        }
        assert_in_range(let_in, 8, 13);
        close_full(&full);
    }
}

static void client_ids_of_absent_clients(void **state) {
    (void)state;
    struct full_world full = open_full(NULL, false);
    unsigned let_in = 0;
    for (unsigned i = 0; i < 30; i++) {
        struct mqtt_packet connect = next_connect(&full, MQTT_5);
        large[0] = (char)('a' + i);
        connect.connect.client_id = bytes_make(large, LARGE);
        let_in += come_and_go(&full, &connect);
    }
    assert_in_range(let_in, 8, 13);
    close_full(&full);
}

static void filters(void **state) {
    (void)state;
    struct mqtt_door_config config = wide_config();
    struct full_world full = open_full(&config, false);
    unsigned taken = 0;
    for (unsigned i = 0; i < 20; i++) {
        struct mqtt_packet connect = next_connect(&full, MQTT_5);
        struct mqtt_peer *peer = mqtt_peer_connect_with(full.world, &connect);
        unsigned own = 0;
        for (unsigned k = 0; k < 4; k++) {
            large[0] = (char)('a' + i);
            large[1] = (char)('a' + k);
            uint8_t code = mqtt_peer_try_subscribe(peer, large, 1, 0);
            assert_true(code == 1 || code == MQTT_QUOTA_EXCEEDED);
            own += code == 1;
        }
        assert_true(own <= 2); // an eighth of the memory
        taken += own;
    }
    assert_in_range(taken, 8, 13);
    close_full(&full);
}

static void names_of_shared_subscriptions(void **state) {
    (void)state;
    struct mqtt_door_config config = wide_config();
    struct full_world full = open_full(&config, false);
    struct mqtt_packet connect = next_connect(&full, MQTT_3_1_1);
    struct mqtt_peer *peer = mqtt_peer_connect_with(full.world, &connect);
    unsigned refused = 0;
    for (unsigned i = 0; i < 40; i++) {
        char filter[LARGE + 1];
        (void)snprintf(filter, sizeof filter, "$share/%02u%.*s/a", i, LARGE - 20, large);
        refused += mqtt_peer_try_subscribe(peer, filter, 1, 0) == MQTT_UNSPECIFIED_ERROR;
    }
    assert_in_range(refused, 25, 34);
    close_full(&full);
}

static void small_filters_in_one_packet(void **state) {
    (void)state;
    struct mqtt_door_config config = wide_config();
    struct full_world full = open_full(&config, false);
    struct mqtt_peer *peer = mqtt_peer_connect(full.world, MQTT_5, "many");
    static uint8_t run[40000];
    uint8_t *end = run;
    uint32_t count = 0;
    while (end + 4 <= run + sizeof run) {
        end = mqtt_filter_write(MQTT_SUBSCRIBE, end, BYTES_LITERAL("a"), 0);
        count++;
    }
    struct mqtt_packet packet = {.type = MQTT_SUBSCRIBE,
                                 .packet_id = 1,
                                 .filters = {bytes_make(run, (size_t)(end - run)), count}};
    mqtt_peer_send(peer, &packet); // while it is under way it takes two bytes a filter
    assert_int_equal(mqtt_peer_expect(peer, MQTT_SUBACK)->codes.size, count);
    assert_serves(&full);
    mqtt_world_close(full.world);
}

static void topic_aliases(void **state) {
    (void)state;
    struct full_world full = open_full(NULL, false);
    unsigned ended = 0;
    for (unsigned i = 0; i < 20; i++) {
        struct mqtt_peer *peer = connect_numbered(&full, "", i);
        for (uint16_t alias = 1; alias <= 3 && !mqtt_peer_is_closed(peer); alias++) {
            struct mqtt_packet publish = mqtt_publish_packet(peer, large, "1", 0);
            publish.properties.present |= MQTT_HAS(MQTT_TOPIC_ALIAS);
            publish.properties.topic_alias = alias;
            mqtt_peer_send(peer, &publish);
        }
        assert_true(mqtt_peer_is_closed(peer)); // an eighth of the memory has room for two
        mqtt_peer_expect_closed(peer, MQTT_QUOTA_EXCEEDED);
        ended++;
    }
    assert_int_equal(ended, 20);
    mqtt_world_close(full.world);
}

static void topic_aliases_of_many(void **state) {
    (void)state;
    struct full_world full = open_full(NULL, false);
    unsigned ended = 0;
    for (unsigned i = 0; i < 20; i++) {
        struct mqtt_peer *peer = connect_numbered(&full, "", i);
        struct mqtt_packet publish = mqtt_publish_packet(peer, large, "1", 0);
        publish.properties.present |= MQTT_HAS(MQTT_TOPIC_ALIAS);
        publish.properties.topic_alias = 1;
        mqtt_peer_send(peer, &publish);
        ended += mqtt_peer_is_closed(peer);
    }
    assert_in_range(ended, 7, 12);
    close_full(&full);
}

static void retained_messages(void **state) {
    (void)state;
    struct full_world full = open_full(NULL, false);
    for (unsigned i = 0; i < 30; i++) {
        char topic[16];
        (void)snprintf(topic, sizeof topic, "kept/%u", i);
        (void)mqtt_peer_publish(full.writer, topic, large, 1 | MQTT_RETAIN);
    }
    assert_in_range(full.world->core.values.entries, 6, 8); // half of the memory
    assert_int_equal(mqtt_world_counts(full.world)->not_retained,
                     30 - full.world->core.values.entries);
    assert_serves(&full);
    mqtt_world_close(full.world);
}

// Not even what is small and many.
static void small_retained_messages(void **state) {
    (void)state;
    struct full_world full = open_full(NULL, false);
    for (unsigned i = 0; i < 10000; i++) {
        char topic[16];
        (void)snprintf(topic, sizeof topic, "%u", i);
        (void)mqtt_peer_publish(full.writer, topic, "1", 1 | MQTT_RETAIN);
    }
    assert_true(mqtt_world_counts(full.world)->not_retained > 0);
    assert_serves(&full);
    mqtt_world_close(full.world);
}

static void queues_of_absent_clients(void **state) {
    (void)state;
    struct mqtt_door_config config = wide_config();
    for (unsigned size = 1; size <= LARGE; size += LARGE - 1) {
        struct full_world full = open_full(&config, false);
        for (unsigned i = 0; i < 10; i++) {
            struct mqtt_packet connect = next_connect(&full, MQTT_5);
            struct mqtt_peer *peer = mqtt_peer_connect_with(full.world, &connect);
            char topic[2] = {(char)('a' + i), 0};
            mqtt_peer_subscribe(peer, topic, 1);
            mqtt_peer_cut(peer);
        }
        for (unsigned i = 0; i < 40000; i++) {
            char topic[2] = {(char)('a' + i % 10), 0};
            mqtt_peer_publish(full.writer, topic, size == 1 ? "1" : large, 1);
            i += size == 1 ? 0 : 400;
        }
        const struct mqtt_door_counts *counts = mqtt_world_counts(full.world);
        assert_true(counts->dropped_total_full + counts->dropped_queue_full > 0);
        assert_serves(&full);
        mqtt_world_close(full.world);
    }
}

static void streams_that_are_not_read(void **state) {
    (void)state;
    struct mqtt_door_config config = wide_config();
    struct full_world full = open_full(&config, false);
    for (unsigned i = 0; i < 20; i++) {
        char topic[16];
        (void)snprintf(topic, sizeof topic, "stuck%u", i);
        struct mqtt_peer *peer = connect_numbered(&full, "stuck", i);
        mqtt_peer_subscribe(peer, topic, (uint8_t)(i % 2));
        peer->is_stuck = true;
    }
    for (unsigned i = 0; i < 400; i++) {
        char topic[16];
        (void)snprintf(topic, sizeof topic, "stuck%u", i % 20);
        mqtt_peer_publish(full.writer, topic, large + i % 7 * 9000, 1);
    }
    assert_true(mqtt_world_counts(full.world)->dropped_total_full > 0);
    assert_serves(&full);
    mqtt_world_close(full.world);
}

// Each stream has its share of what is left at the end: however many hoard, who reads is served.
static void many_streams_that_are_not_read(void **state) {
    (void)state;
    struct mqtt_door_config config = wide_config();
    config.limits.connections = config.limits.sessions = 100;
    struct full_world full = open_full(&config, false);
    size_t rest = LIMIT - LIMIT / 8; // all but what is for those who come and read
    for (unsigned i = 0; i < 60; i++) {
        struct mqtt_peer *peer = connect_numbered(&full, "stuck", i);
        mqtt_peer_subscribe(peer, "stuck", (uint8_t)(i % 2));
        peer->is_stuck = true;
    }
    memory_charge(&full.world->memory, rest - memory_used(&full.world->memory));
    for (size_t size = 16; size < 20000; size += size / 2) {
        mqtt_peer_publish(full.writer, "stuck", large + LARGE - size, 1);
        assert_serves(&full);
    }
    assert_true(mqtt_world_counts(full.world)->dropped_total_full > 0);
    memory_discharge(&full.world->memory, full.world->memory.charged);
    mqtt_world_close(full.world);
}

// There is room for some of them when the message comes, and not for all.
static void one_message_to_a_crowd(void **state) {
    (void)state;
    struct mqtt_door_config config = wide_config();
    config.limits.connections = config.limits.sessions = 100;
    struct full_world full = open_full(&config, false);
    for (unsigned i = 0; i < 80; i++) {
        struct mqtt_peer *peer = connect_numbered(&full, "crowd", i);
        mqtt_peer_subscribe(peer, "crowd", 0);
        peer->is_stuck = true;
    }
    mqtt_peer_publish(full.writer, "crowd", large + LARGE - 4000, 0);
    assert_in_range(mqtt_world_counts(full.world)->dropped_total_full, 1, 79);
    assert_serves(&full);
    mqtt_world_close(full.world);
}

// Who asks and does not read what is answered has to go when memory gets short.
static void answers_that_are_not_read(void **state) {
    (void)state;
    struct mqtt_door_config config = wide_config();
    struct full_world full = open_full(&config, false);
    static uint8_t pings[60000];
    unsigned ended = 0;
    for (size_t i = 0; i < sizeof pings; i += 2) {
        pings[i] = 0xc0;
    }
    for (unsigned i = 0; i < 30; i++) {
        struct mqtt_peer *peer = connect_numbered(&full, "stuck", i);
        peer->is_stuck = true;
        mqtt_peer_send_bytes(peer, pings, sizeof pings);
        ended += mqtt_door_is_over(peer->connection);
        assert_in_range(memory_used(&full.world->memory), 1, LIMIT + LIMIT / 8);
        if (mqtt_door_is_over(peer->connection)) {
            mqtt_peer_cut(peer);
        }
    }
    assert_in_range(ended, 10, 22);
    assert_serves(&full);
    mqtt_world_close(full.world);
}

static void packets_that_have_partly_come(void **state) {
    (void)state;
    struct full_world full = open_full(NULL, false);
    static uint8_t part[60000] = {0x30, 0xff, 0xff, 0x07};
    unsigned ended = 0;
    for (unsigned i = 0; i < 30; i++) {
        struct mqtt_peer *peer = connect_numbered(&full, "part", i);
        mqtt_peer_send_bytes(peer, part, sizeof part);
        ended += mqtt_peer_is_closed(peer);
    }
    assert_in_range(ended, 20, 23); // half of the memory
    close_full(&full);
}

// A packet may be as large as its announcement, if there is memory for it.
static void a_packet_takes_no_more_than_its_size(void **state) {
    (void)state;
    struct mqtt_door_config config = mqtt_world_config();
    config.limits.packet_bytes = LIMIT;
    struct full_world full = open_full(&config, false);
    const size_t size = LIMIT * 3 / 8;
    struct mqtt_packet publish = mqtt_publish_packet(full.writer, "nobody", "", 1);
    uint8_t *payload = calloc(1, size);
    publish.publish.payload = bytes_make(payload, size);
    full.world->split = 1000;
    mqtt_peer_send(full.writer, &publish);
    full.world->split = 0;
    free(payload);
    mqtt_peer_expect(full.writer, MQTT_PUBACK);
    assert_in_range(full.world->memory.most, size, size + 100000);
    assert_serves(&full);
    mqtt_world_close(full.world);
}

static void packet_ids_of_qos_2(void **state) {
    (void)state;
    struct mqtt_door_config config = wide_config();
    struct full_world full = open_full(&config, false);
    unsigned ended = 0;
    for (unsigned i = 0; i < 20; i++) {
        struct mqtt_packet connect = next_connect(&full, MQTT_5);
        struct mqtt_peer *peer = mqtt_peer_connect_with(full.world, &connect);
        for (unsigned k = 0; k < 6000 && !mqtt_peer_is_closed(peer); k++) {
            struct mqtt_packet publish = mqtt_publish_packet(peer, "t", "1", 2);
            mqtt_peer_send(peer, &publish);
        }
        ended += mqtt_peer_is_closed(peer);
    }
    assert_in_range(ended, 3, 19);
    close_full(&full);
}

static void connects_that_await_their_check(void **state) {
    (void)state;
    struct full_world full = open_full(NULL, true);
    unsigned waiting = 0;
    for (unsigned i = 0; i < 30; i++) {
        struct mqtt_packet connect = next_connect(&full, MQTT_5);
        connect.connect.has_user_name = true;
        connect.connect.user_name = bytes_make(large, LARGE);
        struct mqtt_peer *peer = mqtt_peer_open_with(full.world, &connect);
        if (mqtt_peer_is_closed(peer)) {
            mqtt_peer_expect_refused(peer, MQTT_QUOTA_EXCEEDED);
        } else {
            waiting++;
        }
    }
    assert_in_range(waiting, 4, 7); // a copy of the credentials waits elsewhere
    assert_in_range(memory_used(&full.world->memory), 1, LIMIT);
    mqtt_world_close(full.world);
}

// What was refused is taken when there is room again.
static void what_is_given_back_is_there_for_others(void **state) {
    (void)state;
    struct full_world full = open_full(NULL, false);
    for (unsigned round = 0; round < 5; round++) {
        for (unsigned i = 0; i < 10; i++) {
            char topic[16];
            (void)snprintf(topic, sizeof topic, "kept/%u", i);
            (void)mqtt_peer_publish(full.writer, topic, large, 1 | MQTT_RETAIN);
        }
        assert_in_range(full.world->core.values.entries, 6, 8);
        for (unsigned i = 0; i < 10; i++) {
            char topic[16];
            (void)snprintf(topic, sizeof topic, "kept/%u", i);
            (void)mqtt_peer_publish(full.writer, topic, "", 1 | MQTT_RETAIN);
        }
        assert_int_equal(full.world->core.values.entries, 0);
    }
    assert_serves(&full);
    mqtt_world_close(full.world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wills_of_absent_clients),
        cmocka_unit_test(client_ids_of_absent_clients),
        cmocka_unit_test(filters),
        cmocka_unit_test(names_of_shared_subscriptions),
        cmocka_unit_test(small_filters_in_one_packet),
        cmocka_unit_test(topic_aliases),
        cmocka_unit_test(topic_aliases_of_many),
        cmocka_unit_test(retained_messages),
        cmocka_unit_test(small_retained_messages),
        cmocka_unit_test(queues_of_absent_clients),
        cmocka_unit_test(streams_that_are_not_read),
        cmocka_unit_test(many_streams_that_are_not_read),
        cmocka_unit_test(one_message_to_a_crowd),
        cmocka_unit_test(answers_that_are_not_read),
        cmocka_unit_test(packets_that_have_partly_come),
        cmocka_unit_test(a_packet_takes_no_more_than_its_size),
        cmocka_unit_test(packet_ids_of_qos_2),
        cmocka_unit_test(connects_that_await_their_check),
        cmocka_unit_test(what_is_given_back_is_there_for_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
