#include "sim/master.h"

#include "base/assert.h"

#define GATES_LOOKED_AT 64u // of more nothing is known of mailboxes
#define DIGITS "0123456789abcdef"
#define MAILBOX_PACKETS_USUAL 100000u
#define MAILBOX_BYTES_USUAL (UINT64_C(64) << 20)

static uint64_t now_of(const struct sim_master *master) {
    return master->node.island->now;
}

static uint64_t or_usual(uint64_t wanted, uint64_t usual) {
    return wanted != 0 ? wanted : usual;
}

// ---- life ---------------------------------------------------------------------------------------

void sim_master_init(struct sim_master *master, struct sim_island *island, uint32_t number) {
    const struct plan_master *plan = &island->plan->master;
    *master = (struct sim_master){.plan = plan};
    sim_node_init(&master->node, island, number, BYTES_LITERAL("the master"));
    master->node.is_up = false;
    master->node.place =
        (struct sim_place){.network = PLAN_NONE, .link = PLAN_NONE, .kind = SIM_PLACE_MASTER};
    pool_feed(&island->pool, &master->memory);
    sim_journal_init(&master->journal, &island->memory, 0);
    master->down =
        memory_allocate(&island->memory, island->plan->router_count * sizeof *master->down);
    uint64_t silence = or_usual(plan->silence_ns, 60 * PLAN_SECOND);
    master->limits = (struct master_limits){
        .gates = PLAN_ROUTERS_MAX,
        .mailbox_packets = or_usual(plan->mailbox_packets, MAILBOX_PACKETS_USUAL),
        .mailbox_bytes = or_usual(plan->mailbox_bytes, MAILBOX_BYTES_USUAL),
        .silence = silence,
        .classic_silence = silence};
}

static void hear_lost(void *context, enum master_loss loss, struct bytes lines) {
    const struct sim_master *master = context;
    static const enum verdict_loss losses[] = {LOSS_MAILBOX_FULL, LOSS_NOT_CONNECTED,
                                               LOSS_MAILBOX_FULL, LOSS_MAILBOX_FULL};
    sim_lines_lose_text(master->node.island, master->network, lines, losses[loss],
                        loss == MASTER_NOT_ACKNOWLEDGED);
}

static void restore_record(void *context, const struct journal_record *record) {
    struct sim_master *master = context;
    bool is_good = master_restore(&master->master, record);
    ASSERT_MESSAGE(is_good, "a master does not believe its own records");
}

void sim_master_start(struct sim_master *master) {
    struct sim_journal *journal = &master->journal;
    master_init(&master->master, &master->memory, &master->limits);
    sim_journal_restore(journal, restore_record, master);
    master_start(&master->master, master->plan->store == PLAN_DURABLE ? &journal->journal : NULL);
    master_set_watch(&master->master, &(struct master_watch){hear_lost, master});
    waiting_init(&master->waiting, &master->memory, master->limits.silence / 3, 1);
    master->node.is_up = true;
}

static void forget(struct sim_master *master, struct sim_flight *flight) {
    for (uint32_t i = 0; i < master->flight_count; i++) {
        if (master->flights[i] == flight) {
            master->flights[i] = master->flights[--master->flight_count];
            return;
        }
    }
}

// What does not get through is as if nobody had answered.
static void answer(struct sim_master *master, struct sim_flight *flight) {
    const struct sim_node *router = master->node.island->nodes[flight->router];
    flight->answer.lines = buffer_bytes(&flight->answer_lines);
    struct sim_hop hop = {.paths = &master->node.island->paths,
                          .router = router,
                          .from = &master->node.place,
                          .to = &router->place,
                          .bytes = flight->answer_lines.size,
                          .leaves = master->busy_until > now_of(master) ? master->busy_until
                                                                        : now_of(master)};
    uint64_t due = sim_flight_arrives(&master->down[router->place.index], &hop);
    if (due == SIM_NEVER) {
        flight->answer =
            (struct gate_answer){.status = GATE_UNAVAILABLE, .text = "does not answer"};
        flight->answer_lines.size = 0;
        due = now_of(master) + SIM_REQUEST_TIMEOUT;
    }
    sim_flight_send(&master->node, flight,
                    &(struct sim_event){.time = due, .node = router->number, .kind = SIM_ANSWER});
}

static void refuse(struct sim_master *master, struct sim_flight *flight) {
    flight->answer = (struct gate_answer){.status = GATE_UNAVAILABLE, .text = "is away"};
    flight->answer_lines.size = 0;
    answer(master, flight);
}

// All that lies in mailboxes, some of which may have been taken.
static void lose_mailboxes(const struct sim_master *master) {
    struct buffer lines;
    buffer_init(&lines, &master->node.island->memory);
    for (uint32_t place = 0; place < master->master.gates_used; place++) {
        const struct master_gate *gate = master_gate_at(&master->master, place);
        if (gate != NULL) {
            lines.size = 0;
            (void)mailbox_read(&gate->mailbox, UINT64_MAX, &lines);
            sim_lines_lose_text(master->node.island, master->network, buffer_bytes(&lines),
                                LOSS_CRASH, true);
        }
    }
    buffer_deinit(&lines);
}

static void end_role(struct sim_master *master) {
    master->flight_count = 0;
    waiting_deinit(&master->waiting);
    master_deinit(&master->master);
    memory_free(&master->memory, master->packets,
                master->packet_capacity * sizeof *master->packets);
    master->packets = NULL;
    master->packet_capacity = 0;
    ASSERT(master->memory.blocks_in_use == 0);
    master->node.is_up = false;
}

void sim_master_stop(struct sim_master *master, bool keeps) {
    for (uint32_t i = 0; i < master->flight_count; i++) {
        refuse(master, master->flights[i]);
    }
    master_settle(&master->master);
    sim_journal_close(&master->journal, true);
    if (!keeps || master->plan->store != PLAN_DURABLE) {
        lose_mailboxes(master);
        sim_journal_clear(&master->journal);
    }
    end_role(master);
}

void sim_master_limit_mailbox(struct sim_master *master, uint32_t gate, uint64_t packets) {
    if (master->node.is_up) {
        master_limit_mailbox(&master->master, gate, packets);
    }
}

void sim_master_deinit(struct sim_master *master) {
    struct memory *memory = &master->node.island->memory;
    for (uint32_t i = 0; i < master->flight_count; i++) {
        sim_flight_destroy(master->flights[i]);
    }
    master->flight_count = 0;
    if (master->node.is_up) {
        end_role(master);
    }
    sim_journal_deinit(&master->journal);
    memory_free(memory, master->down,
                master->node.island->plan->router_count * sizeof *master->down);
    memory_free(memory, master->flights, master->flight_capacity * sizeof(struct sim_flight *));
}

// ---- requests -----------------------------------------------------------------------------------

static uint8_t digit_of(char digit) {
    return (uint8_t)(digit >= 'a' ? digit - 'a' + 10 : digit - '0');
}

static void read_secret(struct sim_master *master, const char *text,
                        uint8_t secret[MASTER_SECRET_SIZE]) {
    if (text[0] == '\0') {
        master->secrets++;
        for (uint32_t i = 0; i < MASTER_SECRET_SIZE; i++) {
            secret[i] =
                (uint8_t)sim_random(master->node.random, SIM_FOR_SEED, master->secrets << 8 | i);
        }
        return;
    }
    for (uint32_t i = 0; i < MASTER_SECRET_SIZE; i++) {
        secret[i] = (uint8_t)(digit_of(text[2 * i]) << 4 | digit_of(text[2 * i + 1]));
    }
}

static void write_secret(const uint8_t secret[MASTER_SECRET_SIZE],
                         char text[static GATE_SECRET_TEXT_SIZE]) {
    for (uint32_t i = 0; i < MASTER_SECRET_SIZE; i++) {
        text[2 * i] = DIGITS[secret[i] >> 4];
        text[2 * i + 1] = DIGITS[secret[i] & 15];
    }
    text[2 * MASTER_SECRET_SIZE] = '\0';
}

static void spend(struct sim_master *master, uint64_t packets, uint64_t bytes) {
    const struct plan_processing *processing = &master->plan->processing;
    uint64_t begins = master->busy_until > now_of(master) ? master->busy_until : now_of(master);
    master->busy_until =
        begins + packets * processing->packet_ns + bytes * processing->kib_ns / 1024;
}

static bool take_line(struct bytes *rest, struct bytes *line) {
    const uint8_t *end = rest->size > 0 ? memchr(rest->data, '\n', rest->size) : NULL;
    if (end == NULL) {
        return false;
    }
    *line = bytes_make(rest->data, (size_t)(end - rest->data) + 1);
    *rest = bytes_make(end + 1, rest->size - line->size);
    return true;
}

static struct gate_answer upload(struct sim_master *master, const struct gate_request *request,
                                 struct master_holder holder) {
    uint32_t count = 0;
    struct bytes rest = request->lines;
    struct bytes line;
    while (take_line(&rest, &line)) {
        struct packet packet;
        enum packet_fault fault = packet_parse(&packet, bytes_make(line.data, line.size - 1),
                                               sim_island_rooms(master->node.island)->scratch);
        ASSERT(fault == PACKET_OK);
        master->packets = memory_grow(&master->memory, master->packets, &master->packet_capacity,
                                      count + 1, sizeof *master->packets);
        master->packets[count++] =
            (struct master_packet){packet_address_gate(packet.receiver), line};
    }
    spend(master, count, request->lines.size);
    struct master_batch batch = {request->number, master->packets, count};
    struct gate_answer result = master_upload(&master->master, holder, &batch, now_of(master));
    if (result.accepted > 0) {
        struct grouping_gates gates = {&master->packets->gate, sizeof *master->packets, count};
        waiting_wake_receivers(&master->waiting, request->gate, gates);
    }
    return result;
}

static void execute(struct sim_master *master, struct sim_flight *flight) {
    const struct gate_request *request = &flight->request;
    uint8_t secret[MASTER_SECRET_SIZE];
    read_secret(master, request->secret, secret);
    struct master_holder holder = {request->gate, secret};
    struct master_taking taking = {request->number, GATE_BATCH_BYTES, &flight->answer_lines};
    spend(master, 1, 0);
    switch (request->kind) {
    case GATE_LEASE:
        flight->answer = master_lease(&master->master, holder, now_of(master));
        flight->answer.silence_s = (unsigned)(master->limits.silence / PLAN_SECOND);
        write_secret(secret, flight->answer.secret);
        waiting_wake(&master->waiting, flight->answer.gate);
        break;
    case GATE_UPLOAD:
        flight->answer = upload(master, request, holder);
        break;
    case GATE_TAKE:
        flight->answer_lines.size = 0;
        flight->answer = master_take(&master->master, holder, &taking, now_of(master));
        spend(master, 0, flight->answer_lines.size);
        break;
    case GATE_GIVE_BACK:
        flight->answer = master_give_back(&master->master, holder, now_of(master));
        waiting_wake(&master->waiting, request->gate);
        break;
    }
}

static bool found_nothing(const struct sim_flight *flight) {
    return flight->request.kind == GATE_TAKE && flight->answer.status == GATE_OK &&
           flight->answer_lines.size == 0 && flight->answer.missing == 0;
}

static void handle(struct sim_master *master, struct sim_flight *flight) {
    execute(master, flight);
    uint64_t span = flight->request.wait_s * PLAN_SECOND;
    if (!found_nothing(flight) || !waiting_may(&flight->wait, span, now_of(master))) {
        answer(master, flight);
        return;
    }
    waiting_begin(&master->waiting, &flight->wait, flight->request.gate, now_of(master));
    master->flights =
        memory_grow(&master->node.island->memory, master->flights, &master->flight_capacity,
                    master->flight_count + 1, sizeof(struct sim_flight *));
    master->flights[master->flight_count++] = flight;
}

static void note_mailboxes(struct sim_master *master) {
    struct sim_counts *counts = &master->node.island->counts;
    for (uint32_t place = 0; place < master->master.gates_used; place++) {
        const struct master_gate *gate = master_gate_at(&master->master, place);
        uint64_t packets = gate == NULL ? 0 : gate->mailbox.lines;
        if (packets > counts->mailbox_most) {
            counts->mailbox_most = packets;
        }
    }
}

// Records are durable as soon as they are written.
static void write_records(struct sim_master *master) {
    struct sim_journal *journal = &master->journal;
    master_settle(&master->master);
    if (sim_journal_is_long(journal)) {
        sim_journal_clear(journal);
        master_snapshot(&master->master, sim_journal_take, journal);
        sim_journal_end_snapshot(journal);
    }
}

static void go_on(struct sim_master *master) {
    if (master->master.gates_used <= GATES_LOOKED_AT) {
        note_mailboxes(master);
    }
    struct waiting_request *wait;
    master_drop_silent(&master->master, now_of(master));
    waiting_tick(&master->waiting, now_of(master));
    while ((wait = waiting_take_over(&master->waiting)) != NULL) {
        forget(master, (struct sim_flight *)wait);
        answer(master, (struct sim_flight *)wait);
    }
    while ((wait = waiting_take_woken(&master->waiting)) != NULL) {
        forget(master, (struct sim_flight *)wait);
        handle(master, (struct sim_flight *)wait);
    }
    write_records(master);
    sim_node_wake(&master->node, waiting_deadline(&master->waiting));
}

void sim_master_event(struct sim_master *master, const struct sim_event *event) {
    if (!master->node.is_up) {
        if (event->kind == SIM_REQUEST) {
            refuse(master, sim_flight_of(event));
        }
        return;
    }
    if (event->kind == SIM_REQUEST) {
        handle(master, sim_flight_of(event));
    }
    go_on(master);
}
