// The packet ids of QoS 2 messages from a client of the MQTT door that await its PUBREL. A message
// that comes with one of them has been published before, and is not published again (the
// receiver's side of mqtt/flow.h).
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_DELIVERY_DOOR_RECEIVED_H
#define ROLE_BROKER_DELIVERY_DOOR_RECEIVED_H

#include "role/broker/mqtt/door_state.h"

enum door_arrival {
    DOOR_ARRIVAL_NEW, // the packet id awaits PUBREL from now on
    DOOR_ARRIVAL_AGAIN,
    DOOR_ARRIVAL_TOO_MANY, // over the receive maximum
    DOOR_ARRIVAL_NO_ROOM,
};

// A QoS 2 message came.
enum door_arrival door_received_note(struct mqtt_door *door, struct door_session *session,
                                     uint16_t packet_id);
// Whatever the limits. False: it was there already.
bool door_received_add(struct mqtt_door *door, struct door_session *session, uint16_t packet_id);
// False: it was not there.
bool door_received_remove(struct door_session *session, uint16_t packet_id);
void door_received_free(struct mqtt_door *door, struct door_session *session);

#endif
