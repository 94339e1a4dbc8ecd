#include "role/broker/mqtt/door_connect.h"

#include <sodium.h>

#include "base/assert.h"
#include "role/broker/mqtt/door_absent.h"
#include "role/broker/mqtt/door_delivery.h"
#include "role/broker/mqtt/door_session.h"

#define TABLES_COST 128 // of a session's places in the tables of sessions, ids and timers
#define METHOD "SCRAM-SHA-256"
#define ASSIGNED_PREFIX "auto-"
#define ASSIGNED_BYTES (sizeof ASSIGNED_PREFIX - 1 + 32)

void door_forget_connect(struct mqtt_door *door, struct door_connection *connection) {
    if (connection->connect != NULL) { // a password may stand in it
        sodium_memzero(connection->connect, connection->connect_bytes);
    }
    memory_free(door->memory, connection->connect, connection->connect_bytes);
    memory_discharge(door->memory, connection->connect_bytes);
    connection->connect = NULL;
    connection->connect_bytes = 0;
    if (connection->exchange != NULL) {
        scram_server_wipe(&connection->exchange->server);
        memory_free(door->memory, connection->exchange, sizeof *connection->exchange);
        connection->exchange = NULL;
    }
}

// False: there is no memory for it, and the connection has ended. Twice, for a copy of user name
// and password waits with those who check them.
static bool keep_connect(struct mqtt_door *door, struct door_connection *connection,
                         struct bytes bytes, uint64_t now) {
    if (!door_has_room_to_keep(door, 2 * bytes.size)) {
        door_fail(door, connection, MQTT_QUOTA_EXCEEDED, "there is no memory for its CONNECT", now);
        return false;
    }
    memory_charge(door->memory, bytes.size);
    connection->connect = memory_resize(door->memory, NULL, 0, bytes.size);
    connection->connect_bytes = (uint32_t)bytes.size;
    memcpy(connection->connect, bytes.data, bytes.size);
    return true;
}

// ---- the session that the client asks for -----------------------------------------------------

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
    struct door_session *session = door_session_find(door, client_id);
    if (session != NULL && session->connection != NULL) {
        door_fail(door, session->connection, MQTT_SESSION_TAKEN_OVER,
                  "another client has taken over the session", now);
        session = door_session_find(door, client_id); // it may have ended with its connection
    }
    if (session != NULL && packet->connect.clean_start) {
        door_session_end(door, session, now); // [MQTT-3.1.2-4]
        session = NULL;
    }
    return session;
}

static struct bytes assign_client_id(struct mqtt_door *door, uint8_t out[ASSIGNED_BYTES]) {
    static const char digits[] = "0123456789abcdef";
    uint8_t drawn[16];
    door_draw(door, drawn);
    uint8_t *end = out + sizeof ASSIGNED_PREFIX - 1;
    memcpy(out, ASSIGNED_PREFIX, sizeof ASSIGNED_PREFIX - 1);
    for (size_t i = 0; i < sizeof drawn; i++) {
        *end++ = (uint8_t)digits[drawn[i] >> 4];
        *end++ = (uint8_t)digits[drawn[i] & 15];
    }
    return bytes_make(out, ASSIGNED_BYTES);
}

// ---- CONNACK ----------------------------------------------------------------------------------

// What a good CONNECT leads to.
struct acceptance {
    const struct mqtt_packet *packet;
    struct bytes client_id;
    struct bytes authentication_data; // the server's proof, at the end of an exchange
    bool is_assigned;
    bool session_present;
};

static void set_limits(const struct mqtt_door *door, struct mqtt_properties *properties) {
    const struct mqtt_door_limits *limits = &door->config->limits;
    properties->present |= MQTT_HAS(MQTT_TOPIC_ALIAS_MAXIMUM) | MQTT_HAS(MQTT_RECEIVE_MAXIMUM) |
                           MQTT_HAS(MQTT_MAXIMUM_PACKET_SIZE);
    uint32_t receive_maximum = limits->receive_maximum;
    properties->receive_maximum =
        (uint16_t)(receive_maximum < UINT16_MAX ? receive_maximum : UINT16_MAX);
    properties->topic_alias_maximum =
        (uint16_t)(limits->topic_aliases < UINT16_MAX ? limits->topic_aliases : UINT16_MAX);
    properties->maximum_packet_size = limits->packet_bytes;
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
        properties->authentication_method = bytes_of_text(METHOD);
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
        set_limits(door, &reply.properties);
        set_granted(connection, acceptance, &reply.properties);
        if (acceptance->packet->properties.request_response_information == 1 &&
            door->config->response_prefix.size > 0) {
            buffer_append(&response, door->config->response_prefix);
            buffer_append(&response, acceptance->client_id);
            reply.properties.present |= MQTT_HAS(MQTT_RESPONSE_INFORMATION);
            reply.properties.response_information = buffer_bytes(&response);
        }
    }
    bool is_sent = door_send(door, connection, &reply);
    buffer_deinit(&response);
    return is_sent;
}

// Nothing may be sent to a client that cannot be told that it is let in [MQTT-3.2.0-1].
static void refuse_without_connack(struct mqtt_door *door, struct door_connection *connection,
                                   uint64_t now) {
    door->counts.refused_connections++;
    door_tell(door, DOOR_EVENT_REFUSED, connection,
              (struct door_event){.reason = MQTT_PACKET_TOO_LARGE,
                                  .why = "it allows no packet as large as CONNACK"});
    door_session_forget_will(door, connection->session);
    door_end(door, connection, false, now);
}

// ---- letting in -------------------------------------------------------------------------------

static void start_keep_alive(struct mqtt_door *door, struct door_connection *connection,
                             uint16_t asked, uint64_t now) {
    uint16_t most = door->config->limits.keep_alive;
    bool is_cut = connection->version == MQTT_5 && most > 0 && (asked == 0 || asked > most);
    connection->keep_alive = is_cut ? most : asked;
    timers_remove(&door->timers, &connection->timer);
    if (connection->keep_alive > 0) {
        timers_set(&door->timers, &connection->timer,
                   now + connection->keep_alive * ROLE_SECOND * 3 / 2);
    }
}

static void open_session(struct mqtt_door *door, struct door_connection *connection,
                         struct door_session *session, const struct mqtt_packet *packet,
                         uint64_t now) {
    timers_remove(&door->timers, &session->timer);
    door_absent_end(door, session);
    door_absent_set_address(door, session, connection->address);
    door_session_forget_will(door, session); // it is back in time [MQTT-3.1.3-9]
    connection->session = session;
    connection->state = DOOR_OPEN;
    connection->since = now;
    door_rate_start(&connection->messages, door->config->limits.messages_a_second, now);
    door_rate_start(&connection->packets, door->config->limits.packets_a_second, now);
    door->connected++;
    door->connected_most =
        door->connected > door->connected_most ? door->connected : door->connected_most;
    session->connection = connection;
    session->version = connection->version;
    session->since = now;
    session->expiry = expiry_granted(door, expiry_asked(packet));
    if (packet->connect.has_will) {
        door_session_set_will(door, session, packet);
    }
    door_keep_session(door, session, now);
}

// What the session of a CONNECT costs: its records with their places in the tables, and the will.
static size_t session_cost(const struct door_session *session, const struct mqtt_packet *packet) {
    const struct mqtt_connect *connect = &packet->connect;
    size_t will = !connect->has_will ? 0
                                     : sizeof(struct door_will) + sizeof(struct door_message) +
                                           connect->will_topic.size + connect->will_payload.size +
                                           connect->will_properties.raw.size;
    size_t own = session != NULL ? 0 : sizeof *session + connect->client_id.size + TABLES_COST;
    return own + will + 4 * MEMORY_BLOCK_COST;
}

// NULL, or what there is no room for.
static const char *check_room(struct mqtt_door *door, const struct door_connection *connection,
                              const struct door_session *session, const struct mqtt_packet *packet,
                              uint64_t now) {
    size_t cost = session_cost(session, packet);
    if (session == NULL) {
        return door_absent_make_room(door, connection->address, cost, now);
    }
    return door_has_room_to_keep(door, cost) ? NULL : "there is no memory for the will";
}

static void accept_client(struct mqtt_door *door, struct door_connection *connection,
                          const struct mqtt_packet *packet, struct bytes authentication_data,
                          uint64_t now) {
    uint8_t assigned[ASSIGNED_BYTES];
    struct acceptance acceptance = {.packet = packet,
                                    .client_id = packet->connect.client_id,
                                    .authentication_data = authentication_data};
    if (acceptance.client_id.size == 0) {
        acceptance.client_id = assign_client_id(door, assigned);
        acceptance.is_assigned = true;
    }
    struct door_session *session = find_session(door, packet, acceptance.client_id, now);
    bool is_busy = door->connected >= door->config->limits.connections;
    const char *why = is_busy ? "there are as many connections as are allowed"
                              : check_room(door, connection, session, packet, now);
    if (why != NULL) {
        bool has_reference = door->config->server_reference.size > 0;
        door_fail(door, connection,
                  has_reference ? MQTT_USE_ANOTHER_SERVER
                  : is_busy     ? MQTT_SERVER_BUSY
                                : MQTT_QUOTA_EXCEEDED,
                  why, now);
        return;
    }
    acceptance.session_present = session != NULL; // [MQTT-3.2.2-2, MQTT-3.2.2-3]
    if (session == NULL) {
        session = door_session_create(door, acceptance.client_id);
    }
    open_session(door, connection, session, packet, now);
    start_keep_alive(door, connection, packet->connect.keep_alive, now);
    if (!send_connack(door, connection, &acceptance)) {
        refuse_without_connack(door, connection, now);
        return;
    }
    door_tell(door, DOOR_EVENT_CONNECTED, connection, (struct door_event){0});
    door_forget_connect(door, connection);
    door_queue_resume(door, session, now);
}

// ---- CONNECT ----------------------------------------------------------------------------------

static void read_limits(const struct mqtt_door *door, struct door_connection *connection,
                        const struct mqtt_packet *packet) {
    const struct mqtt_properties *properties = &packet->properties;
    connection->version = packet->connect.version;
    connection->is_bridge = packet->connect.is_bridge;
    if (connection->version != MQTT_5) {
        return;
    }
    connection->wants_problems =
        !mqtt_properties_have(properties, MQTT_REQUEST_PROBLEM_INFORMATION) ||
        properties->request_problem_information == 1;
    if (mqtt_properties_have(properties, MQTT_RECEIVE_MAXIMUM)) {
        connection->receive_maximum = properties->receive_maximum;
    }
    if (mqtt_properties_have(properties, MQTT_MAXIMUM_PACKET_SIZE)) {
        connection->maximum_packet = properties->maximum_packet_size;
    }
    uint32_t aliases = door->config->limits.topic_aliases;
    bool takes_more = properties->topic_alias_maximum > aliases;
    connection->alias_maximum = takes_more ? (uint16_t)aliases : properties->topic_alias_maximum;
}

// NULL, or what is wrong with the client id.
static const char *check_client_id(const struct mqtt_packet *packet) {
    const struct mqtt_connect *connect = &packet->connect;
    if (connect->client_id.size > 0 || connect->version == MQTT_5) {
        return NULL;
    }
    if (connect->version == MQTT_3_1) {
        return "MQTT 3.1 needs a client id";
    }
    return connect->clean_start ? NULL : "a session that is to last needs a client id";
}

// Lets in by the CONNECT that was kept.
static void accept_kept(struct mqtt_door *door, struct door_connection *connection,
                        struct bytes authentication_data, uint64_t now) {
    struct mqtt_packet packet;
    struct bytes bytes = bytes_make(connection->connect, connection->connect_bytes);
    enum mqtt_reason reason =
        mqtt_decode(&packet, bytes, (enum mqtt_version)connection->version, MQTT_FROM_CLIENT, NULL);
    ASSERT(reason == MQTT_SUCCESS);
    accept_client(door, connection, &packet, authentication_data, now);
}

static void act_on_check(struct mqtt_door *door, struct door_connection *connection,
                         enum credentials_state state, uint64_t now) {
    if (state == CREDENTIALS_GOOD) {
        accept_kept(door, connection, (struct bytes){0}, now);
    } else if (state == CREDENTIALS_WRONG) {
        door_fail(door, connection, MQTT_BAD_USER_NAME_OR_PASSWORD,
                  "user name or password is wrong", now);
    } else {
        door_fail(door, connection, MQTT_SERVER_BUSY,
                  "too many passwords wait to be checked; try again later", now);
    }
}

static void check_credentials(struct mqtt_door *door, struct door_connection *connection,
                              const struct mqtt_packet *packet, struct bytes bytes, uint64_t now) {
    const struct mqtt_connect *connect = &packet->connect;
    if (!connect->has_user_name) {
        door_fail(door, connection, MQTT_NOT_AUTHORIZED, "a user name is asked for", now);
        return;
    }
    if (!keep_connect(door, connection, bytes, now)) {
        return;
    }
    struct door_credentials credentials = {.connection = connection,
                                           .number = connection->number,
                                           .address = connection->address,
                                           .client_id = connect->client_id,
                                           .has_user_name = true,
                                           .user_name = connect->user_name,
                                           .has_password = connect->has_password,
                                           .password = connect->password};
    enum credentials_state state = door->port->authenticate(door->port->context, &credentials);
    if (state == CREDENTIALS_WAIT) {
        connection->state = DOOR_EXPECT_CHECK;
        timers_remove(&door->timers, &connection->timer); // it is we who are late
    } else {
        act_on_check(door, connection, state, now);
    }
}

static void start_exchange(struct mqtt_door *door, struct door_connection *connection,
                           const struct mqtt_packet *packet, struct bytes bytes, uint64_t now);

void door_receive_connect(struct mqtt_door *door, struct door_connection *connection,
                          const struct mqtt_packet *packet, struct bytes bytes, uint64_t now) {
    read_limits(door, connection, packet);
    const char *why = check_client_id(packet);
    bool needs_check = door->port->authenticate != NULL && !connection->is_trusted;
    bool may_be_anonymous = door->config->anonymous && !packet->connect.has_user_name;
    if (why != NULL) {
        door_fail(door, connection, MQTT_CLIENT_IDENTIFIER_NOT_VALID, why, now);
    } else if (mqtt_properties_have(&packet->properties, MQTT_AUTHENTICATION_METHOD)) {
        start_exchange(door, connection, packet, bytes, now);
    } else if (needs_check && !may_be_anonymous) {
        check_credentials(door, connection, packet, bytes, now);
    } else {
        accept_client(door, connection, packet, (struct bytes){0}, now);
    }
}

static struct door_connection *
find_connection(struct mqtt_door *door, const struct door_connection *connection, uint64_t number) {
    struct door_connection *at = door->connections;
    while (at != NULL && (at != connection || at->number != number)) {
        at = at->later;
    }
    return at;
}

void mqtt_door_authenticated(struct mqtt_door *door, struct door_connection *connection,
                             uint64_t number, enum credentials_state state, uint64_t now) {
    connection = find_connection(door, connection, number);
    if (connection == NULL || connection->state != DOOR_EXPECT_CHECK) {
        return;
    }
    connection->state = DOOR_EXPECT_CONNECT; // nothing waits any more that could be cancelled
    act_on_check(door, connection, state, now);
    door_go_on(door, connection, now);
}

// ---- AUTH: SCRAM-SHA-256 (5.0, section 4.12) ----------------------------------------------------

static void send_auth(struct mqtt_door *door, struct door_connection *connection,
                      enum mqtt_reason reason, struct bytes data) {
    struct mqtt_packet packet = {.type = MQTT_AUTH, .reason = (uint8_t)reason};
    packet.properties.present = MQTT_HAS(MQTT_AUTHENTICATION_METHOD);
    packet.properties.authentication_method = bytes_of_text(METHOD);
    if (data.size > 0) {
        packet.properties.present |= MQTT_HAS(MQTT_AUTHENTICATION_DATA);
        packet.properties.authentication_data = data;
    }
    door_send(door, connection, &packet);
}

static void challenge(struct mqtt_door *door, struct door_connection *connection,
                      struct bytes user) {
    struct door_exchange *exchange = connection->exchange;
    struct scram_verifier verifier;
    uint8_t nonce[ASSIGNED_BYTES];
    uint8_t text[SCRAM_CHALLENGE_MAX];
    exchange->is_known = door->config->scram_verifier(door->config->scram_context, user, &verifier);
    if (!exchange->is_known) {
        scram_verifier_made_up(&verifier, user, &door->seed);
    }
    size_t size = scram_server_challenge(&exchange->server, &verifier,
                                         assign_client_id(door, nonce), text, sizeof text);
    exchange->expects_final = true;
    send_auth(door, connection, MQTT_CONTINUE_AUTHENTICATION, bytes_make(text, size));
}

static void end_exchange(struct mqtt_door *door, struct door_connection *connection,
                         struct bytes proof, uint64_t now) {
    if (connection->state == DOOR_EXPECT_AUTH) {
        accept_kept(door, connection, proof, now);
        return;
    }
    door_forget_connect(door, connection);
    send_auth(door, connection, MQTT_SUCCESS, proof);
}

static void step_exchange(struct mqtt_door *door, struct door_connection *connection,
                          struct bytes data, uint64_t now) {
    struct door_exchange *exchange = connection->exchange;
    struct bytes user;
    uint8_t proof[SCRAM_SERVER_FINAL_SIZE];
    size_t proof_size;
    if (!exchange->expects_final &&
        scram_server_first(&exchange->server, data, &user) == SCRAM_CONTINUE) {
        challenge(door, connection, user);
    } else if (exchange->expects_final &&
               scram_server_final(&exchange->server, data, proof, sizeof proof, &proof_size) ==
                   SCRAM_GOOD &&
               exchange->is_known) {
        end_exchange(door, connection, bytes_make(proof, proof_size), now);
    } else {
        door_fail(door, connection, MQTT_NOT_AUTHORIZED, "the authentication failed", now);
    }
}

static void start_exchange(struct mqtt_door *door, struct door_connection *connection,
                           const struct mqtt_packet *packet, struct bytes bytes, uint64_t now) {
    const struct mqtt_properties *properties = &packet->properties;
    bool is_offered = door->config->scram_verifier != NULL &&
                      bytes_equal(properties->authentication_method, bytes_of_text(METHOD));
    if (!is_offered) { // [MQTT-4.12.0-1]
        door_fail(door, connection, MQTT_BAD_AUTHENTICATION_METHOD,
                  "the authentication method is not offered", now);
        return;
    }
    if (!keep_connect(door, connection, bytes, now)) {
        return;
    }
    connection->state = DOOR_EXPECT_AUTH;
    connection->scram = true;
    connection->exchange = memory_allocate(door->memory, sizeof *connection->exchange);
    if (mqtt_properties_have(properties, MQTT_AUTHENTICATION_DATA)) {
        step_exchange(door, connection, properties->authentication_data, now);
    } else {
        send_auth(door, connection, MQTT_CONTINUE_AUTHENTICATION, (struct bytes){0});
    }
}

void door_receive_auth(struct mqtt_door *door, struct door_connection *connection,
                       const struct mqtt_packet *packet, uint64_t now) {
    const struct mqtt_properties *properties = &packet->properties;
    bool is_ours =
        connection->scram && bytes_equal(properties->authentication_method, bytes_of_text(METHOD));
    bool begins = packet->reason == MQTT_REAUTHENTICATE && connection->state == DOOR_OPEN &&
                  connection->exchange == NULL;
    bool goes_on = packet->reason == MQTT_CONTINUE_AUTHENTICATION && connection->exchange != NULL;
    if (!is_ours || (!begins && !goes_on)) { // [MQTT-4.12.1-1]
        door_fail(door, connection, MQTT_PROTOCOL_ERROR,
                  "AUTH does not go with the authentication of this connection", now);
        return;
    }
    if (begins) {
        connection->exchange = memory_allocate(door->memory, sizeof *connection->exchange);
    }
    step_exchange(door, connection, properties->authentication_data, now);
}
