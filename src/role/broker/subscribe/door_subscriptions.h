// The subscriptions of a session of the MQTT door: plain ones at the core, shared ones through a
// group. Both stand in the session's list; the options stand with the subscriber, at the core or in
// the group.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_SUBSCRIBE_DOOR_SUBSCRIPTIONS_H
#define ROLE_BROKER_SUBSCRIBE_DOOR_SUBSCRIPTIONS_H

#include "role/broker/mqtt/door_state.h"

// A filter as the client wrote it, taken apart; borrowed.
struct door_wanted {
    struct bytes filter; // without $share/NAME/
    struct bytes share;  // NAME; empty: it is not shared
    uint8_t options;
    uint32_t identifier;
    uint32_t group_serial; // that an earlier door's group had; 0: there was no earlier door
};

// Sets filter and share. False: the filter is wrong (5.0, sections 4.7 and 4.8.2).
bool door_subscriptions_read(struct bytes text, struct door_wanted *wanted);

bool door_subscriptions_have(const struct mqtt_door *door, const struct door_session *session,
                             const struct door_wanted *wanted);
// Whether there is memory for the subscription and for sending what is retained for it, and a group
// if it is shared.
bool door_subscriptions_have_room(struct mqtt_door *door, const struct door_session *session,
                                  const struct door_wanted *wanted, bool is_new);
// Adds it; unless it is new, it takes the place of the one that there is.
void door_subscriptions_add(struct mqtt_door *door, struct door_session *session,
                            const struct door_wanted *wanted, bool is_new);
// As by SUBSCRIBE, whatever the limits, with the options, the identifier and the serial of the
// group in `wanted`. False: the filter is wrong, the serial is not this group's, or there are too
// many groups.
bool door_subscriptions_restore(struct mqtt_door *door, struct door_session *session,
                                struct bytes text, struct door_wanted *wanted);
// As by UNSUBSCRIBE: the code for the filter.
uint8_t door_subscriptions_leave(struct mqtt_door *door, struct door_session *session,
                                 struct bytes text);
// The serial of the group that shares such a subscription, which there is; 0: it is not shared.
uint32_t door_subscriptions_group(const struct mqtt_door *door, const struct door_wanted *wanted);
void door_subscriptions_end(struct mqtt_door *door, struct door_session *session);

// Appends the text of a subscription's filter, as the client wrote it.
void door_subscriptions_filter(const struct mqtt_door *door,
                               const struct door_subscription *subscription, struct buffer *out);
uint32_t door_subscriptions_options(const struct mqtt_door *door,
                                    const struct door_session *session,
                                    const struct door_subscription *subscription);

void door_subscriptions_check(const struct mqtt_door *door, const struct door_session *session);

#endif
