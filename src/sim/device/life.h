// What devices do by themselves, each thing at its time: they start, connect, publish, answer, go
// away and come back.
#ifndef SIM_DEVICE_LIFE_H
#define SIM_DEVICE_LIFE_H

#include "sim/device/device.h"

void sim_life_init_group(struct sim_group *group, struct sim_island *island,
                         const struct plan_group *plan, struct sim_tally *tally);

struct sim_life_options {
    uint32_t number; // of its node
    uint32_t i;      // its place in the group
    struct sim_broker *broker;
    struct sim_network *network; // of lines; NULL: it speaks MQTT
    uint32_t broker_address;     // on lines
};
// NULL: its network has no address left.
struct sim_device *sim_life_create(struct sim_group *group, const struct sim_life_options *options);
void sim_life_destroy(struct sim_device *device);

void sim_life_event(struct sim_device *device, const struct sim_event *event);
// It has something to send, or to be asked.
void sim_life_serve(struct sim_device *device);
// The rate of its group has changed.
void sim_life_hurry(struct sim_device *device);
// Its process ends; and it, or another one, begins.
void sim_life_stop(struct sim_device *device, bool says_goodbye);
void sim_life_start(struct sim_device *device);

// Asserts what always holds.
void sim_life_check(const struct sim_device *device);

#endif
