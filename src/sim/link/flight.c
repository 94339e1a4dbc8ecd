#include "sim/link/flight.h"

#include "base/assert.h"

#define SECOND_NS UINT64_C(1000000000)
#define HTTP_BYTES 400u // of head lines, about

static struct sim_flight *make(struct memory *memory) {
    struct sim_flight *flight = memory_allocate(memory, sizeof *flight);
    flight->memory = memory;
    buffer_init(&flight->request_lines, memory);
    buffer_init(&flight->answer_lines, memory);
    return flight;
}

struct sim_flight *sim_flight_create(struct sim_node *router, enum uplink_lane lane,
                                     const struct gate_request *request) {
    struct sim_flight *flight = make(&router->island->memory);
    flight->router = router->number;
    flight->lane = lane;
    flight->request = *request;
    buffer_append(&flight->request_lines, request->lines);
    flight->request.lines = buffer_bytes(&flight->request_lines);
    return flight;
}

void sim_flight_destroy(struct sim_flight *flight) {
    buffer_deinit(&flight->request_lines);
    buffer_deinit(&flight->answer_lines);
    memory_free(flight->memory, flight, sizeof *flight);
}

// ---- from island to island ----------------------------------------------------------------------

// A flight in an outbox. Its lines follow, those of the request or of the answer.
struct passenger {
    struct sim_event arrival;
    struct gate_request request; // without lines
    struct gate_answer answer;   // likewise, and without its text
    uint32_t router;
    uint32_t life;
    uint32_t lane;
    uint32_t lines;
};

static struct buffer *lines_of(struct sim_flight *flight, uint32_t kind) {
    return kind == SIM_REQUEST ? &flight->request_lines : &flight->answer_lines;
}

static void leave(struct sim_node *maker, struct sim_flight *flight,
                  const struct sim_event *event) {
    struct buffer *outbox = &maker->island->outbox;
    struct bytes lines = buffer_bytes(lines_of(flight, event->kind));
    struct passenger passenger = {.arrival = *event,
                                  .request = flight->request,
                                  .answer = flight->answer,
                                  .router = flight->router,
                                  .life = flight->life,
                                  .lane = (uint32_t)flight->lane,
                                  .lines = (uint32_t)lines.size};
    passenger.request.lines = passenger.answer.lines = (struct bytes){0};
    passenger.answer.text = NULL;
    passenger.arrival.argument = 0;
    passenger.arrival.order = sim_event_order(maker->number, ++maker->made);
    buffer_append(outbox, bytes_make((const uint8_t *)&passenger, sizeof passenger));
    buffer_append(outbox, lines);
    sim_flight_destroy(flight);
}

void sim_flight_send(struct sim_node *maker, struct sim_flight *flight,
                     const struct sim_event *event) {
    struct sim_event made = *event;
    if (maker->island->nodes[event->node]->island != maker->island) {
        leave(maker, flight, event);
        return;
    }
    made.argument = (uintptr_t)flight;
    sim_node_post(maker, &made);
}

struct sim_event sim_flight_land(struct bytes *outbox, struct sim_node *const *nodes) {
    struct passenger passenger;
    ASSERT(outbox->size >= sizeof passenger);
    memcpy(&passenger, outbox->data, sizeof passenger);
    size_t size = sizeof passenger + passenger.lines;
    ASSERT(size <= outbox->size);
    struct sim_event arrival = passenger.arrival;
    struct sim_flight *flight = make(&nodes[arrival.node]->island->memory);
    flight->router = passenger.router;
    flight->life = passenger.life;
    flight->lane = (enum uplink_lane)passenger.lane;
    flight->request = passenger.request;
    flight->answer = passenger.answer;
    struct buffer *lines = lines_of(flight, arrival.kind);
    buffer_append(lines, bytes_make(outbox->data + sizeof passenger, passenger.lines));
    flight->request.lines = buffer_bytes(&flight->request_lines);
    flight->answer.lines = buffer_bytes(&flight->answer_lines);
    *outbox = bytes_make(outbox->data + size, outbox->size - size);
    arrival.argument = (uintptr_t)flight;
    return arrival;
}

// ---- the way ------------------------------------------------------------------------------------

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
    const struct sim_paths *paths = hop->paths;
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
