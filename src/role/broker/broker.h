// The role of a broker: it accepts connections, keeps subscriptions and the last value of every
// topic, and forwards each entry to its subscribers. Pure: see role/port.h.
#ifndef ROLE_BROKER_BROKER_H
#define ROLE_BROKER_BROKER_H

#include "role/broker/line_door.h"
#include "role/broker/mqtt/mqtt_door.h"

struct broker_config {
    struct line_door_config line;
    struct topic_values_limits values;
};

struct broker {
    struct broker_core core;
    struct line_door line;
    struct mqtt_door *mqtt; // NULL: it has no MQTT door
};

// `config` and `port` are borrowed for the broker's life. `seed` must be fresh random bytes: all
// secrets come from it. The broker may not be moved in memory.
void broker_init(struct broker *broker, const struct broker_config *config,
                 const struct role_port *port, uint32_t address, const struct cipher_secret *seed);
void broker_deinit(struct broker *broker);
// Opens the MQTT door too. Before anything else; all pointers are borrowed for the broker's life.
void broker_open_mqtt(struct broker *broker, const struct mqtt_door_config *config,
                      const struct mqtt_door_port *port, const struct cipher_secret *seed);

// Joins the network.
void broker_start(struct broker *broker);
// The packet's elements may be replaced by unsealed ones, valid until the next call.
void broker_receive(struct broker *broker, struct packet *packet, uint64_t now);
// To be called when broker_deadline is reached; earlier does no harm.
void broker_tick(struct broker *broker, uint64_t now);
uint64_t broker_deadline(const struct broker *broker);
// Ends a connection; false if there is none with that address.
bool broker_disconnect(struct broker *broker, uint32_t address);
// Ends all connections and leaves the network. Connections of the MQTT door then wait to be closed.
void broker_stop(struct broker *broker, uint64_t now);

// Asserts what has to hold between any two calls, of core and doors: it walks all that they have.
// For tests and simulators, after each event.
void broker_check(const struct broker *broker);

#endif
