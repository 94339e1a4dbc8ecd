// Connections of the MQTT door: what is sent on them, what is reported about them, and how their
// end is marked.
//
// Code that finds that a connection has to end says so here, at any point, and goes on. The
// connection is marked and the client told why; nothing else happens yet. What follows, such as
// the end of the session and its will, is done in one place (role/broker/mqtt/door_ending.h)
// before the door returns to its driver.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_MQTT_DOOR_CONNECTION_H
#define ROLE_BROKER_MQTT_DOOR_CONNECTION_H

#include "role/broker/mqtt/door_state.h"

// In the list of all; its state is DOOR_EXPECT_CONNECT.
struct door_connection *door_connection_create(struct mqtt_door *door,
                                               const struct door_stream_info *info, uint64_t now);
// Its end is settled.
void door_connection_destroy(struct mqtt_door *door, struct door_connection *connection);

// `client_id` of the event is the session's, if there is one.
void door_connection_tell(struct mqtt_door *door, enum door_event_kind kind,
                          const struct door_connection *connection, struct door_event event);
void door_connection_wake_exactly(struct mqtt_door *door, struct door_connection *connection);
// To be called whenever there is new output.
static inline void door_connection_wake(struct mqtt_door *door,
                                        struct door_connection *connection) {
    if (!connection->is_ready) {
        door_connection_wake_exactly(door, connection);
    }
}
// Encodes the packet for the connection. A packet over the client's maximum is sent without what
// may be left out (reason string, user properties), or not at all: false.
bool door_connection_send(struct mqtt_door *door, struct door_connection *connection,
                          struct mqtt_packet *packet);
// A packet that has nothing but a packet id and, in 5.0, a reason.
void door_connection_answer(struct mqtt_door *door, struct door_connection *connection,
                            enum mqtt_type type, uint16_t packet_id, enum mqtt_reason reason);

// The connection has said its last word: it is over, and its end is to be settled.
void door_connection_end(struct mqtt_door *door, struct door_connection *connection,
                         bool publishes_will);
// The same; before it, the client is told the reason if its version and state allow. `why` is a
// constant for people, and the reason string.
void door_connection_fail(struct mqtt_door *door, struct door_connection *connection,
                          enum mqtt_reason reason, const char *why);
// As door_connection_fail, but when ends are settled: the connection stays open until then. For use
// while an entry is delivered, which the client may be about to acknowledge.
void door_connection_condemn(struct mqtt_door *door, struct door_connection *connection,
                             enum mqtt_reason reason);
bool door_connection_may_send_exactly(struct mqtt_door *door, struct door_connection *connection,
                                      uint32_t count, uint64_t now);
// Whether the client may send so many packets and filters more; else its connection has failed.
static inline bool door_connection_may_send(struct mqtt_door *door,
                                            struct door_connection *connection, uint32_t count,
                                            uint64_t now) {
    return door->config->limits.packets_a_second == 0 ||
           door_connection_may_send_exactly(door, connection, count, now);
}

// What is less for this connection than for all.
static inline const struct door_listener_rules *
door_connection_rules(const struct mqtt_door *door, const struct door_connection *connection) {
    static const struct door_listener_rules none;
    const struct door_listener_rules *all = door->config->listeners;
    return all == NULL ? &none : &all[connection->listener];
}
// The largest packet that it may send.
static inline uint32_t door_connection_packet_max(const struct mqtt_door *door,
                                                  const struct door_connection *connection) {
    uint32_t most = door->config->limits.packet_bytes;
    uint32_t own = door_connection_rules(door, connection)->packet_bytes;
    return own > 0 && own < most ? own : most;
}

void door_connection_check_all(const struct mqtt_door *door);

#endif
