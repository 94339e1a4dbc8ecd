#include "sim/broker.h"

#include "base/assert.h"
#include "role/broker/broker_journal.h"
#include "role/broker/session/door_record.h"
#include "sim/rules.h"

#define RUNS_MAX 16u

// Where the plan names no limit: those of exe/broker.
static const struct plan_broker_limits usual = {
    .connections = 30000000,
    .sessions = 30000000,
    .packet_bytes = 8u << 20,
    .subscriptions = 10000,
    .in_flight = 1000,
    .receive_maximum = 1000,
    .topic_aliases = 64,
    .queue_messages = 100000,
    .queue_bytes = UINT64_C(64) << 20,
    .total_bytes = UINT64_C(1) << 30,
};

static uint32_t pick(uint32_t wanted, uint32_t otherwise) {
    return wanted != 0 ? wanted : otherwise;
}

static uint64_t pick_long(uint64_t wanted, uint64_t otherwise) {
    return wanted != 0 ? wanted : otherwise;
}

static struct mqtt_door_limits door_limits(const struct plan_broker_limits *plan) {
    return (struct mqtt_door_limits){
        .connections = pick(plan->connections, usual.connections),
        .sessions = pick(plan->sessions, usual.sessions),
        .session_policy = DOOR_SESSIONS_DROP_OLDEST,
        .packet_bytes = pick(plan->packet_bytes, usual.packet_bytes),
        .subscriptions = pick(plan->subscriptions, usual.subscriptions),
        .in_flight = pick(plan->in_flight, usual.in_flight),
        .receive_maximum = pick(plan->receive_maximum, usual.receive_maximum),
        .topic_aliases = pick(plan->topic_aliases, usual.topic_aliases),
        .queue_messages = pick(plan->queue_messages, usual.queue_messages),
        .queue_bytes = pick_long(plan->queue_bytes, usual.queue_bytes),
        .total_bytes = pick_long(plan->total_bytes, usual.total_bytes),
        .messages_a_second = plan->messages_a_second,
        .session_expiry = pick_long(plan->session_expiry_ns, ROLE_NEVER),
        .connect_time = 10 * ROLE_SECOND,
        .policy = DOOR_QUEUE_DROP_OLDEST,
    };
}

uint32_t sim_broker_queue_messages(const struct plan_broker *plan) {
    return pick(plan->limits.queue_messages, usual.queue_messages);
}

uint32_t sim_broker_packet_bytes(const struct plan_broker *plan) {
    return pick(plan->limits.packet_bytes, usual.packet_bytes);
}

// ---- ports --------------------------------------------------------------------------------------

static void note_ready(void *context, void *owner) {
    struct sim_broker *broker = context;
    struct sim_stream *stream = owner;
    if (stream != NULL) {
        sim_ready_add(broker->node.island, &stream->ready);
    }
}

static void note_end(struct sim_stream *stream, const struct door_event *event) {
    bool is_end = event->kind == DOOR_EVENT_DISCONNECTED || event->kind == DOOR_EVENT_REFUSED;
    if (stream != NULL && is_end && !stream->has_reason) {
        stream->has_reason = event->is_goodbye || event->why != NULL;
        stream->said_goodbye = event->is_goodbye;
        stream->reason = (uint8_t)event->reason;
    }
}

static void pass_event(void *context, const struct door_event *event) {
    struct sim_broker *broker = context;
    note_end(event->owner, event);
    broker->watch.mqtt(broker->watch.context, broker, event);
}

static bool send_line(void *context, const struct packet *packet) {
    struct sim_broker *broker = context;
    return sim_lines_send(&broker->line, packet, broker->leaves);
}

static void pass_line_event(void *context, const struct role_event *event) {
    struct sim_broker *broker = context;
    broker->watch.line(broker->watch.context, broker, event);
}

// All users of the simulated world have one password.
static bool give_verifier(void *context, struct bytes user, struct scram_verifier *verifier) {
    struct sim_broker *broker = context;
    (void)user;
    if (broker->verifier.iterations == 0) {
        scram_verifier_make(&broker->verifier, BYTES_LITERAL(SIM_PASSWORD),
                            BYTES_LITERAL("of the simulator"), SCRAM_ITERATIONS);
    }
    *verifier = broker->verifier;
    return true;
}

// ---- what it is made of
// --------------------------------------------------------------------------

void sim_broker_init(struct sim_broker *broker, struct sim_island *island, uint32_t number,
                     const struct plan_broker *plan) {
    *broker = (struct sim_broker){.plan = plan};
    sim_node_init(&broker->node, island, number, plan->name);
    broker->node.is_up = false;
    broker->node.place = (struct sim_place){plan->network, (uint32_t)(plan - island->plan->brokers),
                                            0, plan->link, SIM_PLACE_BROKER};
    sim_journal_init(&broker->journal, &island->memory, plan->store_ns);
    pool_feed(&island->pool, &broker->memory);
    broker->memory.limit = plan->limits.memory_bytes;
    struct topic_values_limits values = {.entries_max = UINT32_MAX, .bytes_max = UINT64_MAX};
    broker->config =
        (struct broker_config){.line = {.name = plan->name,
                                        .suite = SUITE_ANY,
                                        .ping_interval = pick_long(plan->ping_ns, 10 * ROLE_SECOND),
                                        .silence = 100 * ROLE_SECOND,
                                        .limits = {UINT32_MAX, UINT32_MAX, UINT32_MAX}},
                               .values = values};
    broker->port = (struct role_port){
        .send = send_line, .tell = pass_line_event, .context = broker, .memory = &broker->memory};
    if ((plan->doors & PLAN_DOOR_LINE) != 0) {
        broker->port.seal_room = sim_island_rooms(island)->seal;
        broker->port.unseal_room = sim_island_rooms(island)->unseal;
    }
    broker->door_config = (struct mqtt_door_config){.limits = door_limits(&plan->limits),
                                                    .anonymous = true,
                                                    .scram_verifier = give_verifier,
                                                    .scram_context = broker};
    broker->door_port = (struct mqtt_door_port){
        .ready = note_ready,
        .tell = pass_event,
        .journal = plan->store == PLAN_DURABLE ? &broker->journal.journal : NULL,
        .context = broker,
        .memory = &broker->memory};
}

static struct cipher_secret secret_of(const struct sim_broker *broker, uint32_t purpose) {
    struct cipher_secret secret = {{0}};
    for (uint32_t i = 0; i < CIPHER_SEED_SIZE / 8; i++) {
        uint64_t word = sim_random(broker->node.random, SIM_FOR_SEED,
                                   (uint64_t)broker->lives << 32 | purpose << 8 | i);
        memcpy(secret.bytes + (size_t)8 * i, &word, sizeof word);
    }
    return secret;
}

// ---- the journal --------------------------------------------------------------------------------

static void restore_record(void *context, const struct journal_record *record) {
    struct sim_broker *broker = context;
    uint64_t now = broker->node.island->now;
    bool is_core = record->kind < BROKER_RECORDS;
    bool is_good = is_core ? broker_journal_restore(&broker->broker.core, record, now)
                           : mqtt_door_restore(broker->broker.mqtt, record, now);
    ASSERT_MESSAGE(is_good, "a broker does not believe its own records");
}

static void restore(struct sim_broker *broker) {
    sim_journal_restore(&broker->journal, restore_record, broker);
    mqtt_door_restored(broker->broker.mqtt);
    broker_core_set_journal(&broker->broker.core, &broker->journal.journal);
}

// What is written by now is no longer waited for.
static void write_records(struct sim_broker *broker) {
    struct sim_journal *journal = &broker->journal;
    struct mqtt_door *door = broker->broker.mqtt;
    if (broker->door_port.journal == NULL || door == NULL) {
        return;
    }
    if (sim_journal_turn(journal, broker->node.island->now)) {
        mqtt_door_journal_written(door, broker->node.island->now);
    }
    if (sim_journal_is_long(journal)) {
        sim_journal_clear(journal);
        broker_journal_snapshot(&broker->broker.core, sim_journal_take, journal);
        mqtt_door_snapshot(door, sim_journal_take, journal);
        sim_journal_end_snapshot(journal);
    }
    sim_node_wake(&broker->node, journal->written_at);
}

// ---- life ---------------------------------------------------------------------------------------

void sim_broker_start(struct sim_broker *broker) {
    struct sim_island *island = broker->node.island;
    broker->lives++;
    struct cipher_secret core_seed = secret_of(broker, 1);
    struct cipher_secret door_seed = secret_of(broker, 2);
    broker_init(&broker->broker, &broker->config, &broker->port, broker->line.address, &core_seed);
    if ((broker->plan->doors & PLAN_DOOR_MQTT) != 0) {
        broker_open_mqtt(&broker->broker, &broker->door_config, &broker->door_port, &door_seed);
        mqtt_door_tell_entries(broker->broker.mqtt, true);
        if (broker->door_port.journal != NULL) {
            restore(broker);
        }
    }
    broker->node.is_up = true;
    broker->queue_lost = 0;
    broker->busy_until = broker->leaves = island->now;
    if (broker->line.network != NULL) {
        broker_start(&broker->broker);
    }
    sim_node_wake(&broker->node, broker_deadline(&broker->broker));
}

// Ends all streams: the machine says so to the other end.
static void drop_streams(struct sim_broker *broker) {
    struct sim_stream_table *table = &broker->node.island->streams;
    for (uint32_t i = 0; i < table->count; i++) {
        struct sim_stream *stream = table->items[i];
        if (stream == NULL || stream->node[SIM_BROKER_END] != &broker->node ||
            stream->connection == NULL) {
            continue;
        }
        mqtt_door_close(broker->broker.mqtt, stream->connection, broker->node.island->now);
        stream->connection = NULL;
        sim_stream_close(stream, SIM_BROKER_END, SIM_ENDS_WITH_RESET);
    }
}

// After its death nobody hears a role.
static void hear_nothing(void *context, struct sim_broker *broker, const struct door_event *event) {
    (void)context;
    (void)broker;
    (void)event;
}

void sim_broker_stop(struct sim_broker *broker, bool says_farewell) {
    struct sim_island *island = broker->node.island;
    struct mqtt_door *door = broker->broker.mqtt;
    sim_broker_look(broker);
    if (says_farewell && broker->line.network != NULL) {
        broker_stop(&broker->broker, island->now);
    } else if (says_farewell && door != NULL) {
        mqtt_door_stop(door, island->now);
    }
    struct sim_broker_watch watch = broker->watch;
    broker->watch.mqtt = hear_nothing;
    sim_journal_close(&broker->journal, says_farewell);
    if (door != NULL) {
        drop_streams(broker);
    }
    broker_deinit(&broker->broker);
    ASSERT(broker->memory.blocks_in_use == 0);
    broker->watch = watch;
    broker->node.is_up = false;
    broker->waiting_at = broker->waiting_count = 0;
}

void sim_broker_deinit(struct sim_broker *broker) {
    if (broker->node.is_up) {
        sim_broker_stop(broker, false);
    }
    sim_journal_deinit(&broker->journal);
    memory_free(&broker->node.island->memory, broker->waiting,
                broker->waiting_capacity * sizeof *broker->waiting);
}

void sim_broker_limit_queue(struct sim_broker *broker, uint32_t messages) {
    broker->door_config.limits.queue_messages =
        messages != 0 ? messages : door_limits(&broker->plan->limits).queue_messages;
}

// ---- streams ------------------------------------------------------------------------------------

static void tell_closed(const struct sim_broker *broker, struct sim_stream *stream,
                        bool has_unsent) {
    if (broker->watch.closed != NULL) {
        broker->watch.closed(broker->watch.context, stream, has_unsent);
    }
}

static void close_stream(struct sim_broker *broker, struct sim_stream *stream,
                         enum sim_ending ending) {
    bool has_reason = stream->has_reason;
    bool has_unsent = false;
    if (stream->connection != NULL) {
        // Where the broker ends it, what came with the last bytes may not have been looked at.
        bool is_broken_off = mqtt_door_is_over(stream->connection) && !stream->said_goodbye;
        has_unsent = mqtt_door_has_unsent(stream->connection) || is_broken_off;
        mqtt_door_close(broker->broker.mqtt, stream->connection, broker->node.island->now);
        stream->connection = NULL;
    }
    stream->has_reason = has_reason; // what the door says now it was told by us
    tell_closed(broker, stream, has_unsent);
    sim_stream_close(stream, SIM_BROKER_END, ending);
}

static void tell_bytes(const struct sim_broker *broker, struct sim_stream *stream,
                       enum sim_side sender, struct bytes bytes) {
    if (broker->watch.bytes != NULL) {
        broker->watch.bytes(broker->watch.context, stream, sender, bytes);
    }
}

// False: the stream is gone.
static bool accept(struct sim_broker *broker, struct sim_stream *stream) {
    struct door_stream_info info = {.owner = stream, .peer_address = BYTES_LITERAL("simulated")};
    if (broker->broker.mqtt != NULL) {
        stream->connection = mqtt_door_open(broker->broker.mqtt, &info, broker->node.island->now);
    }
    if (stream->connection == NULL) {
        sim_stream_close(stream, SIM_BROKER_END, SIM_ENDS_WITH_RESET);
        return false;
    }
    sim_stream_take(stream, SIM_BROKER_END);
    sim_stream_mark(stream, SIM_BROKER_END, SIM_ACCEPT, broker->leaves);
    return true;
}

// One piece. False: nothing can be taken now, or the stream is gone.
static bool take_piece(struct sim_broker *broker, struct sim_stream *stream) {
    const struct sim_piece *piece = sim_stream_arrived(stream, SIM_BROKER_END);
    if (piece == NULL) {
        return false;
    }
    switch ((enum sim_mark)piece->mark) {
    case SIM_SYN:
        return accept(broker, stream);
    case SIM_BYTES:
        if (!mqtt_door_takes_input(stream->connection)) {
            return false;
        }
        if (mqtt_door_listens(stream->connection)) {
            tell_bytes(broker, stream, SIM_CLIENT_END, bytes_make(piece->data, piece->size));
        }
        mqtt_door_receive(broker->broker.mqtt, stream->connection,
                          bytes_make(piece->data, piece->size), broker->node.island->now);
        sim_stream_take(stream, SIM_BROKER_END);
        return true;
    case SIM_FIN:
    case SIM_RESET:
        close_stream(broker, stream, SIM_ENDS_WITH_FIN);
        return false;
    case SIM_ACCEPT:
        break;
    }
    ASSERT_MESSAGE(false, "a client does not accept connections");
    return false;
}

// False: nothing is to be sent, or there is no room.
static bool send_output(struct sim_broker *broker, struct sim_stream *stream) {
    struct bytes runs[RUNS_MAX];
    unsigned count = mqtt_door_output(broker->broker.mqtt, stream->connection, runs, RUNS_MAX);
    size_t sent = 0;
    for (unsigned i = 0; i < count; i++) {
        size_t room = sim_stream_room(stream, SIM_BROKER_END);
        size_t size = runs[i].size < room ? runs[i].size : room;
        if (size == 0) {
            break;
        }
        tell_bytes(broker, stream, SIM_BROKER_END, bytes_make(runs[i].data, size));
        sim_rules_send(broker->node.island->rules, stream, SIM_BROKER_END,
                       bytes_make(runs[i].data, size), broker->leaves);
        sent += size;
        if (size < runs[i].size) {
            break;
        }
    }
    if (sent > 0) {
        mqtt_door_sent(broker->broker.mqtt, stream->connection, sent, broker->node.island->now);
    }
    if (count == 0 && mqtt_door_is_over(stream->connection)) {
        close_stream(broker, stream, SIM_ENDS_WITH_FIN);
        return false;
    }
    return sent > 0;
}

// ---- work takes time ----------------------------------------------------------------------------

static uint64_t cost_of(const struct plan_processing *processing, uint64_t packets,
                        uint64_t bytes) {
    return packets * processing->packet_ns + bytes * processing->kib_ns / 1024;
}

static bool is_instant(const struct sim_broker *broker) {
    return broker->plan->processing.packet_ns == 0 && broker->plan->processing.kib_ns == 0;
}

static void wait_in_line(struct sim_broker *broker, const struct sim_event *event) {
    struct sim_island *island = broker->node.island;
    uint32_t used = broker->waiting_at + broker->waiting_count;
    if (broker->waiting_at > 64 && broker->waiting_at > broker->waiting_count) {
        memmove(broker->waiting, broker->waiting + broker->waiting_at,
                broker->waiting_count * sizeof *broker->waiting);
        broker->waiting_at = 0;
        used = broker->waiting_count;
    }
    broker->waiting = memory_grow(&island->memory, broker->waiting, &broker->waiting_capacity,
                                  used + 1, sizeof *broker->waiting);
    broker->waiting[used] = event->argument;
    broker->waiting_count++;
    if (broker->waiting_count > island->counts.queue_most) {
        island->counts.queue_most = broker->waiting_count;
    }
    sim_node_wake(&broker->node, broker->busy_until);
}

void sim_broker_serve(struct sim_broker *broker, struct sim_stream *stream) {
    if (!broker->node.is_up || stream->connection == NULL) {
        return;
    }
    uint64_t argument = sim_stream_argument(stream, SIM_BROKER_END);
    while (send_output(broker, stream)) {
    }
    stream = sim_stream_named(broker->node.island, argument);
    if (stream != NULL && stream->connection != NULL && mqtt_door_takes_input(stream->connection) &&
        sim_stream_arrived(stream, SIM_BROKER_END) != NULL) {
        wait_in_line(broker, &(struct sim_event){.argument = argument});
    }
    write_records(broker);
}

// All that has arrived by one stream, in one go; it is what the machine hands over at a read.
static void read_stream(struct sim_broker *broker, uint64_t argument) {
    struct sim_island *island = broker->node.island;
    struct sim_stream *stream = sim_stream_named(island, argument);
    if (stream == NULL) {
        return;
    }
    struct mqtt_door *door = broker->broker.mqtt;
    if (door == NULL) {
        sim_stream_close(stream, SIM_BROKER_END, SIM_ENDS_WITH_RESET);
        return;
    }
    const struct mqtt_door_counts *counts = mqtt_door_counts(door);
    uint64_t packets = counts->packets_received;
    uint64_t bytes = counts->bytes_received;
    mqtt_door_begin_turn(door);
    bool has_more = take_piece(broker, stream);
    uint64_t cost = cost_of(&broker->plan->processing, counts->packets_received - packets,
                            counts->bytes_received - bytes);
    broker->busy_until =
        (broker->busy_until > island->now ? broker->busy_until : island->now) + cost;
    broker->leaves = broker->busy_until;
    if (has_more && sim_stream_arrived(stream, SIM_BROKER_END) != NULL) {
        wait_in_line(broker, &(struct sim_event){.argument = argument});
    }
}

static void read_line(struct sim_broker *broker, const struct sim_event *event) {
    struct sim_island *island = broker->node.island;
    struct sim_line *line = sim_line_of(event);
    struct packet packet;
    sim_lines_read(line, &packet);
    broker->busy_until = (broker->busy_until > island->now ? broker->busy_until : island->now) +
                         cost_of(&broker->plan->processing, 1, line->size);
    broker->leaves = broker->busy_until;
    island->hearing = line->mark;
    broker_receive(&broker->broker, &packet, island->now);
    island->hearing.stream = VERDICT_NONE;
    sim_lines_let_go(island, line);
}

static void work(struct sim_broker *broker) {
    struct sim_island *island = broker->node.island;
    while (broker->waiting_count > 0 && broker->busy_until <= island->now) {
        uint64_t argument = broker->waiting[broker->waiting_at++];
        broker->waiting_count--;
        read_stream(broker, argument);
    }
    if (broker->waiting_count > 0) {
        sim_node_wake(&broker->node, broker->busy_until);
    }
}

static void arrive(struct sim_broker *broker, const struct sim_event *event) {
    if (!is_instant(broker) &&
        (broker->waiting_count > 0 || broker->busy_until > broker->node.island->now)) {
        wait_in_line(broker, event);
        return;
    }
    read_stream(broker, event->argument);
}

static void retry(struct sim_broker *broker, const struct sim_event *event) {
    struct sim_stream *stream = sim_stream_named(broker->node.island, event->argument);
    if (stream == NULL || sim_stream_retry(stream, SIM_BROKER_END)) {
        return;
    }
    if (!stream->is_over[SIM_BROKER_END]) {
        close_stream(broker, stream, SIM_ENDS_SILENTLY);
    }
}

// The machine answers for a process that is not there.
static void answer_for_the_dead(struct sim_broker *broker, const struct sim_event *event) {
    struct sim_island *island = broker->node.island;
    if (event->kind == SIM_LINE) {
        sim_lines_lose(broker->line.network, sim_line_of(event), LOSS_CRASH);
        sim_lines_let_go(island, sim_line_of(event));
    } else if (event->kind == SIM_ARRIVAL) {
        struct sim_stream *stream = sim_stream_named(island, event->argument);
        if (stream != NULL && !stream->is_over[SIM_BROKER_END]) {
            sim_stream_close(stream, SIM_BROKER_END, SIM_ENDS_WITH_RESET);
        } else if (stream != NULL) {
            (void)sim_stream_arrived(stream, SIM_BROKER_END); // answers
        }
    } else if (event->kind == SIM_RETRY) {
        struct sim_stream *stream = sim_stream_named(island, event->argument);
        if (stream != NULL) {
            (void)sim_stream_retry(stream, SIM_BROKER_END);
        }
    }
}

static void make_room(struct sim_broker *broker, const struct sim_event *event) {
    struct sim_stream *stream = sim_stream_named(broker->node.island, event->argument);
    if (stream != NULL && !stream->is_over[SIM_BROKER_END]) {
        sim_broker_serve(broker, stream);
    }
}

void sim_broker_event(struct sim_broker *broker, const struct sim_event *event) {
    struct sim_island *island = broker->node.island;
    if (!broker->node.is_up) {
        answer_for_the_dead(broker, event);
        return;
    }
    broker->leaves = broker->busy_until > island->now ? broker->busy_until : island->now;
    switch ((enum sim_event_kind)event->kind) {
    case SIM_WAKE:
        work(broker);
        broker_tick(&broker->broker, island->now);
        break;
    case SIM_ARRIVAL:
        arrive(broker, event);
        break;
    case SIM_ROOM:
        make_room(broker, event);
        break;
    case SIM_RETRY:
        retry(broker, event);
        break;
    case SIM_LINE:
        read_line(broker, event);
        break;
    case SIM_REQUEST:
    case SIM_ANSWER:
    case SIM_EVENTS:
        break;
    }
    island->saying.stream = VERDICT_NONE;
    write_records(broker);
    sim_node_wake(&broker->node, broker_deadline(&broker->broker));
}

void sim_broker_look(struct sim_broker *broker) {
    struct sim_counts *counts = &broker->node.island->counts;
    const struct mqtt_door *door = broker->node.is_up ? broker->broker.mqtt : NULL;
    if (door == NULL) {
        return;
    }
    const struct mqtt_door_counts *of = mqtt_door_counts(door);
    uint64_t lost = of->dropped_queue_full + of->dropped_total_full;
    counts->queue_lost += lost - broker->queue_lost;
    broker->queue_lost = lost;
    if (of->waiting_most > counts->queued_most) {
        counts->queued_most = of->waiting_most;
    }
}

void sim_broker_check(const struct sim_broker *broker) {
    if (broker->node.is_up) {
        broker_check(&broker->broker);
    }
    ASSERT(broker->waiting_at + broker->waiting_count <= broker->waiting_capacity);
}
