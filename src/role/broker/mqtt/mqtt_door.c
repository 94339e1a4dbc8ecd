#include "role/broker/mqtt/mqtt_door.h"

#include "base/assert.h"
#include "base/hash.h"
#include "role/broker/mqtt/door_absent.h"
#include "role/broker/mqtt/door_connect.h"
#include "role/broker/mqtt/door_delivery.h"
#include "role/broker/mqtt/door_expiry.h"
#include "role/broker/mqtt/door_groups.h"
#include "role/broker/mqtt/door_input.h"
#include "role/broker/mqtt/door_publish.h"
#include "role/broker/mqtt/door_retained.h"
#include "role/broker/mqtt/door_session.h"
#include "role/broker/mqtt/door_state.h"
#include "role/broker/mqtt/door_statistics.h"
#include "role/broker/mqtt/door_subscribe.h"
#include "role/broker/mqtt/door_turns.h"

#define EXPIRED_A_TICK 1024 // last values

#define SMALL_SHARE_MIN 1024
#define SMALL_SHARE_MAX 16384

// ---- helpers that all share -------------------------------------------------------------------

struct bytes door_client_id(const struct door_session *session) {
    return bytes_make(session->client_id, session->client_id_bytes);
}

void door_draw(struct mqtt_door *door, uint8_t out[16]) {
    struct cipher_secret secret = cipher_derive_secret(&door->seed, ++door->random);
    memcpy(out, secret.bytes, 16);
}

static struct bytes client_id_of(const struct door_connection *connection) {
    return connection != NULL && connection->session != NULL ? door_client_id(connection->session)
                                                             : (struct bytes){0};
}

void door_tell(struct mqtt_door *door, enum door_event_kind kind,
               const struct door_connection *connection, struct door_event event) {
    event.kind = kind;
    if (connection != NULL) {
        event.version = (enum mqtt_version)connection->version;
        event.owner = connection->owner;
        event.place = bytes_of_text(connection->place);
        event.client_id = event.client_id.size > 0 ? event.client_id : client_id_of(connection);
    }
    door->port->tell(door->port->context, &event);
}

bool door_has_room(struct mqtt_door *door, enum memory_mark mark, size_t bytes) {
    bool has_room = memory_has_room(door->memory, mark, bytes);
    door->counts.refused_memory += !has_room;
    return has_room;
}

size_t door_small_share(const struct mqtt_door *door) {
    size_t share = door->memory->limit / 64 / (door->stream_count + 1u);
    bool is_most = door->memory->limit == 0 || share > SMALL_SHARE_MAX;
    return is_most ? SMALL_SHARE_MAX : share < SMALL_SHARE_MIN ? SMALL_SHARE_MIN : share;
}

bool door_has_room_to_keep(struct mqtt_door *door, size_t bytes) {
    return door_has_room(door, bytes > DOOR_SMALL_KEPT ? MEMORY_KEPT : MEMORY_ENTERING, bytes);
}

void door_wake(struct mqtt_door *door, struct door_connection *connection) {
    if (!connection->is_ready) {
        connection->is_ready = true;
        door->port->ready(door->port->context, connection->owner);
    }
}

bool door_send(struct mqtt_door *door, struct door_connection *connection,
               struct mqtt_packet *packet) {
    enum mqtt_version version = (enum mqtt_version)connection->version;
    size_t size = mqtt_encoded_size(packet, version);
    if (size > connection->maximum_packet) { // [MQTT-3.1.2-24]
        packet->properties.present &= ~MQTT_HAS(MQTT_REASON_STRING);
        packet->properties.more = (struct bytes){0};
        size = mqtt_encoded_size(packet, version);
    }
    if (size == 0 || size > connection->maximum_packet) {
        return false;
    }
    uint8_t *out = door_output_append(&connection->output, &door->pool, size);
    uint8_t *end = mqtt_encode(packet, version, out);
    ASSERT((size_t)(end - out) == size);
    door->counts.other_packets_sent++;
    door_wake(door, connection);
    return true;
}

// ---- the end of a connection ------------------------------------------------------------------

void door_end(struct mqtt_door *door, struct door_connection *connection, bool publishes_will,
              uint64_t now) {
    if (connection->state == DOOR_OVER) {
        return;
    }
    bool was_open = connection->state == DOOR_OPEN;
    struct door_session *session = connection->session;
    if (connection->state == DOOR_EXPECT_CHECK) {
        door->port->cancel_check(door->port->context, connection->number, connection->address);
    }
    connection->state = DOOR_OVER;
    connection->session = NULL;
    timers_remove(&door->timers, &connection->timer);
    door_forget_connect(door, connection);
    door_input_free(door, connection);
    if (!connection->is_closed) {
        door_backlog_remove(door, connection);
    }
    door->connected -= was_open;
    door_wake(door, connection);
    if (session != NULL) {
        door_session_detach(door, session, publishes_will, now);
    }
}

static void add_reason_string(const struct door_connection *connection, const char *why,
                              struct mqtt_properties *properties) {
    if (connection->wants_problems && why != NULL) { // [MQTT-3.1.2-29]
        properties->present |= MQTT_HAS(MQTT_REASON_STRING);
        properties->reason_string = bytes_of_text(why);
    }
}

static void add_reference(const struct mqtt_door *door, enum mqtt_reason reason,
                          struct mqtt_properties *properties) {
    bool refers = reason == MQTT_USE_ANOTHER_SERVER || reason == MQTT_SERVER_MOVED;
    if (refers && door->config->server_reference.size > 0) {
        properties->present |= MQTT_HAS(MQTT_SERVER_REFERENCE);
        properties->server_reference = door->config->server_reference;
    }
}

// Some reasons are those of DISCONNECT only [MQTT-3.2.2-8].
static enum mqtt_reason connack_reason(enum mqtt_reason reason) {
    return reason == MQTT_SERVER_SHUTTING_DOWN   ? MQTT_SERVER_UNAVAILABLE
           : reason == MQTT_MAXIMUM_CONNECT_TIME ? MQTT_UNSPECIFIED_ERROR
                                                 : reason;
}

static void send_reason(struct mqtt_door *door, struct door_connection *connection,
                        enum mqtt_reason reason, const char *why) {
    bool is_open = connection->state == DOOR_OPEN;
    struct mqtt_packet packet = {.type = is_open ? MQTT_DISCONNECT : MQTT_CONNACK,
                                 .reason = (uint8_t)(is_open ? reason : connack_reason(reason))};
    if (connection->version != MQTT_5 && is_open) {
        return; // before 5.0 a server has no DISCONNECT
    }
    if (connection->version != MQTT_5) {
        packet.reason = mqtt_reason_return_code(reason);
    } else {
        // In a CONNACK it may stand whatever the client asked for.
        bool wanted = connection->wants_problems;
        connection->wants_problems = wanted || !is_open;
        add_reason_string(connection, why, &packet.properties);
        connection->wants_problems = wanted;
        add_reference(door, reason, &packet.properties);
    }
    door_send(door, connection, &packet);
}

static bool is_protocol_error(enum mqtt_reason reason) {
    return reason == MQTT_MALFORMED_PACKET || reason == MQTT_PROTOCOL_ERROR ||
           reason == MQTT_TOPIC_NAME_INVALID || reason == MQTT_TOPIC_ALIAS_INVALID ||
           reason == MQTT_RECEIVE_MAXIMUM_EXCEEDED;
}

void door_fail(struct mqtt_door *door, struct door_connection *connection, enum mqtt_reason reason,
               const char *why, uint64_t now) {
    if (connection->state == DOOR_OVER) {
        return;
    }
    bool was_open = connection->state == DOOR_OPEN;
    door->counts.protocol_errors += is_protocol_error(reason);
    // Of what is no CONNECT nothing is known but that it is wrong [MQTT-3.1.0-1].
    if (connection->version != 0) {
        send_reason(door, connection, reason, why);
    }
    door->counts.refused_connections += !was_open;
    struct bytes connect_id = was_open ? client_id_of(connection) : (struct bytes){0};
    if (!connection->is_closed) { // else its end was told
        door_tell(door, was_open ? DOOR_EVENT_DISCONNECTED : DOOR_EVENT_REFUSED, connection,
                  (struct door_event){.client_id = connect_id, .reason = reason, .why = why});
    }
    door_end(door, connection, true, now);
}

void door_doom(struct mqtt_door *door, struct door_connection *connection,
               enum mqtt_reason reason) {
    if (!connection->is_doomed && connection->state != DOOR_OVER) {
        connection->is_doomed = true;
        connection->doom = (uint8_t)reason;
        connection->next_doomed = door->doomed;
        door->doomed = connection;
    }
}

// Ends those who were doomed; wills that are published then may doom others.
static void settle(struct mqtt_door *door, uint64_t now) {
    while (door->doomed != NULL) {
        struct door_connection *connection = door->doomed;
        door->doomed = connection->next_doomed;
        connection->is_doomed = false;
        door_fail(door, connection, (enum mqtt_reason)connection->doom,
                  "it reads too slowly for what it subscribed to", now);
    }
}

// ---- packets ----------------------------------------------------------------------------------

static void receive_pingreq(struct mqtt_door *door, struct door_connection *connection,
                            const struct mqtt_packet *packet, uint64_t now) {
    (void)packet;
    (void)now;
    struct mqtt_packet answer = {.type = MQTT_PINGRESP};
    door_send(door, connection, &answer);
}

static void receive_disconnect(struct mqtt_door *door, struct door_connection *connection,
                               const struct mqtt_packet *packet, uint64_t now) {
    struct door_session *session = connection->session;
    if (mqtt_properties_have(&packet->properties, MQTT_SESSION_EXPIRY)) {
        if (session->expiry == 0 && packet->properties.session_expiry > 0) {
            door_fail(door, connection, MQTT_PROTOCOL_ERROR,
                      "the session was to end with the connection; DISCONNECT cannot prolong it",
                      now);
            return;
        }
        session->expiry = packet->properties.session_expiry;
    }
    enum mqtt_reason reason = (enum mqtt_reason)packet->reason;
    door_tell(door, DOOR_EVENT_DISCONNECTED, connection,
              (struct door_event){.reason = reason, .why = "it disconnected", .is_goodbye = true});
    door_end(door, connection, reason != MQTT_SUCCESS, now); // [MQTT-3.14.4-3]
}

static void receive_auth_open(struct mqtt_door *door, struct door_connection *connection,
                              const struct mqtt_packet *packet, uint64_t now) {
    door_receive_auth(door, connection, packet, now);
}

typedef void packet_handler(struct mqtt_door *door, struct door_connection *connection,
                            const struct mqtt_packet *packet, uint64_t now);

// Who handles a packet of an open connection, but for those with filters. Others do not come from
// clients, and the codec has refused them.
static packet_handler *const handlers[] = {
    [MQTT_PUBLISH] = door_receive_publish,  [MQTT_PUBACK] = door_receive_answer,
    [MQTT_PUBREC] = door_receive_answer,    [MQTT_PUBREL] = door_receive_pubrel,
    [MQTT_PUBCOMP] = door_receive_answer,   [MQTT_PINGREQ] = receive_pingreq,
    [MQTT_DISCONNECT] = receive_disconnect, [MQTT_AUTH] = receive_auth_open,
};

static void receive_first(struct mqtt_door *door, struct door_connection *connection,
                          const struct mqtt_packet *packet, struct bytes bytes, uint64_t now) {
    if (connection->state == DOOR_EXPECT_AUTH && packet->type == MQTT_AUTH) {
        door_receive_auth(door, connection, packet, now);
    } else if (connection->state == DOOR_EXPECT_CONNECT && packet->type == MQTT_CONNECT) {
        door_receive_connect(door, connection, packet, bytes, now);
    } else if (connection->state == DOOR_EXPECT_AUTH && packet->type == MQTT_DISCONNECT) {
        door_tell(door, DOOR_EVENT_REFUSED, connection,
                  (struct door_event){.why = "it disconnected before it was let in"});
        door_end(door, connection, false, now);
    } else {
        door_fail(door, connection, MQTT_PROTOCOL_ERROR,
                  "it sent another packet before it was let in", now); // [MQTT-3.1.2-30]
    }
}

// In which version a CONNECT that could not be decoded is refused; 0: in none. What is above 5.0
// most likely knows 5.0, whose CONNACK tells more.
static uint8_t version_to_answer_in(const struct mqtt_packet *connect, enum mqtt_reason reason) {
    if ((connect->connect.version & 0x7f) >= MQTT_5) { // without the bit of bridges
        return MQTT_5;
    }
    return reason == MQTT_UNSUPPORTED_PROTOCOL_VERSION ? MQTT_3_1_1 : 0;
}

bool door_may_send(struct mqtt_door *door, struct door_connection *connection, uint32_t count,
                   uint64_t now) {
    if (door_rate_take(&connection->packets, door->config->limits.packets_a_second, count, now)) {
        return true;
    }
    door->counts.too_fast++;
    door_fail(door, connection, MQTT_MESSAGE_RATE_TOO_HIGH, "more packets and filters than allowed",
              now);
    return false;
}

void door_receive_packet(struct mqtt_door *door, struct door_connection *connection,
                         struct bytes bytes, uint64_t now) {
    struct mqtt_packet packet;
    const char *why = NULL;
    door->counts.packets_received++;
    door_spend(door, DOOR_PACKET_STEPS);
    connection->heard = now;
    bool is_open = connection->state == DOOR_OPEN;
    bool is_connect = bytes.data[0] >> 4 == MQTT_CONNECT;
    if (is_open && !door_may_send(door, connection, 1, now)) {
        return;
    }
    if (is_open && is_connect) { // whatever is in it [MQTT-3.1.0-2]
        door_fail(door, connection, MQTT_PROTOCOL_ERROR, "a second CONNECT", now);
        return;
    }
    if (connection->state == DOOR_EXPECT_CONNECT && !is_connect) {
        door_fail(door, connection, MQTT_PROTOCOL_ERROR, "its first packet is not a CONNECT", now);
        return;
    }
    enum mqtt_reason reason =
        mqtt_decode(&packet, bytes, (enum mqtt_version)connection->version, MQTT_FROM_CLIENT, &why);
    if (reason != MQTT_SUCCESS) {
        if (!is_open && packet.type == MQTT_CONNECT) {
            connection->version = version_to_answer_in(&packet, reason);
        }
        door_fail(door, connection, reason, why, now);
    } else if (!is_open) {
        receive_first(door, connection, &packet, bytes, now);
    } else if (packet.type == MQTT_SUBSCRIBE || packet.type == MQTT_UNSUBSCRIBE) {
        door_receive_request(door, connection, &packet, bytes, now);
    } else {
        handlers[packet.type](door, connection, &packet, now);
    }
}

void mqtt_door_receive(struct mqtt_door *door, struct door_connection *connection,
                       struct bytes bytes, uint64_t now) {
    door_turns_enter(door, now);
    door->counts.bytes_received += bytes.size;
    door_input_receive(door, connection, bytes, now);
    door_turns_leave(door);
    settle(door, now);
}

bool mqtt_door_takes_input(const struct door_connection *connection) {
    bool awaits = connection->state == DOOR_EXPECT_CHECK && connection->partial != NULL;
    return !connection->has_input && !awaits;
}

void door_go_on(struct mqtt_door *door, struct door_connection *connection, uint64_t now) {
    door_turns_enter(door, now);
    door_input_go_on(door, connection, now);
    door_turns_leave(door);
    settle(door, now);
}

// ---- streams ----------------------------------------------------------------------------------

static char *copy_place(struct mqtt_door *door, struct bytes place) {
    char *copy = memory_resize(door->memory, NULL, 0, place.size + 1);
    if (place.size > 0) {
        memcpy(copy, place.data, place.size);
    }
    copy[place.size] = '\0';
    return copy;
}

// Some more streams than connections, so that those who are too many can be told so.
static bool has_room(const struct mqtt_door *door) {
    uint64_t most = door->config->limits.connections;
    return door->stream_count < most + most / 8 + 100;
}

struct door_connection *mqtt_door_open(struct mqtt_door *door, const struct door_stream_info *info,
                                       uint64_t now) {
    if (!has_room(door) || !door_has_room(door, MEMORY_ANSWER, sizeof(struct door_connection))) {
        door->counts.refused_connections++;
        return NULL;
    }
    struct door_connection *connection = memory_allocate(door->memory, sizeof *connection);
    connection->timer.kind = DOOR_TIMER_CONNECTION;
    connection->owner = info->owner;
    connection->number = ++door->connection_number;
    connection->place = copy_place(door, info->place);
    connection->is_trusted = info->is_trusted;
    connection->address = info->address;
    connection->wants_problems = true;
    connection->heard = connection->since = now;
    connection->maximum_packet = MQTT_PACKET_MAX;
    connection->receive_maximum = UINT16_MAX;
    connection->later = door->connections;
    if (door->connections != NULL) {
        door->connections->earlier = connection;
    }
    door->connections = connection;
    door->stream_count++;
    timers_set(&door->timers, &connection->timer, now + door->config->limits.connect_time);
    return connection;
}

unsigned mqtt_door_output(struct mqtt_door *door, struct door_connection *connection,
                          struct bytes *runs, unsigned most) {
    (void)door;
    connection->is_ready = false;
    return door_output_runs(&connection->output, runs, most);
}

static bool is_owed_something(const struct door_connection *connection) {
    const struct door_session *session = connection->session;
    return connection->output.bytes > 0 || connection->has_input ||
           connection->state == DOOR_EXPECT_CHECK || (session != NULL && session->walks != NULL);
}

bool mqtt_door_input_ended(struct mqtt_door *door, struct door_connection *connection) {
    connection->input_ended = true;
    if (connection->state == DOOR_EXPECT_CHECK) {
        door->port->postpone_check(door->port->context, connection->number, connection->address);
    }
    return is_owed_something(connection);
}

void mqtt_door_sent(struct mqtt_door *door, struct door_connection *connection, size_t bytes,
                    uint64_t now) {
    door->counts.bytes_sent += bytes;
    door_output_consume(&connection->output, &door->pool, bytes);
    struct door_session *session = connection->session;
    if (session == NULL) {
        return;
    }
    if (session->queue.cursor < session->queue.count) {
        door_queue_send(door, session, now);
    }
    if (session->walks != NULL) {
        door_turns_enter(door, now);
        door_retained_go_on(door, session, now);
        door_turns_leave(door);
        settle(door, now);
    }
}

bool mqtt_door_is_over(const struct door_connection *connection) {
    return connection->state == DOOR_OVER ||
           (connection->input_ended && !is_owed_something(connection));
}

static void unlink_connection(struct mqtt_door *door, struct door_connection *connection) {
    if (connection->earlier != NULL) {
        connection->earlier->later = connection->later;
    } else {
        door->connections = connection->later;
    }
    if (connection->later != NULL) {
        connection->later->earlier = connection->earlier;
    }
    door->stream_count--;
}

static void free_connection(struct mqtt_door *door, struct door_connection *connection) {
    unlink_connection(door, connection);
    door_output_clear(&connection->output, &door->pool);
    door_aliases_free(door, &connection->aliases_in);
    door_aliases_free(door, &connection->aliases_out);
    memory_free(door->memory, connection->place, bytes_of_text(connection->place).size + 1);
    memory_free(door->memory, connection, sizeof *connection);
}

void door_end_closed(struct mqtt_door *door, struct door_connection *connection, uint64_t now) {
    door_end(door, connection, true, now);
    settle(door, now);
    free_connection(door, connection);
}

// A session with much to end waits for a turn: a thousand streams may break at once.
void mqtt_door_close(struct mqtt_door *door, struct door_connection *connection, uint64_t now) {
    if (connection->state == DOOR_OPEN) {
        door_tell(door, DOOR_EVENT_DISCONNECTED, connection,
                  (struct door_event){.reason = MQTT_UNSPECIFIED_ERROR, .why = "its stream ended"});
    }
    if (door_end_steps(connection) <= DOOR_END_STEPS) {
        door_end_closed(door, connection, now);
        return;
    }
    door_input_free(door, connection);
    door_backlog_add(door, connection);
    connection->is_closed = true;
    connection->is_ready = true; // nobody is to be told
    connection->owner = NULL;
}

// ---- time -------------------------------------------------------------------------------------

static uint64_t silence_of(const struct door_connection *connection) {
    return connection->keep_alive * ROLE_SECOND * 3 / 2; // [MQTT-3.1.2-22]
}

// The timer is not moved with each packet, but looks when it comes whether it has come too early.
static void tick_connection(struct mqtt_door *door, struct door_connection *connection,
                            uint64_t now) {
    if (connection->state != DOOR_OPEN) {
        timers_remove(&door->timers, &connection->timer);
        door_fail(door, connection, MQTT_MAXIMUM_CONNECT_TIME,
                  connection->state == DOOR_EXPECT_AUTH ? "its authentication did not end in time"
                                                        : "no CONNECT came in time",
                  now);
    } else if (connection->has_input) { // it is we who are late
        connection->heard = now;
        timers_set(&door->timers, &connection->timer, now + silence_of(connection));
    } else if (connection->heard + silence_of(connection) > now) {
        timers_set(&door->timers, &connection->timer, connection->heard + silence_of(connection));
    } else {
        door_fail(door, connection, MQTT_KEEP_ALIVE_TIMEOUT,
                  "nothing came for one and a half times the keep alive", now);
    }
}

// The timer is the first member of what it belongs to.
static void tick_timer(struct mqtt_door *door, struct timer *timer, uint64_t now) {
    switch ((enum door_timer_kind)timer->kind) {
    case DOOR_TIMER_CONNECTION:
        tick_connection(door, (struct door_connection *)timer, now);
        break;
    case DOOR_TIMER_SESSION:
        timers_remove(&door->timers, timer);
        door_session_tick(door, (struct door_session *)timer, now);
        break;
    case DOOR_TIMER_EXPIRY:
        door_expiry_tick(door, (struct door_expiry *)timer, now);
        break;
    }
}

void mqtt_door_tick(struct mqtt_door *door, uint64_t now) {
    door_turns_enter(door, now);
    for (struct timer *timer; (timer = timers_first(&door->timers)) != NULL && timer->due <= now &&
                              !door_is_spent(door);) {
        door_spend(door, DOOR_TIMER_STEPS);
        tick_timer(door, timer, now);
    }
    door_spend(door, broker_core_expire(door->core, EXPIRED_A_TICK, now) * DOOR_TIMER_STEPS);
    door_statistics_tick(door, now);
    door_turns_leave(door);
    door_backlog_work(door, now);
    mqtt_door_begin_turn(door);
    settle(door, now);
}

uint64_t mqtt_door_deadline(const struct mqtt_door *door) {
    const struct timer *first = timers_first(&door->timers);
    if (door->turns.first != NULL || door->doomed != NULL) {
        return door->turns.now; // work is left, or an entry came too much for one of our clients
    }
    uint64_t due = first == NULL ? ROLE_NEVER : first->due;
    uint64_t statistics_due = door_statistics_deadline(door);
    uint64_t expiry_due = broker_core_deadline(door->core);
    due = due < statistics_due ? due : statistics_due;
    return due < expiry_due ? due : expiry_due;
}

static void end_all_closed(struct mqtt_door *door, uint64_t now) {
    struct door_connection *connection = door->connections;
    while (connection != NULL) {
        struct door_connection *later = connection->later;
        if (connection->is_closed) {
            door_backlog_remove(door, connection);
            door_end_closed(door, connection, now);
        }
        connection = later;
    }
}

// ---- the user's wishes ------------------------------------------------------------------------

bool mqtt_door_disconnect(struct mqtt_door *door, struct bytes client_id, uint64_t now) {
    struct door_session *session = door_session_find(door, client_id);
    if (session == NULL || session->connection == NULL) {
        return false;
    }
    door_fail(door, session->connection, MQTT_ADMINISTRATIVE_ACTION, "the broker's user ended it",
              now);
    settle(door, now);
    return true;
}

void mqtt_door_stop(struct mqtt_door *door, uint64_t now) {
    bool refers = door->config->server_reference.size > 0;
    struct door_connection *connection = door->connections;
    for (; connection != NULL; connection = connection->later) {
        door_fail(door, connection, refers ? MQTT_USE_ANOTHER_SERVER : MQTT_SERVER_SHUTTING_DOWN,
                  "the broker ends", now);
    }
    end_all_closed(door, now);
    settle(door, now);
}

void mqtt_door_give_back(struct mqtt_door *door) {
    door_pool_give_back(&door->pool);
    door_delivery_give_back(door);
}

void mqtt_door_tell_entries(struct mqtt_door *door, bool tells) {
    door->tells_entries = tells;
}

// ---- begin and end ----------------------------------------------------------------------------

struct mqtt_door *mqtt_door_create(const struct mqtt_door_config *config,
                                   const struct mqtt_door_port *port, struct broker_core *core,
                                   const struct cipher_secret *seed) {
    ASSERT(config->limits.sessions <= MQTT_DOOR_SESSIONS_MAX);
    struct mqtt_door *door = memory_allocate(port->memory, sizeof *door);
    door->config = config;
    door->port = port;
    door->memory = port->memory;
    door->core = core;
    door->seed = *seed;
    door_pool_init(&door->pool, port->memory);
    timers_init(&door->timers, port->memory);
    map_init(&door->by_client_id, port->memory,
             hash_bytes(bytes_make(seed->bytes, sizeof seed->bytes), 2));
    door_absent_init(door);
    door_groups_init(door);
    door_delivery_attach(door);
    door_keep_attach(door);
    door_statistics_attach(door);
    mqtt_door_begin_turn(door);
    return door;
}

void mqtt_door_destroy(struct mqtt_door *door) {
    end_all_closed(door, door->turns.now);
    ASSERT(door->connections == NULL);
    for (uint32_t i = 0; i < door->session_used; i++) {
        if (door->sessions[i] != NULL) {
            door->sessions[i]->is_kept = false;
            door_session_forget_will(door, door->sessions[i]);
            door_queue_free(door, door->sessions[i]); // nobody is to have it any more
            door_session_end(door, door->sessions[i], 0);
        }
    }
    door_absent_deinit(door);
    door_statistics_detach(door);
    door_keep_detach(door);
    door_delivery_detach(door);
    struct memory *memory = door->memory;
    memory_free(memory, (void *)door->sessions,
                door->session_capacity * sizeof(struct door_session *));
    memory_free(memory, door->free_sessions, door->free_capacity * sizeof *door->free_sessions);
    door_groups_deinit(door);
    map_deinit(&door->by_client_id);
    timers_deinit(&door->timers);
    door_pool_deinit(&door->pool);
    memory_free(memory, door, sizeof *door);
}

// ---- views ------------------------------------------------------------------------------------

const struct mqtt_door_counts *mqtt_door_counts(const struct mqtt_door *door) {
    return &door->counts;
}

uint32_t mqtt_door_stream_count(const struct mqtt_door *door) {
    return door->stream_count;
}

void mqtt_door_view_sessions(const struct mqtt_door *door, void *context,
                             void (*found)(void *context, const struct door_session_view *view)) {
    for (uint32_t i = 0; i < door->session_used; i++) {
        const struct door_session *session = door->sessions[i];
        if (session == NULL) {
            continue;
        }
        const struct door_connection *connection = session->connection;
        struct door_session_view view = {
            .client_id = door_client_id(session),
            .place = connection == NULL ? (struct bytes){0} : bytes_of_text(connection->place),
            .version = (enum mqtt_version)session->version,
            .since = session->since,
            .subscriptions = session->subscription_count,
            .in_flight = session->queue.in_flight,
            .queued = session->queue.count - session->queue.cursor,
            .queue_bytes =
                session->queue.bytes + (connection == NULL ? 0 : connection->output.bytes),
        };
        found(context, &view);
    }
}

void mqtt_door_view_subscriptions(const struct mqtt_door *door, void *context,
                                  void (*found)(void *context,
                                                const struct door_subscription_view *view)) {
    struct buffer filter;
    buffer_init(&filter, door->memory);
    for (uint32_t i = 0; i < door->session_used; i++) {
        const struct door_session *session = door->sessions[i];
        for (uint32_t k = 0; session != NULL && k < session->subscription_count; k++) {
            const struct door_subscription *subscription = &session->subscriptions[k];
            uint32_t detail = door_subscription_detail(door, session, subscription);
            filter.size = 0;
            door_subscription_filter(door, subscription, &filter);
            struct door_subscription_view view = {.client_id = door_client_id(session),
                                                  .filter = buffer_bytes(&filter),
                                                  .options = (uint8_t)(detail & 0x0f),
                                                  .identifier = DOOR_DETAIL_IDENTIFIER(detail)};
            found(context, &view);
        }
    }
    buffer_deinit(&filter);
}
