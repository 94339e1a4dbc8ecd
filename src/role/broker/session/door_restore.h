// Restores a door from the records of an earlier one: see mqtt_door_restore. Records come from a
// file, so each is checked like any other input from outside.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_SESSION_DOOR_RESTORE_H
#define ROLE_BROKER_SESSION_DOOR_RESTORE_H

#include "role/broker/mqtt/door_state.h"

bool door_restore(struct mqtt_door *door, const struct journal_record *record, uint64_t now);
void door_restore_end(struct mqtt_door *door);

#endif
