// Prints what happens at an MQTT client: events of its role, messages, and packets sent and
// received, as lines for people or as JSON (docs/json.md).
#ifndef SESSION_MQTT_CLIENT_MQTT_CLIENT_REPORT_H
#define SESSION_MQTT_CLIENT_MQTT_CLIENT_REPORT_H

#include "fault/set.h"
#include "session/mqtt_client/mqtt_client_options.h"
#include "shell/report.h"

// `broker` is what the user called it. Messages are said by mqtt_client_report_message.
void mqtt_client_report_event(struct report *report, const char *broker,
                              const struct mqtt_client_event *event, uint64_t now);

// Whether the options want the message to be shown and counted.
bool mqtt_client_report_is_about(const struct mqtt_client_session_options *options,
                                 const struct mqtt_client_event *event);

// A message: as TOPIC VALUE, or as `format` has it (NULL: none).
void mqtt_client_report_message(struct report *report, const char *format,
                                const struct mqtt_client_event *message);

// A packet as it goes: "-> PUBLISH 1 temp (qos 1)", "<- PUBACK 1".
void mqtt_client_report_packet(struct report *report, enum mqtt_version version, bool is_sent,
                               struct bytes bytes);

// What became of a packet on its way: "-x PUBLISH 1 temp (qos 1): dropped (rule 1)".
struct mqtt_client_fault_report {
    uint8_t kind; // enum fault_kind
    bool is_sent;
    struct bytes packet; // perhaps only a part of it
    enum fault_end end;
    uint32_t rule;  // 0: none
    uint64_t delay; // nanoseconds
};
void mqtt_client_report_fault(struct report *report, enum mqtt_version version,
                              const struct mqtt_client_fault_report *fault);

#endif
