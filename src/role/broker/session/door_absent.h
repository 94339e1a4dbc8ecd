// Sessions whose clients are absent, the longest absent one first: in one list of all, and in one
// list per address; and the number of sessions of each address. All of it costs O(1). Which
// sessions have to go is decided elsewhere (role/broker/session/door_displace.h).
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_SESSION_DOOR_ABSENT_H
#define ROLE_BROKER_SESSION_DOOR_ABSENT_H

#include "role/broker/mqtt/door_state.h"

void door_absent_init(struct mqtt_door *door);
void door_absent_deinit(struct mqtt_door *door);

// The session's client is away from now on; when that ends is not known yet, and no timer is set.
void door_absent_begin(struct mqtt_door *door, struct door_session *session);
// It is back, or its session ends. It need not have been away.
void door_absent_end(struct mqtt_door *door, struct door_session *session);

// The session counts as one of this address, and of no other; 0: of none. Nothing is counted while
// there is no limit for addresses.
void door_absent_set_address(struct mqtt_door *door, struct door_session *session,
                             uint64_t address);

// NULL: none of its sessions is known.
const struct door_address *door_absent_find_address(const struct mqtt_door *door, uint64_t key);

void door_absent_check(const struct mqtt_door *door);

#endif
