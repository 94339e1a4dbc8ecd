#include "support.h"

#include <string.h>

#include "scenario/plan.h"

// Two networks with a broker each, and 10 devices that use them in turns, five in a row.
struct fixture {
    struct memory memory;
    struct plan plan;
    struct plan_network networks[2];
    struct plan_broker brokers[2];
    struct plan_link links[2];
    struct plan_group group;
    uint32_t both[2];
};

static void start(struct fixture *fixture) {
    size_t at;
    *fixture = (struct fixture){.both = {0, 1}};
    memory_init(&fixture->memory);
    plan_init(&fixture->plan, &fixture->memory);
    fixture->networks[0] = (struct plan_network){BYTES_LITERAL("farm"), 0};
    fixture->networks[1] = (struct plan_network){BYTES_LITERAL("city"), 1};
    for (uint32_t i = 0; i < 2; i++) {
        fixture->brokers[i] =
            (struct plan_broker){.name = i == 0 ? BYTES_LITERAL("hall") : BYTES_LITERAL("tower"),
                                 .network = i,
                                 .link = PLAN_NONE,
                                 .doors = PLAN_DOOR_MQTT};
    }
    fixture->group = (struct plan_group){.label = BYTES_LITERAL("soil"),
                                         .count = 10,
                                         .first = 1,
                                         .link = PLAN_NONE,
                                         .brokers = fixture->both,
                                         .broker_count = 2,
                                         .broker_in_row = 5};
    assert_null(pattern_compile(&fixture->group.name, &fixture->plan.arena,
                                BYTES_LITERAL("soil-{i}"), PATTERN_BIT(PATTERN_I), &at));
    struct plan *plan = &fixture->plan;
    plan->stop_ns = PLAN_SECOND;
    plan->links = fixture->links, plan->link_count = 2;
    plan->networks = fixture->networks, plan->network_count = 2;
    plan->brokers = fixture->brokers, plan->broker_count = 2;
    plan->groups = &fixture->group, plan->group_count = 1;
    plan->device_count = 10;
    plan_check(plan);
}

static void finish(struct fixture *fixture) {
    plan_deinit(&fixture->plan);
    assert_int_equal(fixture->memory.bytes_in_use, 0);
    assert_int_equal(fixture->memory.blocks_in_use, 0);
}

static void devices_have_names_brokers_networks_and_links(void **state) {
    (void)state;
    struct fixture fixture;
    uint8_t room[PLAN_NAME_MAX];
    start(&fixture);
    const struct plan *plan = &fixture.plan;
    const struct plan_group *group = &fixture.group;
    assert_bytes_equal(plan_device_name(plan, group, 9, room), BYTES_LITERAL("soil-10"));
    assert_int_equal(plan_device_broker(group, 4), 0);
    assert_int_equal(plan_device_broker(group, 5), 1);
    assert_int_equal(plan_device_network(plan, group, 5), 1);
    assert_int_equal(plan_device_link(plan, group, 5), 1);
    fixture.group.networks = fixture.both;
    fixture.group.network_count = 2;
    fixture.group.network_in_row = 1;
    assert_int_equal(plan_device_network(plan, group, 5), 1);
    assert_int_equal(plan_device_network(plan, group, 4), 0);
    fixture.group.link = 0;
    assert_int_equal(plan_device_link(plan, group, 5), 0);
    struct pattern_values values = plan_device_values(plan, group, 5);
    assert_bytes_equal(values.broker, BYTES_LITERAL("tower"));
    assert_bytes_equal(values.network, BYTES_LITERAL("city"));
    finish(&fixture);
}

static void parties_know_their_devices(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    const struct plan *plan = &fixture.plan;
    struct plan_party devices = {PLAN_PARTY_DEVICES, 0, BYTES_LITERAL("soil-1*")};
    struct plan_party network = {PLAN_PARTY_NETWORK, 1, BYTES_LITERAL("city")};
    struct plan_party group = {PLAN_PARTY_GROUP, 0, BYTES_LITERAL("soil")};
    struct plan_party master = {PLAN_PARTY_MASTER, 0, BYTES_LITERAL("master")};
    assert_true(plan_party_has_device(plan, &devices, 0, 9));
    assert_false(plan_party_has_device(plan, &devices, 0, 1));
    assert_true(plan_party_has_device(plan, &network, 0, 5));
    assert_false(plan_party_has_device(plan, &network, 0, 4));
    assert_true(plan_party_has_device(plan, &group, 0, 4));
    assert_false(plan_party_has_device(plan, &master, 0, 4));
    finish(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(devices_have_names_brokers_networks_and_links),
        cmocka_unit_test(parties_know_their_devices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
