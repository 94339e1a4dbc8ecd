// The broker's own figures at `$SYS/broker/...`, named as other brokers name them (docs/mqtt.md
// has the table).
//
// They are not last values: nobody published them, and no table holds them. A new subscriber gets
// their present values, in the form of retained messages. While anybody, at any door, subscribes
// to `$SYS/...`, figures that have changed are published once per interval. To compute one costs
// the same however many sessions there are.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_MQTT_DOOR_STATISTICS_H
#define ROLE_BROKER_MQTT_DOOR_STATISTICS_H

#include "role/broker/mqtt/door_state.h"

// Makes `$SYS/...` the broker's own, if the door's config has an interval and no other door of the
// broker has done so.
void door_statistics_attach(struct mqtt_door *door);
void door_statistics_detach(struct mqtt_door *door);
// The present figures, to a session that has subscribed.
void door_statistics_give(struct mqtt_door *door, struct door_session *session, struct bytes filter,
                          uint32_t options, uint64_t now);
// A subscription of the door has ended.
void door_statistics_left(struct mqtt_door *door);

struct mqtt_door_gauges door_statistics_gauges(const struct mqtt_door *door);

void door_statistics_tick(struct mqtt_door *door, uint64_t now);
// ROLE_NEVER while nobody subscribes.
uint64_t door_statistics_deadline(const struct mqtt_door *door);

#endif
