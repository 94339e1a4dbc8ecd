#include "role/broker/login/door_accept.h"

#include "base/assert.h"
#include "role/broker/session/door_absent.h"
#include "role/broker/session/door_access.h"
#include "role/broker/mqtt/door_connection.h"
#include "role/broker/session/door_displace.h"
#include "role/broker/mqtt/door_ending.h"
#include "role/broker/delivery/door_flight.h"
#include "role/broker/delivery/door_held.h"
#include "role/broker/session/door_journal.h"
#include "role/broker/login/door_login.h"
#include "role/broker/mqtt/door_room.h"
#include "role/broker/session/door_session.h"
#include "role/broker/session/door_sessions.h"
#include "role/broker/session/door_mount.h"
#include "role/broker/session/door_will.h"

#define TABLES_COST 128 // of a session's places in the tables of sessions, ids and timers

// ---- the session that the client asks for ------------------------------------------------------

static uint32_t expiry_asked(const struct mqtt_packet *packet) {
    if (packet->connect.version == MQTT_5) {
        return packet->properties.session_expiry; // 0 if it is not there
    }
    return packet->connect.clean_start ? 0 : DOOR_SESSION_FOREVER;
}

static uint32_t expiry_granted(const struct mqtt_door *door, uint32_t asked) {
    uint64_t most = door->config->limits.session_expiry / ROLE_SECOND;
    return most < asked ? (uint32_t)most : asked;
}

// The one that the client finds again, or NULL. Who is connected with it has to go
// [MQTT-3.1.4-3].
static struct door_session *find_session(struct mqtt_door *door, const struct mqtt_packet *packet,
                                         struct bytes client_id, uint64_t now) {
    struct door_session *session = door_sessions_find(door, client_id);
    if (session != NULL && session->connection != NULL) {
        door_connection_fail(door, session->connection, MQTT_SESSION_TAKEN_OVER,
                             "another client has taken over the session");
        door_ending_settle(door, now);
        session = door_sessions_find(door, client_id); // it may have ended with its connection
    }
    if (session != NULL && packet->connect.clean_start) {
        door_session_end(door, session, now); // [MQTT-3.1.2-4]
        session = NULL;
    }
    return session;
}

// ---- CONNACK -----------------------------------------------------------------------------------

// What a good CONNECT leads to.
struct acceptance {
    const struct mqtt_packet *packet;
    struct bytes client_id;
    struct access_client client;
    struct bytes authentication_data; // the server's proof, at the end of an exchange
    bool is_assigned;
    bool session_present;
};

// [MQTT-3.2.2-9] and what follows there; what is not told is allowed.
static void set_rules(const struct door_listener_rules *rules, struct mqtt_properties *properties) {
    if (rules->has_qos_max && rules->qos_max < 2) {
        properties->present |= MQTT_HAS(MQTT_MAXIMUM_QOS);
        properties->maximum_qos = rules->qos_max;
    }
    if (rules->has_no_retain) {
        properties->present |= MQTT_HAS(MQTT_RETAIN_AVAILABLE);
        properties->retain_available = 0;
    }
    if (rules->has_no_wildcards) {
        properties->present |= MQTT_HAS(MQTT_WILDCARD_SUBSCRIPTION_AVAILABLE);
        properties->wildcard_subscription_available = 0;
    }
}

static void set_limits(const struct mqtt_door *door, const struct door_connection *connection,
                       struct mqtt_properties *properties) {
    const struct mqtt_door_limits *limits = &door->config->limits;
    set_rules(door_connection_rules(door, connection), properties);
    properties->present |= MQTT_HAS(MQTT_TOPIC_ALIAS_MAXIMUM) | MQTT_HAS(MQTT_RECEIVE_MAXIMUM) |
                           MQTT_HAS(MQTT_MAXIMUM_PACKET_SIZE);
    uint32_t receive_maximum = limits->receive_maximum;
    properties->receive_maximum =
        (uint16_t)(receive_maximum < UINT16_MAX ? receive_maximum : UINT16_MAX);
    properties->topic_alias_maximum =
        (uint16_t)(limits->topic_aliases < UINT16_MAX ? limits->topic_aliases : UINT16_MAX);
    properties->maximum_packet_size = door_connection_packet_max(door, connection);
}

static void set_granted(const struct door_connection *connection,
                        const struct acceptance *acceptance, struct mqtt_properties *properties) {
    const struct mqtt_packet *asked = acceptance->packet;
    if (connection->session->expiry != expiry_asked(asked)) {
        properties->present |= MQTT_HAS(MQTT_SESSION_EXPIRY);
        properties->session_expiry = connection->session->expiry;
    }
    if (connection->keep_alive != asked->connect.keep_alive) { // [MQTT-3.1.2-21]
        properties->present |= MQTT_HAS(MQTT_SERVER_KEEP_ALIVE);
        properties->server_keep_alive = connection->keep_alive;
    }
    if (acceptance->is_assigned) { // [MQTT-3.1.3-7]
        properties->present |= MQTT_HAS(MQTT_ASSIGNED_CLIENT_IDENTIFIER);
        properties->assigned_client_identifier = acceptance->client_id;
    }
    if (connection->scram) { // [MQTT-4.12.0-5]
        properties->present |=
            MQTT_HAS(MQTT_AUTHENTICATION_METHOD) | MQTT_HAS(MQTT_AUTHENTICATION_DATA);
        properties->authentication_method = bytes_of_text(DOOR_ACCEPT_METHOD);
        properties->authentication_data = acceptance->authentication_data;
    }
}

// False: the client allows no packet that large.
static bool send_connack(struct mqtt_door *door, struct door_connection *connection,
                         const struct acceptance *acceptance) {
    struct mqtt_packet reply = {.type = MQTT_CONNACK,
                                .session_present =
                                    acceptance->session_present && connection->version != MQTT_3_1};
    struct buffer response;
    buffer_init(&response, door->memory);
    if (connection->version == MQTT_5) {
        set_limits(door, connection, &reply.properties);
        set_granted(connection, acceptance, &reply.properties);
        if (acceptance->packet->properties.request_response_information == 1 &&
            door->config->response_prefix.size > 0) {
            buffer_append(&response, door->config->response_prefix);
            buffer_append(&response, acceptance->client_id);
            reply.properties.present |= MQTT_HAS(MQTT_RESPONSE_INFORMATION);
            reply.properties.response_information = buffer_bytes(&response);
        }
    }
    if (door_journal_has(connection->session) && journal_may_promise(door->journal)) {
        door_held_begin(door, connection);
    }
    bool is_sent = door_connection_send(door, connection, &reply);
    buffer_deinit(&response);
    return is_sent;
}

// Nothing may be sent to a client that cannot be told that it is let in [MQTT-3.2.0-1].
static void refuse_without_connack(struct mqtt_door *door, struct door_connection *connection) {
    door->counts.refused_connections++;
    door_connection_tell(door, DOOR_EVENT_REFUSED, connection,
                         (struct door_event){.reason = MQTT_PACKET_TOO_LARGE,
                                             .why = "it allows no packet as large as CONNACK"});
    door_will_forget(door, connection->session);
    door_connection_end(door, connection, false);
}

// ---- letting in --------------------------------------------------------------------------------

static void start_keep_alive(struct mqtt_door *door, struct door_connection *connection,
                             uint16_t asked, uint64_t now) {
    uint16_t most = door->config->limits.keep_alive;
    uint16_t own = door_connection_rules(door, connection)->keep_alive;
    most = own > 0 && (most == 0 || own < most) ? own : most;
    bool is_cut = connection->version == MQTT_5 && most > 0 && (asked == 0 || asked > most);
    connection->keep_alive = is_cut ? most : asked;
    timers_remove(&door->timers, &connection->timer);
    if (connection->keep_alive > 0) {
        timers_set(&door->timers, &connection->timer, now + door_silence_max(connection));
    }
}

static void open_session(struct mqtt_door *door, struct door_connection *connection,
                         struct door_session *session, const struct mqtt_packet *packet,
                         uint64_t now) {
    door_absent_end(door, session);
    door_absent_set_address(door, session, connection->address);
    door_will_forget(door, session); // it is back in time [MQTT-3.1.3-9]
    ASSERT(session->connection == NULL && connection->session == NULL);
    connection->session = session;
    connection->state = DOOR_OPEN;
    door->connected++;
    door->connected_most =
        door->connected > door->connected_most ? door->connected : door->connected_most;
    session->connection = connection;
    session->version = connection->version;
    session->since = now;
    session->expiry = expiry_granted(door, expiry_asked(packet));
    struct bytes topic = packet->connect.will_topic;
    if (packet->connect.has_will && door_mount_topic(door, connection, &topic)) {
        door_will_set(door, session, packet, topic, door_mount_of(door, connection));
    }
    door_journal_session(door, session);
}

// What the session of a CONNECT costs: its records with their places in the tables, also those of
// its absence, and the will.
static size_t session_cost(const struct door_session *session, const struct mqtt_packet *packet) {
    const struct mqtt_connect *connect = &packet->connect;
    size_t will = !connect->has_will ? 0
                                     : sizeof(struct door_will) + sizeof(struct door_message) +
                                           connect->will_topic.size + connect->will_payload.size +
                                           connect->will_properties.raw.size;
    size_t own = session != NULL ? 0
                                 : sizeof *session + sizeof(struct door_absence) +
                                       connect->client_id.size + TABLES_COST;
    return own + will + 4 * MEMORY_BLOCK_COST;
}

// NULL, or what there is no room for.
static const char *check_room(struct mqtt_door *door, const struct door_connection *connection,
                              const struct door_session *session, const struct mqtt_packet *packet,
                              uint64_t now) {
    size_t cost = session_cost(session, packet);
    bool is_promised = session == NULL && expiry_granted(door, expiry_asked(packet)) > 0;
    if (is_promised && !journal_may_promise(door->journal)) {
        door->counts.refused_promises++;
        return "no session can be kept now";
    }
    if (session == NULL) {
        return door_displace_make_room(door, connection->address, cost, now);
    }
    return door_room_to_keep(door, cost) ? NULL : "there is no memory for the will";
}

// NULL, or why the client may not have what it asks for. Whoever holds the session stays.
static const char *check_access(struct mqtt_door *door, const struct door_connection *connection,
                                const struct acceptance *acceptance) {
    const struct door_session *session = door_sessions_find(door, acceptance->client_id);
    const struct mqtt_connect *connect = &acceptance->packet->connect;
    if (door->config->access == NULL) {
        return NULL;
    }
    if (session != NULL && !door_access_owns(door, session, &acceptance->client)) {
        return "the session of this client id is another user's";
    }
    struct bytes topic = connect->will_topic;
    door_access_spend(door);
    bool may_publish =
        !connect->has_will ||
        (door_mount_topic(door, connection, &topic) &&
         access_allows(door->config->access, &acceptance->client, ACCESS_WRITE, topic));
    return may_publish ? NULL : "it may not publish its will";
}

static void refuse_for_room(struct mqtt_door *door, struct door_connection *connection,
                            bool is_busy, const char *why) {
    bool has_reference = door->config->server_reference.size > 0;
    door_connection_fail(door, connection,
                         has_reference ? MQTT_USE_ANOTHER_SERVER
                         : is_busy     ? MQTT_SERVER_BUSY
                                       : MQTT_QUOTA_EXCEEDED,
                         why);
}

static void let_in(struct mqtt_door *door, struct door_connection *connection,
                   struct acceptance *acceptance, uint64_t now) {
    const struct mqtt_packet *packet = acceptance->packet;
    struct door_session *session = find_session(door, packet, acceptance->client_id, now);
    bool is_busy = door->connected >= door->config->limits.connections;
    const char *why = is_busy ? "there are as many connections as are allowed"
                              : check_room(door, connection, session, packet, now);
    if (why != NULL) {
        refuse_for_room(door, connection, is_busy, why);
        return;
    }
    acceptance->session_present = session != NULL; // [MQTT-3.2.2-2, MQTT-3.2.2-3]
    if (session == NULL) {
        session = door_sessions_create(door, acceptance->client_id);
    }
    door_access_enter(door, session, &acceptance->client);
    open_session(door, connection, session, packet, now);
    start_keep_alive(door, connection, packet->connect.keep_alive, now);
    if (!send_connack(door, connection, acceptance)) {
        refuse_without_connack(door, connection);
        return;
    }
    door_connection_tell(door, DOOR_EVENT_CONNECTED, connection,
                         (struct door_event){.session_present = acceptance->session_present});
    door_login_forget(door, connection);
    door_flight_resume(door, session, now);
}

void door_accept_client(struct mqtt_door *door, struct door_connection *connection,
                        const struct mqtt_packet *packet, struct bytes authentication_data,
                        uint64_t now) {
    uint8_t assigned[DOOR_LOGIN_NAME_BYTES];
    struct acceptance acceptance = {.packet = packet,
                                    .client_id = packet->connect.client_id,
                                    .authentication_data = authentication_data};
    if (acceptance.client_id.size == 0) {
        acceptance.client_id = door_login_name(door, assigned);
        acceptance.is_assigned = true;
    }
    acceptance.client = door_access_client(door, connection, packet, acceptance.client_id);
    const char *why = check_access(door, connection, &acceptance);
    if (why != NULL) {
        door_connection_fail(door, connection, MQTT_NOT_AUTHORIZED, why);
    } else {
        let_in(door, connection, &acceptance, now);
    }
}

void door_accept_kept(struct mqtt_door *door, struct door_connection *connection,
                      struct bytes authentication_data, uint64_t now) {
    struct mqtt_packet packet;
    const struct door_login *login = connection->apart->login;
    ASSERT(login != NULL);
    struct bytes bytes = bytes_make(login->connect, login->bytes);
    enum mqtt_reason reason =
        mqtt_decode(&packet, bytes, (enum mqtt_version)connection->version, MQTT_FROM_CLIENT, NULL);
    ASSERT(reason == MQTT_SUCCESS);
    door_accept_client(door, connection, &packet, authentication_data, now);
}
