#include "role/broker/mqtt/door_packets.h"

#include "base/assert.h"
#include "role/broker/login/door_auth.h"
#include "role/broker/login/door_connect.h"
#include "role/broker/mqtt/door_connection.h"
#include "role/broker/delivery/door_flight.h"
#include "role/broker/delivery/door_publish.h"
#include "role/broker/subscribe/door_subscribe.h"
#include "role/broker/mqtt/door_turns.h"

#define IN(state) (1u << (state))

// A packet and the bytes that it was decoded from.
struct incoming {
    const struct mqtt_packet *packet;
    struct bytes bytes;
};

typedef void packet_handler(struct mqtt_door *door, struct door_connection *connection,
                            const struct incoming *incoming, uint64_t now);

// ---- handlers ----------------------------------------------------------------------------------

static void on_connect(struct mqtt_door *door, struct door_connection *connection,
                       const struct incoming *incoming, uint64_t now) {
    door_connect_receive(door, connection, incoming->packet, incoming->bytes, now);
}

static void on_publish(struct mqtt_door *door, struct door_connection *connection,
                       const struct incoming *incoming, uint64_t now) {
    door_publish_receive(door, connection, incoming->packet, now);
}

static void on_answer(struct mqtt_door *door, struct door_connection *connection,
                      const struct incoming *incoming, uint64_t now) {
    door_flight_receive(door, connection, incoming->packet, now);
}

static void on_pubrel(struct mqtt_door *door, struct door_connection *connection,
                      const struct incoming *incoming, uint64_t now) {
    (void)now;
    door_publish_release(door, connection, incoming->packet);
}

static void on_filters(struct mqtt_door *door, struct door_connection *connection,
                       const struct incoming *incoming, uint64_t now) {
    door_subscribe_receive(door, connection, incoming->packet, incoming->bytes, now);
}

static void on_auth(struct mqtt_door *door, struct door_connection *connection,
                    const struct incoming *incoming, uint64_t now) {
    door_auth_receive(door, connection, incoming->packet, now);
}

static void on_pingreq(struct mqtt_door *door, struct door_connection *connection,
                       const struct incoming *incoming, uint64_t now) {
    (void)incoming;
    (void)now;
    struct mqtt_packet answer = {.type = MQTT_PINGRESP};
    door_connection_send(door, connection, &answer);
}

// Before it was let in, the client has no session whose expiry or will could matter.
static void on_early_disconnect(struct mqtt_door *door, struct door_connection *connection) {
    door_connection_tell(door, DOOR_EVENT_REFUSED, connection,
                         (struct door_event){.why = "it disconnected before it was let in"});
    door_connection_end(door, connection, false);
}

static void on_disconnect(struct mqtt_door *door, struct door_connection *connection,
                          const struct incoming *incoming, uint64_t now) {
    (void)now;
    const struct mqtt_packet *packet = incoming->packet;
    struct door_session *session = connection->session;
    if (connection->state != DOOR_OPEN) {
        on_early_disconnect(door, connection);
        return;
    }
    if (mqtt_properties_have(&packet->properties, MQTT_SESSION_EXPIRY)) {
        if (session->expiry == 0 && packet->properties.session_expiry > 0) {
            door_connection_fail(
                door, connection, MQTT_PROTOCOL_ERROR,
                "the session was to end with the connection; DISCONNECT cannot prolong it");
            return;
        }
        session->expiry = packet->properties.session_expiry;
    }
    enum mqtt_reason reason = (enum mqtt_reason)packet->reason;
    door_connection_tell(
        door, DOOR_EVENT_DISCONNECTED, connection,
        (struct door_event){.reason = reason, .why = "it disconnected", .is_goodbye = true});
    door_connection_end(door, connection, reason != MQTT_SUCCESS); // [MQTT-3.14.4-3]
}

// ---- what is legal -----------------------------------------------------------------------------

// By type: who handles it, and in which states of the connection it may come. Types without a
// handler do not come from clients. Which side sends a type, and which versions have it, stands in
// the codec's table (mqtt/packet.c).
static const struct {
    packet_handler *handle;
    uint8_t states;
} rules[16] = {
    [MQTT_CONNECT] = {on_connect, IN(DOOR_EXPECT_CONNECT)},
    [MQTT_PUBLISH] = {on_publish, IN(DOOR_OPEN)},
    [MQTT_PUBACK] = {on_answer, IN(DOOR_OPEN)},
    [MQTT_PUBREC] = {on_answer, IN(DOOR_OPEN)},
    [MQTT_PUBREL] = {on_pubrel, IN(DOOR_OPEN)},
    [MQTT_PUBCOMP] = {on_answer, IN(DOOR_OPEN)},
    [MQTT_SUBSCRIBE] = {on_filters, IN(DOOR_OPEN)},
    [MQTT_UNSUBSCRIBE] = {on_filters, IN(DOOR_OPEN)},
    [MQTT_PINGREQ] = {on_pingreq, IN(DOOR_OPEN)},
    [MQTT_DISCONNECT] = {on_disconnect, IN(DOOR_OPEN) | IN(DOOR_EXPECT_AUTH)},
    [MQTT_AUTH] = {on_auth, IN(DOOR_OPEN) | IN(DOOR_EXPECT_AUTH)},
};

// Whether a packet of this type may come now, whatever is in it [MQTT-3.1.0-1, MQTT-3.1.0-2,
// MQTT-3.1.2-30]. What only servers send the codec refuses with a better reason, once it is open.
static bool may_come(const struct door_connection *connection, unsigned type) {
    bool is_of_servers = rules[type].handle == NULL;
    return (rules[type].states & IN(connection->state)) != 0 ||
           (is_of_servers && connection->state == DOOR_OPEN);
}

// Of a packet that may not.
static const char *why_not(const struct door_connection *connection) {
    switch ((enum door_connection_state)connection->state) {
    case DOOR_EXPECT_CONNECT:
        return "its first packet is not a CONNECT";
    case DOOR_OPEN:
        return "a second CONNECT";
    case DOOR_EXPECT_CHECK:
    case DOOR_EXPECT_AUTH:
    case DOOR_OVER:
        break;
    }
    return "it sent another packet before it was let in";
}

// ---- one packet --------------------------------------------------------------------------------

// In which version a CONNECT that could not be decoded is refused; 0: in none. What is above 5.0
// most likely knows 5.0, whose CONNACK tells more.
static uint8_t version_to_answer_in(const struct mqtt_packet *connect, enum mqtt_reason reason) {
    if ((connect->connect.version & 0x7f) >= MQTT_5) { // without the bit of bridges
        return MQTT_5;
    }
    return reason == MQTT_UNSUPPORTED_PROTOCOL_VERSION ? MQTT_3_1_1 : 0;
}

static void fail_decoding(struct mqtt_door *door, struct door_connection *connection,
                          const struct mqtt_packet *packet, enum mqtt_reason reason,
                          const char *why) {
    if (connection->state != DOOR_OPEN && packet->type == MQTT_CONNECT) {
        connection->version = version_to_answer_in(packet, reason);
    }
    door_connection_fail(door, connection, reason, why);
}

void door_packets_receive(struct mqtt_door *door, struct door_connection *connection,
                          struct bytes bytes, uint64_t now) {
    ASSERT(bytes.size >= 2 && connection->request == NULL);
    struct mqtt_packet packet;
    const char *why = NULL;
    door->counts.packets_received++;
    door_turns_spend(door, DOOR_PACKET_STEPS);
    connection->heard = now;
    if (connection->state == DOOR_OPEN && !door_connection_may_send(door, connection, 1, now)) {
        return;
    }
    if (!may_come(connection, bytes.data[0] >> 4)) {
        door_connection_fail(door, connection, MQTT_PROTOCOL_ERROR, why_not(connection));
        return;
    }
    enum mqtt_reason reason =
        mqtt_decode(&packet, bytes, (enum mqtt_version)connection->version, MQTT_FROM_CLIENT, &why);
    if (reason != MQTT_SUCCESS) {
        fail_decoding(door, connection, &packet, reason, why);
        return;
    }
    ASSERT(rules[packet.type].handle != NULL); // the codec takes no others from clients
    rules[packet.type].handle(door, connection, &(struct incoming){&packet, bytes}, now);
}
