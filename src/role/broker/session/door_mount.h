// Mount points: what stands in front of every topic of the clients of a listener, for everybody but
// them (struct door_listener_rules).
//
// It is put before topics and filters as soon as they are read, and taken off as PUBLISH is
// written. So all in between knows whole topics only: subscriptions, the queue, retained messages,
// wills, the journal, access lists, events. A client sees no topic outside of its mount point,
// whatever its session has subscribed to or kept at another listener: such a message is dropped
// when it would be sent. Topics that begin with `$` are the broker's: behind a mount point there
// are none, so those clients neither see `$SYS` nor publish to a topic of that kind.
//
// A response topic has it too, so that answers find their way between clients of different
// listeners. A client that does not see that topic gets the message without the property.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_SESSION_DOOR_MOUNT_H
#define ROLE_BROKER_SESSION_DOOR_MOUNT_H

#include "role/broker/mqtt/door_connection.h"

static inline struct bytes door_mount_of(const struct mqtt_door *door,
                                         const struct door_connection *connection) {
    return door_connection_rules(door, connection)->mount;
}

// Puts the mount point before a topic. False: it may not be published to. What comes back is valid
// until the next call of either.
bool door_mount_topic(struct mqtt_door *door, const struct door_connection *connection,
                      struct bytes *topic);
// Likewise before a filter, which begins at byte `at` of the text: behind `$share/NAME/`.
void door_mount_filter(struct mqtt_door *door, const struct door_connection *connection, size_t at,
                       struct bytes *text);
// Appends the property Response Topic with the mount point before it; nothing if it would be too
// long.
void door_mount_write_response(struct buffer *out, struct bytes mount, struct bytes topic);
// Takes it off the response topic among encoded properties, or leaves that out. What comes back is
// valid until the next call.
void door_mount_cut_properties(struct mqtt_door *door, const struct door_connection *connection,
                               struct bytes *properties);
// Takes it off. False: the client sees no such topic.
bool door_mount_cut(const struct mqtt_door *door, const struct door_connection *connection,
                    struct bytes *topic);

#endif
