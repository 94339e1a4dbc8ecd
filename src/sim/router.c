#include "sim/router.h"

#include "base/assert.h"
#include "sim/account/freight.h"

#define MIB (UINT64_C(1) << 20)
#define LINE_BYTES 100u // of a usual line, for a limit in packets
#define QUEUE_USUAL 100000u

static uint64_t now_of(const struct sim_router *router) {
    return router->node.island->now;
}

// ---- ports --------------------------------------------------------------------------------------

static bool go_up(void *context, const struct packet *packet) {
    struct sim_router *router = context;
    uint8_t *line = sim_island_rooms(router->node.island)->line;
    struct packet stamped = *packet;
    if (stamped.time_stamp == 0) {
        stamped.time_stamp = sim_lines_clock(now_of(router));
    }
    size_t size = packet_format(&stamped, line, PACKET_LINE_MAX);
    if (size == 0) {
        return false;
    }
    uplink_add_line(&router->uplink, bytes_make(line, size));
    return true;
}

static bool go_down(void *context, const struct packet *packet) {
    struct sim_router *router = context;
    struct sim_island *island = router->node.island;
    island->saying = sim_freight_key(packet);
    bool fits = sim_lines_send(&router->line, packet, now_of(router));
    island->saying.stream = VERDICT_NONE;
    return fits;
}

static void hear(void *context, const struct role_event *event) {
    (void)context;
    (void)event;
}

static void hear_uplink(void *context, const struct uplink_event *event) {
    struct sim_router *router = context;
    if (event->kind == UPLINK_MISSING) {
        router->node.island->counts.mailbox_lost += event->count;
    }
}

// ---- life ---------------------------------------------------------------------------------------

void sim_router_init(struct sim_router *router, struct sim_island *island, uint32_t number,
                     const struct plan_router *plan) {
    *router = (struct sim_router){.plan = plan};
    sim_node_init(&router->node, island, number, plan->name);
    router->node.is_up = false;
    router->node.place = (struct sim_place){plan->network, (uint32_t)(plan - island->plan->routers),
                                            0, plan->uplink, SIM_PLACE_ROUTER};
    pool_feed(&island->pool, &router->memory);
    sim_journal_init(&router->journal, &island->memory, 0);
    uint64_t queue = plan->queue_packets > 0 ? plan->queue_packets : QUEUE_USUAL;
    router->config = (struct uplink_config){
        .router = {.name = plan->name,
                   .confirmation = 10 * ROLE_SECOND,
                   .limits = {.brokers = 100000, .gates = 100000, .pairs = 1000000}},
        .gate = plan->gate,
        .waiting_bytes = queue * LINE_BYTES};
    router->router_port = (struct router_port){
        .up = go_up, .down = go_down, .tell = hear, .context = router, .memory = &router->memory};
    router->port = (struct uplink_port){.router = &router->router_port,
                                        .tell = hear_uplink,
                                        .context = router,
                                        .unseal_room = sim_island_rooms(island)->unseal};
}

static void restore_record(void *context, const struct journal_record *record) {
    struct sim_router *router = context;
    bool is_good = uplink_restore(&router->uplink, record, now_of(router));
    ASSERT_MESSAGE(is_good, "a router does not believe its own records");
}

void sim_router_start(struct sim_router *router) {
    ASSERT(!router->node.is_up && router->waiting_count == 0);
    router->life++;
    router->router_port.journal = NULL; // meanwhile
    uplink_init(&router->uplink, &router->config, &router->port,
                sim_random(router->node.random, SIM_FOR_SEED, router->life));
    sim_journal_restore(&router->journal, restore_record, router);
    router->router_port.journal =
        router->plan->store == PLAN_DURABLE ? &router->journal.journal : NULL;
    uplink_start(&router->uplink);
    router->node.is_up = true;
    sim_node_wake(&router->node, now_of(router) + 1);
}

static void end_role(struct sim_router *router) {
    uplink_deinit(&router->uplink);
    ASSERT(router->memory.blocks_in_use == 0);
    for (; router->waiting_count > 0; router->waiting_count--) {
        sim_lines_let_go(router->node.island, router->waiting[router->waiting_at++]);
    }
    router->waiting_at = 0;
    router->node.is_up = false;
}

// Lines that it has not read yet.
static void lose_unread(const struct sim_router *router) {
    for (uint32_t i = 0; i < router->waiting_count; i++) {
        sim_lines_lose(router->line.network, router->waiting[router->waiting_at + i], LOSS_CRASH);
    }
}

// Those that it has read, and the master may not have.
static void lose_waiting(const struct sim_router *router) {
    const struct sim_network *network = router->line.network;
    const struct buffer *waiting = &router->uplink.waiting;
    sim_lines_lose_text(router->node.island, network,
                        bytes_make(waiting->data + router->uplink.waiting_at,
                                   uplink_waiting_bytes(&router->uplink)),
                        LOSS_CRASH, true);
}

void sim_router_stop(struct sim_router *router, bool keeps) {
    lose_unread(router);
    uplink_settle(&router->uplink);
    sim_journal_close(&router->journal, true);
    if (!keeps || router->plan->store != PLAN_DURABLE) {
        lose_waiting(router);
        sim_journal_clear(&router->journal);
    }
    end_role(router);
}

void sim_router_deinit(struct sim_router *router) {
    if (router->node.is_up) {
        end_role(router);
    }
    sim_journal_deinit(&router->journal);
    memory_free(&router->node.island->memory, router->waiting,
                router->waiting_capacity * sizeof(struct sim_line *));
}

// ---- requests -----------------------------------------------------------------------------------

// As if nobody had answered.
static void fail(struct sim_router *router, struct sim_flight *flight) {
    flight->answer = (struct gate_answer){.status = GATE_UNAVAILABLE, .text = "does not answer"};
    sim_flight_send(&router->node, flight,
                    &(struct sim_event){.time = now_of(router) + SIM_REQUEST_TIMEOUT,
                                        .node = router->node.number,
                                        .kind = SIM_ANSWER});
}

static void ask(struct sim_router *router, enum uplink_lane lane,
                const struct gate_request *request) {
    struct sim_flight *flight = sim_flight_create(&router->node, lane, request);
    flight->life = router->life;
    uint64_t begins = router->busy_until > now_of(router) ? router->busy_until : now_of(router);
    struct sim_hop hop = {.paths = &router->node.island->paths,
                          .router = &router->node,
                          .from = &router->node.place,
                          .to = &router->master->place,
                          .is_up = true,
                          .bytes = request->lines.size,
                          .leaves = begins};
    uint64_t due = sim_flight_arrives(&router->up, &hop);
    router->node.island->counts.uplink_bytes += request->lines.size;
    sim_island_note_uplink(router->node.island, router->node.place.index, request->lines.size);
    if (due == SIM_NEVER) {
        fail(router, flight);
        return;
    }
    sim_flight_send(
        &router->node, flight,
        &(struct sim_event){.time = due, .node = router->master->number, .kind = SIM_REQUEST});
}

// ---- lines --------------------------------------------------------------------------------------

static void take_line(struct sim_router *router, struct sim_line *line) {
    struct sim_island *island = router->node.island;
    struct packet packet;
    sim_lines_read(line, &packet);
    const struct plan_processing *processing = &router->plan->processing;
    uint64_t begins = router->busy_until > island->now ? router->busy_until : island->now;
    router->busy_until =
        begins + processing->packet_ns + (uint64_t)line->size * processing->kib_ns / 1024;
    uplink_receive(&router->uplink, &packet, island->now);
    sim_lines_let_go(island, line);
}

static void keep_line(struct sim_router *router, struct sim_line *line) {
    uint32_t used = router->waiting_at + router->waiting_count;
    if (router->waiting_at > 64 && router->waiting_at > router->waiting_count) {
        memmove(router->waiting, router->waiting + router->waiting_at,
                router->waiting_count * sizeof(struct sim_line *));
        router->waiting_at = 0;
        used = router->waiting_count;
    }
    router->waiting = memory_grow(&router->node.island->memory, router->waiting,
                                  &router->waiting_capacity, used + 1, sizeof(struct sim_line *));
    router->waiting[used] = line;
    router->waiting_count++;
}

static void take_waiting(struct sim_router *router) {
    while (router->waiting_count > 0 && !uplink_is_full(&router->uplink)) {
        router->waiting_count--;
        take_line(router, router->waiting[router->waiting_at++]);
    }
}

// ---- events -------------------------------------------------------------------------------------

static void take_answer(struct sim_router *router, struct sim_flight *flight) {
    ASSERT(flight->router == router->node.number && flight->life <= router->life);
    sim_island_note_uplink(router->node.island, router->node.place.index,
                           flight->answer.lines.size);
    if (router->node.is_up && flight->life == router->life) {
        uplink_answer(&router->uplink, flight->lane, &flight->answer, now_of(router));
    }
    sim_flight_destroy(flight);
}

// Records are durable as soon as they are written.
static void write_records(struct sim_router *router) {
    struct sim_journal *journal = &router->journal;
    uplink_settle(&router->uplink);
    if (sim_journal_is_long(journal)) {
        sim_journal_clear(journal);
        uplink_snapshot(&router->uplink, sim_journal_take, journal);
        sim_journal_end_snapshot(journal);
    }
}

static void go_on(struct sim_router *router) {
    take_waiting(router);
    uplink_settle(&router->uplink);
    struct gate_request request;
    for (int lane = 0; lane < UPLINK_LANES; lane++) {
        if (uplink_next(&router->uplink, (enum uplink_lane)lane, &request, now_of(router))) {
            ask(router, (enum uplink_lane)lane, &request);
        }
    }
    write_records(router);
    sim_node_wake(&router->node, uplink_deadline(&router->uplink));
}

static void hear_nothing(struct sim_router *router, const struct sim_event *event) {
    if (event->kind == SIM_LINE) {
        sim_lines_lose(router->line.network, sim_line_of(event), LOSS_CRASH);
        sim_lines_let_go(router->node.island, sim_line_of(event));
    } else if (event->kind == SIM_ANSWER) {
        take_answer(router, sim_flight_of(event));
    }
}

void sim_router_event(struct sim_router *router, const struct sim_event *event) {
    if (!router->node.is_up) {
        hear_nothing(router, event);
        return;
    }
    if (event->kind == SIM_LINE) {
        keep_line(router, sim_line_of(event));
    } else if (event->kind == SIM_ANSWER) {
        take_answer(router, sim_flight_of(event));
    }
    uplink_tick(&router->uplink, now_of(router));
    go_on(router);
}
