// One packet of a client of the MQTT door: whether it is allowed, and who handles it. Both stand in
// one table of packet types.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_MQTT_DOOR_PACKETS_H
#define ROLE_BROKER_MQTT_DOOR_PACKETS_H

#include "role/broker/mqtt/door_state.h"

// Handles a packet, whatever the state of the connection. If connection->request is set
// afterwards, the packet is not finished.
void door_packets_receive(struct mqtt_door *door, struct door_connection *connection,
                          struct bytes bytes, uint64_t now);

#endif
