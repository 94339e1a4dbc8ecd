// The results of what devices do, from both sides: events of their roles, and of brokers about
// them, are counted and passed to the ledger of verdicts.
#ifndef SIM_DEVICE_HEARING_H
#define SIM_DEVICE_HEARING_H

#include "sim/device/device.h"
#include "sim/rules.h"

// For the port of MQTT clients; `context` is the island, the owner a device.
void sim_hearing_ready(void *context, void *owner);
void sim_hearing_mqtt(void *context, void *owner, const struct mqtt_client_event *event);
void sim_hearing_packet(void *context, void *owner, bool is_sent, struct bytes packet);

// For the port of line clients; `context` is their network.
void sim_hearing_line(void *context, const struct role_event *event);
// The device with that address, which is a client's.
struct sim_device *sim_hearing_client_at(const struct sim_network *network, uint32_t address);

// The device has no connection any more; it may have had none before.
void sim_hearing_disconnected(struct sim_device *device);

// For a broker, and for a network of lines.
struct sim_broker_watch sim_hearing_of_broker(struct sim_island *island);
struct sim_lines_watch sim_hearing_of_lines(void);
struct sim_rules_watch sim_hearing_of_rules(struct sim_island *island);

// For rules on the lines of a device, which is the context.
void sim_hearing_of_line_rules(void *context, enum line_way way, struct mark mark,
                               enum sim_line_fate fate);

// The device's broker crashed, and began anew with the records up to that number: what it told of
// later it knows nothing of.
void sim_hearing_of_crash(struct sim_device *device, uint64_t durable);

// The session at the broker is over because its client says so.
void sim_hearing_of_end(struct sim_device *device, enum verdict_end end);

#endif
