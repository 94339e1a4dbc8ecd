// How many messages or packets a second a client may send: what it has not used for a second it may
// send at once, and no more.
//
// For the sources of the door only, as is the state that they share (role/mqtt_state.h).
#ifndef ROLE_MQTT_RATE_H
#define ROLE_MQTT_RATE_H

#include <stdbool.h>
#include <stdint.h>

struct mqtt_rate {
    uint64_t at; // when it gained the last ones
    uint32_t left;
};

void mqtt_rate_start(struct mqtt_rate *rate, uint32_t a_second, uint64_t now);
// False: it may not send so many. `a_second` 0: any number.
bool mqtt_rate_take(struct mqtt_rate *rate, uint32_t a_second, uint32_t count, uint64_t now);

#endif
