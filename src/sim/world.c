#include "sim/world.h"

#include "base/assert.h"
#include "sim/account/books.h"
#include "sim/director.h"
#include "sim/device/hearing.h"
#include "sim/device/life.h"
#include "sim/device/judge.h"
#include "sim/master.h"
#include "sim/partition.h"
#include "sim/visitor.h"
#include "sim/windows.h"

// Islands of few devices are run together, so that they fill the caches and no more.
#define RING 256u        // last events that a finding may show, of an island ...
#define RING_OF_MANY 64u // ... and of one among many
#define MANY_ISLANDS 100u

// An island that is no larger than this is brought into the caches as a whole before it goes on, if
// it goes on for that long.
#define PREFETCHED_BYTES ((size_t)1 << 20)
#define PREFETCHED_NS PLAN_SECOND
#define RING_OF_PACKETS 2048u // ... and where packets are among them, or many islands share it

// What a broker may keep more than it does when the first visitor comes.
#define VISITED_BYTES ((size_t)512 << 20)

// `books` are its own, or those of all joined islands; then it has `tallies` beside them, of what
// its devices count themselves.
struct sim_region {
    struct sim_island island;
    struct sim_books *books;
    struct sim_front front;
    struct sim_rules rules;
    struct sim_group *groups;
    struct sim_tally *tallies; // of groups
    struct sim_director director;
};

// What joined islands share. Its memory is that of the ledger, which hears of one window while the
// next one is run.
struct sim_joint {
    struct pool pool;
    struct memory memory;
    struct sim_books books;
    struct sim_counts counts;
    struct sim_times times;
    uint64_t heard_at;
    struct sim_windows windows;
    struct sim_island **islands;
    uint32_t count;
};

// `nodes` by their numbers: the plan's brokers, a director of each island, the routers and the
// master, then all devices; behind those `node_count` the places of visitors. A region for each
// island that the plan falls into; what is of another part of the world is NULL.
struct sim_world {
    struct memory memory;
    const struct plan *plan;
    struct sim_world_options options;
    struct sim_partition partition;
    struct sim_place *gateways; // of all networks
    struct sim_gates gates;
    struct sim_joint *joint;     // NULL: no islands are joined, or they are another part's
    struct sim_region **regions; // of this part of the world, the joined ones last
    uint32_t region_count;
    struct sim_region **of_island; // by the numbers of the partition; NULL: of another part
    struct sim_node **nodes;
    uint32_t node_count;
    struct sim_broker **brokers;
    struct sim_network **networks; // NULL where nobody speaks lines
    struct sim_router **routers;
    struct sim_master *master;    // NULL: there is none
    struct sim_visitor *visitors; // as many as the options say
    uint64_t visits;
};

// ---- populating ---------------------------------------------------------------------------------

static bool speaks_lines(const struct plan_group *group) {
    return !plan_speaks_mqtt(group->speaks);
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

static uint32_t ring_of(const struct sim_world *world) {
    return world->partition.count > MANY_ISLANDS ? RING_OF_MANY
           : world->options.judges               ? RING_OF_PACKETS
                                                 : RING;
}

static bool is_joined(const struct sim_world *world, uint32_t number) {
    return number >= world->partition.joined;
}

// Its own books, or those of all that are joined.
static void give_books(struct sim_world *world, struct sim_region *region) {
    const struct plan *plan = world->plan;
    struct sim_island *island = &region->island;
    if (is_joined(world, island->number)) {
        region->books = &world->joint->books;
        region->tallies =
            memory_allocate(&island->memory, plan->group_count * sizeof *region->tallies);
        sim_front_init(&region->front, &island->memory, plan->seed);
        island->front = &region->front;
    } else {
        region->books = memory_allocate(&island->memory, sizeof *region->books);
        sim_books_init(region->books, &island->memory, plan,
                       &(struct sim_books_options){.now = &island->now,
                                                   .counts = &island->counts,
                                                   .times = &island->times,
                                                   .ring = ring_of(world)});
        region->tallies = region->books->tallies;
    }
    island->ledger = &region->books->ledger;
}

static struct sim_region *make_region(struct sim_world *world, uint32_t number, uint32_t nodes) {
    const struct plan *plan = world->plan;
    struct sim_region *region = memory_allocate(&world->memory, sizeof *region);
    struct sim_island *island = &region->island;
    sim_island_init(island, plan, nodes, world->gateways);
    island->number = number;
    island->checks = world->options.checks;
    island->judges = world->options.judges;
    island->has_tampering = has_tampering(plan);
    island->trace = world->options.trace;
    give_books(world, region);
    if (has_rules(plan) || world->options.visitors > 0) {
        struct sim_rules_watch watch = sim_hearing_of_rules(island);
        sim_rules_init(&region->rules, island, &watch);
        island->rules = &region->rules;
    }
    region->groups = memory_allocate(&island->memory, plan->group_count * sizeof *region->groups);
    for (uint32_t i = 0; i < plan->group_count; i++) {
        sim_life_init_group(&region->groups[i], island, &plan->groups[i], &region->tallies[i]);
    }
    island->groups = region->groups;
    return region;
}

static void make_joint(struct sim_world *world) {
    struct sim_joint *joint = memory_allocate(&world->memory, sizeof *joint);
    world->joint = joint;
    pool_init(&joint->pool);
    pool_feed(&joint->pool, &joint->memory);
    joint->count = world->partition.count - world->partition.joined;
    sim_books_init(&joint->books, &joint->memory, world->plan,
                   &(struct sim_books_options){.now = &joint->heard_at,
                                               .islands = joint->count,
                                               .counts = &joint->counts,
                                               .times = &joint->times,
                                               .ring = RING_OF_PACKETS});
}

// All islands are there.
static void join_islands(struct sim_world *world) {
    struct sim_joint *joint = world->joint;
    if (joint == NULL) {
        return;
    }
    joint->islands = memory_allocate(&joint->memory, joint->count * sizeof(struct sim_island *));
    for (uint32_t i = 0; i < joint->count; i++) {
        joint->islands[i] = &world->of_island[world->partition.joined + i]->island;
    }
    sim_windows_init(&joint->windows, &joint->memory,
                     &(struct sim_windows_options){.width = world->partition.window,
                                                   .ledger = &joint->books.ledger,
                                                   .heard_at = &joint->heard_at,
                                                   .islands = joint->islands,
                                                   .count = joint->count});
}

static void add_node(struct sim_world *world, struct sim_node *node) {
    world->nodes[node->number] = node;
    sim_island_add(node->island, node);
}

static uint32_t first_device(const struct sim_world *world) {
    const struct plan *plan = world->plan;
    bool has_master = plan->router_count > 0;
    return plan->broker_count + world->partition.count + plan->router_count + has_master;
}

static struct sim_network *network_of(struct sim_world *world, uint32_t index) {
    if (world->networks[index] == NULL) {
        struct sim_island *island = &world->of_island[world->partition.of_network[index]]->island;
        struct sim_network *network = memory_allocate(&island->memory, sizeof *network);
        sim_network_init(network, island, index);
        network->watch = sim_hearing_of_lines();
        world->networks[index] = network;
    }
    return world->networks[index];
}

static const char *make_broker(struct sim_world *world, uint32_t i) {
    const struct plan_broker *plan = &world->plan->brokers[i];
    struct sim_region *region = world->of_island[world->partition.of_broker[i]];
    if (region == NULL) {
        return NULL;
    }
    struct sim_island *island = &region->island;
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
    struct sim_region *region = world->of_island[world->partition.of_broker[broker]];
    if (region == NULL) {
        return NULL;
    }
    struct sim_life_options options = {.number = number, .i = i, .broker = world->brokers[broker]};
    if (speaks_lines(of)) { // it stands where its network is, wherever its broker may be
        region = world->of_island[world->partition.of_network[plan_device_network(plan, of, i)]];
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
    sim_books_add(region->books, device);
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
        uint32_t number = world->plan->broker_count + region->island.number;
        sim_director_init(&region->director, &region->island, number);
        add_node(world, &region->director.node);
    }
}

static void make_master(struct sim_world *world) {
    const struct plan *plan = world->plan;
    struct sim_island *island = &world->of_island[world->partition.of_master]->island;
    world->master = memory_allocate(&island->memory, sizeof *world->master);
    sim_master_init(world->master, island,
                    plan->broker_count + world->partition.count + plan->router_count);
    world->master->network = network_of(world, plan->routers[0].network);
    island->master = world->master;
    sim_master_start(world->master);
}

static struct sim_router *make_router(struct sim_world *world, uint32_t i,
                                      struct sim_network *network) {
    const struct plan *plan = world->plan;
    struct sim_island *island = network->island;
    struct sim_router *router = memory_allocate(&island->memory, sizeof *router);
    sim_router_init(router, island, plan->broker_count + world->partition.count + i,
                    &plan->routers[i]);
    router->master = &world->master->node;
    sim_gates_add(&world->gates, network, plan->routers[i].gate);
    (void)sim_lines_join(network, &router->line, &router->node, SIM_LINE_ROUTER);
    add_node(world, &router->node);
    return router;
}

static void make_routers(struct sim_world *world) {
    const struct plan *plan = world->plan;
    if (plan->router_count == 0 || world->of_island[world->partition.of_master] == NULL) {
        return;
    }
    make_master(world);
    world->routers =
        memory_allocate(&world->memory, plan->router_count * sizeof(struct sim_router *));
    for (uint32_t i = 0; i < plan->router_count; i++) {
        struct sim_network *network = network_of(world, plan->routers[i].network);
        world->routers[i] = make_router(world, i, network);
        sim_router_start(world->routers[i]);
    }
    add_node(world, &world->master->node);
}

static void make_regions(struct sim_world *world) {
    const struct sim_partition *partition = &world->partition;
    uint32_t hands = world->options.hands > 0 ? world->options.hands : 1;
    uint32_t *hand_of = memory_allocate(&world->memory, partition->count * sizeof *hand_of);
    size_t places = partition->count * sizeof(struct sim_region *);
    world->regions = memory_allocate(&world->memory, places);
    world->of_island = memory_allocate(&world->memory, places);
    sim_partition_deal(partition, hands, hand_of);
    if (partition->joined < partition->count && hand_of[partition->joined] == world->options.hand) {
        make_joint(world);
    }
    for (uint32_t i = 0; i < partition->count; i++) {
        if (hand_of[i] == world->options.hand) {
            world->of_island[i] = make_region(world, i, partition->devices[i]);
            world->regions[world->region_count++] = world->of_island[i];
        }
    }
    memory_free(&world->memory, hand_of, partition->count * sizeof *hand_of);
}

static const char *populate(struct sim_world *world) {
    const struct plan *plan = world->plan;
    sim_partition_init(&world->partition, &world->memory, plan);
    world->gateways = sim_paths_gateways(&world->memory, plan);
    sim_gates_init(&world->gates, &world->memory, plan->seed);
    make_regions(world);
    join_islands(world);
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
    memory_free(memory, region->groups, world->plan->group_count * sizeof *region->groups);
    if (region->island.rules != NULL) {
        sim_rules_deinit(&region->rules);
    }
    if (region->island.front != NULL) {
        sim_front_deinit(&region->front);
        memory_free(memory, region->tallies, world->plan->group_count * sizeof *region->tallies);
    } else {
        sim_books_deinit(region->books);
        memory_free(memory, region->books, sizeof *region->books);
    }
    sim_island_deinit(&region->island);
    ASSERT(memory->blocks_in_use == 0);
    memory_free(&world->memory, region, sizeof *region);
}

static void free_joint(struct sim_world *world) {
    struct sim_joint *joint = world->joint;
    if (joint == NULL) {
        return;
    }
    sim_windows_deinit(&joint->windows);
    memory_free(&joint->memory, joint->islands, joint->count * sizeof(struct sim_island *));
    sim_books_deinit(&joint->books);
    sim_times_deinit(&joint->times, &joint->memory);
    pool_deinit(&joint->pool);
    ASSERT(joint->memory.blocks_in_use == 0);
    memory_free(&world->memory, joint, sizeof *joint);
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
            if (!stream->is_over[side]) {
                bool is_last = stream->is_over[sim_side_other((enum sim_side)side)];
                sim_stream_close(stream, (enum sim_side)side, SIM_ENDS_SILENTLY);
                stream = is_last ? NULL : stream;
            }
        }
    }
}

static void destroy_devices(struct sim_world *world) {
    for (uint32_t i = first_device(world); world->nodes != NULL && i < world->node_count; i++) {
        if (world->nodes[i] != NULL) {
            sim_life_destroy(device_of(world->nodes[i]));
        }
    }
}

static void destroy_brokers(struct sim_world *world) {
    for (uint32_t i = 0; world->brokers != NULL && i < world->plan->broker_count; i++) {
        struct sim_broker *broker = world->brokers[i];
        if (broker != NULL) {
            sim_broker_deinit(broker);
            memory_free(&broker->node.island->memory, broker, sizeof *broker);
        }
    }
}

static void destroy_routers(struct sim_world *world) {
    for (uint32_t i = 0; world->routers != NULL && i < world->plan->router_count; i++) {
        struct sim_router *router = world->routers[i];
        sim_router_deinit(router);
        memory_free(&router->node.island->memory, router, sizeof *router);
    }
    if (world->master != NULL) {
        sim_master_deinit(world->master);
        memory_free(&world->master->node.island->memory, world->master, sizeof *world->master);
    }
}

static void destroy_networks(struct sim_world *world) {
    for (uint32_t i = 0; world->networks != NULL && i < world->plan->network_count; i++) {
        struct sim_network *network = world->networks[i];
        if (network != NULL) {
            sim_network_deinit(network);
            memory_free(&network->island->memory, network, sizeof *network);
        }
    }
}

// An array of pointers, which may not be there yet.
static void free_places(struct memory *memory, void *places, uint64_t count) {
    memory_free(memory, places, places == NULL ? 0 : count * sizeof(void *));
}

void sim_world_destroy(struct sim_world *world) {
    const struct plan *plan = world->plan;
    for (uint32_t i = 0; i < world->region_count; i++) {
        world->regions[i]->island.trace = NULL; // what ends now ends with the trace
    }
    destroy_devices(world);
    destroy_brokers(world);
    destroy_routers(world);
    for (uint32_t i = 0; i < world->region_count; i++) {
        drop_events(world->regions[i]);
        drop_streams(&world->regions[i]->island);
    }
    destroy_networks(world);
    for (uint32_t i = 0; i < world->region_count; i++) {
        free_region(world, world->regions[i]);
    }
    free_joint(world);
    struct memory memory = world->memory;
    free_places(&memory, world->regions, world->partition.count);
    free_places(&memory, world->of_island, world->partition.count);
    free_places(&memory, world->nodes, (uint64_t)world->node_count + world->options.visitors);
    free_places(&memory, world->brokers, plan->broker_count);
    free_places(&memory, world->networks, plan->network_count);
    free_places(&memory, world->routers, plan->router_count);
    memory_free(&memory, world->visitors,
                world->visitors == NULL ? 0 : world->options.visitors * sizeof *world->visitors);
    memory_free(&memory, world->gateways,
                world->gateways == NULL ? 0 : plan->network_count * sizeof *world->gateways);
    world->gates.places.memory = &memory;
    sim_gates_deinit(&world->gates);
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

uint32_t sim_world_island_number(const struct sim_world *world, uint32_t island) {
    return world->regions[island]->island.number;
}

uint32_t sim_world_joined(const struct sim_world *world) {
    return world->region_count - (world->joint == NULL ? 0 : world->joint->count);
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

static void run(const struct sim_world *world, struct sim_island *island, uint64_t until) {
    struct sim_event event;
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
}

static void rest(const struct sim_island *island) {
    if (island->trace != NULL) {
        island->trace->rests(island->trace->context, island->number);
    }
}

void sim_world_advance(struct sim_world *world, uint32_t number, uint64_t until) {
    struct sim_island *island = &world->regions[number]->island;
    ASSERT(!is_joined(world, island->number));
    if (world->partition.count > 1 && until - island->now > PREFETCHED_NS) {
        pool_prefetch(&island->pool, PREFETCHED_BYTES);
    }
    run(world, island, until);
    rest(island);
}

uint32_t sim_world_open_window(struct sim_world *world, uint64_t until) {
    struct sim_joint *joint = world->joint;
    uint32_t jobs = joint == NULL ? 0 : sim_windows_open(&joint->windows, until);
    for (uint32_t i = 0; joint != NULL && jobs == 0 && i < joint->count; i++) {
        rest(joint->islands[i]);
    }
    return jobs;
}

void sim_world_do_job(struct sim_world *world, uint32_t job) {
    struct sim_windows *windows = &world->joint->windows;
    struct sim_island *island = sim_windows_job(windows, job);
    if (island != NULL) {
        run(world, island, windows->end);
        sim_windows_done(windows, job);
    }
}

void sim_world_close_window(struct sim_world *world) {
    sim_windows_close(&world->joint->windows);
}

void sim_world_advance_all(struct sim_world *world, uint64_t until) {
    for (uint32_t i = 0; i < sim_world_joined(world); i++) {
        sim_world_advance(world, i, until);
    }
    for (uint32_t jobs; (jobs = sim_world_open_window(world, until)) > 0;) {
        for (uint32_t job = 0; job < jobs; job++) {
            sim_world_do_job(world, job);
        }
        sim_world_close_window(world);
    }
}

static void finish_joint(struct sim_world *world) {
    struct sim_joint *joint = world->joint;
    sim_books_judge_rest(&joint->books);
    sim_windows_settle(&joint->windows);
    for (uint32_t i = 0; i < joint->count; i++) {
        uint64_t now = joint->islands[i]->now;
        joint->heard_at = now > joint->heard_at ? now : joint->heard_at;
    }
    sim_books_note_busy(&joint->books);
    verdict_rest(joint->books.ledger.verdict, joint->heard_at);
}

void sim_world_finish(struct sim_world *world) {
    if (world->plan->calm_ns < SIM_REST_NS) {
        return;
    }
    for (uint32_t i = 0; i < sim_world_joined(world); i++) {
        struct sim_region *region = world->regions[i];
        sim_books_note_busy(region->books);
        sim_books_judge_rest(region->books);
        verdict_rest(region->books->ledger.verdict, region->island.now);
    }
    if (world->joint != NULL) {
        finish_joint(world);
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

// From when on a message that moves keeps the world from its rest.
static uint64_t rest_from(const struct sim_world *world, const struct sim_region *region) {
    uint64_t ended = region->director.last_end;
    uint64_t calm_at = world->plan->stop_ns - world->plan->calm_ns;
    return ended > calm_at ? ended : calm_at;
}

static uint64_t rest_of(const struct sim_world *world, const struct sim_region *region) {
    uint64_t from = rest_from(world, region);
    uint64_t moved_at = region->island.counts.moved_at;
    if (region->island.front != NULL && world->joint->counts.moved_at > moved_at) {
        moved_at = world->joint->counts.moved_at;
    }
    return moved_at > from ? moved_at - from : 0;
}

uint64_t sim_world_events(const struct sim_world *world) {
    uint64_t events = 0;
    for (uint32_t i = 0; i < world->region_count; i++) {
        events += world->regions[i]->island.events;
    }
    return events;
}

static void add_books(struct sim_summary *summary, const struct sim_books *books) {
    const struct verdict *verdict = books->ledger.verdict;
    verdict_counts_add(&summary->verdicts, verdict_counts(verdict));
    summary->open += verdict_open(verdict);
    summary->findings += verdict_finding_count(verdict);
    summary->unjudged += books->ledger.is_open;
}

static void add_joint(struct sim_summary *summary, const struct sim_joint *joint) {
    if (joint != NULL) {
        sim_counts_add(&summary->counts, &joint->counts);
        sim_latencies_add(&summary->latencies, &joint->times);
        add_books(summary, &joint->books);
        summary->bytes += joint->memory.bytes_in_use;
    }
}

void sim_world_sum_up(const struct sim_world *world, struct sim_summary *summary) {
    const struct plan *plan = world->plan;
    *summary = (struct sim_summary){.devices = world->plan->device_count,
                                    .islands = world->partition.count,
                                    .visits = world->visits,
                                    .bytes = world->memory.bytes_in_use};
    for (uint32_t i = 0; i < world->region_count; i++) {
        const struct sim_region *region = world->regions[i];
        sim_counts_add(&summary->counts, &region->island.counts);
        sim_latencies_add(&summary->latencies, &region->island.times);
        if (region->island.front == NULL) {
            add_books(summary, region->books);
        }
        summary->events += region->island.events;
        summary->fingerprint += region->island.fingerprint;
        summary->bytes += region->island.memory.bytes_in_use;
        uint64_t rest = plan->calm_ns == 0 ? SIM_NEVER : rest_of(world, region);
        summary->rest_ns = rest > summary->rest_ns ? rest : summary->rest_ns;
    }
    add_joint(summary, world->joint);
    for (uint32_t i = 0; i < world->plan->broker_count; i++) {
        const struct sim_broker *broker = world->brokers[i];
        summary->bytes += broker == NULL ? 0 : broker->memory.bytes_in_use;
    }
    summary->connected = (uint32_t)summary->counts.connected;
}

void sim_world_tally(const struct sim_world *world, uint32_t group, struct sim_tally *sum) {
    for (uint32_t i = 0; i < world->region_count; i++) {
        sim_tally_add(sum, &world->regions[i]->tallies[group]);
    }
    if (world->joint != NULL) {
        sim_tally_add(sum, &world->joint->books.tallies[group]);
    }
}

const struct verdict *sim_world_verdict(const struct sim_world *world, uint32_t island) {
    return world->regions[island]->books->ledger.verdict;
}

const struct verdict_finding *sim_world_first_finding(const struct sim_world *world,
                                                      uint32_t *island) {
    const struct verdict_finding *first = NULL;
    for (uint32_t i = 0; i < world->region_count; i++) {
        const struct verdict *verdict = world->regions[i]->books->ledger.verdict;
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
    return sim_books_client_name(world->regions[island]->books, client, room);
}

struct bytes sim_world_stream_topic(const struct sim_world *world, uint32_t island,
                                    uint32_t stream) {
    return sim_books_stream_topic(world->regions[island]->books, stream);
}
