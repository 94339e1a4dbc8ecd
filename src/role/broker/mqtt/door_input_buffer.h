// Bytes of a peer of the MQTT door that are not handled yet: the front of a packet that is not
// whole, or packets that wait for steps or for a check of credentials.
//
// The buffer grows with what has come, not with what a header promises. All buffers together take
// at most half of the memory. For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_MQTT_DOOR_INPUT_BUFFER_H
#define ROLE_BROKER_MQTT_DOOR_INPUT_BUFFER_H

#include "role/broker/mqtt/door_state.h"

// Appends to what is there. Without memory for it the connection fails.
void door_input_buffer_add(struct mqtt_door *door, struct door_connection *connection,
                           struct bytes bytes);
// Leaves NULL, which may be there already.
void door_input_buffer_free(struct mqtt_door *door, struct door_input **input);

// How many bytes are there.
static inline uint32_t door_input_buffer_count(const struct door_connection *connection) {
    const struct door_input *input = connection->input;
    return input == NULL ? 0 : input->end - input->begin;
}

// There are some.
static inline struct bytes door_input_buffer_bytes(const struct door_connection *connection) {
    const struct door_input *input = connection->input;
    return bytes_make(input->bytes + input->begin, input->end - input->begin);
}

#endif
