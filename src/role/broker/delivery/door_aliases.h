// Topic aliases on a connection of the MQTT door (5.0, section 3.3.2.3.4): those that the client
// sets for what it publishes, and those that we set for what we send. We number topics in the
// order in which they come; once all numbers are in use, further topics get none.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_DELIVERY_DOOR_ALIASES_H
#define ROLE_BROKER_DELIVERY_DOOR_ALIASES_H

#include "role/broker/mqtt/door_state.h"

// Sets *topic by the client's alias, or the alias by the topic.
enum mqtt_reason door_aliases_resolve(struct mqtt_door *door, struct door_connection *connection,
                                      uint16_t number, struct bytes *topic);

// The number by which the client knows the topic; 0: it does not.
uint16_t door_aliases_find(const struct door_connection *connection, struct bytes topic,
                           uint64_t hash);
// The number that the topic may be given; 0: there is none left, or no memory for it.
uint16_t door_aliases_next(const struct mqtt_door *door, const struct door_connection *connection,
                           struct bytes topic);
void door_aliases_add(struct mqtt_door *door, struct door_connection *connection,
                      struct bytes topic, uint64_t hash);

void door_aliases_free(struct mqtt_door *door, struct door_aliases **aliases);

#endif
