#include "sim/island.h"

#include "base/assert.h"

void sim_island_init(struct sim_island *island, const struct plan *plan, uint32_t nodes,
                     const struct sim_place *gateways) {
    *island = (struct sim_island){
        .plan = plan, .saying = {VERDICT_NONE, 0}, .hearing = {VERDICT_NONE, 0}};
    pool_init(&island->pool);
    pool_feed(&island->pool, &island->memory);
    sim_schedule_init(&island->schedule, &island->memory, nodes);
    sim_paths_init(&island->paths, &island->memory, plan, gateways);
    buffer_init(&island->text, &island->memory);
    buffer_init(&island->outbox, &island->memory);
    map_init(&island->sessions, &island->memory, plan->seed);
    map_init(&island->uplinks_by_router, &island->memory, plan->seed);
}

void sim_island_deinit(struct sim_island *island) {
    struct sim_stream_table *streams = &island->streams;
    memory_free(&island->memory, streams->items, streams->capacity * sizeof *streams->items);
    memory_free(&island->memory, streams->lives, streams->lives_capacity * sizeof *streams->lives);
    memory_free(&island->memory, streams->free, streams->free_capacity * sizeof *streams->free);
    buffer_deinit(&island->text);
    map_deinit(&island->sessions);
    buffer_deinit(&island->outbox);
    map_deinit(&island->uplinks_by_router);
    memory_free(&island->memory, island->uplinks,
                island->uplink_capacity * sizeof *island->uplinks);
    sim_times_deinit(&island->times, &island->memory);
    memory_free(&island->memory, island->rooms, island->rooms == NULL ? 0 : sizeof *island->rooms);
    sim_paths_deinit(&island->paths);
    sim_schedule_deinit(&island->schedule);
    pool_deinit(&island->pool);
}

struct sim_rooms *sim_island_rooms(struct sim_island *island) {
    if (island->rooms == NULL) {
        island->rooms = memory_resize(&island->memory, NULL, 0, sizeof *island->rooms);
    }
    return island->rooms;
}

bool sim_island_take(struct sim_island *island, uint64_t end, struct sim_event *event) {
    if (!sim_schedule_take(&island->schedule, end, event)) {
        return false;
    }
    ASSERT(event->time >= island->now);
    island->now = event->time;
    island->order = event->order;
    island->events++;
    uint64_t what = (uint64_t)event->node << 32 | event->kind;
    island->fingerprint += hash_number(hash_fold(event->time, event->order), what);
    return true;
}

void sim_island_add(struct sim_island *island, struct sim_node *node) {
    ASSERT(node->island == island && island->nodes[node->number] == node);
    if (island->last == NULL) {
        island->first = node;
    } else {
        ASSERT(island->last->number < node->number);
        island->last->next = node->number;
    }
    island->last = node;
}

void sim_node_init(struct sim_node *node, struct sim_island *island, uint32_t number,
                   struct bytes name) {
    ASSERT(number < SIM_NODES_MAX);
    node->island = island;
    node->number = number;
    node->random = sim_random_entity(island->plan->seed, name);
    node->wakes_at = SIM_NEVER;
    node->is_up = true;
}

void sim_node_post(struct sim_node *maker, const struct sim_event *event) {
    struct sim_island *island = maker->island;
    struct sim_event made = *event;
    if (made.time >= SIM_NEVER - 1) {
        return; // it never happens
    }
    if (made.time <= island->now) {
        made.time = island->now + 1;
    }
    made.order = sim_event_order(maker->number, ++maker->made);
    sim_schedule_add(&island->schedule, &made);
}

void sim_node_wake(struct sim_node *node, uint64_t time) {
    if (time <= node->island->now) {
        time = node->island->now + 1;
    }
    if (time < node->wakes_at && time < SIM_NEVER - 1) {
        node->wakes_at = time;
        sim_node_post(node,
                      &(struct sim_event){.time = time, .node = node->number, .kind = SIM_WAKE});
    }
}

static struct sim_busiest *uplink_of(struct sim_island *island, uint32_t router) {
    uint32_t place = map_get(&island->uplinks_by_router, router);
    if (place == MAP_NONE) {
        place = island->uplink_count++;
        island->uplinks =
            memory_grow_little(&island->memory, island->uplinks, &island->uplink_capacity,
                               island->uplink_count, sizeof *island->uplinks);
        island->uplinks[place] = (struct sim_busiest){0};
        map_put(&island->uplinks_by_router, router, place);
    }
    return &island->uplinks[place];
}

void sim_island_note_uplink(struct sim_island *island, uint32_t router, uint64_t bytes) {
    ASSERT(router < island->plan->router_count);
    struct sim_busiest *busiest = uplink_of(island, router);
    sim_busiest_add_many(busiest, island->now, bytes);
    if (busiest->most > island->counts.uplink_most) {
        island->counts.uplink_most = busiest->most;
    }
}

void sim_ready_remove(struct sim_island *island, struct sim_ready *ready) {
    if (!ready->is_listed) {
        return;
    }
    struct sim_ready *before = NULL;
    for (struct sim_ready *at = island->ready_first; at != ready; at = at->next) {
        ASSERT(at != NULL);
        before = at;
    }
    if (before == NULL) {
        island->ready_first = ready->next;
    } else {
        before->next = ready->next;
    }
    if (island->ready_last == ready) {
        island->ready_last = before;
    }
    ready->is_listed = false;
}
