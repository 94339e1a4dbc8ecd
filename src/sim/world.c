#include "sim/world.h"

#include "base/assert.h"
#include "sim/director.h"
#include "sim/device/hearing.h"
#include "sim/device/life.h"
#include "sim/device/judge.h"
#include "sim/master.h"
#include "sim/partition.h"
#include "sim/visitor.h"

// Islands of few devices are run together, so that they fill the caches and no more.
#define RING 256u        // last events that a finding may show, of an island ...
#define RING_OF_MANY 64u // ... and of one among many
#define MANY_ISLANDS 100u

// An island that is no larger than this is brought into the caches as a whole before it goes on, if
// it goes on for that long.
#define PREFETCHED_BYTES ((size_t)1 << 20)
#define PREFETCHED_NS PLAN_SECOND
#define RING_OF_PACKETS 2048u // ... and where packets are among them

// What a broker may keep more than it does when the first visitor comes.
#define VISITED_BYTES ((size_t)512 << 20)

// `nodes` by their numbers: the plan's brokers, a director of each island, the routers and the
// master, then all devices; behind those `node_count` the places of visitors. `clients` of an
// island: its devices by the numbers of its ledger.
struct sim_region {
    struct sim_island island;
    struct sim_ledger ledger;
    struct sim_rules rules;
    struct sim_group *groups;
    struct sim_director director;
    struct sim_device **clients;
    uint32_t client_count;
    uint32_t client_capacity;
};

// All nodes, by kind, and a region for each island that the plan falls into. An island exchanges
// nothing with the others.
struct sim_world {
    struct memory memory;
    const struct plan *plan;
    struct sim_world_options options;
    struct sim_partition partition;
    struct sim_region **regions;
    uint32_t region_count;
    struct sim_node **nodes;
    uint32_t node_count;
    struct sim_broker **brokers;
    struct sim_network **networks; // NULL where nobody speaks lines
    struct sim_router *routers;
    struct sim_master *master;    // NULL: there is none
    struct sim_visitor *visitors; // as many as the options say
    uint64_t visits;
};

// ---- populating ---------------------------------------------------------------------------------

static bool speaks_lines(const struct plan_group *group) {
    return !plan_speaks_mqtt(group->speaks);
}

// Copies count for the group that published them.
static void note_tally(void *context, enum verdict_tally tally, uint32_t stream, uint8_t qos) {
    struct sim_island *island = context;
    struct sim_tally *of = &island->groups[island->ledger->facts[stream].owner].tally;
    switch (tally) {
    case VERDICT_TALLY_OWED:
        of->owed[qos]++;
        break;
    case VERDICT_TALLY_WAIVED:
        of->owed[qos]--;
        break;
    case VERDICT_TALLY_DELIVERED:
        of->delivered[qos]++;
        break;
    case VERDICT_TALLY_REPEATED:
        of->repeated[qos]++;
        break;
    case VERDICT_TALLY_LOST:
        of->lost[qos]++;
        break;
    }
}

// `at_receiver`: of what comes to the group, or else of what it publishes.
static bool wants_latency(const struct plan *plan, uint32_t group, bool at_receiver) {
    bool wants = false;
    for (uint32_t i = 0; i < plan->expectation_count; i++) {
        const struct metric_expectation *expectation = &plan->expectations[i];
        wants =
            wants || (expectation->group_index == group && expectation->at_group == at_receiver &&
                      expectation->metric >= METRIC_LATENCY_MIN &&
                      expectation->metric <= METRIC_LATENCY_MAX);
    }
    return wants;
}

static bool has_rules(const struct plan *plan) {
    bool has = false;
    for (uint32_t i = 0; i < plan->fault_count; i++) {
        has = has || plan->faults[i].kind == PLAN_RULE;
    }
    return has;
}

// What no network does to a stream.
static bool has_tampering(const struct plan *plan) {
    bool has = false;
    for (uint32_t i = 0; i < plan->fault_count; i++) {
        const struct plan_fault *fault = &plan->faults[i];
        has = has || (fault->kind == PLAN_RULE && fault->rule.kind < FAULT_LINE &&
                      fault_action_row(fault->rule.action)->cause == FAULT_BY_PEER);
    }
    return has;
}

// The shortest queue that a client may have: from there on a broker may lose messages.
static uint32_t shortest_queue(const struct plan *plan) {
    uint32_t shortest = UINT32_MAX;
    for (uint32_t i = 0; i < plan->broker_count; i++) {
        uint32_t limit = sim_broker_queue_messages(&plan->brokers[i]);
        shortest = limit < shortest ? limit : shortest;
    }
    for (uint32_t i = 0; i < plan->fault_count; i++) {
        const struct plan_fault *fault = &plan->faults[i];
        bool is_limit = fault->kind == PLAN_LIMIT_QUEUE && fault->limit < shortest;
        shortest = is_limit ? (uint32_t)fault->limit : shortest;
    }
    return shortest > 0 ? shortest : 1;
}

static uint32_t ring_of(const struct sim_world *world) {
    return world->region_count > MANY_ISLANDS ? RING_OF_MANY
           : world->options.judges            ? RING_OF_PACKETS
                                              : RING;
}

static void make_histogram(struct sim_island *island, struct histogram **place, bool is_wanted) {
    if (is_wanted) {
        *place = memory_allocate(&island->memory, sizeof **place);
        island->has_group_latencies = true;
    }
}

static void free_histogram(struct sim_island *island, struct histogram *histogram) {
    memory_free(&island->memory, histogram, histogram != NULL ? sizeof *histogram : 0);
}

static struct sim_region *make_region(struct sim_world *world, uint32_t number, uint32_t nodes) {
    const struct plan *plan = world->plan;
    struct sim_region *region = memory_allocate(&world->memory, sizeof *region);
    struct sim_island *island = &region->island;
    sim_island_init(island, plan, nodes);
    island->number = number;
    island->checks = world->options.checks;
    island->judges = world->options.judges;
    island->has_tampering = has_tampering(plan);
    island->trace = world->options.trace;
    struct verdict_options options = {.seed = plan->seed,
                                      .slack = 2 * PLAN_SECOND,
                                      .ring = ring_of(world),
                                      .queue_max = shortest_queue(plan),
                                      .tally = note_tally,
                                      .tally_context = island};
    sim_ledger_init(&region->ledger, &island->memory, &island->now, &options);
    island->ledger = &region->ledger;
    if (has_rules(plan) || world->options.visitors > 0) {
        struct sim_rules_watch watch = sim_hearing_of_rules(island);
        sim_rules_init(&region->rules, island, &watch);
        island->rules = &region->rules;
    }
    region->groups = memory_allocate(&island->memory, plan->group_count * sizeof *region->groups);
    for (uint32_t i = 0; i < plan->group_count; i++) {
        sim_life_init_group(&region->groups[i], island, &plan->groups[i]);
        make_histogram(island, &region->groups[i].tally.latency, wants_latency(plan, i, false));
        make_histogram(island, &region->groups[i].tally.arriving, wants_latency(plan, i, true));
    }
    island->groups = region->groups;
    return region;
}

static void add_node(struct sim_world *world, struct sim_node *node) {
    world->nodes[node->number] = node;
    sim_island_add(node->island, node);
}

static uint32_t first_device(const struct sim_world *world) {
    const struct plan *plan = world->plan;
    bool has_master = plan->router_count > 0;
    return plan->broker_count + world->region_count + plan->router_count + has_master;
}

static struct sim_network *network_of(struct sim_world *world, uint32_t index) {
    if (world->networks[index] == NULL) {
        struct sim_island *island = &world->regions[world->partition.of_network[index]]->island;
        struct sim_network *network = memory_allocate(&island->memory, sizeof *network);
        sim_network_init(network, island, index);
        network->watch = sim_hearing_of_lines(island);
        world->networks[index] = network;
    }
    return world->networks[index];
}

static const char *make_broker(struct sim_world *world, uint32_t i) {
    const struct plan_broker *plan = &world->plan->brokers[i];
    struct sim_island *island = &world->regions[world->partition.of_broker[i]]->island;
    struct sim_broker *broker = memory_allocate(&island->memory, sizeof *broker);
    sim_broker_init(broker, island, i, plan);
    broker->watch = sim_hearing_of_broker(island);
    world->brokers[i] = broker;
    add_node(world, &broker->node);
    if ((plan->doors & PLAN_DOOR_LINE) != 0 &&
        !sim_lines_join(network_of(world, plan->network), &broker->line, &broker->node,
                        SIM_LINE_BROKER)) {
        return "a network of lines has 999 addresses, and not one for a broker is left";
    }
    sim_broker_start(broker);
    return NULL;
}

static void note_client(struct sim_region *region, struct sim_device *device) {
    region->clients =
        memory_grow_little(&region->island.memory, region->clients, &region->client_capacity,
                           region->client_count + 1, sizeof(struct sim_device *));
    ASSERT(device->client == region->client_count);
    region->clients[region->client_count++] = device;
}

// The broker's address, as it is known in that network; 0: there is no way.
static uint32_t address_of(struct sim_world *world, uint32_t broker,
                           const struct sim_network *network) {
    const struct sim_line_end *end = &world->brokers[broker]->line;
    if (end->network == network) {
        return end->address;
    }
    bool leads = end->network != NULL && end->network->gate != 0 && network->gate != 0;
    return leads ? packet_address_global(end->network->gate, end->address) : 0;
}

static const char *make_device(struct sim_world *world, uint32_t group, uint32_t i,
                               uint32_t number) {
    const struct plan *plan = world->plan;
    const struct plan_group *of = &plan->groups[group];
    uint32_t broker = plan_device_broker(of, i);
    struct sim_region *region = world->regions[world->partition.of_broker[broker]];
    struct sim_life_options options = {.number = number, .i = i, .broker = world->brokers[broker]};
    if (speaks_lines(of)) {
        options.network = network_of(world, plan_device_network(plan, of, i));
        options.broker_address = address_of(world, broker, options.network);
        if (options.broker_address == 0) {
            return "a line device and its broker are in two networks, and not both have a router";
        }
    }
    struct sim_device *device = sim_life_create(&region->groups[group], &options);
    if (device == NULL) {
        return "a network of lines has 999 addresses, which are too few for its devices";
    }
    add_node(world, &device->node);
    note_client(region, device);
    return NULL;
}

static const char *make_devices(struct sim_world *world) {
    const struct plan *plan = world->plan;
    uint32_t number = first_device(world);
    for (uint32_t group = 0; group < plan->group_count; group++) {
        for (uint32_t i = 0; i < plan->groups[group].count; i++) {
            const char *why = make_device(world, group, i, number++);
            if (why != NULL) {
                return why;
            }
        }
    }
    return NULL;
}

static void make_directors(struct sim_world *world) {
    for (uint32_t i = 0; i < world->region_count; i++) {
        struct sim_region *region = world->regions[i];
        sim_director_init(&region->director, &region->island, world->plan->broker_count + i);
        add_node(world, &region->director.node);
    }
}

// All on one island.
static void make_routers(struct sim_world *world) {
    const struct plan *plan = world->plan;
    if (plan->router_count == 0) {
        return;
    }
    uint32_t number = plan->broker_count + world->region_count;
    uint32_t region = world->partition.of_network[plan->routers[0].network];
    struct sim_island *island = &world->regions[region]->island;
    world->master = memory_allocate(&island->memory, sizeof *world->master);
    sim_master_init(world->master, island, number + plan->router_count);
    world->master->network = network_of(world, plan->routers[0].network);
    sim_master_start(world->master);
    world->routers = memory_allocate(&island->memory, plan->router_count * sizeof *world->routers);
    struct sim_network *first = NULL;
    for (uint32_t i = 0; i < plan->router_count; i++) {
        struct sim_router *router = &world->routers[i];
        sim_router_init(router, island, number + i, &plan->routers[i]);
        router->master = &world->master->node;
        struct sim_network *network = network_of(world, plan->routers[i].network);
        network->gate = plan->routers[i].gate;
        network->next = i == 0 ? network : first->next;
        first = i == 0 ? network : first;
        first->next = network;
        (void)sim_lines_join(network, &router->line, &router->node, SIM_LINE_ROUTER);
        add_node(world, &router->node);
        sim_router_start(router);
    }
    add_node(world, &world->master->node);
}

static const char *populate(struct sim_world *world) {
    const struct plan *plan = world->plan;
    sim_partition_init(&world->partition, &world->memory, plan);
    world->region_count = world->partition.count;
    world->regions =
        memory_allocate(&world->memory, world->region_count * sizeof(struct sim_region *));
    for (uint32_t i = 0; i < world->region_count; i++) {
        world->regions[i] = make_region(world, i, world->partition.devices[i]);
    }
    world->node_count = first_device(world) + plan->device_count;
    uint32_t visitors = world->options.visitors;
    if (world->node_count > SIM_NODES_MAX - visitors) {
        return "there are more devices and brokers than a simulation may have";
    }
    world->nodes =
        memory_allocate(&world->memory, (world->node_count + visitors) * sizeof(struct sim_node *));
    for (uint32_t i = 0; i < world->region_count; i++) {
        world->regions[i]->island.nodes = world->nodes;
    }
    world->visitors = memory_allocate(&world->memory, visitors * sizeof *world->visitors);
    world->brokers =
        memory_allocate(&world->memory, plan->broker_count * sizeof(struct sim_broker *));
    world->networks =
        memory_allocate(&world->memory, plan->network_count * sizeof(struct sim_network *));
    for (uint32_t i = 0; i < plan->broker_count; i++) {
        const char *why = make_broker(world, i);
        if (why != NULL) {
            return why;
        }
    }
    make_directors(world);
    make_routers(world);
    return make_devices(world);
}

struct sim_world *sim_world_create(const struct plan *plan, const struct sim_world_options *options,
                                   const char **why) {
    struct memory memory;
    memory_init(&memory);
    struct sim_world *world = memory_allocate(&memory, sizeof *world);
    world->memory = memory;
    world->plan = plan;
    world->options = *options;
    *why = populate(world);
    if (*why != NULL) {
        sim_world_destroy(world);
        return NULL;
    }
    return world;
}

// ---- going --------------------------------------------------------------------------------------

static struct sim_device *device_of(struct sim_node *node) {
    return (struct sim_device *)node;
}

static void free_region(struct sim_world *world, struct sim_region *region) {
    struct memory *memory = &region->island.memory;
    sim_director_deinit(&region->director);
    for (uint32_t i = 0; i < world->plan->group_count; i++) {
        free_histogram(&region->island, region->groups[i].tally.latency);
        free_histogram(&region->island, region->groups[i].tally.arriving);
    }
    memory_free(memory, region->groups, world->plan->group_count * sizeof *region->groups);
    memory_free(memory, region->clients, region->client_capacity * sizeof(struct sim_device *));
    if (region->island.rules != NULL) {
        sim_rules_deinit(&region->rules);
    }
    memory_free(memory, region->island.uplinks,
                region->island.uplinks == NULL
                    ? 0
                    : world->plan->router_count * sizeof *region->island.uplinks);
    sim_ledger_deinit(&region->ledger);
    sim_island_deinit(&region->island);
    ASSERT(memory->blocks_in_use == 0);
    memory_free(&world->memory, region, sizeof *region);
}

// What was on its way is let go.
static void drop_events(struct sim_region *region) {
    struct sim_event event;
    while (sim_schedule_take(&region->island.schedule, SIM_NEVER, &event)) {
        if (event.kind == SIM_LINE) {
            sim_lines_let_go(&region->island, sim_line_of(&event));
        } else if (event.kind == SIM_REQUEST || event.kind == SIM_ANSWER) {
            sim_flight_destroy(sim_flight_of(&event));
        }
    }
}

static void drop_streams(struct sim_island *island) {
    for (uint32_t i = 0; i < island->streams.count; i++) {
        struct sim_stream *stream = island->streams.items[i];
        for (unsigned side = 0; stream != NULL && side < SIM_ENDS; side++) {
            if (!stream->way[side].is_over) {
                bool is_last = stream->way[sim_side_other((enum sim_side)side)].is_over;
                sim_stream_close(stream, (enum sim_side)side, SIM_ENDS_SILENTLY);
                stream = is_last ? NULL : stream;
            }
        }
    }
}

void sim_world_destroy(struct sim_world *world) {
    const struct plan *plan = world->plan;
    for (uint32_t i = 0; world->regions != NULL && i < world->region_count; i++) {
        if (world->regions[i] != NULL) {
            world->regions[i]->island.trace = NULL; // what ends now ends with the trace
        }
    }
    for (uint32_t i = first_device(world); world->nodes != NULL && i < world->node_count; i++) {
        if (world->nodes[i] != NULL) {
            sim_life_destroy(device_of(world->nodes[i]));
        }
    }
    for (uint32_t i = 0; world->brokers != NULL && i < plan->broker_count; i++) {
        struct sim_broker *broker = world->brokers[i];
        if (broker != NULL) {
            sim_broker_deinit(broker);
            memory_free(&broker->node.island->memory, broker, sizeof *broker);
        }
    }
    for (uint32_t i = 0; world->routers != NULL && i < plan->router_count; i++) {
        sim_router_deinit(&world->routers[i]);
    }
    if (world->master != NULL) {
        sim_master_deinit(world->master);
    }
    for (uint32_t i = 0; i < world->region_count; i++) {
        drop_events(world->regions[i]);
        drop_streams(&world->regions[i]->island);
    }
    for (uint32_t i = 0; world->networks != NULL && i < plan->network_count; i++) {
        struct sim_network *network = world->networks[i];
        if (network != NULL) {
            sim_network_deinit(network);
            memory_free(&network->island->memory, network, sizeof *network);
        }
    }
    if (world->master != NULL) {
        struct memory *memory = &world->master->node.island->memory;
        memory_free(memory, world->routers, plan->router_count * sizeof *world->routers);
        memory_free(memory, world->master, sizeof *world->master);
    }
    for (uint32_t i = 0; i < world->region_count; i++) {
        free_region(world, world->regions[i]);
    }
    struct memory memory = world->memory;
    memory_free(&memory, world->regions, world->region_count * sizeof(struct sim_region *));
    memory_free(&memory, world->nodes,
                world->nodes == NULL
                    ? 0
                    : (world->node_count + world->options.visitors) * sizeof(struct sim_node *));
    memory_free(&memory, world->visitors,
                world->visitors == NULL ? 0 : world->options.visitors * sizeof *world->visitors);
    memory_free(&memory, world->brokers,
                world->brokers == NULL ? 0 : plan->broker_count * sizeof(struct sim_broker *));
    memory_free(&memory, world->networks,
                world->networks == NULL ? 0 : plan->network_count * sizeof(struct sim_network *));
    world->partition.memory = &memory;
    sim_partition_deinit(&world->partition);
    memory_free(&memory, world, sizeof *world);
}

// ---- running ------------------------------------------------------------------------------------

const struct plan *sim_world_plan(const struct sim_world *world) {
    return world->plan;
}

uint32_t sim_world_islands(const struct sim_world *world) {
    return world->region_count;
}

// False: the event is not to happen now.
static bool is_awake(struct sim_node *node, const struct sim_event *event) {
    uint64_t now = node->island->now;
    if (event->kind == SIM_WAKE) {
        if (event->time != node->wakes_at) {
            return false; // it is stale
        }
        node->wakes_at = SIM_NEVER;
    }
    if (node->frozen_until <= now) {
        return true;
    }
    if (event->kind == SIM_WAKE) {
        sim_node_wake(node, node->frozen_until);
    } else {
        struct sim_event later = *event;
        later.time = node->frozen_until;
        sim_node_post(node, &later);
    }
    return false;
}

static void handle(struct sim_node *node, const struct sim_event *event) {
    switch ((enum sim_place_kind)node->place.kind) {
    case SIM_PLACE_BROKER:
        sim_broker_event((struct sim_broker *)node, event);
        break;
    case SIM_PLACE_DEVICE:
        sim_life_event(device_of(node), event);
        break;
    case SIM_PLACE_NOWHERE:
        sim_director_event((struct sim_director *)node);
        break;
    case SIM_PLACE_ROUTER:
        sim_router_event((struct sim_router *)node, event);
        break;
    case SIM_PLACE_MASTER:
        sim_master_event((struct sim_master *)node, event);
        break;
    case SIM_PLACE_VISITOR:
        sim_visitor_event((struct sim_visitor *)node, event);
        break;
    }
}

static void serve(struct sim_ready *ready) {
    if (ready->is_stream) {
        struct sim_stream *stream = (struct sim_stream *)ready; // it stands first
        sim_broker_serve((struct sim_broker *)stream->node[SIM_BROKER_END], stream);
        return;
    }
    sim_life_serve(device_of((struct sim_node *)ready));
}

static void check(const struct sim_node *node) {
    if (node->place.kind == SIM_PLACE_DEVICE) {
        sim_life_check((const struct sim_device *)node);
    } else if (node->place.kind == SIM_PLACE_BROKER) {
        sim_broker_check((const struct sim_broker *)node);
    }
}

void sim_world_advance(struct sim_world *world, uint32_t number, uint64_t until) {
    struct sim_island *island = &world->regions[number]->island;
    struct sim_event event;
    if (world->region_count > 1 && until - island->now > PREFETCHED_NS) {
        pool_prefetch(&island->pool, PREFETCHED_BYTES);
    }
    while (sim_island_take(island, until, &event)) {
        struct sim_node *node = world->nodes[event.node];
        if (!is_awake(node, &event)) {
            continue;
        }
        handle(node, &event);
        for (struct sim_ready *ready; (ready = sim_ready_take(island)) != NULL;) {
            serve(ready);
        }
        if (world->options.checks) {
            check(node);
        }
    }
    if (island->trace != NULL) {
        island->trace->rests(island->trace->context, number);
    }
}

// A calm that is shorter leaves no time for what waits for a timer.
#define REST_NS (10 * PLAN_SECOND)

// A queue that is taken slowly may be longer than the calm, and a segment that was lost takes a
// while.
static void note_busy(const struct sim_region *region) {
    if (region->island.counts.moved_at + REST_NS < region->island.now) {
        return;
    }
    for (uint32_t i = 0; i < region->client_count; i++) {
        const struct sim_device *device = region->clients[i];
        if (sim_device_speaks_mqtt(device) && device->mqtt.stream != NULL &&
            !sim_judge_is_still(device)) {
            verdict_busy(region->ledger.verdict, i);
        }
    }
}

static void judge_rest(const struct sim_region *region) {
    for (uint32_t i = 0; i < region->client_count; i++) {
        if (region->clients[i]->judge != NULL) {
            sim_judge_rest(region->clients[i]);
        }
    }
}

void sim_world_finish(struct sim_world *world) {
    for (uint32_t i = 0; i < world->region_count; i++) {
        struct sim_region *region = world->regions[i];
        if (world->plan->calm_ns >= REST_NS) {
            note_busy(region);
            judge_rest(region);
            verdict_rest(region->ledger.verdict, region->island.now);
        }
    }
}

// ---- joining in ---------------------------------------------------------------------------------

static struct sim_visitor *free_visitor(struct sim_world *world) {
    for (uint32_t i = 0; i < world->options.visitors; i++) {
        if (!world->visitors[i].is_used) {
            return &world->visitors[i];
        }
    }
    return NULL;
}

struct sim_visitor *sim_world_visit(struct sim_world *world, uint32_t number, uint64_t now) {
    struct sim_visitor *visitor = free_visitor(world);
    struct sim_broker *broker = world->brokers[number];
    if (visitor == NULL) {
        return NULL;
    }
    uint32_t place = world->node_count + (uint32_t)(visitor - world->visitors);
    if (world->nodes[place] == NULL) {
        sim_node_init(&visitor->node, broker->node.island, place, BYTES_LITERAL("a visitor"));
        world->nodes[place] = &visitor->node;
    }
    if (broker->memory.limit == 0) {
        broker->memory.limit = memory_counted(&broker->memory) + VISITED_BYTES;
    }
    broker->node.island->visitors++;
    visitor->is_used = true;
    world->visits++;
    sim_visitor_open(visitor, broker, now);
    return visitor;
}

void sim_world_see_off(struct sim_world *world, struct sim_visitor *visitor, uint64_t now) {
    (void)world;
    ASSERT(visitor->is_used);
    sim_visitor_leave(visitor, now);
    visitor->node.island->visitors--;
    visitor->is_used = false;
}

// Islands have had the same rules in the same order, so they number them alike.
uint32_t sim_world_add_rule(struct sim_world *world, const struct fault_rule *rule, uint64_t now) {
    uint32_t number = 0;
    for (uint32_t i = 0; i < world->region_count; i++) {
        struct sim_region *region = world->regions[i];
        region->island.now = now > region->island.now ? now : region->island.now;
        uint32_t here = sim_rules_add(&region->rules, rule);
        ASSERT(i == 0 || here == number);
        number = here;
        sim_director_look(&region->director);
    }
    return number;
}

bool sim_world_remove_rule(struct sim_world *world, uint32_t number, uint64_t now) {
    bool was_there = false;
    for (uint32_t i = 0; i < world->region_count; i++) {
        struct sim_region *region = world->regions[i];
        region->island.now = now > region->island.now ? now : region->island.now;
        was_there = sim_rules_remove(&region->rules, number);
    }
    return was_there;
}

bool sim_world_rule(const struct sim_world *world, uint32_t index, struct sim_rule_view *view) {
    if (world->region_count == 0 || index >= world->regions[0]->rules.set.count) {
        return false;
    }
    *view = (struct sim_rule_view){0};
    for (uint32_t i = 0; i < world->region_count; i++) {
        const struct fault_entry *entry = &world->regions[i]->rules.set.entries[index];
        view->rule = &entry->rule;
        view->number = entry->number;
        view->hits += sim_rules_hits(&world->regions[i]->rules, index);
    }
    return true;
}

// ---- what came of it ----------------------------------------------------------------------------

static void add_verdicts(struct verdict_counts *sum, const struct verdict_counts *counts) {
    // Nothing but numbers of events.
    uint64_t words[sizeof *counts / sizeof(uint64_t)];
    uint64_t sums[sizeof *counts / sizeof(uint64_t)];
    memcpy(words, counts, sizeof words);
    memcpy(sums, sum, sizeof sums);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        sums[i] += words[i];
    }
    memcpy(sum, sums, sizeof sums);
}

static uint64_t rest_of(const struct sim_region *region, uint64_t calm_at) {
    uint64_t ended = region->director.last_end;
    uint64_t from = ended > calm_at ? ended : calm_at;
    uint64_t moved_at = region->island.counts.moved_at;
    return moved_at > from ? moved_at - from : 0;
}

uint64_t sim_world_events(const struct sim_world *world) {
    uint64_t events = 0;
    for (uint32_t i = 0; i < world->region_count; i++) {
        events += world->regions[i]->island.events;
    }
    return events;
}

void sim_world_sum_up(const struct sim_world *world, struct sim_summary *summary) {
    const struct plan *plan = world->plan;
    *summary = (struct sim_summary){.devices = world->plan->device_count,
                                    .islands = world->region_count,
                                    .visits = world->visits,
                                    .bytes = world->memory.bytes_in_use};
    for (uint32_t i = 0; i < world->region_count; i++) {
        const struct sim_region *region = world->regions[i];
        sim_counts_add(&summary->counts, &region->island.counts);
        sim_latencies_add(&summary->latencies, &region->island.times);
        add_verdicts(&summary->verdicts, verdict_counts(region->ledger.verdict));
        summary->events += region->island.events;
        summary->fingerprint += region->island.fingerprint;
        summary->open += verdict_open(region->ledger.verdict);
        summary->findings += verdict_finding_count(region->ledger.verdict);
        summary->unjudged += region->ledger.is_open;
        summary->bytes += region->island.memory.bytes_in_use;
        uint64_t rest =
            plan->calm_ns == 0 ? SIM_NEVER : rest_of(region, plan->stop_ns - plan->calm_ns);
        summary->rest_ns = rest > summary->rest_ns ? rest : summary->rest_ns;
    }
    for (uint32_t i = 0; i < world->plan->broker_count; i++) {
        summary->bytes += world->brokers[i]->memory.bytes_in_use;
    }
    summary->connected = (uint32_t)summary->counts.connected;
}

void sim_world_tally(const struct sim_world *world, uint32_t group, struct sim_tally *sum) {
    for (uint32_t i = 0; i < world->region_count; i++) {
        sim_tally_add(sum, &world->regions[i]->groups[group].tally);
    }
}

const struct verdict *sim_world_verdict(const struct sim_world *world, uint32_t island) {
    return world->regions[island]->ledger.verdict;
}

const struct verdict_finding *sim_world_first_finding(const struct sim_world *world,
                                                      uint32_t *island) {
    const struct verdict_finding *first = NULL;
    for (uint32_t i = 0; i < world->region_count; i++) {
        const struct verdict *verdict = world->regions[i]->ledger.verdict;
        const struct verdict_finding *finding =
            verdict_finding_count(verdict) > 0 ? verdict_finding(verdict, 0) : NULL;
        if (finding != NULL && (first == NULL || finding->at < first->at)) {
            first = finding;
            *island = i;
        }
    }
    return first;
}

struct bytes sim_world_client_name(const struct sim_world *world, uint32_t island, uint32_t client,
                                   uint8_t room[static PLAN_NAME_MAX]) {
    const struct sim_region *region = world->regions[island];
    if (client >= region->client_count) {
        return (struct bytes){0};
    }
    const struct sim_device *device = region->clients[client];
    return plan_device_name(world->plan, device->group->plan, device->i, room);
}

struct bytes sim_world_stream_topic(const struct sim_world *world, uint32_t island,
                                    uint32_t stream) {
    const struct sim_ledger *ledger = &world->regions[island]->ledger;
    if (stream >= ledger->stream_count) {
        return (struct bytes){0};
    }
    const struct sim_topic *topic = &ledger->topics[ledger->facts[stream].topic];
    return bytes_make(topic->name, topic->size);
}
