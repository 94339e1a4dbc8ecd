// Delivers one publishing to all sessions of the MQTT door that subscribed to it. The core finds
// one subscription after the other; the sessions are collected here, each once, and then sent to.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_DELIVERY_DOOR_FANOUT_H
#define ROLE_BROKER_DELIVERY_DOOR_FANOUT_H

#include "role/broker/mqtt/door_state.h"

// Registers the door with the core.
void door_fanout_attach(struct mqtt_door *door);
void door_fanout_detach(struct mqtt_door *door);
// Frees what publishings use again.
void door_fanout_give_back(struct mqtt_door *door);

#endif
