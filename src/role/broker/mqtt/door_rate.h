// How many messages or packets a second a client may send: what it has not used for a second it may
// send at once, and no more.
//
// For the sources of the door only, as is the state that they share
// (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_MQTT_DOOR_RATE_H
#define ROLE_BROKER_MQTT_DOOR_RATE_H

#include <stdbool.h>
#include <stdint.h>

struct door_rate {
    uint64_t at; // when it gained the last ones
    uint32_t left;
};

void door_rate_start(struct door_rate *rate, uint32_t a_second, uint64_t now);
// False: it may not send so many. `a_second` 0: any number.
bool door_rate_take(struct door_rate *rate, uint32_t a_second, uint32_t count, uint64_t now);

#endif
