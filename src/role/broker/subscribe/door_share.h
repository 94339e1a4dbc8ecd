// Which member of a shared subscription gets a message (5.0, section 4.8.2): connected members
// that take more come first, in turn; otherwise one that may come back.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_SUBSCRIBE_DOOR_SHARE_H
#define ROLE_BROKER_SUBSCRIBE_DOOR_SHARE_H

#include "role/broker/mqtt/door_state.h"

// The member of the group of this number whose turn it is, of those that may read the topic; the
// turn passes on. Valid until the next change of the group. NULL: none of them may.
const struct door_member *door_share_next(struct mqtt_door *door, uint32_t number,
                                          struct bytes topic);
// The session ends: messages of shared subscriptions that it was to have and has not acknowledged
// go to another member of the group. It is no member any more.
void door_share_hand_over(struct mqtt_door *door, struct door_session *session, uint64_t now);

#endif
