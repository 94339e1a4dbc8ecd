// While an MQTT door is restored: sessions and messages by their numbers in the journal, and groups
// by their serials (role/broker/session/door_record.h).
//
// A message is there from its record on, with a reference of the table, until the last delivery
// that keeps it lets it go: as at the door that wrote the journal, which gave it another number if
// it was kept again.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_SESSION_DOOR_NUMBERS_H
#define ROLE_BROKER_SESSION_DOOR_NUMBERS_H

#include "role/broker/mqtt/door_state.h"

void door_numbers_begin(struct mqtt_door *door);
// Messages that nobody keeps go. Nothing happens if it was not begun.
void door_numbers_end(struct mqtt_door *door);

// False: the number is none, or one that was given out before.
bool door_numbers_add_session(struct mqtt_door *door, uint64_t number, uint32_t session);
// NULL: there is none.
struct door_session *door_numbers_session(const struct mqtt_door *door, uint64_t number);
void door_numbers_forget_session(struct mqtt_door *door, uint64_t number);

// Takes over the caller's reference. False: as above, and nothing is taken over.
bool door_numbers_add_message(struct mqtt_door *door, uint64_t number,
                              struct door_message *message);
struct door_message *door_numbers_message(const struct mqtt_door *door, uint64_t number);
// Nobody keeps the message any more: its number is over. To be called at any time.
void door_numbers_forget_message(struct mqtt_door *door, struct door_message *message);

// The group has the serial that it had at the earlier door.
void door_numbers_put_group(struct mqtt_door *door, uint32_t group);
// DOOR_NO_GROUP: none has this serial, or none any more.
uint32_t door_numbers_group(const struct mqtt_door *door, uint32_t serial);

#endif
