#include "sim/partition.h"

#include "base/assert.h"

// Networks, then brokers, each leading to another of its part, up to one that stands for all.
struct parts {
    uint32_t *leads_to;
    uint32_t *devices; // of those that stand for their part
    uint32_t count;
};

static uint32_t find(struct parts *parts, uint32_t at) {
    while (parts->leads_to[at] != at) {
        ASSERT(parts->leads_to[at] < at); // so there is no circle
        parts->leads_to[at] = parts->leads_to[parts->leads_to[at]];
        at = parts->leads_to[at];
    }
    return at;
}

static void join(struct parts *parts, uint32_t a, uint32_t b) {
    uint32_t low = find(parts, a);
    uint32_t high = find(parts, b);
    if (low > high) {
        uint32_t other = low;
        low = high;
        high = other;
    }
    if (low != high) {
        parts->leads_to[high] = low;
        parts->devices[low] += parts->devices[high];
    }
}

static void join_devices(struct parts *parts, const struct plan *plan,
                         const struct plan_group *group) {
    bool speaks_lines = !plan_speaks_mqtt(group->speaks);
    for (uint32_t i = 0; i < group->count; i++) {
        uint32_t broker = plan->network_count + plan_device_broker(group, i);
        if (speaks_lines) {
            join(parts, plan_device_network(plan, group, i), broker);
        }
        parts->devices[find(parts, broker)]++;
    }
}

static void join_all(struct parts *parts, const struct plan *plan) {
    for (uint32_t i = 0; i < plan->broker_count; i++) {
        if ((plan->brokers[i].doors & PLAN_DOOR_LINE) != 0) {
            join(parts, plan->brokers[i].network, plan->network_count + i);
        }
    }
    for (uint32_t i = 1; i < plan->router_count; i++) {
        join(parts, plan->routers[0].network, plan->routers[i].network);
    }
    for (uint32_t i = 0; i < plan->group_count; i++) {
        join_devices(parts, plan, &plan->groups[i]);
    }
}

// Numbers the islands in the order of their first networks.
static void number_islands(struct sim_partition *partition, struct parts *parts) {
    uint32_t *numbers = memory_allocate(partition->memory, parts->count * sizeof *numbers);
    partition->count = 0;
    for (uint32_t i = 0; i < parts->count; i++) {
        if (find(parts, i) == i) {
            bool has_room =
                partition->count > 0 &&
                partition->devices[partition->count - 1] + parts->devices[i] <= SIM_ISLAND_DEVICES;
            partition->count += !has_room;
            partition->devices[partition->count - 1] += parts->devices[i];
            numbers[i] = partition->count - 1;
        }
    }
    ASSERT(partition->count <= parts->count);
    for (uint32_t i = 0; i < partition->networks; i++) {
        partition->of_network[i] = numbers[find(parts, i)];
    }
    for (uint32_t i = 0; i < partition->brokers; i++) {
        partition->of_broker[i] = numbers[find(parts, partition->networks + i)];
    }
    memory_free(partition->memory, numbers, parts->count * sizeof *numbers);
}

void sim_partition_init(struct sim_partition *partition, struct memory *memory,
                        const struct plan *plan) {
    uint32_t count = plan->network_count + plan->broker_count;
    *partition = (struct sim_partition){
        .memory = memory, .networks = plan->network_count, .brokers = plan->broker_count};
    partition->of_network = memory_allocate(memory, plan->network_count * sizeof(uint32_t));
    partition->of_broker = memory_allocate(memory, plan->broker_count * sizeof(uint32_t));
    partition->devices = memory_allocate(memory, count * sizeof(uint32_t));
    struct parts parts = {.leads_to = memory_allocate(memory, count * sizeof(uint32_t)),
                          .devices = memory_allocate(memory, count * sizeof(uint32_t)),
                          .count = count};
    for (uint32_t i = 0; i < count; i++) {
        parts.leads_to[i] = i;
    }
    join_all(&parts, plan);
    number_islands(partition, &parts);
    memory_free(memory, parts.leads_to, count * sizeof(uint32_t));
    memory_free(memory, parts.devices, count * sizeof(uint32_t));
}

void sim_partition_deinit(struct sim_partition *partition) {
    struct memory *memory = partition->memory;
    uint32_t count = partition->networks + partition->brokers;
    memory_free(memory, partition->of_network, partition->networks * sizeof(uint32_t));
    memory_free(memory, partition->of_broker, partition->brokers * sizeof(uint32_t));
    memory_free(memory, partition->devices, count * sizeof(uint32_t));
}
