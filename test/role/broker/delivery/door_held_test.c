#include "role/broker/delivery/door_held.h"

#include "role/mqtt_peer.h"

#include <stdlib.h>
#include <string.h>

#define EXPIRY 3600

// A session that outlives its connection, whose CONNACK has come.
static struct mqtt_peer *connect_kept(struct mqtt_world *world, enum mqtt_version version,
                                      const char *client_id) {
    struct mqtt_packet connect = mqtt_connect_packet(version, client_id);
    connect.connect.clean_start = false;
    if (version == MQTT_5) {
        connect.properties.present = MQTT_HAS(MQTT_SESSION_EXPIRY);
        connect.properties.session_expiry = EXPIRY;
    }
    struct mqtt_peer *peer = mqtt_peer_open_with(world, &connect);
    mqtt_peer_expect_nothing(peer); // it is held
    mqtt_world_write(world);
    assert_int_equal(mqtt_peer_expect(peer, MQTT_CONNACK)->reason, MQTT_SUCCESS);
    return peer;
}

static void send_filter(struct mqtt_peer *peer, enum mqtt_type type, const char *filter,
                        uint8_t options) {
    uint8_t run[100];
    uint8_t *end = mqtt_filter_write(type, run, bytes_of_text(filter), options);
    struct mqtt_packet packet = {
        .type = type,
        .packet_id = 1,
        .filters = {.run = bytes_make(run, (size_t)(end - run)), .count = 1}};
    mqtt_peer_send(peer, &packet);
}

static void subscribe_kept(struct mqtt_peer *peer, const char *filter, uint8_t qos) {
    send_filter(peer, MQTT_SUBSCRIBE, filter, qos);
    mqtt_peer_expect_nothing(peer);
    mqtt_world_write(peer->world);
    assert_int_equal(mqtt_peer_expect(peer, MQTT_SUBACK)->codes.data[0], qos);
}

static void publish(struct mqtt_peer *peer, const char *topic, const char *value, uint8_t qos) {
    struct mqtt_packet packet = mqtt_publish_packet(peer, topic, value, qos);
    mqtt_peer_send(peer, &packet);
}

static void promises_are_held_and_other_packets_are_not(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open_kept(NULL);
    struct mqtt_peer *subscriber = connect_kept(world, MQTT_5, "s");
    subscribe_kept(subscriber, "#", 1);
    struct mqtt_peer *publisher = mqtt_peer_connect(world, MQTT_5, "p"); // its session is not kept
    struct mqtt_peer *other = mqtt_peer_connect(world, MQTT_3_1_1, "o");
    publish(publisher, "t", "one", 1);
    mqtt_peer_expect_nothing(publisher);
    mqtt_peer_expect_publish(subscriber, "t", "one"); // it may come twice
    mqtt_peer_send_short(other, MQTT_PINGREQ, 0, 0);
    mqtt_peer_expect(other, MQTT_PINGRESP);
    mqtt_peer_send_short(publisher, MQTT_PINGREQ, 0, 0);
    mqtt_peer_expect_nothing(publisher); // it stands behind what is held
    mqtt_world_write(world);
    assert_int_equal(mqtt_peer_next(publisher)->type, MQTT_PUBACK);
    assert_int_equal(mqtt_peer_next(publisher)->type, MQTT_PINGRESP);
    mqtt_peer_expect_nothing(publisher);
    publish(publisher, "t", "two", 0);
    mqtt_peer_expect_publish(subscriber, "t", "two");
    send_filter(subscriber, MQTT_UNSUBSCRIBE, "#", 0);
    mqtt_peer_expect_nothing(subscriber);
    mqtt_world_write(world);
    mqtt_peer_expect(subscriber, MQTT_UNSUBACK);
    mqtt_world_close(world);
}

// What is held first goes as soon as it may, however much comes behind it.
static void what_is_held_first_goes_first(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open_kept(NULL);
    struct mqtt_peer *subscriber = connect_kept(world, MQTT_5, "s");
    subscribe_kept(subscriber, "#", 1);
    struct mqtt_peer *publisher = mqtt_peer_connect(world, MQTT_5, "p");
    struct journal *journal = &world->journal.journal;
    uint64_t records[4];
    for (unsigned i = 0; i < 4; i++) {
        publish(publisher, "t", "x", 1);
        records[i] = journal->appended;
    }
    static const unsigned come[] = {1, 0, 0, 3}; // two marks: the last three are one
    for (unsigned i = 0; i < 4; i++) {
        journal_set_durable(journal, records[i]);
        mqtt_door_journal_written(world->door, world->now);
        mqtt_world_settle(world);
        for (unsigned k = 0; k < come[i]; k++) {
            assert_int_equal(mqtt_peer_next(publisher)->type, MQTT_PUBACK);
        }
        mqtt_peer_expect_nothing(publisher);
    }
    mqtt_world_close(world);
}

static void every_step_of_qos_2_is_held(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open_kept(NULL);
    struct mqtt_peer *subscriber = connect_kept(world, MQTT_5, "s");
    subscribe_kept(subscriber, "#", 2);
    struct mqtt_peer *publisher = connect_kept(world, MQTT_5, "p");
    publish(publisher, "t", "x", 2);
    mqtt_peer_expect_nothing(publisher);
    mqtt_peer_expect_nothing(subscriber);
    mqtt_world_write(world);
    uint16_t id = mqtt_peer_expect(publisher, MQTT_PUBREC)->packet_id;
    mqtt_peer_send_short(publisher, MQTT_PUBREL, id, 0);
    mqtt_peer_expect_nothing(publisher);
    mqtt_world_write(world);
    mqtt_peer_expect(publisher, MQTT_PUBCOMP);
    id = mqtt_peer_expect_publish(subscriber, "t", "x")->publish.packet_id;
    mqtt_peer_send_short(subscriber, MQTT_PUBREC, id, 0);
    mqtt_peer_expect_nothing(subscriber);
    mqtt_world_write(world);
    mqtt_peer_expect(subscriber, MQTT_PUBREL);
    mqtt_world_close(world);
}

static void a_stream_is_closed_behind_what_it_is_owed(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open_kept(NULL);
    struct mqtt_peer *subscriber = connect_kept(world, MQTT_5, "s");
    subscribe_kept(subscriber, "#", 1);
    struct mqtt_peer *publishers[2];
    for (unsigned i = 0; i < 2; i++) {
        publishers[i] = mqtt_peer_connect(world, MQTT_5, i == 0 ? "p" : "q");
        publish(publishers[i], "t", "x", 1);
        mqtt_peer_send_short(publishers[i], MQTT_DISCONNECT, 0, 0);
        assert_false(mqtt_peer_is_closed(publishers[i]));
        if (i == 0) {
            mqtt_world_write(world);
            mqtt_peer_expect(publishers[i], MQTT_PUBACK);
        } else {
            mqtt_world_fail(world); // nobody waits for a disk
            mqtt_peer_expect_nothing(publishers[i]);
        }
        assert_true(mqtt_peer_is_closed(publishers[i]));
    }
    mqtt_world_close(world);
}

// ---- a journal that fails ---------------------------------------------------------------------

static void nothing_is_promised_while_the_journal_fails(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open_kept(NULL);
    struct mqtt_peer *subscriber = connect_kept(world, MQTT_5, "s");
    subscribe_kept(subscriber, "#", 2);
    struct mqtt_peer *publisher = mqtt_peer_connect(world, MQTT_5, "p");
    mqtt_world_fail(world);
    publish(publisher, "t", "1", 1);
    assert_int_equal(mqtt_peer_expect(publisher, MQTT_PUBACK)->reason, MQTT_QUOTA_EXCEEDED);
    publish(publisher, "t", "2", 2);
    assert_int_equal(mqtt_peer_expect(publisher, MQTT_PUBREC)->reason, MQTT_QUOTA_EXCEEDED);
    mqtt_peer_expect_nothing(subscriber);
    publish(publisher, "t", "0", 0);
    mqtt_peer_expect_publish(subscriber, "t", "0"); // what needs no promise is served
    send_filter(subscriber, MQTT_SUBSCRIBE, "a", 1);
    assert_int_equal(mqtt_peer_expect(subscriber, MQTT_SUBACK)->codes.data[0], MQTT_QUOTA_EXCEEDED);
    send_filter(subscriber, MQTT_UNSUBSCRIBE, "#", 0);
    assert_int_equal(mqtt_peer_expect(subscriber, MQTT_UNSUBACK)->codes.data[0],
                     MQTT_IMPLEMENTATION_SPECIFIC_ERROR);
    mqtt_peer_subscribe(publisher, "b", 1); // its session ends with its connection
    struct mqtt_packet connect = mqtt_connect_packet(MQTT_5, "new");
    connect.properties.present = MQTT_HAS(MQTT_SESSION_EXPIRY);
    connect.properties.session_expiry = EXPIRY;
    mqtt_peer_expect_refused(mqtt_peer_open_with(world, &connect), MQTT_QUOTA_EXCEEDED);
    assert_int_equal(mqtt_world_counts(world)->refused_promises, 5);
    mqtt_peer_cut(subscriber);
    subscriber = mqtt_peer_resume(world, MQTT_5, "s"); // which there is
    assert_true(mqtt_peer_expect(subscriber, MQTT_CONNACK)->session_present);
    mqtt_world_write(world);
    assert_int_equal(mqtt_peer_publish(publisher, "b", "3", 0), MQTT_SUCCESS);
    mqtt_peer_expect_publish(publisher, "b", "3");
    mqtt_world_close(world);
}

static void before_5_0_a_refusal_ends_the_connection(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open_kept(NULL);
    struct mqtt_peer *one = connect_kept(world, MQTT_3_1_1, "one");
    struct mqtt_peer *two = connect_kept(world, MQTT_3_1_1, "two");
    struct mqtt_peer *three = connect_kept(world, MQTT_3_1_1, "three");
    subscribe_kept(one, "#", 2);
    mqtt_world_fail(world);
    publish(two, "t", "2", 2);
    assert_true(mqtt_peer_is_closed(two));
    publish(three, "t", "1", 1);
    assert_true(mqtt_peer_is_closed(three));
    mqtt_peer_expect_nothing(one);
    send_filter(one, MQTT_SUBSCRIBE, "a", 1);
    assert_int_equal(mqtt_peer_expect(one, MQTT_SUBACK)->codes.data[0], MQTT_UNSPECIFIED_ERROR);
    send_filter(one, MQTT_UNSUBSCRIBE, "#", 0);
    assert_true(mqtt_peer_is_closed(one));
    mqtt_world_write(world);
    two = connect_kept(world, MQTT_3_1_1, "two");
    struct mqtt_packet again = mqtt_publish_packet(two, "t", "2", 2);
    mqtt_peer_send(two, &again); // the refused one has left no trace
    mqtt_world_write(world);
    mqtt_peer_expect(two, MQTT_PUBREC);
    one = connect_kept(world, MQTT_3_1_1, "one");
    mqtt_peer_expect_publish(one, "t", "2");
    mqtt_world_close(world);
}

static void messages_of_qos_2_wait_until_the_journal_is_well(void **state) {
    (void)state;
    struct mqtt_door_config config = mqtt_world_config();
    config.limits.in_flight = 1;
    struct mqtt_world *world = mqtt_world_open_kept(&config);
    struct mqtt_peer *subscriber = connect_kept(world, MQTT_5, "s");
    subscribe_kept(subscriber, "#", 2);
    struct mqtt_peer *publisher = mqtt_peer_connect(world, MQTT_5, "p");
    publish(publisher, "t", "1", 1);
    publish(publisher, "t", "2", 2);
    mqtt_world_write(world);
    uint16_t id = mqtt_peer_expect_publish(subscriber, "t", "1")->publish.packet_id;
    mqtt_world_fail(world);
    mqtt_peer_send_short(subscriber, MQTT_PUBACK, id, 0);
    publish(publisher, "t", "0", 0);
    mqtt_peer_expect_publish(subscriber, "t", "0"); // its stream does not stand still
    mqtt_peer_expect_nothing(subscriber);
    mqtt_world_write(world);
    mqtt_world_write(world); // of what is sent now
    mqtt_peer_expect_publish(subscriber, "t", "2");
    mqtt_world_close(world);
}

// ---- what is over before it was written ---------------------------------------------------------

// What the journal got since it had so many records, as text, which is to be freed.
static char *journal_behind(const struct mqtt_world *world, uint32_t count) {
    struct memory_journal rest = world->journal;
    rest.records += count;
    rest.count -= count;
    return memory_journal_text(&rest);
}

static void answer_publish(struct mqtt_peer *peer, const char *value) {
    mqtt_peer_send_short(peer, MQTT_PUBACK,
                         mqtt_peer_expect_publish(peer, "t", value)->publish.packet_id, 0);
}

static void what_is_done_before_it_was_written_leaves_no_record(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open_kept(NULL);
    struct mqtt_peer *subscriber = connect_kept(world, MQTT_5, "s");
    subscribe_kept(subscriber, "#", 1);
    struct mqtt_peer *publisher = mqtt_peer_connect(world, MQTT_5, "p");
    memory_journal_let_take_back(&world->journal);
    uint32_t before = world->journal.count;
    publish(publisher, "t", "one", 1);
    answer_publish(subscriber, "one");
    char *text = journal_behind(world, before);
    assert_string_equal(text, "");
    free(text);
    mqtt_peer_expect_nothing(publisher); // its PUBACK waits all the same
    mqtt_world_write(world);
    mqtt_peer_expect(publisher, MQTT_PUBACK);
    publish(publisher, "t", "two", 1);
    mqtt_world_write(world);
    before = world->journal.count;
    answer_publish(subscriber, "two");
    text = journal_behind(world, before);
    assert_memory_equal(text, "done ", 5);
    free(text);
    mqtt_world_close(world);
}

// A message stays as long as any record refers to it, also one of a delivery that is over.
static void what_others_stand_for_is_not_taken_back(void **state) {
    (void)state;
    struct mqtt_world *world = mqtt_world_open_kept(NULL);
    struct mqtt_peer *first = connect_kept(world, MQTT_5, "first");
    struct mqtt_peer *second = connect_kept(world, MQTT_5, "second");
    subscribe_kept(first, "#", 1);
    subscribe_kept(second, "#", 1);
    struct mqtt_peer *publisher = mqtt_peer_connect(world, MQTT_5, "p");
    memory_journal_let_take_back(&world->journal);
    uint32_t before = world->journal.count;
    publish(publisher, "t", "one", 1);
    answer_publish(first, "one");
    char *text = journal_behind(world, before);
    assert_memory_equal(text, "message ", 8);
    assert_non_null(strstr(text, ";queued "));
    assert_null(strstr(strstr(text, ";queued ") + 1, ";queued "));
    free(text);
    mqtt_world_write(world);
    mqtt_peer_expect(publisher, MQTT_PUBACK);
    answer_publish(second, "one");
    text = journal_behind(world, before);
    assert_non_null(strstr(text, ";done "));
    free(text);
    mqtt_world_close(world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(promises_are_held_and_other_packets_are_not),
        cmocka_unit_test(what_is_held_first_goes_first),
        cmocka_unit_test(every_step_of_qos_2_is_held),
        cmocka_unit_test(a_stream_is_closed_behind_what_it_is_owed),
        cmocka_unit_test(nothing_is_promised_while_the_journal_fails),
        cmocka_unit_test(before_5_0_a_refusal_ends_the_connection),
        cmocka_unit_test(messages_of_qos_2_wait_until_the_journal_is_well),
        cmocka_unit_test(what_is_done_before_it_was_written_leaves_no_record),
        cmocka_unit_test(what_others_stand_for_is_not_taken_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
