#include "role/network.h"

#include "role/line/device.h"

static struct packet join_of(uint32_t sender, uint32_t receiver, const char *kind,
                             struct bytes name) {
    struct packet packet = {.sender = sender, .receiver = receiver, .type = PACKET_JOIN};
    packet_add(&packet, bytes_of_text(kind));
    if (name.size > 0) {
        packet_add(&packet, name);
    }
    return packet;
}

struct table {
    struct network *network;
    struct network_node *node;
    struct devices devices;
};

static struct table open_table(void) {
    struct table table = {.network = network_open(1), .devices = {.self = 1}};
    table.node = network_add_client(table.network, 1, NULL);
    return table;
}

static bool put(struct table *table, struct packet join, uint32_t limit) {
    return devices_put(&table->devices, &table->node->port, &join, limit, 7);
}

static void close_table(struct table *table) {
    devices_deinit(&table->devices, &table->node->memory);
    network_close(table->network);
}

static void kinds_have_names_and_unknown_words_are_devices(void **state) {
    (void)state;
    for (int kind = DEVICE_BROKER; kind <= DEVICE_ROUTER; kind++) {
        const char *name = device_kind_name((enum device_kind)kind);
        assert_int_equal(device_kind_named(bytes_of_text(name)), kind);
    }
    assert_int_equal(device_kind_named(BYTES_LITERAL("toaster")), DEVICE_OTHER);
    assert_int_equal(device_kind_named(BYTES_LITERAL("")), DEVICE_OTHER);
    assert_string_equal(device_kind_name(DEVICE_OTHER), "device");
}

static void devices_are_kept_sorted_by_address(void **state) {
    (void)state;
    struct table table = open_table();
    static const uint32_t addresses[] = {500, 3, 999, 42, 7083};
    for (size_t i = 0; i < 5; i++) {
        assert_true(put(&table, join_of(addresses[i], 0, "client", BYTES_LITERAL("x")), 10));
    }
    assert_int_equal(table.devices.count, 5);
    for (uint32_t i = 1; i < 5; i++) {
        assert_true(table.devices.items[i - 1].address < table.devices.items[i].address);
    }
    assert_int_equal(devices_find(&table.devices, 42)->since, 7);
    assert_null(devices_find(&table.devices, 43));
    devices_remove(&table.devices, &table.node->port, 42);
    assert_null(devices_find(&table.devices, 42));
    devices_remove(&table.devices, &table.node->port, 42);
    assert_int_equal(network_count(table.node, EVENT_JOINED), 5);
    assert_int_equal(network_count(table.node, EVENT_LEFT), 1);
    close_table(&table);
}

static void a_full_table_refuses_strangers_and_updates_those_it_knows(void **state) {
    (void)state;
    struct table table = open_table();
    assert_true(put(&table, join_of(5, 0, "client", BYTES_LITERAL("old")), 1));
    assert_false(put(&table, join_of(6, 0, "client", BYTES_LITERAL("more")), 1));
    assert_true(put(&table, join_of(5, 0, "broker", BYTES_LITERAL("new name")), 1));
    const struct device *device = devices_find(&table.devices, 5);
    assert_bytes_equal(device_name(device), BYTES_LITERAL("new name"));
    assert_int_equal(device->kind, DEVICE_BROKER);
    assert_int_equal(network_count(table.node, EVENT_JOINED), 2);
    assert_true(put(&table, join_of(5, 1, "broker", BYTES_LITERAL("")), 1));
    assert_int_equal(network_count(table.node, EVENT_JOINED), 2); // an answer tells nothing new
    assert_int_equal(devices_find(&table.devices, 5)->name_size, 0);
    close_table(&table);
}

static void a_long_name_is_cut(void **state) {
    (void)state;
    struct table table = open_table();
    uint8_t name[1000];
    memset(name, 0xff, sizeof name);
    assert_true(put(&table, join_of(5, 0, "what\tis this", bytes_make(name, sizeof name)), 1));
    const struct device *device = devices_find(&table.devices, 5);
    assert_int_equal(device->kind, DEVICE_OTHER);
    assert_bytes_equal(device_name(device), bytes_make(name, DEVICE_NAME_MAX));
    close_table(&table);
}

static void strangers_are_refused_when_memory_is_short(void **state) {
    (void)state;
    struct table table = open_table();
    struct memory *memory = &table.node->memory;
    assert_true(put(&table, join_of(5, 0, "client", BYTES_LITERAL("old")), 1000));
    memory->limit = memory_used(memory) + 16 * 1024;
    uint32_t address = 6;
    while (address < 1000 && put(&table, join_of(address, 0, "client", BYTES_LITERAL("x")), 1000)) {
        address++;
    }
    assert_true(address < 1000);
    assert_true(memory_used(memory) < memory->limit);
    assert_true(put(&table, join_of(5, 0, "broker", BYTES_LITERAL("new name")), 1000));
    memory->limit = 0;
    assert_true(put(&table, join_of(address, 0, "client", BYTES_LITERAL("x")), 1000));
    close_table(&table);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_have_names_and_unknown_words_are_devices),
        cmocka_unit_test(devices_are_kept_sorted_by_address),
        cmocka_unit_test(a_full_table_refuses_strangers_and_updates_those_it_knows),
        cmocka_unit_test(strangers_are_refused_when_memory_is_short),
        cmocka_unit_test(a_long_name_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
