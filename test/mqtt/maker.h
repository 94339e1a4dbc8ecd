// Makes random packets, with all that may stand in them.
#ifndef TEST_MQTT_MAKER_H
#define TEST_MQTT_MAKER_H

#include "mqtt/packet.h"

struct maker {
    uint64_t random; // for support_random
    enum mqtt_version version;
    enum mqtt_sender sender;
    uint8_t *out; // where the next run of filters or properties is to stand
};

// A packet of a type that the sender may send. What it borrows is valid until the next call.
void maker_make(struct maker *maker, struct mqtt_packet *packet, unsigned type);

#endif
