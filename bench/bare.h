// No broker, but what none can be better than where it takes as much: a loop that reads from
// whoever has sent something, throws a flood away, and passes on what the pair of the flood bench
// publishes. It lets everybody in who connects with MQTT.
#ifndef BENCH_BARE_H
#define BENCH_BARE_H

#include "brokers.h"

// A process of its own, which dies with the bench; the port accepts connections.
pid_t bench_start_bare(uint16_t port, enum bench_core core);

#endif
