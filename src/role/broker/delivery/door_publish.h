// PUBLISH from clients of the MQTT door, and the PUBREL of QoS 2.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_DELIVERY_DOOR_PUBLISH_H
#define ROLE_BROKER_DELIVERY_DOOR_PUBLISH_H

#include "role/broker/mqtt/door_state.h"

void door_publish_receive(struct mqtt_door *door, struct door_connection *connection,
                          const struct mqtt_packet *packet, uint64_t now);
void door_publish_release(struct mqtt_door *door, struct door_connection *connection,
                          const struct mqtt_packet *packet);

#endif
