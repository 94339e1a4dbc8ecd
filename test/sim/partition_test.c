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

static void routers_join_networks_of_lines(void **state) {
    (void)state;
    struct plans *plans = plans_open(2, PLAN_DOOR_LINE);
    struct plan_group *group =
        plans_add_group(plans, "d{i}", 2 * SIM_ISLAND_DEVICES, PLAN_LINE_CLASSIC);
    group->broker_in_row = SIM_ISLAND_DEVICES;
    assert_int_equal(count_islands(plans), 2);
    plans_add_routers(plans);
    assert_int_equal(count_islands(plans), 1);
    plans_close(plans);
}

static void small_ones_share_an_island(void **state) {
    (void)state;
    struct plans *plans = plans_open(8, PLAN_DOOR_MQTT);
    (void)plans_add_group(plans, "d{i}", SIM_ISLAND_DEVICES, PLAN_MQTT_5_0);
    assert_int_equal(count_islands(plans), 1);
    plans_close(plans);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_network_joins_no_clients_of_mqtt),
        cmocka_unit_test(who_speaks_lines_hears_its_network),
        cmocka_unit_test(routers_join_networks_of_lines),
        cmocka_unit_test(small_ones_share_an_island),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
