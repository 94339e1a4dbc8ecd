#include "sim/link/flight.h"

#include "base/assert.h"

#define SECOND_NS UINT64_C(1000000000)
#define HTTP_BYTES 400u // of head lines, about

struct sim_flight *sim_flight_create(struct sim_node *router, enum uplink_lane lane,
                                     const struct gate_request *request) {
    struct memory *memory = &router->island->memory;
    struct sim_flight *flight = memory_allocate(memory, sizeof *flight);
    flight->router = router;
    flight->lane = lane;
    flight->request = *request;
    buffer_init(&flight->request_lines, memory);
    buffer_init(&flight->answer_lines, memory);
    buffer_append(&flight->request_lines, request->lines);
    flight->request.lines = buffer_bytes(&flight->request_lines);
    return flight;
}

void sim_flight_destroy(struct sim_flight *flight) {
    struct memory *memory = &flight->router->island->memory;
    buffer_deinit(&flight->request_lines);
    buffer_deinit(&flight->answer_lines);
    memory_free(memory, flight, sizeof *flight);
}

static bool is_lost(struct sim_uplink_way *way, const struct fault_loss *loss, uint64_t random) {
    bool lost = sim_random_share(random, way->is_bad ? loss->bad : loss->good);
    uint64_t other = hash_number(random, 1);
    way->is_bad ^= sim_random_share(other, way->is_bad ? loss->to_good : loss->to_bad);
    return lost;
}

// Losses show as retransmission timers, as in sim/link/stream.c.
static uint64_t loss_delay(struct sim_uplink_way *way, const struct plan_link *link,
                           uint64_t random) {
    uint64_t timer = fault_timer_first(link->delay_ns, link->jitter_ns);
    uint64_t late = 0;
    while (late < FAULT_GIVE_UP_NS && is_lost(way, &link->loss, random)) {
        late += timer;
        timer = fault_timer_next(timer);
        way->is_bad = false; // the burst is over by then
        random = hash_number(random, 2);
    }
    return late;
}

uint64_t sim_flight_arrives(struct sim_uplink_way *way, const struct sim_hop *hop) {
    const struct sim_paths *paths = &hop->router->island->paths;
    if (!sim_paths_lead(paths, hop->from, hop->to)) {
        return SIM_NEVER;
    }
    const struct plan_link *link = sim_paths_link(paths, &hop->router->place);
    ASSERT(link != NULL); // a router has an uplink
    uint64_t due = hop->leaves > way->busy_until ? hop->leaves : way->busy_until;
    uint64_t rate = hop->is_up ? link->up : link->down;
    if (rate > 0) {
        due += (hop->bytes + HTTP_BYTES) * 8 * SECOND_NS / rate;
        way->busy_until = due;
    }
    way->number++;
    uint64_t random = sim_random(hop->router->random,
                                 hop->is_up ? SIM_FOR_JITTER_UP : SIM_FOR_JITTER_DOWN, way->number);
    due += sim_random_around(random, link->delay_ns, link->jitter_ns);
    due += loss_delay(way, link, hash_number(random, 4));
    due = due > way->last_due ? due : way->last_due + 1;
    ASSERT(due >= hop->leaves && due > way->last_due);
    way->last_due = due;
    return due;
}
