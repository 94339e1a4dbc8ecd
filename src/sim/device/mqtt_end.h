// A client of real MQTT in the simulated world: its role (role/mqtt_client) and its end of a
// stream. What the role says goes into the stream, what arrives goes into the role, and its
// deadline wakes the node. Who makes the role decides what it wants and hears what it tells.
#ifndef SIM_DEVICE_MQTT_END_H
#define SIM_DEVICE_MQTT_END_H

#include "role/mqtt_client/mqtt_client.h"
#include "sim/device/mischief.h"
#include "sim/link/stream.h"

struct sim_mqtt_end {
    struct mqtt_client *client;
    struct sim_stream *stream;     // NULL: none
    struct sim_node *broker;       // where its streams lead
    struct sim_mischief *mischief; // NULL: it behaves
    uint64_t busy_until;           // it reads nothing before
    uint32_t streams;              // so far: each has random numbers of its own
    bool is_open;                  // the role was told that the stream is there
};

// All that the end can do now: streams are opened and closed, output is sent, what arrived is
// taken. To be called after whatever happened to the role, whose deadline may be another after it.
void sim_mqtt_end_pump(struct sim_mqtt_end *end, struct sim_node *node);

// Its stream gives up (SIM_RETRY).
void sim_mqtt_end_gives_up(struct sim_mqtt_end *end, struct sim_node *node);

// The client's process or machine is no more, or hides: the stream ends, the role is not told.
void sim_mqtt_end_leave(struct sim_mqtt_end *end, enum sim_ending ending);

#endif
