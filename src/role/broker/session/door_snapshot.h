// The MQTT door told whole, as the fewest records (role/broker/session/door_record.h) that lead to
// the same state: sessions in the order of their places, each message before the first that keeps
// it.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_SESSION_DOOR_SNAPSHOT_H
#define ROLE_BROKER_SESSION_DOOR_SNAPSHOT_H

#include "role/broker/mqtt/door_state.h"

void door_snapshot(const struct mqtt_door *door, journal_receiver *take, void *context);

#endif
