// Groups of sessions that share a subscription at the MQTT door (5.0, section 4.8.2).
//
// A group is found by its name and its filter's node, a member by its session, each through a
// hash: there may be as many groups as subscriptions, and as many members as sessions.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_SUBSCRIBE_DOOR_GROUPS_H
#define ROLE_BROKER_SUBSCRIBE_DOOR_GROUPS_H

#include "role/broker/mqtt/door_state.h"

void door_groups_init(struct mqtt_door *door);
// All groups have lost their members.
void door_groups_deinit(struct mqtt_door *door);

// The group's place among door->groups, or DOOR_NO_GROUP.
uint32_t door_groups_find(const struct mqtt_door *door, struct bytes name, uint32_t node);
// Whether there may be one more.
bool door_groups_have_room(const struct mqtt_door *door);
// Subscribes it to the filter. There is room for it, and it is to get a member. Its serial is the
// next one; or, for a group that an earlier door had, the one that it had there.
uint32_t door_groups_create(struct mqtt_door *door, struct bytes name, struct bytes filter,
                            uint32_t serial);
// 0 for DOOR_NO_GROUP.
static inline uint32_t door_groups_serial(const struct mqtt_door *door, uint32_t group) {
    return group == DOOR_NO_GROUP ? 0 : door->groups.items[group].serial;
}
// No new group gets this serial, nor one before it.
void door_groups_pass(struct mqtt_door *door, uint32_t serial);

// NULL: the session is none of its members. Valid until the next change of the group.
struct door_member *door_groups_member(const struct mqtt_door *door, uint32_t group,
                                       uint32_t session);
void door_groups_add(struct mqtt_door *door, uint32_t group, uint32_t session, uint32_t options);
// The last member takes its place. The group goes with its last member.
void door_groups_remove(struct mqtt_door *door, uint32_t group, uint32_t session);

void door_groups_check(const struct mqtt_door *door);

#endif
