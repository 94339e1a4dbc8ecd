// Messages under way to a client of the MQTT door: what its PUBACK, PUBREC and PUBCOMP lead to
// (the sender's side of mqtt/flow.h), and what it is sent again when it reconnects.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_DELIVERY_DOOR_FLIGHT_H
#define ROLE_BROKER_DELIVERY_DOOR_FLIGHT_H

#include "role/broker/mqtt/door_state.h"

// A PUBACK, PUBREC or PUBCOMP.
void door_flight_receive(struct mqtt_door *door, struct door_connection *connection,
                         const struct mqtt_packet *packet, uint64_t now);
// The session has a new connection: sends from its first delivery on, and retained messages.
void door_flight_resume(struct mqtt_door *door, struct door_session *session, uint64_t now);

#endif
