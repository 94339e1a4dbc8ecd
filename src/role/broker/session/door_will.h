// The will of a session of the MQTT door (5.0, section 3.1.2.5): a message that is published if
// the client goes without saying goodbye, at once or after a delay.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_SESSION_DOOR_WILL_H
#define ROLE_BROKER_SESSION_DOOR_WILL_H

#include "role/broker/mqtt/door_state.h"

// That of the CONNECT, which has one; the topic is with its mount point, which a response topic
// gets. The session has none.
void door_will_set(struct mqtt_door *door, struct door_session *session,
                   const struct mqtt_packet *connect, struct bytes topic, struct bytes mount);
// Takes over the caller's reference. The message's expiry is a span until it is published.
void door_will_put(struct mqtt_door *door, struct door_session *session,
                   struct door_message *message, uint64_t delay);
void door_will_forget(struct mqtt_door *door, struct door_session *session);
// If there is one.
void door_will_publish(struct mqtt_door *door, struct door_session *session, uint64_t now);

#endif
