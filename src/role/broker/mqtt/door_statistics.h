// The broker's own figures at `$SYS/broker/...`, by the names that other brokers gave them
// (docs/mqtt.md has the table).
//
// They are no last values: nobody published them, and they stand in no table. Who subscribes is
// given what they are at that moment, as retained messages are given; while somebody subscribes to
// `$SYS/...`, at whichever door, those that have changed are published once in each interval.
// Making one costs the same however many sessions there are.
// A part of the door: what it works on is told in role/broker/mqtt/door_state.h.
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

void door_statistics_tick(struct mqtt_door *door, uint64_t now);
// ROLE_NEVER while nobody subscribes.
uint64_t door_statistics_deadline(const struct mqtt_door *door);

#endif
