// What a device says: names, filters and payloads as its group in the plan has them, publications,
// answers to commands, the will.
#ifndef SIM_DEVICE_SPEECH_H
#define SIM_DEVICE_SPEECH_H

#include "sim/device/device.h"

// The device's name, which is its client identifier; written at `room`.
struct bytes sim_speech_name(const struct sim_device *device, uint8_t room[static PLAN_NAME_MAX]);

// Publishes the next message of the row.
void sim_speech_publish(struct sim_device *device, uint32_t row);

// A command came by this row of subscribe; it is answered in its time.
void sim_speech_hear_command(struct sim_device *device, uint32_t row, struct bytes topic,
                             struct bytes payload);
void sim_speech_answer(struct sim_device *device, const struct sim_answer *answer);

// The filter of a row of subscribe, written at `room`, without its share. Its size may be above
// `size`: then it is cut.
#define SIM_FILTER_ROOM 1024u
struct bytes sim_speech_filter(const struct sim_device *device, uint32_t row,
                               uint8_t room[static SIM_FILTER_ROOM]);
// With its share, in the island's text.
struct bytes sim_speech_full_filter(const struct sim_device *device, uint32_t row);
// The row whose filter, with its share, this is; UINT32_MAX: none.
uint32_t sim_speech_row(const struct sim_device *device, struct bytes text);
// Subscribes to all rows.
void sim_speech_subscribe(struct sim_device *device);
// Takes back what row `row` subscribed to.
void sim_speech_unsubscribe(struct sim_device *device, uint32_t row);

// Puts a new will into the device's own configuration, where it has one.
void sim_speech_renew_will(struct sim_device *device);

#endif
