#include "role/broker/mqtt/door_connection.h"

#include "base/assert.h"
#include "role/broker/delivery/door_aliases.h"
#include "role/broker/mqtt/door_apart.h"
#include "role/broker/mqtt/door_turns.h"

// ---- begin -------------------------------------------------------------------------------------

static void free_apart(struct mqtt_door *door, struct door_connection *connection) {
    if (door_apart_exists(connection)) {
        struct door_apart *apart = door_apart(door, connection);
        door_aliases_free(door, &apart->aliases_in);
        door_aliases_free(door, &apart->aliases_out);
        memory_free(door->memory, apart->rates, sizeof *apart->rates);
        apart->rates = NULL;
        door_apart_tidy(door, connection);
    }
    ASSERT(!door_apart_exists(connection)); // what a login kept is forgotten by now
}

static void create_rates(struct mqtt_door *door, struct door_connection *connection) {
    const struct mqtt_door_limits *limits = &door->config->limits;
    if (limits->messages_a_second > 0 || limits->packets_a_second > 0) {
        door_apart(door, connection)->rates =
            memory_allocate(door->memory, sizeof(struct door_rates));
    }
}

static void link_connection(struct mqtt_door *door, struct door_connection *connection) {
    connection->later = door->connections;
    if (door->connections != NULL) {
        door->connections->earlier = connection;
    }
    door->connections = connection;
    door->stream_count++;
}

struct door_connection *door_connection_create(struct mqtt_door *door,
                                               const struct door_stream_info *info, uint64_t now) {
    struct bytes peer_address = info->peer_address;
    struct door_connection *connection =
        memory_allocate(door->memory, sizeof *connection + peer_address.size + 1);
    connection->timer.kind = DOOR_TIMER_CONNECTION;
    connection->owner = info->owner;
    connection->number = ++door->connection_number;
    if (peer_address.size > 0) {
        memcpy(connection->peer_address, peer_address.data, peer_address.size);
    }
    connection->is_trusted = info->is_trusted;
    connection->address = info->address;
    connection->listener = info->listener;
    connection->is_mounted = door_connection_rules(door, connection)->mount.size > 0;
    connection->wants_problems = true;
    connection->heard = now;
    connection->maximum_packet = MQTT_PACKET_MAX;
    connection->receive_maximum = UINT16_MAX;
    door_apart_init(connection);
    create_rates(door, connection);
    link_connection(door, connection);
    timers_set(&door->timers, &connection->timer, now + door->config->limits.connect_time);
    return connection;
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

void door_connection_destroy(struct mqtt_door *door, struct door_connection *connection) {
    ASSERT(connection->state == DOOR_OVER && !connection->is_ending); // it was settled
    ASSERT(connection->session == NULL && connection->input == NULL);
    unlink_connection(door, connection);
    ASSERT(connection->held == NULL); // nothing is to be sent any more
    door_output_clear(&connection->output, &door->pool);
    free_apart(door, connection);
    size_t text_bytes = bytes_of_text(connection->peer_address).size + 1;
    memory_free(door->memory, connection, sizeof *connection + text_bytes);
}

// ---- what is told and sent ---------------------------------------------------------------------

static struct bytes client_id_of(const struct door_connection *connection) {
    return connection != NULL && connection->session != NULL ? door_client_id(connection->session)
                                                             : (struct bytes){0};
}

void door_connection_tell(struct mqtt_door *door, enum door_event_kind kind,
                          const struct door_connection *connection, struct door_event event) {
    event.kind = kind;
    event.self = door;
    if (connection != NULL) {
        event.version = (enum mqtt_version)connection->version;
        event.owner = connection->owner;
        event.peer_address = bytes_of_text(connection->peer_address);
        event.client_id = event.client_id.size > 0 ? event.client_id : client_id_of(connection);
    }
    door->port->tell(door->port->context, &event);
}

void door_connection_wake_exactly(struct mqtt_door *door, struct door_connection *connection) {
    ASSERT(!connection->is_ready);
    connection->is_ready = true;
    if (connection != door->turns.served) {
        door_turns_lengthen(door);
    }
    door->port->ready(door->port->context, connection->owner);
}

bool door_connection_send(struct mqtt_door *door, struct door_connection *connection,
                          struct mqtt_packet *packet) {
    ASSERT(connection->state != DOOR_OVER); // nothing follows the last word
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
    door_connection_wake(door, connection);
    return true;
}

void door_connection_answer(struct mqtt_door *door, struct door_connection *connection,
                            enum mqtt_type type, uint16_t packet_id, enum mqtt_reason reason) {
    if (reason != MQTT_SUCCESS && connection->version == MQTT_5) {
        struct mqtt_packet packet = {
            .type = type, .packet_id = packet_id, .reason = (uint8_t)reason};
        door_connection_send(door, connection, &packet);
        return;
    }
    ASSERT(connection->state == DOOR_OPEN);
    uint8_t *out = door_output_append(&connection->output, &door->pool, 4);
    out[0] = (uint8_t)(type << 4 | (type == MQTT_PUBREL ? 2 : 0));
    out[1] = 2;
    door->counts.other_packets_sent++;
    (void)mqtt_two_bytes_write(out + 2, packet_id);
    door_connection_wake(door, connection);
}

// ---- the end -----------------------------------------------------------------------------------

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
    door_connection_send(door, connection, &packet);
}

static bool is_protocol_error(enum mqtt_reason reason) {
    return reason == MQTT_MALFORMED_PACKET || reason == MQTT_PROTOCOL_ERROR ||
           reason == MQTT_TOPIC_NAME_INVALID || reason == MQTT_TOPIC_ALIAS_INVALID ||
           reason == MQTT_RECEIVE_MAXIMUM_EXCEEDED;
}

static void mark(struct mqtt_door *door, struct door_connection *connection) {
    if (!connection->is_ending) {
        connection->is_ending = true;
        connection->next_ending = door->ending;
        door->ending = connection;
    }
}

void door_connection_end(struct mqtt_door *door, struct door_connection *connection,
                         bool publishes_will) {
    if (connection->state == DOOR_OVER) {
        return;
    }
    if (connection->state == DOOR_EXPECT_CHECK) {
        door->port->cancel_check(door->port->context, connection->number, connection->address);
    }
    door->connected -= connection->state == DOOR_OPEN;
    connection->state = DOOR_OVER;
    connection->publishes_will = publishes_will;
    connection->has_input = false;
    mark(door, connection);
    door_connection_wake(door, connection);
}

static void tell_failure(struct mqtt_door *door, const struct door_connection *connection,
                         enum mqtt_reason reason, const char *why) {
    bool was_open = connection->state == DOOR_OPEN;
    struct bytes client_id = was_open ? client_id_of(connection) : (struct bytes){0};
    door_connection_tell(door, was_open ? DOOR_EVENT_DISCONNECTED : DOOR_EVENT_REFUSED, connection,
                         (struct door_event){.client_id = client_id, .reason = reason, .why = why});
}

void door_connection_fail(struct mqtt_door *door, struct door_connection *connection,
                          enum mqtt_reason reason, const char *why) {
    if (connection->state == DOOR_OVER) {
        return;
    }
    door->counts.protocol_errors += is_protocol_error(reason);
    // Of what is no CONNECT nothing is known but that it is wrong [MQTT-3.1.0-1].
    if (connection->version != 0) {
        send_reason(door, connection, reason, why);
    }
    door->counts.refused_connections += connection->state != DOOR_OPEN;
    if (!connection->is_closed) { // else its end was told
        tell_failure(door, connection, reason, why);
    }
    door_connection_end(door, connection, true);
}

void door_connection_condemn(struct mqtt_door *door, struct door_connection *connection,
                             enum mqtt_reason reason) {
    if (!connection->is_condemned && connection->state != DOOR_OVER) {
        connection->is_condemned = true;
        connection->condemned_for = (uint8_t)reason;
        mark(door, connection);
    }
}

bool door_connection_may_send_exactly(struct mqtt_door *door, struct door_connection *connection,
                                      uint32_t count, uint64_t now) {
    uint32_t most = door->config->limits.packets_a_second;
    struct door_rates *rates = connection->apart->rates;
    ASSERT(rates != NULL); // there is such a limit
    if (rate_take(&rates->packets, &(struct rate_rule){most, most}, count, now)) {
        return true;
    }
    door->counts.too_fast++;
    door_connection_fail(door, connection, MQTT_MESSAGE_RATE_TOO_HIGH,
                         "more packets and filters than allowed");
    return false;
}

// ---- what has to hold -------------------------------------------------------------------------

static void check_connection(const struct door_connection *connection) {
    bool is_open = connection->state == DOOR_OPEN;
    ASSERT(connection->state <= DOOR_OVER);
    ASSERT(is_open == (connection->session != NULL) || connection->is_ending);
    if (connection->session != NULL) {
        ASSERT(connection->session->connection == connection);
    }
    ASSERT(!is_open || connection->apart->login == NULL || connection->apart->exchange != NULL);
    ASSERT(connection->input == NULL || connection->input->begin <= connection->input->end);
    ASSERT(connection->input == NULL || connection->input->end <= connection->input->capacity);
    ASSERT(!connection->has_input || connection->is_waiting); // it has its turn
    ASSERT(connection->request == NULL || connection->input != NULL);
    door_output_check(&connection->output);
}

static void check_ending(const struct mqtt_door *door) {
    const struct door_connection *connection = door->ending;
    for (; connection != NULL; connection = connection->next_ending) {
        ASSERT(connection->is_ending);
        ASSERT(connection->is_condemned || connection->state == DOOR_OVER);
    }
}

void door_connection_check_all(const struct mqtt_door *door) {
    uint32_t streams = 0;
    uint32_t connected = 0;
    uint64_t input = 0;
    uint64_t output = 0;
    const struct door_connection *earlier = NULL;
    for (const struct door_connection *connection = door->connections; connection != NULL;
         connection = connection->later) {
        ASSERT(connection->earlier == earlier);
        check_connection(connection);
        streams++;
        connected += connection->state == DOOR_OPEN;
        input += connection->input == NULL ? 0 : connection->input->capacity;
        output += connection->output.bytes;
        earlier = connection;
    }
    ASSERT(streams == door->stream_count && connected == door->connected);
    ASSERT(input == door->input_bytes && output == door->pool.bytes);
    check_ending(door);
}
