// The events of the MQTT door, as lines for people or as JSON (session/report.h, docs/json.md).
#ifndef SESSION_REPORT_MQTT_H
#define SESSION_REPORT_MQTT_H

#include "role/mqtt_door.h"
#include "session/report.h"

void report_mqtt_event(struct report *report, const struct mqtt_event *event);

// "3.1", "3.1.1", "5.0"
const char *report_mqtt_version(enum mqtt_version version);

#endif
