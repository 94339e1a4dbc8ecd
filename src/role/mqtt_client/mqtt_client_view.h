// What there is in an MQTT client, for people and programs that show it, and its invariants. Views
// are valid until the next call that is none.
#ifndef ROLE_MQTT_CLIENT_MQTT_CLIENT_VIEW_H
#define ROLE_MQTT_CLIENT_MQTT_CLIENT_VIEW_H

#include "mqtt/flow.h"
#include "role/mqtt_client/mqtt_client_types.h"

struct mqtt_client;

// A client at one moment, for people: its state, what its broker granted, how much waits and is
// under way, and how its connection is doing. A copy; only the client id is borrowed.
struct mqtt_client_view {
    enum mqtt_client_state state;
    struct bytes client_id;
    bool has_session;         // there is one that a next connection would go on with
    uint32_t session_expiry;  // seconds, as granted; UINT32_MAX: for ever
    uint16_t keep_alive;      // seconds, as granted
    uint16_t receive_maximum; // the broker's
    uint32_t maximum_packet;  // the broker's
    uint16_t aliases_out;     // as many as may be used
    uint32_t waiting;         // messages that were never sent
    uint32_t in_flight;       // that were, and are not done
    uint32_t unreleased;      // QoS 2 messages of the broker that await PUBREL
    uint32_t subscriptions;
    uint64_t since;    // in this connection
    uint64_t retry_at; // while waiting
    uint32_t attempts; // that failed in a row
};

struct mqtt_client_view mqtt_client_view(const struct mqtt_client *client);

struct mqtt_client_flight_view {
    bool is_ours; // a message that we publish; else an identifier that awaits PUBREL
    enum mqtt_flow_state state;
    uint16_t packet_id; // 0: it was never sent
    uint8_t qos;
    struct bytes topic; // empty: it is not needed any more
    size_t payload_bytes;
    uint64_t token; // of a message that we publish
};

void mqtt_client_view_flights(const struct mqtt_client *client, void *context,
                              void (*found)(void *context,
                                            const struct mqtt_client_flight_view *view));

struct mqtt_client_subscription_view {
    struct bytes filter;
    uint8_t options;
    uint8_t granted;     // QoS
    bool is_active;      // the broker has said so
    bool is_leaving;     // it is to be ended
    uint32_t identifier; // 0: none
};

void mqtt_client_view_subscriptions(const struct mqtt_client *client, void *context,
                                    void (*found)(void *context,
                                                  const struct mqtt_client_subscription_view *));

// `alias` is the number; `is_ours`: we use it, else the broker does.
void mqtt_client_view_aliases(const struct mqtt_client *client, void *context,
                              void (*found)(void *context, bool is_ours, unsigned alias,
                                            struct bytes topic));

// Walks the client's invariants and asserts them; for tests and simulators.
void mqtt_client_check(const struct mqtt_client *client);

#endif
