// The events of the MQTT door, as lines for people or as JSON (shell/report.h,
// docs/json.md).
#ifndef SESSION_BROKER_REPORT_MQTT_H
#define SESSION_BROKER_REPORT_MQTT_H

#include "role/broker/mqtt/mqtt_door.h"
#include "shell/report.h"

void report_mqtt_event(struct report *report, const struct door_event *event);

// "3.1", "3.1.1", "5.0"
const char *report_mqtt_version(enum mqtt_version version);

#endif
