#include "sim/device/hearing.h"

#include "base/assert.h"
#include "base/hash.h"
#include "sim/account/telling.h"
#include "sim/device/speech.h"
#include "sim/device/judge.h"

static struct sim_device *device_of(struct sim_node *node) {
    return (struct sim_device *)node; // it stands first
}

// ---- a client of MQTT ---------------------------------------------------------------------------

void sim_hearing_ready(void *context, void *owner) {
    struct sim_device *device = owner;
    sim_ready_add(context, &device->node.ready);
}

// NULL: a visitor is.
static struct sim_device *device_behind(const struct sim_stream *stream) {
    struct sim_node *node = stream->node[SIM_CLIENT_END];
    return node->place.kind == SIM_PLACE_DEVICE ? device_of(node) : NULL;
}

void sim_hearing_packet(void *context, void *owner, bool is_sent, struct bytes packet) {
    struct sim_device *device = owner;
    struct sim_island *island = context;
    island->counts.packets[packet.data[0] >> 4][is_sent ? FAULT_TO_BROKER : FAULT_TO_CLIENT]++;
    bool leaves_otherwise = is_sent && device->mqtt.mischief != NULL;
    if (device->rare->judge != NULL && !leaves_otherwise) {
        sim_judge_client(device, is_sent, packet);
    }
}

static void note_connected(struct sim_device *device, bool session_present) {
    struct sim_counts *counts = &device->node.island->counts;
    struct sim_tally *tally = device->group->tally;
    counts->connections++;
    tally->connections++;
    tally->connected++;
    counts->resumed += session_present;
    counts->connected++;
    if (counts->connected > counts->connected_most) {
        counts->connected_most = counts->connected;
    }
    if (device->was_connected) {
        counts->reconnects++;
        tally->reconnects++;
        sim_busiest_add(&counts->reconnecting, device->node.island->now);
        sim_busiest_add(&tally->reconnecting, device->node.island->now);
    }
    device->is_connected = true;
    device->was_connected = true;
    device->just_connected = true;
    sim_ready_add(device->node.island, &device->node.ready);
}

void sim_hearing_disconnected(struct sim_device *device) {
    struct sim_counts *counts = &device->node.island->counts;
    struct sim_tally *tally = device->group->tally;
    if (device->is_connected) {
        ASSERT(counts->connected > 0 && tally->connected > 0);
        counts->connected--;
        counts->ended++;
        tally->connected--;
        device->is_connected = false;
    }
}

static void note_ended(struct sim_device *device, const struct mqtt_client_event *event) {
    struct sim_counts *counts = &device->node.island->counts;
    sim_hearing_disconnected(device);
    counts->attempts_failed += !event->was_open;
    counts->refused += event->cause == MQTT_CLIENT_CAUSE_REFUSED;
    device->group->tally->refused += event->cause == MQTT_CLIENT_CAUSE_REFUSED;
    if (event->was_open) {
        sim_speech_renew_will(device);
    }
}

// A command that comes again is not answered again: a device knows its commands by their content.
// Else a fleet that is cut off often enough would never get to the end of its answers.
static bool is_old_command(struct sim_device *device, struct mark mark) {
    bool is_old = device->command.stream == mark.stream && mark.number <= device->command.number;
    device->command = is_old ? device->command : mark;
    return is_old;
}

// To a device of lines a message that is older than its own subscription may be a last value. What
// its broker knows of that, which may be on another island, it cannot.
static bool is_older(const struct sim_device *device, struct bytes payload) {
    return !sim_device_speaks_mqtt(device) && sim_ledger_time(payload) <= device->line->asked_at;
}

static void hear_commands(struct sim_device *device, const struct mqtt_client_event *event,
                          struct mark mark) {
    const struct plan_group *group = device->group->plan;
    if (is_older(device, event->value) || is_old_command(device, mark)) {
        return;
    }
    for (uint32_t row = 0; row < group->subscribe_count; row++) {
        uint8_t room[SIM_FILTER_ROOM];
        if (group->subscribe[row].answer.exists &&
            topic_matches(sim_speech_filter(device, row, room), event->text)) {
            sim_speech_hear_command(device, row, event->text, event->value);
        }
    }
}

// It is busy with each message for so long.
static void note_work(struct sim_device *device, const struct mqtt_client_event *event) {
    const struct plan_processing *processing = &device->group->plan->processing;
    uint64_t cost = processing->packet_ns + event->value.size * processing->kib_ns / 1024;
    if (cost > 0) {
        uint64_t now = device->node.island->now;
        device->mqtt.busy_until =
            (device->mqtt.busy_until > now ? device->mqtt.busy_until : now) + cost;
    }
}

static void note_message(struct sim_device *device, const struct mqtt_client_event *event) {
    struct sim_island *island = device->node.island;
    note_work(device, event);
    struct mark mark;
    bool bears = sim_told_mark(island, event->value, &mark);
    bool is_line = !sim_device_speaks_mqtt(device);
    uint64_t published_at = bears ? sim_ledger_time(event->value) : 0;
    uint64_t sent_at =
        is_line ? published_at : sim_stream_sent(device->mqtt.stream, SIM_CLIENT_END);
    struct sim_telling told = {.kind = SIM_TOLD_DELIVERED,
                               .mark = mark,
                               .client = device->client,
                               .is_line = is_line,
                               .of.delivery = {
                                   .published_at = published_at,
                                   .sent_at = sent_at,
                                   .broker = device->broker->node.place.index,
                                   .group = device->node.place.index,
                                   .qos = event->qos,
                                   .dup = event->dup,
                                   .retain = event->retain,
                               }};
    if (!sim_tell_with(island, &told, event->text) || !bears) {
        return;
    }
    sim_island_note(island, hash_bytes(event->value, device->node.number));
    hear_commands(device, event, mark);
}

// Where packets are lost, repeated or altered inside of a stream, both ends may be right.
static void note_accusation(struct sim_device *device, bool by_broker) {
    if (device->rare->judge != NULL && !device->node.island->has_tampering) {
        sim_judge_accused(device, by_broker);
    }
}

static struct mark mark_of_token(uint64_t token) {
    return (struct mark){(uint32_t)(token >> 32), (uint32_t)token};
}

// A PUBCOMP that knows no such message says that the broker had it all the time.
static void note_published(struct sim_device *device, const struct mqtt_client_event *event) {
    struct sim_island *island = device->node.island;
    struct mark mark = mark_of_token(event->token);
    if (event->qos == 0) {
        return;
    }
    if (event->kind == MQTT_CLIENT_EVENT_PUBLISHED) {
        island->counts.acknowledged[event->qos]++;
        island->counts.moved_at = island->now;
        sim_tell_acknowledged(island, mark);
        return;
    }
    bool is_refused = event->reason > MQTT_UNSPECIFIED_ERROR;
    island->counts.given_up[event->qos]++;
    sim_tell_loss(island, SIM_TOLD_LOST_UPWARD, VERDICT_NONE, mark,
                  is_refused ? LOSS_REFUSED : LOSS_NEVER_ACKNOWLEDGED);
}

void sim_hearing_mqtt(void *context, void *owner, const struct mqtt_client_event *event) {
    struct sim_island *island = context;
    struct sim_device *device = owner;
    switch (event->kind) {
    case MQTT_CLIENT_EVENT_CONNECTED:
        note_connected(device, event->session_present);
        break;
    case MQTT_CLIENT_EVENT_ENDED:
        note_ended(device, event);
        break;
    case MQTT_CLIENT_EVENT_MESSAGE:
        note_message(device, event);
        break;
    case MQTT_CLIENT_EVENT_PUBLISHED:
    case MQTT_CLIENT_EVENT_NOT_PUBLISHED:
        note_published(device, event);
        break;
    case MQTT_CLIENT_EVENT_SESSION_LOST:
        island->counts.sessions_lost++;
        device->group->tally->sessions_lost++;
        break;
    case MQTT_CLIENT_EVENT_VIOLATION:
        island->counts.violations++;
        note_accusation(device, false);
        break;
    case MQTT_CLIENT_EVENT_REDIRECTED:
    case MQTT_CLIENT_EVENT_SUBSCRIBED:
    case MQTT_CLIENT_EVENT_NOT_SUBSCRIBED:
    case MQTT_CLIENT_EVENT_UNSUBSCRIBED:
    case MQTT_CLIENT_EVENT_NOT_UNSUBSCRIBED:
    case MQTT_CLIENT_EVENT_PONG:
    case MQTT_CLIENT_EVENT_AUTHENTICATED:
        break;
    }
}

// ---- a broker's MQTT door -----------------------------------------------------------------------

static bool is_clean(const struct sim_device *device) {
    const struct plan_connect *connect = &device->group->plan->connect;
    bool is_5 = device->group->plan->speaks == PLAN_MQTT_5_0;
    return connect->clean_start && !(is_5 && device->was_connected);
}

// Of its session, as its broker allows.
static uint64_t expiry_of(const struct sim_device *device) {
    const struct plan_connect *connect = &device->group->plan->connect;
    uint64_t most = device->broker->plan->limits.session_expiry_ns;
    uint64_t wanted = device->group->plan->speaks == PLAN_MQTT_5_0 ? connect->session_expiry_ns
                      : connect->clean_start                       ? 0
                                                                   : VERDICT_NEVER;
    return most > 0 && most < wanted ? most : wanted;
}

// `island` is the broker's.
static void forget_subscriptions(struct sim_island *island, const struct sim_device *device) {
    uint32_t count = device->group->plan->subscribe_count;
    if (count > 0) {
        sim_tell(island, &(struct sim_telling){.kind = SIM_TOLD_FORGOTTEN,
                                               .number = device->first_interest,
                                               .of.interests = count});
    }
}

static void tell_unsubscribed(struct sim_island *island, const struct sim_device *device,
                              uint32_t row) {
    sim_tell(island, &(struct sim_telling){.kind = SIM_TOLD_UNSUBSCRIBED,
                                           .number = device->first_interest + row});
}

static void tell_discarded(struct sim_island *island, uint32_t client) {
    sim_tell(island, &(struct sim_telling){.kind = SIM_TOLD_DISCARDED, .client = client});
}

// Sessions that a broker may have to throw away are found by their names.
static uint64_t session_key(const struct sim_broker *broker, struct bytes client_id) {
    return hash_bytes(client_id, broker->node.number);
}

static void add_session(struct sim_island *island, const struct sim_device *device) {
    uint8_t room[PLAN_NAME_MAX];
    map_put(&island->sessions, session_key(device->broker, sim_speech_name(device, room)),
            device->client);
}

static void note_session(struct sim_broker *broker, const struct sim_device *device) {
    const struct plan_broker_limits *limits = &broker->plan->limits;
    if (limits->sessions > 0 || limits->memory_bytes > 0) {
        add_session(broker->node.island, device);
    }
}

// The first of the island's queues that is full has all of them noted.
static void note_sessions(struct sim_island *island) {
    struct sim_node *node = island->has_all_sessions ? NULL : island->first;
    island->has_all_sessions = true;
    for (; node != NULL; node = sim_island_next(node)) {
        if (node->place.kind == SIM_PLACE_DEVICE && sim_device_speaks_mqtt(device_of(node))) {
            add_session(island, device_of(node));
        }
    }
}

static void hear_dropped(struct sim_island *island, const struct sim_broker *broker,
                         struct bytes client_id) {
    note_sessions(island);
    uint32_t client = map_get(&island->sessions, session_key(broker, client_id));
    sim_tell(island, &(struct sim_telling){.kind = SIM_TOLD_OVERFLOWED,
                                           .client = client == MAP_NONE ? VERDICT_NONE : client});
}

static void hear_displaced(struct sim_island *island, const struct sim_broker *broker,
                           struct bytes client_id) {
    uint32_t client = map_get(&island->sessions, session_key(broker, client_id));
    if (client != MAP_NONE) {
        tell_discarded(island, client);
    }
}

// What a broker tells of before its disk has it, it may have forgotten after a crash. Place 0 of
// the device's records: its session; the others: its rows of subscribe.
static void note_record(struct sim_device *device, uint32_t place) {
    const struct journal *journal = &device->broker->journal.journal;
    if (journal_is_durable(journal)) {
        return;
    }
    if (device->records == NULL) {
        device->records = memory_allocate(&device->node.island->memory, sim_device_records(device));
    }
    device->records[place] = journal->appended;
}

void sim_hearing_of_crash(struct sim_device *device, uint64_t durable) {
    struct sim_island *island = device->node.island;
    uint32_t rows = device->records == NULL ? 0 : device->group->plan->subscribe_count;
    for (uint32_t row = 0; row < rows; row++) {
        if (device->records[1 + row] > durable) {
            tell_unsubscribed(island, device, row);
        }
    }
    if (device->records != NULL && device->records[0] > durable) {
        sim_hearing_of_end(device, VERDICT_END_CUT);
        tell_discarded(island, device->client);
    }
}

static void hear_accepted(struct sim_broker *broker, struct sim_device *device,
                          bool session_present) {
    struct sim_island *island = broker->node.island;
    note_session(broker, device);
    if (!session_present) {
        forget_subscriptions(island, device);
        note_record(device, 0);
    }
    const struct plan_will *will = &device->group->plan->connect.will;
    sim_tell(island, &(struct sim_telling){.kind = SIM_TOLD_CONNECTED,
                                           .client = device->client,
                                           .of.connection = {.clean_start = is_clean(device),
                                                             .session_present = session_present,
                                                             .is_take_over = device->is_taken_over,
                                                             .expiry = expiry_of(device),
                                                             .will = device->rare->will,
                                                             .will_delay = will->delay_ns}});
    device->is_taken_over = false;
    device->is_known = true;
}

void sim_hearing_of_end(struct sim_device *device, enum verdict_end end) {
    struct sim_island *island = device->node.island;
    if (device->is_known) {
        device->is_known = false;
        sim_tell(island, &(struct sim_telling){
                             .kind = SIM_TOLD_ENDED,
                             .client = device->client,
                             .of.end = {.expiry = expiry_of(device), .end = (uint8_t)end}});
    }
}

// Its broker ends the connection of a bad device for what that did.
static void accuse_bad(struct sim_device *device, const struct door_event *event) {
    uint64_t keep_alive = device->group->plan->connect.keep_alive_s * PLAN_SECOND;
    uint64_t silent = device->node.island->now - device->mqtt.mischief->sent_at;
    bool is_accused =
        !event->is_goodbye &&
        (event->reason == MQTT_MALFORMED_PACKET || event->reason == MQTT_PROTOCOL_ERROR ||
         event->reason == MQTT_PACKET_TOO_LARGE || event->reason == MQTT_RECEIVE_MAXIMUM_EXCEEDED);
    bool was_silent = event->reason == MQTT_KEEP_ALIVE_TIMEOUT && silent > keep_alive;
    if (is_accused || was_silent) {
        sim_judge_note_bad(device);
    }
}

static void hear_disconnected(struct sim_device *device, const struct door_event *event) {
    bool is_normal = event->is_goodbye && event->reason == MQTT_SUCCESS;
    device->is_taken_over = event->reason == MQTT_SESSION_TAKEN_OVER;
    bool is_accused = !event->is_goodbye && (event->reason == MQTT_MALFORMED_PACKET ||
                                             event->reason == MQTT_PROTOCOL_ERROR ||
                                             event->reason == MQTT_RECEIVE_MAXIMUM_EXCEEDED);
    if (device->mqtt.mischief != NULL) {
        accuse_bad(device, event);
    } else if (is_accused) {
        note_accusation(device, true);
    }
    sim_hearing_of_end(device, is_normal ? VERDICT_END_NORMAL : VERDICT_END_CUT);
}

static void hear_bytes(void *context, struct sim_stream *stream, enum sim_side sender,
                       struct bytes bytes) {
    (void)context;
    struct sim_device *device = device_behind(stream);
    if (device != NULL && device->rare->judge != NULL) {
        sim_judge_broker(device, stream, sender, bytes);
    }
}

static void hear_closed(void *context, struct sim_stream *stream, bool has_unsent) {
    (void)context;
    struct sim_device *device = device_behind(stream);
    if (device != NULL && device->rare->judge != NULL) {
        sim_judge_closed(device, stream, has_unsent);
    }
}

// `island` is the broker's. UINT32_MAX: it is none of the device's.
static void tell_subscribed(struct sim_island *island, const struct sim_device *device,
                            uint32_t row) {
    uint8_t room[SIM_FILTER_ROOM];
    bool is_own = row != UINT32_MAX;
    struct sim_telling told = {.kind = SIM_TOLD_SUBSCRIBED,
                               .client = device->client,
                               .number = is_own ? device->first_interest + row : UINT32_MAX,
                               .is_line = !sim_device_speaks_mqtt(device)};
    (void)sim_tell_with(island, &told,
                        is_own ? sim_speech_filter(device, row, room) : (struct bytes){0});
}

static void hear_subscribed(struct sim_device *device, const struct door_event *event) {
    uint32_t row = sim_speech_row(device, event->text);
    if (row != UINT32_MAX) {
        tell_subscribed(device->node.island, device, row);
        note_record(device, 1 + row);
    }
}

static void hear_unsubscribed(struct sim_island *island, const struct sim_device *device,
                              struct bytes text) {
    uint32_t row = sim_speech_row(device, text);
    if (row != UINT32_MAX) {
        tell_unsubscribed(island, device, row);
    }
}

static void hear_will(struct sim_island *island, struct mark mark) {
    island->counts.wills++;
    sim_busiest_add(&island->counts.firing_wills, island->now);
    if (mark.stream != VERDICT_NONE) {
        sim_tell(island, &(struct sim_telling){.kind = SIM_TOLD_WILL, .mark = mark});
    }
}

// `is_will`: nobody who is connected sent it.
static void hear_entry(struct sim_island *island, struct bytes payload, bool is_will) {
    struct mark mark;
    bool bears = sim_told_mark(island, payload, &mark);
    island->counts.moved_at = island->now;
    island->saying = mark; // to devices of lines
    if (is_will) {
        hear_will(island, mark);
    } else if (bears) {
        sim_tell_taken(island, mark);
    }
}

// Whether a visitor has done more than to look on: it published, or left a will that nobody else
// has, it takes its share of what others are due, or the place of another.
static bool is_interference(const struct door_event *event, bool is_visitors) {
    switch (event->kind) {
    case DOOR_EVENT_ENTRY:
        return is_visitors || event->owner == NULL;
    case DOOR_EVENT_SUBSCRIBED:
        return is_visitors && bytes_starts_with(event->text, BYTES_LITERAL("$share/"));
    case DOOR_EVENT_DISCONNECTED:
        return event->reason == MQTT_SESSION_TAKEN_OVER;
    case DOOR_EVENT_CONNECTED:
    case DOOR_EVENT_REFUSED:
    case DOOR_EVENT_NOT_SUBSCRIBED:
    case DOOR_EVENT_UNSUBSCRIBED:
    case DOOR_EVENT_DROPPED:
    case DOOR_EVENT_DISPLACED:
    case DOOR_EVENT_DENIED:
    case DOOR_EVENT_NOT_RETAINED:
        break;
    }
    return false;
}

static void hear_door(void *context, struct sim_broker *broker, const struct door_event *event) {
    struct sim_island *island = context;
    const struct sim_stream *stream = event->owner;
    struct sim_device *device = stream == NULL ? NULL : device_behind(stream);
    if (island->visitors > 0 && is_interference(event, device == NULL && stream != NULL)) {
        sim_tell(island, &(struct sim_telling){.kind = SIM_TOLD_OPENED});
    }
    switch (event->kind) {
    case DOOR_EVENT_ENTRY:
        hear_entry(island, event->value, stream == NULL);
        break;
    case DOOR_EVENT_DISCONNECTED:
        if (device != NULL) {
            hear_disconnected(device, event);
        }
        break;
    case DOOR_EVENT_SUBSCRIBED:
        if (device != NULL) {
            hear_subscribed(device, event);
        }
        break;
    case DOOR_EVENT_UNSUBSCRIBED:
        if (device != NULL) {
            hear_unsubscribed(island, device, event->text);
        }
        break;
    case DOOR_EVENT_DROPPED:
        hear_dropped(island, broker, event->client_id);
        break;
    case DOOR_EVENT_DISPLACED:
        hear_displaced(island, broker, event->client_id);
        break;
    case DOOR_EVENT_CONNECTED:
        if (device != NULL) {
            hear_accepted(broker, device, event->session_present);
        }
        break;
    case DOOR_EVENT_REFUSED:
    case DOOR_EVENT_NOT_SUBSCRIBED:
    case DOOR_EVENT_DENIED:
    case DOOR_EVENT_NOT_RETAINED:
        break;
    }
}

// ---- lines --------------------------------------------------------------------------------------

// Around the beginning of a connection one end may seal with a key that the other one has
// forgotten. `device` is NULL where it is not known.
static void hear_line_dropped(struct sim_island *island, const struct sim_device *device,
                              const struct role_event *event, bool by_broker) {
    if (event->packet_type == PACKET_PUBL && island->hearing.stream != VERDICT_NONE) {
        sim_tell(island,
                 &(struct sim_telling){.kind = SIM_TOLD_LINE_DROPPED,
                                       .mark = island->hearing,
                                       .client = device == NULL ? VERDICT_NONE : device->client,
                                       .of.by_broker = by_broker});
    }
}

struct sim_device *sim_hearing_client_at(const struct sim_network *network, uint32_t address) {
    const struct sim_line_end *end = sim_network_member(network, address);
    ASSERT(end != NULL && end->kind == SIM_LINE_CLIENT);
    return device_of(end->node);
}

void sim_hearing_line(void *context, const struct role_event *event) {
    struct sim_device *device = sim_hearing_client_at(context, event->self);
    struct sim_island *island = device->node.island;
    switch (event->kind) {
    case EVENT_CONNECTED:
        note_connected(device, false);
        break;
    case EVENT_DISCONNECTED:
        sim_hearing_disconnected(device);
        device->line->has_lost = true;
        break;
    case EVENT_REFUSED:
        island->counts.attempts_failed++;
        device->line->has_lost = true;
        break;
    case EVENT_ENTRY:
        note_message(device,
                     &(struct mqtt_client_event){.text = event->text, .value = event->value});
        break;
    case EVENT_DROPPED:
        hear_line_dropped(island, device, event, false);
        break;
    case EVENT_JOINED:
    case EVENT_LEFT:
    case EVENT_SUBSCRIBED:
    case EVENT_UNSUBSCRIBED:
    case EVENT_NOT_SUBSCRIBED:
    case EVENT_NOT_UNSUBSCRIBED:
    case EVENT_UNDELIVERED:
        break;
    }
}

// The device of an address of the broker's network; NULL: it is elsewhere, or no client.
static struct sim_device *device_at(const struct sim_broker *broker, uint32_t address) {
    const struct sim_line_end *end =
        broker->line.network == NULL ? NULL : sim_lines_find(broker->line.network, address);
    return end == NULL || end->kind != SIM_LINE_CLIENT ? NULL : device_of(end->node);
}

static void hear_line_connected(struct sim_island *island, const struct sim_device *device) {
    forget_subscriptions(island, device);
    sim_tell(island, &(struct sim_telling){
                         .kind = SIM_TOLD_CONNECTED,
                         .client = device->client,
                         .is_line = true,
                         .of.connection = {.clean_start = true, .will = {VERDICT_NONE, 0}}});
}

static void hear_line_ended(struct sim_island *island, const struct sim_device *device,
                            const struct role_event *event) {
    enum verdict_end end = event->cause == CAUSE_PEER ? VERDICT_END_NORMAL : VERDICT_END_CUT;
    sim_tell(island,
             &(struct sim_telling){.kind = SIM_TOLD_ENDED,
                                   .client = device->client,
                                   .is_line = true,
                                   .of.end = {.expiry = expiry_of(device), .end = (uint8_t)end}});
}

// What is lost of it from now on is known by its mark.
static void hear_line_entry(struct sim_island *island, const struct sim_device *device,
                            const struct role_event *event) {
    struct mark mark;
    (void)sim_told_mark(island, event->value, &mark);
    struct sim_telling told = {.kind = SIM_TOLD_LINE_TAKEN,
                               .mark = mark,
                               .client = device == NULL ? VERDICT_NONE : device->client,
                               .of.line = island->hearing};
    bool is_taken = sim_tell_with(island, &told, event->text);
    island->saying = is_taken ? mark : (struct mark){VERDICT_NONE, 0};
}

// The device may be on another island: only what never changes is asked of it.
static void hear_line_door(void *context, struct sim_broker *broker,
                           const struct role_event *event) {
    struct sim_island *island = context;
    const struct sim_device *device = device_at(broker, event->address);
    if (event->kind == EVENT_ENTRY) {
        hear_line_entry(island, device, event);
    } else if (device == NULL) {
        return;
    } else if (event->kind == EVENT_CONNECTED) {
        hear_line_connected(island, device);
    } else if (event->kind == EVENT_DROPPED) {
        hear_line_dropped(island, device, event, true);
    } else if (event->kind == EVENT_DISCONNECTED) {
        hear_line_ended(island, device, event);
    } else if (event->kind == EVENT_UNSUBSCRIBED) {
        hear_unsubscribed(island, device, event->text);
    } else if (event->kind == EVENT_SUBSCRIBED) {
        tell_subscribed(island, device, sim_speech_row(device, event->text));
    }
}

static void hear_line_lost(struct sim_island *island, const struct sim_network *network,
                           const struct sim_lines_loss *loss) {
    const struct sim_line_end *to = sim_lines_find(network, loss->packet->receiver);
    bool is_down = to != NULL && to->kind == SIM_LINE_CLIENT;
    uint32_t subscriber = is_down ? device_of(to->node)->client : VERDICT_NONE;
    enum sim_told kind = loss->is_perhaps ? SIM_TOLD_DOUBTED
                         : is_down        ? SIM_TOLD_LOST
                                          : SIM_TOLD_LOST_UPWARD;
    sim_tell_loss(island, kind, subscriber, loss->mark, loss->loss);
}

struct sim_broker_watch sim_hearing_of_broker(struct sim_island *island) {
    struct sim_broker_watch watch = {island, hear_door, hear_line_door, NULL, NULL};
    if (island->judges) {
        watch.bytes = hear_bytes;
        watch.closed = hear_closed;
    }
    return watch;
}

struct sim_lines_watch sim_hearing_of_lines(void) {
    return (struct sim_lines_watch){hear_line_lost};
}

void sim_hearing_of_line_rules(void *context, enum line_way way, struct mark mark,
                               enum sim_line_fate fate) {
    const struct sim_device *device = context;
    struct sim_island *island = device->node.island;
    uint32_t subscriber = way == LINE_IN ? device->client : VERDICT_NONE;
    switch (fate) {
    case SIM_LINE_DROPPED:
        sim_tell_loss(island, way == LINE_IN ? SIM_TOLD_LOST : SIM_TOLD_LOST_UPWARD, subscriber,
                      mark, LOSS_FAULT);
        break;
    case SIM_LINE_DOUBTED:
        sim_tell_loss(island, SIM_TOLD_DOUBTED, subscriber, mark, LOSS_FAULT);
        break;
    case SIM_LINE_COPIED:
        sim_tell(island, &(struct sim_telling){.kind = SIM_TOLD_COPIED, .mark = mark});
        break;
    case SIM_LINE_CHANGED:
        sim_tell(island, &(struct sim_telling){.kind = SIM_TOLD_GARBLED});
        break;
    }
}

static void hear_ruled_out(void *context, struct sim_stream *stream, enum sim_side side,
                           struct bytes payload) {
    struct sim_island *island = context;
    struct mark mark;
    if (!mark_read(payload, &mark)) {
        return;
    }
    bool is_up = side == SIM_CLIENT_END;
    sim_tell_loss(island, is_up ? SIM_TOLD_LOST_UPWARD : SIM_TOLD_LOST,
                  is_up ? VERDICT_NONE : device_of(stream->node[SIM_CLIENT_END])->client, mark,
                  LOSS_FAULT);
}

struct sim_rules_watch sim_hearing_of_rules(struct sim_island *island) {
    return (struct sim_rules_watch){island, hear_ruled_out};
}
