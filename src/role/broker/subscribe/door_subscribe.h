// SUBSCRIBE and UNSUBSCRIBE at the MQTT door. Their filters are taken one by one, as far as the
// steps of a turn go; the packet stays at the front of the connection's input meanwhile.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_SUBSCRIBE_DOOR_SUBSCRIBE_H
#define ROLE_BROKER_SUBSCRIBE_DOOR_SUBSCRIBE_H

#include "role/broker/mqtt/door_state.h"

// `bytes` are those of the packet. With connection->request set it is not done:
// door_subscribe_resume goes on, with the same bytes.
void door_subscribe_receive(struct mqtt_door *door, struct door_connection *connection,
                            const struct mqtt_packet *packet, struct bytes bytes, uint64_t now);
void door_subscribe_resume(struct mqtt_door *door, struct door_connection *connection,
                           struct bytes bytes, uint64_t now);
void door_subscribe_free(struct mqtt_door *door, struct door_connection *connection);

#endif
