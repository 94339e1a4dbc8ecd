// Which parts of a world can be run each by itself.
#include "sim/plans.h"

#include "sim/partition.h"

// Two brokers, whose devices all stand in the network of the first one; more of each than an island
// that is shared has.
static struct plans *open_with(uint8_t doors, enum plan_speaks speaks) {
    static uint32_t first_network = 0;
    struct plans *plans = plans_open(2, doors);
    struct plan_group *group = plans_add_group(plans, "d{i}", 2 * SIM_ISLAND_DEVICES, speaks);
    group->broker_in_row = SIM_ISLAND_DEVICES;
    group->networks = &first_network;
    group->network_count = 1;
    group->network_in_row = 1;
    return plans;
}

static uint32_t count_islands(struct plans *plans) {
    struct sim_partition partition;
    sim_partition_init(&partition, &plans->memory, &plans->plan);
    uint32_t count = partition.count;
    sim_partition_deinit(&partition);
    return count;
}

// The islands of the two brokers, beside which there may be networks of nobody.
static bool are_apart(struct plans *plans) {
    struct sim_partition partition;
    sim_partition_init(&partition, &plans->memory, &plans->plan);
    bool result = partition.of_broker[0] != partition.of_broker[1];
    sim_partition_deinit(&partition);
    return result;
}

static void a_network_joins_no_clients_of_mqtt(void **state) {
    (void)state;
    struct plans *plans = open_with(PLAN_DOOR_MQTT, PLAN_MQTT_5_0);
    assert_true(are_apart(plans));
    plans_close(plans);
}

static void who_speaks_lines_hears_its_network(void **state) {
    (void)state;
    struct plans *plans = open_with(PLAN_DOOR_LINE, PLAN_LINE_CLASSIC);
    assert_false(are_apart(plans));
    plans_close(plans);
}

// As many networks as that, joined by routers; their devices speak lines.
static struct plans *open_joined(uint32_t networks, uint32_t devices) {
    struct plans *plans = plans_open(networks, PLAN_DOOR_LINE);
    (void)plans_add_group(plans, "d{i}", devices, PLAN_LINE_CLASSIC);
    plans_add_routers(plans);
    return plans;
}

// Each is an island, and the master is one; they can be apart for as long as an uplink takes.
static void routers_join_networks_of_lines(void **state) {
    (void)state;
    struct plans *plans = open_joined(2, 2 * SIM_ISLAND_DEVICES);
    struct sim_partition partition;
    sim_partition_init(&partition, &plans->memory, &plans->plan);
    assert_int_equal(partition.count, 3);
    assert_int_equal(partition.joined, 0);
    assert_int_equal(partition.of_master, 2);
    assert_int_equal(partition.of_network[0], 0);
    assert_int_equal(partition.of_network[1], 1);
    assert_int_equal(partition.of_broker[1], 1);
    assert_int_equal(partition.window, 8 * PLANS_MS);
    sim_partition_deinit(&partition);
    plans_close(plans);
}

// Whichever faults come.
static void windows_are_as_wide_as_the_fastest_uplink(void **state) {
    (void)state;
    static const struct plan_link fast = {.delay_ns = 5 * PLANS_MS, .jitter_ns = PLANS_MS};
    struct plans *plans = open_joined(2, 10);
    plans->links[2] = fast;
    plans->plan.link_count = 3;
    struct plan_fault *fault = plans_add_fault(plans, PLAN_LINK_AS, 0, 0);
    fault->link = 2;
    for (unsigned i = 0; i < 3; i++) {
        static const enum plan_party_kind kinds[] = {PLAN_PARTY_GROUP, PLAN_PARTY_ROUTER,
                                                     PLAN_PARTY_NETWORK};
        struct sim_partition partition;
        fault->who = (struct plan_party){.kind = kinds[i]};
        sim_partition_init(&partition, &plans->memory, &plans->plan);
        assert_int_equal(partition.window, (i == 0 ? 8 : 4) * PLANS_MS);
        assert_int_equal(partition.count, 3);
        sim_partition_deinit(&partition);
    }
    plans->links[2].jitter_ns = 5 * PLANS_MS;
    assert_int_equal(count_islands(plans), 1); // a window may be too short
    plans_close(plans);
}

// Nor do routers join brokers of MQTT, or networks that have none.
static void only_lines_are_joined(void **state) {
    (void)state;
    struct plans *plans = plans_open(4, PLAN_DOOR_LINE);
    (void)plans_add_group(plans, "d{i}", 4 * SIM_ISLAND_DEVICES, PLAN_LINE_CLASSIC);
    plans_add_routers(plans);
    plans->plan.router_count = 2;
    plans->brokers[1].doors = PLAN_DOOR_MQTT;
    plans->groups[0].broker_count = 1;
    struct sim_partition partition;
    sim_partition_init(&partition, &plans->memory, &plans->plan);
    assert_int_equal(partition.count - partition.joined, 3);
    assert_true(partition.of_broker[0] >= partition.joined);
    assert_true(partition.of_broker[1] < partition.joined);
    assert_true(partition.of_network[1] >= partition.joined);
    assert_true(partition.of_network[3] < partition.joined);
    sim_partition_deinit(&partition);
    plans_close(plans);
}

static void small_ones_share_an_island(void **state) {
    (void)state;
    struct plans *plans = plans_open(8, PLAN_DOOR_MQTT);
    (void)plans_add_group(plans, "d{i}", SIM_ISLAND_DEVICES, PLAN_MQTT_5_0);
    assert_int_equal(count_islands(plans), 1);
    plans_close(plans);
}

// One large island and many small ones.
static void hands_get_equal_shares(void **state) {
    (void)state;
    static uint32_t first_broker = 0;
    struct plans *plans = plans_open(21, PLAN_DOOR_MQTT);
    plans_add_group(plans, "d{i}", 20 * SIM_ISLAND_DEVICES, PLAN_MQTT_5_0);
    struct plan_group *crowd =
        plans_add_group(plans, "c{i}", 9 * SIM_ISLAND_DEVICES, PLAN_MQTT_5_0);
    crowd->brokers = &first_broker;
    crowd->broker_count = 1;
    struct sim_partition partition;
    uint32_t hand_of[21 + 21];
    uint32_t held[3] = {0};
    sim_partition_init(&partition, &plans->memory, &plans->plan);
    sim_partition_deal(&partition, 3, hand_of);
    for (uint32_t i = 0; i < partition.count; i++) {
        assert_in_range(hand_of[i], 0, 2);
        held[hand_of[i]] += partition.devices[i];
    }
    uint32_t share = plans->plan.device_count / 3;
    for (uint32_t hand = 0; hand < 3; hand++) {
        assert_in_range(held[hand], share - SIM_ISLAND_DEVICES, share + SIM_ISLAND_DEVICES);
    }
    sim_partition_deal(&partition, 1, hand_of);
    for (uint32_t i = 0; i < partition.count; i++) {
        assert_int_equal(hand_of[i], 0);
    }
    sim_partition_deinit(&partition);
    plans_close(plans);
}

// They exchange flights, which no hand passes to another.
static void what_is_joined_is_in_one_hand(void **state) {
    (void)state;
    struct plans *plans = open_joined(8, 2 * SIM_ISLAND_DEVICES);
    struct sim_partition partition;
    uint32_t hand_of[9];
    sim_partition_init(&partition, &plans->memory, &plans->plan);
    assert_int_equal(partition.count, 9);
    sim_partition_deal(&partition, 3, hand_of);
    for (uint32_t i = 0; i < partition.count; i++) {
        assert_int_equal(hand_of[i], hand_of[0]);
    }
    sim_partition_deinit(&partition);
    plans_close(plans);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_network_joins_no_clients_of_mqtt),
        cmocka_unit_test(who_speaks_lines_hears_its_network),
        cmocka_unit_test(routers_join_networks_of_lines),
        cmocka_unit_test(windows_are_as_wide_as_the_fastest_uplink),
        cmocka_unit_test(only_lines_are_joined),
        cmocka_unit_test(small_ones_share_an_island),
        cmocka_unit_test(hands_get_equal_shares),
        cmocka_unit_test(what_is_joined_is_in_one_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
