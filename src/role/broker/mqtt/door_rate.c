#include "role/broker/mqtt/door_rate.h"

#include "role/port.h"

void door_rate_start(struct door_rate *rate, uint32_t a_second, uint64_t now) {
    *rate = (struct door_rate){.at = now, .left = a_second};
}

bool door_rate_take(struct door_rate *rate, uint32_t a_second, uint32_t count, uint64_t now) {
    if (a_second == 0) {
        return true;
    }
    uint64_t since = now - rate->at < ROLE_SECOND ? now - rate->at : ROLE_SECOND;
    uint64_t gained = since * a_second / ROLE_SECOND;
    if (gained > 0) {
        uint64_t left = rate->left + gained;
        rate->left = left > a_second ? a_second : (uint32_t)left;
        rate->at = now;
    }
    if (count > rate->left) {
        return false;
    }
    rate->left -= count;
    return true;
}
