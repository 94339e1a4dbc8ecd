#include "sim/partition.h"

#include "base/assert.h"
#include "base/heap.h"
#include "sim/link/paths.h"
#include "sim/router.h"

// Networks, then brokers, each leading to another of its part, up to one that stands for all.
struct parts {
    uint32_t *leads_to;
    uint32_t *devices; // of those that stand for their part
    bool *is_joined;   // likewise: it has a router
    uint32_t count;
    bool has_windows; // what routers join stays apart
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
        uint32_t network = speaks_lines ? plan_device_network(plan, group, i) : broker;
        if (!parts->has_windows) {
            join(parts, network, broker);
        }
        parts->devices[find(parts, network)]++;
    }
}

// The least time that anything takes over the link.
static uint64_t least_latency(const struct plan *plan, uint32_t link) {
    const struct plan_link *of = &plan->links[link];
    return of->delay_ns > of->jitter_ns ? of->delay_ns - of->jitter_ns : 0;
}

// Between any router and the master, whichever faults there are.
static uint64_t least_uplink(const struct plan *plan) {
    uint64_t least = SIM_REQUEST_TIMEOUT;
    for (uint32_t i = 0; i < plan->router_count; i++) {
        const struct sim_place place = sim_paths_router(plan, i);
        uint64_t latency = least_latency(plan, place.link);
        for (uint32_t k = 0; k < plan->fault_count; k++) {
            const struct plan_fault *fault = &plan->faults[k];
            if (fault->kind == PLAN_LINK_AS && sim_party_holds(plan, &fault->who, &place)) {
                uint64_t other = least_latency(plan, fault->link);
                latency = other < latency ? other : latency;
            }
        }
        least = latency < least ? latency : least;
    }
    return least;
}

static void join_all(struct parts *parts, const struct plan *plan) {
    for (uint32_t i = 0; i < plan->broker_count; i++) {
        if ((plan->brokers[i].doors & PLAN_DOOR_LINE) != 0) {
            join(parts, plan->brokers[i].network, plan->network_count + i);
        }
    }
    for (uint32_t i = 1; !parts->has_windows && i < plan->router_count; i++) {
        join(parts, plan->routers[0].network, plan->routers[i].network);
    }
    for (uint32_t i = 0; i < plan->group_count; i++) {
        join_devices(parts, plan, &plan->groups[i]);
    }
    for (uint32_t i = 0; parts->has_windows && i < plan->router_count; i++) {
        parts->is_joined[find(parts, plan->routers[i].network)] = true;
    }
}

// Numbers islands of parts in the order of their first networks, those that are joined or the
// others, from `first` on. A part shares the one before while both have no more than `most`
// devices.
static void number_parts(struct sim_partition *partition, struct parts *parts, uint32_t *numbers,
                         bool is_joined, uint32_t most) {
    uint32_t first = partition->count;
    for (uint32_t i = 0; i < parts->count; i++) {
        if (find(parts, i) == i && parts->is_joined[i] == is_joined) {
            bool has_room = partition->count > first &&
                            partition->devices[partition->count - 1] + parts->devices[i] <= most;
            partition->count += !has_room;
            partition->devices[partition->count - 1] += parts->devices[i];
            numbers[i] = partition->count - 1;
        }
    }
}

static uint32_t joined_devices(struct parts *parts) {
    uint32_t devices = 0;
    for (uint32_t i = 0; i < parts->count; i++) {
        devices += find(parts, i) == i && parts->is_joined[i] ? parts->devices[i] : 0;
    }
    return devices;
}

static void number_islands(struct sim_partition *partition, struct parts *parts) {
    uint32_t *numbers = memory_allocate(partition->memory, parts->count * sizeof *numbers);
    number_parts(partition, parts, numbers, false, SIM_ISLAND_DEVICES);
    partition->joined = partition->count;
    number_parts(partition, parts, numbers, true, joined_devices(parts) / SIM_JOINED_ISLANDS);
    ASSERT(partition->count <= parts->count);
    for (uint32_t i = 0; i < partition->networks; i++) {
        partition->of_network[i] = numbers[find(parts, i)];
    }
    for (uint32_t i = 0; i < partition->brokers; i++) {
        partition->of_broker[i] = numbers[find(parts, partition->networks + i)];
    }
    memory_free(partition->memory, numbers, parts->count * sizeof *numbers);
}

static uint32_t room_of(const struct sim_partition *partition) {
    return partition->networks + partition->brokers + 1; // and the master
}

void sim_partition_init(struct sim_partition *partition, struct memory *memory,
                        const struct plan *plan) {
    uint32_t count = plan->network_count + plan->broker_count;
    *partition = (struct sim_partition){
        .memory = memory, .networks = plan->network_count, .brokers = plan->broker_count};
    partition->window = plan->router_count > 1 ? least_uplink(plan) : 0;
    partition->of_network = memory_allocate(memory, plan->network_count * sizeof(uint32_t));
    partition->of_broker = memory_allocate(memory, plan->broker_count * sizeof(uint32_t));
    partition->devices = memory_allocate(memory, room_of(partition) * sizeof(uint32_t));
    struct parts parts = {.leads_to = memory_allocate(memory, count * sizeof(uint32_t)),
                          .devices = memory_allocate(memory, count * sizeof(uint32_t)),
                          .is_joined = memory_allocate(memory, count * sizeof(bool)),
                          .count = count,
                          .has_windows = partition->window >= SIM_WINDOW_LEAST};
    for (uint32_t i = 0; i < count; i++) {
        parts.leads_to[i] = i;
    }
    join_all(&parts, plan);
    number_islands(partition, &parts);
    if (parts.has_windows) {
        partition->of_master = partition->count++;
    } else if (plan->router_count > 0) {
        partition->of_master = partition->of_network[plan->routers[0].network];
    }
    memory_free(memory, parts.leads_to, count * sizeof(uint32_t));
    memory_free(memory, parts.devices, count * sizeof(uint32_t));
    memory_free(memory, parts.is_joined, count * sizeof(bool));
}

void sim_partition_deinit(struct sim_partition *partition) {
    struct memory *memory = partition->memory;
    memory_free(memory, partition->of_network, partition->networks * sizeof(uint32_t));
    memory_free(memory, partition->of_broker, partition->brokers * sizeof(uint32_t));
    memory_free(memory, partition->devices, room_of(partition) * sizeof(uint32_t));
}

// ---- hands --------------------------------------------------------------------------------------

static uint32_t devices_of_joined(const struct sim_partition *partition) {
    uint32_t devices = 0;
    for (uint32_t i = partition->joined; i < partition->count; i++) {
        devices += partition->devices[i];
    }
    return devices;
}

void sim_partition_deal(const struct sim_partition *partition, uint32_t hands, uint32_t *hand_of) {
    struct heap islands; // the largest first
    struct heap held;    // by how much each hand holds
    heap_init(&islands, partition->memory);
    heap_init(&held, partition->memory);
    for (uint32_t i = 0; i < partition->joined; i++) {
        heap_add(&islands, (struct heap_item){UINT32_MAX - partition->devices[i], i, NULL});
    }
    if (partition->joined < partition->count) {
        heap_add(&islands, (struct heap_item){UINT32_MAX - devices_of_joined(partition),
                                              partition->joined, NULL});
    }
    for (uint32_t hand = 0; hand < hands; hand++) {
        heap_add(&held, (struct heap_item){0, hand, NULL});
    }
    while (islands.count > 0) {
        uint64_t island = islands.items[0].sequence;
        uint64_t devices = UINT32_MAX - islands.items[0].due;
        struct heap_item least = held.items[0];
        uint64_t end = island < partition->joined ? island + 1 : partition->count;
        for (uint64_t i = island; i < end; i++) {
            hand_of[i] = (uint32_t)least.sequence;
        }
        // An island without devices is work, too.
        heap_move(&held, 0, least.due + devices + 1, least.sequence);
        heap_remove(&islands, 0);
    }
    heap_deinit(&islands);
    heap_deinit(&held);
}
