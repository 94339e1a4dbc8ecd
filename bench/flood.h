// Clients that flood a broker with one kind of packet, in a process of their own, which gives way
// to whoever measures on the same core. They send as fast as the broker takes it and first read,
// and throw away, whatever it has answered. A connection that the broker ends stays ended and is
// counted.
#ifndef BENCH_FLOOD_H
#define BENCH_FLOOD_H

#include <stddef.h>
#include <stdint.h>

struct bench_flood_kind {
    const char *name;
    // Writes one packet into `to`, which has room for BENCH_FLOOD_PACKET_MAX bytes; `number` counts
    // up from 0 and tells packets apart. Gives back its size; NULL: nothing is sent, but the
    // process is as busy as with a flood.
    size_t (*packet)(uint8_t *to, unsigned number);
    unsigned packets;        // that differ; they are sent again and again
    unsigned protocol_level; // 4 or 5
};
#define BENCH_FLOOD_PACKET_MAX (128u * 1024u)
#define BENCH_FLOOD_CONNECTIONS_MAX 100
#define BENCH_FLOOD_SECONDS_MAX 30 // then a flood ends by itself

extern const struct bench_flood_kind bench_flood_kinds[];
extern const size_t bench_flood_kind_count;

// One flood at a time. `start` returns when every connection is let in and the sending begins;
// false: that did not come about.
_Bool bench_flood_start(const struct bench_flood_kind *kind, uint16_t port, unsigned connections);
void bench_flood_stop(void);

// Of the flood that runs or was the last.
uint64_t bench_flood_packets_sent(void);
unsigned bench_flood_connections_ended(void); // by the broker

#endif
