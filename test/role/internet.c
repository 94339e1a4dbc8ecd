#include "role/internet.h"

#include <sodium.h>
#include <stdlib.h>

#define LATENCY (ROLE_SECOND / 25)
#define TIMEOUT (3 * ROLE_SECOND) // until a lost request or answer is given up

static bool happens(struct internet *internet, unsigned percent) {
    return support_random(&internet->random) % 100 < percent;
}

static bool take_line(struct bytes *rest, struct bytes *line) {
    const uint8_t *lf = rest->size > 0 ? memchr(rest->data, '\n', rest->size) : NULL;
    if (lf == NULL) {
        return false;
    }
    *line = bytes_make(rest->data, (size_t)(lf - rest->data) + 1);
    *rest = bytes_make(lf + 1, rest->size - line->size);
    return true;
}

static struct bytes behind(const struct buffer *buffer, size_t at) {
    return at < buffer->size ? bytes_make(buffer->data + at, buffer->size - at) : (struct bytes){0};
}

static struct bytes without_end(struct bytes line) {
    return bytes_make(line.data, line.size - 1);
}

// ---- requests on their way --------------------------------------------------------------------

static void free_flight(struct internet_flight *flight) {
    buffer_deinit(&flight->request_lines);
    buffer_deinit(&flight->answer_lines);
    *flight = (struct internet_flight){.state = FLIGHT_FREE};
}

static void depart(struct internet_place *place, enum uplink_lane lane,
                   const struct gate_request *request) {
    struct internet *internet = place->internet;
    unsigned i = 0;
    while (i < INTERNET_FLIGHTS_MAX && internet->flights[i].state != FLIGHT_FREE) {
        i++;
    }
    assert_in_range(i, 0, INTERNET_FLIGHTS_MAX - 1);
    struct internet_flight *flight = &internet->flights[i];
    *flight = (struct internet_flight){.state = FLIGHT_GOES,
                                       .place = place,
                                       .life = place->life,
                                       .lane = lane,
                                       .due = internet->now + LATENCY,
                                       .is_lost = happens(internet, internet->loss_percent),
                                       .request = *request};
    buffer_init(&flight->request_lines, &internet->memory);
    buffer_init(&flight->answer_lines, &internet->memory);
    buffer_append(&flight->request_lines, request->lines);
    flight->request.lines = buffer_bytes(&flight->request_lines);
}

static void fail_flight(struct internet_flight *flight, uint64_t due) {
    flight->answer = (struct gate_answer){.status = GATE_UNAVAILABLE, .text = "is away"};
    flight->state = FLIGHT_RETURNS;
    flight->due = due;
}

static void return_answer(struct internet *internet, struct internet_flight *flight) {
    flight->state = FLIGHT_RETURNS;
    flight->due = internet->now + LATENCY;
    flight->answer.lines = buffer_bytes(&flight->answer_lines);
    if (happens(internet, internet->loss_percent)) {
        fail_flight(flight, internet->now + TIMEOUT);
    }
}

static void arrive_back(struct internet_flight *flight) {
    struct internet_place *place = flight->place;
    if (place->is_up && place->life == flight->life) {
        uplink_answer(&place->uplink, flight->lane, &flight->answer, place->internet->now);
        uplink_check(&place->uplink);
    }
    free_flight(flight);
}

// ---- the master -------------------------------------------------------------------------------

static void count_master_event(void *context) {
    struct internet_master *master = context;
    master->events++;
}

static bool master_is_doomed(const struct internet_master *master) {
    return master->dies_at != 0 && master->events >= master->dies_at;
}

static void restore_master(void *context, const struct journal_record *record) {
    assert_true(master_restore(context, record));
}

static void start_master(struct internet *internet) {
    struct internet_master *own = &internet->master;
    memory_init(&own->memory);
    master_init(&own->master, &own->memory, &own->limits);
    memory_journal_restore(&own->journal, restore_master, &own->master);
    master_start(&own->master, &own->journal.journal);
    waiting_init(&own->waiting, &own->memory, own->limits.silence / 3, 1);
    own->is_up = true;
}

static void end_master(struct internet *internet) {
    struct internet_master *own = &internet->master;
    waiting_deinit(&own->waiting);
    master_deinit(&own->master);
    assert_int_equal(own->memory.blocks_in_use, 0);
    own->is_up = false;
}

void internet_kill_master(struct internet *internet, uint64_t away) {
    struct internet_master *own = &internet->master;
    end_master(internet);
    memory_journal_kill(&own->journal);
    own->dies_at = 0;
    own->back_at = internet->now + away;
    for (unsigned i = 0; i < INTERNET_FLIGHTS_MAX; i++) {
        if (internet->flights[i].state == FLIGHT_WAITS) {
            fail_flight(&internet->flights[i], internet->now + LATENCY);
        }
    }
}

static void put_secret(struct internet *internet, struct internet_flight *flight,
                       uint8_t secret[MASTER_SECRET_SIZE]) {
    const char *text = flight->request.secret;
    size_t size;
    if (text[0] == '\0') {
        memset(secret, ++internet->master.secrets, MASTER_SECRET_SIZE);
    } else {
        assert_int_equal(
            sodium_hex2bin(secret, MASTER_SECRET_SIZE, text, strlen(text), NULL, &size, NULL), 0);
        assert_int_equal(size, MASTER_SECRET_SIZE);
    }
}

static struct gate_answer upload(struct internet *internet, const struct gate_request *request,
                                 struct master_holder holder) {
    struct master_packet *packets = calloc(request->lines.size, sizeof *packets);
    struct master_batch batch = {request->number, packets, 0};
    struct bytes rest = request->lines;
    struct bytes line;
    while (take_line(&rest, &line)) {
        struct packet packet;
        assert_int_equal(packet_parse(&packet, without_end(line), internet->scratch), PACKET_OK);
        assert_int_equal(packet_address_gate(packet.sender), request->gate);
        packets[batch.count++] = (struct master_packet){packet_address_gate(packet.receiver), line};
    }
    struct internet_master *own = &internet->master;
    struct gate_answer answer = master_upload(&own->master, holder, &batch, internet->now);
    if (answer.accepted > 0) {
        struct grouping_gates gates = {&packets->gate, sizeof *packets, batch.count};
        waiting_wake_receivers(&own->waiting, request->gate, gates);
    }
    free(packets);
    return answer;
}

static void execute(struct internet *internet, struct internet_flight *flight) {
    const struct gate_request *request = &flight->request;
    struct master *master = &internet->master.master;
    uint8_t secret[MASTER_SECRET_SIZE];
    put_secret(internet, flight, secret);
    struct master_holder holder = {request->gate, secret};
    struct master_taking taking = {request->number, GATE_BATCH_BYTES, &flight->answer_lines};
    internet->master.requests++;
    switch (request->kind) {
    case GATE_LEASE:
        flight->answer = master_lease(master, holder, internet->now);
        flight->answer.silence_s = (unsigned)(internet->master.limits.silence / ROLE_SECOND);
        sodium_bin2hex(flight->answer.secret, sizeof flight->answer.secret, secret, sizeof secret);
        waiting_wake(&internet->master.waiting, flight->answer.gate);
        break;
    case GATE_UPLOAD:
        flight->answer = upload(internet, request, holder);
        break;
    case GATE_TAKE:
        flight->answer_lines.size = 0;
        flight->answer = master_take(master, holder, &taking, internet->now);
        break;
    case GATE_GIVE_BACK:
        flight->answer = master_give_back(master, holder, internet->now);
        waiting_wake(&internet->master.waiting, request->gate);
        break;
    }
}

static bool found_nothing(const struct internet_flight *flight) {
    return flight->request.kind == GATE_TAKE && flight->answer.status == GATE_OK &&
           flight->answer_lines.size == 0 && flight->answer.missing == 0;
}

// One round: all that have arrived are executed, and answered once the journal has it.
static bool run_round(struct internet *internet, struct internet_flight **round, unsigned count) {
    struct internet_master *own = &internet->master;
    for (unsigned i = 0; i < count; i++) {
        execute(internet, round[i]);
        round[i]->state = FLIGHT_WAITS;
    }
    master_settle(&own->master);
    master_check(&own->master);
    bool is_busy = !journal_is_durable(&own->journal.journal);
    own->events += is_busy;
    if (master_is_doomed(own)) {
        internet_kill_master(internet, own->away);
        return false;
    }
    memory_journal_write(&own->journal);
    own->events += is_busy;
    if (master_is_doomed(own)) {
        internet_kill_master(internet, own->away);
        return false;
    }
    for (unsigned i = 0; i < count; i++) {
        uint64_t span = round[i]->request.wait_s * ROLE_SECOND;
        if (found_nothing(round[i]) && waiting_may(&round[i]->wait, span, internet->now)) {
            waiting_begin(&own->waiting, &round[i]->wait, round[i]->request.gate, internet->now);
        } else {
            return_answer(internet, round[i]);
        }
    }
    return true;
}

static unsigned gather_arrived(struct internet *internet, struct internet_flight **round) {
    unsigned count = 0;
    for (unsigned i = 0; i < INTERNET_FLIGHTS_MAX; i++) {
        struct internet_flight *flight = &internet->flights[i];
        if (flight->state != FLIGHT_GOES || flight->due > internet->now) {
            continue;
        }
        if (flight->is_lost) {
            fail_flight(flight, internet->now + TIMEOUT);
        } else if (!internet->master.is_up) {
            fail_flight(flight, internet->now + LATENCY);
        } else {
            round[count++] = flight;
        }
    }
    return count;
}

static unsigned gather_woken(struct internet *internet, struct internet_flight **round,
                             unsigned count) {
    struct waiting *waiting = &internet->master.waiting;
    struct waiting_request *wait;
    waiting_tick(waiting, internet->now);
    assert_true(waiting_deadline(waiting) > internet->now);
    while ((wait = waiting_take_over(waiting)) != NULL) {
        return_answer(internet, (struct internet_flight *)wait);
    }
    while ((wait = waiting_take_woken(waiting)) != NULL) {
        round[count++] = (struct internet_flight *)wait;
    }
    return count;
}

static void run_master(struct internet *internet) {
    struct internet_master *own = &internet->master;
    if (!own->is_up && internet->now >= own->back_at) {
        start_master(internet);
    }
    for (;;) {
        struct internet_flight *round[INTERNET_FLIGHTS_MAX];
        unsigned count = gather_arrived(internet, round);
        if (!own->is_up) {
            return;
        }
        count = gather_woken(internet, round, count);
        if (count == 0 || !run_round(internet, round, count)) {
            return;
        }
    }
}

// ---- the router's driver ----------------------------------------------------------------------

static struct bytes format(struct internet_place *place, const struct packet *packet) {
    struct packet stamped = *packet;
    uint8_t *line = place->internet->line;
    stamped.time_stamp = stamped.time_stamp != 0 ? stamped.time_stamp : 1;
    size_t size = packet_format(&stamped, line, PACKET_LINE_MAX);
    assert_true(size > 0);
    return bytes_make(line, size);
}

static bool go_up(void *context, const struct packet *packet) {
    struct internet_place *place = context;
    uplink_add_line(&place->uplink, format(place, packet));
    return true;
}

static bool go_down(void *context, const struct packet *packet) {
    struct internet_place *place = context;
    buffer_append(&place->outgoing, format(place, packet));
    return true;
}

static void hear(void *context, const struct role_event *event) {
    struct internet_place *place = context;
    if (event->kind == EVENT_DROPPED) {
        place->dropped[event->fault]++;
    }
}

static void hear_uplink(void *context, const struct uplink_event *event) {
    struct internet_place *place = context;
    assert_in_range(event->kind, 0, INTERNET_EVENTS - 1);
    place->told[event->kind]++;
}

static void count_event(void *context) {
    struct internet_place *place = context;
    place->events++;
}

static bool is_doomed(const struct internet_place *place) {
    return place->dies_at != 0 && place->events >= place->dies_at;
}

// What stands in the file was seen by all who read it.
static void append_to_file(struct internet_place *place, struct bytes lines) {
    struct bytes line;
    while (take_line(&lines, &line)) {
        buffer_append(&place->file, line);
        network_inject(place->network, without_end(line));
    }
}

static void complete_append(struct internet_place *place) {
    struct bytes pending = buffer_bytes(&place->kept.pending);
    struct bytes rest = behind(&place->file, place->kept.pending_at);
    if (pending.size > 0 && !bytes_starts_with(rest, pending)) {
        buffer_append(&place->outgoing, pending);
    }
    place->has_appended = place->outgoing.size == 0;
}

static void restore_router(void *context, const struct journal_record *record) {
    struct internet_place *place = context;
    assert_true(uplink_restore(&place->uplink, record, place->internet->now));
}

static void start_router(struct internet_place *place) {
    struct internet *internet = place->internet;
    memory_init(&place->memory);
    place->router_port.journal = NULL;
    uplink_init(&place->uplink, &place->config, &place->port, support_random(&internet->random));
    memory_journal_restore(&place->journal, restore_router, place);
    place->router_port.journal = &place->journal.journal;
    buffer_init(&place->outgoing, &place->driver_memory);
    place->position = place->kept.position;
    complete_append(place);
    place->is_up = true;
    uplink_start(&place->uplink);
    uplink_check(&place->uplink);
}

static void end_router(struct internet_place *place) {
    uplink_deinit(&place->uplink);
    assert_int_equal(place->memory.blocks_in_use, 0);
    buffer_deinit(&place->outgoing);
    place->is_up = false;
    place->life++;
}

void internet_kill_router(struct internet_place *place, uint64_t away) {
    end_router(place);
    memory_journal_kill(&place->journal);
    place->dies_at = 0;
    place->back_at = place->internet->now + away;
}

static void read_network(struct internet_place *place) {
    struct bytes rest = behind(&place->file, place->position);
    struct bytes line;
    while (!uplink_is_full(&place->uplink) && take_line(&rest, &line)) {
        uint8_t *scratch = malloc(line.size);
        uint8_t *copy = malloc(line.size);
        struct packet packet;
        memcpy(copy, line.data, line.size);
        place->position += line.size;
        assert_int_equal(packet_parse(&packet, bytes_make(copy, line.size - 1), scratch),
                         PACKET_OK);
        uplink_receive(&place->uplink, &packet, place->internet->now);
        free(copy);
        free(scratch);
    }
}

// The next stage of a turn, which counts if there is something to do. False: the router died.
static bool reach(struct internet_place *place, bool is_busy) {
    place->events += is_busy;
    if (is_doomed(place)) {
        internet_kill_router(place, place->away);
        return false;
    }
    return true;
}

// False: nothing is written, and nothing may leave.
static bool commit(struct internet_place *place) {
    struct internet_kept *kept = &place->kept;
    if (place->journal_fails) {
        memory_journal_fail(&place->journal);
        return false;
    }
    memory_journal_write(&place->journal);
    kept->position = place->position;
    if (place->outgoing.size > 0) {
        kept->pending.size = 0;
        buffer_append(&kept->pending, buffer_bytes(&place->outgoing));
        kept->pending_at = place->file.size;
    } else if (place->has_appended) {
        kept->pending.size = 0;
    }
    place->has_appended = false;
    return true;
}

static void ask(struct internet_place *place) {
    struct gate_request request;
    for (int lane = 0; lane < UPLINK_LANES; lane++) {
        uint64_t now = place->internet->now;
        if (uplink_next(&place->uplink, (enum uplink_lane)lane, &request, now)) {
            depart(place, (enum uplink_lane)lane, &request);
        }
    }
}

static void turn(struct internet_place *place) {
    uint64_t now = place->internet->now;
    if (!place->is_leaving && !place->journal_fails) {
        read_network(place);
    }
    if (uplink_deadline(&place->uplink) <= now) {
        uplink_tick(&place->uplink, now);
    }
    bool is_over = place->is_leaving && uplink_leave(&place->uplink, false, now);
    uplink_settle(&place->uplink);
    uplink_check(&place->uplink);
    bool is_busy = !journal_is_durable(&place->journal.journal) || place->outgoing.size > 0;
    if (!reach(place, is_busy) || !commit(place) || !reach(place, is_busy)) {
        return;
    }
    append_to_file(place, buffer_bytes(&place->outgoing));
    place->has_appended = place->has_appended || place->outgoing.size > 0;
    place->outgoing.size = 0;
    if (!reach(place, is_busy)) {
        return;
    }
    ask(place);
    if (is_over) {
        end_router(place);
        place->back_at = ROLE_NEVER;
    }
}

static void run_router(struct internet_place *place) {
    if (!place->is_up && place->internet->now >= place->back_at) {
        start_router(place);
    }
    if (place->is_up) {
        turn(place);
    }
}

static unsigned listen_in(void *context, uint8_t *line, size_t *size) {
    struct internet_place *place = context;
    buffer_append(&place->file, bytes_make(line, *size));
    return 1;
}

struct internet_place *internet_add(struct internet *internet, uint32_t gate) {
    assert_in_range(internet->place_count, 0, INTERNET_PLACES_MAX - 1);
    struct internet_place *place = &internet->places[internet->place_count++];
    place->internet = internet;
    place->network = network_open(gate);
    place->network->now = internet->now;
    place->network->meddle = listen_in;
    place->network->meddle_context = place;
    memory_init(&place->driver_memory);
    buffer_init(&place->file, &place->driver_memory);
    buffer_init(&place->kept.pending, &place->driver_memory);
    memory_journal_init(&place->journal, uplink_journal_kinds);
    place->journal.appended = count_event;
    place->journal.context = place;
    place->config =
        (struct uplink_config){.router = {.name = BYTES_LITERAL("a router"),
                                          .confirmation = 10 * ROLE_SECOND,
                                          .limits = {.brokers = 100, .gates = 100, .pairs = 100}},
                               .gate = gate,
                               .waiting_bytes = 1 << 20};
    place->router_port = (struct router_port){
        .up = go_up, .down = go_down, .tell = hear, .context = place, .memory = &place->memory};
    place->port = (struct uplink_port){.router = &place->router_port,
                                       .tell = hear_uplink,
                                       .context = place,
                                       .unseal_room = internet->scratch};
    start_router(place);
    return place;
}

// ---- all of it --------------------------------------------------------------------------------

struct internet *internet_open(uint64_t seed, uint64_t silence) {
    struct internet *internet = calloc(1, sizeof *internet);
    assert_non_null(internet);
    internet->now = 5 * ROLE_SECOND;
    internet->random = seed;
    memory_init(&internet->memory);
    internet->master.limits = (struct master_limits){.gates = 10,
                                                     .mailbox_packets = 10000,
                                                     .mailbox_bytes = 1 << 22,
                                                     .silence = silence,
                                                     .classic_silence = silence};
    memory_journal_init(&internet->master.journal, master_journal_kinds);
    internet->master.journal.appended = count_master_event;
    internet->master.journal.context = &internet->master;
    start_master(internet);
    return internet;
}

void internet_close(struct internet *internet) {
    for (unsigned i = 0; i < internet->place_count; i++) {
        struct internet_place *place = &internet->places[i];
        if (place->is_up) {
            end_router(place);
        }
        network_close(place->network);
        buffer_deinit(&place->file);
        buffer_deinit(&place->kept.pending);
        memory_journal_deinit(&place->journal);
        assert_int_equal(place->driver_memory.blocks_in_use, 0);
    }
    if (internet->master.is_up) {
        end_master(internet);
    }
    memory_journal_deinit(&internet->master.journal);
    for (unsigned i = 0; i < INTERNET_FLIGHTS_MAX; i++) {
        if (internet->flights[i].state != FLIGHT_FREE) {
            free_flight(&internet->flights[i]);
        }
    }
    assert_int_equal(internet->memory.blocks_in_use, 0);
    free(internet);
}

static void step(struct internet *internet) {
    internet->now += INTERNET_STEP;
    for (unsigned i = 0; i < internet->place_count; i++) {
        network_pass(internet->places[i].network, INTERNET_STEP);
    }
    for (unsigned i = 0; i < INTERNET_FLIGHTS_MAX; i++) {
        struct internet_flight *flight = &internet->flights[i];
        if (flight->state == FLIGHT_RETURNS && flight->due <= internet->now) {
            arrive_back(flight);
        }
    }
    run_master(internet);
    for (unsigned i = 0; i < internet->place_count; i++) {
        run_router(&internet->places[i]);
    }
}

void internet_pass(struct internet *internet, uint64_t nanoseconds) {
    for (uint64_t end = internet->now + nanoseconds; internet->now < end;) {
        step(internet);
    }
}
