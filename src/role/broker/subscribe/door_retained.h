// Retained messages for a session of the MQTT door that has subscribed (5.0, section 3.3.1.3).
//
// There may be more of them than fit into a queue. So a cursor moves through the table of last
// values as far as there is room in the session's queue and stream, and continues from there when
// there is room again. Whatever is retained, changed or removed ahead of it in the meantime is
// sent as it is then.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_SUBSCRIBE_DOOR_RETAINED_H
#define ROLE_BROKER_SUBSCRIBE_DOOR_RETAINED_H

#include "role/broker/mqtt/door_state.h"

// What a cursor for the filter costs at most, in bytes of memory.
size_t door_retained_cost(struct bytes filter);

// Begins a cursor for a subscription; one under way for the same filter is to be stopped before.
void door_retained_start(struct mqtt_door *door, struct door_session *session, struct bytes filter,
                         uint32_t options, uint64_t now);
// There may be room again.
void door_retained_resume(struct mqtt_door *door, struct door_session *session, uint64_t now);
// The subscription has ended; what is under way for its filter ends too.
void door_retained_stop(struct mqtt_door *door, struct door_session *session, struct bytes filter);
void door_retained_free(struct mqtt_door *door, struct door_session *session);

#endif
