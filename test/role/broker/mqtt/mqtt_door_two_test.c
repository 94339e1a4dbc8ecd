// Two MQTT doors on one core: each serves its own subscribers, and the publishers of both.
#include "role/mqtt_peer.h"

struct two {
    struct mqtt_world *first; // whose core both doors have
    struct mqtt_world *second;
};

static struct two open_two(const struct mqtt_door_config *config) {
    struct two two = {mqtt_world_open(config), mqtt_world_open(config)};
    struct mqtt_world *second = two.second;
    mqtt_door_destroy(second->door);
    second->door = mqtt_door_create(&second->config, &second->port, &two.first->core,
                                    &(struct cipher_secret){{4}});
    return two;
}

static void settle(const struct two *two) {
    mqtt_world_settle(two->first);
    mqtt_world_settle(two->second);
}

// The second door leaves the core of the first one, which goes on without it.
static void close_second(struct two *two) {
    struct mqtt_world *second = two->second;
    for (unsigned i = 0; i < second->peer_count; i++) {
        if (second->peers[i]->connection != NULL) {
            mqtt_peer_cut(second->peers[i]);
        }
    }
    mqtt_door_destroy(second->door);
    assert_int_equal(second->memory.blocks_in_use, 0);
    second->door = mqtt_door_create(&second->config, &second->port, &second->core,
                                    &(struct cipher_secret){{1}});
    mqtt_world_close(second);
}

static void close_two(struct two *two) {
    close_second(two);
    mqtt_world_close(two->first);
}

static void each_serves_the_publishers_of_both(void **state) {
    (void)state;
    struct two two = open_two(NULL);
    struct mqtt_peer *here = mqtt_peer_connect(two.first, MQTT_5, "here");
    struct mqtt_peer *there = mqtt_peer_connect(two.second, MQTT_3_1_1, "there");
    mqtt_peer_subscribe(here, "a/#", 2);
    mqtt_peer_subscribe(there, "+/b", 1);
    assert_int_equal(mqtt_peer_publish(here, "a/b", "from here", 2), MQTT_SUCCESS);
    settle(&two);
    mqtt_peer_take(here, "a/b", "from here", 2);
    mqtt_peer_take(there, "a/b", "from here", 1);
    mqtt_peer_publish(there, "a/b", "from there", 1);
    settle(&two);
    mqtt_peer_take(here, "a/b", "from there", 1);
    mqtt_peer_take(there, "a/b", "from there", 1);
    mqtt_peer_expect_nothing(here);
    mqtt_peer_expect_nothing(there);
    close_two(&two);
}

// Both are the first session of their door; [MQTT-3.8.3-3] is about the publisher itself.
static void no_local_does_not_mistake_one_door_for_the_other(void **state) {
    (void)state;
    struct two two = open_two(NULL);
    struct mqtt_peer *here = mqtt_peer_connect(two.first, MQTT_5, "same");
    struct mqtt_peer *there = mqtt_peer_connect(two.second, MQTT_5, "same");
    mqtt_peer_subscribe(here, "a", 1 | MQTT_OPTION_NO_LOCAL);
    mqtt_peer_subscribe(there, "a", 1 | MQTT_OPTION_NO_LOCAL);
    mqtt_peer_publish(here, "a", "1", 1);
    settle(&two);
    mqtt_peer_expect_nothing(here);
    mqtt_peer_take(there, "a", "1", 1);
    close_two(&two);
}

static void a_group_of_each_door_gets_each_message_once(void **state) {
    (void)state;
    struct two two = open_two(NULL);
    struct mqtt_peer *from = mqtt_peer_connect(two.first, MQTT_5, "from");
    struct mqtt_peer *here = mqtt_peer_connect(two.first, MQTT_5, "here");
    struct mqtt_peer *there = mqtt_peer_connect(two.second, MQTT_5, "there");
    struct mqtt_peer *beside = mqtt_peer_connect(two.second, MQTT_5, "beside");
    mqtt_peer_subscribe(here, "$share/group/a", 1);
    mqtt_peer_subscribe(there, "$share/group/a", 1);
    mqtt_peer_subscribe(beside, "$share/group/a", 1);
    for (unsigned round = 0; round < 3; round++) {
        mqtt_peer_publish(from, "a", "1", 1);
        mqtt_peer_publish(from, "a", "2", 1);
        settle(&two);
        mqtt_peer_take(here, "a", "1", 1);
        mqtt_peer_take(here, "a", "2", 1);
        mqtt_peer_take(there, "a", "1", 1);
        mqtt_peer_take(beside, "a", "2", 1);
        mqtt_peer_expect_nothing(there);
        mqtt_peer_expect_nothing(beside);
    }
    close_two(&two);
}

static void what_one_retains_the_other_gives(void **state) {
    (void)state;
    struct two two = open_two(NULL);
    struct mqtt_peer *here = mqtt_peer_connect(two.first, MQTT_5, "here");
    struct mqtt_peer *there = mqtt_peer_connect(two.second, MQTT_5, "there");
    mqtt_peer_publish(here, "a", "kept", 1 | MQTT_RETAIN);
    mqtt_peer_subscribe(there, "#", 1);
    assert_true(mqtt_peer_take(there, "a", "kept", 1)->publish.retain);
    mqtt_peer_publish(there, "a", "", 1 | MQTT_RETAIN);
    mqtt_peer_take(there, "a", "", 1);
    mqtt_peer_subscribe(here, "#", 1);
    mqtt_peer_expect_nothing(here);
    close_two(&two);
}

// They are those of the door that came first.
static void the_figures_of_the_broker_are_given_at_both(void **state) {
    (void)state;
    struct mqtt_door_config config = mqtt_world_config();
    config.statistics_interval = 10 * ROLE_SECOND;
    struct two two = open_two(&config);
    struct mqtt_peer *there = mqtt_peer_connect(two.second, MQTT_5, "there");
    mqtt_peer_connect(two.first, MQTT_5, "here");
    mqtt_peer_connect(two.first, MQTT_5, "beside");
    mqtt_peer_subscribe(there, "$SYS/broker/clients/connected", 0);
    mqtt_peer_take(there, "$SYS/broker/clients/connected", "2", 0);
    mqtt_peer_connect(two.first, MQTT_5, "late");
    mqtt_world_wait(two.first, 11 * ROLE_SECOND);
    settle(&two);
    mqtt_peer_take(there, "$SYS/broker/clients/connected", "3", 0);
    close_two(&two);
}

static void one_goes_on_without_the_other(void **state) {
    (void)state;
    struct two two = open_two(NULL);
    struct mqtt_peer *here = mqtt_peer_connect(two.first, MQTT_5, "here");
    struct mqtt_peer *there = mqtt_peer_connect(two.second, MQTT_5, "there");
    mqtt_peer_subscribe(here, "a", 1);
    mqtt_peer_subscribe(there, "a", 1);
    close_second(&two);
    mqtt_peer_publish(here, "a", "1", 1);
    mqtt_peer_take(here, "a", "1", 1);
    mqtt_world_close(two.first);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_serves_the_publishers_of_both),
        cmocka_unit_test(no_local_does_not_mistake_one_door_for_the_other),
        cmocka_unit_test(a_group_of_each_door_gets_each_message_once),
        cmocka_unit_test(what_one_retains_the_other_gives),
        cmocka_unit_test(the_figures_of_the_broker_are_given_at_both),
        cmocka_unit_test(one_goes_on_without_the_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
