// A connection of an MQTT client by hand that never blocks: what is said waits in a buffer, what
// comes is looked at by its owner and answered as the standard asks. It keeps no session.
#ifndef TEST_PROCESS_SOAK_SOAK_PEER_H
#define TEST_PROCESS_SOAK_SOAK_PEER_H

#include "mqtt/packet.h"

#define SOAK_PEER_BYTES 16384u // of what waits, each way; no packet may be larger

struct soak_peer {
    int fd; // -1: none
    enum mqtt_version version;
    bool is_deaf; // reads nothing
    size_t in_size;
    size_t out_size;
    uint8_t in[SOAK_PEER_BYTES];
    uint8_t out[SOAK_PEER_BYTES];
};

typedef void soak_peer_told(void *owner, const struct mqtt_packet *packet);

// Connects at a port of this machine, and says this CONNECT, without waiting for either.
void soak_peer_open(struct soak_peer *peer, uint16_t port, const struct mqtt_packet *opening);

// What finds no room is not said, which `false` tells.
bool soak_peer_say(struct soak_peer *peer, const struct mqtt_packet *packet);
void soak_peer_subscribe(struct soak_peer *peer, const char *filter, uint8_t options);

// Takes and sends what it can; the owner is told of each packet before it is answered. False: the
// connection has ended, and is closed.
bool soak_peer_serve(struct soak_peer *peer, soak_peer_told *told, void *owner);

void soak_peer_close(struct soak_peer *peer);

#endif
