// An island: a part of the simulated world that exchanges nothing with other parts, or only what
// routers and the master say to each other (sim/windows.h), and what all that lives on it shares:
// memory, schedule, time, counts. Islands are run one by one or by many threads, each ahead of the
// others or behind: it makes no difference to what happens.
//
// A node is what events happen to: a broker, a device, a router, a master. It stands first in its
// own struct. What one event leads to is done in a fixed order: the handler of the node, then, by
// sim/world.h, all who said that they have something to do, oldest first, until nobody has.
#ifndef SIM_ISLAND_H
#define SIM_ISLAND_H

#include "base/buffer.h"
#include "base/map.h"
#include "base/pool.h"
#include "check/verdict/verdict.h"
#include "role/port.h"
#include "scenario/plan.h"
#include "sim/account/counts.h"
#include "sim/link/paths.h"
#include "sim/random.h"
#include "sim/schedule.h"
#include "sim/account/trace.h"

enum sim_event_kind {
    SIM_WAKE,    // a time has come that the node waits for
    SIM_ARRIVAL, // of bytes at the node's end of a stream
    SIM_ROOM,    // in a stream whose way was full
    SIM_RETRY,   // a retransmission timer of a stream
    SIM_LINE,    // of the node's network
    SIM_REQUEST, // a router's, at the master
    SIM_ANSWER,  // the master's, at a router
    SIM_EVENTS,
};

struct sim_front;
struct sim_group;
struct sim_island;
struct sim_ledger;
struct sim_master;
struct sim_rules;
struct sim_stream;

// What an island's ready list holds: whoever has output, or something to be asked.
struct sim_ready {
    struct sim_ready *next;
    bool is_listed;
    bool is_stream; // the broker's end of a stream; else a node
};

// `wakes_at` is the time of the first SIM_WAKE that stands in the schedule and counts: later ones
// are stale when they come. `made` numbers the events that it made.
struct sim_node {
    struct sim_ready ready;
    struct sim_island *island;
    struct sim_place place;
    uint32_t next;   // of its island, by number; 0: it is the last one
    uint64_t random; // all of its random numbers follow from this
    uint64_t made;
    uint64_t wakes_at;
    uint64_t frozen_until; // all that happens to it happens then
    uint32_t number;       // its place in the world
    bool is_up;
};

struct sim_stream_table {
    struct sim_stream **items;
    uint32_t *lives; // how many streams had the place
    uint32_t *free;
    uint32_t count; // of places
    uint32_t free_count;
    uint32_t capacity;
    uint32_t lives_capacity;
    uint32_t free_capacity;
};

// Rooms that all roles of an island share that handle lines, as they run one after the other.
struct sim_rooms {
    uint8_t line[PACKET_LINE_MAX];
    uint8_t scratch[PACKET_LINE_MAX];
    uint8_t seal[ROLE_SEAL_ROOM];
    uint8_t unseal[ROLE_UNSEAL_ROOM];
};

// What was made for it (up to `trace`); the time and the events to come; and what is counted of
// all that happened.
struct sim_island {
    struct pool pool; // what `memory` and those of brokers, routers and the master are fed from
    struct memory memory;
    const struct plan *plan;
    struct sim_schedule schedule;
    uint32_t number; // of the world's
    uint64_t now;
    uint64_t order;       // of the event that happens, or was the last one
    uint64_t events;      // that happened
    uint64_t fingerprint; // of all of them, see sim_island_take
    struct sim_paths paths;
    struct sim_stream_table streams;
    struct sim_node **nodes; // of the world, by number
    struct sim_node *first;  // of this island; more follow, see sim_island_next
    struct sim_node *last;
    struct sim_ready *ready_first;
    struct sim_ready *ready_last;
    struct sim_rooms *rooms;       // NULL: nobody asked for them
    struct sim_ledger *ledger;     // sim/account/ledger.h; it is told by sim/account/telling.h
    struct sim_front *front;       // sim/account/front.h; NULL: no other island shares the ledger
    struct buffer outbox;          // flights to other islands, see sim/link/flight.h
    struct sim_master *master;     // sim/master.h; NULL: it is elsewhere
    struct sim_rules *rules;       // sim/rules.h; NULL: the plan has none
    struct sim_group *groups;      // sim/device/device.h; as many as the plan has
    const struct sim_trace *trace; // NULL: nobody wants to see it
    uint32_t visitors;             // that are there
    bool checks;                   // see struct sim_world_options
    bool judges;                   // likewise
    bool has_tampering;            // rules that only a faulty program would play
    struct buffer text;            // a payload while it is put together
    struct mark saying;            // the message that is being sent; stream VERDICT_NONE: none
    struct mark hearing;           // likewise, that a line bears which is being received
    bool has_all_sessions;         // below, else those that may be discarded
    struct map sessions;           // broker and client id -> client of the ledger
    struct sim_counts counts;
    struct sim_times times;
    struct map uplinks_by_router;
    struct sim_busiest *uplinks; // bytes of those over which any went
    uint32_t uplink_count;
    uint32_t uplink_capacity;
};

// `gateways`: see sim/link/paths.h.
void sim_island_init(struct sim_island *island, const struct plan *plan, uint32_t nodes,
                     const struct sim_place *gateways);
void sim_island_deinit(struct sim_island *island);
struct sim_rooms *sim_island_rooms(struct sim_island *island);

// The next event before `end`; the island's time is its time from now on. False: there is none.
// The fingerprint takes in who, when, what, in which order. It is a sum over the events, so that
// those of islands can be added up, and that of the whole world is the same in whichever order
// islands are run; within an island the order stands in each event.
bool sim_island_take(struct sim_island *island, uint64_t end, struct sim_event *event);

// Something more that two equal runs must have in common, of this moment.
static inline void sim_island_note(struct sim_island *island, uint64_t what) {
    island->fingerprint += hash_number(island->now ^ what, island->events);
}

// The nodes of an island, in the order of their numbers: brokers, the director, routers, the
// master, devices. Visitors are not among them. Each is added behind those with lower numbers.
void sim_island_add(struct sim_island *island, struct sim_node *node);
// NULL: it was the last one.
static inline struct sim_node *sim_island_next(const struct sim_node *node) {
    return node->next == 0 ? NULL : node->island->nodes[node->next];
}

void sim_node_init(struct sim_node *node, struct sim_island *island, uint32_t number,
                   struct bytes name);

// `maker` makes an event for the node of that number, of this island. It is later than now.
void sim_node_post(struct sim_node *maker, const struct sim_event *event);
// The node is to be woken at that time, or earlier. SIM_NEVER: no.
void sim_node_wake(struct sim_node *node, uint64_t time);

static inline void sim_ready_add(struct sim_island *island, struct sim_ready *ready) {
    if (ready->is_listed) {
        return;
    }
    ready->is_listed = true;
    ready->next = NULL;
    if (island->ready_first == NULL) {
        island->ready_first = ready;
    } else {
        island->ready_last->next = ready;
    }
    island->ready_last = ready;
}

// NULL: nobody has anything to do.
static inline struct sim_ready *sim_ready_take(struct sim_island *island) {
    struct sim_ready *ready = island->ready_first;
    if (ready != NULL) {
        island->ready_first = ready->next;
        ready->is_listed = false;
    }
    return ready;
}

// Bytes go over a router's uplink now, either way.
void sim_island_note_uplink(struct sim_island *island, uint32_t router, uint64_t bytes);

// Takes it out, wherever it stands.
void sim_ready_remove(struct sim_island *island, struct sim_ready *ready);

#endif
